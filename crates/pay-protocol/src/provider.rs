//! A payment provider as the platform needs it: one vocabulary for WeChat Pay and Alipay.
//!
//! The merchant's numbers make repetition harmless: an order is known to the provider by its `out_trade_no`, a refund by
//! its `out_refund_no` (Alipay's `out_request_no`), so an unknown outcome is asked for again with the same number.

use std::fmt::Debug;

use async_trait::async_trait;
use http::HeaderMap;
use jiff::Timestamp;
use jiff::civil::Date;
use money::Fen;

use crate::outcome::{Answer, Doubt, Outcome};

/// The calls to a provider, in the platform's words. A value that the provider would not take is refused before it is
/// sent; an answer about another number, order, payment or amount than was asked is a doubt.
#[async_trait]
pub trait PaymentProvider: Debug + Send + Sync {
    /// Makes an order known. Sent once; safe to repeat with the same values.
    async fn create_order(&self, order: &NewOrder) -> Outcome<PaymentCode>;

    /// Where an order stands.
    async fn query_order(&self, out_trade_no: &str) -> Answer<OrderState>;

    /// Ends an order that nobody has paid, and says where it stands then: a payment may have been faster.
    ///
    /// Alipay has nothing to close before somebody scans the code: then the order is [`OrderState::Absent`], and can be
    /// paid until it expires.
    async fn close_order(&self, out_trade_no: &str) -> Outcome<OrderState>;

    /// Sends money back. Safe to repeat with the same number; success means accepted, the state says how far it is.
    async fn refund(&self, refund: &RefundOrder) -> Outcome<RefundState>;

    /// How far a refund is.
    async fn query_refund(&self, refund: &RefundOrder) -> Answer<RefundState>;

    /// Sends a refund on that is [`RefundState::Abnormal`]. `provider_refund_id` is the one of that state. Refused where
    /// the provider has no such refunds (Alipay).
    async fn apply_abnormal_refund(
        &self,
        refund: &RefundOrder,
        provider_refund_id: &str,
        destination: &AbnormalDestination,
    ) -> Outcome<RefundState>;

    /// What happened on a day in Beijing. It takes minutes at worst and up to [`crate::MAX_BILL_BYTES`] twice.
    async fn bill(&self, day: Date) -> Answer<DayBill>;

    /// What a notification says, if it can be believed.
    async fn read_notification(&self, headers: &HeaderMap, body: &[u8]) -> Result<Notification, Disbelief>;
}

/// An order to be made known to a provider. Repeating it must give the same values, the expiry above all.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// Our number: 6 to 32 letters and digits.
    pub out_trade_no: String,
    /// What is to be paid.
    pub amount: Fen,
    /// What the payer reads, cut to what the provider takes.
    pub description: String,
    /// Until when it can be paid. WeChat Pay moves a time less than a minute away to one minute.
    pub expires_at: Timestamp,
}

/// What the payer scans: the text of the QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentCode(pub String);

/// Where an order stands at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// The provider knows of no order of this number *now*: it never got it, or lags behind, or (Alipay) nobody has
    /// scanned the code yet. Never the last word.
    Absent,
    /// Not paid yet.
    Open,
    /// Money was received, whatever was returned since.
    Paid(Payment),
    /// Ended without payment; nobody can pay it any more.
    Closed,
    /// The payment failed and the order ended with it.
    Failed,
}

/// A payment that was received. Application, merchant and currency have been compared; whoever credits compares the amount
/// with the order's, and credits nothing that has been [`Payment::returned`] already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// What was paid.
    pub amount: Fen,
    /// What of it had gone back to the payer when this was said, by whomever.
    pub returned: Returned,
    /// When it was paid.
    pub paid_at: Timestamp,
}

/// How much of a payment has gone back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// Nothing that the provider tells of. Alipay's query says nothing of a part, only of the whole.
    Nothing,
    /// So much.
    Amount(Fen),
    /// Something, and the provider does not say how much (WeChat's state `REFUND`): its bills and refund queries do.
    Something,
}

/// A refund to be made of a paid order, in whole or in part.
#[derive(Clone, Debug)]
pub struct RefundOrder {
    /// Our number of the refund, which makes it happen once: 1 to 64 letters and digits.
    pub out_refund_no: String,
    /// Our number of the order.
    pub out_trade_no: String,
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// What goes back.
    pub amount: Fen,
    /// What was paid.
    pub total: Fen,
    /// What the payer reads, cut to what the provider takes.
    pub reason: String,
    /// Whether the provider may have got this refund before: an earlier call ended unknown, or was not seen to end. A
    /// refusal then says nothing of that one, and is a doubt.
    pub sent_before: bool,
}

/// How far a refund is at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// The provider knows of no refund of this number *now*: it never got it, or lags behind, or (Alipay) did not make it.
    /// Never the last word: asked for again *with the same number*, it is made at most once.
    Absent,
    /// Accepted, on its way.
    Processing {
        /// The provider's number, where it numbers refunds.
        provider_refund_id: Option<String>,
    },
    /// The payer's account cannot take it (WeChat's `ABNORMAL`). The money has left us and is *on its way*: it may be sent
    /// on with [`PaymentProvider::apply_abnormal_refund`], here or on the provider's own platform, and ends as `Completed` or
    /// `Failed`. Paid another way meanwhile it would be paid twice.
    Abnormal {
        /// The provider's number.
        provider_refund_id: String,
    },
    /// The money has gone back.
    Completed {
        /// The provider's number, where it numbers refunds.
        provider_refund_id: Option<String>,
    },
    /// Final (WeChat's `CLOSED`): it will not be made under this number, and the money stays with us.
    Failed {
        /// The provider's words.
        text: String,
    },
}

/// Where an abnormal refund is sent on to. What names a person or an account is encrypted for the provider.
#[derive(Clone, PartialEq, Eq)]
pub enum AbnormalDestination {
    /// A bank card of the payer.
    PayersBankCard {
        /// The provider's code of the bank, such as `ICBC_DEBIT`.
        bank: String,
        /// The number of the card.
        account: String,
        /// Whose it is.
        name: String,
    },
    /// The bank account that the provider settles with us. The refund is then completed although the payer has nothing:
    /// somebody has to pay them by hand.
    MerchantsBankAccount,
}

impl Debug for AbnormalDestination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::PayersBankCard { .. } => "PayersBankCard(..)",
            Self::MerchantsBankAccount => "MerchantsBankAccount",
        })
    }
}

/// What a provider tells without being asked. A notification about a refund may tell of its order too; one that tells of
/// neither is genuine, and nothing that anybody acts upon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notification {
    /// About an order.
    pub order: Option<OrderNotice>,
    /// About a refund, perhaps one that was not made by us.
    pub refund: Option<RefundNotice>,
}

/// The provider's word on where an order stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderNotice {
    /// Our number, if it is ours.
    pub out_trade_no: String,
    /// Where it stands.
    pub state: OrderState,
}

/// The provider's word on a refund. Compare it ([`RefundNotice::check`]) before believing that it is about a refund of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundNotice {
    /// Our number of the refund, if it is ours.
    pub out_refund_no: String,
    /// Our number of the order.
    pub out_trade_no: String,
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// What was paid.
    pub total: Fen,
    /// What goes back by this refund. `None`: not told (Alipay); the query tells.
    pub amount: Option<Fen>,
    /// What has gone back of the payment by now, by all its refunds, where that is told (Alipay).
    pub returned: Option<Fen>,
    /// How far it is.
    pub state: RefundState,
}

impl RefundNotice {
    /// Compares all that the notice tells with the refund that it should be about.
    ///
    /// # Errors
    /// [`Doubt::OfAnother`] with the first field that differs: whatever it says, it does not say it of this refund.
    pub fn check(&self, refund: &RefundOrder) -> Answer<()> {
        let is_amount = match (self.amount, self.returned) {
            (Some(amount), _) => amount == refund.amount,
            // More may have gone back by other parts, but never less than by this one.
            (None, Some(returned)) => returned >= refund.amount,
            (None, None) => true,
        };
        let same = [
            ("number of the refund", self.out_refund_no == refund.out_refund_no),
            ("number of the order", self.out_trade_no == refund.out_trade_no),
            ("number of the payment", self.transaction_id == refund.transaction_id),
            ("total", self.total == refund.total),
            ("amount", is_amount),
        ];
        match same.into_iter().find(|(_, is_same)| !is_same) {
            Some((field, _)) => Err(Doubt::OfAnother(field)),
            None => Ok(()),
        }
    }
}

/// Why a notification is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disbelief {
    /// Forged, stale, replayed too late, or not signed by a key we know.
    #[error("not genuine: {0}")]
    NotGenuine(String),
    /// Genuine, but for another merchant or application, or unreadable.
    #[error("not ours: {0}")]
    NotOurs(String),
}

/// A day's bill of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayBill {
    /// Not made yet: ask later.
    NotReady,
    /// The provider has none: nothing happened on that day, or the bill is late and the provider does not tell the two
    /// apart (Alipay's `isp.bill_not_exist`). Not an empty bill before it has stayed so for another day.
    Absent,
    /// What happened on that day.
    Ready(Bill),
}

/// The rows of a bill. They add up to what the bill says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// Those of this application, in the order of the file.
    pub rows: Vec<BillRow>,
    /// Those of other applications of the same merchant, where the bill names the application (WeChat Pay). None of ours,
    /// and nothing that could differ.
    pub of_other_applications: Vec<BillRow>,
}

/// A line of a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRow {
    /// What it is about.
    pub kind: BillRowKind,
    /// The number of the order as the bill has it.
    pub out_trade_no: String,
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// What was paid or went back, without a sign. Of a refund it is what was asked for (申请退款金额), coupons included.
    pub amount: Fen,
    /// The number of the refund, on lines about refunds.
    pub out_refund_no: Option<String>,
    /// When it happened.
    pub at: Timestamp,
}

/// What a line of a bill is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BillRowKind {
    /// Money was paid.
    Payment,
    /// Money goes back by a refund.
    Refund,
    /// A payment was taken back as a whole (撤销): nothing of it is left.
    Revocation,
    /// Something we have no word for, as the bill names it. For a person to look at.
    Other(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refund() -> RefundOrder {
        RefundOrder {
            out_refund_no: "R1".to_owned(),
            out_trade_no: "T1".to_owned(),
            transaction_id: "4200".to_owned(),
            amount: Fen::new(4_000),
            total: Fen::new(10_000),
            reason: String::new(),
            sent_before: false,
        }
    }

    fn notice() -> RefundNotice {
        RefundNotice {
            out_refund_no: "R1".to_owned(),
            out_trade_no: "T1".to_owned(),
            transaction_id: "4200".to_owned(),
            total: Fen::new(10_000),
            amount: Some(Fen::new(4_000)),
            returned: None,
            state: RefundState::Completed { provider_refund_id: None },
        }
    }

    #[test]
    fn a_notice_over_a_fen_is_not_about_a_refund_of_forty_yuan() {
        assert_eq!(notice().check(&refund()), Ok(()));
        type Change = fn(&mut RefundNotice);
        let changes: [(&str, Change); 6] = [
            ("number of the refund", |notice| notice.out_refund_no.push('0')),
            ("number of the order", |notice| notice.out_trade_no.push('0')),
            ("number of the payment", |notice| notice.transaction_id.push('0')),
            ("total", |notice| notice.total = Fen::new(4_000)),
            ("amount", |notice| notice.amount = Some(Fen::new(1))),
            ("amount", |notice| (notice.amount, notice.returned) = (None, Some(Fen::new(3_999)))),
        ];
        for (field, change) in changes {
            let mut other = notice();
            change(&mut other);
            assert_eq!(other.check(&refund()), Err(Doubt::OfAnother(field)));
        }
    }

    #[test]
    fn a_notice_that_tells_only_the_sum_of_all_refunds_agrees_with_any_part_of_it() {
        let sum = RefundNotice { amount: None, returned: Some(Fen::new(9_000)), ..notice() };
        assert_eq!(sum.check(&refund()), Ok(()));
    }

    #[test]
    fn a_bank_card_is_not_shown() {
        let (bank, account, name) = ("ICBC_DEBIT".to_owned(), "6222".to_owned(), "张三".to_owned());
        let shown = format!("{:?}", AbnormalDestination::PayersBankCard { bank, account, name });
        assert_eq!(shown, "PayersBankCard(..)");
    }
}
