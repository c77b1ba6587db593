//! P6: every reading endpoint with a year of games in the database, with defaults and with usual filters.

use std::time::Instant;

use anyhow::{Context, ensure};
use base::clock::{Clock, UtcTime};
use base::ids::{AdminId, AnalystId, FinanceId, OperatorId, SiteId};
use office::staff::{self, NewStaff, StaffRole};
use platform::security::jwt::{Claims, JwtKeys, Role};
use secrecy::ExposeSecret;
use serde_json::json;
use sqlx::PgConnection;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::endpoints::ENDPOINTS;
use crate::history::History;
use crate::output::progress;
use crate::rows::{Bound, Goal, Raw, Row};
use crate::stats::round;

const DAY_SECONDS: i64 = 86_400;
/// What a page or a chart may take.
const LIMIT_MS: f64 = 200.0;
/// What one query may take; an endpoint is some queries.
const QUERY_MS: f64 = 50.0;

/// How long an endpoint took.
#[derive(Debug)]
pub(crate) struct Reading {
    endpoint: &'static str,
    sorted_ms: Vec<f64>,
}

/// Whom and what the placeholders of [`ENDPOINTS`] stand for.
struct Guide {
    operator: String,
    site: String,
    app: String,
    year_ago: String,
    tokens: [(&'static str, String); 4],
}

/// Asks for every endpoint `times` times, after one that is not counted.
pub(crate) async fn measure(history: &mut History, times: u32) -> anyhow::Result<Vec<Reading>> {
    progress("reading every endpoint");
    let guide = Guide::new(history).await?;
    let mut readings = Vec::new();
    for endpoint in ENDPOINTS {
        let (token, path) = guide.resolve(endpoint)?;
        let mut sorted_ms = Vec::new();
        get(&history.server.address, token, &path).await?;
        for _ in 0..times {
            let begun = Instant::now();
            get(&history.server.address, token, &path).await?;
            sorted_ms.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        sorted_ms.sort_by(f64::total_cmp);
        let reading = Reading { endpoint, sorted_ms };
        progress(&format!("  {:>8.1} ms {:>8.1} ms  {endpoint}", reading.median(), reading.p99()));
        readings.push(reading);
    }
    Ok(readings)
}

impl Reading {
    fn median(&self) -> f64 {
        self.at(0.5)
    }

    fn p99(&self) -> f64 {
        self.at(0.99)
    }

    fn at(&self, part: f64) -> f64 {
        let index = (self.sorted_ms.len() as f64 * part) as usize;
        self.sorted_ms.get(index.min(self.sorted_ms.len().saturating_sub(1))).copied().unwrap_or(0.0)
    }
}

/// The row of the table: the slowest endpoint stands for all, and each is named with its figures.
pub(crate) fn row(readings: &[Reading]) -> Row {
    let value = readings.iter().map(Reading::p99).fold(0.0, f64::max);
    let slow = readings.iter().filter(|reading| reading.median() >= QUERY_MS);
    let slow: Vec<&str> = slow.map(|reading| reading.endpoint).collect();
    let mut raw = Raw::default();
    raw.more.insert("median_of_50_ms_or_more", json!(slow));
    for reading in readings {
        let figures = json!({"median_ms": round(reading.median()), "p99_ms": round(reading.p99())});
        raw.more.insert(reading.endpoint, figures);
    }
    Goal("P6", "slowest reading endpoint, P99, a year of games", "ms", Bound::Below, Some(LIMIT_MS))
        .row(value, raw)
}

impl Guide {
    async fn new(history: &mut History) -> anyhow::Result<Self> {
        let now = Clock::system().now();
        let connection = &mut history.connection;
        // The operator with most games is the slowest to read.
        let (operator, site, app): (Uuid, Uuid, Uuid) = sqlx::query_as(
            "SELECT a.operator_id, (SELECT id FROM sites WHERE operator_id = a.operator_id ORDER BY id LIMIT 1),
                    (SELECT app_id FROM grants WHERE operator_id = a.operator_id ORDER BY id LIMIT 1)
             FROM operator_accounts a ORDER BY a.total_sessions DESC LIMIT 1",
        )
        .fetch_one(&mut *connection)
        .await?;
        let keys = JwtKeys::new(history.secrets.jwt_secret.expose_secret().as_bytes());
        let mut tokens = Vec::new();
        for (audience, role) in
            [("admin", Role::Admin), ("finance", Role::Finance), ("analytics", Role::Analyst)]
        {
            tokens.push((audience, staff_token(connection, &keys, role, now).await?));
        }
        let operator_id = OperatorId::from_uuid(operator);
        let token = token(connection, &keys, Role::Operator, operator_id.to_string(), operator, now).await?;
        tokens.push(("operators", token));
        let year_ago = UtcTime::from_millis(now.as_millis() - 365 * DAY_SECONDS * 1_000);
        Ok(Guide {
            operator: operator_id.to_string(),
            site: SiteId::from_uuid(site).to_string(),
            app: base::ids::AppId::from_uuid(app).to_string(),
            year_ago: year_ago.context("a year ago there was no time")?.to_string(),
            tokens: tokens.try_into().map_err(|_| anyhow::anyhow!("four tokens"))?,
        })
    }

    /// The token of whoever reads the endpoint, and its path.
    fn resolve(&self, endpoint: &str) -> anyhow::Result<(&str, String)> {
        let audience = endpoint.split('/').nth(2).unwrap_or_default();
        let token = self.tokens.iter().find(|(name, _)| *name == audience);
        let (_, token) = token.with_context(|| format!("nobody reads {endpoint}"))?;
        let path = endpoint
            .replace("{operator}", &self.operator)
            .replace("{site}", &self.site)
            .replace("{app}", &self.app)
            .replace("{year_ago}", &self.year_ago);
        Ok((token, path))
    }
}

async fn staff_token(
    connection: &mut PgConnection,
    keys: &JwtKeys,
    role: Role,
    now: UtcTime,
) -> anyhow::Result<String> {
    use platform::security::roles::{AdminRole, FinanceRole};
    let (staff_role, username) = match role {
        Role::Admin => (StaffRole::Admin(AdminRole::SuperAdmin), "bench_admin"),
        Role::Finance => (StaffRole::Finance(FinanceRole::Manager), "bench_finance"),
        _ => (StaffRole::Analyst, "bench_analyst"),
    };
    let new = NewStaff { role: staff_role, username, password_hash: "", name: "测试" };
    staff::insert(connection, &new, now).await?;
    let id: Uuid = sqlx::query_scalar("SELECT id FROM staff_accounts WHERE username = $1")
        .bind(username)
        .fetch_one(&mut *connection)
        .await?;
    let subject = match role {
        Role::Admin => AdminId::from_uuid(id).to_string(),
        Role::Finance => FinanceId::from_uuid(id).to_string(),
        _ => AnalystId::from_uuid(id).to_string(),
    };
    token(connection, keys, role, subject, id, now).await
}

async fn token(
    connection: &mut PgConnection,
    keys: &JwtKeys,
    role: Role,
    subject: String,
    subject_id: Uuid,
    now: UtcTime,
) -> anyhow::Result<String> {
    let jti = Uuid::new_v4();
    let (iat, exp) = (now.as_seconds(), now.as_seconds() + DAY_SECONDS);
    sqlx::query(
        "INSERT INTO access_tokens (jti, subject_id, role, issued_at, expires_at)
         VALUES ($1, $2, $3, $4, $4 + interval '1 day')",
    )
    .bind(jti)
    .bind(subject_id)
    .bind(role.as_str())
    .bind(now)
    .execute(connection)
    .await?;
    Ok(keys.sign(&Claims { sub: subject, role, iat, exp, jti })?)
}

/// One request over a fresh connection.
async fn get(address: &str, token: &str, path: &str) -> anyhow::Result<()> {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    let mut answer = Vec::new();
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    stream.read_to_end(&mut answer).await?;
    let start = String::from_utf8_lossy(&answer[..answer.len().min(2_000)]).into_owned();
    ensure!(start.starts_with("HTTP/1.1 200 "), "{path} was refused: {start}");
    Ok(())
}
