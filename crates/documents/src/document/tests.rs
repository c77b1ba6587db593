use super::*;

fn document() -> Document {
    Document::new(Setup::default())
}

/// Leaves room for so many lines of body text.
fn leave(document: &mut Document, lines: f32) {
    let used = document.body.height - lines * Style::BODY.line_height();
    document.drawing(used, |_, _| {});
}

fn counts(document: &Document) -> Vec<usize> {
    document.texts().iter().map(Vec::len).collect()
}

#[test]
fn a_paragraph_goes_on_on_the_next_page() {
    let mut document = document();
    leave(&mut document, 3.0);
    document.paragraph("一\n二\n三\n四\n五");
    assert_eq!(document.texts(), [vec!["一", "二", "三"], vec!["四", "五"]]);
}

#[test]
fn no_single_line_of_a_paragraph_is_left_on_a_page() {
    let mut above = document();
    leave(&mut above, 1.0);
    above.paragraph("一\n二\n三");
    assert_eq!(counts(&above), [0, 3]);
    let mut below = document();
    leave(&mut below, 3.0);
    below.paragraph("一\n二\n三\n四");
    assert_eq!(counts(&below), [2, 2]);
    let mut neither = document();
    leave(&mut neither, 2.0);
    neither.paragraph("一\n二\n三");
    assert_eq!(counts(&neither), [0, 3]);
}

#[test]
fn a_text_of_many_pages_loses_no_line() {
    let mut document = document();
    let lines: Vec<String> = (0..200).map(|line| line.to_string()).collect();
    document.paragraph(&lines.join("\n"));
    assert!(document.texts().len() > 3);
    assert_eq!(document.texts().concat(), lines);
}

#[test]
fn a_heading_stands_with_the_text_below_it() {
    let mut document = document();
    leave(&mut document, 4.0);
    document.heading("标题");
    document.paragraph("正文");
    assert_eq!(counts(&document), [0, 2]);
}

#[test]
fn two_texts_share_a_line_if_it_is_long_enough() {
    let mut document = document();
    document.sides("左", "右");
    let top = document.y;
    assert_eq!(top, document.body.y + Style::BODY.line_height());
    document.sides(&"左".repeat(30), &"右".repeat(30));
    assert_eq!(document.y, top + 2.0 * Style::BODY.line_height());
}

#[test]
fn what_does_not_fit_is_drawn_on_the_next_page() {
    let mut document = document();
    leave(&mut document, 1.0);
    document.drawing(mm(50.0), |canvas, area| {
        assert_eq!(area.y, mm(18.0));
        canvas.text(Point::new(area.x, area.y), "图", Style::BODY, Align::Left);
    });
    assert_eq!(counts(&document), [0, 1]);
}
