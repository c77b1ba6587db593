//! Extractors that answer in the contract's envelope and name the wrong field.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use base::ids::{Id, Kind};
use base::problem::{ErrorCode, FieldError, Problem, Text};
use http_body_util::LengthLimitError;
use office::staff::{self, StaffKind};
use platform::security::tokens::Subject;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use utoipa::PartialSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::reason::wrong_value;
use crate::app::App;
use crate::http::rejection::Rejection;

/// The largest request body, in bytes.
pub const BODY_LIMIT_BYTES: usize = 1024 * 1024;
/// A client that takes longer to send its body is refused.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// A JSON body. 415 for another content type, 413 above 1 MiB, 400 naming the fields otherwise.
#[derive(Debug)]
pub struct ApiJson<T>(pub T);

/// The query string. Unknown parameters are ignored; a repeated one is an error unless the field is a list.
#[derive(Debug)]
pub struct ApiQuery<T>(pub T);

/// An id in the path. A malformed one cannot exist, so it is the 404 of its kind.
#[derive(Debug)]
pub struct PathId<K: Kind>(pub Id<K>);

/// The id of a staff account in the path, of any of the three kinds.
#[derive(Debug)]
pub struct PathStaffId(pub StaffKind, pub Subject);

impl<T: DeserializeOwned + PartialSchema> FromRequest<App> for ApiJson<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &App) -> Result<Self, Self::Rejection> {
        require_json(request.headers())?;
        let body = read_body(request.into_body()).await?;
        Ok(parse_json(&body).map(ApiJson)?)
    }
}

/// A JSON body that may be absent: no content reads as `None`.
#[derive(Debug)]
pub struct OptionalJson<T>(pub Option<T>);

impl<T: DeserializeOwned + PartialSchema> FromRequest<App> for OptionalJson<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &App) -> Result<Self, Self::Rejection> {
        let headers = request.headers().clone();
        let body = read_body(request.into_body()).await?;
        if body.is_empty() {
            return Ok(OptionalJson(None));
        }
        require_json(&headers)?;
        Ok(parse_json(&body).map(|value| OptionalJson(Some(value)))?)
    }
}

/// 415 unless the content type is `application/json` (parameters such as a charset are ignored).
pub fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let essence = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|essence| essence.trim().to_ascii_lowercase());
    match essence.as_deref() {
        Some("application/json") => Ok(()),
        _ => Err(ErrorCode::UnsupportedMediaType.into()),
    }
}

/// The whole body, up to 1 MiB. What is announced to be longer is not waited for.
///
/// # Errors
/// `PAYLOAD_TOO_LARGE`, or `INVALID_PARAMS` when the client does not send what it announced, or too slowly.
pub async fn read_body(body: Body) -> Result<Bytes, Problem> {
    let is_announced_too_large =
        usize::try_from(body.size_hint().lower()).map_or(true, |least| least > BODY_LIMIT_BYTES);
    if is_announced_too_large {
        return Err(ErrorCode::PayloadTooLarge.into());
    }
    let read = tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, BODY_LIMIT_BYTES)).await;
    read.map_err(|_| unreadable())?.map_err(|error| {
        let is_too_large = error.source().is_some_and(|source| source.is::<LengthLimitError>());
        if is_too_large { ErrorCode::PayloadTooLarge.into() } else { unreadable() }
    })
}

fn unreadable() -> Problem {
    Problem::new(ErrorCode::InvalidParams)
        .with_text(Text::new("无法读取请求内容", "The request body could not be read"))
}

/// Reads a body of type `T`; a failure names every field whose value has another type, and every required field that is
/// absent.
pub fn parse_json<T: DeserializeOwned + PartialSchema>(body: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(body).map_err(|_| malformed_json())?;
    // serde would also read a struct from an array, by position.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(malformed_json());
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let error = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Ok(value) => return deserializer.end().map(|()| value).map_err(|_| malformed_json()),
        Err(error) => error.into_inner().to_string(),
    };
    // Well-formed but wrong, or not JSON at all: numbers beyond any type and deep nesting are well-formed.
    let object: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(|_| malformed_json())?;
    let mut fields: Vec<FieldError> = required_fields(&T::schema())
        .into_iter()
        .filter(|field| !object.contains_key(field))
        .map(|field| FieldError { field, text: Text::new("必填", "is required") })
        .collect();
    fields.extend(wrong_types::<T>(object)?);
    fields.extend(twice(&error).filter(|twice| fields.iter().all(|known| known.field != twice.field)));
    if fields.is_empty() {
        return Err(malformed_json());
    }
    Err(Problem::invalid_fields(fields))
}

/// The field that the object has twice, if that is what the deserializer says.
fn twice(error: &str) -> Option<FieldError> {
    let (field, _) = error.strip_prefix("duplicate field `")?.split_once('`')?;
    Some(FieldError { field: field.to_owned(), text: wrong_value(error) })
}

/// The values that cannot be read. A deserializer stops at the first, so each is left out in turn until nothing is wrong, or
/// nothing but what is left out.
fn wrong_types<T: DeserializeOwned>(
    mut object: BTreeMap<String, &RawValue>,
) -> Result<Vec<FieldError>, Problem> {
    let mut fields = Vec::new();
    loop {
        let json = serde_json::to_string(&object).map_err(Problem::internal)?;
        let mut deserializer = serde_json::Deserializer::from_str(&json);
        let Err(error) = serde_path_to_error::deserialize::<_, T>(&mut deserializer) else {
            return Ok(fields);
        };
        let field = error.path().to_string();
        // What is absent has no path.
        if field == "." {
            return Ok(fields);
        }
        let is_left_out = object.remove(field.split(['.', '[']).next().unwrap_or_default()).is_some();
        fields.push(FieldError { field, text: wrong_value(&error.into_inner().to_string()) });
        if !is_left_out {
            return Ok(fields);
        }
    }
}

fn malformed_json() -> Problem {
    Problem::new(ErrorCode::InvalidParams)
        .with_text(Text::new("请求内容不是有效的 JSON 对象", "The request body is not a valid JSON object"))
}

fn required_fields(schema: &RefOr<Schema>) -> Vec<String> {
    match schema {
        RefOr::T(Schema::Object(object)) => object.required.clone(),
        _ => Vec::new(),
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for ApiQuery<T> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        Ok(parse_query(parts.uri.query().unwrap_or("")).map(ApiQuery)?)
    }
}

/// Reads a query string of type `T`; a failure names every parameter that cannot be read.
pub fn parse_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let mut query = Cow::Borrowed(query);
    let mut fields: Vec<FieldError> = Vec::new();
    loop {
        let deserializer = serde_html_form::Deserializer::from_bytes(query.as_bytes());
        let error = match serde_path_to_error::deserialize(deserializer) {
            Ok(value) if fields.is_empty() => return Ok(value),
            Ok(_) => return Err(Problem::invalid_fields(fields)),
            Err(error) => error,
        };
        // An item of a repeated parameter has its place behind the name.
        let path = error.path().to_string();
        let field = path.split('[').next().unwrap_or_default().to_owned();
        // A deserializer stops at the first, so each is left out in turn.
        let rest = without(&query, &field);
        let is_left_out = rest.len() < query.len();
        fields.push(FieldError { field, text: wrong_value(&error.into_inner().to_string()) });
        if !is_left_out {
            return Err(Problem::invalid_fields(fields));
        }
        query = Cow::Owned(rest);
    }
}

/// The query string without a parameter.
fn without(query: &str, name: &str) -> String {
    let is_other = |pair: &&str| url::form_urlencoded::parse(pair.as_bytes()).all(|(key, _)| key != name);
    query.split('&').filter(is_other).collect::<Vec<_>>().join("&")
}

impl<K: Kind + NotFound> FromRequestParts<App> for PathId<K> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let path = Path::<String>::from_request_parts(parts, app).await;
        let text = path.map_err(|_| Problem::new(K::NOT_FOUND))?.0;
        text.parse().map(PathId).map_err(|_| K::NOT_FOUND.into())
    }
}

impl FromRequestParts<App> for PathStaffId {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let path = Path::<String>::from_request_parts(parts, app).await;
        let parsed = path.ok().and_then(|Path(text)| staff::parse_id(&text));
        let (kind, subject) = parsed.ok_or(ErrorCode::ResourceNotFound)?;
        Ok(PathStaffId(kind, subject))
    }
}

/// Which 404 an unknown id of this kind is.
pub trait NotFound {
    const NOT_FOUND: ErrorCode;
}

macro_rules! not_found {
    ($($kind:ident $code:ident),+ $(,)?) => {
        $(impl NotFound for base::ids::$kind { const NOT_FOUND: ErrorCode = ErrorCode::$code; })+
    };
}

not_found! {
    Operator OperatorNotFound,
    Site SiteNotFound,
    Application AppNotFound,
    Grant ResourceNotFound,
    AppRequest ResourceNotFound,
    Order ResourceNotFound,
    Refund RefundNotFound,
    Invoice InvoiceNotFound,
    Message ResourceNotFound,
    Report ResourceNotFound,
    Email ResourceNotFound,
    Job ResourceNotFound,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use utoipa::ToSchema;

    #[derive(Debug, Deserialize, ToSchema)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Sample {
        name: String,
        amount: money::Fen,
        note: Option<String>,
    }

    fn wrong_fields(body: &str) -> Vec<String> {
        let problem = parse_json::<Sample>(body.as_bytes()).unwrap_err();
        problem.fields().iter().map(|error| error.field.clone()).collect()
    }

    #[test]
    fn every_missing_field_is_named() {
        assert_eq!(wrong_fields("{}"), ["name", "amount"]);
    }

    #[test]
    fn a_wrong_type_names_its_field() {
        assert_eq!(wrong_fields(r#"{"name": 1, "amount": "1.00"}"#), ["name"]);
        assert_eq!(wrong_fields(r#"{"name": "x", "amount": 1.5}"#), ["amount"]);
        assert_eq!(wrong_fields(r#"{"name": "x", "amount": "1.00", "note": 5}"#), ["note"]);
    }

    #[test]
    fn every_wrong_type_names_its_field_beside_those_that_are_missing() {
        assert_eq!(wrong_fields(r#"{"amount": 1, "note": [], "name": {}}"#), ["amount", "name", "note"]);
        assert_eq!(wrong_fields(r#"{"name": null, "note": 5, "other": 5}"#), ["amount", "name", "note"]);
    }

    #[test]
    fn a_field_that_comes_twice_is_named() {
        assert_eq!(wrong_fields(r#"{"name": "x", "amount": "1", "name": "y"}"#), ["name"]);
        assert_eq!(wrong_fields(r#"{"name": "x", "amount": 1, "name": "y"}"#), ["amount"]);
        assert_eq!(wrong_fields(r#"{"name": "x", "note": "y", "note": "z"}"#), ["amount", "note"]);
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Query {
        page: Option<i64>,
        status: Option<bool>,
        #[serde(default)]
        ids: Vec<i64>,
    }

    #[test]
    fn every_parameter_that_cannot_be_read_is_named() {
        let wrong = |query: &str| {
            let fields = parse_query::<Query>(query).err().map(|problem| problem.fields().to_vec());
            fields.unwrap_or_default().into_iter().map(|error| error.field).collect::<Vec<_>>()
        };
        assert_eq!(wrong("page=1&status=true&ids=1&ids=2&other=x&other=y&&="), [""; 0]);
        assert_eq!(wrong("page=x&status=y&ids=1&ids=z"), ["page", "status", "ids"]);
        assert_eq!(wrong("status=maybe&p%61ge=x&other=1"), ["status", "page"]);
        assert_eq!(wrong("page=1&page=2&status=y"), ["page", "status"]);
    }

    #[test]
    fn a_value_that_no_type_can_hold_names_its_field() {
        let deep = "[".repeat(1_000) + &"]".repeat(1_000);
        for value in ["1e400", deep.as_str()] {
            let body = format!(r#"{{"name": "x", "amount": {value}}}"#);
            assert_eq!(wrong_fields(&body), ["amount"]);
        }
    }

    #[test]
    fn text_that_is_not_an_object_names_no_field() {
        for body in [
            "",
            "[]",
            r#"["x", "1.00", null]"#,
            "null",
            "{",
            "{} {}",
            "\u{0}",
            r#"{"name":"x","amount":"1"}}"#,
        ] {
            assert!(wrong_fields(body).is_empty(), "{body:?}");
        }
    }
}
