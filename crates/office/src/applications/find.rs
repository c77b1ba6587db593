//! Applications and their price history, as administrators see them.

use base::clock::UtcTime;
use base::ids::AppId;
use base::paging::PageRequest;
use money::Fen;
use sqlx::PgConnection;

/// One game.
#[derive(Clone, Debug)]
pub struct Application {
    pub id: AppId,
    pub name: String,
    pub description: String,
    pub unit_price: Fen,
    pub min_players: i32,
    pub max_players: i32,
    pub is_active: bool,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

/// A price an application has or had.
#[derive(Clone, Debug)]
pub struct Price {
    pub unit_price: Fen,
    pub effective_at: UtcTime,
    pub changed_by: String,
    pub reason: Option<String>,
}

/// Which applications are asked for.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    /// Part of the name or the description, in any case.
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
) -> sqlx::Result<(i64, Vec<Application>)> {
    let keyword = filter.keyword.as_deref().unwrap_or("").to_lowercase();
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) as "count!" FROM applications
           WHERE ($1 = '' OR strpos(lower(name || chr(10) || description), $1) > 0)
             AND ($2::boolean IS NULL OR is_active = $2)"#,
        keyword,
        filter.is_active,
    )
    .fetch_one(&mut *connection)
    .await?;
    let items = sqlx::query_as!(
        Application,
        r#"SELECT id as "id: AppId", name, description, unit_price_fen as "unit_price: Fen", min_players, max_players,
                  is_active, created_at, updated_at
           FROM applications
           WHERE ($1 = '' OR strpos(lower(name || chr(10) || description), $1) > 0)
             AND ($2::boolean IS NULL OR is_active = $2)
           ORDER BY id DESC LIMIT $3 OFFSET $4"#,
        keyword,
        filter.is_active,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, items))
}

/// # Errors
/// The database's.
pub async fn find(connection: &mut PgConnection, app_id: AppId) -> sqlx::Result<Option<Application>> {
    sqlx::query_as!(
        Application,
        r#"SELECT id as "id: AppId", name, description, unit_price_fen as "unit_price: Fen", min_players, max_players,
                  is_active, created_at, updated_at
           FROM applications WHERE id = $1"#,
        app_id.uuid(),
    )
    .fetch_optional(connection)
    .await
}

/// As [`find`], locked until the transaction ends.
///
/// # Errors
/// The database's.
pub(super) async fn find_for_update(
    connection: &mut PgConnection,
    app_id: AppId,
) -> sqlx::Result<Option<Application>> {
    sqlx::query_as!(
        Application,
        r#"SELECT id as "id: AppId", name, description, unit_price_fen as "unit_price: Fen", min_players, max_players,
                  is_active, created_at, updated_at
           FROM applications WHERE id = $1 FOR UPDATE"#,
        app_id.uuid(),
    )
    .fetch_optional(connection)
    .await
}

/// Every price of the application, newest first.
///
/// # Errors
/// The database's.
pub async fn prices(connection: &mut PgConnection, app_id: AppId) -> sqlx::Result<Vec<Price>> {
    sqlx::query_as!(
        Price,
        r#"SELECT unit_price_fen as "unit_price: Fen", effective_at, changed_by, reason
           FROM application_prices WHERE app_id = $1 ORDER BY id DESC"#,
        app_id.uuid(),
    )
    .fetch_all(connection)
    .await
}
