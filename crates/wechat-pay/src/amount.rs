//! Amounts on WeChat's wire: whole fen as JSON integers, where [`Fen`]'s own form is text in yuan.

use money::Fen;
use serde::{Deserialize, Deserializer, Serializer};

/// `#[serde(with = "crate::amount::whole_fen")]`
pub(crate) mod whole_fen {
    use super::{Deserialize, Deserializer, Fen, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub(crate) fn serialize<S: Serializer>(amount: &Fen, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(amount.get())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fen, D::Error> {
        i64::deserialize(deserializer).map(Fen::new)
    }
}

/// The same for fields that may be absent.
pub(crate) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Fen>, D::Error> {
    Ok(Option::<i64>::deserialize(deserializer)?.map(Fen::new))
}
