//! The mathematics behind figures, on plain slices and numbers: intervals, shrinkage, survival.
//!
//! Everything here is pure. A function that cannot answer (no readers, one order, a level of 0) returns `None` and never NaN,
//! infinity or a made-up zero. Each names its source, and its tests compare with values published or computed elsewhere.

mod bootstrap;
mod difference;
mod interval;
mod quantile;
mod random;
mod rate;
mod ratio;
mod share;
mod shrinkage;
mod special;
mod survival;

pub use bootstrap::{Resampling, bootstrap_mean, bootstrap_ratio};
pub use difference::{Difference, Sample, welch};
pub use interval::Estimate;
pub use quantile::{beta_quantile, chi_square_quantile, normal_quantile, t_quantile};
pub use random::SplitMix64;
pub use rate::{RateMethod, poisson_rate};
pub use ratio::ratio_of_sums;
pub use share::wilson;
pub use shrinkage::{BetaPrior, Trial};
pub use special::{beta_cdf, gamma_cdf, ln_gamma, normal_cdf, t_cdf};
pub use survival::{Follow, SurvivalStep, kaplan_meier};
