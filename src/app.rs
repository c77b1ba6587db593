//! The running platform: everything a request may need, shared by reference.

use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::clock::Clock;
use crate::config::{Config, Secrets};
use crate::db::Database;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::security::api_key::CredentialCache;
use crate::security::crypt::Cipher;
use crate::security::jwt::JwtKeys;
use crate::security::password::Passwords;
use crate::security::shared_limit::SharedLimits;
use crate::settings::{Settings, SettingsStore};

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
    passwords: Passwords,
    credentials: CredentialCache,
    limits: SharedLimits,
    metrics: Metrics,
}

impl App {
    /// Puts the parts together and loads the settings. The database must be migrated.
    ///
    /// # Errors
    /// The database's, when the settings cannot be read.
    pub async fn start(
        config: Config,
        clock: Clock,
        database: Database,
        secrets: Secrets,
    ) -> Result<Self, Problem> {
        let settings = Arc::new(SettingsStore::default());
        settings.initialize(&mut *database.acquire().await?).await?;
        tokio::spawn(Arc::clone(&settings).keep_fresh(database.pool().clone()));
        Ok(App(Arc::new(Inner {
            config,
            clock,
            database,
            settings,
            cipher: secrets.cipher,
            jwt: JwtKeys::new(secrets.jwt_secret.expose_secret().as_bytes()),
            passwords: Passwords::default(),
            credentials: CredentialCache::default(),
            limits: SharedLimits::default(),
            metrics: Metrics::default(),
        })))
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
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
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
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }
}
