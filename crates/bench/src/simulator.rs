//! `coinslot simulate` as a process of its own, watched while it plays.
//!
//! A process and not a thread of this one: its CPU time and its memory (every answer is kept until the books are
//! checked) can be told apart and are gone with it, and it is what anybody else would run. Either way it works on one
//! thread, and this process only looks on.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use base::clock::{Clock, UtcTime};
use simulate::Report;
use sqlx::PgConnection;
use tokio::process::Command;
use tokio::time::{MissedTickBehavior, interval};

use crate::proc::{self, CpuSeconds};
use crate::server::{Launch, Server};

const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What to play.
#[derive(Clone, Debug)]
pub(crate) struct Play<'a> {
    pub(crate) urls: Vec<String>,
    pub(crate) keys: &'a Path,
    pub(crate) load: Load,
    pub(crate) seconds: u32,
    pub(crate) duplicates: f64,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Load {
    Connections(u32),
    PerSecond(u32),
}

/// Whom to watch meanwhile.
#[derive(Debug)]
pub(crate) struct Simulator {
    binary: PathBuf,
    database_url: String,
    /// Written anew by each run.
    report: PathBuf,
    pub(crate) servers: Vec<u32>,
    postmaster: u32,
}

/// A run and what was seen of it.
#[derive(Clone, Debug)]
pub(crate) struct Played {
    pub(crate) report: Report,
    /// CPU time of the play itself, without reading the keys before and checking the books after it. Only in a closed
    /// loop, where the play can be told by its open connections.
    pub(crate) cpu: Option<CpuSeconds>,
    /// Attempts that had no row in the authorization log yet when the closed loop ended: work put off.
    pub(crate) log_rows_behind: Option<i64>,
    /// The highest memory of the first server, seen every 50 ms.
    pub(crate) resident_mib: f64,
}

impl Played {
    /// In a few words.
    pub(crate) fn summary(&self) -> String {
        let Report { authorizations_per_s, latency_us, .. } = &self.report;
        let p99_ms = latency_us.p99 as f64 / 1_000.0;
        let failed = self.problem().map_or(String::new(), |problem| format!("  FAILED: {problem}"));
        format!("{authorizations_per_s:.0}/s, P99 {p99_ms:.2} ms{failed}")
    }

    /// Why the run must not count: an error answer, a refusal (cheaper than a charge), or books that do not add up.
    pub(crate) fn problem(&self) -> Option<String> {
        let report = &self.report;
        if !report.failures.is_empty() {
            let first = report.first_failure.as_deref().unwrap_or_default();
            return Some(format!("failures {:?}, the first: {first}", report.failures));
        }
        if !report.refusals.is_empty() {
            return Some(format!("refusals {:?}", report.refusals));
        }
        if report.discrepancies_count > 0 {
            let first = report.discrepancies.first().map_or("", String::as_str);
            return Some(format!("{} discrepancies, the first: {first}", report.discrepancies_count));
        }
        match (report.records_checked, report.authorized) {
            (true, 1..) => None,
            (false, _) => Some("the usage records were not checked".to_owned()),
            (true, 0) => Some("nothing was authorized".to_owned()),
        }
    }
}

impl Simulator {
    /// As it comes with the server it plays against.
    pub(crate) fn new(launch: &Launch, server: &Server, database_url: String, postmaster: u32) -> Self {
        Simulator {
            binary: launch.binary.clone(),
            database_url,
            report: launch.log.with_extension("report.json"),
            servers: vec![server.pid],
            postmaster,
        }
    }

    pub(crate) async fn play(
        &self,
        play: &Play<'_>,
        connection: &mut PgConnection,
    ) -> anyhow::Result<Played> {
        drop(std::fs::remove_file(&self.report));
        let begun_at = Clock::system().now();
        let mut child = self.command(play).spawn().context("running the simulator")?;
        let pid = child.id().context("the simulator ended at once")?;
        let mut watch = Watch::new(self, pid, play.load);
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut log_rows = None;
        let status = loop {
            tokio::select! {
                status = child.wait() => break status?,
                _ = looks.tick() => if watch.look() {
                    log_rows = Some(count_log_rows(connection, begun_at).await?);
                },
            }
        };
        let Ok(text) = std::fs::read_to_string(&self.report) else {
            bail!("the simulator ended with {status} and no report")
        };
        let report: Report = serde_json::from_str(&text).context("reading the simulator's report")?;
        let attempts = i64::try_from(report.requests)?;
        Ok(Played {
            cpu: watch.cpu,
            log_rows_behind: log_rows.map(|rows| attempts - rows),
            resident_mib: watch.resident_mib,
            report,
        })
    }

    fn command(&self, play: &Play<'_>) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(["simulate", "authorize", "--operators"]).arg(play.keys);
        for url in &play.urls {
            command.args(["--url", url]);
        }
        match play.load {
            Load::Connections(count) => command.arg(format!("--concurrency={count}")),
            Load::PerSecond(count) => command.arg(format!("--rate={count}")),
        };
        command
            .arg(format!("--duration={}", play.seconds))
            .arg(format!("--duplicates={}", play.duplicates))
            .args(["--database-url", &self.database_url, "--json"])
            .arg(&self.report)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

/// Every attempt is logged; the calls that read the configuration are another kind.
async fn count_log_rows(connection: &mut PgConnection, since: UtcTime) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM authorization_log WHERE created_at >= $1 AND call = 'authorize'")
        .bind(since)
        .fetch_one(connection)
        .await
}

/// Tells the play by its connections: all are opened right before it and closed at its end.
#[derive(Debug)]
struct Watch<'a> {
    simulator: &'a Simulator,
    pid: u32,
    connections: Option<usize>,
    begun: Option<CpuSeconds>,
    cpu: Option<CpuSeconds>,
    resident_mib: f64,
}

impl<'a> Watch<'a> {
    fn new(simulator: &'a Simulator, pid: u32, load: Load) -> Self {
        let connections = match load {
            Load::Connections(count) => Some(count as usize),
            Load::PerSecond(_) => None,
        };
        Watch { simulator, pid, connections, begun: None, cpu: None, resident_mib: 0.0 }
    }

    /// Answers whether the play has ended since the last look.
    fn look(&mut self) -> bool {
        if let Some(Ok(memory)) = self.simulator.servers.first().map(|&pid| proc::resident(pid)) {
            self.resident_mib = self.resident_mib.max(memory.now_mib);
        }
        let Some(connections) = self.connections else {
            return false;
        };
        let plays = proc::open_files(self.pid) >= connections;
        match (self.begun, plays) {
            (None, true) => self.begun = Some(self.cpu_now()),
            (Some(before), false) if self.cpu.is_none() => {
                self.cpu = Some(self.cpu_now() - before);
                return true;
            }
            _ => {}
        }
        false
    }

    fn cpu_now(&self) -> CpuSeconds {
        CpuSeconds {
            server: self.simulator.servers.iter().map(|&pid| proc::cpu_of(pid)).sum(),
            postgres: proc::cpu_of_family(self.simulator.postmaster),
            client: proc::cpu_of(self.pid),
        }
    }
}
