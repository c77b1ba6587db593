//! Providers that are away, out of order, refuse to be asked, lag behind, or do what is asked without saying so.

use jiff::SignedDuration;
use pay_protocol::{Doubt, OrderState, Outcome, RefundState};
use pay_sandbox::Fault;

use super::{Bench, for_both};
use crate::outcomes::Succeeded as _;

fn is_away<T: std::fmt::Debug>(outcome: Outcome<T>) -> bool {
    outcome.into_answer().unwrap_err().is_away()
}

for_both! {
    async fn a_provider_that_is_down_or_out_of_order_is_away_and_has_done_nothing(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let refund = bench.refund("T00001", &payment, "R1", 100);
        for fault in [Fault::Down, Fault::ServerError] {
            bench.fault(fault);
            assert!(is_away(bench.provider.create_order(&bench.order("T00002")).await), "{fault:?}");
            assert!(bench.provider.query_order("T00001").await.unwrap_err().is_away(), "{fault:?}");
            assert!(is_away(bench.provider.close_order("T00001").await), "{fault:?}");
            assert!(is_away(bench.provider.refund(&refund).await), "{fault:?}");
            assert!(bench.provider.query_refund(&refund).await.unwrap_err().is_away(), "{fault:?}");
            bench.fault(Fault::None);
            assert_eq!(bench.state("T00002").await, OrderState::Absent);
        }
        assert_eq!(bench.provider.query_refund(&refund).await, Ok(RefundState::Absent));
    }

    async fn an_answer_that_never_comes_leaves_the_outcome_unknown_and_the_deed_done(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let order = bench.order("T00002");
        let refund = bench.refund("T00001", &payment, "R1", 100);
        bench.fault(Fault::TimeoutAfterSuccess);
        let (created, refunded) =
            tokio::join!(bench.provider.create_order(&order), bench.provider.refund(&refund));
        assert!(!is_away(created) && !is_away(refunded));
        bench.fault(Fault::None);
        bench.world.sandbox.scan(bench.channel, "T00002");
        assert_eq!(bench.state("T00002").await, OrderState::Open);
        assert!(bench.is_code(&bench.provider.create_order(&order).await.done()));
        assert_ne!(bench.provider.query_refund(&refund).await, Ok(RefundState::Absent));
    }

    async fn a_refused_question_is_no_answer_about_what_was_done(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let refund = bench.refund("T00001", &payment, "R1", 4_000);
        bench.fault(Fault::QueryRefused);
        bench.provider.refund(&refund).await.done();
        assert!(matches!(bench.provider.query_refund(&refund).await, Err(Doubt::Undecided(_))));
        assert!(matches!(bench.provider.query_order("T00001").await, Err(Doubt::Undecided(_))));
        assert!(matches!(bench.provider.close_order("T00001").await, Outcome::Unknown(Doubt::Undecided(_))));
        bench.fault(Fault::None);
        bench.advance(SignedDuration::from_secs(1));
        let state = bench.provider.query_refund(&refund).await.done();
        assert!(matches!(state, RefundState::Completed { .. }), "{state:?}");
    }

    async fn what_is_absent_while_the_provider_lags_was_done_all_the_same(bench: Bench) {
        let payment = bench.paid("T00001").await;
        let mut refund = bench.refund("T00001", &payment, "R1", 4_000);
        bench.fault(Fault::QueryLags);
        bench.provider.refund(&refund).await.done();
        assert_eq!(bench.provider.query_refund(&refund).await, Ok(RefundState::Absent));
        assert_eq!(bench.state("T00001").await, OrderState::Absent);
        // Asked for again with another part of the money meanwhile on its way, it is the same refund.
        refund.sent_before = true;
        let repeated = bench.provider.refund(&refund).await.done();
        assert_ne!(repeated, RefundState::Absent);
        bench.fault(Fault::None);
        bench.advance(SignedDuration::from_mins(2));
        let more = bench.refund("T00001", &payment, "R2", 1_001);
        assert!(matches!(bench.provider.refund(&more).await, Outcome::Refused(_)), "40.00 went back once");
    }
}
