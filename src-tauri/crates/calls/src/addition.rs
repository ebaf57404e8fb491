//! What the agent types on after the end of a call: it changes what was decided for a page without text, and it reaches
//! the case, in the message about the call while that was not sent, else as an addition of its own (S07, S15, D5).

use crate::call::{Call, Draft};
use crate::desk::Desk;
use crate::duty::{CaseTarget, Duty, DutyKind, Subject};
use crate::duty_key::{DutyKey, DutyName};
use crate::effect::Effect;
use crate::event::LegId;
use crate::outcome::{Act, Outcome, Reason, decide};
use crate::owed::{first_message, goes_to, owe, status_of, subject_of, summary};

impl Call {
    /// Whether the agent has typed on since the end, and nothing of it is owed yet.
    #[must_use]
    pub fn has_unsent_text(&self) -> bool {
        !self.is_live() && self.filing.owed_text.is_some()
    }

    /// A message about the call that was not sent yet, with the text as it is by now; none where it stays as it was owed.
    #[must_use]
    pub fn reworded(&self, duty: &Duty) -> Option<DutyKind> {
        if !self.has_unsent_text() || !self.tells_text(&duty.key) {
            return None;
        }
        let mut kind = duty.kind.clone();
        match &mut kind {
            DutyKind::OpenCase { subject, summary, .. } => {
                self.handling.draft.gist.trim().clone_into(&mut summary.gist);
                *subject = subject_of(self);
            }
            DutyKind::AddNote { summary, .. } => self.handling.draft.gist.trim().clone_into(&mut summary.gist),
            DutyKind::LinkPhone { .. }
            | DutyKind::FinishText { .. }
            | DutyKind::EditUser { .. }
            | DutyKind::MoveCase { .. }
            | DutyKind::PutLabels { .. }
            | DutyKind::SetClaim { .. }
            | DutyKind::AddRecording { .. }
            | DutyKind::SetStatus { .. } => return None,
        }
        Some(kind)
    }

    /// Whether the duty of this key carries what the agent typed. A case that was created during the call began with it,
    /// and a missed-call case that the call was noted in has a text of another form.
    #[must_use]
    pub fn tells_text(&self, key: &DutyKey) -> bool {
        let noted = self.filing.outcome.is_some_and(|outcome| outcome.act == Act::NoteInMissed);
        !self.handling.created_live && !noted && (*key == self.key(DutyName::Case) || *key == self.key(DutyName::Note))
    }
}

impl Desk {
    /// The agent typed after the end.
    pub(crate) fn typed_late(&mut self, leg: &LegId, before: &Draft) -> Vec<Effect> {
        let Some(call) = self.touch(leg).filter(|call| !call.is_live() && call.filing.outcome.is_some()) else {
            return Vec::new();
        };
        let owed = call.filing.owed_text.take().unwrap_or_else(|| before.clone());
        call.filing.owed_text = Some(owed).filter(|owed| !owed.says_the_same(&call.handling.draft));
        if call.has_unsent_text() {
            self.decide_typed(leg)
        } else {
            Vec::new()
        }
    }

    /// S15 instead of S07, S17, S34: «осталась незаполненной» is not true of a page with text.
    fn decide_typed(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg).filter(|call| !call.handling.undone) else {
            return Vec::new();
        };
        let by_itself = |outcome: &Outcome| {
            let without_text = matches!(
                outcome.reason,
                Reason::ComposeLeftEmpty
                    | Reason::AnsweredNothingCreated
                    | Reason::TransferredUntouched
                    | Reason::CalledUntouched
                    | Reason::AttemptUntouched
            );
            outcome.act == Act::OpenCase && without_text
        };
        let Some(before) = call.filing.outcome.filter(by_itself) else {
            return Vec::new();
        };
        let outcome = decide(&self.facts(call, &[]));
        if outcome.reason != Reason::AnsweredOnlyTyped {
            return Vec::new();
        }
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.filing.outcome = Some(Outcome {
            closes_missed: before.closes_missed,
            ..outcome
        });
        if outcome.status == before.status {
            return Vec::new();
        }
        let case = CaseTarget::OpenedBy(call.key(DutyName::Case));
        let status = status_of(call, &outcome, case, None);
        status
            .map(|kind| owe(call, DutyName::StatusOfTyped, vec![call.key(DutyName::Case)], kind))
            .into_iter()
            .collect()
    }

    /// The agent is done with the text, or has not typed for a while: what is owed nowhere yet goes as an addition. Where
    /// nothing was written about the call, the text may make it worth a case.
    pub(crate) fn send_draft(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg).filter(|call| call.has_unsent_text()) else {
            return Vec::new();
        };
        let Some(outcome) = call.filing.outcome else { return Vec::new() };
        if outcome.act == Act::NoCase {
            let decided = decide(&self.facts(call, &[]));
            return if decided.act == Act::NoCase { Vec::new() } else { self.settle(leg) };
        }
        let Some((case, after)) = goes_to(call, &outcome) else {
            return Vec::new();
        };
        let Some(call) = self.touch(leg) else { return Vec::new() };
        let owed = call.filing.owed_text.take().unwrap_or_default();
        call.filing.told_gist.get_or_insert_with(|| owed.gist.trim().to_owned());
        let mut effects = Vec::new();
        let own = matches!(outcome.act, Act::OpenCase | Act::FinishCase);
        let subject = call.handling.draft.subject.trim().to_owned();
        let renamed = !subject.is_empty() && subject != owed.subject.trim();
        let mut text = addition(&owed.gist, &call.handling.draft.gist);
        if renamed && own {
            let was = call.filing.sent_subject.replace(Subject::Typed(subject.clone()));
            call.filing.corrections += 1;
            let mut first = first_message(call);
            first.gist = call.filing.told_gist.clone().unwrap_or_default();
            if call.handling.created_live {
                (first.disposition, first.talk_ms) = (None, None);
            }
            let kind = DutyKind::FinishText {
                case: case.clone(),
                subject: Some(subject),
                was,
                summary: first,
            };
            effects.push(owe(call, DutyName::Text(call.filing.corrections), after.clone(), kind));
        } else if renamed {
            text = format!("{subject}\n{text}").trim().to_owned();
        }
        if !text.is_empty() {
            call.filing.additions += 1;
            let mut summary = summary(call);
            // Only the text: how the call went stands in the message about it.
            (summary.gist, summary.disposition, summary.talk_ms, summary.transferred_to) = (text, None, None, None);
            let kind = DutyKind::AddNote {
                case,
                summary,
                recording: None,
            };
            effects.push(owe(call, DutyName::Added(call.filing.additions), after, kind));
        }
        effects
    }

    /// The message about the call takes the text along that was typed since it was owed.
    pub(crate) fn took_text(&mut self, leg: &LegId) {
        if let Some(call) = self.touch(leg).filter(|call| call.has_unsent_text()) {
            call.filing.owed_text = None;
            call.filing.sent_subject = Some(subject_of(call));
        }
    }
}

impl Duty {
    /// Whether it is text or a promise that the agent added after the call was told.
    #[must_use]
    pub fn is_addition(&self) -> bool {
        matches!(self.kind, DutyKind::AddNote { .. }) && self.key.is_of_addition()
    }
}

/// What stands in the new text and not in the old one: from the line on in which it begins to differ; all of it where the
/// old text was changed further up. Nothing where text was only taken away.
fn addition(old: &str, new: &str) -> String {
    let (old, new) = (old.trim(), new.trim());
    let Some(rest) = new.strip_prefix(old) else { return new.to_owned() };
    if rest.is_empty() {
        return String::new();
    }
    let begins_anew = old.is_empty() || rest.starts_with('\n');
    if begins_anew {
        return rest.trim().to_owned();
    }
    // A sentence that was cut off is read as a whole.
    let line = old.rfind('\n').map_or(0, |end| end + 1);
    new[line..].trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::addition;

    #[test]
    fn an_addition_is_what_is_new_and_reads_as_a_whole() {
        for (old, new, added) in [
            ("", "Просит счёт", "Просит счёт"),
            ("Просит счёт", "Просит счёт", ""),
            ("Просит счёт", "Просит счёт\nПерезвонить завтра", "Перезвонить завтра"),
            ("Первое\nПросит пере", "Первое\nПросит перезвонить", "Просит перезвонить"),
            ("Просит счёт", "Не просит", "Не просит"),
            ("Просит счёт", "", ""),
            ("Просит счёт ", "  Просит счёт\n", ""),
        ] {
            assert_eq!(addition(old, new), added, "{old} / {new}");
        }
    }
}
