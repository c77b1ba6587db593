//! Data directories with awkward names and closed parents.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use nix::unistd::geteuid;
use platform::db::embedded::EmbeddedError;
use sqlx::{Connection, PgConnection, Row};

use super::{query, start, try_start};
use crate::scratch::Scratch;

#[tokio::test]
async fn both_drivers_read_the_url_of_an_awkward_directory() {
    for name in ["my data @ 100% 投币", "a,b'c", &"long ".repeat(20)] {
        let scratch = Scratch::new("awkward");
        let postgres = start(&scratch.path().join(name)).await;
        assert_eq!(query(postgres.url(), "SELECT 'hello'").await.as_deref(), Ok("hello"));
        let mut connection = PgConnection::connect(postgres.url()).await.unwrap();
        let row = sqlx::query("SELECT 'hello'").fetch_one(&mut connection).await.unwrap();
        assert_eq!(row.get::<String, _>(0), "hello");
        postgres.stop().await.unwrap();
    }
}

/// Only root drops to another user, who may then be kept out by a directory above.
#[tokio::test]
async fn a_data_directory_closed_to_the_database_user_gets_its_database_elsewhere() {
    if !geteuid().is_root() {
        return;
    }
    let scratch = Scratch::new("closed");
    std::fs::set_permissions(scratch.path(), Permissions::from_mode(0o700)).unwrap();
    let data_dir = scratch.path().join("data");
    let postgres = start(&data_dir).await;
    let elsewhere = data_dir.join("postgres").read_link().unwrap();
    assert!(elsewhere.starts_with("/var/lib/coinslot"), "{}", elsewhere.display());
    query(postgres.url(), "CREATE TABLE kept AS SELECT 'still here' AS word").await.unwrap_err();
    postgres.stop().await.unwrap();

    let postgres = start(&data_dir).await;
    assert_eq!(query(postgres.url(), "SELECT word FROM kept").await.as_deref(), Ok("still here"));
    postgres.stop().await.unwrap();
    std::fs::remove_dir_all(&elsewhere).unwrap();
    // Others may live there; then it is not empty and stays.
    let _ = std::fs::remove_dir(elsewhere.parent().unwrap());
}

#[tokio::test]
async fn a_database_that_its_user_cannot_reach_any_more_names_the_closed_directory() {
    if !geteuid().is_root() {
        return;
    }
    let scratch = Scratch::new("moved");
    let data_dir = scratch.path().join("data");
    start(&data_dir).await.stop().await.unwrap();
    std::fs::set_permissions(scratch.path(), Permissions::from_mode(0o700)).unwrap();
    let refused = try_start(&data_dir).await.unwrap_err();
    let EmbeddedError::Unreachable { blocked, .. } = &refused else { panic!("{refused}") };
    assert_eq!(blocked, scratch.path());
}
