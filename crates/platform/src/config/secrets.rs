//! Secrets: given by the environment, or generated once into the data directory.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, DatabaseArgs};
use crate::security::crypt::Cipher;

/// What signs tokens and seals secrets.
#[derive(Debug)]
pub struct Secrets {
    pub jwt_secret: SecretString,
    pub cipher: Cipher,
}

impl Secrets {
    /// Takes each secret from the arguments, else from its file in the data directory, else generates the file.
    ///
    /// # Errors
    /// With a database of one's own both secrets are required: another instance must have the same ones.
    pub fn load(database: &DatabaseArgs, jwt_secret: Option<&SecretString>) -> Result<Self, ConfigError> {
        let jwt_secret = find(database, jwt_secret, "JWT_SECRET", "jwt_secret")?;
        if jwt_secret.expose_secret().len() < 32 {
            return Err(ConfigError::ShortJwtSecret);
        }
        let cipher = load_cipher(database)?;
        Ok(Secrets { jwt_secret, cipher })
    }
}

/// The cipher of the master key, for commands that sign no tokens.
///
/// # Errors
/// As [`Secrets::load`].
pub fn load_cipher(database: &DatabaseArgs) -> Result<Cipher, ConfigError> {
    let given = database.master_encryption_key.as_ref();
    let master = find(database, given, "MASTER_ENCRYPTION_KEY", "master_encryption_key")?;
    Ok(Cipher::new(&master, database.master_encryption_key_previous.as_ref())?)
}

fn find(
    database: &DatabaseArgs,
    given: Option<&SecretString>,
    name: &'static str,
    file: &str,
) -> Result<SecretString, ConfigError> {
    match given {
        Some(secret) => Ok(secret.clone()),
        None if database.database_url.is_some() => Err(ConfigError::Required(name)),
        None => read_or_generate(&database.data_dir, name, file),
    }
}

fn read_or_generate(data_dir: &Path, name: &str, file: &str) -> Result<SecretString, ConfigError> {
    let path = data_dir.join(file);
    let failed = |source| ConfigError::File { path: path.clone(), source };
    match std::fs::read_to_string(&path) {
        Ok(text) => return Ok(text.trim().to_owned().into()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).expect("the system's random generator answers");
    let secret = STANDARD.encode(bytes);
    std::fs::create_dir_all(data_dir).map_err(failed)?;
    // A name of its own first: a crash in between must not leave half a key behind.
    let unfinished = data_dir.join(format!("{file}.{}", std::process::id()));
    let mut out = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .map_err(failed)?;
    out.write_all(secret.as_bytes()).and_then(|()| out.sync_all()).map_err(failed)?;
    std::fs::rename(&unfinished, &path).map_err(failed)?;
    tracing::warn!(path = %path.display(), "{name} generated; keep this file, or set {name}");
    Ok(secret.into())
}
