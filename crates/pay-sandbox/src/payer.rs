//! The payer, played by whoever opens the pay page or posts to it.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use crate::faults::no_store;
use crate::notifier::Notice;
use crate::page;
use crate::sandbox::{Channel, Sandbox, later};
use crate::state::State as Remembered;

/// What the payer does, and what becomes of the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentResult {
    /// Pays; the notice comes at once.
    Success,
    /// Tries to pay, in vain. The order stays open, as it does at both providers, unless
    /// [`Config::failure_ends_order`](crate::Config::failure_ends_order) says otherwise.
    Failed,
    /// Pays; no notice comes.
    SuccessWithoutNotify,
    /// Pays; the same notice comes twice.
    SuccessDuplicateNotify,
    /// Pays, and the merchant's staff gives all of it back at once on the provider's own pages. The one notice that comes tells
    /// of both: at WeChat Pay in state `REFUND`, at Alipay `TRADE_CLOSED` with a time of payment.
    SuccessThenReturned,
    /// Pays; the notice comes ten seconds later ([`Config::late_notice`](crate::Config::late_notice)).
    SuccessLateNotify,
}

/// Why the payer cannot pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayError {
    /// There is no such order.
    #[error("订单不存在")]
    NoOrder,
    /// It is paid.
    #[error("订单已支付")]
    Paid,
    /// It is closed, or too old, or its code is.
    #[error("订单已关闭或二维码已过期")]
    NotPayable,
}

/// What a payer did at the pay page: an extension of the answer, for whoever shows the page as part of something larger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// At which provider.
    pub channel: Channel,
    /// The order's number.
    pub out_trade_no: String,
    /// What the payer did.
    pub result: PaymentResult,
}

#[derive(Deserialize)]
struct Request {
    result: PaymentResult,
}

impl Sandbox {
    /// Plays the payer.
    ///
    /// # Errors
    ///
    /// [`PayError`].
    pub fn pay(&self, channel: Channel, out_trade_no: &str, result: PaymentResult) -> Result<(), PayError> {
        let now = self.now();
        let mut state = self.state();
        let notice = match channel {
            Channel::Wechat => {
                let order = state.wechat_orders.get_mut(out_trade_no).ok_or(PayError::NoOrder)?;
                self.0.wake.notify_one();
                may_pay(order.paid.is_some(), order.is_payable(now))?;
                if result == PaymentResult::Failed {
                    order.failed = self.config().failure_ends_order;
                    return Ok(());
                }
                order.returned = result == PaymentResult::SuccessThenReturned;
                order.refunded = order.returned;
                Some(self.pay_wechat(order, now))
            }
            Channel::Alipay => {
                let order = state.alipay_orders.get_mut(out_trade_no).ok_or(PayError::NoOrder)?;
                let paid = order.trade.as_ref().is_some_and(|trade| trade.paid.is_some());
                may_pay(paid, order.is_payable(now))?;
                order.scan(now);
                match (result, self.config().failure_ends_order) {
                    (PaymentResult::Failed, true) => self.fail_alipay(order, now),
                    (PaymentResult::Failed, false) => None,
                    (result, _) => self.pay_alipay(order, now, result == PaymentResult::SuccessThenReturned),
                }
            }
        };
        if let Some((url, notice)) = notice {
            self.announce(&mut state, &url, &notice, result, now);
        }
        Ok(())
    }

    fn announce(
        &self,
        state: &mut Remembered,
        url: &str,
        notice: &Notice,
        result: PaymentResult,
        now: Timestamp,
    ) {
        match result {
            PaymentResult::Success | PaymentResult::Failed | PaymentResult::SuccessThenReturned => {
                self.notify(state, url, notice.clone(), now);
            }
            PaymentResult::SuccessLateNotify => {
                self.notify(state, url, notice.clone(), later(now, self.config().late_notice));
            }
            PaymentResult::SuccessDuplicateNotify => {
                let sent = self.notify(state, url, notice.clone(), now);
                sent.into_iter().for_each(|again| state.enqueue(again));
            }
            PaymentResult::SuccessWithoutNotify => {}
        }
    }

    /// The buyer scans the code and looks at the order. At Alipay that makes the trade.
    pub fn scan(&self, channel: Channel, out_trade_no: &str) {
        let now = self.now();
        let mut state = self.state();
        if channel == Channel::Alipay
            && let Some(order) = state.alipay_orders.get_mut(out_trade_no)
            && order.is_payable(now)
        {
            order.scan(now);
        }
    }
}

fn may_pay(paid: bool, payable: bool) -> Result<(), PayError> {
    match (paid, payable) {
        (true, _) => Err(PayError::Paid),
        (false, false) => Err(PayError::NotPayable),
        (false, true) => Ok(()),
    }
}

/// `POST {payment_url}/pay`: JSON from tests, a form from the page, which is then shown again.
pub(crate) async fn pay(
    State(sandbox): State<Sandbox>,
    Path((channel, number)): Path<(Channel, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let content_type = headers.get("content-type").map_or(&b""[..], |value| value.as_bytes());
    let is_form = content_type.starts_with(b"application/x-www-form-urlencoded");
    let request = if is_form {
        form_urlencoded::parse(&body)
            .find(|(name, _)| name == "result")
            .and_then(|(_, value)| serde_json::from_value(json!({ "result": value })).ok())
    } else {
        serde_json::from_slice::<Request>(&body).ok()
    };
    let Some(Request { result }) = request else {
        let message = "result: success | failed | success_without_notify | success_duplicate_notify | success_late_notify | success_then_returned";
        return (StatusCode::BAD_REQUEST, Json(json!({ "message": message }))).into_response();
    };
    let played = sandbox.in_turn(|| sandbox.pay(channel, &number, result));
    let Ok(played) = played.await else { return no_store() };
    match played {
        Ok(()) => {
            let mut response = match is_form {
                true => page::see_again(&number),
                false => Json(json!({ "channel": channel, "out_trade_no": number })).into_response(),
            };
            response.extensions_mut().insert(Played { channel, out_trade_no: number, result });
            response
        }
        Err(PayError::Paid | PayError::NotPayable) if is_form => page::see_again(&number),
        Err(error) => {
            let status =
                if error == PayError::NoOrder { StatusCode::NOT_FOUND } else { StatusCode::CONFLICT };
            (status, Json(json!({ "message": error.to_string() }))).into_response()
        }
    }
}
