//! What a test expects of a call, whichever client made it.

/// The value of a success, whichever client it comes from.
pub(crate) trait Succeeded<T> {
    fn ok(self) -> T;
}

impl<T: std::fmt::Debug> Succeeded<T> for wechat_pay::Outcome<T> {
    #[track_caller]
    fn ok(self) -> T {
        match self {
            wechat_pay::Outcome::Succeeded(value) => value,
            other => panic!("{other:?}"),
        }
    }
}

impl<T: std::fmt::Debug> Succeeded<T> for alipay::Outcome<T> {
    #[track_caller]
    fn ok(self) -> T {
        match self {
            alipay::Outcome::Succeeded(value) => value,
            other => panic!("{other:?}"),
        }
    }
}

/// The code of a refusal of WeChat's.
#[track_caller]
pub(crate) fn wechat_code<T: std::fmt::Debug>(outcome: wechat_pay::Outcome<T>) -> String {
    match outcome {
        wechat_pay::Outcome::Refused(report) => report.spelling,
        other => panic!("{other:?}"),
    }
}

/// The sub-code of a refusal of Alipay's.
#[track_caller]
pub(crate) fn alipay_code<T: std::fmt::Debug>(outcome: alipay::Outcome<T>) -> String {
    match outcome {
        alipay::Outcome::Refused(reason) => reason.sub_code.unwrap(),
        other => panic!("{other:?}"),
    }
}
