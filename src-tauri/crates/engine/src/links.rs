//! The ways to the PBX and to Omnidesk.

pub(crate) mod checks;
