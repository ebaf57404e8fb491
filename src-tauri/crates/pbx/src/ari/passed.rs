//! Transfers that were seen and not yet found again at a colleague's phone.

use calls::{Extension, Moment};

pub(super) const MOST_TRANSFERS: usize = 16;

/// A blind transfer that was seen.
pub struct Passed {
    pub by: Extension,
    pub exten: String,
    pub number: String,
    pub at: Moment,
}
