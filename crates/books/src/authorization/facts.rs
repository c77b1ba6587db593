//! What the decisions of a group depend on, read after the accounts were locked.

use std::collections::HashMap;

use base::clock::UtcTime;
use base::ids::{AppId, OperatorId, SiteId, UsageId};
use futures_util::future;
use jiff::Timestamp;
use money::Fen;
use tokio_postgres::{Client, Error, Row, Statement};
use uuid::Uuid;

use super::decide::{Answer, AppFacts, Call, Facts, GrantFacts, Request};
use super::queue::Job;
use super::session_id::SessionId;
use crate::ledger::LockedAccount;

/// The charges that already carry the sessions of a group.
pub const RECORDED_SESSIONS: &str = "
    SELECT u.operator_id, u.session_ms, u.session_nonce, u.id, u.authorization_token, u.app_id, u.app_name, u.site_id,
           u.player_count, u.unit_price_fen, u.total_fen, u.balance_after_fen, u.authorized_at
    FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS r (operator_id, session_ms, session_nonce)
    JOIN usage_records u USING (operator_id, session_ms, session_nonce)";

/// Whether the sites exist and what the newest grants say.
pub const SITES_AND_GRANTS: &str = "
    SELECT r.operator_id, r.site_id, r.app_id, s.id IS NOT NULL AS site_is_known, g.id IS NOT NULL AS has_grant,
           g.expires_at, g.revoked_at IS NOT NULL AS is_revoked
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS r (operator_id, site_id, app_id)
    LEFT JOIN sites s ON s.operator_id = r.operator_id AND s.id = r.site_id AND s.deleted_at IS NULL
    LEFT JOIN grants g ON g.operator_id = r.operator_id AND g.app_id = r.app_id AND g.is_current";

/// The applications as they are now, on the shelf or not.
pub const APPLICATIONS: &str = "
    SELECT id, name, unit_price_fen, min_players, max_players FROM applications WHERE id = ANY($1::uuid[])";

/// Operator, site and application.
type SiteAndApp = (Uuid, Uuid, Uuid);

/// Places remembered by a writer; beyond it forgets all but those of the group in hand.
const MAX_REMEMBERED: usize = 100_000;

/// What was read of a place, and the state of the operator's sites and grants that it belongs to.
#[derive(Clone, Copy, Debug)]
struct KnownGrant {
    version: i64,
    site_is_known: bool,
    grant: Option<GrantFacts>,
}

/// The prepared reads of one writer connection, and the places it knows.
#[derive(Debug)]
pub(super) struct FactReader {
    recorded_sessions: Statement,
    sites_and_grants: Statement,
    applications: Statement,
    places: HashMap<SiteAndApp, KnownGrant>,
}

/// What the first flight has read for a group.
#[derive(Debug)]
pub(super) struct Read {
    recorded: Vec<Row>,
    applications: Vec<Row>,
    /// Places of the group that were known before; what is known may be out of date.
    remembered: Vec<SiteAndApp>,
    /// Rows of the places that were not.
    places: Vec<Row>,
}

/// The facts of one group.
#[derive(Debug)]
pub(super) struct BatchFacts<'a> {
    recorded: HashMap<OperatorId, HashMap<SessionId, Answer>>,
    places: &'a HashMap<SiteAndApp, KnownGrant>,
    apps: HashMap<AppId, AppFacts>,
}

impl FactReader {
    pub(super) async fn prepare(client: &Client) -> Result<Self, Error> {
        Ok(FactReader {
            recorded_sessions: client.prepare(RECORDED_SESSIONS).await?,
            sites_and_grants: client.prepare(SITES_AND_GRANTS).await?,
            applications: client.prepare(APPLICATIONS).await?,
            places: HashMap::new(),
        })
    }

    /// Reads what the jobs need and is not remembered, in one flight.
    pub(super) async fn read(&self, client: &Client, jobs: &[Job]) -> Result<Read, Error> {
        let sessions = jobs.iter().filter_map(|job| match &job.request.call {
            Call::Authorize { session: Ok(session) } => Some((job.operator_id.uuid(), session)),
            _ => None,
        });
        let (owners, sessions): (Vec<Uuid>, Vec<&SessionId>) = sessions.unzip();
        let session_ms: Vec<i64> = sessions.iter().map(|session| session.ms).collect();
        let nonces: Vec<&str> = sessions.iter().map(|session| session.nonce.as_str()).collect();
        let mut places: Vec<SiteAndApp> = jobs.iter().filter_map(place).collect();
        places.sort_unstable();
        places.dedup();
        let mut apps: Vec<Uuid> = places.iter().map(|place| place.2).collect();
        apps.sort_unstable();
        apps.dedup();
        let (remembered, unknown): (Vec<SiteAndApp>, Vec<SiteAndApp>) =
            places.into_iter().partition(|place| self.places.contains_key(place));
        let (recorded, applications, places) = future::try_join3(
            client.query(&self.recorded_sessions, &[&owners, &session_ms, &nonces]),
            client.query(&self.applications, &[&apps]),
            self.read_places(client, &unknown),
        )
        .await?;
        Ok(Read { recorded, applications, remembered, places })
    }

    async fn read_places(&self, client: &Client, places: &[SiteAndApp]) -> Result<Vec<Row>, Error> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let operators: Vec<Uuid> = places.iter().map(|place| place.0).collect();
        let sites: Vec<Uuid> = places.iter().map(|place| place.1).collect();
        let apps: Vec<Uuid> = places.iter().map(|place| place.2).collect();
        client.query(&self.sites_and_grants, &[&operators, &sites, &apps]).await
    }

    /// Reads again what has changed since it was remembered, and puts the facts together. `locked` is sorted by operator.
    pub(super) async fn complete(
        &mut self,
        client: &Client,
        read: Read,
        locked: &[LockedAccount],
    ) -> Result<BatchFacts<'_>, Error> {
        let is_stale = |place: &SiteAndApp| {
            self.places.get(place).map(|known| known.version) != version_of(locked, place.0)
        };
        let stale: Vec<SiteAndApp> = read.remembered.into_iter().filter(is_stale).collect();
        let refreshed = self.read_places(client, &stale).await?;
        if self.places.len() > MAX_REMEMBERED {
            // What this group has not read again is needed below.
            self.places.retain(|place, _| version_of(locked, place.0).is_some());
        }
        for row in read.places.iter().chain(&refreshed) {
            self.remember(row, locked);
        }
        let mut facts = BatchFacts {
            recorded: HashMap::new(),
            places: &self.places,
            apps: read.applications.iter().map(application).collect(),
        };
        for row in &read.recorded {
            facts.record(OperatorId::from_uuid(row.get(0)), &recorded_answer(row));
        }
        Ok(facts)
    }

    fn remember(&mut self, row: &Row, locked: &[LockedAccount]) {
        let place: SiteAndApp = (row.get(0), row.get(1), row.get(2));
        let Some(version) = version_of(locked, place.0) else { return };
        let expires_at: Option<Timestamp> = row.get(5);
        let has_grant: bool = row.get(4);
        let grant = has_grant.then(|| GrantFacts {
            expires_at: expires_at.map(UtcTime::from_timestamp),
            is_revoked: row.get(6),
        });
        let known = KnownGrant { version, site_is_known: row.get(3), grant };
        self.places.insert(place, known);
    }
}

/// The state of an operator's sites and grants that is in force while its account is locked.
fn version_of(locked: &[LockedAccount], operator: Uuid) -> Option<i64> {
    let found = locked.binary_search_by_key(&operator, |locked| locked.account.operator_id.uuid());
    found.ok().map(|index| locked[index].gate.places_version)
}

/// Reads a row of [`APPLICATIONS`].
fn application(row: &Row) -> (AppId, AppFacts) {
    let app = AppFacts {
        name: row.get(1),
        unit_price: Fen::new(row.get(2)),
        min_players: row.get(3),
        max_players: row.get(4),
    };
    (AppId::from_uuid(row.get(0)), app)
}

fn place(job: &Job) -> Option<SiteAndApp> {
    let game = job.request.game.as_ref().ok()?;
    Some((job.operator_id.uuid(), game.site_id.uuid(), game.app_id.uuid()))
}

impl BatchFacts<'_> {
    /// What is known about one request.
    pub(super) fn of(&self, operator_id: OperatorId, request: &Request) -> Facts<'_> {
        let Ok(game) = &request.game else {
            return Facts::default();
        };
        let recorded = match &request.call {
            Call::Authorize { session: Ok(session) } => {
                self.recorded.get(&operator_id).and_then(|sessions| sessions.get(session))
            }
            _ => None,
        };
        let place = self.places.get(&(operator_id.uuid(), game.site_id.uuid(), game.app_id.uuid()));
        Facts {
            recorded,
            site_is_known: place.is_some_and(|place| place.site_is_known),
            app: self.apps.get(&game.app_id),
            grant: place.and_then(|place| place.grant),
        }
    }

    /// Notes a session that was charged, for the requests behind it in the same group.
    pub(super) fn record(&mut self, operator_id: OperatorId, answer: &Answer) {
        self.recorded.entry(operator_id).or_default().insert(answer.session.clone(), answer.clone());
    }
}

/// Reads a row of [`RECORDED_SESSIONS`].
fn recorded_answer(row: &Row) -> Answer {
    let authorized_at: Timestamp = row.get(12);
    Answer {
        session: SessionId { ms: row.get(1), nonce: row.get(2) },
        usage_id: UsageId::from_uuid(row.get(3)),
        authorization_token: row.get(4),
        app_id: AppId::from_uuid(row.get(5)),
        app_name: row.get(6),
        site_id: SiteId::from_uuid(row.get(7)),
        player_count: row.get(8),
        unit_price: Fen::new(row.get(9)),
        total: Fen::new(row.get(10)),
        balance_after: Fen::new(row.get(11)),
        authorized_at: UtcTime::from_timestamp(authorized_at),
    }
}
