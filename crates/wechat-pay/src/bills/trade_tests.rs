use super::*;

const HEADER: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const PAID: &str = "`2025-06-01 08:00:00,`wx1,`1900007291,`0,`,`4200001,`T2025060100001,`o1,`NATIVE,`SUCCESS,`CMC,`CNY,`99.00,`1.00,`0,`0,`0.00,`0.00,`,`,`充值, 100 元,`operator 1,`0.59400,`0.60%,`100.00,`0.00,`";
const REFUNDED: &str = "`2025-06-01 09:30:00,`wx1,`1900007291,`0,`,`4200001,`T2025060100001,`o1,`NATIVE,`REFUND,`CMC,`CNY,`0.00,`0.00,`5000001,`R2025060100001,`25.00,`0.00,`ORIGINAL,`PROCESSING,`充值, 100 元,`operator 1,`-0.15000,`0.60%,`0.00,`25.00,`";
const TOTALS: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
const SUMS: &str = "`2,`99.00,`25.00,`0.00,`0.44400,`100.00,`25.00";

fn file(lines: &[&str]) -> Vec<u8> {
    lines.join("\r\n").into_bytes()
}

fn read(file: &[u8]) -> Result<TradeBill, BillError> {
    TradeBill::read_stream(&mut &*file)
}

fn whole() -> Vec<u8> {
    file(&[HEADER, PAID, REFUNDED, TOTALS, SUMS, ""])
}

#[test]
fn payments_and_refunds_are_read_in_fen() {
    let bill = read(&whole()).unwrap();
    let [paid, refunded] = bill.rows.as_slice() else { panic!("{bill:?}") };
    assert_eq!(paid.traded_at.to_string(), "2025-06-01T00:00:00Z");
    assert_eq!((paid.out_trade_no.as_str(), paid.description.as_str()), ("T2025060100001", "充值, 100 元"));
    assert_eq!(
        (paid.total, paid.settlement_total, paid.coupon),
        (Fen::new(10_000), Fen::new(9_900), Fen::new(100))
    );
    assert_eq!((paid.fee.thousandths_of_fen(), paid.rate.as_str()), (59_400, "0.60%"));
    assert_eq!((&paid.refund, &paid.device, &paid.rate_note), (&None, &None, &None));
    assert_eq!(paid.attach.as_deref(), Some("operator 1"));
    let refund = refunded.refund.as_ref().unwrap();
    assert_eq!((refund.refund_id.as_str(), refund.out_refund_no.as_str()), ("5000001", "R2025060100001"));
    assert_eq!((refund.amount, refund.requested), (Fen::new(2_500), Fen::new(2_500)));
    assert_eq!((refund.channel.as_str(), refund.status.as_str()), ("ORIGINAL", "PROCESSING"));
    assert_eq!(refunded.fee.thousandths_of_fen(), -15_000);
}

#[test]
fn a_byte_order_mark_and_a_missing_last_line_end_are_taken() {
    let mut marked = "\u{feff}".as_bytes().to_vec();
    marked.extend(file(&[HEADER, PAID, REFUNDED, TOTALS, SUMS]));
    assert_eq!(read(&marked), read(&whole()));
}

#[test]
fn a_day_without_trades_has_totals_of_nothing() {
    let empty = file(&[HEADER, TOTALS, "`0,`0.00,`0.00,`0.00,`0.00000,`0.00,`0.00"]);
    assert_eq!(read(&empty).unwrap().rows, []);
}

#[test]
fn each_wrong_total_is_found() {
    let names: Vec<&str> = TOTALS.split(',').collect();
    let sums: Vec<&str> = SUMS.split(',').collect();
    for (index, name) in names.iter().enumerate() {
        let wrong: Vec<&str> =
            sums.iter().enumerate().map(|(i, sum)| if i == index { "`7" } else { sum }).collect();
        let found = read(&file(&[HEADER, PAID, REFUNDED, TOTALS, &wrong.join(",")]));
        assert!(matches!(&found, Err(BillError::Total { total, .. }) if total == name), "{name}: {found:?}");
    }
}

#[test]
fn a_missing_row_and_a_changed_amount_are_found() {
    let missing = read(&file(&[HEADER, PAID, TOTALS, SUMS]));
    assert!(matches!(missing, Err(BillError::Total { total: "总交易单数", .. })), "{missing:?}");
    let changed = PAID.replace("`100.00", "`100.01");
    let changed = read(&file(&[HEADER, &changed, REFUNDED, TOTALS, SUMS]));
    let expected =
        BillError::Total {
            total: "订单总金额", stated: "100.00".to_owned(), computed: "100.01".to_owned()
        };
    assert_eq!(changed, Err(expected));
}

#[test]
fn a_file_that_is_cut_off_or_goes_on_is_refused() {
    let refused = |lines: &[&str]| read(&file(lines)).unwrap_err();
    assert_eq!(refused(&[]), BillError::Missing("header"));
    assert_eq!(refused(&[HEADER]), BillError::Missing("totals"));
    assert_eq!(refused(&[HEADER, PAID]), BillError::Missing("totals"));
    assert_eq!(refused(&[HEADER, PAID, TOTALS]), BillError::Missing("totals"));
    let after = refused(&[HEADER, PAID, REFUNDED, TOTALS, SUMS, PAID]);
    assert!(matches!(after, BillError::Value { line: 6, .. }), "{after:?}");
    assert!(matches!(refused(&[HEADER, "什么", TOTALS, SUMS]), BillError::Value { line: 2, .. }));
    let short = PAID.replace(",`CNY", "");
    let columns = BillError::Columns { line: 2, columns: 26, expected: 27 };
    assert_eq!(refused(&[HEADER, &short, REFUNDED, TOTALS, SUMS]), columns);
    assert_eq!(read(&[0xff, 0xfe]), Err(BillError::Encoding));
}

#[test]
fn a_column_that_is_missing_or_cannot_be_read_is_named() {
    let other = HEADER.replace("订单金额,申请", "总金额,申请");
    let found = read(&file(&[&other, PAID, REFUNDED, TOTALS, SUMS]));
    assert_eq!(found, Err(BillError::Missing("订单金额")));
    for (from, to, column) in [
        ("`2025-06-01 08:00:00", "`1 June", "交易时间"),
        ("`99.00", "`99.001", "应结订单金额"),
        ("`0.59400", "`free", "手续费"),
    ] {
        let changed = PAID.replace(from, to);
        let found = read(&file(&[HEADER, &changed, REFUNDED, TOTALS, SUMS]));
        assert_eq!(found, Err(BillError::Value { line: 2, column }));
    }
}

#[test]
fn columns_are_found_by_name_wherever_they_stand() {
    let header = format!("新的一列,{HEADER}");
    let rows = [PAID, REFUNDED].map(|row| format!("`?,{row}"));
    let found = read(&file(&[&header, &rows[0], &rows[1], TOTALS, SUMS]));
    assert_eq!(found, read(&whole()));
}

#[test]
fn a_count_with_a_decimal_and_a_state_of_tomorrow_are_read() {
    let strange = PAID.replace("`SUCCESS", "`PREPAID");
    let sums = SUMS.replace("`2,", "`2.0,");
    let bill = read(&file(&[HEADER, &strange, REFUNDED, TOTALS, &sums])).unwrap();
    assert_eq!(bill.rows[0].trade_state, "PREPAID");
}
