//! An operator's account while its row is locked: the only code that computes a balance.

use base::clock::UtcTime;
use base::ids::{OperatorId, TransactionId, UsageId};
use money::Fen;
use uuid::Uuid;

use super::entry::{
    BookAccount, Charge, ChargeOrder, Movement, MovementKind, MovementOrder, charge_hash, movement_hash,
};

/// Why an entry cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    #[error("the balance would become negative")]
    InsufficientBalance,
    #[error("the amount is not positive or leaves the range of 64 bits")]
    AmountOutOfRange,
    #[error("unreadable {0} in the database")]
    Corrupt(&'static str),
}

/// The books of the operator in the locked row, and what they become as entries are added.
#[derive(Clone, Debug)]
pub struct Account {
    pub operator_id: OperatorId,
    pub balance: Fen,
    pub entry_seq: i64,
    pub entry_hash: [u8; 32],
    pub last_entry_at: Option<UtcTime>,
    pub total_recharged: Fen,
    pub total_consumed: Fen,
    pub total_refunded: Fen,
    pub total_sessions: i64,
}

impl Account {
    /// Entries of one account never go back in time, whatever the clocks of the instances say.
    fn next_entry_time(&self, now: UtcTime) -> UtcTime {
        let now = now.to_millis_precision();
        self.last_entry_at.map_or(now, |last| last.max(now))
    }

    /// Takes `order.total` from the balance.
    ///
    /// # Errors
    /// [`LedgerError`], and the account is as it was.
    pub fn charge(&mut self, order: ChargeOrder, token: Uuid, now: UtcTime) -> Result<Charge, LedgerError> {
        if order.total <= Fen::ZERO
            || order.unit_price.checked_mul(order.player_count.into()) != Some(order.total)
        {
            return Err(LedgerError::AmountOutOfRange);
        }
        let balance_after = self.balance.checked_sub(order.total).ok_or(LedgerError::AmountOutOfRange)?;
        if balance_after.is_negative() {
            return Err(LedgerError::InsufficientBalance);
        }
        let total_consumed =
            self.total_consumed.checked_add(order.total).ok_or(LedgerError::AmountOutOfRange)?;
        let seq = self.entry_seq + 1;
        let authorized_at = self.next_entry_time(now);
        let mut charge = Charge {
            operator_id: self.operator_id,
            id: UsageId::generate_in_sequence(authorized_at, seq),
            seq,
            order,
            balance_before: self.balance,
            balance_after,
            authorized_at,
            authorization_token: token,
            entry_hash: [0; 32],
        };
        charge.entry_hash = charge_hash(&self.entry_hash, &charge);
        self.balance = balance_after;
        self.total_consumed = total_consumed;
        self.total_sessions += 1;
        self.advance(seq, charge.entry_hash, authorized_at);
        Ok(charge)
    }

    /// Makes any other movement.
    ///
    /// # Errors
    /// [`LedgerError`], and the account is as it was.
    pub fn post(&mut self, order: MovementOrder, now: UtcTime) -> Result<Movement, LedgerError> {
        if order.amount <= Fen::ZERO {
            return Err(LedgerError::AmountOutOfRange);
        }
        let mut balance_after = self.balance;
        if order.cause.credit() == BookAccount::OperatorBalance {
            balance_after = balance_after.checked_add(order.amount).ok_or(LedgerError::AmountOutOfRange)?;
        }
        if order.cause.debit() == BookAccount::OperatorBalance {
            balance_after = balance_after.checked_sub(order.amount).ok_or(LedgerError::AmountOutOfRange)?;
        }
        if balance_after.is_negative() {
            return Err(LedgerError::InsufficientBalance);
        }
        let (recharged, refunded) = match order.cause.kind() {
            MovementKind::Recharge => (order.amount, Fen::ZERO),
            MovementKind::Refund => (Fen::ZERO, order.amount),
            MovementKind::Adjustment | MovementKind::Payout => (Fen::ZERO, Fen::ZERO),
        };
        let total_recharged =
            self.total_recharged.checked_add(recharged).ok_or(LedgerError::AmountOutOfRange)?;
        let total_refunded =
            self.total_refunded.checked_add(refunded).ok_or(LedgerError::AmountOutOfRange)?;
        let seq = self.entry_seq + 1;
        let occurred_at = self.next_entry_time(now);
        let mut movement = Movement {
            operator_id: self.operator_id,
            id: TransactionId::generate_in_sequence(occurred_at, seq),
            seq,
            order,
            balance_before: self.balance,
            balance_after,
            occurred_at,
            entry_hash: [0; 32],
        };
        movement.entry_hash = movement_hash(&self.entry_hash, &movement);
        self.balance = balance_after;
        self.total_recharged = total_recharged;
        self.total_refunded = total_refunded;
        self.advance(seq, movement.entry_hash, occurred_at);
        Ok(movement)
    }

    fn advance(&mut self, seq: i64, hash: [u8; 32], at: UtcTime) {
        self.entry_seq = seq;
        self.entry_hash = hash;
        self.last_entry_at = Some(at);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::ledger::{MovementCause, genesis_hash};
    use base::ids::{AppId, SiteId};
    use proptest::prelude::*;

    pub(crate) fn account(balance_fen: i64) -> Account {
        let operator_id = OperatorId::from_uuid(Uuid::from_u128(7));
        Account {
            operator_id,
            balance: Fen::new(balance_fen),
            entry_seq: 0,
            entry_hash: genesis_hash(operator_id),
            last_entry_at: None,
            total_recharged: Fen::ZERO,
            total_consumed: Fen::ZERO,
            total_refunded: Fen::ZERO,
            total_sessions: 0,
        }
    }

    fn order(players: i32, price_fen: i64) -> ChargeOrder {
        ChargeOrder {
            session_ms: 1_700_000_000_000,
            session_nonce: "abcdefghijklmnop".to_owned(),
            site_id: SiteId::from_uuid(Uuid::from_u128(1)),
            app_id: AppId::from_uuid(Uuid::from_u128(2)),
            app_name: "太空探险".to_owned(),
            player_count: players,
            unit_price: Fen::new(price_fen),
            total: Fen::new(i64::from(players) * price_fen),
            client_ip: None,
        }
    }

    fn adjustment(amount_fen: i64, credit: bool) -> MovementOrder {
        let cause = if credit { MovementCause::CreditAdjustment } else { MovementCause::DebitAdjustment };
        MovementOrder::new(cause, Fen::new(amount_fen))
    }

    fn at(ms: i64) -> UtcTime {
        UtcTime::from_millis(ms).unwrap()
    }

    #[test]
    fn a_charge_above_the_balance_changes_nothing() {
        let mut account = account(999);
        let before = format!("{account:?}");
        assert_eq!(
            account.charge(order(1, 1_000), Uuid::nil(), at(1)),
            Err(LedgerError::InsufficientBalance)
        );
        assert_eq!(format!("{account:?}"), before);
    }

    #[test]
    fn a_total_that_is_not_players_times_price_is_refused() {
        let mut account = account(10_000);
        let mut wrong = order(2, 1_000);
        wrong.total = Fen::new(1_999);
        assert_eq!(account.charge(wrong, Uuid::nil(), at(1)), Err(LedgerError::AmountOutOfRange));
    }

    #[test]
    fn entries_never_go_back_in_time() {
        let mut account = account(10_000);
        let first = account.charge(order(1, 100), Uuid::nil(), at(5_000)).unwrap();
        let second = account.charge(order(1, 100), Uuid::nil(), at(4_000)).unwrap();
        assert_eq!(second.authorized_at, first.authorized_at);
        assert!(second.id > first.id);
    }

    proptest! {
        #[test]
        fn balance_and_chain_follow_every_entry(steps in prop::collection::vec((0_u8..3, 1_i64..5_000, 0_i64..3), 1..60)) {
            let mut account = account(0);
            let mut expected = 0_i64;
            let mut now_ms = 1_000;
            let mut ids = Vec::new();
            for (what, amount, wait) in steps {
                now_ms += wait;
                let before = account.clone();
                let entry = match what {
                    0 => account.post(adjustment(amount, true), at(now_ms)).map(|m| (m.id.uuid(), m.balance_before, m.balance_after)),
                    1 => account.post(adjustment(amount, false), at(now_ms)).map(|m| (m.id.uuid(), m.balance_before, m.balance_after)),
                    _ => account.charge(order(1, amount), Uuid::nil(), at(now_ms)).map(|c| (c.id.uuid(), c.balance_before, c.balance_after)),
                };
                match entry {
                    Ok((id, balance_before, balance_after)) => {
                        expected += if what == 0 { amount } else { -amount };
                        prop_assert_eq!(balance_before, before.balance);
                        prop_assert_eq!(balance_after.get(), expected);
                        prop_assert_eq!(account.entry_seq, before.entry_seq + 1);
                        prop_assert_ne!(account.entry_hash, before.entry_hash);
                        ids.push(id);
                    }
                    Err(error) => {
                        prop_assert_eq!(error, LedgerError::InsufficientBalance);
                        prop_assert!(expected < amount);
                        prop_assert_eq!(account.entry_hash, before.entry_hash);
                    }
                }
                prop_assert_eq!(account.balance.get(), expected);
                prop_assert!(expected >= 0);
            }
            prop_assert!(ids.is_sorted());
        }
    }
}
