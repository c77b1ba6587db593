//! What a configuration of payments may be.

use base::clock::Clock;
use pay_sandbox::Keys;

use super::*;

const PUBLIC_URL: &str = "https://coinslot.example.com/app/";

type Change = fn(&mut PaymentArgs);

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A complete configuration of both providers.
fn complete() -> PaymentArgs {
    static KEYS: std::sync::LazyLock<Keys> =
        std::sync::LazyLock::new(|| Keys::generate(Clock::system().now().timestamp()).unwrap());
    let keys = &*KEYS;
    PaymentArgs {
        payment_mode: text("live"),
        wechat: WechatArgs {
            wechat_pay_merchant_id: text("1900000001"),
            wechat_pay_app_id: text("wx5a6d0b0c5a6d0b0c"),
            wechat_pay_serial_number: text(keys.merchant_serial()),
            wechat_pay_private_key: Some(keys.merchant_private_pem().unwrap().into()),
            wechat_pay_api_v3_key: Some(keys.api_v3_key().into()),
            wechat_pay_public_key_id: text(keys.public_key_id()),
            wechat_pay_public_key: Some(keys.public_key_pem().unwrap().into()),
            ..WechatArgs::default()
        },
        alipay: AlipayArgs {
            alipay_app_id: text("2021000000000001"),
            alipay_seller_id: text("2088000000000001"),
            alipay_private_key: Some(keys.app_private_pem().unwrap().into()),
            alipay_public_key: Some(keys.alipay_public_pem().unwrap().into()),
            ..AlipayArgs::default()
        },
    }
}

fn load(change: impl FnOnce(&mut PaymentArgs)) -> Result<PaymentConfig, String> {
    let mut args = complete();
    change(&mut args);
    args.load(Some(&PUBLIC_URL.parse().unwrap())).map_err(|error| error.to_string())
}

fn live(change: impl FnOnce(&mut PaymentArgs)) -> LiveConfig {
    match load(change).unwrap() {
        PaymentConfig::Live(live) => *live,
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_a_mode_there_is_a_sandbox() {
    for mode in [None, text(""), text("sandbox")] {
        assert!(matches!(load(|args| args.payment_mode = mode), Ok(PaymentConfig::Sandbox)));
    }
    assert!(load(|args| args.payment_mode = text("Live")).unwrap_err().starts_with("PAYMENT_MODE: "));
}

#[test]
fn a_complete_configuration_has_both_providers_and_shows_no_secret() {
    let config = live(|_| {});
    let (wechat, alipay) = (config.wechat.as_ref().unwrap(), config.alipay.as_ref().unwrap());
    let base = "https://coinslot.example.com/app/v1/payments";
    assert_eq!(wechat.notify_url.as_str(), format!("{base}/wechat/notify"));
    assert_eq!(alipay.notify_url.as_str(), format!("{base}/alipay/notify"));
    assert!(!wechat.fetches_certificates());
    let shown = format!("{config:?} {:?}", complete());
    assert!(!shown.contains("PRIVATE KEY"), "{shown}");
    assert!(!shown.contains(wechat.api_v3_key.expose_secret()));
}

#[test]
fn a_provider_of_which_nothing_is_set_is_not_configured() {
    let config = live(|args| args.wechat = WechatArgs::default());
    assert!(config.wechat.is_none() && config.alipay.is_some());
    let config = live(|args| args.alipay = AlipayArgs::default());
    assert!(config.wechat.is_some() && config.alipay.is_none());
}

#[test]
fn an_error_names_the_variable() {
    let cases: [(&str, Change); 18] = [
        ("WECHAT_PAY_MERCHANT_ID", |args| args.wechat.wechat_pay_merchant_id = None),
        ("WECHAT_PAY_APP_ID", |args| args.wechat.wechat_pay_app_id = text("wx 1")),
        ("WECHAT_PAY_SERIAL_NUMBER", |args| args.wechat.wechat_pay_serial_number = text("xyz")),
        ("WECHAT_PAY_PRIVATE_KEY", |args| args.wechat.wechat_pay_private_key = Some("x".into())),
        ("WECHAT_PAY_PRIVATE_KEY", |args| {
            args.wechat.wechat_pay_private_key = None;
            args.wechat.wechat_pay_private_key_file = Some("/nowhere/apiclient_key.pem".into());
        }),
        ("WECHAT_PAY_API_V3_KEY", |args| args.wechat.wechat_pay_api_v3_key = Some("short".into())),
        ("WECHAT_PAY_PUBLIC_KEY_ID", |args| args.wechat.wechat_pay_public_key_id = None),
        ("WECHAT_PAY_PUBLIC_KEY", |args| args.wechat.wechat_pay_public_key = None),
        ("WECHAT_PAY_PUBLIC_KEY", |args| {
            args.wechat.wechat_pay_public_key = None;
            args.wechat.wechat_pay_public_key_id = None;
        }),
        ("WECHAT_PAY_PLATFORM_CERTIFICATE", |args| {
            args.wechat.wechat_pay_platform_certificate = Some("x".into());
        }),
        ("WECHAT_PAY_BASE_URL", |args| {
            args.wechat.wechat_pay_base_url = text("http://rehearsal.example.com");
        }),
        ("ALIPAY_GATEWAY_URL", |args| args.alipay.alipay_gateway_url = text("http://10.0.0.1/gateway.do")),
        ("ALIPAY_APP_ID", |args| args.alipay.alipay_app_id = text(" ")),
        ("ALIPAY_SELLER_ID", |args| args.alipay.alipay_seller_id = text("2088")),
        ("ALIPAY_PRIVATE_KEY", |args| args.alipay.alipay_private_key = None),
        ("ALIPAY_PUBLIC_KEY", |args| args.alipay.alipay_public_key = None),
        ("ALIPAY_PUBLIC_KEY", |args| args.alipay.alipay_app_certificate = Some("x".into())),
        ("ALIPAY_CERTIFICATE", |args| {
            args.alipay.alipay_public_key = None;
            args.alipay.alipay_app_certificate = Some("x".into());
        }),
    ];
    for (number, (variable, change)) in cases.into_iter().enumerate() {
        let error = load(change).unwrap_err();
        assert!(error.starts_with(&format!("{variable}: ")), "case {number}: {error}");
    }
}

#[test]
fn a_rehearsal_has_addresses_of_its_own() {
    let config = live(|args| {
        args.wechat.wechat_pay_base_url = text("http://127.0.0.1:9000");
        args.alipay.alipay_gateway_url = text(::alipay::SANDBOX_GATEWAY);
    });
    let (wechat, alipay) = (config.wechat.unwrap(), config.alipay.unwrap());
    assert_eq!((wechat.host.as_str(), wechat.backup_host), ("http://127.0.0.1:9000", None));
    assert_eq!(alipay.gateway, ::alipay::SANDBOX_GATEWAY);
    let config = live(|_| {});
    assert_eq!(config.wechat.unwrap().host, "https://api.mch.weixin.qq.com");
    assert_eq!(config.alipay.unwrap().gateway, ::alipay::PRODUCTION_GATEWAY);
}

#[test]
fn live_mode_needs_an_address_that_providers_can_reach() {
    for url in [None, Some("http://coinslot.example.com")] {
        let error = complete().load(url.map(|url| url.parse().unwrap()).as_ref()).unwrap_err();
        assert!(error.to_string().starts_with("COINSLOT_PUBLIC_URL: "), "{error}");
    }
}

#[test]
fn a_key_may_stand_in_a_file_or_in_one_line_but_not_in_both() {
    let pem = complete().wechat.wechat_pay_private_key.unwrap().expose_secret().to_owned();
    let one_line = pem.replace('\n', "\\n");
    live(|args| args.wechat.wechat_pay_private_key = Some(one_line.into()));
    let path = std::env::temp_dir().join(format!("coinslot-key-{}.pem", std::process::id()));
    std::fs::write(&path, pem).unwrap();
    live(|args| {
        args.wechat.wechat_pay_private_key = None;
        args.wechat.wechat_pay_private_key_file = Some(path.clone());
    });
    let error = load(|args| args.wechat.wechat_pay_private_key_file = Some(path.clone())).unwrap_err();
    assert!(error.starts_with("WECHAT_PAY_PRIVATE_KEY: "), "{error}");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn certificates_may_be_fetched_beside_a_public_key() {
    let config = live(|args| args.wechat.wechat_pay_platform_certificate = Some("fetch".into()));
    assert!(config.wechat.unwrap().fetches_certificates());
}
