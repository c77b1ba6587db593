//! What became of an order: queries and closing.

use jiff::Timestamp;
use money::Fen;
use pay_protocol::amount::whole_fen;
use pay_protocol::{Answer, Doubt, Outcome};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::codes::{self, Call};
use crate::numbers::{MerchantId, OutTradeNo, TransactionId, in_path};
use crate::transport::Request;

/// The state of an order at WeChat Pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TradeState {
    /// Paid.
    Success,
    /// Paid, and something of it was refunded, or a refund was tried. How much is not said.
    Refund,
    /// Not paid yet.
    NotPay,
    /// Closed without payment.
    Closed,
    /// Taken back (payment by the merchant's scanner only).
    Revoked,
    /// The payer is typing a password (payment by the merchant's scanner only).
    UserPaying,
    /// The payment failed (payment by the merchant's scanner only).
    PayError,
}

impl TradeState {
    /// Whether money was received, whatever was paid back later.
    #[must_use]
    pub fn was_paid(self) -> bool {
        matches!(self, TradeState::Success | TradeState::Refund)
    }
}

/// An order as WeChat Pay sees it. Merchant and, when paid, currency (CNY) have been compared already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Our number of the order.
    pub out_trade_no: String,
    /// Where the order stands.
    pub state: TradeState,
    /// There exactly when the state [`TradeState::was_paid`].
    pub paid: Option<Paid>,
}

/// A payment that was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// When it was paid.
    pub at: Timestamp,
    /// What was to be paid, coupons of WeChat's included.
    pub total: Fen,
}

/// A transaction as it comes, in answers and in the plaintext of payment notices: the fields that are needed. Any other
/// may be absent, null or of another shape without making a good answer a bad one.
#[derive(Debug, Deserialize)]
pub(crate) struct WireTransaction {
    appid: String,
    mchid: String,
    out_trade_no: String,
    transaction_id: Option<String>,
    trade_state: TradeState,
    success_time: Option<String>,
    amount: Option<WireAmount>,
}

#[derive(Debug, Deserialize)]
struct WireAmount {
    #[serde(with = "whole_fen")]
    total: Fen,
    currency: Option<String>,
}

/// What is wrong with a verified transaction.
#[derive(Debug)]
pub(crate) enum Misfit {
    /// A field says that it belongs to somebody else.
    OfAnother(&'static str),
    /// A field that must be there is not, or makes no sense.
    Missing(&'static str),
}

impl From<Misfit> for Doubt {
    fn from(misfit: Misfit) -> Doubt {
        match misfit {
            Misfit::OfAnother(field) => Doubt::OfAnother(field),
            Misfit::Missing(field) => Doubt::Unreadable(format!("{field} is missing or malformed")),
        }
    }
}

impl WireTransaction {
    /// The transaction, if it is one of this client's merchant and complete.
    pub(crate) fn check(self, client: &Client) -> Result<Transaction, Misfit> {
        if self.mchid != client.merchant.mchid.as_str() {
            return Err(Misfit::OfAnother("mchid"));
        }
        if self.appid != client.merchant.appid.as_str() {
            return Err(Misfit::OfAnother("appid"));
        }
        let (out_trade_no, state) = (self.out_trade_no.clone(), self.trade_state);
        let paid = if state.was_paid() { Some(self.paid()?) } else { None };
        Ok(Transaction { out_trade_no, state, paid })
    }

    fn paid(self) -> Result<Paid, Misfit> {
        let id = self.transaction_id.filter(|id| !id.is_empty());
        let transaction_id = id.ok_or(Misfit::Missing("transaction_id"))?;
        let at = self.success_time.and_then(|text| text.parse().ok());
        let at = at.ok_or(Misfit::Missing("success_time"))?;
        let amount = self.amount.ok_or(Misfit::Missing("amount"))?;
        if amount.currency.as_deref() != Some("CNY") {
            return Err(Misfit::OfAnother("amount.currency"));
        }
        if amount.total <= Fen::ZERO {
            return Err(Misfit::Missing("amount.total"));
        }
        Ok(Paid { transaction_id, at, total: amount.total })
    }
}

#[derive(Serialize)]
struct CloseBody<'a> {
    mchid: &'a MerchantId,
}

impl Client {
    /// What became of an order, paid or not. `None`: WeChat has none of this number (`ORDER_NOT_EXIST`), which after an
    /// unknown creation may also mean "not yet".
    ///
    /// # Errors
    /// [`Doubt`], also when the question is refused.
    pub async fn query_order(&self, number: &OutTradeNo) -> Answer<Option<Transaction>> {
        let path = format!("/v3/pay/transactions/out-trade-no/{}", in_path(number.as_str()));
        let found = self.query(path).await?;
        let is_other = found.as_ref().is_some_and(|found| found.out_trade_no != number.as_str());
        if is_other { Err(Doubt::OfAnother("out_trade_no")) } else { Ok(found) }
    }

    /// The same by WeChat's number, which exists only once the order is paid.
    ///
    /// # Errors
    /// As for [`Client::query_order`].
    pub async fn query_transaction(&self, id: &TransactionId) -> Answer<Option<Transaction>> {
        let found = self.query(format!("/v3/pay/transactions/id/{id}")).await?;
        let paid = found.as_ref().and_then(|found| found.paid.as_ref());
        let is_other = paid.is_some_and(|paid| paid.transaction_id != id.as_str());
        if is_other { Err(Doubt::OfAnother("transaction_id")) } else { Ok(found) }
    }

    async fn query(&self, path: String) -> Answer<Option<Transaction>> {
        let request = Request::get(format!("{path}?mchid={}", self.merchant.mchid));
        match self.call_for::<WireTransaction>(Call::Ask, Some(request)).await {
            Outcome::Refused(refusal) if codes::is(&refusal, "ORDER_NOT_EXIST") => Ok(None),
            asked => Ok(Some(asked.into_answer()?.check(self)?)),
        }
    }

    /// Closes an order, so that it cannot be paid any more. Query it afterwards, however this ended: a payment can be
    /// faster, and an order that is closed already is refused as `ORDER_CLOSED`.
    pub async fn close_order(&self, number: &OutTradeNo) -> Outcome<()> {
        let path = format!("/v3/pay/transactions/out-trade-no/{}/close", in_path(number.as_str()));
        let request = Request::post(path, &CloseBody { mchid: &self.merchant.mchid });
        self.call(Call::CloseOrder, request).await.map(|_| ())
    }
}
