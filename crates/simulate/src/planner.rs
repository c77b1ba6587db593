//! Decides what each request asks for: a new game, a repeat of an earlier one, or a late one.

use fastrand::Rng;

use super::operator::Operator;
use super::session::Session;

/// Half of the repeats are of one of the last few sessions, most likely still in flight.
const IN_FLIGHT_SPAN: usize = 8;
/// The other half reach this many sessions back.
const RECENT_SPAN: usize = 4096;
/// A session that was refused may be repeated, so the repeat must be within the server's five
/// minutes as well.
const REPEAT_AGE_MAX_MS: u64 = 240_000;
/// Distance of a late session from now: beyond the server's five minutes, with a minute to spare
/// for clocks that differ.
const LATE_MS: std::ops::Range<u64> = 360_000..900_000;

#[derive(Debug)]
pub(super) struct Planner {
    pub(super) rng: Rng,
    /// Fraction of requests that repeat an earlier session, 0…1.
    pub(super) duplicates: f64,
    /// Fraction of new sessions whose time is out of the window, 0…1.
    pub(super) late: f64,
    /// Players of every game; `None` takes a random number that the app allows.
    pub(super) players: Option<u8>,
}

impl Planner {
    /// Index of the session to ask for next, after adding it to `sessions` if it is a new one.
    pub(super) fn plan(&mut self, operators: &[Operator], sessions: &mut Vec<Session>, now_ms: u64) -> u32 {
        if self.rng.f64() < self.duplicates
            && let Some(index) = self.choose_repeat(sessions, now_ms)
        {
            return index as u32;
        }
        let session = self.new_session(operators, now_ms);
        sessions.push(session);
        (sessions.len() - 1) as u32
    }

    fn choose_repeat(&mut self, sessions: &[Session], now_ms: u64) -> Option<usize> {
        let span = if self.rng.bool() { IN_FLIGHT_SPAN } else { RECENT_SPAN };
        let span = span.min(sessions.len());
        if span == 0 {
            return None;
        }
        let index = sessions.len() - self.rng.usize(1..=span);
        let session = &sessions[index];
        let is_recent = now_ms.saturating_sub(session.unix_ms) < REPEAT_AGE_MAX_MS;
        (is_recent && !session.late).then_some(index)
    }

    fn new_session(&mut self, operators: &[Operator], now_ms: u64) -> Session {
        let index = self.rng.usize(..operators.len());
        let operator = &operators[index];
        let app = self.rng.usize(..operator.apps.len());
        let late = self.rng.f64() < self.late;
        let mut random = [0; 16];
        self.rng.fill(&mut random);
        Session {
            operator: index as u32,
            app: app as u16,
            site: self.rng.usize(..operator.sites.len()) as u16,
            players: self.players.unwrap_or_else(|| {
                let app = &operator.apps[app];
                self.rng.u8(app.min_players..=app.max_players)
            }),
            late,
            charged: false,
            doubtful: false,
            unresolved: false,
            unix_ms: if late { self.late_ms(now_ms) } else { now_ms },
            random,
        }
    }

    fn late_ms(&mut self, now_ms: u64) -> u64 {
        let distance_ms = self.rng.u64(LATE_MS);
        if self.rng.bool() { now_ms - distance_ms } else { now_ms + distance_ms }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::fixtures::operator;

    const NOW_MS: u64 = 1_736_944_200_000;

    fn planner(duplicates: f64, late: f64) -> Planner {
        Planner { rng: Rng::with_seed(1), duplicates, late, players: None }
    }

    fn plan_many(planner: &mut Planner, count: u64) -> (Vec<Session>, Vec<u32>) {
        let operators = [operator(1), operator(2)];
        let mut sessions = Vec::new();
        let plans = (0..count).map(|step| planner.plan(&operators, &mut sessions, NOW_MS + step)).collect();
        (sessions, plans)
    }

    #[test]
    fn without_duplicates_every_request_has_its_own_session() {
        let (sessions, plans) = plan_many(&mut planner(0.0, 0.0), 1000);
        let ids: HashSet<_> = sessions.iter().map(|session| session.id("op_x")).collect();
        assert_eq!((sessions.len(), ids.len()), (1000, 1000));
        assert_eq!(plans, (0..1000).collect::<Vec<_>>());
        assert!(sessions.iter().all(|session| (2..=8).contains(&session.players) && !session.late));
    }

    #[test]
    fn the_asked_fraction_repeats_and_half_of_it_is_recent() {
        let (sessions, plans) = plan_many(&mut planner(0.2, 0.0), 10_000);
        let repeats = 10_000 - sessions.len();
        assert!((1800..2200).contains(&repeats), "{repeats}");
        let mut newest = 0;
        let mut close = 0;
        for plan in plans {
            close += u32::from(plan < newest && plan + 8 > newest);
            newest = newest.max(plan);
        }
        assert!((700..1200).contains(&close), "{close}");
    }

    #[test]
    fn an_old_session_is_not_repeated() {
        let mut planner = planner(1.0, 0.0);
        let operators = [operator(1)];
        let mut sessions = Vec::new();
        assert_eq!(planner.plan(&operators, &mut sessions, NOW_MS), 0);
        assert_eq!(planner.plan(&operators, &mut sessions, NOW_MS + 1000), 0);
        assert_eq!(planner.plan(&operators, &mut sessions, NOW_MS + 240_000), 1);
    }

    #[test]
    fn late_sessions_are_out_of_the_window_and_never_repeated() {
        let (sessions, plans) = plan_many(&mut planner(0.5, 1.0), 1000);
        assert_eq!(plans.len(), sessions.len());
        assert!(sessions.iter().all(|session| session.late && session.unix_ms.abs_diff(NOW_MS) > 300_000));
    }

    #[test]
    fn the_same_seed_plans_the_same() {
        let first = plan_many(&mut planner(0.3, 0.1), 500);
        let second = plan_many(&mut planner(0.3, 0.1), 500);
        assert_eq!(format!("{first:?}"), format!("{second:?}"));
    }
}
