//! Tiles: figures that are looked for first, beside each other in large letters.

use crate::canvas::Canvas;
use crate::document::Document;
use crate::geometry::{Point, Rect, mm};
use crate::style::{Align, Color, Style};

const LABEL: Style = Style::regular(8.5).colored(Color::MUTED);
const VALUE: Style = Style::bold(14.0);
const HEIGHT: f32 = mm(17.0);
const GAP: f32 = mm(3.0);
const PADDING: f32 = mm(3.0);
/// The coloured edge at the left.
const EDGE: f32 = mm(0.8);

/// A figure and what it is.
#[derive(Clone, Debug)]
pub struct Tile {
    pub label: String,
    pub value: String,
}

impl Document {
    /// Tiles of one width in a row. A value that is too wide is set in smaller letters.
    pub fn tiles(&mut self, tiles: &[Tile], color: Color) {
        self.drawing(HEIGHT, |canvas, area| {
            let count = tiles.len().max(1) as f32;
            let width = (area.width - (count - 1.0) * GAP) / count;
            for (index, tile) in tiles.iter().enumerate() {
                let x = area.x + (width + GAP) * index as f32;
                draw(canvas, Rect { x, width, ..area }, tile, color);
            }
        });
        self.space(GAP);
    }
}

fn draw(canvas: &mut Canvas, area: Rect, tile: &Tile, color: Color) {
    canvas.fill(area, Color::SHADE);
    canvas.fill(Rect { width: EDGE, ..area }, color);
    let (left, width) = (area.x + PADDING, area.width - 2.0 * PADDING);
    let label = Point::new(left, area.y + mm(2.2) + LABEL.baseline());
    canvas.cut_text(label, &tile.label, width, LABEL, Align::Left);
    let value = Point::new(left, area.bottom() - mm(3.4));
    canvas.fitted_text(value, &tile.value, width, VALUE, Align::Left);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::Shape;

    #[test]
    fn a_value_that_is_too_wide_is_set_in_smaller_letters() {
        let sizes = |value: &str| {
            let mut canvas = Canvas::default();
            let tile = Tile { label: "充值".to_owned(), value: value.to_owned() };
            draw(&mut canvas, Rect::new(0.0, 0.0, 100.0, HEIGHT), &tile, Color::INK);
            let sizes = canvas.shapes().iter().filter_map(|shape| match shape {
                Shape::Text { text, style, .. } if text == value => Some((style.size, style.width_of(text))),
                _ => None,
            });
            sizes.collect::<Vec<_>>()
        };
        assert_eq!(sizes("¥1.00")[0].0, VALUE.size);
        let (size, width) = sizes("¥123,456,789,012.00")[0];
        assert!(size < VALUE.size && width <= 100.0 - 2.0 * PADDING + 0.01, "{size} {width}");
    }
}
