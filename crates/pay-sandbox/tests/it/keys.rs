//! Both of WeChat's key modes, and keys that survive a restart.

use std::time::Duration;

use pay_sandbox::{Channel, KeyError, Keys, PaymentResult, WechatSigner};
use wechat_pay::PlatformKeys;
use wechat_pay::notices::Notice;

use crate::outcomes::Succeeded as _;
use crate::world::{start, start_with};

const LIMIT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_merchant_with_certificates_has_them_configured_or_fetches_them() {
    let world = start_with(|config| config.wechat_signer = WechatSigner::Certificate).await;
    let configured = PlatformKeys::new().with_certificate(world.keys.certificate_pem()).unwrap();
    let fetching = PlatformKeys::new().fetching_certificates();
    for (number, platform_keys) in [("T00001", configured), ("T00002", fetching)] {
        let client = world.wechat_with(platform_keys, LIMIT, &world.keys);
        client.create_native_order(&world.wechat_order(number, 100)).await.done();
        world.sandbox.pay(Channel::Wechat, number, PaymentResult::Success).unwrap();
        let came = world.notice().await;
        let notice = client.read_notice(&came.headers, &came.body).await.unwrap();
        assert!(matches!(notice, Notice::Payment(notice) if notice.transaction.out_trade_no == number));
    }
    // A client that names the public key is answered with it, certificates or not.
    world.wechat().create_native_order(&world.wechat_order("T00003", 100)).await.done();
}

#[tokio::test]
async fn a_merchant_with_the_public_key_has_no_certificates() {
    let world = start().await;
    let doubt = world.wechat().refresh_certificates().await.unwrap_err();
    assert_eq!(doubt.refusal().unwrap().code, "RESOURCE_NOT_EXISTS");
}

#[tokio::test]
async fn keys_that_were_written_and_read_are_the_same() {
    let world = start().await;
    let text = world.keys.to_pem().unwrap();
    let keys = Keys::from_pem(&text).unwrap();
    assert_eq!(keys.to_pem().unwrap(), text);
    assert_eq!(
        (keys.api_v3_key(), keys.merchant_serial(), keys.public_key_id()),
        (world.keys.api_v3_key(), world.keys.merchant_serial(), world.keys.public_key_id())
    );
    world
        .wechat_with(world.public_key(), LIMIT, &keys)
        .create_native_order(&world.wechat_order("T00001", 1))
        .await
        .done();
    assert_eq!(Keys::from_pem("").unwrap_err(), KeyError::NotKeys);
    let dates: String = text.lines().take(2).map(|line| format!("{line}\n")).collect();
    assert_eq!(Keys::from_pem(&dates).unwrap_err(), KeyError::NotKeys);
    assert!(!format!("{keys:?}").contains(keys.api_v3_key()));
}
