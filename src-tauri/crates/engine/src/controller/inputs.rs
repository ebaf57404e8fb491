//! An input is taken in: the [`calls::Desk`] says what follows, that is stored in one transaction, and then it is carried out.

use crate::controller::Controller;
use crate::controller::storage::Unfinished;
use crate::shell::Mark;
use crate::time::now;
use crate::view::{CommandError, Route, TroubleView};
use calls::{Duty, DutyKind, Effect, Input, Refusal};
use store::Taken;

impl Controller {
    /// Takes an input in, decides, stores, carries out. Returns why an agent's action was refused.
    pub(crate) fn feed(&mut self, input: Input) -> Result<(), CommandError> {
        self.look_after_file();
        let at = now();
        let unfinished = Unfinished::of(&input, at, &mut self.store);
        let effects = self.desk.handle(input, at);
        drop(unfinished);
        self.settle(Taken::Now(at), effects)
    }

    pub(crate) fn settle(&mut self, taken: Taken, effects: Vec<Effect>) -> Result<(), CommandError> {
        self.windows.stale();
        let duties: Vec<Duty> = effects
            .iter()
            .filter_map(|effect| if let Effect::Owe(duty) = effect { Some(duty.clone()) } else { None })
            .collect();
        let changes = self.desk.take_changes();
        let moves: Vec<Duty> = duties
            .iter()
            .filter(|duty| matches!(duty.kind, DutyKind::MoveCase { .. }))
            .cloned()
            .collect();
        let stored = self.keep_changes(taken, changes, duties);
        for duty in &moves {
            self.open_for_the_chosen(duty);
        }
        let mut refused = Ok(());
        for effect in effects {
            match effect {
                Effect::Owe(_) => {}
                Effect::LookUp { leg, key } => self.look_up(leg, key),
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
    };
    CommandError {
        trouble: TroubleView::Refused,
        about: Some(about.into()),
    }
}
