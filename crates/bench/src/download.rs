//! A GET over a fresh connection, with nothing between the server and the clock.

use anyhow::{Context, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A complete answer.
#[derive(Debug)]
pub(crate) struct Download {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Download {
    /// The value of a header whose name is given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let mut values = headers.filter(|(found, _)| found.eq_ignore_ascii_case(name));
        values.next().map(|(_, value)| value.trim())
    }
}

/// Fails unless the answer is 200 and complete.
pub(crate) async fn download(address: &str, path: &str, token: &str) -> anyhow::Result<Download> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    parse(&answer)
}

fn parse(answer: &[u8]) -> anyhow::Result<Download> {
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .context("an answer without an end of its head")?;
    let (head, rest) = answer.split_at(end + 4);
    let mut download = Download { head: std::str::from_utf8(head)?.to_owned(), body: Vec::new() };
    ensure!(download.head.starts_with("HTTP/1.1 200 "), "refused: {}", String::from_utf8_lossy(answer));
    download.body = match download.header("content-length") {
        Some(length) => {
            ensure!(length.parse() == Ok(rest.len()), "{length} bytes were announced, {} came", rest.len());
            rest.to_vec()
        }
        None => joined(rest)?,
    };
    Ok(download)
}

/// Chunks without their sizes (RFC 9112, 7.1).
fn joined(mut rest: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::with_capacity(rest.len());
    loop {
        let Some(end) = rest.windows(2).position(|two| two == b"\r\n") else { bail!("the answer broke off") };
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end])?, 16)?;
        if size == 0 {
            return Ok(body);
        }
        let chunk = rest.get(end + 2..end + 2 + size).context("the answer broke off")?;
        body.extend_from_slice(chunk);
        rest = rest.get(end + 4 + size..).context("the answer broke off")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined_and_a_part_is_no_answer() {
        let whole = b"HTTP/1.1 200 OK\r\nX-Total-Rows: 7\r\n\r\n3\r\nab\n\r\n1\r\nc\r\n0\r\n\r\n";
        let download = parse(whole).unwrap();
        assert_eq!(
            (download.body.as_slice(), download.header("x-total-rows")),
            (b"ab\nc".as_slice(), Some("7"))
        );
        for end in 30..whole.len() - 5 {
            assert!(parse(&whole[..end]).is_err(), "{end}");
        }
        assert!(parse(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab").is_err());
        assert!(parse(b"HTTP/1.1 500 X\r\nContent-Length: 2\r\n\r\nab").is_err());
    }
}
