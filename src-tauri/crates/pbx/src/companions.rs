//! The programs of one agent's extension, and what they say of calls: by it one of them writes.

use calls::{CaseId, LegId};

/// How far a companion is with a call: the further one writes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It has something to write, and the agent did nothing at this computer.
    Untouched,
    /// The agent typed or chose something here.
    Touched,
    /// The agent created a case or chose one here.
    Ordered,
    /// It has written part of it.
    Begun,
    /// Everything is written; in this case, where one came of it.
    Written {
        /// The case's id and its number for people.
        case: Option<(CaseId, String)>,
    },
}

/// Another program of this agent's extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Companion {
    /// Its app. By the names all companions come to the same order.
    pub app: String,
    /// Whether it hears of calls now.
    pub listens: bool,
    /// What it says of calls.
    pub marks: Vec<(Stage, LegId)>,
}

impl Companion {
    /// How far it is with a call; nothing, when it is gone and had not written it.
    #[must_use]
    pub fn stage(&self, leg: &LegId) -> Option<&Stage> {
        let of_leg = self.marks.iter().filter(|(_, of)| of == leg).map(|(stage, _)| stage);
        of_leg.filter(|stage| self.listens || matches!(stage, Stage::Written { .. })).max()
    }
}

/// The companions of one extension.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Companions {
    /// This program's app.
    pub own: String,
    /// The others.
    pub others: Vec<Companion>,
}

impl Companions {
    /// Whether nobody else of the extension hears of calls.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        !self.others.iter().any(|other| other.listens)
    }

    /// What the others say of a call, the furthest first; among equals the first in order.
    #[must_use]
    pub fn furthest(&self, leg: &LegId) -> Option<(&Companion, &Stage)> {
        let said = self.others.iter().filter_map(|other| Some((other, other.stage(leg)?)));
        said.max_by(|(one, a), (other, b)| a.cmp(b).then_with(|| other.app.cmp(&one.app)))
    }
}
