//! The private PostgreSQL with real processes, kills and restarts.

mod places;
mod refusals;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use platform::db::embedded::{EmbeddedError, EmbeddedOptions, EmbeddedPostgres};
use tokio_postgres::NoTls;

use crate::process::Process;
use crate::scratch::{Scratch, wait_for};

#[tokio::test]
async fn a_new_cluster_is_durable_and_speaks_utf8() {
    let scratch = Scratch::new("new");
    let postgres = EmbeddedPostgres::start(scratch.path(), EmbeddedOptions::default()).await.unwrap();
    for (name, value) in [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("listen_addresses", ""),
        ("max_wal_size", "4GB"),
    ] {
        assert_eq!(query(postgres.url(), &format!("SHOW {name}")).await.as_deref(), Ok(value), "{name}");
    }
    let role = query(postgres.url(), "SELECT current_user || '@' || current_database()").await;
    assert_eq!(role.as_deref(), Ok("coinslot@coinslot"));
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn data_outlive_a_restart_and_stop_leaves_nothing_running() {
    let scratch = Scratch::new("restart");
    let postgres = start(scratch.path()).await;
    query(postgres.url(), "CREATE TABLE kept AS SELECT 'still here' AS word").await.unwrap_err();
    let pid = postmaster(scratch.path()).unwrap();
    postgres.stop().await.unwrap();
    assert!(!process(pid).exists());
    assert!(!scratch.path().join("postgres/socket").exists());

    let postgres = start(scratch.path()).await;
    assert_eq!(query(postgres.url(), "SELECT word FROM kept").await.as_deref(), Ok("still here"));
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_killed_postmaster_is_started_again() {
    let scratch = Scratch::new("killed");
    let postgres = start(scratch.path()).await;
    for _ in 0..2 {
        let before = postmaster(scratch.path()).unwrap();
        kill(before, Signal::SIGKILL).unwrap();
        let answer = wait_for("another postmaster answers", async || {
            let after = postmaster(scratch.path()).filter(|&after| after != before)?;
            let answer = query(postgres.url(), "SELECT 'hello'").await.ok()?;
            assert_ne!(after, before);
            Some(answer)
        });
        assert_eq!(answer.await, "hello");
    }
    let last = postmaster(scratch.path()).unwrap();
    postgres.stop().await.unwrap();
    assert!(!process(last).exists());
}

#[tokio::test]
async fn the_postmaster_of_a_killed_server_is_adopted_and_supervised() {
    let scratch = Scratch::new("adopted");
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_coinslot"));
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(scratch.path())
        .env_remove("DATABASE_URL")
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let server = Process::serve(command).await;
    let left_behind = postmaster(scratch.path()).unwrap();
    server.kill().await;

    let postgres = start(scratch.path()).await;
    assert_eq!(postmaster(scratch.path()), Some(left_behind));
    assert_eq!(query(postgres.url(), "SELECT 'hello'").await.as_deref(), Ok("hello"));
    kill(left_behind, Signal::SIGKILL).unwrap();
    wait_for("a postmaster of our own answers", async || {
        postmaster(scratch.path()).filter(|&pid| pid != left_behind)?;
        query(postgres.url(), "SELECT 'hello'").await.ok()
    })
    .await;
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn an_adopted_postmaster_stops_with_the_server() {
    let scratch = Scratch::new("orphan");
    let orphan = leave_one_behind(scratch.path());
    let postgres = start(scratch.path()).await;
    assert_eq!(postmaster(scratch.path()), Some(orphan));
    postgres.stop().await.unwrap();
    assert!(postmaster(scratch.path()).is_none());
}

#[tokio::test]
async fn a_stale_pid_file_with_the_number_of_a_stranger_does_not_matter() {
    let scratch = Scratch::new("stale");
    start(scratch.path()).await.stop().await.unwrap();
    let mut stranger = tokio::process::Command::new("sleep").arg("600").kill_on_drop(true).spawn().unwrap();
    let socket_dir = scratch.path().join("postgres/socket");
    let file = format!("{}\n/\n1\n5432\n{}\n\n\nready\n", stranger.id().unwrap(), socket_dir.display());
    std::fs::write(scratch.path().join("postgres/cluster/postmaster.pid"), file).unwrap();
    let postgres = start(scratch.path()).await;
    assert_eq!(query(postgres.url(), "SELECT 'hello'").await.as_deref(), Ok("hello"));
    postgres.stop().await.unwrap();
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger was left alone");
}

#[tokio::test]
async fn a_half_made_cluster_heals() {
    let scratch = Scratch::new("half");
    start(scratch.path()).await.stop().await.unwrap();
    let home = scratch.path().join("postgres");
    std::fs::rename(home.join("cluster"), home.join("cluster.new")).unwrap();
    std::fs::remove_file(home.join("cluster.new/postgresql.conf")).unwrap();
    let postgres = start(scratch.path()).await;
    assert!(!home.join("cluster.new").exists());
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn dropping_without_stop_still_stops() {
    let scratch = Scratch::new("dropped");
    let postgres = start(scratch.path()).await;
    let pid = postmaster(scratch.path()).unwrap();
    drop(postgres);
    wait_for("PostgreSQL is gone", async || (!process(pid).exists()).then_some(())).await;
}

/// Leaves a postmaster running the way a crash of the whole runtime does.
fn leave_one_behind(dir: &Path) -> Pid {
    let dir = dir.to_owned();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        std::mem::forget(runtime.block_on(start(&dir)));
        postmaster(&dir).unwrap()
    });
    thread.join().unwrap()
}

async fn try_start(dir: &Path) -> Result<EmbeddedPostgres, EmbeddedError> {
    let extra_settings = vec![("fsync".to_owned(), "off".to_owned())];
    EmbeddedPostgres::start(dir, EmbeddedOptions { extra_settings, ..EmbeddedOptions::default() }).await
}

async fn start(dir: &Path) -> EmbeddedPostgres {
    try_start(dir).await.unwrap()
}

fn postmaster(dir: &Path) -> Option<Pid> {
    let text = std::fs::read_to_string(dir.join("postgres/cluster/postmaster.pid")).ok()?;
    text.lines().next()?.parse().ok().map(Pid::from_raw)
}

fn process(pid: Pid) -> PathBuf {
    format!("/proc/{pid}").into()
}

/// The first column of the first row; nothing when there is no row.
async fn query(url: &str, sql: &str) -> Result<String, String> {
    let (client, connection) =
        tokio_postgres::connect(url, NoTls).await.map_err(|error| error.to_string())?;
    tokio::spawn(connection);
    let row = client.query_one(sql, &[]).await.map_err(|error| error.to_string())?;
    row.try_get(0).map_err(|error| error.to_string())
}
