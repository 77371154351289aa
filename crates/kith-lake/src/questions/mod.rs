//! The saved questions: one file of SQL and one of Rust each. A typed struct goes in, typed rows come out.
//!
//! Every question reads the session's tables and the views `orders`, `contacts` and `daily`, which an analyst has too.

mod campaign;
mod cohorts;
mod contact_channels;
mod contact_list;
mod cut;
mod efficiency;
mod leads;
mod morning;
mod order_to_review;
mod paths;
mod sales;
mod spend;
mod stages;
mod top_posts;
mod traffic;
mod views;

#[cfg(test)]
mod tests;

pub use campaign::{CampaignFacts, PlacementFacts};
pub use cohorts::CohortMonth;
pub use contact_list::{ContactPage, ContactRow};
pub use cut::{Cut, Group, Period};
pub use efficiency::{EfficiencyQuery, EfficiencyRow, Run};
pub use leads::LeadRow;
pub use morning::{DriftRules, DriftingCustomer, UnansweredComplaint, UnaskedCustomer, WeekBesideWeek};
pub use order_to_review::ReviewedOrders;
pub use paths::{PathQuery, PathRow};
pub use sales::{BuyersRow, SalesRow};
pub use spend::{SpendQuery, SpendRow};
pub use stages::{StageCount, StageFlow};
pub use top_posts::PostRow;
pub use traffic::TrafficRow;
pub(crate) use views::register_views;
