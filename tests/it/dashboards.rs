//! What finance and administrators see of today, of a month and of customers.

use base::ids::OperatorId;
use books::ledger::MovementKind::{Payout, Recharge, Refund};
use serde_json::{Value, json};

use crate::fixtures::{application, operator, site};
use crate::games::{Entry, Game, Move, at, server_at, write};
use crate::harness::Server;

/// It is March 2 in Shanghai.
const NOW: &str = "2025-03-01T17:00:00Z";
const UNKNOWN_OPERATOR: &str = "op_01h455vb4pex5vsknk084sn02q";

fn moved(operator: OperatorId, kind: books::ledger::MovementKind, amount_fen: i64, time: &str) -> Entry {
    Entry::Move(Move { operator, kind, amount_fen, at: at(time) })
}

struct Platform {
    server: Server,
    /// Played today, topped up today, refunded today, deactivated.
    operators: [OperatorId; 4],
}

async fn platform() -> Platform {
    let server = server_at(NOW, "Asia/Shanghai").await;
    let mut operators = Vec::new();
    for name in ["player", "payer", "leaver", "gone"] {
        operators.push(operator(&server.app, name).await.id);
    }
    let operators: [OperatorId; 4] = operators.try_into().unwrap();
    let app = application(&server.app, "太空探险", 1_000).await;
    let shop = site(&server.app, operators[0], "一号店").await;
    let game = |operator, players, time| {
        Entry::Game(Game { operator, site: shop, app, players, price_fen: 1_000, at: at(time) })
    };
    let entries = [
        game(operators[0], 3, "2025-03-01T16:00:00Z"),
        game(operators[0], 2, "2025-03-01T15:59:59.999Z"),
        game(operators[3], 2, "2025-02-28T15:59:59.999Z"),
        moved(operators[1], Recharge, 5_000, "2025-03-01T16:30:00Z"),
        moved(operators[1], Recharge, 7_000, "2025-02-10T00:00:00Z"),
        moved(operators[2], Refund, 8_000, "2025-03-01T16:45:00Z"),
        moved(operators[2], Payout, 8_000, "2025-03-01T16:50:00Z"),
    ];
    write(&server.app, &entries).await;
    server
        .change(sqlx::query("UPDATE operators SET deactivated_at = now() WHERE id = $1").bind(operators[3]))
        .await;
    Platform { server, operators }
}

#[tokio::test]
async fn the_finance_dashboard_is_of_the_business_day() {
    let platform = platform().await;
    let finance = platform.server.staff("finance", "auditor").await;
    let answer = finance.get(&platform.server, "/v1/finance/dashboard").await;
    assert_eq!(
        answer.expect(200, ""),
        &json!({
            "today_recharge": "50.00", "today_consumption": "30.00", "today_refund": "80.00",
            "today_net_income": "-30.00", "total_operators": 3, "active_operators_today": 2,
        })
    );
}

#[tokio::test]
async fn a_month_of_finance_has_all_its_days() {
    let platform = platform().await;
    let finance = platform.server.staff("finance", "specialist").await;
    let get = async |query: &str| {
        finance.get(&platform.server, &format!("/v1/finance/dashboard/trends{query}")).await
    };
    let february = get("?month=2025-02").await;
    let data = february.expect(200, "");
    let days = data["chart_data"].as_array().unwrap();
    assert_eq!((&data["month"], days.len()), (&json!("2025-02"), 28));
    let zero = json!({"recharge": "0.00", "consumption": "0.00", "refund": "0.00", "net_income": "0.00"});
    for (index, day) in days.iter().enumerate() {
        let mut expected = zero.clone();
        expected["date"] = json!(format!("2025-02-{:02}", index + 1));
        match index + 1 {
            10 => (expected["recharge"], expected["net_income"]) = (json!("70.00"), json!("70.00")),
            28 => expected["consumption"] = json!("20.00"),
            _ => {}
        }
        assert_eq!(day, &expected);
    }
    let summary = json!({
        "total_recharge": "70.00", "total_consumption": "20.00", "total_refund": "0.00",
        "total_net_income": "70.00",
    });
    assert_eq!(data["summary"], summary);

    let current = get("").await;
    let data = current.expect(200, "");
    let days = data["chart_data"].as_array().unwrap();
    assert_eq!(
        (&data["month"], days.len(), &days[30]["date"]),
        (&json!("2025-03"), 31, &json!("2025-03-31"))
    );
    let today = json!({
        "date": "2025-03-02", "recharge": "50.00", "consumption": "30.00", "refund": "80.00", "net_income": "-30.00",
    });
    assert_eq!(days[1], today);
    assert_eq!(data["summary"]["total_consumption"], "50.00");
    get("?month=2031-12").await.expect(200, "");
    for month in ["2025-13", "2025", "2025-1", "now", "2025-01-01", "9999-12"] {
        let answer = get(&format!("?month={month}")).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), ["month"], "{month}");
    }
}

#[tokio::test]
async fn top_customers_are_ranked_by_what_they_spent() {
    let platform = platform().await;
    let finance = platform.server.staff("finance", "manager").await;
    let get =
        async |query: &str| finance.get(&platform.server, &format!("/v1/finance/top-customers{query}")).await;
    let all = get("").await;
    let [first, .., gone] = platform.operators.map(|id| id.to_string());
    let name = "测试运营商";
    assert_eq!(
        all.expect(200, ""),
        &json!({
            "customers": [
                {"rank": 1, "operator_id": first, "operator_name": name, "category": "normal",
                 "total_consumption": "50.00", "consumption_percentage": 71.43, "total_sessions": 2},
                {"rank": 2, "operator_id": gone, "operator_name": name, "category": "normal",
                 "total_consumption": "20.00", "consumption_percentage": 28.57, "total_sessions": 1},
            ],
            "total_consumption": "70.00",
        })
    );
    let one = get("?limit=1").await;
    let data = one.expect(200, "");
    assert_eq!(
        (data["customers"].as_array().unwrap().len(), &data["total_consumption"]),
        (1, &json!("70.00"))
    );
    let earlier = get("?start_time=2025-02-01T00:00:00Z&end_time=2025-03-01T00:00:00%2B08:00").await;
    assert_eq!(earlier.expect(200, "")["customers"][0]["operator_id"], gone);
    assert_eq!(earlier.body["data"]["customers"][0]["consumption_percentage"], 100);
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("start_time=x", "start_time"),
        ("start_time=2025-01-01T00:00:00Z&end_time=2024-01-01T00:00:00Z", "end_time"),
    ] {
        let answer = get(&format!("?{query}")).await;
        answer.expect(400, "INVALID_PARAMS");
        assert_eq!(answer.fields(), [field], "{query}");
    }
}

#[tokio::test]
async fn a_customer_has_details_even_when_it_is_gone() {
    let platform = platform().await;
    let finance = platform.server.staff("finance", "auditor").await;
    let get =
        async |id: &str| finance.get(&platform.server, &format!("/v1/finance/customers/{id}/details")).await;
    let details = async |id: OperatorId| get(&id.to_string()).await.expect(200, "").clone();
    let expected = json!({
        "operator_id": platform.operators[2].to_string(), "operator_name": "测试运营商", "category": "normal",
        "current_balance": "9999920.00", "total_recharged": "0.00", "total_consumed": "0.00",
        "total_refunded": "80.00", "total_sessions": 0, "first_transaction_at": "2000-01-01T00:00:00.000Z",
        "last_transaction_at": "2025-03-01T16:45:00.000Z",
    });
    assert_eq!(details(platform.operators[2]).await, expected);
    let gone = details(platform.operators[3]).await;
    assert_eq!((&gone["total_consumed"], &gone["total_sessions"]), (&json!("20.00"), &json!(1)));
    assert_eq!(gone["last_transaction_at"], "2025-02-28T15:59:59.999Z");
    let newcomer = operator(&platform.server.app, "newcomer").await;
    let fresh = details(newcomer.id).await;
    assert_eq!((&fresh["first_transaction_at"], &fresh["last_transaction_at"]), (&Value::Null, &Value::Null));
    get(UNKNOWN_OPERATOR).await.expect(404, "OPERATOR_NOT_FOUND");
    get("nonsense").await.expect(404, "OPERATOR_NOT_FOUND");
}

#[tokio::test]
async fn the_admin_dashboard_counts_who_is_there() {
    let platform = platform().await;
    let server = &platform.server;
    server
        .change(
            sqlx::query("UPDATE operators SET locked_at = now() WHERE id = $1").bind(platform.operators[2]),
        )
        .await;
    server
        .change(sqlx::query(
            "INSERT INTO app_requests (operator_id, id, app_id, reason, status, created_at)
             SELECT o.id, gen_random_uuid(), a.id, '', 'pending', now() FROM operators o, applications a
             WHERE o.username = 'payer'",
        ))
        .await;
    let admin = server.staff("admin", "admin").await;
    let mut expected = json!({
        "total_operators": 3, "active_operators": 2, "locked_operators": 1, "total_applications": 1,
        "pending_requests": 1, "sessions_today": 1, "consumption_today": "30.00",
    });
    assert_eq!(admin.get(server, "/v1/admin/dashboard").await.expect(200, ""), &expected);
    let support = server.staff("admin", "operator").await;
    expected.as_object_mut().unwrap().remove("consumption_today");
    assert_eq!(support.get(server, "/v1/admin/dashboard").await.expect(200, ""), &expected);
}

#[tokio::test]
async fn dashboards_are_for_their_own_staff() {
    let platform = platform().await;
    let server = &platform.server;
    let venue = operator(&server.app, "venue").await;
    let admin = server.staff("admin", "super_admin").await;
    let finance = server.staff("finance", "manager").await;
    let analyst = server.staff("analyst", "analyst").await;
    for path in [
        "/v1/finance/dashboard",
        "/v1/finance/dashboard/trends?month=nonsense",
        "/v1/finance/top-customers?limit=0",
        "/v1/finance/customers/nonsense/details",
    ] {
        server.visit(path).await.expect(401, "UNAUTHORIZED");
        for token in [&venue.token, &admin.token, &analyst.token] {
            server.call(Some(token), "GET", path, &Value::Null).await.expect(403, "PERMISSION_DENIED");
        }
    }
    server.visit("/v1/admin/dashboard").await.expect(401, "UNAUTHORIZED");
    for token in [&venue.token, &finance.token, &analyst.token] {
        let answer = server.call(Some(token), "GET", "/v1/admin/dashboard", &Value::Null).await;
        answer.expect(403, "PERMISSION_DENIED");
    }
}
