//! Rows in the binary format of COPY, for tables that are filled by the million. Values are encoded by sqlx, as if they were
//! parameters of a statement; tokio-postgres' writer of the same format needs a connection of its own, and so another
//! transaction than its caller's.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArgumentBuffer;
use sqlx::{Encode, PgConnection, Postgres};

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
/// Bytes in one message.
const CHUNK: usize = 256 * 1024;

/// Rows on their way into a table, value by value in the order of the columns. Nothing but a test of what was written
/// sees whether a value has the type of its column.
#[derive(Debug, Default)]
pub struct CopyRows {
    bytes: PgArgumentBuffer,
    count: u64,
    /// The first value that could not be encoded.
    error: Option<BoxDynError>,
}

impl CopyRows {
    pub fn with_capacity(bytes: usize) -> Self {
        let mut rows = Self::default();
        rows.bytes.reserve(bytes);
        rows
    }

    /// Begins a row of so many values.
    pub fn row(&mut self, columns: i16) -> &mut Self {
        self.bytes.extend_from_slice(&columns.to_be_bytes());
        self.count += 1;
        self
    }

    pub fn value<'q>(&mut self, value: impl Encode<'q, Postgres>) -> &mut Self {
        if let Err(error) = self.encode(value) {
            self.error.get_or_insert(error);
        }
        self
    }

    /// The length, or −1 for NULL, and the bytes.
    fn encode<'q>(&mut self, value: impl Encode<'q, Postgres>) -> Result<(), BoxDynError> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        let length = match value.encode(&mut self.bytes)? {
            IsNull::No => i32::try_from(self.bytes.len() - start - 4)?,
            IsNull::Yes => -1,
        };
        self.bytes[start..start + 4].copy_from_slice(&length.to_be_bytes());
        Ok(())
    }

    /// Sends the rows. The statement ends in `FROM STDIN (FORMAT binary)`.
    ///
    /// # Errors
    /// The database's; a value that cannot be encoded; `RowNotFound` when the database counts other rows than were sent.
    pub async fn copy(self, connection: &mut PgConnection, statement: &'static str) -> sqlx::Result<()> {
        if let Some(error) = self.error {
            return Err(sqlx::Error::Encode(error));
        }
        if self.count == 0 {
            return Ok(());
        }
        let mut sink = connection.copy_in_raw(statement).await?;
        // No flags, no extension of the header.
        sink.send([SIGNATURE, &[0; 8]].concat()).await?;
        for chunk in self.bytes.chunks(CHUNK) {
            sink.send(chunk).await?;
        }
        sink.send((-1_i16).to_be_bytes().as_slice()).await?;
        let written = sink.finish().await?;
        if written != self.count {
            return Err(sqlx::Error::RowNotFound);
        }
        Ok(())
    }
}
