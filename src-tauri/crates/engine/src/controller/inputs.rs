//! Inputs: what follows from them is decided, stored, carried out, and shown.
//!
//! 1. Events of the PBX that came together are one batch: one transaction, one wait for the disk, and they are shown together.
//! 2. What this computer knows of a caller is part of the batch that brings the call: number and name come in one paint.
//! 3. What follows is carried out when it is in the file, and shown before anything else is done.

use crate::controller::Controller;
use crate::controller::course::tell_deed;
use crate::controller::storage::Unsaved;
use crate::shell::Mark;
use crate::time::now;
use crate::view::{CommandError, Route, TroubleView};
use calls::{Duty, DutyKind, Effect, Input, Moment, Refusal};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use store::Taken;

/// Inputs that are handled together, and what follows from them.
pub(crate) struct Batch {
    at: Moment,
    /// What was begun to be handled, in order.
    begun: Vec<Input>,
    effects: Vec<Effect>,
}

impl Controller {
    /// Takes an input in, decides, stores, carries out. Returns why an agent's action was refused.
    pub(crate) fn feed(&mut self, input: Input) -> Result<(), CommandError> {
        self.handle_together(|controller, batch| controller.handle(batch, input))
    }

    /// Handles inputs and settles what follows. If the program fails at one, all of them are kept (D5): what an agent typed
    /// is tried again at the next start, and put aside where that fails too.
    pub(crate) fn handle_together(&mut self, inputs: impl FnOnce(&mut Self, &mut Batch)) -> Result<(), CommandError> {
        self.look_after_file();
        let mut batch = Batch {
            at: now(),
            begun: Vec::new(),
            effects: Vec::new(),
        };
        let stored = self.storage.unsaved.len();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| inputs(self, &mut batch))) {
            self.storage.unsaved.truncate(stored);
            crate::controller::storage::keep_unfinished(&self.store, batch.begun, batch.at);
            resume_unwind(panic);
        }
        self.settle(batch.effects)
    }

    /// Decides what follows from an input, without doing anything; it is stored with [`Controller::settle`].
    pub(crate) fn handle(&mut self, batch: &mut Batch, input: Input) {
        batch.begun.push(input.clone());
        tell_deed(&input);
        let effects = self.desk.handle(input, batch.at);
        self.follow(Taken::Now(batch.at), &effects);
        for effect in effects {
            if let Effect::LookUp { leg, key } = &effect {
                for found in self.found_here(leg, key) {
                    self.handle(batch, found);
                }
            }
            batch.effects.push(effect);
        }
    }

    /// What the desk changed and owes waits to be stored.
    pub(crate) fn follow(&mut self, taken: Taken, effects: &[Effect]) {
        let changes = self.desk.take_changes();
        self.course.tell(&changes);
        let owed = |effect: &Effect| if let Effect::Owe(duty) = effect { Some(duty.clone()) } else { None };
        let duties = effects.iter().filter_map(owed).collect();
        self.storage.unsaved.push(std::sync::Arc::new(Unsaved {
            taken,
            changes,
            duties,
            reworded: None,
        }));
    }

    /// Stores what waits for it, and carries the effects out.
    pub(crate) fn settle(&mut self, effects: Vec<Effect>) -> Result<(), CommandError> {
        self.windows.stale();
        let stored = self.store_unsaved();
        let moves = |effect: &Effect| match effect {
            Effect::Owe(duty) if matches!(duty.kind, DutyKind::MoveCase { .. }) => Some(duty.clone()),
            _ => None,
        };
        let moves: Vec<Duty> = effects.iter().filter_map(moves).collect();
        for duty in &moves {
            self.open_for_the_chosen(duty);
        }
        let mut refused = Ok(());
        for effect in effects {
            match effect {
                Effect::Owe(_) => {}
                Effect::LookUp { leg, key } => self.ask_who(leg, key),
                Effect::OpenProfile { leg, user } => {
                    self.shell.mark(Mark::ProfileOpened { leg: leg.clone() });
                    self.shell.open(Route::Profile {
                        user: user.0.to_string(),
                        call: Some(leg.0),
                    });
                }
                // What is not in the file must not happen: a second start would not know of it.
                Effect::Dial { leg, .. } if stored.is_err() => self.not_ordered(leg),
                Effect::Dial { leg, order, number } => self.order(leg, order, number),
                Effect::Inquire { leg } => self.inquire(leg),
                Effect::HangUp { leg } => self.hang_up_late(leg),
                Effect::Refuse(refusal) => refused = Err(refusal_view(refusal)),
            }
        }
        refused.and(stored)
    }
}

fn refusal_view(refusal: Refusal) -> CommandError {
    let about = match refusal {
        Refusal::NoSuchCall => return CommandError::from(TroubleView::Gone),
        Refusal::HasCase => "hasCase",
        Refusal::NobodyToWriteFor => "nobody",
        Refusal::NothingToUndo => "nothingToUndo",
        Refusal::NobodyToCall => "nobody",
        Refusal::InThePast => "past",
        Refusal::TooManyReminders => "tooMany",
        Refusal::Claimed => "claimed",
    };
    CommandError {
        trouble: TroubleView::Refused,
        about: Some(about.into()),
    }
}

#[cfg(test)]
mod tests;
