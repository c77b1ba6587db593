//! A small server that plays the contract's part of the headset calls, and can be told to be wrong.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use coinslot_client::SigningKey;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::fen::format_fen;

pub(super) const API_KEY: &str = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";
const OPERATOR_ID: &str = "op_01h455vb4pex5vsknk084sn02q";
const PRICE_FEN: i64 = 1000;

/// What the server does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    /// Charges a repeated session again, though it answers as it did the first time.
    ChargesRepeats,
    /// Forgets sessions: a repeat is a new charge with a new answer.
    ForgetsSessions,
    /// Answers 503 instead of every 50th charge, which it makes all the same.
    LosesAnswers,
    /// Closes the connection instead of answering every 50th charge.
    HangsUp,
    /// Authorizes whatever time the session has.
    AcceptsLate,
}

#[derive(Debug)]
struct State {
    flaw: Flaw,
    key: SigningKey,
    balance_fen: i64,
    charges: u64,
    answers: HashMap<String, Value>,
}

struct Request<'a> {
    path: &'a str,
    timestamp_s: i64,
    signature: &'a str,
    session_id: &'a str,
    body: &'a [u8],
}

enum Answer {
    Json { status: u16, replayed: bool, body: Value },
    HangUp,
}

/// Starts on a thread of its own, which ends with the process.
pub(super) fn start(flaw: Flaw, balance_fen: i64) -> SocketAddr {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            let key = SigningKey::new(API_KEY.as_bytes());
            let state = State { flaw, key, balance_fen, charges: 0, answers: HashMap::new() };
            let state = Arc::new(Mutex::new(state));
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&state)));
            }
        });
    });
    receiver.recv().unwrap()
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    stream.set_nodelay(true).unwrap();
    let mut buffer = vec![0; 4096];
    let mut filled = 0;
    loop {
        match stream.read(&mut buffer[filled..]).await {
            Ok(read) if read > 0 => filled += read,
            _ => return,
        }
        let Some(request) = parse_request(&buffer[..filled]) else {
            continue;
        };
        filled = 0;
        let answer = state.lock().unwrap().answer(&request);
        let Answer::Json { status, replayed, body } = answer else {
            return;
        };
        let replayed = if replayed { "Idempotent-Replayed: true\r\n" } else { "" };
        let body = body.to_string();
        let length = body.len();
        let response = format!("HTTP/1.1 {status} x\r\nContent-Length: {length}\r\n{replayed}\r\n{body}");
        if stream.write_all(response.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn parse_request(bytes: &[u8]) -> Option<Request<'_>> {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(body_start) = request.parse(bytes).unwrap() else {
        return None;
    };
    let header = |name: &str| {
        let header = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        header.map_or("", |header| std::str::from_utf8(header.value).unwrap())
    };
    let body_len: usize = header("Content-Length").parse().unwrap_or(0);
    Some(Request {
        path: request.path.unwrap(),
        timestamp_s: header("X-Timestamp").parse().unwrap(),
        signature: header("X-Signature"),
        session_id: header("X-Session-ID"),
        body: bytes.get(body_start..body_start + body_len)?,
    })
}

impl State {
    fn answer(&mut self, request: &Request<'_>) -> Answer {
        let method = if request.body.is_empty() { "GET" } else { "POST" };
        if !self.key.verify(request.timestamp_s, method, request.path, request.body, request.signature) {
            return refuse(400, "INVALID_SIGNATURE");
        }
        if request.path == "/v1/auth/game/config" {
            return Answer::Json { status: 200, replayed: false, body: self.config() };
        }
        self.authorize(request)
    }

    fn config(&self) -> Value {
        json!({"success": true, "data": {
            "operator_id": OPERATOR_ID, "operator_name": "测试", "balance": format_fen(self.balance_fen),
            "sites": [{"site_id": "site_01h455vb4pex5vsknk084sn02q", "name": "n", "address": "a"}],
            "applications": [{"app_id": "app_01h455vb4pex5vsknk084sn02q", "app_name": "太空探险",
                "unit_price": format_fen(PRICE_FEN), "min_players": 2, "max_players": 8, "expires_at": null}],
            "server_time": "2025-01-15T12:30:00.000Z"}})
    }

    fn authorize(&mut self, request: &Request<'_>) -> Answer {
        let body: Value = serde_json::from_slice(request.body).unwrap();
        let players = body["player_count"].as_i64().unwrap();
        let total_fen = players * PRICE_FEN;
        if self.flaw != Flaw::ForgetsSessions
            && let Some(answer) = self.answers.get(request.session_id)
        {
            if self.flaw == Flaw::ChargesRepeats {
                self.balance_fen -= total_fen;
            }
            return Answer::Json { status: 200, replayed: true, body: answer.clone() };
        }
        if self.flaw != Flaw::AcceptsLate && is_late(request) {
            return refuse(400, "INVALID_SESSION_ID");
        }
        if self.balance_fen < total_fen {
            return refuse(402, "INSUFFICIENT_BALANCE");
        }
        let answer = self.charge(request.session_id, players, total_fen);
        match self.flaw {
            Flaw::LosesAnswers if self.charges.is_multiple_of(50) => refuse(503, "SERVICE_UNAVAILABLE"),
            Flaw::HangsUp if self.charges.is_multiple_of(50) => Answer::HangUp,
            _ => Answer::Json { status: 200, replayed: false, body: answer },
        }
    }

    fn charge(&mut self, session_id: &str, players: i64, total_fen: i64) -> Value {
        self.balance_fen -= total_fen;
        self.charges += 1;
        let number = self.charges;
        let answer = json!({"success": true, "data": {
            "authorization_token": uuid::Uuid::from_u128(u128::from(number)).to_string(),
            "session_id": session_id, "usage_id": format!("usage_{number:026}"),
            "app_id": "app_01h455vb4pex5vsknk084sn02q", "app_name": "太空探险",
            "site_id": "site_01h455vb4pex5vsknk084sn02q", "player_count": players,
            "unit_price": format_fen(PRICE_FEN), "total_cost": format_fen(total_fen),
            "balance_after": format_fen(self.balance_fen), "authorized_at": "2025-01-15T12:30:00.000Z"}});
        self.answers.insert(session_id.to_owned(), answer.clone());
        answer
    }
}

/// By the request's timestamp, which the fake server takes for its own clock.
fn is_late(request: &Request<'_>) -> bool {
    let unix_ms: i64 = request.session_id.split('_').nth(2).unwrap().parse().unwrap();
    (unix_ms / 1000).abs_diff(request.timestamp_s) > 300
}

fn refuse(status: u16, code: &str) -> Answer {
    let body = json!({"success": false, "error_code": code, "message": "x", "request_id": "r"});
    Answer::Json { status, replayed: false, body }
}
