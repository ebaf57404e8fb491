//! The ways to the PBX, to Omnidesk, and to the keychain with what opens them.

pub(crate) mod checks;
pub(crate) mod keychain;
