//! The line to a PBX, the same for every vendor: name, TCP, TLS and handshake; a bounded queue of what comes; pings, the
//! silence deadline, what is too much; and when to try again.
//!
//! A vendor brings a [`Door`] and says in [`keep::Speaker`] what it makes of frames; [`keep::run`] keeps it connected.

mod authority;
mod backoff;
mod door;
mod flood;
mod handshake;
pub mod keep;
mod keeper;
mod reader;
mod spoken;
mod tls;
mod wishes;

pub use authority::{Authority, AuthorityError, Certificate};
pub use backoff::{Backoff, Next};
pub use door::{Door, LARGEST_FRAME, Rhythm};
pub use handshake::open;
pub use keeper::Keeper;
pub use spoken::{Spoken, spoken};
pub use tls::{client_config, reach};
pub use wishes::wishes;
