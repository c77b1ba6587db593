//! `make bench`: measures the decision path on this machine; `rows.rs` says what, and what it must reach.
//!
//! It starts a PostgreSQL of its own with the durable defaults every installation gets, runs the textbook transaction
//! and the real server on it in turn, and prints ratios with the raw figures beside them.

#![allow(clippy::float_arithmetic, reason = "rates, latencies and their ratios are measurements, not money")]

mod baseline;
mod cluster;
mod cold_start;
mod endpoints;
mod exports;
mod history;
mod http;
mod output;
mod proc;
mod reads;
mod rounds;
mod rows;
mod seed;
mod server;
mod sign_in;
mod simulator;
mod stats;
mod yearly_report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Duration, sleep};

use crate::cluster::Cluster;
use crate::output::{Results, progress};
use crate::rounds::{Bench, Finished, Plan};
use crate::rows::{Apart, Row, rows};
use crate::server::Launch;

/// Where `results.json` is committed.
const RESULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bench/results.json");
const FEWEST_ROUNDS: u32 = 5;
const QUICK_RECORDS: u64 = 100_000;
/// Of every endpoint.
const READINGS: u32 = 50;

/// Measures the decision path against the textbook transaction.
#[derive(Debug, Parser)]
struct Args {
    /// Rounds; every case is measured once in each.
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Seconds of every closed loop and of every run of the textbook.
    #[arg(long, default_value = "8", value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// One round of 3 s each and a small past, to try things out.
    #[arg(long, conflicts_with_all = ["rounds", "seconds"])]
    quick: bool,
    /// Games of the past that P5 and P6 are measured with; ten million take 12 GB of disk.
    #[arg(long, value_name = "N", default_value = "10000000")]
    records: u64,
    /// Measures only these rows, such as P4 or P1/64, and what they are compared with; repeat it or separate them by commas.
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = rows::IDS)]
    only: Vec<String>,
    /// The `coinslot` to measure; without it the one beside this program.
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Where to write the results. Without it a full release run writes bench/results.json, any other nothing.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Where the PostgreSQL programs are, when they are not found by themselves.
    #[arg(long, env = "PG_BINDIR")]
    pg_bindir: Option<PathBuf>,
}

impl Args {
    fn plan(&self) -> Plan {
        if self.quick {
            let records = self.records.min(QUICK_RECORDS);
            return Plan {
                rounds: 1,
                seconds: 3,
                open_loop_seconds: 3,
                trickle_seconds: 3,
                report_records: 100_000,
                records,
                readings: 5,
                only: self.only.clone(),
            };
        }
        Plan {
            rounds: self.rounds,
            records: self.records,
            readings: READINGS,
            seconds: self.seconds,
            open_loop_seconds: 30,
            // A P99 needs a few hundred requests.
            trickle_seconds: self.seconds.max(20),
            report_records: 10_000_000,
            only: self.only.clone(),
        }
    }

    /// Figures of a debug build, or too few of them, must not replace the committed ones by accident.
    fn json(&self) -> Option<PathBuf> {
        let plan = self.plan();
        let full = !cfg!(debug_assertions)
            && self.server.is_none()
            && plan.rounds >= FEWEST_ROUNDS
            && plan.only.is_empty();
        self.json.clone().or_else(|| full.then(|| RESULTS.into()))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let beside = std::env::current_exe()?;
    let beside = beside.parent().context("this program is nowhere")?;
    let binary = args.server.clone().unwrap_or_else(|| beside.join("coinslot"));
    ensure!(
        binary.is_file(),
        "{} is missing: run `cargo build --release` first, as `make bench` does, or name it with --server",
        binary.display()
    );
    let binary = binary.canonicalize()?;
    let scratch = beside.parent().unwrap_or(beside).join("bench-data");
    clear(&scratch, &args).await?;
    let measured = Box::pin(measure(&args, &binary, &scratch)).await;
    if measured.is_err() {
        progress(&format!("the servers' messages are in {}", scratch.display()));
        return measured.map(|_| ExitCode::FAILURE);
    }
    clear(&scratch, &args).await?;
    // A missed target is a result; an error, a refusal or a wrong book is a failure.
    let failed = measured?.iter().any(|row| !row.raw.errors.is_empty());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Removes what a run leaves behind, databases that are still running included.
async fn clear(scratch: &Path, args: &Args) -> anyhow::Result<()> {
    for name in ["cluster", "cold", "year"] {
        cluster::remove(&scratch.join(name), args.pg_bindir.as_deref()).await?;
    }
    match std::fs::remove_dir_all(scratch) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

async fn measure(args: &Args, binary: &Path, scratch: &Path) -> anyhow::Result<Vec<Row>> {
    std::fs::create_dir_all(scratch).with_context(|| format!("creating {}", scratch.display()))?;
    if cfg!(debug_assertions) {
        progress("this is a debug build: its figures say nothing about the product");
    }
    let cluster = Cluster::start(&scratch.join("cluster"), args.pg_bindir.as_deref()).await?;
    let measured = tokio::select! {
        measured = run(args, &cluster, binary, scratch) => measured,
        interrupted = interrupted() => interrupted.and_then(|()| bail!("interrupted")),
    };
    if measured.is_err() {
        // Servers that were dropped are being killed; their own databases would live on.
        sleep(Duration::from_millis(200)).await;
        for name in ["cold", "year"] {
            cluster::stop_leftover(&scratch.join(name), args.pg_bindir.as_deref()).await?;
        }
    }
    cluster.stop().await?;
    measured
}

/// Waits for Ctrl-C or SIGTERM: servers and databases must not outlive this process.
async fn interrupted() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupt = tokio::signal::ctrl_c() => Ok(interrupt?),
    }
}

async fn run(args: &Args, cluster: &Cluster, binary: &Path, scratch: &Path) -> anyhow::Result<Vec<Row>> {
    let database = cluster.describe().await?;
    let plan = args.plan();
    let mut bench = Bench::prepare(plan.clone(), cluster, binary, scratch).await?;
    let measured = Box::pin(bench.run()).await?;
    let Finished { books, books_of_the_past, textbook_charges } = bench.finish().await?;
    if let Ok(verified) = &books {
        progress(&format!(
            "books in order: {} operators, {} charges; the textbook made {textbook_charges}",
            verified.operators, verified.charges
        ));
    }
    let exports = match plan.measures(rows::EXPORTS) {
        true => Some(exports::measure(cluster, binary, scratch, plan.rounds).await?),
        false => None,
    };
    let launch = Launch {
        binary: binary.to_owned(),
        data_dir: scratch.join("cold"),
        log: scratch.join("cold.log"),
        environment: Vec::new(),
        pg_bindir: args.pg_bindir.clone(),
    };
    let cold = match plan.measures(rows::COLD_START) {
        true => Some(cold_start::measure(&launch, plan.rounds).await?),
        false => None,
    };
    let launch = Launch { data_dir: scratch.join("year"), log: scratch.join("year.log"), ..launch };
    let year = match plan.measures(rows::YEARLY_REPORT) {
        true => Some(Box::pin(yearly_report::measure(&launch, plan.report_records)).await?),
        false => None,
    };
    let past = books_of_the_past.as_ref().copied().map_err(String::as_str);
    let apart = Apart { cold, exports, year };
    let mut rows = rows(&measured, &apart, books.as_ref().map(drop).map_err(String::as_str), past);
    rows.retain(|row| plan.measures(&[row.id]));
    let results = Results::new(&rows, &database);
    results.write_table(&mut std::io::stdout().lock())?;
    if let Some(path) = args.json() {
        results.write_json(&path)?;
        progress(&format!("written to {}", path.display()));
    }
    Ok(rows)
}
