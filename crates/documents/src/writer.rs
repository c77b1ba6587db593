//! Pages as a PDF file.

use krilla::color::rgb;
use krilla::error::KrillaError;
use krilla::geom::{Path, PathBuilder, Point as PdfPoint, Rect as PdfRect};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::{Fill, LineJoin, Paint, Stroke as PdfStroke};
use krilla::surface::Surface;
use krilla::text::KrillaGlyph;

use crate::canvas::{Canvas, Shape};
use crate::document::Setup;
use crate::fonts::{Glyph, font};
use crate::geometry::{A4, Point, Rect};
use crate::lines::glyphs;
use crate::style::{Color, Stroke, Style};

/// Why a file was not made.
#[derive(Debug, thiserror::Error)]
#[error("the PDF cannot be written: {0}")]
pub struct Error(#[from] KrillaError);

pub(crate) fn write(setup: &Setup, pages: &[Canvas]) -> Result<Vec<u8>, Error> {
    let mut document = krilla::Document::new();
    document.set_metadata(metadata(setup));
    for canvas in pages {
        let settings = PageSettings::from_wh(A4.0, A4.1).expect("A4 has a width and a height");
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for shape in canvas.shapes() {
            match shape {
                Shape::Fill { area, color } => fill(&mut surface, *area, *color),
                Shape::Line { from, to, stroke } => path(&mut surface, &[*from, *to], *stroke),
                Shape::Path { points, stroke } => path(&mut surface, points, *stroke),
                Shape::Text { at, text, style } => set(&mut surface, *at, text, *style),
            }
        }
        surface.finish();
        page.finish();
    }
    Ok(document.finish()?)
}

fn metadata(setup: &Setup) -> Metadata {
    let metadata = Metadata::new().title(setup.title.clone()).language("zh-CN".to_owned());
    let metadata = match setup.author.as_str() {
        "" => metadata,
        author => metadata.authors(vec![author.to_owned()]),
    };
    let Some((date, year)) = setup.created.and_then(|date| Some((date, u16::try_from(date.year()).ok()?)))
    else {
        return metadata;
    };
    metadata
        .creation_date(DateTime::new(year).month(date.month().unsigned_abs()).day(date.day().unsigned_abs()))
}

fn paint(color: Color) -> Paint {
    rgb::Color::new(color.red, color.green, color.blue).into()
}

fn fill_with(surface: &mut Surface<'_>, color: Color) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: paint(color), ..Fill::default() }));
}

/// A rectangle without an area is not drawn.
fn fill(surface: &mut Surface<'_>, area: Rect, color: Color) {
    let Some(rectangle) = PdfRect::from_xywh(area.x, area.y, area.width, area.height) else { return };
    let mut path = PathBuilder::new();
    path.push_rect(rectangle);
    fill_with(surface, color);
    draw(surface, path.finish());
}

fn path(surface: &mut Surface<'_>, points: &[Point], stroke: Stroke) {
    let mut path = PathBuilder::new();
    for (index, point) in points.iter().enumerate() {
        match index {
            0 => path.move_to(point.x, point.y),
            _ => path.line_to(point.x, point.y),
        }
    }
    surface.set_fill(None);
    surface.set_stroke(Some(PdfStroke {
        paint: paint(stroke.color),
        width: stroke.width,
        line_join: LineJoin::Round,
        ..PdfStroke::default()
    }));
    draw(surface, path.finish());
}

fn draw(surface: &mut Surface<'_>, path: Option<Path>) {
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

/// Sets each character with its own width, exactly as it was measured, so nothing ends elsewhere than planned. The text
/// is split where the face changes.
fn set(surface: &mut Surface<'_>, at: Point, text: &str, style: Style) {
    fill_with(surface, style.color);
    let mut x = at.x;
    for run in glyphs(text, style).chunk_by(|(_, left), (_, right)| left.face == right.face) {
        let Some((_, first)) = run.first() else { continue };
        let placed: Vec<KrillaGlyph> =
            run.iter().map(|(start, glyph)| placed(text, *start, *glyph)).collect();
        surface.draw_glyphs(PdfPoint::from_xy(x, at.y), &placed, font(first.face), text, style.size, false);
        x += run.iter().map(|(_, glyph)| glyph.advance).sum::<f32>() * style.size;
    }
}

/// The glyph, with the part of the text that it stands for when copied.
fn placed(text: &str, start: usize, glyph: Glyph) -> KrillaGlyph {
    let length = text[start..].chars().next().map_or(0, char::len_utf8);
    KrillaGlyph::new(glyph.id, glyph.advance, 0.0, 0.0, 0.0, start..start + length, None)
}
