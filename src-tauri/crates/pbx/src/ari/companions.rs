//! The companions of this agent's own extension, and which of them writes a call.
//!
//! One agent at two computers, a second start with another data folder: each of these programs sees the same legs, and
//! only one may write them to the help desk. They do not know each other, but all see the PBX's list of apps, and an app
//! may say something there: it subscribes to the state of a device of which nobody ever hears, named after the leg
//! (`deviceState:Ringside/<stage>/<leg>`). The subscription costs one request, is seen by everybody at once, and goes
//! with the socket. Who listens is told in [`super::peers`]; who listens no more counts as gone, whatever its mark said,
//! except for one thing: what it said to be written is written.
//!
//! A read-only user may read the list but leave no mark; then the help desk itself must be asked.

use super::peers::{hears, texts};
use calls::{CaseId, LegId};
use serde_json::Value;

/// What marks begin with.
const MARK: &str = "Ringside/";
/// No number of a case.
const NONE: &str = "-";

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

impl Stage {
    fn source(&self, leg: &LegId) -> String {
        let words = match self {
            Self::Untouched => "untouched".to_owned(),
            Self::Touched => "touched".to_owned(),
            Self::Ordered => "ordered".to_owned(),
            Self::Begun => "begun".to_owned(),
            Self::Written { case: None } => format!("written/{NONE}/{NONE}"),
            Self::Written { case: Some((id, number)) } => {
                let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
                let number: String = number.chars().filter(plain).take(40).collect();
                format!("written/{}/{}", id.0, if number.is_empty() { NONE } else { number.as_str() })
            }
        };
        format!("deviceState:{MARK}{words}/{leg}")
    }

    fn read(mark: &str) -> Option<(Self, LegId)> {
        let (stage, rest) = mark.strip_prefix(MARK)?.split_once('/')?;
        let (stage, leg) = match stage {
            "untouched" => (Self::Untouched, rest),
            "touched" => (Self::Touched, rest),
            "ordered" => (Self::Ordered, rest),
            "begun" => (Self::Begun, rest),
            "written" => {
                let (id, rest) = rest.split_once('/')?;
                let (number, leg) = rest.split_once('/')?;
                let number = if number == NONE { "" } else { number };
                let case = id.parse().ok().map(|id| (CaseId(id), number.to_owned()));
                (Self::Written { case }, leg)
            }
            // Of a later version, perhaps.
            _ => return None,
        };
        Some((stage, LegId::new(leg)))
    }
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

/// Reads the answer of `GET /applications`.
pub(super) fn read(applications: &Value, prefix: &str, own: &str) -> Companions {
    let list = applications.as_array().map(Vec::as_slice).unwrap_or_default();
    let companion = |application: &Value| {
        let app = application.get("name")?.as_str()?;
        is_of(app, prefix).then(|| Companion {
            app: app.to_owned(),
            listens: hears(application),
            marks: texts(application, "device_names").filter_map(Stage::read).collect(),
        })
    };
    Companions {
        own: own.to_owned(),
        others: list.iter().filter_map(companion).filter(|other| other.app != own).collect(),
    }
}

/// Whether an app is a companion of this extension: what comes before the machine is compared whole.
fn is_of(app: &str, prefix: &str) -> bool {
    let machine = app.strip_prefix(prefix);
    machine.is_some_and(|machine| !machine.is_empty() && !machine.contains('-'))
}

/// The event source by which an app says something of a call.
pub(super) fn source(stage: &Stage, leg: &LegId) -> String {
    stage.source(leg)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ari::peers::ALL_BRIDGES;
    use serde_json::json;

    fn leg() -> LegId {
        LegId::new("pbx/1795329167.0")
    }

    fn said(stage: &Stage) -> String {
        stage.source(&leg()).strip_prefix("deviceState:").unwrap().to_owned()
    }

    fn written() -> Stage {
        Stage::Written {
            case: Some((CaseId(7), "482-113907".into())),
        }
    }

    #[test]
    fn what_a_companion_says_is_read_as_it_was_said() {
        let all = [
            Stage::Untouched,
            Stage::Touched,
            Stage::Ordered,
            Stage::Begun,
            Stage::Written { case: None },
            written(),
        ];
        for stage in all {
            assert_eq!(Stage::read(&said(&stage)), Some((stage, leg())));
        }
        for nonsense in [
            "",
            "Ringside/",
            "Ringside/begun",
            "Ringside/later/1.0",
            "PJSIP/101",
            "Ringside/written/7",
        ] {
            assert_eq!(Stage::read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn who_is_gone_counts_only_for_what_it_has_written() {
        let app = |name: &str, listens: bool, stage: &Stage| {
            let bridges = if listens { vec![ALL_BRIDGES] } else { Vec::new() };
            json!({"name": name, "bridge_ids": bridges, "device_names": [said(stage)], "channel_ids": [], "endpoint_ids": []})
        };
        let look = |apps: Value| read(&apps, "ringside-101-", "ringside-101-bb");
        let gone = look(json!([
            app("ringside-101-aa", false, &Stage::Ordered),
            app("ringside-101-bb", true, &Stage::Touched)
        ]));
        assert!(gone.is_alone());
        assert_eq!(gone.furthest(&leg()), None);
        let wrote = look(json!([app("ringside-101-aa", false, &written())]));
        assert_eq!(wrote.furthest(&leg()).map(|(_, stage)| stage), Some(&written()));
        let two = look(json!([
            app("ringside-101-cc", true, &Stage::Touched),
            app("ringside-101-aa", true, &Stage::Touched),
            app("ringside-1010-aa", true, &Stage::Begun),
            app("ringside-102-aa", true, &Stage::Begun),
            app("ringside-101-1-aa", true, &Stage::Begun),
        ]));
        let furthest = two.furthest(&leg()).map(|(other, stage)| (other.app.as_str(), stage));
        assert_eq!(
            furthest,
            Some(("ringside-101-aa", &Stage::Touched)),
            "the first of equals, and none of other extensions"
        );
        assert!(!two.is_alone());
        assert!(look(json!("x")).is_alone());
    }
}
