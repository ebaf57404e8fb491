//! A feed of events that are normalised already: whoever has them (an office's own gateway, before any PBX) sends
//! [`calls::PbxEvent`]s as they are, and Ringside needs to know nothing of the PBX behind it.
//!
//! # The protocol, version 1
//!
//! A websocket at the address that is set, with `Authorization: Bearer <token>` and the query
//! `v=1&extension=<ext>`, after a cut also `&stream=<name>&after=<number>`: whose calls, and what was heard last. Refusals
//! are told by the handshake's status: 401 (token), 403, 404, 422 (no such extension), 503 (starting).
//!
//! Each text frame is one JSON object with the version `v`:
//!
//! - first `{"v":1,"hello":{"stream":"9f3c","from":42,"now":1795329167000}}`: the stream's name, the number of the next
//!   event, and what the sender's clock shows. A sender that numbers anew gives the stream another name; one that has
//!   forgotten what it is asked for begins later, and the desk knows that it has a gap;
//! - then what happened meanwhile, `{"v":1,"seq":42,"event":"call","leg":"a1","at":1795329166000,"kind":{"type":"answered"}}`,
//!   numbered without holes; where it cannot be told again, the facts of the calls that live;
//! - then, unnumbered, which legs live: `{"v":1,"event":"resync","live":["a1"],"at":1795329167000,"restarted":false}`;
//! - then what happens. `{"v":1,"seq":43,"event":"phone","online":true}` tells of the agent's phone.
//!
//! The desk pings; the sender answers as any websocket does. A sender that does not hear its PBX closes the socket: an open
//! one means that nothing happens unheard. A frame of another version or an unknown kind is counted and passed over.
//!
//! # What a feed cannot do
//!
//! It only tells. Nobody is called or hung up over it, nobody can be asked where a caller is, and no recording is handed out.
//! It resumes.

mod check;
mod config;
mod pbx;
mod translate;

pub use check::{STEPS, check};
pub use config::FeedConfig;
pub use pbx::FeedPbx;
