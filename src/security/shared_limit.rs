//! Limits that are counted across instances by address, account or sign-in name.
//!
//! The count lives in `rate_windows`: a window of 60 s that begins with the first request in it. An instance takes
//! admissions from it in blocks of a twentieth of the limit and hands them out from memory, so that most requests cost
//! no round trip. Blocks are taken from the shared count in advance: together the instances never admit more than
//! the limit, and a single instance admits exactly the limit, however many requests come at once. A block is good
//! for a moment only; what is left of it goes back, so that a changed limit is soon in force.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use moka::sync::Cache;
use sqlx::PgConnection;

use super::rate_limit::{Limited, WINDOW_MS};

/// How long a block may be handed out before the shared count is asked again, in milliseconds. With the two seconds
/// that a setting takes to be read this is less than the five that the contract allows.
const FRESH_MS: i64 = 2_000;

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Headset and unauthenticated calls of one address.
    Address,
    /// Signed-in calls of one account.
    Account,
    /// Sign-in attempts for one name.
    SignInName,
    /// Sign-in attempts from one address.
    SignInAddress,
}

impl Scope {
    /// The `type` label of `mr_rate_limit_blocked_total` and the `kind` in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::Address => "ip",
            Scope::Account => "account",
            Scope::SignInName => "sign_in_name",
            Scope::SignInAddress => "sign_in_ip",
        }
    }
}

/// What this instance knows of one key.
#[derive(Debug, Default)]
struct Lease {
    held: Mutex<Held>,
    /// One request at a time asks the database; the others find its block when it is their turn.
    asking: tokio::sync::Mutex<()>,
}

/// Admissions that this instance holds.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    left: i64,
    /// Counted in the database although the limit did not allow them; they go back with what is left.
    surplus: i64,
    fresh_until_ms: i64,
    ends_ms: i64,
    /// The limit that was found to be reached until the window ends.
    reached: Option<i64>,
}

impl Held {
    fn take(&mut self, now_ms: i64) -> Option<()> {
        if self.left <= 0 || now_ms >= self.fresh_until_ms {
            return None;
        }
        self.left -= 1;
        Some(())
    }

    /// What goes back to the shared count, if its window still runs.
    fn give_back(&mut self, now_ms: i64) -> i64 {
        let held = std::mem::take(self);
        if now_ms < held.ends_ms {
            held.left + held.surplus
        } else {
            0
        }
    }
}

impl Lease {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts requests by key. One per instance; the truth is in the database.
#[derive(Debug)]
pub struct SharedLimits {
    leases: Cache<(Scope, String), Arc<Lease>>,
}

impl Default for SharedLimits {
    fn default() -> Self {
        // Whatever has not been asked for during a window has nothing left to give back.
        let idle = Duration::from_millis(WINDOW_MS.unsigned_abs());
        SharedLimits {
            leases: Cache::builder().max_capacity(200_000).time_to_idle(idle).build(),
        }
    }
}

impl SharedLimits {
    /// Takes one admission from what this instance holds. `None` when it must ask the database.
    #[must_use]
    pub fn take_held(&self, scope: Scope, key: &str, now_ms: i64) -> Option<()> {
        let lease = self.leases.get(&(scope, key.to_owned()))?;
        lease.held().take(now_ms)
    }

    /// Takes one admission, fetching a block from the shared count when none is held.
    ///
    /// # Errors
    /// The outer error is the database's; the inner one says that the limit is reached.
    pub async fn take(
        &self,
        connection: &mut PgConnection,
        scope: Scope,
        key: &str,
        limit: i64,
        now_ms: i64,
    ) -> sqlx::Result<Result<(), Limited>> {
        let lease = self.leases.get_with((scope, key.to_owned()), Arc::default);
        let _turn = lease.asking.lock().await;
        let returned = {
            let mut held = lease.held();
            if held.take(now_ms).is_some() {
                return Ok(Ok(()));
            }
            if held.reached == Some(limit) && now_ms < held.ends_ms {
                return Ok(Err(limited(held.ends_ms, now_ms)));
            }
            held.give_back(now_ms)
        };
        let block = (limit / 20).max(1);
        let taken = take_block(connection, scope, key, block, returned, limit, now_ms);
        let (held, answer) = match taken.await? {
            Block::Full { ends_ms } => {
                let held = Held {
                    ends_ms,
                    reached: Some(limit),
                    ..Held::default()
                };
                (held, Err(limited(ends_ms, now_ms)))
            }
            Block::Taken { used, ends_ms } => {
                let granted = block.min(limit - (used - block));
                let held = Held {
                    left: granted - 1,
                    surplus: block - granted,
                    fresh_until_ms: ends_ms.min(now_ms + FRESH_MS),
                    ends_ms,
                    reached: None,
                };
                (held, Ok(()))
            }
        };
        *lease.held() = held;
        Ok(answer)
    }
}

fn limited(ends_ms: i64, now_ms: i64) -> Limited {
    let wait_ms = u64::try_from(ends_ms - now_ms).unwrap_or(0);
    Limited {
        retry_after_seconds: wait_ms.div_ceil(1_000).max(1),
    }
}

enum Block {
    Taken { used: i64, ends_ms: i64 },
    Full { ends_ms: i64 },
}

/// Gives back what is left of the last block and adds a new one to the shared count of the running window, or begins a
/// new window. `used` includes the new block.
async fn take_block(
    connection: &mut PgConnection,
    scope: Scope,
    key: &str,
    block: i64,
    returned: i64,
    limit: i64,
    now_ms: i64,
) -> sqlx::Result<Block> {
    let taken = sqlx::query!(
        "INSERT INTO rate_windows AS w (kind, key, started_ms, used) VALUES ($1, $2, $3, $5)
         ON CONFLICT (kind, key) DO UPDATE
         SET started_ms = CASE WHEN w.started_ms <= $3 - $4 THEN $3 ELSE w.started_ms END,
             used = CASE WHEN w.started_ms <= $3 - $4 THEN $5 ELSE greatest(w.used - $6, 0) + $5 END
         WHERE w.started_ms <= $3 - $4 OR w.used - $6 < $7
         RETURNING started_ms, used",
        scope.as_str(),
        key,
        now_ms,
        WINDOW_MS,
        block,
        returned,
        limit,
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = taken {
        return Ok(Block::Taken {
            used: row.used,
            ends_ms: row.started_ms + WINDOW_MS,
        });
    }
    let started_ms = sqlx::query_scalar!(
        "SELECT started_ms FROM rate_windows WHERE kind = $1 AND key = $2",
        scope.as_str(),
        key,
    )
    .fetch_optional(connection)
    .await?;
    Ok(Block::Full {
        ends_ms: started_ms.unwrap_or(now_ms) + WINDOW_MS,
    })
}
