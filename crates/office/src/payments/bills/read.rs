//! Reading the bill of a day.

use std::collections::HashMap;

use base::ids::OrderId;
use base::problem::{ErrorCode, Problem, Text};
use jiff::civil::Date;
use sqlx::PgConnection;
use uuid::Uuid;

use super::bounds;
use super::compare::{self, OurOrder, OurRefund};
use super::keep::{self, Findings};
use super::results::{self, Difference, Run, RunStatus};
use crate::payments::cashier::Cashier;
use crate::payments::incidents::Source;
use crate::payments::order::OrderStatus;
use crate::payments::providers::{
    BillRow, BillRowKind, DayBill, OrderState, Payment, PaymentMethod, Returned,
};
use crate::payments::settle::{ProviderReport, Settled, settle};

/// Fetches the bill of a day, credits what was paid and not credited, and keeps what does not agree. `by` is who wanted it.
///
/// # Errors
/// `INVALID_PARAMS` while the same bill is being read, or for a day outside the calendar; `PAYMENT_UNAVAILABLE` when the
/// provider is not configured; the database's. That the provider has no bill, or cannot be asked, is not an error: the
/// run says so.
pub async fn reconcile_bill(
    cashier: &Cashier,
    day: Date,
    method: PaymentMethod,
    by: &str,
) -> Result<Run, Problem> {
    let provider = cashier.provider(method).ok_or(ErrorCode::PaymentUnavailable)?;
    let now = cashier.clock.now();
    if !keep::begin(&mut *cashier.pool.acquire().await?, day, method, by, now).await? {
        return Err(Problem::not_allowed("该账单正在对账，请稍后再试", "This bill is being read already"));
    }
    let outcome = match provider.bill(day).await {
        Ok(DayBill::Rows(rows)) => match act_upon(cashier, day, method, &rows).await {
            Ok(findings) => Ok(findings),
            Err(problem) => Err((RunStatus::Failed, Some(problem.reason().to_owned()))),
        },
        Ok(DayBill::NotReady) => Err((RunStatus::NotReady, None)),
        Err(doubt) => Err((RunStatus::Failed, Some(doubt.to_string()))),
    };
    let (settings, now) = (cashier.settings(), cashier.clock.now());
    let mut transaction = cashier.begin().await?;
    match &outcome {
        Ok(findings) => {
            keep::complete(&mut transaction, day, method, findings, &settings.alert_email, now).await?;
        }
        Err((status, error)) => {
            keep::postpone(&mut transaction, day, method, *status, error.as_deref(), now).await?;
        }
    }
    let run = results::find(&mut transaction, day, method).await?;
    transaction.commit().await?;
    run.ok_or_else(|| Problem::internal("the run that was just written is not there"))
}

async fn act_upon(
    cashier: &Cashier,
    day: Date,
    method: PaymentMethod,
    rows: &[BillRow],
) -> Result<Findings, Problem> {
    let (start, end) = bounds(day).ok_or_else(outside)?;
    let now = cashier.clock.now();
    let mut connection = cashier.pool.acquire().await?;
    let known = orders(&mut connection, rows, method).await?;
    let refunds = refunds(&mut connection, rows, method).await?;
    drop(connection);
    let mut differences = Vec::new();
    for row in rows {
        let found = match row.kind {
            BillRowKind::Payment => payment(cashier, method, row, &known).await?,
            BillRowKind::Refund => {
                let ours = row.refund_number.and_then(|number| refunds.get(&number));
                compare::refund(row, ours, now)
            }
            BillRowKind::Other => compare::payment(row, None, false, now),
        };
        differences.extend(found);
    }
    let ours = sqlx::query_as!(
        OurOrder,
        r#"SELECT id AS "id: OrderId", status AS "status: OrderStatus", amount_fen AS "amount: _",
                  provider_transaction_id AS transaction_id
           FROM recharge_orders
           WHERE status = 'success' AND payment_method = $1 AND paid_at >= $2 AND paid_at < $3"#,
        method.into_str(),
        start as _,
        end as _,
    )
    .fetch_all(&mut *cashier.pool.acquire().await?)
    .await?;
    differences.extend(compare::missing_there(&ours, rows, now));
    let too_much = || Problem::internal("the bill's total leaves the range of 64 bits");
    Ok(Findings {
        ours: compare::sum(ours.iter().map(|order| order.amount)).ok_or_else(too_much)?,
        theirs: compare::total(rows, BillRowKind::Payment).ok_or_else(too_much)?,
        refunds: compare::total(rows, BillRowKind::Refund).ok_or_else(too_much)?,
        differences,
    })
}

/// A line that tells nothing new is passed over; every other one goes through the one door.
async fn payment(
    cashier: &Cashier,
    method: PaymentMethod,
    row: &BillRow,
    known: &HashMap<OrderId, OurOrder>,
) -> Result<Option<Difference>, Problem> {
    let now = cashier.clock.now();
    let Some(order_id) = row.order_id else {
        return Ok(compare::payment(row, None, false, now));
    };
    if known.get(&order_id).is_some_and(|order| order.agrees_with(row)) {
        return Ok(None);
    }
    let state = OrderState::Paid(Payment {
        transaction_id: row.transaction_id.clone(),
        amount: row.amount,
        returned: Returned::Nothing,
        paid_at: row.at,
    });
    let word = ProviderReport { order_id, payment_method: method, state: &state, source: Source::Bill };
    let mut transaction = cashier.begin().await?;
    let settled = settle(&mut transaction, word, &cashier.settings().alert_email, now).await?;
    let after = orders(&mut transaction, std::slice::from_ref(row), method).await?;
    transaction.commit().await?;
    let was_credited = matches!(settled, Settled::Credited { .. });
    Ok(compare::payment(row, after.get(&order_id), was_credited, now))
}

/// The orders of the method that the lines name.
async fn orders(
    connection: &mut PgConnection,
    rows: &[BillRow],
    method: PaymentMethod,
) -> sqlx::Result<HashMap<OrderId, OurOrder>> {
    let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.order_id).map(OrderId::uuid).collect();
    let found = sqlx::query_as!(
        OurOrder,
        r#"SELECT id AS "id: OrderId", status AS "status: OrderStatus", amount_fen AS "amount: _",
                  provider_transaction_id AS transaction_id
           FROM recharge_orders WHERE id = ANY($1) AND payment_method = $2"#,
        &ids,
        method.into_str(),
    )
    .fetch_all(connection)
    .await?;
    Ok(compare::by(found, |order| order.id))
}

/// The payouts through the method that the lines name.
async fn refunds(
    connection: &mut PgConnection,
    rows: &[BillRow],
    method: PaymentMethod,
) -> sqlx::Result<HashMap<Uuid, OurRefund>> {
    let numbers: Vec<Uuid> = rows.iter().filter_map(|row| row.refund_number).collect();
    let found = sqlx::query_as!(
        OurRefund,
        r#"SELECT id AS number, amount_fen AS "amount: _", status = 'completed' AS "is_completed!"
           FROM refund_payouts WHERE id = ANY($1) AND channel = $2"#,
        &numbers,
        method.into_str(),
    )
    .fetch_all(connection)
    .await?;
    Ok(compare::by(found, |refund| refund.number))
}

fn outside() -> Problem {
    Problem::invalid_field("date", Text::new("日期超出范围", "is outside the calendar"))
}
