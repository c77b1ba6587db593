//! Amounts and times as Alipay writes them.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use money::Fen;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// China has had one offset and no summer time since 1991.
const BEIJING: Offset = Offset::constant(8);

/// An instant as `yyyy-MM-dd HH:mm:ss` in Beijing.
pub(crate) fn beijing(instant: Timestamp) -> String {
    Zoned::new(instant, TimeZone::fixed(BEIJING)).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The instant of `yyyy-MM-dd HH:mm:ss` in Beijing; some fields (`gmt_refund`) add a fraction of a second.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let time = DateTime::strptime("%Y-%m-%d %H:%M:%S%.f", text).ok()?;
    BEIJING.to_timestamp(time).ok()
}

/// The fen of a decimal number of yuan with at most two decimals. A minus is allowed: bills write refunds so.
///
/// `money::Fen` reads less: it stops one fen below the 100 000 000 yuan that Alipay allows.
pub(crate) fn fen(text: &str) -> Option<Fen> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (yuan, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(yuan) || !all_digits(decimals) || decimals.len() > 2 {
        return None;
    }
    let hundredths = decimals.parse::<i64>().ok()? * if decimals.len() == 1 { 10 } else { 1 };
    let fen = yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(hundredths)?;
    Some(Fen::new(if negative { -fen } else { fen }))
}

/// Reads an amount from a JSON string; or from a number, as some `fund_bill_list`s have it, by its digits.
pub(crate) fn yuan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fen, D::Error> {
    optional_yuan(deserializer)?.ok_or_else(|| D::Error::custom("an amount is missing"))
}

/// The same where null and the empty string mean that there is none.
pub(crate) fn optional_yuan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Fen>, D::Error> {
    let json = <Box<RawValue>>::deserialize(deserializer)?;
    let text = json.get().trim_matches('"');
    if matches!(text, "" | "null") {
        return Ok(None);
    }
    fen(text).map(Some).ok_or_else(|| D::Error::custom("an amount is not a number of yuan with two decimals"))
}

/// Reads a time that may be absent, null or empty.
pub(crate) fn optional_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = optional_text(deserializer)? else { return Ok(None) };
    instant(&text).map(Some).ok_or_else(|| D::Error::custom("a time is not yyyy-MM-dd HH:mm:ss"))
}

/// Reads a text that may be absent, null or empty.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests;
