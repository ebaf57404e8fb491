//! The companions of this agent's own extension, and which of them writes a call.
//!
//! One agent at two computers, a second start with another data folder: each of these programs sees the same legs, and
//! only one may write them to the help desk. They do not know each other, but all see the PBX's list of apps, and an app
//! may say something there: it subscribes to the state of a device of which nobody ever hears, named after the leg
//! (`deviceState:Ringside/<stage>/<leg>`). The subscription costs one request, is seen by everybody at once, and goes
//! with the socket. Who listens is told in [`super::peers`]; who listens no more counts as gone, and so does its
//! mark, unless it says that the call is written: then the case is there.
//!
//! A read-only user may read the list but leave no mark; then the help desk itself must be asked.

use super::peers::{hears, texts};
use crate::companions::{Companion, Companions, Stage};
use calls::{CaseId, LegId};
use serde_json::Value;

/// What marks begin with.
const MARK: &str = "Ringside/";
/// No number of a case.
const NONE: &str = "-";

/// The event source by which an app says something of a call.
pub(super) fn source(stage: &Stage, leg: &LegId) -> String {
    let words = match stage {
        Stage::Untouched => "untouched".to_owned(),
        Stage::Touched => "touched".to_owned(),
        Stage::Ordered => "ordered".to_owned(),
        Stage::Begun => "begun".to_owned(),
        Stage::Written { case: None } => format!("written/{NONE}/{NONE}"),
        Stage::Written { case: Some((id, number)) } => {
            let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
            let number: String = number.chars().filter(plain).take(40).collect();
            format!("written/{}/{}", id.0, if number.is_empty() { NONE } else { number.as_str() })
        }
    };
    format!("deviceState:{MARK}{words}/{leg}")
}

fn read_mark(mark: &str) -> Option<(Stage, LegId)> {
    let (stage, rest) = mark.strip_prefix(MARK)?.split_once('/')?;
    let (stage, leg) = match stage {
        "untouched" => (Stage::Untouched, rest),
        "touched" => (Stage::Touched, rest),
        "ordered" => (Stage::Ordered, rest),
        "begun" => (Stage::Begun, rest),
        "written" => {
            let (id, rest) = rest.split_once('/')?;
            let (number, leg) = rest.split_once('/')?;
            let number = if number == NONE { "" } else { number };
            let case = id.parse().ok().map(|id| (CaseId(id), number.to_owned()));
            (Stage::Written { case }, leg)
        }
        // Of a later version, perhaps.
        _ => return None,
    };
    Some((stage, LegId::new(leg)))
}

/// Reads the answer of `GET /applications`.
pub(super) fn read(applications: &Value, prefix: &str, own: &str) -> Companions {
    let list = applications.as_array().map(Vec::as_slice).unwrap_or_default();
    let companion = |application: &Value| {
        let app = application.get("name")?.as_str()?;
        is_of(app, prefix).then(|| Companion {
            app: app.to_owned(),
            listens: hears(application),
            marks: texts(application, "device_names").filter_map(read_mark).collect(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ari::peers::ALL_BRIDGES;
    use serde_json::json;

    fn leg() -> LegId {
        LegId::new("pbx/1795329167.0")
    }

    fn said(stage: &Stage) -> String {
        source(stage, &leg()).strip_prefix("deviceState:").unwrap().to_owned()
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
            assert_eq!(read_mark(&said(&stage)), Some((stage, leg())));
        }
        for nonsense in [
            "",
            "Ringside/",
            "Ringside/begun",
            "Ringside/later/1.0",
            "PJSIP/101",
            "Ringside/written/7",
        ] {
            assert_eq!(read_mark(nonsense), None, "{nonsense}");
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
