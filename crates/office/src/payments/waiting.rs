//! Somebody looks at an order and waits: its provider is asked at once, not only when the timetable says so. A question of
//! this kind that gets no answer changes nothing, so looking often makes no order abnormal.

use std::time::Duration;

use base::clock::UtcTime;
use base::ids::OrderId;
use base::problem::Problem;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::SignedDuration;
use platform::rounds::keep_doing;
use sqlx::PgConnection;

use super::cashier::Cashier;
use super::incidents::Source;
use super::list::Order;
use super::order::OrderStatus;
use super::providers::PaymentMethod;
use super::settle::{ProviderReport, Settled, settle};

const EVERY: Duration = Duration::from_secs(3);
/// Between two questions about one order, however often it is looked at; a notification mostly comes before the first.
const PAUSE: SignedDuration = SignedDuration::from_secs(10);
/// Questions at a time.
const AT_ONCE: i64 = 4;

/// An order to be asked about.
#[derive(Debug)]
struct Wanted {
    id: OrderId,
    payment_method: PaymentMethod,
}

/// Notes that somebody looks at an order that may just have been paid.
///
/// # Errors
/// The database's.
pub async fn somebody_waits(connection: &mut PgConnection, order: &Order, now: UtcTime) -> sqlx::Result<()> {
    let before = now.plus(-PAUSE);
    if order.status != OrderStatus::Pending || order.qr_code_url.is_none() || order.created_at > before {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE recharge_orders SET wanted_at = $3, wanted_last_at = $3
         WHERE operator_id = $1 AND id = $2 AND status = 'pending'
           AND (wanted_last_at IS NULL OR wanted_last_at <= $4)",
        order.operator_id.uuid(),
        order.id.uuid(),
        now as _,
        before as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Asks about every order that somebody waits for, and returns how many that were.
///
/// # Errors
/// The database's, when orders cannot be taken.
pub async fn answer_waiting_once(cashier: &Cashier) -> sqlx::Result<usize> {
    let mut asked = 0;
    loop {
        let wanted = take(&mut *cashier.pool.acquire().await?).await?;
        if wanted.is_empty() {
            return Ok(asked);
        }
        asked += wanted.len();
        let mut questions: FuturesUnordered<_> = wanted.iter().map(|wanted| ask(cashier, wanted)).collect();
        while questions.next().await.is_some() {}
    }
}

/// Asks about an order now: its payer has come back from the provider without having paid. `WeChat` Pay sends no
/// notification of a payment that failed.
pub async fn ask_at_once(cashier: &Cashier, id: OrderId, payment_method: PaymentMethod) {
    ask(cashier, &Wanted { id, payment_method }).await;
}

/// Keeps asking until the task is dropped.
pub(super) async fn keep_answering(cashier: Cashier) {
    keep_doing(EVERY, || async {
        if let Err(error) = answer_waiting_once(&cashier).await {
            tracing::warn!(%error, "no look at the orders that somebody waits for");
        }
        EVERY
    })
    .await;
}

/// Whoever takes an order forgets that it is wanted: it will be wanted again while somebody waits.
async fn take(connection: &mut PgConnection) -> sqlx::Result<Vec<Wanted>> {
    sqlx::query_as!(
        Wanted,
        r#"UPDATE recharge_orders SET wanted_at = NULL
           WHERE (operator_id, id) IN (
               SELECT operator_id, id FROM recharge_orders WHERE wanted_at IS NOT NULL
               ORDER BY wanted_at LIMIT $1 FOR UPDATE SKIP LOCKED)
           RETURNING id AS "id: OrderId", payment_method AS "payment_method: PaymentMethod""#,
        AT_ONCE,
    )
    .fetch_all(connection)
    .await
}

async fn ask(cashier: &Cashier, wanted: &Wanted) {
    let Some(provider) = cashier.provider(wanted.payment_method) else { return };
    let Ok(state) = provider.query_order(wanted.id).await else { return };
    let word = ProviderReport {
        order_id: wanted.id,
        payment_method: wanted.payment_method,
        state: &state,
        source: Source::Query,
    };
    match note(cashier, word).await {
        Ok(settled) => tracing::info!(order_id = %wanted.id, ?settled, "asked about an order for somebody"),
        Err(problem) => {
            tracing::warn!(order_id = %wanted.id, cause = problem.cause(), "what was learned is not noted");
        }
    }
}

async fn note(cashier: &Cashier, word: ProviderReport<'_>) -> Result<Settled, Problem> {
    let mut transaction = cashier.begin().await?;
    let alert_email = &cashier.settings().alert_email;
    let settled = settle(&mut transaction, word, alert_email, cashier.clock.now()).await?;
    transaction.commit().await?;
    Ok(settled)
}
