//! What the tests of several files share.

use uuid::Uuid;

use super::credentials::Credentials;
use super::operator::{App, Operator};
use super::reply::Charge;
use super::session::Session;

pub(super) const APP_PRICE_FEN: i64 = 1000;
pub(super) const BALANCE_FEN: i64 = 1_000_000_000;

/// An operator with one site and one app (10.00, 2 to 8 players).
pub(super) fn operator(number: u32) -> Operator {
    Operator {
        credentials: Credentials::new("k".repeat(64).into()),
        id: format!("op_{number:026}"),
        uuid: Uuid::from_u128(u128::from(number)),
        balance_before_fen: BALANCE_FEN,
        sites: vec!["site_01h455vb4pex5vsknk084sn02q".to_owned()],
        apps: vec![App {
            id: "app_01h455vb4pex5vsknk084sn02q".to_owned(),
            unit_price_fen: APP_PRICE_FEN,
            min_players: 2,
            max_players: 8,
        }],
    }
}

/// A new session of this operator.
pub(super) fn session(operator: u32, players: u8) -> Session {
    Session {
        operator,
        app: 0,
        site: 0,
        players,
        late: false,
        charged: false,
        doubtful: false,
        unresolved: false,
        unix_ms: 1_736_944_200_000,
        random: [0; 16],
    }
}

/// A first answer; equal numbers give equal tokens and usage ids.
pub(super) fn charge(number: u128, total_fen: i64, balance_after_fen: i64) -> Charge {
    Charge {
        token: Uuid::from_u128(number),
        usage: Uuid::from_u128(number + 1000),
        total_fen,
        balance_after_fen,
        replayed: false,
        consistent: true,
    }
}
