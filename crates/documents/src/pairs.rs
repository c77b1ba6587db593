//! Labels and values: one below the other, or in panels side by side.

use crate::canvas::Canvas;
use crate::document::Document;
use crate::geometry::{Point, Rect, mm};
use crate::lines::{Line, break_lines, height};
use crate::style::{Align, Color, Stroke, Style};

const LABEL: Style = Style::BODY.colored(Color::MUTED);
const VALUE: Style = Style::BODY;
const PANEL_TITLE: Style = Style::bold(10.0);
const TITLE_HEIGHT: f32 = mm(7.0);
const GAP: f32 = mm(2.5);
const PADDING: f32 = mm(2.0);

/// Labels take at most this share of the width; longer ones are broken.
const LABELS_AT_MOST: f32 = 0.4;

/// A framed block of pairs with a title.
#[derive(Clone, Copy, Debug)]
pub struct Panel<'a> {
    pub title: &'a str,
    pub pairs: &'a [(&'a str, &'a str)],
}

/// Pairs whose values begin at the same distance from the left.
struct Block {
    pairs: Vec<(Vec<Line>, Vec<Line>)>,
    indent: f32,
}

impl Block {
    fn lay(pairs: &[(&str, &str)], width: f32) -> Self {
        let widest = pairs.iter().map(|(label, _)| Line::single(label, LABEL).width).fold(0.0, f32::max);
        let labels = widest.min(width * LABELS_AT_MOST);
        let indent = labels + GAP;
        let lay = |(label, value): &(&str, &str)| {
            (break_lines(label, LABEL, labels), break_lines(value, VALUE, width - indent))
        };
        Self { pairs: pairs.iter().map(lay).collect(), indent }
    }

    fn height(&self) -> f32 {
        self.pairs.iter().map(pair_height).sum()
    }

    fn draw(&self, canvas: &mut Canvas, area: Rect) {
        let mut y = area.y;
        for pair in &self.pairs {
            draw_pair(canvas, Rect { y, ..area }, pair, self.indent);
            y += pair_height(pair);
        }
    }
}

fn pair_height((label, value): &(Vec<Line>, Vec<Line>)) -> f32 {
    height(label, LABEL).max(height(value, VALUE))
}

fn draw_pair(canvas: &mut Canvas, area: Rect, (label, value): &(Vec<Line>, Vec<Line>), indent: f32) {
    canvas.lines(area, label, LABEL, Align::Left);
    let values = Rect { x: area.x + indent, width: area.width - indent, ..area };
    canvas.lines(values, value, VALUE, Align::Left);
}

impl Document {
    /// Labels with their values, one pair below the other. A pair is not divided between pages.
    pub fn pairs(&mut self, pairs: &[(&str, &str)]) {
        let block = Block::lay(pairs, self.body().width);
        for pair in &block.pairs {
            self.drawing(pair_height(pair), |canvas, area| draw_pair(canvas, area, pair, block.indent));
        }
        self.space(mm(2.0));
    }

    /// Panels side by side, of one width and height. They are not divided between pages, so they must be short.
    pub fn panels(&mut self, panels: &[Panel<'_>]) {
        let width = self.body().width / panels.len().max(1) as f32;
        let blocks: Vec<(Panel<'_>, Block)> =
            panels.iter().map(|panel| (*panel, Block::lay(panel.pairs, width - 2.0 * PADDING))).collect();
        let highest = blocks.iter().map(|(_, block)| block.height()).fold(0.0, f32::max);
        self.drawing(TITLE_HEIGHT + highest + 2.0 * PADDING, |canvas, area| {
            let mut x = area.x;
            for (panel, block) in &blocks {
                draw_panel(canvas, Rect { x, width, ..area }, panel.title, block);
                x += width;
            }
        });
    }
}

fn draw_panel(canvas: &mut Canvas, area: Rect, title: &str, block: &Block) {
    let head = Rect { height: TITLE_HEIGHT, ..area };
    canvas.fill(head, Color::SHADE);
    let baseline = head.y + (head.height - PANEL_TITLE.line_height()) / 2.0 + PANEL_TITLE.baseline();
    canvas.text(Point::new(area.x + PADDING, baseline), title, PANEL_TITLE, Align::Left);
    let inside = Rect {
        x: area.x + PADDING,
        y: head.bottom() + PADDING,
        width: area.width - 2.0 * PADDING,
        height: area.height - TITLE_HEIGHT - 2.0 * PADDING,
    };
    block.draw(canvas, inside);
    canvas.frame(area, Stroke::HAIRLINE);
    let below = Point::new(area.x, head.bottom());
    canvas.line(below, Point::new(area.right(), head.bottom()), Stroke::HAIRLINE);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Setup;

    #[test]
    fn values_begin_behind_the_widest_label_and_wrap_there() {
        let block = Block::lay(&[("名称", "甲"), ("开户行及账号", "乙丙丁戊己庚辛壬癸")], mm(45.0));
        assert!(
            (block.indent - (60.0 * 0.85_f32).max(mm(45.0) * 0.4) - GAP).abs() < 0.01,
            "{}",
            block.indent
        );
        assert_eq!(block.pairs[0].1.len(), 1);
        assert!(block.pairs[1].1.len() > 1);
        assert_eq!(block.pairs[1].0.len(), 1 + usize::from(60.0 > mm(45.0) * 0.4));
    }

    #[test]
    fn pairs_that_do_not_fit_go_on_on_the_next_page() {
        let mut document = Document::new(Setup::default());
        let numbers: Vec<String> = (0..100).map(|number| number.to_string()).collect();
        let pairs: Vec<(&str, &str)> = numbers.iter().map(|number| ("号码", number.as_str())).collect();
        document.pairs(&pairs);
        let pages = document.texts();
        assert!(pages.len() > 1);
        assert_eq!(pages.concat().iter().filter(|text| **text != "号码").count(), 100);
    }
}
