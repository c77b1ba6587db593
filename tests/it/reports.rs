//! Reports of the finance staff: asked for, made in the background, handed out.

mod automatic;
mod failures;
mod figures;
mod requests;

use std::path::{Path, PathBuf};

use api::app::Config;
use base::clock::Clock;
use base::ids::{AppId, OperatorId, SiteId};
use books::ledger::MovementKind::{Payout, Recharge, Refund};
use reqwest::Response;
use serde_json::{Value, json};

use crate::cluster::{self, TestDatabase};
use crate::fixtures::{application, operator, site};
use crate::games::{Entry, Game, Move, at, write};
use crate::harness::{Answer, Server, start_with};
use crate::people::Person;
use crate::scratch::{Scratch, wait_for};

/// It is March 2 in Shanghai.
pub(super) const NOW: &str = "2025-03-01T17:00:00Z";
pub(super) const GENERATE: &str = "/v1/finance/reports/generate";

/// A platform with a past, and somebody of the finance staff.
pub(super) struct Office {
    pub(super) database: TestDatabase,
    pub(super) server: Server,
    pub(super) finance: Person,
    data_dir: Scratch,
}

/// An instance whose clock stands still, with its files in a directory.
pub(super) async fn instance(database: &TestDatabase, data_dir: &Path) -> Server {
    let config = Config { data_dir: data_dir.to_owned(), ..Config::default() };
    let server = start_with(database.url(), Clock::fixed(at(NOW).as_millis()), config).await;
    server.set("web_rate_limit_per_minute", json!(1_000_000)).await;
    server
}

pub(super) async fn office() -> Office {
    let (database, data_dir) = (cluster::database().await, Scratch::new("reports"));
    let server = instance(&database, data_dir.path()).await;
    add_history(&server).await;
    let finance = server.staff("finance", "manager").await;
    Office { database, server, finance, data_dir }
}

struct Places {
    operators: [OperatorId; 2],
    sites: [SiteId; 2],
    apps: [AppId; 2],
}

async fn add_history(server: &Server) {
    let app = &server.app;
    let operators = [operator(app, "player").await.id, operator(app, "payer").await.id];
    let sites = [site(app, operators[0], "一号店").await, site(app, operators[1], "二号店").await];
    let apps = [application(app, "太空探险", 1_000).await, application(app, "星际战争", 1_200).await];
    let entries = history(&Places { operators, sites, apps });
    write(app, &entries).await;
}

/// Games, top-ups and refunds in February and just outside it.
fn history(places: &Places) -> Vec<Entry> {
    let game = |who: usize, app: usize, players, time| {
        let (operator, site, app) = (places.operators[who], places.sites[who], places.apps[app]);
        Entry::Game(Game {
            operator,
            site,
            app,
            players,
            price_fen: 1_000 + 200 * app_index(app, places),
            at: at(time),
        })
    };
    let moved = |who: usize, kind, amount_fen, time| {
        Entry::Move(Move { operator: places.operators[who], kind, amount_fen, at: at(time) })
    };
    vec![
        game(0, 0, 2, "2025-01-31T15:59:59.999Z"),
        game(0, 0, 3, "2025-01-31T16:00:00Z"),
        game(0, 1, 5, "2025-02-10T04:00:00Z"),
        game(1, 0, 8, "2025-02-10T05:00:00Z"),
        game(1, 1, 1, "2025-02-28T15:59:59.999Z"),
        game(1, 1, 4, "2025-02-28T16:00:00Z"),
        moved(0, Recharge, 50_000, "2025-02-03T02:00:00Z"),
        moved(1, Recharge, 70_050, "2025-02-10T02:00:00Z"),
        moved(1, Recharge, 99_900, "2025-02-28T17:00:00Z"),
        moved(1, Refund, 8_000, "2025-02-20T02:00:00Z"),
        moved(1, Payout, 8_000, "2025-02-21T02:00:00Z"),
        moved(0, Refund, 3_000, "2025-01-20T02:00:00Z"),
        moved(0, Payout, 3_000, "2025-02-02T02:00:00Z"),
    ]
}

fn app_index(app: AppId, places: &Places) -> i64 {
    i64::from(app == places.apps[1])
}

pub(super) fn february(format: &str) -> Value {
    json!({"report_type": "monthly", "start_date": "2025-02-01", "end_date": "2025-02-28", "format": format})
}

impl Office {
    pub(super) fn file(&self, id: &str, extension: &str) -> PathBuf {
        self.data_dir.path().join("reports").join(format!("{id}.{extension}"))
    }

    pub(super) async fn ask(&self, body: Value) -> String {
        let answer = self.finance.post(&self.server, GENERATE, body).await;
        answer.expect(201, "")["report_id"].as_str().unwrap().to_owned()
    }

    pub(super) async fn get(&self, id: &str) -> Value {
        self.finance.get(&self.server, &format!("/v1/finance/reports/{id}")).await.expect(200, "").clone()
    }

    pub(super) async fn try_download(&self, id: &str) -> Answer {
        self.finance.get(&self.server, &format!("/v1/finance/reports/{id}/download")).await
    }

    /// Waits until the report is made.
    pub(super) async fn made(&self, id: &str) -> Value {
        completed(&self.server, &self.finance, id).await
    }

    pub(super) async fn download(&self, id: &str) -> (Response, Vec<u8>) {
        download(&self.server, &self.finance, id).await
    }
}

pub(super) async fn completed(server: &Server, person: &Person, id: &str) -> Value {
    let path = format!("/v1/finance/reports/{id}");
    wait_for("the report is made", async || {
        let report = person.get(server, &path).await.expect(200, "").clone();
        assert_ne!(report["status"], "failed", "{report}");
        (report["status"] == "completed").then_some(report)
    })
    .await
}

/// The answer without its body, and the body as it came.
pub(super) async fn download(server: &Server, person: &Person, id: &str) -> (Response, Vec<u8>) {
    let url = format!("{}/v1/finance/reports/{id}/download", server.base_url);
    let send = || server.client.get(&url).bearer_auth(&person.token).send();
    let head = send().await.unwrap();
    let bytes = send().await.unwrap().bytes().await.unwrap().to_vec();
    (head, bytes)
}
