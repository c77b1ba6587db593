//! Rows of both tables as one stream, and back into the entries they were.

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, OrderId, RefundId, SiteId, TransactionId, UsageId};
use base::payment_method::PaymentMethod;
use money::Fen;
use uuid::Uuid;

use crate::ledger::entry::{
    BookAccount, Charge, ChargeOrder, Movement, MovementCause, MovementKind, MovementOrder,
};

/// A row of either table.
pub(super) enum ChainEntry {
    Charge(Charge),
    Movement(Movement),
}

impl ChainEntry {
    /// What the entry adds to the operator's balance, in fen.
    pub(super) fn balance_change(&self) -> i64 {
        match self {
            ChainEntry::Charge(charge) => -charge.order.total.get(),
            ChainEntry::Movement(movement) => {
                let amount = movement.order.amount.get();
                let credit =
                    if movement.order.cause.credit() == BookAccount::OperatorBalance { amount } else { 0 };
                let debit =
                    if movement.order.cause.debit() == BookAccount::OperatorBalance { amount } else { 0 };
                credit - debit
            }
        }
    }
}

/// A row of the union of both tables; the second half of each is empty for the other.
pub(super) struct EntryRow {
    pub(super) operator_id: Uuid,
    pub(super) id: Uuid,
    pub(super) seq: i64,
    pub(super) amount_fen: i64,
    pub(super) balance_before_fen: i64,
    pub(super) balance_after_fen: i64,
    pub(super) at: UtcTime,
    pub(super) entry_hash: Vec<u8>,
    pub(super) session_ms: Option<i64>,
    pub(super) session_nonce: Option<String>,
    pub(super) site_id: Option<Uuid>,
    pub(super) app_id: Option<Uuid>,
    pub(super) app_name: Option<String>,
    pub(super) player_count: Option<i32>,
    pub(super) unit_price_fen: Option<i64>,
    pub(super) authorization_token: Option<Uuid>,
    pub(super) client_ip: Option<ipnet::IpNet>,
    pub(super) kind: Option<String>,
    pub(super) debit_account: Option<String>,
    pub(super) credit_account: Option<String>,
    pub(super) payment_method: Option<String>,
    pub(super) order_id: Option<Uuid>,
    pub(super) refund_id: Option<Uuid>,
    pub(super) reason: Option<String>,
    pub(super) created_by: Option<String>,
}

impl EntryRow {
    /// # Errors
    /// What the CHECKs of the tables do not allow.
    pub(super) fn into_entry(self) -> Result<ChainEntry, &'static str> {
        match self.kind.as_deref() {
            None => self.into_charge().map(ChainEntry::Charge),
            Some(_) => self.into_movement().map(ChainEntry::Movement),
        }
    }

    fn into_charge(self) -> Result<Charge, &'static str> {
        Ok(Charge {
            operator_id: OperatorId::from_uuid(self.operator_id),
            id: UsageId::from_uuid(self.id),
            seq: self.seq,
            order: ChargeOrder {
                session_ms: self.session_ms.ok_or("session")?,
                session_nonce: self.session_nonce.ok_or("session")?,
                site_id: SiteId::from_uuid(self.site_id.ok_or("site")?),
                app_id: AppId::from_uuid(self.app_id.ok_or("application")?),
                app_name: self.app_name.ok_or("application name")?,
                player_count: self.player_count.ok_or("player count")?,
                unit_price: Fen::new(self.unit_price_fen.ok_or("unit price")?),
                total: Fen::new(self.amount_fen),
                client_ip: self.client_ip.map(|net| net.addr()),
            },
            balance_before: Fen::new(self.balance_before_fen),
            balance_after: Fen::new(self.balance_after_fen),
            authorized_at: self.at,
            authorization_token: self.authorization_token.ok_or("authorization token")?,
            entry_hash: self.entry_hash.try_into().map_err(|_| "hash")?,
        })
    }

    fn into_movement(self) -> Result<Movement, &'static str> {
        let cause = self.cause()?;
        Ok(Movement {
            operator_id: OperatorId::from_uuid(self.operator_id),
            id: TransactionId::from_uuid(self.id),
            seq: self.seq,
            order: MovementOrder {
                cause,
                amount: Fen::new(self.amount_fen),
                reason: self.reason,
                created_by: self.created_by,
            },
            balance_before: Fen::new(self.balance_before_fen),
            balance_after: Fen::new(self.balance_after_fen),
            occurred_at: self.at,
            entry_hash: self.entry_hash.try_into().map_err(|_| "hash")?,
        })
    }

    /// The cause that the columns tell of. Each of them must say the same.
    fn cause(&self) -> Result<MovementCause, &'static str> {
        let method =
            PaymentMethod::ALL.into_iter().find(|m| Some(m.into_str()) == self.payment_method.as_deref());
        let order_id = self.order_id.map(OrderId::from_uuid);
        let refund_id = self.refund_id.map(RefundId::from_uuid);
        let is_credit = self.credit_account.as_deref() == Some(BookAccount::OperatorBalance.into_str());
        let cause = match MovementKind::parse(self.kind.as_deref()).ok_or("kind")? {
            MovementKind::Recharge => MovementCause::Recharge {
                method: method.ok_or("payment method")?,
                order_id: order_id.ok_or("order")?,
            },
            MovementKind::Refund => MovementCause::Refund { refund_id: refund_id.ok_or("refund")? },
            MovementKind::Payout => {
                let refund_id = refund_id.ok_or("refund")?;
                match (method, order_id) {
                    (Some(method), Some(order_id)) => MovementCause::Payout { method, order_id, refund_id },
                    _ => MovementCause::PayoutByHand { refund_id },
                }
            }
            MovementKind::Adjustment if is_credit => MovementCause::CreditAdjustment,
            MovementKind::Adjustment => MovementCause::DebitAdjustment,
        };
        let accounts = (self.debit_account.as_deref(), self.credit_account.as_deref());
        if accounts != (Some(cause.debit().into_str()), Some(cause.credit().into_str())) {
            return Err("account");
        }
        if self.payment_method.as_deref() != cause.payment_method() {
            return Err("payment method");
        }
        if (order_id, refund_id) != (cause.order_id(), cause.refund_id()) {
            return Err("order or refund");
        }
        Ok(cause)
    }
}
