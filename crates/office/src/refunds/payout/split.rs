//! Which top-ups a refund goes back to: pure, newest first, within the channels' rules.

use base::clock::UtcTime;
use base::ids::OrderId;
use jiff::SignedDuration;
use money::Fen;

use crate::payments::providers::PaymentMethod;

/// Money can go back to a payment for 365 days at WeChat Pay, and as a rule for twelve months at Alipay. An hour less, so
/// that the channel's clock may differ and the first attempt may fail.
const REFUNDABLE_FOR: SignedDuration = SignedDuration::from_hours(365 * 24 - 1);
/// `WeChat` Pay makes at most 50 refunds of one payment. Alipay names no limit.
const MOST_WECHAT_PARTS: i64 = 50;

/// A paid top-up, and what went back to it.
#[derive(Clone, Debug)]
pub(super) struct TopUp {
    pub(super) order_id: OrderId,
    pub(super) method: PaymentMethod,
    pub(super) amount: Fen,
    /// Went back, or is on its way.
    pub(super) returned: Fen,
    /// How many refunds its channel has been asked for.
    pub(super) parts: i64,
    pub(super) paid_at: UtcTime,
}

/// A part of a refund that goes back to one top-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChannelPart {
    pub(super) order_id: OrderId,
    pub(super) method: PaymentMethod,
    pub(super) amount: Fen,
}

/// The parts of a refund, and what is left to be paid by hand. `top_ups` are newest first.
pub(super) fn split(amount: Fen, top_ups: &[TopUp], now: UtcTime) -> (Vec<ChannelPart>, Fen) {
    let mut rest = amount;
    let mut parts = Vec::new();
    for top_up in top_ups.iter().filter(|top_up| top_up.is_refundable(now)) {
        let part = rest.min(top_up.remaining());
        if part.is_zero() {
            continue;
        }
        parts.push(ChannelPart { order_id: top_up.order_id, method: top_up.method, amount: part });
        rest = rest.checked_sub(part).unwrap_or_default();
    }
    (parts, rest)
}

impl TopUp {
    fn remaining(&self) -> Fen {
        self.amount.checked_sub(self.returned).unwrap_or_default().max(Fen::ZERO)
    }

    fn is_refundable(&self, now: UtcTime) -> bool {
        let has_parts_left = self.method != PaymentMethod::Wechat || self.parts < MOST_WECHAT_PARTS;
        has_parts_left && now < self.paid_at.plus(REFUNDABLE_FOR)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 86_400_000;

    fn at(millis: i64) -> UtcTime {
        UtcTime::from_millis(millis).unwrap()
    }

    fn order(number: u64) -> OrderId {
        OrderId::from_uuid(uuid::Uuid::from_u64_pair(0, number))
    }

    fn top_up(number: u64, method: PaymentMethod, amount: i64) -> TopUp {
        let (amount, returned) = (Fen::new(amount), Fen::ZERO);
        TopUp { order_id: order(number), method, amount, returned, parts: 0, paid_at: at(0) }
    }

    fn parts(amount: i64, top_ups: &[TopUp], now: UtcTime) -> (Vec<(OrderId, i64)>, i64) {
        let (parts, rest) = split(Fen::new(amount), top_ups, now);
        (parts.iter().map(|part| (part.order_id, part.amount.get())).collect(), rest.get())
    }

    use PaymentMethod::{Alipay, Wechat};

    #[test]
    fn the_newest_top_up_gives_first_and_the_last_one_in_part() {
        let top_ups = [top_up(3, Wechat, 500), top_up(2, Alipay, 300), top_up(1, Wechat, 900)];
        assert_eq!(parts(400, &top_ups, at(DAY)), (vec![(order(3), 400)], 0));
        assert_eq!(
            parts(900, &top_ups, at(DAY)),
            (vec![(order(3), 500), (order(2), 300), (order(1), 100)], 0)
        );
    }

    #[test]
    fn what_has_no_top_up_is_paid_by_hand() {
        assert_eq!(parts(700, &[], at(DAY)), (vec![], 700));
        assert_eq!(parts(700, &[top_up(1, Alipay, 500)], at(DAY)), (vec![(order(1), 500)], 200));
    }

    #[test]
    fn what_went_back_does_not_go_back_again() {
        let mut half = top_up(1, Wechat, 500);
        half.returned = Fen::new(400);
        assert_eq!(parts(500, &[half.clone()], at(DAY)), (vec![(order(1), 100)], 400));
        half.returned = Fen::new(500);
        assert_eq!(parts(500, &[half], at(DAY)), (vec![], 500));
    }

    #[test]
    fn channels_take_nothing_back_after_a_year() {
        let hour = 3_600_000;
        let top_ups = [top_up(1, Alipay, 500)];
        assert_eq!(parts(500, &top_ups, at(365 * DAY - hour - 1)), (vec![(order(1), 500)], 0));
        assert_eq!(parts(500, &top_ups, at(365 * DAY - hour)), (vec![], 500));
    }

    #[test]
    fn wechat_makes_fifty_parts_and_alipay_more() {
        for (method, count, is_taken) in [(Wechat, 49, true), (Wechat, 50, false), (Alipay, 50, true)] {
            let mut worn = top_up(1, method, 500);
            worn.parts = count;
            let expected = if is_taken { (vec![(order(1), 500)], 0) } else { (vec![], 500) };
            assert_eq!(parts(500, &[worn], at(DAY)), expected, "{method:?} {count}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_top_up_gives_more_than_it_has(
            amount in 1i64..5_000,
            found in prop::collection::vec((1i64..1_000, 0i64..1_000, 0i64..60, 0i64..800, any::<bool>()), 0..12),
        ) {
            let top_ups: Vec<TopUp> = (1u64..)
                .zip(found)
                .map(|(number, (paid, returned, parts, age_days, is_wechat))| {
                    let method = if is_wechat { Wechat } else { Alipay };
                    let mut made = top_up(number, method, paid);
                    made.returned = Fen::new(returned.min(paid));
                    made.parts = parts;
                    made.paid_at = at((800 - age_days) * DAY);
                    made
                })
                .collect();
            let (parts, rest) = split(Fen::new(amount), &top_ups, at(800 * DAY));
            let sum: i64 = parts.iter().map(|part| part.amount.get()).sum();
            prop_assert_eq!(sum + rest.get(), amount);
            for part in &parts {
                let source = top_ups.iter().find(|top_up| top_up.order_id == part.order_id).unwrap();
                prop_assert!(part.amount > Fen::ZERO && part.amount <= source.remaining());
                prop_assert!(source.is_refundable(at(800 * DAY)));
            }
            // By hand only when every top-up that may give has given all.
            if !rest.is_zero() {
                let all: i64 = top_ups.iter().filter(|t| t.is_refundable(at(800 * DAY))).map(|t| t.remaining().get()).sum();
                prop_assert_eq!(sum, all);
            }
        }
    }
}
