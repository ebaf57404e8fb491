//! Who has a number: what is known of a person, whoever asked.

pub(crate) mod card;
pub(crate) mod entry;
pub(crate) mod everybody;
pub(crate) mod index;
pub(crate) mod known;
pub(crate) mod look_up;
pub(crate) mod recalls;
pub(crate) mod spelling;
