use super::*;
use crate::Certificates;
use crate::test_keys::{
    ALIPAY_CERTIFICATE, ALIPAY_PKCS8, APP_CERTIFICATE, APP_ID, APP_PKCS8, ROOTS, credentials,
};
use pay_protocol::PrivateKey;
use proptest::prelude::*;

const SELLER: &str = "2088000000000001";
const PAID: &str = include_str!("../../tests/vectors/notification.paid.form");
const HTML_ESCAPED: &str = include_str!("../../tests/vectors/notification.html-escaped.form");
const EMPTY_SIGNED: &str = include_str!("../../tests/vectors/notification.empty-signed.form");
const EMPTY_UNSIGNED: &str = include_str!("../../tests/vectors/notification.empty-unsigned.form");
const WITH_CERTIFICATE: &str = include_str!("../../tests/vectors/notification.certificate.form");
const PART_REFUNDED: &str = include_str!("../../tests/vectors/notification.part-refunded.form");
const REFUNDED: &str = include_str!("../../tests/vectors/notification.refunded.form");
const UNPAID: &str = include_str!("../../tests/vectors/notification.unpaid.form");

fn read(body: &str) -> Result<Notification, NotificationError> {
    Notification::read(body.as_bytes(), &credentials(), Some(SELLER))
}

/// A notification signed here, to say what openssl was not asked to sign.
fn signed(change: impl FnOnce(&mut Parameters)) -> String {
    let mut parameters: Parameters = form_urlencoded::parse(PAID.as_bytes()).into_owned().collect();
    change(&mut parameters);
    let content = notification_content(&parameters);
    let sign = PrivateKey::parse(ALIPAY_PKCS8).unwrap().sign(content.as_bytes()).unwrap();
    parameters.insert("sign".to_owned(), sign);
    crate::signing::form(&parameters)
}

fn time(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

#[test]
fn a_notification_that_openssl_signed_is_read_whole() {
    let notification = read(PAID).unwrap();
    assert_eq!(
        notification,
        Notification {
            notify_id: Some("2026030100222080102000001".to_owned()),
            trade_no: "2026030122001400001".to_owned(),
            out_trade_no: "T_1".to_owned(),
            out_biz_no: None,
            status: TradeStatus::Success,
            total: Fen::new(5_000),
            refund_fee: None,
            seller_id: Some(SELLER.to_owned()),
            paid_at: time("2026-03-01T00:01:01Z"),
            is_of_refund: false,
        }
    );
    assert!(notification.was_paid());
    assert_eq!(notification.refunded(), Fen::ZERO);
}

#[test]
fn a_space_may_be_a_plus_or_20() {
    assert!(PAID.contains('+'));
    assert_eq!(read(&PAID.replace('+', "%20")), read(PAID));
}

#[test]
fn html_in_the_list_of_funds_does_no_harm() {
    assert!(HTML_ESCAPED.contains("%26quot%3B"));
    assert_eq!(read(HTML_ESCAPED), read(PAID));
}

#[test]
fn an_empty_value_is_none_whether_it_was_signed_or_not() {
    for body in [EMPTY_SIGNED, EMPTY_UNSIGNED, &format!("{PAID}&gmt_refund=&refund_fee=")] {
        assert_eq!(read(body), read(PAID));
    }
}

#[test]
fn partial_and_whole_refunds_and_unpaid_orders_are_told_apart() {
    let part = read(PART_REFUNDED).unwrap();
    assert_eq!(
        (part.status, part.was_paid(), part.refunded()),
        (TradeStatus::Success, true, Fen::new(2_000))
    );
    assert!(part.is_of_refund);
    assert_eq!(part.out_biz_no.as_deref(), Some("R_1"));
    let whole = read(REFUNDED).unwrap();
    assert_eq!((whole.status, whole.was_paid(), whole.refunded()), (TradeStatus::Closed, true, whole.total));
    let unpaid = read(UNPAID).unwrap();
    assert_eq!(
        (unpaid.status, unpaid.was_paid(), unpaid.refunded()),
        (TradeStatus::Closed, false, Fen::ZERO)
    );
    let silent = read(&signed(|fields| {
        fields.insert("trade_status".to_owned(), "TRADE_CLOSED".to_owned());
    }));
    assert_eq!(silent.unwrap().refunded(), Fen::new(5_000));
}

#[test]
fn whatever_is_changed_breaks_the_signature() {
    let cases = [
        PAID.replace("total_amount=50.00", "total_amount=5000.00"),
        PAID.replace("out_trade_no=T_1", "out_trade_no=T_2"),
        PAID.replace("TRADE_SUCCESS", "TRADE_FINISHED"),
        PAID.replace("&version=1.0", ""),
        format!("{PAID}&refund_fee=50.00"),
        PAID.replace("notify_type", "notify_kind"),
    ];
    for body in cases {
        assert_eq!(read(&body), Err(NotificationError::Signature), "{body}");
    }
    let mut bytes = PAID.replace("a%2A%2A", "a%FF%2A").into_bytes();
    bytes.push(0xff);
    assert_eq!(Notification::read(&bytes, &credentials(), None), Err(NotificationError::Signature));
}

#[test]
fn what_is_not_signed_or_said_twice_is_refused() {
    let without_sign = PAID.split("&sign=").next().unwrap();
    assert_eq!(read(without_sign), Err(NotificationError::Unsigned));
    assert_eq!(read(&format!("{without_sign}&sign=")), Err(NotificationError::Unsigned));
    assert_eq!(read(""), Err(NotificationError::Unsigned));
    assert_eq!(read(&PAID.replace("sign_type=RSA2", "sign_type=RSA")), Err(NotificationError::SignType));
    assert_eq!(read(&format!("{PAID}&total_amount=50.00")), Err(NotificationError::Ambiguous));
}

#[test]
fn a_text_that_could_be_told_as_an_amount_is_refused_however_it_is_told() {
    let order = signed(|fields| {
        fields.insert("subject".to_owned(), "x&total_amount=5000.00&zz".to_owned());
    });
    assert_eq!(read(&order), Err(NotificationError::Ambiguous));
    let mut told: Parameters = form_urlencoded::parse(order.as_bytes()).into_owned().collect();
    let content = notification_content(&told);
    let (_, rest) = content.split_once("&zz&").unwrap();
    let rest = format!("&{rest}");
    told.retain(|name, _| name.as_str() < "subject");
    told.insert("subject".to_owned(), "x".to_owned());
    told.insert("total_amount".to_owned(), format!("5000.00&zz{rest}"));
    told.insert("sign_type".to_owned(), "RSA2".to_owned());
    let sign: Parameters = form_urlencoded::parse(order.as_bytes()).into_owned().collect();
    told.insert("sign".to_owned(), sign["sign"].clone());
    assert_eq!(notification_content(&told), content);
    assert_eq!(read(&crate::signing::form(&told)), Err(NotificationError::Ambiguous));
}

#[test]
fn what_is_signed_for_somebody_else_is_refused() {
    let other = |name: &str, value: &str| {
        read(&signed(|fields| {
            fields.insert(name.to_owned(), value.to_owned());
        }))
    };
    assert_eq!(other("app_id", "2021000000000002"), Err(NotificationError::OtherApp));
    assert_eq!(other("seller_id", "2088000000000002"), Err(NotificationError::OtherSeller));
    let nobody = signed(|fields| {
        fields.remove("app_id");
    });
    assert_eq!(read(&nobody), Err(NotificationError::OtherApp));
}

#[test]
fn a_field_that_cannot_be_read_is_named() {
    let with = |name: &'static str, value: &str| {
        read(&signed(|fields| {
            fields.insert(name.to_owned(), value.to_owned());
        }))
    };
    for (name, value) in [
        ("trade_status", "TRADE_PENDING"),
        ("total_amount", ""),
        ("total_amount", "1.234"),
        ("refund_fee", "x"),
        ("gmt_payment", "yesterday"),
        ("out_trade_no", ""),
    ] {
        assert_eq!(with(name, value), Err(NotificationError::Field(name)), "{name}={value}");
    }
}

#[test]
fn what_nobody_needs_never_refuses_a_good_notification() {
    let strange = signed(|fields| {
        for (name, value) in [
            ("fund_bill_list", "[{"),
            ("gmt_create", "yesterday"),
            ("gmt_close", "never"),
            ("invoice_amount", "1.234"),
            ("receipt_amount", "x"),
            ("point_amount", "-"),
            ("notify_time", ""),
            ("passback_params", "%"),
        ] {
            fields.insert(name.to_owned(), value.to_owned());
        }
    });
    assert_eq!(read(&strange), read(PAID));
}

#[test]
fn a_name_that_hides_a_parameter_is_refused() {
    // What is signed is the same as with `seller_id` and `subject` as parameters of their own.
    let mut told: Parameters = form_urlencoded::parse(PAID.as_bytes()).into_owned().collect();
    let (seller, subject) = (told.remove("seller_id").unwrap(), told.remove("subject").unwrap());
    told.insert(format!("seller_id={seller}&subject"), subject);
    let genuine: Parameters = form_urlencoded::parse(PAID.as_bytes()).into_owned().collect();
    let signed = |all: &Parameters| notification_content(all).replace("sign_type", "");
    assert!(signed(&told).contains(&format!("&seller_id={seller}&subject=")));
    assert_eq!(genuine["sign"], told["sign"]);
    assert_eq!(read(&crate::signing::form(&told)), Err(NotificationError::Ambiguous));
    for name in ["a=b", "a&b", "=", "&"] {
        let body =
            format!("{PAID}&{}=x", form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>());
        assert_eq!(read(&body), Err(NotificationError::Ambiguous), "{name}");
    }
}

#[test]
fn in_certificate_mode_the_number_of_the_certificate_is_not_signed_but_compared() {
    assert_eq!(read(WITH_CERTIFICATE), read(PAID));
    let certificates = Certificates::parse(APP_CERTIFICATE, ALIPAY_CERTIFICATE, ROOTS).unwrap();
    let number = certificates.alipay().keys().next().unwrap().clone();
    let credentials =
        Credentials::with_certificates(APP_ID, PrivateKey::parse(APP_PKCS8).unwrap(), certificates);
    let read_with = |body: &str| Notification::read(body.as_bytes(), &credentials, None);
    assert_eq!(
        read_with(&WITH_CERTIFICATE.replace("alipay_cert_sn=CERT", &format!("alipay_cert_sn={number}"))),
        read(PAID)
    );
    assert_eq!(read_with(WITH_CERTIFICATE), Err(NotificationError::OtherCertificate));
}

proptest! {
    #[test]
    fn nothing_but_a_notification_is_one(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Notification::read(&body, &credentials(), None).is_err());
    }

    #[test]
    fn no_single_byte_can_be_changed(at in 0..PAID.len(), byte in 0x20_u8..0x7f) {
        let mut body = PAID.as_bytes().to_vec();
        body[at] = byte;
        if let Ok(found) = Notification::read(&body, &credentials(), None) {
            prop_assert_eq!(Ok(found), read(PAID));
        }
    }
}

#[test]
fn the_answer_is_seven_bytes() {
    assert_eq!(RECEIVED.as_bytes(), b"success");
}
