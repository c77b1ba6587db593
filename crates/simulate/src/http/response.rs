//! The head of an HTTP/1.1 response, as far as the tools need it.

use std::str::FromStr;

/// Headers beyond this many make a response unreadable.
const HEADERS_MAX: usize = 48;

/// Status and what the tools read of the headers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    /// Offset of the first byte of the body.
    pub(crate) body_start: usize,
    /// Of a body in chunks, known when all have arrived.
    pub(crate) body_len: usize,
    /// The body comes in chunks instead of having a length.
    pub(crate) chunked: bool,
    /// `Idempotent-Replayed: true` was there.
    pub replayed: bool,
    /// The server will close the connection after this response.
    pub closes: bool,
    /// `Retry-After`, in seconds.
    pub retry_after_s: Option<u64>,
    /// `X-Total-Rows` of an export.
    pub total_rows: Option<u64>,
}

impl Head {
    /// Offset of the first byte after the response.
    pub(crate) fn end(&self) -> usize {
        self.body_start + self.body_len
    }
}

/// What makes a response unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("the response head is not HTTP/1.1")]
    Head,
    #[error("the response has no Content-Length")]
    Length,
    #[error("the response's chunks are malformed")]
    Chunks,
}

/// Parses the head at the start of `bytes`; `None` while it is incomplete.
pub(super) fn parse_head(bytes: &[u8]) -> Result<Option<Head>, Unreadable> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut response = httparse::Response::new(&mut headers);
    let body_start = match response.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err(Unreadable::Head),
    };
    let status = response.code.ok_or(Unreadable::Head)?;
    let mut head = Head { status, body_start, closes: response.version == Some(0), ..Head::default() };
    let mut body_len = None;
    for header in response.headers {
        let name = header.name;
        if name.eq_ignore_ascii_case("content-length") {
            body_len = number(header.value);
        } else if name.eq_ignore_ascii_case("idempotent-replayed") {
            head.replayed = header.value == b"true";
        } else if name.eq_ignore_ascii_case("connection") {
            head.closes = header.value.eq_ignore_ascii_case(b"close");
        } else if name.eq_ignore_ascii_case("retry-after") {
            head.retry_after_s = number(header.value);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            head.chunked = header.value.eq_ignore_ascii_case(b"chunked");
        } else if name.eq_ignore_ascii_case("x-total-rows") {
            head.total_rows = number(header.value);
        }
    }
    if !head.chunked {
        head.body_len = body_len.ok_or(Unreadable::Length)?;
    }
    Ok(Some(head))
}

fn number<N: FromStr>(value: &[u8]) -> Option<N> {
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 2\r\nIdempotent-Replayed: true\r\n\r\n{}";

    #[test]
    fn head_is_incomplete_until_its_last_byte() {
        let body_start = RESPONSE.len() - 2;
        for length in 0..body_start {
            assert_eq!(parse_head(&RESPONSE[..length]), Ok(None), "{length}");
        }
        let head = parse_head(&RESPONSE[..body_start]).unwrap().unwrap();
        assert_eq!((head.status, head.body_start, head.body_len), (200, body_start, 2));
        assert!(head.replayed && !head.closes);
        assert_eq!(head.end(), RESPONSE.len());
    }

    #[test]
    fn retry_after_and_close_are_read() {
        let head =
            b"HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\nRetry-After: 7\r\nConnection: close\r\n\r\n";
        let head = parse_head(head).unwrap().unwrap();
        assert_eq!((head.status, head.retry_after_s, head.closes), (429, Some(7), true));
    }

    #[test]
    fn junk_and_missing_length_are_unreadable() {
        assert_eq!(parse_head(b"SSH-2.0-OpenSSH\r\n\r\n"), Err(Unreadable::Head));
        assert_eq!(parse_head(b"HTTP/1.1 200 OK\r\n\r\n"), Err(Unreadable::Length));
        assert_eq!(parse_head(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), Err(Unreadable::Length));
    }
}
