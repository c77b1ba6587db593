//! Random walks through the sandbox: payers of every kind, notifications again and forged, providers in trouble, two
//! instances that ask, finance that decides, and the next day's bill.

use base::ids::OrderId;
use office::payments::providers::PaymentMethod;
use office::payments::{self, ResolvedOutcome};
use pay_sandbox::{Fault, Forgery, PaymentResult};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::shop::{Shop, minutes};
use crate::harness::{Server, start_at};

/// How the payer behaves at the sandbox. `None`: not at all.
const BEHAVIOURS: [Option<PaymentResult>; 6] = [
    None,
    Some(PaymentResult::Success),
    Some(PaymentResult::Failed),
    Some(PaymentResult::SuccessWithoutNotify),
    Some(PaymentResult::SuccessDuplicateNotify),
    Some(PaymentResult::SuccessLateNotify),
];

#[derive(Clone, Copy, Debug)]
enum Step {
    /// The genuine notification about an order, once more, to one of two instances.
    Repeat(usize, usize),
    Forge(usize, Forgery),
    /// So many minutes pass, and an instance asks about what is due.
    Pass(i64, usize),
    Fault(Fault),
    Resolve(usize, ResolvedOutcome),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let order = 0..BEHAVIOURS.len();
    let forgery = prop::sample::select(vec![
        Forgery::SignTest,
        Forgery::WrongSignature,
        Forgery::TamperedAmount,
        Forgery::OtherMerchant,
    ]);
    let outcome = prop::sample::select(vec![ResolvedOutcome::Success, ResolvedOutcome::Failed]);
    let fault = prop::sample::select(vec![Fault::None, Fault::Down, Fault::ServerError]);
    let step = prop_oneof![
        3 => (order.clone(), 0..2_usize).prop_map(|(order, server)| Step::Repeat(order, server)),
        2 => (order.clone(), forgery).prop_map(|(order, forgery)| Step::Forge(order, forgery)),
        3 => (1..8_i64, 0..2_usize).prop_map(|(minutes, server)| Step::Pass(minutes, server)),
        2 => fault.prop_map(Step::Fault),
        1 => (order, outcome).prop_map(|(order, outcome)| Step::Resolve(order, outcome)),
    ];
    prop::collection::vec(step, 8..20)
}

async fn walk(shop: &mut Shop, other: &Server, orders: &[(OrderId, Option<PaymentResult>)], step: Step) {
    let is_paid = |order: usize| !matches!(orders[order].1, None | Some(PaymentResult::Failed));
    match step {
        Step::Repeat(order, server) if is_paid(order) => {
            let server = if server == 0 { &shop.server } else { other };
            let sent = shop.letter(orders[order].0, None);
            assert!(shop.is_taken(&shop.notify(server, &sent).await), "{step:?}");
        }
        Step::Forge(order, forgery) if is_paid(order) => {
            let sent = shop.letter(orders[order].0, Some(forgery));
            assert!(!shop.is_taken(&shop.notify(other, &sent).await), "{step:?}");
        }
        Step::Repeat(..) | Step::Forge(..) => {}
        Step::Pass(passing, server) => {
            shop.advance(minutes(passing)).await;
            let server = if server == 0 { &shop.server } else { other };
            payments::reconcile_once(server.app.cashier()).await.unwrap();
            shop.expire().await;
        }
        Step::Fault(fault) => shop.set_fault(fault),
        Step::Resolve(order, outcome) => {
            let mut transaction = other.app.database().begin().await.unwrap();
            let (id, now) = (orders[order].0, shop.now());
            if payments::resolve(&mut transaction, id, outcome, "核实", "finance", now).await.is_ok() {
                transaction.commit().await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn through_the_sandbox_each_paid_order_is_credited_exactly_once() {
    let mut runner = TestRunner::default();
    for method in PaymentMethod::ALL.into_iter().cycle().take(4) {
        let mut shop = Shop::open(method).await;
        let other = start_at(&shop.server.database_url, shop.clock.clone()).await;
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let mut orders = Vec::new();
        for behaviour in BEHAVIOURS {
            let order = shop.order().await;
            if let Some(result) = behaviour {
                shop.pay(order, result);
            }
            orders.push((order, behaviour));
        }
        for step in &steps {
            walk(&mut shop, &other, &orders, *step).await;
        }
        shop.set_fault(Fault::None);
        shop.advance(minutes(24 * 60)).await;
        shop.reconcile().await;
        let day = "2026-11-24".parse().unwrap();
        let read = payments::bills::reconcile_bill(shop.server.app.cashier(), day, method, "test");
        assert_eq!(read.await.unwrap().status, payments::bills::RunStatus::Completed);
        let mut credited = 0;
        for (order, behaviour) in &orders {
            let (credits, by_hand): (i64, bool) = sqlx::query_as(
                "SELECT (SELECT count(*) FROM ledger_movements WHERE order_id = $1 AND kind = 'recharge'),
                        coalesce(resolved_outcome = 'success', false)
                 FROM recharge_orders WHERE id = $1",
            )
            .bind(order)
            .fetch_one(&mut shop.server.owner().await)
            .await
            .unwrap();
            let expected = match behaviour {
                None | Some(PaymentResult::Failed) => i64::from(by_hand),
                Some(_) => 1,
            };
            assert_eq!(credits, expected, "{order} {behaviour:?} {method:?} {steps:?}");
            credited += credits;
        }
        shop.expect_credited(credited).await;
        other.stop().await;
    }
}
