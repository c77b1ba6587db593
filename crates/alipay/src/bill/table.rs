//! A CSV file whose columns are found by their names, because Alipay adds some now and then. It is cut before it is
//! decoded: no character of GBK has a comma, quote, line end or `#` in it.

use std::fmt;
use std::io::Read;

use csv::{ByteRecord, ReaderBuilder, Trim};
use encoding_rs::GBK;
use jiff::Timestamp;
use money::Fen;
use pay_protocol::{amount, beijing};

use super::archive::BillError;

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

pub(super) struct Header {
    file: BillFile,
    names: Vec<String>,
}

/// Reads a file as a stream: what `read` makes of each row, with what `columns` found in the header. Lines that begin with
/// `#` are comments; values are followed by tabs, which are dropped.
pub(super) fn read_table<C, T>(
    file: BillFile,
    input: &mut dyn Read,
    columns: impl FnOnce(&Header) -> Result<C, BillError>,
    read: impl Fn(&C, &Row) -> Result<T, BillError>,
) -> Result<Vec<T>, BillError> {
    let mut reader = ReaderBuilder::new().comment(Some(b'#')).trim(Trim::All).from_reader(input);
    let shape = |row| BillError::Shape { file, row };
    let names = decode(file, reader.byte_headers().map_err(|_| shape(0))?)?;
    let names = names.iter().map(|name| without_unit(name).to_owned()).collect();
    let columns = columns(&Header { file, names })?;
    let mut rows = Vec::new();
    for record in reader.byte_records() {
        let number = rows.len() + 1;
        let values = decode(file, &record.map_err(|_| shape(number))?)?;
        rows.push(read(&columns, &Row { file, number, values })?);
    }
    Ok(rows)
}

fn decode(file: BillFile, record: &ByteRecord) -> Result<Vec<String>, BillError> {
    let text = |bytes| GBK.decode_without_bom_handling_and_without_replacement(bytes);
    let text = |bytes| text(bytes).map(std::borrow::Cow::into_owned).ok_or(BillError::Encoding(file));
    record.iter().map(text).collect()
}

impl Header {
    /// Where a column is.
    pub(super) fn column(&self, name: &'static str) -> Result<Column, BillError> {
        let index = self.names.iter().position(|known| known == name);
        let index = index.ok_or(BillError::Column { file: self.file, column: name })?;
        Ok(Column { index, name })
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

pub(super) struct Row {
    file: BillFile,
    number: usize,
    values: Vec<String>,
}

impl Row {
    /// The text of a cell, which may be empty.
    pub(super) fn text(&self, column: Column) -> &str {
        self.values.get(column.index).map_or("", |value| value.trim())
    }

    pub(super) fn required(&self, column: Column) -> Result<String, BillError> {
        self.cell(column, |text| Some(text.to_owned()).filter(|text| !text.is_empty()))
    }

    pub(super) fn optional(&self, column: Column) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub(super) fn fen(&self, column: Column) -> Result<Fen, BillError> {
        self.cell(column, amount::fen_of_yuan)
    }

    pub(super) fn time(&self, column: Column) -> Result<Timestamp, BillError> {
        self.cell(column, beijing::from_wall_clock)
    }

    pub(super) fn count(&self, column: Column) -> Result<i64, BillError> {
        self.cell(column, amount::count)
    }

    pub(super) fn cell<T>(
        &self,
        column: Column,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, BillError> {
        read(self.text(column)).ok_or(BillError::Cell {
            file: self.file,
            row: self.number,
            column: column.name,
        })
    }
}
