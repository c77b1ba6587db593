//! `GET /v1/operators/me/balance`.

use axum::extract::State;
use base::clock::UtcTime;
use books::ledger;
use money::Fen;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::rejection::Rejection;

/// Balance and totals.
#[derive(Debug, Serialize, ToSchema)]
pub struct BalanceAnswer {
    balance: Fen,
    total_recharged: Fen,
    total_consumed: Fen,
    total_refunded: Fen,
    last_transaction_at: Option<UtcTime>,
}

/// The operator's balance.
#[utoipa::path(
    get,
    path = "/v1/operators/me/balance",
    operation_id = "get_balance",
    tag = "operator",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "Balance and totals", body = Data<BalanceAnswer>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn get_balance(
    State(app): State<App>,
    caller: OperatorCaller,
) -> Result<Data<BalanceAnswer>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let balance = ledger::list::balance(&mut connection, caller.operator_id).await?;
    Ok(Data::new(BalanceAnswer {
        balance: balance.balance,
        total_recharged: balance.total_recharged,
        total_consumed: balance.total_consumed,
        total_refunded: balance.total_refunded,
        last_transaction_at: balance.last_transaction_at,
    }))
}
