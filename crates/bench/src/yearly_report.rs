//! P8: a report over a year of records, on an instance with a database of its own that goes on authorizing games.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use base::clock::Clock;
use base::ids::OperatorId;
use coinslot::seed::credit;
use money::Fen;
use office::staff::StaffRole;
use platform::db::embedded::EmbeddedPostgres;
use platform::security::roles::FinanceRole;
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use tokio::time::sleep;

use crate::cluster::Postmaster;
use crate::http::call;
use crate::output::progress;
use crate::seed::raise_limits;
use crate::server::{DAYS, Launch, Server, own_secrets};
use crate::sign_in;
use crate::simulator::{Load, Play, Played, Simulator};

const GAMES_PER_S: u32 = 200;
const DUPLICATES: f64 = 0.05;
/// The games go on for longer than the report may take.
const PLAY_SECONDS: u32 = 75;
/// The games have begun when the report is asked for.
const HEAD_START: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(100);
const REPORT_TIMEOUT: Duration = Duration::from_secs(600);
/// 1 000 000.00 yuan, so that nobody runs out of money while it is measured.
const CREDIT: Fen = Fen::new(100_000_000);

/// What was seen.
#[derive(Debug)]
pub(crate) struct YearlyReport {
    pub(crate) records: u64,
    /// From the request until the report is completed.
    pub(crate) seconds: f64,
    pub(crate) file_bytes: i64,
    /// The games that went on meanwhile.
    pub(crate) played: Played,
}

/// Fills a database with so many records of a year, and makes a report of it.
pub(crate) async fn measure(launch: &Launch, records: u64) -> anyhow::Result<YearlyReport> {
    let server = Server::start(launch).await?;
    progress(&format!("filling a database with {records} records of a year"));
    let keys = launch.seed(records, &[]).await?;
    let mut connection = PgConnection::connect(&EmbeddedPostgres::url_of_running(&launch.data_dir)?).await?;
    prepare(&mut connection).await?;
    let secrets = own_secrets(&launch.data_dir)?;
    let role = StaffRole::Finance(FinanceRole::Manager);
    let token = sign_in::staff(&mut connection, &secrets, role).await?;
    connection.close().await?;
    server.stop().await?;
    // The settings are in force from the start, and the fill leaves nothing in its memory.
    let server = Server::start(launch).await?;
    let mut connection = PgConnection::connect(&EmbeddedPostgres::url_of_running(&launch.data_dir)?).await?;
    connection.execute("VACUUM (ANALYZE)").await?;
    connection.execute("CHECKPOINT").await?;
    let url = EmbeddedPostgres::url_of_running(&launch.data_dir)?;
    let simulator = Simulator::new(launch, &server, url, Postmaster::find(&launch.data_dir)?.pid);
    let load = Load::PerSecond(GAMES_PER_S);
    let play =
        Play { urls: vec![server.url()], keys: &keys, load, seconds: PLAY_SECONDS, duplicates: DUPLICATES };
    let (played, made) = tokio::join!(simulator.play(&play, &mut connection), async {
        sleep(HEAD_START).await;
        make(&server, &token).await
    });
    connection.close().await?;
    server.stop().await?;
    let (seconds, file_bytes) = made?;
    Ok(YearlyReport { records, seconds, file_bytes, played: played? })
}

async fn prepare(connection: &mut PgConnection) -> anyhow::Result<()> {
    raise_limits(connection).await?;
    let operators: Vec<OperatorId> =
        sqlx::query_scalar("SELECT id FROM operators ORDER BY id").fetch_all(&mut *connection).await?;
    let now = Clock::system().now();
    let mut transaction = connection.begin().await?;
    for operator_id in operators {
        credit(&mut transaction, operator_id, CREDIT, now).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Asks for the report of the year that ends today and waits for it.
async fn make(server: &Server, token: &str) -> anyhow::Result<(f64, i64)> {
    let today = Clock::system().now().timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
    let first = today.checked_sub(jiff::Span::new().days(i64::from(DAYS)))?;
    let body = json!({"report_type": "custom", "start_date": first, "end_date": today, "format": "pdf"});
    let begun = Instant::now();
    let asked = ask(server, token, "POST", "/v1/finance/reports/generate", &body.to_string()).await?;
    let id = asked["data"]["report_id"].as_str().context("no report")?;
    let path = format!("/v1/finance/reports/{id}");
    while begun.elapsed() < REPORT_TIMEOUT {
        let report = ask(server, token, "GET", &path, "").await?;
        match report["data"]["status"].as_str() {
            Some("completed") => {
                let size = report["data"]["file_size"].as_i64().context("no size")?;
                return Ok((begun.elapsed().as_secs_f64(), size));
            }
            Some("generating") => sleep(LOOK_EVERY).await,
            _ => bail!("the report was not made: {report}"),
        }
    }
    bail!("the report is not made after {} s", REPORT_TIMEOUT.as_secs())
}

/// Answers what the call returns.
async fn ask(server: &Server, token: &str, method: &str, path: &str, body: &str) -> anyhow::Result<Value> {
    let headers = format_args!("Authorization: Bearer {token}\r\n");
    Ok(serde_json::from_slice(&call(&server.target, method, path, headers, body).await?.body)?)
}
