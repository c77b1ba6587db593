use super::*;

/// Every code that payments.md names, with the HTTP status it comes with, and the calls it refuses.
const OTHER: FinalFor = &[];

#[rustfmt::skip]
const EXPECTED: &[(u16, &str, FinalFor)] = &[
    (400, "PARAM_ERROR", EVERY),
    (400, "INVALID_REQUEST", EVERY),
    (400, "APPID_MCHID_NOT_MATCH", EVERY),
    (400, "MCH_NOT_EXISTS", EVERY),
    (401, "SIGN_ERROR", OTHER),
    (403, "NO_AUTH", EVERY),
    (403, "NOAUTH", EVERY),
    (403, "OUT_TRADE_NO_USED", &[Call::CreateOrder]),
    (403, "OUTTRADENO_USED", &[Call::CreateOrder]),
    (404, "ORDER_NOT_EXIST", &[Call::QueryOrder, Call::CloseOrder, Call::CreateRefund]),
    (404, "ORDERNOTEXIST", &[Call::QueryOrder, Call::CloseOrder, Call::CreateRefund]),
    (400, "ORDER_CLOSED", &[Call::CreateOrder, Call::CloseOrder]),
    (400, "ORDERPAID", &[Call::CreateOrder, Call::CloseOrder]),
    (403, "RULE_LIMIT", &[Call::CreateOrder]),
    (403, "RULELIMIT", &[Call::CreateOrder]),
    (403, "TRADE_ERROR", &[Call::CreateOrder, Call::CloseOrder, Call::CreateRefund]),
    (403, "NOT_ENOUGH", &[Call::CreateRefund]),
    (403, "USER_ACCOUNT_ABNORMAL", &[Call::CreateRefund]),
    (404, "RESOURCE_NOT_EXISTS", EVERY),
    (400, "NO_STATEMENT_EXIST", &[Call::RequestBill]),
    (400, "STATEMENT_CREATING", OTHER),
    (429, "FREQUENCY_LIMITED", OTHER),
    (500, "SYSTEM_ERROR", OTHER),
    (400, "SYSTEM_ERROR", OTHER),
    (400, "FREQUENCY_LIMITED", OTHER),
    (400, "A_CODE_OF_TOMORROW", OTHER),
    (400, "", OTHER),
    (429, "PARAM_ERROR", OTHER),
    (500, "PARAM_ERROR", OTHER),
    (502, "NOT_ENOUGH", OTHER),
    (302, "PARAM_ERROR", OTHER),
];

#[test]
fn each_code_is_final_for_the_calls_it_speaks_of_and_unknown_for_all_others() {
    for (status, spelling, final_for) in EXPECTED {
        for call in EVERY {
            let outcome = judge::<()>(*call, *status, (*spelling).to_owned(), "because".to_owned());
            let refused = matches!(&outcome, Outcome::Refused(_));
            assert_eq!(refused, final_for.contains(call), "{call:?} {status} {spelling}");
            let (Outcome::Refused(report) | Outcome::Unknown(Doubt::Undecided(report))) = outcome else {
                panic!("{call:?} {status} {spelling} has a report");
            };
            let said = (report.status, report.spelling.as_str(), report.message.as_str());
            assert_eq!(said, (*status, *spelling, "because"));
        }
    }
}

#[test]
fn every_row_of_the_table_is_expected_somewhere() {
    let named: Vec<Option<Code>> = EXPECTED.iter().map(|(_, spelling, _)| Code::parse(spelling)).collect();
    for (spelling, code, _) in TABLE {
        assert!(named.contains(&Some(*code)), "{spelling}");
        assert_eq!(Code::parse(spelling), Some(*code), "no row hides another");
    }
}
