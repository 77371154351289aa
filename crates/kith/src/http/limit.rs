//! How many requests one person, token or address may make.

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kith_desk::ServerConfig;

use super::problem::{Code, Fault};

pub struct Limits {
    all: DefaultKeyedRateLimiter<String>,
    clock: DefaultClock,
}

impl Limits {
    pub fn new(config: &ServerConfig) -> Self {
        let at_least_one = |count: u32| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(config.requests_per_second))
            .allow_burst(at_least_one(config.requests_at_once.max(config.requests_per_second)));
        Self { all: RateLimiter::keyed(quota), clock: DefaultClock::default() }
    }

    /// Counts one request of `who`.
    pub fn count(&self, who: &str) -> Result<(), Fault> {
        self.all.check_key(&who.to_owned()).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Fault::new(Code::TooMany).wait(Some(wait.as_secs() + 1))
        })
    }

    /// Forgets those who have not asked for long.
    pub fn forget(&self) {
        self.all.retain_recent();
        self.all.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_often_waits_and_nobody_else_does() {
        let config = ServerConfig { requests_per_second: 1, requests_at_once: 3, ..ServerConfig::default() };
        let limits = Limits::new(&config);
        for _ in 0..3 {
            limits.count("mei").unwrap();
        }
        let fault = limits.count("mei").unwrap_err();
        assert_eq!((fault.code, fault.wait_s.is_some_and(|wait| wait >= 1)), (Code::TooMany, true));
        limits.count("li").unwrap();
    }
}
