//! What a report says is what the dashboards and the ledger say.

use std::io::Cursor;

use calamine::{Data, DataType, Range, Reader, Xlsx};
use money::Fen;
use serde_json::{Value, json};

use super::{february, office};

fn sheet(bytes: &[u8], name: &str) -> Range<Data> {
    Xlsx::new(Cursor::new(bytes)).unwrap().worksheet_range(name).unwrap()
}

/// A cell as the API would show the amount.
fn yuan(cell: &Data) -> String {
    format!("{:.2}", cell.as_f64().unwrap())
}

/// A workbook counts days from the end of 1899.
fn day(cell: &Data) -> String {
    let Data::DateTime(serial) = cell else { panic!("{cell:?} is no date") };
    let days = serial.as_f64() as i32;
    jiff::civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(days)).unwrap().to_string()
}

fn count(cell: &Data) -> i64 {
    cell.as_f64().unwrap() as i64
}

/// The rows of a sheet without header and sum.
fn rows(range: &Range<Data>, has_sum: bool) -> Vec<Vec<Data>> {
    let mut rows: Vec<Vec<Data>> = range.rows().skip(1).map(<[Data]>::to_vec).collect();
    if has_sum {
        rows.pop();
    }
    rows
}

#[tokio::test]
async fn a_report_tells_the_same_figures_as_the_dashboards() {
    let office = office().await;
    let id = office.ask(february("excel")).await;
    office.made(&id).await;
    let (_, bytes) = office.download(&id).await;
    let get = async |path: &str| office.finance.get(&office.server, path).await.expect(200, "").clone();

    let trends = get("/v1/finance/dashboard/trends?month=2025-02").await;
    let income = rows(&sheet(&bytes, "收入汇总"), true);
    let shown: Vec<Value> = income
        .iter()
        .map(|row| {
            json!({
                "date": day(&row[0]), "recharge": yuan(&row[4]),
                "consumption": yuan(&row[5]), "refund": yuan(&row[6]), "net_income": yuan(&row[7]),
            })
        })
        .collect();
    assert_eq!(json!(shown), trends["chart_data"]);

    let range = "start_time=2025-01-31T16:00:00Z&end_time=2025-02-28T16:00:00Z";
    let top = get(&format!("/v1/finance/top-customers?limit=50&{range}")).await;
    let customers = rows(&sheet(&bytes, "大客户排行"), false);
    let shown: Vec<Value> = customers
        .iter()
        .map(|row| {
            json!([count(&row[0]), row[1].as_string(), count(&row[4]), yuan(&row[5]), row[6].as_f64()])
        })
        .collect();
    let expected: Vec<Value> = top["customers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|customer| {
            let share = customer["consumption_percentage"].as_f64();
            json!([
                customer["rank"],
                customer["operator_id"],
                customer["total_sessions"],
                customer["total_consumption"],
                share
            ])
        })
        .collect();
    assert_eq!((shown.len(), shown), (2, expected));

    let analyst = office.server.staff("analyst", "analyst").await;
    for (path, name, players) in [("by-app", "使用统计（按应用）", 4), ("by-site", "使用统计（按运营点）", 4)]
    {
        let answer = analyst.get(&office.server, &format!("/v1/analytics/{path}?{range}")).await;
        let items = answer.body["items"].as_array().unwrap();
        let table = rows(&sheet(&bytes, name), false);
        assert_eq!(table.len(), items.len(), "{name}");
        for (row, item) in table.iter().zip(items) {
            let shown = json!([count(&row[3]), count(&row[players]), yuan(&row[6]), row[7].as_f64()]);
            let share = item["percentage"].as_f64();
            assert_eq!(
                shown,
                json!([item["total_sessions"], item["total_players"], item["total_cost"], share])
            );
        }
    }
    let answer = analyst.get(&office.server, &format!("/v1/analytics/player-distribution?{range}")).await;
    let bands = rows(&sheet(&bytes, "使用统计（人数分布）"), true);
    for (row, band) in bands.iter().zip(answer.expect(200, "")["distribution"].as_array().unwrap()) {
        assert_eq!(json!(count(&row[1])), band["total_sessions"], "{band}");
    }
}

#[tokio::test]
async fn a_report_tells_the_same_figures_as_the_ledger() {
    let office = office().await;
    let id = office.ask(february("excel")).await;
    office.made(&id).await;
    let (_, bytes) = office.download(&id).await;
    let mut owner = office.server.owner().await;
    let mut sum = async |sql: &'static str| {
        let fen: i64 = sqlx::query_scalar(sql).fetch_one(&mut owner).await.unwrap();
        Fen::new(fen).to_string()
    };
    // February in Shanghai.
    let consumption = sum("SELECT sum(total_fen)::bigint FROM usage_records
         WHERE (authorized_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN '2025-02-01' AND '2025-02-28'")
    .await;
    let wechat = sum("SELECT sum(amount_fen)::bigint FROM ledger_movements
         WHERE debit_account = 'clearing_wechat'
           AND (occurred_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN '2025-02-01' AND '2025-02-28'")
    .await;
    let paid = sum("SELECT sum(amount_fen)::bigint FROM ledger_movements
         WHERE credit_account = 'clearing_manual'
           AND (occurred_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN '2025-02-01' AND '2025-02-28'")
    .await;
    assert_eq!((consumption.as_str(), wechat.as_str(), paid.as_str()), ("182.00", "1200.50", "110.00"));
    let income = sheet(&bytes, "收入汇总");
    let total: Vec<Data> = income.rows().next_back().unwrap().to_vec();
    assert_eq!([yuan(&total[1]), yuan(&total[2]), yuan(&total[3])], [wechat.as_str(), "0.00", "0.00"]);
    assert_eq!(yuan(&total[5]), consumption);
    let refunds = rows(&sheet(&bytes, "退款汇总"), false);
    let shown: Vec<(String, i64, String)> =
        refunds.iter().map(|row| (row[0].as_string().unwrap(), count(&row[1]), yuan(&row[2]))).collect();
    let expected = [
        ("期间内申请", 1, "80.00"),
        ("期间内审核通过", 1, "80.00"),
        ("期间内驳回", 0, "0.00"),
        ("期间内打款：微信原路退回", 0, "0.00"),
        ("期间内打款：支付宝原路退回", 0, "0.00"),
        ("期间内打款：人工转账", 2, "110.00"),
    ];
    assert_eq!(shown, expected.map(|(name, count, amount)| (name.to_owned(), count, amount.to_owned())));
}

#[tokio::test]
async fn everything_in_a_report_is_of_one_moment() {
    let office = office().await;
    // The games are read before, the top-ups after this lock is free.
    let mut owner = office.server.owner().await;
    let mut lock = sqlx::Connection::begin(&mut owner).await.unwrap();
    sqlx::query("LOCK TABLE ledger_movements IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    let id = office.ask(february("excel")).await;
    crate::scratch::wait_for("the games are read", async || {
        let report = office.get(&id).await;
        (report["progress"].as_i64().unwrap() > 50).then_some(())
    })
    .await;
    let sql = "INSERT INTO ledger_movements (operator_id, id, seq, kind, debit_account, credit_account, amount_fen,
             balance_before_fen, balance_after_fen, occurred_at, payment_method, order_id, entry_hash)
         SELECT operator_id, overlay(id::text placing 'ffff' from 25)::uuid, seq + 1000, kind, debit_account,
                credit_account, amount_fen, balance_before_fen, balance_after_fen, occurred_at, payment_method,
                gen_random_uuid(), entry_hash
         FROM ledger_movements WHERE kind = 'recharge' AND amount_fen = 50000";
    assert_eq!(sqlx::query(sql).execute(&mut *lock).await.unwrap().rows_affected(), 1);
    lock.commit().await.unwrap();
    office.made(&id).await;
    let (_, bytes) = office.download(&id).await;
    let income = sheet(&bytes, "收入汇总");
    assert_eq!(yuan(&income.rows().next_back().unwrap()[4]), "1200.50");
    let again = office.ask(february("excel")).await;
    office.made(&again).await;
    let (_, bytes) = office.download(&again).await;
    let income = sheet(&bytes, "收入汇总");
    assert_eq!(yuan(&income.rows().next_back().unwrap()[4]), "1700.50", "the next one has it");
}
