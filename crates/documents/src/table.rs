//! Tables with a grid, or with lines between the rows only. The header stands on every page, a row is not divided between pages, neither the header nor the
//! totals stand alone on one.

use crate::canvas::Canvas;
use crate::document::Document;
use crate::geometry::{Point, Rect, mm};
use crate::lines::{Line, break_lines, height};
use crate::style::{Align, Color, Stroke, Style, Weight};

const PADDING: f32 = mm(2.0);
/// Of tables with lines between the rows only: beside the text, and above and below it.
const TIGHT: (f32, f32) = (mm(1.2), mm(0.9));
const CELL: Style = Style::regular(9.5);

/// A column. Its width is a share: a column of 2.0 is twice as wide as one of 1.0.
#[derive(Clone, Debug)]
pub struct Column {
    title: String,
    share: f32,
    align: Align,
    style: Style,
    shaded: bool,
}

impl Column {
    #[must_use]
    pub fn new(title: &str, share: f32, align: Align) -> Self {
        Self { title: title.to_owned(), share, align, style: CELL, shaded: false }
    }

    /// A column of labels, as forms have them: shaded, in the middle.
    #[must_use]
    pub fn label(share: f32) -> Self {
        Self { shaded: true, ..Self::new("", share, Align::Center) }
    }

    #[must_use]
    pub fn style(self, style: Style) -> Self {
        Self { style, ..self }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Header,
    Body,
    Total,
}

/// How the cells of a table are set apart.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Look {
    Grid,
    Rules,
}

impl Look {
    /// Beside the text, and above and below it.
    const fn padding(self) -> (f32, f32) {
        match self {
            Self::Grid => (PADDING, PADDING),
            Self::Rules => TIGHT,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    look: Look,
    rows: Vec<(Kind, Vec<String>)>,
}

impl Table {
    /// There is a header if a column has a title.
    #[must_use]
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), look: Look::Grid, rows: Vec::new() }
    }

    /// A dense table for many figures: without frames, with a line below each row.
    #[must_use]
    pub fn ruled(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { look: Look::Rules, ..Self::new(columns) }
    }

    /// A row. Cells that are not given stay empty.
    pub fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push((Kind::Body, cells.into_iter().map(Into::into).collect()));
    }

    /// A row of totals, bold and shaded. It stays on the page of the row above it.
    pub fn total<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push((Kind::Total, cells.into_iter().map(Into::into).collect()));
    }

    fn widths(&self, width: f32) -> Vec<f32> {
        let shares: f32 = self.columns.iter().map(|column| column.share).sum();
        self.columns.iter().map(|column| width * column.share / shares).collect()
    }

    fn header(&self, widths: &[f32]) -> Option<Row> {
        let titles: Vec<String> = self.columns.iter().map(|column| column.title.clone()).collect();
        let is_titled = titles.iter().any(|title| !title.is_empty());
        is_titled.then(|| self.lay(Kind::Header, &titles, widths))
    }

    fn lay(&self, kind: Kind, cells: &[String], widths: &[f32]) -> Row {
        let columns = self.columns.iter().zip(widths).enumerate();
        let cells = columns.map(|(index, (column, width))| {
            let text = cells.get(index).map_or("", String::as_str);
            let weight = if kind == Kind::Body { column.style.weight } else { Weight::Bold };
            let style = Style { weight, ..column.style };
            Cell {
                lines: break_lines(text, style, width - 2.0 * self.look.padding().0),
                style,
                align: column.align,
                width: *width,
                is_shaded: column.shaded || kind != Kind::Body,
            }
        });
        Row { kind, look: self.look, cells: cells.collect() }
    }
}

/// A row whose lines are broken.
struct Row {
    kind: Kind,
    look: Look,
    cells: Vec<Cell>,
}

struct Cell {
    lines: Vec<Line>,
    style: Style,
    align: Align,
    width: f32,
    is_shaded: bool,
}

impl Row {
    fn height(&self) -> f32 {
        let highest = self.cells.iter().map(|cell| height(&cell.lines, cell.style)).fold(0.0, f32::max);
        highest + 2.0 * self.look.padding().1
    }

    /// The row as it is, or, if it is higher than a page, pieces that are not.
    fn pieces(mut self, at_most: f32) -> Vec<Row> {
        let mut pieces = Vec::new();
        let padding = self.look.padding().1;
        while self.height() > at_most && self.cells.iter().any(|cell| cell.lines.len() > 1) {
            let cells = self.cells.iter_mut().map(|cell| {
                let room = ((at_most - 2.0 * padding) / cell.style.line_height()).max(1.0) as usize;
                let lines = cell.lines.drain(..room.min(cell.lines.len())).collect();
                Cell { lines, ..*cell }
            });
            pieces.push(Row { kind: self.kind, look: self.look, cells: cells.collect() });
        }
        pieces.push(self);
        pieces
    }

    fn draw(&self, canvas: &mut Canvas, area: Rect) {
        let padding = self.look.padding().0;
        let mut x = area.x;
        for cell in &self.cells {
            let square = Rect { x, width: cell.width, ..area };
            if cell.is_shaded {
                canvas.fill(square, Color::SHADE);
            }
            let lines_height = height(&cell.lines, cell.style);
            let inside = Rect {
                x: x + padding,
                y: area.y + (area.height - lines_height) / 2.0,
                width: cell.width - 2.0 * padding,
                height: lines_height,
            };
            canvas.lines(inside, &cell.lines, cell.style, cell.align);
            x += cell.width;
        }
        // Lines come last: the shade of a cell would cover half of its neighbour's.
        match self.look {
            Look::Grid => self.draw_frames(canvas, area),
            Look::Rules => {
                let stroke = if self.kind == Kind::Body { Stroke::FAINT } else { Stroke::HAIRLINE };
                let y = area.bottom();
                canvas.line(Point::new(area.x, y), Point::new(area.right(), y), stroke);
            }
        }
    }

    fn draw_frames(&self, canvas: &mut Canvas, area: Rect) {
        let mut x = area.x;
        for cell in &self.cells {
            canvas.frame(Rect { x, width: cell.width, ..area }, Stroke::HAIRLINE);
            x += cell.width;
        }
    }
}

impl Document {
    /// Leaves no space below, so that tables can be joined.
    pub fn table(&mut self, table: &Table) {
        let body = self.body();
        let widths = table.widths(body.width);
        let header = table.header(&widths);
        let header_height = header.as_ref().map_or(0.0, Row::height);
        let rows = table.rows.iter().map(|(kind, cells)| table.lay(*kind, cells, &widths));
        let rows: Vec<Row> = rows.flat_map(|row| row.pieces(body.height - header_height)).collect();

        let mut begins = true;
        for (index, row) in rows.iter().enumerate() {
            let with_totals = row.height() + totals_after(&rows[index + 1..]);
            let needed = if header_height + with_totals > body.height { row.height() } else { with_totals };
            if !begins && !self.fits(needed) {
                self.new_page();
                begins = true;
            }
            if begins {
                self.require(header_height + needed);
                self.header(header.as_ref());
                begins = false;
            }
            self.drawing(row.height(), |canvas, area| row.draw(canvas, area));
        }
        if rows.is_empty() {
            self.header(header.as_ref());
        }
    }

    fn header(&mut self, header: Option<&Row>) {
        if let Some(header) = header {
            self.drawing(header.height(), |canvas, area| header.draw(canvas, area));
        }
    }
}

/// The height of the totals these rows begin with.
fn totals_after(rows: &[Row]) -> f32 {
    rows.iter().take_while(|row| row.kind == Kind::Total).map(Row::height).sum()
}

#[cfg(test)]
mod tests;
