//! Creating orders, and querying and closing trades.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::order::{BUYER, BUYER_ID, Order, Part, new_code};
use super::{Answer, Call, Refusal, failed, invalid};
use crate::crypto::random_digits;
use crate::notifier::Notice;
use crate::sandbox::{Sandbox, later};
use crate::state::State;
use crate::times;
use crate::yuan::{fen, yuan};

/// A code lasts two hours unless the order says otherwise.
const CODE_LIFE: SignedDuration = SignedDuration::from_hours(2);
pub(super) const NO_TRADE: Refusal = failed("ACQ.TRADE_NOT_EXIST", "交易不存在");

impl State {
    /// The order that a request names by either number, once there is a trade.
    pub(super) fn alipay_trade(&self, call: &Call<'_>) -> Result<&Order, Refusal> {
        let (number, no) = (call.text("out_trade_no"), call.text("trade_no"));
        if number.is_empty() && no.is_empty() {
            return Err(Refusal(
                "40001",
                "Missing Required Arguments",
                "isv.missing-parameter",
                "缺少订单号",
            ));
        }
        let named = |order: &&Order| match &order.trade {
            Some(trade) if no.is_empty() => order.number == number && !trade.no.is_empty(),
            Some(trade) => trade.no == no,
            None => false,
        };
        self.alipay_orders.values().find(named).ok_or(NO_TRADE)
    }

    /// The same, to change it.
    pub(super) fn alipay_trade_mut(&mut self, call: &Call<'_>) -> Result<&mut Order, Refusal> {
        let number = self.alipay_trade(call)?.number.clone();
        self.alipay_orders.get_mut(&number).ok_or(NO_TRADE)
    }
}

pub(super) fn precreate(call: &Call<'_>) -> Answer {
    let asked = read(call)?;
    let now = call.now;
    let mut state = call.sandbox.state();
    let Some(order) = state.alipay_orders.get_mut(&asked.number) else {
        let answer = json!({ "out_trade_no": asked.number, "qr_code": asked.qr_code });
        state.alipay_orders.insert(asked.number.clone(), asked);
        return Ok(answer);
    };
    if (&order.content, &order.notify_url) != (&asked.content, &asked.notify_url) {
        return Err(failed("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改"));
    }
    match order.status(now) {
        Some("TRADE_CLOSED") => return Err(failed("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")),
        Some("TRADE_SUCCESS" | "TRADE_FINISHED") => {
            return Err(failed("ACQ.TRADE_HAS_SUCCESS", "交易已被支付"));
        }
        _ => {}
    }
    order.qr_code = asked.qr_code;
    order.code_expires = asked.code_expires;
    Ok(json!({ "out_trade_no": order.number, "qr_code": order.qr_code }))
}

fn read(call: &Call<'_>) -> Result<Order, Refusal> {
    let number = call.text("out_trade_no");
    let numbered = (1..=64).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let subject = call.text("subject");
    let titled = (1..=256).contains(&subject.chars().count());
    let total = fen(call.text("total_amount"));
    let (true, true, Some(total)) = (numbered, titled, total) else {
        return Err(failed("ACQ.INVALID_PARAMETER", "参数无效"));
    };
    let time_expire = match call.text("time_expire") {
        "" => None,
        text => Some(times::from_wall_clock(text).ok_or(failed("ACQ.INVALID_PARAMETER", "time_expire无效"))?),
    };
    let life = duration(call.text("timeout_express"))?.map(|life| later(call.now, life));
    let code_life = duration(call.text("qr_code_timeout_express"))?.unwrap_or(CODE_LIFE);
    Ok(Order {
        content: call.content.clone(),
        number: number.to_owned(),
        subject: subject.to_owned(),
        total,
        notify_url: call.notify_url.to_owned(),
        qr_code: new_code(),
        code_expires: later(call.now, code_life),
        expires: time_expire.or(life),
        trade: None,
    })
}

/// `90m`, `2h`, `1d`. `1c` is the end of the day; a day at most, which is near enough.
fn duration(text: &str) -> Result<Option<SignedDuration>, Refusal> {
    let wrong = || invalid("isv.invalid-parameter", "timeout_express无效");
    if text.is_empty() {
        return Ok(None);
    }
    let (digits, unit) = text.split_at_checked(text.len() - 1).ok_or_else(wrong)?;
    let count: i64 = digits.parse().ok().filter(|count| (1..=21_600).contains(count)).ok_or_else(wrong)?;
    match unit {
        "m" => Ok(Some(SignedDuration::from_mins(count))),
        "h" => Ok(Some(SignedDuration::from_hours(count))),
        "d" | "c" => Ok(Some(SignedDuration::from_hours(count * 24))),
        _ => Err(wrong()),
    }
}

pub(super) fn query(call: &Call<'_>) -> Answer {
    let state = call.sandbox.state();
    let order = state.alipay_trade(call)?;
    let (Some(trade), Some(status)) = (&order.trade, order.status(call.now)) else { return Err(NO_TRADE) };
    let mut answer = json!({
        "trade_no": trade.no, "out_trade_no": order.number, "buyer_logon_id": BUYER,
        "buyer_user_id": BUYER_ID, "trade_status": status, "total_amount": yuan(order.total),
        "buyer_pay_amount": "0.00", "receipt_amount": "0.00", "invoice_amount": "0.00", "point_amount": "0.00",
    });
    if let Some(paid) = trade.paid {
        for name in ["buyer_pay_amount", "receipt_amount", "invoice_amount"] {
            answer[name] = json!(yuan(order.total));
        }
        answer["send_pay_date"] = json!(times::wall_clock(paid));
        answer["fund_bill_list"] = json!([{ "amount": yuan(order.total), "fund_channel": "ALIPAYACCOUNT" }]);
    }
    Ok(answer)
}

pub(super) fn close(call: &Call<'_>) -> Answer {
    let mut state = call.sandbox.state();
    let order = state.alipay_trade(call)?;
    match order.status(call.now) {
        Some("WAIT_BUYER_PAY") => {}
        Some("TRADE_CLOSED") => return Err(failed("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")),
        _ => return Err(failed("ACQ.REASON_TRADE_STATUS_INVALID", "交易状态异常")),
    }
    end(call, &mut state)
}

/// Closes an unpaid trade and tells the merchant.
pub(super) fn end(call: &Call<'_>, state: &mut State) -> Answer {
    let order = state.alipay_trade_mut(call)?;
    let now = call.now;
    order.scan(now).closed = Some(now);
    let answer = json!({ "trade_no": order.scan(now).no, "out_trade_no": order.number });
    let (url, notice) = (order.notify_url.clone(), order.notice(call.sandbox, now));
    if let Some(notice) = notice {
        call.sandbox.notify(state, &url, notice, now);
    }
    Ok(answer)
}

impl Sandbox {
    /// Ends a trade whose payment failed for good, and says what Alipay has to tell of it and where.
    pub(crate) fn fail_alipay(&self, order: &mut Order, now: Timestamp) -> Option<(String, Notice)> {
        order.scan(now).closed = Some(now);
        order.notice(self, now).map(|notice| (order.notify_url.clone(), notice))
    }

    /// Marks an order as paid, and says what Alipay has to tell of it and where. The caller has looked whether it can be.
    /// If it is returned, all of it goes back at once by a refund that is none of the merchant's system.
    pub(crate) fn pay_alipay(
        &self,
        order: &mut Order,
        now: Timestamp,
        is_returned: bool,
    ) -> Option<(String, Notice)> {
        order.scan(now).paid = Some(now);
        if is_returned {
            let (request_no, amount) = (format!("STAFF{}", random_digits(12)), order.total);
            order.scan(now).parts.push(Part { request_no, amount, at: now });
        }
        order.notice(self, now).map(|notice| (order.notify_url.clone(), notice))
    }
}
