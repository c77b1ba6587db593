//! Who spent most.

use documents::{Chart, Document, Series, Table, mm};
use money::Fen;

use super::{BLUE, figure, middle, note, text};
use crate::reports::contents::MOST_CUSTOMERS;
use crate::reports::labels::{self, NOTHING};
use crate::statistics::TopCustomers;

const BARS: usize = 10;

pub(super) fn add(document: &mut Document, top: &TopCustomers) {
    let first = &top.customers[..top.customers.len().min(BARS)];
    let chart = Chart {
        title: format!("消费金额前 {BARS} 名（元）"),
        categories: first.iter().map(|customer| customer.operator_name.clone()).collect(),
        series: vec![Series {
            name: "消费".to_owned(),
            color: BLUE,
            values: first.iter().map(|customer| customer.total_consumption.get()).collect(),
        }],
        label: |fen| Fen::new(fen).grouped(),
        nothing: NOTHING.to_owned(),
    };
    document.rank_chart(&chart);
    if top.customers.is_empty() {
        return;
    }
    document.space(mm(4.0));
    document.table(&table(top));
    note(
        document,
        &format!(
            "按消费金额列出前 {MOST_CUSTOMERS} 名；占比以全部客户的消费 {} 元为基数。客户类别为生成时的类别。",
            top.total_consumption.grouped()
        ),
    );
}

fn table(top: &TopCustomers) -> Table {
    let mut table = Table::ruled([
        middle("排名", 0.5),
        text("客户", 3.2),
        middle("类别", 0.7),
        figure("场次", 1.0),
        figure("消费金额", 1.5),
        figure("占比", 0.9),
    ]);
    for (rank, customer) in (1..).zip(&top.customers) {
        table.row([
            rank.to_string(),
            customer.operator_name.clone(),
            labels::category(&customer.category).to_owned(),
            labels::count(customer.total_sessions),
            customer.total_consumption.grouped(),
            format!("{}%", customer.percentage.fixed()),
        ]);
    }
    table
}
