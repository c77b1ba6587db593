//! WeChat Pay APIv3: authorization, dispatch, and the signature under every answer.

mod bills;
mod certificates;
mod orders;
mod refunds;
mod seal;

use axum::extract::{OriginalUri, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};

use crate::faults::{Fault, bad_gateway};
use crate::sandbox::{Channel, Sandbox};

pub(crate) use orders::{Order, new_code, new_transaction_id};
pub(crate) use refunds::Refund;
pub(crate) use seal::{compose_notice, sign};

const MAX_BODY_BYTES: usize = 1 << 20;

/// An answer that is not a refusal.
pub(crate) enum Reply {
    Json(Value),
    NoContent,
    /// A file, the one answer without a signature.
    File(Vec<u8>),
}

/// Status, code, message.
pub(crate) struct Refusal(pub(crate) u16, pub(crate) &'static str, pub(crate) &'static str);

pub(crate) type Answer = Result<Reply, Refusal>;

/// A request whose signature was verified.
pub(crate) struct Call<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) body: &'a [u8],
    pub(crate) query: Vec<(String, String)>,
    /// The host that the client asked, for links.
    pub(crate) host: &'a str,
    pub(crate) fault: Fault,
}

impl Call<'_> {
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Result<Value, Refusal> {
        serde_json::from_slice(self.body).map_err(|_| Refusal(400, "PARAM_ERROR", "请求体不是合法的JSON"))
    }

    /// The merchant in body or query has to be the one that signed.
    pub(crate) fn check_merchant(&self, mchid: Option<&str>) -> Result<(), Refusal> {
        match mchid {
            Some(mchid) if mchid == self.sandbox.config().mchid => Ok(()),
            Some(_) => Err(Refusal(403, "NO_AUTH", "商户号与签名的商户号不一致")),
            None => Err(Refusal(400, "PARAM_ERROR", "缺少参数mchid")),
        }
    }
}

/// Any request under `/v3/`.
pub(crate) async fn answer(
    State(sandbox): State<Sandbox>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    match sandbox.in_turn(|| perform(&sandbox, &uri, &parts, &body)).await {
        Ok(Some(response)) => response,
        Ok(None) => sandbox.never_answer().await,
        Err(_) => bad_gateway(),
    }
}

/// The answer, or nothing if none shall come.
fn perform(sandbox: &Sandbox, uri: &Uri, parts: &Parts, body: &[u8]) -> Option<Response> {
    let fault = sandbox.fault(Channel::Wechat);
    if fault == Fault::Down {
        return Some(bad_gateway());
    }
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    if !seal::is_authorized(sandbox, &parts.headers, &parts.method, target, body) {
        let body = json!({ "code": "SIGN_ERROR", "message": "签名错误，请检查签名参数和方法是否都符合签名算法要求" });
        return Some((StatusCode::UNAUTHORIZED, axum::Json(body)).into_response());
    }
    let answered = match fault {
        Fault::ServerError => Err(Refusal(500, "SYSTEM_ERROR", "系统异常，请用相同参数重新调用")),
        _ => {
            let query = form_urlencoded::parse(uri.query().unwrap_or("").as_bytes()).into_owned().collect();
            let host = parts.headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
            let call = Call { sandbox, body, query, host, fault };
            // Nested or not, the route begins at /v3/.
            let path = parts.uri.path();
            let asks = parts.method == Method::GET && !path.contains("/certificates");
            match fault {
                Fault::QueryRefused if asks => Err(Refusal(403, "NO_AUTH", "商户号无权限")),
                Fault::QueryLags if asks && path.contains("/transactions/") => Err(orders::NO_ORDER),
                Fault::QueryLags if asks && path.contains("/refunds/") => Err(refunds::NO_REFUND),
                _ => dispatch(&call, &parts.method, path),
            }
        }
    };
    if fault == Fault::TimeoutAfterSuccess && parts.method == Method::POST && answered.is_ok() {
        return None;
    }
    Some(respond(sandbox, &parts.headers, answered))
}

fn dispatch(call: &Call<'_>, method: &Method, path: &str) -> Answer {
    let segments: Vec<String> = path.trim_start_matches("/v3/").split('/').map(decode).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (method.as_str(), segments.as_slice()) {
        ("POST", ["pay", "transactions", "native"]) => orders::create(call),
        ("GET", ["pay", "transactions", "out-trade-no", number]) => orders::query(call, number),
        ("GET", ["pay", "transactions", "id", id]) => orders::query_by_id(call, id),
        ("POST", ["pay", "transactions", "out-trade-no", number, "close"]) => orders::close(call, number),
        ("POST", ["refund", "domestic", "refunds"]) => refunds::create(call),
        ("GET", ["refund", "domestic", "refunds", number]) => refunds::query(call, number),
        ("POST", ["refund", "domestic", "refunds", id, "apply-abnormal-refund"]) => {
            refunds::apply_abnormal(call, id)
        }
        ("GET", ["certificates"]) => certificates::list(call.sandbox),
        ("GET", ["bill", "tradebill"]) => bills::request(call, bills::trade_bill),
        ("GET", ["bill", "fundflowbill"]) => {
            bills::request(call, |state, _, day| bills::fund_flow_bill(state, day))
        }
        ("GET", ["billdownload", "file"]) => bills::download(call),
        _ => Err(Refusal(404, "RESOURCE_NOT_EXISTS", "请求的接口不存在")),
    }
}

fn decode(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

fn respond(sandbox: &Sandbox, asked: &HeaderMap, answered: Answer) -> Response {
    let (status, body) = match answered {
        Ok(Reply::File(bytes)) => return bytes.into_response(),
        Ok(Reply::NoContent) => (204, Vec::new()),
        Ok(Reply::Json(value)) => (200, value.to_string().into_bytes()),
        Err(Refusal(status, code, message)) => {
            (status, json!({ "code": code, "message": message }).to_string().into_bytes())
        }
    };
    let mut headers = seal::seal(sandbox, asked.get("wechatpay-serial"), &body);
    if !body.is_empty() {
        headers.insert("content-type", http::HeaderValue::from_static("application/json; charset=utf-8"));
    }
    (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), headers, body).into_response()
}
