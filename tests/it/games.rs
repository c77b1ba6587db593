//! Histories to count: games and movements of money at chosen times, written as `coinslot seed` writes a past.

use std::collections::BTreeMap;

use api::app::App;
use base::clock::{Clock, UtcTime};
use base::ids::{AppId, OperatorId, OrderId, RefundId, SiteId};
use base::payment_method::PaymentMethod;
use books::ledger::{self, ChargeOrder, Import, Movement, MovementCause, MovementKind, MovementOrder};
use money::Fen;
use platform::security::jwt::Role;
use serde_json::json;
use uuid::Uuid;

use crate::cluster;
use crate::fixtures::token;
use crate::harness::{Server, start_on};
use crate::people::Person;

/// A game that was charged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Game {
    pub(crate) operator: OperatorId,
    pub(crate) site: SiteId,
    pub(crate) app: AppId,
    pub(crate) players: i32,
    pub(crate) price_fen: i64,
    pub(crate) at: UtcTime,
}

/// A top-up, refund or payout. A payout pays the newest refund of the operator that is not paid yet, whatever its amount,
/// and is left out when there is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move {
    pub(crate) operator: OperatorId,
    pub(crate) kind: MovementKind,
    pub(crate) amount_fen: i64,
    pub(crate) at: UtcTime,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    Game(Game),
    Move(Move),
}

impl Entry {
    const fn at(&self) -> UtcTime {
        match self {
            Self::Game(game) => game.at,
            Self::Move(movement) => movement.at,
        }
    }

    const fn operator(&self) -> OperatorId {
        match self {
            Self::Game(game) => game.operator,
            Self::Move(movement) => movement.operator,
        }
    }
}

pub(crate) fn at(text: &str) -> UtcTime {
    serde_json::from_str(&format!("\"{text}\"")).unwrap()
}

/// A platform without anything, at a time that stands still, in a business time zone, with limits out of the way.
pub(crate) async fn server_at(now: &str, timezone: &str) -> Server {
    let server = start_on(&cluster::database().await, Clock::fixed(at(now).as_millis())).await;
    server.set("ip_rate_limit_per_minute", json!(1_000_000)).await;
    server.set("web_rate_limit_per_minute", json!(1_000_000)).await;
    server.set("business_timezone", json!(timezone)).await;
    server
}

impl Server {
    /// A member of the staff who can do what the role can, signed in for an hour.
    pub(crate) async fn staff(&self, kind: &str, role: &str) -> Person {
        let mut connection = self.app.database().acquire().await.unwrap();
        let id = Uuid::new_v4();
        sqlx::query(
            "INSERT INTO staff_accounts (id, kind, username, password_hash, name, role, created_at, updated_at)
             VALUES ($1, $2, $3, '', $3, $4, now(), now())",
        )
        .bind(id)
        .bind(kind)
        .bind(format!("{role}_{}", id.simple()))
        .bind(role)
        .execute(&mut *connection)
        .await
        .unwrap();
        use base::ids::{AdminId, AnalystId, FinanceId};
        let (subject, role) = match kind {
            "admin" => (AdminId::from_uuid(id).to_string(), Role::Admin),
            "finance" => (FinanceId::from_uuid(id).to_string(), Role::Finance),
            _ => (AnalystId::from_uuid(id).to_string(), Role::Analyst),
        };
        let token = token(&mut connection, &self.app, subject, id, role).await;
        Person { token, data: json!({}) }
    }
}

/// Writes a history. Every operator is given enough to play with, long before.
pub(crate) async fn write(app: &App, entries: &[Entry]) {
    let mut by_operator: BTreeMap<OperatorId, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        by_operator.entry(entry.operator()).or_default().push(*entry);
    }
    let mut transaction = app.database().begin().await.unwrap();
    let mut import = Import::default();
    for (operator_id, mut entries) in by_operator {
        entries.sort_by_key(Entry::at);
        let mut account = ledger::lock_account(&mut transaction, operator_id).await.unwrap().unwrap();
        let locked_seq = account.entry_seq;
        let mut unpaid: Vec<Movement> = Vec::new();
        if locked_seq == 0 {
            let opening = order(MovementKind::Adjustment, 1_000_000_000);
            import.movements.push(account.post(opening, at("2000-01-01T00:00:00Z")).unwrap());
        }
        for entry in entries {
            match entry {
                Entry::Game(game) => {
                    import.charges.push(account.charge(charge(&game), Uuid::new_v4(), game.at).unwrap());
                }
                Entry::Move(Move { kind: MovementKind::Payout, at, .. }) => {
                    let Some(refund) = unpaid.pop() else { continue };
                    let refund_id = refund.order.cause.refund_id().unwrap();
                    let cause = MovementCause::PayoutByHand { refund_id };
                    let order = MovementOrder::new(cause, refund.order.amount);
                    import.movements.push(account.post(order, at).unwrap());
                }
                Entry::Move(movement) => {
                    let posted =
                        account.post(order(movement.kind, movement.amount_fen), movement.at).unwrap();
                    if movement.kind == MovementKind::Refund {
                        unpaid.push(posted.clone());
                    }
                    import.movements.push(posted);
                }
            }
        }
        import.accounts.push((locked_seq, account));
    }
    ledger::import(&mut transaction, &import).await.unwrap();
    for sql in BEHIND_THE_MOVEMENTS {
        sqlx::query(sql).execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
}

/// The orders, refunds and payouts behind the movements of the ledger, where they are missing.
const BEHIND_THE_MOVEMENTS: [&str; 4] = [
    "INSERT INTO recharge_orders (operator_id, id, amount_fen, payment_method, status, created_at, expires_at, paid_at,
         updated_at)
     SELECT operator_id, order_id, amount_fen, payment_method, 'success', occurred_at, occurred_at, occurred_at, occurred_at
     FROM ledger_movements WHERE kind = 'recharge' ON CONFLICT DO NOTHING",
    "INSERT INTO refunds (operator_id, id, requested_fen, actual_fen, status, payout_status, reason, created_at)
     SELECT m.operator_id, m.refund_id, m.amount_fen, m.amount_fen, 'approved',
            CASE WHEN EXISTS (SELECT 1 FROM ledger_movements p WHERE p.kind = 'payout' AND p.refund_id = m.refund_id)
                 THEN 'completed' ELSE 'processing' END, 'test', m.occurred_at
     FROM ledger_movements m WHERE m.kind = 'refund' ON CONFLICT DO NOTHING",
    "INSERT INTO refund_payouts (operator_id, id, refund_id, channel, amount_fen, status, created_at, updated_at)
     SELECT operator_id, id, refund_id, 'manual', amount_fen, 'completed', occurred_at, occurred_at
     FROM ledger_movements WHERE kind = 'payout' ON CONFLICT DO NOTHING",
    "INSERT INTO refund_payouts (operator_id, id, refund_id, channel, amount_fen, status, created_at, updated_at)
     SELECT operator_id, id, id, 'manual', actual_fen, 'processing', created_at, created_at
     FROM refunds WHERE payout_status = 'processing' ON CONFLICT DO NOTHING",
];

fn charge(game: &Game) -> ChargeOrder {
    ChargeOrder {
        session_ms: game.at.as_millis(),
        session_nonce: Uuid::new_v4().simple().to_string()[..16].to_owned(),
        site_id: game.site,
        app_id: game.app,
        app_name: "当时的名字".to_owned(),
        player_count: game.players,
        unit_price: Fen::new(game.price_fen),
        total: Fen::new(game.price_fen * i64::from(game.players)),
        client_ip: None,
    }
}

fn order(kind: MovementKind, amount_fen: i64) -> MovementOrder {
    let cause = match kind {
        MovementKind::Recharge => MovementCause::Recharge {
            method: PaymentMethod::Wechat,
            order_id: OrderId::from_uuid(Uuid::new_v4()),
        },
        MovementKind::Refund => MovementCause::Refund { refund_id: RefundId::from_uuid(Uuid::new_v4()) },
        MovementKind::Payout => {
            MovementCause::PayoutByHand { refund_id: RefundId::from_uuid(Uuid::new_v4()) }
        }
        MovementKind::Adjustment => MovementCause::CreditAdjustment,
    };
    MovementOrder::new(cause, Fen::new(amount_fen))
}
