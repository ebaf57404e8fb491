//! What the windows show: plain data, made from the engine's state after each change.
//!
//! The windows hold no state of their own about calls: they draw the last [`DeskView`] and send
//! the agent's clicks back. Words are the window's business; here are only codes and numbers
//! (house rule 8). Moments are milliseconds since 1970 as JSON numbers.

mod call;
mod call_list;
mod claims;
mod desk;
mod enrolment;
mod fields;
mod figures;
mod health;
mod labels;
mod office;
mod pages;
mod pause;
mod phrases;
mod reminders;
mod settings;
mod team;
pub(crate) mod trouble;

pub use call::*;
pub use call_list::*;
pub use claims::*;
pub use desk::*;
pub use enrolment::*;
pub use fields::*;
pub use figures::*;
pub use health::*;
pub use labels::*;
pub use office::*;
pub use pages::*;
pub use pause::*;
pub use phrases::*;
pub use reminders::*;
pub use settings::*;
pub use team::*;
