//! The files of bills (format-trade): a header, rows whose every value begins with a backtick, and two lines of totals.

use money::Fen;

use super::yuan;

/// Why a bill cannot be relied on. Lines are counted from one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BillError {
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

/// A bill cut into values.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    columns: Vec<&'a str>,
    rows: Vec<(usize, Vec<&'a str>)>,
    totals: Line<'a>,
}

/// One row with the names of its columns.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    number: usize,
    columns: Vec<&'a str>,
    values: Vec<&'a str>,
}

impl<'a> Table<'a> {
    /// Cuts a file whose totals begin with the column `first_total`. A byte order mark and CRLF are taken as well.
    pub(crate) fn read(file: &'a [u8], first_total: &'static str) -> Result<Self, BillError> {
        let text = std::str::from_utf8(file).map_err(|_| BillError::Encoding)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim_end()));
        let mut lines = lines.filter(|(_, line)| !line.is_empty());
        let (_, header) = lines.next().ok_or(BillError::Missing("header"))?;
        let columns: Vec<&str> = header.split(',').map(str::trim).collect();
        let mut rows = Vec::new();
        for (number, line) in lines.by_ref() {
            if line.starts_with('`') {
                rows.push((number, values(number, line, columns.len())?));
                continue;
            }
            let names: Vec<&str> = line.split(',').map(str::trim).collect();
            if names.first() != Some(&first_total) {
                return Err(BillError::Value { line: number, column: "the first value" });
            }
            let (number, line) = lines.next().ok_or(BillError::Missing("totals"))?;
            let values = values(number, line, names.len())?;
            return match lines.next() {
                Some((line, _)) => Err(BillError::Value { line, column: "a line after the totals" }),
                None => Ok(Table { columns, rows, totals: Line { number, columns: names, values } }),
            };
        }
        Err(BillError::Missing("totals"))
    }

    /// The rows, each read by `read`.
    pub(crate) fn rows<T>(
        &self,
        read: impl Fn(&Line<'a>) -> Result<T, BillError>,
    ) -> Result<Vec<T>, BillError> {
        let mut line = Line { number: 0, columns: self.columns.clone(), values: Vec::new() };
        let mut read_rows = Vec::with_capacity(self.rows.len());
        for (number, values) in &self.rows {
            line.number = *number;
            line.values.clone_from(values);
            read_rows.push(read(&line)?);
        }
        Ok(read_rows)
    }

    /// The line of totals.
    pub(crate) fn totals(&self) -> &Line<'a> {
        &self.totals
    }
}

/// Cuts a row. Commas stand in values too (names of goods), so the backtick after a comma is what divides them.
fn values(number: usize, line: &str, expected: usize) -> Result<Vec<&str>, BillError> {
    let bare = line.strip_prefix('`').unwrap_or(line);
    let values: Vec<&str> = bare.split(",`").map(str::trim).collect();
    if values.len() != expected {
        return Err(BillError::Columns { line: number, columns: values.len(), expected });
    }
    Ok(values)
}

impl<'a> Line<'a> {
    /// The text in a column.
    pub(crate) fn text(&self, column: &'static str) -> Result<&'a str, BillError> {
        let index = self.columns.iter().position(|name| *name == column);
        let value = index.and_then(|index| self.values.get(index));
        value.copied().ok_or(BillError::Missing(column))
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
        self.value(column, yuan::parse)
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

/// Reads a count.
pub(crate) fn count(text: &str) -> Option<usize> {
    text.parse().ok()
}
