//! The job that tells a channel of a part, and asks about it until the channel has decided.
//!
//! One job is one word to the channel: it is told of the part the first time, asked about it after that, and told again
//! when it has not heard of it. What it says is written before the job ends, and the end of the job enqueues the next one
//! while the part is open, ever later, up to once an hour. Repeating is harmless because the number stays the same.

use std::sync::Arc;

use async_trait::async_trait;
use base::clock::{Clock, UtcTime};
use base::ids::{OrderId, PayoutId, RefundId};
use base::problem::Problem;
use jiff::SignedDuration;
use money::Fen;
use platform::jobs::{self, Ending, Failure, Handler};
use platform::settings::SettingsStore;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{alert, settle};
use crate::payments::providers::{
    Doubt, Outcome, PaymentMethod, Provider, Providers, RefundOrder, RefundState, RefusalReason,
};

/// The kind of these jobs.
pub const KIND: &str = "refund_payout";
/// What the payer reads beside the refund.
const REASON: &str = "账户余额退款";
/// The pause after the first word; it doubles with each.
const FIRST_PAUSE_S: i64 = 5;
const LONGEST_PAUSE_S: i64 = 3_600;
/// WeChat Pay wants a minute between two refunds of one payment.
const WECHAT_SPACING: SignedDuration = SignedDuration::from_secs(60);
/// Channels may answer at length.
const MAX_ERROR_CHARS: usize = 500;

#[derive(Deserialize)]
struct Payload {
    payout_id: Uuid,
}

pub(super) fn payload(id: PayoutId) -> Value {
    json!({"payout_id": id.uuid()})
}

/// What a channel must know of a part that is open.
struct Open {
    refund_id: RefundId,
    order_id: OrderId,
    method: PaymentMethod,
    transaction_id: String,
    amount: Fen,
    total: Fen,
    attempts: i32,
    last_error: Option<String>,
    /// When the channel last heard of another part of the same payment.
    neighbour_sent_at: Option<UtcTime>,
}

impl Open {
    /// Once it was begun, the channel may have got it, also when nobody saw how that ended.
    fn order(&self, id: PayoutId) -> RefundOrder {
        RefundOrder {
            number: id.uuid(),
            order_id: self.order_id,
            transaction_id: self.transaction_id.clone(),
            amount: self.amount,
            total: self.total,
            reason: REASON.to_owned(),
            sent_before: self.attempts > 0,
        }
    }
}

/// Pays out through the providers.
#[derive(Debug)]
pub struct Sender {
    pool: PgPool,
    clock: Clock,
    providers: Arc<Providers>,
    settings: Arc<SettingsStore>,
}

impl Sender {
    #[must_use]
    pub const fn new(
        pool: PgPool,
        clock: Clock,
        providers: Arc<Providers>,
        settings: Arc<SettingsStore>,
    ) -> Self {
        Sender { pool, clock, providers, settings }
    }

    async fn speak_of(&self, id: PayoutId) -> Result<(), Problem> {
        let mut connection = self.pool.acquire().await?;
        let Some(open) = find(&mut connection, id).await? else { return Ok(()) };
        let now = self.clock.now();
        if let Some(free) = free_at(&open).filter(|free| now < *free) {
            return postpone(&mut connection, id, free, None).await;
        }
        let next = now.plus(pause_after(open.attempts));
        let Some(provider) = self.providers.of(open.method) else {
            return postpone(&mut connection, id, next, Some("支付渠道未配置")).await;
        };
        if !begin(&mut connection, id, next, now).await? {
            return Ok(());
        }
        // The call may take seconds: nobody waits for this connection meanwhile.
        drop(connection);
        let outcome = ask(provider, &open, id).await;
        self.hear(id, &open, outcome).await
    }

    async fn hear(&self, id: PayoutId, open: &Open, outcome: Outcome<RefundState>) -> Result<(), Problem> {
        let mut transaction = self.pool.begin().await?;
        let now = self.clock.now();
        let settings = self.settings.current();
        match outcome {
            Outcome::Succeeded(state) => {
                settle(&mut transaction, id, &state, &settings.alert_email, now).await?;
            }
            Outcome::Refused(refusal) | Outcome::Unknown(Doubt::Undecided(refusal))
                if refusal.reason == RefusalReason::NotEnoughMoney =>
            {
                let text = shorten(&refusal.text);
                note_error(&mut transaction, id, &text, now).await?;
                if open.last_error.as_ref() != Some(&text) {
                    alert(&mut transaction, &settings.alert_email, open.refund_id, open.amount, &text, now)
                        .await?;
                }
            }
            Outcome::Refused(refusal) => {
                let state = RefundState::Failed { text: shorten(&refusal.text) };
                settle(&mut transaction, id, &state, &settings.alert_email, now).await?;
            }
            Outcome::Unknown(doubt) => {
                note_error(&mut transaction, id, &shorten(&doubt.to_string()), now).await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// Tells the channel of a part, unless it knows.
async fn ask(provider: &Provider, open: &Open, id: PayoutId) -> Outcome<RefundState> {
    let order = open.order(id);
    if open.attempts > 0 {
        match provider.query_refund(&order).await {
            Ok(RefundState::Absent) => {}
            Ok(known) => return Outcome::Succeeded(known),
            Err(doubt) => return Outcome::Unknown(doubt),
        }
    }
    provider.refund(&order).await
}

fn free_at(open: &Open) -> Option<UtcTime> {
    let neighbour =
        open.neighbour_sent_at.filter(|_| open.method == PaymentMethod::Wechat && open.attempts == 0);
    neighbour.map(|sent| sent.plus(WECHAT_SPACING))
}

fn pause_after(attempts: i32) -> SignedDuration {
    let doublings = u32::try_from(attempts).unwrap_or(0).min(30);
    SignedDuration::from_secs((FIRST_PAUSE_S << doublings).min(LONGEST_PAUSE_S))
}

fn shorten(text: &str) -> String {
    text.chars().take(MAX_ERROR_CHARS).collect()
}

async fn find(connection: &mut PgConnection, id: PayoutId) -> sqlx::Result<Option<Open>> {
    sqlx::query_as!(
        Open,
        r#"SELECT p.refund_id AS "refund_id: RefundId", o.id AS "order_id: OrderId",
                  p.channel AS "method: PaymentMethod", o.provider_transaction_id AS "transaction_id!",
                  p.amount_fen AS "amount: Fen", o.amount_fen AS "total: Fen", p.attempts, p.last_error,
                  (SELECT max(n.sent_at) FROM refund_payouts n
                   WHERE n.operator_id = p.operator_id AND n.order_id = p.order_id AND n.id <> p.id)
                      AS "neighbour_sent_at: UtcTime"
           FROM refund_payouts p JOIN recharge_orders o ON o.operator_id = p.operator_id AND o.id = p.order_id
           WHERE p.id = $1 AND p.status IN ('pending', 'processing')"#,
        id.uuid(),
    )
    .fetch_optional(connection)
    .await
}

/// Writes that the channel is being spoken to, before it is. False when the part has ended since it was found: a channel
/// that had refused it would take it for another try, and the money may have gone another way.
async fn begin(
    connection: &mut PgConnection,
    id: PayoutId,
    next: UtcTime,
    now: UtcTime,
) -> sqlx::Result<bool> {
    let begun = sqlx::query!(
        "UPDATE refund_payouts
         SET status = 'processing', attempts = attempts + 1, sent_at = coalesce(sent_at, $3), next_attempt_at = $2,
             updated_at = $3
         WHERE id = $1 AND status IN ('pending', 'processing')",
        id.uuid(),
        next as _,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(begun.rows_affected() == 1)
}

async fn postpone(
    connection: &mut PgConnection,
    id: PayoutId,
    until: UtcTime,
    error: Option<&str>,
) -> Result<(), Problem> {
    sqlx::query!(
        "UPDATE refund_payouts SET next_attempt_at = $2, last_error = coalesce($3, last_error)
         WHERE id = $1 AND status IN ('pending', 'processing')",
        id.uuid(),
        until as _,
        error,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn note_error(
    connection: &mut PgConnection,
    id: PayoutId,
    error: &str,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE refund_payouts SET last_error = $2, updated_at = $3
         WHERE id = $1 AND status IN ('pending', 'processing')",
        id.uuid(),
        error,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[async_trait]
impl Handler for Sender {
    async fn run(&self, payload: &Value) -> Result<(), Failure> {
        let Payload { payout_id } = Payload::deserialize(payload)?;
        Ok(self.speak_of(PayoutId::from_uuid(payout_id)).await?)
    }

    /// Enqueues the next word about a part that is still open; also when a job was given up, because the money may have gone.
    async fn note(
        &self,
        connection: &mut PgConnection,
        payload: &Value,
        ending: &Ending,
        now: UtcTime,
    ) -> sqlx::Result<()> {
        let Ok(Payload { payout_id }) = Payload::deserialize(payload) else { return Ok(()) };
        if matches!(ending, Ending::Postponed { .. }) {
            return Ok(());
        }
        let next = sqlx::query_scalar!(
            r#"SELECT next_attempt_at AS "at!: UtcTime" FROM refund_payouts
               WHERE id = $1 AND status IN ('pending', 'processing') AND next_attempt_at IS NOT NULL"#,
            payout_id,
        )
        .fetch_optional(&mut *connection)
        .await?;
        let Some(next) = next else { return Ok(()) };
        let due = match ending {
            Ending::Dead { .. } => now.plus(SignedDuration::from_secs(LONGEST_PAUSE_S)),
            Ending::Done | Ending::Postponed { .. } => next,
        };
        jobs::enqueue_at(connection, KIND, payload, due, now).await
    }
}
