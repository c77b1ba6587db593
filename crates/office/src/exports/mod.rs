//! Files to take away: any number of rows as CSV or XLSX, made with little memory.
//!
//! Who exports something says what its columns are and how the rows are read ([`Export`]). A task of its own reads them
//! page by page in one snapshot of the database ([`read`]); whoever writes the file takes the pages as fast as it can, and
//! the reader waits for it. CSV leaves as it is read; XLSX is finished in a file without a name first ([`xlsx`]), because
//! nothing of it can be sent before everything is known. When the client is gone, nobody takes pages, and the reader ends.

mod about;
mod cell;
mod column;
mod csv;
mod file_name;
mod read;
mod selection;
mod slots;
mod table;
mod totals;
mod xlsx;

pub(crate) use cell::escaped;
pub use cell::{Cell, Row};
pub use column::Column;
pub use csv::CsvWriter;
pub use file_name::content_disposition;
pub use read::{Export, Page, Reading, ReadyRows, read};
pub use selection::Selection;
pub use slots::{AccountShare, FILES_OF_ACCOUNT, NoSlot, Slot, Slots};
pub use table::{Format, Setting, Table};
pub use xlsx::{Failure, MAX_COLUMNS, MAX_ROWS, write as write_xlsx};

/// Rows that are read at a time: a statement per page costs little beside its rows, and a few pages fit into a megabyte.
pub const PAGE_ROWS: i64 = 2_000;
