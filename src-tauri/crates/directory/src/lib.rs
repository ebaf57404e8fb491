//! All users of an account on this computer, however many: who is meant is found while the name is being typed.
//!
//! A [`Directory`] is one file of its own. It holds what Omnidesk can tell again, so it is not written as carefully as the
//! journal: a damaged file is put aside and read anew. Words are kept in one form for all their spellings ([`fold`]), so a
//! search is one look-up per word, of its beginning; a word that nobody has is sought with one slip of a finger
//! ([`slip`](mod@slip)), and all of them as the other keyboard layout would have written them. Numbers are words, too,
//! found by their last digits and by their first ones ([`numbers`](mod@numbers)); what of a [`query`](mod@query) is a number
//! and what is a word need not be known for that.
//!
//! **Who comes first** is decided by how the file is laid out: a user's row number grows with the time at which they were
//! last met, so the index gives its rows from the latest on, and a search stops at the first fifty of each kind of match,
//! whether a hundred or a million fit. Who is met moves to the end. The first reading comes in another order;
//! [`Directory::settle`] then moves those who were met last. Dates that are still to come are nobody's: some clock was wrong.
//!
//! What is to be read from Omnidesk, in which order, and when that is all, is a [`plan`], which asks nobody itself.

mod error;
mod file;
pub mod fold;
mod matched;
mod numbers;
pub mod plan;
mod progress;
mod query;
mod row;
mod search;
mod slip;
mod user;
mod words;
mod write;

pub use error::Error;
pub use file::Directory;
pub use matched::{Field, Matched};
pub use search::{Found, Person, Reading, Tier};
pub use user::{Phone, User};
pub use write::Written;

#[cfg(test)]
mod tests;
