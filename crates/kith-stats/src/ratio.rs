//! A ratio of two sums over the same units (output over input, clicks over reads per day) by the delta method.

use crate::interval::{Estimate, sound_level};
use crate::t_quantile;

/// Sum of the first over sum of the second, with the interval of the linearised ratio: variance n/(n-1)·Σ(y - r·x)² / (Σx)²
/// (Cochran, Sampling Techniques, 3rd edition, 1977, section 6.4, without the correction for a finite population), Student's t.
///
/// `None` for fewer than two units or where the second sum is not positive.
#[must_use]
pub fn ratio_of_sums(pairs: &[(f64, f64)], level: f64) -> Option<Estimate> {
    let level = sound_level(level)?;
    let (above, below) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    if pairs.len() < 2 || below <= 0.0 || !above.is_finite() || !below.is_finite() {
        return None;
    }
    let (n, ratio) = (pairs.len() as f64, above / below);
    let squares: f64 = pairs.iter().map(|(y, x)| (y - ratio * x).powi(2)).sum();
    let half = t_quantile(0.5 + level / 2.0, n - 1.0)? * (n / (n - 1.0) * squares).sqrt() / below;
    Some(Estimate { value: ratio, low: ratio - half, high: ratio + half, level })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sample;
    use proptest::prelude::*;

    #[test]
    fn a_constant_ratio_has_no_spread() {
        let ratio = ratio_of_sums(&[(1.0, 2.0), (2.0, 4.0), (5.0, 10.0)], 0.95).unwrap();
        assert_eq!((ratio.low, ratio.value, ratio.high), (0.5, 0.5, 0.5));
    }

    #[test]
    fn a_ratio_to_nothing_is_no_number() {
        assert_eq!(ratio_of_sums(&[(1.0, 0.0), (2.0, 0.0)], 0.95), None);
        assert_eq!(ratio_of_sums(&[(1.0, 1.0)], 0.95), None);
    }

    proptest! {
        /// Where every unit has the same size, the ratio is a mean, and its interval is Student's.
        #[test]
        fn with_equal_units_it_is_the_interval_of_a_mean(values in proptest::collection::vec(0.0_f64..100.0, 2..40)) {
            let pairs: Vec<(f64, f64)> = values.iter().map(|value| (*value, 1.0)).collect();
            let (ratio, mean) = (ratio_of_sums(&pairs, 0.95).unwrap(), Sample::of(&values).unwrap().mean_interval(0.95).unwrap());
            prop_assert!((ratio.low - mean.low).abs() < 1e-7 && (ratio.high - mean.high).abs() < 1e-7);
        }
    }
}
