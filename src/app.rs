//! The running platform: everything a request may need, shared by reference.

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::task::JoinHandle;

use crate::authorization::log::{self, AuthorizationLog};
use crate::authorization::queue::Authorizer;
use crate::clock::Clock;
use crate::config::{Config, Secrets};
use crate::db::{Database, partitions};
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::security::api_key::CredentialCache;
use crate::security::crypt::Cipher;
use crate::security::jwt::JwtKeys;
use crate::security::shared_limit::SharedLimits;
use crate::settings::{Settings, SettingsStore};

/// Connections for everything but the writers.
const POOL_CONNECTIONS: u32 = 16;
/// How long the end may take for what is still to be logged: a database that is away must not keep the process alive.
/// Charges are healed at the next start.
const LAST_FLUSH: Duration = Duration::from_secs(5);
/// How often latency samples are folded into their buckets.
const FOLD_EVERY: Duration = Duration::from_secs(5);

/// A handle to the platform; cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: Config,
    clock: Clock,
    database: Database,
    settings: Arc<SettingsStore>,
    cipher: Cipher,
    jwt: JwtKeys,
    credentials: CredentialCache,
    limits: SharedLimits,
    metrics: Metrics,
    authorizer: Authorizer,
    authorization_log: AuthorizationLog,
}

/// What must be waited for after the last handle to the platform is gone.
#[derive(Debug)]
pub struct Background {
    log_writer: JoinHandle<()>,
    others: Vec<JoinHandle<()>>,
}

impl Background {
    /// Writes what is still to be written, as far as the database takes it, and ends the rest. Drop every [`App`] first.
    pub async fn finish(self) {
        for task in self.others {
            task.abort();
        }
        match tokio::time::timeout(LAST_FLUSH, self.log_writer).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the authorization log's writer failed"),
            Err(_) => tracing::error!("the authorization log could not be written to its end"),
        }
    }
}

impl App {
    /// Puts the parts together, loads the settings and starts the background tasks. The database must be migrated.
    ///
    /// # Errors
    /// The database's, when the settings cannot be read; a database URL that cannot be parsed.
    pub async fn start(
        config: Config,
        clock: Clock,
        database_url: &str,
        secrets: Secrets,
    ) -> Result<(Self, Background), Problem> {
        let database = Database::connect(database_url, POOL_CONNECTIONS)?;
        let pool = database.pool();
        let settings = Arc::new(SettingsStore::default());
        settings.initialize(&mut *database.acquire().await?).await?;
        partitions::create_ahead(&mut *database.acquire().await?, clock.now()).await?;
        let authorizer = Authorizer::start(database_url, &clock, &settings).map_err(Problem::internal)?;
        let (authorization_log, log_writer) = AuthorizationLog::start(pool.clone());
        let metrics = Metrics::default();
        let others = vec![
            tokio::spawn(Arc::clone(&settings).keep_fresh(pool.clone())),
            tokio::spawn(log::keep_healed(pool.clone(), clock.clone())),
            tokio::spawn(partitions::keep_ahead(pool.clone(), clock.clone())),
            tokio::spawn(fold_samples(metrics.clone())),
        ];
        let app = App(Arc::new(Inner {
            config,
            clock,
            database,
            settings,
            cipher: secrets.cipher,
            jwt: JwtKeys::new(secrets.jwt_secret.expose_secret().as_bytes()),
            credentials: CredentialCache::default(),
            limits: SharedLimits::default(),
            metrics,
            authorizer,
            authorization_log,
        }));
        Ok((app, Background { log_writer, others }))
    }

    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    #[must_use]
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// The settings in force now.
    #[must_use]
    pub fn settings(&self) -> Arc<Settings> {
        self.0.settings.current()
    }

    #[must_use]
    pub fn settings_store(&self) -> &SettingsStore {
        &self.0.settings
    }

    #[must_use]
    pub fn cipher(&self) -> &Cipher {
        &self.0.cipher
    }

    #[must_use]
    pub fn jwt(&self) -> &JwtKeys {
        &self.0.jwt
    }

    #[must_use]
    pub fn credentials(&self) -> &CredentialCache {
        &self.0.credentials
    }

    #[must_use]
    pub fn limits(&self) -> &SharedLimits {
        &self.0.limits
    }

    #[must_use]
    pub fn authorizer(&self) -> &Authorizer {
        &self.0.authorizer
    }

    #[must_use]
    pub fn authorization_log(&self) -> &AuthorizationLog {
        &self.0.authorization_log
    }

    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }
}

async fn fold_samples(metrics: Metrics) {
    loop {
        tokio::time::sleep(FOLD_EVERY).await;
        metrics.fold_samples();
    }
}
