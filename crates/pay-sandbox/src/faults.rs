//! Faults on demand.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::sandbox::{Channel, Sandbox};

/// What is wrong with a provider. It concerns the gateway; notices go out all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Nothing is done, and a proxy before the gateway answers 502 without a signature.
    Down,
    /// What is asked is done, and the answer never comes. Questions are answered.
    TimeoutAfterSuccess,
    /// Nothing is done, and the gateway says with its signature that it has a system error.
    ServerError,
    /// The merchant has too little money for a refund. Everything else works.
    RefundNotEnough,
    /// Refunds are accepted and not made: at WeChat Pay they become `ABNORMAL`, at Alipay no money moves and the query
    /// finds none. Everything else works.
    RefundAbnormal,
    /// Questions are refused, with a signature: WeChat Pay says `NO_AUTH`, Alipay 40006. What is asked to be done is done.
    QueryRefused,
    /// Questions lag behind: orders and refunds are not found. What is asked to be done is done.
    QueryLags,
    /// Bills are late: they are not made before this ends.
    BillLate,
}

/// The number of the one fault that a provider has.
const ONLY: &str = "fault";

#[derive(Deserialize)]
pub(crate) struct Request {
    channel: Channel,
    fault: Fault,
}

impl Sandbox {
    /// Breaks a provider, or mends it.
    pub fn set_fault(&self, channel: Channel, fault: Fault) {
        self.state().faults.entry(channel).or_default().insert(ONLY.to_owned(), fault);
        self.0.wake.notify_one();
    }

    pub(crate) fn fault(&self, channel: Channel) -> Fault {
        let state = self.state();
        state.faults.get(&channel).and_then(|fault| fault.get(ONLY)).copied().unwrap_or_default()
    }

    /// The answer that never comes. The client is gone long before the 504 at the end.
    pub(crate) async fn never_answer(&self) -> Response {
        tokio::time::sleep(self.config().hold).await;
        StatusCode::GATEWAY_TIMEOUT.into_response()
    }
}

/// What is answered for a provider that is down.
pub(crate) fn bad_gateway() -> Response {
    (StatusCode::BAD_GATEWAY, [("content-type", "text/html")], "<html>502 Bad Gateway</html>").into_response()
}

/// What people are answered when the store is away.
pub(crate) fn no_store() -> Response {
    let message = "The store of the sandbox is away";
    (StatusCode::SERVICE_UNAVAILABLE, Json(serde_json::json!({ "message": message }))).into_response()
}

/// `POST /sandbox/faults`
pub(crate) async fn set(State(sandbox): State<Sandbox>, body: axum::body::Bytes) -> Response {
    let Ok(request) = serde_json::from_slice::<Request>(&body) else {
        let message = "channel: wechat | alipay; fault: none | down | timeout_after_success | server_error | refund_not_enough | refund_abnormal | query_refused | query_lags | bill_late";
        return (StatusCode::BAD_REQUEST, Json(serde_json::json!({ "message": message }))).into_response();
    };
    if sandbox.in_turn(|| sandbox.set_fault(request.channel, request.fault)).await.is_err() {
        return no_store();
    }
    Json(serde_json::json!({ "channel": request.channel, "fault": request.fault })).into_response()
}
