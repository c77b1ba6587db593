//! Charts: figures as bars, lines and rankings, drawn with the shapes of a [`Canvas`].
//!
//! Values are whole numbers (fen, sessions) and so are the steps of the axis; only their places on paper are not. A chart
//! without a value other than zero says so in words.

mod axis;
mod frame;
mod ranks;

use crate::canvas::Canvas;
use crate::document::Document;
use crate::geometry::{Point, Rect, mm};
use crate::style::{Align, Color, Stroke, Style};
use frame::Frame;

const TITLE: Style = Style::bold(10.0);
const LABEL: Style = Style::regular(7.5).colored(Color::MUTED);
/// Title and legend above the chart.
const HEAD: f32 = mm(8.0);
const LEGEND_SQUARE: f32 = mm(2.4);
const LINE_WIDTH: f32 = 1.3;

/// Values of one colour, one for each category.
#[derive(Clone, Debug)]
pub struct Series {
    pub name: String,
    pub color: Color,
    pub values: Vec<i64>,
}

/// What a chart shows.
#[derive(Clone, Debug)]
pub struct Chart {
    pub title: String,
    /// What stands below the values: days, names.
    pub categories: Vec<String>,
    pub series: Vec<Series>,
    /// How a value is written at the axis or beside a bar.
    pub label: fn(i64) -> String,
    /// What stands in place of a chart in which everything is zero.
    pub nothing: String,
}

impl Chart {
    fn values(&self) -> impl Iterator<Item = i64> {
        self.series.iter().flat_map(|series| series.values.iter().copied())
    }

    fn is_empty(&self) -> bool {
        self.values().all(|value| value == 0)
    }
}

impl Document {
    /// Upright bars beside each other, a group for each category.
    pub fn bar_chart(&mut self, chart: &Chart, height: f32) {
        self.chart(chart, height, |canvas, area| draw_bars(canvas, area, chart));
    }

    /// A line for each series.
    pub fn line_chart(&mut self, chart: &Chart, height: f32) {
        self.chart(chart, height, |canvas, area| draw_lines(canvas, area, chart));
    }

    /// Lying bars below each other, a row for each category, with the value behind the bar. Only the first series is shown.
    pub fn rank_chart(&mut self, chart: &Chart) {
        let height = ranks::height(chart);
        self.chart(chart, height, |canvas, area| ranks::draw(canvas, area, chart));
    }

    fn chart(&mut self, chart: &Chart, height: f32, draw: impl FnOnce(&mut Canvas, Rect)) {
        let height = if chart.is_empty() { mm(14.0) } else { height };
        self.drawing(HEAD + height, |canvas, area| {
            draw_head(canvas, area, chart);
            let below = Rect { y: area.y + HEAD, height, ..area };
            match chart.is_empty() {
                true => draw_nothing(canvas, below, &chart.nothing),
                false => draw(canvas, below),
            }
        });
    }
}

/// The title, and at the right what the colours mean, when there are several.
fn draw_head(canvas: &mut Canvas, area: Rect, chart: &Chart) {
    let baseline = area.y + TITLE.baseline();
    canvas.text(Point::new(area.x, baseline), &chart.title, TITLE, Align::Left);
    if chart.series.len() < 2 || chart.is_empty() {
        return;
    }
    let mut right = area.right();
    for series in chart.series.iter().rev() {
        canvas.text(Point::new(right, baseline), &series.name, LABEL, Align::Right);
        right -= LABEL.width_of(&series.name) + mm(1.2) + LEGEND_SQUARE;
        let square = Rect::new(right, baseline - LEGEND_SQUARE, LEGEND_SQUARE, LEGEND_SQUARE);
        canvas.fill(square, series.color);
        right -= mm(4.0);
    }
}

fn draw_nothing(canvas: &mut Canvas, area: Rect, text: &str) {
    canvas.fill(area, Color::SHADE);
    let style = Style::regular(9.0).colored(Color::MUTED);
    let middle = area.y + (area.height - style.line_height()) / 2.0 + style.baseline();
    canvas.text(Point::new(area.x + area.width / 2.0, middle), text, style, Align::Center);
}

fn draw_bars(canvas: &mut Canvas, area: Rect, chart: &Chart) {
    let frame = Frame::lay(area, chart);
    frame.draw_grid(canvas, chart.label);
    let group = frame.slot_width() * 0.72;
    let width = group / chart.series.len().max(1) as f32;
    for (index, series) in chart.series.iter().enumerate() {
        for (slot, value) in series.values.iter().enumerate() {
            let left = frame.center(slot) - group / 2.0 + width * index as f32;
            let (zero, end) = (frame.y(0), frame.y(*value));
            // A hair of space between neighbours, so that they can be told apart in grey.
            let bar = Rect::new(left, zero.min(end), width * 0.92, (zero - end).abs());
            canvas.fill(bar, series.color);
        }
    }
    frame.draw_zero(canvas);
    frame.draw_categories(canvas, &chart.categories);
}

fn draw_lines(canvas: &mut Canvas, area: Rect, chart: &Chart) {
    let frame = Frame::lay(area, chart);
    frame.draw_grid(canvas, chart.label);
    frame.draw_zero(canvas);
    for series in &chart.series {
        let points = series.values.iter().enumerate();
        let points: Vec<Point> =
            points.map(|(slot, value)| Point::new(frame.center(slot), frame.y(*value))).collect();
        if points.len() <= 40 {
            draw_dots(canvas, &points, series.color);
        }
        canvas.path(points, Stroke { width: LINE_WIDTH, color: series.color });
    }
    frame.draw_categories(canvas, &chart.categories);
}

/// A single value would be no line at all.
fn draw_dots(canvas: &mut Canvas, points: &[Point], color: Color) {
    let side = LINE_WIDTH * 2.2;
    for point in points {
        canvas.fill(Rect::new(point.x - side / 2.0, point.y - side / 2.0, side, side), color);
    }
}

#[cfg(test)]
mod tests;
