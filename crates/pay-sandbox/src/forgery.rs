//! Notices as they should be, and as they should not, to see what the merchant makes of them. Nothing is sent: the caller
//! has the letter, and posts it.

use http::{HeaderMap, HeaderValue};
use jiff::SignedDuration;

use crate::notifier::{Delivery, Notice};
use crate::sandbox::{Channel, Sandbox, later};
use crate::{alipay, wechat};

/// What is wrong with a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgery {
    /// The provider's own test, whose signature begins with `WECHATPAY/SIGNTEST/`; at Alipay a signature that is none.
    SignTest,
    /// Signed with another key than it says.
    WrongSignature,
    /// Signed with a key that nobody knows (WeChat Pay; at Alipay a notice names no key).
    UnknownKey,
    /// Signed ten minutes ago.
    Stale,
    /// The amount was changed on the way.
    TamperedAmount,
    /// Signed by the provider, for another merchant.
    OtherMerchant,
}

/// A notice as it is posted.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

impl Sandbox {
    /// What the provider has to tell of an order now, genuine or not. Nothing if the order was never paid.
    #[must_use]
    pub fn letter(&self, channel: Channel, out_trade_no: &str, forgery: Option<Forgery>) -> Option<Letter> {
        let notice = self.notice_of(channel, out_trade_no)?;
        let now = self.now();
        let mut delivery = Delivery::new("SANDBOX-LETTER".to_owned(), now, String::new(), notice, now, 0);
        let (headers, body) = match (channel, forgery) {
            (_, Some(Forgery::OtherMerchant)) => {
                delivery.notice.change_merchant();
                self.compose(&delivery)?
            }
            (Channel::Wechat, Some(forgery)) => self.forge_wechat(&delivery, forgery)?,
            (Channel::Alipay, Some(forgery)) => self.forge_alipay(&delivery, forgery)?,
            (_, None) => self.compose(&delivery)?,
        };
        Some(Letter { headers, body })
    }

    fn notice_of(&self, channel: Channel, out_trade_no: &str) -> Option<Notice> {
        let state = self.state();
        match channel {
            Channel::Wechat => state.wechat_orders.get(out_trade_no)?.notice(self),
            Channel::Alipay => state.alipay_orders.get(out_trade_no)?.notice(self, self.now()),
        }
    }

    fn forge_wechat(&self, delivery: &Delivery, forgery: Forgery) -> Option<(HeaderMap, Vec<u8>)> {
        let keys = &self.config().keys;
        let (mut headers, body) = self.compose(delivery)?;
        match forgery {
            Forgery::SignTest => {
                let genuine = headers.get("wechatpay-signature")?.to_str().ok()?;
                let probe = format!("WECHATPAY/SIGNTEST/{genuine}");
                headers.insert("wechatpay-signature", HeaderValue::from_str(&probe).ok()?);
            }
            Forgery::WrongSignature => {
                let signature = wechat::sign(keys.merchant(), &headers, &body)?;
                headers.insert("wechatpay-signature", signature);
            }
            Forgery::UnknownKey => {
                headers.insert("wechatpay-signature", wechat::sign(keys.merchant(), &headers, &body)?);
                headers.insert("wechatpay-serial", HeaderValue::from_static("PUB_KEY_ID_0000000000"));
            }
            Forgery::Stale => {
                let then = later(self.now(), SignedDuration::from_mins(-10)).as_second();
                headers.insert("wechatpay-timestamp", HeaderValue::from(then));
                headers.insert("wechatpay-signature", wechat::sign(keys.platform(), &headers, &body)?);
            }
            Forgery::TamperedAmount => {
                let mut changed = delivery.clone();
                changed.notice.change_amount();
                return Some((headers, self.compose(&changed)?.1));
            }
            Forgery::OtherMerchant => {}
        }
        Some((headers, body))
    }

    fn forge_alipay(&self, delivery: &Delivery, forgery: Forgery) -> Option<(HeaderMap, Vec<u8>)> {
        let (headers, body) = self.compose(delivery)?;
        let mut fields: alipay::Fields = form_urlencoded::parse(&body).into_owned().collect();
        match forgery {
            Forgery::SignTest => {
                fields.insert("sign".to_owned(), "WECHATPAY/SIGNTEST/".to_owned());
            }
            Forgery::WrongSignature | Forgery::UnknownKey => {
                let sign = alipay::sign_notice(self.config().keys.app(), &fields);
                fields.insert("sign".to_owned(), sign);
            }
            Forgery::Stale => {
                let then = later(self.now(), SignedDuration::from_mins(-10));
                fields.insert("notify_time".to_owned(), crate::times::wall_clock(then));
                let sign = alipay::sign_notice(self.config().keys.alipay(), &fields);
                fields.insert("sign".to_owned(), sign);
            }
            Forgery::TamperedAmount => {
                fields.insert("total_amount".to_owned(), "0.01".to_owned());
            }
            Forgery::OtherMerchant => {}
        }
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        Some((headers, body.into_bytes()))
    }
}
