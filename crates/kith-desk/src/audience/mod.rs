//! Who our contacts are: identities resolved, contacts found, their timelines told.

mod card;
mod roll;
mod search;
mod timeline;

pub use card::{Card, card, holder};
pub use roll::{Enrolled, Roll, RollFilter, RollPlace};
pub use search::{Contacts, Found, display_name, search, search_among};
pub use timeline::{Entry, Timeline, TimelineError, find_contact, timeline, timeline_in};
