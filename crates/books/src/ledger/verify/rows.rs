//! Rows of both tables as one stream, and back into the entries they were.

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, OrderId, RefundId, SiteId, TransactionId, UsageId};
use money::Fen;
use uuid::Uuid;

use crate::ledger::entry::{BookAccount, Charge, ChargeOrder, Movement, MovementKind, MovementOrder};

/// A row of either table.
pub(super) enum Entry {
    Charge(Charge),
    Movement(Movement),
}

impl Entry {
    /// What the entry adds to the operator's balance, in fen.
    pub(super) fn balance_change(&self) -> i64 {
        match self {
            Entry::Charge(charge) => -charge.order.total.get(),
            Entry::Movement(movement) => {
                let amount = movement.order.amount.get();
                let credit = if movement.order.credit == BookAccount::OperatorBalance { amount } else { 0 };
                let debit = if movement.order.debit == BookAccount::OperatorBalance { amount } else { 0 };
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
    pub(super) fn into_entry(self) -> Result<Entry, &'static str> {
        match self.kind.as_deref() {
            None => self.into_charge().map(Entry::Charge),
            Some(_) => self.into_movement().map(Entry::Movement),
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
        let account = |name: Option<&str>| {
            BookAccount::ALL.into_iter().find(|account| Some(account.as_str()) == name).ok_or("account")
        };
        Ok(Movement {
            operator_id: OperatorId::from_uuid(self.operator_id),
            id: TransactionId::from_uuid(self.id),
            seq: self.seq,
            order: MovementOrder {
                kind: MovementKind::parse(self.kind.as_deref()).ok_or("kind")?,
                debit: account(self.debit_account.as_deref())?,
                credit: account(self.credit_account.as_deref())?,
                amount: Fen::new(self.amount_fen),
                payment_method: match self.payment_method.as_deref() {
                    None => None,
                    Some("wechat") => Some("wechat"),
                    Some("alipay") => Some("alipay"),
                    Some("manual") => Some("manual"),
                    Some(_) => return Err("payment method"),
                },
                order_id: self.order_id.map(OrderId::from_uuid),
                refund_id: self.refund_id.map(RefundId::from_uuid),
                reason: self.reason,
                created_by: self.created_by,
            },
            balance_before: Fen::new(self.balance_before_fen),
            balance_after: Fen::new(self.balance_after_fen),
            occurred_at: self.at,
            entry_hash: self.entry_hash.try_into().map_err(|_| "hash")?,
        })
    }
}
