//! Amounts as the wire writes them. The checker reads them with its own few lines, so that a
//! mistake in the server's money code cannot excuse itself.

/// Keeps sums over millions of amounts far from overflow.
const YUAN_DIGITS_MAX: usize = 10;

/// Reads `"50.00"` as 5000 fen. `None` for anything but one to ten digits, a point and two digits.
pub(super) fn parse_fen(text: &str) -> Option<i64> {
    let (yuan, fen) = text.split_once('.')?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !(1..=YUAN_DIGITS_MAX).contains(&yuan.len()) || fen.len() != 2 || !digits(yuan) || !digits(fen) {
        return None;
    }
    let yuan: i64 = yuan.parse().ok()?;
    let fen: i64 = fen.parse().ok()?;
    Some(yuan * 100 + fen)
}

/// Writes 5000 fen as `50.00`.
pub(super) fn format_fen(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let magnitude = fen.unsigned_abs();
    format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly() {
        assert_eq!(parse_fen("50.00"), Some(5000));
        assert_eq!(parse_fen("0.07"), Some(7));
        assert_eq!(parse_fen("99999999.99"), Some(9_999_999_999));
    }

    #[test]
    fn anything_but_two_decimals_is_refused() {
        for text in
            ["", ".", "50", "50.0", "50.000", ".50", "-1.00", "+1.00", "1e2.00", "1.-1", "12345678901.00"]
        {
            assert_eq!(parse_fen(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_are_written_with_two_decimals() {
        assert_eq!(format_fen(5000), "50.00");
        assert_eq!(format_fen(-7), "-0.07");
    }
}
