//! Refunds, whole and in parts.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Answer, Call, Refusal, Reply};
use crate::crypto::random_digits;
use crate::faults::Fault;
use crate::notifier::Notice;
use crate::sandbox::{Sandbox, later};
use crate::state::State;
use crate::times;

/// A payment can be refunded for a year.
const WINDOW: SignedDuration = SignedDuration::from_hours(365 * 24);
const MOST_PARTS: usize = 50;
const ACCOUNT: &str = "支付用户零钱";
pub(super) const NO_REFUND: Refusal = Refusal(404, "RESOURCE_NOT_EXISTS", "退款单不存在");

#[derive(Serialize, Deserialize)]
pub(crate) struct Refund {
    pub(crate) number: String,
    pub(crate) order_number: String,
    pub(crate) transaction_id: String,
    pub(crate) id: String,
    pub(crate) amount: i64,
    pub(crate) total: i64,
    pub(crate) accepted: Timestamp,
    /// When the money is there, or turns out not to be.
    arrives: Timestamp,
    /// Whether the payer's account cannot take it.
    abnormal: bool,
    #[serde(default)]
    notify_url: String,
}

impl Refund {
    fn answer(&self, now: Timestamp) -> Value {
        let (fen, none) = (self.amount, 0);
        let mut answer = json!({
            "refund_id": self.id, "out_refund_no": self.number, "transaction_id": self.transaction_id,
            "out_trade_no": self.order_number, "channel": "ORIGINAL", "user_received_account": ACCOUNT,
            "create_time": times::rfc3339(self.accepted), "status": "PROCESSING", "funds_account": "AVAILABLE",
            "amount": {
                "total": self.total, "refund": fen, "from": [], "payer_total": self.total, "payer_refund": fen,
                "settlement_total": self.total, "settlement_refund": fen, "discount_refund": none,
                "currency": "CNY",
            },
            "promotion_detail": [],
        });
        if self.arrives <= now && self.abnormal {
            answer["status"] = json!("ABNORMAL");
        } else if self.arrives <= now {
            answer["status"] = json!("SUCCESS");
            answer["success_time"] = json!(times::rfc3339(self.arrives));
        }
        answer
    }

    fn notice(&self, sandbox: &Sandbox) -> Notice {
        let mut content = json!({
            "mchid": sandbox.config().mchid, "out_trade_no": self.order_number,
            "transaction_id": self.transaction_id, "out_refund_no": self.number, "refund_id": self.id,
            "refund_status": "SUCCESS", "success_time": times::rfc3339(self.arrives),
            "user_received_account": ACCOUNT,
            "amount": {
                "total": self.total, "refund": self.amount, "payer_total": self.total,
                "payer_refund": self.amount,
            },
        });
        let mut event = "REFUND.SUCCESS";
        if self.abnormal {
            event = "REFUND.ABNORMAL";
            content["refund_status"] = json!("ABNORMAL");
            content["success_time"] = json!("");
        }
        Notice::Wechat { event: event.to_owned(), kind: "refund".to_owned(), content }
    }
}

const fn against(message: &'static str) -> Refusal {
    Refusal(400, "INVALID_REQUEST", message)
}

pub(crate) fn create(call: &Call<'_>) -> Answer {
    let (sandbox, request, now) = (call.sandbox, call.json()?, call.sandbox.now());
    let number = request["out_refund_no"].as_str().unwrap_or_default();
    let numbered = (1..=64).contains(&number.len())
        && number.chars().all(|c| c.is_ascii_alphanumeric() || "_-|*@".contains(c));
    let amount = request["amount"]["refund"].as_i64().filter(|amount| *amount > 0);
    let (true, Some(amount)) = (numbered, amount) else {
        return Err(Refusal(400, "PARAM_ERROR", "商户退款单号或退款金额不符合规则"));
    };
    let mut state = sandbox.state();
    let order_number = order_of(&state, &request)?;
    if let Some(known) = state.wechat_refunds.get(number) {
        let same = known.order_number == order_number && known.amount == amount;
        let same = same && request["amount"]["total"].as_i64() == Some(known.total);
        return if same {
            Ok(Reply::Json(known.answer(now)))
        } else {
            Err(against("订单金额或退款金额与之前请求不一致，请核实后再试"))
        };
    }
    if call.fault == Fault::RefundNotEnough {
        return Err(Refusal(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起"));
    }
    let mut refund = accept(sandbox, &mut state, &request, &order_number, amount, now)?;
    refund.abnormal = call.fault == Fault::RefundAbnormal;
    let answer = refund.answer(now);
    sandbox.notify(&mut state, &refund.notify_url, refund.notice(sandbox), refund.arrives);
    state.wechat_refunds.insert(number.to_owned(), refund);
    Ok(Reply::Json(answer))
}

fn order_of(state: &State, request: &Value) -> Result<String, Refusal> {
    let found = match (request["transaction_id"].as_str(), request["out_trade_no"].as_str()) {
        (Some(id), _) => state.order_of_transaction(id),
        (None, Some(number)) => state.wechat_orders.get(number),
        (None, None) => return Err(Refusal(400, "PARAM_ERROR", "缺少微信支付订单号或商户订单号")),
    };
    found.map(|order| order.number.clone()).ok_or(Refusal(404, "RESOURCE_NOT_EXISTS", "订单不存在"))
}

fn accept(
    sandbox: &Sandbox,
    state: &mut State,
    request: &Value,
    order_number: &str,
    amount: i64,
    now: Timestamp,
) -> Result<Refund, Refusal> {
    let parts = state.wechat_refunds.values().filter(|refund| refund.order_number == order_number);
    let (count, refunded, latest) = parts.fold((0_usize, 0_i64, None), |(count, sum, latest), refund| {
        (count + 1, sum + refund.amount, latest.max(Some(refund.accepted)))
    });
    let order = state.wechat_orders.get_mut(order_number).ok_or(against("订单不存在"))?;
    let paid = order.paid.clone().ok_or(against("订单未支付，不能退款"))?;
    if request["amount"]["total"].as_i64() != Some(order.total) {
        return Err(against("订单金额与支付时不一致"));
    }
    if now > later(paid.at, WINDOW) {
        return Err(against("订单已超过可退款的最大期限"));
    }
    if amount > order.total - refunded {
        return Err(against("累计退款金额大于支付金额"));
    }
    if count >= MOST_PARTS {
        return Err(against("超过部分退款次数限制"));
    }
    if latest.is_some_and(|latest| now < later(latest, sandbox.config().refund_spacing)) {
        return Err(Refusal(429, "FREQUENCY_LIMITED", "同一笔订单多次退款的请求需相隔1分钟"));
    }
    order.refunded = true;
    Ok(Refund {
        number: request["out_refund_no"].as_str().unwrap_or_default().to_owned(),
        order_number: order_number.to_owned(),
        transaction_id: paid.id,
        id: format!("503{}{}", times::compact_day(now), random_digits(17)),
        amount,
        total: order.total,
        accepted: now,
        arrives: later(now, sandbox.config().refund_takes),
        abnormal: false,
        notify_url: request["notify_url"].as_str().unwrap_or_default().to_owned(),
    })
}

pub(crate) fn query(call: &Call<'_>, number: &str) -> Answer {
    let state = call.sandbox.state();
    let refund = state.wechat_refunds.get(number);
    let refund = refund.ok_or(NO_REFUND)?;
    Ok(Reply::Json(refund.answer(call.sandbox.now())))
}

/// Sends an abnormal refund on: from now on it is like any other. Who gets it is the merchant's business.
pub(crate) fn apply_abnormal(call: &Call<'_>, id: &str) -> Answer {
    let (sandbox, request, now) = (call.sandbox, call.json()?, call.sandbox.now());
    let number = request["out_refund_no"].as_str().unwrap_or_default();
    let known = |kind: &str| matches!(kind, "USER_BANK_CARD" | "MERCHANT_BANK_CARD");
    if !request["type"].as_str().is_some_and(known) {
        return Err(Refusal(400, "PARAM_ERROR", "type不符合规则"));
    }
    let mut state = sandbox.state();
    let refund = state.wechat_refunds.get_mut(number).filter(|refund| refund.id == id).ok_or(NO_REFUND)?;
    if !refund.abnormal || now < refund.arrives {
        return Err(against("退款单状态不是退款异常"));
    }
    (refund.abnormal, refund.arrives) = (false, later(now, sandbox.config().refund_takes));
    let (answer, notice, due) = (refund.answer(now), refund.notice(sandbox), refund.arrives);
    let url = refund.notify_url.clone();
    sandbox.notify(&mut state, &url, notice, due);
    Ok(Reply::Json(answer))
}
