//! A bill against what we know: pure comparisons.

use std::collections::{HashMap, HashSet};

use base::clock::UtcTime;
use base::ids::{DifferenceId, OrderId};
use money::Fen;
use uuid::Uuid;

use super::results::{Difference, DifferenceKind, Subject};
use crate::payments::order::OrderStatus;
use crate::payments::providers::{BillRow, BillRowKind, order_number};

/// An order of ours that a bill may name.
#[derive(Clone, Debug)]
pub(super) struct OurOrder {
    pub(super) id: OrderId,
    pub(super) status: OrderStatus,
    pub(super) amount: Fen,
    pub(super) transaction_id: Option<String>,
}

/// A part of a refund that was sent through a provider.
#[derive(Clone, Debug)]
pub(super) struct OurRefund {
    pub(super) number: Uuid,
    pub(super) amount: Fen,
    pub(super) is_completed: bool,
}

impl OurOrder {
    fn is_paid_by(&self, row: &BillRow) -> bool {
        self.status == OrderStatus::Success && self.transaction_id.as_deref() == Some(&row.transaction_id)
    }

    /// Whether the line tells nothing new.
    pub(super) fn agrees_with(&self, row: &BillRow) -> bool {
        self.is_paid_by(row) && self.amount == row.amount
    }
}

/// What a payment in the bill differs in. `ours` is the order as it is after the line was acted upon, `was_credited`
/// whether that credited it.
pub(super) fn payment(
    row: &BillRow,
    ours: Option<&OurOrder>,
    was_credited: bool,
    now: UtcTime,
) -> Option<Difference> {
    let (kind, amount) = match ours {
        Some(_) if was_credited => (DifferenceKind::MissingHere, None),
        Some(order) if order.agrees_with(row) => return None,
        Some(order) if order.amount != row.amount => (DifferenceKind::AmountDiffers, Some(order.amount)),
        _ => (DifferenceKind::MissingHere, None),
    };
    Some(Difference { ours: amount, is_credited: was_credited, ..of_row(row, kind, now) })
}

/// What a refund in the bill differs in.
pub(super) fn refund(row: &BillRow, ours: Option<&OurRefund>, now: UtcTime) -> Option<Difference> {
    let kind = match ours {
        None => DifferenceKind::MissingHere,
        Some(refund) if refund.amount != row.amount => DifferenceKind::AmountDiffers,
        Some(refund) if !refund.is_completed => DifferenceKind::LateRefund,
        Some(_) => return None,
    };
    Some(Difference { ours: ours.map(|refund| refund.amount), ..of_row(row, kind, now) })
}

/// Our orders of the day that the bill does not name.
pub(super) fn missing_there(ours: &[OurOrder], rows: &[BillRow], now: UtcTime) -> Vec<Difference> {
    let payments = rows.iter().filter(|row| row.kind == BillRowKind::Payment);
    let named: HashSet<OrderId> = payments.filter_map(|row| row.order_id).collect();
    let missing = ours.iter().filter(|order| !named.contains(&order.id));
    missing
        .map(|order| Difference {
            id: DifferenceId::generate(now),
            kind: DifferenceKind::MissingThere,
            subject: Subject::Payment,
            order_id: Some(order.id),
            out_trade_no: order_number(order.id),
            transaction_id: order.transaction_id.clone(),
            refund_number: None,
            ours: Some(order.amount),
            theirs: None,
            is_credited: false,
        })
        .collect()
}

fn of_row(row: &BillRow, kind: DifferenceKind, now: UtcTime) -> Difference {
    let subject = match row.kind {
        BillRowKind::Payment | BillRowKind::Other => Subject::Payment,
        BillRowKind::Refund => Subject::Refund,
    };
    Difference {
        id: DifferenceId::generate(now),
        kind,
        subject,
        order_id: row.order_id,
        out_trade_no: row.out_trade_no.clone(),
        transaction_id: Some(row.transaction_id.clone()),
        refund_number: row.refund_number,
        ours: None,
        theirs: Some(row.amount),
        is_credited: false,
    }
}

/// How many lines of a kind there are, and their sum.
pub(super) fn total(rows: &[BillRow], kind: BillRowKind) -> Option<(i64, Fen)> {
    let amounts = rows.iter().filter(|row| row.kind == kind).map(|row| row.amount);
    sum(amounts)
}

/// Count and sum; `None` beyond any amount there is.
pub(super) fn sum(amounts: impl Iterator<Item = Fen>) -> Option<(i64, Fen)> {
    let mut total = (0, Fen::ZERO);
    for amount in amounts {
        total = (total.0 + 1, total.1.checked_add(amount)?);
    }
    Some(total)
}

/// By their key.
pub(super) fn by<K: Eq + std::hash::Hash, V>(values: Vec<V>, key: impl Fn(&V) -> K) -> HashMap<K, V> {
    values.into_iter().map(|value| (key(&value), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> UtcTime {
        UtcTime::from_millis(1_700_000_000_000).unwrap()
    }

    fn row(kind: BillRowKind, order_id: OrderId, transaction_id: &str, fen: i64) -> BillRow {
        BillRow {
            kind,
            order_id: Some(order_id),
            out_trade_no: "number".to_owned(),
            transaction_id: transaction_id.to_owned(),
            amount: Fen::new(fen),
            refund_number: None,
            at: now(),
        }
    }

    fn order(status: OrderStatus, transaction_id: Option<&str>) -> OurOrder {
        OurOrder {
            id: OrderId::generate(now()),
            status,
            amount: Fen::new(5_000),
            transaction_id: transaction_id.map(str::to_owned),
        }
    }

    #[test]
    fn a_payment_agrees_only_with_the_order_it_was_credited_to() {
        let kind = |ours: Option<&OurOrder>, transaction: &str, fen, credited| {
            let id = ours.map_or_else(|| OrderId::generate(now()), |order| order.id);
            let row = row(BillRowKind::Payment, id, transaction, fen);
            payment(&row, ours, credited, now()).map(|difference| (difference.kind, difference.is_credited))
        };
        let paid = order(OrderStatus::Success, Some("T1"));
        assert_eq!(kind(Some(&paid), "T1", 5_000, false), None);
        assert_eq!(kind(Some(&paid), "T1", 5_000, true), Some((DifferenceKind::MissingHere, true)));
        assert_eq!(kind(Some(&paid), "T2", 5_000, false), Some((DifferenceKind::MissingHere, false)));
        assert_eq!(kind(Some(&paid), "T1", 5_001, false), Some((DifferenceKind::AmountDiffers, false)));
        let failed = order(OrderStatus::Abnormal, None);
        assert_eq!(kind(Some(&failed), "T1", 4_999, false), Some((DifferenceKind::AmountDiffers, false)));
        assert_eq!(kind(Some(&failed), "T1", 5_000, false), Some((DifferenceKind::MissingHere, false)));
        assert_eq!(kind(None, "T1", 5_000, false), Some((DifferenceKind::MissingHere, false)));
    }

    #[test]
    fn a_refund_agrees_when_it_is_completed_here() {
        let row = row(BillRowKind::Refund, OrderId::generate(now()), "T1", 300);
        let ours = |fen, is_completed| OurRefund { number: Uuid::nil(), amount: Fen::new(fen), is_completed };
        let kind = |ours: Option<&OurRefund>| refund(&row, ours, now()).map(|difference| difference.kind);
        assert_eq!(kind(None), Some(DifferenceKind::MissingHere));
        assert_eq!(kind(Some(&ours(300, true))), None);
        assert_eq!(kind(Some(&ours(300, false))), Some(DifferenceKind::LateRefund));
        assert_eq!(kind(Some(&ours(299, true))), Some(DifferenceKind::AmountDiffers));
    }

    #[test]
    fn what_the_bill_does_not_name_is_missing_there() {
        let (named, missing) =
            (order(OrderStatus::Success, Some("T1")), order(OrderStatus::Success, Some("T2")));
        let rows = [
            row(BillRowKind::Payment, named.id, "T1", 5_000),
            // A refund of an order does not say that it was paid on this day.
            row(BillRowKind::Refund, missing.id, "T2", 5_000),
        ];
        let found = missing_there(&[named, missing.clone()], &rows, now());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].order_id, found[0].kind), (Some(missing.id), DifferenceKind::MissingThere));
        assert_eq!(total(&rows, BillRowKind::Payment), Some((1, Fen::new(5_000))));
    }
}
