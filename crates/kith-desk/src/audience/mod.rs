//! Who our contacts are: identities resolved, contacts found, their timelines told.

pub mod resolve;
