//! Typesetting of Chinese business documents as PDF.
//!
//! A [`Document`] is filled from top to bottom: headings, paragraphs, pairs of label and value, panels, tiles, tables, charts,
//! drawings.
//! It breaks lines and pages itself, so what is added stands where it will be printed, and the number of pages is known
//! when the document is finished. Everything is drawn with the few shapes of [`Canvas`].
//!
//! The fonts are in the program (`fonts/README.md`). A character they lack is set as 〓, the mark Chinese and Japanese
//! printers use for a missing character: it is seen at once, and one odd name does not cost a whole report. Where a
//! wrong character would make the document worthless, ask [`missing_characters`] first and refuse.
//!
//! The same input makes the same bytes. Lengths are in points (1/72 inch); see [`mm`].

#![allow(clippy::float_arithmetic, reason = "positions on paper are lengths, not money")]

mod canvas;
mod charts;
mod document;
mod fonts;
mod geometry;
mod lines;
mod pairs;
mod style;
mod table;
mod tiles;
mod writer;

pub use canvas::Canvas;
pub use charts::{Chart, Series};
pub use document::{Document, Setup};
pub use fonts::missing_characters;
pub use geometry::{Margins, Point, Rect, mm};
pub use pairs::Panel;
pub use style::{Align, Color, Stroke, Style, Weight};
pub use table::{Column, Table};
pub use tiles::Tile;
pub use writer::Error;
