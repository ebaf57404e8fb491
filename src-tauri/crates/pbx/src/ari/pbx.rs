//! The handle that the rest of the product holds.

use super::connection::{self, Note};
use super::devices::Moved;
use super::rest::Rest;
use super::traces::Lost;
use super::{AriConfig, Cause, Companions, Stage, Whereabouts};
use crate::failure::{CommandError, OriginateError, RecordingError, RecordingFile};
use crate::stats::Stats;
use calls::{ConversationId, LegId, OrderId, PbxEvent, RecordingRef, Traces};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// How long a connection may take to close.
const CLOSING: Duration = Duration::from_secs(3);

/// One PBX, connected for one agent. A cheap handle: clones speak to the same connection. The
/// connection ends with [`Pbx::shutdown`], or when all handles or the events' receiver are gone.
#[derive(Clone)]
pub struct Pbx {
    notes: mpsc::UnboundedSender<Note>,
    stats: watch::Receiver<Stats>,
    moved: watch::Receiver<Moved>,
    rest: Result<Arc<Rest>, Cause>,
    task: Arc<tokio::sync::Mutex<Option<JoinHandle<()>>>>,
}

impl std::fmt::Debug for Pbx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pbx").finish_non_exhaustive()
    }
}

impl Pbx {
    /// Starts connecting, and keeps at it; everything that happens goes to `events`. While there is no room in it, nothing
    /// more is heard from the PBX. Must be called within a tokio runtime. Never fails: what is wrong comes as [`PbxEvent::Link`].
    #[must_use]
    pub fn start(config: AriConfig, events: mpsc::Sender<PbxEvent>) -> Self {
        let rest = Rest::new(&config).map(Arc::new);
        let (notes, inbox) = mpsc::unbounded_channel();
        let (counts, stats) = watch::channel(Stats::default());
        let (devices, moved) = watch::channel(Moved::default());
        let task = tokio::spawn(connection::run(config, rest.clone(), events, inbox, (counts, devices)));
        Self {
            notes,
            stats,
            moved,
            rest,
            task: Arc::new(tokio::sync::Mutex::new(Some(task))),
        }
    }

    /// Click-to-call (S18): rings the agent's phone, which shows `number`, then dials `number`. The
    /// events that follow carry `order`; its leg's id is `c2c-<order>`.
    ///
    /// # Errors
    /// [`OriginateError::Unknown`] means that the phone may be ringing: it is never asked again by
    /// itself. An order that is placed twice rings once.
    pub async fn originate(&self, order: OrderId, number: &str, caller_name: Option<&str>) -> Result<(), OriginateError> {
        let Ok(rest) = &self.rest else {
            return Err(OriginateError::OutOfReach);
        };
        // The leg may be heard of before the answer: the translator must know whom it calls by then.
        let _ = self.notes.send(Note::Ordered(order.clone(), number.into()));
        rest.originate(&order, number, caller_name).await
    }

    /// The leg that an order will have.
    #[must_use]
    pub fn leg_of(order: &OrderId) -> LegId {
        LegId::new(format!("{}{order}", super::leg::ORDER_PREFIX))
    }

    /// Hangs up one of the agent's legs.
    ///
    /// # Errors
    /// [`CommandError::Gone`] when it is over already.
    pub async fn hang_up(&self, leg: &LegId) -> Result<(), CommandError> {
        let Ok(rest) = &self.rest else {
            return Err(CommandError::OutOfReach);
        };
        // Another device may have gone on with the call.
        let channel = self.moved.borrow().get(leg).cloned();
        rest.hang_up(channel.as_ref().unwrap_or(leg)).await
    }

    /// Where a caller is whose call this agent's phone did not answer: by the conversation, or by the number, as the PBX
    /// wrote it, where that is not known. `None`: the PBX cannot be asked.
    pub async fn whereabouts(&self, conversation: Option<&ConversationId>, number: &str) -> Option<Whereabouts> {
        let rest = self.rest.as_ref().ok()?;
        rest.whereabouts(conversation.map(ConversationId::as_str), number).await
    }

    /// Whether a conversation goes on: the channel with which it began is there. The small question between two of
    /// [`Pbx::whereabouts`]. `None`: the PBX cannot be asked.
    pub async fn is_there(&self, conversation: &ConversationId) -> Option<bool> {
        self.rest.as_ref().ok()?.is_there(conversation.as_str()).await
    }

    /// The other companions of this agent's extension, and what they say of calls. `None`: the PBX cannot be asked.
    pub async fn companions(&self) -> Option<Companions> {
        self.rest.as_ref().ok()?.companions().await
    }

    /// Says to the other companions of the extension how far this one is with a call, or takes it back.
    /// `false`: nobody was told, as the PBX cannot be reached or its user may only read.
    pub async fn say(&self, leg: &LegId, stage: &Stage, says: bool) -> bool {
        match &self.rest {
            Ok(rest) => rest.say(leg, stage, says).await,
            Err(_) => false,
        }
    }

    /// What the PBX still tells about a call that ended out of sight.
    pub async fn traces(&self, call: &Lost<'_>) -> Traces {
        match &self.rest {
            Ok(rest) => rest.traces(call).await,
            Err(_) => Traces::default(),
        }
    }

    /// Fetches a recording that an event named.
    ///
    /// # Errors
    /// See [`RecordingError`]; [`RecordingError::is_passing`] tells whether to ask again.
    pub async fn fetch_recording(&self, recording: &RecordingRef, max_bytes: u64) -> Result<RecordingFile, RecordingError> {
        let Ok(rest) = &self.rest else {
            return Err(RecordingError::Transport);
        };
        rest.recording(recording, max_bytes).await
    }

    /// Connects again at once: after a trouble that stopped the retries, or because somebody asked.
    pub fn reconnect_now(&self) {
        let _ = self.notes.send(Note::Reconnect);
    }

    /// What came over the socket so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.stats.borrow().clone()
    }

    /// Ends the connection and waits until it is closed; not for long, as nobody may listen to its events any more.
    pub async fn shutdown(&self) {
        let _ = self.notes.send(Note::Shutdown);
        if let Some(task) = self.task.lock().await.take() {
            let stop = task.abort_handle();
            // The task only fails by a panic, and there is nothing left to tell anybody then.
            if tokio::time::timeout(CLOSING, task).await.is_err() {
                stop.abort();
            }
        }
    }
}
