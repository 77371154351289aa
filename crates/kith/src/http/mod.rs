//! The HTTP door: the API under `/api/v1` and the application in the browser.
//!
//! From the outside in, each a layer: [`log`] numbers and measures, [`guard`] adds the headers of a careful server, [`problem`] puts faults
//! into words, [`access`] finds out who calls and whether they may, and does a POST once. Then the routes, a file a subject.
//! What each route needs stands beside it in the API document ([`openapi`]) and is enforced from there.

mod access;
mod code;
mod door;
mod extract;
mod fault_of;
mod figure;
mod guard;
mod job;
mod limit;
mod live;
mod log;
mod mask;
mod metrics;
mod need;
mod once;
pub mod openapi;
mod page;
mod person;
mod pictures;
mod problem;
mod random;
mod routes;
mod server;
mod speech;
mod upload;
mod web;
mod when;

pub use server::{open, told_to_stop};
