//! What Linux tells about other processes: CPU time, memory, open files.

use std::fs;
use std::ops::Sub;
use std::path::PathBuf;

use anyhow::Context;
use serde::Serialize;

/// Clock ticks per second in `/proc`: Linux shows 100 to programs on every architecture.
const TICKS_PER_SECOND: f64 = 100.0;

/// CPU time so far, or during something, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct CpuSeconds {
    pub(crate) server: f64,
    pub(crate) postgres: f64,
    pub(crate) client: f64,
}

impl Sub for CpuSeconds {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        CpuSeconds {
            server: self.server - earlier.server,
            postgres: self.postgres - earlier.postgres,
            client: self.client - earlier.client,
        }
    }
}

/// Memory of a process in MiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Resident {
    /// Now (`VmRSS`).
    pub(crate) now_mib: f64,
    /// The highest since the process began (`VmHWM`).
    pub(crate) highest_mib: f64,
}

/// The fields of `/proc/<pid>/stat` that are used here, in ticks where they are times.
#[derive(Debug, PartialEq)]
struct Stat {
    parent: u32,
    own: u64,
    waited_for: u64,
}

impl Stat {
    fn read(pid: u32) -> Option<Self> {
        Self::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    /// The program's name stands in brackets and may hold anything, brackets and spaces too.
    fn parse(text: &str) -> Option<Self> {
        let (_, rest) = text.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Stat {
            parent: fields.get(1)?.parse().ok()?,
            own: ticks(11)? + ticks(12)?,
            waited_for: ticks(13)? + ticks(14)?,
        })
    }
}

/// CPU time of one process with all its threads; zero when it is gone.
pub(crate) fn cpu_of(pid: u32) -> f64 {
    Stat::read(pid).map_or(0.0, |stat| seconds(stat.own))
}

/// CPU time of a process and its children, those included that ended.
pub(crate) fn cpu_of_family(pid: u32) -> f64 {
    let Some(head) = Stat::read(pid) else { return 0.0 };
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let children: u64 = processes
        .filter_map(|entry| Stat::read(entry.file_name().to_str()?.parse().ok()?))
        .filter(|stat| stat.parent == pid)
        .map(|stat| stat.own)
        .sum();
    seconds(head.own + head.waited_for + children)
}

/// CPU time of this process's children that ended and were waited for.
pub(crate) fn cpu_of_ended_children() -> f64 {
    Stat::read(std::process::id()).map_or(0.0, |stat| seconds(stat.waited_for))
}

/// Descriptors the process holds open; zero when it is gone.
pub(crate) fn open_files(pid: u32) -> usize {
    fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count)
}

/// Memory of a running process.
pub(crate) fn resident(pid: u32) -> anyhow::Result<Resident> {
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib: Option<f64> = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
        kib.map(|kib| kib / 1_024.0).with_context(|| format!("no {name} in {path}"))
    };
    Ok(Resident { now_mib: field("VmRSS:")?, highest_mib: field("VmHWM:")? })
}

/// Begins to look for the highest memory anew (`proc(5)`, `clear_refs`).
pub(crate) fn forget_highest(pid: u32) -> anyhow::Result<()> {
    let path = format!("/proc/{pid}/clear_refs");
    fs::write(&path, "5").with_context(|| format!("writing {path}"))
}

/// The command line of a process, word by word.
pub(crate) fn command_line(pid: u32) -> anyhow::Result<Vec<PathBuf>> {
    let path = format!("/proc/{pid}/cmdline");
    let line = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    Ok(line.split('\0').map(PathBuf::from).collect())
}

fn seconds(ticks: u64) -> f64 {
    ticks as f64 / TICKS_PER_SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_spaces_does_not_shift_the_fields() {
        let text = "7 (a) b (c)) S 3 7 7 0 -1 4194560 1 2 3 4 50 6 700 8 20 0 1 0 99";
        let expected = Stat { parent: 3, own: 56, waited_for: 708 };
        assert_eq!(Stat::parse(text), Some(expected));
        assert_eq!(Stat::parse("7 (a) S"), None);
    }

    #[test]
    fn this_process_has_memory_and_files() {
        let pid = std::process::id();
        let memory = resident(pid).unwrap();
        assert!(memory.now_mib > 0.5 && memory.highest_mib >= memory.now_mib);
        assert!(open_files(pid) >= 3);
        // Asked first: the time of this process goes on while the family's is added up.
        let own = cpu_of(pid);
        assert!(cpu_of_family(pid) >= own);
        assert!(resident(0).is_err());
    }
}
