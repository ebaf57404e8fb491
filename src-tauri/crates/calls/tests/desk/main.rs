//! The desk through its public face: inputs go in, effects and duties come out.

#![allow(clippy::unwrap_used)]

mod account;
mod bench;
mod case_records;
mod cases;
mod claims;
mod clicks;
mod early;
mod gaps;
mod gone;
mod guard;
mod incoming;
mod missed;
mod outgoing;
mod properties;
mod recordings;
mod refused;
mod reminders;
mod repeats;
mod rung_again;
mod several;
mod stored;
mod transfers;
mod typing;
mod undo;
