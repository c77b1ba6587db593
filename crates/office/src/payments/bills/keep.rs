//! Writing down how the reading of a bill went. Who is at it holds a lease on the run.

use base::clock::UtcTime;
use base::ids::OrderId;
use base::problem::Problem;
use jiff::SignedDuration;
use jiff::civil::Date;
use money::Fen;
use platform::db::expect_one;
use sqlx::PgConnection;

use super::results::{Difference, RunStatus};
use crate::payments::alert;
use crate::payments::providers::PaymentMethod;

/// Longer than a bill takes to be read.
const LEASE: SignedDuration = SignedDuration::from_mins(30);
/// After a bill could not be had.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(30);

/// What was found in a bill.
#[derive(Debug)]
pub(super) struct Findings {
    pub(super) ours: (i64, Fen),
    pub(super) theirs: (i64, Fen),
    pub(super) refunds: (i64, Fen),
    pub(super) differences: Vec<Difference>,
}

/// Takes the run. False when somebody else is at it.
pub(super) async fn begin(
    connection: &mut PgConnection,
    day: Date,
    method: PaymentMethod,
    by: &str,
    now: UtcTime,
) -> sqlx::Result<bool> {
    let begun = sqlx::query!(
        "INSERT INTO reconciliation_runs AS r (bill_date, payment_method, status, run_by, started_at, due_at)
         VALUES ($1::text::date, $2, 'running', $3, $4, $5)
         ON CONFLICT (bill_date, payment_method) DO UPDATE
         SET status = 'running', run_by = excluded.run_by, started_at = excluded.started_at, finished_at = NULL,
             due_at = excluded.due_at, error = NULL
         WHERE r.status <> 'running' OR r.due_at <= $4",
        day.to_string(),
        method.into_str(),
        by,
        now as _,
        now.plus(LEASE) as _,
    )
    .execute(connection)
    .await?;
    Ok(begun.rows_affected() == 1)
}

/// Notes that the bill could not be had, and when to try again. What an earlier reading found stays.
pub(super) async fn postpone(
    connection: &mut PgConnection,
    day: Date,
    method: PaymentMethod,
    status: RunStatus,
    error: Option<&str>,
    now: UtcTime,
) -> Result<(), Problem> {
    let updated = sqlx::query!(
        "UPDATE reconciliation_runs SET status = $3, error = $4, finished_at = $5, due_at = $6
         WHERE bill_date = $1::text::date AND payment_method = $2",
        day.to_string(),
        method.into_str(),
        status.into_str(),
        error,
        now as _,
        now.plus(AGAIN_AFTER) as _,
    )
    .execute(connection)
    .await?;
    expect_one(&updated)
}

/// Keeps what was found in place of what an earlier reading found; that a payment was credited because of it stays.
pub(super) async fn complete(
    connection: &mut PgConnection,
    day: Date,
    method: PaymentMethod,
    findings: &Findings,
    alert_email: &str,
    now: UtcTime,
) -> Result<(), Problem> {
    sqlx::query!(
        "DELETE FROM reconciliation_differences
         WHERE bill_date = $1::text::date AND payment_method = $2 AND NOT is_credited",
        day.to_string(),
        method.into_str(),
    )
    .execute(&mut *connection)
    .await?;
    for difference in &findings.differences {
        insert(connection, day, method, difference).await?;
    }
    let updated = sqlx::query!(
        "UPDATE reconciliation_runs
         SET status = 'completed', ours_count = $3, ours_fen = $4, theirs_count = $5, theirs_fen = $6,
             refunds_count = $7, refunds_fen = $8, finished_at = $9, due_at = $9,
             differences_count = (SELECT count(*) FROM reconciliation_differences
                                  WHERE bill_date = $1::text::date AND payment_method = $2)
         WHERE bill_date = $1::text::date AND payment_method = $2",
        day.to_string(),
        method.into_str(),
        findings.ours.0,
        findings.ours.1.get(),
        findings.theirs.0,
        findings.theirs.1.get(),
        findings.refunds.0,
        findings.refunds.1.get(),
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    expect_one(&updated)?;
    if !findings.differences.is_empty() {
        let count = findings.differences.len();
        tracing::warn!(%day, method = method.into_str(), count, "a bill does not agree with the orders");
        alert::differences(connection, alert_email, &day.to_string(), method, count, now).await?;
    }
    Ok(())
}

async fn insert(
    connection: &mut PgConnection,
    day: Date,
    method: PaymentMethod,
    difference: &Difference,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO reconciliation_differences
             (bill_date, payment_method, id, kind, subject, order_id, out_trade_no, transaction_id, refund_number,
              ours_fen, theirs_fen, is_credited)
         VALUES ($1::text::date, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        day.to_string(),
        method.into_str(),
        difference.id.uuid(),
        difference.kind.into_str(),
        difference.subject.into_str(),
        difference.order_id.map(OrderId::uuid),
        difference.out_trade_no,
        difference.transaction_id,
        difference.refund_number,
        difference.ours.map(Fen::get),
        difference.theirs.map(Fen::get),
        difference.is_credited,
    )
    .execute(connection)
    .await?;
    Ok(())
}
