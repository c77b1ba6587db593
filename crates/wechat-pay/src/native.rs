//! Native orders: `POST /v3/pay/transactions/native` (4012791877).

use std::net::IpAddr;

use jiff::Timestamp;
use money::Fen;
use pay_protocol::{Doubt, Outcome, beijing};
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::codes::Call;
use crate::fields::{InvalidField, NotifyUrl, is_text, require};
use crate::numbers::OutTradeNo;
use crate::transport::Request;

/// An order that somebody shall pay by scanning a code.
///
/// Repeating it with the same number *and the same values* gives a fresh code; with other values it is refused as
/// `OUT_TRADE_NO_USED`. So keep what was sent, the expiry above all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeOrder {
    out_trade_no: OutTradeNo,
    description: String,
    total: Fen,
    notify_url: NotifyUrl,
    time_expire: Option<Timestamp>,
    attach: Option<String>,
    goods_tag: Option<String>,
    support_fapiao: bool,
    payer_client_ip: Option<IpAddr>,
}

impl NativeOrder {
    /// An order over `total` fen (at least one). `description` is what the payer sees, at most 127 bytes.
    ///
    /// # Errors
    ///
    /// Names `description` or `amount.total`.
    pub fn new(
        out_trade_no: OutTradeNo,
        description: &str,
        total: Fen,
        notify_url: NotifyUrl,
    ) -> Result<Self, InvalidField> {
        require(is_text(description, 127), "description", "must have 1 to 127 bytes")?;
        require(total >= Fen::new(1), "amount.total", "must be at least 1 fen")?;
        Ok(NativeOrder {
            out_trade_no,
            description: description.to_owned(),
            total,
            notify_url,
            time_expire: None,
            attach: None,
            goods_tag: None,
            support_fapiao: false,
            payer_client_ip: None,
        })
    }

    /// Until when it can be paid, in whole seconds. WeChat moves a time less than a minute ahead to one minute ahead,
    /// and without one the order can be paid for 7 days. It ends payment but does not close the order.
    #[must_use]
    pub fn with_time_expire(mut self, time: Timestamp) -> Self {
        self.time_expire = Some(time);
        self
    }

    /// A text that comes back in queries and notices, at most 128 bytes.
    ///
    /// # Errors
    ///
    /// Names `attach`.
    pub fn with_attach(mut self, text: &str) -> Result<Self, InvalidField> {
        require(is_text(text, 128), "attach", "must have 1 to 128 bytes")?;
        self.attach = Some(text.to_owned());
        Ok(self)
    }

    /// The mark that coupons go by, at most 32 bytes.
    ///
    /// # Errors
    ///
    /// Names `goods_tag`.
    pub fn with_goods_tag(mut self, text: &str) -> Result<Self, InvalidField> {
        require(is_text(text, 32), "goods_tag", "must have 1 to 32 bytes")?;
        self.goods_tag = Some(text.to_owned());
        Ok(self)
    }

    /// Shows the payer a way to an electronic invoice.
    #[must_use]
    pub fn with_fapiao(mut self) -> Self {
        self.support_fapiao = true;
        self
    }

    /// Where the payer's device called from, for WeChat's risk control.
    #[must_use]
    pub fn with_payer_client_ip(mut self, address: IpAddr) -> Self {
        self.payer_client_ip = Some(address);
        self
    }
}

/// What the QR code has to hold: `weixin://wxpay/bizpayurl?pr=…`. Good for 2 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeUrl(String);

impl CodeUrl {
    /// The text to put into the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Serialize)]
struct OrderBody<'a> {
    appid: &'a str,
    mchid: &'a str,
    description: &'a str,
    out_trade_no: &'a OutTradeNo,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_expire: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attach: Option<&'a str>,
    notify_url: &'a NotifyUrl,
    #[serde(skip_serializing_if = "Option::is_none")]
    goods_tag: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    support_fapiao: bool,
    amount: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    scene_info: Option<SceneInfo>,
}

#[derive(Serialize)]
struct Amount {
    #[serde(with = "pay_protocol::amount::whole_fen")]
    total: Fen,
    currency: &'static str,
}

#[derive(Serialize)]
struct SceneInfo {
    payer_client_ip: IpAddr,
}

#[derive(Deserialize)]
struct OrderAnswer {
    code_url: String,
}

impl Client {
    /// Creates an order, or asks for a fresh code of one. Safe to repeat with the same values.
    pub async fn create_native_order(&self, order: &NativeOrder) -> Outcome<CodeUrl> {
        let body = OrderBody {
            appid: self.merchant.appid.as_str(),
            mchid: self.merchant.mchid.as_str(),
            description: &order.description,
            out_trade_no: &order.out_trade_no,
            time_expire: order.time_expire.map(beijing::rfc3339),
            attach: order.attach.as_deref(),
            notify_url: &order.notify_url,
            goods_tag: order.goods_tag.as_deref(),
            support_fapiao: order.support_fapiao,
            amount: Amount { total: order.total, currency: "CNY" },
            scene_info: order.payer_client_ip.map(|payer_client_ip| SceneInfo { payer_client_ip }),
        };
        let request = Request::post("/v3/pay/transactions/native".to_owned(), &body);
        let answer = self.call_for::<OrderAnswer>(Call::CreateOrder, request).await;
        answer.and_then(|answer| {
            if answer.code_url.is_empty() {
                return Err(Doubt::Unreadable("code_url is empty".to_owned()));
            }
            Ok(CodeUrl(answer.code_url))
        })
    }
}
