//! Answers that are files: `format`, the limits, the headers, and the body as it is made.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::http::header::{
    ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE,
};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use base::problem::{Language, Problem, Text};
use futures_util::{StreamExt, stream};
use office::exports::{
    self, AccountShare, CsvWriter, Export, Failure, Format, MAX_COLUMNS, MAX_ROWS, NoSlot, Page, Reading,
    Setting, Slot, Table, content_disposition,
};
use platform::security::tokens::Subject;
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc::Receiver;
use utoipa::IntoParams;

use super::envelope::RequestContext;
use super::extract::parse_query;
use crate::app::App;
use crate::http::rejection::Rejection;

/// How many rows the file has below its header, so that progress can be shown while it comes.
const TOTAL_ROWS_HEADER: HeaderName = HeaderName::from_static("x-total-rows");
const RETRY_AFTER_SECONDS: u64 = 5;
const FILE_CHUNK_BYTES: usize = 64 * 1024;

/// The parameter that every export has.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FormatParams {
    /// `xlsx` unless given.
    #[param(inline)]
    format: Option<Format>,
}

/// A request for a file.
#[derive(Debug)]
pub struct ExportRequest {
    pub format: Format,
    pub setting: Setting,
}

impl FromRequestParts<App> for ExportRequest {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let params: FormatParams = parse_query(parts.uri.query().unwrap_or(""))?;
        let context = parts.extensions.get::<RequestContext>();
        let setting = Setting {
            language: parts.extensions.get::<Language>().copied().unwrap_or_default(),
            timezone: app.settings().business_timezone.clone(),
            made_at: app.clock().now(),
            trace_id: context.map(RequestContext::request_id).unwrap_or_default().to_owned(),
        };
        Ok(ExportRequest { format: params.format.unwrap_or_default(), setting })
    }
}

impl ExportRequest {
    /// Makes the file. CSV begins to leave when the first rows are read, XLSX when all of it is there.
    ///
    /// # Errors
    /// `RATE_LIMIT_EXCEEDED` when the account or the instance makes too many files; `INVALID_PARAMS` naming `format` for a
    /// table that no spreadsheet holds; those of the export before anything has left.
    pub async fn answer(self, app: &App, caller: Subject, export: impl Export) -> Result<Response, Problem> {
        let slot = app.exports().enter(caller.uuid()).await.map_err(|refused| refuse(app, refused))?;
        match self.format {
            Format::Csv => self.csv(app, slot, export).await,
            Format::Xlsx => self.xlsx(app, slot, export).await,
        }
    }

    async fn csv(self, app: &App, slot: Slot, export: impl Export) -> Result<Response, Problem> {
        let Reading { table, pages } = exports::read(app.database(), export, &self.setting, slot).await?;
        let headers = self.headers(&table)?;
        let writer = CsvWriter::new(self.setting);
        let header = Bytes::from(writer.header(&table)?);
        let begin = stream::once(async move { Ok::<_, io::Error>(header) });
        let rows = stream::try_unfold((pages, writer), async |(mut pages, writer)| {
            let chunk = next_chunk(&mut pages, &writer).await?;
            Ok(chunk.map(|chunk| (chunk, (pages, writer))))
        });
        Ok((headers, Body::from_stream(begin.chain(rows))).into_response())
    }

    async fn xlsx(self, app: &App, slot: Slot, export: impl Export) -> Result<Response, Problem> {
        let Slot { place, work } = slot;
        let Reading { table, pages } = exports::read(app.database(), export, &self.setting, ()).await?;
        check_size(&table)?;
        let mut headers = self.headers(&table)?.to_vec();
        let dir = app.config().scratch_dir.clone().unwrap_or_else(std::env::temp_dir);
        let file = make_xlsx(table, self.setting, pages, dir).await?;
        drop(work);
        let length = file.metadata().map_err(Problem::internal)?.len();
        headers.push((CONTENT_LENGTH, HeaderValue::from(length)));
        let mut response = Body::from_stream(file_chunks(file, place)).into_response();
        response.headers_mut().extend(headers);
        Ok(response)
    }

    fn headers(&self, table: &Table) -> Result<[(HeaderName, HeaderValue); 5], Problem> {
        let disposition = content_disposition(table, &self.setting, self.format);
        Ok([
            (CONTENT_TYPE, HeaderValue::from_static(self.format.content_type())),
            (CONTENT_DISPOSITION, HeaderValue::try_from(disposition).map_err(Problem::internal)?),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (TOTAL_ROWS_HEADER, HeaderValue::from(table.total_rows)),
            (
                ACCESS_CONTROL_EXPOSE_HEADERS,
                HeaderValue::from_static("content-disposition, content-length, x-total-rows"),
            ),
        ])
    }
}

fn refuse(app: &App, refused: NoSlot) -> Problem {
    app.metrics().rate_limited("exports");
    let text = match refused {
        NoSlot::OfAccount => Text::new(
            "正在导出的文件过多，请等待完成后重试",
            "Other exports of this account are still running",
        ),
        NoSlot::OfInstance => {
            Text::new("当前导出人数较多，请稍后重试", "Too many exports are running; try again later")
        }
    };
    let limit = i64::try_from(exports::FILES_OF_ACCOUNT).unwrap_or(i64::MAX);
    Problem::rate_limited(limit, RETRY_AFTER_SECONDS, RETRY_AFTER_SECONDS).with_text(text)
}

fn check_size(table: &Table) -> Result<(), Problem> {
    if table.total_rows <= MAX_ROWS && table.columns.len() <= MAX_COLUMNS {
        return Ok(());
    }
    let text = Text::owned(
        format!("XLSX 最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列，请缩小范围或选择 csv"),
        format!("xlsx holds at most {MAX_ROWS} rows and {MAX_COLUMNS} columns: narrow the range or take csv"),
    );
    Err(Problem::invalid_field("format", text))
}

/// The next piece of a CSV file; `None` at the end. An error breaks the connection off, so that nobody takes a part for
/// the whole.
async fn next_chunk(pages: &mut Receiver<Page>, writer: &CsvWriter) -> io::Result<Option<Bytes>> {
    let page =
        pages.recv().await.unwrap_or_else(|| Err(Problem::unavailable("the reader of an export ended")));
    match page.and_then(|rows| if rows.is_empty() { Ok(None) } else { writer.rows(&rows).map(Some) }) {
        Ok(chunk) => Ok(chunk.map(Bytes::from)),
        Err(problem) => {
            tracing::error!(
                trace_id = writer.trace_id(),
                cause = problem.cause(),
                "an export was broken off"
            );
            Err(io::Error::other("the export was broken off"))
        }
    }
}

/// Writes the file beside the requests. Dropping the future ends the work.
async fn make_xlsx(
    table: Table,
    setting: Setting,
    pages: Receiver<Page>,
    dir: PathBuf,
) -> Result<File, Problem> {
    // The writer looks whether this future, which holds it, is still there.
    let waiting = Arc::new(());
    let watch = Arc::downgrade(&waiting);
    let written = tokio::task::spawn_blocking(move || {
        exports::write_xlsx(&table, &setting, pages, &dir, || watch.strong_count() > 0)
    });
    let written = written.await;
    drop(waiting);
    match written.map_err(Problem::internal)? {
        Ok(file) => Ok(file),
        Err(Failure::Problem(problem)) => Err(problem),
        Err(Failure::Abandoned) => Err(Problem::unavailable("the reader of an export ended")),
    }
}

/// The file piece by piece. The account's place is given back with the last of it.
fn file_chunks(file: File, place: AccountShare) -> impl stream::Stream<Item = io::Result<Bytes>> {
    let file = tokio::fs::File::from_std(file);
    stream::try_unfold((file, place), async |(mut file, place)| {
        let mut chunk = Vec::with_capacity(FILE_CHUNK_BYTES);
        let read = file.read_buf(&mut chunk).await?;
        Ok((read > 0).then(|| (Bytes::from(chunk), (file, place))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use office::exports::{Column, Selection};

    #[test]
    fn a_table_that_no_sheet_holds_is_refused() {
        let table = |total_rows, columns| Table {
            name: Text::new("", ""),
            columns: vec![Column::number("", ""); columns],
            selection: Selection::default(),
            sums_by: None,
            total_rows,
        };
        assert!(check_size(&table(MAX_ROWS, MAX_COLUMNS)).is_ok());
        for table in [table(MAX_ROWS + 1, 1), table(1, MAX_COLUMNS + 1)] {
            assert_eq!(check_size(&table).unwrap_err().fields()[0].field, "format");
        }
    }
}
