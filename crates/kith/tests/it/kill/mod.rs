//! `kill -9` at any moment: nothing acknowledged is lost, nothing is counted twice, the next start repairs and says so.
//!
//! Each story starts the real binary, kills it at a random instant of its work, and then counts. What must be there is counted
//! from the input, never from the store. Each story is told on SQLite and on PostgreSQL. `KITH_KILLS` sets the number of kills of
//! each kind (unless set 20, and 5 on PostgreSQL; `make crash` does 200 on both), `KITH_SEED` the random instants; both are printed,
//! so that a failure can be repeated.

mod appending;
mod compacting;
mod importing;
mod merging;
mod undoing;
