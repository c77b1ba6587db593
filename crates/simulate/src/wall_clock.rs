use std::time::{SystemTime, UNIX_EPOCH};

/// Unix time in milliseconds, as a headset server's own clock shows it.
#[expect(clippy::disallowed_methods, reason = "the simulator is a client with its own wall clock")]
pub(super) fn unix_ms() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
}
