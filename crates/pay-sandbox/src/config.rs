//! What a sandbox is made of: who the merchant is, the keys of both sides, time, and how patient it is.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use jiff::SignedDuration;
use pay_protocol::Clock;

use crate::keys::Keys;
use crate::store::{Memory, Store};

/// What Alipay signs with, and the merchant with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlipaySigner {
    /// Keys that both sides have told each other.
    PublicKey,
    /// Keys with certificates: requests and answers name them.
    Certificate,
}

/// The key that signs what WeChat says to a merchant who does not name one in `Wechatpay-Serial`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WechatSigner {
    /// A platform certificate, which `GET /v3/certificates` hands out: merchants of the old days.
    Certificate,
    /// A public key, known by its id. There is no certificate to fetch: new merchants.
    PublicKey,
}

/// When a notice that nobody took is sent again: the waits between one attempt and the next.
#[derive(Clone, Debug)]
pub struct Schedules {
    /// WeChat's.
    pub wechat: Vec<SignedDuration>,
    /// Alipay's.
    pub alipay: Vec<SignedDuration>,
}

impl Schedules {
    const WECHAT: [i64; 15] =
        [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600];
    const ALIPAY: [i64; 7] = [240, 600, 600, 3600, 7200, 21_600, 54_000];

    /// The providers' own, which take a day.
    #[must_use]
    pub fn real() -> Self {
        Self::shortened(1)
    }

    /// The providers' own, so many times faster.
    #[must_use]
    pub fn shortened(times: u32) -> Self {
        let divide = |seconds: &i64| SignedDuration::from_millis(seconds * 1000 / i64::from(times.max(1)));
        Schedules {
            wechat: Self::WECHAT.iter().map(divide).collect(),
            alipay: Self::ALIPAY.iter().map(divide).collect(),
        }
    }
}

impl Default for Schedules {
    /// Sixty times faster: the first repetition after a quarter of a second (WeChat) or four seconds (Alipay), the last
    /// after less than half an hour.
    fn default() -> Self {
        Self::shortened(60)
    }
}

/// Everything a [`Sandbox`](crate::Sandbox) needs. Start from [`Config::new`].
#[derive(Clone)]
pub struct Config {
    /// The merchant's number at WeChat Pay.
    pub mchid: String,
    /// The application bound to it.
    pub appid: String,
    /// The application at Alipay.
    pub app_id: String,
    /// The merchant's number at Alipay.
    pub seller_id: String,
    /// What the pay page calls the merchant.
    pub merchant_name: String,
    /// The keys of both sides.
    pub keys: Keys,
    /// Which key signs what WeChat says.
    pub wechat_signer: WechatSigner,
    /// How Alipay and the merchant name their keys.
    pub alipay_signer: AlipaySigner,
    /// When notices are repeated.
    pub schedules: Schedules,
    /// How long after the payment a late notice comes.
    pub late_notice: SignedDuration,
    /// Whether a failed payment ends the order. At the providers it does not: the payer may try again, and the merchant
    /// hears nothing. If it does, WeChat's order is `PAYERROR`, and Alipay's trade is closed and the merchant told.
    pub failure_ends_order: bool,
    /// How long WeChat takes to pay a refund it has accepted.
    pub refund_takes: SignedDuration,
    /// The least time between two partial refunds of an order of WeChat's.
    pub refund_spacing: SignedDuration,
    /// Names that notices may be addressed to instead of a host, and where they lead. So a merchant can keep one address
    /// for its notices wherever it listens. The port is the one given here if the address names none.
    pub hosts: Vec<(String, SocketAddr)>,
    /// How long a connection is held whose answer never comes. Longer than any client waits.
    pub hold: std::time::Duration,
    /// Where orders, refunds, faults and notices are kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Config {
    /// A merchant with invented numbers, the providers' rules, and notices sixty times faster than theirs.
    #[must_use]
    pub fn new(keys: Keys, clock: Arc<dyn Clock>) -> Self {
        Config {
            mchid: "1900000001".to_owned(),
            appid: "wx5a6d0b0c5a6d0b0c".to_owned(),
            app_id: "2021000000000001".to_owned(),
            seller_id: "2088000000000001".to_owned(),
            merchant_name: "沙箱商户".to_owned(),
            keys,
            wechat_signer: WechatSigner::PublicKey,
            alipay_signer: AlipaySigner::PublicKey,
            schedules: Schedules::default(),
            late_notice: SignedDuration::from_secs(10),
            failure_ends_order: false,
            refund_takes: SignedDuration::from_secs(1),
            refund_spacing: SignedDuration::from_mins(1),
            hosts: Vec::new(),
            hold: std::time::Duration::from_secs(60),
            store: Arc::new(Memory),
            clock,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("mchid", &self.mchid)
            .field("app_id", &self.app_id)
            .field("wechat_signer", &self.wechat_signer)
            .finish_non_exhaustive()
    }
}
