//! One call: request, verified answer, outcome.

use pay_protocol::{Answer as Answered, Doubt, Outcome};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::codes::{self, Call};
use crate::transport::{Answer, Request};
use crate::verification::Unverified;

/// What WeChat says when it does not do what was asked.
#[derive(Debug, Deserialize)]
struct ErrorBody {
    code: String,
    #[serde(default)]
    message: String,
}

impl Client {
    /// Sends a request. Success is a verified 2xx.
    pub(crate) async fn call(&self, call: Call, request: Option<Request>) -> Outcome<Answer> {
        let Some(request) = request else { return Outcome::Unknown(Doubt::NotSent) };
        let answer = match self.send(&request).await {
            Ok(answer) => answer,
            Err(doubt) => return Outcome::Unknown(doubt),
        };
        let verified = self.verify(&answer.headers, &answer.body).await;
        judge(call, answer, verified)
    }

    /// A call whose answer is JSON.
    pub(crate) async fn call_for<T: DeserializeOwned>(
        &self,
        call: Call,
        request: Option<Request>,
    ) -> Outcome<T> {
        self.call(call, request).await.and_then(|answer| read_json(&answer))
    }
}

/// What an answer means, given whether it was verified.
pub(crate) fn judge(call: Call, answer: Answer, verified: Result<(), Unverified>) -> Outcome<Answer> {
    let said = serde_json::from_slice::<ErrorBody>(&answer.body);
    if let Err(reason) = verified {
        let reason = match said {
            Ok(error) => format!("{reason}; it claims {}", cut(error.code, 64)),
            Err(_) => reason.to_string(),
        };
        return Outcome::Unknown(Doubt::Unverified { status: answer.status, reason });
    }
    if answer.is_success() {
        return Outcome::Succeeded(answer);
    }
    let (code, message) = said.map_or_else(
        |_| (String::new(), "an answer without a code".to_owned()),
        |error| (error.code, error.message),
    );
    codes::judge(call, answer.status, code, &message)
}

/// Nothing unverified is repeated at length.
fn cut(text: String, max_chars: usize) -> String {
    if text.chars().count() <= max_chars { text } else { text.chars().take(max_chars).collect() }
}

pub(crate) fn read_json<T: DeserializeOwned>(answer: &Answer) -> Answered<T> {
    serde_json::from_slice(&answer.body).map_err(|error| Doubt::Unreadable(error.to_string()))
}
