//! CSV as spreadsheets open it: UTF-8 with a byte order mark, CRLF, quoted where it must be (RFC 4180).

use ::csv::{Terminator, WriterBuilder};
use base::problem::Problem;

use super::{Row, Setting, Table};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Writes rows piece by piece.
#[derive(Clone, Debug)]
pub struct CsvWriter {
    setting: Setting,
}

impl CsvWriter {
    #[must_use]
    pub const fn new(setting: Setting) -> Self {
        CsvWriter { setting }
    }

    /// Names the request in the log.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        &self.setting.trace_id
    }

    /// The beginning of the file, with the header row.
    ///
    /// # Errors
    /// `INTERNAL_ERROR`; writing to memory does not fail.
    pub fn header(&self, table: &Table) -> Result<Vec<u8>, Problem> {
        let mut writer = writer(BYTE_ORDER_MARK.to_vec());
        writer.write_record(table.header(&self.setting)).map_err(Problem::internal)?;
        writer.into_inner().map_err(|error| Problem::internal(error.into_error()))
    }

    /// # Errors
    /// As [`CsvWriter::header`].
    pub fn rows(&self, rows: &[Row]) -> Result<Vec<u8>, Problem> {
        let mut writer = writer(Vec::with_capacity(rows.len() * 256));
        for row in rows {
            for cell in row {
                let text = cell.to_text(&self.setting.timezone);
                writer.write_field(text.as_bytes()).map_err(Problem::internal)?;
            }
            writer.write_record(None::<&[u8]>).map_err(Problem::internal)?;
        }
        writer.into_inner().map_err(|error| Problem::internal(error.into_error()))
    }
}

fn writer(start: Vec<u8>) -> ::csv::Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(start)
}
