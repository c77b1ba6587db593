//! Reads the text of a PDF file as a viewer does that copies it: by the fonts' own tables of what a glyph means.

use std::collections::BTreeMap;

use lopdf::{Document, Encoding, Object, ObjectId};

/// The texts of each page, in the order they are drawn.
pub(crate) fn pages(pdf: &[u8]) -> Vec<Vec<String>> {
    let document = Document::load_mem(pdf).unwrap();
    document.page_iter().map(|page| texts(&document, page)).collect()
}

/// Each text object of a page. Texts on one line at one place in two faces are two objects.
fn texts(document: &Document, page: ObjectId) -> Vec<String> {
    let fonts = document.get_page_fonts(page).unwrap();
    let encodings: BTreeMap<_, _> = fonts
        .iter()
        .map(|(name, font)| (name.as_slice(), font.get_font_encoding(document).unwrap()))
        .collect();
    let content = document.get_and_decode_page_content(page).unwrap();
    let mut texts = Vec::new();
    let mut encoding = None;
    for operation in &content.operations {
        match operation.operator.as_str() {
            "BT" => texts.push(String::new()),
            "Tf" => encoding = encodings.get(operation.operands[0].as_name().unwrap()),
            "Tj" | "TJ" => {
                let text = texts.last_mut().unwrap();
                operation.operands.iter().for_each(|shown| show(shown, encoding.unwrap(), text));
            }
            _ => {}
        }
    }
    texts
}

/// A string, or an array of strings and the distances between them.
fn show(shown: &Object, encoding: &Encoding<'_>, text: &mut String) {
    match shown {
        Object::String(glyphs, _) => text.push_str(&Document::decode_text(encoding, glyphs).unwrap()),
        Object::Array(parts) => parts.iter().for_each(|part| show(part, encoding, text)),
        _ => {}
    }
}
