//! When popups are paused: by the agent's word, and outside working hours.
//!
//! «На 30 минут» is a span, and passes however the clock is set; «до завтра» and working hours are times of this computer's
//! clock. No clock that is set wrong may pause popups longer than was said, so what is left is bounded at each look. The agent's
//! «возобновить» outside working hours holds until work begins, as then the hours say the same.

use crate::hours::WorkingHours;
use crate::time::Moment;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

/// The longest span that popups are paused for: who means longer says «пока не включу».
const LONGEST_MINUTES: u32 = 7 * 24 * 60;
/// So many pauses are remembered whose missed calls nobody has seen.
const MOST_UNTOLD: usize = 8;

/// For how long the agent pauses popups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseLength {
    /// For so many minutes.
    Minutes(u32),
    /// Until the day that the clock shows is over.
    Tomorrow,
    /// Until the agent says so.
    UntilSaid,
}

/// What the agent has said, and since when popups do not come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Pause {
    said: Option<Word>,
    /// Since when they do not come.
    since: Option<Moment>,
    /// Pauses that are over, from when until when, whose missed calls nobody was told of.
    untold: Vec<(Moment, Moment)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    For {
        ms: i64,
        until: Moment,
    },
    Tomorrow {
        until: Moment,
    },
    UntilSaid,
    /// Outside working hours, popups come all the same.
    Resumed {
        since: Moment,
    },
}

/// Popups do not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paused {
    /// Nobody has said so: it is no time of work.
    pub by_hours: bool,
    /// When they come again by themselves.
    pub until: Option<Moment>,
}

/// What a moment is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The moment.
    pub at: Moment,
    /// When the agent works.
    pub hours: &'a WorkingHours,
    /// Of this computer's clock.
    pub zone: &'a TimeZone,
}

impl Look<'_> {
    fn works(&self) -> bool {
        self.hours.cover(self.at, self.zone)
    }

    /// The first time of work from this moment on.
    fn works_from(&self, from: Moment) -> Option<Moment> {
        if self.hours.cover(from, self.zone) {
            Some(from)
        } else {
            self.hours.begin_after(from, self.zone)
        }
    }

    /// When the day that the clock shows is over.
    fn tomorrow(&self) -> Option<Moment> {
        let here: Zoned = Timestamp::from_millisecond(self.at.0).ok()?.to_zoned(self.zone.clone());
        let next = here.date().tomorrow().ok()?.to_zoned(self.zone.clone()).ok()?;
        Some(Moment(next.timestamp().as_millisecond()))
    }
}

impl Pause {
    /// The agent pauses popups; another word takes the place of the one before. Whether that is a length that there is.
    #[must_use]
    pub fn begin(&mut self, length: PauseLength, look: &Look<'_>) -> bool {
        let said = match length {
            PauseLength::Minutes(minutes) if (1..=LONGEST_MINUTES).contains(&minutes) => {
                let ms = i64::from(minutes) * 60_000;
                let until = look.at.plus_ms(ms);
                Some(Word::For { ms, until })
            }
            PauseLength::Minutes(_) => None,
            PauseLength::Tomorrow => look.tomorrow().map(|until| Word::Tomorrow { until }),
            PauseLength::UntilSaid => Some(Word::UntilSaid),
        };
        if said.is_some() {
            self.said = said;
        }
        said.is_some()
    }

    /// The agent wants them back.
    pub fn resume(&mut self, look: &Look<'_>) {
        self.said = (!look.works()).then_some(Word::Resumed { since: look.at });
    }

    /// Whether they are paused at this moment.
    #[must_use]
    pub fn paused(&self, look: &Look<'_>) -> Option<Paused> {
        match self.said {
            Some(Word::For { until, .. } | Word::Tomorrow { until }) if look.at < until => Some(Paused {
                by_hours: false,
                until: look.works_from(until),
            }),
            Some(Word::UntilSaid) => Some(Paused {
                by_hours: false,
                until: None,
            }),
            Some(Word::Resumed { .. }) => None,
            _ => (!look.works()).then(|| Paused {
                by_hours: true,
                until: look.hours.begin_after(look.at, look.zone),
            }),
        }
    }

    /// Lets go of what is over, notes when a pause begins and ends. Whether anything changed.
    pub fn follow(&mut self, look: &Look<'_>) -> bool {
        let before = self.clone();
        self.said = self.said.and_then(|said| said.holds(look));
        match (self.since, self.paused(look).is_some()) {
            (None, true) => self.since = Some(look.at),
            // A clock that was set back while nobody looked.
            (Some(since), true) => self.since = Some(since.min(look.at)),
            (Some(since), false) => {
                self.since = None;
                self.untold.push((since.min(look.at), look.at));
                self.untold.drain(..self.untold.len().saturating_sub(MOST_UNTOLD));
            }
            (None, false) => {}
        }
        *self != before
    }

    /// Whether a call that ended then came in a pause that is over and that nobody was told of.
    #[must_use]
    pub fn is_untold(&self, ended_at: Moment) -> bool {
        self.untold.iter().any(|(since, until)| *since <= ended_at && ended_at < *until)
    }

    /// The agent knows what came meanwhile. Whether that is news.
    pub fn told(&mut self) -> bool {
        !std::mem::take(&mut self.untold).is_empty()
    }

    /// When to look again.
    #[must_use]
    pub fn wake_at(&self, look: &Look<'_>) -> Option<Moment> {
        let said = match self.said {
            Some(Word::For { until, .. } | Word::Tomorrow { until }) => Some(until),
            Some(Word::UntilSaid | Word::Resumed { .. }) | None => None,
        };
        said.into_iter().chain(look.hours.change_after(look.at, look.zone)).min()
    }

    /// This computer's clock was set back by so much, ms, and shows this now: spans go on, times of the clock do not move. What
    /// came in the pause by the clock of before is noted by that.
    pub fn clock_set_back(&mut self, now: Moment, by: i64) {
        if let Some(since) = self.since {
            self.untold.push((since, now.plus_ms(by)));
            self.since = Some(now);
        }
        if let Some(Word::For { until, .. }) = &mut self.said {
            *until = until.plus_ms(-by);
        }
    }
}

impl Word {
    /// It, bounded by what was meant; nothing where it is over.
    fn holds(self, look: &Look<'_>) -> Option<Self> {
        match self {
            Self::For { ms, until } => {
                let until = until.min(look.at.plus_ms(ms));
                (look.at < until).then_some(Self::For { ms, until })
            }
            Self::Tomorrow { until } => {
                let until = look.tomorrow().map_or(until, |tomorrow| tomorrow.min(until));
                (look.at < until).then_some(Self::Tomorrow { until })
            }
            Self::UntilSaid => Some(self),
            Self::Resumed { since } => {
                let work_began = look.hours.begin_after(since, look.zone).is_some_and(|began| began <= look.at);
                (!look.works() && !work_began).then_some(self)
            }
        }
    }
}

#[cfg(test)]
mod tests;
