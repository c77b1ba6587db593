//! What is refused, and that nothing is touched then.

use platform::db::embedded::{EmbeddedError, EmbeddedOptions, EmbeddedPostgres};

use super::{postmaster, query, start, try_start};
use crate::scratch::Scratch;

#[tokio::test]
async fn unknown_files_in_the_place_of_the_cluster_are_not_touched() {
    let scratch = Scratch::new("unknown");
    let precious = scratch.path().join("postgres/cluster/precious");
    std::fs::create_dir_all(precious.parent().unwrap()).unwrap();
    std::fs::write(&precious, "data").unwrap();
    let refused = try_start(scratch.path()).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::NotACluster(_)), "{refused}");
    assert!(precious.exists());
}

#[tokio::test]
async fn a_second_server_is_refused() {
    let scratch = Scratch::new("second");
    let postgres = start(scratch.path()).await;
    let refused = try_start(scratch.path()).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::InUse(_)), "{refused}");
    assert_eq!(query(postgres.url(), "SELECT 'hello'").await.as_deref(), Ok("hello"));
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_cluster_of_another_version_is_refused_and_kept() {
    let scratch = Scratch::new("version");
    start(scratch.path()).await.stop().await.unwrap();
    let version = scratch.path().join("postgres/cluster/PG_VERSION");
    std::fs::write(&version, "99\n").unwrap();
    let refused = try_start(scratch.path()).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::VersionMismatch { created_by: 99, .. }), "{refused}");
    assert!(version.exists());
}

#[tokio::test]
async fn a_setting_that_postgres_refuses_is_named() {
    let scratch = Scratch::new("setting");
    let extra_settings = vec![("fsync".into(), "off".into()), ("work_mem".into(), "plenty".into())];
    let options = EmbeddedOptions { extra_settings, ..EmbeddedOptions::default() };
    let refused = EmbeddedPostgres::start(scratch.path(), options).await.unwrap_err().to_string();
    assert!(refused.contains("PostgreSQL does not start"), "{refused}");
    assert!(postmaster(scratch.path()).is_none());
}
