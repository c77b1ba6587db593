//! What a payment means for an order: pure decisions, without I/O and clock.

use base::clock::UtcTime;
use money::Fen;

use super::incidents::IncidentKind;
use super::order::{OrderStatus, ResolvedOutcome};
use super::providers::{OrderState, Payment};

/// What is known of an order under its lock.
#[derive(Clone, Copy, Debug)]
pub(super) struct OrderSnapshot<'a> {
    pub(super) status: OrderStatus,
    pub(super) amount: Fen,
    pub(super) expires_at: UtcTime,
    /// The payment that was credited.
    pub(super) transaction_id: Option<&'a str>,
    pub(super) resolved_outcome: Option<ResolvedOutcome>,
    /// Another order has this payment.
    pub(super) is_of_other_order: bool,
}

/// What is to be done about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Credit the amount. `is_late`: the order had ended, or the time for paying had.
    Credit { is_late: bool },
    /// As [`Verdict::Credit`], late, and finance must hear of it, who had decided otherwise.
    CreditAgainstDecision,
    /// It was credited before.
    Repeat,
    /// Finance credited the order without knowing the payment: now it is known.
    Attribute,
    /// Do not credit it; somebody has to look.
    Suspect(IncidentKind),
}

pub(super) fn judge(order: OrderSnapshot<'_>, payment: &Payment) -> Verdict {
    if order.transaction_id == Some(payment.transaction_id.as_str()) {
        return match payment.amount == order.amount {
            true => Verdict::Repeat,
            false => Verdict::Suspect(IncidentKind::AmountDiffers),
        };
    }
    if order.is_of_other_order {
        return Verdict::Suspect(IncidentKind::PaymentOfOtherOrder);
    }
    if order.transaction_id.is_some() {
        return Verdict::Suspect(IncidentKind::SecondPayment);
    }
    if payment.amount != order.amount {
        return Verdict::Suspect(IncidentKind::AmountDiffers);
    }
    match (order.status, order.resolved_outcome) {
        (OrderStatus::Success, _) => Verdict::Attribute,
        (OrderStatus::Failed, Some(ResolvedOutcome::Failed)) => Verdict::CreditAgainstDecision,
        (OrderStatus::Closed | OrderStatus::Failed, _) => Verdict::Credit { is_late: true },
        (OrderStatus::Pending | OrderStatus::Abnormal, _) => {
            Verdict::Credit { is_late: payment.paid_at > order.expires_at }
        }
    }
}

/// The status of an order whose provider says that it ended without payment, if that changes it. One that ended there before
/// its time did so with a payment that failed (Alipay has no other word for it). What finance has to decide stays with
/// finance.
pub(super) fn ending(status: OrderStatus, is_expired: bool, state: &OrderState) -> Option<OrderStatus> {
    match (status, state) {
        (OrderStatus::Pending, OrderState::Closed) if is_expired => Some(OrderStatus::Closed),
        (OrderStatus::Pending, OrderState::Closed | OrderState::Failed) => Some(OrderStatus::Failed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::providers::Returned;

    use OrderStatus::{Abnormal, Closed, Failed, Pending, Success};

    fn at(millis: i64) -> UtcTime {
        UtcTime::from_millis(millis).unwrap()
    }

    fn standing(status: OrderStatus) -> OrderSnapshot<'static> {
        OrderSnapshot {
            status,
            amount: Fen::new(5_000),
            expires_at: at(900_000),
            transaction_id: None,
            resolved_outcome: None,
            is_of_other_order: false,
        }
    }

    fn payment(transaction_id: &str, fen: i64, paid_at: i64) -> Payment {
        Payment {
            transaction_id: transaction_id.to_owned(),
            amount: Fen::new(fen),
            returned: Returned::Nothing,
            paid_at: at(paid_at),
        }
    }

    #[test]
    fn an_order_that_is_not_credited_yet_is_credited_whatever_became_of_it() {
        for (status, paid_at, is_late) in [
            (Pending, 1, false),
            (Pending, 900_000, false),
            (Pending, 900_001, true),
            (Abnormal, 1, false),
            (Abnormal, 900_001, true),
            (Closed, 1, true),
            (Failed, 1, true),
        ] {
            let verdict = judge(standing(status), &payment("T1", 5_000, paid_at));
            assert_eq!(verdict, Verdict::Credit { is_late }, "{status:?} at {paid_at}");
        }
    }

    #[test]
    fn a_credited_order_is_never_credited_again() {
        let credited = OrderSnapshot { transaction_id: Some("T1"), ..standing(Success) };
        assert_eq!(judge(credited, &payment("T1", 5_000, 1)), Verdict::Repeat);
        assert_eq!(judge(credited, &payment("T2", 5_000, 1)), Verdict::Suspect(IncidentKind::SecondPayment));
        assert_eq!(judge(credited, &payment("T1", 4_999, 1)), Verdict::Suspect(IncidentKind::AmountDiffers));
        let by_hand = OrderSnapshot { resolved_outcome: Some(ResolvedOutcome::Success), ..standing(Success) };
        assert_eq!(judge(by_hand, &payment("T1", 5_000, 1)), Verdict::Attribute);
        assert_eq!(judge(by_hand, &payment("T1", 1, 1)), Verdict::Suspect(IncidentKind::AmountDiffers));
    }

    #[test]
    fn another_amount_is_credited_to_no_order() {
        for status in [Pending, Success, Failed, Closed, Abnormal] {
            for fen in [1, 4_999, 5_001, 500_000] {
                let verdict = judge(standing(status), &payment("T1", fen, 1));
                assert_eq!(verdict, Verdict::Suspect(IncidentKind::AmountDiffers), "{status:?} {fen}");
            }
        }
    }

    #[test]
    fn a_payment_of_another_order_is_credited_to_no_second_one() {
        for status in [Pending, Success, Failed, Closed, Abnormal] {
            let order = OrderSnapshot { is_of_other_order: true, ..standing(status) };
            let verdict = judge(order, &payment("T1", 5_000, 1));
            assert_eq!(verdict, Verdict::Suspect(IncidentKind::PaymentOfOtherOrder), "{status:?}");
        }
    }

    #[test]
    fn money_that_comes_after_finance_said_failed_is_credited_and_told() {
        let order = OrderSnapshot { resolved_outcome: Some(ResolvedOutcome::Failed), ..standing(Failed) };
        assert_eq!(judge(order, &payment("T1", 5_000, 1)), Verdict::CreditAgainstDecision);
    }

    #[test]
    fn only_a_pending_order_ends_with_the_provider() {
        assert_eq!(ending(Pending, true, &OrderState::Closed), Some(Closed));
        assert_eq!(ending(Pending, false, &OrderState::Closed), Some(Failed));
        for is_expired in [false, true] {
            assert_eq!(ending(Pending, is_expired, &OrderState::Failed), Some(Failed));
            for state in [OrderState::Absent, OrderState::Open] {
                assert_eq!(ending(Pending, is_expired, &state), None);
            }
            for status in [Success, Failed, Closed, Abnormal] {
                for state in [OrderState::Closed, OrderState::Failed] {
                    assert_eq!(ending(status, is_expired, &state), None, "{status:?}");
                }
            }
        }
    }
}
