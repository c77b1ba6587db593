//! Reads the text of a PDF file as a viewer does that copies it: by the fonts' own tables of what a glyph means.
//! It knows as much of the format as the writer uses.

use std::collections::HashMap;
use std::io::Read;

/// The texts of each page, in the order they are drawn.
pub(crate) fn pages(pdf: &[u8]) -> Vec<Vec<String>> {
    let objects = objects(pdf);
    let fonts = fonts(&objects);
    let pages = objects.values().filter(|object| text_of(object).contains("/Type/Page/"));
    let mut pages: Vec<(u32, Vec<String>)> = pages
        .map(|page| {
            let content = number_after(page, "/Contents ").unwrap();
            (content, texts(&unpacked(objects[&content]), &fonts))
        })
        .collect();
    pages.sort_by_key(|(content, _)| *content);
    pages.into_iter().map(|(_, texts)| texts).collect()
}

/// What stands between `n 0 obj` and `endobj`, by number.
fn objects(pdf: &[u8]) -> HashMap<u32, &[u8]> {
    let mut objects = HashMap::new();
    let mut rest = pdf;
    while let Some(start) = find(rest, b" 0 obj\n") {
        let digits = rest[..start].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let number = text_of(&rest[start - digits..start]).parse().unwrap();
        rest = &rest[start + 7..];
        // A stream may contain anything, so its end is found by its length.
        let from = match find(rest, b"stream\n").filter(|at| find(rest, b"endobj").unwrap() > *at) {
            Some(at) => at + number_after(&rest[..at], "/Length ").unwrap() as usize,
            None => 0,
        };
        let end = from + find(&rest[from..], b"endobj").unwrap();
        objects.insert(number, &rest[..end]);
        rest = &rest[end..];
    }
    objects
}

/// By name in the content: what each glyph means.
fn fonts(objects: &HashMap<u32, &[u8]>) -> HashMap<String, HashMap<u16, String>> {
    let mut fonts = HashMap::new();
    for object in objects.values() {
        let text = text_of(object);
        let Some((_, names)) = text.split_once("/Font<<") else { continue };
        let names = names.split(">>").next().unwrap();
        for entry in names.split('/').filter(|entry| !entry.is_empty()) {
            let (name, target) = entry.split_once(' ').unwrap();
            let font = objects[&target.split(' ').next().unwrap().parse().unwrap()];
            let meanings = objects[&number_after(font, "/ToUnicode ").unwrap()];
            fonts.insert(name.to_owned(), meanings_of(&unpacked(meanings)));
        }
    }
    fonts
}

fn meanings_of(table: &[u8]) -> HashMap<u16, String> {
    let mut meanings = HashMap::new();
    for line in text_of(table).lines().filter(|line| line.starts_with('<') && !line.contains("FFFF")) {
        let (glyph, characters) = line.trim_matches(['<', '>']).split_once("> <").unwrap();
        let units: Vec<u16> = (0..characters.len() / 4)
            .map(|index| u16::from_str_radix(&characters[index * 4..index * 4 + 4], 16).unwrap())
            .collect();
        meanings.insert(u16::from_str_radix(glyph, 16).unwrap(), String::from_utf16(&units).unwrap());
    }
    meanings
}

/// Each text operation of a content stream. Texts on one line at one place in two faces are two operations.
fn texts(content: &[u8], fonts: &HashMap<String, HashMap<u16, String>>) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = content;
    while let Some(start) = find(rest, b"BT ") {
        rest = &rest[start..];
        // A line feed within a string is written as an escape.
        let end = find(rest, b"\nET").unwrap();
        let open = find(rest, b" Tm").unwrap() + 3;
        let head = text_of(&rest[..open]);
        let font = head.split('/').nth(1).unwrap().split(' ').next().unwrap();
        let glyphs = string_bytes(&rest[open..end]);
        let glyphs = glyphs.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        texts.push(glyphs.map(|glyph| fonts[font][&glyph].as_str()).collect());
        rest = &rest[end..];
    }
    texts
}

/// The bytes of the strings among strings, numbers and operators.
fn string_bytes(source: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut input = source.iter().copied();
    while let Some(byte) = input.next() {
        match byte {
            b'(' => literal(&mut input, &mut bytes),
            b'<' => {
                let digits: Vec<u8> = input.by_ref().take_while(|byte| *byte != b'>').collect();
                let pairs = digits.chunks(2).map(text_of);
                bytes.extend(pairs.map(|pair| u8::from_str_radix(&pair, 16).unwrap()));
            }
            _ => {}
        }
    }
    bytes
}

/// A string in parentheses. Parentheses within it stand for themselves: they are balanced.
fn literal(input: &mut impl Iterator<Item = u8>, bytes: &mut Vec<u8>) {
    let mut depth = 1;
    while let Some(byte) = input.next() {
        depth += i32::from(byte == b'(') - i32::from(byte == b')');
        match byte {
            _ if depth == 0 => return,
            b'\\' => bytes.push(escaped(input)),
            other => bytes.push(other),
        }
    }
}

fn escaped(input: &mut impl Iterator<Item = u8>) -> u8 {
    match input.next().unwrap() {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        first @ b'0'..=b'7' => {
            let rest = input.take(2).map(|digit| digit - b'0');
            rest.fold(first - b'0', |code, digit| code * 8 + digit)
        }
        other => other,
    }
}

fn unpacked(object: &[u8]) -> Vec<u8> {
    let start = find(object, b"stream\n").unwrap() + 7;
    let mut bytes = Vec::new();
    flate2::read::ZlibDecoder::new(&object[start..]).read_to_end(&mut bytes).unwrap();
    bytes
}

fn number_after(object: &[u8], name: &str) -> Option<u32> {
    let text = text_of(object);
    let (_, after) = text.split_once(name)?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}
