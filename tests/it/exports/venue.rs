//! An operator with a past to export.

use base::ids::{AppId, SiteId};
use books::ledger::MovementKind;
use serde_json::Value;

use crate::fixtures::{Operator, application, operator, site};
use crate::games::{Entry, Game, Move, at, server_at, write};
use crate::harness::Server;

pub(super) const ME: &str = "/v1/operators/me";
/// March 2 in Shanghai.
const NOW: &str = "2025-03-01T17:00:00Z";

pub(super) struct Venue {
    pub(super) server: Server,
    pub(super) operator: Operator,
    pub(super) sites: [SiteId; 2],
    pub(super) apps: [AppId; 2],
}

impl Venue {
    /// Two sites, two applications, and nothing played.
    pub(super) async fn idle() -> Self {
        let server = server_at(NOW, "Asia/Shanghai").await;
        let operator = operator(&server.app, "venue").await;
        let sites = [
            site(&server.app, operator.id, "北京朝阳店").await,
            site(&server.app, operator.id, "上海徐汇店").await,
        ];
        let apps = [
            application(&server.app, "太空探险", 1_000).await,
            application(&server.app, "星际战争", 1_200).await,
        ];
        Venue { server, operator, sites, apps }
    }

    /// Four games on two days of Shanghai that are one day in UTC, and every kind of movement.
    pub(super) async fn busy() -> Self {
        let venue = Self::idle().await;
        let movement = |kind, amount_fen, time| {
            Entry::Move(Move { operator: venue.operator.id, kind, amount_fen, at: at(time) })
        };
        let history = [
            movement(MovementKind::Recharge, 123_456, "2025-02-27T02:00:00Z"),
            venue.game(0, 0, 2, "2025-03-01T15:59:59.999Z"),
            venue.game(0, 1, 5, "2025-03-01T16:00:00.000Z"),
            venue.game(1, 0, 4, "2025-03-01T16:30:01.500Z"),
            venue.game(1, 1, 3, "2025-03-01T16:30:02.000Z"),
            movement(MovementKind::Refund, 1_001, "2025-03-01T16:40:00Z"),
        ];
        write(&venue.server.app, &history).await;
        venue
    }

    pub(super) fn game(&self, site: usize, app: usize, players: i32, time: &str) -> Entry {
        Entry::Game(Game {
            operator: self.operator.id,
            site: self.sites[site],
            app: self.apps[app],
            players,
            price_fen: 1_000 + 205 * i64::try_from(app).unwrap(),
            at: at(time),
        })
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.server.get(path, &self.operator.token).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// The items of a list of less than a page.
    pub(super) async fn items(&self, path: &str) -> Vec<Value> {
        let body = self.get(path).await;
        assert!(body["total"].as_u64().unwrap() <= 20);
        body["items"].as_array().unwrap().clone()
    }

    pub(super) async fn download(&self, path: &str) -> super::files::Download {
        self.server.download(&self.operator.token, &format!("{ME}{path}")).await
    }

    /// The lines of an export, from a CSV file and from the sheet, which must say the same.
    pub(super) async fn both(&self, path: &str) -> Vec<Vec<String>> {
        super::venue::both(&self.server, &self.operator.token, &format!("{ME}{path}")).await
    }
}

/// The lines of an export, from a CSV file and from the sheet, which must say the same.
pub(super) async fn both(server: &Server, token: &str, path: &str) -> Vec<Vec<String>> {
    let joint = if path.contains('?') { '&' } else { '?' };
    let (header, lines) = server.download(token, &format!("{path}{joint}format=csv")).await.csv();
    let (sheet_header, sheet) = server.download(token, path).await.xlsx();
    assert_eq!(header, sheet_header, "{path}");
    let same = |text: &String, cell: &calamine::Data| match cell {
        calamine::Data::Float(number) => text.parse::<f64>().is_ok_and(|parsed| parsed == *number),
        calamine::Data::DateTime(_) => text.trim_end_matches(" 00:00:00") == super::files::as_csv(cell),
        other => *text == super::files::as_csv(other),
    };
    for (line, cells) in lines.iter().zip(&sheet) {
        assert!(
            line.len() == cells.len() && line.iter().zip(cells).all(|(text, cell)| same(text, cell)),
            "{line:?} {cells:?}"
        );
    }
    lines
}

/// A field of an item as an export shows it.
pub(super) fn shown(value: &Value, timezone: &str) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => match text.parse::<jiff::Timestamp>() {
            Ok(time) => time.in_tz(timezone).unwrap().strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Err(_) => text.clone(),
        },
        other => other.to_string(),
    }
}
