//! `alipay.data.dataservice.bill.downloadurl.query`: the trades of a day, for reconciliation.
//!
//! There is a bill of a day from 10:00 of the next. Three steps: [`Client::bill_link`], [`Client::download_bill`] within
//! 30 seconds, and [`Bill::read`], which works for a while with many rows: not on a thread that serves requests.
//! Source: the page "查询对账单下载地址" of <https://opendocs.alipay.com>.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use pay_protocol::{Answer, Doubt, MAX_BILL_BYTES, Outcome};
use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::verdict::{Method, NO_BILL};

mod archive;
mod rows;
mod summary;
mod table;

pub use archive::BillError;
pub use rows::{Bill, BillKind, BillRow};
pub use table::BillFile;

/// Whether there is a bill.
#[derive(Clone, Debug)]
pub enum BillLink {
    /// `isp.bill_not_exist`: no trade on that day, or not ready yet. Not an empty bill.
    NoBill,
    /// Where it can be fetched, for 30 seconds.
    Url(BillUrl),
}

/// The address of a bill. Whoever knows it can fetch the bill, so it is not shown.
#[derive(Clone)]
pub struct BillUrl(Url);

impl fmt::Debug for BillUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BillUrl({})", self.0.host_str().unwrap_or_default())
    }
}

#[derive(Serialize)]
struct BillContent {
    bill_type: &'static str,
    bill_date: String,
}

#[derive(Deserialize)]
struct BillAnswer {
    bill_download_url: String,
}

impl Client {
    /// Asks where the bill of the trades of a day (in Beijing) is.
    ///
    /// # Errors
    /// [`Doubt`], also when the question is refused.
    pub async fn bill_link(&self, day: Date, now: Timestamp) -> Answer<BillLink> {
        let content = BillContent { bill_type: "trade", bill_date: day.to_string() };
        match self.call::<BillAnswer>(Method::BillUrl, &content, now).await {
            Outcome::Refused(refusal) if NO_BILL.contains(&refusal.code.as_str()) => Ok(BillLink::NoBill),
            asked => {
                let url = pay_protocol::http::address(&asked.into_answer()?.bill_download_url);
                let wrong = || Doubt::Unreadable("bill_download_url is no https URL".to_owned());
                url.map(|url| BillLink::Url(BillUrl(url))).ok_or_else(wrong)
            }
        }
    }

    /// Fetches the archive of a bill; its bytes are for [`Bill::read`]. The download is not signed: what protects it is
    /// TLS, and that the address came in a signed answer. After a failure ask for a new link.
    ///
    /// # Errors
    /// [`Doubt`].
    pub async fn download_bill(&self, link: &BillUrl) -> Answer<Vec<u8>> {
        let timeout = self.settings().download_timeout;
        self.transport.get(link.0.clone(), MAX_BILL_BYTES, timeout).await
    }
}
