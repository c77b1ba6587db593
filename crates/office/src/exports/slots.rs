//! How many files are made at a time. Each takes a connection and a part of the processors from the games.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use uuid::Uuid;

/// Files that are made by one instance at a time.
const WORKING: usize = 4;
/// Files of one account, until they are fetched.
pub const FILES_OF_ACCOUNT: usize = 2;
/// How long a file may wait until others are made.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// The exports of this instance.
#[derive(Debug)]
pub struct Slots {
    accounts: Mutex<HashMap<Uuid, usize>>,
    working: Arc<Semaphore>,
    max_wait: Duration,
}

/// One of the files that an account may have; given back when it is dropped.
#[derive(Debug)]
pub struct AccountShare {
    slots: Arc<Slots>,
    account: Uuid,
}

/// What making a file takes: the account's place, and one of the instance's.
#[derive(Debug)]
pub struct Slot {
    pub place: AccountShare,
    pub work: OwnedSemaphorePermit,
}

/// Why no file can be made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSlot {
    /// The account has as many as it may have.
    OfAccount,
    /// The others take too long.
    OfInstance,
}

impl Default for Slots {
    fn default() -> Self {
        Slots { accounts: Mutex::default(), working: Arc::new(Semaphore::new(WORKING)), max_wait: MAX_WAIT }
    }
}

impl Slots {
    /// Waits a while for its turn.
    ///
    /// # Errors
    /// [`NoSlot`].
    pub async fn enter(self: &Arc<Self>, account: Uuid) -> Result<Slot, NoSlot> {
        let place = self.place(account)?;
        let work = timeout(self.max_wait, Arc::clone(&self.working).acquire_owned()).await;
        let work = work.ok().and_then(Result::ok).ok_or(NoSlot::OfInstance)?;
        Ok(Slot { place, work })
    }

    fn place(self: &Arc<Self>, account: Uuid) -> Result<AccountShare, NoSlot> {
        let mut accounts = self.lock();
        let count = accounts.entry(account).or_default();
        if *count >= FILES_OF_ACCOUNT {
            return Err(NoSlot::OfAccount);
        }
        *count += 1;
        Ok(AccountShare { slots: Arc::clone(self), account })
    }

    /// Files of all accounts that are being made or fetched.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.lock().values().sum()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, usize>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for AccountShare {
    fn drop(&mut self) {
        let mut accounts = self.slots.lock();
        if let Some(count) = accounts.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                accounts.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[tokio::test]
    async fn an_account_and_the_instance_make_so_many_files_and_not_more() {
        let slots = Arc::new(Slots { max_wait: Duration::ZERO, ..Slots::default() });
        let mut held = Vec::new();
        for n in [1, 1, 2, 2] {
            held.push(slots.enter(account(n)).await.unwrap());
        }
        assert_eq!(slots.enter(account(1)).await.unwrap_err(), NoSlot::OfAccount);
        assert_eq!(slots.enter(account(3)).await.unwrap_err(), NoSlot::OfInstance);
        assert_eq!(slots.taken(), 4, "who waited in vain holds nothing");
        let Slot { place, work } = held.pop().unwrap();
        drop(work);
        held.push(slots.enter(account(3)).await.unwrap());
        assert_eq!(slots.taken(), 5, "the file that is made still waits to be fetched");
        assert_eq!(slots.enter(account(2)).await.unwrap_err(), NoSlot::OfAccount);
        drop((place, held));
        assert_eq!(slots.taken(), 0);
        assert!(slots.lock().is_empty());
    }

    #[tokio::test]
    async fn who_waits_has_its_turn_when_another_is_done() {
        let slots = Arc::new(Slots::default());
        let mut held = Vec::new();
        for n in 1..=4 {
            held.push(slots.enter(account(n)).await.unwrap());
        }
        let waiting = slots.enter(account(5));
        let done = async { drop(held) };
        assert!(tokio::join!(waiting, done).0.is_ok());
    }
}
