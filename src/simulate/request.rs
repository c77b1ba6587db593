//! Requests as bytes, each freshly signed.

use std::io::Write;

use secrecy::ExposeSecret;

use super::operator::{Credentials, Operator};
use super::session::Session;
use super::wall_clock::unix_ms;

const AUTHORIZE_PATH: &str = "/v1/auth/game/authorize";
const CONFIG_PATH: &str = "/v1/auth/game/config";

/// Buffers for one request at a time, kept so that a request allocates next to nothing.
#[derive(Debug, Default)]
pub(super) struct RequestBuffer {
    pub(super) bytes: Vec<u8>,
    /// The session id of the request in `bytes`.
    pub(super) session_id: String,
    body: Vec<u8>,
}

impl RequestBuffer {
    /// Replaces the content with a request for this session, signed with the time of now.
    pub(super) fn write_authorize(&mut self, operator: &Operator, session: &Session, host: &str) {
        self.session_id = session.id(&operator.id);
        self.body.clear();
        put(
            &mut self.body,
            format_args!(
                r#"{{"app_id":"{}","site_id":"{}","player_count":{}}}"#,
                operator.apps[usize::from(session.app)].id,
                operator.sites[usize::from(session.site)],
                session.players
            ),
        );
        self.bytes.clear();
        write_head(&mut self.bytes, &operator.credentials, "POST", AUTHORIZE_PATH, &self.body, host);
        put(
            &mut self.bytes,
            format_args!(
                "X-Session-ID: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                self.session_id,
                self.body.len()
            ),
        );
        self.bytes.extend_from_slice(&self.body);
    }
}

/// Replaces the content of `buffer` with a request for the configuration of a key.
pub(super) fn write_config_request(buffer: &mut Vec<u8>, credentials: &Credentials, host: &str) {
    buffer.clear();
    write_head(buffer, credentials, "GET", CONFIG_PATH, b"", host);
    buffer.extend_from_slice(b"\r\n");
}

fn write_head(
    buffer: &mut Vec<u8>,
    credentials: &Credentials,
    method: &str,
    path: &str,
    body: &[u8],
    host: &str,
) {
    let timestamp_s = (unix_ms() / 1000) as i64;
    let signature = credentials.signing_key.sign(timestamp_s, method, path, body);
    let api_key = credentials.api_key.expose_secret();
    put(
        buffer,
        format_args!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nX-Api-Key: {api_key}\r\n\
             X-Timestamp: {timestamp_s}\r\nX-Signature: {signature}\r\n"
        ),
    );
}

fn put(buffer: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    buffer.write_fmt(text).expect("writing to memory cannot fail");
}
