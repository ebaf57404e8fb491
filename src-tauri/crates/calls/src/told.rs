//! What the desk makes of what was delivered: cases that have their number now, were merged, or are gone.

use crate::addition::TYPED_STATUS;
use crate::call::{Call, Caller, Choice, Recording};
use crate::desk::{Desk, Effect, OpenMissed};
use crate::duty::{CaseFacts, CaseTarget, DutyKey, DutyResult};
use crate::outcome::{Act, Facts, Outcome, decide};
use crate::settle::{LATE_RECORDING, called_back, owe, owner, status_of};
use crate::{CaseId, LegId, UserId};

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
        for undoing in call.undoing.iter_mut().filter(|undoing| undoing.key == *key) {
            undoing.overruled = result.overruled;
        }
        if let Some(facts) = result.case {
            call.case.get_or_insert(facts);
        }
        let last_chance = *key == call.key(LATE_RECORDING) || (*key == call.key("recording") && !call.recording_late);
        if result.recording {
            call.recording = Recording::Attached;
        } else if last_chance && call.recording != Recording::None {
            call.recording = Recording::Lost;
        }
        if let Some(user) = result.user
            && matches!(call.caller, Caller::Unknown | Caller::LookingUp | Caller::Unavailable)
        {
            call.caller = Caller::Known { user, chosen: false };
        }
        // The message did not wait for its recording any longer: that follows on its own.
        let message = [call.key("case"), call.key("note")].contains(key);
        if !result.recording && !call.is_live() && message && !call.created_live {
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
        for leg in legs_of(self, &|call| call.joined.as_ref() == Some(key)) {
            if let Some(call) = self.touch(&leg) {
                call.case.get_or_insert_with(|| facts.clone());
            }
        }
        let closed = CaseTarget::OpenedBy(key.clone());
        let unknowing = legs_of(self, &|call| call.closed_missed.contains(&closed) && call.is_attached_to(facts.id));
        unknowing
            .iter()
            .flat_map(|leg| self.closed_unknowingly(leg, &closed, facts.id))
            .collect()
    }

    /// The case that a call was written to had been merged into another one, which got it instead.
    fn case_moved(&mut self, key: &DutyKey, leg: &LegId, moved: &CaseFacts) {
        let Some(call) = self.touch(leg) else { return };
        let own = [
            "status",
            "status-transferred",
            "status-named",
            TYPED_STATUS,
            "note",
            "recording",
            LATE_RECORDING,
            "undo",
        ]
        .map(|what| call.key(what));
        if !own.contains(key) && !call.has_moved_by(key) {
            return;
        }
        call.case = Some(moved.clone());
        let call = call.clone();
        let in_it = |missed: &OpenMissed| {
            let attached = missed.case.as_ref().is_some_and(|facts| call.is_attached_to(facts.id));
            attached || call.joined.as_ref() == Some(&missed.opened_by) || (call.has_moved_by(key) && missed.opened_by == call.key("case"))
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
        let Some(outcome) = call.outcome else { return Vec::new() };
        let of_this = [call.key("note"), call.key("status"), call.key("recording")].contains(key);
        let elsewhere = matches!(outcome.act, Act::NoteInCase | Act::NoteInMissed) || call.created_live;
        if !of_this || !elsewhere {
            if *key == call.key(LATE_RECORDING) && call.recording != Recording::None {
                call.recording = Recording::Lost;
            }
            return Vec::new();
        }
        let joined = call.joined.take();
        let lost = call.case.take().map(|facts| facts.id);
        let attached = if let Choice::Attach { case } = &call.choice {
            Some(case.id)
        } else {
            None
        };
        // Who attached a conversation wanted it in a case: that one is not left to chance.
        let wanted = attached.is_none() || call.was_answered();
        call.choice = match &call.choice {
            Choice::None => Choice::None,
            Choice::NewCase | Choice::Attach { .. } if wanted && owner(call).is_some() => Choice::NewCase,
            Choice::NewCase | Choice::Attach { .. } => Choice::None,
        };
        call.replaced += 1;
        (call.told_gist, call.typed_since) = (None, false);
        (call.created_live, call.recording_owed, call.recording_late, call.undone) = (false, false, false, false);
        call.undoing.clear();
        let is_lost = |missed: &OpenMissed| {
            let id = missed.case.as_ref().map(|case| case.id);
            joined.as_ref() == Some(&missed.opened_by) || (id.is_some() && (id == lost || id == attached))
        };
        if self.notes.missed.iter().any(is_lost) {
            self.touch_notes().missed.retain(|missed| !is_lost(missed));
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
        call.closed_missed.retain(|other| other != closed);
        call.outcome = Some(Outcome {
            closes_missed: !call.closed_missed.is_empty(),
            ..outcome
        });
        let mark = called_back(call);
        let status = status_of(call, &outcome, CaseTarget::Existing(id), mark).filter(|_| !call.undone);
        status.map(|kind| owe(call, "status-named", Vec::new(), kind)).into_iter().collect()
    }
}
