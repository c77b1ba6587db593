//! E-mails to whoever looks after the money, when there is an address for them.

use base::clock::UtcTime;
use base::ids::OperatorId;
use platform::email;
use sqlx::PgConnection;

use super::incidents::{IncidentKind, Told};
use super::order::Locked;
use super::providers::PaymentMethod;

/// An order became abnormal because its provider could not be asked.
pub(super) async fn abnormal(
    connection: &mut PgConnection,
    alert_email: &str,
    order: &Locked,
    failures: i32,
    answer: &str,
    now: UtcTime,
) -> sqlx::Result<()> {
    let subject = format!("[财务告警] 充值订单 {} 状态异常", order.id);
    let body = format!(
        "时间：{now}\n订单：{}\n运营商：{}\n支付方式：{}\n金额：{} 元\n\n连续 {failures} 次查询支付渠道失败，最后一次：{answer}\n\
         请核实是否已收款，并在财务后台处理该订单。",
        order.id,
        order.account.operator_id,
        channel(order.payment_method),
        order.amount,
    );
    email::alert(connection, alert_email, &subject, &body, now).await
}

/// A payment that somebody has to look at.
pub(super) async fn incident(
    connection: &mut PgConnection,
    alert_email: &str,
    kind: IncidentKind,
    told: Told<'_>,
    now: UtcTime,
) -> sqlx::Result<()> {
    let what = match kind {
        IncidentKind::AmountDiffers => "支付金额与订单金额不一致，未入账",
        IncidentKind::SecondPayment => "订单收到第二笔付款，未入账",
        IncidentKind::PaymentOfOtherOrder => "该笔付款已属于另一订单，未入账",
        IncidentKind::UnknownOrder => "收到平台没有的订单的付款，未入账",
        IncidentKind::PaidAfterResolvedFailed => "人工标记失败的订单随后到账，已入账",
    };
    let subject = format!("[财务告警] {what}");
    let body = format!(
        "时间：{now}\n{what}\n\n订单：{}\n支付方式：{}\n渠道流水号：{}\n支付金额：{} 元\n支付时间：{}\n\n请核实并处理。",
        told.order_id,
        channel(told.payment_method),
        told.payment.transaction_id,
        told.payment.amount,
        told.payment.paid_at,
    );
    email::alert(connection, alert_email, &subject, &body, now).await
}

/// A payment for an operator that has left: it is on the balance, and nobody will come and ask for it.
pub(super) async fn departed(
    connection: &mut PgConnection,
    alert_email: &str,
    operator_id: OperatorId,
    told: Told<'_>,
    now: UtcTime,
) -> sqlx::Result<()> {
    let body = format!(
        "时间：{now}\n运营商已注销，其充值随后到账，已计入余额\n\n订单：{}\n运营商：{operator_id}\n支付方式：{}\n渠道流水号：{}\n\
         支付金额：{} 元\n\n请联系运营商处理该余额。",
        told.order_id,
        channel(told.payment_method),
        told.payment.transaction_id,
        told.payment.amount,
    );
    email::alert(connection, alert_email, "[财务告警] 已注销运营商的充值到账", &body, now).await
}

/// A bill that does not agree with our orders.
pub(super) async fn differences(
    connection: &mut PgConnection,
    alert_email: &str,
    day: &str,
    method: PaymentMethod,
    count: usize,
    now: UtcTime,
) -> sqlx::Result<()> {
    let subject = format!("[财务告警] {}对账差异：{day}", channel(method));
    let body = format!("时间：{now}\n{day} 的{}账单有 {count} 处差异，请在财务后台核实。", channel(method));
    email::alert(connection, alert_email, &subject, &body, now).await
}

fn channel(method: PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::Wechat => "微信支付",
        PaymentMethod::Alipay => "支付宝",
    }
}
