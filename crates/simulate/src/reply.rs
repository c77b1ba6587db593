//! What an answer to authorize means.

use serde::Deserialize;
use uuid::Uuid;

use super::fen::parse_fen;
use super::http::Head;
use super::session::Session;
use super::type_id::parse_type_id;

/// A successful answer, as far as the books need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Charge {
    pub(super) token: Uuid,
    pub(super) usage: Uuid,
    pub(super) total_fen: i64,
    pub(super) balance_after_fen: i64,
    /// The answer carried `Idempotent-Replayed: true`.
    pub(super) replayed: bool,
    /// Session and players are those of the request, and the total is players × unit price.
    pub(super) consistent: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply<'a> {
    Charged(Charge),
    /// A 4xx with its error code: certainly not charged by this request.
    Refused(&'a str),
    /// A 5xx or something unreadable: may have been charged.
    Failed(&'a str),
}

#[derive(Deserialize)]
struct Success<'a> {
    #[serde(borrow)]
    data: SuccessData<'a>,
}

#[derive(Deserialize)]
struct SuccessData<'a> {
    authorization_token: &'a str,
    session_id: &'a str,
    usage_id: &'a str,
    player_count: u8,
    unit_price: &'a str,
    total_cost: &'a str,
    balance_after: &'a str,
}

#[derive(Deserialize)]
struct Refusal<'a> {
    error_code: &'a str,
}

/// Reads an answer to the request for `session`, whose id is `session_id`.
pub(super) fn read_reply<'a>(head: &Head, body: &'a [u8], session: &Session, session_id: &str) -> Reply<'a> {
    if head.status == 200 {
        return match read_charge(body, session, session_id) {
            Some(charge) => Reply::Charged(Charge { replayed: head.replayed, ..charge }),
            None => Reply::Failed("unreadable"),
        };
    }
    let refusal: Option<Refusal<'_>> = serde_json::from_slice(body).ok();
    match refusal {
        Some(refusal) if (400..500).contains(&head.status) => Reply::Refused(refusal.error_code),
        Some(refusal) => Reply::Failed(refusal.error_code),
        None => Reply::Failed("unreadable"),
    }
}

fn read_charge(body: &[u8], session: &Session, session_id: &str) -> Option<Charge> {
    let Success { data } = serde_json::from_slice(body).ok()?;
    let total_fen = parse_fen(data.total_cost)?;
    let expected_fen = parse_fen(data.unit_price)?.checked_mul(i64::from(session.players))?;
    Some(Charge {
        token: Uuid::try_parse(data.authorization_token).ok()?,
        usage: parse_type_id("usage", data.usage_id)?,
        total_fen,
        balance_after_fen: parse_fen(data.balance_after)?,
        replayed: false,
        consistent: data.session_id == session_id
            && data.player_count == session.players
            && total_fen == expected_fen,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::session;

    const BODY: &str = r#"{"success":true,"data":{"authorization_token":"67e55044-10b1-426f-9247-bb680e5fe0c8",
        "session_id":"s","usage_id":"usage_01h455vb4pex5vsknk084sn02q","app_id":"app_x","app_name":"太空\"探险",
        "site_id":"site_x","player_count":5,"unit_price":"10.00","total_cost":"50.00","balance_after":"950.00",
        "authorized_at":"2025-01-15T12:30:00.000Z"}}"#;

    fn head(status: u16) -> Head {
        Head { status, replayed: true, ..Head::default() }
    }

    fn charge_of(body: &str) -> Charge {
        match read_reply(&head(200), body.as_bytes(), &session(0, 5), "s") {
            Reply::Charged(charge) => charge,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn success_is_read_in_fen() {
        let charge = charge_of(BODY);
        assert_eq!((charge.total_fen, charge.balance_after_fen), (5000, 95_000));
        assert!(charge.replayed && charge.consistent);
    }

    #[test]
    fn wrong_echo_or_product_is_inconsistent() {
        for (from, to) in
            [("\"s\"", "\"t\""), (":5,", ":6,"), ("\"50.00\"", "\"60.00\""), ("\"10.00\"", "\"9.00\"")]
        {
            assert!(!charge_of(&BODY.replace(from, to)).consistent, "{to}");
        }
    }

    #[test]
    fn refusals_and_failures_are_told_apart() {
        let body = br#"{"success":false,"error_code":"X","message":"\"","request_id":"r"}"#;
        assert_eq!(read_reply(&head(402), body, &session(0, 5), "s"), Reply::Refused("X"));
        assert_eq!(read_reply(&head(503), body, &session(0, 5), "s"), Reply::Failed("X"));
        assert_eq!(read_reply(&head(404), b"<html>", &session(0, 5), "s"), Reply::Failed("unreadable"));
        let body = BODY.replace("\"50.00\"", "50.00");
        assert_eq!(read_reply(&head(200), body.as_bytes(), &session(0, 5), "s"), Reply::Failed("unreadable"));
    }
}
