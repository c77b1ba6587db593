//! The files of bills (format-trade): a header, rows whose every value begins with a backtick, and two lines of totals.
//! They are read as a stream, line by line: only what the rows are made of is kept.

use std::io::BufRead;

use money::Fen;
use pay_protocol::amount::fen_of_yuan;

/// Why a bill cannot be relied on. Lines are counted from one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BillError {
    /// Larger than any bill, so that a small archive cannot fill the memory.
    #[error("the bill is larger than any can be")]
    TooLarge,
    /// Not the file whose hash the signed answer gave.
    #[error("the file has another hash")]
    WrongHash,
    /// Not text.
    #[error("the bill is not UTF-8")]
    Encoding,
    /// A part or a column that has to be there.
    #[error("the bill has no {0}")]
    Missing(&'static str),
    /// A row with more or fewer values than the header has names.
    #[error("line {line}: {columns} values, where the header names {expected}")]
    Columns {
        /// The row.
        line: usize,
        /// How many values it has.
        columns: usize,
        /// How many names the header has.
        expected: usize,
    },
    /// A value that is no time, amount or word it could be.
    #[error("line {line}: {column} cannot be read")]
    Value {
        /// The row.
        line: usize,
        /// The name in the header.
        column: &'static str,
    },
    /// A total that the rows do not make. Both as the file writes such values.
    #[error("{total} is {stated} in the bill, but its rows make {computed}")]
    Total {
        /// The name of the total.
        total: &'static str,
        /// What the file says.
        stated: String,
        /// What the rows make.
        computed: String,
    },
    /// A sum too large to be one.
    #[error("{0} is beyond 64 bits")]
    Overflow(&'static str),
}

/// One row with the names of its columns.
#[derive(Debug, Default)]
pub(crate) struct Line {
    number: usize,
    columns: Vec<String>,
    values: Vec<String>,
}

/// Reads a file whose totals begin with the column `first_total`: what `read` makes of each row, and the line of totals. A
/// byte order mark and CRLF are taken as well.
pub(crate) fn read_table<T>(
    input: impl BufRead,
    first_total: &'static str,
    read: impl Fn(&Line) -> Result<T, BillError>,
) -> Result<(Vec<T>, Line), BillError> {
    let mut lines = Lines { input, number: 0 };
    let (_, header) = lines.next()?.ok_or(BillError::Missing("header"))?;
    let mut row = Line { columns: names(&header), ..Line::default() };
    let mut rows = Vec::new();
    while let Some((number, line)) = lines.next()? {
        if line.starts_with('`') {
            row.set(number, &line)?;
            rows.push(read(&row)?);
            continue;
        }
        let mut totals = Line { columns: names(&line), ..Line::default() };
        if totals.columns.first().map(String::as_str) != Some(first_total) {
            return Err(BillError::Value { line: number, column: "the first value" });
        }
        let (number, line) = lines.next()?.ok_or(BillError::Missing("totals"))?;
        totals.set(number, &line)?;
        return match lines.next()? {
            Some((line, _)) => Err(BillError::Value { line, column: "a line after the totals" }),
            None => Ok((rows, totals)),
        };
    }
    Err(BillError::Missing("totals"))
}

fn names(line: &str) -> Vec<String> {
    line.split(',').map(|name| name.trim().to_owned()).collect()
}

/// The lines that are not empty, numbered.
struct Lines<R> {
    input: R,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> Result<Option<(usize, String)>, BillError> {
        loop {
            let mut bytes = Vec::new();
            // A stream that breaks off is a file with another hash.
            let length = self.input.read_until(b'\n', &mut bytes).map_err(|_| BillError::WrongHash)?;
            if length == 0 {
                return Ok(None);
            }
            self.number += 1;
            let text = std::str::from_utf8(&bytes).map_err(|_| BillError::Encoding)?;
            let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_end();
            if !text.is_empty() {
                return Ok(Some((self.number, text.to_owned())));
            }
        }
    }
}

impl Line {
    /// Cuts a row. Commas stand in values too (names of goods), so the backtick after a comma is what divides them.
    fn set(&mut self, number: usize, line: &str) -> Result<(), BillError> {
        let bare = line.strip_prefix('`').unwrap_or(line);
        self.number = number;
        self.values.clear();
        self.values.extend(bare.split(",`").map(|value| value.trim().to_owned()));
        let (columns, expected) = (self.values.len(), self.columns.len());
        if columns == expected { Ok(()) } else { Err(BillError::Columns { line: number, columns, expected }) }
    }

    /// The text in a column.
    pub(crate) fn text(&self, column: &'static str) -> Result<&str, BillError> {
        let index = self.columns.iter().position(|name| name == column);
        let value = index.and_then(|index| self.values.get(index));
        value.map(String::as_str).ok_or(BillError::Missing(column))
    }

    /// The text in a column, or `None` where WeChat writes nothing or `0` instead.
    pub(crate) fn given(&self, column: &'static str) -> Result<Option<String>, BillError> {
        let text = self.text(column)?;
        Ok((!matches!(text, "" | "0")).then(|| text.to_owned()))
    }

    /// The value in a column as `parse` reads it.
    pub(crate) fn value<T>(
        &self,
        column: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, BillError> {
        parse(self.text(column)?).ok_or(BillError::Value { line: self.number, column })
    }

    /// The yuan in a column, as fen.
    pub(crate) fn fen(&self, column: &'static str) -> Result<Fen, BillError> {
        self.value(column, fen_of_yuan)
    }

    /// Compares the total in a column with what the rows make.
    pub(crate) fn check<T: PartialEq + ToString>(
        &self,
        total: &'static str,
        parse: impl Fn(&str) -> Option<T>,
        computed: Option<T>,
    ) -> Result<(), BillError> {
        let computed = computed.ok_or(BillError::Overflow(total))?;
        let stated = self.value(total, parse)?;
        if stated == computed {
            return Ok(());
        }
        Err(BillError::Total { total, stated: stated.to_string(), computed: computed.to_string() })
    }
}

/// The sum of one amount over all rows.
pub(crate) fn sum(amounts: impl Iterator<Item = Fen>) -> Option<Fen> {
    amounts.into_iter().try_fold(Fen::ZERO, Fen::checked_add)
}

/// How many rows there are, as a bill counts them.
pub(crate) fn length<T>(rows: &[T]) -> Option<i64> {
    i64::try_from(rows.len()).ok()
}
