//! What an operator can ask for.

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId};
use base::paging::PageRequest;
use money::Fen;
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

/// How an operator stands with an application. A grant in force is told before an open request, and that before an expired
/// grant. A grant that was revoked is as good as none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GrantStanding {
    None,
    Pending,
    Granted,
    Expired,
}

/// An application on the shelf.
#[derive(Clone, Debug)]
pub struct CatalogueEntry {
    pub app_id: AppId,
    pub app_name: String,
    pub description: String,
    pub unit_price: Fen,
    pub min_players: i32,
    pub max_players: i32,
    is_granted: bool,
    is_pending: bool,
    is_expired: bool,
}

impl CatalogueEntry {
    /// A grant in force outranks an open request, and an open request a grant that has expired.
    #[must_use]
    pub fn standing(&self) -> GrantStanding {
        match (self.is_granted, self.is_pending, self.is_expired) {
            (true, _, _) => GrantStanding::Granted,
            (false, true, _) => GrantStanding::Pending,
            (false, false, true) => GrantStanding::Expired,
            (false, false, false) => GrantStanding::None,
        }
    }
}

/// One page of the applications on the shelf, newest first, and how many there are on all pages. `keyword` is part of
/// the name or the description, in any case.
///
/// # Errors
/// The database's.
pub async fn catalogue(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    keyword: &str,
    page: PageRequest,
    now: UtcTime,
) -> sqlx::Result<(i64, Vec<CatalogueEntry>)> {
    let keyword = keyword.to_lowercase();
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) as "count!" FROM applications
           WHERE is_active AND ($1 = '' OR strpos(lower(name || chr(10) || description), $1) > 0)"#,
        keyword,
    )
    .fetch_one(&mut *connection)
    .await?;
    let items = sqlx::query_as!(
        CatalogueEntry,
        r#"SELECT a.id as "app_id: AppId", a.name as app_name, a.description, a.unit_price_fen as "unit_price: Fen",
                  a.min_players, a.max_players,
                  g.id IS NOT NULL AND (g.expires_at IS NULL OR g.expires_at > $3) as "is_granted!",
                  r.id IS NOT NULL as "is_pending!", coalesce(g.expires_at <= $3, false) as "is_expired!"
           FROM applications a
           LEFT JOIN grants g
             ON g.operator_id = $1 AND g.app_id = a.id AND g.is_current AND g.revoked_at IS NULL
           LEFT JOIN app_requests r ON r.operator_id = $1 AND r.app_id = a.id AND r.status = 'pending'
           WHERE a.is_active AND ($2 = '' OR strpos(lower(a.name || chr(10) || a.description), $2) > 0)
           ORDER BY a.id DESC LIMIT $4 OFFSET $5"#,
        operator_id.uuid(),
        keyword,
        now as _,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, items))
}
