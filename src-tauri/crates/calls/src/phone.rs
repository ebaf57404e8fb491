//! Phone numbers: the one place that turns text into a number.
//!
//! A PBX, a help desk and a person each write the same number differently (`89161234567`,
//! `+7 (916) 123-45-67`, `9161234567`), with an inner number, a label, a name, or several in one field.
//! [`numbers_in`] finds them all in a text; [`Number::read`] decides what a text in the place of one number is and, when it is
//! a real outside number, gives its one canonical form, E.164 (ITU-T E.164; reference pbx-websockets section 5). An invalid
//! E.164 never leaves this module: what is no number keeps its text and is shown as it came.
//!
//! `number` is what was read, `read` how a text in the place of one number is read, `find` where numbers stand in a text,
//! `bars` which digits are none, `inner` what belongs to a number, `sign` how characters are spelt, `words` the words around
//! numbers, `reading` what digits are by the numbering plans, `region` whose habits apply, [`key`] what is looked up,
//! `link` what a link from outside asks to have dialled.

mod bars;
mod find;
mod inner;
mod key;
mod link;
mod number;
mod read;
mod reading;
mod region;
mod sign;
mod tariff;
mod words;

pub use find::{FoundNumber, numbers_in};
pub use key::PhoneKey;
pub use link::{PhoneLinkTrouble, is_phone_link, read_phone_link};
pub use number::{Number, NumberKind};
pub use region::Region;
pub use tariff::{Charge, Tariff};
pub(crate) use words::is_label;

#[cfg(test)]
mod tests;
