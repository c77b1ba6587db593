//! Reads the UUID out of a TypeID (<https://github.com/jetify-com/typeid>, suffix only).

use uuid::Uuid;

const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const NOT_A_SYMBOL: u8 = 255;
const VALUES: [u8; 256] = values();

const fn values() -> [u8; 256] {
    let mut values = [NOT_A_SYMBOL; 256];
    let mut index = 0;
    while index < SYMBOLS.len() {
        values[SYMBOLS[index] as usize] = index as u8;
        index += 1;
    }
    values
}

/// The UUID in `{prefix}_{26 characters}`; `None` if the prefix differs or the rest is malformed.
pub(super) fn parse_type_id(prefix: &str, id: &str) -> Option<Uuid> {
    let suffix = id.strip_prefix(prefix)?.strip_prefix('_')?;
    // 26 characters hold 130 bits: the first may only use its lower three.
    if suffix.len() != 26 || suffix.as_bytes()[0] > b'7' {
        return None;
    }
    let mut bits = 0_u128;
    for byte in suffix.bytes() {
        let value = VALUES[usize::from(byte)];
        if value == NOT_A_SYMBOL {
            return None;
        }
        bits = bits << 5 | u128::from(value);
    }
    Some(Uuid::from_u128(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    // From the specification's list of valid vectors.
    #[test]
    fn published_vectors_are_read() {
        for (id, uuid) in [
            ("prefix_0123456789abcdefghjkmnpqrs", "0110c853-1d09-52d8-d73e-1194e95b5f19"),
            ("prefix_01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057"),
            ("prefix_7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        ] {
            assert_eq!(parse_type_id("prefix", id).unwrap().to_string(), uuid);
        }
    }

    #[test]
    fn malformed_ids_are_refused() {
        for id in [
            "usage_",
            "usage_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "usage_01h455vb4pex5vsknk084sn02",
            "usage_01h455vb4pex5vsknk084sn02qq",
            "usage_01H455VB4PEX5VSKNK084SN02Q",
            "op_01h455vb4pex5vsknk084sn02q",
            "usage_01h455vb4pex5vsknk084sn0é",
        ] {
            assert_eq!(parse_type_id("usage", id), None, "{id}");
        }
    }
}
