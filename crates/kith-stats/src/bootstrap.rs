//! Percentile intervals by resampling (Efron, Annals of Statistics 7, 1979), for means and ratios whose spread has no simple form.

use crate::interval::{Estimate, sound_level};
use crate::random::SplitMix64;

/// How often and from which seed to draw: the same give the same interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resampling {
    pub rounds: u32,
    pub seed: u64,
}

impl Default for Resampling {
    fn default() -> Self {
        Self { rounds: 2_000, seed: 1 }
    }
}

/// The mean of the values with the percentile interval. `None` for fewer than two values or fewer than 100 rounds, which leave the
/// ends of the interval to chance.
#[must_use]
pub fn bootstrap_mean(values: &[f64], level: f64, how: Resampling) -> Option<Estimate> {
    let mean = |draw: &mut dyn FnMut() -> usize| {
        let sum: f64 = (0..values.len()).map(|_| values[draw()]).sum();
        Some(sum / values.len() as f64)
    };
    let value = values.iter().sum::<f64>() / values.len() as f64;
    percentile(value, values.len(), level, how, mean)
}

/// The sum of the first over the sum of the second (revenue over cost, engagement over reads), drawn in pairs. `None` where the
/// second sum is not positive, or as for [`bootstrap_mean`]. Rounds that draw nothing below the line are left out.
#[must_use]
pub fn bootstrap_ratio(pairs: &[(f64, f64)], level: f64, how: Resampling) -> Option<Estimate> {
    let ratio = |(above, below): (f64, f64)| (below > 0.0).then(|| above / below);
    let add = |sum: (f64, f64), pair: (f64, f64)| (sum.0 + pair.0, sum.1 + pair.1);
    let value = ratio(pairs.iter().copied().fold((0.0, 0.0), add))?;
    percentile(value, pairs.len(), level, how, |draw| ratio((0..pairs.len()).map(|_| pairs[draw()]).fold((0.0, 0.0), add)))
}

fn percentile(
    value: f64,
    count: usize,
    level: f64,
    how: Resampling,
    statistic: impl Fn(&mut dyn FnMut() -> usize) -> Option<f64>,
) -> Option<Estimate> {
    let level = sound_level(level)?;
    if count < 2 || how.rounds < 100 {
        return None;
    }
    let mut random = SplitMix64::new(how.seed);
    let mut drawn: Vec<f64> =
        (0..how.rounds).filter_map(|_| statistic(&mut || random.below(count))).filter(|x| x.is_finite()).collect();
    if drawn.is_empty() || !value.is_finite() {
        return None;
    }
    drawn.sort_by(f64::total_cmp);
    let at = |part: f64| drawn[((drawn.len() - 1) as f64 * part).round() as usize];
    Some(Estimate { value, low: at((1.0 - level) / 2.0), high: at(0.5 + level / 2.0), level })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Sample, ratio_of_sums};

    #[test]
    fn for_a_large_sample_it_agrees_with_students_interval() {
        let mut random = SplitMix64::new(3);
        let values: Vec<f64> = (0..2_000).map(|_| random.below(1_000) as f64).collect();
        let drawn = bootstrap_mean(&values, 0.95, Resampling::default()).unwrap();
        let student = Sample::of(&values).unwrap().mean_interval(0.95).unwrap();
        assert!((drawn.low - student.low).abs() < 2.0 && (drawn.high - student.high).abs() < 2.0, "{drawn:?} {student:?}");
    }

    #[test]
    fn for_a_ratio_it_agrees_with_the_delta_method() {
        let mut random = SplitMix64::new(5);
        let pairs: Vec<(f64, f64)> = (0..1_500).map(|_| (random.below(10) as f64, 5.0 + random.below(20) as f64)).collect();
        let drawn = bootstrap_ratio(&pairs, 0.95, Resampling::default()).unwrap();
        let delta = ratio_of_sums(&pairs, 0.95).unwrap();
        assert!((drawn.low - delta.low).abs() < 2e-3 && (drawn.high - delta.high).abs() < 2e-3, "{drawn:?} {delta:?}");
    }

    #[test]
    fn one_seed_gives_one_interval() {
        let values = [1.0, 5.0, 2.0, 8.0];
        let how = Resampling { rounds: 500, seed: 42 };
        assert_eq!(bootstrap_mean(&values, 0.9, how), bootstrap_mean(&values, 0.9, how));
    }

    #[test]
    fn too_little_gives_no_interval() {
        assert_eq!(bootstrap_mean(&[], 0.95, Resampling::default()), None);
        assert_eq!(bootstrap_mean(&[1.0], 0.95, Resampling::default()), None);
        assert_eq!(bootstrap_ratio(&[(1.0, 0.0), (2.0, 0.0)], 0.95, Resampling::default()), None);
    }
}
