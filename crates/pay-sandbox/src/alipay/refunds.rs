//! Money back: refunds, the question what became of one, and cancelling.

use serde_json::json;

use super::order::{BUYER, BUYER_ID, Order, Part, Trade};
use super::trades;
use super::{Answer, Call, Refusal, failed};
use crate::faults::Fault;
use crate::state::State;
use crate::yuan::{fen, yuan};

pub(super) fn refund(call: &Call<'_>) -> Answer {
    let mut state = call.sandbox.state();
    let order = state.alipay_trade(call)?;
    let amount = fen(call.text("refund_amount")).ok_or(failed("ACQ.INVALID_PARAMETER", "退款金额无效"))?;
    let request_no = match call.text("out_request_no") {
        // Without a number of its own it is the one refund of the whole order.
        "" => order.number.clone(),
        number => number.to_owned(),
    };
    match known(order, &request_no) {
        Some(part) if part.amount != amount => {
            return Err(failed("ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致"));
        }
        Some(_) => return answer(order, "N"),
        None => {}
    }
    match order.status(call.now) {
        Some("TRADE_SUCCESS") => {}
        Some("TRADE_FINISHED") => return Err(failed("ACQ.TRADE_HAS_FINISHED", "交易已完结")),
        _ => return Err(failed("ACQ.REASON_TRADE_STATUS_INVALID", "交易状态异常")),
    }
    let left = order.total - order.trade.as_ref().map_or(0, Trade::refunded);
    if amount > left {
        return Err(failed("ACQ.REASON_TRADE_REFUND_FEE_ERR", "退款金额无效"));
    }
    match call.fault {
        Fault::RefundNotEnough => return Err(failed("ACQ.SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足")),
        Fault::RefundAbnormal => return answer(order, "N"),
        _ => {}
    }
    give_back(call, &mut state, request_no, amount)
}

fn known<'a>(order: &'a Order, request_no: &str) -> Option<&'a Part> {
    order.trade.as_ref()?.parts.iter().find(|part| part.request_no == request_no)
}

fn answer(order: &Order, fund_change: &str) -> Answer {
    let trade = order.trade.as_ref().ok_or(trades::NO_TRADE)?;
    let moved = trade.parts.last().filter(|_| fund_change == "Y").map_or(0, |part| part.amount);
    Ok(json!({
        "trade_no": trade.no, "out_trade_no": order.number, "buyer_logon_id": BUYER,
        "buyer_user_id": BUYER_ID, "fund_change": fund_change,
        "refund_fee": yuan(trade.refunded()), "send_back_fee": yuan(moved),
    }))
}

/// Moves the money and tells the merchant.
fn give_back(call: &Call<'_>, state: &mut State, request_no: String, amount: i64) -> Answer {
    let order = state.alipay_trade_mut(call)?;
    order.scan(call.now).parts.push(Part { request_no, amount, at: call.now });
    let answered = answer(order, "Y");
    let (url, notice) = (order.notify_url.clone(), order.notice(call.sandbox, call.now));
    if let Some(notice) = notice {
        call.sandbox.notify(state, &url, notice, call.now);
    }
    answered
}

/// A refund that was not made is answered without `refund_status`.
pub(super) fn query(call: &Call<'_>) -> Answer {
    let state = call.sandbox.state();
    let order = state.alipay_trade(call)?;
    let request_no = call.text("out_request_no");
    let Some(part) = known(order, request_no) else { return Ok(json!({})) };
    let trade_no = order.trade.as_ref().map(|trade| trade.no.as_str());
    Ok(json!({
        "trade_no": trade_no, "out_trade_no": order.number, "out_request_no": request_no,
        "total_amount": yuan(order.total), "refund_amount": yuan(part.amount), "refund_status": "REFUND_SUCCESS",
    }))
}

/// Closes what is unpaid, gives back what is paid, and may be repeated.
pub(super) fn cancel(call: &Call<'_>) -> Answer {
    let mut state = call.sandbox.state();
    let order = state.alipay_trade(call)?;
    let left = order.total - order.trade.as_ref().map_or(0, Trade::refunded);
    let number = order.number.clone();
    let (mut answer, action) = match order.status(call.now) {
        Some("WAIT_BUYER_PAY") => (trades::end(call, &mut state)?, Some("close")),
        Some("TRADE_SUCCESS") => (give_back(call, &mut state, number, left)?, Some("refund")),
        Some("TRADE_FINISHED") => {
            return Err::<_, Refusal>(failed("ACQ.TRADE_HAS_FINISHED", "交易已完结"));
        }
        _ => (answer(order, "N")?, None),
    };
    answer["retry_flag"] = json!("N");
    if let Some(action) = action {
        answer["action"] = json!(action);
    }
    Ok(answer)
}
