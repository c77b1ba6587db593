//! WeChat Pay, Native, as a [`PaymentProvider`].

use async_trait::async_trait;
use http::HeaderMap;
use jiff::civil::Date;
use pay_protocol::{
    AbnormalDestination, Answer, Bill, BillRow, BillRowKind, DayBill, Disbelief, Doubt, NewOrder,
    Notification, OrderNotice, OrderState, Outcome, Payment, PaymentCode, PaymentProvider, RefundNotice,
    RefundOrder, RefundState, Refusal, RefusalReason, Returned, fit,
};

use crate::bills::{RequestedBill, TradeBill, TradeRow};
use crate::client::Client;
use crate::codes;
use crate::fields::{InvalidField, NotifyUrl};
use crate::native::NativeOrder;
use crate::notices::{Notice, NoticeError, RefundNotice as Noticed};
use crate::numbers::{OutRefundNo, OutTradeNo, TransactionId};
use crate::refunds::{PaidOrder, Refund, RefundRequest, RefundStatus};
use crate::transactions::{TradeState, Transaction};

const MAX_DESCRIPTION_BYTES: usize = 127;
const MAX_REASON_BYTES: usize = 80;

/// A merchant's account at WeChat Pay.
#[derive(Debug)]
pub struct Wechat {
    client: Client,
    notify_url: NotifyUrl,
}

impl Wechat {
    /// Notices go to `notify_url`.
    #[must_use]
    pub const fn new(client: Client, notify_url: NotifyUrl) -> Self {
        Wechat { client, notify_url }
    }

    /// The calls that only WeChat Pay has.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    fn native(&self, order: &NewOrder) -> Result<NativeOrder, InvalidField> {
        let number = OutTradeNo::parse(&order.out_trade_no)?;
        let description = fit(&order.description, MAX_DESCRIPTION_BYTES, "充值");
        let native = NativeOrder::new(number, &description, order.amount, self.notify_url.clone())?;
        Ok(native.with_time_expire(order.expires_at))
    }

    fn refund_request(&self, refund: &RefundOrder) -> Result<RefundRequest, InvalidField> {
        let order = PaidOrder::TransactionId(TransactionId::parse(&refund.transaction_id)?);
        let number = OutRefundNo::parse(&refund.out_refund_no)?;
        let reason = fit(&refund.reason, MAX_REASON_BYTES, "退款");
        let request = RefundRequest::new(order, number, refund.amount, refund.total)?;
        Ok(request.with_reason(&reason)?.with_notify_url(self.notify_url.clone()))
    }

    /// A merchant's bill has the orders of all its applications.
    fn sort(&self, rows: Vec<TradeRow>) -> Bill {
        let ours = self.client.merchant.appid.as_str();
        let (rows, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.appid == ours);
        Bill {
            rows: rows.into_iter().map(row).collect(),
            of_other_applications: others.into_iter().map(row).collect(),
        }
    }
}

#[async_trait]
impl PaymentProvider for Wechat {
    async fn create_order(&self, order: &NewOrder) -> Outcome<PaymentCode> {
        let native = match self.native(order) {
            Ok(native) => native,
            Err(invalid) => return Outcome::Refused(invalid.into()),
        };
        self.client.create_native_order(&native).await.map(|code| PaymentCode(code.as_str().to_owned()))
    }

    async fn query_order(&self, out_trade_no: &str) -> Answer<OrderState> {
        let number = OutTradeNo::parse(out_trade_no)?;
        Ok(self.client.query_order(&number).await?.map_or(OrderState::Absent, order_state))
    }

    /// Queries afterwards, however the closing ended: only then is it sure that no payment was faster.
    async fn close_order(&self, out_trade_no: &str) -> Outcome<OrderState> {
        let number = match OutTradeNo::parse(out_trade_no) {
            Ok(number) => number,
            Err(invalid) => return Outcome::Refused(invalid.into()),
        };
        let refusal = match self.client.close_order(&number).await {
            Outcome::Succeeded(()) => None,
            Outcome::Refused(refusal) if codes::is(&refusal, "ORDER_NOT_EXIST") => {
                return Outcome::Succeeded(OrderState::Absent);
            }
            Outcome::Refused(refusal) => Some(refusal),
            Outcome::Unknown(doubt) => return Outcome::Unknown(doubt),
        };
        match (self.query_order(out_trade_no).await, refusal) {
            (Ok(OrderState::Open), Some(refusal)) => Outcome::Refused(refusal),
            (Ok(state), _) => Outcome::Succeeded(state),
            (Err(doubt), _) => Outcome::Unknown(doubt),
        }
    }

    async fn refund(&self, refund: &RefundOrder) -> Outcome<RefundState> {
        let made = match self.refund_request(refund) {
            Ok(request) => self.client.create_refund(&request).await,
            Err(invalid) => Outcome::Refused(invalid.into()),
        };
        let made = made.and_then(|made| agreed(&made, refund));
        if refund.sent_before { made.of_repetition() } else { made }
    }

    async fn query_refund(&self, refund: &RefundOrder) -> Answer<RefundState> {
        let number = OutRefundNo::parse(&refund.out_refund_no)?;
        match self.client.query_refund(&number).await? {
            Some(made) => agreed(&made, refund),
            None => Ok(RefundState::Absent),
        }
    }

    /// A refusal says nothing of the refund, which is still abnormal, or was sent on meanwhile: the query tells.
    async fn apply_abnormal_refund(
        &self,
        refund: &RefundOrder,
        provider_refund_id: &str,
        destination: &AbnormalDestination,
    ) -> Outcome<RefundState> {
        let number = match OutRefundNo::parse(&refund.out_refund_no) {
            Ok(number) => number,
            Err(invalid) => return Outcome::Refused(invalid.into()),
        };
        let sent = self.client.apply_abnormal_refund(provider_refund_id, &number, destination).await;
        sent.and_then(|made| agreed(&made, refund))
    }

    async fn bill(&self, day: Date) -> Answer<DayBill> {
        let link = match self.client.request_trade_bill(day, true).await? {
            RequestedBill::Link(link) => link,
            RequestedBill::Creating => return Ok(DayBill::NotReady),
            // WeChat has another word for a bill that is late.
            RequestedBill::None => return Ok(DayBill::Ready(Bill::default())),
        };
        let file = self.client.download_bill(&link).await?;
        let read = tokio::task::spawn_blocking(move || TradeBill::read(&file)).await;
        let bill = read.map_err(|error| Doubt::Bill(error.to_string()))?;
        let bill = bill.map_err(|error| Doubt::Bill(error.to_string()))?;
        Ok(DayBill::Ready(self.sort(bill.rows)))
    }

    async fn read_notification(&self, headers: &HeaderMap, body: &[u8]) -> Result<Notification, Disbelief> {
        match self.client.read_notice(headers, body).await {
            Ok(Notice::Payment(notice)) => {
                let out_trade_no = notice.transaction.out_trade_no.clone();
                let order = OrderNotice { out_trade_no, state: order_state(notice.transaction) };
                Ok(Notification { order: Some(order), refund: None })
            }
            Ok(Notice::Refund(notice)) => {
                Ok(Notification { order: None, refund: Some(refund_notice(notice)) })
            }
            Err(NoticeError::OtherEvent(_)) => Ok(Notification::default()),
            Err(NoticeError::Unverified(reason)) => Err(Disbelief::NotGenuine(reason.to_string())),
            Err(other) => Err(Disbelief::NotOurs(other.to_string())),
        }
    }
}

impl From<InvalidField> for Refusal {
    fn from(invalid: InvalidField) -> Self {
        let text = format!("WeChat Pay would not take it: {invalid}");
        Refusal { reason: RefusalReason::Other, code: "PARAM_ERROR".to_owned(), text }
    }
}

/// A question with a number that WeChat would not take is not asked.
impl From<InvalidField> for Doubt {
    fn from(_: InvalidField) -> Self {
        Doubt::NotSent
    }
}

fn order_state(transaction: Transaction) -> OrderState {
    let Some(paid) = transaction.paid else {
        return match transaction.state {
            TradeState::Closed | TradeState::Revoked => OrderState::Closed,
            TradeState::PayError => OrderState::Failed,
            // The last two always come with a payment.
            TradeState::NotPay | TradeState::UserPaying | TradeState::Success | TradeState::Refund => {
                OrderState::Open
            }
        };
    };
    let returned = match transaction.state {
        TradeState::Refund => Returned::Something,
        _ => Returned::Nothing,
    };
    OrderState::Paid(Payment {
        transaction_id: paid.transaction_id,
        amount: paid.total,
        returned,
        paid_at: paid.at,
    })
}

/// The state of a refund, if all that WeChat says of it is as we asked.
fn agreed(made: &Refund, refund: &RefundOrder) -> Answer<RefundState> {
    let notice = RefundNotice {
        out_refund_no: made.out_refund_no.clone(),
        out_trade_no: made.out_trade_no.clone(),
        transaction_id: made.transaction_id.clone(),
        total: made.amount.total,
        amount: Some(made.amount.refund),
        returned: None,
        state: refund_state(made.status, &made.refund_id),
    };
    notice.check(refund)?;
    Ok(notice.state)
}

fn refund_notice(notice: Noticed) -> RefundNotice {
    RefundNotice {
        state: refund_state(notice.status, &notice.refund_id),
        out_refund_no: notice.out_refund_no,
        out_trade_no: notice.out_trade_no,
        transaction_id: notice.transaction_id,
        total: notice.amount.total,
        amount: Some(notice.amount.refund),
        returned: None,
    }
}

fn refund_state(status: RefundStatus, refund_id: &str) -> RefundState {
    let provider_refund_id = Some(refund_id.to_owned());
    match status {
        RefundStatus::Processing => RefundState::Processing { provider_refund_id },
        RefundStatus::Success => RefundState::Completed { provider_refund_id },
        RefundStatus::Abnormal => RefundState::Abnormal { provider_refund_id: refund_id.to_owned() },
        RefundStatus::Closed => {
            RefundState::Failed { text: format!("微信退款关闭（CLOSED）：{refund_id}") }
        }
    }
}

fn row(row: TradeRow) -> BillRow {
    let (kind, amount) = match (&row.refund, row.trade_state.as_str()) {
        (Some(refund), "REFUND") => (BillRowKind::Refund, refund.requested),
        (refund, "REVOKED") => {
            (BillRowKind::Revocation, refund.as_ref().map_or(row.total, |refund| refund.requested))
        }
        (None, "SUCCESS") => (BillRowKind::Payment, row.total),
        (_, other) => (BillRowKind::Other(other.to_owned()), row.total),
    };
    BillRow {
        kind,
        out_trade_no: row.out_trade_no,
        transaction_id: row.transaction_id,
        amount: money::Fen::new(amount.get().saturating_abs()),
        out_refund_no: row.refund.map(|refund| refund.out_refund_no),
        at: row.traded_at,
    }
}
