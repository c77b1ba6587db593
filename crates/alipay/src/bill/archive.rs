//! The archive: a zip of CSV files in GBK, one of them the detail, one the summary.

use std::io::{Cursor, Read as _};

use encoding_rs::GBK;
use zip::ZipArchive;

use super::table::BillFile;

/// The largest file that is unpacked, so that a small archive cannot fill the memory.
const MAX_FILE_BYTES: u64 = 1 << 30;
/// A bill has two files; a merchant with several accounts a few more.
const MAX_FILES: usize = 64;

/// Why an archive is not a bill that can be relied on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BillError {
    /// Not a zip archive, or a truncated or damaged one.
    #[error("the archive is damaged")]
    Archive,
    /// A file larger than any bill, or more files.
    #[error("the archive unpacks to more than a bill can be")]
    TooLarge,
    /// The archive lacks this file, or has it twice.
    #[error("there is not exactly one {0}")]
    Files(BillFile),
    /// This file is not GBK.
    #[error("the {0} is not GBK")]
    Encoding(BillFile),
    /// This file has no such column.
    #[error("the {file} has no column {column}")]
    Column {
        /// Which file.
        file: BillFile,
        /// The column's name without its unit.
        column: &'static str,
    },
    /// A row does not have as many cells as the header, or is no CSV.
    #[error("row {row} of the {file} does not fit its header")]
    Shape {
        /// Which file.
        file: BillFile,
        /// Counted from 1, without the header and comments.
        row: usize,
    },
    /// A cell cannot be read.
    #[error("{column} in row {row} of the {file} cannot be read")]
    Cell {
        /// Which file.
        file: BillFile,
        /// Counted from 1, without the header and comments.
        row: usize,
        /// The column's name without its unit.
        column: &'static str,
    },
    /// The summary does not say what the rows add up to, so rows are missing or changed.
    #[error("{column} is {stated} in the summary and {counted} in the rows")]
    Summary {
        /// The column of the summary.
        column: &'static str,
        /// What the summary says: a number, or fen.
        stated: i64,
        /// What the rows add up to.
        counted: i64,
    },
    /// Amounts that add up to more than 64 bits hold.
    #[error("the amounts are too large to add up")]
    Overflow,
}

/// The texts of the two files.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) detail: String,
    pub(super) summary: String,
}

pub(super) fn unpack(archive: &[u8]) -> Result<Texts, BillError> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(|_| BillError::Archive)?;
    if archive.len() > MAX_FILES {
        return Err(BillError::TooLarge);
    }
    let (mut detail, mut summary) = (None, None);
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|_| BillError::Archive)?;
        let Some(kind) = kind_of(&decode_name(file.name_raw())) else { continue };
        let slot = match kind {
            BillFile::Detail => &mut detail,
            BillFile::Summary => &mut summary,
        };
        if slot.is_some() {
            return Err(BillError::Files(kind));
        }
        let mut bytes = Vec::new();
        let read = file.by_ref().take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes);
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(BillError::TooLarge);
        }
        read.map_err(|_| BillError::Archive)?;
        *slot = Some(decode(&bytes).ok_or(BillError::Encoding(kind))?);
    }
    Ok(Texts {
        detail: detail.ok_or(BillError::Files(BillFile::Detail))?,
        summary: summary.ok_or(BillError::Files(BillFile::Summary))?,
    })
}

/// `2088…_20260101_业务明细.csv` and `2088…_20260101_业务明细(汇总).csv`.
fn kind_of(name: &str) -> Option<BillFile> {
    if name.contains("汇总") {
        Some(BillFile::Summary)
    } else if name.contains("明细") {
        Some(BillFile::Detail)
    } else {
        None
    }
}

/// Names are GBK as well, unless whoever packed the archive wrote UTF-8.
fn decode_name(raw: &[u8]) -> String {
    std::str::from_utf8(raw).map_or_else(|_| GBK.decode(raw).0.into_owned(), str::to_owned)
}

fn decode(bytes: &[u8]) -> Option<String> {
    GBK.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}
