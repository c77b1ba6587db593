//! `coinslot migrate`, and servers that migrate at the same time.

use crate::harness;
use crate::process::{Process, coinslot};

async fn run(database_url: &str, arguments: &[&str]) -> String {
    let output =
        coinslot(database_url).args(arguments).stderr(std::process::Stdio::piped()).output().await.unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn migrations_can_be_taken_back_to_nothing_and_applied_again() {
    let database = crate::cluster::database().await;
    let url = database.url();
    let migrated = run(url, &["migrate", "status"]).await;
    assert!(migrated.lines().count() >= 10);
    assert!(migrated.lines().all(|line| line.contains(" applied ")), "{migrated}");
    run(url, &["migrate", "down", "--to", "0"]).await;
    let emptied = run(url, &["migrate", "status"]).await;
    assert_eq!(emptied, migrated.replace(" applied ", " missing "));
    let left: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND relname NOT LIKE '\\_sqlx%'",
    )
    .fetch_one(&mut <sqlx::PgConnection as sqlx::Connection>::connect(url).await.unwrap())
    .await
    .unwrap();
    assert_eq!(left, 0);
    run(url, &["migrate", "down", "--to", "5"]).await;
    run(url, &["migrate", "up"]).await;
    run(url, &["migrate", "up"]).await;
    assert_eq!(run(url, &["migrate", "status"]).await, migrated);
    let server = harness::start_at(url, base::clock::Clock::system()).await;
    let venue = server.venue(2_000).await;
    server.authorize(&venue, &venue.session(), 2).await.expect(200, "");
    server.verify().await;
    server.stop().await;
}

#[tokio::test]
async fn two_instances_may_start_on_an_empty_database_at_once() {
    let database = crate::cluster::database().await;
    run(database.url(), &["migrate", "down", "--to", "0"]).await;
    let (one, other) = tokio::join!(Process::start(database.url()), Process::start(database.url()));
    assert_ne!(one.base_url, other.base_url);
    assert!(one.terminate().await.success());
    assert!(other.terminate().await.success());
}
