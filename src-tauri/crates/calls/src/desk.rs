//! The desk: all calls of one agent, and the one place that decides what follows from an input.
//!
//! [`Desk::handle`] takes an input and the time and says what is to be done. It does nothing
//! itself, so the same inputs give the same effects on every machine and in every test. After each
//! input [`Desk::take_changes`] names what must be stored before the effects are carried out.

use crate::call::{Call, Caller};
use crate::case::{CaseRecord, Cases};
use crate::duty::{Duty, DutyKind};
use crate::effect::Effect;
use crate::event::{Direction, Disposition, LegId};
use crate::gap::Gap;
use crate::guard::{History, shows_colleague};
use crate::guess::Several;
use crate::ids::{CaseId, UserId};
use crate::input::{Found, Input};
use crate::notes::Notes;
use crate::phone::{Number, PhoneKey, Region};
use crate::remembered;
use crate::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// At most this many ended calls are kept in memory and shown, and as many missed ones beside them: who waits to be called
/// back is not pushed out by whom one talks to meanwhile.
const KEPT_CALLS: usize = 200;

/// What an office decides for all desks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How numbers without a country code are read.
    pub region: Region,
    /// Whether unanswered outgoing calls get a case (SPEC I, last paragraph).
    pub unanswered_outgoing_cases: bool,
    /// Whose case it is where several users have the number and the agent chose none.
    pub several: Several,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            region: Region::default(),
            unanswered_outgoing_cases: true,
            several: Several::default(),
        }
    }
}

/// What must be stored before the effects are carried out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// These calls changed or are new.
    pub calls: Vec<Call>,
    /// These calls were forgotten: they are old.
    pub forgotten: Vec<LegId>,
    /// These calls turned out to be part of others and are no calls of their own.
    pub absorbed: Vec<LegId>,
    /// The notes, if they changed.
    pub notes: Option<Notes>,
    /// The records of these cases changed or are new.
    pub cases: Vec<CaseRecord>,
    /// The records of these cases were forgotten.
    pub forgotten_cases: Vec<CaseId>,
}

/// All calls of one agent.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    pub(crate) policy: Policy,
    pub(crate) calls: BTreeMap<LegId, Call>,
    pub(crate) notes: Notes,
    pub(crate) cases: Cases,
    pub(crate) changed: BTreeSet<LegId>,
    forgotten: Vec<LegId>,
    absorbed: Vec<LegId>,
    notes_changed: bool,
}

impl Desk {
    /// An empty desk.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self { policy, ..Self::default() }
    }

    /// The desk as it was stored.
    #[must_use]
    pub fn restore(policy: Policy, calls: Vec<Call>, notes: Notes) -> Self {
        let calls = calls.into_iter().map(|call| (call.leg.clone(), call)).collect();
        Self {
            policy,
            calls,
            notes,
            ..Self::default()
        }
    }

    /// The same desk with what was stored of cases.
    #[must_use]
    pub fn with_cases(self, records: Vec<CaseRecord>) -> Self {
        Self {
            cases: Cases::restore(records),
            ..self
        }
    }

    /// Changes what the office decided.
    pub fn set_policy(&mut self, policy: Policy) {
        self.policy = policy;
    }

    /// One call.
    #[must_use]
    pub fn call(&self, leg: &LegId) -> Option<&Call> {
        self.calls.get(leg)
    }

    /// All calls, in no particular order.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.values()
    }

    /// Notes that outlive their calls.
    #[must_use]
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// What changed since the last time, to be stored.
    pub fn take_changes(&mut self) -> Changes {
        let changed = std::mem::take(&mut self.changed);
        let (cases, forgotten_cases) = self.cases.take_changes();
        Changes {
            calls: changed.iter().filter_map(|leg| self.calls.get(leg).cloned()).collect(),
            forgotten: std::mem::take(&mut self.forgotten),
            absorbed: std::mem::take(&mut self.absorbed),
            notes: std::mem::take(&mut self.notes_changed).then(|| self.notes.clone()),
            cases,
            forgotten_cases,
        }
    }

    /// Takes an input and says what is to be done.
    ///
    /// Inputs may repeat and come late; what is already known has no effect.
    pub fn handle(&mut self, input: Input, now: Moment) -> Vec<Effect> {
        match input {
            Input::Pbx { event } => self.hear(event),
            Input::Resync { live, gap } => self.resync(&live, gap.unwrap_or(Gap { from: now, to: now })),
            Input::Traced { leg, traces } => self.traced(&leg, traces),
            Input::Agent { leg, action } => self.act(&leg, action, now),
            Input::Dial { leg, order } => self.dial(&leg, order, now),
            Input::DialFailed { leg, trouble } => self.dial_failed(&leg, trouble, now),
            Input::EditUser { key, user, changes } => vec![Effect::Owe(Duty {
                leg: LegId::new(format!("user-{}", user.0)),
                key,
                after: Vec::new(),
                kind: DutyKind::EditUser { user, changes },
            })],
            Input::Found { leg, key, found } => self.found(&leg, &key, found),
            Input::MissedCasesRead { user, open, over } => {
                self.missed_cases_read(user, open, &over, now);
                Vec::new()
            }
            Input::ClaimRead { case, seen, over } => {
                self.claim_read(case, seen, over, now);
                Vec::new()
            }
            Input::Reminder { key, act } => self.act_on_reminder(&key, act, now),
            Input::RemindersDue => {
                self.ring_reminders(now);
                Vec::new()
            }
            Input::TookText { leg } => {
                self.took_text(&leg);
                Vec::new()
            }
            Input::Done { key, leg, duty, result } => {
                if let Some(kind) = duty {
                    self.record(&key, &leg, &kind, &result, now);
                }
                self.claim_told(&key, &leg, &result);
                let mut effects = self.done(&key, &leg, result);
                effects.extend(self.tell_promise(&leg));
                self.follow_reminder(&leg);
                effects
            }
        }
    }

    pub(crate) fn touch(&mut self, leg: &LegId) -> Option<&mut Call> {
        let call = self.calls.get_mut(leg)?;
        self.changed.insert(leg.clone());
        Some(call)
    }

    /// Takes a call out that is part of another one.
    pub(crate) fn forget(&mut self, leg: &LegId) -> Option<Call> {
        let call = self.calls.remove(leg)?;
        self.changed.remove(leg);
        self.absorbed.push(leg.clone());
        Some(call)
    }

    pub(crate) fn touch_notes(&mut self) -> &mut Notes {
        self.notes_changed = true;
        &mut self.notes
    }

    fn found(&mut self, leg: &LegId, key: &PhoneKey, found: Found) -> Vec<Effect> {
        let remembered = self.notes.remembered.get(key);
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let asked = call.client_key().as_ref() == Some(key);
        if !asked || matches!(call.caller, Caller::Known { chosen: true, .. } | Caller::Withheld) {
            return Vec::new();
        }
        let caller = match found {
            Found::Users(users) => match users[..] {
                [] => Caller::Unknown,
                [user] => Caller::Known { user, chosen: false },
                _ => match remembered.filter(|user| users.contains(user)) {
                    Some(user) => Caller::Known { user, chosen: true },
                    None => Caller::Several { users },
                },
            },
            Found::Nothing if call.user().is_some() => return Vec::new(),
            Found::Nothing => Caller::Unavailable,
        };
        if let Some(call) = self.touch(leg) {
            call.caller = caller;
        }
        let mut effects = self.open_profile(leg);
        effects.extend(self.send_edit(leg));
        effects
    }

    pub(crate) fn forget_old(&mut self) {
        for missed in [false, true] {
            self.forget_oldest(|call| !call.is_live() && missed == (call.detail.disposition == Some(Disposition::Missed)));
        }
    }

    fn forget_oldest(&mut self, of: impl Fn(&Call) -> bool) {
        let of_these = self.calls.values().filter(|call| of(call));
        let mut ended: Vec<(Moment, LegId)> = of_these.map(|call| (call.detail.offered_at, call.leg.clone())).collect();
        if ended.len() <= KEPT_CALLS {
            return;
        }
        ended.sort();
        for (_, leg) in ended.drain(..ended.len() - KEPT_CALLS) {
            if let Some(call) = self.calls.remove(&leg) {
                self.remember_colleague(&call);
            }
            self.changed.remove(&leg);
            self.forgotten.push(leg);
        }
    }

    /// Who a colleague is stays known when the call is forgotten that showed it; a call with the number from outside ends it.
    fn remember_colleague(&mut self, call: &Call) {
        let Some(key) = call.detail.number.key() else { return };
        let (within, known) = (shows_colleague(call), self.notes.colleagues.contains(&key));
        if within {
            self.notes_changed |= remembered::keep(&mut self.notes.colleagues, key);
        } else if known && call.detail.direction == Direction::Inbound {
            self.touch_notes().colleagues.retain(|number| *number != key);
        }
    }

    /// What this desk knows of a number before it is dialled.
    #[must_use]
    pub fn history(&self, number: &Number) -> History {
        let shown = History::of(number, self.calls.values());
        let noted = number.key().is_some_and(|key| self.notes.colleagues.contains(&key));
        History {
            colleague: shown.colleague || noted && !shown.from_outside,
            ..shown
        }
    }

    /// A choice for the next calls from this number, too.
    pub(crate) fn remember_choice(&mut self, key: PhoneKey, user: UserId) {
        self.touch_notes().remembered.remember(key, user);
    }
}
