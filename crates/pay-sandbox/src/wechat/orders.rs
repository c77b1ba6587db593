//! Native orders: creating, querying, closing, and being paid.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Answer, Call, Refusal, Reply};
use crate::crypto::{random_digits, random_text};
use crate::notifier::Notice;
use crate::past::PastPayment;
use crate::sandbox::{Sandbox, later};
use crate::state::State;
use crate::times;

/// A `code_url` lasts two hours.
const CODE_LIFE: SignedDuration = SignedDuration::from_hours(2);
/// An order without `time_expire` can be paid for a week.
const ORDER_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A `time_expire` that is nearer is moved.
const LEAST_LIFE: SignedDuration = SignedDuration::from_mins(1);

const PARAM_ERROR: &str = "PARAM_ERROR";

#[derive(Serialize, Deserialize)]
pub(crate) struct Order {
    /// What was asked for, to compare with.
    request: Value,
    pub(crate) number: String,
    pub(crate) description: String,
    pub(crate) total: i64,
    pub(crate) notify_url: String,
    pub(crate) attach: String,
    pub(crate) code_url: String,
    code_expires: Timestamp,
    expires: Timestamp,
    pub(crate) closed: bool,
    /// Whether a payment failed for good.
    pub(crate) failed: bool,
    pub(crate) paid: Option<Paid>,
    /// Whether anything was refunded, or is going to be.
    pub(crate) refunded: bool,
    /// Whether the merchant's staff gave it back before the merchant was told of the payment.
    #[serde(default)]
    pub(crate) returned: bool,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Paid {
    pub(crate) id: String,
    pub(crate) at: Timestamp,
    pub(crate) openid: String,
}

impl Order {
    /// An order that was paid before anybody asked for it here.
    pub(crate) fn past(payment: &PastPayment<'_>) -> Self {
        let paid = Paid { id: payment.transaction_id.to_owned(), at: payment.paid, openid: new_openid() };
        Order {
            request: Value::Null,
            number: payment.out_trade_no.to_owned(),
            description: payment.description.to_owned(),
            total: payment.amount,
            notify_url: payment.notify_url.to_owned(),
            attach: String::new(),
            code_url: payment.code.to_owned(),
            code_expires: later(payment.created, CODE_LIFE),
            expires: payment.expires,
            closed: false,
            failed: false,
            paid: Some(paid),
            refunded: false,
            returned: false,
        }
    }

    pub(crate) fn state(&self) -> (&'static str, &'static str) {
        match (&self.paid, self.refunded, self.closed) {
            (Some(_), true, _) => ("REFUND", "转入退款"),
            (Some(_), false, _) => ("SUCCESS", "支付成功"),
            (None, _, true) => ("CLOSED", "订单已关闭"),
            (None, _, false) if self.failed => ("PAYERROR", "支付失败"),
            (None, _, false) => ("NOTPAY", "订单未支付"),
        }
    }

    /// Whether a payer who scans the code now can pay.
    pub(crate) fn is_payable(&self, now: Timestamp) -> bool {
        let open = self.paid.is_none() && !self.closed && !self.failed;
        open && now < self.expires && now < self.code_expires
    }

    /// What there is to tell, once it is paid.
    pub(crate) fn notice(&self, sandbox: &Sandbox) -> Option<Notice> {
        self.paid.is_some().then(|| self.payment_notice(sandbox))
    }

    fn payment_notice(&self, sandbox: &Sandbox) -> Notice {
        let mut content = self.transaction(sandbox);
        // Whatever was refunded since, this tells of the payment.
        if !self.returned {
            content["trade_state"] = json!("SUCCESS");
        }
        Notice::Wechat { event: "TRANSACTION.SUCCESS".to_owned(), kind: "transaction".to_owned(), content }
    }

    fn transaction(&self, sandbox: &Sandbox) -> Value {
        let config = sandbox.config();
        let (state, description) = self.state();
        let mut transaction = json!({
            "appid": config.appid, "mchid": config.mchid, "out_trade_no": self.number,
            "trade_state": state, "trade_state_desc": description, "attach": self.attach,
            "amount": { "total": self.total, "currency": "CNY" }, "promotion_detail": [],
        });
        if let Some(paid) = &self.paid {
            transaction["transaction_id"] = json!(paid.id);
            transaction["trade_type"] = json!("NATIVE");
            transaction["bank_type"] = json!("OTHERS");
            transaction["success_time"] = json!(times::rfc3339(paid.at));
            transaction["payer"] = json!({ "openid": paid.openid });
            transaction["amount"]["payer_total"] = json!(self.total);
            transaction["amount"]["payer_currency"] = json!("CNY");
        }
        transaction
    }
}

pub(crate) fn new_code() -> String {
    format!("weixin://wxpay/bizpayurl?pr={}", random_text(9))
}

pub(crate) fn new_transaction_id(paid: Timestamp) -> String {
    format!("4200002{}{}", times::compact_day(paid), random_digits(13))
}

fn new_openid() -> String {
    format!("o{}", random_text(27))
}

pub(crate) fn create(call: &Call<'_>) -> Answer {
    let request = call.json()?;
    let now = call.sandbox.now();
    let asked = read(call, request, now)?;
    let mut state = call.sandbox.state();
    let Some(order) = state.wechat_orders.get_mut(&asked.number) else {
        let code_url = asked.code_url.clone();
        state.wechat_orders.insert(asked.number.clone(), asked);
        return Ok(Reply::Json(json!({ "code_url": code_url })));
    };
    if order.request != asked.request {
        return Err(Refusal(403, "OUT_TRADE_NO_USED", "商户订单号重复"));
    }
    if order.paid.is_some() {
        return Err(Refusal(400, "ORDERPAID", "该订单已支付"));
    }
    if order.closed || order.failed {
        return Err(Refusal(400, "ORDER_CLOSED", "该订单已关闭"));
    }
    order.code_url = asked.code_url;
    order.code_expires = asked.code_expires;
    Ok(Reply::Json(json!({ "code_url": order.code_url })))
}

fn read(call: &Call<'_>, request: Value, now: Timestamp) -> Result<Order, Refusal> {
    let config = call.sandbox.config();
    let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    call.check_merchant(request["mchid"].as_str())?;
    if text("appid") != config.appid {
        return Err(Refusal(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配"));
    }
    let number = text("out_trade_no");
    let numbered = (6..=32).contains(&number.len())
        && number.chars().all(|c| c.is_ascii_alphanumeric() || "_-|*".contains(c));
    require(numbered, "商户订单号不符合规则")?;
    let (description, attach, notify_url) = (text("description"), text("attach"), text("notify_url"));
    require((1..=127).contains(&description.len()), "商品描述不符合规则")?;
    require(attach.len() <= 128, "附加数据过长")?;
    let is_url = notify_url.starts_with("http://") || notify_url.starts_with("https://");
    require(is_url && notify_url.len() <= 255 && !notify_url.contains('?'), "通知地址不符合规则")?;
    let total = request["amount"]["total"].as_i64().filter(|total| *total >= 1).unwrap_or_default();
    require(total > 0, "订单金额不符合规则")?;
    let currency = request["amount"]["currency"].as_str().unwrap_or("CNY");
    require(currency == "CNY", "币种不符合规则")?;
    let expires = match request["time_expire"].as_str().map(str::parse::<Timestamp>) {
        None => later(now, ORDER_LIFE),
        Some(Ok(time)) => time.max(later(now, LEAST_LIFE)),
        Some(Err(_)) => return Err(Refusal(400, PARAM_ERROR, "交易结束时间不是RFC3339格式")),
    };
    let code_url = new_code();
    let code_expires = later(now, CODE_LIFE);
    Ok(Order {
        request,
        number,
        description,
        total,
        notify_url,
        attach,
        code_url,
        code_expires,
        expires,
        closed: false,
        failed: false,
        paid: None,
        refunded: false,
        returned: false,
    })
}

fn require(holds: bool, message: &'static str) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(Refusal(400, PARAM_ERROR, message)) }
}

pub(super) const NO_ORDER: Refusal = Refusal(404, "ORDER_NOT_EXIST", "订单不存在");

pub(crate) fn query(call: &Call<'_>, number: &str) -> Answer {
    call.check_merchant(call.parameter("mchid"))?;
    let state = call.sandbox.state();
    let order = state.wechat_orders.get(number).ok_or(NO_ORDER)?;
    Ok(Reply::Json(order.transaction(call.sandbox)))
}

pub(crate) fn query_by_id(call: &Call<'_>, id: &str) -> Answer {
    call.check_merchant(call.parameter("mchid"))?;
    let state = call.sandbox.state();
    let order = state.order_of_transaction(id).ok_or(NO_ORDER)?;
    Ok(Reply::Json(order.transaction(call.sandbox)))
}

pub(crate) fn close(call: &Call<'_>, number: &str) -> Answer {
    call.check_merchant(call.json()?["mchid"].as_str())?;
    let mut state = call.sandbox.state();
    let order = state.wechat_orders.get_mut(number).ok_or(NO_ORDER)?;
    if order.paid.is_some() {
        return Err(Refusal(400, "ORDERPAID", "订单已支付，不能关闭"));
    }
    if order.closed {
        return Err(Refusal(400, "ORDER_CLOSED", "订单已关闭"));
    }
    order.closed = true;
    Ok(Reply::NoContent)
}

impl State {
    pub(crate) fn order_of_transaction(&self, id: &str) -> Option<&Order> {
        self.wechat_orders.values().find(|order| order.paid.as_ref().is_some_and(|paid| paid.id == id))
    }
}

impl Sandbox {
    /// Marks an order as paid, and says what WeChat has to tell of it and where. The caller has looked whether it can be.
    pub(crate) fn pay_wechat(&self, order: &mut Order, now: Timestamp) -> (String, Notice) {
        order.paid = Some(Paid { id: new_transaction_id(now), at: now, openid: new_openid() });
        (order.notify_url.clone(), order.payment_notice(self))
    }
}
