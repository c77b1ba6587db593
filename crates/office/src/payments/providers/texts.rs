//! Texts that people wrote, made to fit what the providers take. The same text always gives the same result, because an
//! order that is repeated must have the same values.

/// What stands where a text has nothing that a provider would take.
const EMPTY: &str = "充值";

/// At most so many bytes of UTF-8, without control characters and without the `/`, `=` and `&` that Alipay forbids.
pub(super) fn fit(text: &str, max_bytes: usize) -> String {
    let plain = |c: char| if c.is_control() || "/=&".contains(c) { ' ' } else { c };
    let text: String = text.chars().map(plain).collect();
    let end = text.floor_char_boundary(max_bytes);
    match text[..end].trim() {
        "" => EMPTY.to_owned(),
        text => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(fit("余额充值", 7), "余额");
        assert_eq!(fit("余额充值", 12), "余额充值");
    }

    #[test]
    fn what_providers_refuse_is_left_out() {
        assert_eq!(fit(" A/B\n&c=d ", 80), "A B  c d");
        assert_eq!(fit("\n//", 80), "充值");
    }
}
