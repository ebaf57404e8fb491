//! What was reported of a leg: news are what differs from it.

use calls::{ConversationId, Direction, Extension, RecordingRef, Remote};

/// What was reported of a leg.
#[derive(Debug, Clone, Default)]
pub(super) struct Reported {
    pub(super) announced: bool,
    pub(super) conversation: Option<ConversationId>,
    pub(super) remote: Remote,
    pub(super) direction: Option<Direction>,
    pub(super) from: Option<Extension>,
    pub(super) picked_up: bool,
    pub(super) answered: bool,
    pub(super) held: bool,
    pub(super) transferred: bool,
    pub(super) recording: Option<RecordingRef>,
    pub(super) ended: bool,
}
