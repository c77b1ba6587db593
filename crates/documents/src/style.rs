//! How text and lines look.

use crate::lines::Line;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

impl Color {
    /// Text.
    pub const INK: Color = Color::new(0x1a, 0x1a, 0x1a);
    /// Labels, notes, page numbers: dark enough to survive a photocopy.
    pub const MUTED: Color = Color::new(0x5c, 0x5c, 0x5c);
    /// Frames and rules.
    pub const RULE: Color = Color::new(0x8c, 0x8c, 0x8c);
    /// Between the rows of a table without frames, and behind charts.
    pub const FAINT: Color = Color::new(0xd5, 0xda, 0xe1);
    /// Behind headers and totals.
    pub const SHADE: Color = Color::new(0xf0, 0xf2, 0xf5);

    #[must_use]
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Center,
    Right,
}

/// A line's width in points and its colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    pub width: f32,
    pub color: Color,
}

impl Stroke {
    /// Frames of tables and panels.
    pub const HAIRLINE: Stroke = Stroke { width: 0.5, color: Color::RULE };
    /// Between rows, and the lines behind charts.
    pub const FAINT: Stroke = Stroke { width: 0.4, color: Color::FAINT };
}

/// Size in points, weight and colour of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    pub size: f32,
    pub weight: Weight,
    pub color: Color,
}

impl Style {
    pub const BODY: Style = Style::regular(10.0);
    pub const NOTE: Style = Style::regular(8.5).colored(Color::MUTED);

    #[must_use]
    pub const fn regular(size: f32) -> Self {
        Self { size, weight: Weight::Regular, color: Color::INK }
    }

    #[must_use]
    pub const fn bold(size: f32) -> Self {
        Self { size, weight: Weight::Bold, color: Color::INK }
    }

    #[must_use]
    pub const fn colored(self, color: Color) -> Self {
        Self { color, ..self }
    }

    /// How wide a text on one line is.
    #[must_use]
    pub fn width_of(self, text: &str) -> f32 {
        Line::single(text, self).width
    }

    /// From one line to the next. Chinese characters fill their square, so lines want more air than Latin ones.
    #[must_use]
    pub const fn line_height(self) -> f32 {
        self.size * 1.55
    }

    /// From the top of a line to its baseline: the square of a character (0.88 above the baseline, 0.12 below) stands
    /// in the middle of the line.
    #[must_use]
    pub const fn baseline(self) -> f32 {
        (self.line_height() - self.size) / 2.0 + self.size * 0.88
    }
}
