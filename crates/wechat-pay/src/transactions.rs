//! What became of an order: queries and closing.

use jiff::Timestamp;
use money::Fen;
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::codes::Call;
use crate::numbers::{MerchantId, OutTradeNo, TransactionId, in_path};
use crate::outcome::{Doubt, Outcome};
use crate::transport::Request;

/// The state of an order at WeChat Pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TradeState {
    /// Paid.
    Success,
    /// Paid, and something of it was refunded, or a refund was tried.
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
    /// The state in words, in Chinese.
    pub state_description: String,
    /// What the order carried for us.
    pub attach: Option<String>,
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
    /// The amount of the order: compare it with yours before crediting.
    pub total: Fen,
    /// What the payer paid, which is less than the total when there were coupons.
    pub payer_total: Option<Fen>,
    /// Who paid, as the application knows them.
    pub openid: Option<String>,
    /// `NATIVE`, as a rule.
    pub trade_type: Option<String>,
    /// The payer's bank or wallet.
    pub bank_type: Option<String>,
}

/// A transaction as it comes, in answers and in the plaintext of payment notices.
#[derive(Debug, Deserialize)]
pub(crate) struct WireTransaction {
    appid: String,
    mchid: String,
    out_trade_no: String,
    transaction_id: Option<String>,
    trade_type: Option<String>,
    trade_state: TradeState,
    #[serde(default)]
    trade_state_desc: String,
    bank_type: Option<String>,
    attach: Option<String>,
    success_time: Option<String>,
    payer: Option<WirePayer>,
    amount: Option<WireAmount>,
}

#[derive(Debug, Deserialize)]
struct WirePayer {
    openid: Option<String>,
}

#[derive(Debug, Deserialize)]
struct WireAmount {
    #[serde(default, deserialize_with = "crate::amount::optional")]
    total: Option<Fen>,
    #[serde(default, deserialize_with = "crate::amount::optional")]
    payer_total: Option<Fen>,
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
            Misfit::Missing(field) => {
                Doubt::Unreadable { status: 200, what: format!("{field} is missing or malformed") }
            }
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
        let state = self.trade_state;
        let attach = self.attach.clone().filter(|text| !text.is_empty());
        let (out_trade_no, state_description) = (self.out_trade_no.clone(), self.trade_state_desc.clone());
        let paid = if state.was_paid() { Some(self.paid()?) } else { None };
        Ok(Transaction { out_trade_no, state, state_description, attach, paid })
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
        let total = amount.total.filter(|total| *total > Fen::ZERO);
        Ok(Paid {
            transaction_id,
            at,
            total: total.ok_or(Misfit::Missing("amount.total"))?,
            payer_total: amount.payer_total,
            openid: self.payer.and_then(|payer| payer.openid),
            trade_type: self.trade_type,
            bank_type: self.bank_type,
        })
    }
}

#[derive(Serialize)]
struct CloseBody<'a> {
    mchid: &'a MerchantId,
}

impl Client {
    /// What became of an order, paid or not. Refused with `ORDER_NOT_EXIST` when WeChat has none of this number, which
    /// after an unknown creation may also mean: not yet.
    pub async fn query_order(&self, number: &OutTradeNo) -> Outcome<Transaction> {
        let path = format!("/v3/pay/transactions/out-trade-no/{}", in_path(number.as_str()));
        self.query(path).await.and_then(|found| {
            let same = found.out_trade_no == number.as_str();
            if same { Ok(found) } else { Err(Doubt::OfAnother("out_trade_no")) }
        })
    }

    /// The same by WeChat's number, which exists only once the order is paid.
    pub async fn query_transaction(&self, id: &TransactionId) -> Outcome<Transaction> {
        let path = format!("/v3/pay/transactions/id/{id}");
        self.query(path).await.and_then(|found| {
            let same = found.paid.as_ref().is_none_or(|paid| paid.transaction_id == id.as_str());
            if same { Ok(found) } else { Err(Doubt::OfAnother("transaction_id")) }
        })
    }

    async fn query(&self, path: String) -> Outcome<Transaction> {
        let request = Request::get(format!("{path}?mchid={}", self.merchant.mchid));
        let answer = self.call_for::<WireTransaction>(Call::QueryOrder, Some(request)).await;
        answer.and_then(|wire| wire.check(self).map_err(Doubt::from))
    }

    /// Closes an order, so that it cannot be paid any more. Query it afterwards, however this ended: a payment can be
    /// faster, and an order that is closed already is refused as `ORDER_CLOSED`.
    pub async fn close_order(&self, number: &OutTradeNo) -> Outcome<()> {
        let path = format!("/v3/pay/transactions/out-trade-no/{}/close", in_path(number.as_str()));
        let request = Request::post(path, &CloseBody { mchid: &self.merchant.mchid });
        self.call(Call::CloseOrder, request).await.and_then(|_| Ok(()))
    }
}
