//! The textbook transaction, run by pgbench on the same cluster.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, bail, ensure};
use base::ids::AppId;
use serde::Serialize;
use sqlx::PgConnection;
use tokio::process::Command;

use crate::cluster::{BASELINE, Cluster};
use crate::proc::{self, CpuSeconds};

pub(crate) const CLIENTS: u32 = 16;
/// Threads of pgbench: with one or four the textbook was slower, or at best as fast, on two cores.
const THREADS: u32 = 2;

/// What books of the textbook say: charges, transactions, and fen by which they differ from the balances.
type Books = (i64, i64, i64);

const BOOKS: &str = "
    SELECT (SELECT count(*) FROM usage_records), (SELECT count(*) FROM bench_transactions),
           ((SELECT sum(total_fen) FROM usage_records) + (SELECT sum(balance_fen) FROM operator_accounts)
            - (SELECT sum(amount_fen) FROM ledger_movements))::bigint";

/// The script and what it needs to know.
#[derive(Debug)]
pub(crate) struct Textbook {
    script: PathBuf,
    app_id: AppId,
}

/// One run of pgbench.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct BaselineRun {
    pub(crate) per_s: f64,
    /// Average over all transactions, in milliseconds.
    pub(crate) latency_ms: f64,
    pub(crate) cpu: CpuSeconds,
}

impl Textbook {
    pub(crate) fn write(dir: &Path, app_id: AppId) -> anyhow::Result<Self> {
        let script = dir.join("textbook.sql");
        std::fs::write(&script, include_str!("textbook.sql"))
            .with_context(|| format!("writing {}", script.display()))?;
        Ok(Textbook { script, app_id })
    }

    /// Runs it for `seconds` over the first `operators` operators.
    pub(crate) async fn run(
        &self,
        cluster: &Cluster,
        clients: u32,
        operators: u32,
        seconds: u32,
    ) -> anyhow::Result<BaselineRun> {
        let postmaster = &cluster.postmaster;
        let mut command = self.command(cluster, clients, operators, seconds);
        let before = proc::cpu_of_family(postmaster.pid);
        let own = proc::cpu_of_ended_children();
        let text = output_of(&mut command).await?;
        let cpu = CpuSeconds {
            server: 0.0,
            postgres: proc::cpu_of_family(postmaster.pid) - before,
            client: proc::cpu_of_ended_children() - own,
        };
        let (per_s, latency_ms) = parse(&text).with_context(|| format!("unreadable: {text}"))?;
        Ok(BaselineRun { per_s, latency_ms, cpu })
    }

    /// Runs it for `seconds` at a fixed pace, one client. Answers the P99 in milliseconds, from the time a transaction was
    /// due, as the open loop counts it.
    pub(crate) async fn run_paced(
        &self,
        cluster: &Cluster,
        per_s: u32,
        operators: u32,
        seconds: u32,
    ) -> anyhow::Result<f64> {
        let dir = self.script.parent().context("the script is nowhere")?;
        let dir = dir.join("paced");
        std::fs::create_dir_all(&dir)?;
        let mut command = self.command(cluster, 1, operators, seconds);
        command
            .arg(format!("--rate={per_s}"))
            .arg("--log")
            .arg(format!("--log-prefix={}", dir.join("log").display()));
        output_of(&mut command).await?;
        let mut text = String::new();
        for entry in std::fs::read_dir(&dir)? {
            text += &std::fs::read_to_string(entry?.path())?;
        }
        std::fs::remove_dir_all(&dir)?;
        p99_ms(&text).context("no transaction in pgbench's log")
    }

    fn command(&self, cluster: &Cluster, clients: u32, operators: u32, seconds: u32) -> Command {
        let mut command = Command::new(cluster.postmaster.bin_dir.join("pgbench"));
        command
            .args(["--no-vacuum", "--protocol=prepared"])
            .arg(cluster.url(BASELINE))
            .arg(format!("--client={clients}"))
            .arg(format!("--jobs={}", THREADS.min(clients)))
            .arg(format!("--time={seconds}"))
            .arg(format!("--define=operators={operators}"))
            .arg(format!("--define=app_id={}", self.app_id.uuid()))
            .arg("--file")
            .arg(&self.script)
            .env("LC_ALL", "C")
            .env_remove("PGOPTIONS")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

async fn output_of(command: &mut Command) -> anyhow::Result<String> {
    let child = command.spawn().context("running pgbench")?;
    let output = child.wait_with_output().await?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!("pgbench: {}{text}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(text)
}

/// From the log of transactions: the third field is the time from when it was due to its end, in microseconds.
fn p99_ms(log: &str) -> Option<f64> {
    let latency_us = |line: &str| line.split_whitespace().nth(2)?.parse::<f64>().ok();
    let mut latencies: Vec<f64> = log.lines().filter_map(latency_us).collect();
    latencies.sort_by(f64::total_cmp);
    let last = latencies.len().checked_sub(1)?;
    Some(latencies[(latencies.len() * 99 / 100).min(last)] / 1_000.0)
}

/// Transactions per second without the time to connect, and average latency in milliseconds.
fn parse(text: &str) -> Option<(f64, f64)> {
    let number_after = |prefix: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(prefix))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Some((number_after("tps = ")?, number_after("latency average = ")?))
}

/// The baseline must have done what it claims, too. Answers the number of charges.
pub(crate) async fn check_books(connection: &mut PgConnection) -> anyhow::Result<i64> {
    let (charges, transactions, difference_fen): Books = sqlx::query_as(BOOKS).fetch_one(connection).await?;
    ensure!(
        charges == transactions && difference_fen == 0,
        "the baseline made {charges} charges and {transactions} transactions, and its balances are off by \
         {difference_fen} fen"
    );
    Ok(charges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_numbers_are_read() {
        let text = "number of failed transactions: 0 (0.000%)\nlatency average = 3.702 ms\n\
                    initial connection time = 21.4 ms\ntps = 4321.512 (without initial connection time)\n";
        assert_eq!(parse(text), Some((4_321.512, 3.702)));
        assert_eq!(parse("nothing"), None);
    }

    #[test]
    fn the_p99_is_read_from_the_log() {
        let log: String = (1..=200).map(|n| format!("0 {n} {n}000 0 1700000000 1 5\n")).collect();
        assert_eq!(p99_ms(&log), Some(199.0));
        assert_eq!(p99_ms(""), None);
    }
}
