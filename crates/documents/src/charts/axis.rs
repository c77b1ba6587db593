//! The scale of a chart: whole steps that cover zero and every value.

const MOST_STEPS: i128 = 5;

/// From `low` to `high` in whole steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Axis {
    pub(super) low: i128,
    pub(super) high: i128,
    step: i128,
}

impl Axis {
    /// Steps of 1, 2 or 5 times a power of ten: the smallest of which few cover all values.
    pub(super) fn covering(values: impl Iterator<Item = i64>) -> Self {
        let (mut low, mut high) = (0, 0);
        for value in values.map(i128::from) {
            (low, high) = (low.min(value), high.max(value));
        }
        let mut steps = (0..).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_i128.pow(power)));
        let covers = |step: &i128| ceil(high, *step) - floor(low, *step) <= MOST_STEPS;
        // Some step does: values have 64 bits, steps 128.
        let step = steps.find(covers).unwrap_or(1);
        let (low, high) = (floor(low, step) * step, ceil(high, step).max(1) * step);
        Axis { low, high, step }
    }

    pub(super) fn ticks(self) -> impl Iterator<Item = i64> {
        let count = (self.high - self.low) / self.step;
        (0..=count).filter_map(move |index| i64::try_from(self.low + index * self.step).ok())
    }

    /// How far above the lower end a value is, as a share of the whole.
    pub(super) fn share(self, value: i64) -> f32 {
        (i128::from(value) - self.low) as f32 / (self.high - self.low) as f32
    }
}

fn floor(value: i128, step: i128) -> i128 {
    value.div_euclid(step)
}

fn ceil(value: i128, step: i128) -> i128 {
    -(-value).div_euclid(step)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ticks(values: &[i64]) -> Vec<i64> {
        Axis::covering(values.iter().copied()).ticks().collect()
    }

    #[test]
    fn steps_are_round() {
        assert_eq!(ticks(&[3, 7]), [0, 2, 4, 6, 8]);
        assert_eq!(ticks(&[1_234]), [0, 500, 1_000, 1_500]);
        assert_eq!(ticks(&[100]), [0, 20, 40, 60, 80, 100]);
        assert_eq!(ticks(&[-30, 50]), [-40, -20, 0, 20, 40, 60]);
        assert_eq!(ticks(&[-7]), [-8, -6, -4, -2, 0, 2]);
        assert_eq!(ticks(&[]), [0, 1]);
    }

    proptest! {
        #[test]
        fn every_value_lies_on_the_axis(values in proptest::collection::vec(any::<i64>(), 0..20)) {
            let axis = Axis::covering(values.iter().copied());
            prop_assert!(axis.ticks().count() <= 8);
            for value in values {
                prop_assert!((0.0..=1.0).contains(&axis.share(value)), "{value} {axis:?}");
            }
        }
    }
}
