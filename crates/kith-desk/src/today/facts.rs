//! What the rules of the morning look at: plain values, asked of the journal and the lake beforehand.

use kith_core::{CampaignProgress, Channel, ContactId, Day, Instant, Proposal, RoleFault};
use serde::{Deserialize, Serialize};

/// The thresholds of the rules; a tenant may change each in `kith.toml`, section `[today]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TodayRules {
    /// At most so many actions a morning.
    pub most: usize,
    /// A customer is about to lapse when the time since the last order is longer than so many times their usual gap.
    pub lapse_factor: f64,
    /// Only customers with at least so many orders have a usual gap.
    pub lapse_orders: u32,
    /// Ask for an opinion from so many days after delivery…
    pub ask_after_days: u32,
    /// …until so many days after: later, a question comes too late.
    pub ask_until_days: u32,
    /// A public complaint older than this is history, not this morning's work.
    pub complaint_days: u32,
    /// A calendar without anything planned for so many days is a gap.
    pub planned_days: u32,
}

impl Default for TodayRules {
    fn default() -> Self {
        Self {
            most: 7,
            lapse_factor: 1.5,
            lapse_orders: 2,
            ask_after_days: 3,
            ask_until_days: 30,
            complaint_days: 30,
            planned_days: 3,
        }
    }
}

/// Rows of an import that were refused and not yet put right.
#[derive(Debug, Clone, PartialEq)]
pub struct RefusedRows {
    pub import: i64,
    pub file: String,
    pub rows: u64,
    /// Where the refused rows lie, ready to be corrected.
    pub path: String,
    /// The most frequent reason.
    pub reason: String,
}

/// A customer whose usual gap between orders has passed.
#[derive(Debug, Clone, PartialEq)]
pub struct Drifting {
    pub contact: ContactId,
    pub name: String,
    pub orders: u64,
    pub usual_gap_days: f64,
    pub silent_days: f64,
}

/// A customer whose parcel came and who was never asked how it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Unasked {
    pub contact: ContactId,
    pub name: String,
    pub order: String,
    pub delivered_at: Instant,
    pub late: bool,
}

/// A complaint that everybody can read and nobody has answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Complaint {
    pub contact: ContactId,
    pub name: String,
    pub channel: Channel,
    pub at: Instant,
    pub text: String,
}

/// A running campaign that has reached less than its definition of success asks for by now.
#[derive(Debug, Clone, PartialEq)]
pub struct CampaignBehind {
    pub campaign: String,
    pub progress: CampaignProgress,
}

/// An account that cannot work as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountFault {
    pub account: String,
    pub fault: RoleFault,
}

/// Something to be glad of: a count of the last seven days beside the seven before.
#[derive(Debug, Clone, PartialEq)]
pub struct WentWell {
    pub what: WellWhat,
    pub now: u64,
    pub before: u64,
}

/// Of what there is more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WellWhat {
    Orders,
    NewCustomers,
    GoodReviews,
    Referrals,
}

/// All facts of one morning. Lists carry the most pressing first and may be cut; their totals say of how many.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    pub complaints: Vec<Complaint>,
    pub complaints_total: u64,
    pub refused: Vec<RefusedRows>,
    pub behind: Vec<CampaignBehind>,
    pub drifting: Vec<Drifting>,
    pub drifting_total: u64,
    pub unasked: Vec<Unasked>,
    pub unasked_total: u64,
    pub proposals: Vec<Proposal>,
    pub proposals_total: u64,
    pub accounts: Vec<AccountFault>,
    pub has_accounts: bool,
    /// The next day on which something is planned.
    pub next_planned: Option<Day>,
    pub well: Vec<WentWell>,
}
