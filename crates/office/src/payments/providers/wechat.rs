//! WeChat Pay, Native, in the platform's words.

use std::time::Duration;

use base::clock::{Clock, UtcTime};
use base::ids::OrderId;
use http::HeaderMap;
use jiff::civil::Date;
use platform::config::ConfigError;
use wechat_pay::bills::{TradeBill, TradeRow};
use wechat_pay::notices::{Notice, NoticeError};
use wechat_pay::{
    Client, Code, Hosts, InvalidField, NativeOrder, NotifyUrl, OutRefundNo, OutTradeNo, Paid, PaidOrder,
    RandomNonces, Refund, RefundRequest, RefundStatus, Report, TimeLimits, TradeState, Transaction,
    TransactionId,
};

use super::texts::fit;
use super::{
    BillRow, BillRowKind, DayBill, Disbelief, Doubt, NewOrder, Notification, OrderState, Outcome, Payment,
    PaymentCode, RefundOrder, RefundState, Refusal, RefusalReason, numbers,
};
use crate::payments::config::WechatConfig;
use crate::payments::providers::clock::ProviderClock;

/// A call of a person waits for at most this long, twice if the first host does not answer a question.
const TIME_LIMITS: TimeLimits = TimeLimits {
    connect: Duration::from_secs(2),
    call: Duration::from_secs(4),
    download: Duration::from_secs(60),
};
const MAX_DESCRIPTION_BYTES: usize = 127;
const MAX_REASON_BYTES: usize = 80;

type Theirs<T> = wechat_pay::Outcome<T>;
type Asked<T> = Result<Outcome<T>, InvalidField>;

#[derive(Debug)]
pub(super) struct Wechat {
    client: Client,
    appid: String,
    notify_url: NotifyUrl,
    fetches_certificates: bool,
}

impl Wechat {
    pub(super) fn new(config: &WechatConfig, clock: &Clock) -> Result<Self, ConfigError> {
        let unusable = |error: String| ConfigError::Provider { provider: "WeChat Pay", reason: error };
        let hosts = Hosts::new(&config.host, config.backup_host.as_deref());
        let notify_url = NotifyUrl::parse_local(config.notify_url.as_str());
        let client_config = wechat_pay::Config {
            merchant: config.merchant()?,
            platform_keys: config.platform_keys()?,
            hosts: hosts.map_err(|error| unusable(error.to_string()))?,
            time_limits: TIME_LIMITS,
            user_agent: concat!("coinslot/", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        let client = Client::new(client_config, ProviderClock(clock.clone()), RandomNonces);
        Ok(Wechat {
            client: client.map_err(|error| unusable(error.to_string()))?,
            appid: config.appid.clone(),
            notify_url: notify_url.map_err(|error| unusable(error.to_string()))?,
            fetches_certificates: config.fetches_certificates(),
        })
    }

    pub(super) const fn fetches_certificates(&self) -> bool {
        self.fetches_certificates
    }

    /// Fetches WeChat's certificates, where they are what its signatures are verified with.
    pub(super) async fn refresh_certificates(&self) -> Outcome<usize> {
        convert(self.client.refresh_certificates().await, |count| count)
    }

    /// Sent once. A time that is less than a minute away is moved to a minute by WeChat.
    pub(super) async fn create_order(&self, order: &NewOrder) -> Asked<PaymentCode> {
        let number = out_trade_no(order.id)?;
        let description = fit(&order.description, MAX_DESCRIPTION_BYTES);
        let native = NativeOrder::new(number, &description, order.amount, self.notify_url.clone())?
            .with_time_expire(order.expires_at.timestamp());
        let created = self.client.create_native_order(&native).await;
        Ok(convert(created, |code| PaymentCode(code.as_str().to_owned())))
    }

    pub(super) async fn query_order(&self, id: OrderId) -> Asked<OrderState> {
        Ok(match self.client.query_order(&out_trade_no(id)?).await {
            Theirs::Refused(report) if is_absent(&report) => Outcome::Succeeded(OrderState::Absent),
            queried => convert(queried, state),
        })
    }

    /// Queries afterwards, however the closing ended: only then is it sure that no payment was faster.
    pub(super) async fn close_order(&self, id: OrderId) -> Asked<OrderState> {
        let refusal = match self.client.close_order(&out_trade_no(id)?).await {
            Theirs::Succeeded(()) => None,
            Theirs::Refused(report) if is_absent(&report) => {
                return Ok(Outcome::Succeeded(OrderState::Absent));
            }
            Theirs::Refused(report) => Some(refusal(&report)),
            Theirs::Unknown(theirs) => return Ok(Outcome::Unknown(doubt(&theirs))),
        };
        Ok(match (self.query_order(id).await?, refusal) {
            (Outcome::Succeeded(OrderState::Open), Some(refusal)) => Outcome::Refused(refusal),
            (queried, _) => queried,
        })
    }

    pub(super) async fn refund(&self, refund: &RefundOrder) -> Asked<RefundState> {
        let order = PaidOrder::TransactionId(TransactionId::parse(&refund.transaction_id)?);
        let request = RefundRequest::new(order, out_refund_no(refund)?, refund.amount, refund.total)?
            .with_reason(&fit(&refund.reason, MAX_REASON_BYTES))?
            .with_notify_url(self.notify_url.clone());
        Ok(convert(self.client.create_refund(&request).await, |made| refund_state(&made)))
    }

    pub(super) async fn query_refund(&self, refund: &RefundOrder) -> Asked<RefundState> {
        Ok(match self.client.query_refund(&out_refund_no(refund)?).await {
            Theirs::Refused(report) if is_absent(&report) => Outcome::Succeeded(RefundState::Absent),
            Theirs::Succeeded(made) if made.amount.refund != refund.amount => {
                let text = format!("WeChat Pay: refund {} is over another amount", made.out_refund_no);
                Outcome::Unknown(Doubt { is_away: false, text })
            }
            queried => convert(queried, |made| refund_state(&made)),
        })
    }

    pub(super) async fn bill(&self, day: Date) -> Outcome<DayBill> {
        let bill = match self.client.request_trade_bill(day, true).await {
            Theirs::Succeeded(bill) => bill,
            Theirs::Refused(report) if report.code == Some(Code::NoStatementExist) => {
                return Outcome::Succeeded(DayBill::Rows(Vec::new()));
            }
            Theirs::Unknown(wechat_pay::Doubt::Undecided(report))
                if report.code == Some(Code::StatementCreating) =>
            {
                return Outcome::Succeeded(DayBill::NotReady);
            }
            failed => return convert(failed, |_| DayBill::NotReady),
        };
        let file = match self.client.download_bill(&bill).await {
            Theirs::Succeeded(file) => file,
            failed => return convert(failed, |_| DayBill::NotReady),
        };
        match tokio::task::spawn_blocking(move || TradeBill::read(&file)).await {
            Ok(Ok(bill)) => {
                Outcome::Succeeded(DayBill::Rows(bill.rows.into_iter().map(|row| self.row(row)).collect()))
            }
            Ok(Err(error)) => unreadable_bill(&error.to_string()),
            Err(error) => unreadable_bill(&error.to_string()),
        }
    }

    /// A merchant's bill has the orders of all its applications: those of others are none of ours.
    fn row(&self, row: TradeRow) -> BillRow {
        let is_ours = row.appid == self.appid;
        let (kind, amount) = match &row.refund {
            Some(refund) => (BillRowKind::Refund, refund.amount),
            None => (BillRowKind::Payment, row.total),
        };
        let refund_number = row.refund.and_then(|refund| numbers::refund_of_number(&refund.out_refund_no));
        BillRow {
            kind,
            order_id: numbers::order_of_number(&row.out_trade_no).filter(|_| is_ours),
            out_trade_no: row.out_trade_no,
            transaction_id: row.transaction_id,
            amount,
            refund_number: refund_number.filter(|_| is_ours),
            at: UtcTime::from_timestamp(row.traded_at),
        }
    }

    pub(super) async fn read_notification(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Notification, Disbelief> {
        match self.client.read_notice(headers, body).await {
            Ok(Notice::Payment(notice)) => {
                let state = OrderState::Paid(payment(notice.paid));
                let order_id = numbers::order_of_number(&notice.out_trade_no);
                let order_id = order_id.ok_or_else(|| not_ours("out_trade_no", &notice.out_trade_no))?;
                Ok(Notification::Order { order_id, state })
            }
            Ok(Notice::Refund(notice)) => {
                let number = numbers::refund_of_number(&notice.out_refund_no);
                let number = number.ok_or_else(|| not_ours("out_refund_no", &notice.out_refund_no))?;
                Ok(Notification::Refund { number, state: state_of_refund(notice.status, &notice.refund_id) })
            }
            Err(NoticeError::OtherEvent(_)) => Ok(Notification::Other),
            Err(NoticeError::Unverified(reason)) => Err(Disbelief::NotGenuine(reason.to_string())),
            Err(other) => Err(Disbelief::NotOurs(other.to_string())),
        }
    }
}

fn out_trade_no(id: OrderId) -> Result<OutTradeNo, InvalidField> {
    OutTradeNo::parse(&numbers::order_number(id))
}

fn out_refund_no(refund: &RefundOrder) -> Result<OutRefundNo, InvalidField> {
    OutRefundNo::parse(&numbers::refund_number(refund.number))
}

fn not_ours(field: &str, number: &str) -> Disbelief {
    Disbelief::NotOurs(format!("{field} {number} is none of ours"))
}

fn is_absent(report: &Report) -> bool {
    matches!(report.code, Some(Code::OrderNotExist | Code::ResourceNotExists))
}

fn state(transaction: Transaction) -> OrderState {
    if let Some(paid) = transaction.paid {
        return OrderState::Paid(payment(paid));
    }
    match transaction.state {
        TradeState::Closed | TradeState::Revoked => OrderState::Closed,
        TradeState::PayError => OrderState::Failed,
        // The last two always come with a payment.
        TradeState::NotPay | TradeState::UserPaying | TradeState::Success | TradeState::Refund => {
            OrderState::Open
        }
    }
}

fn payment(paid: Paid) -> Payment {
    let paid_at = UtcTime::from_timestamp(paid.at);
    Payment { transaction_id: paid.transaction_id, amount: paid.total, paid_at }
}

fn refund_state(refund: &Refund) -> RefundState {
    state_of_refund(refund.status, &refund.refund_id)
}

fn state_of_refund(status: RefundStatus, refund_id: &str) -> RefundState {
    let provider_refund_id = Some(refund_id.to_owned());
    match status {
        RefundStatus::Processing => RefundState::Processing { provider_refund_id },
        RefundStatus::Success => RefundState::Completed { provider_refund_id },
        RefundStatus::Closed => {
            RefundState::Failed { text: format!("微信退款关闭（CLOSED）：{refund_id}") }
        }
        RefundStatus::Abnormal => {
            RefundState::Failed { text: format!("微信退款异常（ABNORMAL）：{refund_id}") }
        }
    }
}

fn unreadable_bill(error: &str) -> Outcome<DayBill> {
    Outcome::Unknown(Doubt { is_away: false, text: format!("WeChat Pay: the bill cannot be read: {error}") })
}

fn convert<T, U>(theirs: Theirs<T>, value: impl FnOnce(T) -> U) -> Outcome<U> {
    match theirs {
        Theirs::Succeeded(done) => Outcome::Succeeded(value(done)),
        Theirs::Refused(report) => Outcome::Refused(refusal(&report)),
        Theirs::Unknown(theirs) => Outcome::Unknown(doubt(&theirs)),
    }
}

fn refusal(report: &Report) -> Refusal {
    let reason = match report.code {
        Some(Code::NotEnough) => RefusalReason::NotEnoughMoney,
        _ => RefusalReason::Other,
    };
    Refusal { reason, text: format!("WeChat Pay: {report}") }
}

/// Out of order is what says so with a status of 5xx, signed or not. A 504 is not: behind the proxy that gave up waiting
/// the request may have been carried out.
fn doubt(theirs: &wechat_pay::Doubt) -> Doubt {
    let is_away = match theirs {
        wechat_pay::Doubt::NotSent => true,
        wechat_pay::Doubt::Unverified { status, .. } => *status >= 500 && *status != 504,
        wechat_pay::Doubt::Undecided(report) => report.status >= 500,
        _ => false,
    };
    Doubt { is_away, text: format!("WeChat Pay: {theirs}") }
}
