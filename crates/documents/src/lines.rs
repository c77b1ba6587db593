//! Breaking text into lines, after the rules Chinese printing has: between any two characters, but no line begins with
//! closing punctuation or ends with opening punctuation, and words and figures of Latin script stay whole.

use crate::fonts::{Glyph, glyph, printable};
use crate::style::Style;

/// One line, with the width of what is seen of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub text: String,
    pub width: f32,
}

impl Line {
    /// The text on one line, however long.
    pub(crate) fn single(text: &str, style: Style) -> Self {
        Self::of(printable(text).trim(), style)
    }

    /// As much of the text as fits on one line of this width. What is left out is told by an ellipsis.
    pub(crate) fn cut(text: &str, style: Style, width: f32) -> Self {
        let whole = Self::single(text, style);
        if whole.width <= width + 0.01 {
            return whole;
        }
        let characters: Vec<char> = whole.text.chars().collect();
        let shorter = (0..characters.len()).rev().map(|length| {
            let kept: String = characters[..length].iter().collect();
            Self::single(&format!("{}…", kept.trim_end()), style)
        });
        shorter.into_iter().find(|line| line.width <= width + 0.01).unwrap_or_else(|| Self::of("", style))
    }

    fn of(text: &str, style: Style) -> Self {
        let advances: f32 = glyphs(text, style).iter().map(|(_, glyph)| glyph.advance).sum();
        let blank = text.chars().next_back().map_or(0.0, blank_after);
        Self { text: text.to_owned(), width: (advances - blank) * style.size }
    }
}

/// At least one line, empty if the text is. Line feeds of the text are kept. A word wider than the line is broken where
/// the line ends.
pub(crate) fn break_lines(text: &str, style: Style, width: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    for paragraph in text.trim_end().split('\n') {
        let characters: Vec<char> = printable(paragraph).trim_end().chars().collect();
        let mut rest = characters.as_slice();
        loop {
            let end = line_end(rest, style, width);
            let (line, following) = rest.split_at(end);
            let line: String = line.iter().collect();
            lines.push(Line::of(line.trim_end_matches(' '), style));
            let spaces = following.iter().take_while(|character| **character == ' ').count();
            rest = &following[spaces..];
            if rest.is_empty() {
                break;
            }
        }
    }
    lines
}

pub(crate) fn height(lines: &[Line], style: Style) -> f32 {
    lines.len() as f32 * style.line_height()
}

/// The text's glyphs as they are set, each with the place of its character in the text.
pub(crate) fn glyphs(text: &str, style: Style) -> Vec<(usize, Glyph)> {
    let mut characters = text.char_indices().peekable();
    let mut glyphs = Vec::new();
    while let Some((start, character)) = characters.next() {
        let glyph = glyph(character, style.weight);
        let squeeze = characters.peek().map_or(0.0, |(_, next)| squeeze(character, *next));
        glyphs.push((start, Glyph { advance: glyph.advance - squeeze, ..glyph }));
    }
    glyphs
}

/// How many of the characters stand on the first line.
fn line_end(characters: &[char], style: Style, width: f32) -> usize {
    // Sums of widths may be off by a rounding error when a column is as wide as its text.
    let limit = width + 0.01;
    let mut used = 0.0;
    let mut last_break = None;
    for (index, character) in characters.iter().enumerate() {
        if index > 0 && may_break(characters[index - 1], *character) {
            last_break = Some(index);
        }
        let advance = glyph(*character, style.weight).advance;
        // A space may hang over the edge: nobody sees it. The same goes for the empty half of punctuation.
        if (used + advance - blank_after(*character)) * style.size > limit && *character != ' ' {
            return last_break.unwrap_or(index.max(1));
        }
        used += advance - characters.get(index + 1).map_or(0.0, |next| squeeze(*character, *next));
    }
    characters.len()
}

/// Closing punctuation has its ink in the left half of its square. At the end of a line the other half does not count,
/// or right-aligned text would not end at the edge.
const fn blank_after(character: char) -> f32 {
    if is_closing(character) { 0.5 } else { 0.0 }
}

/// How much closer punctuation stands to punctuation, so that the empty halves of two squares do not make a hole.
const fn squeeze(before: char, after: char) -> f32 {
    let is_hole = is_closing(before) && (is_closing(after) || is_opening(after));
    if is_hole || (is_opening(before) && is_opening(after)) { 0.5 } else { 0.0 }
}

const fn is_closing(character: char) -> bool {
    matches!(character, '，' | '。' | '、' | '）' | '》' | '〉' | '」' | '』' | '】' | '〕' | '”' | '’')
}

/// Has its ink in the right half of its square.
const fn is_opening(character: char) -> bool {
    matches!(character, '（' | '《' | '〈' | '「' | '『' | '【' | '〔' | '“' | '‘')
}

fn may_break(before: char, after: char) -> bool {
    if after == ' ' || never_begins_a_line(after) || never_ends_a_line(before) {
        return false;
    }
    before == ' ' || is_chinese(before) || is_chinese(after) || (is_joint(before) && after.is_alphabetic())
}

/// Characters that fill a square and stand for themselves.
const fn is_chinese(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3ffff}')
}

/// Where a long word or address may go on in the next line.
const fn is_joint(character: char) -> bool {
    matches!(character, '-' | '/' | '_' | '@')
}

const fn never_begins_a_line(character: char) -> bool {
    is_closing(character)
        || matches!(
            character,
            '；' | '：'
                | '？'
                | '！'
                | '｝'
                | '］'
                | '—'
                | '…'
                | '·'
                | '～'
                | '％'
                | '℃'
                | '々'
                | ','
                | '.'
                | ';'
                | ':'
                | '?'
                | '!'
                | ')'
                | ']'
                | '}'
                | '%'
                | '‰'
        )
}

const fn never_ends_a_line(character: char) -> bool {
    is_opening(character) || matches!(character, '｛' | '［' | '¥' | '￥' | '$' | '(' | '[' | '{' | '№')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEN: Style = Style::regular(10.0);

    /// Lines of so many squares.
    fn broken(text: &str, squares: f32) -> Vec<String> {
        break_lines(text, TEN, squares * 10.0).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn chinese_is_broken_between_any_two_characters() {
        assert_eq!(broken("北京某某科技有限公司", 4.0), ["北京某某", "科技有限", "公司"]);
    }

    #[test]
    fn no_line_begins_with_closing_or_ends_with_opening_punctuation() {
        assert_eq!(broken("甲乙丙丁，戊己", 4.0), ["甲乙丙", "丁，戊己"]);
        assert_eq!(broken("甲乙丙（丁戊）", 4.0), ["甲乙丙", "（丁戊）"]);
        assert_eq!(broken("甲乙丙……丁", 4.0), ["甲乙", "丙……丁"]);
        assert_eq!(broken("甲乙丙¥12", 4.0), ["甲乙丙", "¥12"]);
    }

    #[test]
    fn latin_words_and_figures_stay_whole() {
        assert_eq!(broken("共计1,234.56元", 4.0), ["共计", "1,234.56", "元"]);
        assert_eq!(broken("Mixed Reality 游戏", 4.0), ["Mixed", "Reality", "游戏"]);
        assert_eq!(broken("日期2026-11-24", 6.0), ["日期", "2026-11-24"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken_at_its_edge() {
        let lines = break_lines("91110105MA01ABCD2X91110105MA01ABCD2X", TEN, 60.0);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| line.width <= 60.01), "{lines:?}");
        assert_eq!(lines.iter().map(|line| line.text.as_str()).collect::<String>().len(), 36);
    }

    #[test]
    fn even_a_line_narrower_than_a_character_gets_one() {
        assert_eq!(broken("甲乙", 0.1), ["甲", "乙"]);
    }

    #[test]
    fn line_feeds_are_kept_and_spaces_at_breaks_are_not() {
        assert_eq!(broken("甲\r\n\n乙  \n", 4.0), ["甲", "", "乙"]);
        assert_eq!(broken("abcd  efgh", 2.5), ["abcd", "efgh"]);
        assert_eq!(broken("", 4.0), [""]);
    }

    #[test]
    fn widths_are_those_of_the_characters() {
        assert_eq!(Line::single("元元", TEN).width, 20.0);
        assert_eq!(Line::single("元 ", TEN).width, 10.0);
        assert_eq!(Line::single("（元）", TEN).width, 25.0);
    }

    #[test]
    fn what_does_not_fit_on_a_line_is_told_by_an_ellipsis() {
        let cut = |text, squares: f32| Line::cut(text, TEN, squares * 10.0).text;
        assert_eq!(cut("北京某某科技", 6.0), "北京某某科技");
        assert_eq!(cut("北京某某科技", 5.0), "北京某某…");
        assert_eq!(cut("北京", 1.0), "…");
        assert_eq!(cut("北京", 0.1), "");
    }

    #[test]
    fn punctuation_next_to_punctuation_leaves_no_hole() {
        for (text, squares) in
            [("甲），乙", 3.5), ("甲）（乙", 3.5), ("（《甲", 2.5), ("甲，乙", 3.0), ("（）", 1.5)]
        {
            assert_eq!(Line::single(text, TEN).width, squares * 10.0, "{text}");
        }
        assert_eq!(broken("甲），乙丙", 3.5), ["甲），乙", "丙"]);
    }

    #[test]
    fn the_empty_half_of_punctuation_may_hang_over_the_edge() {
        assert_eq!(broken("甲乙丙。丁", 3.5), ["甲乙丙。", "丁"]);
        assert_eq!(broken("甲乙丙。丁", 3.4), ["甲乙", "丙。丁"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_line_is_wider_than_there_is_room(
            text in "[甲乙，。（）“”—…a-z0-9 .,¥%/\\-\n]{0,60}",
            width in 10.0_f32..80.0,
        ) {
            let lines = break_lines(&text, TEN, width);
            let printed: String = lines.iter().map(|line| line.text.as_str()).collect();
            let ink = |text: &str| text.chars().filter(|character| !character.is_whitespace()).collect::<String>();
            prop_assert_eq!(ink(&printed), ink(&text));
            prop_assert!(lines.iter().all(|line| line.width <= width + 0.02), "{:?}", lines);
        }
    }
}
