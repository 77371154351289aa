//! Who our contacts are: identities resolved, contacts found, their timelines told.

mod search;
mod timeline;

pub use search::{Contacts, Found, display_name, search};
pub use timeline::{Entry, Timeline, TimelineError, find_contact, timeline};
