//! The decisions of one group, made one after the other on the locked accounts.

use base::clock::UtcTime;
use platform::messages::Letter;
use platform::settings::Settings;
use uuid::Uuid;

use super::decide::{Answer, Call, Decision, decide};
use super::facts::BatchFacts;
use super::queue::{Job, Reply};
use super::refusal::Refusal;
use crate::authorization::low_balance_letter::low_balance_letter;
use crate::ledger::{Charge, ChargeOrder, LedgerError, LockedAccount, low_balance};

/// A group after the decisions, before the commit.
pub(super) struct Decided {
    pub(super) locked: Vec<LockedAccount>,
    pub(super) charges: Vec<Charge>,
    /// What the charges are to tell their operators.
    pub(super) messages: Vec<Letter>,
    /// One per job, in their order.
    pub(super) replies: Vec<Reply>,
}

/// Decides in arrival order; each charge is seen by the requests behind it. `locked` is sorted by operator.
pub(super) fn decide_all(
    locked: Vec<LockedAccount>,
    mut facts: BatchFacts<'_>,
    jobs: &[Job],
    settings: &Settings,
    now: UtcTime,
) -> Decided {
    let charges = Vec::with_capacity(jobs.len());
    let replies = Vec::with_capacity(jobs.len());
    let mut decided = Decided { locked, charges, messages: Vec::new(), replies };
    for job in jobs {
        let reply = decided.decide(job, &mut facts, settings, now);
        decided.replies.push(reply);
    }
    decided
}

impl Decided {
    fn decide(&mut self, job: &Job, facts: &mut BatchFacts<'_>, settings: &Settings, now: UtcTime) -> Reply {
        let found = self.locked.binary_search_by_key(&job.operator_id, |locked| locked.account.operator_id);
        let Ok(index) = found else {
            return Reply::Refused(Refusal::StaleKey);
        };
        let LockedAccount { account, gate, .. } = &mut self.locked[index];
        let (request, limit) = (&job.request, settings.rate_limit_per_minute);
        let is_current = request.key_generation == gate.key_generation;
        let window = match request.call {
            Call::Authorize { .. } => &mut gate.authorize_window,
            Call::PreAuthorize => &mut gate.pre_authorize_window,
        };
        // A dead key says nothing about the operator, so it does not use up the operator's admissions.
        let admission =
            if is_current { window.admit(request.received_at.as_millis(), limit) } else { Ok(()) };
        let known = facts.of(job.operator_id, request);
        match decide(account, gate, admission, limit, &known, request, now) {
            Decision::Charge(order) => match self.charge(index, order, settings, now) {
                Ok(answer) => {
                    facts.record(job.operator_id, &answer);
                    Reply::Charged(answer)
                }
                Err(error) => Reply::Failed(error.to_string()),
            },
            Decision::Quote(quote) => Reply::Quoted(quote),
            Decision::Replay(answer) => Reply::Replayed(answer),
            Decision::Refuse(refusal) => Reply::Refused(refusal),
        }
    }

    /// Charges the account, and tells its operator when that leaves it with little.
    fn charge(
        &mut self,
        index: usize,
        order: ChargeOrder,
        settings: &Settings,
        now: UtcTime,
    ) -> Result<Answer, LedgerError> {
        let LockedAccount { account, gate, .. } = &mut self.locked[index];
        let charge = account.charge(order, Uuid::new_v4(), now)?;
        let threshold = settings.low_balance_threshold(gate.category);
        let (before, after) = (charge.balance_before, charge.balance_after);
        let alert = low_balance::after_charge(gate.is_low_balance_alerted, before, after, threshold);
        gate.is_low_balance_alerted = alert.is_alerted;
        if alert.is_due {
            self.messages.push(low_balance_letter(
                account.operator_id,
                after,
                threshold,
                charge.authorized_at,
            ));
        }
        let answer = Answer::from(&charge);
        self.charges.push(charge);
        Ok(answer)
    }
}
