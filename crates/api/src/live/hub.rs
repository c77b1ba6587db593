//! Who listens on this instance, and what is told to whom.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base::ids::OperatorId;
use books::authorization::queue::ChargeObserver;
use nix::sys::resource::{Resource, getrlimit};
use platform::security::jwt::Role;
use platform::security::tokens::Subject;
use tokio::sync::{Notify, Semaphore, watch};
use uuid::Uuid;

use super::mailbox::{Mailbox, Topic};

/// Streams of one account: a few people with a few windows each.
pub const MAX_STREAMS_OF_ACCOUNT: usize = 10;
/// Streams of one instance, unless it may not have that many files open.
const MAX_STREAMS: usize = 4_000;
/// Streams that may use the pool at a time, so that news for thousands leaves connections for the requests.
const READERS: usize = 4;

/// The streams of this instance, and the charges that have still to be told.
#[derive(Debug)]
pub struct Hub {
    /// Tells our own notifications from those of other instances.
    instance: Uuid,
    streams: Mutex<Streams>,
    max_streams: usize,
    phase: watch::Sender<Phase>,
    readers: Semaphore,
    /// Charged, and not yet told to anybody.
    charged: Mutex<Vec<Uuid>>,
    charges_came: Notify,
    /// Charged, and not yet told to the other instances.
    unpublished: Mutex<BTreeSet<Uuid>>,
    has_unpublished: Notify,
}

/// How far the instance has come with ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Open,
    /// Streams end; other requests are still answered.
    Ending,
    /// No further charge comes.
    Closed,
}

#[derive(Debug, Default)]
struct Streams {
    operators: HashMap<Uuid, Vec<Arc<Mailbox>>>,
    staff: HashMap<Uuid, Vec<Arc<Mailbox>>>,
    count: usize,
}

/// A stream's place in the hub, given back when it is dropped.
#[derive(Debug)]
pub struct Subscription {
    hub: Arc<Hub>,
    subject: Subject,
    mailbox: Arc<Mailbox>,
}

/// Why there is no further stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoMoreStreams {
    /// The account has as many as it may have.
    OfAccount,
    /// The instance has as many as it can serve, or is about to end.
    OfInstance,
}

impl ChargeObserver for Hub {
    /// Costs the writer a lock and a copy.
    fn charged(&self, operators: &[OperatorId]) {
        lock(&self.charged).extend(operators.iter().map(|id| id.uuid()));
        self.charges_came.notify_one();
    }
}

impl Default for Hub {
    fn default() -> Self {
        Hub {
            instance: Uuid::new_v4(),
            streams: Mutex::default(),
            max_streams: max_streams(),
            phase: watch::Sender::new(Phase::Open),
            readers: Semaphore::new(READERS),
            charged: Mutex::default(),
            charges_came: Notify::new(),
            unpublished: Mutex::default(),
            has_unpublished: Notify::new(),
        }
    }
}

impl Hub {
    /// Opens a stream's mailbox. What an operator's page begins with is already in it.
    ///
    /// # Errors
    /// [`NoMoreStreams`].
    pub fn subscribe(self: &Arc<Self>, subject: Subject) -> Result<Subscription, NoMoreStreams> {
        let mut streams = lock(&self.streams);
        if *self.phase.borrow() != Phase::Open || streams.count >= self.max_streams {
            return Err(NoMoreStreams::OfInstance);
        }
        let of_account = streams.of_role(subject.role()).entry(subject.uuid()).or_default();
        if of_account.len() >= MAX_STREAMS_OF_ACCOUNT {
            return Err(NoMoreStreams::OfAccount);
        }
        let mailbox = Arc::new(Mailbox::default());
        of_account.push(Arc::clone(&mailbox));
        streams.count += 1;
        drop(streams);
        if subject.role() == Role::Operator {
            mailbox.put(Topic::Balance);
            mailbox.put(Topic::Messages);
        }
        Ok(Subscription { hub: Arc::clone(self), subject, mailbox })
    }

    /// How many streams are open.
    #[must_use]
    pub fn open_streams(&self) -> usize {
        lock(&self.streams).count
    }

    /// Ends every stream and opens no further one, so that the server can end.
    pub fn end_streams(&self) {
        self.phase.send_replace(Phase::Ending);
    }

    /// Says that no further charge comes.
    pub fn close(&self) {
        self.phase.send_replace(Phase::Closed);
    }

    pub(super) async fn closed(&self) {
        reached(self.phase.subscribe(), Phase::Closed).await;
    }

    /// Tells the streams of this instance of charges, as they come, until the task is dropped.
    pub async fn tell_charges(self: Arc<Self>) {
        loop {
            self.charges_came.notified().await;
            self.tell_new_charges();
        }
    }

    fn tell_new_charges(&self) {
        let mut operators = std::mem::take(&mut *lock(&self.charged));
        operators.sort_unstable();
        operators.dedup();
        if operators.is_empty() {
            return;
        }
        self.tell_balances(&operators);
        self.put_unpublished(operators);
    }

    /// Charges that the other instances have not heard of, for whoever tells them.
    pub(super) fn take_unpublished(&self) -> Vec<Uuid> {
        self.tell_new_charges();
        std::mem::take(&mut *lock(&self.unpublished)).into_iter().collect()
    }

    /// Charges that the other instances must hear of.
    pub(super) fn put_unpublished(&self, operators: Vec<Uuid>) {
        lock(&self.unpublished).extend(operators);
        self.has_unpublished.notify_one();
    }

    pub(super) async fn has_unpublished(&self) {
        self.has_unpublished.notified().await;
    }

    pub(super) fn instance(&self) -> Uuid {
        self.instance
    }

    /// Balances changed: their operators and the dashboards of the staff are told.
    pub(super) fn tell_balances(&self, operators: &[Uuid]) {
        let streams = lock(&self.streams);
        for mailbox in operators.iter().filter_map(|id| streams.operators.get(id)).flatten() {
            mailbox.put(Topic::Balance);
            mailbox.put(Topic::Dashboard);
        }
        streams.tell_staff();
    }

    /// One account is told.
    pub(super) fn tell(&self, account: Uuid, topic: Topic) {
        let streams = lock(&self.streams);
        let all = [&streams.operators, &streams.staff].into_iter();
        all.filter_map(|of_role| of_role.get(&account)).flatten().for_each(|mailbox| mailbox.put(topic));
    }

    /// A dashboard of the staff changed.
    pub(super) fn tell_staff(&self) {
        lock(&self.streams).tell_staff();
    }

    /// News may have been lost: everybody is told to read again.
    pub(super) fn look_again(&self) {
        let streams = lock(&self.streams);
        for mailbox in streams.operators.values().flatten() {
            for topic in [Topic::Everything, Topic::Balance, Topic::Messages] {
                mailbox.put(topic);
            }
        }
        streams.staff.values().flatten().for_each(|mailbox| mailbox.put(Topic::Everything));
    }
}

impl Streams {
    fn of_role(&mut self, role: Role) -> &mut HashMap<Uuid, Vec<Arc<Mailbox>>> {
        match role {
            Role::Operator => &mut self.operators,
            Role::Admin | Role::Finance | Role::Analyst => &mut self.staff,
        }
    }

    fn tell_staff(&self) {
        self.staff.values().flatten().for_each(|mailbox| mailbox.put(Topic::Dashboard));
    }
}

impl Subscription {
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    pub(super) fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    pub(super) fn readers(&self) -> &Semaphore {
        &self.hub.readers
    }

    /// Returns when the streams of this instance end.
    pub(super) fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        reached(self.hub.phase.subscribe(), Phase::Ending)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut streams = lock(&self.hub.streams);
        let of_role = streams.of_role(self.subject.role());
        if let Some(of_account) = of_role.get_mut(&self.subject.uuid()) {
            of_account.retain(|mailbox| !Arc::ptr_eq(mailbox, &self.mailbox));
            if of_account.is_empty() {
                of_role.remove(&self.subject.uuid());
            }
            streams.count -= 1;
        }
    }
}

/// Each stream keeps a connection open. Half of the files that the process may have open are left to everything else:
/// streams must not keep headset servers out.
fn max_streams() -> usize {
    let open_files = getrlimit(Resource::RLIMIT_NOFILE).map_or(0, |(soft, _)| soft);
    usize::try_from(open_files / 2).unwrap_or(MAX_STREAMS).min(MAX_STREAMS)
}

/// Without its sender the hub is gone, which is an end too.
async fn reached(mut phase: watch::Receiver<Phase>, goal: Phase) {
    drop(phase.wait_for(|phase| *phase >= goal).await);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::ids::FinanceId;

    fn operator(n: u128) -> Subject {
        Subject::Operator(OperatorId::from_uuid(Uuid::from_u128(n)))
    }

    #[test]
    fn accounts_and_the_instance_have_so_many_streams_and_not_more() {
        let hub = Arc::new(Hub { max_streams: MAX_STREAMS_OF_ACCOUNT + 1, ..Hub::default() });
        let mut open: Vec<_> =
            (0..MAX_STREAMS_OF_ACCOUNT).map(|_| hub.subscribe(operator(1)).unwrap()).collect();
        assert_eq!(hub.subscribe(operator(1)).unwrap_err(), NoMoreStreams::OfAccount);
        open.push(hub.subscribe(operator(2)).unwrap());
        assert_eq!(hub.subscribe(operator(3)).unwrap_err(), NoMoreStreams::OfInstance);
        open.remove(0);
        open.push(hub.subscribe(operator(1)).unwrap());
        assert_eq!(hub.open_streams(), MAX_STREAMS_OF_ACCOUNT + 1);
        drop(open);
        assert_eq!(hub.open_streams(), 0);
        assert!(lock(&hub.streams).operators.is_empty());
    }

    #[test]
    fn a_hub_that_ends_opens_no_stream() {
        let hub = Arc::new(Hub::default());
        hub.end_streams();
        assert_eq!(hub.subscribe(operator(1)).unwrap_err(), NoMoreStreams::OfInstance);
    }

    #[test]
    fn charges_are_told_here_and_kept_for_the_other_instances() {
        let hub = Arc::new(Hub::default());
        let streams = [1, 2].map(|n| hub.subscribe(operator(n)).unwrap());
        let staff = hub.subscribe(Subject::Finance(FinanceId::from_uuid(Uuid::from_u128(3)))).unwrap();
        streams.iter().for_each(|stream| drop(stream.mailbox().take(true)));
        hub.charged(&[4, 1, 1].map(|n| OperatorId::from_uuid(Uuid::from_u128(n))));
        hub.tell_new_charges();
        let told = streams.map(|stream| stream.mailbox().take(true));
        assert_eq!(told, [[Topic::Balance, Topic::Dashboard].into(), BTreeSet::new()]);
        assert_eq!(staff.mailbox().take(true), [Topic::Dashboard].into());
        assert_eq!(hub.take_unpublished(), [1, 4].map(Uuid::from_u128));
        assert!(hub.take_unpublished().is_empty());
    }
}
