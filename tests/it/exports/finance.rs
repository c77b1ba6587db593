//! The transactions of all operators.

use std::collections::BTreeSet;

use calamine::Data;

use super::files::hundredths;
use super::records::{TRANSACTION_FIELDS, lines_of};
use super::venue::{Venue, both};
use crate::fixtures::{operator, site};
use crate::games::{Entry, Game, at, write};

const LIST: &str = "/v1/finance/transactions";

/// A venue, another operator with one game, and one that has nothing.
async fn venues() -> Venue {
    let venue = Venue::busy().await;
    let other = operator(&venue.server.app, "other").await;
    operator(&venue.server.app, "nobody").await;
    let game = Game {
        operator: other.id,
        site: site(&venue.server.app, other.id, "别人的店").await,
        app: venue.apps[0],
        players: 3,
        price_fen: 700,
        at: at("2025-03-01T16:00:00.500Z"),
    };
    write(&venue.server.app, &[Entry::Game(game)]).await;
    venue
}

#[tokio::test]
async fn all_transactions_are_exported_operator_by_operator() {
    let venue = venues().await;
    let finance = venue.server.staff("finance", "auditor").await;
    let fields = [TRANSACTION_FIELDS.as_slice(), &["operator_id", "operator_name"]].concat();
    for filter in [
        String::new(),
        "?type=consumption".to_owned(),
        "?type=adjustment".to_owned(),
        "?type=recharge".to_owned(),
        "?start_time=2025-03-01T16:00:00Z&end_time=2025-03-01T16:30:00Z".to_owned(),
        format!("?operator_id={}", venue.operator.id),
    ] {
        let (_, body) = venue.server.get(&format!("{LIST}{filter}"), &finance.token).await;
        let mut items = body["items"].as_array().unwrap().clone();
        // A stable sort: each operator's newest stay first.
        items.sort_by_key(|item| item["operator_id"].as_str().unwrap().to_owned());
        assert!(!items.is_empty() && items.len() < 20);
        let exported = both(&venue.server, &finance.token, &format!("{LIST}/export{filter}")).await;
        assert_eq!(exported, lines_of(&items, &fields), "{filter}");
    }
    let file = venue.server.download(&finance.token, &format!("{LIST}/export")).await;
    let operators: BTreeSet<String> = file.xlsx().1.iter().map(|line| line[10].to_string()).collect();
    assert_eq!(operators.len(), 2);
    assert_eq!(hundredths(&file.about_of("合计：金额（元）（consumption）")), 15_640 + 2_100);
    let path = format!("{LIST}/export?operator_id={}", venue.operator.id);
    let file = venue.server.download(&finance.token, &path).await;
    assert_eq!(file.name(), "全部交易记录_测试运营商.xlsx");
    let told = format!("测试运营商 ({})", venue.operator.id);
    assert_eq!(file.about_of("运营商"), Data::String(told));
}

#[tokio::test]
async fn an_operator_that_does_not_exist_has_no_transactions() {
    let venue = Venue::idle().await;
    let finance = venue.server.staff("finance", "manager").await;
    let unknown = "op_01h455vb4pex5vsknk084sn02q";
    let path = format!("{LIST}/export?operator_id={unknown}");
    assert!(both(&venue.server, &finance.token, &path).await.is_empty());
    let file = venue.server.download(&finance.token, &path).await;
    assert_eq!(file.about_of("运营商"), Data::String(unknown.to_owned()));
    for (query, field) in
        [("type=payout", "type"), ("operator_id=x", "operator_id"), ("format=pdf", "format")]
    {
        let path = format!("{LIST}/export?{query}");
        let refused = venue.server.call(Some(&finance.token), "GET", &path, &serde_json::Value::Null).await;
        refused.expect(400, "INVALID_PARAMS");
        assert_eq!(refused.fields(), [field]);
    }
}
