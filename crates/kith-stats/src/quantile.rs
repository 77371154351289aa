//! Quantiles: the normal by formula, the others by halving the interval in which their distribution function crosses.
//!
//! Normal: Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), PPND16, relative error about 1e-16.
//! Halving needs at most some 2,100 steps of a cheap function and cannot miss; these are called a few times an answer.

use crate::special::{beta_cdf, gamma_cdf, t_cdf};

/// The value below which this part of the standard normal distribution lies. `None` unless `0 < part < 1`.
#[must_use]
pub fn normal_quantile(part: f64) -> Option<f64> {
    if !(part > 0.0 && part < 1.0) {
        return None;
    }
    let q = part - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return Some(q * fraction(&CENTRE, r));
    }
    let r = (-(if q < 0.0 { part } else { 1.0 - part }).ln()).sqrt();
    let z = if r <= 5.0 { fraction(&MIDDLE, r - 1.6) } else { fraction(&TAIL, r - 5.0) };
    Some(if q < 0.0 { -z } else { z })
}

type Fraction = ([f64; 8], [f64; 8]);

/// A quotient of two polynomials, constant term first.
fn fraction((above, below): &Fraction, r: f64) -> f64 {
    let polynomial = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * r + term);
    polynomial(above) / polynomial(below)
}

const CENTRE: Fraction = (
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
);
const MIDDLE: Fraction = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);
const TAIL: Fraction = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_7e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

/// The same of Student's t distribution. `None` unless `0 < part < 1` and `degrees > 0`.
#[must_use]
pub fn t_quantile(part: f64, degrees: f64) -> Option<f64> {
    if !(part > 0.0 && part < 1.0 && degrees > 0.0) {
        return None;
    }
    if part == 0.5 {
        return Some(0.0);
    }
    let upper = part.max(1.0 - part);
    let reach = doubled_until(|t| t_cdf(t, degrees) >= upper)?;
    let t = crossing(0.0, reach, |t| t_cdf(t, degrees) >= upper);
    Some(if part < 0.5 { -t } else { t })
}

/// The same of the beta distribution. `None` unless `0 < part < 1` and both shapes are positive.
#[must_use]
pub fn beta_quantile(part: f64, a: f64, b: f64) -> Option<f64> {
    (part > 0.0 && part < 1.0 && a > 0.0 && b > 0.0).then(|| crossing(0.0, 1.0, |x| beta_cdf(a, b, x) >= part))
}

/// The same of the chi-square distribution. `None` unless `0 < part < 1` and `degrees > 0`.
#[must_use]
pub fn chi_square_quantile(part: f64, degrees: f64) -> Option<f64> {
    if !(part > 0.0 && part < 1.0 && degrees > 0.0) {
        return None;
    }
    let above = |x: f64| gamma_cdf(degrees / 2.0, x / 2.0) >= part;
    Some(crossing(0.0, doubled_until(above)?, above))
}

fn doubled_until(above: impl Fn(f64) -> bool) -> Option<f64> {
    (0..1_000).map(|power| 2_f64.powi(power)).find(|x| above(*x))
}

/// The point where `above` turns from false to true, to the last bit.
fn crossing(mut low: f64, mut high: f64, above: impl Fn(f64) -> bool) -> f64 {
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return high;
        }
        if above(middle) { high = middle } else { low = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::normal_cdf;
    use proptest::prelude::*;

    fn near(a: Option<f64>, b: f64, within: f64) {
        assert!(a.is_some_and(|a| (a - b).abs() < within), "{a:?} is not {b}");
    }

    #[test]
    fn quantiles_agree_with_the_tables() {
        // AS 241 gives these two as its check values.
        near(normal_quantile(0.25), -0.674_489_750_196_081_7, 1e-15);
        near(normal_quantile(0.001), -3.090_232_306_167_814, 1e-14);
        near(normal_quantile(1e-20), -9.262_340_089_798_408, 1e-13);
        near(normal_quantile(0.975), 1.959_963_984_540_054, 1e-14);
        // NIST/SEMATECH e-Handbook, tables 1.3.6.7.2 and 1.3.6.7.4.
        near(t_quantile(0.975, 1.0), 12.706, 5e-4);
        near(t_quantile(0.975, 10.0), 2.228, 5e-4);
        near(t_quantile(0.95, 30.0), 1.697, 5e-4);
        near(chi_square_quantile(0.95, 1.0), 3.841, 5e-4);
        near(chi_square_quantile(0.975, 20.0), 34.170, 5e-4);
        // Beta(2, 1): the root of the part.
        near(beta_quantile(0.25, 2.0, 1.0), 0.5, 1e-12);
    }

    #[test]
    fn a_part_outside_0_to_1_has_no_quantile() {
        for part in [0.0, 1.0, -1.0, f64::NAN] {
            assert_eq!(normal_quantile(part), None);
            assert_eq!(t_quantile(part, 3.0), None);
            assert_eq!(beta_quantile(part, 1.0, 1.0), None);
            assert_eq!(chi_square_quantile(part, 1.0), None);
        }
        assert_eq!(t_quantile(0.9, 0.0), None);
    }

    proptest! {
        #[test]
        fn a_quantile_turns_its_distribution_round(part in 0.001_f64..0.999, degrees in 0.5_f64..500.0) {
            prop_assert!((normal_cdf(normal_quantile(part).unwrap()) - part).abs() < 1e-12);
            prop_assert!((t_cdf(t_quantile(part, degrees).unwrap(), degrees) - part).abs() < 1e-9);
            let x = chi_square_quantile(part, degrees).unwrap();
            prop_assert!((gamma_cdf(degrees / 2.0, x / 2.0) - part).abs() < 1e-9);
        }
    }
}
