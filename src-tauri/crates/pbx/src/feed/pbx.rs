//! A feed behind the port.

use super::config::FeedConfig;
use super::translate::Translator;
use crate::cause::Cause;
use crate::line::keep::{self, Around, Speaker, Stop, Translated};
use crate::line::{Door, Keeper, wishes};
use crate::port::{Pbx, Told};
use crate::stats::Stats;
use calls::Moment;
use futures_util::future::BoxFuture;
use std::convert::Infallible;
use tokio::sync::{mpsc, watch};

/// One agent's feed.
#[derive(Clone)]
pub struct FeedPbx {
    keeper: Keeper,
}

impl std::fmt::Debug for FeedPbx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FeedPbx").finish_non_exhaustive()
    }
}

impl FeedPbx {
    /// Starts connecting, and keeps at it, as [`crate::Prepared::start`].
    #[must_use]
    pub fn start(config: FeedConfig, events: mpsc::Sender<Told>, since: Option<&str>) -> Self {
        let (wisher, wished) = wishes();
        let (counts, stats) = watch::channel(Stats::default());
        // Nothing is ordered over a feed.
        let (_, orders) = mpsc::channel(1);
        let rhythm = config.rhythm;
        let around = Around {
            events,
            orders,
            wished,
            stats: counts,
        };
        let speaker = FeedSpeaker {
            config,
            translator: Translator::since(since),
        };
        let task = tokio::spawn(keep::run(speaker, rhythm, around));
        Self {
            keeper: Keeper::new(wisher, stats, task),
        }
    }
}

impl Pbx for FeedPbx {
    fn reconnect_now(&self) {
        self.keeper.reconnect();
    }

    fn stats(&self) -> Stats {
        self.keeper.stats()
    }

    fn shutdown(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.keeper.shutdown())
    }

    /// The events may, but nobody promises it.
    fn tells_who_else_rings(&self) -> bool {
        false
    }

    fn resumes(&self) -> bool {
        true
    }
}

struct FeedSpeaker {
    config: FeedConfig,
    translator: Translator,
}

impl Speaker for FeedSpeaker {
    type Order = Infallible;
    type Work = Infallible;

    fn door(&self) -> Result<Door, Cause> {
        self.config.door(self.translator.heard())
    }

    async fn greet(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn begin(&mut self, heard_at: Option<Moment>) {
        self.translator.connected(heard_at);
    }

    fn end(&mut self) {}

    fn ordered(&mut self, order: Infallible) {
        match order {}
    }

    fn frame(&mut self, text: &str, received: Moment) -> Translated {
        let translated = self.translator.frame(text, received);
        Translated {
            point: self.translator.point(),
            ..translated
        }
    }

    fn has_room(&self) -> bool {
        true
    }

    async fn work(&mut self) -> Infallible {
        std::future::pending().await
    }

    fn worked(&mut self, work: Infallible, _: Moment) -> Translated {
        match work {}
    }

    fn clock_was_set(&mut self, by: i64) {
        self.translator.desk_clock_was_set(by);
    }

    fn clock_ahead(&self) -> Option<i64> {
        self.translator.clock_ahead()
    }
}
