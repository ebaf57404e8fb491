//! The ways to the PBX, to Omnidesk, and to the keychain with what opens them.

pub(crate) mod checks;
pub(crate) mod keychain;
pub(crate) mod office;
pub(crate) mod omnidesk;
pub(crate) mod orders;
pub(crate) mod pbx;
pub(crate) mod spells;
pub(crate) mod watch;
