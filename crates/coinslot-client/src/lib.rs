//! What a headset server needs to call the platform: request signatures and session ids.
//!
//! Every call carries three headers: `X-Api-Key`, `X-Timestamp` (unix seconds, at most 300 s away
//! from the server's clock) and `X-Signature`. Asking for a game adds `X-Session-ID`.
//!
//! ```
//! use coinslot_client::{session_id, sign};
//!
//! let api_key = "a".repeat(64);
//! let body = br#"{"app_id":"app_01h455vb4pex5vsknk084sn02q","site_id":"site_01h455vb4pex5vsknk084sn02q","player_count":5}"#;
//! let timestamp_s = 1_736_944_200;
//! let signature = sign(api_key.as_bytes(), timestamp_s, "POST", "/v1/auth/game/authorize", body);
//! // In production: milliseconds of the wall clock and 16 bytes from a cryptographic generator.
//! let session = session_id("op_01h455vb4pex5vsknk084sn02q", 1_736_944_200_000, [7; 16]);
//! assert_eq!(signature.len(), 44);
//! assert_eq!(session, "op_01h455vb4pex5vsknk084sn02q_1736944200000_7777777777777777");
//! ```
//!
//! # Retries
//!
//! The session id is what makes a charge happen once. Make one per game, keep it until the game
//! has started, and repeat the request *with the same session id and body* (but a new timestamp and
//! signature) after a time-out, a lost connection or a 5xx answer. A game that was charged already
//! answers the same token again, with the header `Idempotent-Replayed: true`. Only make a new
//! session id for a new game.

mod session_id;
mod signature;

pub use session_id::{SESSION_NONCE_LEN, session_id, session_nonce};
pub use signature::{SigningKey, sign, verify};
