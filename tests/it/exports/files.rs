//! Files as they are downloaded, opened by other programs' libraries.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::contract;
use crate::harness::Server;

/// What came back.
pub(super) struct Download {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Vec<u8>,
}

/// A sheet's cells, line by line.
pub(super) type Lines = Vec<Vec<Data>>;

impl Server {
    pub(super) async fn download(&self, token: &str, path: &str) -> Download {
        self.download_in(token, path, "zh-CN").await
    }

    pub(super) async fn download_in(&self, token: &str, path: &str, language: &str) -> Download {
        let request = self.client.get(format!("{}{path}", self.base_url)).bearer_auth(token);
        let response = request.header("Accept-Language", language).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        contract::check("GET", path, status, &body);
        Download { status, headers, bytes }
    }
}

impl Download {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn total_rows(&self) -> usize {
        self.header("x-total-rows").parse().unwrap()
    }

    /// The full name of the file.
    pub(super) fn name(&self) -> String {
        let disposition = self.header("content-disposition");
        let encoded = disposition.split("filename*=UTF-8''").nth(1).unwrap();
        let query = format!("name={}", encoded.replace('+', "%2B"));
        url::form_urlencoded::parse(query.as_bytes()).next().unwrap().1.into_owned()
    }

    /// The header row and the others.
    pub(super) fn csv(&self) -> (Vec<String>, Vec<Vec<String>>) {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.bytes));
        assert_eq!(self.header("content-type"), "text/csv; charset=utf-8");
        let text =
            std::str::from_utf8(&self.bytes).unwrap().strip_prefix('\u{feff}').expect("a byte order mark");
        assert!(text.ends_with("\r\n") && text.matches('\n').count() == text.matches("\r\n").count());
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let records = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect());
        let mut lines: Vec<Vec<String>> = records.collect();
        let header = lines.remove(0);
        assert_eq!(lines.len(), self.total_rows());
        (header, lines)
    }

    fn workbook(&self) -> Xlsx<Cursor<Vec<u8>>> {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.bytes));
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        assert_eq!(self.header("content-type"), kind);
        assert_eq!(self.header("content-length"), self.bytes.len().to_string());
        Xlsx::new(Cursor::new(self.bytes.clone())).unwrap()
    }

    pub(super) fn sheet_names(&self) -> Vec<String> {
        self.workbook().sheet_names()
    }

    /// The header row and the others of the first sheet, which holds text and values but no formula.
    pub(super) fn xlsx(&self) -> (Vec<String>, Lines) {
        let mut workbook = self.workbook();
        let name = workbook.sheet_names()[0].clone();
        let formulas = workbook.worksheet_formula(&name).unwrap();
        assert!(formulas.used_cells().next().is_none(), "a formula");
        let range = workbook.worksheet_range(&name).unwrap();
        let width = range.width();
        let mut lines = lines(&range);
        lines.iter().for_each(|line| assert_eq!(line.len(), width));
        let header = lines.remove(0).iter().map(ToString::to_string).collect();
        assert_eq!(lines.len(), self.total_rows());
        (header, lines)
    }

    /// Labels and values of the second sheet.
    pub(super) fn about(&self) -> Vec<(String, Data)> {
        let mut workbook = self.workbook();
        let name = workbook.sheet_names()[1].clone();
        let range = workbook.worksheet_range(&name).unwrap();
        lines(&range).into_iter().map(|line| (line[0].to_string(), line[1].clone())).collect()
    }

    /// A value of the second sheet.
    pub(super) fn about_of(&self, label: &str) -> Data {
        let about = self.about();
        let found = about.iter().find(|(name, _)| name == label);
        found.unwrap_or_else(|| panic!("no {label} in {about:?}")).1.clone()
    }
}

fn lines(range: &Range<Data>) -> Lines {
    range.rows().map(<[Data]>::to_vec).collect()
}

/// A number of a sheet as the decimal it stands for, in hundredths.
pub(super) fn hundredths(cell: &Data) -> i64 {
    let Data::Float(number) = cell else { panic!("no number: {cell:?}") };
    let text = format!("{number:.2}");
    assert_eq!(text.parse(), Ok(*number), "more than two decimals");
    text.replace('.', "").parse().unwrap()
}

/// The text that CSV has for a cell of a sheet.
pub(super) fn as_csv(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Float(number) => number.to_string(),
        Data::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) {
                date
            } else {
                format!("{date} {hour:02}:{minute:02}:{second:02}")
            }
        }
        other => panic!("{other:?}"),
    }
}
