use base::paging::PageRequest;
use sqlx::PgConnection;

use super::StaffKind;
use super::account::{Row, StaffAccount};

/// Which accounts are asked for.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    pub kind: Option<StaffKind>,
    /// Part of name, username, phone or email, in any case.
    pub keyword: Option<String>,
    pub is_active: Option<bool>,
}

/// One page, newest first, and how many there are on all pages.
///
/// # Errors
/// The database's.
pub async fn list(
    connection: &mut PgConnection,
    filter: &ListFilter,
    page: PageRequest,
) -> sqlx::Result<(i64, Vec<StaffAccount>)> {
    let kind = filter.kind.map(|value| value.into_str());
    let keyword = filter.keyword.as_deref().unwrap_or("").to_lowercase();
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) as "count!" FROM staff_accounts
           WHERE ($1::text IS NULL OR kind = $1)
             AND ($2 = '' OR strpos(lower(concat_ws(chr(10), name, username, phone, email)), $2) > 0)
             AND ($3::boolean IS NULL OR is_active = $3)"#,
        kind,
        keyword,
        filter.is_active,
    )
    .fetch_one(&mut *connection)
    .await?;
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, kind, role, username, name, phone, email, permission_overrides, is_active, created_at, updated_at
         FROM staff_accounts
         WHERE ($1::text IS NULL OR kind = $1)
           AND ($2 = '' OR strpos(lower(concat_ws(chr(10), name, username, phone, email)), $2) > 0)
           AND ($3::boolean IS NULL OR is_active = $3)
         ORDER BY id DESC LIMIT $4 OFFSET $5",
        kind,
        keyword,
        filter.is_active,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    let accounts: Result<Vec<StaffAccount>, _> = rows.into_iter().map(StaffAccount::try_from).collect();
    Ok((total, accounts?))
}
