//! How exports end: when the client is gone, when the database is, when there are too many, and in one snapshot.

use api::app::Config;
use base::clock::Clock;
use reqwest::Response;
use sqlx::{Connection, PgConnection, Postgres, Transaction};

use super::files::Download;
use super::venue::{ME, Venue};
use crate::cluster;
use crate::fixtures::operator;
use crate::games::write;
use crate::harness::{Server, start_with};
use crate::scratch::{Scratch, wait_for};

const CSV: &str = "/usage-records/export?format=csv";
const XLSX: &str = "/usage-records/export";

impl Server {
    async fn begin_download(&self, token: &str, path: &str) -> reqwest::Result<Response> {
        self.client.get(format!("{}{ME}{path}", self.base_url)).bearer_auth(token).send().await
    }
}

/// Keeps every export from reading its first page: the list of usage records names sites.
async fn hold_pages(owner: &mut PgConnection) -> Transaction<'_, Postgres> {
    let mut transaction = owner.begin().await.unwrap();
    sqlx::query("LOCK TABLE sites IN ACCESS EXCLUSIVE MODE").execute(&mut *transaction).await.unwrap();
    transaction
}

/// How many exports are in the database, and how many of them wait for a lock.
async fn exports(server: &Server) -> (i64, i64) {
    let sql = "SELECT count(*), count(*) FILTER (WHERE wait_event_type = 'Lock') FROM pg_stat_activity
               WHERE datname = current_database() AND application_name = 'coinslot export'";
    sqlx::query_as(sql).fetch_one(&mut server.owner().await).await.unwrap()
}

async fn wait_until_held(server: &Server, count: i64) {
    wait_for("the exports wait", async || (exports(server).await == (count, count)).then_some(())).await;
}

async fn wait_until_gone(server: &Server) {
    wait_for("the exports are gone", async || {
        (exports(server).await.0 == 0 && server.app.exports().taken() == 0).then_some(())
    })
    .await;
}

async fn finish(response: Response) -> Download {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Download { status, headers, bytes: response.bytes().await.unwrap().to_vec() }
}

#[tokio::test]
async fn a_client_that_hangs_up_ends_the_work_in_both_formats() {
    let venue = Venue::busy().await;
    let (server, token) = (&venue.server, venue.operator.token.as_str());
    let mut owner = server.owner().await;
    let held = hold_pages(&mut owner).await;
    let csv = server.begin_download(token, CSV).await.unwrap();
    assert_eq!(csv.status(), 200);
    wait_until_held(server, 1).await;
    drop(csv);
    // The statement itself ends, although what it waits for does not come.
    wait_until_gone(server).await;
    let hung_up = tokio::select! {
        answer = server.begin_download(token, XLSX) => panic!("{answer:?}"),
        () = wait_until_held(server, 1) => true,
    };
    assert!(hung_up);
    wait_until_gone(server).await;
    held.rollback().await.unwrap();
    assert_eq!(venue.download(XLSX).await.xlsx().1.len(), 4);
}

#[tokio::test]
async fn an_export_that_breaks_off_never_looks_complete() {
    let venue = Venue::busy().await;
    let (server, token) = (&venue.server, venue.operator.token.as_str());
    let mut owner = server.owner().await;
    let held = hold_pages(&mut owner).await;
    let mut csv = server.begin_download(token, CSV).await.unwrap();
    let header = csv.chunk().await.unwrap().unwrap();
    assert!(header.starts_with(b"\xEF\xBB\xBF") && header.ends_with(b"\r\n"));
    let xlsx = async {
        let answer = server.begin_download(token, XLSX).await.unwrap();
        (answer.status().as_u16(), answer.headers().clone(), answer.text().await.unwrap())
    };
    let break_off = async {
        wait_until_held(server, 2).await;
        let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE datname = current_database() AND application_name = 'coinslot export'";
        let ended: i64 = sqlx::query_scalar(sql).fetch_one(&mut server.owner().await).await.unwrap();
        assert_eq!(ended, 2);
    };
    let ((status, headers, text), ()) = tokio::join!(xlsx, break_off);
    assert_eq!((status, headers["content-type"].as_bytes()), (503, b"application/json".as_slice()), "{text}");
    assert!(text.contains("SERVICE_UNAVAILABLE") && headers.get("content-disposition").is_none());
    assert!(csv.bytes().await.is_err(), "a part must not pass for the whole");
    held.rollback().await.unwrap();
    wait_until_gone(server).await;
}

#[tokio::test]
async fn a_file_shows_one_moment() {
    let venue = Venue::busy().await;
    let (server, token) = (&venue.server, venue.operator.token.as_str());
    let mut owner = server.owner().await;
    let held = hold_pages(&mut owner).await;
    let csv = server.begin_download(token, CSV).await.unwrap();
    let meanwhile = [venue.game(0, 0, 2, "2025-03-01T16:50:00Z")];
    write(&server.app, &meanwhile).await;
    held.rollback().await.unwrap();
    assert_eq!(finish(csv).await.csv().1.len(), 4);
    assert_eq!(venue.download(CSV).await.csv().1.len(), 5);
}

#[tokio::test]
async fn an_account_makes_two_files_at_a_time() {
    let venue = Venue::busy().await;
    let (server, token) = (&venue.server, venue.operator.token.as_str());
    let other = operator(&server.app, "other").await;
    let mut owner = server.owner().await;
    let held = hold_pages(&mut owner).await;
    let first = server.begin_download(token, CSV).await.unwrap();
    let second = server.begin_download(token, CSV).await.unwrap();
    wait_until_held(server, 2).await;
    let third = finish(server.begin_download(token, XLSX).await.unwrap()).await;
    assert_eq!((third.status, third.header("retry-after")), (429, "5"));
    assert!(String::from_utf8_lossy(&third.bytes).contains("RATE_LIMIT_EXCEEDED"));
    // Another account has files of its own, and other requests do not wait for a connection.
    let of_other = server.begin_download(&other.token, CSV).await.unwrap();
    assert_eq!(of_other.status(), 200);
    assert_eq!(server.get(ME, token).await.0, 200);
    held.rollback().await.unwrap();
    for file in [first, second] {
        assert_eq!(finish(file).await.csv().1.len(), 4);
    }
    drop(of_other);
    wait_until_gone(server).await;
    assert_eq!(venue.download(XLSX).await.xlsx().1.len(), 4);
}

#[tokio::test]
async fn nothing_is_left_where_files_are_made() {
    let scratch = Scratch::new("exports");
    let config = Config { scratch_dir: Some(scratch.path().to_owned()), ..Config::default() };
    let database = cluster::database().await;
    let server = start_with(database.url(), Clock::system(), config).await;
    let operator = operator(&server.app, "venue").await;
    let file = server.download(&operator.token, &format!("{ME}{XLSX}")).await;
    assert!(file.xlsx().1.is_empty());
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
    std::fs::remove_dir(scratch.path()).unwrap();
    let failed = server.download(&operator.token, &format!("{ME}{XLSX}")).await;
    assert_eq!(failed.status, 500, "the directory was used, and it is gone");
    assert_eq!(server.app.exports().taken(), 0);
}

#[tokio::test]
async fn a_stopping_server_finishes_its_files() {
    let venue = Venue::busy().await;
    let token = venue.operator.token.clone();
    let mut owner = venue.server.owner().await;
    let held = hold_pages(&mut owner).await;
    let csv = venue.server.begin_download(&token, CSV).await.unwrap();
    wait_until_held(&venue.server, 1).await;
    let read = async {
        held.rollback().await.unwrap();
        finish(csv).await.csv().1.len()
    };
    let ((), rows) = tokio::join!(venue.server.stop(), read);
    assert_eq!(rows, 4);
}
