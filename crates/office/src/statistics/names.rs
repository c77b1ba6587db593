//! What operators, sites and applications are called now, also those that are deactivated, deleted or off the shelf.

use base::ids::{AppId, Id, Kind, OperatorId, SiteId};
use sqlx::PgConnection;
use uuid::Uuid;

fn uuids<K: Kind>(ids: &[Id<K>]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

/// # Errors
/// The database's.
pub(super) async fn of_operators(
    connection: &mut PgConnection,
    ids: &[OperatorId],
) -> sqlx::Result<Vec<(OperatorId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"SELECT DISTINCT o.id AS "id: OperatorId", o.name FROM unnest($1::uuid[]) AS wanted (id)
           JOIN operators o ON o.id = wanted.id"#,
        &uuids(ids),
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// # Errors
/// The database's.
pub(super) async fn of_sites(
    connection: &mut PgConnection,
    ids: &[SiteId],
) -> sqlx::Result<Vec<(SiteId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"SELECT DISTINCT s.id AS "id: SiteId", s.name FROM unnest($1::uuid[]) AS wanted (id)
           JOIN sites s ON s.id = wanted.id"#,
        &uuids(ids),
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// # Errors
/// The database's.
pub(super) async fn of_applications(
    connection: &mut PgConnection,
    ids: &[AppId],
) -> sqlx::Result<Vec<(AppId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"SELECT DISTINCT a.id AS "id: AppId", a.name FROM unnest($1::uuid[]) AS wanted (id)
           JOIN applications a ON a.id = wanted.id"#,
        &uuids(ids),
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// What an application is called now.
///
/// # Errors
/// The database's.
pub async fn application_name(connection: &mut PgConnection, id: AppId) -> sqlx::Result<Option<String>> {
    let named = of_applications(connection, &[id]).await?;
    Ok(named.into_iter().next().map(|(_, name)| name))
}

/// What an operator is called now.
///
/// # Errors
/// The database's.
pub async fn operator_name(connection: &mut PgConnection, id: OperatorId) -> sqlx::Result<Option<String>> {
    let named = of_operators(connection, &[id]).await?;
    Ok(named.into_iter().next().map(|(_, name)| name))
}
