//! Transactions and usage records: filters, page numbers and cursors.

use base::clock::UtcTime;
use base::ids::{AppId, IdRange, OrderId, RefundId, SiteId};
use base::payment_method::PaymentMethod;
use books::ledger::list::{self, EntryFilter};
use books::ledger::{self, Account, ChargeOrder, Import, MovementCause, MovementKind, MovementOrder};
use money::Fen;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixtures::{Operator, application, operator, site};
use crate::harness::{Server, start};

const START_MS: i64 = 1_736_899_200_000;

struct Books {
    server: Server,
    operator: Operator,
    sites: [SiteId; 2],
    apps: [AppId; 2],
}

fn at(ms: i64) -> UtcTime {
    UtcTime::from_millis(START_MS + ms).unwrap()
}

fn movement(kind: MovementKind, amount_fen: i64, number: u128) -> MovementOrder {
    let cause = match kind {
        MovementKind::Recharge => MovementCause::Recharge {
            method: PaymentMethod::Wechat,
            order_id: OrderId::from_uuid(Uuid::from_u128(number)),
        },
        MovementKind::Refund => {
            MovementCause::Refund { refund_id: RefundId::from_uuid(Uuid::from_u128(number)) }
        }
        MovementKind::Payout => {
            MovementCause::PayoutByHand { refund_id: RefundId::from_uuid(Uuid::from_u128(number)) }
        }
        MovementKind::Adjustment => MovementCause::CreditAdjustment,
    };
    MovementOrder::new(cause, Fen::new(amount_fen))
}

fn charge(books: &Books, number: i64) -> ChargeOrder {
    ChargeOrder {
        session_ms: START_MS + number,
        session_nonce: format!("{number:016}"),
        site_id: books.sites[usize::from(number % 3 == 0)],
        app_id: books.apps[usize::from(number % 5 == 0)],
        app_name: "当时的名字".to_owned(),
        player_count: 2,
        unit_price: Fen::new(1_000),
        total: Fen::new(2_000),
        client_ip: None,
    }
}

/// 97 entries of all kinds, several in one millisecond: seven charges to each movement.
async fn books() -> Books {
    let server = start().await;
    let operator = operator(&server.app, "venue").await;
    let sites =
        [site(&server.app, operator.id, "一号店").await, site(&server.app, operator.id, "二号店").await];
    let apps = [
        application(&server.app, "太空探险", 1_000).await,
        application(&server.app, "星际战争", 1_200).await,
    ];
    let books = Books { server, operator, sites, apps };
    let mut transaction = books.server.app.database().begin().await.unwrap();
    let account = ledger::lock_account(&mut transaction, books.operator.id).await.unwrap().unwrap();
    let mut import = Import::default();
    let account = fill(&books, account, &mut import);
    import.accounts.push((0, account));
    ledger::import(&mut transaction, &import).await.unwrap();
    transaction.commit().await.unwrap();
    books
}

fn fill(books: &Books, mut account: Account, import: &mut Import) -> Account {
    use MovementKind::{Adjustment, Payout, Recharge, Refund};
    import.movements.push(account.post(movement(Recharge, 1_000_000, 1), at(0)).unwrap());
    for number in 1..97_i64 {
        let now = at(number / 4);
        if number % 8 != 0 {
            import.charges.push(account.charge(charge(books, number), Uuid::new_v4(), now).unwrap());
            continue;
        }
        let kind = [Recharge, Refund, Payout, Adjustment][usize::try_from(number / 8 % 4).unwrap()];
        import
            .movements
            .push(account.post(movement(kind, 500, 100 + number.unsigned_abs() as u128), now).unwrap());
    }
    account
}

impl Books {
    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.server.get(&format!("/v1/operators/me/{path}"), &self.operator.token).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// All items by page numbers.
    async fn by_pages(&self, path: &str, page_size: usize) -> Vec<Value> {
        let mut items = Vec::new();
        for page in 1.. {
            let body = self.get(&format!("{path}&page={page}&page_size={page_size}")).await;
            assert_eq!((&body["page"], &body["page_size"]), (&json!(page), &json!(page_size)));
            let page = body["items"].as_array().unwrap();
            items.extend(page.iter().cloned());
            assert_eq!(
                body.get("next_cursor").is_some(),
                items.len() < body["total"].as_u64().unwrap() as usize
            );
            if page.len() < page_size {
                assert_eq!(body["total"], items.len());
                break;
            }
        }
        items
    }

    /// All items by cursors.
    async fn by_cursors(&self, path: &str, page_size: usize) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let body = self.get(&format!("{path}&page_size={page_size}{cursor}")).await;
            items.extend(body["items"].as_array().unwrap().iter().cloned());
            match body.get("next_cursor").and_then(Value::as_str) {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }
}

fn ids<'a>(items: &'a [Value], field: &str) -> Vec<&'a str> {
    items.iter().map(|item| item[field].as_str().unwrap()).collect()
}

#[tokio::test]
async fn pages_and_cursors_show_the_same_rows_once() {
    let books = books().await;
    let window = format!("start_time={}&end_time={}", at(3), at(19));
    let site = format!("site_id={}", books.sites[1]);
    let queries = [
        ("transactions?x=y".to_owned(), "transaction_id", 94),
        (format!("transactions?{window}"), "transaction_id", 62),
        ("transactions?type=all".to_owned(), "transaction_id", 94),
        ("transactions?type=consumption".to_owned(), "transaction_id", 84),
        ("transactions?type=recharge".to_owned(), "transaction_id", 4),
        ("transactions?type=refund".to_owned(), "transaction_id", 3),
        ("transactions?type=adjustment".to_owned(), "transaction_id", 3),
        ("usage-records?x=y".to_owned(), "usage_id", 84),
        (format!("usage-records?{window}"), "usage_id", 56),
        (format!("usage-records?{site}"), "usage_id", 28),
        (format!("usage-records?{site}&{window}&app_id={}", books.apps[1]), "usage_id", 5),
    ];
    for (query, id_field, expected) in queries {
        let reference = books.by_pages(&query, 100).await;
        let known = ids(&reference, id_field);
        assert_eq!(known.len(), expected, "{query}");
        assert!(known.is_sorted_by(|a, b| a > b), "{query}: newest first, each once");
        for page_size in [1, 3, 7, 20, 84] {
            if page_size == 1 && expected > 60 {
                continue;
            }
            assert_eq!(books.by_pages(&query, page_size).await, reference, "{query} by pages of {page_size}");
            assert_eq!(
                books.by_cursors(&query, page_size).await,
                reference,
                "{query} by cursors of {page_size}"
            );
        }
    }
}

#[tokio::test]
async fn a_cursor_neither_skips_nor_repeats_while_games_are_charged() {
    let books = books().await;
    let first = books.get("usage-records?page_size=30").await;
    let mut transaction = books.server.app.database().begin().await.unwrap();
    let mut account = ledger::lock_account(&mut transaction, books.operator.id).await.unwrap().unwrap();
    let locked_seq = account.entry_seq;
    let mut import = Import::default();
    for number in 200..210 {
        import.charges.push(account.charge(charge(&books, number), Uuid::new_v4(), at(number)).unwrap());
    }
    import.accounts.push((locked_seq, account));
    ledger::import(&mut transaction, &import).await.unwrap();
    transaction.commit().await.unwrap();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = books.get(&format!("usage-records?page_size=100&cursor={cursor}")).await;
    let mut seen = first["items"].as_array().unwrap().clone();
    seen.extend(second["items"].as_array().unwrap().iter().cloned());
    assert_eq!(seen.len(), 84);
    assert_eq!(second["total"], 94);
}

#[tokio::test]
async fn balances_of_transactions_join_up() {
    let books = books().await;
    let all = books.by_pages("transactions?type=all", 50).await;
    for pair in all.windows(2) {
        assert_eq!(pair[0]["balance_before"], pair[1]["balance_after"]);
    }
    let oldest = &all[93];
    let order_id = OrderId::from_uuid(Uuid::from_u128(1)).to_string();
    assert_eq!((&oldest["type"], &oldest["amount"]), (&json!("recharge"), &json!("10000.00")));
    assert_eq!((&oldest["payment_method"], &oldest["order_id"]), (&json!("wechat"), &json!(order_id)));
    assert_eq!(oldest.get("related_usage_id"), None);
    let charge = all.iter().find(|item| item["type"] == "consumption").unwrap();
    let usage_id = charge["related_usage_id"].as_str().unwrap();
    assert_eq!(
        usage_id.split_once('_').unwrap().1,
        charge["transaction_id"].as_str().unwrap().split_once('_').unwrap().1
    );
    assert_eq!((&charge["amount"], charge.get("order_id")), (&json!("20.00"), None));
}

#[tokio::test]
async fn a_usage_record_tells_the_whole_game() {
    let books = books().await;
    let newest = books.get("usage-records?page_size=1").await["items"][0].clone();
    assert_eq!(newest["game_duration"], Value::Null);
    let mut connection = books.server.app.database().acquire().await.unwrap();
    let usage_id: base::ids::UsageId = newest["usage_id"].as_str().unwrap().parse().unwrap();
    sqlx::query!(
        "INSERT INTO session_ends (operator_id, usage_id, duration_seconds, ended_at) VALUES ($1, $2, 1234, now())",
        books.operator.id.uuid(),
        usage_id.uuid(),
    )
    .execute(&mut *connection)
    .await
    .unwrap();
    let newest = books.get("usage-records?page_size=1").await["items"][0].clone();
    let session_id = format!("{}_{:013}_{:016}", books.operator.id, START_MS + 95, 95);
    let expected = json!({
        "usage_id": usage_id.to_string(), "session_id": session_id, "site_id": books.sites[0].to_string(),
        "site_name": "一号店", "app_id": books.apps[1].to_string(), "app_name": "当时的名字", "player_count": 2,
        "unit_price": "10.00", "total_cost": "20.00", "game_duration": 1234, "created_at": at(95 / 4).to_string(),
    });
    assert_eq!(newest, expected);
}

#[tokio::test]
async fn filters_that_fit_nothing_are_empty_and_malformed_ones_refused() {
    let books = books().await;
    let other = operator(&books.server.app, "other").await;
    let foreign = site(&books.server.app, other.id, "别人的店").await;
    for query in [
        format!("usage-records?site_id={foreign}"),
        "usage-records?app_id=app_01h455vb4pex5vsknk084sn02q".to_owned(),
        "usage-records?start_time=2030-01-01T00:00:00Z".to_owned(),
        "transactions?end_time=1969-01-01T00:00:00Z".to_owned(),
        format!("transactions?start_time={}&end_time={}", at(5), at(5)),
        "usage-records?page=1000000".to_owned(),
    ] {
        let body = books.get(&query).await;
        assert_eq!(body["items"], json!([]), "{query}");
        assert_eq!(body["total"], if query.contains("page=") { 84 } else { 0 }, "{query}");
    }
    for (query, field) in [
        ("usage-records?site_id=nonsense", "site_id"),
        ("usage-records?app_id=site_01h455vb4pex5vsknk084sn02q", "app_id"),
        ("usage-records?start_time=yesterday", "start_time"),
        ("usage-records?cursor=nonsense", "cursor"),
        ("transactions?end_time=2025-01-01", "end_time"),
        ("transactions?start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z", "end_time"),
        ("usage-records?start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z", "end_time"),
        ("transactions?type=payout", "type"),
        ("transactions?page=0", "page"),
        ("transactions?page_size=101", "page_size"),
    ] {
        let (status, body) =
            books.server.get(&format!("/v1/operators/me/{query}"), &books.operator.token).await;
        assert_eq!((status, &body["error_code"]), (400, &json!("INVALID_PARAMS")), "{query}");
        assert_eq!(body["details"]["fields"][0]["field"], field, "{query}");
    }
    for path in ["transactions", "usage-records"] {
        let (_, body) = books.server.get(&format!("/v1/operators/me/{path}"), &other.token).await;
        assert_eq!(body, json!({"page": 1, "page_size": 20, "total": 0, "items": []}));
    }
}

#[tokio::test]
async fn a_range_is_counted_as_its_rows_are() {
    let books = books().await;
    let mut connection = books.server.app.database().acquire().await.unwrap();
    for (from, until) in [(0, 25), (0, 1), (2, 3), (7, 24), (24, 25), (25, 99), (5, 5)] {
        let range = IdRange::between(Some(at(from)), Some(at(until)));
        let counts = list::count(&mut connection, books.operator.id, range).await.unwrap();
        let counted = sqlx::query!(
            r#"SELECT count(*) AS "all!", count(*) FILTER (WHERE kind = 'consumption') AS "charges!"
               FROM ledger_entries
               WHERE operator_id = $1 AND kind <> 'payout' AND occurred_at >= $2 AND occurred_at < $3"#,
            books.operator.id.uuid(),
            at(from) as _,
            at(until) as _,
        )
        .fetch_one(&mut *connection)
        .await
        .unwrap();
        assert_eq!(counts.of(EntryFilter::All), counted.all, "{from}..{until}");
        assert_eq!(counts.of(EntryFilter::Consumption), counted.charges, "{from}..{until}");
    }
}
