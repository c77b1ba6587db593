//! Calls over a fresh connection each, with nothing between the server and the clock.

use std::fmt::Arguments;
use std::time::Duration;

use anyhow::{Context, ensure};
use simulate::http::{Connection, Head, Request, Target};
use tokio::time::timeout;

const ANSWER_TIMEOUT: Duration = Duration::from_secs(120);

/// A complete answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: Head,
    pub(crate) body: Vec<u8>,
}

/// Reads as whoever has the token.
pub(crate) async fn get(target: &Target, token: &str, path: &str) -> anyhow::Result<Answer> {
    call(target, "GET", path, format_args!("Authorization: Bearer {token}\r\n"), "").await
}

/// Fails unless the answer is a success and complete. `headers` say who calls.
pub(crate) async fn call(
    target: &Target,
    method: &str,
    path: &str,
    headers: Arguments<'_>,
    body: &str,
) -> anyhow::Result<Answer> {
    let mut request = Vec::new();
    Request { method, path, host: &target.host, headers, body: body.as_bytes() }.write(&mut request);
    let asked = async {
        let mut connection = Connection::open(target).await?;
        let (head, body) = connection.exchange(&request).await?;
        anyhow::Ok(Answer { head, body: body.to_vec() })
    };
    let answer = timeout(ANSWER_TIMEOUT, asked).await.context("no answer in time").flatten();
    let answer = answer.with_context(|| format!("{method} {path}"))?;
    let text = || String::from_utf8_lossy(&answer.body[..answer.body.len().min(2_000)]).into_owned();
    ensure!(answer.head.status / 100 == 2, "{method} {path} was refused: {} {}", answer.head.status, text());
    Ok(answer)
}
