//! Bills of a day, from 10:00 of the next: asked for with a signature, fetched within five minutes by a link.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::json;
use std::io::Write as _;

use super::orders::{Order, Paid};
use super::{Answer, Call, Refusal, Reply};
use crate::bills::{self, Entry, EntryRefund};
use crate::config::Config;
use crate::crypto::random_text;
use crate::faults::Fault;
use crate::sandbox::{Channel, later};
use crate::state::{Download, State};
use crate::times;
use crate::yuan::yuan;

const LINK_LIFE: SignedDuration = SignedDuration::from_mins(5);

const TRADE_HEADER: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const TRADE_TOTALS: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
const FUND_HEADER: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号";
const FUND_TOTALS: &str = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

/// The entries until the end of a day, in the order of time.
fn entries(state: &State, until: Date) -> Vec<Entry> {
    let entry = |order: &Order, paid: &Paid| Entry {
        at: paid.at,
        created: paid.at,
        transaction_id: paid.id.clone(),
        number: order.number.clone(),
        payer: paid.openid.clone(),
        title: order.description.clone(),
        attach: order.attach.clone(),
        amount: order.total,
        refund: None,
        appid: None,
        is_revoked: false,
    };
    let payments = state.wechat_orders.values();
    let payments = payments.filter_map(|order| Some(entry(order, order.paid.as_ref()?)));
    let refunds = state.wechat_refunds.values().filter_map(|refund| {
        let order = state.wechat_orders.get(&refund.order_number)?;
        let named = EntryRefund { id: refund.id.clone(), number: refund.number.clone() };
        let (at, amount) = (refund.accepted, refund.amount);
        Some(Entry { at, amount, refund: Some(named), ..entry(order, order.paid.as_ref()?) })
    });
    bills::until(until, payments.chain(refunds).collect(), state, Channel::Wechat)
}

/// 0.60 % in thousandths of a fen, as text in yuan with five decimals.
fn fee(thousandths: i64) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let magnitude = thousandths.unsigned_abs();
    format!("{sign}{}.{:05}", magnitude / 100_000, magnitude % 100_000)
}

/// Values behind backticks. A comma or line end in a value would be WeChat's to lose, too.
fn line(values: &[&str]) -> String {
    let values: Vec<String> =
        values.iter().map(|value| format!("`{}", value.replace(['\r', '\n', '`'], " "))).collect();
    values.join(",")
}

/// `bill_type=ALL`
pub(super) fn trade_bill(state: &State, config: &Config, day: Date) -> (usize, String) {
    let mut lines = vec![TRADE_HEADER.to_owned()];
    let (mut total, mut refunded, mut fees) = (0, 0, 0);
    for entry in entries(state, day).iter().filter(|entry| times::day(entry.at) == day) {
        let refund = entry.refund.as_ref();
        let (amount, back) = if refund.is_some() { (0, entry.amount) } else { (entry.amount, 0) };
        let cost = (amount - back) * 6;
        (total, refunded, fees) = (total + amount, refunded + back, fees + cost);
        let (refund_id, number) = refund.map_or(("0", "0"), |refund| (&refund.id, &refund.number));
        let [state, kind, status] = match (refund, entry.is_revoked) {
            (_, true) => ["REVOKED", "", ""],
            (Some(_), false) => ["REFUND", "ORIGINAL", "PROCESSING"],
            (None, false) => ["SUCCESS", "", ""],
        };
        lines.push(line(&[
            &times::wall_clock(entry.at),
            entry.appid.as_deref().unwrap_or(&config.appid),
            &config.mchid,
            "0",
            "",
            &entry.transaction_id,
            &entry.number,
            &entry.payer,
            "NATIVE",
            state,
            "OTHERS",
            "CNY",
            &yuan(amount),
            "0.00",
            refund_id,
            number,
            &yuan(back),
            "0.00",
            kind,
            status,
            &entry.title,
            &entry.attach,
            &fee(cost),
            "0.60%",
            &yuan(amount),
            &yuan(back),
            "",
        ]));
    }
    let count = lines.len() - 1;
    lines.push(TRADE_TOTALS.to_owned());
    let sums = [
        &count.to_string(),
        &yuan(total),
        &yuan(refunded),
        "0.00",
        &fee(fees),
        &yuan(total),
        &yuan(refunded),
    ];
    lines.push(line(&sums));
    (count, lines.join("\r\n") + "\r\n")
}

/// The movements of the account, its balance beginning at nothing; fees are not taken from it.
pub(super) fn fund_flow_bill(state: &State, day: Date) -> (usize, String) {
    let mut lines = vec![FUND_HEADER.to_owned()];
    let (mut incomes, mut expenses) = (0_usize, 0_usize);
    let (mut balance, mut income, mut expense) = (0, 0, 0);
    for entry in entries(state, day) {
        let (amount, values) = match &entry.refund {
            None => (entry.amount, [&entry.transaction_id, "交易", "收入", &entry.number]),
            Some(refund) => (-entry.amount, [&refund.id, "退款", "支出", &refund.number]),
        };
        balance += amount;
        if times::day(entry.at) != day {
            continue;
        }
        if amount > 0 {
            (incomes, income) = (incomes + 1, income + amount);
        } else {
            (expenses, expense) = (expenses + 1, expense - amount);
        }
        let [id, kind, direction, voucher] = values;
        lines.push(line(&[
            &times::wall_clock(entry.at),
            id,
            id,
            kind,
            kind,
            direction,
            &yuan(amount.abs()),
            &yuan(balance),
            "system",
            "",
            voucher,
        ]));
    }
    let count = incomes + expenses;
    lines.push(FUND_TOTALS.to_owned());
    lines.push(line(&[
        &count.to_string(),
        &incomes.to_string(),
        &yuan(income),
        &expenses.to_string(),
        &yuan(expense),
    ]));
    (count, lines.join("\r\n") + "\r\n")
}

type Writer = fn(&State, &Config, Date) -> (usize, String);

/// Makes the bill, and a link to it.
pub(super) fn request(call: &Call<'_>, write: Writer) -> Answer {
    let now = call.sandbox.now();
    let day: Option<Date> = call.parameter("bill_date").and_then(|text| text.parse().ok());
    let day = day.ok_or(Refusal(400, "PARAM_ERROR", "账单日期格式不正确"))?;
    if times::day(now) <= day {
        return Err(Refusal(400, "NO_STATEMENT_EXIST", "账单文件不存在"));
    }
    if now < times::bill_ready(day) || call.fault == Fault::BillLate {
        return Err(Refusal(400, "STATEMENT_CREATING", "账单生成中"));
    }
    let mut state = call.sandbox.state();
    let (count, text) = write(&state, call.sandbox.config(), day);
    if count == 0 {
        return Err(Refusal(400, "NO_STATEMENT_EXIST", "账单文件不存在"));
    }
    let hash = hex::encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()));
    let bytes = match call.parameter("tar_type") {
        Some("GZIP") => pack(text.as_bytes()).ok_or(Refusal(500, "SYSTEM_ERROR", "系统异常"))?,
        _ => text.into_bytes(),
    };
    let token = random_text(32);
    let url = format!("http://{}/v3/billdownload/file?token={token}", call.host);
    state.downloads.retain(|_, download| now < download.until);
    state.downloads.insert(token, Download { bytes, until: later(now, LINK_LIFE) });
    Ok(Reply::Json(json!({ "hash_type": "SHA1", "hash_value": hash, "download_url": url })))
}

fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

pub(super) fn download(call: &Call<'_>) -> Answer {
    let now = call.sandbox.now();
    let state = call.sandbox.state();
    let download = call.parameter("token").and_then(|token| state.downloads.get(token));
    let download = download.filter(|download| now < download.until);
    let download = download.ok_or(Refusal(400, "PARAM_ERROR", "下载链接已失效"))?;
    Ok(Reply::File(download.bytes.clone()))
}
