//! The sandbox's keys: generated once, kept in the database under the master key, so that every instance has the same.

use base::clock::UtcTime;
use base::problem::Problem;
use pay_sandbox::Keys;
use platform::security::crypt::Cipher;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgConnection;

const CONTEXT: &str = "sandbox_keys|sealed|1";

/// The keys of this database, made if there are none yet.
///
/// # Errors
/// The database's; keys that no configured master key opens.
pub async fn load(connection: &mut PgConnection, cipher: &Cipher, now: UtcTime) -> Result<Keys, Problem> {
    if let Some(keys) = find(connection, cipher).await? {
        return Ok(keys);
    }
    let made = tokio::task::spawn_blocking(move || Keys::generate(now.timestamp()));
    let made = made.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    let pem = SecretString::from(made.to_pem().map_err(Problem::internal)?);
    let sealed = cipher.seal(CONTEXT, pem.expose_secret().as_bytes());
    let inserted =
        sqlx::query!("INSERT INTO sandbox_keys (sealed) VALUES ($1) ON CONFLICT DO NOTHING", sealed)
            .execute(&mut *connection)
            .await?;
    if inserted.rows_affected() == 1 {
        return Ok(made);
    }
    // Another instance was faster: its keys are the ones.
    find(connection, cipher).await?.ok_or_else(|| Problem::internal("the sandbox's keys have vanished"))
}

async fn find(connection: &mut PgConnection, cipher: &Cipher) -> Result<Option<Keys>, Problem> {
    let sealed = sqlx::query_scalar!("SELECT sealed FROM sandbox_keys").fetch_optional(connection).await?;
    let Some(sealed) = sealed else { return Ok(None) };
    let failed = |error: String| Problem::internal(format!("keys of the payment sandbox: {error}"));
    let pem = cipher.open(CONTEXT, &sealed).map_err(|error| failed(error.to_string()))?;
    let pem = SecretString::from(String::from_utf8(pem).map_err(|error| failed(error.to_string()))?);
    Keys::from_pem(pem.expose_secret()).map(Some).map_err(|error| failed(error.to_string()))
}

/// Seals the keys again under the current master key. How many secrets that were.
///
/// # Errors
/// The database's; keys that no configured master key opens.
pub async fn rotate(connection: &mut PgConnection, cipher: &Cipher) -> Result<u64, Problem> {
    let sealed = sqlx::query_scalar!("SELECT sealed FROM sandbox_keys FOR UPDATE");
    let Some(sealed) = sealed.fetch_optional(&mut *connection).await? else { return Ok(0) };
    if cipher.is_current(&sealed) {
        return Ok(0);
    }
    let plain = cipher
        .open(CONTEXT, &sealed)
        .map_err(|error| Problem::internal(format!("keys of the payment sandbox: {error}")))?;
    let updated = sqlx::query!("UPDATE sandbox_keys SET sealed = $1", cipher.seal(CONTEXT, &plain));
    Ok(updated.execute(connection).await?.rows_affected())
}
