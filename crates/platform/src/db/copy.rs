//! Rows in the binary format of COPY, for tables that are filled by the million.

use std::net::IpAddr;

use base::clock::UtcTime;
use sqlx::PgConnection;
use uuid::Uuid;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
/// PostgreSQL counts from the year 2000.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 3;
/// Bytes in one message.
const CHUNK: usize = 256 * 1024;

/// Rows on their way into a table, value by value in the order of the columns.
#[derive(Debug)]
pub struct CopyRows {
    bytes: Vec<u8>,
    count: u64,
}

impl CopyRows {
    pub fn with_capacity(bytes: usize) -> Self {
        let mut rows = CopyRows { bytes: Vec::with_capacity(bytes + 64), count: 0 };
        rows.bytes.extend_from_slice(SIGNATURE);
        // No flags, no extension of the header.
        rows.bytes.extend_from_slice(&[0; 8]);
        rows
    }

    /// Begins a row of so many values.
    pub fn row(&mut self, columns: i16) -> &mut Self {
        self.bytes.extend_from_slice(&columns.to_be_bytes());
        self.count += 1;
        self
    }

    fn value(&mut self, bytes: &[u8]) -> &mut Self {
        let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub(crate) fn null(&mut self) -> &mut Self {
        self.bytes.extend_from_slice(&(-1_i32).to_be_bytes());
        self
    }

    pub fn uuid(&mut self, value: Uuid) -> &mut Self {
        self.value(value.as_bytes())
    }

    pub fn optional_uuid(&mut self, value: Option<Uuid>) -> &mut Self {
        match value {
            Some(value) => self.uuid(value),
            None => self.null(),
        }
    }

    pub fn bigint(&mut self, value: i64) -> &mut Self {
        self.value(&value.to_be_bytes())
    }

    pub fn integer(&mut self, value: i32) -> &mut Self {
        self.value(&value.to_be_bytes())
    }

    pub fn bytea(&mut self, value: &[u8]) -> &mut Self {
        self.value(value)
    }

    pub fn text(&mut self, value: &str) -> &mut Self {
        self.value(value.as_bytes())
    }

    pub fn optional_text(&mut self, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(value),
            None => self.null(),
        }
    }

    pub fn timestamptz(&mut self, value: UtcTime) -> &mut Self {
        self.bigint(value.timestamp().as_microsecond() - EPOCH_MICROS)
    }

    pub fn optional_timestamptz(&mut self, value: Option<UtcTime>) -> &mut Self {
        match value {
            Some(value) => self.timestamptz(value),
            None => self.null(),
        }
    }

    /// Family, bits of the mask, whether it is a network, length, address.
    pub fn optional_inet(&mut self, value: Option<IpAddr>) -> &mut Self {
        match value {
            None => self.null(),
            Some(IpAddr::V4(address)) => self.value(&[&[AF_INET, 32, 0, 4], &address.octets()[..]].concat()),
            Some(IpAddr::V6(address)) => {
                self.value(&[&[AF_INET6, 128, 0, 16], &address.octets()[..]].concat())
            }
        }
    }

    /// Sends the rows. The statement ends in `FROM STDIN (FORMAT binary)`.
    ///
    /// # Errors
    /// The database's; `RowNotFound` when it counts other rows than were sent.
    pub async fn copy(mut self, connection: &mut PgConnection, statement: &'static str) -> sqlx::Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        self.bytes.extend_from_slice(&(-1_i16).to_be_bytes());
        let mut sink = connection.copy_in_raw(statement).await?;
        for chunk in self.bytes.chunks(CHUNK) {
            sink.send(chunk).await?;
        }
        let written = sink.finish().await?;
        if written != self.count {
            return Err(sqlx::Error::RowNotFound);
        }
        Ok(())
    }
}
