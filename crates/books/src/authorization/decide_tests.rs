use std::net::{IpAddr, Ipv4Addr};

use base::problem::ErrorCode;
use proptest::prelude::*;

use super::*;
use crate::authorization::session_id::MAX_SKEW_MS;
use crate::gate;
use crate::ledger::tests::account;

const NOW_MS: i64 = 1_737_000_000_000;
const LIMIT: i64 = 10;

fn at(ms: i64) -> UtcTime {
    UtcTime::from_millis(ms).unwrap()
}

fn game() -> Game {
    Game {
        app_id: AppId::from_uuid(Uuid::from_u128(2)),
        site_id: SiteId::from_uuid(Uuid::from_u128(1)),
        player_count: 5,
    }
}

fn session() -> SessionId {
    SessionId { ms: NOW_MS, nonce: "abcdefghijklmnop".to_owned() }
}

fn app() -> AppFacts {
    AppFacts { name: "太空探险".to_owned(), unit_price: Fen::new(1_000), min_players: 2, max_players: 8 }
}

fn request() -> Request {
    Request {
        call: Call::Authorize { session: Ok(session()) },
        game: Ok(game()),
        key_generation: 1,
        client_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        received_at: at(NOW_MS),
    }
}

/// One request with everything in order, to be spoilt.
struct Case {
    account: Account,
    gate: Gate,
    admission: Result<(), Limited>,
    recorded: Option<Answer>,
    site_is_known: bool,
    app: Option<AppFacts>,
    grant: Option<GrantFacts>,
    request: Request,
}

impl Case {
    fn good() -> Self {
        Case {
            account: account(5_000),
            gate: gate::tests::open(),
            admission: Ok(()),
            recorded: None,
            site_is_known: true,
            app: Some(app()),
            grant: Some(GrantFacts { expires_at: None, is_revoked: false }),
            request: request(),
        }
    }

    fn decide(&self) -> Decision {
        let facts = Facts {
            recorded: self.recorded.as_ref(),
            site_is_known: self.site_is_known,
            app: self.app.as_ref(),
            grant: self.grant,
        };
        decide(&self.account, &self.gate, self.admission, LIMIT, &facts, &self.request, at(NOW_MS))
    }

    /// The error code of the refusal, or what else was decided.
    fn outcome(&self) -> &'static str {
        match self.decide() {
            Decision::Charge(_) => "charge",
            Decision::Quote(_) => "quote",
            Decision::Replay(_) => "replay",
            Decision::Refuse(refusal) => refusal.code().as_str(),
        }
    }

    fn record(&mut self, total_fen: i64) {
        let mut account = account(total_fen);
        let Decision::Charge(order) = Case::good().decide() else { panic!("a good request is charged") };
        let charge = account.charge(order, Uuid::from_u128(9), at(NOW_MS)).unwrap();
        self.recorded = Some(Answer::from(&charge));
    }
}

type Spoil = fn(&mut Case);

/// The checks in the contract's order, each with what makes it fail.
const CHECKS: &[(&str, Spoil)] = &[
    ("INVALID_API_KEY", |case| case.request.key_generation = 0),
    ("RATE_LIMIT_EXCEEDED", |case| {
        case.admission = Err(Limited { retry_after_seconds: 7 });
    }),
    ("ACCOUNT_DEACTIVATED", |case| {
        case.gate.state = AccountState::Deactivated;
    }),
    ("INVALID_SESSION_ID", |case| {
        case.request.call = Call::Authorize { session: Err(SessionIdError::Missing) }
    }),
    ("INVALID_PARAMS", |case| {
        case.request.game = Err(ErrorCode::InvalidParams.into());
    }),
    ("SITE_NOT_FOUND", |case| case.site_is_known = false),
    ("APP_NOT_FOUND", |case| case.app = None),
    ("APP_NOT_AUTHORIZED", |case| case.grant = None),
    ("PLAYER_COUNT_OUT_OF_RANGE", |case| {
        if let Some(app) = &mut case.app {
            app.max_players = 4;
        }
    }),
    ("INSUFFICIENT_BALANCE", |case| {
        case.account.balance = Fen::new(4_999);
    }),
];

#[test]
fn a_good_request_is_charged_players_times_price() {
    let Decision::Charge(order) = Case::good().decide() else { panic!("refused") };
    assert_eq!((order.total, order.unit_price, order.player_count), (Fen::new(5_000), Fen::new(1_000), 5));
}

#[test]
fn of_two_failing_checks_the_earlier_one_answers() {
    for (first, (code, spoil)) in CHECKS.iter().enumerate() {
        let mut case = Case::good();
        spoil(&mut case);
        assert_eq!(case.outcome(), *code);
        for (_, spoil_too) in &CHECKS[first + 1..] {
            let mut both = Case::good();
            spoil_too(&mut both);
            spoil(&mut both);
            // An application that does not exist has no player range to be outside of.
            assert_eq!(both.outcome(), *code);
        }
    }
}

#[test]
fn a_locked_account_is_refused_as_locked() {
    let mut case = Case::good();
    case.gate.state = AccountState::Locked;
    assert_eq!(case.outcome(), "ACCOUNT_LOCKED");
}

#[test]
fn a_replay_comes_before_everything_that_may_have_changed_since() {
    let mut case = Case::good();
    case.record(5_000);
    for (code, spoil) in CHECKS {
        let mut changed = Case::good();
        changed.recorded.clone_from(&case.recorded);
        spoil(&mut changed);
        let comes_first = [
            "INVALID_API_KEY",
            "RATE_LIMIT_EXCEEDED",
            "ACCOUNT_DEACTIVATED",
            "INVALID_SESSION_ID",
            "INVALID_PARAMS",
        ];
        let expected = if comes_first.contains(code) { code } else { "replay" };
        assert_eq!(changed.outcome(), expected);
    }
}

#[test]
fn a_replay_answers_what_was_answered_first() {
    let mut case = Case::good();
    case.record(9_000);
    if let Some(app) = &mut case.app {
        app.unit_price = Fen::new(7);
        app.name = "新名".to_owned();
    }
    let Decision::Replay(answer) = case.decide() else { panic!("not replayed") };
    assert_eq!(
        (answer.total, answer.balance_after, answer.app_name.as_str()),
        (Fen::new(5_000), Fen::new(4_000), "太空探险")
    );
}

#[test]
fn a_session_with_other_content_is_a_duplicate() {
    let changes: [fn(&mut Game); 3] = [
        |game| game.player_count = 4,
        |game| game.app_id = AppId::from_uuid(Uuid::from_u128(99)),
        |game| game.site_id = SiteId::from_uuid(Uuid::from_u128(99)),
    ];
    for change in changes {
        let mut case = Case::good();
        case.record(5_000);
        let mut other = game();
        change(&mut other);
        case.request.game = Ok(other);
        assert_eq!(case.outcome(), "SESSION_DUPLICATE");
    }
}

#[test]
fn only_a_new_session_must_be_fresh() {
    let mut case = Case::good();
    case.request.received_at = at(NOW_MS + MAX_SKEW_MS + 1);
    assert_eq!(case.outcome(), "INVALID_SESSION_ID");
    case.site_is_known = false;
    assert_eq!(case.outcome(), "INVALID_SESSION_ID");
    case.record(5_000);
    assert_eq!(case.outcome(), "replay");
}

#[test]
fn grants_tell_why_they_do_not_hold() {
    let cases = [
        (None, "not_granted"),
        (Some(GrantFacts { expires_at: Some(at(NOW_MS)), is_revoked: false }), "expired"),
        (Some(GrantFacts { expires_at: None, is_revoked: true }), "revoked"),
        (Some(GrantFacts { expires_at: Some(at(1)), is_revoked: true }), "revoked"),
    ];
    for (grant, expected) in cases {
        let mut case = Case::good();
        case.grant = grant;
        let Decision::Refuse(Refusal::NotGranted { reason, .. }) = case.decide() else {
            panic!("not refused")
        };
        assert_eq!(reason.into_str(), expected);
    }
    let mut case = Case::good();
    case.grant = Some(GrantFacts { expires_at: Some(at(NOW_MS + 1)), is_revoked: false });
    assert_eq!(case.outcome(), "charge");
}

#[test]
fn a_pre_authorization_has_the_same_checks_and_charges_nothing() {
    let mut case = Case::good();
    case.request.call = Call::PreAuthorize;
    assert_eq!(case.outcome(), "quote");
    for (code, spoil) in CHECKS.iter().filter(|(code, _)| *code != "INVALID_SESSION_ID") {
        let mut case = Case::good();
        spoil(&mut case);
        case.request.call = Call::PreAuthorize;
        assert_eq!(case.outcome(), *code);
    }
}

proptest! {
    /// Whatever comes in any order: the balance never falls below zero, and each session is charged at most once.
    #[test]
    fn any_requests_leave_the_books_right(
        balance_fen in 0_i64..30_000,
        steps in prop::collection::vec((0_usize..6, 0_i32..10, 1_i64..2_000, any::<bool>()), 1..80),
    ) {
        let mut account = account(balance_fen);
        let mut recorded: std::collections::HashMap<usize, Answer> = std::collections::HashMap::new();
        let mut charged_fen = 0;
        for (which, players, price_fen, has_grant) in steps {
            let mut request = request();
            let session = SessionId { ms: NOW_MS, nonce: format!("abcdefghijklmno{which}") };
            request.call = Call::Authorize { session: Ok(session) };
            request.game = Ok(Game { player_count: players, ..game() });
            let app = AppFacts { unit_price: Fen::new(price_fen), ..app() };
            let facts = Facts {
                recorded: recorded.get(&which),
                site_is_known: true,
                app: Some(&app),
                grant: has_grant.then_some(GrantFacts { expires_at: None, is_revoked: false }),
            };
            match decide(&account, &gate::tests::open(), Ok(()), LIMIT, &facts, &request, at(NOW_MS)) {
                Decision::Charge(order) => {
                    prop_assert!(has_grant && (2..=8).contains(&players));
                    prop_assert_eq!(order.total.get(), i64::from(players) * price_fen);
                    charged_fen += order.total.get();
                    let charge = account.charge(order, Uuid::from_u128(1), at(NOW_MS)).unwrap();
                    prop_assert!(recorded.insert(which, Answer::from(&charge)).is_none());
                }
                Decision::Replay(answer) => prop_assert_eq!(answer.player_count, players),
                Decision::Quote(_) => prop_assert!(false, "a charge was asked for"),
                Decision::Refuse(Refusal::InsufficientBalance { current, required }) => {
                    prop_assert_eq!(current, account.balance);
                    prop_assert!(current < required);
                }
                Decision::Refuse(_) => {}
            }
            prop_assert_eq!(account.balance.get(), balance_fen - charged_fen);
            prop_assert!(!account.balance.is_negative());
        }
    }
}
