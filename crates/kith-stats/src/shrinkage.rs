//! Rates of many posts, each drawn towards what is usual: a post with 3 readers and 3 likes does not win.
//!
//! Beta-binomial empirical Bayes: the rates of all posts are taken for draws of one beta distribution, which is fitted to them;
//! each post's rate is then the mean of its posterior (Robbins 1956; the fit by marginal likelihood after Griffiths, Biometrics
//! 29, 1973, started from moments after Kleinman, JASA 68, 1973).

use serde::{Deserialize, Serialize};

use crate::interval::{Estimate, sound_level};
use crate::{beta_quantile, ln_gamma};

/// One post: so many answered of so many who saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    pub hits: u64,
    pub trials: u64,
}

/// What is usual: a beta distribution, as good as `hits` among `hits + misses` readers seen before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BetaPrior {
    pub hits: f64,
    pub misses: f64,
}

/// Beyond so many readers' worth a prior says "all posts are alike" and more changes nothing that a person could see.
const STRONGEST: f64 = 1e6;
const WEAKEST: f64 = 1e-2;

impl BetaPrior {
    /// Fits the prior. `None` where no post has readers. Hits above trials are cut to the trials (a platform may count the likes of
    /// people whose reading it did not count).
    ///
    /// Posts with less than a tenth of the average number of readers are judged by the prior but do not make it: one post with three
    /// readers and three likes would make wild rates look usual.
    /// One post, or none that answered, leaves the spread unknown: then the prior weighs as much as one reader
    /// around the common rate (after Jeffreys' half and half).
    #[must_use]
    pub fn fit(posts: &[Trial]) -> Option<Self> {
        let posts: Vec<Trial> =
            posts.iter().filter(|post| post.trials > 0).map(|post| Trial { hits: post.hits.min(post.trials), ..*post }).collect();
        let readers: u64 = posts.iter().map(|post| post.trials).sum();
        let few = readers as f64 / posts.len().max(1) as f64 / 10.0;
        let posts: Vec<Trial> = posts.into_iter().filter(|post| post.trials as f64 >= few).collect();
        let (hits, trials) = posts.iter().fold((0.0, 0.0), |sum, post| (sum.0 + post.hits as f64, sum.1 + post.trials as f64));
        if posts.is_empty() {
            return None;
        }
        if posts.len() < 2 || hits == 0.0 || hits == trials {
            let mean = (hits + 0.5) / (trials + 1.0);
            return Some(Self { hits: mean, misses: 1.0 - mean });
        }
        let mut mean = hits / trials;
        let mut weight = moments(&posts, mean);
        // Coordinate ascent: each of the two is a smooth curve with one top, and three rounds change the sixth digit only.
        for _ in 0..6 {
            let ln_weight = top(WEAKEST.ln(), STRONGEST.ln(), |w| likelihood(&posts, mean, w.exp()));
            weight = if likelihood(&posts, mean, ln_weight.exp()) >= likelihood(&posts, mean, weight) {
                ln_weight.exp()
            } else {
                weight
            };
            let logit = top(-14.0, 14.0, |l| likelihood(&posts, logistic(l), weight));
            mean = logistic(logit);
        }
        Some(Self { hits: mean * weight, misses: (1.0 - mean) * weight })
    }

    /// The usual rate.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.hits / (self.hits + self.misses)
    }

    /// As how many readers the prior weighs.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.hits + self.misses
    }

    /// The rate of one post: mean of the posterior with the central credible interval. A post nobody saw has the usual rate with
    /// the width of the prior. `None` only for a level outside 0 to 1 or a prior that is not positive.
    #[must_use]
    pub fn rate(&self, post: Trial, level: f64) -> Option<Estimate> {
        let level = sound_level(level)?;
        let hits = post.hits.min(post.trials);
        let (a, b) = (self.hits + hits as f64, self.misses + (post.trials - hits) as f64);
        let low = beta_quantile((1.0 - level) / 2.0, a, b)?;
        let high = beta_quantile(0.5 + level / 2.0, a, b)?;
        let value = a / (a + b);
        // A posterior leaning hard to 0 may have its mean outside its central interval: the interval is widened to hold it.
        Some(Estimate { value, low: low.min(value), high: high.max(value), level })
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Weight of the prior by the method of moments, held within bounds.
fn moments(posts: &[Trial], mean: f64) -> f64 {
    let (n, all) = (posts.len() as f64, posts.iter().map(|post| post.trials as f64).sum::<f64>());
    let squares: f64 = posts.iter().map(|post| post.trials as f64 * (post.hits as f64 / post.trials as f64 - mean).powi(2)).sum();
    let sizes: f64 = posts.iter().map(|post| (post.trials as f64).powi(2)).sum();
    let binomial = mean * (1.0 - mean) * (n - 1.0);
    let between = (squares - binomial) / (all - sizes / all);
    if between <= 0.0 { STRONGEST } else { (mean * (1.0 - mean) / between - 1.0).clamp(WEAKEST, STRONGEST) }
}

/// Log of the beta-binomial likelihood, without the binomial coefficients, which no prior changes.
fn likelihood(posts: &[Trial], mean: f64, weight: f64) -> f64 {
    let (a, b) = (mean * weight, (1.0 - mean) * weight);
    let ln_beta = |a: f64, b: f64| ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    let before = ln_beta(a, b);
    posts.iter().map(|post| ln_beta(a + post.hits as f64, b + (post.trials - post.hits) as f64) - before).sum()
}

/// Where a curve with one top is highest, by golden section (Kiefer 1953).
fn top(mut low: f64, mut high: f64, curve: impl Fn(f64) -> f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_8;
    let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_left, mut at_right) = (curve(left), curve(right));
    for _ in 0..60 {
        if at_left >= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - GOLDEN * (high - low);
            at_left = curve(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + GOLDEN * (high - low);
            at_right = curve(right);
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Tumours in 70 earlier groups of rats and the current one (Tarone 1982; Gelman et al., Bayesian Data Analysis, 3rd edition, table 5.1).
    const RATS: [(u64, u64); 71] = [
        (0, 20),
        (0, 20),
        (0, 20),
        (0, 20),
        (0, 20),
        (0, 20),
        (0, 20),
        (0, 19),
        (0, 19),
        (0, 19),
        (0, 19),
        (0, 18),
        (0, 18),
        (0, 17),
        (1, 20),
        (1, 20),
        (1, 20),
        (1, 20),
        (1, 19),
        (1, 19),
        (1, 18),
        (1, 18),
        (2, 25),
        (2, 24),
        (2, 23),
        (2, 20),
        (2, 20),
        (2, 20),
        (2, 20),
        (2, 20),
        (2, 20),
        (1, 10),
        (5, 49),
        (2, 19),
        (5, 46),
        (3, 27),
        (2, 17),
        (7, 49),
        (7, 47),
        (3, 20),
        (3, 20),
        (2, 13),
        (9, 48),
        (10, 50),
        (4, 20),
        (4, 20),
        (4, 20),
        (4, 20),
        (4, 20),
        (4, 20),
        (4, 20),
        (10, 48),
        (4, 19),
        (4, 19),
        (4, 19),
        (5, 22),
        (11, 46),
        (12, 49),
        (5, 20),
        (5, 20),
        (6, 23),
        (5, 19),
        (6, 22),
        (6, 20),
        (6, 20),
        (6, 20),
        (16, 52),
        (15, 47),
        (15, 46),
        (9, 24),
        (4, 14),
    ];

    #[test]
    fn the_rats_of_bayesian_data_analysis_have_the_known_prior() {
        let rats: Vec<Trial> = RATS.iter().map(|(hits, trials)| Trial { hits: *hits, trials: *trials }).collect();
        let prior = BetaPrior::fit(&rats).unwrap();
        // The book's posterior for (alpha, beta) is centred near (2.4, 14.3); the usual rate is about 0.14.
        assert!((prior.hits - 2.4).abs() < 0.25 && (prior.misses - 14.3).abs() < 1.5, "{prior:?}");
        // The top of the likelihood: no neighbour is higher.
        let all: Vec<Trial> = rats;
        let best = likelihood(&all, prior.mean(), prior.weight());
        for (mean, weight) in [(1.01, 1.0), (0.99, 1.0), (1.0, 1.02), (1.0, 0.98)] {
            assert!(likelihood(&all, prior.mean() * mean, prior.weight() * weight) <= best);
        }
    }

    #[test]
    fn a_post_with_three_readers_does_not_win() {
        let mut posts = vec![Trial { hits: 3, trials: 3 }, Trial { hits: 900, trials: 10_000 }];
        posts.extend((0..20).map(|i| Trial { hits: 20 + i, trials: 1_000 }));
        let prior = BetaPrior::fit(&posts).unwrap();
        let (tiny, great) = (prior.rate(posts[0], 0.95).unwrap(), prior.rate(posts[1], 0.95).unwrap());
        assert!(great.low > tiny.low && tiny.high - tiny.low > great.high - great.low, "{tiny:?} {great:?}");
    }

    #[test]
    fn among_few_posts_three_readers_stand_behind_by_the_lower_end() {
        let mut posts: Vec<Trial> = [20, 35, 28, 40, 150].map(|hits| Trial { hits, trials: 1_000 }).to_vec();
        posts.push(Trial { hits: 3, trials: 3 });
        let prior = BetaPrior::fit(&posts).unwrap();
        assert_eq!(BetaPrior::fit(&posts[..5]), Some(prior), "three readers do not make the prior");
        let (tiny, best) = (prior.rate(posts[5], 0.95).unwrap(), prior.rate(posts[4], 0.95).unwrap());
        assert!(tiny.low < best.low, "{tiny:?} {best:?}");
    }

    #[test]
    fn posts_without_readers_have_no_rates() {
        assert_eq!(BetaPrior::fit(&[]), None);
        assert_eq!(BetaPrior::fit(&[Trial { hits: 2, trials: 0 }]), None);
        let alone = BetaPrior::fit(&[Trial { hits: 0, trials: 10 }]).unwrap();
        assert!(alone.rate(Trial { hits: 0, trials: 0 }, 0.95).unwrap().value < 0.1);
    }

    proptest! {
        #[test]
        fn every_rate_lies_between_its_own_and_the_usual(
            posts in proptest::collection::vec((0_u64..200, 1_u64..2_000), 1..25),
        ) {
            let posts: Vec<Trial> = posts.into_iter().map(|(hits, trials)| Trial { hits: hits.min(trials), trials }).collect();
            let prior = BetaPrior::fit(&posts).unwrap();
            for post in &posts {
                let rate = prior.rate(*post, 0.95).unwrap();
                let own = post.hits as f64 / post.trials as f64;
                prop_assert!(rate.value >= own.min(prior.mean()) - 1e-12 && rate.value <= own.max(prior.mean()) + 1e-12);
                prop_assert!(0.0 <= rate.low && rate.low <= rate.value && rate.value <= rate.high && rate.high <= 1.0);
            }
        }
    }
}
