//! The table for people and `results.json`.

use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use base::clock::Clock;
use procfs::{CpuInfo, Current, Meminfo};
use serde::Serialize;

use crate::rows::{Bound, Row};
use crate::seed::settings;

/// What stands under the table, so that nobody has to guess what was compared with what.
const NOTES: [&str; 8] = [
    "Textbook: pgbench -M prepared, 16 clients, in a second database of the same cluster with the same schema. It \
     writes a usage record and a transaction; our schema keeps both in one row, so the second table is \
     bench_transactions, which only the benchmark has.",
    "Ratios are medians of the rounds' ratios, not ratios of medians.",
    "Before every measurement: work left behind is waited for, all databases are vacuumed and analyzed, CHECKPOINT.",
    "P4: the textbook's one client asks without a pause; baseline_paced_p99_ms is the textbook at P4's pace. At that pace \
     a commit waits longer for a disk and a processor that rest in between.",
    "P5 and P6: a third database with a year of games of 1 000 operators, made by coinslot seed. P6 asks for one endpoint \
     after the other, over a fresh connection each time; its value is the slowest endpoint's.",
    "The product's tables grow through all rounds; the textbook's grow several times slower.",
    "Every product run is checked: answers, balances, usage records; an error, a refusal or a discrepancy fails its \
     row. At the end the books of all operators are recomputed entry by entry.",
    "CPU times are of the play itself, without reading the keys before and checking the books after it. The log is \
     written behind; log_rows_behind_at_end is what was still to be written when a play ended.",
];

/// A baseline that varies more than this between rounds was disturbed. Lock queues suffer most from a busy machine, so
/// the disturbance flatters the product.
const STEADY: f64 = 1.3;

/// Where and when.
#[derive(Debug, Serialize)]
pub(crate) struct Results<'a> {
    pub(crate) commit: String,
    pub(crate) date: String,
    pub(crate) machine: String,
    pub(crate) rows: &'a [Row],
}

impl<'a> Results<'a> {
    pub(crate) fn new(rows: &'a [Row], database: &str) -> Self {
        Results {
            commit: commit(),
            date: Clock::system().now().to_string(),
            machine: format!("{}, {database}", machine()),
            rows,
        }
    }

    pub(crate) fn write_json(&self, path: &Path) -> anyhow::Result<()> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
        }
        std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
    }

    pub(crate) fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "\n{} at {}, {}\n", self.commit, self.date, self.machine)?;
        let title = ("id", "what", "value", "unit", "target");
        writeln!(out, "{:<6} {:<52} {:>9} {:<6} {:>8}  pass", title.0, title.1, title.2, title.3, title.4)?;
        for row in self.rows {
            write_row(out, row)?;
        }
        writeln!(out)?;
        for (key, value) in settings() {
            writeln!(out, "* Setting {key} = {value}; all other settings are the defaults.")?;
        }
        NOTES.iter().try_for_each(|note| writeln!(out, "* {note}"))
    }
}

fn write_row(out: &mut impl Write, row: &Row) -> io::Result<()> {
    let target = row.target.map_or("–".to_owned(), |target| format!("{} {target}", row.bound.sign()));
    let pass = match (row.pass, row.bound) {
        (true, Bound::None) => "books in order",
        (true, _) => "yes",
        (false, _) => "NO",
    };
    writeln!(out, "{:<6} {:<52} {:>9.2} {:<6} {target:>8}  {pass}", row.id, row.what, row.value, row.unit)?;
    for (name, summary) in &row.raw.series {
        let (min, median, max) = (summary.min, summary.median, summary.max);
        writeln!(out, "         {name:<26} min {min:>10.2}   median {median:>10.2}   max {max:>10.2}")?;
    }
    if let Some(baseline) = row.raw.series.get("baseline_per_s")
        && baseline.max > STEADY * baseline.min
    {
        writeln!(
            out,
            "         DISTURBED: the baseline varies by more than a factor of {STEADY}; measure on a quiet machine"
        )?;
    }
    for (name, value) in &row.raw.more {
        writeln!(out, "         {name:<26} {value}")?;
    }
    for error in &row.raw.errors {
        writeln!(out, "         FAILED: {error}")?;
    }
    Ok(())
}

/// Tells whoever waits what is going on.
pub(crate) fn progress(text: &str) {
    // Nobody reading is no reason to stop.
    drop(writeln!(io::stderr().lock(), "{text}"));
}

fn commit() -> String {
    let git = |args: &[&str]| {
        let output = Command::new("git").args(args).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success().then_some(text)
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else {
        return "unknown".to_owned();
    };
    match git(&["status", "--porcelain", "--untracked-files=no"]) {
        Some(changes) if changes.is_empty() => commit,
        _ => format!("{commit} with changes"),
    }
}

fn machine() -> String {
    let model = CpuInfo::current().ok().and_then(|cpus| cpus.model_name(0).map(str::to_owned));
    let model = model.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let bytes = Meminfo::current().map_or(0, |memory| memory.mem_total);
    format!("{model}, {cores} cores, {:.0} GiB", bytes as f64 / 1_073_741_824.0)
}
