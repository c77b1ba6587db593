//! Columns: what they are called, how wide they are, and how their numbers look.

use base::problem::Text;

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    pub title: Text,
    pub(super) kind: ColumnKind,
    /// Whether the values are added up.
    pub(super) is_summed: bool,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnKind {
    Text,
    Id,
    Long,
    Number,
    Decimal,
    Money,
    Time,
    Date,
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident $kind:ident),+ $(,)?) => {
        $($(#[$doc])*
        #[must_use]
        pub const fn $name(zh: &'static str, en: &'static str) -> Self {
            Column { title: Text::new(zh, en), kind: ColumnKind::$kind, is_summed: false }
        })+
    };
}

impl Column {
    constructors! {
        /// Names and other words.
        text Text,
        /// Ids of the platform.
        id Id,
        /// Text of more than 50 characters.
        long Long,
        number Number,
        /// Percentages and averages.
        decimal Decimal,
        money Money,
        time Time,
        date Date,
    }

    /// The same with another title.
    #[must_use]
    pub fn titled(mut self, title: Text) -> Self {
        self.title = title;
        self
    }

    /// The same, with its values added up on the second sheet.
    #[must_use]
    pub const fn summed(mut self) -> Self {
        self.is_summed = true;
        self
    }
}

impl ColumnKind {
    /// In characters of the default font.
    pub(super) const fn width(self) -> u8 {
        match self {
            Self::Text => 20,
            Self::Id => 34,
            Self::Long => 62,
            Self::Number | Self::Decimal => 14,
            Self::Money => 16,
            Self::Time => 21,
            Self::Date => 13,
        }
    }
}
