//! Checks of request fields. Each adds to the list of wrong fields, so that an answer names all of them.

use std::ops::RangeInclusive;

use jiff::civil::Date;

use crate::clock::UtcTime;
use crate::problem::{FieldError, Problem, Text};

/// Collects wrong fields.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes the field as wrong unless `fits`.
    pub fn check(&mut self, field: &str, fits: bool, text: Text) -> &mut Self {
        if !fits {
            self.0.push(FieldError { field: field.to_owned(), text });
        }
        self
    }

    /// The length in characters, after trimming, must be in the range.
    pub fn length(&mut self, field: &str, value: &str, range: RangeInclusive<usize>) -> &mut Self {
        let (min, max) = (range.start(), range.end());
        let text = Text::owned(
            format!("长度须为 {min} 到 {max} 个字符"),
            format!("must have {min} to {max} characters"),
        );
        let has_control = value.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t');
        self.check(field, range.contains(&value.trim().chars().count()) && !has_control, text)
    }

    /// As [`Fields::length`], for a field that may be absent.
    pub fn optional_length(
        &mut self,
        field: &str,
        value: Option<&str>,
        range: RangeInclusive<usize>,
    ) -> &mut Self {
        match value {
            Some(value) => self.length(field, value, range),
            None => self,
        }
    }

    /// As [`Fields::length`], on one line: names and titles stand in lists, e-mails and documents, where a second line
    /// would pass for something else.
    pub fn line(&mut self, field: &str, value: &str, range: RangeInclusive<usize>) -> &mut Self {
        let (min, max) = (range.start(), range.end());
        let text = Text::owned(
            format!("须为 {min} 到 {max} 个字符的单行文本"),
            format!("must be one line of {min} to {max} characters"),
        );
        let value = value.trim();
        let fits = range.contains(&value.chars().count()) && !value.chars().any(char::is_control);
        self.check(field, fits, text)
    }

    /// As [`Fields::line`], for a field that may be absent.
    pub fn optional_line(
        &mut self,
        field: &str,
        value: Option<&str>,
        range: RangeInclusive<usize>,
    ) -> &mut Self {
        match value {
            Some(value) => self.line(field, value, range),
            None => self,
        }
    }

    pub fn username(&mut self, field: &str, value: &str) -> &mut Self {
        let fits =
            (3..=20).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        self.check(
            field,
            fits,
            Text::new("须为 3 到 20 位字母、数字或下划线", "must be 3 to 20 letters, digits or underscores"),
        )
    }

    pub fn password(&mut self, field: &str, value: &str) -> &mut Self {
        let fits = (8..=32).contains(&value.chars().count())
            && value.chars().any(|c| c.is_ascii_uppercase())
            && value.chars().any(|c| c.is_ascii_lowercase())
            && value.chars().any(|c| c.is_ascii_digit());
        self.check(
            field,
            fits,
            Text::new(
                "须为 8 到 32 位，且包含大写字母、小写字母和数字",
                "must have 8 to 32 characters with an upper-case letter, a lower-case letter and a digit",
            ),
        )
    }

    /// A mobile number of mainland China.
    pub fn phone(&mut self, field: &str, value: &str) -> &mut Self {
        let bytes = value.as_bytes();
        let fits = bytes.len() == 11
            && bytes[0] == b'1'
            && (b'3'..=b'9').contains(&bytes[1])
            && bytes.iter().all(u8::is_ascii_digit);
        self.check(
            field,
            fits,
            Text::new("须为有效的手机号码", "must be a mobile number such as 13800138000"),
        )
    }

    pub fn email(&mut self, field: &str, value: &str) -> &mut Self {
        self.check(field, is_email(value), Text::new("须为有效的邮箱地址", "must be an e-mail address"))
    }

    /// Who an account belongs to, by one rule wherever it is said: when it is made and when it is changed. What is
    /// absent stays as it is.
    pub fn contact(&mut self, name: Option<&str>, phone: Option<&str>, email: Option<&str>) -> &mut Self {
        self.optional_line("name", name, 2..=50);
        if let Some(phone) = phone {
            self.phone("phone", phone);
        }
        if let Some(email) = email {
            self.email("email", email);
        }
        self
    }

    /// A taxpayer's number of mainland China: 18 characters today, 15 to 20 in use.
    pub fn tax_id(&mut self, field: &str, value: &str) -> &mut Self {
        let fits = (15..=20).contains(&value.len())
            && value.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        self.check(
            field,
            fits,
            Text::new("须为 15 到 20 位大写字母或数字", "must be 15 to 20 upper-case letters or digits"),
        )
    }

    /// A range of time that a list is asked for must not end before it begins. One without any time in it is empty.
    pub fn time_range(&mut self, start_time: Option<UtcTime>, end_time: Option<UtcTime>) -> &mut Self {
        let is_ordered = start_time.zip(end_time).is_none_or(|(start, end)| start <= end);
        self.check("end_time", is_ordered, Text::new("不能早于 start_time", "must not be before start_time"))
    }

    /// # Errors
    /// `INVALID_PARAMS` naming every wrong field, if there is one.
    pub fn finish(&mut self) -> Result<(), Problem> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Problem::invalid_fields(std::mem::take(&mut self.0)))
    }
}

/// Years that days may be asked for; nothing was played or paid before.
const YEARS: RangeInclusive<i16> = 2000..=2999;

/// What is said of a text that [`date`] does not read.
pub const NO_DATE: Text = Text::new(
    "须为 YYYY-MM-DD 格式的日期（2000 至 2999 年）",
    "must be a date such as 2025-01-15, of 2000 to 2999",
);

/// A day as `YYYY-MM-DD`. The parser knows other forms of a date as well, and years that the database does not.
#[must_use]
pub fn date(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text && YEARS.contains(&date.year())).then_some(date)
}

/// A plausible address: one `@`, a dotted domain, no spaces, at most 254 characters (RFC 5321, 4.5.3.1.3).
/// Whether it exists only a delivery can tell.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let label = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c))
        && domain.contains('.')
        && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses_are_told_from_other_text() {
        for good in ["a@b.cn", "first.last+tag@mail.example.com", "张三@例子.中国"] {
            assert!(is_email(good), "{good}");
        }
        for bad in
            ["", "a", "@b.cn", "a@", "a@b", "a@b..cn", "a b@c.cn", "a@b.cn,c@d.cn", "a@-b.cn", "a@@b.cn"]
        {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn a_line_has_no_second_one() {
        let fits = |value: &str| Fields::new().line("name", value, 2..=5).finish().is_ok();
        for good in ["店面", " a b \n", "12345"] {
            assert!(fits(good), "{good:?}");
        }
        for bad in ["", "店", "a\nb", "a\tb", "a\u{0}b", "123456", " \n\n "] {
            assert!(!fits(bad), "{bad:?}");
        }
    }

    #[test]
    fn all_wrong_fields_are_collected() {
        let problem = Fields::new()
            .username("username", "no spaces")
            .password("password", "alllowercase1")
            .phone("phone", "12345678901")
            .email("email", "x")
            .length("name", " a ", 2..=50)
            .finish()
            .unwrap_err();
        let names: Vec<_> = problem.fields().iter().map(|error| error.field.as_str()).collect();
        assert_eq!(names, ["username", "password", "phone", "email", "name"]);
    }
}
