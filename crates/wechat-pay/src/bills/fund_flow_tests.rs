use super::*;

const HEADER: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号";
const INCOME: &str = "`2025-06-01 08:00:00,`4200001,`F1,`交易,`交易,`收入,`100.00,`1100.00,`system,`结算总金额 100.00 元,`T2025060100001";
const FEE: &str = "`2025-06-01 08:00:00,`4200001,`F2,`扣除交易手续费,`扣除交易手续费,`支出,`0.60,`1099.40,`system,`,`T2025060100001";
const REFUND: &str =
    "`2025-06-01 09:30:00,`5000001,`F3,`退款,`退款,`支出,`25.00,`1074.40,`1900007291API,`,`R2025060100001";
const TOTALS: &str = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";
const SUMS: &str = "`3,`1,`100.00,`2,`25.60";

fn read(lines: &[&str]) -> Result<FundFlowBill, BillError> {
    FundFlowBill::read_stream(&mut lines.join("\n").as_bytes())
}

#[test]
fn movements_are_read_in_fen() {
    let bill = read(&[HEADER, INCOME, FEE, REFUND, TOTALS, SUMS]).unwrap();
    let [income, fee, refund] = bill.rows.as_slice() else { panic!("{bill:?}") };
    assert_eq!((income.direction, income.amount), (Direction::Income, Fen::new(10_000)));
    assert_eq!(
        (income.balance, income.booked_at.to_string().as_str()),
        (Fen::new(110_000), "2025-06-01T00:00:00Z")
    );
    assert_eq!((fee.direction, fee.amount), (Direction::Expense, Fen::new(60)));
    assert_eq!((refund.voucher.as_str(), refund.business_id.as_str()), ("R2025060100001", "5000001"));
    assert_eq!(refund.applicant, "1900007291API");
}

#[test]
fn each_wrong_total_is_found() {
    let names: Vec<&str> = TOTALS.split(',').collect();
    let sums: Vec<&str> = SUMS.split(',').collect();
    for (index, name) in names.iter().enumerate() {
        let wrong: Vec<&str> =
            sums.iter().enumerate().map(|(i, sum)| if i == index { "`7" } else { sum }).collect();
        let found = read(&[HEADER, INCOME, FEE, REFUND, TOTALS, &wrong.join(",")]);
        assert!(matches!(&found, Err(BillError::Total { total, .. }) if total == name), "{name}: {found:?}");
    }
}

#[test]
fn a_direction_nobody_knows_and_a_negative_amount_are_refused() {
    for (from, to, column) in [("`收入", "`内部", "收支类型"), ("`100.00,", "`-100.00,", "收支金额(元)")]
    {
        let changed = INCOME.replace(from, to);
        let found = read(&[HEADER, &changed, FEE, REFUND, TOTALS, SUMS]);
        assert_eq!(found, Err(BillError::Value { line: 2, column }));
    }
}
