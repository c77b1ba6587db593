//! Runs and their differences as finance reads them.

use base::clock::UtcTime;
use base::ids::{DifferenceId, OrderId};
use base::paging::PageRequest;
use jiff::civil::Date;
use money::Fen;
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::payments::providers::PaymentMethod;

/// How far the reading of a bill is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::Type, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RunStatus {
    Running,
    Completed,
    /// The provider has not made the bill yet.
    NotReady,
    /// The bill could not be had; it is tried again.
    Failed,
}

/// The bill of a day, and what came of reading it.
#[derive(Clone, Debug)]
pub struct Run {
    /// As `YYYY-MM-DD`.
    pub date: String,
    pub payment_method: PaymentMethod,
    pub status: RunStatus,
    /// Our credited orders that were paid on that day.
    pub ours_count: i64,
    pub ours: Fen,
    /// The payments of the bill.
    pub theirs_count: i64,
    pub theirs: Fen,
    /// The refunds of the bill.
    pub refunds_count: i64,
    pub refunds: Fen,
    pub differences_count: i64,
    pub error: Option<String>,
    pub run_by: String,
    pub started_at: UtcTime,
    pub finished_at: Option<UtcTime>,
}

/// What does not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::Type, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DifferenceKind {
    /// It is in the bill and was not in our books.
    MissingHere,
    /// It is in our books and not in the bill.
    MissingThere,
    AmountDiffers,
    /// The bill has a refund that is not completed here.
    LateRefund,
}

/// What a line of a bill is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::Type, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Subject {
    Payment,
    Refund,
}

/// A difference between a bill and our books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub id: DifferenceId,
    pub kind: DifferenceKind,
    pub subject: Subject,
    /// Our order, when the number is one of ours.
    pub order_id: Option<OrderId>,
    /// The number of the order as the provider knows it.
    pub out_trade_no: String,
    pub transaction_id: Option<String>,
    pub refund_number: Option<Uuid>,
    pub ours: Option<Fen>,
    pub theirs: Option<Fen>,
    /// The payment was credited because it stood in the bill.
    pub is_credited: bool,
}

/// One page, the latest day first, and how many there are.
///
/// # Errors
/// The database's.
pub async fn list(connection: &mut PgConnection, page: PageRequest) -> sqlx::Result<(i64, Vec<Run>)> {
    let total = sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM reconciliation_runs"#)
        .fetch_one(&mut *connection)
        .await?;
    let runs = sqlx::query_as!(
        Run,
        r#"SELECT bill_date::text AS "date!", payment_method AS "payment_method: PaymentMethod",
                  status AS "status: RunStatus", ours_count, ours_fen AS "ours: Fen", theirs_count,
                  theirs_fen AS "theirs: Fen", refunds_count, refunds_fen AS "refunds: Fen", differences_count, error,
                  run_by, started_at, finished_at
           FROM reconciliation_runs ORDER BY bill_date DESC, payment_method LIMIT $1 OFFSET $2"#,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, runs))
}

/// # Errors
/// The database's.
pub async fn find(
    connection: &mut PgConnection,
    day: Date,
    method: PaymentMethod,
) -> sqlx::Result<Option<Run>> {
    sqlx::query_as!(
        Run,
        r#"SELECT bill_date::text AS "date!", payment_method AS "payment_method: PaymentMethod",
                  status AS "status: RunStatus", ours_count, ours_fen AS "ours: Fen", theirs_count,
                  theirs_fen AS "theirs: Fen", refunds_count, refunds_fen AS "refunds: Fen", differences_count, error,
                  run_by, started_at, finished_at
           FROM reconciliation_runs WHERE bill_date = $1::text::date AND payment_method = $2"#,
        day.to_string(),
        method.into_str(),
    )
    .fetch_optional(connection)
    .await
}

/// One page of the differences of a day, in the order they were found, and how many there are.
///
/// # Errors
/// The database's.
pub async fn differences(
    connection: &mut PgConnection,
    day: Date,
    method: PaymentMethod,
    page: PageRequest,
) -> sqlx::Result<(i64, Vec<Difference>)> {
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM reconciliation_differences
           WHERE bill_date = $1::text::date AND payment_method = $2"#,
        day.to_string(),
        method.into_str(),
    )
    .fetch_one(&mut *connection)
    .await?;
    let found = sqlx::query_as!(
        Difference,
        r#"SELECT id AS "id: DifferenceId", kind AS "kind: DifferenceKind", subject AS "subject: Subject",
                  order_id AS "order_id: OrderId", out_trade_no, transaction_id, refund_number,
                  ours_fen AS "ours: Fen", theirs_fen AS "theirs: Fen", is_credited
           FROM reconciliation_differences WHERE bill_date = $1::text::date AND payment_method = $2
           ORDER BY id LIMIT $3 OFFSET $4"#,
        day.to_string(),
        method.into_str(),
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, found))
}
