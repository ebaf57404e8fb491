//! The domain of Ringside: calls of one agent, and what is owed to the help desk for each.
//!
//! Pure: no I/O, no async, no clock. Everything comes in as values and leaves as values, so every
//! rule of SPEC can be tried by replaying inputs. This crate knows no vendor and no other crate.

mod call;
mod desk;
mod duty;
mod event;
mod outcome;
mod phone;
mod plan;
mod time;

pub use call::{Call, Caller, CaseId, Choice, Compose, Draft, Phase, Recording, Transferred, UserId};
pub use desk::{AgentAction, Changes, Desk, Effect, Found, Input, Notes, OpenMissed, Policy, Refusal};
pub use duty::{CaseFacts, CaseTarget, Duty, DutyKey, DutyKind, DutyResult, Handset, Owner, Subject, Summary};
pub use event::{
    CallEvent, CallEventKind, ConversationId, Direction, Disposition, Extension, HungUpBy, LegId, LinkState, LinkTrouble, OrderId, Origin,
    PbxEvent, RecordingRef, Remote, TransferKind,
};
pub use outcome::{Act, CaseStatus, Did, Facts, Outcome, Reach, Reason, Rule, Side, decide};
pub use phone::{Number, NumberKind, PhoneKey, Region};
pub use time::Moment;
