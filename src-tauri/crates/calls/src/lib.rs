//! The domain of Ringside: calls of one agent, and what is owed to the help desk for each.
//!
//! Pure: no I/O, no async, no clock. Everything comes in as values and leaves as values, so every
//! rule of SPEC can be tried by replaying inputs. This crate knows no vendor and no other crate.

mod account;
mod act;
mod addition;
mod call;
mod desk;
mod duty;
mod elsewhere;
mod event;
mod gap;
mod guard;
mod hear;
mod missed;
mod name;
mod outcome;
mod phone;
mod remembered;
mod rung_again;
mod settle;
mod several;
mod time;
mod told;

pub use call::{Call, Caller, CaseId, Choice, Compose, DialTrouble, Draft, Phase, Recording, Transferred, Undoing, UserId};
pub use desk::{AgentAction, Changes, Desk, Effect, Found, Input, Notes, OpenMissed, Order, Policy, Refusal};
pub use duty::{
    CaseFacts, CaseTarget, Duty, DutyKey, DutyKind, DutyResult, FileFacts, Handset, Joins, Owner, Record, Subject, Summary, UserEdit,
};
pub use elsewhere::Hand;
pub use event::{
    CallEvent, CallEventKind, ConversationId, Direction, Disposition, Extension, HungUpBy, LegId, LinkState, LinkTrouble, OrderId, Origin,
    PbxEvent, RecordingRef, Remote, TransferKind,
};
pub use gap::{Gap, OtherSide, Traces};
pub use guard::{DialPolicy, Doubt, History, Permit, Verdict};
pub use name::{LONGEST_NAME, is_hidden, is_name, is_nobody, name_beside, one_line, seen, tidy_name};
pub use outcome::{Act, CaseStatus, Did, Facts, OUTCOMES, Outcome, Reach, Reason, Row, Rule, Side, When, decide};
pub use phone::{Charge, FoundNumber, Number, NumberKind, PhoneKey, Region, Tariff, numbers_in};
pub use remembered::Choices;
pub use rung_again::Ring;
pub use several::{Among, Guess, Guessed, Several};
pub use time::Moment;
