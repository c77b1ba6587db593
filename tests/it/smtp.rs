//! A mail server for tests: it keeps what it is given, or refuses it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use api::app::Config;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platform::config::{SmtpConfig, SmtpTls};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A listening mail server.
pub(crate) struct MailServer {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    mails: Vec<Mail>,
    /// What every recipient is answered instead of being accepted.
    refusal: Option<&'static str>,
    /// Whether recipients are answered nothing at all.
    is_silent: bool,
}

/// What was between DATA and the dot.
#[derive(Clone, Debug)]
pub(crate) struct Mail(String);

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that goes away in the middle is its own affair.
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        MailServer { port, state }
    }

    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.state.lock().unwrap().mails.clone()
    }

    /// Answers every recipient with this line, or accepts them again.
    pub(crate) fn refuse_with(&self, refusal: Option<&'static str>) {
        self.state.lock().unwrap().refusal = refusal;
    }

    /// Answers recipients nothing any more.
    pub(crate) fn fall_silent(&self) {
        self.state.lock().unwrap().is_silent = true;
    }

    pub(crate) fn config(&self) -> Config {
        Config { smtp: Some(smtp_at(self.port)), ..Config::default() }
    }
}

/// A mail server on this port of loopback, spoken to in the clear.
pub(crate) fn smtp_at(port: u16) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        tls: SmtpTls::None,
        credentials: None,
        from: "运营平台 <no-reply@coinslot.example>".parse().unwrap(),
    }
}

async fn converse(stream: TcpStream, state: Arc<Mutex<State>>) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 mail.example ESMTP\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap_or("").to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" | "MAIL" | "RSET" => "250 fine",
            "RCPT" if state.lock().unwrap().is_silent => std::future::pending().await,
            "RCPT" => state.lock().unwrap().refusal.unwrap_or("250 fine"),
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await?;
                let mut data = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    data.push_str("\r\n");
                }
                state.lock().unwrap().mails.push(Mail(data));
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "502 what?",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
        if verb == "QUIT" {
            break;
        }
    }
    Ok(())
}

impl Mail {
    /// A header as it was sent, unfolded.
    pub(crate) fn header(&self, name: &str) -> String {
        let (headers, _) = self.0.split_once("\r\n\r\n").unwrap();
        let unfolded = headers.replace("\r\n ", " ").replace("\r\n\t", " ");
        let found = unfolded.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then(|| value.to_owned())
        });
        found.unwrap_or_else(|| panic!("no {name} in {headers}"))
    }

    /// A header as people read it: encoded words (RFC 2047) decoded. A space between two of them is none.
    pub(crate) fn text_of(&self, name: &str) -> String {
        let mut text = String::new();
        let mut was_encoded = true;
        for word in self.header(name).split(' ') {
            let encoded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
            if !(text.is_empty() || (was_encoded && encoded.is_some())) {
                text.push(' ');
            }
            match encoded {
                Some(base64) => text.push_str(&decode(base64)),
                None => text.push_str(word),
            }
            was_encoded = encoded.is_some();
        }
        text
    }

    /// The parts of a mail that has several.
    pub(crate) fn parts(&self) -> Vec<Mail> {
        let boundary = self.header("Content-Type");
        let (_, boundary) = boundary.split_once("boundary=\"").unwrap();
        let (boundary, _) = boundary.split_once('"').unwrap();
        let line = format!("--{boundary}");
        let parts = self.0.split(&line).skip(1);
        parts
            .map(|part| part.trim_start().to_owned())
            .filter(|part| !part.starts_with("--"))
            .map(Mail)
            .collect()
    }

    /// What an attached file holds.
    pub(crate) fn file(&self) -> Vec<u8> {
        assert_eq!(self.header("Content-Transfer-Encoding"), "base64");
        let (_, content) = self.0.split_once("\r\n\r\n").unwrap();
        STANDARD.decode(content.split_whitespace().collect::<String>()).unwrap()
    }

    pub(crate) fn body(&self) -> String {
        assert!(self.0.is_ascii(), "every mail server can pass it on: {}", self.0);
        let (_, body) = self.0.split_once("\r\n\r\n").unwrap();
        let body = match self.header("Content-Transfer-Encoding").as_str() {
            "base64" => decode(&body.split_whitespace().collect::<String>()),
            "quoted-printable" => decode_quoted(&body.replace("=\r\n", "")),
            "7bit" => body.to_owned(),
            other => panic!("an encoding that was not asked for: {other}"),
        };
        body.replace("\r\n", "\n").trim_end().to_owned()
    }
}

fn decode(base64: &str) -> String {
    String::from_utf8(STANDARD.decode(base64).unwrap()).unwrap()
}

fn decode_quoted(text: &str) -> String {
    let mut parts = text.split('=');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).unwrap()
}
