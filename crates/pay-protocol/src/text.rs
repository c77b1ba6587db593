//! Texts that people wrote, made to fit what the providers take.

/// At most `max_bytes` of UTF-8, without control characters and without the `/`, `=` and `&` that Alipay forbids;
/// `otherwise` if nothing is left. The same text always gives the same result, because an order that is repeated must
/// have the same values.
#[must_use]
pub fn fit(text: &str, max_bytes: usize, otherwise: &str) -> String {
    let plain = |c: char| if c.is_control() || "/=&".contains(c) { ' ' } else { c };
    let text: String = text.chars().map(plain).collect();
    let end = text.floor_char_boundary(max_bytes);
    match text[..end].trim() {
        "" => otherwise.to_owned(),
        text => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(fit("余额充值", 7, "充值"), "余额");
        assert_eq!(fit("余额充值", 12, "充值"), "余额充值");
    }

    #[test]
    fn what_providers_refuse_is_left_out() {
        assert_eq!(fit(" A/B\n&c=d ", 80, "充值"), "A B  c d");
        assert_eq!(fit("\n//", 80, "充值"), "充值");
    }
}
