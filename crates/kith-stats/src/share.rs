//! The interval of a share: so many of so many.

use crate::interval::{Estimate, sound_level};
use crate::normal_quantile;

/// Wilson's score interval (Wilson, JASA 22, 1927), which keeps its promise for small counts and near 0 and 1, where the textbook
/// interval does not (Brown, Cai, DasGupta, Statistical Science 16, 2001).
///
/// `None` where nobody was asked, or where there are more hits than trials.
///
/// ```
/// let share = kith_stats::wilson(0, 20, 0.95).unwrap();
/// assert_eq!(share.low, 0.0);
/// assert!((share.high - 0.1611).abs() < 1e-4);
/// ```
#[must_use]
pub fn wilson(hits: u64, trials: u64, level: f64) -> Option<Estimate> {
    let z = normal_quantile(0.5 + sound_level(level)? / 2.0)?;
    if trials == 0 || hits > trials {
        return None;
    }
    let n = trials as f64;
    let share = hits as f64 / n;
    let spread = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / spread;
    let half = z / spread * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let low = if hits == 0 { 0.0 } else { (centre - half).clamp(0.0, share) };
    let high = if hits == trials { 1.0 } else { (centre + half).clamp(share, 1.0) };
    Some(Estimate { value: share, low, high, level })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_interval_is_that_of_newcombe() {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        for (hits, trials, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let share = wilson(hits, trials, 0.95).unwrap();
            assert!((share.low - low).abs() < 6e-5 && (share.high - high).abs() < 6e-5, "{hits}/{trials}: {share:?}");
        }
    }

    #[test]
    fn a_share_of_nobody_is_no_number() {
        assert_eq!(wilson(0, 0, 0.95), None);
        assert_eq!(wilson(3, 2, 0.95), None);
        assert_eq!(wilson(1, 2, 1.0), None);
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_share_and_mirrors(trials in 1_u64..1_000_000, part in 0.0_f64..=1.0, level in 0.5_f64..0.999) {
            let hits = (trials as f64 * part) as u64;
            let one = wilson(hits, trials, level).unwrap();
            let other = wilson(trials - hits, trials, level).unwrap();
            prop_assert!(0.0 <= one.low && one.low <= one.value && one.value <= one.high && one.high <= 1.0);
            prop_assert!((one.low - (1.0 - other.high)).abs() < 1e-9);
        }

        #[test]
        fn more_people_asked_make_it_narrower(hits in 0_u64..50, trials in 50_u64..100) {
            let (few, many) = (wilson(hits, trials, 0.95).unwrap(), wilson(hits * 10, trials * 10, 0.95).unwrap());
            prop_assert!(many.high - many.low < few.high - few.low);
        }
    }
}
