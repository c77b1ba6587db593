//! One operator, as administrators see it.

use base::clock::UtcTime;
use base::ids::OperatorId;
use money::Fen;
use sqlx::PgConnection;
use uuid::Uuid;

/// A row of the list.
#[derive(Clone, Debug)]
pub struct Summary {
    pub id: Uuid,
    pub username: String,
    pub name: String,
    pub phone: String,
    pub email: String,
    pub category: String,
    pub balance: Fen,
    pub total_consumed: Fen,
    pub is_deactivated: bool,
    pub is_locked: bool,
    pub created_at: UtcTime,
}

/// Everything about one operator.
#[derive(Clone, Debug)]
pub struct Details {
    pub summary: Summary,
    pub total_recharged: Fen,
    pub total_refunded: Fen,
    pub total_sessions: i64,
    /// Of the entries that move the balance: a payout is not one.
    pub last_transaction_at: Option<UtcTime>,
    pub authorized_apps_count: i64,
    pub sites_count: i64,
    pub locked_reason: Option<String>,
    pub locked_at: Option<UtcTime>,
    pub updated_at: UtcTime,
}

/// # Errors
/// The database's.
pub async fn exists(connection: &mut PgConnection, operator_id: OperatorId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM operators WHERE id = $1) as "exists!""#,
        operator_id.uuid()
    )
    .fetch_one(connection)
    .await
}

/// The operator, deactivated or not.
///
/// # Errors
/// The database's.
pub async fn details(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    now: UtcTime,
) -> sqlx::Result<Option<Details>> {
    let row = sqlx::query!(
        r#"SELECT o.id, o.username, o.name, o.phone, o.email, a.category, o.locked_reason, o.created_at, o.updated_at,
                  o.locked_at, o.deactivated_at IS NOT NULL as "is_deactivated!",
                  a.balance_fen as "balance: Fen", a.total_consumed_fen as "total_consumed: Fen",
                  a.total_recharged_fen as "total_recharged: Fen", a.total_refunded_fen as "total_refunded: Fen",
                  a.total_sessions,
                  (SELECT occurred_at FROM ledger_entries WHERE operator_id = $1 AND kind <> 'payout'
                   ORDER BY id DESC LIMIT 1) AS last_transaction_at,
                  (SELECT count(*) FROM grants g
                   WHERE g.operator_id = o.id AND g.is_current AND g.revoked_at IS NULL
                     AND (g.expires_at IS NULL OR g.expires_at > $2)) as "authorized_apps_count!",
                  (SELECT count(*) FROM sites s WHERE s.operator_id = o.id AND s.deleted_at IS NULL) as "sites_count!"
           FROM operators o JOIN operator_accounts a ON a.operator_id = o.id
           WHERE o.id = $1"#,
        operator_id.uuid(),
        now as _,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Details {
        summary: Summary {
            id: row.id,
            username: row.username,
            name: row.name,
            phone: row.phone,
            email: row.email,
            category: row.category,
            balance: row.balance,
            total_consumed: row.total_consumed,
            is_deactivated: row.is_deactivated,
            is_locked: row.locked_at.is_some(),
            created_at: row.created_at,
        },
        total_recharged: row.total_recharged,
        total_refunded: row.total_refunded,
        total_sessions: row.total_sessions,
        last_transaction_at: row.last_transaction_at,
        authorized_apps_count: row.authorized_apps_count,
        sites_count: row.sites_count,
        locked_reason: row.locked_reason,
        locked_at: row.locked_at,
        updated_at: row.updated_at,
    }))
}
