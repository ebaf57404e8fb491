//! What the desk has decided about a call: which case it is filed in, why, and what is owed for it so far.
//!
//! It follows from what the PBX said, what the agent did and what the help desk answered.

use super::among::Among;
use super::handling::Draft;
use crate::claim::Claiming;
use crate::duty::{CaseFacts, CaseTarget, Promise, Subject};
use crate::duty_key::DutyKey;
use crate::event::RecordingRef;
use crate::outcome::Outcome;
use serde::{Deserialize, Serialize};

/// What the desk has decided about a call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Filing {
    /// The case, once it is in the help desk.
    pub case: Option<CaseFacts>,
    /// What was decided at the end.
    pub outcome: Option<Outcome>,
    /// For whom it is written, where several users have the number and the agent chose none.
    pub among: Option<Among>,
    /// The duty that links the number to the chosen user (S13); a case is opened after it.
    pub link: Option<DutyKey>,
    /// The missed-call case it was noted in (S27, S32), by the duty that opened it.
    pub joined: Option<DutyKey>,
    /// The missed call is in the help desk: nothing takes it back any more.
    pub missed_told: bool,
    /// The missed-call cases it closed (S33a, S33d).
    pub closed_missed: Vec<CaseTarget>,
    /// The cases that undoing is to give their earlier status back.
    pub undoing: Vec<Undoing>,
    /// The recording.
    pub recording: Recording,
    /// Whether a duty of its own was owed for the recording; happens once.
    pub recording_owed: bool,
    /// That duty came after the call's message: what the message says of the recording is not the last word.
    pub recording_late: bool,
    /// The subject of its own case as it was owed last.
    pub sent_subject: Option<Subject>,
    /// The text as it was owed last, while the agent has typed on after the end.
    pub owed_text: Option<Draft>,
    /// The note in the message about the call, once additions follow it.
    pub told_gist: Option<String>,
    /// Whether the profile was opened for it by itself (S03); happens once.
    pub profile_opened: bool,
    /// Another computer of this agent wrote it: this one only shows it.
    pub elsewhere: bool,
    /// How many later corrections were ordered; makes their keys distinct.
    pub corrections: u32,
    /// How many additions were owed; makes their keys distinct.
    pub additions: u32,
    /// How often its case was found deleted and a new one took its place; makes the keys of what is owed anew distinct.
    pub replaced: u32,
    /// How often it rang again after its end; makes the keys of what is owed then distinct.
    pub rung_again: u32,
    /// The picked labels as they were owed last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels_owed: Vec<String>,
    /// How often labels were owed; makes their keys distinct.
    #[serde(skip_serializing_if = "is_none")]
    pub labels_told: u32,
    /// What the agent promised, and what no message tells yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_promise: Option<Promise>,
    /// What a message tells that the agent promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promised: Option<Promise>,
    /// That message is the one about the call, and no note of its own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub promised_along: bool,
    /// It is the first one of the call's own case.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub promised_first: bool,
    /// How many promises there were; makes their keys distinct.
    #[serde(skip_serializing_if = "is_none")]
    pub promises: u32,
    /// How often it had rung again when the agent created its case while it rang: that case keeps its key.
    #[serde(skip_serializing_if = "is_none")]
    pub rung_when_created: u32,
    /// What the agent wants with a missed call that the case does not say yet.
    #[serde(skip_serializing_if = "is_no_claim")]
    pub claiming: Claiming,
    /// How often a claim, or its end, was owed; makes their keys distinct.
    #[serde(skip_serializing_if = "is_none")]
    pub claims: u32,
}

/// What earlier versions did not count is not written where there is none of it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_none(count: &u32) -> bool {
    *count == 0
}

fn is_no_claim(claiming: &Claiming) -> bool {
    *claiming == Claiming::None
}

/// What became of the recording, as far as the call knows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Recording {
    /// The PBX told of none.
    #[default]
    None,
    /// The PBX records; fetched when the call has ended.
    Expected {
        /// Where.
        name: RecordingRef,
    },
    /// In the case.
    Attached,
    /// Could not be had; the case went without.
    #[serde(rename = "lost")]
    Missing,
}

/// A case whose earlier status the agent wants back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undoing {
    /// The duty that writes it.
    pub key: DutyKey,
    /// Which case.
    pub case: CaseTarget,
    /// A colleague had decided otherwise meanwhile: nothing was written, and what they decided stands.
    pub overruled: bool,
}
