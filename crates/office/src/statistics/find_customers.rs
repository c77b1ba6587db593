//! Customers by name, for finance.

use base::clock::UtcTime;
use base::ids::OperatorId;
use base::paging::PageRequest;
use money::Fen;
use sqlx::PgConnection;

/// A customer and its money.
#[derive(Clone, Debug)]
pub struct Customer {
    pub operator_id: OperatorId,
    pub operator_name: String,
    pub username: String,
    /// `trial`, `normal` or `vip`.
    pub category: String,
    pub current_balance: Fen,
    pub total_recharged: Fen,
    pub total_consumed: Fen,
    pub total_refunded: Fen,
    pub is_deactivated: bool,
    pub created_at: UtcTime,
}

/// One page, newest first, and how many there are on all pages. `keyword` is part of name or username, in any case:
/// what a search can be made by is also shown, so phone and email are not.
///
/// Deactivated ones are among them, because their refunds and invoices are looked for as well.
///
/// # Errors
/// The database's.
pub async fn find_customers(
    connection: &mut PgConnection,
    keyword: &str,
    page: PageRequest,
) -> sqlx::Result<(i64, Vec<Customer>)> {
    let keyword = keyword.to_lowercase();
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM operators
           WHERE $1 = '' OR strpos(lower(name || chr(10) || username), $1) > 0"#,
        keyword,
    )
    .fetch_one(&mut *connection)
    .await?;
    let customers = sqlx::query_as!(
        Customer,
        r#"SELECT o.id AS "operator_id: OperatorId", o.name AS operator_name, o.username, a.category,
                  a.balance_fen AS "current_balance: Fen", a.total_recharged_fen AS "total_recharged: Fen",
                  a.total_consumed_fen AS "total_consumed: Fen", a.total_refunded_fen AS "total_refunded: Fen",
                  o.deactivated_at IS NOT NULL AS "is_deactivated!", o.created_at
           FROM operators o JOIN operator_accounts a ON a.operator_id = o.id
           WHERE $1 = '' OR strpos(lower(o.name || chr(10) || o.username), $1) > 0
           ORDER BY o.created_at DESC, o.id DESC LIMIT $2 OFFSET $3"#,
        keyword,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, customers))
}
