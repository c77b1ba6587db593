use super::*;
use proptest::prelude::*;

fn parameters(pairs: &[(&str, &str)]) -> Parameters {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_request_signs_its_sign_type_raw_values_and_nothing_empty() {
    let content = request_content(&parameters(&[
        ("version", "1.0"),
        ("sign_type", "RSA2"),
        ("sign", "old"),
        ("notify_url", ""),
        ("biz_content", r#"{"subject":"a=b&c +%20"}"#),
        ("app_id", "1"),
        ("Zone", "x"),
    ]));
    assert_eq!(content, r#"Zone=x&app_id=1&biz_content={"subject":"a=b&c +%20"}&sign_type=RSA2&version=1.0"#);
}

#[test]
fn a_request_signs_the_content_that_openssl_signed() {
    let all = parameters(&[
        ("app_id", "2021000000000001"),
        ("biz_content", r#"{"out_trade_no":"T_1","total_amount":"50.00","subject":"充值 a=b&c"}"#),
        ("method", "alipay.trade.precreate"),
        ("sign_type", "RSA2"),
        ("version", "1.0"),
        ("timestamp", "2026-03-01 08:00:00"),
        ("charset", "utf-8"),
        ("format", "JSON"),
        ("notify_url", "https://pay.example.com/n?x=1"),
    ]);
    assert_eq!(request_content(&all), include_str!("../../tests/vectors/request.content"));
}

#[test]
fn a_notification_does_not_sign_its_sign_type() {
    let all = parameters(&[
        ("b", ""),
        ("a", "1"),
        ("sign_type", "RSA2"),
        ("sign", "x"),
        ("alipay_cert_sn", "y"),
        ("c", "充 值"),
    ]);
    assert_eq!(notification_content(&all), "a=1&b=&c=充 值");
    assert_eq!(notification_content_without_empty(&all), "a=1&c=充 值");
}

proptest! {
    #[test]
    fn a_form_reads_back_as_it_was(pairs in proptest::collection::btree_map("[a-z_]{1,8}", "\\PC{0,20}", 0..8)) {
        let read: Parameters = form_urlencoded::parse(form(&pairs).as_bytes()).into_owned().collect();
        prop_assert_eq!(read, pairs);
    }
}
