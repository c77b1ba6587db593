//! The merchant of the tests, its clock, and the files of `tests/data`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use pay_protocol::Clock;
use secrecy::SecretString;
use wechat_pay::{
    ApiV3Key, AppId, Client, Config, Hosts, Merchant, MerchantId, MerchantKey, Nonces, NotifyUrl,
    OutRefundNo, OutTradeNo, PlatformKeys, TimeLimits,
};

/// 2025-06-01T00:00:00Z, when the vectors were signed.
pub(crate) const NOW: i64 = 1_748_736_000;
pub(crate) const NONCE: &str = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";
pub(crate) const API_V3_KEY: &str = "0123456789abcdefTESTONLYtestonly";
pub(crate) const MERCHANT_SERIAL: &str = "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C";
pub(crate) const SERIAL_1: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
pub(crate) const SERIAL_2: &str = "0A3B5C7D9E0F1A2B3C4D5E6F708192A3B4C5D6E7";
pub(crate) const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000072912025060100112400000001";

pub(crate) fn data(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A clock that tests move.
#[derive(Clone)]
pub(crate) struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub(crate) fn new() -> Self {
        TestClock(Arc::new(AtomicI64::new(NOW)))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn seconds(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.seconds()).unwrap()
    }
}

pub(crate) struct OneNonce;

impl Nonces for OneNonce {
    fn next(&self) -> Option<String> {
        Some(NONCE.to_owned())
    }
}

pub(crate) fn merchant() -> Merchant {
    let pem = SecretString::from(data("merchant_key.pem"));
    Merchant {
        mchid: MerchantId::parse("1900007291").unwrap(),
        appid: AppId::parse("wxd678efh567hg6787").unwrap(),
        key: MerchantKey::from_pem(&pem, MERCHANT_SERIAL).unwrap(),
        api_v3_key: ApiV3Key::from_text(&SecretString::from(API_V3_KEY)).unwrap(),
    }
}

/// Certificate 1 alone.
pub(crate) fn certificate_keys() -> PlatformKeys {
    PlatformKeys::new().with_certificate(&data("platform_certificate_1.pem")).unwrap()
}

pub(crate) fn public_key_keys() -> PlatformKeys {
    PlatformKeys::new().with_public_key(PUBLIC_KEY_ID, &data("platform_public_key.pem")).unwrap()
}

pub(crate) fn client(hosts: Hosts, platform_keys: PlatformKeys, clock: &TestClock) -> Client {
    let time_limits = TimeLimits {
        connect: Duration::from_secs(5),
        call: Duration::from_secs(20),
        download: Duration::from_secs(20),
    };
    client_with(hosts, platform_keys, clock, time_limits)
}

pub(crate) fn client_with(
    hosts: Hosts,
    platform_keys: PlatformKeys,
    clock: &TestClock,
    time_limits: TimeLimits,
) -> Client {
    let user_agent = "wechat-pay-tests/1".to_owned();
    let config = Config { merchant: merchant(), platform_keys, hosts, time_limits, user_agent };
    Client::new(config, clock.clone(), OneNonce).unwrap()
}

/// A client that has no need of a server.
pub(crate) fn offline(platform_keys: PlatformKeys, clock: &TestClock) -> Client {
    client(Hosts::new("http://127.0.0.1:1", None).unwrap(), platform_keys, clock)
}

pub(crate) fn order_number() -> OutTradeNo {
    OutTradeNo::parse("T2025060100001").unwrap()
}

pub(crate) fn refund_number() -> OutRefundNo {
    OutRefundNo::parse("R2025060100001").unwrap()
}

pub(crate) fn notify_url() -> NotifyUrl {
    NotifyUrl::parse("https://pay.example.com/notices").unwrap()
}
