//! What Linux tells about other processes: CPU time, memory, open files.

use std::ops::Sub;
use std::path::PathBuf;

use anyhow::Context;
use procfs::process::{ClearRefs, Process, Stat, all_processes};
use procfs::ticks_per_second;
use serde::Serialize;

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

/// CPU time of one process with all its threads; zero when it is gone.
pub(crate) fn cpu_of(pid: u32) -> f64 {
    stat(pid).map_or(0.0, |stat| own(&stat))
}

/// CPU time of a process and its children, those included that ended.
pub(crate) fn cpu_of_family(pid: u32) -> f64 {
    let Some(head) = stat(pid) else { return 0.0 };
    let processes = all_processes().into_iter().flatten().flatten();
    let stats = processes.filter_map(|process| process.stat().ok());
    let children: f64 = stats.filter(|stat| stat.ppid == head.pid).map(|stat| own(&stat)).sum();
    own(&head) + waited_for(&head) + children
}

/// CPU time of this process's children that ended and were waited for.
pub(crate) fn cpu_of_ended_children() -> f64 {
    stat(std::process::id()).map_or(0.0, |stat| waited_for(&stat))
}

/// Descriptors the process holds open; zero when it is gone.
pub(crate) fn open_files(pid: u32) -> usize {
    process(pid).and_then(|process| Ok(process.fd_count()?)).unwrap_or(0)
}

/// Memory of a running process.
pub(crate) fn resident(pid: u32) -> anyhow::Result<Resident> {
    let status = process(pid)?.status()?;
    let mib = |kib: Option<u64>| kib.map(|kib| kib as f64 / 1_024.0).context("a process without memory");
    Ok(Resident { now_mib: mib(status.vmrss)?, highest_mib: mib(status.vmhwm)? })
}

/// Begins to look for the highest memory anew.
pub(crate) fn forget_highest(pid: u32) -> anyhow::Result<()> {
    Ok(process(pid)?.clear_refs(ClearRefs::PeakRSS)?)
}

/// The program that a process was started as.
pub(crate) fn program(pid: u32) -> anyhow::Result<PathBuf> {
    let words = process(pid)?.cmdline()?;
    words.into_iter().next().map(PathBuf::from).with_context(|| format!("process {pid} has no command line"))
}

fn process(pid: u32) -> anyhow::Result<Process> {
    Process::new(pid.cast_signed()).with_context(|| format!("looking at process {pid}"))
}

fn stat(pid: u32) -> Option<Stat> {
    process(pid).ok()?.stat().ok()
}

fn own(stat: &Stat) -> f64 {
    (stat.utime + stat.stime) as f64 / ticks_per_second() as f64
}

fn waited_for(stat: &Stat) -> f64 {
    (stat.cutime + stat.cstime) as f64 / ticks_per_second() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

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
