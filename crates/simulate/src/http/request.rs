use std::{fmt, io::Write};

/// A request, to be written as one buffer.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// The value of the `Host` header.
    pub host: &'a str,
    /// Further headers, each with the end of its line.
    pub headers: fmt::Arguments<'a>,
    /// JSON, or nothing.
    pub body: &'a [u8],
}

impl Request<'_> {
    /// Replaces the content of `buffer`.
    pub fn write(&self, buffer: &mut Vec<u8>) {
        let Self { method, path, host, headers, body } = self;
        buffer.clear();
        put(buffer, format_args!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}"));
        if !body.is_empty() {
            let length = body.len();
            put(buffer, format_args!("Content-Type: application/json\r\nContent-Length: {length}\r\n"));
        }
        buffer.extend_from_slice(b"\r\n");
        buffer.extend_from_slice(body);
    }
}

/// Adds to the end of `buffer`.
pub(crate) fn put(buffer: &mut Vec<u8>, text: fmt::Arguments<'_>) {
    buffer.write_fmt(text).expect("writing to memory cannot fail");
}
