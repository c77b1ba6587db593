//! Bills: the signed question, the unsigned download, the hash.

use std::io::Write as _;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::{Date, date};
use pay_protocol::Doubt;
use wechat_pay::Client;
use wechat_pay::bills::{BillError, BillLink, FundAccount, FundFlowBill, RequestedBill};

use crate::gateway::{Gateway, Reply, Signer};

const DAY: Date = date(2025, 5, 31);
const FILE: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n`2025-05-31 08:00:00,`4200001,`F1,`交易,`交易,`收入,`100.00,`1100.00,`system,`,`T2025060100001\r\n资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n`1,`1,`100.00,`0,`0.00\r\n";

fn ticket(gateway: &Gateway, file: &[u8]) -> Reply {
    let hash: String =
        digest(&SHA1_FOR_LEGACY_USE_ONLY, file).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let url = format!("{}/v3/billdownload/file?token=a%2Bb&tartype=", gateway.address);
    Reply::ok(format!(r#"{{"hash_type":"SHA1","hash_value":"{hash}","download_url":"{url}"}}"#))
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

async fn fund_flow_bill(client: &Client, gzip: bool) -> BillLink {
    link(client.request_fund_flow_bill(DAY, FundAccount::Basic, gzip).await.unwrap())
}

fn link(requested: RequestedBill) -> BillLink {
    match requested {
        RequestedBill::Link(link) => link,
        other => panic!("{other:?}"),
    }
}

fn unsigned(body: impl Into<Vec<u8>>) -> Reply {
    Reply::ok(body).signed_by(Signer::Nobody)
}

#[tokio::test]
async fn a_bill_is_asked_for_downloaded_compared_and_read() {
    let gateway = Gateway::start([]).await;
    gateway.then(ticket(&gateway, FILE.as_bytes()));
    gateway.then(unsigned(FILE));
    let client = gateway.client();
    let bill = fund_flow_bill(&client, false).await;
    let file = client.download_bill(&bill).await.unwrap();
    assert_eq!(FundFlowBill::read(&file).unwrap().rows.len(), 1);
    let targets: Vec<String> = gateway.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(
        targets,
        [
            "/v3/bill/fundflowbill?bill_date=2025-05-31&account_type=BASIC",
            "/v3/billdownload/file?token=a%2Bb&tartype="
        ]
    );
    assert_eq!(gateway.seen()[1].headers["accept"], "*/*");
}

#[tokio::test]
async fn a_compressed_bill_is_unpacked_before_its_hash_is_compared() {
    let gateway = Gateway::start([]).await;
    gateway.then(ticket(&gateway, FILE.as_bytes()));
    gateway.then(unsigned(gzip(FILE.as_bytes())));
    let client = gateway.client();
    let bill = link(client.request_trade_bill(DAY, true).await.unwrap());
    assert_eq!(gateway.only().target, "/v3/bill/tradebill?bill_date=2025-05-31&bill_type=ALL&tar_type=GZIP");
    let file = client.download_bill(&bill).await.unwrap();
    assert_eq!(FundFlowBill::read(&file).unwrap().rows.len(), 1);
}

#[tokio::test]
async fn a_file_with_another_hash_is_not_taken() {
    let changed = FILE.replace("100.00", "900.00");
    for (compressed, file) in [
        (false, changed.clone().into_bytes()),
        (false, FILE.as_bytes()[..FILE.len() - 2].to_vec()),
        (true, gzip(changed.as_bytes())),
        (true, FILE.as_bytes().to_vec()),
    ] {
        let gateway = Gateway::start([]).await;
        gateway.then(ticket(&gateway, FILE.as_bytes()));
        gateway.then(unsigned(file));
        let client = gateway.client();
        let bill = fund_flow_bill(&client, compressed).await;
        let file = client.download_bill(&bill).await.unwrap();
        assert_eq!(FundFlowBill::read(&file), Err(BillError::WrongHash));
    }
}

#[tokio::test]
async fn a_bill_with_wrong_totals_is_not_read_even_with_the_right_hash() {
    let wrong = FILE.replace("`1,`1,`100.00", "`1,`1,`100.01");
    let gateway = Gateway::start([]).await;
    gateway.then(ticket(&gateway, wrong.as_bytes()));
    gateway.then(unsigned(wrong));
    let client = gateway.client();
    let bill = fund_flow_bill(&client, false).await;
    let file = client.download_bill(&bill).await.unwrap();
    assert!(matches!(FundFlowBill::read(&file), Err(BillError::Total { total: "收入金额", .. })));
}

#[tokio::test]
async fn a_link_that_has_run_out_is_unknown() {
    let gateway = Gateway::start([]).await;
    gateway.then(ticket(&gateway, FILE.as_bytes()));
    gateway.then(Reply::error(403, "NO_AUTH").signed_by(Signer::Nobody));
    let client = gateway.client();
    let bill = fund_flow_bill(&client, false).await;
    assert_eq!(client.download_bill(&bill).await.unwrap_err(), Doubt::NoDownload(403));
}

#[tokio::test]
async fn the_answer_that_gives_the_link_must_be_signed_and_make_sense() {
    let gateway = Gateway::start([]).await;
    let client = gateway.client();
    gateway.then(ticket(&gateway, b"").signed_by(Signer::Nobody));
    let outcome = client.request_trade_bill(DAY, false).await;
    assert!(matches!(outcome, Err(Doubt::Unverified { .. })), "{outcome:?}");
    for body in [
        r#"{"hash_type":"MD5","hash_value":"da39a3ee5e6b4b0d3255bfef95601890afd80709","download_url":"https://a/b"}"#,
        r#"{"hash_type":"SHA1","hash_value":"da39","download_url":"https://a/b"}"#,
        r#"{"hash_type":"SHA1","hash_value":"da39a3ee5e6b4b0d3255bfef95601890afd80709","download_url":"file:///etc/passwd"}"#,
        r#"{"hash_type":"SHA1","hash_value":"da39a3ee5e6b4b0d3255bfef95601890afd80709","download_url":"http://example.com/b"}"#,
    ] {
        gateway.then(Reply::ok(body));
        let outcome = client.request_trade_bill(DAY, false).await;
        assert!(matches!(outcome, Err(Doubt::Unreadable(_))), "{outcome:?}");
    }
}

#[tokio::test]
async fn no_bill_and_one_in_the_making_are_told_apart_and_a_refused_question_is_neither() {
    let replies = ["NO_STATEMENT_EXIST", "STATEMENT_CREATING", "NO_AUTH"].map(|code| Reply::error(400, code));
    let client = Gateway::start(replies).await.client();
    assert_eq!(client.request_trade_bill(DAY, false).await, Ok(RequestedBill::None));
    assert_eq!(client.request_trade_bill(DAY, false).await, Ok(RequestedBill::Creating));
    assert!(matches!(client.request_trade_bill(DAY, false).await, Err(Doubt::Undecided(_))));
}
