//! Whatever is told, asked, decided and repeated, in whatever order and at whatever moment: each paid order is credited
//! exactly once, each unpaid one never.

use base::ids::OrderId;
use futures_util::StreamExt;
use money::Fen;
use office::payments::providers::{OrderState, Payment, PaymentMethod, Returned};
use office::payments::{self, NewRecharge, ProviderReport, ResolvedOutcome, Source};
use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::shop::{Sent, Shop, minutes};
use crate::harness::{Server, start_at};

const ORDERS: usize = 5;
const CASES: usize = 24;
const AT_ONCE: usize = 6;

/// What the payer did, as the provider knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Unpaid,
    Paid,
    /// Less than the order asked for.
    PaidWrongly,
    /// A second payment came after the first.
    PaidTwice,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    /// The provider tells the truth about an order, in one of three ways.
    Told(usize, Source),
    /// The second payment of an order that was paid twice.
    ToldOfSecond(usize),
    /// Somebody else tells of a payment.
    Forged(usize),
    /// The provider says that the order has ended, if nobody has paid it.
    Ended(usize),
    /// A question that got no answer: finance will have to decide.
    Abnormal(usize),
    Resolved(usize, ResolvedOutcome),
    Expired,
}

fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let fate =
        prop_oneof![Just(Fate::Unpaid), Just(Fate::Paid), Just(Fate::PaidWrongly), Just(Fate::PaidTwice)];
    prop::collection::vec(fate, ORDERS)
}

/// Everything that can happen, some of it not at all and some of it often, in any order.
fn events() -> impl Strategy<Value = Vec<Event>> {
    let mut all = vec![Event::Expired; 2];
    for order in 0..ORDERS {
        for source in [Source::Notification, Source::Notification, Source::Query, Source::Bill] {
            all.extend([Event::Told(order, source), Event::ToldOfSecond(order)]);
        }
        all.extend([
            Event::Forged(order),
            Event::Ended(order),
            Event::Abnormal(order),
            Event::Abnormal(order),
        ]);
        all.extend(
            [ResolvedOutcome::Success, ResolvedOutcome::Failed].map(|done| Event::Resolved(order, done)),
        );
    }
    let count = all.len();
    subsequence(all, 0..count).prop_shuffle()
}

struct World<'a> {
    servers: [&'a Server; 2],
    shop: &'a Shop,
    orders: Vec<(OrderId, Fate)>,
}

impl World<'_> {
    fn payment(&self, order: usize, nth: usize) -> Payment {
        let (id, fate) = self.orders[order];
        Payment {
            transaction_id: format!("{id}-{nth}"),
            amount: Fen::new(if fate == Fate::PaidWrongly { 4_999 } else { 5_000 }),
            returned: Returned::Nothing,
            paid_at: self.shop.now(),
        }
    }

    async fn tell(&self, server: &Server, order: usize, state: OrderState, source: Source) {
        let word = ProviderReport {
            order_id: self.orders[order].0,
            payment_method: self.shop.method,
            state: &state,
            source,
        };
        let mut transaction = server.app.database().begin().await.unwrap();
        payments::settle(&mut transaction, word, "", self.shop.now()).await.unwrap();
        transaction.commit().await.unwrap();
    }

    async fn happen(&self, server: &Server, event: Event) {
        match event {
            Event::Told(order, source) => match self.orders[order].1 {
                Fate::Unpaid => self.tell(server, order, OrderState::Open, source).await,
                _ => self.tell(server, order, OrderState::Paid(self.payment(order, 0)), source).await,
            },
            Event::ToldOfSecond(order) => {
                if self.orders[order].1 == Fate::PaidTwice {
                    let paid = OrderState::Paid(self.payment(order, 1));
                    self.tell(server, order, paid, Source::Notification).await;
                }
            }
            Event::Forged(order) => {
                let number = payments::providers::order_number(self.orders[order].0);
                let body =
                    format!("out_trade_no={number}&trade_status=TRADE_SUCCESS&total_amount=50.00&sign=AAAA");
                let sent = Sent { headers: reqwest::header::HeaderMap::new(), body: body.into_bytes() };
                assert!(!self.shop.is_taken(&self.shop.notify(server, &sent).await));
            }
            Event::Ended(order) => {
                if self.orders[order].1 == Fate::Unpaid {
                    self.tell(server, order, OrderState::Closed, Source::Query).await;
                }
            }
            Event::Abnormal(order) => {
                let sql =
                    "UPDATE recharge_orders SET status = 'abnormal' WHERE id = $1 AND status = 'pending'";
                let mut connection = server.app.database().acquire().await.unwrap();
                sqlx::query(sql).bind(self.orders[order].0).execute(&mut *connection).await.unwrap();
            }
            Event::Resolved(order, outcome) => {
                let id = self.orders[order].0;
                let mut transaction = server.app.database().begin().await.unwrap();
                let now = self.shop.now();
                let resolved = payments::resolve(&mut transaction, id, outcome, "核实", "finance", now).await;
                match resolved {
                    Ok(_) => transaction.commit().await.unwrap(),
                    Err(problem) => assert_eq!(problem.code().as_str(), "INVALID_PARAMS"),
                }
            }
            Event::Expired => {
                let later = self.shop.now().plus(minutes(30));
                let mut connection = server.app.database().acquire().await.unwrap();
                payments::expire_once(&mut connection, later).await.unwrap();
            }
        }
    }

    /// The words that no loss can keep away for ever: the next day's bill has them.
    async fn bill(&self) {
        for order in 0..ORDERS {
            let (_, fate) = self.orders[order];
            if fate != Fate::Unpaid {
                let paid = OrderState::Paid(self.payment(order, 0));
                self.tell(self.servers[0], order, paid, Source::Bill).await;
            }
            if fate == Fate::PaidTwice {
                let paid = OrderState::Paid(self.payment(order, 1));
                self.tell(self.servers[1], order, paid, Source::Bill).await;
            }
        }
    }

    /// How often the order was credited, how it was decided, and how many incidents there are.
    async fn standing(&self, order: usize) -> (i64, Option<String>, i64) {
        sqlx::query_as(
            "SELECT (SELECT count(*) FROM ledger_movements m WHERE m.order_id = o.id AND m.kind = 'recharge'),
                    o.resolved_outcome,
                    (SELECT count(*) FROM payment_incidents i WHERE i.order_id = o.id)
             FROM recharge_orders o WHERE o.id = $1",
        )
        .bind(self.orders[order].0)
        .fetch_one(&mut self.servers[0].owner().await)
        .await
        .unwrap()
    }

    async fn check(&self) -> i64 {
        let mut credited = 0;
        for (order, (id, fate)) in self.orders.iter().enumerate() {
            let (credits, resolved, incidents) = self.standing(order).await;
            let by_hand = resolved.as_deref() == Some("success");
            let expected = match fate {
                Fate::Paid | Fate::PaidTwice => 1,
                Fate::Unpaid | Fate::PaidWrongly => i64::from(by_hand),
            };
            assert_eq!(credits, expected, "{id} {fate:?} {resolved:?}");
            match fate {
                Fate::Unpaid => assert_eq!(incidents, 0, "{id}"),
                Fate::PaidWrongly => assert_eq!(incidents, 1, "{id} {resolved:?}"),
                Fate::PaidTwice => assert!(incidents >= 1, "{id}: the second payment is not lost"),
                Fate::Paid => {}
            }
            credited += credits;
        }
        credited
    }
}

#[tokio::test]
async fn each_paid_order_is_credited_exactly_once_and_each_unpaid_one_never() {
    let shop = Shop::open(PaymentMethod::Alipay).await;
    let other = start_at(&shop.server.database_url, shop.clock.clone()).await;
    let mut runner = TestRunner::default();
    let mut credited = 0;
    for _ in 0..CASES {
        let (fates, events) = (fates(), events()).new_tree(&mut runner).unwrap().current();
        let mut orders = Vec::new();
        for fate in &fates {
            let mut transaction = shop.server.app.database().begin().await.unwrap();
            let new = NewRecharge { amount: Fen::new(5_000), payment_method: shop.method, key: None };
            let settings = shop.server.app.settings();
            let operator = shop.venue.operator_id;
            let order =
                payments::open(&mut transaction, operator, &new, &settings, shop.now()).await.unwrap();
            transaction.commit().await.unwrap();
            orders.push((order.id, *fate));
        }
        let world = World { servers: [&shop.server, &other], shop: &shop, orders };
        let happening = events.iter().enumerate().map(|(nth, event)| {
            let server = world.servers[nth % 2];
            let world = &world;
            async move { world.happen(server, *event).await }
        });
        futures_util::stream::iter(happening).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
        world.bill().await;
        world.bill().await;
        credited += world.check().await;
        shop.expect_credited(credited).await;
    }
    assert!(credited > 0);
    other.stop().await;
}
