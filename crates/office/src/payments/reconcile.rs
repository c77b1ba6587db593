//! Asking the providers about orders (FR-008a): what no notification told is learned here, and what has ended here is closed
//! there.
//!
//! Every instance takes what is due, some orders at a time, by moving `next_query_at` out of the others' sight; the
//! question is asked outside any transaction, and its answer goes through the one door (`settle`). An instance that dies in
//! between has only delayed the question.

use std::time::Duration;

use base::clock::UtcTime;
use base::ids::OrderId;
use base::problem::Problem;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::SignedDuration;
use platform::db::expect_one;
use platform::rounds::keep_doing;
use sqlx::PgConnection;

use super::alert;
use super::cashier::Cashier;
use super::incidents::Source;
use super::order::{self, Locked, OrderStatus};
use super::providers::{OrderState, Outcome, PaymentMethod};
use super::settle::{ProviderReport, settle};
use super::timetable::{Asked, Plan, is_over};

/// An order that expires waits for this at most, and then for its provider.
const EVERY: Duration = Duration::from_secs(5);
/// Questions at a time; their answers must leave connections for requests.
const AT_ONCE: i64 = 8;
/// Longer than a question and the note of its answer take.
const LEASE: SignedDuration = SignedDuration::from_secs(120);

/// An order that this instance asks about.
#[derive(Debug)]
struct Due {
    id: OrderId,
    payment_method: PaymentMethod,
    status: OrderStatus,
    expires_at: UtcTime,
}

/// Asks about everything that is due, and returns how many orders that were.
///
/// # Errors
/// The database's, when orders cannot be taken. What goes wrong with one order is logged, and it is asked about again.
pub async fn reconcile_once(cashier: &Cashier) -> sqlx::Result<usize> {
    let mut asked = 0;
    loop {
        let after = SignedDuration::from_secs(cashier.settings().payment_query_after_seconds);
        let due = take(&mut *cashier.pool.acquire().await?, after, cashier.clock.now()).await?;
        if due.is_empty() {
            return Ok(asked);
        }
        asked += due.len();
        let mut questions: FuturesUnordered<_> = due.iter().map(|due| ask(cashier, due)).collect();
        while questions.next().await.is_some() {}
    }
}

/// Keeps asking until the task is dropped.
pub(super) async fn keep_reconciling(cashier: Cashier) {
    keep_doing(EVERY, || async {
        if let Err(error) = reconcile_once(&cashier).await {
            tracing::warn!(%error, "no look at the orders");
        }
        EVERY
    })
    .await;
}

/// Takes what is due. A setting that was lowered counts for orders that wait already: those that were not touched for so
/// long, and whose next question is farther away than any lease, so that nobody has them in hand.
async fn take(connection: &mut PgConnection, after: SignedDuration, now: UtcTime) -> sqlx::Result<Vec<Due>> {
    sqlx::query_as!(
        Due,
        r#"UPDATE recharge_orders SET next_query_at = $2
           WHERE (operator_id, id) IN (
               SELECT operator_id, id FROM recharge_orders
               WHERE next_query_at <= $1 OR (next_query_at > $2 AND status = 'pending' AND updated_at <= $4)
               ORDER BY next_query_at LIMIT $3 FOR UPDATE SKIP LOCKED)
           RETURNING id AS "id: OrderId", payment_method AS "payment_method: PaymentMethod",
                     status AS "status: OrderStatus", expires_at"#,
        now as _,
        now.plus(LEASE) as _,
        AT_ONCE,
        now.plus(-after) as _,
    )
    .fetch_all(connection)
    .await
}

async fn ask(cashier: &Cashier, due: &Due) {
    let outcome = question(cashier, due).await;
    if let Err(problem) = note(cashier, due, outcome).await {
        tracing::warn!(order_id = %due.id, cause = problem.cause(), "what was learned of an order is not noted");
    }
}

/// The order's state, or why it is not known.
async fn question(cashier: &Cashier, due: &Due) -> Result<OrderState, String> {
    let Some(provider) = cashier.provider(due.payment_method) else {
        return Err("the provider is not configured".to_owned());
    };
    let outcome = if is_over(due.status, due.expires_at, cashier.clock.now()) {
        provider.close_order(due.id).await
    } else {
        return provider.query_order(due.id).await.map_err(|doubt| doubt.to_string());
    };
    match outcome {
        Outcome::Succeeded(state) => Ok(state),
        Outcome::Refused(refusal) => Err(refusal.text),
        Outcome::Unknown(doubt) => Err(doubt.to_string()),
    }
}

async fn note(cashier: &Cashier, due: &Due, answer: Result<OrderState, String>) -> Result<(), Problem> {
    let (settings, now) = (cashier.settings(), cashier.clock.now());
    let mut transaction = cashier.begin().await?;
    if let Ok(state) = &answer {
        let word = ProviderReport {
            order_id: due.id,
            payment_method: due.payment_method,
            state,
            source: Source::Query,
        };
        let settled = settle(&mut transaction, word, &settings.alert_email, now).await?;
        tracing::info!(order_id = %due.id, ?settled, "asked about an order");
    }
    let order = order::lock(&mut transaction, due.id).await?;
    let order = order.ok_or_else(|| Problem::internal("the order that was asked about is not there"))?;
    // What finance decided while the question was under way stands until the provider says that it was paid.
    if order.status != OrderStatus::Success && order.resolved_outcome.is_none() {
        let asked = Asked {
            status: order.status,
            expires_at: order.expires_at,
            failures: order.query_failures,
            query_after_seconds: settings.payment_query_after_seconds,
            now,
        };
        let (plan, text) = match &answer {
            Ok(state) => (asked.answered(state), name(state).to_owned()),
            Err(error) => (asked.failed(settings.payment_query_max_failures), error.clone()),
        };
        write(&mut transaction, &order, plan, &text, now).await?;
        if plan.status == OrderStatus::Abnormal && order.status != OrderStatus::Abnormal {
            tracing::error!(order_id = %due.id, answer = text, "an order is abnormal");
            let to = &settings.alert_email;
            alert::abnormal(&mut transaction, to, &order, plan.failures, &text, now).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// What finance reads of an answer.
fn name(state: &OrderState) -> &'static str {
    match state {
        OrderState::Absent => "absent",
        OrderState::Open => "open",
        OrderState::Paid(_) => "paid",
        OrderState::Closed => "closed",
        OrderState::Failed => "failed",
    }
}

async fn write(
    connection: &mut PgConnection,
    order: &Locked,
    plan: Plan,
    answer: &str,
    now: UtcTime,
) -> Result<(), Problem> {
    let updated = sqlx::query!(
        "UPDATE recharge_orders
         SET status = $3, query_failures = $4, next_query_at = $5, last_answer = $6, updated_at = $7
         WHERE operator_id = $1 AND id = $2",
        order.account.operator_id.uuid(),
        order.id.uuid(),
        plan.status as _,
        plan.failures,
        plan.next_query_at as _,
        answer,
        now as _,
    )
    .execute(connection)
    .await?;
    expect_one(&updated)
}
