//! Whole runs against a small server that is right, or wrong in one way.

use std::num::NonZeroU32;
use std::time::Duration;

use super::fake_server::{self, API_KEY, Flaw};
use super::{Load, Options, Report, SimulateError, run};

const PLENTY_FEN: i64 = 900_000_000_000;

fn count(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

fn options(flaw: Flaw, balance_fen: i64) -> Options {
    Options {
        urls: vec![format!("http://{}", fake_server::start(flaw, balance_fen))],
        api_keys: vec![API_KEY.into(), API_KEY.into()],
        load: Load::Closed { connections: count(8) },
        duration: Duration::from_millis(300),
        warmup: Duration::ZERO,
        duplicates: 0.3,
        late: 0.0,
        players: None,
        timeout: Duration::from_secs(5),
        seed: 1,
        database_url: None,
    }
}

fn play(flaw: Flaw) -> Report {
    run(options(flaw, PLENTY_FEN)).unwrap()
}

fn assert_found(report: &Report, text: &str) {
    assert!(!report.passed());
    assert!(report.discrepancies.iter().any(|found| found.contains(text)), "{:#?}", report.discrepancies);
}

#[test]
fn a_right_server_passes_in_closed_loop() {
    let report = play(Flaw::None);
    assert!(report.passed(), "{report:#?}");
    assert!(report.authorized > 10 && report.replayed > 10, "{report:#?}");
    assert_eq!(report.requests, report.authorized + report.replayed);
    assert_eq!((report.operators, report.connections, report.settling_requests), (1, 8, 0));
    assert!(report.authorizations_per_s > 1.0 && report.latency_us.p50 > 0);
}

#[test]
fn a_right_server_passes_in_open_loop() {
    let load = Load::Open { per_s: count(200), connections_max: count(4) };
    let report = run(Options { load, ..options(Flaw::None, PLENTY_FEN) }).unwrap();
    assert!(report.passed(), "{report:#?}");
    assert_eq!((report.requests, report.send_delay_us.p50 < 50_000), (60, true));
}

#[test]
fn refusals_are_counted_and_leave_the_books_in_order() {
    let report = run(Options { late: 0.3, players: Some(5), ..options(Flaw::None, 52_000) }).unwrap();
    assert!(report.passed(), "{report:#?}");
    assert_eq!((report.authorized, report.charged_fen), (10, 50_000));
    assert!(report.refusals["402 INSUFFICIENT_BALANCE"] > 0 && report.refusals["400 INVALID_SESSION_ID"] > 0);
}

#[test]
fn a_double_charge_is_caught() {
    assert_found(&play(Flaw::ChargesRepeats), "balance 9000000000.00 − charged");
}

#[test]
fn a_forgotten_session_is_caught() {
    assert_found(&play(Flaw::ForgetsSessions), "answers claim to be the first");
}

#[test]
fn an_authorized_late_session_is_caught() {
    let report = run(Options { late: 0.5, ..options(Flaw::AcceptsLate, PLENTY_FEN) }).unwrap();
    assert_found(&report, "although its time is out of the window");
}

#[test]
fn lost_answers_are_failures_and_their_outcome_is_learnt() {
    for (flaw, kind) in
        [(Flaw::LosesAnswers, "503 SERVICE_UNAVAILABLE"), (Flaw::HangsUp, "no answer: closed")]
    {
        let report = play(flaw);
        assert!(!report.passed() && report.failures[kind] > 0, "{report:#?}");
        assert_eq!(report.discrepancies_count, 0, "{report:#?}");
        assert!(report.settling_requests > 0 && report.first_failure.is_some());
    }
}

#[test]
fn the_table_names_what_matters() {
    let mut table = Vec::new();
    play(Flaw::ChargesRepeats).write_table(&mut table).unwrap();
    let table = String::from_utf8(table).unwrap();
    for text in
        ["closed loop, 8 connections", "authorizations/s", "P99.9", "discrepancies (answers, balances)"]
    {
        assert!(table.contains(text), "{table}");
    }
}

#[test]
fn what_cannot_start_is_an_error() {
    let base = options(Flaw::None, PLENTY_FEN);
    let keyless = Options { api_keys: Vec::new(), ..base.clone() };
    assert!(matches!(run(keyless), Err(SimulateError::NoKeys)));
    let twice = Options { duplicates: 1.5, ..base.clone() };
    assert!(matches!(run(twice), Err(SimulateError::Fraction { name: "duplicates" })));
    let cold = Options { warmup: base.duration, ..base.clone() };
    assert!(matches!(run(cold), Err(SimulateError::Warmup)));
    let wrong_key = Options { api_keys: vec!["wrong".into()], ..base.clone() };
    assert!(matches!(run(wrong_key), Err(SimulateError::Config { key_number: 1, .. })));
    let secure = Options { urls: vec!["https://127.0.0.1".to_owned()], ..base.clone() };
    assert!(matches!(run(secure), Err(SimulateError::HttpsUnsupported { .. })));
    let nobody = Options { urls: vec!["http://127.0.0.1:1".to_owned()], ..base };
    assert!(matches!(run(nobody), Err(SimulateError::Connect { .. })));
}
