use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CACHE_CONTROL;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use base::problem::{Problem, Text};
use futures_util::StreamExt;
use office::sign_in::SignedIn;
use platform::security::tokens::Presented;

use crate::app::App;
use crate::http::rejection::Rejection;
use crate::live::feed::{self, Item};
use crate::live::{LiveEvent, MAX_STREAMS_OF_ACCOUNT, NoMoreStreams};

/// Until one of the streams of a client that is gone is noticed to be dead, at the earliest.
const RETRY_AFTER_SECONDS: u64 = 15;

/// News of the signed-in account, within a second.
///
/// A stream of server-sent events. Each has a type (`event:`) and a JSON object (`data:`):
///
/// - `balance` (operators): `{"balance"}`, the balance now.
/// - `message` (operators): `{"unread_count"}`, the number of unread messages now.
/// - `order`, `refund`, `invoice`, `app_request` (operators): the id and the status now, when one was made or has another
///   status.
/// - `dashboard` (every role): `{}`. Figures of the caller's dashboard changed; read them again.
/// - `refresh` (every role): `{}`. News may have been lost; read again whatever is shown.
///
/// An operator's stream begins with `balance` and `message`. Events are news, not a history: there are no event ids, several
/// changes may be told by one event, and after connecting again a client reads anew what it shows. A comment is sent
/// every 15 seconds when there is nothing else. The stream ends when the token does and when the server stops.
#[utoipa::path(
    get, path = "/v1/events", operation_id = "stream_events", tag = "events",
    security(("bearer" = [])),
    responses(
        (status = 200, body = LiveEvent, content_type = "text/event-stream",
            description = "The stream. The schema shows type and data of each event side by side."),
        (status = 401, description = "Not signed in."),
        (status = 429, description = "The account has 10 streams open, or made too many requests."),
        (status = 503, description = "The database is away, or the server is full or stopping."),
    ),
)]
pub(crate) async fn stream_events(State(app): State<App>, caller: SignedIn) -> Result<Response, Rejection> {
    let subscription = app.live().subscribe(caller.subject).map_err(|refused| refuse(&app, refused))?;
    let token = Presented { subject: caller.subject, jti: caller.jti };
    let events = feed::open(app.database().clone(), app.clock().clone(), token, subscription)
        .map(|item| Ok::<_, Infallible>(to_sse(item)));
    let headers = [(CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, Sse::new(events)).into_response())
}

fn refuse(app: &App, refused: NoMoreStreams) -> Problem {
    match refused {
        NoMoreStreams::OfInstance => Problem::unavailable("no further stream of events on this instance"),
        NoMoreStreams::OfAccount => {
            app.metrics().rate_limited("streams");
            let limit = i64::try_from(MAX_STREAMS_OF_ACCOUNT).unwrap_or(i64::MAX);
            Problem::rate_limited(limit, RETRY_AFTER_SECONDS, RETRY_AFTER_SECONDS)
                .with_text(Text::new("打开的实时连接过多", "Too many streams of events are open"))
        }
    }
}

fn to_sse(item: Item) -> Event {
    let Item::Event(event) = item else { return Event::DEFAULT_KEEP_ALIVE };
    // Ids, texts and numbers can always be written.
    let tagged = serde_json::to_value(&event).unwrap_or_default();
    Event::default().event(tagged["event"].as_str().unwrap_or_default()).data(tagged["data"].to_string())
}
