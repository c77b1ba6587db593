//! The rounds: baseline and product in turn, so that whatever else the machine does meets both.

use std::path::{Path, PathBuf};

use anyhow::Context;
use books::ledger::verify::{Verified, verify};
use platform::db::embedded::DATABASE;
use sqlx::{Connection, PgConnection};

use crate::baseline::{self, BaselineRun, CLIENTS, Textbook};
use crate::cluster::{BASELINE, Cluster};
use crate::history::History;
use crate::output::progress;
use crate::proc::{self, Resident};
use crate::reads::{self, Reading};
use crate::seed::{self, OPERATORS};
use crate::server::{Launch, Server};
use crate::simulator::{Load, Play, Played, Simulator};

/// Seconds of the unmeasured runs that fill caches before the first round.
const WARM_UP_SECONDS: u32 = 2;
/// Fraction of repeated requests in the open loop at high rate.
const DUPLICATES: f64 = 0.05;
pub(crate) const OPEN_LOOP_PER_S: u32 = 1_000;
pub(crate) const TRICKLE_PER_S: u32 = 20;

/// How much to measure.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) rounds: u32,
    /// Of every closed loop and baseline.
    pub(crate) seconds: u32,
    pub(crate) open_loop_seconds: u32,
    pub(crate) trickle_seconds: u32,
    /// Of the year that a report is made of.
    pub(crate) report_records: u64,
    /// Games of the past of P5 and P6.
    pub(crate) records: u64,
    /// Of every endpoint in P6.
    pub(crate) readings: u32,
    /// The rows to measure; all of them if it is empty.
    pub(crate) only: Vec<String>,
}

impl Plan {
    /// Whether any of these rows is to be measured.
    pub(crate) fn measures(&self, ids: &[&str]) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| ids.contains(&only.as_str()))
    }
}

/// One entry per round.
#[derive(Debug, Default)]
pub(crate) struct Measurements {
    pub(crate) spread: Vec<BaselineRun>,
    pub(crate) hot: Vec<BaselineRun>,
    pub(crate) single: Vec<BaselineRun>,
    /// P99 of the textbook at the pace of P4, in milliseconds.
    pub(crate) paced: Vec<f64>,
    pub(crate) p1: Vec<Played>,
    pub(crate) p1_64: Vec<Played>,
    pub(crate) p2: Vec<Played>,
    pub(crate) p3: Vec<Played>,
    pub(crate) p4: Vec<Played>,
    pub(crate) p5: Vec<Played>,
    pub(crate) p6: Vec<Reading>,
    pub(crate) p11: Vec<Played>,
    /// Memory of the server right after each open loop at high rate.
    pub(crate) memory: Vec<Resident>,
}

/// Everything that runs during the rounds.
#[derive(Debug)]
pub(crate) struct Bench<'a> {
    plan: Plan,
    cluster: &'a Cluster,
    launch: Launch,
    server: Server,
    simulator: Simulator,
    connection: PgConnection,
    textbook: Textbook,
    /// When a row needs a past.
    history: Option<History>,
    keys: PathBuf,
    hot_key: PathBuf,
}

/// What the books said at the end.
#[derive(Debug)]
pub(crate) struct Finished {
    /// The product's: broken books fail its rows, and the rest is still worth seeing.
    pub(crate) books: Result<Verified, String>,
    pub(crate) books_of_the_past: Result<(), String>,
    pub(crate) textbook_charges: i64,
}

impl<'a> Bench<'a> {
    /// Fills both databases and starts the server.
    pub(crate) async fn prepare(
        plan: Plan,
        cluster: &'a Cluster,
        binary: &Path,
        scratch: &Path,
    ) -> anyhow::Result<Self> {
        progress("filling two databases with 1 000 operators each");
        let (launch, secrets) = Launch::on(cluster, DATABASE, binary, &scratch.join("server"))?;
        let mut connection = cluster.connect(DATABASE).await?;
        let venues = seed::product(&mut connection, &secrets.cipher, OPERATORS).await?;
        seed::raise_limits(&mut connection).await?;
        let mut baseline = cluster.connect(BASELINE).await?;
        let textbook_venues = seed::baseline(&mut baseline, &secrets.cipher).await?;
        let app_id = textbook_venues.first().context("no operators")?.app_id;
        let all: Vec<&str> = venues.iter().map(|venue| venue.api_key.as_str()).collect();
        let (keys, hot_key) = (scratch.join("keys"), scratch.join("hot_key"));
        std::fs::write(&keys, all.join("\n"))?;
        std::fs::write(&hot_key, all[0])?;
        let history = match plan.measures(&["P5", "P6"]) {
            true => Some(History::prepare(cluster, binary, scratch, plan.records).await?),
            false => None,
        };
        let server = Server::start(&launch).await?;
        let simulator = Simulator::new(&launch, &server, cluster.url(DATABASE), cluster.postmaster.pid);
        Ok(Bench {
            plan,
            cluster,
            launch,
            server,
            simulator,
            connection,
            textbook: Textbook::write(scratch, app_id)?,
            history,
            keys,
            hot_key,
        })
    }

    /// Runs all rounds.
    pub(crate) async fn run(&mut self) -> anyhow::Result<Measurements> {
        progress("warming up");
        self.baseline(CLIENTS, OPERATORS, WARM_UP_SECONDS).await?;
        self.closed(256, false, WARM_UP_SECONDS).await?;
        let mut measured = Measurements::default();
        for round in 1..=self.plan.rounds {
            progress(&format!("round {round} of {}", self.plan.rounds));
            Box::pin(self.run_round(&mut measured)).await?;
        }
        if self.plan.measures(&["P6"])
            && let Some(history) = &mut self.history
        {
            self.cluster.settle().await?;
            measured.p6 = reads::measure(history, self.plan.readings).await?;
        }
        Ok(measured)
    }

    async fn run_round(&mut self, measured: &mut Measurements) -> anyhow::Result<()> {
        let plan = self.plan.clone();
        let seconds = plan.seconds;
        if plan.measures(&["P1", "P1/64"]) {
            measured.spread.push(self.baseline(CLIENTS, OPERATORS, seconds).await?);
        }
        if plan.measures(&["P1", "P5", "P11"]) {
            measured.p1.push(self.closed(256, false, seconds).await?);
        }
        if plan.measures(&["P5"])
            && let Some(history) = &mut self.history
        {
            self.cluster.settle().await?;
            measured.p5.push(history.play(seconds).await?);
        }
        if plan.measures(&["P11"]) {
            measured.p11.push(self.two_instances(seconds).await?);
        }
        if plan.measures(&["P1/64"]) {
            measured.p1_64.push(self.closed(64, false, seconds).await?);
        }
        if plan.measures(&["P2"]) {
            measured.hot.push(self.baseline(CLIENTS, 1, seconds).await?);
            measured.p2.push(self.closed(256, true, seconds).await?);
        }
        if plan.measures(&["P4"]) {
            measured.single.push(self.baseline(1, OPERATORS, seconds).await?);
            measured.paced.push(self.paced_baseline().await?);
            measured.p4.push(self.open(TRICKLE_PER_S, 0.0, plan.trickle_seconds).await?);
        }
        if plan.measures(&["P3", "P9"]) {
            measured.p3.push(self.open(OPEN_LOOP_PER_S, DUPLICATES, plan.open_loop_seconds).await?);
            measured.memory.push(proc::resident(self.server.pid)?);
        }
        Ok(())
    }

    async fn baseline(&mut self, clients: u32, operators: u32, seconds: u32) -> anyhow::Result<BaselineRun> {
        self.cluster.settle().await?;
        let run = self.textbook.run(self.cluster, clients, operators, seconds).await?;
        progress(&format!(
            "  textbook, {clients} clients, {operators} operators: {:.0}/s, {:.2} ms",
            run.per_s, run.latency_ms
        ));
        Ok(run)
    }

    /// The textbook at the pace of the trickle: what a charge costs whoever asks for one now and then.
    async fn paced_baseline(&mut self) -> anyhow::Result<f64> {
        self.cluster.settle().await?;
        let seconds = self.plan.trickle_seconds;
        let p99_ms = self.textbook.run_paced(self.cluster, TRICKLE_PER_S, OPERATORS, seconds).await?;
        progress(&format!("  textbook, {TRICKLE_PER_S}/s, {OPERATORS} operators: P99 {p99_ms:.2} ms"));
        Ok(p99_ms)
    }

    async fn closed(&mut self, connections: u32, hot: bool, seconds: u32) -> anyhow::Result<Played> {
        let urls = vec![self.server.url()];
        self.play(urls, hot, Load::Connections(connections), 0.0, seconds).await
    }

    async fn open(&mut self, per_s: u32, duplicates: f64, seconds: u32) -> anyhow::Result<Played> {
        let urls = vec![self.server.url()];
        self.play(urls, false, Load::PerSecond(per_s), duplicates, seconds).await
    }

    async fn two_instances(&mut self, seconds: u32) -> anyhow::Result<Played> {
        let second = Server::start(&self.launch).await?;
        self.simulator.servers.push(second.pid);
        let urls = vec![self.server.url(), second.url()];
        let played = self.play(urls, false, Load::Connections(256), 0.0, seconds).await;
        self.simulator.servers.pop();
        second.stop().await?;
        played
    }

    async fn play(
        &mut self,
        urls: Vec<String>,
        hot: bool,
        load: Load,
        duplicates: f64,
        seconds: u32,
    ) -> anyhow::Result<Played> {
        self.cluster.settle().await?;
        let instances = urls.len();
        let play =
            Play { urls, keys: if hot { &self.hot_key } else { &self.keys }, load, seconds, duplicates };
        let played = self.simulator.play(&play, &mut self.connection).await?;
        let operators = if hot { 1 } else { OPERATORS };
        let summary = played.summary();
        progress(&format!("  product, {load:?}, {operators} operators, {instances} instances: {summary}"));
        Ok(played)
    }

    /// Stops the servers and recomputes the books of all databases.
    pub(crate) async fn finish(mut self) -> anyhow::Result<Finished> {
        self.server.stop().await?;
        progress("verifying the books");
        let books = verify(&mut self.connection).await.map_err(|error| error.to_string());
        self.connection.close().await?;
        let books_of_the_past = match self.history {
            Some(history) => history.finish().await?,
            None => Ok(()),
        };
        let mut connection = self.cluster.connect(BASELINE).await?;
        let textbook_charges = baseline::check_books(&mut connection).await?;
        connection.close().await?;
        Ok(Finished { books, books_of_the_past, textbook_charges })
    }
}
