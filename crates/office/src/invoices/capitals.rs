//! Amounts in the capital characters of Chinese accounting (大写), which no added stroke turns into others.
//!
//! The rules are those of 《正确填写票据和结算凭证的基本规定》, an appendix to the payment rules of the People's Bank of
//! China; its examples are the first tests below. Where it leaves a choice:
//!
//! - 整 is written after 元 ("should") and not after 角 ("may be left out", as in its examples) or 分 ("is not written").
//! - When the digit of 元 is 0 and that of 角 is not, 零 is written after 元; between 万 and 仟 it is not. That is the
//!   first of the two forms it allows: 107000.53 is 壹拾万柒仟元零伍角叁分.

use money::Fen;

/// Ten thousand times 万亿. From here on, readers would disagree about the name.
const YUAN_WITHOUT_NAME: u64 = 10_000_000_000_000_000;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

const UNITS: [(u64, char); 5] = [(100_000_000, '亿'), (10_000, '万'), (1_000, '仟'), (100, '佰'), (10, '拾')];

/// The amount in capitals, without 人民币. `None` for a negative amount and from 10¹⁶ yuan on: no name is better than a
/// wrong one.
#[must_use]
pub fn capitals(amount: Fen) -> Option<String> {
    let amount = u64::try_from(amount.get()).ok()?;
    let (yuan, jiao, fen) = (amount / 100, amount / 10 % 10, amount % 10);
    if yuan >= YUAN_WITHOUT_NAME {
        return None;
    }
    let mut text = String::new();
    let is_whole = jiao == 0 && fen == 0;
    if yuan > 0 || is_whole {
        name(yuan, &mut text);
        text.push('元');
    }
    if is_whole {
        text.push('整');
        return Some(text);
    }
    if yuan > 0 && (yuan.is_multiple_of(10) || jiao == 0) {
        text.push('零');
    }
    if jiao > 0 {
        name(jiao, &mut text);
        text.push('角');
    }
    if fen > 0 {
        name(fen, &mut text);
        text.push('分');
    }
    Some(text)
}

/// A number is so many of its largest unit, and a rest. 零 stands for the places between the two that are empty.
fn name(number: u64, text: &mut String) {
    for (unit, sign) in UNITS {
        if number < unit {
            continue;
        }
        name(number / unit, text);
        text.push(sign);
        let rest = number % unit;
        if rest > 0 && rest < unit / 10 {
            text.push('零');
        }
        if rest > 0 {
            name(rest, text);
        }
        return;
    }
    // Below the smallest unit, ten, a number is a digit.
    text.extend(DIGITS.get(number as usize));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_named_as_the_regulation_does() {
        let cases = [
            (140_950, "壹仟肆佰零玖元伍角"),
            (600_714, "陆仟零柒元壹角肆分"),
            (168_032, "壹仟陆佰捌拾元零叁角贰分"),
            (10_700_053, "壹拾万柒仟元零伍角叁分"),
            (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
            (32_504, "叁佰贰拾伍元零肆分"),
        ];
        for (fen, expected) in cases {
            assert_eq!(capitals(Fen::new(fen)).as_deref(), Some(expected), "{fen}");
        }
    }

    #[test]
    fn zeros_at_every_place_are_named_once() {
        let cases = [
            (0, "零元整"),
            (5, "伍分"),
            (50, "伍角"),
            (55, "伍角伍分"),
            (100, "壹元整"),
            (105, "壹元零伍分"),
            (1_000, "壹拾元整"),
            (1_005, "壹拾元零伍分"),
            (1_050, "壹拾元零伍角"),
            (1_500, "壹拾伍元整"),
            (10_000, "壹佰元整"),
            (10_100, "壹佰零壹元整"),
            (11_000, "壹佰壹拾元整"),
            (101_000, "壹仟零壹拾元整"),
            (100_100, "壹仟零壹元整"),
            (1_000_000, "壹万元整"),
            (1_000_100, "壹万零壹元整"),
            (1_010_000, "壹万零壹佰元整"),
            (1_100_000, "壹万壹仟元整"),
            (10_010_000, "壹拾万零壹佰元整"),
            (1_000_000_000, "壹仟万元整"),
            (1_000_500_000, "壹仟万伍仟元整"),
            (9_999_999_999, "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ];
        for (fen, expected) in cases {
            assert_eq!(capitals(Fen::new(fen)).as_deref(), Some(expected), "{fen}");
        }
    }

    #[test]
    fn amounts_beyond_those_of_requests_have_names_too() {
        let cases = [
            (10_000_000_000, "壹亿元整"),
            (10_000_000_001, "壹亿元零壹分"),
            (10_000_700_000, "壹亿零柒仟元整"),
            (10_700_000_000, "壹亿零柒佰万元整"),
            (17_000_000_000, "壹亿柒仟万元整"),
            (100_000_000_000_000, "壹万亿元整"),
            (100_010_000_010_000, "壹万零壹亿零壹佰元整"),
            (
                999_999_999_999_999_999,
                "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
            ),
        ];
        for (fen, expected) in cases {
            assert_eq!(capitals(Fen::new(fen)).as_deref(), Some(expected), "{fen}");
        }
    }

    #[test]
    fn what_has_no_name_gets_none() {
        for fen in [-1, i64::MIN, 1_000_000_000_000_000_000, i64::MAX] {
            assert_eq!(capitals(Fen::new(fen)), None, "{fen}");
        }
    }

    /// What a reader makes of a name: what stands before the last 亿 or 万 counts that many times.
    fn read_number(text: &str) -> u64 {
        for (unit, sign) in [(100_000_000, '亿'), (10_000, '万')] {
            if let Some((many, rest)) = text.rsplit_once(sign) {
                return read_number(many) * unit + read_number(rest);
            }
        }
        let (mut sum, mut digit) = (0, 0);
        for character in text.chars() {
            match "零壹贰叁肆伍陆柒捌玖".chars().position(|other| other == character) {
                Some(position) => digit = position as u64,
                None => {
                    let place = "拾佰仟".chars().position(|other| other == character).unwrap();
                    sum += std::mem::take(&mut digit) * [10, 100, 1_000][place];
                }
            }
        }
        sum + digit
    }

    fn read(text: &str) -> u64 {
        let text = text.trim_end_matches('整');
        let (yuan, text) = text.split_once('元').unwrap_or(("", text));
        let (jiao, text) = text.split_once('角').unwrap_or(("", text));
        read_number(yuan) * 100 + read_number(jiao) * 10 + read_number(text.trim_end_matches('分'))
    }

    fn amounts() -> impl Strategy<Value = i64> {
        // Digits that are often 0, because those are the hard ones, and of every length.
        let digit = prop_oneof![Just(0), 0..=9_i64];
        proptest::collection::vec(digit, 1..=18)
            .prop_map(|digits| digits.into_iter().fold(0, |number, digit| number * 10 + digit))
    }

    proptest! {
        #[test]
        fn a_reader_understands_the_amount_that_was_meant(fen in amounts()) {
            let text = capitals(Fen::new(fen)).unwrap();
            prop_assert_eq!(read(&text), fen.unsigned_abs(), "{}", text);
        }

        #[test]
        fn zeros_are_single_and_stand_between_other_digits(fen in amounts().prop_filter("zero", |fen| *fen > 0)) {
            let text = capitals(Fen::new(fen)).unwrap();
            let wrong = ["零零", "零元", "零角", "零分", "零万", "零亿", "零仟", "零佰", "零拾", "零整"];
            prop_assert!(!wrong.iter().any(|wrong| text.contains(wrong)), "{}", text);
            prop_assert!(!text.starts_with('零') && !text.ends_with('零'), "{}", text);
            prop_assert_eq!(text.ends_with('整'), fen % 100 == 0, "{}", text);
        }
    }
}
