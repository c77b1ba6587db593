//! P8: a report over a year of records, on an instance with a database of its own that goes on authorizing games.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use base::clock::Clock;
use base::ids::{FinanceId, OperatorId};
use office::staff::{self, NewStaff, StaffRole};
use platform::db::embedded::EmbeddedPostgres;
use platform::security::jwt::{Claims, JwtKeys, Role};
use platform::security::roles::FinanceRole;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::cluster::Postmaster;
use crate::output::progress;
use crate::seed::{self, OPERATORS};
use crate::server::{Launch, Server, forget_configuration, own_secrets};
use crate::simulator::{Load, Play, Played, Simulator};

const DAYS: u32 = 365;
const GAMES_PER_S: u32 = 200;
const DUPLICATES: f64 = 0.05;
/// The games go on for longer than the report may take.
const PLAY_SECONDS: u32 = 75;
/// The games have begun when the report is asked for.
const HEAD_START: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(100);
const REPORT_TIMEOUT: Duration = Duration::from_secs(600);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// 1 000 000.00 yuan, so that nobody runs out of money while it is measured.
const CREDIT_FEN: i64 = 100_000_000;

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
    let keys = fill(launch, records).await?;
    let mut connection = PgConnection::connect_with(&Postmaster::find(&launch.data_dir)?.options()).await?;
    prepare(&mut connection).await?;
    let token = finance_token(&mut connection, &launch.data_dir).await?;
    connection.close().await?;
    server.stop().await?;
    // The settings are in force from the start, and the fill leaves nothing in its memory.
    let server = Server::start(launch).await?;
    let mut connection = PgConnection::connect_with(&Postmaster::find(&launch.data_dir)?.options()).await?;
    connection.execute("VACUUM (ANALYZE)").await?;
    connection.execute("CHECKPOINT").await?;
    let simulator = Simulator {
        binary: launch.binary.clone(),
        database_url: EmbeddedPostgres::url_of_running(&launch.data_dir)?,
        report: launch.data_dir.join("simulation.json"),
        servers: vec![server.pid],
        postmaster: Postmaster::find(&launch.data_dir)?.pid,
    };
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

/// Operators with a past, and the file with their keys.
async fn fill(launch: &Launch, records: u64) -> anyhow::Result<PathBuf> {
    let keys = launch.data_dir.join("keys");
    let mut command = Command::new(&launch.binary);
    command.args(["seed", "--data-dir"]).arg(&launch.data_dir);
    command.arg(format!("--operators={OPERATORS}")).arg(format!("--history={DAYS}"));
    command.arg(format!("--records={records}")).arg("--keys-file").arg(&keys);
    forget_configuration(&mut command);
    command.stdout(Stdio::null()).kill_on_drop(true);
    let status = command.status().await.context("running the seed")?;
    ensure!(status.success(), "the seed ended with {status}");
    Ok(keys)
}

async fn prepare(connection: &mut PgConnection) -> anyhow::Result<()> {
    seed::raise_limits(connection).await?;
    let operators: Vec<OperatorId> =
        sqlx::query_scalar("SELECT id FROM operators ORDER BY id").fetch_all(&mut *connection).await?;
    let now = Clock::system().now();
    let mut transaction = connection.begin().await?;
    for operator_id in operators {
        seed::credit(&mut transaction, operator_id, CREDIT_FEN, now).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// A member of the finance staff, signed in.
async fn finance_token(connection: &mut PgConnection, data_dir: &Path) -> anyhow::Result<String> {
    let now = Clock::system().now();
    let role = StaffRole::Finance(FinanceRole::Manager);
    let new = NewStaff { role, username: "bench", password_hash: "", name: "bench" };
    let id = staff::insert(connection, &new, now).await?.context("the name is taken")?;
    let (jti, expires_at) = (Uuid::new_v4(), now.plus(jiff::SignedDuration::from_hours(24)));
    sqlx::query(
        "INSERT INTO access_tokens (jti, subject_id, role, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(jti)
    .bind(id)
    .bind(Role::Finance.as_str())
    .bind(now)
    .bind(expires_at)
    .execute(connection)
    .await?;
    let claims = Claims {
        sub: FinanceId::from_uuid(id).to_string(),
        role: Role::Finance,
        iat: now.as_seconds(),
        exp: expires_at.as_seconds(),
        jti,
    };
    let secret = own_secrets(data_dir)?.jwt_secret;
    Ok(JwtKeys::new(secret.expose_secret().as_bytes()).sign(&claims)?)
}

/// Asks for the report of the year that ends today and waits for it.
async fn make(server: &Server, token: &str) -> anyhow::Result<(f64, i64)> {
    let today = Clock::system().now().timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
    let first = today.checked_sub(jiff::Span::new().days(i64::from(DAYS)))?;
    let body = json!({"report_type": "custom", "start_date": first, "end_date": today, "format": "pdf"});
    let begun = Instant::now();
    let asked = call(server, token, "POST", "/v1/finance/reports/generate", &body.to_string()).await?;
    let id = asked["data"]["report_id"].as_str().context("no report")?;
    let path = format!("/v1/finance/reports/{id}");
    while begun.elapsed() < REPORT_TIMEOUT {
        let report = call(server, token, "GET", &path, "").await?;
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

/// One call over a fresh connection.
async fn call(server: &Server, token: &str, method: &str, path: &str, body: &str) -> anyhow::Result<Value> {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nAuthorization: Bearer {token}\r\n\r\n{body}",
        server.address,
        body.len(),
    );
    let mut answer = String::new();
    timeout(ANSWER_TIMEOUT, async {
        let mut stream = TcpStream::connect(&server.address).await?;
        stream.write_all(request.as_bytes()).await?;
        stream.read_to_string(&mut answer).await
    })
    .await
    .with_context(|| format!("no answer to {method} {path}"))??;
    let (head, body) = answer.split_once("\r\n\r\n").context("half an answer")?;
    ensure!(head.starts_with("HTTP/1.1 20"), "{method} {path}: {answer}");
    Ok(serde_json::from_str(body)?)
}
