//! What a day's bill is made of, with differences planted on demand.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::sandbox::{Channel, Sandbox};
use crate::state::State;
use crate::times;

/// Something in a bill that is not as it was, for whoever reconciles. It concerns payments, and the bills of their days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Whose bill.
    pub channel: Channel,
    /// The merchant's number of the order.
    pub out_trade_no: String,
    /// What is wrong.
    pub kind: DifferenceKind,
}

/// What is wrong in a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// The payment is not in it.
    Missing,
    /// It is over another amount, in fen.
    Amount(i64),
    /// A payment that never was, over so many fen, at this time.
    Extra(i64, Timestamp),
    /// A payment to another application of the same merchant, over so many fen, at this time. WeChat's bill names the
    /// application; Alipay's does not, and the number is all that tells.
    OtherApplication(i64, Timestamp),
    /// A payment that was taken back as a whole (撤销): `REVOKED` at WeChat Pay, another kind of row at Alipay.
    Revoked,
}

/// A payment or a refund.
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    pub(crate) created: Timestamp,
    pub(crate) transaction_id: String,
    pub(crate) number: String,
    pub(crate) payer: String,
    pub(crate) title: String,
    pub(crate) attach: String,
    /// Paid or given back.
    pub(crate) amount: i64,
    pub(crate) refund: Option<EntryRefund>,
    /// Another application of the merchant's, if it is not this one.
    pub(crate) appid: Option<String>,
    pub(crate) is_revoked: bool,
}

pub(crate) struct EntryRefund {
    /// The provider's number, where refunds have one.
    pub(crate) id: String,
    pub(crate) number: String,
}

impl Sandbox {
    /// Puts something wrong into the bills that are made from now on. It lasts as long as the process.
    pub fn plant(&self, difference: Difference) {
        self.state().differences.push(difference);
    }
}

/// The entries up to the end of a day, in the order of time, with what is planted.
pub(crate) fn until(day: Date, mut entries: Vec<Entry>, state: &State, channel: Channel) -> Vec<Entry> {
    for difference in state.differences.iter().filter(|difference| difference.channel == channel) {
        let number = &difference.out_trade_no;
        let is_meant = |entry: &Entry| entry.refund.is_none() && entry.number == *number;
        match difference.kind {
            DifferenceKind::Missing => entries.retain(|entry| !is_meant(entry)),
            DifferenceKind::Amount(fen) => {
                for entry in entries.iter_mut().filter(|entry| is_meant(entry)) {
                    entry.amount = fen;
                }
            }
            DifferenceKind::Revoked => {
                for entry in entries.iter_mut().filter(|entry| is_meant(entry)) {
                    entry.is_revoked = true;
                }
            }
            DifferenceKind::Extra(fen, at) => entries.push(extra(number, fen, at)),
            DifferenceKind::OtherApplication(fen, at) => {
                let appid = Some("wx0000000000000999".to_owned());
                entries.push(Entry { appid, ..extra(number, fen, at) });
            }
        }
    }
    entries.retain(|entry| times::day(entry.at) <= day);
    entries.sort_by_key(|entry| entry.at);
    entries
}

fn extra(number: &str, amount: i64, at: Timestamp) -> Entry {
    Entry {
        at,
        created: at,
        transaction_id: format!("9999{}", times::compact_day(at)) + &"0".repeat(16),
        number: number.to_owned(),
        payer: "nobody".to_owned(),
        title: "充值".to_owned(),
        attach: String::new(),
        amount,
        refund: None,
        appid: None,
        is_revoked: false,
    }
}
