//! What is in the finished file, as a viewer sees it.

#![allow(clippy::float_arithmetic, reason = "positions on paper are lengths, not money")]
#![allow(clippy::unwrap_used, reason = "in a test, an unexpected error is a failure with a backtrace")]

mod pdf_text;

use documents::{
    Align, Canvas, Color, Column, Document, Panel, Point, Rect, Setup, Stroke, Style, Table, mm,
};

fn setup() -> Setup {
    Setup { title: "月报".to_owned(), author: "某某科技".to_owned(), ..Setup::default() }
}

fn report() -> Document {
    let mut document = Document::new(setup());
    document.title("财务月报");
    document.rule(Stroke::HAIRLINE);
    document.heading("一、概况");
    document.paragraph("消费合计 ¥1,234.56，见 VIP“客户”。");
    document.pairs(&[("区间", "2026-10-01 至 2026-10-31")]);
    document.panels(&[Panel { title: "购买方", pairs: &[("名称", "甲\\(乙)")] }]);
    document.drawing(mm(30.0), bars);
    document.subheading("排名");
    let mut table =
        Table::new([Column::new("名称", 2.0, Align::Left), Column::new("金额", 1.0, Align::Right)]);
    for number in 0..60 {
        table.row([format!("客户{number}"), format!("{number}.00")]);
    }
    table.total(["合计", "3,160.00"]);
    document.table(&table);
    document
}

fn bars(canvas: &mut Canvas, area: Rect) {
    canvas.frame(area, Stroke::HAIRLINE);
    for (index, share) in [0.2, 0.9, 0.0].into_iter().enumerate() {
        let height = area.height * share;
        let x = area.x + index as f32 * 20.0;
        canvas.fill(Rect::new(x, area.bottom() - height, 12.0, height), Color::new(0x2f, 0x6f, 0xb5));
    }
    canvas.text(Point::new(area.x, area.y), "单位：元", Style::NOTE, Align::Left);
}

fn contains(pdf: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(pdf).contains(text)
}

#[test]
fn text_can_be_copied_out_of_the_file() {
    let pages = pdf_text::pages(&report().finish().unwrap());
    let first = &pages[0];
    for text in [
        "财务月报",
        "一、概况",
        "消费合计 ¥1,234.56，见 VIP“客户”。",
        "2026-10-01 至 2026-10-31",
        "甲\\(乙)",
        "单位：元",
    ] {
        assert!(first.iter().any(|found| found == text), "{text} in {first:?}");
    }
}

#[test]
fn pages_are_numbered_and_know_their_total() {
    let pages = pdf_text::pages(&report().finish().unwrap());
    assert_eq!(pages.len(), 3);
    for (index, page) in pages.iter().enumerate() {
        assert_eq!(page.last().unwrap(), &format!("第 {} 页 / 共 3 页", index + 1));
    }
    assert_eq!(pages[1][..2], ["名称", "金额"]);
    assert!(pages[2].contains(&"3,160.00".to_owned()));
}

#[test]
fn no_character_is_silently_blank() {
    let mut document = Document::new(setup());
    document.paragraph("𠮷野家😀");
    // Bold, but for the character only the regular face has.
    document.text("堃鑫", Style::bold(12.0), Align::Left);
    let pages = pdf_text::pages(&document.finish().unwrap());
    assert_eq!(pages, [["〓野家〓", "堃", "鑫", "第 1 页 / 共 1 页"]]);
}

#[test]
fn the_same_input_makes_the_same_bytes() {
    let pdf = report().finish().unwrap();
    assert_eq!(pdf, report().finish().unwrap());
    assert!(!contains(&pdf, "Date"), "a time nobody gave");
}

#[test]
fn the_file_says_what_it_is_about_and_when_it_was_made() {
    let created = Some(jiff::civil::date(2026, 11, 24));
    let pdf = Document::new(Setup { created, ..setup() }).finish().unwrap();
    assert!(contains(&pdf, "/CreationDate(D:20261124000000Z)"));
    // UTF-16 in hexadecimal.
    assert!(contains(&pdf, "/Title<FEFF670862A5>"));
    assert!(contains(&pdf, "/Author<FEFF67D067D079D16280>"));
    assert!(contains(&pdf, "/MediaBox[0 0 595.2756 841.8898]"));
}

#[test]
fn only_the_used_part_of_the_fonts_is_in_the_file() {
    let pdf = report().finish().unwrap();
    assert!(pdf.len() < 60_000, "{}", pdf.len());
}
