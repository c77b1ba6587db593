//! Sites (运营点): the venues of an operator. A deleted site authorizes nothing and stays as history.

use base::clock::UtcTime;
use base::ids::{OperatorId, SiteId};
use sqlx::PgConnection;

/// A venue.
#[derive(Clone, Debug)]
pub struct Site {
    pub id: SiteId,
    pub name: String,
    pub address: String,
    pub description: String,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
    pub deleted_at: Option<UtcTime>,
}

/// What is said about a new site.
#[derive(Clone, Debug)]
pub struct NewSite {
    pub name: String,
    pub address: String,
    pub description: String,
}

/// What is to change; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct SiteChange {
    pub name: Option<String>,
    pub address: Option<String>,
    pub description: Option<String>,
}

/// The operator's sites in the order they were created.
///
/// # Errors
/// The database's.
pub async fn list(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    include_deleted: bool,
) -> sqlx::Result<Vec<Site>> {
    sqlx::query_as!(
        Site,
        r#"SELECT id AS "id: SiteId", name, address, description, created_at, updated_at, deleted_at
           FROM sites WHERE operator_id = $1 AND (deleted_at IS NULL OR $2)
           ORDER BY id"#,
        operator_id.uuid(),
        include_deleted,
    )
    .fetch_all(connection)
    .await
}

/// Creates a site.
///
/// # Errors
/// The database's.
pub async fn create(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    new: NewSite,
    now: UtcTime,
) -> sqlx::Result<Site> {
    sqlx::query_as!(
        Site,
        r#"INSERT INTO sites (operator_id, id, name, address, description, created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $6)
           RETURNING id AS "id: SiteId", name, address, description, created_at, updated_at, deleted_at"#,
        operator_id.uuid(),
        SiteId::generate(now).uuid(),
        new.name,
        new.address,
        new.description,
        now as _,
    )
    .fetch_one(connection)
    .await
}

/// Locks a site and reads it. `None` for one that is not the operator's or is deleted.
async fn lock(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    site_id: SiteId,
) -> sqlx::Result<Option<Site>> {
    sqlx::query_as!(
        Site,
        r#"SELECT id AS "id: SiteId", name, address, description, created_at, updated_at, deleted_at
           FROM sites WHERE operator_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE"#,
        operator_id.uuid(),
        site_id.uuid(),
    )
    .fetch_optional(connection)
    .await
}

/// Changes a site. Returns it as it was and as it is; `None` for one that is not the operator's or is deleted.
///
/// # Errors
/// The database's.
pub async fn update(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    site_id: SiteId,
    change: SiteChange,
    now: UtcTime,
) -> sqlx::Result<Option<(Site, Site)>> {
    let Some(before) = lock(connection, operator_id, site_id).await? else {
        return Ok(None);
    };
    let after = sqlx::query_as!(
        Site,
        r#"UPDATE sites
           SET name = coalesce($3, name), address = coalesce($4, address),
               description = coalesce($5, description), updated_at = $6
           WHERE operator_id = $1 AND id = $2 AND deleted_at IS NULL
           RETURNING id AS "id: SiteId", name, address, description, created_at, updated_at, deleted_at"#,
        operator_id.uuid(),
        site_id.uuid(),
        change.name,
        change.address,
        change.description,
        now as _,
    )
    .fetch_one(connection)
    .await?;
    Ok(Some((before, after)))
}

/// Marks a site as deleted. False for one that is not the operator's or is deleted already.
///
/// # Errors
/// The database's.
pub async fn delete(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    site_id: SiteId,
    now: UtcTime,
) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "UPDATE sites SET deleted_at = $3, updated_at = $3
         WHERE operator_id = $1 AND id = $2 AND deleted_at IS NULL",
        operator_id.uuid(),
        site_id.uuid(),
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(deleted.rows_affected() == 1)
}
