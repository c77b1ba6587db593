//! The document of an approved invoice.
//!
//! Its title is 电子收款凭证, electronic receipt, because that is what it is: the company's own statement that it has
//! received the money. A 发票 in the sense of Chinese tax law comes from the tax bureau's system under its numbers, and
//! whoever prints the word over a document of his own pretends to be that system. A line at the foot says so.

use documents::{Align, Column, Document, Panel, Setup, Style, Table, mm};
use jiff::civil::Date;
use money::Fen;

use super::capitals::capitals;

const TITLE: &str = "电子收款凭证";

const NATURE: &str =
    "本凭证是收款单位就上列款项开具的电子收款证明，不是税务机关监制的发票，不作为增值税抵扣凭证。";

/// The shares of each table's columns add up to ten, so that the edges of columns meet.
const LABEL_SHARE: f32 = 2.0;
const AMOUNT_SHARE: f32 = 2.8;
const BESIDE_LABEL: f32 = 8.0;
const BESIDE_TWO_LABELS: f32 = 3.0;

/// Everything the document says. Texts are printed as they are; empty ones are left out with their label.
#[derive(Clone, Debug)]
pub struct InvoiceDocument {
    pub number: String,
    /// The day in the business time zone.
    pub issued_on: Date,
    pub buyer: Buyer,
    pub issuer: Issuer,
    /// What the money was for. The total is their sum, so that the two cannot disagree.
    pub lines: Vec<InvoiceLine>,
    pub note: String,
    pub drawer: String,
    pub reviewer: String,
}

/// Who paid.
#[derive(Clone, Debug)]
pub struct Buyer {
    pub title: String,
    pub tax_id: String,
}

/// Who was paid: the company that runs the platform.
#[derive(Clone, Debug, Default)]
pub struct Issuer {
    pub name: String,
    pub tax_id: String,
    pub address: String,
    pub phone: String,
    /// Bank and account number.
    pub bank_account: String,
}

#[derive(Clone, Debug)]
pub struct InvoiceLine {
    /// For instance `*信息技术服务*游戏平台预付费充值`.
    pub name: String,
    /// Tax included.
    pub amount: Fen,
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The sum is not positive, or so large that it has no name in capitals.
    #[error("the total is out of range")]
    TotalOutOfRange,
    /// A name on such a document is right or it is not there: the mark that stands for missing characters elsewhere
    /// is no name.
    #[error("{field} has characters that cannot be printed: {characters}")]
    Unprintable { field: &'static str, characters: String },
    #[error(transparent)]
    Pdf(#[from] documents::Error),
}

/// The document as a PDF file. The same invoice makes the same bytes. This is work for the processor (most the first
/// time, when the fonts are unpacked), so call it where blocking is allowed.
///
/// # Errors
/// See [`RenderError`].
pub fn render(invoice: &InvoiceDocument) -> Result<Vec<u8>, RenderError> {
    require_printable(invoice)?;
    let sum = invoice.lines.iter().try_fold(Fen::ZERO, |sum, line| sum.checked_add(line.amount));
    let total = sum.filter(|sum| *sum > Fen::ZERO).ok_or(RenderError::TotalOutOfRange)?;
    let words = capitals(total).ok_or(RenderError::TotalOutOfRange)?;

    let mut document = Document::new(Setup {
        title: format!("{TITLE} {}", invoice.number),
        author: invoice.issuer.name.clone(),
        created: Some(invoice.issued_on),
        ..Setup::default()
    });
    document.title(TITLE);
    add_number_and_date(&mut document, invoice);
    add_parties(&mut document, invoice);
    add_lines(&mut document, invoice, total);
    add_total(&mut document, total, &words);
    add_note(&mut document, &invoice.note);
    add_signatures(&mut document, invoice);
    add_foot(&mut document);
    Ok(document.finish()?)
}

fn require_printable(invoice: &InvoiceDocument) -> Result<(), RenderError> {
    let (buyer, issuer) = (&invoice.buyer, &invoice.issuer);
    let fields = [
        ("number", &invoice.number),
        ("buyer.title", &buyer.title),
        ("buyer.tax_id", &buyer.tax_id),
        ("issuer.name", &issuer.name),
        ("issuer.tax_id", &issuer.tax_id),
        ("issuer.address", &issuer.address),
        ("issuer.phone", &issuer.phone),
        ("issuer.bank_account", &issuer.bank_account),
        ("note", &invoice.note),
        ("drawer", &invoice.drawer),
        ("reviewer", &invoice.reviewer),
    ];
    let lines = invoice.lines.iter().map(|line| ("lines.name", &line.name));
    for (field, text) in fields.into_iter().chain(lines) {
        let missing = documents::missing_characters(text);
        if !missing.is_empty() {
            return Err(RenderError::Unprintable { field, characters: missing.into_iter().collect() });
        }
    }
    Ok(())
}

fn add_number_and_date(document: &mut Document, invoice: &InvoiceDocument) {
    let number = format!("凭证号码：{}", invoice.number);
    let date = invoice.issued_on;
    let date = format!("开具日期：{}年{:02}月{:02}日", date.year(), date.month(), date.day());
    document.sides(&number, &date);
    document.space(mm(1.5));
}

fn add_parties(document: &mut Document, invoice: &InvoiceDocument) {
    let (buyer, issuer) = (&invoice.buyer, &invoice.issuer);
    let buyer = given(&[("名称", &buyer.title), ("纳税人识别号", &buyer.tax_id)]);
    let seller = given(&[
        ("名称", &issuer.name),
        ("纳税人识别号", &issuer.tax_id),
        ("地址", &issuer.address),
        ("电话", &issuer.phone),
        ("开户行及账号", &issuer.bank_account),
    ]);
    document.panels(&[
        Panel { title: "购买方（付款单位）", pairs: &buyer },
        Panel { title: "销售方（收款单位）", pairs: &seller },
    ]);
}

/// The pairs that have a value.
fn given<'a>(pairs: &[(&'a str, &'a String)]) -> Vec<(&'a str, &'a str)> {
    pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| (*label, value.as_str()))
        .collect()
}

fn add_lines(document: &mut Document, invoice: &InvoiceDocument, total: Fen) {
    let mut table = Table::new([
        Column::new("序号", 1.0, Align::Center),
        Column::new("项目名称", 6.2, Align::Left),
        Column::new("金额（元，含税）", AMOUNT_SHARE, Align::Right),
    ]);
    for (index, line) in invoice.lines.iter().enumerate() {
        table.row([(index + 1).to_string(), line.name.clone(), line.amount.grouped()]);
    }
    table.total([String::new(), "合计".to_owned(), total.grouped()]);
    document.table(&table);
}

fn add_total(document: &mut Document, total: Fen, words: &str) {
    // Fits on one line up to the largest amount of a request.
    let strong = Style::bold(10.0);
    let mut form = Table::new([
        Column::label(LABEL_SHARE),
        Column::new("", 5.2, Align::Left).style(strong),
        Column::new("", AMOUNT_SHARE, Align::Right).style(strong),
    ]);
    let figures = format!("（小写）¥{}", total.grouped());
    form.row(["价税合计（大写）", &format!("人民币{words}"), &figures]);
    document.table(&form);
}

fn add_note(document: &mut Document, note: &str) {
    if note.is_empty() {
        return;
    }
    let mut form = Table::new([Column::label(LABEL_SHARE), Column::new("", BESIDE_LABEL, Align::Left)]);
    form.row(["备注", note]);
    document.table(&form);
}

/// Who made it and who checked it.
fn add_signatures(document: &mut Document, invoice: &InvoiceDocument) {
    let staff = given(&[("开票人", &invoice.drawer), ("复核", &invoice.reviewer)]);
    if staff.is_empty() {
        return;
    }
    let value_share = if staff.len() == 1 { BESIDE_LABEL } else { BESIDE_TWO_LABELS };
    let column = |_: &_| [Column::label(LABEL_SHARE), Column::new("", value_share, Align::Left)];
    let mut form = Table::new(staff.iter().flat_map(column));
    form.row(staff.iter().flat_map(|(label, value)| [*label, *value]));
    document.table(&form);
}

/// What this is and is not, and room for the company's stamp on paper.
fn add_foot(document: &mut Document) {
    document.space(mm(2.0));
    document.text(NATURE, Style::NOTE, Align::Left);
    document.space(mm(6.0));
    document.text("收款单位（盖章）：", Style::BODY, Align::Center);
}

#[cfg(test)]
mod tests;
