//! Asking for a bill and fetching its file (get-trade-bill; fund flow: 4012084430).

use std::fmt;
use std::io::{BufRead, BufReader, Read};

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use flate2::read::MultiGzDecoder;
use jiff::civil::Date;
use pay_protocol::{Answer, Doubt, MAX_BILL_BYTES, Outcome};
use reqwest::Url;
use serde::Deserialize;

use super::BillError;
use crate::client::Client;
use crate::codes::{self, Call};
use crate::transport::Request;

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

/// Whether there is a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestedBill {
    /// `STATEMENT_CREATING`: it is being made.
    Creating,
    /// `NO_STATEMENT_EXIST`: there is none of this day.
    None,
    /// Where it is.
    Link(BillLink),
}

/// Where the file of a bill is, and its hash. Fetch it within 5 minutes, else ask again. Whoever knows the address can
/// fetch the bill, so it is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct BillLink {
    url: Url,
    sha1: Vec<u8>,
    gzip: bool,
}

impl fmt::Debug for BillLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BillLink({})", self.url.host_str().unwrap_or_default())
    }
}

/// The file of a bill as it was fetched, packed perhaps. Its hash is compared while it is read.
pub struct BillFile {
    bytes: Vec<u8>,
    sha1: Vec<u8>,
    gzip: bool,
}

impl fmt::Debug for BillFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BillFile({} bytes)", self.bytes.len())
    }
}

#[derive(Deserialize)]
struct BillAnswer {
    hash_type: String,
    hash_value: String,
    download_url: String,
}

impl Client {
    /// Asks for the bill of all trades of a day in Beijing, payments and refunds, compressed on the way if `gzip`.
    ///
    /// # Errors
    /// [`Doubt`], also when the question is refused.
    pub async fn request_trade_bill(&self, date: Date, gzip: bool) -> Answer<RequestedBill> {
        self.request_bill(format!("/v3/bill/tradebill?bill_date={date}&bill_type=ALL"), gzip).await
    }

    /// Asks for the bill of all movements of an account on a day in Beijing.
    ///
    /// # Errors
    /// As for [`Client::request_trade_bill`].
    pub async fn request_fund_flow_bill(
        &self,
        date: Date,
        account: FundAccount,
        gzip: bool,
    ) -> Answer<RequestedBill> {
        let account = match account {
            FundAccount::Basic => "BASIC",
            FundAccount::Operation => "OPERATION",
            FundAccount::Fees => "FEES",
        };
        self.request_bill(format!("/v3/bill/fundflowbill?bill_date={date}&account_type={account}"), gzip)
            .await
    }

    async fn request_bill(&self, target: String, gzip: bool) -> Answer<RequestedBill> {
        let target = if gzip { format!("{target}&tar_type=GZIP") } else { target };
        match self.call_for::<BillAnswer>(Call::Ask, Some(Request::get(target))).await {
            Outcome::Refused(refusal) if codes::is(&refusal, "NO_STATEMENT_EXIST") => Ok(RequestedBill::None),
            Outcome::Refused(refusal) if codes::is(&refusal, "STATEMENT_CREATING") => {
                Ok(RequestedBill::Creating)
            }
            asked => link(&asked.into_answer()?, gzip).map(RequestedBill::Link),
        }
    }

    /// Fetches the file of a bill. Whatever fails, ask for the bill again.
    ///
    /// # Errors
    /// [`Doubt`].
    pub async fn download_bill(&self, link: &BillLink) -> Answer<BillFile> {
        let bytes = self.download(link.url.clone(), MAX_BILL_BYTES).await?;
        Ok(BillFile { bytes, sha1: link.sha1.clone(), gzip: link.gzip })
    }
}

fn link(answer: &BillAnswer, gzip: bool) -> Answer<BillLink> {
    let unreadable = |what: &str| Doubt::Unreadable(what.to_owned());
    if answer.hash_type != "SHA1" {
        return Err(unreadable("hash_type is not SHA1"));
    }
    let sha1 = hex::decode(&answer.hash_value).ok().filter(|bytes| bytes.len() == 20);
    Ok(BillLink {
        url: pay_protocol::http::address(&answer.download_url)
            .ok_or_else(|| unreadable("download_url is no https URL"))?,
        sha1: sha1.ok_or_else(|| unreadable("hash_value is not a SHA-1"))?,
        gzip,
    })
}

impl BillFile {
    /// Has the file read as a stream, and compares its hash. Of a file that is not the one that was promised nothing else
    /// is said.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&mut dyn BufRead) -> Result<T, BillError>,
    ) -> Result<T, BillError> {
        self.read_within(MAX_BILL_BYTES, read)
    }

    fn read_within<T>(
        &self,
        max_bytes: usize,
        read: impl FnOnce(&mut dyn BufRead) -> Result<T, BillError>,
    ) -> Result<T, BillError> {
        let packed = self.bytes.as_slice();
        let plain: Box<dyn Read + '_> =
            if self.gzip { Box::new(MultiGzDecoder::new(packed)) } else { Box::new(packed) };
        let mut input = BufReader::new(Hashed::new(plain, max_bytes));
        let found = read(&mut input);
        std::io::copy(&mut input, &mut std::io::sink()).map_err(|_| BillError::WrongHash)?;
        let hashed = input.into_inner();
        if hashed.left == 0 {
            return Err(BillError::TooLarge);
        }
        if hashed.context.finish().as_ref() != self.sha1 {
            return Err(BillError::WrongHash);
        }
        found
    }
}

/// A stream that ends before it has become too long, and has the hash of what was read.
struct Hashed<R> {
    input: R,
    context: Context,
    /// How much may still come; nothing, if it was too much.
    left: usize,
}

impl<R: Read> Hashed<R> {
    fn new(input: R, max_bytes: usize) -> Self {
        Hashed { input, context: Context::new(&SHA1_FOR_LEGACY_USE_ONLY), left: max_bytes + 1 }
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let room = buffer.len().min(self.left);
        let length = self.input.read(&mut buffer[..room])?;
        self.context.update(&buffer[..length]);
        self.left -= length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use aws_lc_rs::digest::digest;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(plain: &[u8]) -> BillFile {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        let sha1 = digest(&SHA1_FOR_LEGACY_USE_ONLY, plain).as_ref().to_vec();
        BillFile { bytes: encoder.finish().unwrap(), sha1, gzip: true }
    }

    const MAX_BYTES: usize = 1_000_000;

    /// How many bytes are read.
    fn length(file: &BillFile) -> Result<u64, BillError> {
        let count = |input: &mut dyn BufRead| std::io::copy(input, &mut std::io::sink());
        file.read_within(MAX_BYTES, |input| count(input).map_err(|_| BillError::WrongHash))
    }

    #[test]
    fn a_file_that_unpacks_to_too_much_is_refused() {
        assert_eq!(length(&packed(&vec![b'a'; MAX_BYTES])), Ok(MAX_BYTES as u64));
        let bomb = packed(&vec![b'a'; MAX_BYTES + 1]);
        assert!(bomb.bytes.len() < 10_000);
        assert_eq!(length(&bomb), Err(BillError::TooLarge));
    }

    #[test]
    fn a_file_that_breaks_off_or_was_changed_is_not_the_one_that_was_promised() {
        let mut file = packed(b"bill");
        file.bytes.truncate(file.bytes.len() - 9);
        assert_eq!(length(&file), Err(BillError::WrongHash));
        let file = BillFile { sha1: packed(b"bull").sha1, ..packed(b"bill") };
        assert_eq!(file.read(|_| Err::<(), _>(BillError::Encoding)), Err(BillError::WrongHash));
    }
}
