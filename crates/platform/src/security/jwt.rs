//! Access tokens: HS256 with the claims of the contract.

use std::fmt;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who a token is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case", const_into_str)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Operator,
    Admin,
    Finance,
    Analyst,
}

impl Role {
    /// The role of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

/// The claims of an access token; times in Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The account's id in its wire form.
    pub sub: String,
    pub role: Role,
    pub iat: i64,
    pub exp: i64,
    /// The row in `access_tokens`.
    pub jti: Uuid,
}

/// The token is not ours, was changed, or is unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a token of this platform")]
pub struct BadToken;

/// Signs and verifies tokens.
pub struct JwtKeys {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl fmt::Debug for JwtKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtKeys").finish_non_exhaustive()
    }
}

impl JwtKeys {
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        JwtKeys { encoding: EncodingKey::from_secret(secret), decoding: DecodingKey::from_secret(secret) }
    }

    /// # Errors
    /// Claims that cannot be serialised, which these always can.
    pub fn sign(&self, claims: &Claims) -> Result<String, jsonwebtoken::errors::Error> {
        encode(&Header::new(Algorithm::HS256), claims, &self.encoding)
    }

    /// Checks signature and algorithm. Expiry and revocation are the caller's: they need the clock and the database.
    ///
    /// # Errors
    /// [`BadToken`] whatever is wrong with it.
    pub fn verify(&self, token: &str) -> Result<Claims, BadToken> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        decode::<Claims>(token, &self.decoding, &validation).map(|data| data.claims).map_err(|_| BadToken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        Claims { sub: "op_x".to_owned(), role: Role::Operator, iat: 1, exp: 2, jti: Uuid::from_u128(3) }
    }

    #[test]
    fn a_token_verifies_with_its_own_key_only() {
        let keys = JwtKeys::new(&[1; 32]);
        let token = keys.sign(&claims()).unwrap();
        assert_eq!(keys.verify(&token), Ok(claims()));
        assert_eq!(JwtKeys::new(&[2; 32]).verify(&token), Err(BadToken));
        assert_eq!(keys.verify(&format!("{token}x")), Err(BadToken));
        assert_eq!(keys.verify("a.b.c"), Err(BadToken));
    }

    #[test]
    fn a_token_without_signature_is_refused() {
        // {"alg":"none"} with the claims of an admin.
        let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwicm9sZSI6ImFkbWluIiwiaWF0IjoxLCJleHAiOjl9.";
        assert_eq!(JwtKeys::new(&[1; 32]).verify(token), Err(BadToken));
    }
}
