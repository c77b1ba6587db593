//! Alipay, payment by QR code, in the platform's words.

use std::time::Duration;

use alipay::{
    Bill, BillKind, BillLink, Client, Closed, FieldError, NotificationError, OutRequestNo, OutTradeNo,
    Precreate, Queried, Reason, Refund, Settings, Trade, TradeNo, TradeRef, TradeStatus, Unknown,
};
use base::clock::{Clock, UtcTime};
use base::ids::OrderId;
use jiff::civil::Date;
use platform::config::ConfigError;

use super::texts::fit;
use super::{
    BillRow, BillRowKind, DayBill, Disbelief, Doubt, NewOrder, Notification, OrderState, Outcome, Payment,
    PaymentCode, RefundOrder, RefundState, Refusal, RefusalReason, numbers,
};
use crate::payments::config::AlipayConfig;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// For one request; a question is sent up to three times.
const TIMEOUT: Duration = Duration::from_secs(4);
/// Alipay counts characters and takes more of them; what WeChat Pay takes is enough, and the same on both.
const MAX_SUBJECT_BYTES: usize = 127;
const MAX_REASON_BYTES: usize = 240;
const NO_MONEY: &str = "ACQ.SELLER_BALANCE_NOT_ENOUGH";

type Theirs<T> = alipay::Outcome<T>;
type Asked<T> = Result<Outcome<T>, FieldError>;

#[derive(Debug)]
pub(super) struct Alipay {
    client: Client,
    clock: Clock,
}

impl Alipay {
    pub(super) fn new(config: &AlipayConfig, clock: &Clock) -> Result<Self, ConfigError> {
        let mut settings = Settings::new(config.gateway.as_str());
        settings.notify_url = Some(config.notify_url.to_string());
        settings.seller_id = Some(config.seller_id.clone());
        settings.connect_timeout = CONNECT_TIMEOUT;
        settings.timeout = TIMEOUT;
        let unusable = |error: alipay::SetupError| ConfigError::Provider {
            provider: "Alipay",
            reason: error.to_string(),
        };
        let client = Client::new(config.credentials()?, settings).map_err(unusable)?;
        Ok(Alipay { client, clock: clock.clone() })
    }

    /// Sent once.
    pub(super) async fn create_order(&self, order: &NewOrder) -> Asked<PaymentCode> {
        let subject = fit(&order.description, MAX_SUBJECT_BYTES);
        let precreate = Precreate::new(out_trade_no(order.id)?, order.amount, subject)?
            .with_time_expire(order.expires_at.timestamp());
        let made = self.client.precreate(&precreate, self.clock.now().timestamp()).await;
        Ok(convert(made, |made| PaymentCode(made.qr_code)))
    }

    /// No trade is [`OrderState::Absent`]: nobody has scanned the code, which can be paid until it expires.
    pub(super) async fn query_order(&self, id: OrderId) -> Asked<OrderState> {
        let now = self.clock.now();
        let queried = self.client.query(&trade_of_order(id)?, now.timestamp()).await;
        Ok(convert(queried, |queried| match queried {
            Queried::NoTrade => OrderState::Absent,
            Queried::Trade(trade) => state(*trade, now),
        }))
    }

    /// Queries afterwards, however the closing ended: only then is it sure that no payment was faster. Before anybody has
    /// scanned the code there is nothing to close, and the code stays good until it expires.
    pub(super) async fn close_order(&self, id: OrderId) -> Asked<OrderState> {
        let now = self.clock.now().timestamp();
        let refusal = match self.client.close(&trade_of_order(id)?, now).await {
            Theirs::Succeeded(Closed::NoTrade) => return Ok(Outcome::Succeeded(OrderState::Absent)),
            Theirs::Succeeded(Closed::Now | Closed::Already) => None,
            Theirs::Refused(reason) => Some(refusal(&reason)),
            Theirs::Unknown(theirs) => return Ok(Outcome::Unknown(doubt(&theirs))),
        };
        Ok(match (self.query_order(id).await?, refusal) {
            (Outcome::Succeeded(OrderState::Open), Some(refusal)) => Outcome::Refused(refusal),
            (queried, _) => queried,
        })
    }

    /// Money that did not move now has moved before, or will: the query tells. Where it cannot, the refund is accepted
    /// all the same.
    pub(super) async fn refund(&self, refund: &RefundOrder) -> Asked<RefundState> {
        let request = Refund::new(trade_of_refund(refund)?, refund.amount, out_request_no(refund)?)?
            .with_reason(fit(&refund.reason, MAX_REASON_BYTES))?;
        let accepted = match self.client.refund(&request, self.clock.now().timestamp()).await {
            Theirs::Succeeded(accepted) => accepted,
            failed => return Ok(convert(failed, |_| RefundState::Absent)),
        };
        if accepted.moved_now {
            return Ok(Outcome::Succeeded(RefundState::Completed { provider_refund_id: None }));
        }
        Ok(Outcome::Succeeded(match self.query_refund(refund).await? {
            Outcome::Succeeded(completed @ RefundState::Completed { .. }) => completed,
            _ => RefundState::Processing { provider_refund_id: None },
        }))
    }

    /// Alipay does not tell a refund that failed from one that it never got: both can be asked for with the same number.
    pub(super) async fn query_refund(&self, refund: &RefundOrder) -> Asked<RefundState> {
        let now = self.clock.now().timestamp();
        let (trade, number) = (trade_of_refund(refund)?, out_request_no(refund)?);
        Ok(match self.client.query_refund(&trade, &number, now).await {
            Theirs::Succeeded(alipay::RefundState::Refunded { amount: Some(amount) })
                if amount != refund.amount =>
            {
                let text = format!("Alipay: refund {number} is over another amount");
                Outcome::Unknown(Doubt { is_away: false, text })
            }
            queried => convert(queried, |queried| match queried {
                alipay::RefundState::Refunded { .. } => RefundState::Completed { provider_refund_id: None },
                alipay::RefundState::NotRefunded => RefundState::Absent,
            }),
        })
    }

    pub(super) async fn bill(&self, day: Date) -> Outcome<DayBill> {
        let url = match self.client.bill_link(day, self.clock.now().timestamp()).await {
            Theirs::Succeeded(BillLink::Url(url)) => url,
            Theirs::Succeeded(BillLink::NoBill) => return Outcome::Succeeded(DayBill::Rows(Vec::new())),
            failed => return convert(failed, |_| DayBill::NotReady),
        };
        let archive = match self.client.download_bill(&url).await {
            Theirs::Succeeded(archive) => archive,
            failed => return convert(failed, |_| DayBill::NotReady),
        };
        match tokio::task::spawn_blocking(move || Bill::read(&archive)).await {
            Ok(Ok(bill)) => Outcome::Succeeded(DayBill::Rows(bill.rows.into_iter().map(row).collect())),
            Ok(Err(error)) => unreadable_bill(&error.to_string()),
            Err(error) => unreadable_bill(&error.to_string()),
        }
    }

    pub(super) fn read_notification(&self, body: &[u8]) -> Result<Notification, Disbelief> {
        let notice = self.client.read_notification(body).map_err(disbelief)?;
        let refund = notice.out_biz_no.as_deref().filter(|_| notice.refunded_at.is_some());
        if let Some(number) = refund.and_then(numbers::refund_of_number) {
            let state = RefundState::Completed { provider_refund_id: None };
            return Ok(Notification::Refund { number, state });
        }
        let order_id = numbers::order_of_number(&notice.out_trade_no).ok_or_else(|| {
            Disbelief::NotOurs(format!("out_trade_no {} is none of ours", notice.out_trade_no))
        })?;
        let paid_at = UtcTime::from_timestamp(notice.paid_at.unwrap_or(notice.notify_time));
        let state = match notice.was_paid() {
            true => {
                OrderState::Paid(Payment { transaction_id: notice.trade_no, amount: notice.total, paid_at })
            }
            false => unpaid_state(notice.status),
        };
        Ok(Notification::Order { order_id, state })
    }
}

fn out_trade_no(id: OrderId) -> Result<OutTradeNo, FieldError> {
    OutTradeNo::new(numbers::order_number(id))
}

fn trade_of_order(id: OrderId) -> Result<TradeRef, FieldError> {
    out_trade_no(id).map(TradeRef::OutTradeNo)
}

fn trade_of_refund(refund: &RefundOrder) -> Result<TradeRef, FieldError> {
    TradeNo::new(refund.transaction_id.as_str()).map(TradeRef::TradeNo)
}

fn out_request_no(refund: &RefundOrder) -> Result<OutRequestNo, FieldError> {
    OutRequestNo::new(numbers::refund_number(refund.number))
}

/// A payment without a time of its own was made by now at the latest.
fn state(trade: Trade, now: UtcTime) -> OrderState {
    if !trade.was_paid() {
        return unpaid_state(trade.status);
    }
    let paid_at = trade.paid_at.map_or(now, UtcTime::from_timestamp);
    OrderState::Paid(Payment { transaction_id: trade.trade_no, amount: trade.total, paid_at })
}

const fn unpaid_state(status: TradeStatus) -> OrderState {
    match status {
        TradeStatus::Closed => OrderState::Closed,
        // The last two are paid.
        TradeStatus::WaitBuyerPay | TradeStatus::Success | TradeStatus::Finished => OrderState::Open,
    }
}

/// Refunds are negative in the file.
fn row(row: alipay::BillRow) -> BillRow {
    let kind = match row.kind {
        BillKind::Trade => BillRowKind::Payment,
        BillKind::Refund => BillRowKind::Refund,
    };
    BillRow {
        kind,
        order_id: numbers::order_of_number(&row.out_trade_no),
        out_trade_no: row.out_trade_no,
        transaction_id: row.trade_no,
        amount: money::Fen::new(row.amount.get().saturating_abs()),
        refund_number: row.out_request_no.as_deref().and_then(numbers::refund_of_number),
        at: UtcTime::from_timestamp(row.finished_at),
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

fn unreadable_bill(error: &str) -> Outcome<DayBill> {
    Outcome::Unknown(Doubt { is_away: false, text: format!("Alipay: the bill cannot be read: {error}") })
}

fn convert<T, U>(theirs: Theirs<T>, value: impl FnOnce(T) -> U) -> Outcome<U> {
    match theirs {
        Theirs::Succeeded(done) => Outcome::Succeeded(value(done)),
        Theirs::Refused(reason) => Outcome::Refused(refusal(&reason)),
        Theirs::Unknown(theirs) => Outcome::Unknown(doubt(&theirs)),
    }
}

fn refusal(theirs: &Reason) -> Refusal {
    let reason = match theirs.sub_code.as_deref() {
        Some(NO_MONEY) => RefusalReason::NotEnoughMoney,
        _ => RefusalReason::Other,
    };
    Refusal { reason, text: format!("Alipay: {theirs}") }
}

/// Out of order is what says so, signed or with a status of 5xx. A 504 is not: behind the proxy that gave up waiting the
/// request may have been carried out.
fn doubt(theirs: &Unknown) -> Doubt {
    let is_away = match theirs {
        Unknown::NotConnected | Unknown::NotMade => true,
        Unknown::HttpStatus(status) => *status >= 500 && *status != 504,
        Unknown::Open { doubt, .. } => {
            matches!(doubt, alipay::Doubt::Unavailable | alipay::Doubt::SystemError)
        }
        _ => false,
    };
    Doubt { is_away, text: format!("Alipay: {theirs}") }
}
