//! Popups that are paused, by the agent's word and outside working hours; and what is said when they come again.
//!
//! A pause keeps to itself what nobody asked for: popups of calls that ring, and reminders that are due. A call that the agent
//! dials, or picks up in the softphone in the middle of a pause, is what they are at work with now: its card and its profile come
//! as ever, as there one links the caller, writes, and undoes. Everything else goes on unseen; what was missed is said once.

use crate::controller::Controller;
use crate::time::{ms, now};
use crate::view::{CallView, CommandError, MeanwhileView, PauseFor, PauseView, PausedView, TroubleView};
use calls::{Look, Moment, Pause, PauseLength};
use store::Write;

/// Where it is kept.
const SETTING: &str = "pause";

impl Controller {
    pub(crate) fn restore_pause(&mut self) {
        let kept = self.store.setting(SETTING).ok().flatten();
        self.pause = kept.and_then(|text| read(&text)).unwrap_or_default();
    }

    fn look(&self, at: Moment) -> Look<'_> {
        Look {
            at,
            hours: &self.settings.working_hours,
            zone: &self.zone,
        }
    }

    /// Whether popups do not come now.
    pub(crate) fn is_paused(&self) -> bool {
        self.pause.paused(&self.look(now())).is_some()
    }

    /// # Errors
    /// `badSetting` about `minutes`; `storage` when it holds only while the program runs.
    pub(crate) fn pause(&mut self, length: PauseFor) -> Result<(), CommandError> {
        let length = match length {
            PauseFor::Minutes { minutes } => PauseLength::Minutes(minutes),
            PauseFor::Tomorrow => PauseLength::Tomorrow,
            PauseFor::UntilSaid => PauseLength::UntilSaid,
        };
        let mut pause = self.pause.clone();
        if !pause.begin(length, &self.look(now())) {
            return Err(CommandError {
                trouble: TroubleView::BadSetting,
                about: Some("minutes".into()),
            });
        }
        self.pause = pause;
        self.pause_changed()
    }

    /// # Errors
    /// `storage` when it holds only while the program runs.
    pub(crate) fn resume(&mut self) -> Result<(), CommandError> {
        let mut pause = self.pause.clone();
        pause.resume(&self.look(now()));
        self.pause = pause;
        self.pause_changed()
    }

    /// The agent knows what came in pauses that are over.
    pub(crate) fn knows_of_missed(&mut self) {
        // While they are paused, nobody was told.
        if !self.is_paused() && self.pause.told() {
            // The worst is that it is told again.
            let _ = self.pause_changed();
        }
    }

    /// What a person does about it is kept before it is answered.
    fn pause_changed(&mut self) -> Result<(), CommandError> {
        self.note_pause(now());
        self.windows.stale();
        let text = self.pause_text();
        self.store.save_setting(SETTING, text).map_err(|error| {
            self.storage_trouble(&error);
            // It is kept as soon as the disk lets it.
            self.keep_pause_later();
            TroubleView::Storage.into()
        })
    }

    /// Follows the time: pauses end, and work does.
    pub(crate) fn follow_pause(&mut self, at: Moment) {
        if self.note_pause(at) {
            self.windows.stale();
            self.keep_pause_later();
        }
    }

    fn note_pause(&mut self, at: Moment) -> bool {
        let mut pause = self.pause.clone();
        let look = self.look(at);
        let changed = pause.follow(&look);
        let paused = pause.paused(&look).is_some();
        self.pause = pause;
        self.popup.pause(paused);
        changed
    }

    fn keep_pause_later(&mut self) {
        let value = self.pause_text();
        self.store.later(Write::Setting { name: SETTING, value });
    }

    fn pause_text(&self) -> String {
        // Moments and words: there is nothing that could not be written.
        serde_json::to_string(&self.pause).unwrap_or_default()
    }

    /// When to look again.
    pub(crate) fn next_pause(&self) -> Option<Moment> {
        self.pause.wake_at(&self.look(now()))
    }

    /// With these calls, whose talks are noted.
    pub(crate) fn pause_view(&self, calls: &[CallView]) -> PauseView {
        let paused = self.pause.paused(&self.look(now()));
        PauseView {
            paused: paused.map(|paused| PausedView {
                by_hours: paused.by_hours,
                until: paused.until.map(ms),
            }),
            meanwhile: if paused.is_some() { None } else { meanwhile(&self.pause, calls) },
        }
    }
}

fn read(text: &str) -> Option<Pause> {
    let read = serde_json::from_str(text);
    if read.is_err() {
        tracing::warn!("how popups were paused cannot be read: they come");
    }
    read.ok()
}

fn meanwhile(pause: &Pause, calls: &[CallView]) -> Option<MeanwhileView> {
    #[expect(clippy::cast_possible_truncation, reason = "ms since 1970")]
    let untold = |call: &&CallView| call.waiting.is_some() && call.ended_at.is_some_and(|at| pause.is_untold(Moment(at as i64)));
    let missed = u32::try_from(calls.iter().filter(untold).count()).unwrap_or(u32::MAX);
    (missed > 0).then_some(MeanwhileView { missed })
}
