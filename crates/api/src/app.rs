//! The running platform as a request sees it: everything it may need, shared by reference.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use base::clock::Clock;
use books::authorization::log::AuthorizationLog;
use books::authorization::queue::Authorizer;
use ipnet::IpNet;
use office::business_metrics::BusinessMetrics;
use office::exports::Slots;
use office::invoices::DocumentIssuer;
use office::payments::Cashier;
use office::payments::config::PaymentConfig;
use office::payments::providers::Providers;
use office::sign_in::Authenticator;
use platform::config::SmtpConfig;
use platform::db::Database;
use platform::jobs::Handlers;
use platform::jobs::schedules::Schedule;
use platform::metrics::Metrics;
use platform::security::admission::Admission;
use platform::security::api_key::CredentialCache;
use platform::security::crypt::Cipher;
use platform::security::jwt::JwtKeys;
use platform::security::password::Passwords;
use platform::settings::{Settings, SettingsStore};
use tokio::sync::Mutex;
use url::Url;

use crate::live::Hub;
use crate::web_app::WebApp;

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

/// A handle to the platform; cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// What the platform is put together from.
#[derive(Debug)]
pub struct Parts {
    pub config: Config,
    pub clock: Clock,
    pub database: Database,
    pub settings: Arc<SettingsStore>,
    pub cipher: Cipher,
    pub jwt: JwtKeys,
    pub passwords: Passwords,
    pub credentials: CredentialCache,
    pub admission: Admission,
    pub business_metrics: BusinessMetrics,
    pub metrics: Metrics,
    pub authorizer: Authorizer,
    pub authorization_log: AuthorizationLog,
    pub audit_verification: Mutex<()>,
    pub live: Arc<Hub>,
    pub providers: Arc<Providers>,
    pub invoice_issuer: Box<dyn DocumentIssuer>,
    pub schedules: Arc<[Schedule]>,
    pub job_handlers: Handlers,
    pub exports: Arc<Slots>,
    pub cashier: Cashier,
}

impl App {
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        App(Arc::new(parts))
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

    /// Lets requests in as long as they are within their limits.
    #[must_use]
    pub fn admission(&self) -> &Admission {
        &self.0.admission
    }

    /// What it takes to let somebody in.
    #[must_use]
    pub fn authenticator(&self) -> Authenticator<'_> {
        Authenticator {
            database: self.database(),
            clock: self.clock(),
            settings: self.settings(),
            jwt: self.jwt(),
            passwords: self.passwords(),
            admission: self.admission(),
        }
    }

    /// What the business is worth, for the collectors of metrics.
    #[must_use]
    pub fn business_metrics(&self) -> &BusinessMetrics {
        &self.0.business_metrics
    }

    #[must_use]
    pub fn authorizer(&self) -> &Authorizer {
        &self.0.authorizer
    }

    #[must_use]
    pub fn authorization_log(&self) -> &AuthorizationLog {
        &self.0.authorization_log
    }

    /// Held by the one check of the audit log that may run.
    #[must_use]
    pub fn audit_verification(&self) -> &Mutex<()> {
        &self.0.audit_verification
    }

    /// Who listens to events on this instance.
    #[must_use]
    pub fn live(&self) -> &Arc<Hub> {
        &self.0.live
    }

    /// The payment providers.
    #[must_use]
    pub fn providers(&self) -> &Arc<Providers> {
        &self.0.providers
    }

    /// Who makes the documents of invoices.
    #[must_use]
    pub fn invoice_issuer(&self) -> &dyn DocumentIssuer {
        &*self.0.invoice_issuer
    }

    /// What the clockwork does.
    #[must_use]
    pub fn schedules(&self) -> &[Schedule] {
        &self.0.schedules
    }

    /// What does the jobs of this instance.
    #[must_use]
    pub fn job_handlers(&self) -> &Handlers {
        &self.0.job_handlers
    }

    /// How many files this instance makes at a time.
    #[must_use]
    pub fn exports(&self) -> &Arc<Slots> {
        &self.0.exports
    }

    /// What works on orders without a request.
    #[must_use]
    pub fn cashier(&self) -> &Cashier {
        &self.0.cashier
    }

    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }
}
