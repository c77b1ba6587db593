//! The operators who spent most.

use std::collections::HashMap;

use base::ids::OperatorId;
use base::problem::Problem;
use money::Fen;
use sqlx::PgConnection;
use uuid::Uuid;

use super::usage::Filter;
use super::{Dimension, Hundredths, Key, Ranking, TimeRange, ranking};

/// A customer's place among all.
#[derive(Clone, Debug)]
pub struct TopCustomer {
    pub operator_id: OperatorId,
    pub operator_name: String,
    /// As it is now: `trial`, `normal` or `vip`.
    pub category: String,
    pub total_consumption: Fen,
    /// Of the consumption of all customers.
    pub percentage: Hundredths,
    pub total_sessions: i64,
}

/// The first customers, and what all of them spent.
#[derive(Clone, Debug)]
pub struct TopCustomers {
    pub customers: Vec<TopCustomer>,
    pub total_consumption: Fen,
}

/// The customers who spent most in the range, deactivated ones included: their money was earned.
///
/// # Errors
/// As [`ranking()`].
pub async fn top_customers(
    connection: &mut PgConnection,
    range: TimeRange,
    limit: usize,
) -> Result<TopCustomers, Problem> {
    let ranking = ranking(connection, &Filter::all(range), Dimension::Operator).await?;
    first_customers(connection, &ranking, limit).await
}

/// The first of a ranking of operators.
pub(super) async fn first_customers(
    connection: &mut PgConnection,
    ranking: &Ranking,
    limit: usize,
) -> Result<TopCustomers, Problem> {
    let mut places = Vec::with_capacity(limit);
    for place in ranking.places(connection, 0, limit).await? {
        if let Key::Operator(id) = place.key {
            places.push((id, place));
        }
    }
    let ids: Vec<Uuid> = places.iter().map(|(id, _)| id.uuid()).collect();
    let mut categories = categories(connection, &ids).await?;
    let customers = places.into_iter().map(|(operator_id, place)| {
        let category = categories.remove(&operator_id);
        Ok(TopCustomer {
            operator_id,
            operator_name: place.label.name,
            category: category.ok_or_else(|| Problem::internal("an operator without an account"))?,
            total_consumption: place.figures.cost,
            percentage: place.percentage,
            total_sessions: place.figures.sessions,
        })
    });
    Ok(TopCustomers {
        customers: customers.collect::<Result<_, Problem>>()?,
        total_consumption: ranking.total.cost,
    })
}

async fn categories(
    connection: &mut PgConnection,
    operators: &[Uuid],
) -> sqlx::Result<HashMap<OperatorId, String>> {
    let rows = sqlx::query!(
        r#"SELECT operator_id AS "operator_id: OperatorId", category FROM operator_accounts
           WHERE operator_id = ANY($1)"#,
        operators,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.operator_id, row.category)).collect())
}
