//! `alipay.data.dataservice.bill.downloadurl.query`: the trades of a day, for reconciliation.
//!
//! There is a bill of a day from 10:00 of the next. Three steps: [`Client::bill_link`], [`Client::download_bill`] within
//! 30 seconds, and [`Bill::read`], which works for a while with many rows: not on a thread that serves requests.
//! Source: the page "查询对账单下载地址" of <https://opendocs.alipay.com>.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::client::{Client, Reply, url};
use crate::outcome::{Outcome, Unknown};
use crate::verdict::Method;

mod archive;
mod rows;
mod summary;
mod table;

pub use archive::BillError;
pub use rows::{Bill, BillKind, BillRow};
pub use table::BillFile;

/// The largest archive that is downloaded: a million rows have about 60 MB.
const MAX_ARCHIVE_BYTES: usize = 256 << 20;

/// Whether there is a bill.
#[derive(Clone, Debug)]
pub enum BillLink {
    /// `isp.bill_not_exist`: no trade on that day, or not ready yet.
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
    pub async fn bill_link(&self, day: Date, now: Timestamp) -> Outcome<BillLink> {
        let content = BillContent { bill_type: "trade", bill_date: day.to_string() };
        self.call(Method::BillUrl, &content, now).await.try_map(|reply: Reply<BillAnswer>| match reply {
            Reply::Answer(answer) => url("bill_download_url", &answer.bill_download_url)
                .map(|url| BillLink::Url(BillUrl(url)))
                .map_err(|error| Unknown::Unreadable(error.to_string())),
            Reply::Expected(_) => Ok(BillLink::NoBill),
        })
    }

    /// Fetches the archive of a bill; its bytes are for [`Bill::read`]. The download is not signed: what protects it is
    /// TLS, and that the address came in a signed answer. After a failure ask for a new link.
    pub async fn download_bill(&self, link: &BillUrl) -> Outcome<Vec<u8>> {
        let timeout = self.settings().download_timeout;
        match self.transport.get(link.0.clone(), MAX_ARCHIVE_BYTES, timeout).await {
            Ok(bytes) => Outcome::Succeeded(bytes),
            Err(unknown) => Outcome::Unknown(unknown),
        }
    }
}
