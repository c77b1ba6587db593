//! Configuration: flags, then environment. Errors name the variable.

mod secrets;
mod smtp;

use std::path::PathBuf;

use secrecy::SecretString;

pub use secrets::{Secrets, load_cipher};
pub use smtp::{SmtpArgs, SmtpConfig, SmtpTls};

/// Which database to work with.
#[derive(Debug, Clone, clap::Args)]
pub struct DatabaseArgs {
    /// Where the private PostgreSQL, generated secrets and files live.
    #[arg(long, global = true, env = "COINSLOT_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,
    /// A PostgreSQL server to use instead of the private one.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,
    /// Where the PostgreSQL programs are, when they are not found by themselves.
    #[arg(long, global = true, env = "PG_BINDIR")]
    pub pg_bindir: Option<PathBuf>,
    /// Seals secrets at rest (AES-256-GCM): 32 bytes in base64.
    #[arg(long, global = true, env = "MASTER_ENCRYPTION_KEY", hide_env_values = true)]
    pub master_encryption_key: Option<SecretString>,
    /// The master key before the current one, while keys are rotated.
    #[arg(long, global = true, env = "MASTER_ENCRYPTION_KEY_PREVIOUS", hide_env_values = true)]
    pub master_encryption_key_previous: Option<SecretString>,
}

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{0} must be set when DATABASE_URL is")]
    Required(&'static str),
    #[error("JWT_SECRET must have at least 32 bytes")]
    ShortJwtSecret,
    #[error("MASTER_ENCRYPTION_KEY: {0}")]
    MasterKey(#[from] crate::security::crypt::CryptError),
    #[error("{variable}: {reason}")]
    Variable { variable: &'static str, reason: String },
    /// A client of a payment provider that cannot be set up.
    #[error("{provider}: {reason}")]
    Provider { provider: &'static str, reason: String },
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
}
