//! Which part of a list is asked for, as plain values: a page by its number, or what follows a cursor.

mod position;

use uuid::Uuid;

pub use position::{Position, PositionRange};

/// Which page of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    pub page: i64,
    pub page_size: i64,
}

impl PageRequest {
    /// Rows to skip.
    #[must_use]
    pub const fn offset(self) -> i64 {
        (self.page - 1) * self.page_size
    }
}

/// What tells the place of a row in a list: its id, unless the list is ordered by more than that.
pub trait Cursor: Copy {
    type Bytes: AsRef<[u8]>;

    fn to_bytes(self) -> Self::Bytes;

    /// `None` for bytes that [`Cursor::to_bytes`] never makes.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl Cursor for Uuid {
    type Bytes = [u8; 16];

    fn to_bytes(self) -> Self::Bytes {
        self.into_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Uuid::from_slice(bytes).ok()
    }
}

/// Which part of a newest-first list is asked for: a page by its number, or what follows a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seek<C = Uuid> {
    pub page: PageRequest,
    /// Only rows that sort before this one.
    pub before: Option<C>,
}

impl<C: Cursor> Seek<C> {
    /// The first rows, or those that follow, for whoever reads a list to its end.
    #[must_use]
    pub const fn batch(rows: i64, before: Option<C>) -> Self {
        Seek { page: PageRequest { page: 1, page_size: rows }, before }
    }

    /// Rows to skip. Behind a cursor none: the page number is then only echoed.
    #[must_use]
    pub fn offset(self) -> i64 {
        if self.before.is_some() { 0 } else { self.page.offset() }
    }

    /// One row more than the page holds: it tells whether there is a next page.
    #[must_use]
    pub fn fetch_limit(self) -> i64 {
        self.page.page_size + 1
    }
}

/// How many rows a list has on all its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    pub count: i64,
    /// Counting stopped at `count`, and there are more.
    pub is_lower_bound: bool,
}

impl Total {
    /// Lists of many millions of rows are counted up to here: an exact count takes as long as reading them.
    pub const MOST: i64 = 100_000;
    /// The limit of the statement that counts: one row more tells that there are more.
    pub const COUNT_LIMIT: i64 = Self::MOST + 1;

    /// What a statement with [`Total::COUNT_LIMIT`] counted.
    #[must_use]
    pub fn of_limited_count(counted: i64) -> Self {
        Total { count: counted.min(Self::MOST), is_lower_bound: counted > Self::MOST }
    }
}

impl From<i64> for Total {
    fn from(count: i64) -> Self {
        Total { count, is_lower_bound: false }
    }
}
