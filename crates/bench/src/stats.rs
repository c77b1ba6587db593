//! Minimum, median and maximum of a series.

use serde::Serialize;

/// A series of measurements, in the order they were made, and what is said about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Summary {
    pub(crate) min: f64,
    pub(crate) median: f64,
    pub(crate) max: f64,
    pub(crate) all: Vec<f64>,
}

impl Summary {
    /// An empty series is all zeros.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let all: Vec<f64> = values.into_iter().map(round).collect();
        let mut sorted = all.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        let median = match sorted.len() {
            0 => 0.0,
            odd if odd % 2 == 1 => sorted[middle],
            _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
        };
        Summary {
            min: sorted.first().copied().unwrap_or(0.0),
            median: round(median),
            max: sorted.last().copied().unwrap_or(0.0),
            all,
        }
    }
}

/// Three decimals: more would be noise.
pub(crate) fn round(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_two_in_the_middle() {
        let odd = Summary::of([3.0, 1.0, 2.0]);
        assert_eq!((odd.min, odd.median, odd.max), (1.0, 2.0, 3.0));
        assert_eq!(odd.all, [3.0, 1.0, 2.0]);
        assert_eq!(Summary::of([4.0, 1.0, 2.0, 3.0]).median, 2.5);
    }

    #[test]
    fn an_empty_series_is_all_zeros() {
        assert_eq!(Summary::of([]).median, 0.0);
    }
}
