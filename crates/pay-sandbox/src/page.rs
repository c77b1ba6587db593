//! The pay page: what the payer sees after scanning. It works without script, and asks for nothing from elsewhere.

use std::fmt::Write as _;

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::faults::no_store;
use crate::sandbox::{Channel, Sandbox};
use crate::yuan::yuan;

const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'";

const STYLE: &str = "\
body{margin:0;background:#f5f5f5;color:#222;font:16px/1.5 system-ui,sans-serif}
main{max-width:26rem;margin:0 auto;padding:1.5rem;background:#fff;min-height:100vh;box-sizing:border-box}
h1{font-size:1.1rem;margin:0 0 1rem}
.amount{font-size:2.2rem;font-weight:600;text-align:center;margin:.5rem 0}
svg{display:block;width:12rem;margin:0 auto}
dl{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1rem}
dt{color:#666}dd{margin:0;text-align:right;word-break:break-all}
button{display:block;width:100%;margin:.6rem 0;padding:.8rem;border:1px solid #bbb;border-radius:.4rem;background:#fff;font:inherit}
.wechat button.main{background:#07a650;border-color:#07a650;color:#fff}
.alipay button.main{background:#1668dc;border-color:#1668dc;color:#fff}
.note{color:#666;font-size:.85rem}
";

/// What the page shows of an order.
struct View {
    total: i64,
    description: String,
    code: String,
    state: &'static str,
    payable: bool,
}

/// `GET /sandbox/pay.css`
pub(crate) async fn style() -> Response {
    ([("content-type", "text/css; charset=utf-8")], STYLE).into_response()
}

/// `GET {payment_url}`. To open the page is to scan the code.
pub(crate) async fn show(
    State(sandbox): State<Sandbox>,
    Path((channel, number)): Path<(Channel, String)>,
) -> Response {
    let seen = sandbox.in_turn(|| {
        sandbox.scan(channel, &number);
        view(&sandbox, channel, &number)
    });
    let Ok(seen) = seen.await else { return no_store() };
    let policy = [("content-security-policy", POLICY), ("cache-control", "no-store")];
    match seen {
        Some(view) => {
            let page = page(&sandbox.config().merchant_name, channel, &number, &view);
            (policy, Html(page)).into_response()
        }
        None => (StatusCode::NOT_FOUND, policy, Html(shell("", "<h1>订单不存在</h1>"))).into_response(),
    }
}

fn view(sandbox: &Sandbox, channel: Channel, number: &str) -> Option<View> {
    let (state, now) = (sandbox.state(), sandbox.now());
    Some(match channel {
        Channel::Wechat => {
            let order = state.wechat_orders.get(number)?;
            View {
                total: order.total,
                description: order.description.clone(),
                code: order.code_url.clone(),
                state: order.state().1,
                payable: order.is_payable(now),
            }
        }
        Channel::Alipay => {
            let order = state.alipay_orders.get(number)?;
            let paid = order.trade.as_ref().is_some_and(|trade| trade.paid.is_some());
            let state = match order.status(now) {
                None => "等待扫码",
                Some("WAIT_BUYER_PAY") => "等待付款",
                Some("TRADE_CLOSED") if paid => "已全额退款",
                Some("TRADE_CLOSED") => "交易已关闭",
                Some("TRADE_FINISHED") => "交易已完结",
                Some(_) => "支付成功",
            };
            View {
                total: order.total,
                description: order.subject.clone(),
                code: order.qr_code.clone(),
                state,
                payable: order.is_payable(now),
            }
        }
    })
}

fn page(merchant: &str, channel: Channel, number: &str, view: &View) -> String {
    let name = match channel {
        Channel::Wechat => "微信支付",
        Channel::Alipay => "支付宝",
    };
    let mut body = format!(
        "<h1>{name}（沙箱）</h1><p class=\"amount\">¥{}</p>{}<dl><dt>收款方</dt><dd>{}</dd><dt>商品</dt><dd>{}</dd>\
         <dt>商户订单号</dt><dd>{}</dd><dt>状态</dt><dd>{}</dd></dl>",
        yuan(view.total),
        qr_code(&view.code),
        escape(merchant),
        escape(&view.description),
        escape(number),
        view.state,
    );
    if view.payable {
        let action = escape(&segment(number));
        let _ = write!(
            body,
            "<form method=\"post\" action=\"{action}/pay\">\
             <button class=\"main\" name=\"result\" value=\"success\">支付成功</button>\
             <button name=\"result\" value=\"failed\">支付失败</button>\
             <button name=\"result\" value=\"success_late_notify\">支付成功，通知延迟</button>\
             <button name=\"result\" value=\"success_duplicate_notify\">支付成功，通知重复</button>\
             <button name=\"result\" value=\"success_without_notify\">支付成功，无通知</button>\
             <button name=\"result\" value=\"success_then_returned\">支付成功，随即退回</button></form>"
        );
    }
    body.push_str("<p class=\"note\">这是模拟支付，不会发生真实扣款。</p>");
    shell(channel.name(), &body)
}

fn shell(class: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>沙箱支付</title>\
         <link rel=\"stylesheet\" href=\"../../pay.css\"></head><body class=\"{class}\"><main>{body}</main></body></html>"
    )
}

/// A square per dark module, in one path.
fn qr_code(text: &str) -> String {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return String::new() };
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let size = code.size() + 8;
    format!(
        "<svg viewBox=\"-4 -4 {size} {size}\" role=\"img\" aria-label=\"付款二维码\"><path d=\"{path}\"/></svg>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What of a number is not percent-encoded in a path.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'*');

/// A number as part of a path.
pub(crate) fn segment(number: &str) -> String {
    utf8_percent_encode(number, ENCODED).to_string()
}

/// Back from `…/{number}/pay` to the page.
pub(crate) fn see_again(number: &str) -> Response {
    (StatusCode::SEE_OTHER, [("location", format!("../{}", segment(number)))]).into_response()
}
