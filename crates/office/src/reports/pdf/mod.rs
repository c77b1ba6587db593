//! A report as a PDF file: A4, ready to print.

mod cover;
mod customers;
mod income;
mod refunds;
mod usage;

use base::problem::Problem;
use documents::{Align, Color, Column, Document, Setup, Style, mm};

use super::contents::{Contents, Cover};
use super::labels;
use crate::statistics::Money;

/// Colours that stay apart when they are printed in grey.
const BLUE: Color = Color::new(0x1f, 0x5f, 0xa8);
const AMBER: Color = Color::new(0xe3, 0x9a, 0x2d);
const SLATE: Color = Color::new(0x9d, 0xb0, 0xc4);

const CHART_HEIGHT: f32 = mm(52.0);
/// Of a section's heading and what it begins with, a chart or the words that stand for one: no heading stands alone.
const BEGINNING: f32 = mm(78.0);
const EMPTY_BEGINNING: f32 = mm(40.0);
const CELL: Style = Style::regular(8.5);

/// Sets a report. This is work for the processor, so call it where blocking is allowed.
///
/// # Errors
/// `INTERNAL_ERROR` when a sum leaves the range of 64 bits, or the file cannot be written.
pub(super) fn render(cover: &Cover, contents: &Contents) -> Result<Vec<u8>, Problem> {
    let title = cover.report_type.title();
    let period = labels::period(cover.period);
    let head = [cover.company.as_str(), title, period.as_str()];
    let head: Vec<&str> = head.into_iter().filter(|part| !part.is_empty()).collect();
    let mut document = Document::new(Setup {
        title: format!("{title} {period}"),
        author: cover.company.clone(),
        created: Some(cover.read_at.timestamp().to_zoned(cover.timezone.clone()).date()),
        running_head: head.join("　"),
        ..Setup::default()
    });
    cover::add(&mut document, cover, contents)?;
    let mut numbers = ["一", "二", "三", "四"].into_iter();
    let mut heading = |document: &mut Document, text: &str, is_empty: bool| {
        let number = numbers.next().unwrap_or_default();
        document.keep(if is_empty { EMPTY_BEGINNING } else { BEGINNING });
        document.heading(&format!("{number}、{text}"));
    };
    if let Some(income) = &contents.income {
        heading(&mut document, "收入汇总", income.total.money == Money::default());
        income::add(&mut document, income)?;
    }
    if let Some(customers) = &contents.customers {
        heading(&mut document, "大客户排行", customers.customers.is_empty());
        customers::add(&mut document, customers);
    }
    if let Some(usage) = &contents.usage {
        heading(&mut document, "使用统计", usage.total.sessions == 0);
        usage::add(&mut document, usage)?;
    }
    if let Some(refunds) = &contents.refunds {
        heading(&mut document, "退款汇总", refunds.refunds.is_empty());
        refunds::add(&mut document, refunds, &cover.timezone);
    }
    document.finish().map_err(Problem::internal)
}

fn text(title: &str, share: f32) -> Column {
    Column::new(title, share, Align::Left).style(CELL)
}

fn middle(title: &str, share: f32) -> Column {
    Column::new(title, share, Align::Center).style(CELL)
}

/// Numbers and amounts: the last digits stand below each other.
fn figure(title: &str, share: f32) -> Column {
    Column::new(title, share, Align::Right).style(CELL)
}

fn note(document: &mut Document, text: &str) {
    document.space(mm(1.5));
    document.text(text, Style::NOTE, Align::Left);
    document.space(mm(2.0));
}

#[cfg(test)]
mod tests;
