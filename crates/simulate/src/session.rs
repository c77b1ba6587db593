use coinslot_client::{session_id, session_nonce};

/// A game that was asked for, once or several times, always with the same content.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// Index of the operator.
    pub(super) operator: u32,
    /// Index into the operator's apps.
    pub(super) app: u16,
    /// Index into the operator's sites.
    pub(super) site: u16,
    pub(super) players: u8,
    /// Its time lies outside the server's window, so it must be refused.
    pub(super) late: bool,
    /// A successful answer has arrived.
    pub(super) charged: bool,
    /// A request ended without an answer, or with a 5xx: it may have been charged.
    pub(super) doubtful: bool,
    /// `doubtful`, and no answer since has told whether it was charged.
    pub(super) unresolved: bool,
    pub(super) unix_ms: u64,
    pub(super) random: [u8; 16],
}

impl Session {
    pub(super) fn id(&self, operator_id: &str) -> String {
        session_id(operator_id, self.unix_ms, self.random)
    }

    pub(super) fn nonce(&self) -> String {
        session_nonce(self.random)
    }
}
