use super::*;
use crate::{Precreate, Refund};

fn problem<T>(result: Result<T, FieldError>) -> Option<(&'static str, FieldProblem)> {
    result.err().map(|error| (error.field, error.problem))
}

fn order(total: i64, subject: &str) -> Result<Precreate, FieldError> {
    Precreate::new(OutTradeNo::new("T_1").unwrap(), Fen::new(total), subject)
}

#[test]
fn numbers_have_1_to_64_letters_digits_and_underscores() {
    assert_eq!(problem(OutTradeNo::new("a_Z9".repeat(16))), None);
    assert_eq!(
        problem(OutTradeNo::new("1".repeat(65))),
        Some(("out_trade_no", FieldProblem::TooLong { max: 64 }))
    );
    assert_eq!(problem(OutTradeNo::new("")), Some(("out_trade_no", FieldProblem::Empty)));
    for bad in ["a-b", "a b", "订单", "a\n", "a/b"] {
        assert_eq!(
            problem(OutTradeNo::new(bad)),
            Some(("out_trade_no", FieldProblem::Characters)),
            "{bad:?}"
        );
    }
    assert_eq!(problem(TradeNo::new("x y")), Some(("trade_no", FieldProblem::Characters)));
    assert_eq!(problem(OutRequestNo::new("")), Some(("out_request_no", FieldProblem::Empty)));
}

#[test]
fn amounts_lie_between_one_fen_and_a_hundred_million_yuan() {
    assert_eq!(problem(order(1, "s")), None);
    assert_eq!(problem(order(10_000_000_000, "s")), None);
    for total in [0, -1, 10_000_000_001, i64::MIN, i64::MAX] {
        assert_eq!(problem(order(total, "s")), Some(("total_amount", FieldProblem::OutOfRange)), "{total}");
    }
    let refund = |fen| {
        let trade = TradeRef::OutTradeNo(OutTradeNo::new("T_1").unwrap());
        Refund::new(trade, Fen::new(fen), OutRequestNo::new("R_1").unwrap())
    };
    assert_eq!(problem(refund(0)), Some(("refund_amount", FieldProblem::OutOfRange)));
    let reason = refund(1).unwrap().with_reason("因".repeat(257));
    assert_eq!(problem(reason), Some(("refund_reason", FieldProblem::TooLong { max: 256 })));
}

#[test]
fn texts_are_counted_in_characters() {
    assert_eq!(problem(order(1, &"充".repeat(256))), None);
    assert_eq!(problem(order(1, &"充".repeat(257))), Some(("subject", FieldProblem::TooLong { max: 256 })));
    assert_eq!(problem(order(1, "")), Some(("subject", FieldProblem::Empty)));
    let order = || order(1, "s").unwrap();
    assert_eq!(
        problem(order().with_body("b".repeat(129))),
        Some(("body", FieldProblem::TooLong { max: 128 }))
    );
    assert_eq!(
        problem(order().with_passback_params(&"=".repeat(171))),
        Some(("passback_params", FieldProblem::TooLong { max: 512 }))
    );
}

#[test]
fn texts_that_come_back_have_nothing_that_could_be_read_as_a_parameter() {
    for bad in ["a&total_amount=1.00", "a=b", "1/2", "&"] {
        assert_eq!(problem(order(1, bad)), Some(("subject", FieldProblem::Special)), "{bad}");
        let body = order(1, "s").unwrap().with_body(bad);
        assert_eq!(problem(body), Some(("body", FieldProblem::Special)), "{bad}");
    }
}

#[test]
fn times_to_pay_lie_between_a_minute_and_15_days() {
    let order = || order(1, "s").unwrap();
    assert_eq!(problem(order().with_timeout_minutes(1)), None);
    assert_eq!(problem(order().with_timeout_minutes(21_600)), None);
    for minutes in [0, 21_601] {
        let expected = |field| Some((field, FieldProblem::OutOfRange));
        assert_eq!(problem(order().with_timeout_minutes(minutes)), expected("timeout_express"));
        assert_eq!(problem(order().with_code_timeout_minutes(minutes)), expected("qr_code_timeout_express"));
    }
}

#[test]
fn an_error_names_the_field() {
    assert_eq!(OutTradeNo::new("").unwrap_err().to_string(), "out_trade_no is empty");
}
