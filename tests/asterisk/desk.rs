//! One agent's desk, as far as the PBX adapter goes: connect, then await facts one by one.

use super::pbx::RealPbx;
use calls::{
    CallEvent, CallEventKind as Kind, ConversationId, Direction, Disposition, Extension, HungUpBy, LegId, LinkState, OrderId, PbxEvent,
    RecordingRef, TransferKind,
};
use pbx::{AriConfig, AriPbx, Told};
use ringside_tests::in_time;
use std::time::Duration;
use tokio::sync::mpsc;

/// Longer than any ringing or talking in the tests, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(25);

/// A connected agent. What was received stays in order; each wait goes on where the last one ended.
pub struct Desk {
    /// The adapter under test.
    pub pbx: AriPbx,
    inbox: mpsc::Receiver<Told>,
    seen: Vec<CallEvent>,
}

/// A call that rings at the agent.
#[derive(Debug)]
pub struct Offered {
    pub leg: LegId,
    pub direction: Direction,
    pub raw: String,
    pub hidden: bool,
    pub line: Option<String>,
}

/// A call that the agent makes.
#[derive(Debug)]
pub struct Dialing {
    pub leg: LegId,
    pub direction: Direction,
    pub raw: String,
    pub order: Option<OrderId>,
}

impl Desk {
    /// Starts connecting with the given password.
    pub fn starting(pbx: &RealPbx, extension: &str, password: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let url = pbx.url.parse()?;
        let mut config = AriConfig::new(url, pbx.user, password.to_owned().into(), Extension::new(extension), "test");
        config.context = pbx.context.to_owned();
        let (events, inbox) = mpsc::channel(1_024);
        Ok(Self {
            pbx: AriPbx::start(config, events),
            inbox,
            seen: Vec::new(),
        })
    }

    /// Connects and waits until the link is up.
    pub async fn connected(pbx: &RealPbx, extension: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let mut desk = Self::starting(pbx, extension, pbx.password)?;
        desk.link(|state| matches!(state, LinkState::Up)).await;
        Ok(desk)
    }

    /// The next event that `pick` takes; those before it are remembered for [`Desk::saw`].
    pub async fn next_within<T>(&mut self, within: Duration, what: &str, mut pick: impl FnMut(&PbxEvent) -> Option<T>) -> T {
        let (inbox, seen) = (&mut self.inbox, &mut self.seen);
        let found = async {
            loop {
                let Some(Told { event, .. }) = inbox.recv().await else {
                    panic!("the adapter ended while waiting for: {what}")
                };
                let picked = pick(&event);
                if let PbxEvent::Call(call) = event {
                    seen.push(call);
                }
                if let Some(found) = picked {
                    return found;
                }
            }
        };
        in_time(what, within, found).await
    }

    /// The next fact about a call that `pick` takes.
    pub async fn until<T>(&mut self, what: &str, mut pick: impl FnMut(&LegId, &Kind) -> Option<T>) -> T {
        let pick = move |event: &PbxEvent| match event {
            PbxEvent::Call(call) => pick(&call.leg, &call.kind),
            PbxEvent::Link { .. } | PbxEvent::Phone { .. } | PbxEvent::Resync { .. } => None,
        };
        self.next_within(PATIENCE, what, pick).await
    }

    /// Waits for a state of the link.
    pub async fn link(&mut self, fits: impl Fn(&LinkState) -> bool) {
        let pick = |event: &PbxEvent| matches!(event, PbxEvent::Link { state } if fits(state)).then_some(());
        self.next_within(PATIENCE, "the link's state", pick).await;
    }

    /// Waits for the list of live legs after a reconnect; with it, whether the PBX was restarted.
    pub async fn resync(&mut self) -> (Vec<LegId>, bool) {
        let pick = |event: &PbxEvent| match event {
            PbxEvent::Resync { live, restarted, .. } => Some((live.clone(), *restarted)),
            PbxEvent::Call(_) | PbxEvent::Link { .. } | PbxEvent::Phone { .. } => None,
        };
        self.next_within(PATIENCE, "the list of live calls", pick).await
    }

    /// Waits for a call that rings here.
    pub async fn offered(&mut self) -> Offered {
        self.until("a call that rings", |leg, kind| {
            let Kind::Offered {
                direction, remote, line, ..
            } = kind
            else {
                return None;
            };
            let (leg, line) = (leg.clone(), line.clone());
            Some(Offered {
                leg,
                direction: *direction,
                raw: remote.raw.clone(),
                hidden: remote.hidden,
                line,
            })
        })
        .await
    }

    /// Waits for a call that the agent makes.
    pub async fn dialing(&mut self) -> Dialing {
        self.until("a call that goes out", |leg, kind| {
            let Kind::Dialing {
                direction, remote, order, ..
            } = kind
            else {
                return None;
            };
            Some(Dialing {
                leg: leg.clone(),
                direction: *direction,
                raw: remote.raw.clone(),
                order: order.clone(),
            })
        })
        .await
    }

    /// Waits until two people talk.
    pub async fn answered(&mut self, on: &LegId) {
        self.until("the answer", |leg, kind| {
            (leg == on && matches!(kind, Kind::Answered)).then_some(())
        })
        .await;
    }

    /// The recording's name: already told, or still to come.
    pub async fn recording(&mut self, on: &LegId) -> RecordingRef {
        let name = |leg: &LegId, kind: &Kind| {
            if let Kind::Recording { name } = kind
                && leg == on
            {
                Some(name.clone())
            } else {
                None
            }
        };
        if let Some(name) = self.seen.iter().find_map(|call| name(&call.leg, &call.kind)) {
            return name;
        }
        self.until("the recording's name", name).await
    }

    /// Waits for a transfer by this agent.
    pub async fn transferred(&mut self, on: &LegId) -> (TransferKind, Option<String>) {
        self.until("the transfer", |leg, kind| {
            if let Kind::Transferred { kind, to } = kind
                && leg == on
            {
                Some((*kind, to.clone()))
            } else {
                None
            }
        })
        .await
    }

    /// Waits until the other side is somebody else; gives the number and what the call is now.
    pub async fn party_changed(&mut self, on: &LegId) -> (String, Direction) {
        self.until("the other side to change", |leg, kind| {
            if let Kind::PartyChanged { remote, direction, .. } = kind
                && leg == on
            {
                Some((remote.raw.clone(), *direction))
            } else {
                None
            }
        })
        .await
    }

    /// Waits for the end of a leg.
    pub async fn ended(&mut self, on: &LegId) -> (Disposition, HungUpBy) {
        self.until("the end", |leg, kind| {
            if let Kind::Ended { disposition, by, .. } = kind
                && leg == on
            {
                Some((*disposition, *by))
            } else {
                None
            }
        })
        .await
    }

    /// Waits for the end of whichever leg ends next.
    pub async fn any_end(&mut self) -> Disposition {
        self.until("an end", |_, kind| {
            if let Kind::Ended { disposition, .. } = kind {
                Some(*disposition)
            } else {
                None
            }
        })
        .await
    }

    /// Whether such a fact was among those received so far.
    pub fn saw(&self, on: &LegId, fits: impl Fn(&Kind) -> bool) -> bool {
        self.seen.iter().any(|call| call.leg == *on && fits(&call.kind))
    }

    /// All legs heard of so far, in order of appearance.
    pub fn legs(&self) -> Vec<LegId> {
        let mut legs: Vec<LegId> = Vec::new();
        for call in &self.seen {
            if !legs.contains(&call.leg) {
                legs.push(call.leg.clone());
            }
        }
        legs
    }

    /// The conversation of a leg, as last told.
    pub fn conversation(&self, on: &LegId) -> Option<ConversationId> {
        self.seen.iter().rev().filter(|call| call.leg == *on).find_map(|call| {
            if let Kind::Identified { conversation } = &call.kind {
                return Some(conversation.clone());
            }
            let (Kind::Offered { conversation, .. } | Kind::Dialing { conversation, .. }) = &call.kind else {
                return None;
            };
            conversation.clone()
        })
    }
}
