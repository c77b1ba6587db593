//! Latency and throughput of the measured part of a run.
#![allow(clippy::float_arithmetic, reason = "rates are measurements, not money")]

use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// Three significant digits up to two minutes, in microseconds.
const HIGHEST_US: u64 = 120_000_000;

#[derive(Debug)]
pub(super) struct Meter {
    from: Instant,
    until: Instant,
    latency: Histogram<u64>,
    send_delay: Histogram<u64>,
    answers: u64,
    authorizations: u64,
}

/// Quantiles in microseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantiles {
    pub p50: u64,
    pub p90: u64,
    pub p95: u64,
    pub p99: u64,
    pub p999: u64,
    pub max: u64,
}

impl From<&Histogram<u64>> for Quantiles {
    fn from(histogram: &Histogram<u64>) -> Self {
        Self {
            p50: histogram.value_at_quantile(0.5),
            p90: histogram.value_at_quantile(0.9),
            p95: histogram.value_at_quantile(0.95),
            p99: histogram.value_at_quantile(0.99),
            p999: histogram.value_at_quantile(0.999),
            max: histogram.max(),
        }
    }
}

/// What an answer told about its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// 200 with a first answer.
    Authorized,
    /// 200 with a repeated answer.
    Replayed,
    /// A 4xx other than 429.
    Refused,
    /// 429: decided before anything is looked up, so it says nothing about the session.
    RateLimited,
    /// No answer, an unreadable one or a 5xx: the session may have been charged.
    Failed,
}

impl Meter {
    /// Measures from `from` until `until`.
    pub(super) fn new(from: Instant, until: Instant) -> Self {
        let histogram = || Histogram::new_with_max(HIGHEST_US, 3).expect("the bounds are valid");
        Self { from, until, latency: histogram(), send_delay: histogram(), answers: 0, authorizations: 0 }
    }

    /// Counts a request that was due at `due`, sent at `sent` and answered at `answered`.
    ///
    /// Latency counts for every request that was *due* in the measured time, however late its
    /// answer: leaving out the slowest would flatter the server. Throughput counts what was
    /// *answered* in it. Only successes have a latency here, because a refusal is cheaper.
    pub(super) fn record(&mut self, due: Instant, sent: Instant, answered: Instant, verdict: Verdict) {
        if (self.from..self.until).contains(&due) {
            self.send_delay.saturating_record(micros(sent - due));
            if matches!(verdict, Verdict::Authorized | Verdict::Replayed) {
                self.latency.saturating_record(micros(answered - due));
            }
        }
        if (self.from..self.until).contains(&answered) {
            self.answers += 1;
            self.authorizations += u64::from(verdict == Verdict::Authorized);
        }
    }

    pub(super) fn latency(&self) -> Quantiles {
        Quantiles::from(&self.latency)
    }

    pub(super) fn send_delay(&self) -> Quantiles {
        Quantiles::from(&self.send_delay)
    }

    /// Answers of any kind per second.
    pub(super) fn answers_per_s(&self) -> f64 {
        self.answers as f64 / (self.until - self.from).as_secs_f64()
    }

    /// First, successful answers per second.
    pub(super) fn authorizations_per_s(&self) -> f64 {
        self.authorizations as f64 / (self.until - self.from).as_secs_f64()
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latency_goes_by_due_time_and_throughput_by_answer_time() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut meter = Meter::new(at(1000), at(2000));
        meter.record(at(990), at(990), at(1010), Verdict::Authorized);
        meter.record(at(1990), at(1991), at(2490), Verdict::Authorized);
        meter.record(at(1500), at(1500), at(1501), Verdict::Refused);
        meter.record(at(1500), at(1500), at(1510), Verdict::Replayed);
        assert_eq!(meter.latency.len(), 2);
        assert_eq!(meter.latency().max / 1000, 500);
        assert_eq!(meter.send_delay().max / 1000, 1);
        assert_eq!((meter.answers, meter.authorizations), (3, 1));
        assert_eq!(meter.answers_per_s().round(), 3.0);
    }
}
