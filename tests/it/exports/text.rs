//! Languages, names that could do harm, and the names of the files.

use calamine::Data;

use super::venue::{ME, Venue};
use crate::fixtures::{application, site};
use crate::games::{Entry, Game, at, write};

#[tokio::test]
async fn names_that_begin_like_formulas_stay_text() {
    let venue = Venue::idle().await;
    let names = ["=HYPERLINK(\"http://x\",\"点我\")", "+1 店", "-2 店", "@SUM(A1)", "a,\"b\" <c>&"];
    let mut games = Vec::new();
    for name in names {
        games.push(Entry::Game(Game {
            operator: venue.operator.id,
            site: site(&venue.server.app, venue.operator.id, name).await,
            app: application(&venue.server.app, name, 1_000).await,
            players: 2,
            price_fen: 1_000,
            at: at("2025-03-01T16:00:00Z"),
        }));
    }
    write(&venue.server.app, &games).await;
    let escaped = names.map(|name| if name.starts_with('a') { name.to_owned() } else { format!("'{name}") });
    let expected = escaped.iter().rev().cloned().collect::<Vec<_>>();
    let found: Vec<String> =
        venue.both("/usage-records/export").await.into_iter().map(|line| line[3].clone()).collect();
    assert_eq!(found, expected);
    let mut by_site: Vec<String> = venue
        .both("/statistics/export?report=by-site")
        .await
        .into_iter()
        .map(|line| line[1].clone())
        .collect();
    by_site.sort();
    let mut expected = expected;
    expected.sort();
    assert_eq!(by_site, expected);
    // Names become titles of a cross table, and values of the second sheet.
    let analyst = venue.server.staff("analyst", "analyst").await;
    let path = "/v1/analytics/export?report=cross&rows=day&cols=site";
    let lines = super::venue::both(&venue.server, &analyst.token, path).await;
    assert_eq!(lines.len(), 30);
    let (header, _) = venue.server.download(&analyst.token, path).await.xlsx();
    assert!(header[1..].iter().all(|title| title.starts_with(['\'', 'a'])), "{header:?}");
    let Entry::Game(Game { site, .. }) = games[0] else { unreachable!("a game") };
    let about = venue.download(&format!("/usage-records/export?site_id={site}")).await;
    assert_eq!(about.about_of("运营点"), Data::String(format!("'{} ({site})", names[0])));
}

#[tokio::test]
async fn titles_sheets_and_names_follow_the_language() {
    let venue = Venue::busy().await;
    let path = format!(
        "{ME}/usage-records/export?start_time=2025-03-01T00:00:00%2B08:00&end_time=2025-03-03T00:00:00%2B08:00&site_id={}",
        venue.sites[0]
    );
    let chinese = venue.download(&path.replace(ME, "")).await;
    assert_eq!(chinese.xlsx().0[..2], ["使用记录编号", "会话编号"]);
    assert_eq!(chinese.sheet_names(), ["使用记录", "信息"]);
    assert_eq!(chinese.name(), "使用记录_2025-03-01_2025-03-02_北京朝阳店.xlsx");
    let fallback = "attachment; filename=\"usage-records_2025-03-01_2025-03-02.xlsx\"; filename*=UTF-8''";
    assert!(chinese.header("content-disposition").starts_with(fallback));
    assert_eq!(chinese.about_of("开始时间（含）"), Data::String("2025-03-01 00:00:00".to_owned()));
    assert_eq!(chinese.about_of("结束时间（不含）"), Data::String("2025-03-03 00:00:00".to_owned()));

    let english = venue.server.download_in(&venue.operator.token, &path, "en-US,en;q=0.9").await;
    assert_eq!(english.xlsx().0[..2], ["Usage ID", "Session ID"]);
    assert_eq!(english.xlsx().0[10], "Time (Asia/Shanghai)");
    assert_eq!(english.sheet_names(), ["Usage records", "About"]);
    assert_eq!(english.name(), "usage-records_2025-03-01_2025-03-02_北京朝阳店.xlsx");
    assert_eq!(english.about_of("Rows"), Data::Float(2.0));
    let csv = format!("{path}&format=csv");
    let english = venue.server.download_in(&venue.operator.token, &csv, "en").await;
    assert_eq!(english.csv().0[0], "Usage ID");
    let exposed = english.header("access-control-expose-headers");
    assert!(exposed.contains("x-total-rows") && exposed.contains("content-disposition"));
    assert_eq!(english.header("cache-control"), "no-store");
}

#[tokio::test]
async fn the_names_of_files_tell_the_filters() {
    let venue = Venue::busy().await;
    for (path, name) in [
        (
            "/transactions/export?type=refund&end_time=2025-03-02T00:00:00Z",
            "交易记录_to-2025-03-02_退款.xlsx",
        ),
        ("/transactions/export?start_time=2025-03-02T00:00:00Z", "交易记录_from-2025-03-02.xlsx"),
        ("/statistics/export?report=consumption&dimension=week", "消费统计_2025-02-01_2025-03-02_按周.xlsx"),
    ] {
        assert_eq!(venue.download(path).await.name(), name, "{path}");
    }
    let analyst = venue.server.staff("analyst", "analyst").await;
    let path = format!(
        "/v1/analytics/export?report=cross&rows=operator&cols=app&measure=cost&site_id={}&site_id={}&app_id={}",
        venue.sites[0], venue.sites[1], venue.apps[1]
    );
    let file = venue.server.download(&analyst.token, &path).await;
    assert_eq!(file.name(), "交叉分析_2025-02-01_2025-03-02_消费金额_运营点×2_星际战争.xlsx");
}
