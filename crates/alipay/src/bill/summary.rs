//! The summary: a bill whose rows do not add up to it is not complete.

use std::io::Read;

use money::Fen;

use super::archive::BillError;
use super::rows::{BillKind, BillRow};
use super::table::{BillFile, Column, Header, Row, read_table};

/// What both sides are compared by. Numbers and fen alike are counted in `i64`.
const COLUMNS: [&str; 5] = ["交易订单总笔数", "退款订单总笔数", "订单金额", "商家实收", "服务费"];

pub(super) fn check(rows: &[BillRow], summary: &mut dyn Read) -> Result<(), BillError> {
    let stated = stated(summary)?;
    let counted = counted(rows, stated)?;
    let difference = COLUMNS.iter().zip(stated).zip(counted).find(|((_, stated), counted)| stated != counted);
    match difference {
        None => Ok(()),
        Some(((column, stated), counted)) => Err(BillError::Summary { column, stated, counted }),
    }
}

type Places = ([Column; 2], [Column; 5]);

fn places(header: &Header) -> Result<Places, BillError> {
    let shop = [header.column("门店编号")?, header.column("门店名称")?];
    let [trades, refunds, amount, receipt, fee] = COLUMNS.map(|name| header.column(name));
    Ok((shop, [trades?, refunds?, amount?, receipt?, fee?]))
}

fn line((shop, values): &Places, row: &Row) -> Result<(bool, [i64; 5]), BillError> {
    let [trades, refunds, amount, receipt, fee] = *values;
    let is_total = shop.iter().any(|column| row.text(*column) == "合计");
    let [amount, receipt, fee] = [row.fen(amount)?, row.fen(receipt)?, row.fen(fee)?].map(Fen::get);
    Ok((is_total, [row.count(trades)?, row.count(refunds)?, amount, receipt, fee]))
}

/// The row of the total (`合计`), or, without one, the sum of the shops' rows.
fn stated(summary: &mut dyn Read) -> Result<[i64; 5], BillError> {
    let lines = read_table(BillFile::Summary, summary, places, line)?;
    let has_total = lines.iter().any(|(is_total, _)| *is_total);
    let counting = lines.into_iter().filter(|(is_total, _)| *is_total || !has_total);
    counting.map(|(_, values)| values).try_fold([0; 5], add)
}

/// Lines of a kind that we have no word for are counted by their amounts alone: whether the summary takes them for payments
/// or refunds is not known, so its counts are taken as they are where they stay within the rows.
fn counted(rows: &[BillRow], stated: [i64; 5]) -> Result<[i64; 5], BillError> {
    let mut others = 0;
    let mut sum = rows.iter().try_fold([0; 5], |sum, row| {
        let (trades, refunds) = match row.kind {
            BillKind::Trade => (1, 0),
            BillKind::Refund => (0, 1),
            BillKind::Other(_) => {
                others += 1;
                (0, 0)
            }
        };
        let [amount, receipt, fee] = [row.amount, row.receipt, row.fee].map(Fen::get);
        add(sum, [trades, refunds, amount, receipt, fee])
    })?;
    for (counted, stated) in sum.iter_mut().zip(stated).take(2) {
        let surplus = stated.saturating_sub(*counted).clamp(0, others);
        (*counted, others) = (*counted + surplus, others - surplus);
    }
    Ok(sum)
}

fn add(sum: [i64; 5], values: [i64; 5]) -> Result<[i64; 5], BillError> {
    let mut total = [0; 5];
    for ((total, sum), value) in total.iter_mut().zip(sum).zip(values) {
        *total = sum.checked_add(value).ok_or(BillError::Overflow)?;
    }
    Ok(total)
}
