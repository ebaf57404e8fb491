//! Sending what is owed: the outbox says what is next, a task of its own carries it out, and what came
//! of it goes to the desk.
//!
//! An attempt begins when its mark is in the file, for which its own task waits: whoever rings meanwhile is shown. Without
//! the mark nothing is sent; what it sends is decided when the mark is there.

use crate::controller::Controller;
use crate::controller::course::Id;
use crate::controller::tasks::{News, Work};
use crate::sending::deliver::{Delivery, Tried};
use crate::sending::outbox::Attempt;
use crate::shell::Mark;
use crate::time::now;
use calls::{DutyKind, Input, Owner, UserId};
use omnidesk::Priority;
use store::{Entry, StoreError};

impl Controller {
    /// Starts what the outbox allows, once the account is known; nothing while the disk owes us what is older.
    pub(crate) fn pump_outbox(&mut self) {
        if !self.may_send() {
            return;
        }
        if self.omnidesk.client(Priority::WriteBack).is_none() {
            return;
        }
        self.ask_turns();
        while self.take_latest_text()
            && let Some(entry) = self.outbox.start_next(now())
        {
            let seq = entry.seq;
            let Some(marked) = self.outbox.entry(seq).map(|marked| self.store.mark(marked)) else {
                return;
            };
            self.windows.stale();
            self.tasks.begin(Work::Attempt(seq), async move {
                match marked.await.unwrap_or(Err(StoreError::Broke)) {
                    Ok(()) => News::Marked(Box::new(entry)),
                    Err(error) => News::NotMarked(error),
                }
            });
        }
        if self.outbox.is_idle() && !self.idle_marked {
            self.idle_marked = true;
            self.shell.mark(Mark::OutboxEmpty);
        }
    }

    pub(crate) fn may_send(&self) -> bool {
        self.omnidesk.catalog().is_some() && self.storage.unsaved.is_empty()
    }

    /// The mark is in the file: the attempt begins, with what is known by now. An agent may have thought again meanwhile.
    pub(crate) fn marked(&mut self, entry: Entry) {
        let seq = entry.seq;
        let (Some(client), Some(catalog)) = (self.omnidesk.client(Priority::WriteBack), self.omnidesk.catalog().cloned()) else {
            self.outbox.undo_start(seq, now());
            if let Some(entry) = self.outbox.entry(seq).cloned() {
                self.keep_entry(&entry);
            }
            return;
        };
        let job = self.job(entry);
        let card = match &job.kind {
            DutyKind::OpenCase {
                owner: Owner::User { id, .. },
                ..
            }
            | DutyKind::MoveCase {
                owner: Owner::User { id, .. },
                ..
            } => self.people.card(*id).cloned(),
            _ => None,
        };
        let delivery = Delivery {
            client,
            pbx: self.pbx.line().cloned(),
            catalog,
            zone: self.zone.clone(),
            region: self.settings.region(),
            card,
        };
        self.tasks.begin(
            Work::Attempt(seq),
            async move { News::Tried(Box::new(delivery.attempt(&job).await)) },
        );
    }

    /// The disk refused the mark: nothing was sent.
    pub(crate) fn not_begun(&mut self, seq: i64, error: &StoreError) {
        self.storage_trouble(error);
        self.outbox.undo_start(seq, now());
    }

    pub(crate) fn attempted(&mut self, seq: i64, tried: Tried) {
        if let Some(error) = &tried.error {
            self.omnidesk_fails(error);
        }
        self.windows.stale();
        if matches!(tried.attempt, Attempt::Delivered(_)) {
            self.omnidesk_answers();
        }
        let Some(entry) = self.outbox.finish(seq, tried.attempt, now(), fastrand::f64()).cloned() else {
            return;
        };
        let Some(result) = entry.result.clone() else {
            self.keep_entry(&entry);
            tracing::info!(
                call = %Id(&entry.duty.leg),
                what = crate::screens::present::what(&entry.duty.kind),
                attempts = entry.attempts,
                trouble = entry.trouble,
                code = entry.code,
                "not delivered yet"
            );
            return;
        };
        tracing::info!(
            call = %Id(&entry.duty.leg),
            what = crate::screens::present::what(&entry.duty.kind),
            case = result.case.as_ref().map(|case| case.id.0),
            recording = result.recording,
            attempts = entry.attempts,
            "written to Omnidesk"
        );
        self.mark_delivered(&entry);
        if matches!(
            entry.duty.kind,
            DutyKind::OpenCase { .. } | DutyKind::SetStatus { .. } | DutyKind::MoveCase { .. }
        ) {
            self.facts.cases_changed();
        }
        match tried.card {
            // What Omnidesk said of a user when it changed one is the newest.
            Some(card) if matches!(entry.duty.kind, DutyKind::EditUser { .. } | DutyKind::LinkPhone { .. }) => self.keep(card),
            card => self.keep_new(card.into_iter().collect()),
        }
        if let Some(user) = result.user.filter(|user| !self.people.has(*user)) {
            self.read_person(user);
        }
        // First the desk, then the line: after a crash in between the attempt is made again, looks, and finds it done.
        // Only an agent's action can be refused.
        let _ = self.feed(Input::Done {
            key: entry.duty.key.clone(),
            leg: entry.duty.leg.clone(),
            duty: Some(Box::new(entry.duty.kind.clone())),
            result,
        });
        self.keep_entry(&entry);
    }

    fn mark_delivered(&self, entry: &Entry) {
        let Some(result) = &entry.result else { return };
        let leg = entry.duty.leg.clone();
        match &entry.duty.kind {
            DutyKind::OpenCase { .. } => {
                if let Some(facts) = &result.case {
                    self.shell.mark(Mark::CaseCreated {
                        leg: leg.clone(),
                        number: facts.number.clone(),
                    });
                }
            }
            DutyKind::SetStatus { status: Some(status), .. } => {
                let status = match status {
                    calls::CaseStatus::Open => "open",
                    calls::CaseStatus::Waiting => "waiting",
                    calls::CaseStatus::Closed => "closed",
                };
                self.shell.mark(Mark::Status { leg: leg.clone(), status });
            }
            DutyKind::EditUser { .. }
            | DutyKind::MoveCase { .. }
            | DutyKind::LinkPhone { .. }
            | DutyKind::FinishText { .. }
            | DutyKind::SetStatus { status: None, .. }
            | DutyKind::PutLabels { .. }
            | DutyKind::SetClaim { .. }
            | DutyKind::AddNote { .. }
            | DutyKind::AddRecording { .. } => {}
        }
        if result.recording {
            self.shell.mark(Mark::RecordingAttached { leg });
        }
    }

    /// Omnidesk made a user from a number (S14): who is it now?
    pub(crate) fn read_person(&mut self, user: UserId) {
        let Some(client) = self.omnidesk.client(Priority::Background) else {
            return;
        };
        self.tasks.begin(Work::ReadPerson(user), async move {
            match crate::people::look_up::by_id(&client, user).await {
                Ok(card) => News::Person(Box::new(card)),
                // Whoever needs the person asks again.
                Err(_) => News::Nothing,
            }
        });
    }
}

#[cfg(test)]
mod tests;
