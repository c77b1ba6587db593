//! Limits that are counted across instances by address, account or sign-in name.
//!
//! The count lives in `rate_windows`: a window of 60 s that begins with the first request in it. An instance takes
//! admissions from it in blocks of a twentieth of the limit and hands them out from memory, so that most requests cost
//! no round trip. Blocks are taken from the shared count in advance: together the instances never admit more than
//! the limit, and a single instance admits exactly the limit.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use base::clock::UtcTime;
use sqlx::PgConnection;
use uuid::Uuid;

use super::rate_limit::{Limited, WINDOW_MS};

/// What is counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LimitKey {
    /// Headset and unauthenticated calls of one address.
    Address(IpAddr),
    /// Signed-in calls of one account.
    Account(Uuid),
    /// Sign-in attempts for one name, in its portal.
    SignInName(String),
    /// Sign-in attempts from one address.
    SignInAddress(IpAddr),
}

impl LimitKey {
    /// Calls of a client's address.
    #[must_use]
    pub fn address(ip: IpAddr) -> Self {
        Self::Address(counted(ip))
    }

    /// Sign-in attempts of a client's address.
    #[must_use]
    pub fn sign_in_address(ip: IpAddr) -> Self {
        Self::SignInAddress(counted(ip))
    }

    /// The `type` label of `mr_rate_limit_blocked_total` and the `kind` in the table.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Address(_) => "ip",
            Self::Account(_) => "account",
            Self::SignInName(_) => "sign_in_name",
            Self::SignInAddress(_) => "sign_in_ip",
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Address(ip) | Self::SignInAddress(ip) => ip.to_string(),
            Self::Account(id) => id.to_string(),
            Self::SignInName(name) => name.clone(),
        }
    }
}

/// The address that limits count: of IPv6 the network of 64 bits, which is what one customer has at least (RFC 6177).
fn counted(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
    }
}

/// Admissions that this instance holds for one key.
#[derive(Debug, Default)]
struct Lease {
    left: AtomicI64,
    /// The limit it was taken under: a changed setting counts at once.
    limit: AtomicI64,
    ends_ms: AtomicI64,
    /// Held while a block is fetched, so that requests that arrive together share it.
    fetching: tokio::sync::Mutex<()>,
}

impl Lease {
    fn take(&self, limit: i64, now_ms: i64) -> Option<()> {
        let is_good =
            self.limit.load(Ordering::Acquire) == limit && self.ends_ms.load(Ordering::Acquire) > now_ms;
        let one_less = |left: i64| (left > 0).then(|| left - 1);
        is_good.then_some(())?;
        self.left.fetch_update(Ordering::AcqRel, Ordering::Relaxed, one_less).ok().map(drop)
    }

    fn put_back(&self, limit: i64, now_ms: i64) {
        if self.limit.load(Ordering::Acquire) == limit && self.ends_ms.load(Ordering::Acquire) > now_ms {
            self.left.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn fill(&self, left: i64, limit: i64, ends_ms: i64) {
        self.left.store(0, Ordering::Release);
        self.limit.store(limit, Ordering::Release);
        self.ends_ms.store(ends_ms, Ordering::Release);
        self.left.store(left, Ordering::Release);
    }
}

/// Counts requests by key. One per instance; the truth is in the database.
#[derive(Debug, Default)]
pub struct SharedLimits {
    leases: RwLock<HashMap<LimitKey, Arc<Lease>>>,
}

/// Ended leases are forgotten when there are more than this; one that is forgotten only costs its key a round trip.
const MAX_LEASES: usize = 100_000;

impl SharedLimits {
    /// Takes one admission from what this instance holds. `None` when it must ask the database.
    #[must_use]
    pub fn take_held(&self, key: &LimitKey, limit: i64, now_ms: i64) -> Option<()> {
        let leases = self.leases.read().unwrap_or_else(PoisonError::into_inner);
        leases.get(key)?.take(limit, now_ms)
    }

    /// Returns an admission that was not used after all. This instance may hand it out again while the window lasts.
    pub fn give_back(&self, key: &LimitKey, limit: i64, now_ms: i64) {
        let leases = self.leases.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(lease) = leases.get(key) {
            lease.put_back(limit, now_ms);
        }
    }

    fn lease(&self, key: &LimitKey, now_ms: i64) -> Arc<Lease> {
        let mut leases = self.leases.write().unwrap_or_else(PoisonError::into_inner);
        if leases.len() >= MAX_LEASES {
            leases.retain(|_, lease| lease.ends_ms.load(Ordering::Acquire) > now_ms);
        }
        // More keys than that within a window: what they hold is lost to them rather than looked through for each call.
        if leases.len() >= MAX_LEASES {
            leases.clear();
        }
        Arc::clone(leases.entry(key.clone()).or_default())
    }

    /// Takes one admission, fetching a block from the shared count when none is held.
    ///
    /// # Errors
    /// The outer error is the database's; the inner one says that the limit is reached.
    pub async fn take(
        &self,
        connection: &mut PgConnection,
        key: LimitKey,
        limit: i64,
        now_ms: i64,
    ) -> sqlx::Result<Result<(), Limited>> {
        let lease = self.lease(&key, now_ms);
        let _fetching = lease.fetching.lock().await;
        if lease.take(limit, now_ms).is_some() {
            return Ok(Ok(()));
        }
        let block = (limit / 20).max(1);
        match take_block(connection, &key, block, limit, now_ms).await? {
            Block::Full { ends_ms } => {
                let wait_ms = u64::try_from(ends_ms - now_ms).unwrap_or(0);
                let retry_after_seconds = wait_ms.div_ceil(1_000).max(1);
                Ok(Err(Limited { retry_after_seconds }))
            }
            Block::Taken { granted, ends_ms } => {
                lease.fill(granted - 1, limit, ends_ms);
                Ok(Ok(()))
            }
        }
    }
}

enum Block {
    Taken { granted: i64, ends_ms: i64 },
    Full { ends_ms: i64 },
}

/// Adds a block to the shared count of the running window, or begins a new window.
async fn take_block(
    connection: &mut PgConnection,
    key: &LimitKey,
    block: i64,
    limit: i64,
    now_ms: i64,
) -> sqlx::Result<Block> {
    let taken = sqlx::query!(
        "INSERT INTO rate_windows AS w (kind, key, started_ms, used) VALUES ($1, $2, $3, $5)
         ON CONFLICT (kind, key) DO UPDATE
         SET started_ms = CASE WHEN w.started_ms <= $3 - $4 THEN $3 ELSE w.started_ms END,
             used = CASE WHEN w.started_ms <= $3 - $4 THEN $5 ELSE w.used + $5 END
         WHERE w.started_ms <= $3 - $4 OR w.used < $6
         RETURNING started_ms, used",
        key.kind(),
        key.text(),
        now_ms,
        WINDOW_MS,
        block,
        limit,
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = taken {
        let used_before = row.used - block;
        return Ok(Block::Taken {
            granted: block.min(limit - used_before),
            ends_ms: row.started_ms + WINDOW_MS,
        });
    }
    let started_ms = sqlx::query_scalar!(
        "SELECT started_ms FROM rate_windows WHERE kind = $1 AND key = $2",
        key.kind(),
        key.text(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(Block::Full { ends_ms: started_ms.unwrap_or(now_ms) + WINDOW_MS })
}

/// An instance's clock may be behind the one that purges.
const PURGED_AFTER_MS: i64 = 60 * WINDOW_MS;

/// Removes windows that have long ended; the next request of their key begins a new one either way.
///
/// # Errors
/// The database's.
pub async fn purge_ended(connection: &mut PgConnection, now: UtcTime) -> sqlx::Result<u64> {
    let before = now.as_millis() - PURGED_AFTER_MS;
    let purged =
        sqlx::query!("DELETE FROM rate_windows WHERE started_ms <= $1", before).execute(connection).await?;
    Ok(purged.rows_affected())
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_ipv6_customer_is_counted_as_one() {
        let counted = |ip: &str| super::counted(ip.parse().unwrap()).to_string();
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(counted("192.0.2.7"), "192.0.2.7");
    }
}
