//! An estimate with its interval: what every function of this crate that estimates gives back.

use serde::{Deserialize, Serialize};

/// A value, the interval around it, and the probability with which the method covers the truth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// For instance 0.95.
    pub level: f64,
}

/// A level must lie strictly between 0 and 1: a certain interval is the whole line, and an impossible one is nothing.
pub(crate) fn sound_level(level: f64) -> Option<f64> {
    (level > 0.0 && level < 1.0).then_some(level)
}
