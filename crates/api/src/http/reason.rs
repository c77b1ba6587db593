//! Why a value could not be read, in both languages, from the words of the deserializer.

use base::problem::Text;

/// What our own types and serde say, and how a Chinese reader is told.
const PHRASES: [(&str, &str); 12] = [
    ("must be a time such as", "须为时间，例如 2025-01-15T12:30:00Z"),
    ("must be an id of the form", "编号格式不正确"),
    ("must be a decimal number", "须为金额，例如 \"50.00\""),
    ("must have at most two decimals", "最多两位小数"),
    ("must be at most 99999999.99", "不能超过 99999999.99"),
    ("invalid digit found in string", "须为整数"),
    ("cannot parse integer", "须为整数"),
    ("provided string was not", "须为 true 或 false"),
    ("number too", "数值超出范围"),
    ("missing field", "缺少必填字段"),
    ("duplicate field", "重复出现"),
    // What the reader of query strings says of a parameter that comes twice.
    ("unsupported value", "重复出现"),
];

/// What a value should have been: how serde names it, and its Chinese name.
const EXPECTED: [(&str, &str); 12] = [
    ("an amount", "金额字符串，例如 \"50.00\""),
    ("a string", "字符串"),
    ("a borrowed string", "字符串"),
    ("a boolean", "布尔值 true 或 false"),
    ("a map", "对象"),
    ("struct ", "对象"),
    ("a sequence", "数组"),
    ("i32", "整数"),
    ("i64", "整数"),
    ("u32", "整数"),
    ("u64", "整数"),
    ("an integer", "整数"),
];

/// The deserializer's words without the position in the text, which means nothing to the reader.
#[must_use]
pub fn wrong_value(message: &str) -> Text {
    let reason = message.split(" at line ").next().unwrap_or(message);
    Text::owned(in_chinese(reason), reason.to_owned())
}

fn in_chinese(reason: &str) -> String {
    if let Some((_, zh)) = PHRASES.iter().find(|(en, _)| reason.starts_with(en)) {
        return (*zh).to_owned();
    }
    let Some((found, expected)) = reason.split_once(", expected ") else {
        return "值无效".to_owned();
    };
    if found.starts_with("unknown variant") {
        // The variants stand between backticks: every second part.
        let variants: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        return format!("须为以下之一：{}", variants.join("、"));
    }
    match EXPECTED.iter().find(|(en, _)| expected.starts_with(en)) {
        Some((_, zh)) => format!("须为{zh}"),
        None => "值的类型不正确".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Color {
        Red,
        Blue,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Sample {
        count: Option<i32>,
        flag: Option<bool>,
        name: Option<String>,
        amount: Option<money::Fen>,
        color: Option<Color>,
        list: Option<Vec<i64>>,
        nested: Option<std::collections::BTreeMap<String, bool>>,
    }

    /// What serde really says, so that a new version that says it otherwise is noticed.
    fn told(json: &str) -> String {
        let error = serde_json::from_str::<Sample>(json).unwrap_err();
        wrong_value(&error.to_string()).zh.into_owned()
    }

    #[test]
    fn a_chinese_reader_is_told_in_chinese() {
        assert!(serde_json::from_str::<Sample>(r#"{"color": "red"}"#).is_ok());
        for (json, expected) in [
            (r#"{"count": "x"}"#, "须为整数"),
            (r#"{"count": 1.5}"#, "须为整数"),
            (r#"{"count": 99999999999}"#, "须为整数"),
            (r#"{"flag": 1}"#, "须为布尔值 true 或 false"),
            (r#"{"name": 5}"#, "须为字符串"),
            (r#"{"amount": 5}"#, "须为金额字符串，例如 \"50.00\""),
            (r#"{"amount": "x"}"#, "须为金额，例如 \"50.00\""),
            (r#"{"amount": "1.234"}"#, "最多两位小数"),
            (r#"{"color": "green"}"#, "须为以下之一：red、blue"),
            (r#"{"list": {}}"#, "须为数组"),
            (r#"{"nested": []}"#, "须为对象"),
            (r#"{"name": "a", "name": "b"}"#, "重复出现"),
        ] {
            assert_eq!(told(json), expected, "{json}");
        }
    }

    #[test]
    fn an_english_reader_is_told_without_the_position() {
        let text = wrong_value("invalid type: integer `5`, expected a string at line 1 column 12");
        assert_eq!(text.en, "invalid type: integer `5`, expected a string");
        assert_eq!(wrong_value("something else").zh, "值无效");
    }
}
