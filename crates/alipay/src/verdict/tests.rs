use super::*;

const REFUSED: &str = "refused";
const OUT_OF_ORDER: &str = "out of order";
const UNDECIDED: &str = "undecided";

fn judge(code: &str, sub_code: &str) -> Outcome<()> {
    let json = format!(r#"{{"code":"{code}","msg":"m","sub_code":"{sub_code}","sub_msg":null}}"#);
    serde_json::from_str::<Judged>(&json).unwrap().outcome()
}

fn word(outcome: &Outcome<()>) -> &'static str {
    match outcome {
        Outcome::Succeeded(()) => "succeeded",
        Outcome::Refused(_) => REFUSED,
        Outcome::Unknown(Doubt::OutOfOrder(_)) => OUT_OF_ORDER,
        Outcome::Unknown(Doubt::Undecided(_)) => UNDECIDED,
        Outcome::Unknown(other) => panic!("{other:?}"),
    }
}

const CASES: [(&str, &str, &str); 27] = [
    ("10003", "", UNDECIDED),
    ("20000", "", OUT_OF_ORDER),
    ("20000", "ACQ.SYSTEM_ERROR", OUT_OF_ORDER),
    ("20001", "aop.invalid-auth-token", REFUSED),
    ("40001", "isv.missing-parameter", REFUSED),
    ("40002", "isv.invalid-signature", REFUSED),
    ("40003", "", REFUSED),
    ("40005", "isv.call-limited", UNDECIDED),
    ("40006", "isv.insufficient-isv-permissions", REFUSED),
    ("40004", "", UNDECIDED),
    ("40004", "ACQ.TRADE_NOT_EXIST", REFUSED),
    ("40004", "ACQ.INVALID_PARAMETER", REFUSED),
    ("40004", "ACQ.TRADE_HAS_SUCCESS", REFUSED),
    ("40004", "ACQ.TRADE_HAS_FINISHED", REFUSED),
    ("40004", "ACQ.CONTEXT_INCONSISTENT", REFUSED),
    ("40004", "ACQ.REASON_TRADE_STATUS_INVALID", REFUSED),
    ("40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH", REFUSED),
    ("40004", "ACQ.REASON_TRADE_REFUND_FEE_ERR", REFUSED),
    ("40004", "ACQ.DISCORDANT_REPEAT_REQUEST", UNDECIDED),
    ("40004", "ACQ.SYSTEM_ERROR", OUT_OF_ORDER),
    ("40004", "aop.ACQ.SYSTEM_ERROR", OUT_OF_ORDER),
    ("40004", "SYSTEM_ERROR", OUT_OF_ORDER),
    ("40004", "isp.unknow-error", OUT_OF_ORDER),
    ("40004", "isp.bill_not_exist", REFUSED),
    ("40004", "BILL_NOT_EXIST", REFUSED),
    ("99999", "", UNDECIDED),
    ("", "", UNDECIDED),
];

#[test]
fn a_code_refuses_an_act_only_if_it_is_known_to() {
    for (code, sub_code, expected) in CASES {
        assert_eq!(word(&judge(code, sub_code)), expected, "{code} {sub_code}");
    }
    assert_eq!(word(&judge("10000", "ACQ.TRADE_NOT_EXIST")), "succeeded");
}

#[test]
fn no_code_whatsoever_answers_a_question() {
    for (code, sub_code, expected) in CASES {
        let doubt = judge(code, sub_code).into_answer().unwrap_err();
        assert_eq!(doubt.is_away(), expected == OUT_OF_ORDER, "{code} {sub_code}");
        let told = if sub_code.is_empty() { code } else { sub_code };
        assert_eq!(doubt.refusal().unwrap().code, told);
    }
}

#[test]
fn too_little_money_is_told_apart() {
    let Outcome::Refused(refusal) = judge("40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH") else { panic!() };
    assert_eq!(refusal.reason, RefusalReason::NotEnoughMoney);
    assert_eq!(refusal.text, "Alipay: 40004 m, ACQ.SELLER_BALANCE_NOT_ENOUGH");
}

#[test]
fn nodes_are_named_after_methods_and_only_queries_only_ask() {
    use Method::{BillUrl, Cancel, Close, Precreate, Query, Refund, RefundQuery};
    assert_eq!(Query.node(), "alipay_trade_query_response");
    assert_eq!(BillUrl.node(), "alipay_data_dataservice_bill_downloadurl_query_response");
    let all = [Precreate, Query, Close, Cancel, Refund, RefundQuery, BillUrl];
    assert_eq!(all.map(Method::only_asks), [false, true, false, false, false, true, true]);
}
