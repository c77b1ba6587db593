//! `coinslot serve`: database, migrations, listener, and an orderly end.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use api::app::Config;
use api::live::Hub;
use api::router::router;
use api::web_app::WebApp;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use base::clock::Clock;
use base::problem::Problem;
use office::staff::bootstrap;
use platform::config::{DatabaseArgs, Secrets};
use platform::db::embedded::{EmbeddedError, EmbeddedOptions, EmbeddedPostgres};
use platform::db::migrate;
use platform::telemetry;
use secrecy::ExposeSecret;
use tokio::signal::unix::{SignalKind, signal};

use crate::args::ServeArgs;
use crate::demo;
use crate::start::start;

/// How long requests in flight may take after SIGTERM.
const DRAIN: Duration = Duration::from_secs(30);
/// A client that sends its headers slower than this is cut off.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(10);

/// The database of a command: the given one, or the private one for as long as the command runs.
#[derive(Debug)]
pub struct CommandDatabase {
    url: String,
    embedded: Option<EmbeddedPostgres>,
}

impl CommandDatabase {
    /// # Errors
    /// The private server's; without one there are none yet.
    pub async fn open(args: &DatabaseArgs) -> anyhow::Result<Self> {
        if let Some(url) = &args.database_url {
            return Ok(CommandDatabase { url: url.expose_secret().to_owned(), embedded: None });
        }
        let options = EmbeddedOptions { bin_dir: args.pg_bindir.clone(), ..EmbeddedOptions::default() };
        let embedded = EmbeddedPostgres::start(&args.data_dir, options).await?;
        Ok(CommandDatabase { url: embedded.url().to_owned(), embedded: Some(embedded) })
    }

    /// As [`CommandDatabase::open`], for commands that may work beside a running server.
    ///
    /// # Errors
    /// The private server's.
    pub async fn open_or_join(args: &DatabaseArgs) -> anyhow::Result<Self> {
        let opened = Self::open(args).await;
        let is_in_use = opened.as_ref().is_err_and(|error| {
            matches!(error.downcast_ref::<EmbeddedError>(), Some(EmbeddedError::InUse(_)))
        });
        if !is_in_use {
            return opened;
        }
        let url = EmbeddedPostgres::url_of_running(&args.data_dir)?;
        Ok(CommandDatabase { url, embedded: None })
    }

    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops the private server.
    ///
    /// # Errors
    /// A server that does not stop.
    pub async fn close(self) -> anyhow::Result<()> {
        match self.embedded {
            Some(embedded) => Ok(embedded.stop().await?),
            None => Ok(()),
        }
    }
}

/// Serves until SIGTERM or Ctrl-C, then finishes what is in flight.
///
/// # Errors
/// Whatever keeps it from starting; a database that does not stop.
pub async fn run(args: ServeArgs) -> anyhow::Result<()> {
    let log = telemetry::init(&args.log_filter);
    let database = CommandDatabase::open(&args.database).await?;
    let served = serve(&args, database.url()).await;
    let closed = database.close().await;
    drop(log);
    served.and(closed)
}

async fn serve(args: &ServeArgs, database_url: &str) -> anyhow::Result<()> {
    migrate::up(database_url).await.context("migrating the database")?;
    let secrets = Secrets::load(&args.database, args.jwt_secret.as_ref())?;
    // Bound before anything starts, because the payment sandbox reports to the port it gets; served when all has.
    let listener = tokio::net::TcpListener::bind(args.listen).await;
    let listener = listener.with_context(|| format!("listening on {}", args.listen))?;
    let config = Config {
        trusted_proxies: args.trusted_proxies.clone(),
        public_url: args.public_url.clone(),
        smtp: args.smtp.load()?,
        payments: args.payment.load(args.public_url.as_ref())?,
        listen: Some(listener.local_addr()?),
        scratch_dir: scratch_dir(&args.database.data_dir),
        web_app: WebApp::embedded(),
        data_dir: args.database.data_dir.clone(),
    };
    let started = start(config, Clock::system(), database_url, secrets).await;
    let (app, background) = started.map_err(|problem| failed("starting", &problem))?;
    if args.demo {
        demo::insert(&app).await.map_err(|problem| failed("adding the demo data", &problem))?;
    }
    let password = bootstrap::ensure_super_admin(app.database(), app.passwords(), app.clock().now()).await;
    if let Some(password) = password.map_err(|problem| failed("making the first admin", &problem))? {
        let password = password.expose_secret();
        print_line(&format!("first sign-in: {} / {password}", bootstrap::FIRST_ADMIN));
    }
    let handle = Handle::<SocketAddr>::new();
    let server = axum_server::from_tcp(listener.into_std()?)?;
    let mut server = server.acceptor(NoDelayAcceptor::new()).handle(handle.clone());
    server.http_builder().http1().header_read_timeout(HEADER_READ_TIMEOUT);
    let announce = tokio::spawn(announce(handle.clone()));
    let stop = tokio::spawn(stop_on_signal(handle, Arc::clone(app.live()))?);
    let service = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let served = server.serve(service).await.with_context(|| format!("listening on {}", args.listen));
    announce.abort();
    stop.abort();
    drop(app);
    background.finish().await;
    served
}

/// A place on the disk of the data, which has room; the system's place for temporary files may be a part of the memory.
fn scratch_dir(data_dir: &Path) -> Option<PathBuf> {
    let dir = data_dir.join("tmp");
    match std::fs::create_dir_all(&dir) {
        Ok(()) => Some(dir),
        Err(error) => {
            tracing::warn!(%error, dir = %dir.display(), "exports are made in the system's temporary directory");
            None
        }
    }
}

/// What kept the platform from starting, for the terminal.
fn failed(doing: &str, problem: &Problem) -> anyhow::Error {
    anyhow::anyhow!("{doing}: {}", problem.reason())
}

/// The one line the contract promises.
async fn announce(handle: Handle<SocketAddr>) {
    if let Some(address) = handle.listening().await {
        print_line(&format!("listening on http://{address}"));
    }
}

fn print_line(line: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody reading is no reason to stop.
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}

fn stop_on_signal(handle: Handle<SocketAddr>, live: Arc<Hub>) -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("finishing what is in flight");
        // Streams of events would not end by themselves.
        live.end_streams();
        handle.graceful_shutdown(Some(DRAIN));
    })
}
