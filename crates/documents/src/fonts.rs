//! The two faces in the program: which characters they have, and how wide these are.

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::GzDecoder;
use krilla::text::{Font, GlyphId};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

use crate::style::Weight;

/// Stands for a character that no face has.
pub(crate) const REPLACEMENT: char = '〓';

static REGULAR: LazyLock<Face> =
    LazyLock::new(|| Face::unpack(include_bytes!("../fonts/NotoSansSC-Regular.ttf.gz")));
static BOLD: LazyLock<Face> =
    LazyLock::new(|| Face::unpack(include_bytes!("../fonts/NotoSansSC-Bold.ttf.gz")));

struct Face {
    font: Font,
    charmap: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units_per_em: f32,
}

/// One character as it is drawn: in which face, and how wide in units of the text size.
#[derive(Clone, Copy)]
pub(crate) struct Glyph {
    pub face: Weight,
    pub id: GlyphId,
    pub advance: f32,
}

impl Face {
    /// The unpacked font is kept for the life of the program.
    fn unpack(packed: &[u8]) -> Self {
        let mut bytes = Vec::new();
        GzDecoder::new(packed).read_to_end(&mut bytes).expect("the committed font is whole");
        let bytes: &'static [u8] = bytes.leak();
        let table = FontRef::new(bytes).expect("the committed font is a font");
        let font = Font::new(bytes.into(), 0).expect("the committed font is a font");
        Self {
            units_per_em: font.units_per_em(),
            font,
            charmap: table.charmap(),
            metrics: table.glyph_metrics(Size::unscaled(), LocationRef::default()),
        }
    }

    fn of(weight: Weight) -> &'static Face {
        match weight {
            Weight::Regular => &REGULAR,
            Weight::Bold => &BOLD,
        }
    }

    fn find(&self, character: char) -> Option<(GlyphId, f32)> {
        let id = self.charmap.map(character)?;
        let advance = self.metrics.advance_width(id)?;
        Some((GlyphId::new(id.to_u32()), advance / self.units_per_em))
    }
}

pub(crate) fn font(weight: Weight) -> Font {
    Face::of(weight).font.clone()
}

/// The bold face has fewer characters; the others are set in the regular one rather than replaced.
fn find(character: char, weight: Weight) -> Option<Glyph> {
    [weight, Weight::Regular].into_iter().find_map(|face| {
        let (id, advance) = Face::of(face).find(character)?;
        Some(Glyph { face, id, advance })
    })
}

/// Never the blank or boxed glyph that fonts give for what they lack.
pub(crate) fn glyph(character: char, weight: Weight) -> Glyph {
    find(character, weight).or_else(|| find(REPLACEMENT, weight)).unwrap_or(Glyph {
        face: weight,
        id: GlyphId::new(0),
        advance: 1.0,
    })
}

/// The characters of a text that would be set as 〓, each once, in their order.
#[must_use]
pub fn missing_characters(text: &str) -> Vec<char> {
    let mut missing = Vec::new();
    for character in text.chars() {
        let is_blank = character.is_whitespace() || is_invisible(character);
        if !is_blank && find(character, Weight::Regular).is_none() && !missing.contains(&character) {
            missing.push(character);
        }
    }
    missing
}

/// The text as it is set: spaces of all sorts are spaces, characters without ink of their own (joiners, marks of
/// direction, selectors of variants) are left out, and what no face has is 〓.
pub(crate) fn printable(text: &str) -> String {
    let visible = text.chars().filter(|character| !is_invisible(*character));
    visible
        .map(|character| match find(character, Weight::Regular) {
            Some(_) => character,
            None if character.is_whitespace() => ' ',
            None => REPLACEMENT,
        })
        .collect()
}

const fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(face: Weight, character: char) -> bool {
        Face::of(face).find(character).is_some()
    }

    #[test]
    fn the_regular_face_has_what_invoices_and_reports_are_written_with() {
        let needed = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整¥￥0123456789.,-+%（），。、；：？！《》“”‘’—…·〓\
                      镕喆堃鑫昇玥龘淼犇囍AZaz&@#éü№×÷≤≥→★①";
        assert_eq!(missing_characters(needed), []);
    }

    #[test]
    fn both_faces_have_the_characters_of_gb2312_and_only_the_regular_one_those_beyond() {
        for character in "啊座亍齄鑫瞿".chars() {
            assert!(has(Weight::Regular, character) && has(Weight::Bold, character), "{character}");
        }
        // GBK, and the table of standard characters beyond it.
        for character in "丂鎔喆堃䶮𬸚鿏".chars() {
            assert!(has(Weight::Regular, character), "{character}");
        }
        assert!(!has(Weight::Bold, '堃'));
        assert_eq!(glyph('堃', Weight::Bold).face, Weight::Regular);
        assert_eq!(glyph('公', Weight::Bold).face, Weight::Bold);
    }

    #[test]
    fn what_no_face_has_is_named_and_set_as_a_visible_mark() {
        assert_eq!(missing_characters("王𠮷😀店😀\u{1}"), ['𠮷', '😀', '\u{1}']);
        assert_eq!(printable("王𠮷😀店\u{1}"), "王〓〓店〓");
        assert_ne!(glyph('😀', Weight::Bold).id.to_u32(), 0);
    }

    #[test]
    fn blanks_are_spaces_and_marks_without_ink_are_left_out() {
        assert_eq!(missing_characters("甲\t乙\u{feff}丙\u{202e}"), []);
        assert_eq!(printable("甲\t乙\u{feff}丙\u{202e}\r丁"), "甲 乙丙 丁");
    }

    #[test]
    fn figures_have_one_width_so_that_columns_of_amounts_align() {
        for weight in [Weight::Regular, Weight::Bold] {
            let widths: Vec<f32> = "0123456789".chars().map(|digit| glyph(digit, weight).advance).collect();
            assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
        }
    }
}
