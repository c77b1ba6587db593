//! Access tokens in the database: a token is good while its row is not revoked and its account may sign in.

use std::fmt;

use base::clock::UtcTime;
use base::ids::{AdminId, AnalystId, FinanceId, OperatorId};
use base::problem::Problem;
use sqlx::PgConnection;
use uuid::Uuid;

use super::jwt::{Claims, JwtKeys, Role};
use super::roles::Authority;

const SECONDS_PER_DAY: i64 = 86_400;

/// An account of any audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Operator(OperatorId),
    Admin(AdminId),
    Finance(FinanceId),
    Analyst(AnalystId),
}

impl Subject {
    #[must_use]
    pub const fn new(role: Role, id: Uuid) -> Self {
        match role {
            Role::Operator => Self::Operator(OperatorId::from_uuid(id)),
            Role::Admin => Self::Admin(AdminId::from_uuid(id)),
            Role::Finance => Self::Finance(FinanceId::from_uuid(id)),
            Role::Analyst => Self::Analyst(AnalystId::from_uuid(id)),
        }
    }

    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Operator(_) => Role::Operator,
            Self::Admin(_) => Role::Admin,
            Self::Finance(_) => Role::Finance,
            Self::Analyst(_) => Role::Analyst,
        }
    }

    #[must_use]
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Operator(id) => id.uuid(),
            Self::Admin(id) => id.uuid(),
            Self::Finance(id) => id.uuid(),
            Self::Analyst(id) => id.uuid(),
        }
    }

    /// Reads an id of any audience in its wire form.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        let operator = || id.parse().ok().map(Self::Operator);
        let admin = || id.parse().ok().map(Self::Admin);
        let finance = || id.parse().ok().map(Self::Finance);
        let analyst = || id.parse().ok().map(Self::Analyst);
        operator().or_else(admin).or_else(finance).or_else(analyst)
    }

    fn from_claims(claims: &Claims) -> Option<Self> {
        match claims.role {
            Role::Operator => claims.sub.parse().ok().map(Self::Operator),
            Role::Admin => claims.sub.parse().ok().map(Self::Admin),
            Role::Finance => claims.sub.parse().ok().map(Self::Finance),
            Role::Analyst => claims.sub.parse().ok().map(Self::Analyst),
        }
    }
}

impl fmt::Display for Subject {
    /// The account's id in its wire form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator(id) => id.fmt(f),
            Self::Admin(id) => id.fmt(f),
            Self::Finance(id) => id.fmt(f),
            Self::Analyst(id) => id.fmt(f),
        }
    }
}

/// A token that was just issued.
#[derive(Debug)]
pub struct Issued {
    pub access_token: String,
    pub expires_in_seconds: i64,
}

/// A token whose signature and expiry are good. Only the database knows whether it was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presented {
    pub subject: Subject,
    pub jti: Uuid,
}

/// What the database says about the account behind a live token.
#[derive(Clone, Debug)]
pub struct Identity {
    pub username: String,
    pub name: String,
    pub authority: Authority,
}

/// Issues a token that lives for `lifetime_days`. The caller holds a lock on the account's row, so that a lock
/// or a password change that runs at the same time revokes this token too.
///
/// # Errors
/// The database's.
pub async fn issue(
    connection: &mut PgConnection,
    jwt: &JwtKeys,
    lifetime_days: i64,
    subject: Subject,
    now: UtcTime,
) -> Result<Issued, Problem> {
    let expires_in_seconds = lifetime_days * SECONDS_PER_DAY;
    let claims = Claims {
        sub: subject.to_string(),
        role: subject.role(),
        iat: now.as_seconds(),
        exp: now.as_seconds() + expires_in_seconds,
        jti: Uuid::new_v4(),
    };
    let expires_at = now.plus(jiff::SignedDuration::from_secs(expires_in_seconds));
    sqlx::query!(
        "INSERT INTO access_tokens (jti, subject_id, role, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        claims.jti,
        subject.uuid(),
        claims.role.into_str(),
        now as _,
        expires_at as _,
    )
    .execute(connection)
    .await?;
    Ok(Issued { access_token: jwt.sign(&claims).map_err(Problem::internal)?, expires_in_seconds })
}

/// The token, if we signed it and it has not expired.
#[must_use]
pub fn verify(jwt: &JwtKeys, token: &str, now: UtcTime) -> Option<Presented> {
    let claims = jwt.verify(token).ok()?;
    if claims.exp <= now.as_seconds() {
        return None;
    }
    Some(Presented { subject: Subject::from_claims(&claims)?, jti: claims.jti })
}

/// The account behind the token, unless the token was revoked or the account may not be signed in any more.
///
/// # Errors
/// The database's; a role in the table that this version does not know.
pub async fn check(
    connection: &mut PgConnection,
    token: Presented,
    now: UtcTime,
) -> sqlx::Result<Option<Identity>> {
    match token.subject {
        Subject::Operator(_) => check_operator(connection, token, now).await,
        _ => check_staff(connection, token, now).await,
    }
}

async fn check_operator(
    connection: &mut PgConnection,
    token: Presented,
    now: UtcTime,
) -> sqlx::Result<Option<Identity>> {
    let row = sqlx::query!(
        "SELECT o.username, o.name
         FROM access_tokens t JOIN operators o ON o.id = t.subject_id
         WHERE t.jti = $1 AND t.subject_id = $2 AND t.role = 'operator'
           AND t.revoked_at IS NULL AND t.expires_at > $3
           AND o.locked_at IS NULL AND o.deactivated_at IS NULL",
        token.jti,
        token.subject.uuid(),
        now as _,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Identity { username: row.username, name: row.name, authority: Authority::Operator }))
}

async fn check_staff(
    connection: &mut PgConnection,
    token: Presented,
    now: UtcTime,
) -> sqlx::Result<Option<Identity>> {
    let row = sqlx::query!(
        "SELECT s.kind, s.username, s.name, s.role, s.permission_overrides
         FROM access_tokens t JOIN staff_accounts s ON s.id = t.subject_id AND s.kind = t.role
         WHERE t.jti = $1 AND t.subject_id = $2 AND t.role = $3
           AND t.revoked_at IS NULL AND t.expires_at > $4 AND s.is_active",
        token.jti,
        token.subject.uuid(),
        token.subject.role().into_str(),
        now as _,
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Identity {
        authority: Authority::of_staff(&row.kind, &row.role, &row.permission_overrides)?,
        username: row.username,
        name: row.name,
    }))
}

/// Ends one token, on every instance with the next request.
///
/// # Errors
/// The database's.
pub async fn revoke(connection: &mut PgConnection, jti: Uuid, now: UtcTime) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE access_tokens SET revoked_at = $2 WHERE jti = $1 AND revoked_at IS NULL",
        jti,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends all tokens of an account but `except`.
///
/// # Errors
/// The database's.
pub async fn revoke_all(
    connection: &mut PgConnection,
    subject: Subject,
    except: Option<Uuid>,
    now: UtcTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE access_tokens SET revoked_at = $3
         WHERE subject_id = $1 AND jti IS DISTINCT FROM $2 AND revoked_at IS NULL",
        subject.uuid(),
        except,
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes tokens that have expired. Those that were revoked stay as long as they would have lived.
///
/// # Errors
/// The database's.
pub async fn purge_expired(connection: &mut PgConnection, now: UtcTime) -> sqlx::Result<u64> {
    let purged = sqlx::query!("DELETE FROM access_tokens WHERE expires_at <= $1", now as _)
        .execute(connection)
        .await?;
    Ok(purged.rows_affected())
}
