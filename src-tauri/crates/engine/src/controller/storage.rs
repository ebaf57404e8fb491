//! This computer's disk: what it refuses is kept in memory, tried again, and said; what it has lost is written anew.
//!
//! 1. Nothing is sent and nothing is dialled that is not in the file. What the disk refuses waits here, in order, and is
//!    tried again before anything else is.
//! 2. «Delivered» that could not be stored is stored later: else a next start would deliver once more.
//! 3. A file that turns out to be damaged, or is gone, is replaced by one with everything that can be read of it and
//!    everything that is known here.
//! 4. The trouble is over when all that waited is written *and* the disk takes another write; then that is said, too.

use crate::controller::Controller;
use crate::time::{ms, now};
use crate::view::{CommandError, StorageFaultView, StorageView, TroubleView};
use calls::{Changes, Duty, Input, Moment};
use std::sync::Arc;
use store::{Disk, Entry, Fault, Followed, StoreError, Taken, Write};

/// Between attempts to store what the disk refused, ms.
const RETRY: i64 = 2_000;
/// How long it is said that the disk takes writes again, ms.
const SAID: i64 = 60_000;

/// What followed from an input and is not in the file yet.
pub(crate) struct Unsaved {
    pub taken: Taken,
    pub changes: Changes,
    pub duties: Vec<Duty>,
    /// An entry that takes along what the agent typed.
    pub reworded: Option<Entry>,
}

/// How the disk stands.
#[derive(Default)]
pub(crate) struct Storage {
    /// What it refuses, and since when.
    trouble: Option<(Fault, Moment)>,
    /// When it began to take writes again.
    mended: Option<Moment>,
    again: Option<Moment>,
    pub unsaved: Vec<Arc<Unsaved>>,
    /// The file is damaged or gone: a sound one is to take its place.
    replaces: bool,
    /// The settings are the person's own, not the office's: they belong into the file.
    pub own_settings: bool,
    /// Rows of calls and of what is owed that cannot be read.
    pub unreadable: u32,
}

impl Storage {
    /// Whether the disk refuses something now.
    pub fn refuses(&self) -> bool {
        self.trouble.is_some()
    }

    /// What was decided last says that an entry takes along what was typed.
    pub fn stored_along(&mut self, reworded: Option<Entry>) {
        if let Some(last) = self.unsaved.last_mut().and_then(Arc::get_mut) {
            last.reworded = reworded;
        }
    }

    /// When something about the disk is to be done or said next.
    pub fn wake_at(&self) -> Option<Moment> {
        [self.again, self.mended.map(|at| at.plus_ms(SAID))].into_iter().flatten().min()
    }

    /// This computer's clock was set back by so much, ms.
    pub fn clock_set_back(&mut self, by: i64) {
        let since = self.trouble.as_mut().map(|(_, since)| since);
        for at in [since, self.mended.as_mut(), self.again.as_mut()].into_iter().flatten() {
            *at = at.plus_ms(-by);
        }
    }

    /// For the windows.
    pub fn view(&self, store: &Disk, office_unread: bool) -> StorageView {
        StorageView {
            fault: self.trouble.map(|(fault, _)| fault_view(fault)),
            since: self.trouble.map(|(_, since)| ms(since)),
            mended_at: self.mended.map(ms),
            aside: store.rescued().map(|rescue| rescue.aside.display().to_string()),
            unreadable: self.unreadable,
            office_unread,
        }
    }
}

fn fault_view(fault: Fault) -> StorageFaultView {
    match fault {
        Fault::Full => StorageFaultView::Full,
        Fault::ReadOnly | Fault::Foreign | Fault::NotAFolder => StorageFaultView::ReadOnly,
        Fault::Damaged => StorageFaultView::Damaged,
        Fault::InUse => StorageFaultView::InUse,
        Fault::Newer | Fault::Other => StorageFaultView::Other,
    }
}

/// Inputs at which the program has failed are kept for the next start, in order.
pub(crate) fn keep_unfinished(store: &Disk, inputs: Vec<Input>, at: Moment) {
    let kept = store.now(move |store| inputs.iter().try_for_each(|input| store.take_in(input, at).map(drop)));
    if let Err(error) = kept {
        tracing::error!(%error, "the inputs at which the program failed could not be kept");
    }
}

impl Controller {
    /// The disk refused. Calls go on in memory, and the windows say so.
    pub(crate) fn storage_trouble(&mut self, error: &StoreError) {
        tracing::error!(%error, "the store refused");
        let at = now();
        let since = self.storage.trouble.map_or(at, |(_, since)| since);
        let fault = self.store.fault_of(error);
        self.storage.trouble = Some((fault, since));
        self.storage.replaces |= fault == Fault::Damaged;
        self.storage.mended = None;
        self.storage.again.get_or_insert(at.plus_ms(RETRY));
        self.windows.stale();
    }

    /// Writes what is not in the file yet, in one transaction. What the disk refuses is kept and tried again.
    pub(crate) fn store_unsaved(&mut self) -> Result<(), CommandError> {
        if self.storage.unsaved.is_empty() {
            return Ok(());
        }
        let unsaved = self.storage.unsaved.clone();
        let stored = self.store.now(move |store| {
            let followed = unsaved.iter().map(|one| Followed {
                taken: one.taken,
                changes: &one.changes,
                duties: &one.duties,
                reworded: one.reworded.as_ref(),
            });
            store.finish_all(followed, now())
        });
        let entries = stored.map_err(|error| {
            self.storage_trouble(&error);
            CommandError::from(TroubleView::Storage)
        })?;
        self.storage.unsaved.clear();
        self.idle_marked &= entries.is_empty();
        for mut entry in entries {
            self.owed_anew(&entry);
            self.await_last_letters(&mut entry);
            self.outbox.add(entry);
        }
        Ok(())
    }

    /// Writes how an entry stands when its turn comes.
    pub(crate) fn keep_entry(&self, entry: &Entry) {
        self.store.later(Write::Entry(entry.clone()));
    }

    /// Writes how an entry stands for a person who waits to be told; what the disk refuses is written later.
    pub(crate) fn keep_entry_now(&mut self, entry: &Entry) -> Result<(), CommandError> {
        self.store.save_entry(entry).map_err(|error| {
            self.storage_trouble(&error);
            self.keep_entry(entry);
            TroubleView::Storage.into()
        })
    }

    /// Tries again what the disk refused, and sees whether it takes writes again.
    pub(crate) fn tend_storage(&mut self, at: Moment) {
        if self.storage.mended.is_some_and(|mended| at.since(mended) >= SAID) {
            self.storage.mended = None;
            self.windows.stale();
        }
        if self.storage.again.is_none_or(|again| again > at) {
            return;
        }
        self.storage.again = None;
        self.windows.stale();
        if self.storage.replaces && !self.replace_file() {
            return;
        }
        if self.write_what_waits() {
            tracing::warn!("the store takes writes again");
            self.storage.trouble = None;
            self.storage.mended = Some(at);
        }
    }

    pub(crate) fn write_what_waits(&mut self) -> bool {
        if self.store_unsaved().is_err() {
            return false;
        }
        if self.storage.own_settings && !self.save_settings() {
            return false;
        }
        match self.store.flush() {
            Ok(()) => true,
            Err(error) => {
                self.storage_trouble(&error);
                false
            }
        }
    }

    /// Looks whether the file is still where a next start will look for it.
    pub(crate) fn look_after_file(&mut self) {
        if !self.store.is_in_place() {
            tracing::error!("the data file was removed; it is written anew");
            self.storage.replaces = true;
            self.replace_file();
        }
    }

    /// A sound file in the place of one that is damaged or gone, with all that is known.
    fn replace_file(&mut self) -> bool {
        let changes = Changes {
            calls: self.desk.calls().cloned().collect(),
            notes: Some(self.desk.notes().clone()),
            cases: self.desk.cases().cloned().collect(),
            ..Changes::default()
        };
        let owed: Vec<Entry> = self.outbox.entries().cloned().collect();
        let written = self
            .store
            .mend()
            .and_then(|()| self.store.now(move |store| store.write_all(&changes, owed.iter())))
            .and_then(|()| self.store.save_setting("machine", self.settings.machine.clone()));
        if let Err(error) = written {
            self.storage_trouble(&error);
            return false;
        }
        tracing::warn!("the data file was replaced");
        self.storage.replaces = false;
        if self.storage.own_settings {
            self.save_settings();
        }
        self.windows.stale();
        true
    }

    /// The start: what was put aside, and what cannot be read.
    pub(crate) fn count_unreadable(&mut self, rows: u32) {
        let duties = self.store.now(|store| store.unreadable_duties()).unwrap_or_default();
        self.storage.unreadable = rows + duties;
        if self.storage.unreadable > 0 {
            tracing::warn!(rows, duties, "some stored rows cannot be read and were left alone");
        }
        if let Some(rescue) = self.store.rescued() {
            tracing::error!(rows = rescue.rows, "the data file was damaged and is kept aside");
        }
    }

    /// What this version cannot make sense of and nobody has yet: kept aside, or owed and left alone.
    pub(crate) fn count_aside(&mut self) {
        let counted = self.store.now(|store| Ok(store.count_aside()? + store.unreadable_duties()?));
        match counted {
            Ok(unreadable) => self.storage.unreadable = unreadable,
            Err(error) => self.storage_trouble(&error),
        }
        self.windows.stale();
    }

    /// Gives a person everything that was kept aside, as text.
    pub(crate) fn export_aside(&mut self) -> Result<String, CommandError> {
        // It is said until a person has it; what is owed and not understood is said at every start.
        let given = self.store.now(|store| {
            let text = store.export_aside()?;
            store.aside_given_out().map(|()| text)
        });
        self.count_aside();
        given.map_err(|error| {
            self.storage_trouble(&error);
            TroubleView::Storage.into()
        })
    }
}
