//! One keep-alive connection. It sends a request as one buffer and parses only what is needed,
//! because the simulator shares its machine with the server and the database it measures.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::chunks::join_chunks;
use super::response::{Head, Unreadable, parse_head};
use super::target::Target;

/// An answer to authorize has about 700 bytes; the configuration may be longer, and an export is.
const BUFFER_LEN: usize = 4096;
const RESPONSE_MAX: usize = 64 << 20;

/// Why a request got no answer that can be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    #[error("cannot connect: {0}")]
    Connect(io::Error),
    #[error("cannot send: {0}")]
    Send(io::Error),
    #[error("cannot receive: {0}")]
    Receive(io::Error),
    #[error("the server closed the connection before it had answered")]
    Closed,
    #[error("the server sent more than one response to one request")]
    ExtraBytes,
    #[error("the response is longer than 64 MiB")]
    TooLong,
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error("no answer in time")]
    Timeout,
}

impl TransportError {
    /// A short name to count by.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Connect(_) => "connect",
            Self::Send(_) => "send",
            Self::Receive(_) => "receive",
            Self::Closed => "closed",
            Self::ExtraBytes => "extra bytes",
            Self::TooLong => "too long",
            Self::Unreadable(_) => "unreadable",
            Self::Timeout => "timeout",
        }
    }
}

/// A connection and the buffer that it receives into.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// False while an exchange runs, so that one that was cancelled or failed leaves it false.
    reusable: bool,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// [`TransportError::Connect`].
    pub async fn open(target: &Target) -> Result<Self, TransportError> {
        let stream = TcpStream::connect(target.address).await.map_err(TransportError::Connect)?;
        stream.set_nodelay(true).map_err(TransportError::Connect)?;
        Ok(Self { stream, buffer: vec![0; BUFFER_LEN], reusable: true })
    }

    /// Whether another request may be sent: the last exchange ended well and the server has
    /// neither closed the connection nor sent anything since. Costs no system call when idle.
    pub fn is_reusable(&self) -> bool {
        let idle = || matches!(self.stream.try_read(&mut [0]), Err(error) if error.kind() == io::ErrorKind::WouldBlock);
        self.reusable && idle()
    }

    /// Sends one request and reads exactly one response; answers its head and body.
    ///
    /// # Errors
    /// [`TransportError`], but for its `Connect` and `Timeout`; the connection is of no further use then.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<(Head, &[u8]), TransportError> {
        self.reusable = false;
        self.stream.write_all(request).await.map_err(TransportError::Send)?;
        let head = self.receive().await?;
        self.reusable = !head.closes;
        Ok((head, &self.buffer[head.body_start..head.end()]))
    }

    async fn receive(&mut self) -> Result<Head, TransportError> {
        let mut filled = 0;
        let mut head: Option<Head> = None;
        loop {
            if filled == self.buffer.len() {
                self.grow()?;
            }
            let read = self.stream.read(&mut self.buffer[filled..]).await.map_err(TransportError::Receive)?;
            if read == 0 {
                return Err(TransportError::Closed);
            }
            filled += read;
            if head.is_none() {
                head = parse_head(&self.buffer[..filled])?;
            }
            match head {
                Some(head) if head.chunked => {
                    if let Some(body) = join_chunks(&self.buffer[head.body_start..filled])? {
                        let head = Head { body_len: body.len(), ..head };
                        self.buffer[head.body_start..head.end()].copy_from_slice(&body);
                        return Ok(head);
                    }
                }
                Some(head) if filled == head.end() => return Ok(head),
                Some(head) if filled > head.end() => return Err(TransportError::ExtraBytes),
                _ => {}
            }
        }
    }

    fn grow(&mut self) -> Result<(), TransportError> {
        if self.buffer.len() >= RESPONSE_MAX {
            return Err(TransportError::TooLong);
        }
        self.buffer.resize(self.buffer.len() * 2, 0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::net::TcpListener;

    use super::*;

    const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    /// A connection to a server that reads nothing and writes these pieces, then closes.
    async fn served(pieces: Vec<Vec<u8>>) -> Connection {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            for piece in pieces {
                stream.write_all(&piece).await.unwrap();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        });
        let target = Target { url: String::new(), host: String::new(), address };
        Connection::open(&target).await.unwrap()
    }

    #[tokio::test]
    async fn response_may_arrive_byte_by_byte() {
        let mut connection = served(RESPONSE.iter().map(|byte| vec![*byte]).collect()).await;
        let (head, body) = connection.exchange(b"GET").await.unwrap();
        assert_eq!((head.status, body), (200, &b"hello"[..]));
        assert!(connection.is_reusable());
    }

    #[tokio::test]
    async fn long_response_grows_the_buffer() {
        let mut response = b"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n".to_vec();
        response.resize(response.len() + 20_000, b'x');
        let mut connection = served(vec![response]).await;
        assert_eq!(connection.exchange(b"GET").await.unwrap().1.len(), 20_000);
    }

    #[tokio::test]
    async fn chunks_may_arrive_in_pieces() {
        let head =
            b"HTTP/1.1 200 OK\r\nX-Total-Rows: 7\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe".to_vec();
        let mut connection = served(vec![head, b"llo\r\n0\r\n".to_vec(), b"\r\n".to_vec()]).await;
        let (head, body) = connection.exchange(b"GET").await.unwrap();
        assert_eq!((head.total_rows, body), (Some(7), &b"hello"[..]));
        assert!(connection.is_reusable());
    }

    #[tokio::test]
    async fn pipelined_junk_makes_the_connection_unusable() {
        let mut connection = served(vec![[RESPONSE, RESPONSE].concat()]).await;
        assert!(matches!(connection.exchange(b"GET").await, Err(TransportError::ExtraBytes)));
        assert!(!connection.is_reusable());
    }

    #[tokio::test]
    async fn late_junk_makes_an_idle_connection_unusable() {
        let mut connection = served(vec![RESPONSE.to_vec(), b"junk".to_vec()]).await;
        connection.exchange(b"GET").await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!connection.is_reusable());
    }

    #[tokio::test]
    async fn half_a_response_is_an_error() {
        let mut connection = served(vec![RESPONSE[..RESPONSE.len() - 1].to_vec()]).await;
        assert!(matches!(
            connection.exchange(b"GET").await,
            Err(TransportError::Closed | TransportError::Receive(_))
        ));
        assert!(!connection.is_reusable());
    }
}
