//! What is around and behind upright bars and lines: the axis with its labels, and the categories below.

use super::axis::Axis;
use super::{Chart, LABEL};
use crate::canvas::Canvas;
use crate::geometry::{Point, Rect, mm};
use crate::style::{Align, Stroke};

const GAP: f32 = mm(1.5);

/// Where values and categories are.
pub(super) struct Frame {
    axis: Axis,
    plot: Rect,
    slots: usize,
}

impl Frame {
    /// Leaves as much room as the labels of the axis need.
    pub(super) fn lay(area: Rect, chart: &Chart) -> Self {
        let axis = Axis::covering(chart.values());
        let widest = axis.ticks().map(|tick| LABEL.width_of(&(chart.label)(tick))).fold(0.0, f32::max);
        let left = widest + GAP;
        let above = LABEL.size / 2.0;
        let below = LABEL.line_height() + GAP;
        let plot = Rect::new(area.x + left, area.y + above, area.width - left, area.height - above - below);
        Frame { axis, plot, slots: chart.categories.len().max(1) }
    }

    pub(super) fn slot_width(&self) -> f32 {
        self.plot.width / self.slots as f32
    }

    /// The middle of a category.
    pub(super) fn center(&self, slot: usize) -> f32 {
        self.plot.x + self.slot_width() * (slot as f32 + 0.5)
    }

    pub(super) fn y(&self, value: i64) -> f32 {
        self.plot.bottom() - self.axis.share(value) * self.plot.height
    }

    pub(super) fn draw_grid(&self, canvas: &mut Canvas, label: fn(i64) -> String) {
        for tick in self.axis.ticks() {
            let y = self.y(tick);
            canvas.line(Point::new(self.plot.x, y), Point::new(self.plot.right(), y), Stroke::FAINT);
            let at = Point::new(self.plot.x - GAP, y + LABEL.size * 0.36);
            canvas.text(at, &label(tick), LABEL, Align::Right);
        }
    }

    pub(super) fn draw_zero(&self, canvas: &mut Canvas) {
        let y = self.y(0);
        canvas.line(Point::new(self.plot.x, y), Point::new(self.plot.right(), y), Stroke::HAIRLINE);
    }

    /// As many of the names as stand beside each other, at equal distances.
    pub(super) fn draw_categories(&self, canvas: &mut Canvas, categories: &[String]) {
        let widest = categories.iter().map(|name| LABEL.width_of(name)).fold(0.0, f32::max) + GAP;
        let every = (widest / self.slot_width()).ceil().max(1.0) as usize;
        let baseline = self.plot.bottom() + GAP + LABEL.baseline();
        let mut free_from = f32::NEG_INFINITY;
        for (slot, name) in categories.iter().enumerate().step_by(every) {
            let half = LABEL.width_of(name) / 2.0;
            // The outermost names stay on the page.
            let x = self
                .center(slot)
                .clamp(self.plot.x + half, (self.plot.right() - half).max(self.plot.x + half));
            // One that was moved away from the edge may touch the one before.
            if x - half < free_from {
                continue;
            }
            canvas.text(Point::new(x, baseline), name, LABEL, Align::Center);
            free_from = x + half + GAP / 2.0;
        }
    }
}
