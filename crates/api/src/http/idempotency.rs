//! `Idempotency-Key`: the same key and body of one account at one endpoint within 24 hours gets the first answer again.
//!
//! The key is claimed inside the transaction of the act and the answer is stored with it, so an answer is remembered
//! exactly when its act was committed. A second call meanwhile waits for the first transaction on the key's unique
//! index. An act of several transactions (it asks a provider in between) claims the key in its first and stores the
//! answer in its last; a claim without an answer that is older than [`ABANDONED_AFTER_S`] was cut off by a crash and
//! may be taken over.
//!
//! Only answers of success are remembered. A refusal changed nothing, so the next call with the key may try again.
//! Answers are sealed like other secrets, because some of them show one (a new API key).

use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base::canonical::Encoder;
use base::clock::UtcTime;
use base::problem::{ErrorCode, Problem, Text};
use jiff::SignedDuration;
use office::audit::{self, Act};
use office::sign_in::SignedIn;
use platform::security::tokens::Subject;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{Connection, PgConnection};
use utoipa::PartialSchema;

use super::answer::Data;
use super::extract::{parse_json, read_body, require_json};
use crate::app::App;
use crate::http::rejection::Rejection;

/// The request header.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Marks an answer that was given before.
pub const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

const KEY_MAX_CHARS: usize = 64;
const REMEMBERED_FOR_HOURS: i64 = 24;
const WAIT: Duration = Duration::from_secs(10);
const POLL_EVERY: Duration = Duration::from_millis(100);
const ABANDONED_AFTER_S: i64 = 60;
const RETRY_AFTER_S: u64 = 5;
/// PostgreSQL's `lock_not_available`.
const LOCK_TIMEOUT: &str = "55P03";

/// A JSON body, with what an `Idempotency-Key` needs to know about the request.
#[derive(Debug)]
pub struct IdempotentJson<T>(pub IdempotentCall, pub T);

/// As [`IdempotentJson`], with a body that may be absent.
#[derive(Debug)]
pub struct OptionalIdempotentJson<T>(pub IdempotentCall, pub Option<T>);

/// One call that may carry a key.
#[derive(Clone, Debug)]
pub struct IdempotentCall {
    key: Option<String>,
    endpoint: String,
    body_hash: [u8; 32],
}

/// A key that this call holds, or nothing to remember.
#[derive(Debug)]
pub struct Claim(Option<Held>);

#[derive(Debug)]
struct Held {
    account: Subject,
    endpoint: String,
    key: String,
}

/// How to go on.
#[derive(Debug)]
pub enum Claimed {
    /// Act, and store the answer.
    First(Claim),
    /// The act was done before; this is its answer.
    Replay(Response),
}

impl<T: DeserializeOwned + PartialSchema> FromRequest<App> for IdempotentJson<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &App) -> Result<Self, Self::Rejection> {
        require_json(request.headers())?;
        let key = read_key(request.headers())?;
        let endpoint = format!("{} {}", request.method(), request.uri().path());
        let body = read_body(request.into_body()).await?;
        let parsed = parse_json(&body)?;
        let attempt = IdempotentCall { key, endpoint, body_hash: hash_body(&body) };
        Ok(IdempotentJson(attempt, parsed))
    }
}

impl<T: DeserializeOwned + PartialSchema> FromRequest<App> for OptionalIdempotentJson<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &App) -> Result<Self, Self::Rejection> {
        let headers = request.headers().clone();
        let key = read_key(&headers)?;
        let endpoint = format!("{} {}", request.method(), request.uri().path());
        let body = read_body(request.into_body()).await?;
        let attempt = IdempotentCall { key, endpoint, body_hash: hash_body(&body) };
        if body.is_empty() {
            return Ok(OptionalIdempotentJson(attempt, None));
        }
        require_json(&headers)?;
        Ok(parse_json(&body).map(|value| OptionalIdempotentJson(attempt, Some(value)))?)
    }
}

fn read_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(key) if (1..=KEY_MAX_CHARS).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(Problem::invalid_field(
            "Idempotency-Key",
            Text::new("长度须为 1 到 64 个字符", "must have 1 to 64 characters"),
        )),
    }
}

/// Bodies that differ only in spaces or the order of keys are the same body. Those that no value can hold (an unknown field
/// may have a number beyond any type) are compared as they came.
fn hash_body(body: &Bytes) -> [u8; 32] {
    match serde_json::from_slice(body) {
        Ok(value) => Encoder::default().json(&value).sha256(),
        Err(_) => Encoder::starting_with(body).sha256(),
    }
}

impl IdempotentCall {
    /// The key that the call carries.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Does an audited act at most once per key: claims the key, acts, and stores the answer, in one transaction. The
    /// answer of an act that was done before is given again, and nothing is written.
    ///
    /// # Errors
    /// As [`IdempotentCall::claim`] and [`audit::perform`].
    pub async fn perform<T: Serialize>(
        self,
        app: &App,
        caller: &SignedIn,
        mut act: Act,
        status: StatusCode,
        work: impl AsyncFnOnce(&mut PgConnection, &mut Act) -> Result<T, Problem>,
    ) -> Result<Response, Problem> {
        let mut transaction = app.database().begin().await?;
        let claim = match self.claim(app, &mut transaction, caller.subject).await? {
            Claimed::First(claim) => claim,
            Claimed::Replay(response) => return Ok(response),
        };
        let result = match work(&mut transaction, &mut act).await {
            Ok(data) => claim.answer(app, &mut transaction, status, data).await,
            Err(problem) => Err(problem),
        };
        audit::settle(app.database(), app.clock(), transaction, &caller.actor(), &act, result).await
    }

    /// Claims the key for this account in the caller's transaction, before anything else is written.
    ///
    /// # Errors
    /// `IDEMPOTENCY_CONFLICT` for another body, and with `Retry-After` when the first call does not end within 10 s;
    /// the database's.
    pub async fn claim(
        self,
        app: &App,
        connection: &mut PgConnection,
        account: Subject,
    ) -> Result<Claimed, Problem> {
        let Some(key) = self.key else {
            return Ok(Claimed::First(Claim(None)));
        };
        let held = Held { account, endpoint: self.endpoint, key };
        let give_up_at = Instant::now() + WAIT;
        loop {
            let now = app.clock().now();
            if insert(connection, &held, &self.body_hash, now).await? {
                return Ok(Claimed::First(Claim(Some(held))));
            }
            if let Some(response) = stored(app, connection, &held, &self.body_hash).await? {
                return Ok(Claimed::Replay(response));
            }
            if Instant::now() >= give_up_at {
                return Err(still_running());
            }
            tokio::time::sleep(POLL_EVERY).await;
        }
    }
}

impl Claim {
    /// The answer to send, stored under the key if there is one. In the transaction of the act, or its last one.
    ///
    /// # Errors
    /// The database's.
    pub async fn answer<T: Serialize>(
        &self,
        app: &App,
        connection: &mut PgConnection,
        status: StatusCode,
        data: T,
    ) -> Result<Response, Problem> {
        let body = serde_json::to_vec(&Data::new(data)).map_err(Problem::internal)?;
        if let Some(held) = &self.0 {
            let stored = sqlx::query!(
                "UPDATE idempotency_keys SET status = $4, response = $5
                 WHERE account_id = $1 AND endpoint = $2 AND key = $3",
                held.account.uuid(),
                held.endpoint,
                held.key,
                i32::from(status.as_u16()),
                app.cipher().seal(&held.context(), &body),
            )
            .execute(connection)
            .await?;
            if stored.rows_affected() != 1 {
                return Err(Problem::internal("the idempotency key is no longer claimed"));
            }
        }
        Ok(json_response(status, body))
    }

    /// Lets go of a key whose act of several transactions failed, so that the next call with it may try again.
    ///
    /// # Errors
    /// The database's.
    pub async fn release(&self, connection: &mut PgConnection) -> sqlx::Result<()> {
        let Some(held) = &self.0 else { return Ok(()) };
        sqlx::query!(
            "DELETE FROM idempotency_keys
             WHERE account_id = $1 AND endpoint = $2 AND key = $3 AND status IS NULL",
            held.account.uuid(),
            held.endpoint,
            held.key,
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

impl Held {
    fn context(&self) -> String {
        format!("idempotency_keys|response|{}|{}|{}", self.account, self.endpoint, self.key)
    }
}

fn json_response(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn still_running() -> Problem {
    Problem::new(ErrorCode::IdempotencyConflict)
        .with_text(Text::new(
            "使用该幂等键的请求仍在处理中，请稍后重试",
            "The first request with this idempotency key is still being worked on",
        ))
        .with_retry_after(RETRY_AFTER_S)
}

/// Whether the key is now ours: new, forgotten after 24 h, or abandoned. Waits for a transaction that inserted it.
///
/// ON CONFLICT locks the row also when it leaves it as it is, and the first call must write its answer there: so a key that
/// is not ours is let go with the savepoint.
async fn insert(
    connection: &mut PgConnection,
    held: &Held,
    body_hash: &[u8; 32],
    now: UtcTime,
) -> Result<bool, Problem> {
    let mut savepoint = connection.begin().await?;
    set_lock_timeout(&mut savepoint, WAIT).await?;
    let claimed = sqlx::query_scalar!(
        "INSERT INTO idempotency_keys AS k (account_id, endpoint, key, body_hash, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, endpoint, key) DO UPDATE
         SET body_hash = excluded.body_hash, status = NULL, response = NULL, created_at = excluded.created_at
         WHERE k.created_at <= $6 OR (k.status IS NULL AND k.created_at <= $7)
         RETURNING account_id",
        held.account.uuid(),
        held.endpoint,
        held.key,
        &body_hash[..],
        now as _,
        now.plus(SignedDuration::from_hours(-REMEMBERED_FOR_HOURS)) as _,
        now.plus(SignedDuration::from_secs(-ABANDONED_AFTER_S)) as _,
    )
    .fetch_optional(&mut *savepoint)
    .await;
    match claimed {
        Ok(None) => {
            savepoint.rollback().await?;
            Ok(false)
        }
        Ok(Some(_)) => {
            set_lock_timeout(&mut savepoint, Duration::from_secs(30)).await?;
            savepoint.commit().await?;
            Ok(true)
        }
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(LOCK_TIMEOUT) => {
            Err(still_running())
        }
        Err(error) => Err(error.into()),
    }
}

/// Removes keys that are not remembered any more.
///
/// # Errors
/// The database's.
pub async fn purge_forgotten(connection: &mut PgConnection, now: UtcTime) -> sqlx::Result<u64> {
    let purged = sqlx::query!(
        "DELETE FROM idempotency_keys WHERE created_at <= $1",
        now.plus(SignedDuration::from_hours(-REMEMBERED_FOR_HOURS)) as _,
    )
    .execute(connection)
    .await?;
    Ok(purged.rows_affected())
}

/// For the rest of the transaction.
async fn set_lock_timeout(connection: &mut PgConnection, timeout: Duration) -> sqlx::Result<()> {
    sqlx::query!("SELECT set_config('lock_timeout', $1, true)", format!("{}ms", timeout.as_millis()))
        .fetch_one(connection)
        .await?;
    Ok(())
}

/// The answer under the key; `None` while the first call is still running or when it has just failed.
async fn stored(
    app: &App,
    connection: &mut PgConnection,
    held: &Held,
    body_hash: &[u8; 32],
) -> Result<Option<Response>, Problem> {
    let row = sqlx::query!(
        "SELECT body_hash, status, response FROM idempotency_keys
         WHERE account_id = $1 AND endpoint = $2 AND key = $3",
        held.account.uuid(),
        held.endpoint,
        held.key,
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.body_hash[..] != body_hash[..] {
        return Err(ErrorCode::IdempotencyConflict.into());
    }
    let (Some(status), Some(sealed)) = (row.status, row.response) else {
        return Ok(None);
    };
    let body = app.cipher().open(&held.context(), &sealed).map_err(Problem::internal)?;
    let status = u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok());
    let mut response = json_response(status.unwrap_or(StatusCode::OK), body);
    response.headers_mut().insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
    Ok(Some(response))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bodies_are_told_apart_whatever_else_they_hold() {
        let hash = |body: &'static str| hash_body(&Bytes::from_static(body.as_bytes()));
        assert_eq!(hash(r#"{"a": 1, "b": 2}"#), hash(r#"{"b":2,"a":1}"#));
        assert_ne!(hash(r#"{"a": 1}"#), hash(r#"{"a": 2}"#));
        // No value can hold the number.
        assert_ne!(hash(r#"{"a": 1, "b": 1e999}"#), hash(r#"{"a": 2, "b": 1e999}"#));
        assert_ne!(hash(""), hash("null"));
    }
}
