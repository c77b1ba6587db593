//! What every headset call goes through first: address limit, transport, key, time, signature.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Method, Uri};
use base::clock::UtcTime;
use base::ids::OperatorId;
use base::problem::{ErrorCode, Problem, Text};
use books::authorization::log::{Attempt, AttemptResult, Endpoint};
use books::gate::AccountState;
use platform::security::api_key::{self, Credential};
use serde_json::json;

use crate::app::App;
use crate::http::address_limit;
use crate::http::client_ip::ClientIp;
use crate::http::envelope::RequestContext;
use crate::http::extract::{read_body, require_json};
use crate::http::rejection::Rejection;

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
    endpoint: Endpoint,
    method: Method,
    uri: Uri,
}

/// Who sent it: the key was known and the signature good. The credential may be out of date; whoever acts on it checks
/// its generation against the account.
#[derive(Debug)]
pub(super) struct HeadsetCaller {
    pub(super) credential: Arc<Credential>,
}

/// A call that is not let in. The detection of stolen keys (FR-056) asks the log whose key it carried, so the operator
/// is known whenever the key was a real one.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) operator_id: Option<OperatorId>,
    pub(super) problem: Problem,
}

impl<P: Into<Problem>> From<P> for Refused {
    fn from(problem: P) -> Self {
        Refused { operator_id: None, problem: problem.into() }
    }
}

impl FromRequest<App> for HeadsetRequest {
    type Rejection = Rejection;

    /// Address limit, content type and body. What is refused here is an attempt like any other, and logged.
    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let started = Instant::now();
        let received_at = app.clock().now();
        let (mut parts, body) = request.into_parts();
        let ClientIp(client_ip) = ClientIp::from_request_parts(&mut parts, app).await?;
        let context = parts.extensions.remove::<RequestContext>();
        let context = context.ok_or_else(|| Problem::internal("no request context"))?;
        let Parts { headers, method, uri, .. } = parts;
        let mut call = HeadsetRequest {
            headers,
            body: Bytes::new(),
            client_ip,
            received_at,
            context,
            started,
            endpoint: endpoint(uri.path()),
            method,
            uri,
        };
        match call.read(body, app).await {
            Ok(body) => call.body = body,
            Err(problem) => return Err(call.log_refused(app, problem.into()).await.into()),
        }
        Ok(call)
    }
}

/// The endpoint of a path that a route of this audience matched.
fn endpoint(path: &str) -> Endpoint {
    match path.rsplit('/').next() {
        Some("authorize") => Endpoint::Authorize,
        Some("pre-authorize") => Endpoint::PreAuthorize,
        Some("config") => Endpoint::Config,
        _ => Endpoint::EndSession,
    }
}

impl HeadsetRequest {
    async fn read(&self, body: Body, app: &App) -> Result<Bytes, Problem> {
        address_limit::check(app, self.client_ip).await?;
        if self.method == Method::POST {
            require_json(&self.headers)?;
        }
        read_body(body).await
    }

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
    pub(super) async fn authenticate(&self, app: &App) -> Result<HeadsetCaller, Refused> {
        let presented = self.header("x-api-key").filter(|key| key.len() == api_key::API_KEY_LEN);
        let presented = presented.ok_or(ErrorCode::InvalidApiKey)?;
        let hash = app.cipher().lookup_hash(presented.as_bytes());
        if let Some(credential) = app.credentials().get(&hash)
            && self.verify(&credential).is_ok()
        {
            self.context.set_user_id(credential.operator_id);
            return Ok(HeadsetCaller { credential });
        }
        // Rare and large: boxed, or every request would carry the room for it.
        Box::pin(self.look_up(app, presented, hash)).await
    }

    /// As [`HeadsetRequest::authenticate`] with what the database says of the key.
    async fn look_up(&self, app: &App, presented: &str, hash: [u8; 32]) -> Result<HeadsetCaller, Refused> {
        let mut connection = app.database().acquire().await?;
        let found = api_key::find(&mut connection, app.cipher(), presented).await?;
        let Some(credential) = found.map(Arc::new) else {
            app.credentials().remove(&hash);
            return Err(ErrorCode::InvalidApiKey.into());
        };
        app.credentials().insert(hash, Arc::clone(&credential));
        self.context.set_user_id(credential.operator_id);
        match self.verify(&credential) {
            Ok(()) => Ok(HeadsetCaller { credential }),
            Err(problem) => Err(Refused { operator_id: Some(credential.operator_id), problem }),
        }
    }

    /// For calls that do not go through the writer: as [`HeadsetRequest::authenticate`], and the key must be the live
    /// one and the account active; then `work` is done. Every call is logged with its result: the anomaly watch counts
    /// the keys that an address presents, whatever for.
    pub(super) async fn perform<T>(
        &self,
        app: &App,
        work: impl AsyncFnOnce(OperatorId) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let operator_id = match self.admit(app).await {
            Ok(operator_id) => operator_id,
            Err(refused) => return Err(self.log_refused(app, refused).await),
        };
        match work(operator_id).await {
            Ok(answer) => {
                let mut attempt = self.attempt(Some(operator_id), AttemptResult::Success);
                attempt.session_id = self.session_text();
                app.authorization_log().record(attempt).await;
                Ok(answer)
            }
            Err(problem) => {
                let refused = Refused { operator_id: Some(operator_id), problem };
                Err(self.log_refused(app, refused).await)
            }
        }
    }

    async fn admit(&self, app: &App) -> Result<OperatorId, Refused> {
        let HeadsetCaller { credential } = self.authenticate(app).await?;
        let operator_id = credential.operator_id;
        match require_active(app, &credential).await {
            Ok(()) => Ok(operator_id),
            Err(problem) => Err(Refused { operator_id: Some(operator_id), problem }),
        }
    }

    async fn log_refused(&self, app: &App, refused: Refused) -> Problem {
        let result = AttemptResult::Refused(refused.problem.code().as_str());
        let mut attempt = self.attempt(refused.operator_id, result);
        attempt.session_id = self.session_text();
        app.authorization_log().record(attempt).await;
        refused.problem
    }

    /// The session id header as it is logged, whatever it says.
    pub(super) fn session_text(&self) -> Option<String> {
        let text = self.header("x-session-id")?;
        Some(text.chars().take(128).collect())
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
            self.uri.path_and_query().map_or("", PathAndQuery::as_str),
            &self.body,
            signature,
        );
        if is_good { Ok(()) } else { Err(ErrorCode::InvalidSignature.into()) }
    }

    /// The user agent as it is logged.
    pub(super) fn user_agent(&self) -> Option<String> {
        let value = self.headers.get(USER_AGENT)?;
        Some(
            String::from_utf8_lossy(value.as_bytes()).chars().filter(|c| !c.is_control()).take(256).collect(),
        )
    }

    /// An attempt with what is known of every call.
    pub(super) fn attempt(&self, operator_id: Option<OperatorId>, result: AttemptResult) -> Attempt {
        Attempt {
            id: None,
            at: self.received_at,
            latency_us: i64::try_from(self.started.elapsed().as_micros()).ok(),
            operator_id,
            game: None,
            session_id: None,
            result,
            call: self.endpoint,
            client_ip: Some(self.client_ip),
            user_agent: self.user_agent(),
            request_id: Some(self.context.request_id().to_owned()),
        }
    }
}

/// A whole number as programs write it: a plus sign or spaces are not what the signature was made over. A negative one
/// is a number, and far from now, as is one beyond 64 bits.
fn parse_timestamp(text: &str) -> Option<i64> {
    let (digits, furthest) = text.strip_prefix('-').map_or((text, i64::MAX), |digits| (digits, i64::MIN));
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(furthest))
}

async fn require_active(app: &App, credential: &Credential) -> Result<(), Problem> {
    let mut connection = app.database().acquire().await?;
    let account = sqlx::query!(
        "SELECT state, key_generation FROM operator_accounts WHERE operator_id = $1",
        credential.operator_id.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?;
    let account = account.ok_or(ErrorCode::InvalidApiKey)?;
    if account.key_generation != credential.generation {
        return Err(ErrorCode::InvalidApiKey.into());
    }
    match AccountState::parse(&account.state)? {
        AccountState::Active => Ok(()),
        AccountState::Locked => Err(ErrorCode::AccountLocked.into()),
        AccountState::Deactivated => Err(ErrorCode::AccountDeactivated.into()),
    }
}
