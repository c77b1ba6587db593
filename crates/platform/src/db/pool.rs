//! The pool of the application's role, and a watch on whether the database can be reached.

use std::str::FromStr;
use std::time::Duration;

use base::problem::Problem;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection, PgPool, Postgres, Transaction};
use tokio::sync::watch;

/// Requests queue this long for a connection before they are told to come back (NFR-007).
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);
/// How often the watch asks, and how long it waits for the answer.
const PROBE_EVERY: Duration = Duration::from_millis(500);
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

/// What every connection of the application does first: it gives up the owner's rights. Compiling a statement takes longer
/// than any of ours runs.
pub const SESSION_SETUP: &str = "SET ROLE coinslot_app; SET TIME ZONE 'UTC'; SET lock_timeout = '30s'; SET jit = off; \
    SET idle_in_transaction_session_timeout = '60s'";

/// Connections to the database in the application's role.
#[derive(Clone, Debug)]
pub struct Database {
    pool: PgPool,
    is_up: watch::Receiver<bool>,
}

impl Database {
    /// Opens the pool lazily and starts the watch. `max_connections` bounds the pool.
    ///
    /// # Errors
    /// A URL that cannot be parsed.
    pub fn connect(url: &str, max_connections: u32) -> sqlx::Result<Self> {
        let options = PgConnectOptions::from_str(url)?.application_name("coinslot");
        let pool = PgPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute(SESSION_SETUP).await.map(drop) })
            })
            .connect_lazy_with(options.clone());
        let (sender, is_up) = watch::channel(true);
        tokio::spawn(watch_database(options, sender));
        Ok(Database { pool, is_up })
    }

    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Whether the database answered last time it was asked.
    #[must_use]
    pub fn is_up(&self) -> bool {
        *self.is_up.borrow()
    }

    /// A connection, waiting for a free one up to 30 s.
    ///
    /// # Errors
    /// `SERVICE_UNAVAILABLE`: at once while the database is away, and for whatever keeps it from letting us in.
    pub async fn acquire(&self) -> Result<PoolConnection<Postgres>, Problem> {
        let mut is_up = self.is_up.clone();
        tokio::select! {
            connection = self.pool.acquire() => connection.map_err(Problem::unavailable),
            _ = is_up.wait_for(|up| !up) => Err(Problem::unavailable("the database does not answer")),
        }
    }

    /// A transaction on a connection from [`Database::acquire`].
    ///
    /// # Errors
    /// As [`Database::acquire`].
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, Problem> {
        let mut is_up = self.is_up.clone();
        tokio::select! {
            transaction = self.pool.begin() => transaction.map_err(Problem::unavailable),
            _ = is_up.wait_for(|up| !up) => Err(Problem::unavailable("the database does not answer")),
        }
    }

    /// A connection outside the pool, for work that takes minutes and must not keep requests waiting.
    ///
    /// # Errors
    /// `SERVICE_UNAVAILABLE`.
    pub async fn connect_apart(&self) -> Result<PgConnection, Problem> {
        let options = self.pool.connect_options();
        let mut connection = PgConnection::connect_with(&options).await.map_err(Problem::unavailable)?;
        connection.execute(SESSION_SETUP).await?;
        Ok(connection)
    }
}

/// A transaction whose statements are planned anew for the values they are executed with. Where conditions may be absent
/// (`$1 IS NULL OR …`) or a time decides how much is read, a plan for all values would not use the right index.
///
/// # Errors
/// The database's.
pub async fn begin_planned(connection: &mut PgConnection) -> sqlx::Result<Transaction<'_, Postgres>> {
    let mut transaction = connection.begin().await?;
    transaction.execute("SET LOCAL plan_cache_mode = force_custom_plan").await?;
    Ok(transaction)
}

/// A transaction that only reads, and sees the same moment in all its statements.
///
/// # Errors
/// The database's.
pub async fn begin_snapshot(connection: &mut PgConnection) -> sqlx::Result<Transaction<'_, Postgres>> {
    let mut snapshot = connection.begin().await?;
    snapshot.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    Ok(snapshot)
}

/// Asks on a connection of its own, so that a busy pool is not mistaken for a database that is away.
async fn watch_database(options: PgConnectOptions, sender: watch::Sender<bool>) {
    let mut connection: Option<PgConnection> = None;
    while !sender.is_closed() {
        let answered =
            matches!(tokio::time::timeout(PROBE_TIMEOUT, probe(&options, &mut connection)).await, Ok(Ok(())));
        if !answered {
            connection = None;
        }
        let changed = sender.send_if_modified(|is_up| std::mem::replace(is_up, answered) != answered);
        match (changed, answered) {
            (true, true) => tracing::info!("the database is back"),
            (true, false) => tracing::error!("the database does not answer"),
            (false, _) => {}
        }
        tokio::time::sleep(PROBE_EVERY).await;
    }
}

/// One lost connection does not mean that the database is away: a new one decides.
async fn probe(options: &PgConnectOptions, connection: &mut Option<PgConnection>) -> sqlx::Result<()> {
    if let Some(known) = connection
        && known.ping().await.is_ok()
    {
        return Ok(());
    }
    *connection = None;
    *connection = Some(PgConnection::connect_with(options).await?);
    Ok(())
}
