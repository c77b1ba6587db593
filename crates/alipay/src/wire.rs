//! Texts as Alipay writes them.

use serde::{Deserialize, Deserializer};

/// Reads a text that may be absent, null or empty.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}
