//! Signatures: those of the merchant, checked; those of WeChat, made.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Value, json};

use crate::config::WechatSigner;
use crate::crypto::{Pair, encrypt, random_text};
use crate::notifier::Delivery;
use crate::sandbox::Sandbox;
use crate::times;

const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";
/// How far the merchant's clock may be off.
const TOLERANCE_SECONDS: i64 = 300;

/// Whether the merchant signed this, just now.
pub(crate) fn is_authorized(
    sandbox: &Sandbox,
    headers: &HeaderMap,
    method: &Method,
    target: &str,
    body: &[u8],
) -> bool {
    verified(sandbox, headers, method, target, body).unwrap_or(false)
}

fn verified(
    sandbox: &Sandbox,
    headers: &HeaderMap,
    method: &Method,
    target: &str,
    body: &[u8],
) -> Option<bool> {
    let header = headers.get("authorization")?.to_str().ok()?;
    let fields = header.strip_prefix(SCHEME)?.strip_prefix(' ')?;
    let field = |name: &str| {
        fields
            .split(',')
            .filter_map(|field| field.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .and_then(|(_, value)| value.strip_prefix('"')?.strip_suffix('"'))
    };
    let config = sandbox.config();
    let ours = field("mchid")? == config.mchid
        && field("serial_no")?.eq_ignore_ascii_case(config.keys.merchant_serial());
    let timestamp: i64 = field("timestamp")?.parse().ok()?;
    let off = timestamp.abs_diff(sandbox.now().as_second());
    if !ours || off > TOLERANCE_SECONDS.unsigned_abs() {
        return Some(false);
    }
    let mut message = format!("{method}\n{target}\n{timestamp}\n{}\n", field("nonce_str")?).into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    Some(config.keys.merchant().verifies(&message, field("signature")?))
}

/// The headers with WeChat's signature. A request that names the public key's id is answered with that key.
pub(crate) fn seal(sandbox: &Sandbox, wanted: Option<&HeaderValue>, body: &[u8]) -> HeaderMap {
    let (config, keys) = (sandbox.config(), &sandbox.config().keys);
    let wants_public_key = wanted.is_some_and(|serial| serial.as_bytes() == keys.public_key_id().as_bytes());
    let (pair, serial) = match config.wechat_signer {
        WechatSigner::Certificate if !wants_public_key => (keys.certified(), keys.certificate_serial()),
        _ => (keys.platform(), keys.public_key_id()),
    };
    let (timestamp, nonce) = (sandbox.now().as_second().to_string(), random_text(32));
    let mut message = format!("{timestamp}\n{nonce}\n").into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    let mut headers = HeaderMap::new();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("wechatpay-serial", serial);
    set("wechatpay-timestamp", &timestamp);
    set("wechatpay-nonce", &nonce);
    set("wechatpay-signature", &pair.sign_text(&message));
    set("wechatpay-signature-type", SCHEME);
    set("request-id", &random_text(32));
    headers
}

/// The signature of a key under what headers and body say.
pub(crate) fn sign(pair: &Pair, headers: &HeaderMap, body: &[u8]) -> Option<HeaderValue> {
    let text = |name| headers.get(name)?.to_str().ok();
    let mut message =
        format!("{}\n{}\n", text("wechatpay-timestamp")?, text("wechatpay-nonce")?).into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    HeaderValue::from_str(&pair.sign_text(&message)).ok()
}

/// A notice, encrypted and signed. `None` if the library fails.
pub(crate) fn compose_notice(
    sandbox: &Sandbox,
    delivery: &Delivery,
    event: &str,
    kind: &str,
    content: &Value,
) -> Option<(HeaderMap, Vec<u8>)> {
    let mut resource = encrypt(sandbox.config().keys.api_v3_key(), &content.to_string(), kind)?;
    resource["original_type"] = json!(kind);
    let summary = if kind == "refund" { "退款通知" } else { "支付成功" };
    let body = json!({
        "id": delivery.id, "create_time": times::rfc3339(delivery.created), "event_type": event,
        "resource_type": "encrypt-resource", "summary": summary, "resource": resource,
    });
    let body = body.to_string().into_bytes();
    let mut headers = seal(sandbox, None, &body);
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    Some((headers, body))
}
