//! A document as it grows: what is added goes below what is there, on a new page where it does not fit.

use jiff::civil::Date;

use crate::canvas::Canvas;
use crate::geometry::{Margins, Point, Rect, mm};
use crate::lines::{Line, break_lines, height};
use crate::style::{Align, Stroke, Style};
use crate::writer::{Error, write};

const TITLE: Style = Style::bold(20.0);
const HEADING: Style = Style::bold(14.0);
const SUBHEADING: Style = Style::bold(11.0);

/// Lines of body text that must fit below a heading on the same page.
const LINES_BELOW_HEADING: f32 = 3.0;

/// What a document is about, and its margins. The page is A4.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// Shown by viewers in the window's title.
    pub title: String,
    pub author: String,
    /// Written into the file only when given, so that the same input makes the same bytes.
    pub created: Option<Date>,
    /// Stands at the top of every page but the first; nothing does when it is empty.
    pub running_head: String,
    pub margins: Margins,
}

#[derive(Debug)]
pub struct Document {
    setup: Setup,
    body: Rect,
    pages: Vec<Canvas>,
    page: Canvas,
    /// Where the next thing goes on `page`.
    y: f32,
}

impl Document {
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let body = setup.margins.body();
        Self { setup, body, pages: Vec::new(), page: Canvas::default(), y: body.y }
    }

    /// The document's name in large letters, in the middle.
    pub fn title(&mut self, text: &str) {
        self.text(text, TITLE, Align::Center);
        self.space(mm(2.0));
    }

    pub fn heading(&mut self, text: &str) {
        self.headline(text, HEADING, mm(6.0));
    }

    pub fn subheading(&mut self, text: &str) {
        self.headline(text, SUBHEADING, mm(4.0));
    }

    pub fn paragraph(&mut self, text: &str) {
        self.text(text, Style::BODY, Align::Left);
        self.space(mm(2.0));
    }

    /// Text with a look of its own. A single line of a longer text is left on neither page.
    pub fn text(&mut self, text: &str, style: Style, align: Align) {
        let lines = break_lines(text, style, self.body.width);
        let mut rest = lines.as_slice();
        while !rest.is_empty() {
            let room = self.fitting_lines(style.line_height());
            let count = lines_now(rest.len(), room, self.at_top());
            let (now, later) = rest.split_at(count);
            self.set(now, style, align);
            rest = later;
            if !rest.is_empty() {
                self.new_page();
            }
        }
    }

    /// One text at the left and one at the right edge of a line, or below each other where a line is too short.
    pub fn sides(&mut self, left: &str, right: &str) {
        let style = Style::BODY;
        let lines = [Line::single(left, style), Line::single(right, style)];
        if lines[0].width + mm(4.0) + lines[1].width > self.body.width {
            self.text(left, style, Align::Left);
            return self.text(right, style, Align::Right);
        }
        self.drawing(style.line_height(), |canvas, area| {
            canvas.lines(area, &lines[..1], style, Align::Left);
            canvas.lines(area, &lines[1..], style, Align::Right);
        });
    }

    /// Empty space, unless the page has just begun.
    pub fn space(&mut self, height: f32) {
        if !self.at_top() {
            self.y += height;
        }
    }

    /// A line across the page.
    pub fn rule(&mut self, stroke: Stroke) {
        self.drawing(stroke.width, |canvas, area| {
            let y = area.y + area.height / 2.0;
            canvas.line(Point::new(area.x, y), Point::new(area.right(), y), stroke);
        });
    }

    /// Keeps an area of the page's width free and lets the caller draw there. It is never divided between pages, so it
    /// must not be higher than one.
    pub fn drawing(&mut self, height: f32, draw: impl FnOnce(&mut Canvas, Rect)) {
        self.require(height);
        let area = Rect::new(self.body.x, self.y, self.body.width, height);
        draw(&mut self.page, area);
        self.y += height;
    }

    pub fn new_page(&mut self) {
        self.pages.push(std::mem::take(&mut self.page));
        self.y = self.body.y;
    }

    /// The document as a PDF file.
    ///
    /// # Errors
    /// When the file cannot be written, which is a defect: nothing a caller puts in should cause it.
    pub fn finish(mut self) -> Result<Vec<u8>, Error> {
        self.pages.push(self.page);
        let total = self.pages.len();
        let head = Point::new(self.body.x, self.body.y - mm(6.0));
        let width = self.body.width;
        for page in self.pages.iter_mut().skip(1) {
            page.cut_text(head, &self.setup.running_head, width, Style::NOTE, Align::Left);
        }
        let foot = Point::new(self.body.x + self.body.width / 2.0, self.body.bottom() + mm(10.0));
        for (index, page) in self.pages.iter_mut().enumerate() {
            let number = format!("第 {} 页 / 共 {total} 页", index + 1);
            page.text(foot, &number, Style::NOTE, Align::Center);
        }
        write(&self.setup, &self.pages)
    }

    /// Goes to a new page unless so much fits on this one, so that a title and its drawing stay together.
    pub fn keep(&mut self, height: f32) {
        self.require(height.min(self.body.height));
    }

    /// The part of the page between the margins.
    #[must_use]
    pub const fn body(&self) -> Rect {
        self.body
    }

    /// Goes to a new page unless so much fits on this one, or the page is empty anyway.
    pub(crate) fn require(&mut self, height: f32) {
        if !self.fits(height) && !self.at_top() {
            self.new_page();
        }
    }

    pub(crate) fn fits(&self, height: f32) -> bool {
        // Heights are sums, so an exact fit may be off by a rounding error.
        self.y + height <= self.body.bottom() + 0.01
    }

    fn at_top(&self) -> bool {
        self.y <= self.body.y
    }

    fn headline(&mut self, text: &str, style: Style, above: f32) {
        let lines = break_lines(text, style, self.body.width);
        let own = above + height(&lines, style);
        self.require(own + LINES_BELOW_HEADING * Style::BODY.line_height());
        self.space(above);
        self.set(&lines, style, Align::Left);
        self.space(mm(1.5));
    }

    fn set(&mut self, lines: &[Line], style: Style, align: Align) {
        let area = Rect { y: self.y, ..self.body };
        self.page.lines(area, lines, style, align);
        self.y += height(lines, style);
    }

    /// How many lines the rest of the page has room for.
    fn fitting_lines(&self, line_height: f32) -> usize {
        let mut count = 0;
        let mut height = line_height;
        while self.fits(height) {
            count += 1;
            height += line_height;
        }
        count
    }

    #[cfg(test)]
    pub(crate) fn texts(&self) -> Vec<Vec<&str>> {
        self.pages.iter().chain([&self.page]).map(Canvas::texts).collect()
    }
}

/// How many of the lines of a text to set where there is room for so many, and the rest on the next page.
fn lines_now(lines: usize, room: usize, at_top: bool) -> usize {
    if lines <= room {
        return lines;
    }
    let count = if lines == room + 1 { lines.saturating_sub(2) } else { room };
    if count < 2 && !at_top {
        return 0;
    }
    count.max(1)
}

#[cfg(test)]
mod tests;
