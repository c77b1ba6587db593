//! The running PostgreSQL: found or spawned, watched, and shut down.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::EmbeddedError;
use super::cluster::Cluster;
use super::error::Doing;

const READY_POLL: Duration = Duration::from_millis(20);
const ADOPTED_POLL: Duration = Duration::from_millis(250);

/// A fast shutdown writes a checkpoint, which takes long on a slow disk.
const FAST_SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(90);
const IMMEDIATE_SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(super) struct Postmaster {
    pid: u32,
    /// Absent when an earlier server started it: then it cannot be waited for, only looked at.
    child: Option<Child>,
}

/// What PostgreSQL notes about itself in `postmaster.pid`.
#[derive(Debug, PartialEq, Eq)]
struct PidFile {
    pid: u32,
    socket_dir: PathBuf,
    status: String,
}

impl Postmaster {
    /// Adopts the postmaster that an earlier server left behind, or spawns one. Neither need be ready yet.
    pub(super) async fn launch(cluster: &Cluster) -> Result<Self, EmbeddedError> {
        let dir = cluster.place.cluster();
        let Some(noted) = PidFile::read(&dir) else {
            return Self::spawn(cluster);
        };
        if is_postmaster(noted.pid, &dir) {
            let mut found = Self { pid: noted.pid, child: None };
            if noted.socket_dir == cluster.place.socket_dir {
                tracing::info!(pid = found.pid, "adopted the PostgreSQL that is already running");
                found.signal(Signal::SIGHUP);
                return Ok(found);
            }
            found.shut_down(cluster).await?;
        } else if kill(as_pid(noted.pid), None).is_ok() {
            // PostgreSQL would take the stranger who has that number now, or a dead child nobody waits for, for
            // a running postmaster and refuse to start.
            let path = dir.join("postmaster.pid");
            fs::remove_file(&path).doing("removing the stale", &path)?;
        }
        Self::spawn(cluster)
    }

    /// A process group of its own keeps Ctrl-C from stopping the database before the server has drained. Output
    /// goes to a file because a pipe would break when the server dies and the database lives on.
    fn spawn(cluster: &Cluster) -> Result<Self, EmbeddedError> {
        let place = &cluster.place;
        let program = cluster.binaries.dir.join("postgres");
        let log = place.create_file("start.log")?;
        let errors = log.try_clone().doing("sharing", &place.home.join("start.log"))?;
        let mut settings = std::ffi::OsString::from("config_file=");
        settings.push(place.home.join("postgresql.conf"));
        let mut command = Command::from(place.identity.command(&program, &place.home));
        command.arg("-D").arg(place.cluster()).arg("-c").arg(settings);
        command.stdout(Stdio::from(log)).stderr(Stdio::from(errors)).process_group(0);
        let child = command.spawn().doing("running", &program)?;
        let pid = child.id().ok_or(EmbeddedError::Interrupted)?;
        tracing::info!(pid, version = cluster.binaries.major, home = %place.home.display(), "started PostgreSQL");
        Ok(Self { pid, child: Some(child) })
    }

    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits until it accepts connections, however long crash recovery takes, or until it is gone.
    pub(super) async fn ready(&mut self, cluster: &Cluster) -> Result<(), EmbeddedError> {
        loop {
            if self.is_ready(cluster).await {
                return Ok(());
            }
            tokio::select! {
                () = self.exited(cluster) => break,
                () = sleep(READY_POLL) => {}
            }
        }
        let log = fs::read_to_string(cluster.place.home.join("start.log")).unwrap_or_default();
        Err(EmbeddedError::StartFailed { reason: reason(&log), logs: cluster.place.logs() })
    }

    /// The file of an earlier run may claim readiness for the same process id, hence the look at the socket.
    async fn is_ready(&self, cluster: &Cluster) -> bool {
        let noted = PidFile::read(&cluster.place.cluster());
        let says_so = noted.is_some_and(|noted| noted.pid == self.pid && noted.status == "ready");
        says_so && UnixStream::connect(cluster.place.socket()).await.is_ok()
    }

    /// Waits until the process is gone.
    pub(super) async fn exited(&mut self, cluster: &Cluster) {
        if let Some(child) = &mut self.child
            && child.wait().await.is_ok()
        {
            return;
        }
        let dir = cluster.place.cluster();
        while is_postmaster(self.pid, &dir) {
            sleep(ADOPTED_POLL).await;
        }
    }

    /// Ends sessions, writes a checkpoint and waits until the process is gone; if that takes too long, leaves the
    /// rest to crash recovery at the next start.
    pub(super) async fn shut_down(&mut self, cluster: &Cluster) -> Result<(), EmbeddedError> {
        for (signal, limit) in
            [(Signal::SIGINT, FAST_SHUTDOWN_TIMEOUT), (Signal::SIGQUIT, IMMEDIATE_SHUTDOWN_TIMEOUT)]
        {
            self.signal(signal);
            if timeout(limit, self.exited(cluster)).await.is_ok() {
                tracing::info!(pid = self.pid, "stopped PostgreSQL");
                return Ok(());
            }
            tracing::warn!(pid = self.pid, %signal, "PostgreSQL does not stop");
        }
        Err(EmbeddedError::StopFailed(self.pid))
    }

    /// A child that was waited for has no id any more; its old number may belong to somebody else.
    fn signal(&self, signal: Signal) {
        if self.child.as_ref().is_some_and(|child| child.id().is_none()) {
            return;
        }
        if let Err(error) = kill(as_pid(self.pid), signal) {
            tracing::warn!(pid = self.pid, %signal, %error, "signalling PostgreSQL");
        }
    }
}

impl PidFile {
    fn read(cluster: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(cluster.join("postmaster.pid")).ok()?)
    }

    /// Line 1 is the process, 5 the socket directory, 8 the status; a file being written may still lack some.
    fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().collect();
        Some(Self {
            pid: lines.first()?.trim().parse().ok().filter(|&pid| pid > 1)?,
            socket_dir: lines.get(4).unwrap_or(&"").into(),
            status: lines.get(7).unwrap_or(&"").trim().to_owned(),
        })
    }
}

/// The process that PostgreSQL has noted in its cluster.
pub(super) fn noted_pid(cluster: &Path) -> Option<u32> {
    PidFile::read(cluster).map(|noted| noted.pid)
}

/// Whether the process is a living postmaster of this cluster. The command line is what everybody may read, also
/// root without capabilities in a container; it is empty for a zombie.
fn is_postmaster(pid: u32, cluster: &Path) -> bool {
    let command_line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words: Vec<&[u8]> = command_line.split(|&byte| byte == 0).collect();
    words.first().is_some_and(|program| program.ends_with(b"postgres"))
        && words.windows(2).any(|pair| pair[0] == b"-D" && pair[1] == cluster.as_os_str().as_bytes())
}

fn as_pid(pid: u32) -> Pid {
    Pid::from_raw(pid.cast_signed())
}

/// The line of the start log that tells most. Messages of the dynamic linker have no level.
fn reason(log: &str) -> String {
    let fatal = log.lines().rfind(|line| line.contains("FATAL:") || line.contains("PANIC:"));
    let plain = || log.lines().rfind(|line| !line.contains("LOG:") && !line.contains("HINT:"));
    fatal.or_else(plain).unwrap_or("it ended early").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pid_file_of_a_running_postmaster_is_read() {
        let text = "4711\n/d/cluster\n1795\n5432\n/d/socket\n\n  7 8\nready   \n";
        let expected = PidFile { pid: 4711, socket_dir: "/d/socket".into(), status: "ready".into() };
        assert_eq!(PidFile::parse(text), Some(expected));
    }

    #[test]
    fn a_pid_file_being_written_is_not_ready() {
        assert_eq!(PidFile::parse("4711\n/d\n").map(|noted| noted.status), Some(String::new()));
        assert_eq!(PidFile::parse(""), None);
        assert_eq!(PidFile::parse("-5\n"), None);
        assert_eq!(PidFile::parse("0\n"), None);
    }

    #[test]
    fn another_process_is_no_postmaster() {
        assert!(!is_postmaster(std::process::id(), Path::new("/d/cluster")));
    }

    #[test]
    fn the_fatal_line_is_the_reason() {
        let log = "LOG:  starting\nFATAL:  lock file exists\nHINT:  Is another postmaster running?\n";
        assert_eq!(reason(log), "FATAL:  lock file exists");
        assert_eq!(reason("LOG:  redirecting log output\nHINT:  See there\n"), "it ended early");
    }
}
