//! The list of operators with its filters.

use base::paging::PageRequest;
use money::Fen;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{Category, Summary};

/// What the list is ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    #[default]
    CreatedAt,
    Balance,
    TotalConsumed,
    Name,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortOrder {
    Asc,
    #[default]
    Desc,
}

/// Which operators are asked for. Deactivated ones are hidden unless asked for (ED-7).
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    pub category: Option<Category>,
    /// Part of name, username, phone or email, in any case.
    pub keyword: Option<String>,
    pub include_deactivated: bool,
    pub locked: Option<bool>,
    pub sort_by: SortBy,
    pub sort_order: SortOrder,
}

/// One page, and how many there are on all pages.
///
/// # Errors
/// The database's.
pub async fn list(
    connection: &mut PgConnection,
    filter: &ListFilter,
    page: PageRequest,
) -> sqlx::Result<(i64, Vec<Summary>)> {
    let keyword = filter.keyword.as_deref().unwrap_or("").to_lowercase();
    let category = filter.category.map(|value| value.into_str());
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) as "count!" FROM operators o JOIN operator_accounts a ON a.operator_id = o.id
           WHERE ($1::text IS NULL OR a.category = $1)
             AND ($2 = '' OR strpos(lower(concat_ws(chr(10), o.name, o.username, o.phone, o.email)), $2) > 0)
             AND ($3 OR o.deactivated_at IS NULL)
             AND ($4::boolean IS NULL OR (o.locked_at IS NOT NULL) = $4)"#,
        category,
        keyword,
        filter.include_deactivated,
        filter.locked,
    )
    .fetch_one(&mut *connection)
    .await?;
    let items = sqlx::query_as!(
        Summary,
        r#"SELECT o.id, o.username, o.name, o.phone, o.email, a.category, o.created_at,
                  a.balance_fen as "balance: Fen", a.total_consumed_fen as "total_consumed: Fen",
                  o.deactivated_at IS NOT NULL as "is_deactivated!", o.locked_at IS NOT NULL as "is_locked!"
           FROM operators o JOIN operator_accounts a ON a.operator_id = o.id
           WHERE ($1::text IS NULL OR a.category = $1)
             AND ($2 = '' OR strpos(lower(concat_ws(chr(10), o.name, o.username, o.phone, o.email)), $2) > 0)
             AND ($3 OR o.deactivated_at IS NULL)
             AND ($4::boolean IS NULL OR (o.locked_at IS NOT NULL) = $4)
           ORDER BY
             CASE WHEN $6 THEN CASE $5 WHEN 'balance' THEN a.balance_fen WHEN 'total_consumed' THEN a.total_consumed_fen END END ASC,
             CASE WHEN NOT $6 THEN CASE $5 WHEN 'balance' THEN a.balance_fen WHEN 'total_consumed' THEN a.total_consumed_fen END END DESC,
             CASE WHEN $6 AND $5 = 'name' THEN o.name END ASC,
             CASE WHEN NOT $6 AND $5 = 'name' THEN o.name END DESC,
             CASE WHEN $6 THEN o.created_at END ASC,
             o.created_at DESC, o.id DESC
           LIMIT $7 OFFSET $8"#,
        category,
        keyword,
        filter.include_deactivated,
        filter.locked,
        filter.sort_by.into_str(),
        filter.sort_order == SortOrder::Asc,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, items))
}
