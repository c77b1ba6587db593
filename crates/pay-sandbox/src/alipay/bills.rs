//! Bills of a day, from 10:00 of the next: a zip of two CSV files in GBK, fetched within 30 seconds by a link.

use std::io::{Cursor, Write as _};

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use encoding_rs::GBK;
use http::StatusCode;
use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::order::{BUYER, Order, Trade};
use super::{Answer, Call, Refusal, failed, invalid};
use crate::bills::{self, Entry, EntryRefund};
use crate::crypto::random_text;
use crate::faults::{Fault, bad_gateway};
use crate::sandbox::{Channel, Sandbox, later};
use crate::state::{Download, State as Remembered};
use crate::times;
use crate::yuan::yuan;

const LINK_LIFE: SignedDuration = SignedDuration::from_secs(30);

const DETAIL_HEADER: &str = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
const SUMMARY_HEADER: &str = "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）";

/// With the sign that Alipay gives it.
fn amount(entry: &Entry) -> i64 {
    if entry.refund.is_some() { -entry.amount } else { entry.amount }
}

/// 0.60 %, rounded to whole fen; negative where Alipay takes it.
fn fee(entry: &Entry) -> i64 {
    let amount = amount(entry);
    -(amount * 6 + 500 * amount.signum()) / 1000
}

fn line(entry: &Entry) -> String {
    let refund = entry.refund.as_ref();
    let (kind, request_no) = match refund {
        Some(refund) => ("退款", refund.number.as_str()),
        None if entry.is_revoked => ("撤销", ""),
        None => ("交易", ""),
    };
    let (amount, fee) = (yuan(amount(entry)), yuan(fee(entry)));
    let subject = entry.title.replace(['"', ',', '\r', '\n'], " ");
    let (created, at) = (times::wall_clock(entry.created), times::wall_clock(entry.at));
    format!(
        "{}\t,{}\t,{kind}\t,{subject}\t,{created},{at},,,,,{}\t,{amount},{amount},0.00,0.00,0.00,0.00,0.00,\
         ,0.00,0.00,{request_no}\t,{fee},0.00,\t",
        entry.transaction_id, entry.number, entry.payer
    )
}

/// What happened on a day, in the order of time.
fn entries(state: &Remembered, day: Date) -> Vec<Entry> {
    let entry = |order: &Order, trade: &Trade, at, amount, refund| Entry {
        at,
        created: trade.created,
        transaction_id: trade.no.clone(),
        number: order.number.clone(),
        payer: BUYER.to_owned(),
        title: order.subject.clone(),
        attach: String::new(),
        amount,
        refund,
        appid: None,
        is_revoked: false,
    };
    let mut entries = Vec::new();
    for order in state.alipay_orders.values() {
        let Some(trade) = &order.trade else { continue };
        entries.extend(trade.paid.map(|at| entry(order, trade, at, order.total, None)));
        entries.extend(trade.parts.iter().map(|part| {
            let refund = EntryRefund { id: String::new(), number: part.request_no.clone() };
            entry(order, trade, part.at, part.amount, Some(refund))
        }));
    }
    let mut entries = bills::until(day, entries, state, Channel::Alipay);
    entries.retain(|entry| times::day(entry.at) == day);
    entries
}

pub(super) fn link(call: &Call<'_>) -> Answer {
    let no_bill = || failed("isp.bill_not_exist", "账单不存在");
    let day: Option<Date> = call.text("bill_date").parse().ok();
    let day = day.ok_or(invalid("isv.invalid-parameter", "bill_date无效"))?;
    if call.text("bill_type") != "trade" {
        return Err(invalid("isv.invalid-parameter", "bill_type无效"));
    }
    if call.now < times::bill_ready(day) || call.fault == Fault::BillLate {
        return Err(no_bill());
    }
    let mut state = call.sandbox.state();
    let entries = entries(&state, day);
    if entries.is_empty() {
        return Err(no_bill());
    }
    let seller = &call.sandbox.config().seller_id;
    let bytes = archive(&entries, seller, day).ok_or(Refusal(
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

fn archive(entries: &[Entry], seller: &str, day: Date) -> Option<Vec<u8>> {
    let name = |what: &str| format!("{seller}0156_{}_{what}.csv", day.strftime("%Y%m%d"));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in
        [(name("业务明细"), detail(entries, seller)), (name("业务明细(汇总)"), summary(entries, seller))]
    {
        zip.start_file(name, SimpleFileOptions::default()).ok()?;
        zip.write_all(&GBK.encode(&text).0).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

fn detail(entries: &[Entry], seller: &str) -> String {
    let mut lines = vec![
        "#支付宝业务明细查询".to_owned(),
        format!("#账号：[{seller}0156]"),
        "#-----------------------------------------业务明细列表----------------------------------------"
            .to_owned(),
        DETAIL_HEADER.to_owned(),
    ];
    lines.extend(entries.iter().map(line));
    lines.push(
        "#-----------------------------------------业务明细列表结束------------------------------------"
            .to_owned(),
    );
    lines.join("\r\n") + "\r\n"
}

fn summary(entries: &[Entry], seller: &str) -> String {
    let refunds = entries.iter().filter(|entry| entry.refund.is_some()).count();
    let trades = entries.len() - refunds;
    let amount: i64 = entries.iter().map(amount).sum();
    let fee: i64 = entries.iter().map(fee).sum();
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
