//! P5: the throughput of P1 with a year of games in the database, against the same without.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, ensure};
use books::ledger::verify::verify;
use office::statistics::rollups;
use platform::config::Secrets;
use sqlx::{Connection, PgConnection};
use tokio::process::Command;

use crate::cluster::{Cluster, HISTORY};
use crate::output::progress;
use crate::rows::{Bound, Goal, Raw, Row, rates, ratios};
use crate::seed::{OPERATORS, raise_limits};
use crate::server::{Launch, Server, generate_secrets};
use crate::simulator::{Load, Play, Played, Simulator};
use crate::stats::Summary;

const DAYS: u32 = 365;
const SITES: u32 = 10;
const APPS: u32 = 20;

/// A second platform with a past.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) server: Server,
    pub(crate) connection: PgConnection,
    pub(crate) secrets: Secrets,
    simulator: Simulator,
    keys: PathBuf,
    records: u64,
}

impl History {
    /// Writes the past and starts the server.
    pub(crate) async fn prepare(
        cluster: &Cluster,
        binary: &Path,
        scratch: &Path,
        records: u64,
    ) -> anyhow::Result<Self> {
        progress(&format!("writing a past of {records} games"));
        let data_dir = scratch.join("history");
        let (secrets, mut environment) = generate_secrets(&data_dir)?;
        let url = cluster.url(HISTORY);
        environment.push(("DATABASE_URL", url.clone()));
        let keys = scratch.join("history_keys");
        let mut command = Command::new(binary);
        command
            .arg("seed")
            .args([format!("--operators={OPERATORS}"), format!("--sites={SITES}"), format!("--apps={APPS}")])
            .args([format!("--history={DAYS}"), format!("--records={records}")])
            .arg("--keys-file")
            .arg(&keys)
            .arg("--data-dir")
            .arg(&data_dir)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true);
        let status = command.status().await.context("running coinslot seed")?;
        ensure!(status.success(), "coinslot seed ended with {status}");
        let mut connection = cluster.connect(HISTORY).await?;
        raise_limits(&mut connection).await?;
        let launch = Launch {
            binary: binary.to_owned(),
            data_dir,
            log: scratch.join("history.log"),
            environment,
            pg_bindir: None,
        };
        let server = Server::start(&launch).await?;
        let simulator = Simulator {
            binary: binary.to_owned(),
            database_url: url,
            report: scratch.join("history_report.json"),
            servers: vec![server.pid],
            postmaster: cluster.postmaster.pid,
        };
        Ok(History { server, connection, secrets, simulator, keys, records })
    }

    /// As P1.
    pub(crate) async fn play(&mut self, seconds: u32) -> anyhow::Result<Played> {
        let urls = vec![self.server.url()];
        let load = Load::Connections(256);
        let play = Play { urls, keys: &self.keys, load, seconds, duplicates: 0.0 };
        let played = self.simulator.play(&play, &mut self.connection).await?;
        progress(&format!(
            "  product, {load:?}, after {} games: {:.0}/s, P99 {:.2} ms{}",
            self.records,
            played.report.authorizations_per_s,
            played.report.latency_us.p99 as f64 / 1_000.0,
            played.report.problem().map_or(String::new(), |problem| format!("  FAILED: {problem}")),
        ));
        Ok(played)
    }

    /// Stops the server and recomputes books and sums.
    pub(crate) async fn finish(mut self) -> anyhow::Result<Result<(), String>> {
        self.server.stop().await?;
        progress("verifying the books of the past, and the sums over its records");
        let books = verify(&mut self.connection).await.map(drop).map_err(|error| error.to_string());
        let sums = rollups::verify(&mut self.connection).await.map(drop).map_err(|error| error.to_string());
        self.connection.close().await?;
        Ok(books.and(sums))
    }
}

/// The row of the table.
pub(crate) fn row(with_past: &[Played], without: &[Played], books: Result<(), &str>) -> Row {
    let ratios = Summary::of(ratios(rates(with_past), rates(without)));
    let value = ratios.median;
    let mut raw = Raw::of(with_past)
        .with("ratio", ratios.all)
        .with("with_past_per_s", rates(with_past))
        .with("without_per_s", rates(without));
    if let Err(broken) = books {
        raw.errors.push(format!("the books are broken: {broken}"));
    }
    Goal("P5", "P1 with a year of games in the database / P1", "ratio", Bound::AtLeast, Some(0.8))
        .row(value, raw)
}
