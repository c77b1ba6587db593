//! What every headset call goes through first: address limit, transport, key, time, signature.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::USER_AGENT;
use axum::http::{HeaderMap, Method};
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::authorization::log::{Attempt, AttemptResult, Endpoint};
use crate::clock::UtcTime;
use crate::http::address_limit;
use crate::http::client_ip::ClientIp;
use crate::http::envelope::RequestContext;
use crate::http::extract::{read_body, require_json};
use crate::ids::OperatorId;
use crate::ledger::AccountState;
use crate::problem::{ErrorCode, Problem, Text};
use crate::security::api_key::{self, Credential};

/// How far a request's timestamp may be from now, in seconds.
const MAX_SKEW_S: i64 = 300;

/// A headset call as it came, before its key is known.
#[derive(Debug)]
pub(super) struct HeadsetRequest {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) client_ip: IpAddr,
    pub(super) received_at: UtcTime,
    pub(super) context: RequestContext,
    pub(super) started: Instant,
    method: Method,
    path_and_query: String,
}

/// Who sent it: the key was known and the signature good. The credential may be out of date; whoever acts on it checks
/// its generation against the account.
#[derive(Debug)]
pub(super) struct HeadsetCaller {
    pub(super) credential: Arc<Credential>,
}

impl FromRequest<App> for HeadsetRequest {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let started = Instant::now();
        let received_at = app.clock().now();
        let (mut parts, body) = request.into_parts();
        let ClientIp(client_ip) = ClientIp::from_request_parts(&mut parts, app).await?;
        address_limit::check(app, client_ip).await?;
        if parts.method == Method::POST {
            require_json(&parts.headers)?;
        }
        let context = parts
            .extensions
            .get::<RequestContext>()
            .cloned()
            .ok_or_else(|| Problem::internal("no request context"))?;
        let method = parts.method.clone();
        let path_and_query = parts
            .uri
            .path_and_query()
            .map_or_else(String::new, ToString::to_string);
        let headers = parts.headers.clone();
        let body = read_body(Request::from_parts(parts, body), app).await?;
        Ok(HeadsetRequest {
            headers,
            body,
            client_ip,
            received_at,
            context,
            started,
            method,
            path_and_query,
        })
    }
}

impl HeadsetRequest {
    /// The one value of a header. `None` when it is absent, doubled or not text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(value)
    }

    /// Key, time and signature, in this order.
    ///
    /// # Errors
    /// The contract's answers. A cached key is looked up again before anything is refused because of it, so that a key
    /// that was replaced on another instance answers as it should.
    pub(super) async fn authenticate(&self, app: &App) -> Result<HeadsetCaller, Problem> {
        let presented = self
            .header("x-api-key")
            .filter(|key| key.len() == api_key::API_KEY_LEN);
        let presented = presented.ok_or(ErrorCode::InvalidApiKey)?;
        let hash = app.cipher().lookup_hash(presented.as_bytes());
        if let Some(credential) = app.credentials().get(&hash)
            && self.verify(&credential).is_ok()
        {
            self.context.set_user_id(credential.operator_id);
            return Ok(HeadsetCaller { credential });
        }
        let mut connection = app.database().acquire().await?;
        let found = api_key::find(&mut connection, app.cipher(), presented).await?;
        let Some(credential) = found.map(Arc::new) else {
            app.credentials().remove(&hash);
            return Err(ErrorCode::InvalidApiKey.into());
        };
        app.credentials().insert(hash, Arc::clone(&credential));
        self.context.set_user_id(credential.operator_id);
        self.verify(&credential)?;
        Ok(HeadsetCaller { credential })
    }

    /// As [`HeadsetRequest::authenticate`], for calls that are only logged when they fail: the log feeds the detection of
    /// stolen keys (FR-056).
    pub(super) async fn authenticate_logged(
        &self,
        app: &App,
        call: Endpoint,
    ) -> Result<HeadsetCaller, Problem> {
        let authenticated = self.authenticate(app).await;
        if let Err(problem) = &authenticated {
            let result = AttemptResult::Refused(problem.code().as_str());
            app.authorization_log()
                .record(self.attempt(call, None, result))
                .await;
        }
        authenticated
    }

    fn verify(&self, credential: &Credential) -> Result<(), Problem> {
        let timestamp = self.header("x-timestamp").and_then(parse_timestamp);
        let timestamp = timestamp.ok_or_else(|| {
            let text = Text::new("须为 Unix 秒", "must be Unix seconds");
            Problem::invalid_field("X-Timestamp", text)
        })?;
        let server_time = self.received_at.as_seconds();
        if timestamp.abs_diff(server_time) > MAX_SKEW_S.unsigned_abs() {
            return Err(Problem::new(ErrorCode::TimestampExpired).with_details(json!({
                "server_time": server_time,
                "request_time": timestamp,
                "max_diff_seconds": MAX_SKEW_S,
            })));
        }
        let signature = self.header("x-signature").ok_or(ErrorCode::InvalidSignature)?;
        let is_good = credential.signing_key.verify(
            timestamp,
            self.method.as_str(),
            &self.path_and_query,
            &self.body,
            signature,
        );
        if is_good {
            Ok(())
        } else {
            Err(ErrorCode::InvalidSignature.into())
        }
    }

    /// The user agent as it is logged.
    pub(super) fn user_agent(&self) -> Option<String> {
        let value = self.headers.get(USER_AGENT)?;
        Some(
            String::from_utf8_lossy(value.as_bytes())
                .chars()
                .filter(|c| !c.is_control())
                .take(256)
                .collect(),
        )
    }

    /// An attempt with what is known of every call.
    pub(super) fn attempt(
        &self,
        call: Endpoint,
        operator_id: Option<OperatorId>,
        result: AttemptResult,
    ) -> Attempt {
        Attempt {
            id: Uuid::new_v4(),
            at: self.received_at,
            latency_us: i64::try_from(self.started.elapsed().as_micros()).ok(),
            operator_id,
            site_id: None,
            app_id: None,
            session_id: None,
            player_count: None,
            result,
            call,
            client_ip: Some(self.client_ip),
            user_agent: self.user_agent(),
            request_id: Some(self.context.request_id().to_owned()),
        }
    }
}

/// A whole number as programs write it: a plus sign or spaces are not what the signature was made over. A negative one
/// is a number, and far from now.
fn parse_timestamp(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())?
}

/// For calls that do not go through the writer: the key must be the live one and the account active.
pub(super) async fn require_active(app: &App, caller: &HeadsetCaller) -> Result<(), Problem> {
    let operator_id = caller.credential.operator_id;
    let mut connection = app.database().acquire().await?;
    let account = sqlx::query!(
        "SELECT state, key_generation FROM operator_accounts WHERE operator_id = $1",
        operator_id.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?;
    let account = account.ok_or(ErrorCode::InvalidApiKey)?;
    if account.key_generation != caller.credential.generation {
        return Err(ErrorCode::InvalidApiKey.into());
    }
    match AccountState::parse(&account.state)? {
        AccountState::Active => Ok(()),
        AccountState::Locked => Err(ErrorCode::AccountLocked.into()),
        AccountState::Deactivated => Err(ErrorCode::AccountDeactivated.into()),
    }
}
