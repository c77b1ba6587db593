//! Lying bars: names at the left, values behind the bars.

use super::Chart;
use super::axis::Axis;
use crate::canvas::Canvas;
use crate::geometry::{Point, Rect, mm};
use crate::style::{Align, Style};

const ROW: f32 = mm(6.2);
const BAR: f32 = mm(3.6);
const GAP: f32 = mm(2.0);
const NAME: Style = Style::regular(8.5);
/// Names take at most this share of the width; longer ones are cut.
const NAMES_AT_MOST: f32 = 0.32;

pub(super) fn height(chart: &Chart) -> f32 {
    ROW * chart.categories.len() as f32
}

pub(super) fn draw(canvas: &mut Canvas, area: Rect, chart: &Chart) {
    let Some(series) = chart.series.first() else { return };
    let axis = Axis::covering(series.values.iter().copied());
    let longest = series.values.iter().copied().max().unwrap_or_default();
    let widest =
        |texts: &mut dyn Iterator<Item = String>| texts.map(|text| NAME.width_of(&text)).fold(0.0, f32::max);
    let names = widest(&mut chart.categories.iter().cloned()).min(area.width * NAMES_AT_MOST);
    let values = widest(&mut series.values.iter().map(|value| (chart.label)(*value)));
    let bars = area.width - names - values - 2.0 * GAP;
    for (row, (name, value)) in chart.categories.iter().zip(&series.values).enumerate() {
        let top = area.y + ROW * row as f32;
        let baseline = top + (ROW - NAME.line_height()) / 2.0 + NAME.baseline();
        canvas.cut_text(Point::new(area.x + names, baseline), name, names, NAME, Align::Right);
        let length = bars * (axis.share(*value) - axis.share(0))
            / (axis.share(longest) - axis.share(0)).max(f32::MIN_POSITIVE);
        let bar = Rect::new(area.x + names + GAP, top + (ROW - BAR) / 2.0, length.max(0.0), BAR);
        canvas.fill(bar, series.color);
        let behind = Point::new(bar.right() + GAP, baseline);
        canvas.text(behind, &(chart.label)(*value), NAME, Align::Left);
    }
}
