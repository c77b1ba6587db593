use super::*;
use Method::{BillUrl, Cancel, Close, Precreate, Query, Refund, RefundQuery};

const ALL: [Method; 7] = [Precreate, Query, Close, Cancel, Refund, RefundQuery, BillUrl];

#[test]
fn codes_mean_the_same_for_every_method() {
    let cases = [
        ("10000", Verdict::Succeeded),
        ("10003", Verdict::Open(Doubt::InProgress)),
        ("20000", Verdict::Open(Doubt::Unavailable)),
        ("20001", Verdict::Refused),
        ("40001", Verdict::Refused),
        ("40002", Verdict::Refused),
        ("40003", Verdict::Refused),
        ("40004", Verdict::Refused),
        ("40005", Verdict::Open(Doubt::CallLimited)),
        ("40006", Verdict::Refused),
        ("", Verdict::Open(Doubt::Unrecognised)),
        ("10001", Verdict::Open(Doubt::Unrecognised)),
        ("99999", Verdict::Open(Doubt::Unrecognised)),
    ];
    for method in ALL {
        for (code, verdict) in cases {
            assert_eq!(judge(method, code, None), verdict, "{method:?} {code}");
        }
    }
}

#[test]
fn business_failures_are_final_except_where_nobody_knows() {
    let refusals = [
        "ACQ.TRADE_HAS_SUCCESS",
        "ACQ.TRADE_HAS_FINISHED",
        "ACQ.CONTEXT_INCONSISTENT",
        "ACQ.REASON_TRADE_STATUS_INVALID",
        "ACQ.SELLER_BALANCE_NOT_ENOUGH",
        "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
        "ACQ.REASON_TRADE_REFUND_FEE_ERR",
        "isv.invalid-signature",
    ];
    for method in ALL {
        for sub_code in refusals {
            assert_eq!(judge(method, "40004", Some(sub_code)), Verdict::Refused, "{method:?} {sub_code}");
        }
        for sub_code in ["ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "SYSTEM_ERROR"] {
            assert_eq!(
                judge(method, "40004", Some(sub_code)),
                Verdict::Open(Doubt::SystemError),
                "{sub_code}"
            );
        }
        assert_eq!(judge(method, "40004", Some("isp.unknow-error")), Verdict::Open(Doubt::Unavailable));
        assert_eq!(judge(method, "20000", Some("ACQ.SYSTEM_ERROR")), Verdict::Open(Doubt::Unavailable));
    }
}

#[test]
fn no_trade_and_closed_already_and_no_bill_are_expected_where_they_belong() {
    let expectations = [
        ("ACQ.TRADE_NOT_EXIST", Expected::NoTrade, vec![Query, Close, Cancel]),
        ("ACQ.TRADE_HAS_CLOSE", Expected::ClosedAlready, vec![Close]),
        ("isp.bill_not_exist", Expected::NoBill, vec![BillUrl]),
        ("BILL_NOT_EXIST", Expected::NoBill, vec![BillUrl]),
    ];
    for (sub_code, expected, where_expected) in expectations {
        for method in ALL {
            let verdict = judge(method, "40004", Some(sub_code));
            if where_expected.contains(&method) {
                assert_eq!(verdict, Verdict::Expected(expected), "{method:?} {sub_code}");
            } else if sub_code.starts_with("isp.") {
                assert_eq!(verdict, Verdict::Open(Doubt::Unavailable), "{method:?} {sub_code}");
            } else {
                assert_eq!(verdict, Verdict::Refused, "{method:?} {sub_code}");
            }
            assert_eq!(judge(method, "10000", Some(sub_code)), Verdict::Succeeded, "{method:?} {sub_code}");
        }
    }
}

#[test]
fn nodes_are_named_after_methods_and_only_queries_only_ask() {
    assert_eq!(Query.node(), "alipay_trade_query_response");
    assert_eq!(BillUrl.node(), "alipay_data_dataservice_bill_downloadurl_query_response");
    assert_eq!(ALL.map(Method::only_asks), [false, true, false, false, false, true, true]);
}
