//! The play: which calls come, what the app must do with each, and what Omnidesk must hold afterwards.
//!
//! The scenes come in this order and build on each other: a client who was missed calls again.

use super::by_hand::{CALL_FROM_CASE, Deeds, PASTE_AND_DIAL, REDIAL};
use crate::control::Call;
use std::time::Duration;

/// One scene.
pub struct Scene {
    /// What happens, in words.
    pub name: &'static str,
    /// Its calls: the next one comes when the one before is answered, or over if the app must not notice that.
    pub parts: Vec<Part>,
    /// The cases that it is about, as they must be when it is over.
    pub cases: Vec<(Which, Case)>,
    /// How many new users Omnidesk has.
    pub new_users: usize,
    /// How many reading requests it may cost: the table of docs/omnidesk.md.
    pub reads: usize,
    /// How many writing ones: that table, and one for each missed-call case that is closed.
    pub writes: usize,
    /// The name of a picture of its end; empty = none.
    pub ends_with: &'static str,
}

/// One call of a scene.
pub struct Part {
    /// The call.
    pub call: Call,
    /// What must be seen, in this order. None at all: the app must not notice the call.
    pub steps: &'static [&'static str],
    /// What the agent does after which step: [`super::by_hand::FIRST`], `offered`, or one of the steps.
    pub deeds: Deeds,
    /// After which step the screen is worth a picture, and its name.
    pub pictures: &'static [(&'static str, &'static str)],
}

/// A case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Made by the call of this part.
    Made(usize),
    /// Made by the first call of an earlier scene.
    Earlier(&'static str),
}

/// How a case must be.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Omnidesk's word.
    pub status: &'static str,
    /// The beginning of it.
    pub subject: &'static str,
    /// All of them.
    pub labels: &'static [&'static str],
    /// How many, notes too.
    pub messages: usize,
    /// How many of them carry a recording.
    pub recordings: usize,
    /// The agent whose case it is, by the e-mail address; none: whoever it may be.
    pub responsible: Option<&'static str>,
}

// `popup_shown` is not among them: between two quick calls the popup may never have left the screen.
const ANSWERED: &[&str] = &[
    "popup_painted",
    "answered",
    "profile_opened",
    "ended",
    "case_created",
    "recording_attached",
    "status:waiting",
];
/// An unknown caller has no profile to open (S11).
const ANSWERED_UNKNOWN: &[&str] = &[
    "popup_painted",
    "answered",
    "ended",
    "case_created",
    "recording_attached",
    "status:waiting",
];
/// S33a: the missed-call case is closed beside it.
const ANSWERED_AT_LAST: &[&str] = &[
    "popup_painted",
    "answered",
    "profile_opened",
    "ended",
    "case_created",
    "recording_attached",
    "status:waiting",
    "status:closed",
];
const ANSWERED_ON_HOLD: &[&str] = &[
    "popup_painted",
    "answered",
    "profile_opened",
    "held",
    "resumed",
    "ended",
    "case_created",
    "recording_attached",
    "status:waiting",
];
/// Passed on (S17), and called from the softphone (S34).
const CLOSED: &[&str] = &[
    "popup_painted",
    "answered",
    "profile_opened",
    "ended",
    "case_created",
    "recording_attached",
    "status:closed",
];
const MISSED: &[&str] = &["popup_painted", "ended", "case_created", "status:open"];
const MISSED_AGAIN: &[&str] = &["popup_painted", "ended", "status:open"];
const NOT_REACHED: &[&str] = &["popup_painted", "ended", "case_created", "status:closed"];
const TAKEN_BY_COLLEAGUE: &[&str] = &["popup_painted", "ended", "popup_gone"];
const WITHHELD: &[&str] = &["popup_painted", "answered", "ended"];
const UNNOTICED: &[&str] = &[];

/// Called from a case: the popup comes only when the agent leaves the case, and goes when they are back (S20).
const CALLED_FROM_CASE: &[&str] = &[
    "popup_painted",
    "popup_gone",
    "answered",
    "ended",
    "recording_attached",
    "status:waiting",
];
const TRIED_AGAIN: &[&str] = &["popup_painted", "ended", "status:open"];

const NO_DEEDS: Deeds = &[];

const NO_PICTURES: &[(&str, &str)] = &[];
const RINGING: &[(&str, &str)] = &[("popup_painted", "ringing")];
const WITH_PROFILE: &[(&str, &str)] = &[("popup_painted", "ringing"), ("profile_opened", "profile")];
const WITH_TALK: &[(&str, &str)] = &[("popup_painted", "ringing"), ("answered", "talking")];
const ON_HOLD: &[(&str, &str)] = &[("held", "held")];

/// Whose desk it is.
const AGENT: &str = "anna@support.example";

const RED: &[&str] = &["Пропущенный"];
const GREEN: &[&str] = &["Перезвонили"];
const FROM: &str = "Входящий звонок с +7";
const TO: &str = "Исходящий звонок на +7";
const MISSED_FROM: &str = "Пропущенный звонок с +7";

/// The scene whose client is missed; later ones come back to their case.
const FIRST_MISSED: &str = "missed call";

/// The scene whose client is missed and then called back.
const MISSED_TO_CALL: &str = "another client is missed";

impl Case {
    /// Of one message with its recording.
    const fn talked(status: &'static str, subject: &'static str) -> Self {
        Self {
            status,
            subject,
            labels: &[],
            messages: 1,
            recordings: 1,
            responsible: Some(AGENT),
        }
    }

    /// Without a conversation.
    const fn silent(status: &'static str, subject: &'static str, messages: usize) -> Self {
        Self {
            status,
            subject,
            labels: &[],
            messages,
            recordings: 0,
            responsible: None,
        }
    }

    const fn red(self) -> Self {
        Self { labels: RED, ..self }
    }
}

pub(super) const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Somebody calls and is answered.
fn talk(from: &str) -> Call {
    Call::incoming(from, ms(1500), "answered", ms(2000))
}

/// Somebody calls and gives up.
fn give_up(from: &str) -> Call {
    Call::incoming(from, ms(1800), "missed", Duration::ZERO)
}

/// Somebody rings for so long that nobody is asked before calling back: a shorter ring may be a lure.
fn ring_in_vain(from: &str) -> Call {
    Call::incoming(from, ms(3400), "missed", Duration::ZERO)
}

/// A scene of one call that makes one case.
fn scene(name: &'static str, call: Call, steps: &'static [&'static str], case: Case) -> Scene {
    Scene {
        name,
        parts: vec![Part {
            call,
            steps,
            deeds: NO_DEEDS,
            pictures: NO_PICTURES,
        }],
        cases: vec![(Which::Made(0), case)],
        new_users: 0,
        reads: 2,
        writes: 2,
        ends_with: "",
    }
}

impl Scene {
    fn pictured(mut self, pictures: &'static [(&'static str, &'static str)], ends_with: &'static str) -> Self {
        if let Some(part) = self.parts.first_mut() {
            part.pictures = pictures;
        }
        Self { ends_with, ..self }
    }

    /// By the agent's hand.
    fn doing(mut self, deeds: Deeds) -> Self {
        if let Some(part) = self.parts.first_mut() {
            part.deeds = deeds;
        }
        self
    }

    fn costs(self, reads: usize, writes: usize) -> Self {
        Self { reads, writes, ..self }
    }

    fn of_new_user(self) -> Self {
        Self { new_users: 1, ..self }
    }

    fn about(self, cases: Vec<(Which, Case)>) -> Self {
        Self { cases, ..self }
    }

    fn then(mut self, call: Call, steps: &'static [&'static str], pictures: &'static [(&'static str, &'static str)]) -> Self {
        self.parts.push(Part {
            call,
            steps,
            deeds: NO_DEEDS,
            pictures,
        });
        self
    }
}

/// All of it. A colleague's call comes first: no end of an earlier one keeps the popup on screen then.
pub fn scenes() -> Vec<Scene> {
    let missed = (Which::Earlier(FIRST_MISSED), Case::silent("open", MISSED_FROM, 2).red());
    let no_longer_missed = (Which::Earlier(FIRST_MISSED), Case::silent("closed", MISSED_FROM, 2).red());
    let talked = Case::talked("waiting", FROM);
    let by_colleague = Call::taken_by_colleague("79005550210", ms(3000), ms(500));
    let passed_on = Call::transferred("79895550116", ms(1500), ms(1500), ms(1000));
    let unanswered = Call::outgoing("79605550159", ms(1500), Duration::ZERO).ending("timeout");
    let called = Call::outgoing("79035550143", ms(1500), ms(2000));
    let first = talk("77015550188").on_hold(ms(1000), ms(3000));
    let second = Call::incoming("79275550128", ms(1200), "answered", ms(1500));
    let tried = (Which::Earlier(MISSED_TO_CALL), Case::silent("open", MISSED_FROM, 2).red());
    let called_back = Case {
        labels: GREEN,
        messages: 3,
        ..Case::talked("waiting", MISSED_FROM)
    };
    let missed_to_call = ring_in_vain("78435550119");
    vec![
        scene("colleague takes a group call", by_colleague, TAKEN_BY_COLLEAGUE, talked)
            .about(Vec::new())
            .costs(1, 0)
            .pictured(RINGING, ""),
        scene("known caller", talk("79161234567"), ANSWERED, talked).pictured(WITH_PROFILE, "case"),
        scene("unknown caller", talk("79005550142"), ANSWERED_UNKNOWN, talked)
            .of_new_user()
            .pictured(WITH_TALK, "case"),
        scene(
            FIRST_MISSED,
            give_up("79265550155"),
            MISSED,
            Case::silent("open", MISSED_FROM, 1).red(),
        )
        .costs(2, 1)
        .pictured(RINGING, "case"),
        scene("missed again", give_up("79265550155"), MISSED_AGAIN, talked)
            .about(vec![missed])
            .costs(2, 1)
            .pictured(NO_PICTURES, "case"),
        scene(
            "missed client calls again and is answered",
            talk("79265550155"),
            ANSWERED_AT_LAST,
            talked,
        )
        .about(vec![(Which::Made(0), talked), no_longer_missed])
        .costs(2, 3)
        .pictured(RINGING, "case"),
        scene("passed on to a colleague", passed_on, CLOSED, Case::talked("closed", FROM)),
        scene("softphone call", called, CLOSED, Case::talked("closed", TO)).pictured(WITH_PROFILE, "case"),
        scene(
            "softphone call that nobody answers",
            unanswered,
            NOT_REACHED,
            Case::silent("closed", TO, 1),
        )
        .costs(1, 2)
        .pictured(RINGING, ""),
        scene("hold", talk("73435550190").on_hold(ms(700), ms(1500)), ANSWERED_ON_HOLD, talked).pictured(ON_HOLD, ""),
        scene("second call while talking", first, ANSWERED, talked)
            .then(second, ANSWERED, RINGING)
            .about(vec![(Which::Made(0), talked), (Which::Made(1), talked)])
            .costs(4, 4)
            .pictured(NO_PICTURES, "cases"),
        scene(
            "machine, then a withheld number",
            Call::machine("79161234567", ms(1500)),
            UNNOTICED,
            talked,
        )
        .then(talk("anonymous"), WITHHELD, WITH_TALK)
        .about(Vec::new())
        .costs(0, 0),
        scene(MISSED_TO_CALL, missed_to_call, MISSED, Case::silent("open", MISSED_FROM, 1).red()).costs(2, 1),
        scene(
            "redialled from the tray, nobody answers",
            Call::ordered("78435550119"),
            TRIED_AGAIN,
            talked,
        )
        .about(vec![tried])
        .costs(2, 1)
        .doing(REDIAL),
        scene("called back from the case", Call::ordered("78435550119"), CALLED_FROM_CASE, talked)
            .about(vec![(Which::Earlier(MISSED_TO_CALL), called_back)])
            .costs(7, 3)
            .doing(CALL_FROM_CASE)
            .pictured(NO_PICTURES, "case"),
        scene(
            "pasted into the dial window",
            Call::ordered("79161234567"),
            CLOSED,
            Case::talked("closed", TO),
        )
        .doing(PASTE_AND_DIAL)
        .pictured(NO_PICTURES, "case"),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::by_hand::FIRST;
    use super::*;

    #[test]
    fn every_case_that_is_made_is_stated_and_the_other_way_round() {
        for scene in scenes() {
            for (index, part) in scene.parts.iter().enumerate() {
                let made = part.steps.contains(&"case_created");
                let stated = scene.cases.iter().find(|(which, _)| *which == Which::Made(index));
                assert_eq!(made, stated.is_some(), "{} {index}", scene.name);
                let Some((_, case)) = stated else { continue };
                assert!(
                    part.steps.iter().any(|step| step.strip_prefix("status:") == Some(case.status)),
                    "{} {index}",
                    scene.name
                );
                let recorded = part.steps.contains(&"recording_attached");
                assert_eq!(recorded, case.recordings > 0, "{} {index}", scene.name);
            }
        }
    }

    #[test]
    fn what_a_scene_writes_is_counted_and_a_machine_stays_unnoticed() {
        for scene in scenes() {
            let touches = scene.cases.len();
            assert_eq!(touches > 0, scene.writes > 0, "{}", scene.name);
            let earlier = |which: &Which| matches!(which, Which::Earlier(name) if ![FIRST_MISSED, MISSED_TO_CALL].contains(name));
            assert!(!scene.cases.iter().any(|(which, _)| earlier(which)), "{}", scene.name);
        }
        let machine = |part: &Part| part.call.words().starts_with("ivr");
        let parts = scenes().into_iter().flat_map(|scene| scene.parts);
        assert!(parts.into_iter().all(|part| machine(&part) == part.steps.is_empty()));
    }
    #[test]
    fn what_the_agent_does_comes_after_a_step_of_the_scene_and_orders_what_is_ordered() {
        for part in scenes().into_iter().flat_map(|scene| scene.parts) {
            let words = part.call.words();
            for (after, deeds) in part.deeds {
                assert!([FIRST, "offered"].contains(after) || part.steps.contains(after), "{words}: {after}");
                assert!(!deeds.is_empty(), "{words}: {after}");
            }
            let orders = part.deeds.iter().any(|(after, _)| *after == FIRST);
            assert_eq!(orders, part.call.is_ordered(), "{words}");
        }
    }
}
