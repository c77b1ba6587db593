//! A gateway that answers what a test tells it to, and keeps what it was asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alipay::{Client, Credentials, Settings};
use jiff::Timestamp;
use pay_protocol::{PrivateKey, PublicKey};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub(crate) const APP_ID: &str = "2021000000000001";
const APP_PRIVATE: &str = include_str!("../keys/app.pkcs8.pem");
const APP_PUBLIC: &str = include_str!("../keys/app.public.pem");
const ALIPAY_PRIVATE: &str = include_str!("../keys/alipay.pkcs8.pem");
const ALIPAY_PUBLIC: &str = include_str!("../keys/alipay.public.pem");

/// What the gateway does with a request. The last one is repeated.
#[derive(Clone)]
pub(crate) enum Reaction {
    /// Answers with this inner object, signed, in the node of the method.
    Answer(String),
    /// Answers with this status and body as they are.
    Raw(u16, Vec<u8>),
    /// Promises more than it sends, then closes the connection.
    Truncated,
    /// Closes the connection without a word.
    Closed,
    /// Never answers.
    Silent,
}

pub(crate) type Parameters = BTreeMap<String, String>;

pub(crate) struct Gateway {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Parameters>>>,
    count: watch::Receiver<usize>,
}

/// The instant of every call: 08:00 in Beijing.
pub(crate) fn now() -> Timestamp {
    "2026-03-01T00:00:00Z".parse().unwrap()
}

pub(crate) fn sign(text: &str) -> String {
    PrivateKey::parse(ALIPAY_PRIVATE).unwrap().sign(text.as_bytes()).unwrap()
}

pub(crate) fn answer(inner: &str) -> Reaction {
    Reaction::Answer(inner.to_owned())
}

impl Gateway {
    pub(crate) async fn start(reactions: impl IntoIterator<Item = Reaction>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/gateway.do", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let reactions: Arc<Mutex<VecDeque<Reaction>>> = Arc::new(Mutex::new(reactions.into_iter().collect()));
        let (counter, count) = watch::channel(0);
        let kept = requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, kept.clone(), reactions.clone(), counter.clone()));
            }
        });
        Self { url, requests, count }
    }

    pub(crate) fn client(&self) -> Client {
        self.client_with(|_| {})
    }

    pub(crate) fn client_with(&self, change: impl FnOnce(&mut Settings)) -> Client {
        let mut settings = Settings::new(&self.url);
        change(&mut settings);
        Client::new(credentials(), settings).unwrap()
    }

    /// What was asked, once so many requests have come.
    pub(crate) async fn requests(&self, count: usize) -> Vec<Parameters> {
        let mut come = self.count.clone();
        let enough =
            tokio::time::timeout(Duration::from_secs(30), come.wait_for(|come| *come >= count)).await;
        assert!(enough.is_ok(), "{count} requests did not come");
        let requests = self.requests.lock().unwrap().clone();
        assert_eq!(requests.len(), count, "{requests:?}");
        requests
    }
}

pub(crate) fn credentials() -> Credentials {
    let alipay_key = PublicKey::parse(ALIPAY_PUBLIC).unwrap();
    Credentials::with_key(APP_ID, PrivateKey::parse(APP_PRIVATE).unwrap(), alipay_key)
}

async fn serve(
    mut stream: TcpStream,
    requests: Arc<Mutex<Vec<Parameters>>>,
    reactions: Arc<Mutex<VecDeque<Reaction>>>,
    counter: watch::Sender<usize>,
) {
    let Some((head, body)) = read_request(&mut stream).await else { return };
    let parameters: Parameters = form_urlencoded::parse(&body).into_owned().collect();
    let refusal = if head.starts_with("POST ") { why_refused(&head, &parameters) } else { None };
    requests.lock().unwrap().push(parameters.clone());
    counter.send_modify(|count| *count += 1);
    let reaction = {
        let mut reactions = reactions.lock().unwrap();
        if reactions.len() > 1 { reactions.pop_front() } else { reactions.front().cloned() }
    };
    match (refusal, reaction.expect("a reaction")) {
        (Some(why), _) => respond(&mut stream, 400, why.as_bytes()).await,
        (None, Reaction::Answer(inner)) => {
            let node = parameters["method"].replace('.', "_");
            let body = format!(r#"{{"{node}_response":{inner},"sign":"{}"}}"#, sign(&inner));
            respond(&mut stream, 200, body.as_bytes()).await;
        }
        (None, Reaction::Raw(status, body)) => respond(&mut stream, status, &body).await,
        (None, Reaction::Truncated) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"alipay").await.unwrap();
        }
        (None, Reaction::Closed) => {}
        (None, Reaction::Silent) => tokio::time::sleep(Duration::from_secs(600)).await,
    }
}

/// Checks a request as Alipay would, with its own idea of what is signed.
fn why_refused(head: &str, parameters: &Parameters) -> Option<&'static str> {
    let content_type = "content-type: application/x-www-form-urlencoded;charset=utf-8";
    if !head.to_ascii_lowercase().contains(content_type) {
        return Some("content type");
    }
    let mut pairs: Vec<String> = parameters
        .iter()
        .filter(|(name, value)| *name != "sign" && !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.sort();
    let key = PublicKey::parse(APP_PUBLIC).unwrap();
    let verifies = key.verifies(pairs.join("&").as_bytes(), &parameters["sign"]);
    if verifies { None } else { Some("signature") }
}

async fn read_request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let length = head
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, length)| length.parse().unwrap());
            if bytes.len() >= end + 4 + length {
                return Some((head, bytes[end + 4..end + 4 + length].to_vec()));
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

async fn respond(stream: &mut TcpStream, status: u16, body: &[u8]) {
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nlocation: /elsewhere\r\nconnection: close\r\n\r\n",
        body.len()
    );
    // A client that reads no further may have closed the connection.
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(body).await;
}
