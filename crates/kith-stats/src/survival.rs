//! How long it takes until something happens, where for some it has not happened yet.

use crate::interval::{Estimate, sound_level};
use crate::normal_quantile;

/// One contact followed: for how long, and did it happen at the end (`true`), or do we only know that it had not (`false`)?
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Follow {
    pub time: f64,
    pub happened: bool,
}

/// The curve after an instant at which it happened to somebody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivalStep {
    pub time: f64,
    /// How many were still followed just before.
    pub at_risk: u64,
    pub events: u64,
    /// The part to whom it has not happened until now, with its interval.
    pub survival: Estimate,
}

/// Kaplan and Meier's curve (JASA 53, 1958) with Greenwood's variance (1926), on the log(-log) scale so that the interval stays
/// within 0 and 1 (Kalbfleisch and Prentice, 1980). Times that are negative or not finite are left out. One step an event time.
#[must_use]
pub fn kaplan_meier(follows: &[Follow], level: f64) -> Vec<SurvivalStep> {
    let Some(z) = sound_level(level).and_then(|level| normal_quantile(0.5 + level / 2.0)) else { return Vec::new() };
    let mut follows: Vec<Follow> =
        follows.iter().copied().filter(|follow| follow.time >= 0.0 && follow.time.is_finite()).collect();
    follows.sort_by(|a, b| a.time.total_cmp(&b.time));
    let (mut value, mut greenwood, mut steps) = (1.0_f64, 0.0_f64, Vec::new());
    let mut rest = follows.as_slice();
    while let Some(first) = rest.first() {
        let together = rest.iter().take_while(|follow| follow.time == first.time).count();
        let events = rest[..together].iter().filter(|follow| follow.happened).count();
        if events > 0 {
            let (at_risk, died) = (rest.len() as f64, events as f64);
            value *= 1.0 - died / at_risk;
            greenwood += died / (at_risk * (at_risk - died));
            let (low, high) = log_log(value, greenwood, z);
            let survival = Estimate { value, low, high, level };
            steps.push(SurvivalStep { time: first.time, at_risk: rest.len() as u64, events: events as u64, survival });
        }
        rest = &rest[together..];
    }
    steps
}

fn log_log(value: f64, greenwood: f64, z: f64) -> (f64, f64) {
    if value <= 0.0 || value >= 1.0 || !greenwood.is_finite() {
        return (value.clamp(0.0, 1.0), value.clamp(0.0, 1.0));
    }
    let half = z * greenwood.sqrt() / value.ln().abs();
    (value.powf(half.exp()), value.powf((-half).exp()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn follow(time: f64, happened: bool) -> Follow {
        Follow { time, happened }
    }

    #[test]
    fn the_curve_is_that_of_the_leukaemia_trial() {
        // Freireich et al. (Blood 21, 1963), 6-MP arm, as in Cox and Oakes (1984): S(6) = 0.857, S(10) = 0.753, S(23) = 0.448.
        let events = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0].map(|time| follow(time, true));
        let open = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0].map(|time| follow(time, false));
        let steps = kaplan_meier(&[&events[..], &open[..]].concat(), 0.95);
        let values: Vec<f64> = steps.iter().map(|step| (step.survival.value * 1_000.0).round() / 1_000.0).collect();
        assert_eq!(values, [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]);
        // R's survfit(..., conf.type = "log-log") prints 0.620 and 0.952 at 6 weeks.
        assert!((steps[0].survival.low - 0.620).abs() < 1e-3 && (steps[0].survival.high - 0.952).abs() < 1e-3, "{:?}", steps[0]);
    }

    #[test]
    fn nobody_followed_gives_no_curve() {
        assert!(kaplan_meier(&[], 0.95).is_empty());
        assert!(kaplan_meier(&[follow(3.0, false)], 0.95).is_empty());
        assert!(kaplan_meier(&[follow(f64::NAN, true)], 0.95).is_empty());
    }

    proptest! {
        #[test]
        fn the_curve_only_falls_and_without_censoring_is_the_part_left(times in proptest::collection::vec(0_u32..50, 1..60)) {
            let follows: Vec<Follow> = times.iter().map(|time| follow(f64::from(*time), true)).collect();
            let mut before = 1.0;
            for step in kaplan_meier(&follows, 0.95) {
                let left = times.iter().filter(|time| f64::from(**time) > step.time).count() as f64 / times.len() as f64;
                prop_assert!((step.survival.value - left).abs() < 1e-9);
                prop_assert!(step.survival.value <= before && step.survival.low <= step.survival.value && step.survival.value <= step.survival.high);
                before = step.survival.value;
            }
        }
    }
}
