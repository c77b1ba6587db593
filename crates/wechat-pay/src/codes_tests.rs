use super::*;

const NONE: FinalFor = &[];

/// Every code that the documentation names, with the HTTP status it comes with, and the acts it refuses.
#[rustfmt::skip]
const EXPECTED: &[(u16, &str, FinalFor)] = &[
    (400, "PARAM_ERROR", EVERY),
    (400, "INVALID_REQUEST", EVERY),
    (400, "APPID_MCHID_NOT_MATCH", EVERY),
    (400, "MCH_NOT_EXISTS", EVERY),
    (401, "SIGN_ERROR", NONE),
    (403, "NO_AUTH", EVERY),
    (403, "NOAUTH", EVERY),
    (403, "OUT_TRADE_NO_USED", &[Call::CreateOrder]),
    (403, "OUTTRADENO_USED", &[Call::CreateOrder]),
    (404, "ORDER_NOT_EXIST", &[Call::CloseOrder, Call::CreateRefund]),
    (404, "ORDERNOTEXIST", &[Call::CloseOrder, Call::CreateRefund]),
    (400, "ORDER_CLOSED", &[Call::CreateOrder, Call::CloseOrder]),
    (400, "ORDERPAID", &[Call::CreateOrder, Call::CloseOrder]),
    (403, "RULE_LIMIT", &[Call::CreateOrder]),
    (403, "RULELIMIT", &[Call::CreateOrder]),
    (403, "TRADE_ERROR", &[Call::CreateOrder, Call::CloseOrder, Call::CreateRefund]),
    (403, "NOT_ENOUGH", &[Call::CreateRefund]),
    (403, "USER_ACCOUNT_ABNORMAL", &[Call::CreateRefund]),
    (404, "RESOURCE_NOT_EXISTS", EVERY),
    (400, "NO_STATEMENT_EXIST", NONE),
    (400, "STATEMENT_CREATING", NONE),
    (429, "FREQUENCY_LIMITED", NONE),
    (500, "SYSTEM_ERROR", NONE),
    (400, "SYSTEM_ERROR", NONE),
    (400, "FREQUENCY_LIMITED", NONE),
    (400, "A_CODE_OF_TOMORROW", NONE),
    (400, "", NONE),
    (429, "PARAM_ERROR", NONE),
    (500, "PARAM_ERROR", NONE),
    (502, "NOT_ENOUGH", NONE),
    (302, "PARAM_ERROR", NONE),
];

#[test]
fn each_code_is_final_for_the_acts_it_speaks_of_and_leaves_all_others_open() {
    for (status, code, final_for) in EXPECTED {
        for call in EVERY {
            let outcome = judge::<()>(*call, *status, (*code).to_owned(), "because");
            let is_refused = matches!(&outcome, Outcome::Refused(_));
            assert_eq!(is_refused, final_for.contains(call), "{call:?} {status} {code}");
            let refusal = match outcome {
                Outcome::Refused(refusal) | Outcome::Unknown(Doubt::Undecided(refusal)) => refusal,
                Outcome::Unknown(Doubt::OutOfOrder(refusal)) if *status >= 500 => refusal,
                other => panic!("{other:?}"),
            };
            assert_eq!(
                (&*refusal.code, &*refusal.text),
                (*code, &*format!("WeChat Pay: {status} {code}: because"))
            );
        }
    }
}

#[test]
fn no_code_whatsoever_answers_a_question() {
    for (status, code, _) in EXPECTED {
        let doubt = judge::<()>(Call::Ask, *status, (*code).to_owned(), "because").into_answer().unwrap_err();
        assert_eq!(doubt.is_away(), *status >= 500, "{status} {code}");
        assert_eq!(doubt.refusal().unwrap().code, *code);
    }
}

#[test]
fn every_row_of_the_table_is_expected_somewhere() {
    for (code, _) in FINAL.iter().filter(|(code, _)| *code != "MCHNOTEXIST") {
        assert!(EXPECTED.iter().any(|(_, spelling, _)| bare(spelling) == *code), "{code}");
    }
}
