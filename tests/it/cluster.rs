//! One PostgreSQL for the tests of this process, with a fresh database for each test that asks.
//!
//! It runs without fsync, in a temporary directory, and is gone when the process is, however that ends: a
//! watchdog holds the other end of a pipe and cleans up when it closes.

use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use base::clock::Clock;
use office::payments::sandbox::keys;
use platform::db::embedded::{DATABASE, EmbeddedOptions, EmbeddedPostgres};
use tokio::process::{Child, Command};
use tokio::sync::{OnceCell, oneshot};
use tokio_postgres::NoTls;

use crate::harness::cipher;
use crate::scratch::Scratch;

const TEMPLATE: &str = "template_migrated";

/// Waits for the end of the pipe, which is the end of the test process; then stops the database in the directory
/// `$1` and removes that, again and again until nothing that was still starting brings it back.
const WATCHDOG: &str = r#"
    read -r _
    while [ -d "$1" ]; do
        pid=$(head -n 1 "$1/postgres/cluster/postmaster.pid")
        if [ -n "$pid" ]; then
            kill -QUIT "$pid"
            for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" && sleep 0.2; done
        fi
        rm -rf "$1"
        sleep 0.2
    done"#;

/// The URL of the cluster's own database, once the template is ready.
static CLUSTER: OnceCell<String> = OnceCell::const_new();

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A migrated database that nobody else uses. It goes away with the cluster.
#[derive(Debug)]
pub(crate) struct TestDatabase {
    url: String,
}

impl TestDatabase {
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// Creates a database from the migrated template, after starting the cluster if this is the first call.
pub(crate) async fn database() -> TestDatabase {
    let cluster = CLUSTER.get_or_init(start).await;
    let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    execute(cluster, &format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")).await;
    TestDatabase { url: url_of(cluster, &name) }
}

/// A database with nothing in it.
pub(crate) async fn empty_database() -> TestDatabase {
    let cluster = CLUSTER.get_or_init(start).await;
    let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    execute(cluster, &format!("CREATE DATABASE {name} TEMPLATE template0")).await;
    TestDatabase { url: url_of(cluster, &name) }
}

async fn start() -> String {
    let (started, url) = oneshot::channel();
    std::thread::spawn(move || run(started));
    let url = url.await.expect("the thread of the test cluster says what went wrong");
    execute(&url, &format!("CREATE DATABASE {TEMPLATE}")).await;
    migrate(&url_of(&url, TEMPLATE)).await;
    url
}

/// The cluster has a runtime of its own, because the one of the test that comes first ends with that test.
fn run(started: oneshot::Sender<String>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let scratch = Scratch::new("cluster");
        let _watchdog = watch(scratch.path());
        // Each test has a server, some have two, and each server its pools.
        let extra_settings = [
            ("fsync", "off"),
            ("full_page_writes", "off"),
            ("shared_buffers", "128MB"),
            ("max_connections", "400"),
        ];
        let extra_settings = extra_settings.map(|(name, value)| (name.into(), value.into())).to_vec();
        let options = EmbeddedOptions { extra_settings, ..EmbeddedOptions::default() };
        let postgres = EmbeddedPostgres::start(scratch.path(), options).await.unwrap();
        started.send(postgres.url().to_owned()).unwrap();
        std::future::pending::<()>().await;
    });
}

/// Starts the watchdog, in a process group that Ctrl-C does not reach.
fn watch(dir: &Path) -> Child {
    let mut watchdog = Command::new("/bin/sh");
    watchdog.args(["-c", WATCHDOG, "watchdog"]).arg(dir).process_group(0);
    watchdog.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn url_of(cluster: &str, database: &str) -> String {
    cluster.replacen(&format!("///{DATABASE}?"), &format!("///{database}?"), 1)
}

async fn execute(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}

/// Migrates, and has the payment sandbox's keys made, which take a while: every test has the same.
async fn migrate(url: &str) {
    platform::db::migrate::up(url).await.unwrap();
    let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(url).await.unwrap();
    keys::load(&mut connection, &cipher(), Clock::system().now()).await.unwrap();
    sqlx::Connection::close(connection).await.unwrap();
}

mod tests {
    use super::*;

    #[tokio::test]
    async fn each_test_has_a_migrated_database_of_its_own() {
        let (one, other) = tokio::join!(database(), database());
        assert_ne!(one.url(), other.url());
        for database in [&one, &other] {
            execute(database.url(), "CREATE TABLE mine ()").await;
        }
    }
}
