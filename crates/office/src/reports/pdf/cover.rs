//! The head of a report: whose it is, what it is about, and the figures that are looked for first.

use base::problem::Problem;
use documents::{Align, Color, Document, Stroke, Style, Tile, mm};
use money::Fen;

use super::BLUE;
use crate::reports::contents::{Contents, Cover};
use crate::reports::labels;

const COMPANY: Style = Style::bold(10.0).colored(Color::MUTED);
const TITLE: Style = Style::bold(22.0);
const PERIOD: Style = Style::regular(11.0);
pub(super) fn add(document: &mut Document, cover: &Cover, contents: &Contents) -> Result<(), Problem> {
    if !cover.company.is_empty() {
        document.text(&cover.company, COMPANY, Align::Left);
    }
    document.text(cover.report_type.title(), TITLE, Align::Left);
    document.text(&labels::period(cover.period), PERIOD, Align::Left);
    document.space(mm(2.5));
    document.rule(Stroke { width: 1.5, color: BLUE });
    document.space(mm(2.0));
    let made = format!("数据截至 {}　生成人：{}", cover.read_at(), cover.created_by());
    document.text(&format!("{made}　金额单位：人民币元"), Style::NOTE, Align::Left);
    document.text(&format!("报表编号：{}", cover.report_id), Style::NOTE, Align::Left);
    document.space(mm(4.0));
    for row in tiles(contents)? {
        document.tiles(&row, BLUE);
    }
    Ok(())
}

/// A row for money and a row for games, as far as the report tells of them.
fn tiles(contents: &Contents) -> Result<Vec<[Tile; 4]>, Problem> {
    let tile = |label: &str, value| Tile { label: label.to_owned(), value };
    let yuan = |amount: Fen| format!("¥{}", amount.grouped());
    let mut rows = Vec::new();
    if let Some(income) = &contents.income {
        let money = income.total.money;
        rows.push([
            tile("充值", yuan(money.recharge)),
            tile("消费", yuan(money.consumption)),
            tile("退款", yuan(money.refund)),
            tile("净收入（充值 − 退款）", yuan(money.net_income()?)),
        ]);
    }
    if let Some(usage) = &contents.usage {
        let total = usage.total;
        let active = i64::try_from(usage.counts.0).map_err(Problem::internal)?;
        rows.push([
            tile("游戏场次", labels::count(total.sessions)),
            tile("玩家人次", labels::count(total.players)),
            tile("场均人数", total.average_players().fixed()),
            tile("有消费的客户", labels::count(active)),
        ]);
    }
    Ok(rows)
}
