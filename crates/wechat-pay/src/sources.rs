//! Where the nonces of requests come from. Tests put their own in place.

use aws_lc_rs::rand;

/// Where the random part of a signature comes from.
pub trait Nonces: Send + Sync {
    /// A text that has not been used before, of at most 32 letters and digits. `None` when there is no randomness,
    /// and then nothing is sent.
    fn next(&self) -> Option<String>;
}

/// Nonces of 128 random bits, as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomNonces;

impl Nonces for RandomNonces {
    fn next(&self) -> Option<String> {
        let mut bytes = [0_u8; 16];
        rand::fill(&mut bytes).ok()?;
        Some(hex::encode_upper(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_are_32_letters_and_digits_and_never_the_same() {
        let (first, second) = (RandomNonces.next().unwrap(), RandomNonces.next().unwrap());
        assert_ne!(first, second);
        assert!(first.len() == 32 && first.bytes().all(|b| b.is_ascii_alphanumeric()), "{first}");
    }
}
