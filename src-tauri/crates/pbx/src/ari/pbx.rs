//! ARI behind the port.

use super::config::AriConfig;
use super::connection::{AriSpeaker, Ordered};
use super::devices::Moved;
use super::rest::Rest;
use crate::cause::Cause;
use crate::companions::{Companions, Stage};
use crate::failure::{CommandError, OriginateError, RecordingError, RecordingFile};
use crate::line::keep::{self, Around};
use crate::line::{Keeper, wishes};
use crate::port::{Dials, Finds, HangsUp, KeepsTraces, Meets, OutOfSight, Pbx, Records, Told, Whereabouts};
use crate::stats::Stats;
use calls::{ConversationId, LegId, OrderId, RecordingRef, Traces};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

/// So many orders may wait to be taken note of; nobody places more at once.
const ORDERS: usize = 32;

/// One agent's Asterisk. A cheap handle: clones speak to the same connection.
#[derive(Clone)]
pub struct AriPbx {
    orders: mpsc::Sender<Ordered>,
    moved: watch::Receiver<Moved>,
    rest: Result<Arc<Rest>, Cause>,
    keeper: Keeper,
}

impl std::fmt::Debug for AriPbx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AriPbx").finish_non_exhaustive()
    }
}

impl AriPbx {
    /// Starts connecting, and keeps at it; everything that happens goes to `events`. While there is no room in it, nothing
    /// more is heard from the PBX. Must be called within a tokio runtime. Never fails: what is wrong comes as [`calls::PbxEvent::Link`].
    #[must_use]
    pub fn start(config: AriConfig, events: mpsc::Sender<Told>) -> Self {
        let rest = Rest::new(&config).map(Arc::new);
        let (orders, ordered) = mpsc::channel(ORDERS);
        let (wisher, wished) = wishes();
        let (counts, stats) = watch::channel(Stats::default());
        let (devices, moved) = watch::channel(Moved::default());
        let (for_task, rhythm) = (rest.clone(), config.rhythm());
        let task = tokio::spawn(async move {
            let around = Around {
                events,
                orders: ordered,
                wished,
                stats: counts,
            };
            match for_task {
                Ok(rest) => keep::run(AriSpeaker::new(config, rest, devices), rhythm, around).await,
                Err(cause) => keep::refuse(&around.events, cause).await,
            }
        });
        Self {
            orders,
            moved,
            rest,
            keeper: Keeper::new(wisher, stats, task),
        }
    }
}

impl Pbx for AriPbx {
    fn reconnect_now(&self) {
        self.keeper.reconnect();
    }

    fn stats(&self) -> Stats {
        self.keeper.stats()
    }

    fn shutdown(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.keeper.shutdown())
    }

    fn dials(&self) -> Option<&dyn Dials> {
        Some(self)
    }

    fn hangs_up(&self) -> Option<&dyn HangsUp> {
        Some(self)
    }

    fn finds(&self) -> Option<&dyn Finds> {
        Some(self)
    }

    fn meets(&self) -> Option<&dyn Meets> {
        Some(self)
    }

    fn records(&self) -> Option<&dyn Records> {
        Some(self)
    }

    fn traces(&self) -> Option<&dyn KeepsTraces> {
        Some(self)
    }

    fn tells_who_else_rings(&self) -> bool {
        true
    }

    /// ARI has no history.
    fn resumes(&self) -> bool {
        false
    }
}

impl Dials for AriPbx {
    fn originate<'a>(&'a self, order: OrderId, number: &'a str, caller_name: Option<&'a str>) -> BoxFuture<'a, Result<(), OriginateError>> {
        Box::pin(async move {
            let Ok(rest) = &self.rest else {
                return Err(OriginateError::OutOfReach);
            };
            // The leg may be heard of before the answer: the translator must know whom it calls by then.
            if self.orders.try_send(Ordered(order.clone(), number.into())).is_err() {
                return Err(OriginateError::OutOfReach);
            }
            rest.originate(&order, number, caller_name).await
        })
    }

    /// Its leg's id is `c2c-<order>`.
    fn leg_of(&self, order: &OrderId) -> LegId {
        LegId::new(format!("{}{order}", super::leg::ORDER_PREFIX))
    }
}

impl HangsUp for AriPbx {
    fn hang_up<'a>(&'a self, leg: &'a LegId) -> BoxFuture<'a, Result<(), CommandError>> {
        Box::pin(async move {
            let Ok(rest) = &self.rest else {
                return Err(CommandError::OutOfReach);
            };
            // Another device may have gone on with the call.
            let channel = self.moved.borrow().get(leg).cloned();
            rest.hang_up(channel.as_ref().unwrap_or(leg)).await
        })
    }
}

impl Finds for AriPbx {
    fn whereabouts<'a>(&'a self, conversation: Option<&'a ConversationId>, number: &'a str) -> BoxFuture<'a, Option<Whereabouts>> {
        Box::pin(async move {
            let rest = self.rest.as_ref().ok()?;
            rest.whereabouts(conversation.map(ConversationId::as_str), number).await
        })
    }

    /// The channel with which it began is there.
    fn is_there<'a>(&'a self, conversation: &'a ConversationId) -> BoxFuture<'a, Option<bool>> {
        Box::pin(async move { self.rest.as_ref().ok()?.is_there(conversation.as_str()).await })
    }
}

impl Meets for AriPbx {
    fn companions(&self) -> BoxFuture<'_, Option<Companions>> {
        Box::pin(async move { self.rest.as_ref().ok()?.companions().await })
    }

    fn say<'a>(&'a self, leg: &'a LegId, stage: &'a Stage, says: bool) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            match &self.rest {
                Ok(rest) => rest.say(leg, stage, says).await,
                Err(_) => false,
            }
        })
    }
}

impl Records for AriPbx {
    fn fetch_recording<'a>(&'a self, recording: &'a RecordingRef, max_bytes: u64) -> BoxFuture<'a, Result<RecordingFile, RecordingError>> {
        Box::pin(async move {
            let Ok(rest) = &self.rest else {
                return Err(RecordingError::Transport);
            };
            rest.recording(recording, max_bytes).await
        })
    }
}

impl KeepsTraces for AriPbx {
    fn traces_of<'a>(&'a self, call: &'a OutOfSight<'a>) -> BoxFuture<'a, Traces> {
        Box::pin(async move {
            match &self.rest {
                Ok(rest) => rest.traces(call).await,
                Err(_) => Traces::default(),
            }
        })
    }
}
