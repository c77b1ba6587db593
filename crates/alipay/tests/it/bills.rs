//! Bills: the link, the download, and archives with planted faults.

use std::io::{Cursor, Write as _};

use alipay::{Bill, BillError, BillFile, BillKind, BillLink, BillRow};
use encoding_rs::GBK;
use jiff::civil::date;
use money::Fen;
use pay_protocol::{Doubt, MAX_BILL_BYTES};
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::gateway::{Gateway, Reaction, answer, now};

const ARCHIVE: &[u8] = include_bytes!("../vectors/bill.zip");
const DETAIL: &str = include_str!("../vectors/bill.detail.csv");
const SUMMARY: &str = include_str!("../vectors/bill.summary.csv");

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gbk(text: &str) -> Vec<u8> {
    GBK.encode(text).0.into_owned()
}

fn read(detail: &str, summary: &str) -> Result<Vec<BillRow>, BillError> {
    let archive =
        zip(&[("1_20260301_业务明细.csv", &gbk(detail)), ("1_20260301_业务明细(汇总).csv", &gbk(summary))]);
    Bill::read(&archive).map(|bill| bill.rows)
}

#[test]
fn an_archive_as_alipay_packs_it_is_read() {
    let bill = Bill::read(ARCHIVE).unwrap();
    assert_eq!(bill.rows.len(), 3);
    assert_eq!(
        bill.rows[2],
        BillRow {
            trade_no: "2026030122001400001".to_owned(),
            out_trade_no: "T_1".to_owned(),
            kind: BillKind::Refund,
            subject: "充值 “T_1”".to_owned(),
            created_at: "2026-03-01T00:00:00Z".parse().unwrap(),
            finished_at: "2026-03-01T02:00:00Z".parse().unwrap(),
            counterparty: Some("*测试(138****0000)".to_owned()),
            amount: Fen::new(-2_000),
            receipt: Fen::new(-2_000),
            out_request_no: Some("R_1".to_owned()),
            fee: Fen::new(12),
            remark: None,
        }
    );
    assert_eq!((bill.rows[1].amount, bill.rows[1].fee), (Fen::new(10_000_029), Fen::new(-60_000)));
    assert_eq!((&bill.rows[0].kind, bill.rows[0].remark.as_deref()), (&BillKind::Trade, Some("付款")));
    assert_eq!(read(DETAIL, SUMMARY), Ok(bill.rows));
}

#[test]
fn columns_are_found_by_name_and_shops_add_up_where_there_is_no_total() {
    let moved: String = DETAIL
        .lines()
        .map(|line| if line.starts_with('#') { format!("{line}\r\n") } else { format!("新列,{line}\r\n") })
        .collect();
    assert_eq!(read(&moved, SUMMARY), read(DETAIL, SUMMARY));
    let shops = SUMMARY
        .replace("S1\t,一店\t,2\t,1\t,100030.29,100030.29", "S1\t,一店\t,1\t,1\t,30.00,30.00")
        .replace("0.00,-600.18", "0.00,-0.18")
        .replace("合计\t,\t,2\t,1\t,100030.29\t,100030.29\t", "S2\t,二店\t,1\t,0\t,100000.29\t,100000.29\t")
        .replace("-600.18", "-600.00");
    assert_eq!(read(DETAIL, &shops), read(DETAIL, SUMMARY));
}

#[test]
fn a_day_of_alipays_sandbox_has_no_rows() {
    let head = |text: &str, columns: &str| {
        let header = text.lines().find(|line| line.starts_with(columns)).unwrap();
        format!("#x\r\n{header}\r\n#end\r\n")
    };
    assert_eq!(read(&head(DETAIL, "支付宝"), &head(SUMMARY, "门店")), Ok(vec![]));
}

#[test]
fn a_summary_that_says_otherwise_is_named() {
    let cases = [
        (SUMMARY.replace("合计\t,\t,2", "合计\t,\t,3"), "交易订单总笔数", 3, 2),
        (SUMMARY.replace(",1\t,100030.29\t", ",0\t,100030.29\t"), "退款订单总笔数", 0, 1),
        (SUMMARY.replace("1\t,100030.29\t", "1\t,100030.30\t"), "订单金额", 10_003_030, 10_003_029),
        (SUMMARY.replace("\t,100030.29\t,0", "\t,100030.28\t,0"), "商家实收", 10_003_028, 10_003_029),
        (SUMMARY.replace("-600.18\t", "-600.17\t"), "服务费", -60_017, -60_018),
    ];
    for (summary, column, stated, counted) in cases {
        assert_eq!(read(DETAIL, &summary), Err(BillError::Summary { column, stated, counted }));
    }
    let lost: String = DETAIL.split_inclusive('\n').filter(|line| !line.contains("T_2")).collect();
    assert!(matches!(read(&lost, SUMMARY), Err(BillError::Summary { .. })));
}

#[test]
fn a_row_that_cannot_be_read_is_named() {
    let file = BillFile::Detail;
    let cases = [
        (
            DETAIL.replace("100000.29,100000.29", "1e5,100000.29"),
            BillError::Cell { file, row: 2, column: "订单金额" },
        ),
        (DETAIL.replace("-0.30", "-0.305"), BillError::Cell { file, row: 1, column: "服务费" }),
        (
            DETAIL.replace("2026-03-01 09:00:00", "09:00"),
            BillError::Cell { file, row: 2, column: "完成时间" },
        ),
        (DETAIL.replace("T_2\t,交易", "\t,交易"), BillError::Cell { file, row: 2, column: "商户订单号" }),
        (DETAIL.replace("充值 “T_2”", "充值,“T_2”"), BillError::Shape { file, row: 2 }),
        (DETAIL.replace("服务费（元）", "手续费（元）"), BillError::Column { file, column: "服务费" }),
        ("#empty\r\n".to_owned(), BillError::Column { file, column: "支付宝交易号" }),
    ];
    for (detail, error) in cases {
        assert_eq!(read(&detail, SUMMARY), Err(error));
    }
    let count = read(DETAIL, &SUMMARY.replace("合计\t,\t,2", "合计\t,\t,two"));
    let file = BillFile::Summary;
    assert_eq!(count, Err(BillError::Cell { file, row: 2, column: "交易订单总笔数" }));
}

#[test]
fn an_archive_that_is_damaged_or_incomplete_is_refused() {
    let (detail, summary) = (gbk(DETAIL), gbk(SUMMARY));
    let (detail_name, summary_name) = ("业务明细.csv", "业务明细(汇总).csv");
    let error = |files: &[(&str, &[u8])]| Bill::read(&zip(files)).unwrap_err();
    assert_eq!(error(&[(detail_name, &detail)]), BillError::Files(BillFile::Summary));
    assert_eq!(error(&[(summary_name, &summary), ("x.csv", &detail)]), BillError::Files(BillFile::Detail));
    assert_eq!(
        error(&[(detail_name, &detail), ("2_业务明细.csv", &detail), (summary_name, &summary)]),
        BillError::Files(BillFile::Detail)
    );
    assert_eq!(
        error(&[(detail_name, b"\xff\xff"), (summary_name, &summary)]),
        BillError::Encoding(BillFile::Detail)
    );
    let in_utf8 = error(&[(detail_name, DETAIL.as_bytes()), (summary_name, &summary)]);
    assert!(
        matches!(in_utf8, BillError::Encoding(_) | BillError::Column { .. } | BillError::Shape { .. }),
        "{in_utf8:?}"
    );
    for length in [0, 1, 100, ARCHIVE.len() / 2, ARCHIVE.len() - 1] {
        assert_eq!(Bill::read(&ARCHIVE[..length]), Err(BillError::Archive), "{length}");
    }
    let mut flipped = ARCHIVE.to_vec();
    flipped[200] ^= 0x10;
    assert_eq!(Bill::read(&flipped), Err(BillError::Archive));
}

#[test]
fn a_row_that_was_cut_off_is_missed() {
    let archive = |detail: &str| read(detail, SUMMARY);
    let at = DETAIL.find("2026-03-01 10:00:00").unwrap();
    assert_eq!(archive(&DETAIL[..at]), Err(BillError::Shape { file: BillFile::Detail, row: 3 }));
}

proptest! {
    #[test]
    fn a_byte_that_was_changed_is_noticed_or_means_nothing(at in 0..ARCHIVE.len(), byte: u8) {
        let mut archive = ARCHIVE.to_vec();
        archive[at] = byte;
        if let Ok(bill) = Bill::read(&archive) {
            prop_assert_eq!(Ok(bill), Bill::read(ARCHIVE));
        }
    }
}

#[tokio::test]
async fn a_bill_is_asked_for_and_fetched() {
    let link =
        |url: &str| answer(&format!(r#"{{"code":"10000","msg":"Success","bill_download_url":"{url}"}}"#));
    let files = Gateway::start([Reaction::Raw(200, ARCHIVE.to_vec()), Reaction::Raw(404, vec![])]).await;
    let gateway = Gateway::start([link(&format!("{}?token=secret", files.url)), link("nowhere")]).await;
    let client = gateway.client();
    let Ok(BillLink::Url(url)) = client.bill_link(date(2026, 3, 1), now()).await else { panic!() };
    assert!(!format!("{url:?}").contains("secret"));
    assert_eq!(client.download_bill(&url).await, Ok(ARCHIVE.to_vec()));
    assert_eq!(client.download_bill(&url).await, Err(Doubt::NoDownload(404)));
    let requests = gateway.requests(1).await;
    assert_eq!(requests[0]["method"], "alipay.data.dataservice.bill.downloadurl.query");
    assert_eq!(requests[0]["biz_content"], r#"{"bill_type":"trade","bill_date":"2026-03-01"}"#);
    assert!(matches!(client.bill_link(date(2026, 3, 1), now()).await, Err(Doubt::Unreadable(_))));
}

#[tokio::test]
async fn a_day_without_a_bill_is_no_failure_and_a_refused_question_no_bill() {
    let failed = |sub_code: &str| {
        answer(&format!(r#"{{"code":"40004","msg":"Business Failed","sub_code":"{sub_code}"}}"#))
    };
    let gateway = Gateway::start([failed("isp.bill_not_exist"), failed("isv.invalid-parameter")]).await;
    let client = gateway.client();
    let ask = || client.bill_link(date(2026, 3, 1), now());
    assert!(matches!(ask().await, Ok(BillLink::NoBill)));
    assert!(matches!(ask().await, Err(Doubt::Undecided(_))));
}

#[test]
fn counts_that_went_through_a_spreadsheet_are_read() {
    let summary = SUMMARY.replace("合计\t,\t,2\t,1\t", "合计\t,\t,2.0\t,1.00\t");
    assert_ne!(summary, SUMMARY);
    assert_eq!(read(DETAIL, &summary), read(DETAIL, SUMMARY));
}

#[test]
fn a_kind_of_row_without_a_word_is_kept_and_named() {
    let rows = read(&DETAIL.replace("退款\t", "冲正\t"), SUMMARY).unwrap();
    assert_eq!((rows.len(), &rows[2].kind), (3, &BillKind::Other("冲正".to_owned())));
    let lost = SUMMARY.replace("合计\t,\t,2\t,1\t", "合计\t,\t,2\t,2\t");
    let found = read(&DETAIL.replace("退款\t", "冲正\t"), &lost);
    assert_eq!(found, Err(BillError::Summary { column: "退款订单总笔数", stated: 2, counted: 1 }));
}

#[test]
fn a_small_archive_does_not_unpack_to_a_large_one() {
    let bomb = vec![b' '; MAX_BILL_BYTES + 1];
    let archive = zip(&[("业务明细.csv", &bomb), ("业务明细(汇总).csv", &gbk(SUMMARY))]);
    assert!(archive.len() < 1 << 20);
    assert_eq!(Bill::read(&archive), Err(BillError::TooLarge));
}
