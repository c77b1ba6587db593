//! The bill of a day in the platform's words.

use jiff::Timestamp;
use money::Fen;

/// A day's bill of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayBill {
    /// Not made yet: ask later.
    NotReady,
    /// The provider has none: nothing happened on that day, or the bill is late and the provider does not tell the two
    /// apart (Alipay's `isp.bill_not_exist`). Not an empty bill before it has stayed so for another day. WeChat Pay does
    /// tell them apart, and an empty bill of its is [`DayBill::Ready`].
    Absent,
    /// What happened on that day.
    Ready(Bill),
}

/// The rows of a bill. They add up to what the bill says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// Those of this application, in the order of the file.
    pub rows: Vec<BillRow>,
    /// Those of other applications of the same merchant, where the bill names the application (WeChat Pay). None of ours,
    /// and nothing that could differ.
    pub of_other_applications: Vec<BillRow>,
}

/// A line of a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRow {
    /// What it is about.
    pub kind: BillRowKind,
    /// The number of the order as the bill has it.
    pub out_trade_no: String,
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// What was paid or went back, without a sign. Of a refund it is what was asked for (申请退款金额), coupons included.
    pub amount: Fen,
    /// The number of the refund, on lines about refunds.
    pub out_refund_no: Option<String>,
    /// When it happened.
    pub at: Timestamp,
}

/// What a line of a bill is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BillRowKind {
    /// Money was paid.
    Payment,
    /// Money goes back by a refund.
    Refund,
    /// A payment was taken back as a whole (撤销): nothing of it is left.
    Revocation,
    /// Something we have no word for, as the bill names it. For a person to look at.
    Other(String),
}
