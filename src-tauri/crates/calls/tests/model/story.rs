//! Random histories: what clients, agents, the PBX and the help desk do, and in which order it becomes known.
//!
//! A history is a list of steps. A step that cannot happen where it stands (an answer to a call that never
//! rang) does not happen, so that any part of a history is a history, and a failing one can be shortened.

use crate::reference::Way;
use fastrand::Rng;

/// At most this many calls in a history.
const CALLS: usize = 6;

/// One thing that happens. Calls go by their number in the history.
#[derive(Debug, Clone)]
pub enum Step {
    /// A call begins; the PBX tells of it only after so many other things about it.
    Begin {
        call: usize,
        number: usize,
        way: Way,
        from: Option<usize>,
        late: u8,
    },
    /// The look-up answers.
    Find(usize),
    /// Click-to-call: the PBX confirms the order.
    Confirm(usize),
    /// Click-to-call: the agent picks up.
    PickUp(usize),
    Answer {
        call: usize,
        recorded: bool,
    },
    Hold(usize),
    Compose(usize),
    Type(usize),
    Create(usize),
    Attach {
        call: usize,
        pick: usize,
    },
    /// `late`: told only after the end.
    Transfer {
        call: usize,
        late: bool,
    },
    End {
        call: usize,
        how: How,
    },
    /// The help desk carries something out.
    Deliver(usize),
    /// An answer of the help desk reaches the desk.
    Tell(usize),
    /// The PBX or the help desk repeats itself.
    Repeat(usize),
    Restart,
}

/// How a call ends that nobody answered; an answered one is just over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Told,
    Busy,
    Elsewhere,
    /// While nobody listened; this can be found out afterwards.
    Unseen(Trace),
    /// The PBX did not place it.
    NotPlaced,
}

/// What can be found out about a call that ended while nobody listened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trace {
    Nothing,
    /// A colleague's record of the conversation stands in the help desk.
    Record,
    /// It was recorded, and two people are to be heard.
    Talk,
    /// It was recorded, and nobody is to be heard.
    Silence,
    /// The client talks to a colleague by now.
    TalksElsewhere,
    /// The client waits for the next one.
    Waits,
}

/// A random history.
pub fn random(rng: &mut Rng) -> Vec<Step> {
    let length = rng.usize(6..40);
    let mut begun = 0;
    (0..length)
        .map(|_| {
            if begun < CALLS && (begun == 0 || rng.u8(..) < 45) {
                begun += 1;
                return begin(rng, begun - 1);
            }
            step(rng, begun)
        })
        .collect()
}

fn begin(rng: &mut Rng, call: usize) -> Step {
    Step::Begin {
        call,
        // Mostly the same few: rules are about what happens between calls of one user.
        number: [0, 0, 0, 1, 2, 3][rng.usize(..6)],
        way: [Way::In, Way::In, Way::In, Way::Softphone, Way::Click][rng.usize(..5)],
        from: rng.bool().then(|| rng.usize(..8)),
        late: [0, 0, 0, 0, 1, 2][rng.usize(..6)],
    }
}

fn trace(rng: &mut Rng) -> Trace {
    [
        Trace::Nothing,
        Trace::Nothing,
        Trace::Record,
        Trace::Talk,
        Trace::Silence,
        Trace::TalksElsewhere,
        Trace::Waits,
    ][rng.usize(..7)]
}

fn step(rng: &mut Rng, begun: usize) -> Step {
    let call = begun - 1 - rng.usize(..begun.min(3));
    match rng.u8(..44) {
        0..=1 => Step::Find(call),
        2..=3 => Step::Confirm(call),
        4..=6 => Step::PickUp(call),
        7..=12 => Step::Answer {
            call,
            recorded: rng.bool(),
        },
        13 => Step::Hold(call),
        14 => Step::Compose(call),
        15 => Step::Type(call),
        16..=17 => Step::Create(call),
        18..=20 => Step::Attach {
            call,
            pick: rng.usize(..8),
        },
        21 => Step::Transfer { call, late: rng.bool() },
        22..=31 => {
            let how = [
                How::Told,
                How::Told,
                How::Told,
                How::Busy,
                How::Elsewhere,
                How::Unseen(trace(rng)),
                How::Unseen(trace(rng)),
                How::NotPlaced,
            ][rng.usize(..8)];
            Step::End { call, how }
        }
        32..=37 => Step::Deliver(rng.usize(..8)),
        38..=40 => Step::Tell(rng.usize(..8)),
        41..=42 => Step::Repeat(rng.usize(..64)),
        _ => Step::Restart,
    }
}
