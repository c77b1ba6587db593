//! Alipay, payment by QR code, as a [`PaymentProvider`].

use std::fmt;

use async_trait::async_trait;
use http::HeaderMap;
use jiff::Timestamp;
use jiff::civil::Date;
use pay_protocol::{
    AbnormalDestination, Answer, BillRow, BillRowKind, Clock, DayBill, Disbelief, Doubt, NewOrder,
    OrderNotice, OrderState, Outcome, Payment, PaymentCode, PaymentProvider, RefundNotice, RefundOrder,
    Refusal, RefusalReason, Returned, fit,
};

use crate::bill::{Bill, BillKind, BillLink};
use crate::client::Client;
use crate::ending::Closed;
use crate::fields::{FieldError, OutRequestNo, OutTradeNo, TradeNo, TradeRef};
use crate::notification::{Notification, NotificationError};
use crate::precreate::Precreate;
use crate::query::{Queried, Trade};
use crate::refund::{Refund, RefundState, Refunded};
use crate::status::TradeStatus;

/// Alipay counts characters and takes more of them; what WeChat Pay takes is enough, and the same on both.
const MAX_SUBJECT_BYTES: usize = 127;
const MAX_REASON_BYTES: usize = 240;

/// An application's account at Alipay.
pub struct Alipay {
    client: Client,
    clock: Box<dyn Clock>,
}

impl fmt::Debug for Alipay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alipay").field("client", &self.client).finish_non_exhaustive()
    }
}

impl Alipay {
    /// Calls are made at the time of `clock`.
    pub fn new(client: Client, clock: impl Clock + 'static) -> Self {
        Alipay { client, clock: Box::new(clock) }
    }

    /// The refund, and what tells it apart.
    fn named(refund: &RefundOrder) -> Result<(TradeRef, OutRequestNo), FieldError> {
        let trade = TradeRef::TradeNo(TradeNo::new(refund.transaction_id.as_str())?);
        Ok((trade, OutRequestNo::new(refund.out_refund_no.as_str())?))
    }

    fn request(refund: &RefundOrder) -> Result<Refund, FieldError> {
        let (trade, number) = Self::named(refund)?;
        let reason = fit(&refund.reason, MAX_REASON_BYTES, "退款");
        Refund::new(trade, refund.amount, number)?.with_reason(reason)
    }

    /// Money that did not move now has moved before, or will: the query tells. Where it cannot, the refund is accepted all
    /// the same.
    async fn accepted(&self, accepted: Refunded, refund: &RefundOrder) -> Answer<pay_protocol::RefundState> {
        check(refund, accepted.trade_no.as_deref(), accepted.out_trade_no.as_deref())?;
        let completed = pay_protocol::RefundState::Completed { provider_refund_id: None };
        if accepted.moved_now {
            return Ok(completed);
        }
        let processing = pay_protocol::RefundState::Processing { provider_refund_id: None };
        match self.query_refund(refund).await {
            Ok(state) if state == completed => Ok(completed),
            Err(doubt @ Doubt::OfAnother(_)) => Err(doubt),
            Ok(_) | Err(_) => Ok(processing),
        }
    }
}

#[async_trait]
impl PaymentProvider for Alipay {
    async fn create_order(&self, order: &NewOrder) -> Outcome<PaymentCode> {
        let subject = fit(&order.description, MAX_SUBJECT_BYTES, "充值");
        let number = OutTradeNo::new(order.out_trade_no.as_str());
        let precreate = match number.and_then(|number| Precreate::new(number, order.amount, subject)) {
            Ok(precreate) => precreate.with_time_expire(order.expires_at),
            Err(invalid) => return Outcome::Refused(invalid.into()),
        };
        self.client.precreate(&precreate, self.clock.now()).await.map(|made| PaymentCode(made.qr_code))
    }

    async fn query_order(&self, out_trade_no: &str) -> Answer<OrderState> {
        let now = self.clock.now();
        Ok(match self.client.query(&trade_of_order(out_trade_no)?, now).await? {
            Queried::NoTrade => OrderState::Absent,
            Queried::Trade(trade) => order_state(trade, now),
        })
    }

    /// Queries afterwards, however the closing ended: only then is it sure that no payment was faster. Before anybody has
    /// scanned the code there is nothing to close, and the code stays good until it expires.
    async fn close_order(&self, out_trade_no: &str) -> Outcome<OrderState> {
        let trade = match trade_of_order(out_trade_no) {
            Ok(trade) => trade,
            Err(invalid) => return Outcome::Refused(invalid.into()),
        };
        let refusal = match self.client.close(&trade, self.clock.now()).await {
            Outcome::Succeeded(Closed::NoTrade) => return Outcome::Succeeded(OrderState::Absent),
            Outcome::Succeeded(Closed::Now | Closed::Already) => None,
            Outcome::Refused(refusal) => Some(refusal),
            Outcome::Unknown(doubt) => return Outcome::Unknown(doubt),
        };
        match (self.query_order(out_trade_no).await, refusal) {
            (Ok(OrderState::Open), Some(refusal)) => Outcome::Refused(refusal),
            (Ok(state), _) => Outcome::Succeeded(state),
            (Err(doubt), _) => Outcome::Unknown(doubt),
        }
    }

    async fn refund(&self, refund: &RefundOrder) -> Outcome<pay_protocol::RefundState> {
        let asked = match Self::request(refund) {
            Ok(request) => self.client.refund(&request, self.clock.now()).await,
            Err(invalid) => Outcome::Refused(invalid.into()),
        };
        let made = match asked {
            Outcome::Succeeded(accepted) => match self.accepted(accepted, refund).await {
                Ok(state) => Outcome::Succeeded(state),
                Err(doubt) => Outcome::Unknown(doubt),
            },
            Outcome::Refused(refusal) => Outcome::Refused(refusal),
            Outcome::Unknown(doubt) => Outcome::Unknown(doubt),
        };
        if refund.sent_before { made.of_repetition() } else { made }
    }

    async fn query_refund(&self, refund: &RefundOrder) -> Answer<pay_protocol::RefundState> {
        let (trade, number) = Self::named(refund)?;
        match self.client.query_refund(&trade, &number, self.clock.now()).await? {
            RefundState::NotRefunded => Ok(pay_protocol::RefundState::Absent),
            RefundState::Refunded { trade_no, out_trade_no, amount } => {
                check(refund, trade_no.as_deref(), out_trade_no.as_deref())?;
                match amount {
                    Some(amount) if amount != refund.amount => Err(Doubt::OfAnother("amount")),
                    _ => Ok(pay_protocol::RefundState::Completed { provider_refund_id: None }),
                }
            }
        }
    }

    /// Alipay has none: a refund that was not made can be asked for again.
    async fn apply_abnormal_refund(
        &self,
        _refund: &RefundOrder,
        _provider_refund_id: &str,
        _destination: &AbnormalDestination,
    ) -> Outcome<pay_protocol::RefundState> {
        let text = "Alipay has no abnormal refunds".to_owned();
        Outcome::Refused(Refusal { reason: RefusalReason::Other, code: String::new(), text })
    }

    async fn bill(&self, day: Date) -> Answer<DayBill> {
        let url = match self.client.bill_link(day, self.clock.now()).await? {
            BillLink::Url(url) => url,
            BillLink::NoBill => return Ok(DayBill::Absent),
        };
        let archive = self.client.download_bill(&url).await?;
        let read = tokio::task::spawn_blocking(move || Bill::read(&archive)).await;
        let bill = read.map_err(|error| Doubt::Bill(error.to_string()))?;
        let bill = bill.map_err(|error| Doubt::Bill(error.to_string()))?;
        let rows = bill.rows.into_iter().map(row).collect();
        Ok(DayBill::Ready(pay_protocol::Bill { rows, of_other_applications: Vec::new() }))
    }

    async fn read_notification(
        &self,
        _headers: &HeaderMap,
        body: &[u8],
    ) -> Result<pay_protocol::Notification, Disbelief> {
        let notice = self.client.read_notification(body).map_err(disbelief)?;
        Ok(pay_protocol::Notification {
            refund: refund_notice(&notice),
            order: Some(order_notice(notice, self.clock.now())),
        })
    }
}

impl From<FieldError> for Refusal {
    fn from(invalid: FieldError) -> Self {
        let text = format!("Alipay would not take it: {invalid}");
        Refusal { reason: RefusalReason::Other, code: "ACQ.INVALID_PARAMETER".to_owned(), text }
    }
}

/// A question with a number that Alipay would not take is not asked.
impl From<FieldError> for Doubt {
    fn from(_: FieldError) -> Self {
        Doubt::NotSent
    }
}

fn trade_of_order(out_trade_no: &str) -> Result<TradeRef, FieldError> {
    OutTradeNo::new(out_trade_no).map(TradeRef::OutTradeNo)
}

/// A number that Alipay does not give proves nothing.
fn check(refund: &RefundOrder, trade_no: Option<&str>, out_trade_no: Option<&str>) -> Answer<()> {
    if trade_no.is_some_and(|number| number != refund.transaction_id) {
        return Err(Doubt::OfAnother("number of the payment"));
    }
    if out_trade_no.is_some_and(|number| number != refund.out_trade_no) {
        return Err(Doubt::OfAnother("number of the order"));
    }
    Ok(())
}

/// A payment without a time of its own was made by now at the latest.
fn order_state(trade: Trade, now: Timestamp) -> OrderState {
    if !trade.was_paid() {
        return unpaid_state(trade.status);
    }
    let returned = match trade.status {
        TradeStatus::Closed => Returned::Amount(trade.total),
        _ => Returned::Nothing,
    };
    OrderState::Paid(Payment {
        transaction_id: trade.trade_no,
        amount: trade.total,
        returned,
        paid_at: trade.paid_at.unwrap_or(now),
    })
}

const fn unpaid_state(status: TradeStatus) -> OrderState {
    match status {
        TradeStatus::Closed => OrderState::Closed,
        // The last two are paid.
        TradeStatus::WaitBuyerPay | TradeStatus::Success | TradeStatus::Finished => OrderState::Open,
    }
}

fn order_notice(notice: Notification, now: Timestamp) -> OrderNotice {
    let refunded = notice.refunded();
    let state = if notice.was_paid() {
        let returned = if refunded.is_zero() { Returned::Nothing } else { Returned::Amount(refunded) };
        OrderState::Paid(Payment {
            transaction_id: notice.trade_no,
            amount: notice.total,
            returned,
            paid_at: notice.paid_at.unwrap_or(now),
        })
    } else {
        unpaid_state(notice.status)
    };
    OrderNotice { out_trade_no: notice.out_trade_no, state }
}

/// The refund that a notification tells of. Of its amount it says nothing: `refund_fee` is that of all refunds so far.
fn refund_notice(notice: &Notification) -> Option<RefundNotice> {
    let out_refund_no = notice.out_biz_no.clone().filter(|_| notice.is_of_refund)?;
    Some(RefundNotice {
        out_refund_no,
        out_trade_no: notice.out_trade_no.clone(),
        transaction_id: notice.trade_no.clone(),
        total: notice.total,
        amount: None,
        returned: Some(notice.refunded()),
        state: pay_protocol::RefundState::Completed { provider_refund_id: None },
    })
}

/// Refunds are negative in the file.
fn row(row: crate::bill::BillRow) -> BillRow {
    BillRow {
        kind: match row.kind {
            BillKind::Trade => BillRowKind::Payment,
            BillKind::Refund => BillRowKind::Refund,
            BillKind::Other(name) => BillRowKind::Other(name),
        },
        out_trade_no: row.out_trade_no,
        transaction_id: row.trade_no,
        amount: money::Fen::new(row.amount.get().saturating_abs()),
        out_refund_no: row.out_request_no,
        at: row.finished_at,
    }
}

fn disbelief(error: NotificationError) -> Disbelief {
    match error {
        NotificationError::OtherApp | NotificationError::OtherSeller | NotificationError::Field(_) => {
            Disbelief::NotOurs(error.to_string())
        }
        _ => Disbelief::NotGenuine(error.to_string()),
    }
}
