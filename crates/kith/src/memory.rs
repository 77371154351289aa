//! Memory: who hands it out, and when it goes back to the system.

use libmimalloc_sys::{mi_option_set, mi_option_t};

/// Touches are built and dropped by the million: the system's allocator would be a third of an import.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc.h, which the binding does not name; `mi_option_use_numa_nodes` is the next.
const PURGE_DELAY: mi_option_t = libmimalloc_sys::mi_option_use_numa_nodes - 1;

/// For how long pages that are free at the moment are kept for what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// A command soon ends and gives everything back; until then a page that was given back would only be asked for again.
    ToTheEnd,
    /// A server keeps what the next question will want, and gives back what it has not wanted for a while.
    ForSeconds(u16),
}

/// Says it to the allocator, from now on.
pub fn keep(how: Keep) {
    let milliseconds = match how {
        Keep::ToTheEnd => -1,
        Keep::ForSeconds(seconds) => i64::from(seconds) * 1000,
    };
    // SAFETY: sets one number of the allocator that this module installs; any thread may do so at any time.
    #[expect(unsafe_code, reason = "the allocator's options have no safe binding")]
    unsafe {
        mi_option_set(PURGE_DELAY, milliseconds as std::ffi::c_long);
    }
}
