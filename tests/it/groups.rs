//! What is decided and committed together, and what becomes of it when one of the group is in the way.

use std::net::{IpAddr, Ipv4Addr};

use books::authorization::decide::{Call, Game, Request};
use books::authorization::queue::Reply;
use books::authorization::session_id::SessionId;
use books::ledger;
use futures_util::future::join_all;

use crate::harness::{self, Server, Venue};

fn request(server: &Server, venue: &Venue) -> Request {
    let now = server.app.clock().now();
    Request {
        call: Call::Authorize { session: SessionId::parse(&venue.session_at(now), venue.operator_id) },
        game: Ok(Game { app_id: venue.app_id, site_id: venue.site_id, player_count: 2 }),
        key_generation: 1,
        client_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        received_at: now,
    }
}

/// Venues that share a writer.
async fn neighbours(server: &Server) -> [Venue; 2] {
    let writer = |venue: &Venue| venue.operator_id.uuid().as_bytes()[15] % 2;
    let first = server.venue(10_000).await;
    loop {
        let second = server.venue(10_000).await;
        if writer(&first) == writer(&second) {
            return [first, second];
        }
    }
}

#[tokio::test]
async fn an_account_that_somebody_keeps_locked_is_waited_for_once() {
    let server = harness::start().await;
    let [locked, free] = neighbours(&server).await;
    let mut transaction = server.app.database().begin().await.unwrap();
    ledger::lock_account(&mut transaction, locked.operator_id).await.unwrap();
    // Put in line before the writer wakes, so they are one group.
    let asked = [&locked, &locked, &free, &locked]
        .map(|venue| server.app.authorizer().submit(venue.operator_id, request(&server, venue)));
    let replies = join_all(asked).await;
    let waited = replies.iter().map(|reply| match reply {
        Reply::Unavailable(cause) => Some(cause.contains("lock timeout")),
        Reply::Charged(_) => None,
        other => panic!("{other:?}"),
    });
    assert_eq!(waited.collect::<Vec<_>>(), [Some(true), Some(false), None, Some(false)]);
    transaction.rollback().await.unwrap();
    assert_eq!([server.usage_count(&locked).await, server.usage_count(&free).await], [0, 1]);
    server.verify().await;
}
