//! API keys of headset servers: generation, look-up by keyed hash, and the short-lived copy that spares a round trip.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::rand;
use base::clock::UtcTime;
use base::ids::OperatorId;
use coinslot_client::SigningKey;
use moka::sync::Cache;
use sqlx::PgConnection;

use super::crypt::{Cipher, CryptError};

/// Characters of an API key on the wire: 32 random bytes in hexadecimal.
pub const API_KEY_LEN: usize = 64;

/// What a presented key turned out to be.
#[derive(Debug)]
pub struct Credential {
    pub operator_id: OperatorId,
    /// Rises with every regeneration. Whoever trusts a cached credential compares it under the account's lock.
    pub generation: i32,
    /// The key, ready to verify signatures.
    pub signing_key: SigningKey,
}

/// A failure that is not "no such key".
#[derive(Debug, thiserror::Error)]
pub enum ApiKeyError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("API key of {operator_id}: {source}")]
    Sealed { operator_id: OperatorId, source: CryptError },
}

impl From<ApiKeyError> for base::problem::Problem {
    fn from(error: ApiKeyError) -> Self {
        match error {
            ApiKeyError::Database(error) => error.into(),
            sealed @ ApiKeyError::Sealed { .. } => Self::internal(sealed),
        }
    }
}

/// A new random key.
#[must_use]
pub fn generate() -> String {
    let mut bytes = [0; API_KEY_LEN / 2];
    rand::fill(&mut bytes).expect("the system's random generator answers");
    hex::encode(bytes)
}

pub fn context(operator_id: OperatorId) -> String {
    format!("operator_api_keys|key_ciphertext|{operator_id}")
}

/// Gives an operator its first key. Returns the key, which is shown once.
pub async fn insert(
    connection: &mut PgConnection,
    cipher: &Cipher,
    operator_id: OperatorId,
    now: UtcTime,
) -> sqlx::Result<String> {
    let key = generate();
    sqlx::query!(
        "INSERT INTO operator_api_keys (operator_id, key_hash, key_ciphertext, generated_at) VALUES ($1, $2, $3, $4)",
        operator_id.uuid(),
        &cipher.lookup_hash(key.as_bytes())[..],
        cipher.seal(&context(operator_id), key.as_bytes()),
        now as _,
    )
    .execute(connection)
    .await?;
    Ok(key)
}

/// Replaces the operator's key by one of the generation that was written into its account in this transaction: the old key
/// is dead with the commit, on every instance, because it no longer fits.
///
/// # Errors
/// The database's; an operator without a key.
pub async fn replace(
    connection: &mut PgConnection,
    cipher: &Cipher,
    operator_id: OperatorId,
    generation: i32,
    now: UtcTime,
) -> sqlx::Result<String> {
    let key = generate();
    let replaced = sqlx::query!(
        "UPDATE operator_api_keys SET key_hash = $2, key_ciphertext = $3, generation = $4, generated_at = $5
         WHERE operator_id = $1",
        operator_id.uuid(),
        &cipher.lookup_hash(key.as_bytes())[..],
        cipher.seal(&context(operator_id), key.as_bytes()),
        generation,
        now as _,
    )
    .execute(connection)
    .await?;
    if replaced.rows_affected() != 1 {
        return Err(sqlx::Error::RowNotFound);
    }
    Ok(key)
}

/// The live credential for a presented key, from the database.
///
/// # Errors
/// The database's, or a key sealed under a master key that is not configured.
pub async fn find(
    connection: &mut PgConnection,
    cipher: &Cipher,
    presented: &str,
) -> Result<Option<Credential>, ApiKeyError> {
    let row = sqlx::query!(
        "SELECT operator_id, key_ciphertext, generation FROM operator_api_keys WHERE key_hash = ANY($1)",
        &cipher.lookup_hashes(presented.as_bytes()),
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let operator_id = OperatorId::from_uuid(row.operator_id);
    let key = cipher
        .open(&context(operator_id), &row.key_ciphertext)
        .map_err(|source| ApiKeyError::Sealed { operator_id, source })?;
    Ok(Some(Credential { operator_id, generation: row.generation, signing_key: SigningKey::new(&key) }))
}

/// The operator's key in the clear and since when it is in force, for staff who may see it. `None` for an unknown
/// operator.
///
/// # Errors
/// As [`find`].
pub async fn reveal(
    connection: &mut PgConnection,
    cipher: &Cipher,
    operator_id: OperatorId,
) -> Result<Option<(String, UtcTime)>, ApiKeyError> {
    let row = sqlx::query!(
        r#"SELECT key_ciphertext, generated_at as "generated_at: UtcTime" FROM operator_api_keys WHERE operator_id = $1"#,
        operator_id.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let sealed = |source| ApiKeyError::Sealed { operator_id, source };
    let key = cipher.open(&context(operator_id), &row.key_ciphertext).map_err(sealed)?;
    let key = String::from_utf8(key).map_err(|_| sealed(CryptError::Damaged))?;
    Ok(Some((key, row.generated_at)))
}

/// Credentials seen lately. An entry may be out of date: it is good for verifying a signature, and whoever acts on it
/// compares the generation under the account's lock or looks it up again.
#[derive(Debug)]
pub struct CredentialCache(Cache<[u8; 32], Arc<Credential>>);

impl Default for CredentialCache {
    fn default() -> Self {
        CredentialCache(Cache::builder().max_capacity(100_000).time_to_live(Duration::from_secs(300)).build())
    }
}

impl CredentialCache {
    #[must_use]
    pub fn get(&self, hash: &[u8; 32]) -> Option<Arc<Credential>> {
        self.0.get(hash)
    }

    pub fn insert(&self, hash: [u8; 32], credential: Arc<Credential>) {
        self.0.insert(hash, credential);
    }

    pub fn remove(&self, hash: &[u8; 32]) {
        self.0.invalidate(hash);
    }
}
