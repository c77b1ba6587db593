//! Usage records and transactions.

use std::collections::BTreeMap;

use calamine::Data;
use serde_json::{Value, json};

use super::files::hundredths;
use super::venue::{ME, Venue, shown};
use crate::fixtures::operator;
use crate::games::{Entry, Game, at, write};

const USAGE_FIELDS: [&str; 11] = [
    "usage_id",
    "session_id",
    "site_id",
    "site_name",
    "app_id",
    "app_name",
    "player_count",
    "unit_price",
    "total_cost",
    "game_duration",
    "created_at",
];
pub(super) const TRANSACTION_FIELDS: [&str; 10] = [
    "transaction_id",
    "type",
    "amount",
    "balance_before",
    "balance_after",
    "created_at",
    "related_usage_id",
    "payment_method",
    "order_id",
    "refund_id",
];

pub(super) fn lines_of(items: &[Value], fields: &[&str]) -> Vec<Vec<String>> {
    let line = |item: &Value| fields.iter().map(|field| shown(&item[*field], "Asia/Shanghai")).collect();
    items.iter().map(line).collect()
}

#[tokio::test]
async fn usage_records_are_exported_field_by_field_as_the_list_shows_them() {
    let venue = Venue::busy().await;
    let newest = venue.items(&format!("{ME}/usage-records")).await[0]["usage_id"].clone();
    let id: base::ids::UsageId = newest.as_str().unwrap().parse().unwrap();
    venue
        .server
        .change(
            sqlx::query(
                "INSERT INTO session_ends (operator_id, usage_id, duration_seconds, ended_at) VALUES ($1, $2, 754, now())",
            )
            .bind(venue.operator.id)
            .bind(id),
        )
        .await;
    for filter in [
        String::new(),
        format!("?site_id={}", venue.sites[0]),
        format!("?app_id={}&site_id={}", venue.apps[1], venue.sites[1]),
        "?start_time=2025-03-01T16:00:00Z&end_time=2025-03-01T16:30:02Z".to_owned(),
    ] {
        let items = venue.items(&format!("{ME}/usage-records{filter}")).await;
        let lines = venue.both(&format!("/usage-records/export{filter}")).await;
        assert!(!items.is_empty());
        assert_eq!(lines, lines_of(&items, &USAGE_FIELDS), "{filter}");
    }
    let lines = venue.both("/usage-records/export").await;
    assert_eq!((lines[0][9].as_str(), lines[1][9].as_str()), ("754", ""));
}

#[tokio::test]
async fn transactions_of_every_kind_are_exported_and_absent_values_are_empty_cells() {
    let venue = Venue::busy().await;
    for (filter, least) in [("", 7), ("?type=consumption", 4), ("?type=refund", 1), ("?type=recharge", 1)] {
        let items = venue.items(&format!("{ME}/transactions{filter}")).await;
        let lines = venue.both(&format!("/transactions/export{filter}")).await;
        assert_eq!(lines, lines_of(&items, &TRANSACTION_FIELDS), "{filter}");
        assert_eq!(lines.len(), least, "{filter}");
    }
    let (_, sheet) = venue.download("/transactions/export?type=consumption").await.xlsx();
    for line in &sheet {
        assert!(matches!(&line[6], Data::String(id) if id.starts_with("usage_")));
        assert_eq!(line[7..], [Data::Empty, Data::Empty, Data::Empty]);
    }
}

#[tokio::test]
async fn money_and_counts_are_numbers_and_their_sums_are_those_of_the_figures() {
    let venue = Venue::busy().await;
    let file = venue.download("/usage-records/export").await;
    let (_, sheet) = file.xlsx();
    let summary = venue.get(&format!("{ME}/statistics/consumption")).await["data"]["summary"].clone();
    let sum = |column: usize| sheet.iter().map(|line| hundredths(&line[column])).sum::<i64>();
    assert_eq!(json!(sum(6) / 100), summary["total_players"]);
    let cost: i64 = summary["total_cost"].as_str().unwrap().replace('.', "").parse().unwrap();
    assert_eq!((sum(8), cost), (15_640, 15_640));
    assert_eq!(hundredths(&file.about_of("合计：消费金额（元）")), cost);
    assert_eq!(hundredths(&file.about_of("合计：玩家人数")), sum(6));
    assert_eq!(file.about_of("行数"), Data::Float(4.0));
    assert_eq!(file.about_of("时区"), Data::String("Asia/Shanghai".to_owned()));

    let file = venue.download("/transactions/export").await;
    let mut by_type: BTreeMap<String, i64> = BTreeMap::new();
    for line in file.xlsx().1 {
        *by_type.entry(line[1].to_string()).or_default() += hundredths(&line[2]);
    }
    assert_eq!((by_type["recharge"], by_type["consumption"], by_type["refund"]), (123_456, 15_640, 1_001));
    for (kind, sum) in by_type {
        assert_eq!(hundredths(&file.about_of(&format!("合计：金额（元）（{kind}）"))), sum);
    }
}

#[tokio::test]
async fn times_are_those_of_the_business_time_zone() {
    let venue = Venue::busy().await;
    let times = async |titles: &str| {
        let file = venue.download("/usage-records/export?format=csv").await;
        let (header, lines) = file.csv();
        assert_eq!(header[10], titles);
        lines.into_iter().map(|line| line[10].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        times("时间（Asia/Shanghai）").await,
        ["2025-03-02 00:30:02", "2025-03-02 00:30:01", "2025-03-02 00:00:00", "2025-03-01 23:59:59"]
    );
    let name = async || {
        let path =
            "/usage-records/export?format=csv&start_time=2025-02-28T16:00:00Z&end_time=2025-03-01T16:00:00Z";
        venue.download(path).await.name()
    };
    assert_eq!(name().await, "使用记录_2025-03-01_2025-03-01.csv");
    let (_, sheet) = venue.download("/usage-records/export").await.xlsx();
    let Data::DateTime(time) = &sheet[1][10] else { panic!("{:?}", sheet[1][10]) };
    assert!(time.is_datetime());
    assert_eq!(time.to_ymd_hms_milli(), (2025, 3, 2, 0, 30, 1, 500));
    venue.server.set("business_timezone", json!("UTC")).await;
    assert_eq!(times("时间（UTC）").await[3], "2025-03-01 15:59:59");
    assert_eq!(name().await, "使用记录_2025-02-28_2025-03-01.csv");
}

#[tokio::test]
async fn nothing_to_export_is_a_file_with_titles() {
    let venue = Venue::idle().await;
    for path in ["/usage-records/export", "/transactions/export", "/statistics/export?report=by-app"] {
        assert!(venue.both(path).await.is_empty(), "{path}");
        let file = venue.download(path).await;
        assert_eq!((file.total_rows(), file.about_of("行数")), (0, Data::Float(0.0)), "{path}");
    }
    let file = venue.download("/usage-records/export").await;
    assert_eq!(hundredths(&file.about_of("合计：消费金额（元）")), 0);
}

#[tokio::test]
async fn another_operator_sees_nothing_of_it() {
    let venue = Venue::busy().await;
    let other = operator(&venue.server.app, "stranger").await;
    let path = format!("{ME}/usage-records/export?format=csv&site_id={}", venue.sites[0]);
    let file = venue.server.download(&other.token, &path).await;
    assert!(file.csv().1.is_empty());
    assert_eq!(file.name(), "使用记录.csv");
    let sheet = venue.server.download(&other.token, &path.replace("csv", "xlsx")).await;
    assert_eq!(sheet.about_of("运营点"), Data::String(venue.sites[0].to_string()));
}

#[tokio::test]
async fn thirty_thousand_rows_come_once_each_and_in_order() {
    let venue = Venue::idle().await;
    let games: Vec<Entry> = (0..30_000_i64)
        .map(|n| {
            Entry::Game(Game {
                operator: venue.operator.id,
                site: venue.sites[0],
                app: venue.apps[0],
                players: 2,
                price_fen: 101,
                // Twenty in each millisecond.
                at: base::clock::UtcTime::from_millis(at("2025-02-01T00:00:00Z").as_millis() + n / 20)
                    .unwrap(),
            })
        })
        .collect();
    write(&venue.server.app, &games).await;
    let (_, lines) = venue.download("/usage-records/export?format=csv").await.csv();
    assert_eq!(lines.len(), 30_000);
    assert!(lines.is_sorted_by(|one, next| one[0] > next[0]), "newest first, none twice");
    let file = venue.download("/usage-records/export").await;
    let (_, sheet) = file.xlsx();
    let ids = |line: &Vec<Data>| line[0].to_string();
    assert!(sheet.iter().map(ids).eq(lines.iter().map(|line| line[0].clone())));
    assert_eq!(sheet.iter().map(|line| hundredths(&line[8])).sum::<i64>(), 30_000 * 202);
    assert_eq!(hundredths(&file.about_of("合计：消费金额（元）")), 30_000 * 202);
    let (_, lines) = venue.download("/transactions/export?format=csv").await.csv();
    assert_eq!(lines.len(), 30_001);
    assert!(lines.is_sorted_by(|one, next| one[0] > next[0]), "newest first, none twice");
}
