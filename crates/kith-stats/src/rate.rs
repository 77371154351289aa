//! The interval of a rate: so many events in so much time (days, thousand readers).

use crate::interval::{Estimate, sound_level};
use crate::{chi_square_quantile, normal_quantile};

/// How the interval of a rate is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateMethod {
    /// Garwood (Biometrika 28, 1936): covers at least the level, for any count.
    Exact,
    /// Count ± z·√count: good enough from about a hundred events.
    Normal,
}

/// Events per unit of exposure with an interval, where the events come independently (Poisson).
///
/// `None` where there was no exposure.
#[must_use]
pub fn poisson_rate(events: u64, exposure: f64, level: f64, method: RateMethod) -> Option<Estimate> {
    let level = sound_level(level)?;
    if !(exposure > 0.0 && exposure.is_finite()) {
        return None;
    }
    let (count, tail) = (events as f64, (1.0 - level) / 2.0);
    let (low, high) = match method {
        RateMethod::Exact => (
            if events == 0 { 0.0 } else { chi_square_quantile(tail, 2.0 * count)? / 2.0 },
            chi_square_quantile(1.0 - tail, 2.0 * count + 2.0)? / 2.0,
        ),
        RateMethod::Normal => {
            let half = normal_quantile(1.0 - tail)? * count.sqrt();
            ((count - half).max(0.0), count + half)
        }
    };
    Some(Estimate { value: count / exposure, low: low / exposure, high: high / exposure, level })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_interval_is_that_of_garwoods_table() {
        for (events, low, high) in [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390), (20, 12.217, 30.888)] {
            let rate = poisson_rate(events, 1.0, 0.95, RateMethod::Exact).unwrap();
            assert!((rate.low - low).abs() < 1e-3 && (rate.high - high).abs() < 1e-3, "{events}: {rate:?}");
        }
    }

    #[test]
    fn a_rate_of_no_time_is_no_number() {
        assert_eq!(poisson_rate(3, 0.0, 0.95, RateMethod::Exact), None);
        assert_eq!(poisson_rate(3, f64::NAN, 0.95, RateMethod::Normal), None);
    }

    proptest! {
        #[test]
        fn twice_the_time_halves_the_rate(events in 0_u64..2_000, exposure in 0.1_f64..1e6) {
            for method in [RateMethod::Exact, RateMethod::Normal] {
                let one = poisson_rate(events, exposure, 0.95, method).unwrap();
                let two = poisson_rate(events, exposure * 2.0, 0.95, method).unwrap();
                prop_assert!(one.low <= one.value && one.value <= one.high);
                prop_assert!((one.high / 2.0 - two.high).abs() <= 1e-9 * one.high.max(1.0));
            }
        }
    }
}
