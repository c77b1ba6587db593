//! Who has signed in.

use platform::security::roles::Authority;
use platform::security::tokens::Subject;
use uuid::Uuid;

use crate::audit::{Actor, Origin};

/// A signed-in account of any role.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub subject: Subject,
    /// The token of this call.
    pub jti: Uuid,
    pub username: String,
    pub name: String,
    pub authority: Authority,
    pub origin: Origin,
}

impl SignedIn {
    /// The account as the audit log names it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::of_account(self.subject, self.name.clone(), &self.origin)
    }
}
