//! What staff did, and what operators did that matters: an append-only log whose rows form a hash chain.
//!
//! An act that succeeded has one row with the outcome `success`, written in the transaction of the act itself: neither
//! exists without the other. An act that was refused after the caller had been let in has one row with the outcome
//! `failed: <error code>`, written in a transaction of its own, because the act's was rolled back. [`perform`] does
//! both. So there is no row "before the act" that could be left without an outcome: what was never decided (a crash,
//! a database that went away) changed nothing and leaves no row.
//!
//! `audit_chain` holds the newest link. Its row lock orders all writers, so appending is the last statement of a
//! transaction before its commit; a transaction takes locks on accounts, grants and so on before it.

mod chain;
pub mod list;

pub use chain::{Broken, verify};

use std::net::IpAddr;

use serde_json::{Value, json};
use sqlx::types::ipnet::IpNet;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use base::clock::{Clock, UtcTime};
use base::ids::{AuditId, OperatorId};
use base::problem::Problem;
use platform::db::Database;
use platform::security::tokens::Subject;

const SUCCESS: &str = "success";

/// Address and user agent of the client.
#[derive(Clone, Debug)]
pub struct Origin {
    pub ip: IpAddr,
    pub user_agent: Option<String>,
}

/// Who did it, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    kind: &'static str,
    id: Option<Uuid>,
    name: String,
    ip: Option<IpAddr>,
    user_agent: Option<String>,
}

impl Actor {
    #[must_use]
    pub fn of_account(subject: Subject, name: String, origin: &Origin) -> Self {
        Actor {
            kind: subject.role().into_str(),
            id: Some(subject.uuid()),
            name,
            ip: Some(origin.ip),
            user_agent: origin.user_agent.clone(),
        }
    }

    /// The platform itself: jobs, the anomaly watch, the first start.
    #[must_use]
    pub fn system() -> Self {
        Actor { kind: "system", id: None, name: "system".to_owned(), ip: None, user_agent: None }
    }
}

/// What was done, to what. Details never carry secrets.
#[derive(Clone, Debug)]
pub struct Act {
    operation: &'static str,
    target: Option<(&'static str, String)>,
    details: Value,
}

impl Act {
    /// `operation` is a noun and a verb, as in `refund_approve`; `details` an object with what was asked for.
    #[must_use]
    pub fn new(operation: &'static str, details: Value) -> Self {
        Act { operation, target: None, details }
    }

    /// Names the resource: its type and its id in wire form.
    #[must_use]
    pub fn on(mut self, resource_type: &'static str, id: &impl ToString) -> Self {
        self.target = Some((resource_type, id.to_string()));
        self
    }

    #[must_use]
    pub fn on_operator(self, id: OperatorId) -> Self {
        self.on("operator", &id)
    }

    /// Names the resource that came into being while acting.
    pub fn set_target(&mut self, resource_type: &'static str, id: &impl ToString) {
        self.target = Some((resource_type, id.to_string()));
    }

    /// Adds a detail that became known while acting.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.details[key] = value.into();
    }

    /// Adds the values before and after.
    pub fn set_change(&mut self, before: Value, after: Value) {
        self.set("before", before);
        self.set("after", after);
    }
}

/// Does an act in a transaction of its own: commits it together with its row, or rolls it back and writes the refusal.
/// `work` may add to the act what it learns.
///
/// # Errors
/// Those of `work`; the database's.
pub async fn perform<T>(
    database: &Database,
    clock: &Clock,
    actor: &Actor,
    mut act: Act,
    work: impl AsyncFnOnce(&mut PgConnection, &mut Act) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let mut transaction = database.begin().await?;
    let result = work(&mut transaction, &mut act).await;
    settle(database, clock, transaction, actor, &act, result).await
}

/// Ends an act whose transaction the caller began.
///
/// # Errors
/// That of `result`; the database's.
pub async fn settle<T>(
    database: &Database,
    clock: &Clock,
    mut transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    act: &Act,
    result: Result<T, Problem>,
) -> Result<T, Problem> {
    match result {
        Ok(value) => {
            append(&mut transaction, actor, act, SUCCESS, clock.now()).await?;
            transaction.commit().await?;
            Ok(value)
        }
        Err(problem) => {
            transaction.rollback().await?;
            refused(database, actor, act, &problem, clock.now()).await?;
            Err(problem)
        }
    }
}

/// Writes that an act was refused, in a transaction of its own.
///
/// # Errors
/// The database's.
pub async fn refused(
    database: &Database,
    actor: &Actor,
    act: &Act,
    problem: &Problem,
    now: UtcTime,
) -> Result<(), Problem> {
    let mut transaction = database.begin().await?;
    let outcome = format!("failed: {}", problem.code().as_str());
    append(&mut transaction, actor, act, &outcome, now).await?;
    transaction.commit().await?;
    Ok(())
}

/// Writes that an act succeeded, as the last statement of the act's transaction.
///
/// # Errors
/// The database's.
pub async fn succeeded(
    connection: &mut PgConnection,
    actor: &Actor,
    act: &Act,
    now: UtcTime,
) -> sqlx::Result<AuditId> {
    append(connection, actor, act, SUCCESS, now).await
}

async fn append(
    connection: &mut PgConnection,
    actor: &Actor,
    act: &Act,
    outcome: &str,
    now: UtcTime,
) -> sqlx::Result<AuditId> {
    let head = chain::lock_head(connection).await?;
    let link = chain::Link {
        id: AuditId::generate(now).uuid(),
        created_at: now.to_millis_precision(),
        actor_type: actor.kind.to_owned(),
        actor_id: actor.id,
        actor_name: actor.name.clone(),
        operation_type: act.operation.to_owned(),
        target_resource_type: act.target.as_ref().map(|(kind, _)| (*kind).to_owned()),
        target_resource_id: act.target.as_ref().map(|(_, id)| id.clone()),
        operation_details: if act.details.is_null() { json!({}) } else { act.details.clone() },
        outcome: outcome.to_owned(),
        ip_address: actor.ip.map(IpNet::from),
        user_agent: actor.user_agent.clone(),
        seq: head.seq + 1,
    };
    chain::write(connection, &head, &link).await?;
    Ok(AuditId::from_uuid(link.id))
}
