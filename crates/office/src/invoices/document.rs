//! The document of an invoice: made when it is approved, kept, and handed out as it was.

use async_trait::async_trait;
use base::ids::{InvoiceId, OperatorId};
use base::problem::{ErrorCode, Problem, Text};
use jiff::civil::Date;
use money::Fen;
use platform::settings::Settings;
use sqlx::PgConnection;

use super::pdf::{Buyer, InvoiceDocument, InvoiceLine, Issuer, RenderError, render};

/// What all money on an invoice was paid for.
const LINE: &str = "*信息技术服务*游戏平台预付费充值";

/// What differs from invoice to invoice.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    pub number: &'a str,
    pub issued_on: Date,
    pub title: &'a str,
    pub tax_id: &'a str,
    pub amount: Fen,
    pub drawer: &'a str,
}

/// Who makes the document of an approved invoice: the platform itself, or a tax provider that issues a 数电票.
///
/// It is asked in the approving transaction and may answer at once only: the document and the number appear together. A
/// provider that takes its time answers with a document of its own that says so, and replaces it by a job.
#[async_trait]
pub trait DocumentIssuer: std::fmt::Debug + Send + Sync {
    /// The document as a PDF file.
    ///
    /// # Errors
    /// `INVALID_PARAMS` for contents that cannot be on a document; then the invoice stays pending and takes no number.
    async fn issue(&self, settings: &Settings, contents: Contents<'_>) -> Result<Vec<u8>, Problem>;
}

/// The platform's own document ([`super::render`]).
#[derive(Clone, Copy, Debug)]
pub struct OwnDocument;

#[async_trait]
impl DocumentIssuer for OwnDocument {
    /// On a thread that may block. The staff's note is for colleagues and not printed.
    async fn issue(&self, settings: &Settings, contents: Contents<'_>) -> Result<Vec<u8>, Problem> {
        let document = InvoiceDocument {
            number: contents.number.to_owned(),
            issued_on: contents.issued_on,
            buyer: Buyer { title: contents.title.to_owned(), tax_id: contents.tax_id.to_owned() },
            issuer: Issuer {
                name: settings.invoice_issuer_name.clone(),
                tax_id: settings.invoice_issuer_tax_id.clone(),
                address: settings.invoice_issuer_address.clone(),
                phone: settings.invoice_issuer_phone.clone(),
                bank_account: settings.invoice_issuer_bank_account.clone(),
            },
            lines: vec![InvoiceLine { name: LINE.to_owned(), amount: contents.amount }],
            note: String::new(),
            drawer: contents.drawer.to_owned(),
            reviewer: String::new(),
        };
        let rendered =
            tokio::task::spawn_blocking(move || render(&document)).await.map_err(Problem::internal)?;
        rendered.map_err(|error| match error {
            RenderError::Unprintable { field, characters } => Problem::new(ErrorCode::InvalidParams)
                .with_text(Text::owned(
                    format!("发票内容含有无法打印的字符：{field} {characters}"),
                    format!("The invoice has characters that cannot be printed: {field} {characters}"),
                )),
            RenderError::TotalOutOfRange | RenderError::Pdf(_) => Problem::internal(error),
        })
    }
}

/// Refuses a text that could not be printed later, while its author can still change it.
///
/// # Errors
/// `INVALID_PARAMS` that names the field and the characters.
pub async fn require_printable(field: &'static str, text: &str) -> Result<(), Problem> {
    let owned = text.to_owned();
    // The first call unpacks the fonts.
    let missing = tokio::task::spawn_blocking(move || documents::missing_characters(&owned)).await;
    let missing: String = missing.map_err(Problem::internal)?.into_iter().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let text = Text::owned(
        format!("含有无法打印的字符：{missing}"),
        format!("has characters that cannot be printed: {missing}"),
    );
    Err(Problem::invalid_field(field, text))
}

/// A document to be downloaded.
#[derive(Clone, Debug)]
pub struct PdfFile {
    pub number: String,
    pub bytes: Vec<u8>,
}

/// The document of an approved invoice, of this operator or of any.
///
/// # Errors
/// The database's.
pub async fn pdf_file(
    connection: &mut PgConnection,
    operator_id: Option<OperatorId>,
    invoice_id: InvoiceId,
) -> sqlx::Result<Option<PdfFile>> {
    sqlx::query_as!(
        PdfFile,
        r#"SELECT invoice_number AS "number!", pdf AS "bytes!" FROM invoices
           WHERE id = $1 AND ($2::uuid IS NULL OR operator_id = $2) AND status = 'approved'"#,
        invoice_id.uuid(),
        operator_id.map(OperatorId::uuid),
    )
    .fetch_optional(connection)
    .await
}
