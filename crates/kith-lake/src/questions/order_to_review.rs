//! From the order to the review: how orders that came late are judged beside those on time.
//!
//! Late orders differ from the others in more than the delay: a correlation, never a cause.

use kith_core::Window;

use crate::{LakeError, Session};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReviewedOrders {
    /// Delivered after the promised instant?
    pub late: bool,
    pub orders: u64,
    /// Orders with a score, each by its first review.
    pub reviews: u64,
    pub mean: f64,
    /// Of the scores, divided by n - 1; 0 where there are fewer than two.
    pub variance: f64,
}

impl Session {
    /// Orders placed in the window that were delivered and had a promised time: on time, then late.
    pub async fn order_to_review(&self, window: Window) -> Result<Vec<ReviewedOrders>, LakeError> {
        let values = vec![("from", window.from().into()), ("until", window.until().into())];
        self.ask("order to review", include_str!("order_to_review.sql"), values, |row| ReviewedOrders {
            late: row.truth("late"),
            orders: row.count("orders"),
            reviews: row.count("reviews"),
            mean: row.number("mean"),
            variance: row.number("variance"),
        })
        .await
    }
}
