//! A CSV file whose columns are found by their names, because Alipay adds some now and then.

use std::fmt;

use csv::{ReaderBuilder, StringRecord, Trim};
use jiff::Timestamp;
use money::Fen;

use super::archive::BillError;
use crate::wire::{fen, instant};

/// The two files of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillFile {
    /// `业务明细`: a row for each payment and refund.
    Detail,
    /// `业务明细(汇总)`: a row for each shop, and one for all.
    Summary,
}

impl fmt::Display for BillFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Detail => "detail file",
            Self::Summary => "summary file",
        })
    }
}

pub(super) struct Table {
    file: BillFile,
    header: Vec<String>,
    rows: Vec<StringRecord>,
}

impl Table {
    /// Reads a text. Lines that begin with `#` are comments; values are followed by tabs, which are dropped.
    pub(super) fn read(file: BillFile, text: &str) -> Result<Self, BillError> {
        let mut reader =
            ReaderBuilder::new().comment(Some(b'#')).trim(Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|_| BillError::Shape { file, row: 0 })?;
        let header = header.iter().map(|name| without_unit(name).to_owned()).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            rows.push(record.map_err(|_| BillError::Shape { file, row: rows.len() + 1 })?);
        }
        Ok(Self { file, header, rows })
    }

    /// Where a column is.
    pub(super) fn column(&self, name: &'static str) -> Result<Column, BillError> {
        let index = self
            .header
            .iter()
            .position(|known| known == name)
            .ok_or(BillError::Column { file: self.file, column: name })?;
        Ok(Column { index, name })
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let file = self.file;
        self.rows.iter().enumerate().map(move |(index, record)| Row { file, number: index + 1, record })
    }
}

/// `订单金额（元）` is `订单金额`; the brackets are wide in Alipay's files.
fn without_unit(name: &str) -> &str {
    let name = name.trim();
    name.strip_suffix("（元）").or_else(|| name.strip_suffix("(元)")).unwrap_or(name)
}

#[derive(Clone, Copy)]
pub(super) struct Column {
    index: usize,
    name: &'static str,
}

#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    file: BillFile,
    number: usize,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// The text of a cell, which may be empty.
    pub(super) fn text(&self, column: Column) -> &'a str {
        self.record.get(column.index).unwrap_or_default()
    }

    pub(super) fn required(&self, column: Column) -> Result<String, BillError> {
        self.cell(column, |text| Some(text.to_owned()).filter(|text| !text.is_empty()))
    }

    pub(super) fn optional(&self, column: Column) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub(super) fn fen(&self, column: Column) -> Result<Fen, BillError> {
        self.cell(column, fen)
    }

    pub(super) fn time(&self, column: Column) -> Result<Timestamp, BillError> {
        self.cell(column, instant)
    }

    pub(super) fn count(&self, column: Column) -> Result<i64, BillError> {
        self.cell(column, |text| text.parse().ok())
    }

    pub(super) fn cell<T>(
        &self,
        column: Column,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<T, BillError> {
        read(self.text(column)).ok_or(BillError::Cell {
            file: self.file,
            row: self.number,
            column: column.name,
        })
    }
}
