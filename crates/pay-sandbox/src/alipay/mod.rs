//! Alipay's gateway: one address, a form signed by the application, an answer signed over its exact text.

mod bills;
mod order;
mod refunds;
mod trades;

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::config::AlipaySigner;
use crate::crypto::Pair;
use crate::faults::{Fault, bad_gateway};
use crate::notifier::Delivery;
use crate::sandbox::{Channel, Sandbox};
use crate::times;

pub(crate) use bills::download;
pub(crate) use order::{Order, new_code, new_trade_no};

/// The fields of a notice, before those that every notice has.
pub(crate) type Fields = BTreeMap<String, String>;

/// Code, message, sub-code, message to that.
pub(crate) struct Refusal(&'static str, &'static str, &'static str, &'static str);

pub(crate) type Answer = Result<Value, Refusal>;

/// A refusal of the business.
const fn failed(sub_code: &'static str, message: &'static str) -> Refusal {
    Refusal("40004", "Business Failed", sub_code, message)
}

const fn invalid(sub_code: &'static str, message: &'static str) -> Refusal {
    Refusal("40002", "Invalid Arguments", sub_code, message)
}

/// A request whose signature was verified.
pub(crate) struct Call<'a> {
    sandbox: &'a Sandbox,
    content: Value,
    notify_url: &'a str,
    host: &'a str,
    now: Timestamp,
    fault: Fault,
}

impl Call<'_> {
    fn text(&self, name: &str) -> &str {
        self.content[name].as_str().unwrap_or_default()
    }
}

/// `POST /gateway.do`
pub(crate) async fn answer(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Response {
    match sandbox.in_turn(|| judge(&sandbox, &headers, &body)).await {
        Ok(Some(response)) => response,
        Ok(None) => sandbox.never_answer().await,
        Err(_) => bad_gateway(),
    }
}

/// The answer, or nothing if none shall come.
fn judge(sandbox: &Sandbox, headers: &HeaderMap, body: &[u8]) -> Option<Response> {
    let fault = sandbox.fault(Channel::Alipay);
    if fault == Fault::Down {
        return Some(bad_gateway());
    }
    let fields: Fields = form_urlencoded::parse(body).into_owned().collect();
    let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let method = fields.get("method").map_or("", String::as_str);
    let answered = perform(sandbox, &fields, method, host, fault);
    let only_asks = method.ends_with("query");
    if fault == Fault::TimeoutAfterSuccess && !only_asks && answered.is_ok() {
        return None;
    }
    let inner = match answered {
        Ok(mut value) => {
            value["code"] = json!("10000");
            value["msg"] = json!("Success");
            value
        }
        Err(Refusal(code, message, sub_code, sub_message)) => {
            json!({ "code": code, "msg": message, "sub_code": sub_code, "sub_msg": sub_message })
        }
    };
    Some(respond(sandbox, method, &inner))
}

/// The text is signed as it is sent, slashes escaped as Alipay does.
fn respond(sandbox: &Sandbox, method: &str, inner: &Value) -> Response {
    let text = inner.to_string().replace('/', "\\/");
    let sign = sandbox.config().keys.alipay().sign_text(text.as_bytes());
    let name = method.replace('.', "_");
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let node =
        if plain && !name.is_empty() { format!("{name}_response") } else { "error_response".to_owned() };
    let certificate = match sandbox.config().alipay_signer {
        AlipaySigner::PublicKey => String::new(),
        AlipaySigner::Certificate => {
            format!(r#","alipay_cert_sn":"{}""#, sandbox.config().keys.alipay_number())
        }
    };
    let body = format!(r#"{{"{node}":{text},"sign":"{sign}"{certificate}}}"#);
    ([("content-type", "text/html;charset=utf-8")], body).into_response()
}

fn perform(sandbox: &Sandbox, fields: &Fields, method: &str, host: &str, fault: Fault) -> Answer {
    let field = |name: &str| fields.get(name).map_or("", String::as_str);
    if field("app_id") != sandbox.config().app_id {
        return Err(invalid("isv.invalid-app-id", "无效的AppID参数"));
    }
    if field("sign_type") != "RSA2" {
        return Err(invalid("isv.invalid-signature-type", "无效签名类型"));
    }
    if !sandbox.config().keys.app().verifies(request_content(fields).as_bytes(), field("sign")) {
        return Err(invalid(
            "isv.invalid-signature",
            "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配",
        ));
    }
    let keys = &sandbox.config().keys;
    let names_keys = [("app_cert_sn", keys.app_number()), ("alipay_root_cert_sn", keys.root_number())];
    if sandbox.config().alipay_signer == AlipaySigner::Certificate
        && names_keys.iter().any(|(name, number)| field(name) != *number)
    {
        return Err(invalid("isv.missing-app-cert-sn", "应用公钥证书序列号不正确"));
    }
    let only_asks = method.ends_with("query");
    if fault == Fault::QueryRefused && only_asks {
        return Err(Refusal(
            "40006",
            "Insufficient Permissions",
            "isv.insufficient-isv-permissions",
            "ISV权限不足",
        ));
    }
    if fault == Fault::ServerError {
        return Err(Refusal("20000", "Service Currently Unavailable", "isp.unknow-error", "系统繁忙"));
    }
    let content = serde_json::from_str(field("biz_content"));
    let content = content.map_err(|_| invalid("isv.invalid-parameter", "biz_content不是合法的JSON"))?;
    let call = Call { sandbox, content, notify_url: field("notify_url"), host, now: sandbox.now(), fault };
    match method {
        "alipay.trade.precreate" => trades::precreate(&call),
        "alipay.trade.query" if fault == Fault::QueryLags => Err(trades::NO_TRADE),
        "alipay.trade.fastpay.refund.query" if fault == Fault::QueryLags => Ok(json!({})),
        "alipay.trade.query" => trades::query(&call),
        "alipay.trade.close" => trades::close(&call),
        "alipay.trade.cancel" => refunds::cancel(&call),
        "alipay.trade.refund" => refunds::refund(&call),
        "alipay.trade.fastpay.refund.query" => refunds::query(&call),
        "alipay.data.dataservice.bill.downloadurl.query" => bills::link(&call),
        _ => Err(invalid("isv.invalid-method", "不存在的方法名")),
    }
}

/// Requests sign every field that is not empty, `sign_type` too.
fn request_content(fields: &Fields) -> String {
    join(fields.iter().filter(|(name, value)| name.as_str() != "sign" && !value.is_empty()))
}

fn join<'a>(fields: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    let pairs: Vec<String> = fields.map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// The signature of a key under a notice.
pub(crate) fn sign_notice(pair: &Pair, fields: &Fields) -> String {
    let signed =
        fields.iter().filter(|(name, _)| !matches!(name.as_str(), "sign" | "sign_type" | "alipay_cert_sn"));
    pair.sign_text(join(signed).as_bytes())
}

/// A notice: the fields of its trade, those of every notice, and the signature, which leaves out `sign_type`.
pub(crate) fn compose_notice(
    sandbox: &Sandbox,
    delivery: &Delivery,
    fields: &Fields,
) -> (HeaderMap, Vec<u8>) {
    let config = sandbox.config();
    let mut all = fields.clone();
    let mut set = |name: &str, value: &str| all.insert(name.to_owned(), value.to_owned());
    set("notify_time", &times::wall_clock(sandbox.now()));
    set("notify_type", "trade_status_sync");
    set("notify_id", &delivery.id);
    set("app_id", &config.app_id);
    set("auth_app_id", &config.app_id);
    set("charset", "utf-8");
    set("version", "1.0");
    let sign = sign_notice(config.keys.alipay(), &all);
    all.insert("sign_type".to_owned(), "RSA2".to_owned());
    all.insert("sign".to_owned(), sign);
    if config.alipay_signer == AlipaySigner::Certificate {
        all.insert("alipay_cert_sn".to_owned(), config.keys.alipay_number().to_owned());
    }
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&all).finish();
    let mut headers = HeaderMap::new();
    let form = HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
    headers.insert("content-type", form);
    (headers, body.into_bytes())
}
