//! Top-ups of a past: what an operator that has played its money away pays, through whom, and when.

use base::clock::UtcTime;
use books::ledger::{Account, LedgerError};
use jiff::SignedDuration;
use money::Fen;
use office::payments::PastOrder;
use office::payments::providers::PaymentMethod;

use super::past::Rows;
use super::random::Random;

/// Amounts that people choose, all within the limits that settings come with.
const AMOUNTS_YUAN: [i64; 7] = [100, 200, 500, 1_000, 2_000, 5_000, 10_000];
/// A top-up is for about so many days.
const DAYS: (i64, i64) = (5, 12);
/// WeChat Pay out of a hundred.
const WECHAT_PERCENT: u64 = 60;
/// Orders out of a hundred that were tried once before in vain.
const ABANDONED_PERCENT: u64 = 5;
/// From before an order is made until its money can be played with, at the most.
pub(super) const LEAD: SignedDuration = SignedDuration::from_mins(3);

/// Why an operator tops up.
#[derive(Debug)]
pub(super) struct Need {
    /// What a day costs, about.
    pub(super) daily: Fen,
    /// Until the past ends.
    pub(super) days_left: i64,
    /// When the money must be there.
    pub(super) at: UtcTime,
    /// Nothing may have happened before this.
    pub(super) from: UtcTime,
    /// How long orders can be paid.
    pub(super) order_life: SignedDuration,
}

/// Pays and credits an order, and now and then leaves one unpaid before it.
pub(super) fn top_up(
    account: &mut Account,
    need: &Need,
    random: &mut Random,
    rows: &mut Rows,
) -> Result<(), LedgerError> {
    // Nobody tops up for much longer than the past lasts: what is left at its end is taken back.
    let days = random.between(DAYS.0, DAYS.1).min(need.days_left.max(1));
    let amount = amount(Fen::new(need.daily.get().saturating_mul(days)));
    let credited_at = before(need.at, random.between(400, 20_000));
    // Providers tell whole seconds.
    let paid_at = whole_second(before(credited_at, 1_000));
    let created_at = before(paid_at, random.between(9_000, 120_000));
    let method = method(random);
    if random.below(100) < ABANDONED_PERCENT {
        let minutes = random.between(2, 30);
        abandon(account, need, (amount, method), before(created_at, minutes * 60_000), rows);
    }
    let chosen = (amount, method);
    let order = PastOrder::new(account.operator_id, chosen, created_at, need.order_life, Some(paid_at));
    rows.import.movements.push(account.post(order.movement(), credited_at)?);
    rows.orders.push(order);
    Ok(())
}

/// An order that had been closed by `closed_by`, unless that would have been too early.
fn abandon(
    account: &Account,
    need: &Need,
    chosen: (Fen, PaymentMethod),
    closed_by: UtcTime,
    rows: &mut Rows,
) {
    let created_at = closed_by.plus(-need.order_life);
    let order = PastOrder::new(account.operator_id, chosen, created_at, need.order_life, None);
    if created_at >= need.from && order.closed_at() < need.at {
        rows.orders.push(order);
    }
}

/// The least that is enough, or as much as there is at once.
fn amount(wanted: Fen) -> Fen {
    let amounts = AMOUNTS_YUAN.map(|yuan| Fen::new(yuan * 100));
    amounts.into_iter().find(|amount| *amount >= wanted).unwrap_or(amounts[amounts.len() - 1])
}

fn method(random: &mut Random) -> PaymentMethod {
    match random.below(100) < WECHAT_PERCENT {
        true => PaymentMethod::Wechat,
        false => PaymentMethod::Alipay,
    }
}

fn before(at: UtcTime, ms: i64) -> UtcTime {
    at.plus(SignedDuration::from_millis(-ms))
}

fn whole_second(at: UtcTime) -> UtcTime {
    before(at, at.as_millis().rem_euclid(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_amount_that_is_enough_is_chosen() {
        let yuan = |yuan: i64| amount(Fen::new(yuan * 100)).get() / 100;
        assert_eq!([1, 100, 101, 4_999, 10_000, 70_000].map(yuan), [100, 100, 200, 5_000, 10_000, 10_000]);
    }
}
