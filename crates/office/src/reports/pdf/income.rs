//! Income by day, and by month where there are many days.

use base::problem::Problem;
use documents::{Chart, Column, Document, Series, Table, mm};
use money::Fen;

use super::{AMBER, BLUE, CHART_HEIGHT, SLATE, figure, note, text};
use crate::reports::contents::{Income, sum};
use crate::reports::labels::{NOTHING, axis_amount, spans};
use crate::statistics::DayOfIncome;

const EXPLANATION: &str = "净收入 = 充值 − 退款。退款按审核通过的日期计入，不论是否已打款；消费为游戏授权扣费。尚未到来的日期以零列示。";

pub(super) fn add(document: &mut Document, income: &Income) -> Result<(), Problem> {
    let spans = spans(&income.days, |day| day.date);
    let parts: Vec<DayOfIncome> =
        spans.values.iter().map(|days| sum(days)).collect::<Result<_, Problem>>()?;
    if parts.len() > 1 {
        let title = if spans.are_months { "每月收入（元）" } else { "每日收入（元）" };
        document.bar_chart(&chart(title, spans.names.clone(), &parts), CHART_HEIGHT);
        document.space(mm(3.0));
    }
    // Where everything was paid through a provider, a column of zeros would say nothing.
    let has_other = !income.total.recharged.other.is_zero();
    if spans.are_months {
        document.subheading("按月");
        document.table(&table("月份", spans.names.into_iter().zip(&parts), &income.total, has_other)?);
        document.subheading("按日");
    }
    let days = income.days.iter().map(|day| (day.date.to_string(), day));
    document.table(&table("日期", days, &income.total, has_other)?);
    note(document, EXPLANATION);
    Ok(())
}

fn chart(title: &str, categories: Vec<String>, parts: &[DayOfIncome]) -> Chart {
    let series = |name: &str, color, value: fn(&DayOfIncome) -> Fen| Series {
        name: name.to_owned(),
        color,
        values: parts.iter().map(|part| value(part).get()).collect(),
    };
    Chart {
        title: title.to_owned(),
        categories,
        series: vec![
            series("充值", BLUE, |part| part.money.recharge),
            series("消费", AMBER, |part| part.money.consumption),
            series("退款", SLATE, |part| part.money.refund),
        ],
        label: axis_amount,
        nothing: NOTHING.to_owned(),
    }
}

fn columns(first: &str, has_other: bool) -> Vec<Column> {
    let mut columns = vec![text(first, 1.05), figure("微信充值", 1.2), figure("支付宝充值", 1.2)];
    if has_other {
        columns.push(figure("其他充值", 1.1));
    }
    columns.extend([
        figure("充值合计", 1.25),
        figure("消费", 1.25),
        figure("退款", 1.1),
        figure("净收入", 1.25),
    ]);
    columns
}

fn table<'a>(
    first: &str,
    rows: impl Iterator<Item = (String, &'a DayOfIncome)>,
    total: &DayOfIncome,
    has_other: bool,
) -> Result<Table, Problem> {
    let mut table = Table::ruled(columns(first, has_other));
    for (name, part) in rows {
        table.row(cells(name, part, has_other)?);
    }
    table.total(cells("合计".to_owned(), total, has_other)?);
    Ok(table)
}

fn cells(name: String, part: &DayOfIncome, has_other: bool) -> Result<Vec<String>, Problem> {
    let (money, recharged) = (part.money, part.recharged);
    let mut amounts = vec![recharged.wechat, recharged.alipay];
    if has_other {
        amounts.push(recharged.other);
    }
    amounts.extend([money.recharge, money.consumption, money.refund, money.net_income()?]);
    Ok([name].into_iter().chain(amounts.into_iter().map(Fen::grouped)).collect())
}
