//! The difference of two means whose spreads need not be equal.

use crate::interval::{Estimate, sound_level};
use crate::t_quantile;

/// What is needed of a sample: how many, their mean, and their variance (divided by n - 1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    pub n: u64,
    pub mean: f64,
    pub variance: f64,
}

impl Sample {
    /// The sample of some values; `None` where there are none. The variance of one value is 0, and [`welch`] refuses it.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let n = values.len() as f64;
        let mean = (n > 0.0).then(|| values.iter().sum::<f64>() / n)?;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Some(Self { n: values.len() as u64, mean, variance: if n > 1.0 { squares / (n - 1.0) } else { 0.0 } })
    }

    /// The mean with Student's interval. `None` for fewer than two values.
    #[must_use]
    pub fn mean_interval(&self, level: f64) -> Option<Estimate> {
        let level = sound_level(level)?;
        if self.n < 2 {
            return None;
        }
        let half = t_quantile(0.5 + level / 2.0, (self.n - 1) as f64)? * (self.variance / self.n as f64).sqrt();
        Some(Estimate { value: self.mean, low: self.mean - half, high: self.mean + half, level })
    }
}

/// A difference of means with its degrees of freedom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    pub estimate: Estimate,
    pub degrees: f64,
}

/// `one` minus `other` with Welch's interval (Welch, Biometrika 34, 1947; degrees after Satterthwaite, 1946).
///
/// `None` where either has fewer than two values. Two samples without any spread give an interval of width 0.
#[must_use]
pub fn welch(one: &Sample, other: &Sample, level: f64) -> Option<Difference> {
    let level = sound_level(level)?;
    if one.n < 2 || other.n < 2 {
        return None;
    }
    let (a, b) = (one.variance / one.n as f64, other.variance / other.n as f64);
    let value = one.mean - other.mean;
    if a + b <= 0.0 {
        let estimate = Estimate { value, low: value, high: value, level };
        return Some(Difference { estimate, degrees: (one.n + other.n - 2) as f64 });
    }
    let degrees = (a + b).powi(2) / (a * a / (one.n - 1) as f64 + b * b / (other.n - 1) as f64);
    let half = t_quantile(0.5 + level / 2.0, degrees)? * (a + b).sqrt();
    Some(Difference { estimate: Estimate { value, low: value - half, high: value + half, level }, degrees })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_interval_is_that_of_students_sleep_data() {
        // Student (Biometrika 6, 1908); R's manual of t.test prints for `extra ~ group`: df = 17.776, [-3.3654832, 0.2054832].
        let one = Sample::of(&[0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]).unwrap();
        let two = Sample::of(&[1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]).unwrap();
        let difference = welch(&one, &two, 0.95).unwrap();
        assert!((difference.degrees - 17.776).abs() < 5e-4);
        assert!((difference.estimate.low + 3.365_483_2).abs() < 1e-6, "{difference:?}");
        assert!((difference.estimate.high - 0.205_483_2).abs() < 1e-6);
    }

    #[test]
    fn one_value_has_no_spread_to_compare() {
        let (one, two) = (Sample::of(&[1.0]).unwrap(), Sample::of(&[1.0, 2.0]).unwrap());
        assert_eq!(welch(&one, &two, 0.95), None);
        assert_eq!(Sample::of(&[]), None);
        assert_eq!(one.mean_interval(0.95), None);
    }

    #[test]
    fn samples_without_spread_differ_exactly() {
        let (one, two) = (Sample::of(&[5.0, 5.0]).unwrap(), Sample::of(&[3.0, 3.0, 3.0]).unwrap());
        let estimate = welch(&one, &two, 0.95).unwrap().estimate;
        assert_eq!((estimate.low, estimate.value, estimate.high), (2.0, 2.0, 2.0));
    }

    proptest! {
        #[test]
        fn turned_round_it_is_the_same_with_the_other_sign(
            a in proptest::collection::vec(-100.0_f64..100.0, 2..30),
            b in proptest::collection::vec(-100.0_f64..100.0, 2..30),
        ) {
            let (a, b) = (Sample::of(&a).unwrap(), Sample::of(&b).unwrap());
            let (one, other) = (welch(&a, &b, 0.9).unwrap().estimate, welch(&b, &a, 0.9).unwrap().estimate);
            prop_assert!(one.low <= one.value && one.value <= one.high);
            prop_assert!((one.low + other.high).abs() < 1e-9);
        }
    }
}
