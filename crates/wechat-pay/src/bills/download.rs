//! Asking for a bill and fetching its file (get-trade-bill; fund flow: 4012084430).

use std::io::Read as _;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use flate2::read::MultiGzDecoder;
use jiff::civil::Date;
use reqwest::Url;
use serde::Deserialize;

use crate::client::Client;
use crate::codes::Call;
use crate::outcome::{Doubt, Outcome};
use crate::transport::Request;

/// A bill of a million rows has about 300 MB; larger files are refused, compressed or not, rather than kept in memory.
const MAX_BILL_BYTES: usize = 512 << 20;

/// The account a fund-flow bill is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FundAccount {
    /// 基本账户, where payments are settled.
    Basic,
    /// 运营账户, for payouts.
    Operation,
    /// 手续费账户.
    Fees,
}

/// Where the file of a bill is, and its hash. Fetch it within 5 minutes, else ask again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    url: Url,
    sha1: Vec<u8>,
    gzip: bool,
}

#[derive(Deserialize)]
struct BillAnswer {
    hash_type: String,
    hash_value: String,
    download_url: String,
}

impl Client {
    /// Asks for the bill of all trades of a day in Beijing, payments and refunds, compressed on the way if `gzip`.
    pub async fn request_trade_bill(&self, date: Date, gzip: bool) -> Outcome<Bill> {
        self.request_bill(format!("/v3/bill/tradebill?bill_date={date}&bill_type=ALL"), gzip).await
    }

    /// Asks for the bill of all movements of an account on a day in Beijing.
    pub async fn request_fund_flow_bill(
        &self,
        date: Date,
        account: FundAccount,
        gzip: bool,
    ) -> Outcome<Bill> {
        let account = match account {
            FundAccount::Basic => "BASIC",
            FundAccount::Operation => "OPERATION",
            FundAccount::Fees => "FEES",
        };
        self.request_bill(format!("/v3/bill/fundflowbill?bill_date={date}&account_type={account}"), gzip)
            .await
    }

    async fn request_bill(&self, target: String, gzip: bool) -> Outcome<Bill> {
        let target = if gzip { format!("{target}&tar_type=GZIP") } else { target };
        let request = Some(Request::get(target));
        let answer = self.call_for::<BillAnswer>(Call::RequestBill, request).await;
        answer.and_then(|answer| {
            let unreadable = |what: &str| Doubt::Unreadable { status: 200, what: what.to_owned() };
            let sha1 = hex::decode(&answer.hash_value).ok().filter(|bytes| bytes.len() == 20);
            if answer.hash_type != "SHA1" {
                return Err(unreadable("hash_type is not SHA1"));
            }
            let url = Url::parse(&answer.download_url).ok();
            let url = url.filter(|url| matches!(url.scheme(), "https" | "http"));
            Ok(Bill {
                url: url.ok_or_else(|| unreadable("download_url is no URL"))?,
                sha1: sha1.ok_or_else(|| unreadable("hash_value is not a SHA-1"))?,
                gzip,
            })
        })
    }

    /// Fetches the file of a bill, unpacks it and compares its hash. Never refused: whatever fails, ask for the bill
    /// again.
    pub async fn download_bill(&self, bill: &Bill) -> Outcome<Vec<u8>> {
        let file = match self.download(bill.url.clone(), MAX_BILL_BYTES).await {
            Ok(file) => file,
            Err(doubt) => return Outcome::Unknown(doubt),
        };
        let plain = if bill.gzip { unpack(&file, MAX_BILL_BYTES) } else { Ok(file) };
        match plain {
            Ok(plain) if digest(&SHA1_FOR_LEGACY_USE_ONLY, &plain).as_ref() == bill.sha1 => {
                Outcome::Succeeded(plain)
            }
            Ok(_) => Outcome::Unknown(Doubt::WrongHash),
            Err(doubt) => Outcome::Unknown(doubt),
        }
    }
}

/// A file that is not gzip cannot have the hash either.
fn unpack(file: &[u8], max_bytes: usize) -> Result<Vec<u8>, Doubt> {
    let limit = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
    let mut plain = Vec::new();
    let read = MultiGzDecoder::new(file).take(limit).read_to_end(&mut plain);
    let length = read.map_err(|_| Doubt::WrongHash)?;
    if length > max_bytes { Err(Doubt::TooLarge) } else { Ok(plain) }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn a_file_that_unpacks_to_too_much_is_refused() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&[b'a'; 1001]).unwrap();
        let file = encoder.finish().unwrap();
        assert_eq!(unpack(&file, 1000), Err(Doubt::TooLarge));
        assert_eq!(unpack(&file, 1001).unwrap().len(), 1001);
        assert_eq!(unpack(&file[..file.len() - 9], 1001), Err(Doubt::WrongHash));
    }
}
