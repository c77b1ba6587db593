//! Places and lengths on a page. The origin is the upper left corner, y grows downwards.

/// Millimetres in points.
#[must_use]
pub const fn mm(millimetres: f32) -> f32 {
    millimetres * 72.0 / 25.4
}

/// Width and height of A4, upright.
pub(crate) const A4: (f32, f32) = (mm(210.0), mm(297.0));

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    #[must_use]
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Rect {
    #[must_use]
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }

    #[must_use]
    pub const fn right(self) -> f32 {
        self.x + self.width
    }

    #[must_use]
    pub const fn bottom(self) -> f32 {
        self.y + self.height
    }
}

/// The empty edges of a page. The page number stands in the lower one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Margins {
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
    pub left: f32,
}

impl Default for Margins {
    fn default() -> Self {
        Self { top: mm(18.0), right: mm(18.0), bottom: mm(20.0), left: mm(18.0) }
    }
}

impl Margins {
    /// What they leave of the page.
    pub(crate) const fn body(self) -> Rect {
        let (width, height) = A4;
        Rect::new(self.left, self.top, width - self.left - self.right, height - self.top - self.bottom)
    }
}
