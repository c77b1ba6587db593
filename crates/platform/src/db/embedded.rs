//! A private PostgreSQL under the data directory, so that the server runs without any set-up.
//!
//! Start here for the life of the supervisor; the rest is split by concern: [`place`] decides where files live
//! and who owns them, [`cluster`] creates the cluster, [`postmaster`] is the running process.
//!
//! On disk, under `<data dir>/postgres`: `cluster/` (the data), `socket/`, `log/`, and the server's own files
//! `lock`, `url`, `postgresql.conf` (rewritten at each start) and `start.log`. The database process can write only the
//! first three: a server running as root never writes where a less privileged user could plant a link.

mod binaries;
mod cluster;
mod error;
mod home;
mod identity;
mod postmaster;
mod settings;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use self::cluster::Cluster;
use self::error::Doing;
pub use self::error::EmbeddedError;
use self::postmaster::Postmaster;

/// Name of the database, and of the role that owns everything in it.
pub const DATABASE: &str = "coinslot";

/// Pauses before the attempts of a first start. Later attempts exist because the processes of a postmaster that
/// was killed a moment ago still hold its shared memory, and because one found stopping must be waited for.
const FIRST_START_PAUSES: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(3)];

/// Pauses between restarts double from the first to the second; staying up this long starts over.
const RESTART_PAUSE_MIN: Duration = Duration::from_millis(100);
const RESTART_PAUSE_MAX: Duration = Duration::from_secs(10);
const STABLE_AFTER: Duration = Duration::from_secs(60);

/// What a caller may choose; the default suits a server.
#[derive(Debug, Clone, Default)]
pub struct EmbeddedOptions {
    /// Directory of PostgreSQL's programs (`PG_BINDIR`); searched for when absent.
    pub bin_dir: Option<PathBuf>,
    /// Settings of `postgresql.conf` that override the built-in ones, as name and unquoted value.
    pub extra_settings: Vec<(String, String)>,
}

/// A private PostgreSQL and the task that keeps it running.
///
/// Dropping it asks the database to stop without waiting for that. A server that dies without either leaves the
/// database running, and the next start adopts it.
#[derive(Debug)]
#[must_use = "dropping it stops the database"]
pub struct EmbeddedPostgres {
    url: String,
    stop: oneshot::Sender<()>,
    supervisor: JoinHandle<Result<(), EmbeddedError>>,
}

impl EmbeddedPostgres {
    /// Creates the cluster in `data_dir` on first use, or adopts or starts the existing one, and keeps it running.
    ///
    /// Returns when the database accepts connections, however long crash recovery takes.
    ///
    /// # Errors
    ///
    /// Any [`EmbeddedError`] but `StopFailed`; data are never deleted on the way.
    pub async fn start(data_dir: &Path, options: EmbeddedOptions) -> Result<Self, EmbeddedError> {
        let data_dir = data_dir.to_owned();
        let cluster = tokio::task::spawn_blocking(move || Cluster::prepare(&data_dir, &options)).await??;
        let url = cluster.url(DATABASE);
        let (stop, stop_requested) = oneshot::channel();
        let (ready, is_ready) = oneshot::channel();
        let supervisor = tokio::spawn(supervise(cluster, ready, stop_requested));
        if is_ready.await.is_ok() {
            return Ok(Self { url, stop, supervisor });
        }
        supervisor.await??;
        Err(EmbeddedError::Interrupted)
    }

    /// The URL of the database of a server that is running on `data_dir`, for commands beside it.
    ///
    /// # Errors
    ///
    /// `Io` when no server has ever run there.
    pub fn url_of_running(data_dir: &Path) -> Result<String, EmbeddedError> {
        let file = data_dir.join("postgres").join(cluster::URL_FILE);
        std::fs::read_to_string(&file).doing("reading", &file)
    }

    /// The process of the database that is running on `data_dir`, or was when its machine went down.
    #[must_use]
    pub fn pid_of_running(data_dir: &Path) -> Option<u32> {
        postmaster::noted_pid(&data_dir.join("postgres").join("cluster"))
    }

    /// The libpq URL of the database, readable by sqlx, tokio-postgres and psql alike.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends open sessions, stops the database and waits until its process is gone.
    ///
    /// # Errors
    ///
    /// `StopFailed` when it lives on after an immediate shutdown, too.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        drop(self.stop);
        self.supervisor.await?
    }
}

/// Brings the database up, says so, and restarts it whenever it dies, until a stop is requested.
///
/// The cluster is owned here because it holds the lock: nobody else may start before this task has ended.
async fn supervise(
    cluster: Cluster,
    ready: oneshot::Sender<()>,
    mut stop: oneshot::Receiver<()>,
) -> Result<(), EmbeddedError> {
    let mut current = None;
    let up = tokio::select! {
        _ = &mut stop => None,
        up = bring_up(&cluster, &mut current) => Some(up),
    };
    if matches!(up, Some(Ok(()))) && ready.send(()).is_ok() {
        keep_up(&cluster, &mut current, &mut stop).await;
    }
    if let Some(mut postmaster) = current {
        postmaster.shut_down(&cluster).await?;
    }
    cluster.remove_socket_dir();
    up.unwrap_or(Ok(()))
}

async fn bring_up(cluster: &Cluster, current: &mut Option<Postmaster>) -> Result<(), EmbeddedError> {
    let mut failure = EmbeddedError::Interrupted;
    for pause in FIRST_START_PAUSES {
        sleep(pause).await;
        let postmaster = current.insert(Postmaster::launch(cluster).await?);
        match postmaster.ready(cluster).await {
            Ok(()) => return cluster.ensure_database().await,
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// Returns when a stop is requested; `current` is then what still has to be stopped.
async fn keep_up(cluster: &Cluster, current: &mut Option<Postmaster>, stop: &mut oneshot::Receiver<()>) {
    let mut pause = RESTART_PAUSE_MIN;
    loop {
        if let Some(postmaster) = current {
            let started = Instant::now();
            tokio::select! {
                _ = &mut *stop => return,
                () = postmaster.exited(cluster) => {}
            }
            if started.elapsed() > STABLE_AFTER {
                pause = RESTART_PAUSE_MIN;
            }
            tracing::error!(pid = postmaster.pid(), "PostgreSQL died; starting it again");
            *current = None;
        }
        tokio::select! {
            _ = &mut *stop => return,
            () = sleep(pause) => {}
        }
        pause = (pause * 2).min(RESTART_PAUSE_MAX);
        match Postmaster::launch(cluster).await {
            Ok(postmaster) => *current = Some(postmaster),
            Err(error) => tracing::error!(%error, "PostgreSQL cannot be started; trying again"),
        }
    }
}
