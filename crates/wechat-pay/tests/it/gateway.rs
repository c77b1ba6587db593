//! A server on this machine that checks every request's signature and signs its answers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use serde_json::{Value, json};
use wechat_pay::{Client, Hosts, PlatformKeys};

use crate::setting::{
    self, API_V3_KEY, MERCHANT_SERIAL, NOW, PUBLIC_KEY_ID, SERIAL_1, SERIAL_2, TestClock, data,
};

/// A request as it came, its signature verified.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// Who signs an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Signer {
    Certificate1,
    Certificate2,
    PublicKey,
    Nobody,
}

/// An answer to be given.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    body: Vec<u8>,
    signer: Signer,
    timestamp: i64,
    tampered: bool,
    silent: bool,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let signer = Signer::Certificate1;
        Reply { status, body: body.into(), signer, timestamp: NOW, tampered: false, silent: false }
    }

    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, body)
    }

    pub(crate) fn error(status: u16, code: &str) -> Self {
        Self::new(status, format!(r#"{{"code":"{code}","message":"because"}}"#))
    }

    /// The request is read, and nothing is ever answered.
    pub(crate) fn never() -> Self {
        Reply { silent: true, ..Self::ok("") }
    }

    pub(crate) fn signed_by(self, signer: Signer) -> Self {
        Reply { signer, ..self }
    }

    pub(crate) fn signed_at(self, timestamp: i64) -> Self {
        Reply { timestamp, ..self }
    }

    /// Signed, and changed afterwards.
    pub(crate) fn tampered(self) -> Self {
        Reply { tampered: true, ..self }
    }
}

#[derive(Clone, Default)]
pub(crate) struct Gateway {
    pub(crate) address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
}

impl Gateway {
    /// Starts one that gives these answers, one after the other, and 500 without a signature after that.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = Gateway {
            address: format!("http://{}", listener.local_addr().unwrap()),
            replies: Arc::new(Mutex::new(replies.into_iter().collect())),
            ..Gateway::default()
        };
        let router = Router::new().fallback(answer).with_state(gateway.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        gateway
    }

    /// A client of this gateway that has certificate 1.
    pub(crate) fn client(&self) -> Client {
        self.client_with(setting::certificate_keys(), &TestClock::new())
    }

    pub(crate) fn client_with(&self, keys: PlatformKeys, clock: &TestClock) -> Client {
        setting::client(Hosts::new(&self.address, None).unwrap(), keys, clock)
    }

    pub(crate) fn then(&self, reply: Reply) {
        self.replies.lock().unwrap().push_back(reply);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The one request that came.
    pub(crate) fn only(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.into_iter().next().unwrap()
    }
}

async fn answer(State(gateway): State<Gateway>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let target = parts.uri.path_and_query().unwrap().as_str().to_owned();
    let method = parts.method.as_str().to_owned();
    assert_authorized(&parts.headers, &method, &target, &body);
    let text = String::from_utf8(body.to_vec()).unwrap();
    gateway.seen.lock().unwrap().push(Seen { method, target, headers: parts.headers, body: text });
    let reply = gateway.replies.lock().unwrap().pop_front();
    let reply = reply.unwrap_or_else(|| Reply::new(500, "").signed_by(Signer::Nobody));
    if reply.silent {
        std::future::pending::<()>().await;
    }
    respond(reply)
}

/// A wrong signature ends the connection, so that the test that caused it fails.
fn assert_authorized(headers: &HeaderMap, method: &str, target: &str, body: &Bytes) {
    let header = headers["authorization"].to_str().unwrap();
    let fields = header.strip_prefix("WECHATPAY2-SHA256-RSA2048 ").unwrap();
    let field = |name: &str| {
        let found = fields.split(',').find_map(|field| field.strip_prefix(&format!("{name}=\"")));
        found.unwrap().strip_suffix('"').unwrap()
    };
    assert_eq!((field("mchid"), field("serial_no")), ("1900007291", MERCHANT_SERIAL));
    let mut message =
        format!("{method}\n{target}\n{}\n{}\n", field("timestamp"), field("nonce_str")).into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    let pem = data("merchant_public_key.pem");
    let key = SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes()).unwrap();
    let signature = STANDARD.decode(field("signature")).unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.as_ref()).verify(&message, &signature).unwrap();
}

fn respond(reply: Reply) -> Response {
    let mut headers = HeaderMap::new();
    sign(&mut headers, reply.signer, reply.timestamp, &reply.body);
    let mut body = reply.body;
    if reply.tampered {
        body.push(b' ');
    }
    let mut response = Response::new(body.into());
    *response.status_mut() = reply.status.try_into().unwrap();
    *response.headers_mut() = headers;
    response
}

/// Puts WeChat's signature into the headers.
pub(crate) fn sign(headers: &mut HeaderMap, signer: Signer, timestamp: i64, body: &[u8]) {
    let (serial, file) = match signer {
        Signer::Certificate1 => (SERIAL_1, "platform_key_1.pem"),
        Signer::Certificate2 => (SERIAL_2, "platform_key_2.pem"),
        Signer::PublicKey => (PUBLIC_KEY_ID, "platform_key_1.pem"),
        Signer::Nobody => return,
    };
    let der = PrivatePkcs8KeyDer::from_pem_slice(data(file).as_bytes()).unwrap();
    let pair = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap();
    let mut message = format!("{timestamp}\nanswer\n").into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut signature).unwrap();
    let mut set = |name: &'static str, value: &str| {
        headers.insert(name, HeaderValue::from_str(value).unwrap());
    };
    set("wechatpay-serial", serial);
    set("wechatpay-timestamp", &timestamp.to_string());
    set("wechatpay-nonce", "answer");
    set("wechatpay-signature", &STANDARD.encode(signature));
    set("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048");
}

/// A text as WeChat encrypts it under the merchant's APIv3 key.
pub(crate) fn encrypt(plain: &str, associated_data: &str) -> Value {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, API_V3_KEY.as_bytes()).unwrap());
    let mut bytes = plain.as_bytes().to_vec();
    let nonce = Nonce::try_assume_unique_for_key(b"abcdefghijkl").unwrap();
    key.seal_in_place_append_tag(nonce, Aad::from(associated_data.as_bytes()), &mut bytes).unwrap();
    json!({
        "algorithm": "AEAD_AES_256_GCM", "nonce": "abcdefghijkl", "associated_data": associated_data,
        "ciphertext": STANDARD.encode(bytes),
    })
}

/// What was encrypted for certificate 1.
pub(crate) fn decrypted(ciphertext: &Value) -> String {
    let der = PrivatePkcs8KeyDer::from_pem_slice(data("platform_key_1.pem").as_bytes()).unwrap();
    let key = PrivateDecryptingKey::from_pkcs8(der.secret_pkcs8_der()).unwrap();
    let key = OaepPrivateDecryptingKey::new(key).unwrap();
    let ciphertext = STANDARD.decode(ciphertext.as_str().unwrap()).unwrap();
    let mut plain = vec![0; key.min_output_size()];
    let plain = key.decrypt(&OAEP_SHA1_MGF1SHA1, &ciphertext, &mut plain, None).unwrap();
    String::from_utf8(plain.to_vec()).unwrap()
}
