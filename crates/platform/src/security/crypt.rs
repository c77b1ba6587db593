//! Secrets at rest: AES-256-GCM under a master key, with the key's id in front so that keys can be rotated.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

const KEY_LEN: usize = 32;
const KEY_ID_LEN: usize = 4;

/// What went wrong with a master key or a sealed secret. Never carries key material.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CryptError {
    #[error("the master key must be 32 bytes in base64")]
    BadMasterKey,
    #[error("sealed under a master key that is not configured")]
    UnknownKey,
    #[error("the sealed secret is damaged or belongs elsewhere")]
    Damaged,
}

/// One master key with what is derived from it.
struct MasterKey {
    id: [u8; KEY_ID_LEN],
    aead: LessSafeKey,
    lookup: hmac::Key,
}

impl MasterKey {
    fn from_base64(text: &SecretString) -> Result<Self, CryptError> {
        let bytes = STANDARD.decode(text.expose_secret().trim()).map_err(|_| CryptError::BadMasterKey)?;
        if bytes.len() != KEY_LEN {
            return Err(CryptError::BadMasterKey);
        }
        let unbound = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| CryptError::BadMasterKey)?;
        let mut id = [0; KEY_ID_LEN];
        id.copy_from_slice(&digest::digest(&digest::SHA256, &bytes).as_ref()[..KEY_ID_LEN]);
        // A key of its own for look-ups: one key never serves two algorithms.
        let lookup_secret =
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &bytes), b"coinslot api key lookup");
        let lookup = hmac::Key::new(hmac::HMAC_SHA256, lookup_secret.as_ref());
        Ok(MasterKey { id, aead: LessSafeKey::new(unbound), lookup })
    }
}

/// Seals with the current key, opens with the current or the previous one.
pub struct Cipher {
    current: MasterKey,
    previous: Option<MasterKey>,
}

impl fmt::Debug for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cipher").field("current", &hex::encode(self.current.id)).finish_non_exhaustive()
    }
}

impl Cipher {
    /// # Errors
    /// [`CryptError::BadMasterKey`] unless each key is 32 bytes in base64.
    pub fn new(current: &SecretString, previous: Option<&SecretString>) -> Result<Self, CryptError> {
        Ok(Cipher {
            current: MasterKey::from_base64(current)?,
            previous: previous.map(MasterKey::from_base64).transpose()?,
        })
    }

    /// Key id, random nonce and ciphertext with tag. `context` names where the secret belongs
    /// (`table|column|row`) and must be the same on opening.
    #[must_use]
    pub fn seal(&self, context: &str, secret: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).expect("the system's random generator answers");
        let mut sealed = Vec::with_capacity(KEY_ID_LEN + NONCE_LEN + secret.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&self.current.id);
        sealed.extend_from_slice(&nonce);
        let mut body = secret.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        self.current
            .aead
            .seal_in_place_append_tag(nonce, Aad::from(context), &mut body)
            .expect("a short secret is within the limits of AES-GCM");
        sealed.extend_from_slice(&body);
        sealed
    }

    /// # Errors
    /// [`CryptError::UnknownKey`] for a key id that is not configured, [`CryptError::Damaged`] for anything else.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, CryptError> {
        let (id, rest) = sealed.split_at_checked(KEY_ID_LEN).ok_or(CryptError::Damaged)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(CryptError::Damaged)?;
        let key = std::iter::once(&self.current)
            .chain(self.previous.as_ref())
            .find(|key| key.id == id)
            .ok_or(CryptError::UnknownKey)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| CryptError::Damaged)?;
        let mut body = body.to_vec();
        let plain =
            key.aead.open_in_place(nonce, Aad::from(context), &mut body).map_err(|_| CryptError::Damaged)?;
        Ok(plain.to_vec())
    }

    /// Whether the secret is sealed under the current key; `coinslot keys rotate` seals the others again.
    #[must_use]
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        sealed.starts_with(&self.current.id)
    }

    /// The keyed hash that API keys are looked up by, under the current master key.
    #[must_use]
    pub fn lookup_hash(&self, value: &[u8]) -> [u8; 32] {
        lookup_hash(&self.current, value)
    }

    /// The hashes under which a value may be stored while keys are rotated.
    #[must_use]
    pub fn lookup_hashes(&self, value: &[u8]) -> Vec<Vec<u8>> {
        let keys = std::iter::once(&self.current).chain(self.previous.as_ref());
        keys.map(|key| lookup_hash(key, value).to_vec()).collect()
    }
}

fn lookup_hash(key: &MasterKey, value: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(hmac::sign(&key.lookup, value).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SecretString {
        STANDARD.encode([byte; 32]).into()
    }

    #[test]
    fn what_is_sealed_opens_only_where_it_belongs() {
        let cipher = Cipher::new(&key(1), None).unwrap();
        let sealed = cipher.seal("keys|1", b"secret");
        assert_eq!(cipher.open("keys|1", &sealed).unwrap(), b"secret");
        assert_eq!(cipher.open("keys|2", &sealed), Err(CryptError::Damaged));
        let mut tampered = sealed.clone();
        *tampered.last_mut().unwrap() ^= 1;
        assert_eq!(cipher.open("keys|1", &tampered), Err(CryptError::Damaged));
        assert_eq!(cipher.open("keys|1", &sealed[..10]), Err(CryptError::Damaged));
    }

    #[test]
    fn the_previous_key_opens_but_does_not_seal() {
        let old = Cipher::new(&key(1), None).unwrap();
        let sealed = old.seal("x", b"secret");
        let rotating = Cipher::new(&key(2), Some(&key(1))).unwrap();
        assert_eq!(rotating.open("x", &sealed).unwrap(), b"secret");
        assert!(!rotating.is_current(&sealed));
        assert!(rotating.is_current(&rotating.seal("x", b"secret")));
        assert_eq!(Cipher::new(&key(2), None).unwrap().open("x", &sealed), Err(CryptError::UnknownKey));
        assert_eq!(rotating.lookup_hashes(b"k")[1], old.lookup_hash(b"k"));
    }

    #[test]
    fn short_master_keys_are_refused() {
        assert_eq!(Cipher::new(&"c2hvcnQ=".to_owned().into(), None).unwrap_err(), CryptError::BadMasterKey);
    }
}
