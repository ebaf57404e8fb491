//! What there is in the help desk's account: its labels, fields, staff and channels, and the words by which this
//! product is recognised there.

pub(crate) mod catalog;
pub(crate) mod claims;
pub(crate) mod labels;
pub(crate) mod office_note;
pub(crate) mod plain;
pub(crate) mod texts;
