//! Figures while games are charged, records folded and sums made anew, all at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, SiteId};
use fastrand::Rng;
use office::statistics::rollups::{self, Turn};
use office::statistics::{Figures, Filter, Grouping, TimeRange, aggregate};
use serde_json::json;
use sqlx::{Connection, Executor, PgConnection};

use crate::fixtures::{application, operator, site};
use crate::games::{Entry, Game, at, server_at, write};
use crate::harness::Server;

const ROUNDS: usize = 120;
const READINGS: usize = 150;

/// Whole days and broken ones.
fn range() -> TimeRange {
    TimeRange { start: at("2010-01-01T05:00:00Z"), end: at("2030-01-01T00:00:00Z") }
}

async fn total(connection: &mut PgConnection) -> Figures {
    let by = Grouping { operator: true, ..Grouping::default() };
    let rows = aggregate(connection, &Filter::all(range()), by).await.unwrap();
    Figures::sum(rows.iter().map(|row| row.figures)).unwrap()
}

async fn raw(connection: &mut PgConnection) -> (i64, i64, i64) {
    sqlx::query_as(
        "SELECT count(*), coalesce(sum(player_count), 0)::bigint, coalesce(sum(total_fen), 0)::bigint
         FROM usage_records",
    )
    .fetch_one(connection)
    .await
    .unwrap()
}

async fn charge(server: Arc<Server>, venue: (OperatorId, SiteId, AppId), seed: u64) {
    let mut random = Rng::with_seed(seed);
    let mut clock_ms = at("2024-12-01T00:00:00Z").as_millis();
    for _ in 0..ROUNDS {
        let mut games = Vec::new();
        for _ in 0..random.usize(1..8) {
            clock_ms += random.i64(0..9_000_000);
            games.push(Entry::Game(Game {
                operator: venue.0,
                site: venue.1,
                app: venue.2,
                players: random.i32(1..9),
                price_fen: random.i64(1..2_000),
                at: UtcTime::from_millis(clock_ms).unwrap(),
            }));
        }
        write(&server.app, &games).await;
    }
}

async fn keep_folding(url: String, ended: Arc<AtomicBool>, seed: u64) {
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let mut random = Rng::with_seed(seed);
    while !ended.load(Ordering::Relaxed) {
        let turn = if random.bool() { Turn::Wait } else { Turn::Pass };
        match random.u8(..30) {
            0 => _ = rollups::rebuild(&mut connection).await.unwrap(),
            1 => {
                let zone = if random.bool() { "UTC" } else { "Asia/Shanghai" };
                sqlx::query("UPDATE system_configs SET value = $1 WHERE key = 'business_timezone'")
                    .bind(json!(zone))
                    .execute(&mut connection)
                    .await
                    .unwrap();
            }
            _ => _ = rollups::fold(&mut connection, turn, random.usize(1..300)).await.unwrap(),
        }
    }
}

/// In one snapshot the figures are those of the records; without, they lie between what was there before and after.
async fn keep_reading(url: String) {
    let mut connection = PgConnection::connect(&url).await.unwrap();
    for _ in 0..READINGS {
        let mut snapshot = connection.begin().await.unwrap();
        snapshot.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await.unwrap();
        let expected = raw(&mut snapshot).await;
        let found = total(&mut snapshot).await;
        assert_eq!((found.sessions, found.players, found.cost.get()), expected);
        snapshot.rollback().await.unwrap();
        let before = raw(&mut connection).await;
        let found = total(&mut connection).await;
        let after = raw(&mut connection).await;
        assert!((before.0..=after.0).contains(&found.sessions), "{before:?} {found:?} {after:?}");
        assert!((before.2..=after.2).contains(&found.cost.get()), "{before:?} {found:?} {after:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_are_exact_while_others_charge_and_fold() {
    let server = Arc::new(server_at("2026-01-01T00:00:00Z", "Asia/Shanghai").await);
    let app_id = application(&server.app, "太空探险", 1_000).await;
    let mut charging = Vec::new();
    for seed in 0..3 {
        let operator = operator(&server.app, &format!("venue{seed}")).await;
        let site_id = site(&server.app, operator.id, "一号店").await;
        charging.push(tokio::spawn(charge(Arc::clone(&server), (operator.id, site_id, app_id), seed)));
    }
    let ended = Arc::new(AtomicBool::new(false));
    let url = || server.database_url.clone();
    let folding: Vec<_> =
        (0..2).map(|seed| tokio::spawn(keep_folding(url(), Arc::clone(&ended), seed))).collect();
    let reading: Vec<_> = (0..2).map(|_| tokio::spawn(keep_reading(url()))).collect();
    for task in charging.into_iter().chain(reading) {
        task.await.unwrap();
    }
    ended.store(true, Ordering::Relaxed);
    for task in folding {
        task.await.unwrap();
    }
    let mut connection = server.owner().await;
    rollups::fold_all(&mut connection).await.unwrap();
    let expected = raw(&mut connection).await;
    assert!(expected.0 >= 3 * ROUNDS as i64);
    assert_eq!(rollups::verify(&mut connection).await.unwrap(), expected.0);
    let found = total(&mut connection).await;
    assert_eq!((found.sessions, found.players, found.cost.get()), expected);
    server.verify().await;
}
