//! Grants as administrators see them, past ones included.

use base::clock::UtcTime;
use base::ids::{AppId, GrantId, OperatorId};
use base::paging::PageRequest;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

/// What a grant is worth now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "lowercase")]
#[schema(as = AuthorizationStatus)]
pub enum Status {
    Active,
    Expired,
    Revoked,
}

/// One grant with the names it is about.
#[derive(Clone, Debug)]
pub struct Grant {
    pub id: GrantId,
    pub operator_id: OperatorId,
    pub operator_name: String,
    pub app_id: AppId,
    pub app_name: String,
    pub is_app_active: bool,
    /// Not replaced by a later grant of the same application to the same operator.
    pub is_current: bool,
    pub authorized_at: UtcTime,
    pub expires_at: Option<UtcTime>,
    pub revoked_at: Option<UtcTime>,
    pub authorized_by: String,
}

impl Grant {
    /// The expiry is exclusive: at that instant the grant is worth nothing any more.
    #[must_use]
    pub fn status(&self, now: UtcTime) -> Status {
        if self.revoked_at.is_some() {
            return Status::Revoked;
        }
        match self.expires_at {
            Some(expires_at) if expires_at <= now => Status::Expired,
            _ => Status::Active,
        }
    }
}

/// Which grants are asked for.
#[derive(Clone, Debug, Default)]
pub struct ListFilter {
    pub operator_id: Option<OperatorId>,
    pub app_id: Option<AppId>,
    pub status: Option<Status>,
}

/// One page, newest first, and how many there are on all pages.
///
/// # Errors
/// The database's.
pub async fn list(
    connection: &mut PgConnection,
    filter: &ListFilter,
    page: PageRequest,
    now: UtcTime,
) -> sqlx::Result<(i64, Vec<Grant>)> {
    let operator_id = filter.operator_id.map(OperatorId::uuid);
    let app_id = filter.app_id.map(AppId::uuid);
    let status = filter.status.map(|value| value.into_str());
    let total = sqlx::query_scalar!(
        r#"SELECT count(*) as "count!" FROM grants g
           WHERE ($1::uuid IS NULL OR g.operator_id = $1) AND ($2::uuid IS NULL OR g.app_id = $2)
             AND ($3::text IS NULL OR $3 = CASE WHEN g.revoked_at IS NOT NULL THEN 'revoked'
                                                WHEN g.expires_at <= $4 THEN 'expired' ELSE 'active' END)"#,
        operator_id,
        app_id,
        status,
        now as _,
    )
    .fetch_one(&mut *connection)
    .await?;
    let items = sqlx::query_as!(
        Grant,
        r#"SELECT g.id as "id: GrantId", g.operator_id as "operator_id: OperatorId", o.name as operator_name,
                  g.app_id as "app_id: AppId", a.name as app_name, a.is_active as is_app_active, g.is_current,
                  g.authorized_at, g.expires_at, g.revoked_at, g.authorized_by
           FROM grants g JOIN operators o ON o.id = g.operator_id JOIN applications a ON a.id = g.app_id
           WHERE ($1::uuid IS NULL OR g.operator_id = $1) AND ($2::uuid IS NULL OR g.app_id = $2)
             AND ($3::text IS NULL OR $3 = CASE WHEN g.revoked_at IS NOT NULL THEN 'revoked'
                                                WHEN g.expires_at <= $4 THEN 'expired' ELSE 'active' END)
           ORDER BY g.id DESC LIMIT $5 OFFSET $6"#,
        operator_id,
        app_id,
        status,
        now as _,
        page.page_size,
        page.offset(),
    )
    .fetch_all(connection)
    .await?;
    Ok((total, items))
}

/// # Errors
/// The database's.
pub async fn find(connection: &mut PgConnection, grant_id: GrantId) -> sqlx::Result<Option<Grant>> {
    sqlx::query_as!(
        Grant,
        r#"SELECT g.id as "id: GrantId", g.operator_id as "operator_id: OperatorId", o.name as operator_name,
                  g.app_id as "app_id: AppId", a.name as app_name, a.is_active as is_app_active, g.is_current,
                  g.authorized_at, g.expires_at, g.revoked_at, g.authorized_by
           FROM grants g JOIN operators o ON o.id = g.operator_id JOIN applications a ON a.id = g.app_id
           WHERE g.id = $1"#,
        grant_id.uuid(),
    )
    .fetch_optional(connection)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(seconds: i64) -> UtcTime {
        UtcTime::from_millis(seconds * 1_000).unwrap()
    }

    #[test]
    fn revocation_outranks_expiry_and_expiry_is_exclusive() {
        for (revoked_at, expires_at, expected) in [
            (None, None, Status::Active),
            (None, Some(at(101)), Status::Active),
            (None, Some(at(100)), Status::Expired),
            (Some(at(50)), None, Status::Revoked),
            (Some(at(50)), Some(at(60)), Status::Revoked),
        ] {
            let grant = Grant {
                id: GrantId::from_uuid(Uuid::nil()),
                operator_id: OperatorId::from_uuid(Uuid::nil()),
                operator_name: String::new(),
                app_id: AppId::from_uuid(Uuid::nil()),
                app_name: String::new(),
                is_app_active: true,
                is_current: true,
                authorized_at: at(0),
                expires_at,
                revoked_at,
                authorized_by: String::new(),
            };
            assert_eq!(grant.status(at(100)), expected, "{revoked_at:?} {expires_at:?}");
        }
    }
}
