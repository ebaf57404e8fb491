//! The decision table: what case results from a call, and with which status (SPEC sections B-I).
//!
//! [`OUTCOMES`] is read from top to bottom; the first row that fits decides, and each row names its
//! rule. Whoever asks "why is this case closed?" finds the answer here and nowhere else: the
//! interface shows [`Outcome::rule`] and words [`Outcome::reason`], and `docs/call-outcomes.md` is
//! this table for people (a test compares the two).
//!
//! [`facts`] is what the decision depends on, [`act`] what may follow, [`row`] one line of the table, [`decision`] the one
//! that was found.

mod act;
mod decision;
mod facts;
mod row;
mod table;

pub use act::{Act, CaseStatus, Reason};
pub use decision::{Outcome, Rule, decide};
pub use facts::{Did, Facts, Reach, Side};
pub use row::{Row, When};
pub use table::OUTCOMES;

#[cfg(test)]
mod tests;
