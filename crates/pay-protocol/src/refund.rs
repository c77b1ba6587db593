//! Refunds in the platform's words.

use std::fmt::Debug;

use money::Fen;

use crate::outcome::{Answer, Doubt};
#[cfg(doc)]
use crate::provider::PaymentProvider;

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
