//! Today: the few things to do this morning, each with its reason, its evidence and the command that does it.
//!
//! `facts` is what the rules look at, `rules` are pure functions from facts to actions, `gather` asks the journal and the lake.

mod action;
mod done;
mod facts;
mod gather;
mod rules;

pub use action::{Action, Morning, Rule};
pub use done::{mark_done, unmark_done, without_done};
pub use facts::{AccountFault, CampaignBehind, Complaint, Drifting, Facts, RefusedRows, TodayRules, Unasked, WellWhat, WentWell};
pub use gather::{morning, morning_in, progress};
pub use rules::decide;
