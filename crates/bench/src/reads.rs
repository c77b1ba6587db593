//! P6: every reading endpoint with a year of games in the database, with defaults and with usual filters.

use std::time::Instant;

use anyhow::Context;
use base::clock::{Clock, UtcTime};
use base::ids::{AppId, OperatorId, SiteId};
use office::staff::StaffRole;
use platform::security::roles::{AdminRole, FinanceRole};
use platform::security::tokens::Subject;
use serde_json::json;
use uuid::Uuid;

use crate::endpoints::ENDPOINTS;
use crate::history::History;
use crate::http::get;
use crate::output::progress;
use crate::rows::{Bound, Goal, Raw, Row};
use crate::sign_in;
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
    tokens: Vec<(&'static str, String)>,
}

/// Asks for every endpoint `times` times, after one that is not counted.
pub(crate) async fn measure(history: &mut History, times: u32) -> anyhow::Result<Vec<Reading>> {
    progress("reading every endpoint");
    let guide = Guide::new(history).await?;
    let mut readings = Vec::new();
    for endpoint in ENDPOINTS {
        let (token, path) = guide.resolve(endpoint)?;
        let mut sorted_ms = Vec::new();
        get(&history.server.target, token, &path).await?;
        for _ in 0..times {
            let begun = Instant::now();
            get(&history.server.target, token, &path).await?;
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
        let History { connection, secrets, .. } = history;
        // The operator with most games is the slowest to read.
        let (operator, site, app): (Uuid, Uuid, Uuid) = sqlx::query_as(
            "SELECT a.operator_id, (SELECT id FROM sites WHERE operator_id = a.operator_id ORDER BY id LIMIT 1),
                    (SELECT app_id FROM grants WHERE operator_id = a.operator_id ORDER BY id LIMIT 1)
             FROM operator_accounts a ORDER BY a.total_sessions DESC LIMIT 1",
        )
        .fetch_one(&mut *connection)
        .await?;
        let operator_id = OperatorId::from_uuid(operator);
        let mut tokens =
            vec![("operators", sign_in::account(connection, secrets, Subject::Operator(operator_id)).await?)];
        for (audience, role) in [
            ("admin", StaffRole::Admin(AdminRole::SuperAdmin)),
            ("finance", StaffRole::Finance(FinanceRole::Manager)),
            ("analytics", StaffRole::Analyst),
        ] {
            tokens.push((audience, sign_in::staff(connection, secrets, role).await?));
        }
        let year_ago = UtcTime::from_millis(now.as_millis() - 365 * DAY_SECONDS * 1_000);
        Ok(Guide {
            operator: operator_id.to_string(),
            site: SiteId::from_uuid(site).to_string(),
            app: AppId::from_uuid(app).to_string(),
            year_ago: year_ago.context("a year ago there was no time")?.to_string(),
            tokens,
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
