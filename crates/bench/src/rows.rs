//! From measurements to the rows of the table.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::baseline::BaselineRun;
use crate::cold_start::ColdStarts;
use crate::exports::{ExportRun, ExportRuns};
use crate::rounds::Measurements;
use crate::simulator::Played;
use crate::stats::{Summary, round};
use crate::yearly_report::YearlyReport;
use crate::{history, reads};

/// Every row there is.
pub(crate) const IDS: [&str; 15] = [
    "P1", "P1/64", "P2", "P3", "P4", "P5", "P6", "P7", "P7/csv", "P7/mem", "P8", "P8/P3", "P9", "P10", "P11",
];
/// Rows that are measured together, with databases of their own.
pub(crate) const EXPORTS: &[&str] = &["P7", "P7/csv", "P7/mem"];
pub(crate) const YEARLY_REPORT: &[&str] = &["P8", "P8/P3"];
pub(crate) const COLD_START: &[&str] = &["P10"];

/// What is measured with databases of its own, after the rounds.
#[derive(Debug)]
pub(crate) struct Apart {
    pub(crate) exports: Option<ExportRuns>,
    pub(crate) cold: Option<ColdStarts>,
    pub(crate) year: Option<YearlyReport>,
}

/// A line of the table and of `results.json`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) id: &'static str,
    #[serde(skip)]
    pub(crate) what: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) target: Option<f64>,
    #[serde(skip)]
    pub(crate) bound: Bound,
    pub(crate) pass: bool,
    pub(crate) raw: Raw,
}

/// On which side of its target a value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    AtLeast,
    AtMost,
    Below,
    /// Reported, not judged.
    None,
}

/// What a row was computed from.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Raw {
    #[serde(flatten)]
    pub(crate) series: BTreeMap<&'static str, Summary>,
    #[serde(flatten)]
    pub(crate) more: BTreeMap<&'static str, Value>,
    /// Why the row must not count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<String>,
}

impl Bound {
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => "≥",
            Self::AtMost => "≤",
            Self::Below => "<",
            Self::None => "",
        }
    }

    fn holds(self, value: f64, target: f64) -> bool {
        match self {
            Self::AtLeast => value >= target,
            Self::AtMost => value <= target,
            Self::Below => value < target,
            Self::None => true,
        }
    }
}

/// What a row is called and must reach.
pub(crate) struct Goal(
    pub(crate) &'static str,
    pub(crate) &'static str,
    pub(crate) &'static str,
    pub(crate) Bound,
    pub(crate) Option<f64>,
);

impl Goal {
    pub(crate) fn row(self, value: f64, raw: Raw) -> Row {
        let Goal(id, what, unit, bound, target) = self;
        let reached = target.is_none_or(|target| bound.holds(value, target));
        Row { id, what, value, unit, target, bound, pass: reached && raw.errors.is_empty(), raw }
    }
}

impl Raw {
    pub(crate) fn with(mut self, name: &'static str, values: impl IntoIterator<Item = f64>) -> Self {
        self.series.insert(name, Summary::of(values));
        self
    }

    /// The runs' CPU time and what was wrong with them.
    pub(crate) fn of(runs: &[Played]) -> Self {
        let mut raw = Raw { errors: runs.iter().filter_map(|run| run.problem()).collect(), ..Raw::default() };
        let cpu: Vec<_> = runs.iter().filter_map(|run| Some((run.cpu?, run))).collect();
        if !cpu.is_empty() {
            raw = raw
                .with("server_cpu_s", cpu.iter().map(|(cpu, _)| cpu.server))
                .with("postgres_cpu_s", cpu.iter().map(|(cpu, _)| cpu.postgres))
                .with("simulator_cpu_s", cpu.iter().map(|(cpu, _)| cpu.client));
            let per_game = |cpu_s: f64, run: &Played| cpu_s / run.report.authorized.max(1) as f64 * 1e6;
            raw = raw
                .with("server_cpu_us_each", cpu.iter().map(|(cpu, run)| per_game(cpu.server, run)))
                .with("postgres_cpu_us_each", cpu.iter().map(|(cpu, run)| per_game(cpu.postgres, run)))
                .with("simulator_cpu_us_each", cpu.iter().map(|(cpu, run)| per_game(cpu.client, run)));
        }
        let behind = runs.iter().filter_map(|run| run.log_rows_behind);
        let behind: Vec<f64> = behind.map(|rows| rows as f64).collect();
        if behind.is_empty() {
            return raw;
        }
        raw.with("log_rows_behind_at_end", behind)
    }
}

pub(crate) fn rates(runs: &[Played]) -> impl Iterator<Item = f64> {
    runs.iter().map(|run| run.report.authorizations_per_s)
}

fn p99_ms(runs: &[Played]) -> impl Iterator<Item = f64> {
    runs.iter().map(|run| run.report.latency_us.p99 as f64 / 1_000.0)
}

pub(crate) fn ratios(
    numerators: impl Iterator<Item = f64>,
    denominators: impl Iterator<Item = f64>,
) -> impl Iterator<Item = f64> {
    numerators.zip(denominators).map(|(numerator, denominator)| numerator / denominator)
}

/// All rows that were measured. Those of the rounds are there even if they were not, empty.
pub(crate) fn rows(
    measured: &Measurements,
    apart: &Apart,
    books: Result<(), &str>,
    books_of_the_past: Result<(), &str>,
) -> Vec<Row> {
    let mut rows = vec![
        throughput(
            Goal("P1", "1 000 operators, 256 connections / textbook", "ratio", Bound::AtLeast, Some(4.5)),
            &measured.p1,
            &measured.spread,
        ),
        throughput(
            Goal("P1/64", "the same with 64 connections", "ratio", Bound::None, None),
            &measured.p1_64,
            &measured.spread,
        ),
        throughput(
            Goal("P2", "one operator, 256 connections / textbook", "ratio", Bound::AtLeast, Some(15.0)),
            &measured.p2,
            &measured.hot,
        ),
        open_loop(measured),
        trickle(measured),
        history::row(&measured.p5, &measured.p1, books_of_the_past),
        reads::row(&measured.p6),
    ];
    if let Some(exports) = &apart.exports {
        let xlsx = Goal("P7", "100 000 usage records as XLSX", "s", Bound::Below, Some(10.0));
        rows.push(export(xlsx, &exports.xlsx));
        rows.push(export(Goal("P7/csv", "the same as CSV", "s", Bound::Below, Some(2.0)), &exports.csv));
        rows.push(export_memory(exports));
    }
    if let Some(year) = &apart.year {
        rows.extend([yearly_report(year), games_beside_the_report(year)]);
    }
    rows.push(memory(measured));
    rows.extend(apart.cold.as_ref().map(cold_start));
    rows.push(two_instances(measured));
    if let Err(broken) = books {
        // The past, the exports, the report of a year and the cold starts have databases of their own.
        let has_own = |id: &str| ["P6", "P10"].contains(&id) || id.starts_with("P7") || id.starts_with("P8");
        for row in rows.iter_mut().filter(|row| !has_own(row.id)) {
            row.raw.errors.push(format!("the books are broken: {broken}"));
            row.pass = false;
        }
    }
    rows
}

fn throughput(goal: Goal, runs: &[Played], baseline: &[BaselineRun]) -> Row {
    let per_s = || baseline.iter().map(|run| run.per_s);
    let ratios = Summary::of(ratios(rates(runs), per_s()));
    let value = ratios.median;
    let raw = Raw::of(runs)
        .with("ratio", ratios.all)
        .with("product_per_s", rates(runs))
        .with("product_p99_ms", p99_ms(runs))
        .with("baseline_per_s", per_s())
        .with("baseline_latency_ms", baseline.iter().map(|run| run.latency_ms))
        .with("baseline_postgres_cpu_s", baseline.iter().map(|run| run.cpu.postgres))
        .with("baseline_pgbench_cpu_s", baseline.iter().map(|run| run.cpu.client));
    goal.row(value, raw)
}

fn open_loop(measured: &Measurements) -> Row {
    let runs = &measured.p3;
    let latencies = Summary::of(p99_ms(runs));
    let value = latencies.median;
    let us = |us: u64| us as f64 / 1_000.0;
    let mut raw = Raw::of(runs)
        .with("p99_ms", latencies.all)
        .with("p50_ms", runs.iter().map(|run| us(run.report.latency_us.p50)))
        .with("max_ms", runs.iter().map(|run| us(run.report.latency_us.max)))
        .with("send_delay_p99_ms", runs.iter().map(|run| us(run.report.send_delay_us.p99)));
    let requests: u64 = runs.iter().map(|run| run.report.requests).sum();
    let replayed: u64 = runs.iter().map(|run| run.report.replayed).sum();
    raw.more.extend([("requests", json!(requests)), ("replayed", json!(replayed))]);
    Goal("P3", "P99 at 1 000 requests/s, 5 % of them repeats", "ms", Bound::Below, Some(10.0)).row(value, raw)
}

fn trickle(measured: &Measurements) -> Row {
    let runs = &measured.p4;
    let single_ms = || measured.single.iter().map(|run| run.latency_ms);
    let ratios = Summary::of(ratios(p99_ms(runs), single_ms()));
    let value = ratios.median;
    let p50_ms = runs.iter().map(|run| run.report.latency_us.p50 as f64 / 1_000.0);
    let raw = Raw::of(runs)
        .with("ratio", ratios.all)
        .with("p99_ms", p99_ms(runs))
        .with("p50_ms", p50_ms)
        .with("baseline_latency_ms", single_ms())
        .with("baseline_paced_p99_ms", measured.paced.iter().copied());
    Goal("P4", "P99 at 20 requests/s / one textbook client", "ratio", Bound::AtMost, Some(3.0))
        .row(value, raw)
}

fn export(goal: Goal, runs: &[ExportRun]) -> Row {
    let seconds = Summary::of(runs.iter().map(|run| run.seconds));
    let value = seconds.median;
    let raw = Raw::default()
        .with("export_s", seconds.all)
        .with("bytes", runs.iter().map(|run| run.bytes as f64))
        .with("grown_mib", runs.iter().map(|run| run.grown_mib));
    goal.row(value, raw)
}

fn export_memory(exports: &ExportRuns) -> Row {
    let all = || exports.csv.iter().chain(&exports.xlsx).map(|run| run.grown_mib);
    // The worst export, because a limit on memory is not kept on average.
    let value = Summary::of(all()).max;
    let raw = Raw::default().with("grown_mib", all());
    Goal("P7/mem", "growth of the server's memory during an export", "MiB", Bound::Below, Some(32.0))
        .row(value, raw)
}

fn yearly_report(year: &YearlyReport) -> Row {
    let mut raw = Raw::default();
    raw.more.extend([("records", json!(year.records)), ("file_bytes", json!(year.file_bytes))]);
    Goal("P8", "report of a year, while games go on", "s", Bound::Below, Some(60.0)).row(year.seconds, raw)
}

fn games_beside_the_report(year: &YearlyReport) -> Row {
    let runs = std::slice::from_ref(&year.played);
    let latencies = Summary::of(p99_ms(runs));
    let value = latencies.median;
    let raw = Raw::of(runs).with("p99_ms", latencies.all);
    Goal("P8/P3", "P99 at 200 requests/s meanwhile", "ms", Bound::Below, Some(10.0)).row(value, raw)
}

fn memory(measured: &Measurements) -> Row {
    let seen = || measured.p3.iter().map(|run| run.resident_mib);
    // The worst round, because a limit on memory is not kept on average.
    let value = Summary::of(seen()).max;
    let highest = measured.memory.iter().map(|memory| memory.highest_mib);
    let raw = Raw { errors: Raw::of(&measured.p3).errors, ..Raw::default() }
        .with("highest_during_p3_mib", seen())
        .with("highest_since_start_mib", highest);
    Goal("P9", "memory of the server during P3", "MiB", Bound::Below, Some(150.0)).row(value, raw)
}

fn cold_start(cold: &ColdStarts) -> Row {
    let starts = Summary::of(cold.later_s.iter().copied());
    let value = starts.median;
    let mut raw = Raw::default().with("start_s", starts.all);
    raw.more.insert("first_start_until_listening_s", json!(round(cold.first_s)));
    Goal("P10", "cold start with its own database to the first game", "s", Bound::Below, Some(5.0))
        .row(value, raw)
}

fn two_instances(measured: &Measurements) -> Row {
    let ratios = Summary::of(ratios(rates(&measured.p11), rates(&measured.p1)));
    let value = ratios.median;
    let raw = Raw::of(&measured.p11)
        .with("ratio", ratios.all)
        .with("two_per_s", rates(&measured.p11))
        .with("one_per_s", rates(&measured.p1));
    Goal("P11", "two instances on one database / one, P1", "ratio", Bound::None, None).row(value, raw)
}
