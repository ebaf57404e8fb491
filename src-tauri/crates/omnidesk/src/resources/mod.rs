//! The routes, grouped as Omnidesk groups them.

mod cases;
mod directory;
mod messages;
mod users;

pub use cases::Cases;
pub use directory::Directory;
pub use messages::{Messages, Notes};
pub use users::Users;

use crate::error::Error;
use crate::ids::CaseRef;

/// The path segment of a case, or the error for a number that cannot be one.
fn segment(case: &CaseRef) -> Result<String, Error> {
    case.segment()
        .ok_or_else(|| Error::InvalidRequest("the case number is malformed".to_owned()))
}
