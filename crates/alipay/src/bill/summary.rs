//! The summary: a bill whose rows do not add up to it is not complete.

use money::Fen;

use super::archive::BillError;
use super::rows::{BillKind, BillRow};
use super::table::{Row, Table};

/// What both sides are compared by. Numbers and fen alike are counted in `i64`.
const COLUMNS: [&str; 5] = ["交易订单总笔数", "退款订单总笔数", "订单金额", "商家实收", "服务费"];

pub(super) fn check(rows: &[BillRow], summary: &Table) -> Result<(), BillError> {
    let stated = stated(summary)?;
    let counted = counted(rows)?;
    let difference = COLUMNS.iter().zip(stated).zip(counted).find(|((_, stated), counted)| stated != counted);
    match difference {
        None => Ok(()),
        Some(((column, stated), counted)) => Err(BillError::Summary { column, stated, counted }),
    }
}

/// The row of the total (`合计`), or, without one, the sum of the shops' rows.
fn stated(summary: &Table) -> Result<[i64; 5], BillError> {
    let (shop, shop_name) = (summary.column("门店编号")?, summary.column("门店名称")?);
    let is_total = |row: &Row<'_>| row.text(shop) == "合计" || row.text(shop_name) == "合计";
    let has_total = summary.rows().any(|row| is_total(&row));
    let [trades, refunds, amount, receipt, fee] = COLUMNS.map(|name| summary.column(name));
    let (trades, refunds, amount, receipt, fee) = (trades?, refunds?, amount?, receipt?, fee?);
    summary.rows().filter(|row| !has_total || is_total(row)).try_fold([0; 5], |sum, row| {
        let values = [
            row.count(trades)?,
            row.count(refunds)?,
            row.fen(amount)?.get(),
            row.fen(receipt)?.get(),
            row.fen(fee)?.get(),
        ];
        add(sum, values)
    })
}

fn counted(rows: &[BillRow]) -> Result<[i64; 5], BillError> {
    rows.iter().try_fold([0; 5], |sum, row| {
        let (trades, refunds) = match row.kind {
            BillKind::Trade => (1, 0),
            BillKind::Refund => (0, 1),
        };
        let [amount, receipt, fee] = [row.amount, row.receipt, row.fee].map(Fen::get);
        add(sum, [trades, refunds, amount, receipt, fee])
    })
}

fn add(sum: [i64; 5], values: [i64; 5]) -> Result<[i64; 5], BillError> {
    let mut total = [0; 5];
    for ((total, sum), value) in total.iter_mut().zip(sum).zip(values) {
        *total = sum.checked_add(value).ok_or(BillError::Overflow)?;
    }
    Ok(total)
}
