//! Top-up orders: what they are, and how one is locked.

use base::clock::UtcTime;
use base::ids::{OperatorId, OrderId};
use base::problem::Problem;
use books::gate::AccountState;
use books::ledger::{self, Account};
use money::Fen;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::providers::PaymentMethod;

/// How far an order is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    sqlx::Type,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum OrderStatus {
    /// It can be paid, or a payment is on its way.
    Pending,
    /// The money is on the balance.
    Success,
    /// It could not be made, or its payment failed.
    Failed,
    /// It ended without payment.
    Closed,
    /// Nobody could learn whether it was paid, or what was paid is not what was asked for: finance decides.
    Abnormal,
}

/// How finance decided an abnormal order.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type, strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum ResolvedOutcome {
    /// The amount of the order was credited.
    Success,
    /// Nothing was credited.
    Failed,
}

/// An order whose row is locked, and its account, which was locked before it.
#[derive(Debug)]
pub(super) struct Locked {
    pub(super) account: Account,
    pub(super) operator_state: AccountState,
    pub(super) id: OrderId,
    pub(super) amount: Fen,
    pub(super) payment_method: PaymentMethod,
    pub(super) status: OrderStatus,
    pub(super) transaction_id: Option<String>,
    pub(super) resolved_outcome: Option<ResolvedOutcome>,
    pub(super) query_failures: i32,
    pub(super) expires_at: UtcTime,
}

/// Whose order it is; `None` for a number that is none of ours.
pub(super) async fn owner(
    connection: &mut PgConnection,
    order_id: OrderId,
) -> sqlx::Result<Option<OperatorId>> {
    sqlx::query_scalar!(
        r#"SELECT operator_id AS "operator_id: OperatorId" FROM recharge_orders WHERE id = $1"#,
        order_id.uuid(),
    )
    .fetch_optional(connection)
    .await
}

/// Locks account and order, in this order. `None` for a number that is none of ours.
pub(super) async fn lock(
    connection: &mut PgConnection,
    order_id: OrderId,
) -> Result<Option<Locked>, Problem> {
    let Some(operator_id) = owner(connection, order_id).await? else {
        return Ok(None);
    };
    let locked = ledger::lock_row(connection, operator_id).await?;
    let locked = locked.ok_or_else(|| Problem::internal("the order's operator has no account"))?;
    let row = sqlx::query!(
        r#"SELECT amount_fen AS "amount: Fen", payment_method AS "payment_method: PaymentMethod",
                  status AS "status: OrderStatus", provider_transaction_id,
                  resolved_outcome AS "resolved_outcome: ResolvedOutcome", query_failures, expires_at
           FROM recharge_orders WHERE operator_id = $1 AND id = $2 FOR UPDATE"#,
        operator_id.uuid(),
        order_id.uuid(),
    )
    .fetch_one(connection)
    .await?;
    Ok(Some(Locked {
        account: locked.account,
        operator_state: locked.gate.state,
        id: order_id,
        amount: row.amount,
        payment_method: row.payment_method,
        status: row.status,
        transaction_id: row.provider_transaction_id,
        resolved_outcome: row.resolved_outcome,
        query_failures: row.query_failures,
        expires_at: row.expires_at,
    }))
}
