use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::Load;
use super::book::Book;
use super::check_balances::distinct_charges;
use super::discrepancy::Discrepancy;
use super::fen::format_fen;
use super::generator::Generator;
use super::meter::Quantiles;

/// Discrepancies that are kept word for word; more than these rarely tell more.
const DISCREPANCIES_SHOWN: usize = 20;

/// What a run measured, and what the check of its books found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    pub load: Load,
    pub operators: usize,
    /// Connections that were opened at the same time, at most.
    pub connections: usize,
    /// Repeats the same choices when given again, though not the same session ids.
    pub seed: u64,
    /// Requests of the run itself, the warm-up included.
    pub requests: u64,
    /// Requests sent after the run to learn the outcome of sessions whose answer was lost.
    pub settling_requests: u64,
    /// First answers 200 to a session.
    pub authorized: u64,
    /// Answers 200 with `Idempotent-Replayed: true`.
    pub replayed: u64,
    /// Answers 4xx by status and error code.
    pub refusals: BTreeMap<String, u64>,
    /// Lost, unreadable and 5xx answers by kind. Never part of the throughput's authorizations.
    pub failures: BTreeMap<String, u64>,
    pub first_failure: Option<String>,
    /// First answers 200 per second of the measured time.
    pub authorizations_per_s: f64,
    /// Answers of any kind per second of the measured time.
    pub answers_per_s: f64,
    /// From the due time of a request to its answer 200, in microseconds.
    pub latency_us: Quantiles,
    /// From the due time of a request to its sending: how late the simulator itself was.
    pub send_delay_us: Quantiles,
    /// Sum of the totals of the charged sessions, in fen.
    pub charged_fen: i64,
    /// Whether the usage records were checked, besides the answers and the balances.
    pub records_checked: bool,
    pub discrepancies_count: usize,
    /// The first discrepancies, at most 20.
    pub discrepancies: Vec<String>,
}

/// What a report repeats about its run.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) load: Load,
    pub(super) seed: u64,
    pub(super) settling_requests: u64,
    pub(super) records_checked: bool,
}

impl Report {
    pub(super) fn new(generator: &Generator, book: &Book, run: &Run, discrepancies: &[Discrepancy]) -> Self {
        let meter = generator.meter.borrow();
        let (refusals, failures) = book.count_codes();
        let (authorized, replayed) = book.count_charges();
        Self {
            load: run.load,
            operators: generator.operators.len(),
            connections: generator.lanes_opened.get(),
            seed: run.seed,
            requests: book.answers.len() as u64 - run.settling_requests,
            settling_requests: run.settling_requests,
            authorized,
            replayed,
            refusals,
            failures,
            first_failure: book.first_failure.clone(),
            authorizations_per_s: meter.authorizations_per_s(),
            answers_per_s: meter.answers_per_s(),
            latency_us: meter.latency(),
            send_delay_us: meter.send_delay(),
            charged_fen: sum_charges(book),
            records_checked: run.records_checked,
            discrepancies_count: discrepancies.len(),
            discrepancies: discrepancies.iter().take(DISCREPANCIES_SHOWN).map(ToString::to_string).collect(),
        }
    }

    /// Whether every request was answered and the books are in order.
    pub fn passed(&self) -> bool {
        self.failures.is_empty() && self.discrepancies_count == 0
    }

    /// Writes the report for a person.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        self.write_counts(out)?;
        self.write_measurements(out)?;
        self.write_books(out)
    }

    fn write_counts(&self, out: &mut impl Write) -> io::Result<()> {
        let load = match self.load {
            Load::Closed { connections } => format!("closed loop, {connections} connections"),
            Load::Open { per_s, .. } => format!("open loop, {per_s} requests/s"),
        };
        writeln!(out, "{load}; {} operators, seed {}\n", self.operators, self.seed)?;
        row(out, "requests", self.requests)?;
        row(out, "authorized", self.authorized)?;
        row(out, "replayed", self.replayed)?;
        row(out, "refused", self.refusals.values().sum::<u64>())?;
        for (code, count) in &self.refusals {
            row(out, &format!("  {code}"), count)?;
        }
        row(out, "failed", self.failures.values().sum::<u64>())?;
        for (kind, count) in &self.failures {
            row(out, &format!("  {kind}"), count)?;
        }
        if self.settling_requests > 0 {
            row(out, "asked again after failures", self.settling_requests)?;
        }
        Ok(())
    }

    fn write_measurements(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out)?;
        row(out, "authorizations/s", format!("{:.1}", self.authorizations_per_s))?;
        row(out, "answers/s", format!("{:.1}", self.answers_per_s))?;
        row(out, "connections", self.connections)?;
        writeln!(
            out,
            "\n{:<16}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}",
            "ms", "P50", "P90", "P95", "P99", "P99.9", "max"
        )?;
        for (name, quantiles) in [("latency", &self.latency_us), ("send delay", &self.send_delay_us)] {
            write!(out, "{name:<16}")?;
            let Quantiles { p50, p90, p95, p99, p999, max } = quantiles;
            for us in [p50, p90, p95, p99, p999, max] {
                write!(out, "{:>9}", format!("{}.{:03}", us / 1000, us % 1000))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn write_books(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out)?;
        row(out, "charged", format_fen(self.charged_fen))?;
        let scope =
            if self.records_checked { "answers, balances, usage records" } else { "answers, balances" };
        if self.discrepancies_count == 0 {
            row(out, "books", format!("in order ({scope})"))?;
        } else {
            row(out, "books", format!("{} discrepancies ({scope})", self.discrepancies_count))?;
        }
        for discrepancy in &self.discrepancies {
            writeln!(out, "  {discrepancy}")?;
        }
        if let Some(failure) = &self.first_failure {
            writeln!(out, "first failure: {failure}")?;
        }
        Ok(())
    }
}

fn sum_charges(book: &Book) -> i64 {
    distinct_charges(book).iter().map(|(_, charge)| charge.total_fen).sum()
}

fn row(out: &mut impl Write, name: &str, value: impl std::fmt::Display) -> io::Result<()> {
    writeln!(out, "{name:<40} {value}")
}
