//! The reader: one transaction that sees one state of the database, on a connection of its own.

use std::time::Duration;

use base::problem::Problem;
use platform::db::Database;
use sqlx::{Connection, Executor, PgConnection};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Row, Setting, Table};

/// Pages that may wait for the writer.
const PAGES_AHEAD: usize = 2;
/// A client that takes nothing for so long is cut off: an open transaction keeps the database from cleaning up.
const MAX_STALL: Duration = Duration::from_secs(30);
/// No file takes longer, so that a client that reads byte by byte cannot hold a transaction open all day.
const MAX_READING: Duration = Duration::from_secs(15 * 60);

/// Names the connection to whoever looks at the database, and lets a statement end when this process has closed it.
/// Databases on some systems cannot do the latter, which is no reason not to export.
const SESSION: &str = "SET application_name = 'coinslot export'; SET client_connection_check_interval = '1s'";
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Something that can be exported.
pub trait Export: Send + 'static {
    /// Describes the table, with everything that a client may be refused for.
    fn open(
        &mut self,
        connection: &mut PgConnection,
        setting: &Setting,
    ) -> impl Future<Output = Result<Table, Problem>> + Send;

    /// The next rows; none at the end.
    fn next(
        &mut self,
        connection: &mut PgConnection,
    ) -> impl Future<Output = Result<Vec<Row>, Problem>> + Send;
}

/// Rows, or what came in between. No rows are the end; pages that end without it are incomplete.
pub type Page = Result<Vec<Row>, Problem>;

/// What the reader gives. Dropping it ends the reader.
#[derive(Debug)]
pub struct Reading {
    pub table: Table,
    pub pages: Receiver<Page>,
}

/// Starts the reader, and waits until it has opened the table. `held` is dropped when the reader ends.
///
/// # Errors
/// Those of the export's [`Export::open`]; the database's.
pub async fn read<E: Export>(
    database: &Database,
    export: E,
    setting: &Setting,
    held: impl Send + 'static,
) -> Result<Reading, Problem> {
    let (to_opener, opened) = oneshot::channel();
    let (to_writer, pages) = mpsc::channel(PAGES_AHEAD);
    let reader = Reader { database: database.clone(), setting: setting.clone(), to_writer };
    tokio::spawn(async move {
        reader.run(export, to_opener).await;
        drop(held);
    });
    let table =
        opened.await.map_err(|_| Problem::internal("the reader of an export ended before it began"))??;
    Ok(Reading { table, pages })
}

struct Reader {
    database: Database,
    setting: Setting,
    to_writer: Sender<Page>,
}

impl Reader {
    async fn run<E: Export>(self, export: E, opened: oneshot::Sender<Result<Table, Problem>>) {
        let reading = timeout(MAX_READING, self.read(export, opened));
        tokio::select! {
            outcome = reading => match outcome {
                Ok(Ok(())) => {}
                Ok(Err(problem)) => self.break_off(problem),
                Err(_) => self.break_off(Problem::unavailable("an export takes too long")),
            },
            () = self.to_writer.closed() => {}
        }
    }

    /// Tells the writer, unless that is stuck: then pages without an end tell it, and the log tells why.
    fn break_off(&self, problem: Problem) {
        if let Err(unsent) = self.to_writer.try_send(Err(problem))
            && let Err(problem) = unsent.into_inner()
        {
            tracing::error!(
                trace_id = self.setting.trace_id,
                cause = problem.cause(),
                "an export was broken off"
            );
        }
    }

    async fn read<E: Export>(
        &self,
        mut export: E,
        opened: oneshot::Sender<Result<Table, Problem>>,
    ) -> Result<(), Problem> {
        let mut connection = match self.connect().await {
            Ok(connection) => connection,
            Err(problem) => return refuse(opened, problem),
        };
        let mut transaction = match connection.begin_with(BEGIN).await {
            Ok(transaction) => transaction,
            Err(error) => return refuse(opened, error.into()),
        };
        match export.open(&mut transaction, &self.setting).await {
            Ok(table) => drop(opened.send(Ok(table))),
            Err(problem) => return refuse(opened, problem),
        }
        loop {
            let rows = export.next(&mut transaction).await?;
            if rows.is_empty() {
                break;
            }
            self.hand_over(rows).await?;
        }
        // Who has the end goes away, so the connection is closed before.
        transaction.commit().await?;
        connection.close().await?;
        self.hand_over(Vec::new()).await
    }

    /// Whoever is gone is noticed by whoever waits for that.
    async fn hand_over(&self, rows: Vec<Row>) -> Result<(), Problem> {
        let taken = timeout(MAX_STALL, self.to_writer.send(Ok(rows))).await;
        taken.map_or_else(|_| Err(Problem::unavailable("the client takes nothing of its export")), |_| Ok(()))
    }

    async fn connect(&self) -> Result<PgConnection, Problem> {
        let mut connection = self.database.connect_apart().await?;
        drop(connection.execute(SESSION).await);
        Ok(connection)
    }
}

fn refuse(opened: oneshot::Sender<Result<Table, Problem>>, problem: Problem) -> Result<(), Problem> {
    drop(opened.send(Err(problem)));
    Ok(())
}

/// Rows that are there already, because their number is bounded.
#[derive(Debug, Default)]
pub struct ReadyRows(std::vec::IntoIter<Row>);

impl ReadyRows {
    #[must_use]
    pub fn new(rows: Vec<Row>) -> Self {
        ReadyRows(rows.into_iter())
    }

    /// How many are left.
    #[must_use]
    pub fn count(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX)
    }

    /// The next page of them.
    pub fn page(&mut self) -> Vec<Row> {
        self.0.by_ref().take(usize::try_from(super::PAGE_ROWS).unwrap_or(usize::MAX)).collect()
    }
}
