//! One page and the shapes on it.

use crate::geometry::{Point, Rect};
use crate::lines::Line;
use crate::style::{Align, Color, Stroke, Style};

/// A page to draw on. Later shapes cover earlier ones.
#[derive(Debug, Default)]
pub struct Canvas {
    shapes: Vec<Shape>,
}

#[derive(Debug)]
pub(crate) enum Shape {
    Fill { area: Rect, color: Color },
    Line { from: Point, to: Point, stroke: Stroke },
    Path { points: Vec<Point>, stroke: Stroke },
    Text { at: Point, text: String, style: Style },
}

impl Canvas {
    pub fn fill(&mut self, area: Rect, color: Color) {
        self.shapes.push(Shape::Fill { area, color });
    }

    pub fn line(&mut self, from: Point, to: Point, stroke: Stroke) {
        self.shapes.push(Shape::Line { from, to, stroke });
    }

    /// Points joined by straight lines, with round corners.
    pub fn path(&mut self, points: Vec<Point>, stroke: Stroke) {
        self.shapes.push(Shape::Path { points, stroke });
    }

    /// The outline of a rectangle.
    pub fn frame(&mut self, area: Rect, stroke: Stroke) {
        let (left, top, right, bottom) = (area.x, area.y, area.right(), area.bottom());
        // The horizontal lines are longer by half a stroke at each end, so that the corners are filled.
        let over = stroke.width / 2.0;
        self.line(Point::new(left - over, top), Point::new(right + over, top), stroke);
        self.line(Point::new(left - over, bottom), Point::new(right + over, bottom), stroke);
        self.line(Point::new(left, top), Point::new(left, bottom), stroke);
        self.line(Point::new(right, top), Point::new(right, bottom), stroke);
    }

    /// One line of text. The point is on the baseline: where the text begins, its middle, or where it ends.
    pub fn text(&mut self, at: Point, text: &str, style: Style, align: Align) {
        self.set(at, &Line::single(text, style), style, align);
    }

    /// As [`Canvas::text`], with as much of the text as fits into the width, and an ellipsis for the rest.
    pub fn cut_text(&mut self, at: Point, text: &str, width: f32, style: Style, align: Align) {
        self.set(at, &Line::cut(text, style, width), style, align);
    }

    /// As [`Canvas::text`], in smaller letters where it would be wider than the width.
    pub fn fitted_text(&mut self, at: Point, text: &str, width: f32, style: Style, align: Align) {
        let natural = Line::single(text, style).width;
        let shrink = if natural > width { width / natural } else { 1.0 };
        self.text(at, text, Style { size: style.size * shrink, ..style }, align);
    }

    fn set(&mut self, at: Point, line: &Line, style: Style, align: Align) {
        if line.text.is_empty() {
            return;
        }
        let x = match align {
            Align::Left => at.x,
            Align::Center => at.x - line.width / 2.0,
            Align::Right => at.x - line.width,
        };
        let shape = Shape::Text { at: Point::new(x, at.y), text: line.text.clone(), style };
        self.shapes.push(shape);
    }

    /// Lines below each other, from the top of the area.
    pub(crate) fn lines(&mut self, area: Rect, lines: &[Line], style: Style, align: Align) {
        let x = match align {
            Align::Left => area.x,
            Align::Center => area.x + area.width / 2.0,
            Align::Right => area.right(),
        };
        let mut y = area.y + style.baseline();
        for line in lines {
            self.set(Point::new(x, y), line, style, align);
            y += style.line_height();
        }
    }

    pub(crate) fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// The texts on the page, in the order they were set.
    #[cfg(test)]
    pub(crate) fn texts(&self) -> Vec<&str> {
        let texts = self.shapes.iter().filter_map(|shape| match shape {
            Shape::Text { text, .. } => Some(text.as_str()),
            Shape::Fill { .. } | Shape::Line { .. } | Shape::Path { .. } => None,
        });
        texts.collect()
    }
}
