//! The transactions of all operators: every filter, by page numbers and by cursors, against the rows themselves.

use std::fmt::Write;

use base::clock::UtcTime;
use base::ids::{OrderId, RefundId};
use base::payment_method::PaymentMethod;
use books::ledger::{self, ChargeOrder, Import, MovementCause, MovementKind, MovementOrder};
use money::Fen;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Server, Venue};
use crate::people::{Person, demo_server};

const START_MS: i64 = 1_736_899_200_000;
const PATH: &str = "/v1/finance/transactions";

fn at(ms: i64) -> UtcTime {
    UtcTime::from_millis(START_MS + ms).unwrap()
}

fn movement(kind: MovementKind) -> MovementOrder {
    let cause = match kind {
        MovementKind::Recharge => MovementCause::Recharge {
            method: PaymentMethod::Wechat,
            order_id: OrderId::from_uuid(Uuid::new_v4()),
        },
        MovementKind::Refund => MovementCause::Refund { refund_id: RefundId::from_uuid(Uuid::new_v4()) },
        MovementKind::Payout => {
            MovementCause::PayoutByHand { refund_id: RefundId::from_uuid(Uuid::new_v4()) }
        }
        MovementKind::Adjustment => MovementCause::CreditAdjustment,
    };
    let is_refund = matches!(kind, MovementKind::Refund | MovementKind::Payout);
    MovementOrder::new(cause, Fen::new(if is_refund { 500 } else { 100_000 }))
}

/// Entries of one operator, `stride_ms` apart: every fifth is a movement, the rest are charges.
async fn fill(server: &Server, venue: &Venue, entries: i64, stride_ms: i64) {
    use MovementKind::{Adjustment, Payout, Recharge, Refund};
    let mut transaction = server.app.database().begin().await.unwrap();
    let mut account = ledger::lock_account(&mut transaction, venue.operator_id).await.unwrap().unwrap();
    let (locked_seq, mut import) = (account.entry_seq, Import::default());
    for n in 0..entries {
        let now = at(n * stride_ms);
        if n % 5 == 0 {
            let kind = [Recharge, Refund, Recharge, Adjustment, Payout][usize::try_from(n / 5 % 5).unwrap()];
            import.movements.push(account.post(movement(kind), now).unwrap());
            continue;
        }
        let order = ChargeOrder {
            session_ms: START_MS + n,
            session_nonce: format!("{n:016}"),
            site_id: venue.site_id,
            app_id: venue.app_id,
            app_name: "太空探险".to_owned(),
            player_count: 2,
            unit_price: Fen::new(1_000),
            total: Fen::new(2_000),
            client_ip: None,
        };
        import.charges.push(account.charge(order, Uuid::new_v4(), now).unwrap());
    }
    import.accounts.push((locked_seq, account));
    ledger::import(&mut transaction, &import).await.unwrap();
    transaction.commit().await.unwrap();
}

struct Books {
    server: Server,
    finance: Person,
    venues: Vec<Venue>,
}

/// A busy operator, some with a few entries among its own, one that was active long before the others, one with none;
/// and the opening balance of the demo data, which is the newest entry of all.
async fn books() -> Books {
    let server = demo_server().await;
    let finance = server.finance().await;
    let mut venues = Vec::new();
    for (entries, stride_ms) in [(70, 1), (11, 5), (3, 30), (25, 0), (0, 1)] {
        let venue = server.venue(0).await;
        // The first entry is a top-up that pays for the charges.
        fill(&server, &venue, entries, stride_ms).await;
        venues.push(venue);
    }
    Books { server, finance, venues }
}

impl Books {
    async fn get(&self, query: &str) -> Value {
        let answer = self.finance.get(&self.server, &format!("{PATH}?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        answer.body
    }

    /// The ids that must be shown, newest first.
    async fn expected(&self, operator: Option<&Venue>, kind: &str, times: Option<(i64, i64)>) -> Vec<String> {
        let ids: Vec<base::ids::TransactionId> = sqlx::query_scalar(
            "SELECT id FROM ledger_entries
             WHERE ($1::uuid IS NULL OR operator_id = $1) AND kind <> 'payout' AND ($2 = 'all' OR kind = $2)
               AND ($3::timestamptz IS NULL OR occurred_at >= $3) AND ($4::timestamptz IS NULL OR occurred_at < $4)
             ORDER BY id DESC",
        )
        .bind(operator.map(|venue| venue.operator_id))
        .bind(kind)
        .bind(times.map(|(from, _)| at(from)))
        .bind(times.map(|(_, until)| at(until)))
        .fetch_all(&mut self.server.owner().await)
        .await
        .unwrap();
        ids.iter().map(ToString::to_string).collect()
    }

    async fn by_pages(&self, query: &str, page_size: usize) -> Vec<String> {
        let mut ids = Vec::new();
        for page in 1.. {
            let body = self.get(&format!("{query}&page={page}&page_size={page_size}")).await;
            let items = shown(&body);
            let is_last = items.len() < page_size;
            ids.extend(items);
            if is_last {
                assert_eq!(body["total"], ids.len(), "{query}");
                assert_eq!(body.get("next_cursor"), None);
                return ids;
            }
        }
        unreachable!("pages end")
    }

    async fn by_cursors(&self, query: &str, page_size: usize) -> Vec<String> {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let body = self.get(&format!("{query}&page_size={page_size}{cursor}")).await;
            ids.extend(shown(&body));
            match body.get("next_cursor").and_then(Value::as_str) {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return ids,
            }
        }
    }
}

fn shown(body: &Value) -> Vec<String> {
    let items = body["items"].as_array().unwrap();
    items.iter().map(|item| item["transaction_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_filter_shows_its_rows_once_by_pages_and_by_cursors() {
    let books = books().await;
    for operator in [None, Some(&books.venues[0]), Some(&books.venues[4])] {
        for kind in ["all", "consumption", "recharge", "refund", "adjustment"] {
            for times in [None, Some((5, 40)), Some((900, 901))] {
                let mut query = format!("type={kind}");
                if let Some(venue) = operator {
                    write!(query, "&operator_id={}", venue.operator_id).unwrap();
                }
                if let Some((from, until)) = times {
                    write!(query, "&start_time={}&end_time={}", at(from), at(until)).unwrap();
                }
                let expected = books.expected(operator, kind, times).await;
                for page_size in [4, 9, 100] {
                    assert_eq!(books.by_pages(&query, page_size).await, expected, "{query} by {page_size}");
                    assert_eq!(books.by_cursors(&query, page_size).await, expected, "{query} by {page_size}");
                }
            }
        }
    }
    assert!(books.expected(None, "all", None).await.len() > 100);
}

#[tokio::test]
async fn an_entry_tells_whose_it_is() {
    let books = books().await;
    let venue = &books.venues[1];
    let body = books.get(&format!("operator_id={}&page_size=100", venue.operator_id)).await;
    let items = body["items"].as_array().unwrap();
    let charge = items.iter().find(|item| item["type"] == "consumption").unwrap();
    let expected = json!({
        "transaction_id": charge["transaction_id"], "type": "consumption", "amount": "20.00",
        "balance_before": charge["balance_before"], "balance_after": charge["balance_after"],
        "created_at": charge["created_at"], "related_usage_id": charge["related_usage_id"],
        "operator_id": venue.operator_id, "operator_name": "测试运营商",
    });
    assert_eq!(charge, &expected);
    let refund = items.iter().find(|item| item["type"] == "refund").unwrap();
    assert!(refund["refund_id"].as_str().unwrap().starts_with("refund_"));
    let newest = &books.get("page_size=1").await["items"][0];
    assert_eq!((&newest["operator_name"], &newest["amount"]), (&json!("梦境互动娱乐"), &json!("1000.00")));
}

#[tokio::test]
async fn wrong_parameters_are_named_and_wrong_people_turned_away() {
    let server = demo_server().await;
    let finance = server.finance().await;
    for (query, field) in [
        ("operator_id=nonsense", "operator_id"),
        ("type=payout", "type"),
        ("start_time=yesterday", "start_time"),
        ("end_time=2025-01-01", "end_time"),
        ("cursor=nonsense", "cursor"),
        ("page=0", "page"),
        ("page_size=101", "page_size"),
    ] {
        let answer = finance.get(&server, &format!("{PATH}?{query}")).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field], "{query}");
    }
    let unknown = finance.get(&server, &format!("{PATH}?operator_id=op_01h455vb4pex5vsknk084sn02q")).await;
    assert_eq!(unknown.body, json!({"page": 1, "page_size": 20, "total": 0, "items": []}));
    let auditor = server.auditor().await;
    assert_eq!(auditor.get(&server, PATH).await.body["total"], 1);
    for person in [server.admin().await, server.operator1().await] {
        person.get(&server, PATH).await.expect(403, "PERMISSION_DENIED");
    }
    server
        .change(sqlx::query(
            "UPDATE staff_accounts SET permission_overrides = '{\"can_view_all_transactions\": false}'
             WHERE username = 'auditor'",
        ))
        .await;
    auditor.get(&server, &format!("{PATH}?page=0")).await.expect(403, "PERMISSION_DENIED");
}
