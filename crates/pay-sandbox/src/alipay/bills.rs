//! Bills of a day, from 10:00 of the next: a zip of two CSV files in GBK, fetched within 30 seconds by a link.

use std::io::{Cursor, Write as _};

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use encoding_rs::GBK;
use http::StatusCode;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::order::{BUYER, Order, Part, Trade};
use super::{Answer, Call, Refusal, failed, invalid};
use crate::crypto::random_text;
use crate::faults::{Fault, bad_gateway};
use crate::sandbox::{Channel, Download, Sandbox, State as Remembered, later};
use crate::times;
use crate::yuan::yuan;

const LINK_LIFE: SignedDuration = SignedDuration::from_secs(30);

const DETAIL_HEADER: &str = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
const SUMMARY_HEADER: &str = "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）";

/// A payment, or a refund if there is a part.
struct Event<'a> {
    order: &'a Order,
    trade: &'a Trade,
    part: Option<&'a Part>,
    at: Timestamp,
}

impl Event<'_> {
    fn amount(&self) -> i64 {
        self.part.map_or(self.order.total, |part| -part.amount)
    }

    /// 0.60 %, rounded to whole fen; negative where Alipay takes it.
    fn fee(&self) -> i64 {
        let amount = self.amount();
        -(amount * 6 + 500 * amount.signum()) / 1000
    }

    fn line(&self) -> String {
        let (kind, request_no) = self.part.map_or(("交易", ""), |part| ("退款", &part.request_no));
        let (amount, fee) = (yuan(self.amount()), yuan(self.fee()));
        let subject = self.order.subject.replace(['"', ',', '\r', '\n'], " ");
        let (created, at) = (times::wall_clock(self.trade.created), times::wall_clock(self.at));
        format!(
            "{}\t,{}\t,{kind}\t,{subject}\t,{created},{at},,,,,{BUYER}\t,{amount},{amount},0.00,0.00,0.00,0.00,0.00,\
             ,0.00,0.00,{request_no}\t,{fee},0.00,\t",
            self.trade.no, self.order.number
        )
    }
}

/// What happened on a day, in the order of time.
fn events(state: &Remembered, day: Date) -> Vec<Event<'_>> {
    let mut events = Vec::new();
    for order in state.alipay_orders.values() {
        let Some(trade) = &order.trade else { continue };
        events.extend(trade.paid.map(|at| Event { order, trade, part: None, at }));
        events.extend(trade.parts.iter().map(|part| Event { order, trade, part: Some(part), at: part.at }));
    }
    events.retain(|event| times::day(event.at) == day);
    events.sort_by_key(|event| event.at);
    events
}

pub(super) fn link(call: &Call<'_>) -> Answer {
    let no_bill = || failed("isp.bill_not_exist", "账单不存在");
    let day: Option<Date> = call.text("bill_date").parse().ok();
    let day = day.ok_or(invalid("isv.invalid-parameter", "bill_date无效"))?;
    if call.text("bill_type") != "trade" {
        return Err(invalid("isv.invalid-parameter", "bill_type无效"));
    }
    if times::bill_ready(day).is_none_or(|ready| call.now < ready) {
        return Err(no_bill());
    }
    let mut state = call.sandbox.state();
    let events = events(&state, day);
    if events.is_empty() {
        return Err(no_bill());
    }
    let seller = &call.sandbox.config().seller_id;
    let bytes = archive(&events, seller, day).ok_or(Refusal(
        "20000",
        "Service Currently Unavailable",
        "isp.unknow-error",
        "系统繁忙",
    ))?;
    let (now, token) = (call.now, random_text(32));
    let url = format!("http://{}/alipay-bill/{token}", call.host);
    state.downloads.retain(|_, download| now < download.until);
    state.downloads.insert(token, Download { bytes, until: later(now, LINK_LIFE) });
    Ok(json!({ "bill_download_url": url }))
}

fn archive(events: &[Event<'_>], seller: &str, day: Date) -> Option<Vec<u8>> {
    let name = |what: &str| format!("{seller}0156_{}_{what}.csv", day.strftime("%Y%m%d"));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in
        [(name("业务明细"), detail(events, seller)), (name("业务明细(汇总)"), summary(events, seller))]
    {
        zip.start_file(name, SimpleFileOptions::default()).ok()?;
        zip.write_all(&GBK.encode(&text).0).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

fn detail(events: &[Event<'_>], seller: &str) -> String {
    let mut lines = vec![
        "#支付宝业务明细查询".to_owned(),
        format!("#账号：[{seller}0156]"),
        "#-----------------------------------------业务明细列表----------------------------------------"
            .to_owned(),
        DETAIL_HEADER.to_owned(),
    ];
    lines.extend(events.iter().map(Event::line));
    lines.push(
        "#-----------------------------------------业务明细列表结束------------------------------------"
            .to_owned(),
    );
    lines.join("\r\n") + "\r\n"
}

fn summary(events: &[Event<'_>], seller: &str) -> String {
    let refunds = events.iter().filter(|event| event.part.is_some()).count();
    let trades = events.len() - refunds;
    let amount: i64 = events.iter().map(Event::amount).sum();
    let fee: i64 = events.iter().map(Event::fee).sum();
    let (total, cost, net) = (yuan(amount), yuan(fee), yuan(amount + fee));
    let lines = [
        "#支付宝业务汇总查询".to_owned(),
        format!("#账号：[{seller}0156]"),
        "#-----------------------------------------业务汇总列表----------------------------------------"
            .to_owned(),
        SUMMARY_HEADER.to_owned(),
        format!("合计\t,\t,{trades}\t,{refunds}\t,{total},{total},0.00,0.00,0.00,{cost},0.00,{net}"),
        "#-----------------------------------------业务汇总列表结束------------------------------------"
            .to_owned(),
    ];
    lines.join("\r\n") + "\r\n"
}

/// `GET /alipay-bill/{token}`, which nobody signs.
pub(crate) async fn download(State(sandbox): State<Sandbox>, Path(token): Path<String>) -> Response {
    if sandbox.fault(Channel::Alipay) == Fault::Down {
        return bad_gateway();
    }
    let now = sandbox.now();
    let state = sandbox.state();
    match state.downloads.get(&token).filter(|download| now < download.until) {
        Some(download) => download.bytes.clone().into_response(),
        None => StatusCode::FORBIDDEN.into_response(),
    }
}
