//! The composition of the platform: its parts, and what runs beside the requests.

use std::sync::Arc;
use std::time::Duration;

use api::app::{App, Config, Parts};
use api::live::{self, Hub};
use base::clock::Clock;
use base::problem::Problem;
use books::authorization::heal::Instance;
use books::authorization::log::AuthorizationLog;
use books::authorization::queue::{Authorizer, ChargeObserver};
use office::business_metrics::BusinessMetrics;
use office::invoices::OwnDocument;
use office::payments::providers::Providers;
use office::payments::{self, Cashier};
use office::reports::{self, Directory, Production};
use office::statistics::rollups;
use office::{anomaly, grants, refunds};
use platform::config::Secrets;
use platform::db::{Database, partitions};
use platform::email::{self, Delivery};
use platform::jobs::schedules::{self, Clockwork, Schedule};
use platform::jobs::{self, Handler, Handlers, Pace, Worker};
use platform::metrics::Metrics;
use platform::rounds::keep_doing;
use platform::security::admission::Admission;
use platform::security::api_key::CredentialCache;
use platform::security::jwt::JwtKeys;
use platform::security::password::Passwords;
use platform::settings::SettingsStore;
use secrecy::ExposeSecret;
use sqlx::PgPool;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::schedules::{Tools, table};

/// Connections for everything but the writers.
const POOL_CONNECTIONS: u32 = 16;
/// How often latency samples are folded into their buckets.
const FOLD_EVERY: Duration = Duration::from_secs(5);

/// What must be waited for after the last handle to the platform is gone.
#[derive(Debug)]
pub struct Background {
    log_writer: JoinHandle<bool>,
    instance: Arc<Instance>,
    live: Arc<Hub>,
    tells_others: JoinHandle<()>,
    worker: jobs::Running,
    reports: jobs::Running,
    others: Vec<JoinHandle<()>>,
}

impl Background {
    /// Writes what is still to be written and ends the rest. Drop every [`App`] first.
    pub async fn finish(self) {
        for task in self.others {
            task.abort();
        }
        tokio::join!(self.worker.finish(), self.reports.finish());
        self.live.close();
        if let Err(error) = self.tells_others.await {
            tracing::error!(%error, "telling other instances of charges failed");
        }
        let is_complete = self.log_writer.await.unwrap_or_else(|error| {
            tracing::error!(%error, "the authorization log's writer failed");
            false
        });
        // Without its row nobody would heal what is missing.
        if is_complete && let Err(error) = self.instance.leave().await {
            tracing::warn!(%error, "the instance leaves its row behind");
        }
    }
}

/// Puts the parts together, loads the settings and starts the background tasks. The database must be migrated.
///
/// # Errors
/// The database's, when the settings cannot be read; a database URL that cannot be parsed.
pub async fn start(
    config: Config,
    clock: Clock,
    database_url: &str,
    secrets: Secrets,
) -> Result<(App, Background), Problem> {
    let database = Database::connect(database_url, POOL_CONNECTIONS)?;
    let pool = database.pool();
    let settings = Arc::new(SettingsStore::default());
    settings.initialize(&mut *database.acquire().await?).await?;
    partitions::create_ahead(&mut *database.acquire().await?, clock.now()).await?;
    let setup = payments::start::Setup {
        payments: &config.payments,
        listen: config.listen,
        public_url: config.public_url.as_ref(),
    };
    let payments = payments::start::start(setup, &clock, &database, &secrets.cipher).await?;
    // What may be refused comes before the tasks that would outlive it.
    let metrics = Metrics::default();
    let providers = payments.providers;
    let cashier = Cashier::new(pool.clone(), clock.clone(), Arc::clone(&settings), Arc::clone(&providers));
    let tools = Tools {
        pool: pool.clone(),
        clock: clock.clone(),
        settings: Arc::clone(&settings),
        reports: Directory::below(&config.data_dir),
        cashier: cashier.clone(),
    };
    let schedules: Arc<[Schedule]> = table(&tools).into();
    let mut job_handlers = handlers(&config, pool, &clock, &providers, &settings)?;
    job_handlers.extend(schedules::handlers(&schedules, pool, &clock, &settings, &metrics));
    let live = Arc::new(Hub::default());
    let listener = live::listen(Arc::clone(&live), database_url)?;
    let observer: Arc<dyn ChargeObserver> = live.clone();
    let authorizer =
        Authorizer::start(database_url, &clock, &settings, &observer).map_err(Problem::internal)?;
    let (authorization_log, log_writer) =
        AuthorizationLog::start(database_url, clock.clone()).map_err(Problem::internal)?;
    let instance = Arc::new(Instance::new(pool.clone(), clock.clone(), authorization_log.progress()));
    let mut others = vec![
        tokio::spawn(Arc::clone(&settings).keep_fresh(pool.clone())),
        tokio::spawn(Arc::clone(&instance).keep_alive()),
        tokio::spawn(
            Clockwork::new(pool.clone(), clock.clone(), Arc::clone(&settings), Arc::clone(&schedules))
                .keep_ticking(),
        ),
        tokio::spawn(grants::keep_noticing(pool.clone(), clock.clone(), Arc::clone(&settings))),
        tokio::spawn(anomaly::keep_watch(pool.clone(), clock.clone(), Arc::clone(&settings))),
        tokio::spawn(rollups::keep_folding(pool.clone())),
        tokio::spawn(fold_samples(metrics.clone())),
        tokio::spawn(Arc::clone(&live).tell_charges()),
        tokio::spawn(listener),
    ];
    others.extend(payments.tasks.into_iter().chain(payments::clockworks(&cashier)).map(tokio::spawn));
    let worker = Worker::new(pool.clone(), clock.clone(), job_handlers.clone(), Pace::default()).start();
    let makers = makers(&config, &database, &settings, &clock);
    job_handlers.extend(makers.clone());
    let reports =
        Worker::new(pool.clone(), clock.clone(), makers, Pace { at_once: 1, ..Pace::default() }).start();
    let tells_others = tokio::spawn(live::tell_others(Arc::clone(&live), pool.clone()));
    let admission = Admission::new(database.clone(), clock.clone(), metrics.clone());
    let app = App::new(Parts {
        config,
        clock,
        database,
        settings,
        cipher: secrets.cipher,
        jwt: JwtKeys::new(secrets.jwt_secret.expose_secret().as_bytes()),
        passwords: Passwords::default(),
        credentials: CredentialCache::default(),
        admission,
        business_metrics: BusinessMetrics::default(),
        metrics,
        authorizer,
        authorization_log,
        audit_verification: Mutex::new(()),
        live: Arc::clone(&live),
        invoice_issuer: Box::new(OwnDocument),
        schedules,
        job_handlers,
        exports: Arc::default(),
        providers,
        cashier,
    });
    Ok((app, Background { log_writer, instance, live, tells_others, worker, reports, others }))
}

/// What does the jobs of this instance: without a mail server, e-mails wait for one.
fn handlers(
    config: &Config,
    pool: &PgPool,
    clock: &Clock,
    providers: &Arc<Providers>,
    settings: &Arc<SettingsStore>,
) -> Result<Handlers, Problem> {
    let mut handlers = Handlers::new();
    let sender =
        refunds::Sender::new(pool.clone(), clock.clone(), Arc::clone(providers), Arc::clone(settings));
    handlers.insert(refunds::KIND, Arc::new(sender));
    if let Some(smtp) = &config.smtp {
        handlers.insert(email::KIND, Arc::new(Delivery::new(pool.clone(), smtp)?));
    }
    Ok(handlers)
}

/// What makes reports. They take minutes, so they have a worker of their own, which makes one at a time: the e-mail of an
/// alert does not wait behind them, and games have most of the database.
fn makers(config: &Config, database: &Database, settings: &Arc<SettingsStore>, clock: &Clock) -> Handlers {
    let directory = Directory::below(&config.data_dir);
    let production = Production::new(database.clone(), Arc::clone(settings), clock.clone(), directory);
    Handlers::from([(reports::KIND, Arc::new(production) as Arc<dyn Handler>)])
}

async fn fold_samples(metrics: Metrics) {
    keep_doing(FOLD_EVERY, || async {
        metrics.fold_samples();
        FOLD_EVERY
    })
    .await;
}
