//! `coinslot keys rotate`: seals every secret again under the current master key.

use base::ids::OperatorId;
use base::problem::Problem;
use platform::security::api_key;
use platform::security::crypt::Cipher;
use sqlx::{Connection, PgConnection};

use crate::payments::sandbox;

/// Seals what is not under the current master key, in one transaction, and returns how many secrets that were. The
/// platform may be running with both keys. Remembered answers of idempotent requests stay as they are: they live for a
/// day, and the previous key must stay configured that long.
///
/// # Errors
/// The database's; a secret that no configured key opens, and then nothing is changed.
pub async fn rotate(connection: &mut PgConnection, cipher: &Cipher) -> Result<u64, Problem> {
    let mut transaction = connection.begin().await?;
    let mut rotated = 0;
    let keys = sqlx::query!(
        "SELECT operator_id, key_ciphertext FROM operator_api_keys ORDER BY operator_id FOR UPDATE"
    )
    .fetch_all(&mut *transaction)
    .await?;
    for key in keys.iter().filter(|key| !cipher.is_current(&key.key_ciphertext)) {
        let operator_id = OperatorId::from_uuid(key.operator_id);
        let plain = cipher
            .open(&api_key::context(operator_id), &key.key_ciphertext)
            .map_err(|error| Problem::internal(format!("API key of {operator_id}: {error}")))?;
        let updated = sqlx::query!(
            "UPDATE operator_api_keys SET key_hash = $2, key_ciphertext = $3 WHERE operator_id = $1",
            key.operator_id,
            &cipher.lookup_hash(&plain)[..],
            cipher.seal(&api_key::context(operator_id), &plain),
        )
        .execute(&mut *transaction)
        .await?;
        rotated += updated.rows_affected();
    }
    rotated += sandbox::keys::rotate(&mut transaction, cipher).await?;
    transaction.commit().await?;
    Ok(rotated)
}
