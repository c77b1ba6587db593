//! The payloads of notifications: a topic and what it concerns, separated by spaces.

use uuid::Uuid;

use super::hub::Hub;
use super::mailbox::Topic;

/// The channel of all instances of one database.
pub(super) const CHANNEL: &str = "live";
/// PostgreSQL takes payloads below 8 000 bytes; this many ids take 7 500.
const IDS: usize = 200;

/// The news that an instance has charged these operators.
pub(super) fn charges(instance: Uuid, operators: &[Uuid]) -> Vec<String> {
    let payload = |some: &[Uuid]| {
        let ids: Vec<String> = some.iter().map(Uuid::to_string).collect();
        format!("charged {instance} {}", ids.join(" "))
    };
    operators.chunks(IDS).map(payload).collect()
}

/// Brings a notification to the streams of this instance. What it does not understand comes from a newer version, and
/// may be anything.
pub(super) fn deliver(hub: &Hub, payload: &str) {
    if try_deliver(hub, payload).is_none() {
        tracing::warn!(payload, "a notification was not understood");
        hub.look_again();
    }
}

fn try_deliver(hub: &Hub, payload: &str) -> Option<()> {
    let (topic, concerned) = payload.split_once(' ').unwrap_or((payload, ""));
    match topic {
        "charged" => {
            let (instance, operators) = concerned.split_once(' ')?;
            if parse(instance)? != hub.instance() {
                hub.tell_balances(&parse_all(operators)?);
            }
        }
        "balance" => hub.tell_balances(&parse_all(concerned)?),
        "message" => parse_all(concerned)?.into_iter().for_each(|id| hub.tell(id, Topic::Messages)),
        "account" => hub.tell(parse(concerned)?, Topic::SignIn),
        "order" => tell_row(hub, concerned, Topic::Order)?,
        "refund" => tell_row(hub, concerned, Topic::Refund)?,
        "invoice" => tell_row(hub, concerned, Topic::Invoice)?,
        "app_request" => tell_row(hub, concerned, Topic::AppRequest)?,
        "dashboard" => {}
        _ => return None,
    }
    if matches!(topic, "refund" | "invoice" | "app_request" | "dashboard") {
        hub.tell_staff();
    }
    Some(())
}

fn tell_row(hub: &Hub, row: &str, topic: fn(Uuid) -> Topic) -> Option<()> {
    let (operator_id, id) = row.split_once(':')?;
    hub.tell(parse(operator_id)?, topic(parse(id)?));
    Some(())
}

fn parse(id: &str) -> Option<Uuid> {
    id.parse().ok()
}

fn parse_all(ids: &str) -> Option<Vec<Uuid>> {
    ids.split(' ').map(parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::ids::{AdminId, OperatorId};
    use platform::security::tokens::Subject;

    const OPERATOR: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);
    const THING: Uuid = Uuid::from_u128(3);

    /// What the operator and the staff are told.
    fn told(payload: &str) -> (Vec<Topic>, Vec<Topic>) {
        let hub = std::sync::Arc::new(Hub::default());
        let operator = hub.subscribe(Subject::Operator(OperatorId::from_uuid(OPERATOR))).unwrap();
        let admin = hub.subscribe(Subject::Admin(AdminId::from_uuid(OTHER))).unwrap();
        operator.mailbox().take(true);
        deliver(&hub, payload);
        let taken = |subscription: &super::super::Subscription| {
            subscription.mailbox().take(true).into_iter().collect()
        };
        (taken(&operator), taken(&admin))
    }

    #[test]
    fn news_reaches_those_it_concerns() {
        use Topic::{AppRequest, Balance, Dashboard, Invoice, Messages, Order, Refund, SignIn};
        let everything = (vec![Topic::Everything, Balance, Messages], vec![Topic::Everything]);
        for (payload, expected) in [
            (format!("balance {OPERATOR}"), (vec![Balance, Dashboard], vec![Dashboard])),
            (format!("balance {THING}"), (vec![], vec![Dashboard])),
            (format!("charged {THING} {THING} {OPERATOR}"), (vec![Balance, Dashboard], vec![Dashboard])),
            (format!("message {THING} {OPERATOR}"), (vec![Messages], vec![])),
            (format!("order {OPERATOR}:{THING}"), (vec![Order(THING)], vec![])),
            (format!("refund {OPERATOR}:{THING}"), (vec![Refund(THING)], vec![Dashboard])),
            (format!("invoice {OPERATOR}:{THING}"), (vec![Invoice(THING)], vec![Dashboard])),
            (format!("app_request {OPERATOR}:{THING}"), (vec![AppRequest(THING)], vec![Dashboard])),
            (format!("account {OTHER}"), (vec![], vec![SignIn])),
            ("dashboard".to_owned(), (vec![], vec![Dashboard])),
            (String::new(), everything.clone()),
            ("message nonsense".to_owned(), everything.clone()),
            (format!("order {OPERATOR}"), everything.clone()),
            (format!("something {OPERATOR}"), everything),
        ] {
            assert_eq!(told(&payload), expected, "{payload:?}");
        }
    }

    #[test]
    fn an_instance_knows_of_its_own_charges_already() {
        let hub = std::sync::Arc::new(Hub::default());
        let admin = hub.subscribe(Subject::Admin(AdminId::from_uuid(OTHER))).unwrap();
        for payload in charges(hub.instance(), &[OPERATOR]) {
            deliver(&hub, &payload);
        }
        assert!(admin.mailbox().take(true).is_empty());
    }

    #[test]
    fn many_charges_are_told_in_payloads_that_fit() {
        let operators: Vec<Uuid> = (0..1_001).map(Uuid::from_u128).collect();
        let payloads = charges(THING, &operators);
        assert_eq!(payloads.len(), 6);
        assert!(payloads.iter().all(|payload| payload.len() < 8_000));
        let found: Vec<&str> = payloads.iter().flat_map(|payload| payload.split(' ').skip(2)).collect();
        assert_eq!(found, operators.iter().map(Uuid::to_string).collect::<Vec<_>>());
    }
}
