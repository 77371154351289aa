//! The product: what Kith does with a timeline. A folder an activity, one loop:
//! `listen < audience < plan < care < community < measure`; each calls downwards only.

pub mod audience;
pub mod today;
