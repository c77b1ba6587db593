//! Log lines: JSON, one object a line, on standard error.
//!
//! The hot path logs one line per request, so a line must be cheap: it is put together in a buffer that its thread
//! keeps, without a map in between, and handed to a thread that writes. tracing-subscriber's own JSON formatter takes
//! three times as long: 1.5 to 2.5 µs against 0.6 µs (docs/ARCHITECTURE.md, "Logging").

mod lines;

use std::cell::RefCell;
use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;
use tracing_subscriber::util::SubscriberInitExt;

pub use self::lines::Guard;
use self::lines::Lines;
use base::clock::Clock;

/// What is logged unless the operator of the platform says otherwise.
pub const DEFAULT_FILTER: &str = "info,sqlx=warn";

/// Starts the log of this process. `filter` is in the syntax of `RUST_LOG`; an unreadable one falls back to
/// [`DEFAULT_FILTER`] and is reported in the first line.
///
/// Lines are lost, and counted, rather than waited for: a terminal that somebody scrolled in, or a full disk behind a
/// log collector, must not stop venues. What must never be lost is in the database.
pub fn init(filter: &str) -> Guard {
    let (lines, guard) = Lines::start(std::io::stderr());
    let (parsed, problem) = match EnvFilter::try_new(filter) {
        Ok(parsed) => (parsed, None),
        Err(problem) => (EnvFilter::new(DEFAULT_FILTER), Some(problem)),
    };
    let subscriber =
        Registry::default().with(JsonLines { lines, clock: Clock::system() }.with_filter(parsed));
    // A second call in one process, as tests make it, leaves the first subscriber in place.
    let _ = subscriber.try_init();
    if let Some(problem) = problem {
        tracing::warn!(%problem, "log filter not understood, {DEFAULT_FILTER} is used");
    }
    guard
}

/// Writes each event as a line: time, level, target, message and the event's fields. Spans add nothing: what belongs
/// to a request is in the fields of its lines.
#[derive(Debug)]
struct JsonLines {
    lines: Lines,
    clock: Clock,
}

thread_local! {
    static LINE: RefCell<String> = RefCell::new(String::with_capacity(1024));
}

impl<S: Subscriber> Layer<S> for JsonLines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        LINE.with_borrow_mut(|line| {
            line.clear();
            write_line(line, event, &self.clock);
            self.lines.push(line);
        });
    }
}

fn write_line(line: &mut String, event: &Event<'_>, clock: &Clock) {
    let metadata = event.metadata();
    // Writing to a String cannot fail.
    let _ =
        write!(line, "{{\"timestamp\":\"{}\",\"level\":\"{}\",\"target\":", clock.now(), metadata.level());
    write_text(line, metadata.target());
    event.record(&mut Fields { line });
    line.push_str("}\n");
}

/// Appends each field as a member of the object.
struct Fields<'a> {
    line: &'a mut String,
}

impl Fields<'_> {
    fn key(&mut self, field: &Field) {
        self.line.push_str(",\"");
        // Names are Rust identifiers with dots: nothing to escape.
        self.line.push_str(field.name().strip_prefix("r#").unwrap_or(field.name()));
        self.line.push_str("\":");
    }

    fn display(&mut self, field: &Field, value: impl fmt::Display) {
        self.key(field);
        let _ = write!(self.line, "{value}");
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.key(field);
        self.line.push('"');
        let _ = write!(Escaped(self.line), "{value:?}");
        self.line.push('"');
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.key(field);
        write_text(self.line, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.display(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.display(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.display(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.display(field, value);
        } else {
            self.key(field);
            self.line.push_str("null");
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.record_debug(field, &format_args!("{value}"));
    }
}

fn write_text(line: &mut String, text: &str) {
    line.push('"');
    let _ = Escaped(line).write_str(text);
    line.push('"');
}

/// Escapes what JSON does not allow inside a text (RFC 8259, section 7).
struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
            self.0.push_str(&rest[..at]);
            match rest.as_bytes()[at] {
                b'"' => self.0.push_str("\\\""),
                b'\\' => self.0.push_str("\\\\"),
                b'\n' => self.0.push_str("\\n"),
                b'\t' => self.0.push_str("\\t"),
                b'\r' => self.0.push_str("\\r"),
                other => write!(self.0, "\\u{other:04x}")?,
            }
            rest = &rest[at + 1..];
        }
        self.0.push_str(rest);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(log: impl FnOnce()) -> Vec<Value> {
        let sink = Sink::default();
        let (lines, guard) = Lines::start(sink.clone());
        let clock = Clock::fixed(1_736_944_200_123);
        tracing::subscriber::with_default(Registry::default().with(JsonLines { lines, clock }), log);
        drop(guard);
        let bytes = sink.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_line_is_a_flat_object() {
        let lines = logged(|| {
            let (user_id, absent) = (Some("op_1"), None::<&str>);
            tracing::info!(user_id, absent, status = 200_u16, ok = true, share = 0.5, nan = f64::NAN, method = %"GET", "request {}", 1);
            tracing::warn!("second");
        });
        let expected = json!({
            "timestamp": "2025-01-15T12:30:00.123Z", "level": "INFO", "target": "platform::telemetry::tests",
            "user_id": "op_1", "status": 200, "ok": true, "share": 0.5, "nan": null, "method": "GET",
            "message": "request 1",
        });
        assert_eq!(lines[0], expected);
        assert_eq!(lines[1]["level"], "WARN");
        assert_eq!(lines.len(), 2);
    }

    proptest! {
        #[test]
        fn any_text_comes_through_unchanged(text in any::<String>()) {
            let lines = logged(|| tracing::info!(plain = text.as_str(), shown = %text, "x"));
            prop_assert_eq!(&lines[0]["plain"], &json!(text));
            prop_assert_eq!(&lines[0]["shown"], &json!(text));
        }
    }
}
