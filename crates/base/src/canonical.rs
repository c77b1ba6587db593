//! An unambiguous byte form of values, for hashing: fixed widths, texts with their length, a marker before optional
//! values, JSON objects in the order of their keys.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::Value;
use uuid::Uuid;

/// Collects the bytes of one value.
#[derive(Debug, Default)]
pub struct Encoder(Vec<u8>);

impl Encoder {
    /// Starts with bytes that are taken as they are: a previous hash, a tag of fixed length.
    #[must_use]
    pub fn starting_with(bytes: &[u8]) -> Self {
        // Enough for a ledger entry, which is encoded for every charge.
        let mut buffer = Vec::with_capacity(320);
        buffer.extend_from_slice(bytes);
        Encoder(buffer)
    }

    pub fn integer(&mut self, value: i64) -> &mut Self {
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    pub fn uuid(&mut self, value: Uuid) -> &mut Self {
        self.0.extend_from_slice(value.as_bytes());
        self
    }

    pub fn text(&mut self, value: &str) -> &mut Self {
        self.length(value.len());
        self.0.extend_from_slice(value.as_bytes());
        self
    }

    pub fn optional_text(&mut self, value: Option<&str>) -> &mut Self {
        self.0.push(u8::from(value.is_some()));
        match value {
            Some(value) => self.text(value),
            None => self,
        }
    }

    pub fn optional_uuid(&mut self, value: Option<Uuid>) -> &mut Self {
        self.0.push(u8::from(value.is_some()));
        match value {
            Some(value) => self.uuid(value),
            None => self,
        }
    }

    /// Objects that differ only in the order of their keys have the same bytes.
    pub fn json(&mut self, value: &Value) -> &mut Self {
        match value {
            Value::Null => self.0.push(b'n'),
            Value::Bool(value) => self.0.extend_from_slice(&[b'b', u8::from(*value)]),
            Value::Number(number) => {
                self.0.push(b'#');
                self.text(&number.to_string());
            }
            Value::String(text) => {
                self.0.push(b's');
                self.text(text);
            }
            Value::Array(items) => {
                self.0.push(b'[');
                self.length(items.len());
                for item in items {
                    self.json(item);
                }
            }
            Value::Object(fields) => {
                self.0.push(b'{');
                self.length(fields.len());
                let mut fields: Vec<_> = fields.iter().collect();
                fields.sort_unstable_by_key(|(key, _)| *key);
                for (key, item) in fields {
                    self.text(key).json(item);
                }
            }
        }
        self
    }

    /// SHA-256 over the bytes so far.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, &self.0).as_ref());
        hash
    }

    fn length(&mut self, length: usize) {
        self.0.extend_from_slice(&(length as u64).to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hash(value: &Value) -> [u8; 32] {
        Encoder::default().json(value).sha256()
    }

    #[test]
    fn the_order_of_keys_does_not_matter_and_everything_else_does() {
        let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(
            hash(&parse(r#"{"a": 1, "b": [true, null]}"#)),
            hash(&parse(r#"{"b":[true,null],"a":1}"#))
        );
        let different = [
            json!({}),
            json!([]),
            json!(null),
            json!(""),
            json!("1"),
            json!(1),
            json!([1, 2]),
            json!([12]),
            json!([[1], 2]),
            json!({"a": {"b": 1}}),
            json!({"a": null, "b": 1}),
        ];
        for (index, left) in different.iter().enumerate() {
            for right in &different[index + 1..] {
                assert_ne!(hash(left), hash(right), "{left} {right}");
            }
        }
    }

    #[test]
    fn neighbouring_texts_do_not_run_together() {
        let pair = |a: &str, b: &str| Encoder::default().text(a).text(b).sha256();
        assert_ne!(pair("ab", "c"), pair("a", "bc"));
        let optional =
            |a: Option<&str>, b: Option<&str>| Encoder::default().optional_text(a).optional_text(b).sha256();
        assert_ne!(optional(None, Some("")), optional(Some(""), None));
    }
}
