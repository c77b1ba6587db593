//! The archive: a zip of CSV files in GBK, one of them the detail, one the summary. Each is unpacked as a stream.

use std::io::{Cursor, Read};

use encoding_rs::GBK;
use pay_protocol::MAX_BILL_BYTES;
use zip::ZipArchive;

use super::table::BillFile;

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

/// An archive with exactly one file of each kind.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    detail: usize,
    summary: usize,
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, BillError> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BillError::Archive)?;
        if zip.len() > MAX_FILES {
            return Err(BillError::TooLarge);
        }
        let (mut detail, mut summary) = (None, None);
        for index in 0..zip.len() {
            let file = zip.by_index_raw(index).map_err(|_| BillError::Archive)?;
            let Some(kind) = kind_of(&decode_name(file.name_raw())) else { continue };
            let place = match kind {
                BillFile::Detail => &mut detail,
                BillFile::Summary => &mut summary,
            };
            if place.replace(index).is_some() {
                return Err(BillError::Files(kind));
            }
        }
        let detail = detail.ok_or(BillError::Files(BillFile::Detail))?;
        let summary = summary.ok_or(BillError::Files(BillFile::Summary))?;
        Ok(Archive { zip, detail, summary })
    }

    /// Has a file read as a stream that breaks off where it becomes larger than any bill.
    pub(super) fn read<T>(
        &mut self,
        file: BillFile,
        read: impl FnOnce(&mut dyn Read) -> Result<T, BillError>,
    ) -> Result<T, BillError> {
        let index = match file {
            BillFile::Detail => self.detail,
            BillFile::Summary => self.summary,
        };
        let packed = self.zip.by_index(index).map_err(|_| BillError::Archive)?;
        let mut input = packed.take(MAX_BILL_BYTES as u64 + 1);
        let found = read(&mut input);
        // To the end, where the checksum is compared.
        let rest = std::io::copy(&mut input, &mut std::io::sink());
        if input.limit() == 0 {
            return Err(BillError::TooLarge);
        }
        rest.map_err(|_| BillError::Archive)?;
        found
    }
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
