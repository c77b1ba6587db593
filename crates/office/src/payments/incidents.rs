//! Payments that somebody has to look at: not credited, or credited against what was said before.

use base::clock::UtcTime;
use base::ids::{IncidentId, OperatorId, OrderId};
use base::paging::PageRequest;
use money::Fen;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::providers::{Payment, PaymentMethod};

/// What is wrong with a payment.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type, strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum IncidentKind {
    /// Not what the order asked for; not credited.
    AmountDiffers,
    /// The order was paid before, with another payment; not credited.
    SecondPayment,
    /// The payment belongs to another order already; not credited.
    PaymentOfOtherOrder,
    /// Genuine, for an order that is none of ours; not credited.
    UnknownOrder,
    /// Finance had decided that the order failed; credited all the same.
    PaidAfterResolvedFailed,
}

/// How the platform learned of a payment.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type, strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Source {
    Notification,
    Query,
    Bill,
}

/// An incident as finance reads it.
#[derive(Clone, Debug)]
pub struct Incident {
    pub id: IncidentId,
    pub kind: IncidentKind,
    pub payment_method: PaymentMethod,
    pub order_id: OrderId,
    /// `None`: the order is none of ours.
    pub operator_id: Option<OperatorId>,
    pub operator_name: Option<String>,
    pub transaction_id: String,
    pub amount: Fen,
    pub source: Source,
    pub created_at: UtcTime,
}

/// A payment, the order the provider names, and how we know.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) order_id: OrderId,
    pub(super) payment_method: PaymentMethod,
    pub(super) payment: &'a Payment,
    pub(super) source: Source,
}

/// Notes an incident, once. False when it is known already.
pub(super) async fn note(
    connection: &mut PgConnection,
    kind: IncidentKind,
    told: Told<'_>,
    operator_id: Option<OperatorId>,
    now: UtcTime,
) -> sqlx::Result<bool> {
    let noted = sqlx::query!(
        "INSERT INTO payment_incidents
             (id, kind, payment_method, order_id, operator_id, transaction_id, amount_fen, source, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (order_id, transaction_id, kind) DO NOTHING",
        IncidentId::generate(now).uuid(),
        kind.into_str(),
        told.payment_method.into_str(),
        told.order_id.uuid(),
        operator_id.map(OperatorId::uuid),
        told.payment.transaction_id,
        told.payment.amount.get(),
        told.source.into_str(),
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// One page, newest first, and how many there are; of one order or of all.
///
/// # Errors
/// The database's.
pub async fn list(
    connection: &mut PgConnection,
    order_id: Option<OrderId>,
    page: PageRequest,
) -> sqlx::Result<(i64, Vec<Incident>)> {
    let order_id = order_id.map(OrderId::uuid);
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM payment_incidents WHERE $1::uuid IS NULL OR order_id = $1"#,
        order_id,
    )
    .fetch_one(&mut *connection)
    .await?;
    let incidents = sqlx::query_as!(
        Incident,
        r#"SELECT i.id AS "id: IncidentId", i.kind AS "kind: IncidentKind",
                  i.payment_method AS "payment_method: PaymentMethod", i.order_id AS "order_id: OrderId",
                  i.operator_id AS "operator_id: OperatorId", o.name AS "operator_name?", i.transaction_id,
                  i.amount_fen AS "amount: Fen", i.source AS "source: Source", i.created_at
           FROM payment_incidents i LEFT JOIN operators o ON o.id = i.operator_id
           WHERE $1::uuid IS NULL OR i.order_id = $1
           ORDER BY i.id DESC LIMIT $2 OFFSET $3"#,
        order_id,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, incidents))
}
