//! Payments that were never made here and that the sandbox shall know all the same: for whoever makes up a past.

use jiff::Timestamp;

use crate::sandbox::Channel;
use crate::state::ORDER;
use crate::store::{Record, StoreError};
use crate::{alipay, wechat};

/// An order that was made and paid. What was asked for when it was made is not known, so it cannot be made again; it
/// stands in the bill of its day, and its money can go back.
#[derive(Clone, Copy, Debug)]
pub struct PastPayment<'a> {
    /// Whose it is.
    pub channel: Channel,
    /// The merchant's number.
    pub out_trade_no: &'a str,
    /// What the payer read.
    pub description: &'a str,
    /// In fen.
    pub amount: i64,
    /// Who hears of its refunds.
    pub notify_url: &'a str,
    /// What the payer scanned ([`Channel::new_code`]).
    pub code: &'a str,
    /// The provider's number ([`Channel::new_transaction_id`]).
    pub transaction_id: &'a str,
    /// When it was made.
    pub created: Timestamp,
    /// Until when it could be paid.
    pub expires: Timestamp,
    /// When it was paid.
    pub paid: Timestamp,
}

impl PastPayment<'_> {
    /// The row that a sandbox on the store where it is put will know.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the order cannot be written down.
    pub fn record(&self) -> Result<Record, StoreError> {
        let content = match self.channel {
            Channel::Wechat => serde_json::to_value(wechat::Order::past(self)),
            Channel::Alipay => serde_json::to_value(alipay::Order::past(self)),
        };
        Ok(Record {
            channel: self.channel,
            kind: ORDER.to_owned(),
            number: self.out_trade_no.to_owned(),
            content: Some(content.map_err(StoreError::new)?),
        })
    }
}

impl Channel {
    /// What a payer scans, as the provider makes it.
    #[must_use]
    pub fn new_code(self) -> String {
        match self {
            Channel::Wechat => wechat::new_code(),
            Channel::Alipay => alipay::new_code(),
        }
    }

    /// A number of the provider for a payment of this time.
    #[must_use]
    pub fn new_transaction_id(self, paid: Timestamp) -> String {
        match self {
            Channel::Wechat => wechat::new_transaction_id(paid),
            Channel::Alipay => alipay::new_trade_no(paid),
        }
    }
}
