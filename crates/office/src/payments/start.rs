//! Brings the providers up: the clients, and, where a sandbox stands in for the real ones, that.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base::clock::Clock;
use base::problem::Problem;
use futures_util::future::BoxFuture;
use platform::db::Database;
use platform::rounds::keep_doing;
use platform::security::crypt::Cipher;
use url::Url;

use super::config::PaymentConfig;
use super::providers::{PaymentMethod, Provider, Providers};
use super::sandbox;

/// How often a provider is asked something when nothing else is, or when it did not answer.
const PROBE_EVERY: Duration = Duration::from_secs(60);
/// The sandbox is near and costs nothing, so it is soon known to be well again.
const PROBE_SANDBOX_EVERY: Duration = Duration::from_secs(5);
/// Certificates change over months; the client fetches them by itself when it meets an unknown one.
const REFRESH_EVERY: Duration = Duration::from_secs(6 * 60 * 60);
const REFRESH_AGAIN: Duration = Duration::from_secs(60);

/// The providers, and what has to run beside them.
pub struct Started {
    pub providers: Arc<Providers>,
    pub tasks: Vec<BoxFuture<'static, ()>>,
}

impl std::fmt::Debug for Started {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Started").field("providers", &self.providers).finish_non_exhaustive()
    }
}

/// Where payments go, and where the server is reached.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'a> {
    pub payments: &'a PaymentConfig,
    /// Where this instance listens, if that is known before it starts.
    pub listen: Option<SocketAddr>,
    pub public_url: Option<&'a Url>,
}

/// Sets the providers up. Nothing runs before the tasks are spawned.
///
/// # Errors
/// Clients that cannot be made; in the sandbox also the database's, and those of its listener.
pub async fn start(
    setup: Setup<'_>,
    clock: &Clock,
    database: &Database,
    cipher: &Cipher,
) -> Result<Started, Problem> {
    let (providers, mut tasks, probe_every) = match setup.payments {
        PaymentConfig::Nowhere => (Providers::default(), Vec::new(), PROBE_EVERY),
        PaymentConfig::Sandbox => {
            let (providers, tasks) = sandbox::start(setup, clock, database, cipher).await?;
            (providers, tasks, PROBE_SANDBOX_EVERY)
        }
        PaymentConfig::Live(live) => {
            let providers = Providers::live(live.wechat.as_ref(), live.alipay.as_ref(), clock);
            (providers.map_err(Problem::internal)?, Vec::new(), PROBE_EVERY)
        }
    };
    let providers = Arc::new(providers);
    for method in PaymentMethod::ALL {
        let has_certificates = providers.of(method).map(Provider::fetches_certificates);
        if let Some(has_certificates) = has_certificates {
            tasks.push(Box::pin(keep_probing(Arc::clone(&providers), method, probe_every)));
            if has_certificates {
                tasks.push(Box::pin(keep_certificates(Arc::clone(&providers), method)));
            }
        }
    }
    Ok(Started { providers, tasks })
}

async fn keep_probing(providers: Arc<Providers>, method: PaymentMethod, every: Duration) {
    let Some(provider) = providers.of(method) else { return };
    keep_doing(Duration::ZERO, || async {
        provider.probe(every).await;
        every
    })
    .await;
}

async fn keep_certificates(providers: Arc<Providers>, method: PaymentMethod) {
    let Some(provider) = providers.of(method) else { return };
    keep_doing(Duration::ZERO, || async {
        match provider.refresh_certificates().await {
            Ok(_) => REFRESH_EVERY,
            Err(doubt) => {
                tracing::warn!(%doubt, "certificates could not be fetched");
                REFRESH_AGAIN
            }
        }
    })
    .await;
}
