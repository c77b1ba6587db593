/// Letters or digits at the end of a session id.
pub const SESSION_NONCE_LEN: usize = 16;

/// 32 symbols, so that five bits of each random byte choose one without bias; the look-alikes
/// i, l, o and u are left out because people read session ids to each other on the phone.
const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Builds `{operator_id}_{13-digit unix ms}_{16 letters or digits}`.
///
/// `unix_ms` is the wall clock in milliseconds; the server refuses a new session more than five
/// minutes away from its own clock. `random` must come from a cryptographic generator, or two
/// headset servers of one operator may take the same id and one of them plays without being
/// charged for it. 80 of the 128 random bits are used.
pub fn session_id(operator_id: &str, unix_ms: u64, random: [u8; SESSION_NONCE_LEN]) -> String {
    let nonce = session_nonce(random);
    format!("{operator_id}_{unix_ms:013}_{nonce}")
}

/// The last part of [`session_id`], for a caller that stores the parts apart.
pub fn session_nonce(random: [u8; SESSION_NONCE_LEN]) -> String {
    random.into_iter().map(|byte| char::from(SYMBOLS[usize::from(byte & 31)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_id_has_the_three_parts() {
        let random = [0, 1, 2, 3, 9, 10, 30, 31, 32, 63, 64, 127, 128, 200, 254, 255];
        let id = session_id("op_x", 1_736_944_200_123, random);
        assert_eq!(id, "op_x_1736944200123_01239ayz0z0z08yz");
    }

    #[test]
    fn time_is_padded_to_thirteen_digits() {
        assert_eq!(session_id("op_x", 7, [0; 16]), "op_x_0000000000007_0000000000000000");
    }

    #[test]
    fn every_byte_gives_a_letter_or_digit() {
        for byte in 0..=255 {
            let nonce = session_nonce([byte; 16]);
            assert!(nonce.len() == 16 && nonce.bytes().all(|symbol| symbol.is_ascii_alphanumeric()));
        }
    }
}
