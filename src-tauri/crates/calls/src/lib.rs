//! The domain of Ringside: calls of one agent, and what is owed to the help desk for each.
//!
//! Pure: no I/O, no async, no clock. Everything comes in as values and leaves as values, so every
//! rule of SPEC can be tried by replaying inputs. This crate knows no vendor and no other crate.

mod act;
mod addition;
mod call;
mod case;
mod claim;
mod claiming;
mod desk;
mod duty;
mod duty_key;
mod effect;
mod elsewhere;
mod event;
mod gap;
mod guard;
mod guess;
mod hear;
mod hours;
mod ids;
mod input;
mod labels;
mod missed_calls;
mod name;
mod nobody;
mod notes;
mod open_missed;
mod other_account;
mod out_of_sight;
mod outcome;
mod owed;
mod pause;
mod phone;
mod phrase;
mod plan;
mod records;
mod remembered;
mod remind;
mod reminder;
mod rung_again;
mod settle;
mod several;
mod text;
mod time;
mod told;
mod when;

pub use call::{
    Among, Call, Caller, Choice, Compose, Detail, DialTrouble, Draft, Filing, Handling, Phase, Recording, Ring, Transferred, Undoing,
};
pub use case::{CaseDeed, CaseEntry, CaseRecord};
pub use claim::{CLAIM_HOLDS, Claim, Claiming, SeenClaim, Standing, standing};
pub use desk::{Changes, Desk, Policy};
pub use duty::{
    CaseFacts, CaseTarget, Duty, DutyKind, DutyResult, FileFacts, Handset, Joins, Owner, Promise, Record, Subject, Summary, UserEdit,
};
pub use duty_key::{DutyKey, DutyName};
pub use effect::{Effect, Refusal};
pub use elsewhere::Hand;
pub use event::{
    CallEvent, CallEventKind, ConversationId, Direction, Disposition, Extension, HungUpBy, LegId, LinkState, LinkTrouble, OrderId, Origin,
    PbxEvent, RecordingRef, Remote, TransferKind,
};
pub use gap::{Gap, OtherSide, Traces};
pub use guard::{DialPolicy, Doubt, History, Permit, Verdict};
pub use guess::{Guess, Guessed, Several};
pub use hours::WorkingHours;
pub use ids::{CaseId, StaffId, UserId};
pub use input::{AgentAction, Found, Input, Order};
pub use labels::MOST_LABELS;
pub use name::{LONGEST_NAME, is_name, name_beside, tidy_name};
pub use nobody::is_nobody;
pub use notes::Notes;
pub use open_missed::OpenMissed;
pub use outcome::{Act, CaseStatus, Did, Facts, OUTCOMES, Outcome, Reach, Reason, Row, Rule, Side, When, decide};
pub use pause::{Look, Pause, PauseLength, Paused};
pub use phone::{
    Charge, FoundNumber, Number, NumberKind, PhoneKey, PhoneLinkTrouble, Region, Tariff, is_phone_link, numbers_in, read_phone_link,
};
pub use phrase::{FilledPhrase, PhraseField, fill_phrase, unknown_fields};
pub use remembered::Choices;
pub use reminder::{Reminder, ReminderAct};
pub use text::{is_hidden, one_line, visible};
pub use time::Moment;
pub use when::{ClockChange, TimeRead, WHEN_CHOICES, WhenTrouble, read_when};
