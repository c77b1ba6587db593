//! The measured PostgreSQL: private, with the settings every installation gets, in a scratch directory.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use platform::db::embedded::{DATABASE, EmbeddedOptions, EmbeddedPostgres};
use platform::db::migrate;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::time::sleep;

use crate::proc;

/// The database of the textbook transaction: the same schema, so that the product's books stay its own.
pub(crate) const BASELINE: &str = "bench_baseline";

/// The database with a past, so that the product's stays small.
pub(crate) const HISTORY: &str = "bench_history";

/// How long nothing may run before the next measurement, and how long that may take to come: an autovacuum of ten million
/// records has its time.
const QUIET: Duration = Duration::from_secs(1);
const QUIET_TIMEOUT: Duration = Duration::from_secs(600);
const POLL: Duration = Duration::from_millis(100);
const REST: Duration = Duration::from_secs(1);

/// Work that others have left behind: log rows still being written, an autovacuum.
const BUSY: &str = "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
    AND (backend_type = 'autovacuum worker' OR backend_type = 'client backend' AND state <> 'idle')";

/// The private server and where it is.
#[derive(Debug)]
pub(crate) struct Cluster {
    postgres: EmbeddedPostgres,
    pub(crate) postmaster: Postmaster,
}

/// The process of a running PostgreSQL, and where its programs are, `pgbench` among them.
#[derive(Clone, Debug)]
pub(crate) struct Postmaster {
    pub(crate) pid: u32,
    pub(crate) bin_dir: PathBuf,
}

impl Postmaster {
    /// The one that runs on a data directory.
    pub(crate) fn find(data_dir: &Path) -> anyhow::Result<Self> {
        let pid = EmbeddedPostgres::pid_of_running(data_dir);
        let pid = pid.with_context(|| format!("no PostgreSQL runs on {}", data_dir.display()))?;
        let bin_dir = proc::program(pid)?.parent().context("a program in no directory")?.to_owned();
        Ok(Postmaster { pid, bin_dir })
    }
}

impl Cluster {
    /// Starts it with nothing tuned, and creates both databases.
    pub(crate) async fn start(data_dir: &Path, bin_dir: Option<&Path>) -> anyhow::Result<Self> {
        let postgres = EmbeddedPostgres::start(data_dir, options(bin_dir)).await?;
        let cluster = Cluster { postmaster: Postmaster::find(data_dir)?, postgres };
        let mut connection = cluster.connect(DATABASE).await?;
        for database in [BASELINE, HISTORY] {
            connection.execute(AssertSqlSafe(format!("CREATE DATABASE {database}"))).await?;
        }
        for database in [DATABASE, BASELINE, HISTORY] {
            migrate::up(&cluster.url(database)).await?;
        }
        Ok(cluster)
    }

    pub(crate) fn url(&self, database: &str) -> String {
        let own = format!("///{DATABASE}?");
        self.postgres.url().replacen(&own, &format!("///{database}?"), 1)
    }

    pub(crate) async fn connect(&self, database: &str) -> sqlx::Result<PgConnection> {
        PgConnection::connect(&self.url(database)).await
    }

    /// Leaves the same calm before every measurement: nothing running, tables vacuumed, buffers written.
    pub(crate) async fn settle(&self) -> anyhow::Result<()> {
        let mut connection = self.connect(DATABASE).await?;
        tokio::time::timeout(QUIET_TIMEOUT, wait_until_quiet(&mut connection))
            .await
            .context("the database does not come to rest")??;
        for database in [DATABASE, BASELINE, HISTORY] {
            let mut connection = self.connect(database).await?;
            connection.execute("VACUUM (ANALYZE)").await?;
        }
        connection.execute("CHECKPOINT").await?;
        connection.close().await?;
        sleep(REST).await;
        Ok(())
    }

    /// A line about the version and the durability in force.
    pub(crate) async fn describe(&self) -> anyhow::Result<String> {
        let mut connection = self.connect(DATABASE).await?;
        let text = sqlx::query_scalar(
            "SELECT format('PostgreSQL %s, fsync %s, synchronous_commit %s, shared_buffers %s',
                 current_setting('server_version'), current_setting('fsync'),
                 current_setting('synchronous_commit'), current_setting('shared_buffers'))",
        );
        Ok(text.fetch_one(&mut connection).await?)
    }

    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        Ok(self.postgres.stop().await?)
    }
}

async fn wait_until_quiet(connection: &mut PgConnection) -> sqlx::Result<()> {
    let mut quiet = Duration::ZERO;
    while quiet < QUIET {
        sleep(POLL).await;
        let busy: i64 = sqlx::query_scalar(BUSY).fetch_one(&mut *connection).await?;
        quiet = if busy == 0 { quiet + POLL } else { Duration::ZERO };
    }
    Ok(())
}

fn options(bin_dir: Option<&Path>) -> EmbeddedOptions {
    EmbeddedOptions { bin_dir: bin_dir.map(Path::to_owned), ..EmbeddedOptions::default() }
}

/// Stops the database that a killed server or a killed run has left behind in a data directory.
pub(crate) async fn stop_leftover(data_dir: &Path, bin_dir: Option<&Path>) -> anyhow::Result<()> {
    if EmbeddedPostgres::pid_of_running(data_dir).is_none() {
        return Ok(());
    }
    let adopted = EmbeddedPostgres::start(data_dir, options(bin_dir)).await?;
    Ok(adopted.stop().await?)
}

/// Removes a data directory.
pub(crate) async fn remove(data_dir: &Path, bin_dir: Option<&Path>) -> anyhow::Result<()> {
    stop_leftover(data_dir, bin_dir).await?;
    // For root the data may live elsewhere, behind a link.
    let home = data_dir.join("postgres");
    if let Ok(elsewhere) = home.canonicalize()
        && home.is_symlink()
    {
        remove_tree(&elsewhere)?;
    }
    remove_tree(data_dir)
}

fn remove_tree(dir: &Path) -> anyhow::Result<()> {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", dir.display()))
        }
        _ => Ok(()),
    }
}
