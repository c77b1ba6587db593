//! Prometheus metrics. Handles of the hot path are registered once; names begin with `mr_`.

use std::fmt;
use std::sync::Arc;

use metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

const LATENCY_BUCKETS_S: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0];
const AUTH_REQUESTS: &str = "mr_auth_requests_total";
const AUTH_LATENCY: &str = "mr_auth_latency_seconds";
static METADATA: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

/// Every metric of the product with its type and meaning.
const DESCRIPTIONS: [(&str, &str, &str); 10] = [
    ("mr_auth_requests_total", "counter", "Answered authorizations: success, replayed or the error code."),
    (AUTH_LATENCY, "histogram", "Time from receiving an authorization to answering it, in seconds."),
    (
        "mr_operator_balance_yuan",
        "gauge",
        "Prepaid balance of each operator that is not deactivated, in yuan.",
    ),
    ("mr_payment_callback_total", "counter", "Notifications of payment providers by verdict."),
    ("mr_revenue_total_yuan", "counter", "Money earned by authorizations and received by channel, in yuan."),
    ("mr_db_connection_pool_active", "gauge", "Database connections of this instance that are in use."),
    ("mr_live_streams_open", "gauge", "Streams of events that are open on this instance."),
    ("mr_api_errors_total", "counter", "Error answers by route and error code."),
    ("mr_scheduled_job_total", "counter", "Finished runs of schedules by name: succeeded or failed."),
    ("mr_rate_limit_blocked_total", "counter", "Requests over a limit, by kind of limit."),
];

/// The `# HELP` and `# TYPE` lines of a metric; empty for a name that is not in the product's list.
#[must_use]
pub fn describe(name: &str) -> String {
    let known = DESCRIPTIONS.iter().find(|(known, ..)| *known == name);
    known.map_or_else(String::new, |(name, kind, help)| {
        format!("# HELP {name} {help}\n# TYPE {name} {kind}\n")
    })
}

/// The recorder of this instance. Each has its own, so that tests do not share counts.
#[derive(Clone)]
pub struct Metrics {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
    auth_latency: Histogram,
    authorized: Counter,
    replayed: Counter,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(AUTH_LATENCY.to_owned()), LATENCY_BUCKETS_S)
            .expect("there is at least one bucket");
        let recorder = Arc::new(builder.build_recorder());
        let handle = recorder.handle();
        for (name, kind, help) in DESCRIPTIONS {
            match kind {
                "counter" => recorder.describe_counter(name.into(), None, help.into()),
                "gauge" => recorder.describe_gauge(name.into(), None, help.into()),
                _ => recorder.describe_histogram(name.into(), None, help.into()),
            }
        }
        let auth_latency = recorder.register_histogram(&Key::from_static_name(AUTH_LATENCY), &METADATA);
        let auth_requests = |status| {
            let key = Key::from_parts(AUTH_REQUESTS, vec![Label::from_static_parts("status", status)]);
            recorder.register_counter(&key, &METADATA)
        };
        let (authorized, replayed) = (auth_requests("success"), auth_requests("replayed"));
        Metrics { recorder, handle, auth_latency, authorized, replayed }
    }
}

impl Metrics {
    /// The counter of a name and its labels. Labels come from small closed sets, never from requests.
    pub fn counter(&self, name: &'static str, labels: &[(&'static str, &str)]) -> Counter {
        let labels: Vec<Label> =
            labels.iter().map(|(key, value)| Label::new(*key, (*value).to_owned())).collect();
        self.recorder.register_counter(&Key::from_parts(name, labels), &METADATA)
    }

    /// One answered authorization: `success`, `replayed` or the error code.
    pub fn authorization(&self, status: &str, latency_s: f64) {
        match status {
            "success" => self.authorized.increment(1),
            "replayed" => self.replayed.increment(1),
            code => self.counter(AUTH_REQUESTS, &[("status", code)]).increment(1),
        }
        self.auth_latency.record(latency_s);
    }

    /// One error answer. `endpoint` is a route pattern.
    pub fn api_error(&self, endpoint: &str, error_type: &str) {
        self.counter("mr_api_errors_total", &[("endpoint", endpoint), ("error_type", error_type)])
            .increment(1);
    }

    /// One request over a limit.
    pub fn rate_limited(&self, kind: &str) {
        self.counter("mr_rate_limit_blocked_total", &[("type", kind)]).increment(1);
    }

    /// One run of a schedule that is finished.
    pub fn scheduled_run(&self, name: &str, result: &str) {
        self.counter("mr_scheduled_job_total", &[("name", name), ("result", result)]).increment(1);
    }

    /// Sets a gauge; whole yuan and connections are exact in a float up to 2^53.
    pub fn gauge(&self, name: &'static str, labels: &[(&'static str, &str)], value: f64) {
        let labels: Vec<Label> =
            labels.iter().map(|(key, value)| Label::new(*key, (*value).to_owned())).collect();
        self.recorder.register_gauge(&Key::from_parts(name, labels), &METADATA).set(value);
    }

    /// What was counted, in the Prometheus text format, version 0.0.4. A counter that has not counted yet is described
    /// all the same, so that alerts on it can be written before the first event.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = self.handle.render();
        for (name, kind, _) in DESCRIPTIONS {
            if kind == "counter"
                && name != "mr_revenue_total_yuan"
                && !text.contains(&format!("# TYPE {name} "))
            {
                text.push_str(&describe(name));
            }
        }
        text
    }

    /// Folds recorded samples into their buckets; without it they pile up between scrapes.
    pub fn fold_samples(&self) {
        self.handle.run_upkeep();
    }
}
