//! Session ids: `{operator_id}_{13-digit unix ms}_{16 letters or digits}` (FR-061).

use std::fmt;

use base::clock::UtcTime;
use base::ids::OperatorId;

/// How far the time in a new session id may be from now, in milliseconds.
pub const MAX_SKEW_MS: i64 = 300_000;
const MS_DIGITS: usize = 13;
const NONCE_LEN: usize = 16;

/// A session id whose operator is known, so only its own parts are kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId {
    pub ms: i64,
    pub nonce: String,
}

/// Why a session id is refused; the `details.reason` of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum SessionIdError {
    Missing,
    Malformed,
    OperatorMismatch,
    Expired,
}

impl SessionId {
    /// # Errors
    /// [`SessionIdError::Malformed`] or [`SessionIdError::OperatorMismatch`]. The time is not checked here: a retry of
    /// a session that exists is exempt from it.
    pub fn parse(text: &str, operator_id: OperatorId) -> Result<Self, SessionIdError> {
        let (rest, nonce) = text.rsplit_once('_').ok_or(SessionIdError::Malformed)?;
        let (operator, ms) = rest.rsplit_once('_').ok_or(SessionIdError::Malformed)?;
        let has_shape = ms.len() == MS_DIGITS
            && ms.bytes().all(|b| b.is_ascii_digit())
            && nonce.len() == NONCE_LEN
            && nonce.bytes().all(|b| b.is_ascii_alphanumeric());
        let operator: OperatorId = operator.parse().map_err(|_| SessionIdError::Malformed)?;
        if !has_shape {
            return Err(SessionIdError::Malformed);
        }
        if operator != operator_id {
            return Err(SessionIdError::OperatorMismatch);
        }
        let ms = ms.parse().map_err(|_| SessionIdError::Malformed)?;
        Ok(SessionId { ms, nonce: nonce.to_owned() })
    }

    /// Whether a new session may carry this time.
    #[must_use]
    pub fn is_fresh(&self, now: UtcTime) -> bool {
        (self.ms - now.as_millis()).abs() <= MAX_SKEW_MS
    }

    /// The wire form.
    #[must_use]
    pub fn display(&self, operator_id: OperatorId) -> impl fmt::Display {
        format!("{operator_id}_{:0MS_DIGITS$}_{}", self.ms, self.nonce)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const OPERATOR: &str = "op_00000000000000000000000007";

    fn parse(text: &str) -> Result<SessionId, SessionIdError> {
        SessionId::parse(text, OperatorId::from_uuid(Uuid::from_u128(7)))
    }

    #[test]
    fn the_three_parts_are_read() {
        let text = format!("{OPERATOR}_1737000000000_AbCdEfGh12345678");
        let session = parse(&text).unwrap();
        assert_eq!((session.ms, session.nonce.as_str()), (1_737_000_000_000, "AbCdEfGh12345678"));
        assert_eq!(session.display(OperatorId::from_uuid(Uuid::from_u128(7))).to_string(), text);
    }

    #[test]
    fn other_shapes_are_refused() {
        for tail in [
            "",
            "_",
            "_1737000000000",
            "_173700000000_AbCdEfGh12345678",
            "_17370000000000_AbCdEfGh12345678",
            "_1737000000000_AbCdEfGh1234567",
            "_1737000000000_AbCdEfGh123456789",
            "_1737000000000_AbCdEfGh1234567-",
            "_1737000000000_AbCdEfGh123456é",
            "_-737000000000_AbCdEfGh12345678",
            "_173700000000x_AbCdEfGh12345678",
            "__1737000000000_AbCdEfGh12345678",
        ] {
            assert_eq!(parse(&format!("{OPERATOR}{tail}")), Err(SessionIdError::Malformed), "{tail}");
        }
    }

    #[test]
    fn another_operators_session_is_told_apart() {
        let other = "op_00000000000000000000000008_1737000000000_AbCdEfGh12345678";
        assert_eq!(parse(other), Err(SessionIdError::OperatorMismatch));
    }

    #[test]
    fn the_time_may_be_five_minutes_off() {
        let session = parse(&format!("{OPERATOR}_1737000000000_AbCdEfGh12345678")).unwrap();
        for (offset_ms, expected) in
            [(0, true), (300_000, true), (-300_000, true), (300_001, false), (-300_001, false)]
        {
            let now = UtcTime::from_millis(1_737_000_000_000 + offset_ms).unwrap();
            assert_eq!(session.is_fresh(now), expected, "{offset_ms}");
        }
    }
}
