//! When an operator is told that its balance is low (FR-013): once per dip, and not again until it has recovered.

use money::Fen;

/// What a charge means for the low-balance message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Whether the operator has now been told of this dip.
    pub is_alerted: bool,
    /// Whether the message is to be sent with this charge.
    pub is_due: bool,
}

/// Decides at a charge, under the account's lock. `was_alerted` stands in the locked row. A balance that has reached
/// the threshold since ends the dip, whatever raised it: a top-up, a correction, or a lower threshold.
#[must_use]
pub fn after_charge(was_alerted: bool, before: Fen, after: Fen, threshold: Fen) -> Alert {
    let was_alerted = was_alerted && before < threshold;
    let is_low = after < threshold;
    Alert { is_alerted: was_alerted || is_low, is_due: is_low && !was_alerted }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decide(was_alerted: bool, before: i64, after: i64, threshold: i64) -> (bool, bool) {
        let alert = after_charge(was_alerted, Fen::new(before), Fen::new(after), Fen::new(threshold));
        (alert.is_alerted, alert.is_due)
    }

    #[test]
    fn each_dip_is_told_once() {
        for (was_alerted, before, after, threshold, expected) in [
            // Above the threshold, or at it.
            (false, 200, 150, 100, (false, false)),
            (false, 200, 100, 100, (false, false)),
            // Falls under it.
            (false, 200, 99, 100, (true, true)),
            (false, 100, 0, 100, (true, true)),
            // Was under it and nobody had said so: a first top-up that is small, a higher threshold.
            (false, 99, 50, 100, (true, true)),
            // Told already.
            (true, 99, 50, 100, (true, false)),
            (true, 1, 0, 100, (true, false)),
            // Recovered: to the threshold is enough, just below it is not.
            (true, 100, 99, 100, (true, true)),
            (true, 200, 150, 100, (false, false)),
            (true, 99, 98, 100, (true, false)),
            // A threshold of nothing switches the message off.
            (false, 10, 0, 0, (false, false)),
        ] {
            assert_eq!(decide(was_alerted, before, after, threshold), expected, "{before} to {after}");
        }
    }

    proptest! {
        /// The naive model looks back over all charges: one is told when it leaves a low balance, and since the last
        /// one that was told some charge has begun with a balance that was not low.
        #[test]
        fn a_walk_is_told_as_the_naive_model_says(
            steps in prop::collection::vec((any::<bool>(), 1_i64..60, 0_i64..80), 1..80),
        ) {
            let (mut balance, mut is_alerted) = (0_i64, false);
            let mut charges: Vec<(i64, bool)> = Vec::new();
            let mut last_threshold = None;
            for (is_charge, amount, threshold) in steps {
                // The threshold changes now and then, not with every step.
                let threshold = if amount % 7 == 0 { threshold } else { last_threshold.unwrap_or(threshold) };
                last_threshold = Some(threshold);
                if !is_charge {
                    balance += amount;
                    continue;
                }
                if balance < amount {
                    continue;
                }
                let (before, after) = (balance, balance - amount);
                let alert = after_charge(is_alerted, Fen::new(before), Fen::new(after), Fen::new(threshold));
                charges.push((before - threshold, alert.is_due));
                let since = charges[..charges.len() - 1].iter().rposition(|(_, told)| *told);
                let has_recovered =
                    since.is_none_or(|told| charges[told + 1..].iter().any(|(above, _)| *above >= 0));
                prop_assert_eq!(alert.is_due, after < threshold && has_recovered);
                (balance, is_alerted) = (after, alert.is_alerted);
            }
        }
    }
}
