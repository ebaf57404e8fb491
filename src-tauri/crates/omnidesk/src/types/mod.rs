//! What Omnidesk keeps, and what can be sent to it.
//!
//! The entity types decode leniently and can be written as JSON and read back, so callers may cache them.

pub(crate) mod attachment;
pub(crate) mod case;
pub(crate) mod custom_fields;
pub(crate) mod directory;
pub(crate) mod message;
pub(crate) mod user;

macro_rules! wrapped {
    ($($type:ty => $($key:literal)|+),+ $(,)?) => {$(
        impl $crate::page::sealed::Wrapped for $type {
            const KEYS: &'static [&'static str] = &[$($key),+];
        }
    )+};
}
pub(crate) use wrapped;
