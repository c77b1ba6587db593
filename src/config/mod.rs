//! Configuration: flags, then environment. Errors name the variable.

mod payment;
mod secrets;
mod smtp;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use secrecy::SecretString;
use url::Url;

use crate::web_app::WebApp;

pub use payment::{
    AlipayArgs, AlipayConfig, AlipayTrust, LiveConfig, PaymentArgs, PaymentConfig, WechatArgs, WechatConfig,
    WechatTrust, notify_url,
};
pub use secrets::{Secrets, load_cipher};
pub use smtp::{SmtpArgs, SmtpConfig, SmtpTls};

/// What an operator of the platform can set when starting it.
#[derive(Debug, Clone, clap::Args)]
pub struct ServeArgs {
    /// Address to listen on.
    #[arg(long, env = "COINSLOT_LISTEN", default_value = "127.0.0.1:8000")]
    pub listen: SocketAddr,
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The address people reach the platform at, when it differs from the one it listens on.
    #[arg(long, env = "COINSLOT_PUBLIC_URL")]
    pub public_url: Option<Url>,
    /// Signs access tokens (HS256): at least 32 bytes.
    #[arg(long, env = "JWT_SECRET", hide_env_values = true)]
    pub jwt_secret: Option<SecretString>,
    /// Addresses or CIDRs, comma-separated, whose X-Forwarded-For is believed.
    #[arg(long, env = "COINSLOT_TRUSTED_PROXIES", value_delimiter = ',', value_parser = parse_network)]
    pub trusted_proxies: Vec<IpNet>,
    #[command(flatten)]
    pub smtp: SmtpArgs,
    #[command(flatten)]
    pub payment: PaymentArgs,
    /// Which log lines are written, in the syntax of RUST_LOG.
    #[arg(long, env = "RUST_LOG", default_value = crate::telemetry::DEFAULT_FILTER)]
    pub log_filter: String,
    /// Adds the demo data of the documentation, once.
    #[arg(long)]
    pub demo: bool,
}

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

/// The part of the configuration that request handling reads.
#[derive(Debug, Clone, Default)]
pub struct Config {
    pub trusted_proxies: Vec<IpNet>,
    pub public_url: Option<Url>,
    /// `None`: e-mails wait in the outbox.
    pub smtp: Option<SmtpConfig>,
    pub payments: PaymentConfig,
    /// Where this instance listens, if that is known before it starts.
    pub listen: Option<SocketAddr>,
    /// For files while they are made. `None`: the system's directory for temporary files.
    pub scratch_dir: Option<PathBuf>,
    /// What people see at `/`.
    pub web_app: WebApp,
    /// Where files that the platform makes lie.
    pub data_dir: PathBuf,
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

fn parse_network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("COINSLOT_TRUSTED_PROXIES: {text:?} is neither an address nor a CIDR"))
}
