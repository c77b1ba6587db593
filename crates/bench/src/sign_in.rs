//! Access tokens without a password: what is measured begins after signing in.

use anyhow::Context;
use base::clock::Clock;
use base::ids::{AdminId, AnalystId, FinanceId};
use jiff::SignedDuration;
use office::staff::{self, NewStaff, StaffRole};
use platform::config::Secrets;
use platform::security::jwt::{Claims, JwtKeys};
use platform::security::tokens::Subject;
use secrecy::ExposeSecret;
use sqlx::PgConnection;
use uuid::Uuid;

const LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Makes a staff account and signs it in.
pub(crate) async fn staff(
    connection: &mut PgConnection,
    secrets: &Secrets,
    role: StaffRole,
) -> anyhow::Result<String> {
    let new = NewStaff { role, username: "bench", password_hash: "", name: "测试" };
    let id = staff::insert(connection, &new, Clock::system().now()).await?.context("the name is taken")?;
    let subject = match role {
        StaffRole::Admin(_) => Subject::Admin(AdminId::from_uuid(id)),
        StaffRole::Finance(_) => Subject::Finance(FinanceId::from_uuid(id)),
        StaffRole::Analyst => Subject::Analyst(AnalystId::from_uuid(id)),
    };
    account(connection, secrets, subject).await
}

/// Signs an account in for a day.
pub(crate) async fn account(
    connection: &mut PgConnection,
    secrets: &Secrets,
    subject: Subject,
) -> anyhow::Result<String> {
    let now = Clock::system().now();
    let (role, expires_at, jti) = (subject.role(), now.plus(LIFE), Uuid::new_v4());
    sqlx::query(
        "INSERT INTO access_tokens (jti, subject_id, role, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(jti)
    .bind(subject.uuid())
    .bind(role.into_str())
    .bind(now)
    .bind(expires_at)
    .execute(connection)
    .await?;
    let (iat, exp) = (now.as_seconds(), expires_at.as_seconds());
    let keys = JwtKeys::new(secrets.jwt_secret.expose_secret().as_bytes());
    Ok(keys.sign(&Claims { sub: subject.to_string(), role, iat, exp, jti })?)
}
