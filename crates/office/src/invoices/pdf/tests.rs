use super::*;
use crate::pdf_text;

fn invoice() -> InvoiceDocument {
    InvoiceDocument {
        number: "INV-20261124-000001".to_owned(),
        issued_on: jiff::civil::date(2026, 11, 4),
        buyer: Buyer {
            title: "上海某某互动娱乐有限公司".to_owned(),
            tax_id: "91310115MA1K4ABC2X".to_owned(),
        },
        issuer: Issuer {
            name: "北京某某混合现实科技有限公司".to_owned(),
            tax_id: "91110105MA01ABCD3Y".to_owned(),
            address: "北京市朝阳区某某路88号".to_owned(),
            phone: "010-88886666".to_owned(),
            bank_account: "某某银行北京分行 020000123456".to_owned(),
        },
        lines: vec![line("*信息技术服务*游戏平台预付费充值", 123_456)],
        note: "充值至预付费余额".to_owned(),
        drawer: "张喆".to_owned(),
        reviewer: "李堃".to_owned(),
    }
}

fn line(name: &str, fen: i64) -> InvoiceLine {
    InvoiceLine { name: name.to_owned(), amount: Fen::new(fen) }
}

fn pages(invoice: &InvoiceDocument) -> Vec<Vec<String>> {
    pdf_text::pages(&render(invoice).unwrap())
}

fn says(texts: &[String], text: &str) -> bool {
    texts.iter().any(|found| found == text)
}

#[test]
fn the_document_says_who_paid_whom_how_much_for_what() {
    let pages = pages(&invoice());
    assert_eq!(pages.len(), 1);
    assert_eq!(
        pages[0],
        [
            "电子收款凭证",
            "凭证号码：INV-20261124-000001",
            "开具日期：2026年11月04日",
            "购买方（付款单位）",
            "名称",
            "上海某某互动娱乐有限公司",
            "纳税人识别号",
            "91310115MA1K4ABC2X",
            "销售方（收款单位）",
            "名称",
            "北京某某混合现实科技有限公司",
            "纳税人识别号",
            "91110105MA01ABCD3Y",
            "地址",
            "北京市朝阳区某某路88号",
            "电话",
            "010-88886666",
            "开户行及账号",
            "某某银行北京分行 020000123456",
            "序号",
            "项目名称",
            "金额（元，含税）",
            "1",
            "*信息技术服务*游戏平台预付费充值",
            "1,234.56",
            "合计",
            "1,234.56",
            "价税合计（大写）",
            "人民币壹仟贰佰叁拾肆元伍角陆分",
            "（小写）¥1,234.56",
            "备注",
            "充值至预付费余额",
            "开票人",
            "张喆",
            "复核",
            "李堃",
            NATURE,
            "收款单位（盖章）：",
            "第 1 页 / 共 1 页",
        ]
    );
}

#[test]
fn what_is_empty_is_left_out_with_its_label() {
    let issuer = Issuer { name: "甲公司".to_owned(), ..Issuer::default() };
    let bare = InvoiceDocument {
        issuer,
        note: String::new(),
        drawer: String::new(),
        reviewer: String::new(),
        ..invoice()
    };
    let pages = pages(&bare);
    for label in ["地址", "电话", "开户行及账号", "备注", "开票人", "复核"] {
        assert!(!says(&pages[0], label), "{label}");
    }
    assert!(says(&pages[0], "甲公司"));
}

#[test]
fn the_total_is_the_sum_of_the_lines_on_however_many_pages() {
    let lines = (1..=60).map(|number| line(&format!("项目{number}"), 100_001)).collect();
    let pages = pages(&InvoiceDocument { lines, ..invoice() });
    assert!(pages.len() > 1);
    let last = pages.last().unwrap();
    assert!(says(last, "（小写）¥60,000.60") && says(last, "人民币陆万元零陆角"), "{last:?}");
}

#[test]
fn long_texts_are_wrapped_and_lose_nothing() {
    let title = "某".repeat(100);
    let note = "备".repeat(500);
    let buyer = Buyer { title: title.clone(), ..invoice().buyer };
    let pages = pages(&InvoiceDocument { buyer, note: note.clone(), ..invoice() });
    assert_eq!(pages.len(), 1);
    let of =
        |text: &str| pages[0].iter().filter(|found| found.starts_with(text)).cloned().collect::<String>();
    assert_eq!(of("某某某"), title);
    assert_eq!(of("备备"), note);
}

#[test]
fn the_largest_amount_of_a_request_fits_on_one_line() {
    let pages = pages(&InvoiceDocument { lines: vec![line("甲", money::MAX_WIRE_FEN)], ..invoice() });
    assert!(says(&pages[0], "人民币玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"));
    assert!(says(&pages[0], "（小写）¥99,999,999.99"));
}

#[test]
fn the_same_invoice_makes_the_same_bytes() {
    assert_eq!(render(&invoice()).unwrap(), render(&invoice()).unwrap());
}

#[test]
fn a_total_that_is_not_positive_or_has_no_name_is_refused() {
    for lines in [
        vec![],
        vec![line("甲", 0)],
        vec![line("甲", 100), line("乙", -100)],
        vec![line("甲", i64::MAX)],
        vec![line("甲", i64::MAX), line("乙", 1)],
    ] {
        let refused = render(&InvoiceDocument { lines, ..invoice() });
        assert!(matches!(refused, Err(RenderError::TotalOutOfRange)), "{refused:?}");
    }
}

#[test]
fn a_character_that_cannot_be_printed_is_refused_wherever_it_stands() {
    type Set = fn(&mut InvoiceDocument);
    let cases: [(&str, Set); 12] = [
        ("number", |invoice| invoice.number.push('😀')),
        ("buyer.title", |invoice| invoice.buyer.title.push('😀')),
        ("buyer.tax_id", |invoice| invoice.buyer.tax_id.push('😀')),
        ("issuer.name", |invoice| invoice.issuer.name.push('😀')),
        ("issuer.tax_id", |invoice| invoice.issuer.tax_id.push('😀')),
        ("issuer.address", |invoice| invoice.issuer.address.push('😀')),
        ("issuer.phone", |invoice| invoice.issuer.phone.push('😀')),
        ("issuer.bank_account", |invoice| invoice.issuer.bank_account.push('😀')),
        ("lines.name", |invoice| invoice.lines[0].name.push('😀')),
        ("note", |invoice| invoice.note.push('😀')),
        ("drawer", |invoice| invoice.drawer.push('😀')),
        ("reviewer", |invoice| invoice.reviewer.push('😀')),
    ];
    for (expected, spoil) in cases {
        let mut invoice = invoice();
        spoil(&mut invoice);
        match render(&invoice) {
            Err(RenderError::Unprintable { field, characters }) => {
                assert_eq!((field, characters.as_str()), (expected, "😀"));
            }
            other => panic!("{expected}: {other:?}"),
        }
    }
}
