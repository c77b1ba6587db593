use super::*;
use crate::canvas::Shape;
use crate::document::Setup;

fn chart(categories: &[&str], values: &[&[i64]]) -> Chart {
    let series = values.iter().enumerate();
    Chart {
        title: "收入".to_owned(),
        categories: categories.iter().map(|name| (*name).to_owned()).collect(),
        series: series
            .map(|(index, values)| Series {
                name: format!("第{index}项"),
                color: Color::new(index as u8, 0, 0),
                values: values.to_vec(),
            })
            .collect(),
        label: |value| value.to_string(),
        nothing: "本期没有数据".to_owned(),
    }
}

/// The fills of a colour on a canvas.
fn fills(canvas: &Canvas, color: Color) -> Vec<Rect> {
    let shapes = canvas.shapes().iter();
    shapes
        .filter_map(|shape| match shape {
            Shape::Fill { area, color: of } if *of == color => Some(*area),
            _ => None,
        })
        .collect()
}

fn texts(draw: impl FnOnce(&mut Document)) -> Vec<String> {
    let mut document = Document::new(Setup::default());
    draw(&mut document);
    document.texts().concat().into_iter().map(str::to_owned).collect()
}

const AREA: Rect = Rect::new(0.0, 0.0, 400.0, 120.0);

#[test]
fn bars_are_as_high_as_their_values() {
    let chart = chart(&["一", "二", "三"], &[&[10, 0, 40], &[20, 5, 0]]);
    let mut canvas = Canvas::default();
    draw_bars(&mut canvas, AREA, &chart);
    let bars = fills(&canvas, Color::new(0, 0, 0));
    assert_eq!(bars.len(), 3);
    assert!((bars[2].height - 4.0 * bars[0].height).abs() < 0.01, "{bars:?}");
    assert!(bars[1].height < 0.01);
    assert!((bars[0].bottom() - bars[2].bottom()).abs() < 0.01, "they stand on one line");
    let others = fills(&canvas, Color::new(1, 0, 0));
    assert!(bars[0].right() <= others[0].x && others[0].right() <= bars[1].x, "they stand beside each other");
}

#[test]
fn what_is_negative_hangs_below_the_line() {
    let chart = chart(&["一", "二"], &[&[30, -30]]);
    let mut canvas = Canvas::default();
    draw_bars(&mut canvas, AREA, &chart);
    let bars = fills(&canvas, Color::new(0, 0, 0));
    assert!((bars[0].bottom() - bars[1].y).abs() < 0.01, "{bars:?}");
    assert!((bars[0].height - bars[1].height).abs() < 0.01);
}

#[test]
fn names_that_would_touch_are_left_out() {
    let names: Vec<String> = (1..=366).map(|day| format!("{day:04}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let values: Vec<i64> = (0..366).collect();
    let mut canvas = Canvas::default();
    draw_lines(&mut canvas, AREA, &chart(&names, &[&values]));
    let below: Vec<&str> = canvas.texts().into_iter().filter(|text| text.len() == 4).collect();
    assert!(below.len() > 10 && below.len() < 30, "{below:?}");
    assert_eq!(below[0], "0001");
}

#[test]
fn the_last_name_does_not_run_into_the_one_before() {
    for count in 2..=366 {
        let names: Vec<String> = (0..count).map(|day| format!("11/{:02}", day % 90 + 10)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut canvas = Canvas::default();
        draw_lines(&mut canvas, AREA, &chart(&names, &[&vec![1; count]]));
        let below = canvas.shapes().iter().filter_map(|shape| match shape {
            Shape::Text { at, text, .. } if text.starts_with("11/") => {
                Some((at.x, at.x + LABEL.width_of(text)))
            }
            _ => None,
        });
        let below: Vec<(f32, f32)> = below.collect();
        assert!(below.len() > 1, "{count}");
        assert!(below.windows(2).all(|pair| pair[0].1 + 1.0 < pair[1].0), "{count}: {below:?}");
    }
}

#[test]
fn several_series_have_a_legend_and_one_has_none() {
    let two = texts(|document| document.bar_chart(&chart(&["一"], &[&[1], &[2]]), mm(40.0)));
    assert!(two.contains(&"第0项".to_owned()) && two.contains(&"第1项".to_owned()), "{two:?}");
    let one = texts(|document| document.line_chart(&chart(&["一"], &[&[1]]), mm(40.0)));
    assert!(!one.contains(&"第0项".to_owned()), "{one:?}");
}

#[test]
fn a_chart_of_zeros_says_so_in_words() {
    let empty = texts(|document| document.bar_chart(&chart(&["一", "二"], &[&[0, 0]]), mm(40.0)));
    assert_eq!(empty, ["收入", "本期没有数据"]);
    let none = texts(|document| document.rank_chart(&chart(&[], &[&[]])));
    assert_eq!(none, ["收入", "本期没有数据"]);
}

#[test]
fn the_longest_bar_of_a_ranking_leaves_room_for_its_value() {
    let name = "名".repeat(60);
    let chart = chart(&[&name, "乙"], &[&[123_456, 61_728]]);
    let mut canvas = Canvas::default();
    ranks::draw(&mut canvas, AREA, &chart);
    let bars = fills(&canvas, Color::new(0, 0, 0));
    assert!((bars[0].width - 2.0 * bars[1].width).abs() < 0.1, "{bars:?}");
    assert!(bars[0].right() < AREA.right() - Style::regular(8.5).width_of("123456"));
    let shown = canvas.texts();
    assert!(shown[0].ends_with('…') && shown.contains(&"123456"), "{shown:?}");
}
