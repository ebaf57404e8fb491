//! What the desk makes of what was delivered: cases that have their number now, were merged, or are gone.

use crate::call::{Call, Caller, Choice, Recording};
use crate::desk::Desk;
use crate::duty::{CaseFacts, CaseTarget, DutyResult};
use crate::duty_key::{DutyKey, DutyName};
use crate::effect::Effect;
use crate::event::LegId;
use crate::ids::{CaseId, UserId};
use crate::open_missed::OpenMissed;
use crate::outcome::{Act, Facts, Outcome, decide};
use crate::owed::{called_back, owe, owner, status_of};

impl Desk {
    pub(crate) fn done(&mut self, key: &DutyKey, leg: &LegId, result: DutyResult) -> Vec<Effect> {
        let mut effects = match &result.case {
            Some(facts) => self.case_opened(key, facts, result.user),
            None => Vec::new(),
        };
        if result.elsewhere {
            effects.extend(self.written_elsewhere(key, leg, result));
            return effects;
        }
        if result.gone {
            effects.extend(self.case_gone(key, leg));
            return effects;
        }
        self.missed_told(key, leg, &result);
        if let Some(moved) = result.moved {
            self.case_moved(key, leg, &moved);
        }
        let Some(call) = self.touch(leg) else { return effects };
        for undoing in call.filing.undoing.iter_mut().filter(|undoing| undoing.key == *key) {
            undoing.overruled = result.overruled;
        }
        if let Some(facts) = result.case {
            call.filing.case.get_or_insert(facts);
        }
        let last_chance =
            *key == call.key(DutyName::LateRecording) || (*key == call.key(DutyName::Recording) && !call.filing.recording_late);
        if result.recording {
            call.filing.recording = Recording::Attached;
        } else if last_chance && call.filing.recording != Recording::None {
            call.filing.recording = Recording::Missing;
        }
        if let Some(user) = result.user
            && matches!(call.caller, Caller::Unknown | Caller::LookingUp | Caller::Unavailable)
        {
            call.caller = Caller::Known { user, chosen: false };
        }
        // The message did not wait for its recording any longer: that follows on its own.
        let message = [call.key(DutyName::Case), call.key(DutyName::Note)].contains(key);
        if !result.recording && !call.is_live() && message && !call.handling.created_live {
            effects.extend(self.owe_late_recording(leg));
        }
        effects.extend(self.send_edit(leg));
        effects
    }

    /// A case has its number now; the calls that were noted in it learn it, too.
    fn case_opened(&mut self, key: &DutyKey, facts: &CaseFacts, user: Option<UserId>) -> Vec<Effect> {
        if let Some(missed) = self.notes.missed.iter().position(|missed| missed.opened_by == *key) {
            let note = &mut self.touch_notes().missed[missed];
            note.case.get_or_insert_with(|| facts.clone());
            note.user = note.user.or(user);
        }
        let legs_of = |desk: &Self, of: &dyn Fn(&Call) -> bool| -> Vec<LegId> {
            desk.calls.values().filter(|call| of(call)).map(|call| call.leg.clone()).collect()
        };
        for leg in legs_of(self, &|call| call.filing.joined.as_ref() == Some(key)) {
            if let Some(call) = self.touch(&leg) {
                call.filing.case.get_or_insert_with(|| facts.clone());
            }
        }
        let closed = CaseTarget::OpenedBy(key.clone());
        let unknowing = legs_of(self, &|call| {
            call.filing.closed_missed.contains(&closed) && call.is_attached_to(facts.id)
        });
        unknowing
            .iter()
            .flat_map(|leg| self.closed_unknowingly(leg, &closed, facts.id))
            .collect()
    }

    /// The case that a call was written to had been merged into another one, which got it instead.
    fn case_moved(&mut self, key: &DutyKey, leg: &LegId, moved: &CaseFacts) {
        let Some(call) = self.touch(leg) else { return };
        let own = [
            DutyName::Status,
            DutyName::StatusOfTransferred,
            DutyName::StatusOfNamed,
            DutyName::StatusOfTyped,
            DutyName::Note,
            DutyName::Recording,
            DutyName::LateRecording,
            DutyName::Undo,
            DutyName::Claim(call.filing.claims),
        ]
        .map(|name| call.key(name));
        if !own.contains(key) && !call.has_moved_by(key) {
            return;
        }
        call.filing.case = Some(moved.clone());
        let call = call.clone();
        let in_it = |missed: &OpenMissed| {
            let attached = missed.case.as_ref().is_some_and(|facts| call.is_attached_to(facts.id));
            attached
                || call.filing.joined.as_ref() == Some(&missed.opened_by)
                || (call.has_moved_by(key) && missed.opened_by == call.key(DutyName::Case))
        };
        if let Some(missed) = self.notes.missed.iter().position(in_it) {
            let user = call.writes_for();
            let note = &mut self.touch_notes().missed[missed];
            note.case = Some(moved.clone());
            if call.has_moved_by(key) {
                note.user = user;
            }
        }
    }

    /// The case a call was to be written to was deleted in the help desk: a new one takes its place, so
    /// that nothing is lost. A case that we opened after the call and a person deleted stays deleted.
    fn case_gone(&mut self, key: &DutyKey, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.touch(leg).filter(|call| !call.is_live()) else {
            return Vec::new();
        };
        let Some(outcome) = call.filing.outcome else { return Vec::new() };
        let of_this = [call.key(DutyName::Note), call.key(DutyName::Status), call.key(DutyName::Recording)].contains(key);
        let elsewhere = matches!(outcome.act, Act::NoteInCase | Act::NoteInMissed) || call.handling.created_live;
        if !of_this || !elsewhere {
            if *key == call.key(DutyName::LateRecording) && call.filing.recording != Recording::None {
                call.filing.recording = Recording::Missing;
            }
            return Vec::new();
        }
        let joined = call.filing.joined.take();
        let deleted = call.filing.case.take().map(|facts| facts.id);
        let attached = if let Choice::Attach { case } = &call.handling.choice {
            Some(case.id)
        } else {
            None
        };
        // Who attached a conversation wanted it in a case: that one is not left to chance.
        let wanted = attached.is_none() || call.was_answered();
        call.handling.choice = match &call.handling.choice {
            Choice::None => Choice::None,
            Choice::NewCase | Choice::Attach { .. } if wanted && owner(call).is_some() => Choice::NewCase,
            Choice::NewCase | Choice::Attach { .. } => Choice::None,
        };
        call.filing.replaced += 1;
        (call.filing.told_gist, call.handling.typed_since) = (None, false);
        (
            call.handling.created_live,
            call.filing.recording_owed,
            call.filing.recording_late,
            call.handling.undone,
        ) = (false, false, false, false);
        call.filing.undoing.clear();
        call.filing.labels_owed.clear();
        let is_deleted = |missed: &OpenMissed| {
            let id = missed.case.as_ref().map(|case| case.id);
            joined.as_ref() == Some(&missed.opened_by) || (id.is_some() && (id == deleted || id == attached))
        };
        if self.notes.missed.iter().any(is_deleted) {
            self.touch_notes().missed.retain(|missed| !is_deleted(missed));
        }
        self.settle(leg)
    }

    /// S33b, S33c, S33e: the missed-call case that a conversation was attached to was closed as if it were
    /// another one, as the help desk's answer that names it came only now.
    fn closed_unknowingly(&mut self, leg: &LegId, closed: &CaseTarget, id: CaseId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let outcome = decide(&Facts {
            open_missed: true,
            into_missed: true,
            ..self.facts(call, &[])
        });
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.filing.closed_missed.retain(|other| other != closed);
        call.filing.outcome = Some(Outcome {
            closes_missed: !call.filing.closed_missed.is_empty(),
            ..outcome
        });
        let mark = called_back(call);
        let status = status_of(call, &outcome, CaseTarget::Existing(id), mark).filter(|_| !call.handling.undone);
        status
            .map(|kind| owe(call, DutyName::StatusOfNamed, Vec::new(), kind))
            .into_iter()
            .collect()
    }
}
