//! The start: the state as it was stored, and what a crash left half done.

use crate::controller::{Controller, SHOWN_DELIVERED};
use crate::sending::outbox::Outbox;
use crate::settings::Settings;
use crate::settings::layers::{Layer, Layers, ReadLayer};
use crate::time::now;
use calls::{Desk, Duty, DutyKind, Effect, Input, LegId, Moment, PhoneKey, Recording, UserId};
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::{Disk, Entry, Journaled, Taken, Write};

/// Where the address of the account is kept that this computer works with.
const ADDRESS: &str = "omnideskUrl";

impl Controller {
    /// What was stored, and then the inputs that were taken in but not finished before a crash.
    pub(crate) fn restore(&mut self) {
        self.restore_settings();
        // Kept apart: what an office provides stays in force until a person saves settings here.
        self.settings.machine = match self.store.setting("machine") {
            Ok(Some(machine)) => machine,
            _ => format!("{:08x}", fastrand::u32(..)),
        };
        self.store.later(Write::Setting {
            name: "machine",
            value: self.settings.machine.clone(),
        });
        self.restore_office();
        self.restore_index();
        self.restore_pause();
        self.restore_privacy();
        self.restore_track();
        let policy = self.policy();
        self.restore_heard();
        self.name_agent();
        match self.store.now(|store| store.restore()) {
            Ok(restored) => {
                self.count_unreadable(restored.unreadable + restored.unreadable_inputs);
                self.desk = Desk::restore(policy, restored.calls, restored.notes).with_cases(restored.cases);
                self.course.know(self.desk.calls());
            }
            Err(error) => self.storage_trouble(&error),
        }
        match self.store.now(|store| store.outbox(now().plus_ms(-SHOWN_DELIVERED))) {
            Ok(mut entries) => {
                crate::sending::outbox::soon_enough(&mut entries, now());
                self.outbox = Outbox::restore(entries);
                self.outbox.close_all();
                let not_understood = self.store.now(|store| store.not_understood()).unwrap_or_default();
                self.outbox.leave_alone(not_understood.into_iter().map(|row| row.key));
            }
            Err(error) => self.storage_trouble(&error),
        }
        self.build_case_records();
        for call in self.desk.calls().filter(|call| call.is_live()) {
            self.watch.doubt(call.leg.clone());
        }
        let users: Vec<UserId> = self.desk.calls().flat_map(crate::controller::lookups::users_of).collect();
        for user in users {
            self.recall(user);
        }
        self.follow_account();
        for journaled in self.store.now(|store| store.unhandled()).unwrap_or_default() {
            let row = journaled.id;
            if let Some(effects) = replayed(&self.store, &mut self.desk, &journaled, Desk::handle) {
                self.follow(Taken::Row(row), &effects);
                let looked_up: Vec<_> = effects.iter().filter_map(looked_up).collect();
                // The window that could be told of a refusal is gone.
                let _ = self.settle(effects);
                for (leg, key) in looked_up {
                    for found in self.found_here(&leg, &key) {
                        let _ = self.feed(found);
                    }
                }
            }
        }
        self.count_aside();
        self.tell_what_was_delivered();
        self.restore_drafts();
        self.restore_labels();
    }

    /// The settings, layer by layer. What of them cannot be read does not hold, and the text is kept.
    fn restore_settings(&mut self) {
        let published = self.stored_layer("published");
        let mut layers = Layers::new(&self.office, published.map(|read| read.layer).unwrap_or_default());
        let own = self.stored_layer("settings");
        let was_whole = own.as_ref().is_some_and(|read| read.is_whole);
        self.storage.own_settings = own.is_some();
        layers.take_own(own.unwrap_or_default());
        self.adopt(layers);
        if was_whole {
            // From now on it keeps what is its own, and follows the office in everything else.
            self.save_settings();
        }
    }

    /// The office may name another account than the one this computer worked with last. Once nothing is owed there any more,
    /// it is left as if a person had saved it; until then each start stays with it.
    fn follow_account(&mut self) {
        let last = Settings {
            omnidesk_url: self.store.setting(ADDRESS).ok().flatten().unwrap_or_default(),
            office_settings: self.settings.office_settings.clone(),
            ..Settings::default()
        };
        if last.leaves_account(&self.settings) {
            let layers = self.layers.clone();
            let left = self.may_leave_account().and_then(|()| self.leave_account(&layers));
            if left.is_err() {
                tracing::warn!("the office names another account; what is owed to the one of before goes first");
                self.layers.stay_with(&last.omnidesk_url);
                self.adopt(self.layers.clone());
            } else {
                self.office_follows(&last);
            }
        }
        self.keep_address();
    }

    /// With which account this computer works.
    pub(crate) fn keep_address(&mut self) {
        if let Err(error) = self.store.save_setting(ADDRESS, self.settings.omnidesk_url.clone()) {
            self.storage_trouble(&error);
        }
    }

    fn stored_layer(&mut self, name: &'static str) -> Option<ReadLayer> {
        let text = match self.store.setting(name) {
            Ok(text) => text?,
            Err(error) => {
                self.storage_trouble(&error);
                return None;
            }
        };
        let read = Layer::read(&text);
        if read.unreadable || read.unknown {
            tracing::error!(name, "some of the stored settings cannot be read; their text is kept aside");
            if let Err(error) = self.store.now(move |store| store.put_aside("settings", name, &text, now())) {
                self.storage_trouble(&error);
            }
        }
        Some(read)
    }

    /// A file of a version that kept no records of cases: what was delivered tells them.
    fn build_case_records(&mut self) {
        if self.desk.cases().next().is_some() {
            return;
        }
        match self.store.now(|store| store.outbox(Moment(0))) {
            Ok(mut entries) => {
                entries.sort_by_key(|entry| (entry.done_at, entry.seq));
                let delivered = entries
                    .iter()
                    .filter_map(|entry| Some((&entry.duty, entry.result.as_ref()?, entry.done_at?)));
                self.desk.record_delivered(delivered);
            }
            Err(error) => self.storage_trouble(&error),
        }
    }

    /// A delivery whose result did not reach the desk before a crash reaches it now.
    fn tell_what_was_delivered(&mut self) {
        let untold = |entry: &&Entry| {
            let (Some(result), Some(call)) = (&entry.result, self.desk.call(&entry.duty.leg)) else {
                return false;
            };
            let opened = matches!(entry.duty.kind, DutyKind::OpenCase { .. });
            (opened && call.filing.case.is_none()) || (result.recording && matches!(call.filing.recording, Recording::Expected { .. }))
        };
        let untold: Vec<Entry> = self.outbox.entries().filter(untold).cloned().collect();
        for entry in untold {
            let Duty { key, leg, kind, .. } = entry.duty;
            // Only an agent's action can be refused.
            let _ = self.feed(Input::Done {
                key,
                leg,
                duty: Some(Box::new(kind)),
                result: entry.result.unwrap_or_default(),
            });
        }
    }
}

fn looked_up(effect: &Effect) -> Option<(LegId, PhoneKey)> {
    match effect {
        Effect::LookUp { leg, key } => Some((leg.clone(), key.clone())),
        _ => None,
    }
}

/// Handles an input again that was taken in before the program ended in the middle of it. One at which the program fails
/// twice, in this start or in earlier ones, is put aside: the start goes on without it.
fn replayed(
    store: &Disk,
    desk: &mut Desk,
    journaled: &Journaled,
    handle: impl Fn(&mut Desk, Input, Moment) -> Vec<Effect>,
) -> Option<Vec<Effect>> {
    // Counted before: a failure may be one that nothing here survives.
    let row = journaled.id;
    while store.now(move |store| store.count_replay(row)).unwrap_or(false) {
        let mut trial = desk.clone();
        let handled = catch_unwind(AssertUnwindSafe(|| handle(&mut trial, journaled.input.clone(), journaled.at)));
        if let Ok(effects) = handled {
            *desk = trial;
            return Some(effects);
        }
        tracing::error!(row, "an input of before the start cannot be handled");
    }
    if let Err(error) = store.now(move |store| store.set_input_aside(row)) {
        tracing::error!(%error, "it could not be put aside");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use calls::AgentAction;
    use store::Store;

    fn disk() -> Disk {
        Disk::of(Store::in_memory().unwrap()).unwrap()
    }

    fn waiting(disk: &Disk) -> Vec<Journaled> {
        disk.now(|store| store.unhandled()).unwrap()
    }

    fn typed(leg: &str) -> Input {
        let action = AgentAction::OpenCompose;
        Input::Agent {
            leg: LegId::new(leg),
            action,
        }
    }

    /// Fails at what is done with this call, after it has changed the desk.
    fn poisoned(desk: &mut Desk, input: Input, at: Moment) -> Vec<Effect> {
        let Input::Agent { leg, .. } = &input else {
            panic!("an agent's input")
        };
        assert!(leg.as_str() != "poison", "the test's own failure");
        desk.handle(input, at)
    }

    #[test]
    fn d5_an_input_at_which_the_program_fails_twice_is_put_aside_and_the_start_goes_on() {
        let store = disk();
        for leg in ["a", "poison", "b"] {
            store.now(move |store| store.take_in(&typed(leg), Moment(5))).unwrap();
        }
        let mut desk = Desk::default();
        let mut handled = Vec::new();
        for journaled in waiting(&store) {
            if replayed(&store, &mut desk, &journaled, poisoned).is_some() {
                handled.push(journaled.id);
            }
        }
        assert_eq!(handled, [1, 3]);
        let waiting: Vec<i64> = waiting(&store).iter().map(|row| row.id).collect();
        assert_eq!(
            (waiting, store.now(|store| store.count_aside()).unwrap()),
            (vec![1, 3], 1),
            "the others are for the commit"
        );
        assert!(store.now(|store| store.export_aside()).unwrap().contains("poison"));
    }

    #[test]
    fn d5_an_input_that_ended_the_program_twice_is_not_tried_again() {
        let store = disk();
        let row = store.now(|store| store.take_in(&typed("a"), Moment(5))).unwrap();
        for _ in 0..2 {
            assert!(store.now(move |store| store.count_replay(row)).unwrap());
        }
        let journaled = waiting(&store).remove(0);
        let never = |_: &mut Desk, _, _| panic!("a third time");
        assert_eq!(replayed(&store, &mut Desk::default(), &journaled, never), None);
        assert_eq!(waiting(&store), []);
    }

    #[test]
    fn d5_a_replay_whose_count_the_disk_refuses_is_not_made_blindly_for_ever() {
        let store = disk();
        let row = store.now(|store| store.take_in(&typed("a"), Moment(5))).unwrap();
        let journaled = waiting(&store).remove(0);
        assert!(replayed(&store, &mut Desk::default(), &journaled, Desk::handle).is_some());
        assert_eq!(
            (row, waiting(&store)[0].replays),
            (journaled.id, 1),
            "counted before it was handled"
        );
    }
}
