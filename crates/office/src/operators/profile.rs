//! An operator as it sees itself.

use base::clock::UtcTime;
use base::ids::OperatorId;
use money::Fen;
use sqlx::PgConnection;

/// Identity, contact and balance.
#[derive(Clone, Debug)]
pub struct Profile {
    pub id: OperatorId,
    pub username: String,
    pub name: String,
    pub phone: String,
    pub email: String,
    pub category: String,
    pub balance: Fen,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

/// The profile of an operator.
///
/// # Errors
/// The database's; `RowNotFound` for an unknown operator.
pub async fn find(connection: &mut PgConnection, operator_id: OperatorId) -> sqlx::Result<Profile> {
    sqlx::query_as!(
        Profile,
        r#"SELECT o.id AS "id: OperatorId", o.username, o.name, o.phone, o.email, a.category,
                  a.balance_fen AS "balance: Fen", o.created_at, o.updated_at
           FROM operators o JOIN operator_accounts a ON a.operator_id = o.id
           WHERE o.id = $1"#,
        operator_id.uuid(),
    )
    .fetch_one(connection)
    .await
}
