//! The time of the platform, for the protocols.

use base::clock::Clock;
use jiff::Timestamp;

/// The platform's clock as the payment crates ask for it.
#[derive(Clone, Debug)]
pub(in crate::payments) struct ProviderClock(pub(in crate::payments) Clock);

impl pay_protocol::Clock for ProviderClock {
    fn now(&self) -> Timestamp {
        self.0.now().timestamp()
    }
}
