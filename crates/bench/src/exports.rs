//! Exports of one operator with many usage records: how long they take, and what they cost the server in memory.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, ensure};
use base::clock::Clock;
use books::ledger::{self, ChargeOrder, Import};
use money::Fen;
use platform::config::Secrets;
use platform::db::embedded::DATABASE;
use platform::db::migrate;
use platform::security::tokens::Subject;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use uuid::Uuid;

use crate::cluster::Cluster;
use crate::http::get;
use crate::output::progress;
use crate::seed::{self, Venue};
use crate::server::{Launch, Server};
use crate::{proc, sign_in};

/// A database of its own: the books of the others are counted.
const EXPORTS: &str = "bench_exports";
const RECORDS: usize = 100_000;
const BATCH: usize = 10_000;
const PATH: &str = "/v1/operators/me/usage-records";

/// One file.
#[derive(Clone, Debug)]
pub(crate) struct ExportRun {
    pub(crate) seconds: f64,
    pub(crate) bytes: usize,
    /// From before the export to the highest during it.
    pub(crate) grown_mib: f64,
}

/// One entry per round.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExportRuns {
    pub(crate) csv: Vec<ExportRun>,
    pub(crate) xlsx: Vec<ExportRun>,
}

/// Fills a database and exports it `rounds` times in both formats.
pub(crate) async fn measure(
    cluster: &Cluster,
    binary: &Path,
    scratch: &Path,
    rounds: u32,
) -> anyhow::Result<ExportRuns> {
    progress(&format!("exporting {RECORDS} usage records"));
    let (launch, secrets) = Launch::on(cluster, EXPORTS, binary, &scratch.join("exports"))?;
    let token = fill(cluster, &secrets).await?;
    let server = Server::start(&launch).await?;
    // Whatever the first request costs is not the export's.
    get(&server.target, &token, &format!("{PATH}?page_size=100")).await?;
    let mut runs = ExportRuns::default();
    for _ in 0..rounds {
        runs.csv.push(export(&server, "csv", &token).await?);
        runs.xlsx.push(export(&server, "xlsx", &token).await?);
    }
    server.stop().await?;
    Ok(runs)
}

async fn export(server: &Server, format: &str, token: &str) -> anyhow::Result<ExportRun> {
    proc::forget_highest(server.pid)?;
    let before = proc::resident(server.pid)?.now_mib;
    let begun = Instant::now();
    let file = get(&server.target, token, &format!("{PATH}/export?format={format}")).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let grown_mib = proc::resident(server.pid)?.highest_mib - before;
    ensure!(
        file.head.total_rows == Some(RECORDS as u64),
        "the {format} export announces other rows: {:?}",
        file.head
    );
    let lines = file.body.iter().filter(|byte| **byte == b'\n').count();
    ensure!(format == "xlsx" || lines == RECORDS + 1, "the {format} export has {lines} lines");
    progress(&format!("  {format}: {seconds:.2} s, {} bytes, {grown_mib:.1} MiB", file.body.len()));
    Ok(ExportRun { seconds, bytes: file.body.len(), grown_mib })
}

/// An operator with its records, each with a reported end; returns a token.
async fn fill(cluster: &Cluster, secrets: &Secrets) -> anyhow::Result<String> {
    let mut owner = cluster.connect(DATABASE).await?;
    owner.execute(AssertSqlSafe(format!("CREATE DATABASE {EXPORTS}"))).await?;
    owner.close().await?;
    migrate::up(&cluster.url(EXPORTS)).await?;
    let mut connection = cluster.connect(EXPORTS).await?;
    let venues = seed::product(&mut connection, &secrets.cipher, 1).await?;
    let venue = venues.first().context("no venue")?;
    for first in (0..RECORDS).step_by(BATCH) {
        import(&mut connection, venue, first..first + BATCH).await?;
    }
    sqlx::query(
        "INSERT INTO session_ends (operator_id, usage_id, duration_seconds, ended_at)
         SELECT operator_id, id, 600, authorized_at FROM usage_records",
    )
    .execute(&mut connection)
    .await?;
    connection.execute("VACUUM (ANALYZE)").await?;
    let token = sign_in::account(&mut connection, secrets, Subject::Operator(venue.operator_id)).await?;
    connection.close().await?;
    Ok(token)
}

async fn import(
    connection: &mut PgConnection,
    venue: &Venue,
    numbers: std::ops::Range<usize>,
) -> anyhow::Result<()> {
    let now = Clock::system().now();
    let mut transaction = connection.begin().await?;
    let account = ledger::lock_account(&mut transaction, venue.operator_id).await?;
    let mut account = account.context("no account")?;
    let mut import = Import::default();
    let locked_seq = account.entry_seq;
    for number in numbers {
        let order = ChargeOrder {
            session_ms: now.as_millis(),
            session_nonce: format!("{number:016}"),
            site_id: venue.site_id,
            app_id: venue.app_id,
            app_name: "太空探险".to_owned(),
            player_count: 2,
            unit_price: Fen::new(1_000),
            total: Fen::new(2_000),
            client_ip: None,
        };
        import.charges.push(account.charge(order, Uuid::new_v4(), now)?);
    }
    import.accounts.push((locked_seq, account));
    ledger::import(&mut transaction, &import).await?;
    Ok(transaction.commit().await?)
}
