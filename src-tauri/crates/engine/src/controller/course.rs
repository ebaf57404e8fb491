//! The course of each call and of both links in the log, at INFO: enough for whoever helps to see what happened.
//!
//! Nothing by which a person could be known: no number, name or text, neither the caller's nor the agent's. Calls go by
//! their id; of cases Omnidesk's number is told.

use calls::{AgentAction, Call, Caller, Changes, Input, LegId, LinkState, Outcome, Phase};
use std::collections::BTreeMap;
use std::fmt;

/// What was told of each call, so that only news is.
#[derive(Default)]
pub(crate) struct Course {
    told: BTreeMap<LegId, Told>,
    link: Option<LinkState>,
}

/// What is told of a call.
#[derive(Clone, PartialEq)]
struct Told {
    phase: Phase,
    caller: &'static str,
    transferred: bool,
    outcome: Option<Outcome>,
    case: Option<u64>,
}

impl Told {
    fn of(call: &Call) -> Self {
        Self {
            phase: call.detail.phase,
            caller: caller(&call.caller),
            transferred: call.detail.transferred.is_some(),
            outcome: call.filing.outcome,
            case: call.filing.case.as_ref().map(|case| case.id.0),
        }
    }
}

impl Course {
    /// Calls have changed: what is new of them.
    pub(crate) fn tell(&mut self, changes: &Changes) {
        for call in &changes.calls {
            let now = Told::of(call);
            let before = self.told.insert(call.leg.clone(), now.clone());
            tell(call, before.as_ref(), &now);
        }
        for gone in changes.forgotten.iter().chain(&changes.absorbed) {
            self.told.remove(gone);
        }
    }

    /// Calls of before the start are no news.
    pub(crate) fn know<'a>(&mut self, calls: impl Iterator<Item = &'a Call>) {
        self.told.extend(calls.map(|call| (call.leg.clone(), Told::of(call))));
    }

    /// The link to the PBX turned. While it is down, each vain try tells of itself.
    pub(crate) fn link(&mut self, state: &LinkState) {
        let is_news = self.link.as_ref() != Some(state);
        if is_news && *state == LinkState::Up {
            tracing::info!("PBX: connected");
        }
        self.link = Some(state.clone());
    }
}

fn tell(call: &Call, before: Option<&Told>, now: &Told) {
    let id = Id(&call.leg);
    let is_new = |of: fn(&Told) -> String| before.is_none_or(|before| of(before) != of(now));
    if is_new(|told| format!("{:?}", told.phase)) {
        phase(call, id);
    }
    if before.is_some_and(|before| before.caller != now.caller) && now.phase != Phase::Ended || before.is_none() {
        tracing::info!(call = %id, caller = now.caller, "looked up");
    }
    if now.transferred && before.is_none_or(|before| !before.transferred) {
        tracing::info!(call = %id, "passed on");
    }
    if let Some(outcome) = now.outcome.filter(|_| before.is_none_or(|before| before.outcome != now.outcome)) {
        tracing::info!(
            call = %id,
            rule = outcome.rule.as_str(),
            act = ?outcome.act,
            status = ?outcome.status,
            reason = ?outcome.reason,
            closes_missed = outcome.closes_missed,
            "decided"
        );
    }
    if let Some(case) = now.case.filter(|_| before.is_none_or(|before| before.case != now.case)) {
        tracing::info!(call = %id, case, "has a case");
    }
}

fn phase(call: &Call, id: Id<'_>) {
    let detail = &call.detail;
    match detail.phase {
        Phase::Ringing => tracing::info!(call = %id, direction = ?detail.direction, "rings"),
        Phase::CallingAgent => tracing::info!(call = %id, "ordered: the agent's own phone rings"),
        Phase::Dialing => tracing::info!(call = %id, direction = ?detail.direction, "the other side is rung"),
        Phase::Talking => tracing::info!(call = %id, "talks"),
        Phase::Held => tracing::info!(call = %id, "on hold"),
        Phase::Ended => tracing::info!(
            call = %id,
            disposition = ?detail.disposition,
            talk_s = call.talk_ms().map(|ms| ms / 1_000),
            trouble = ?detail.dial_trouble,
            unseen = detail.unseen.is_some(),
            "ended"
        ),
    }
}

/// An input that is a person's doing, by its kind alone.
pub(crate) fn tell_deed(input: &Input) {
    match input {
        Input::Agent { leg, action } => {
            let deed = match action {
                AgentAction::OpenCompose => "opened the compose page",
                // Each stroke of a key; what becomes of it is told when it is sent.
                AgentAction::SaveDraft { .. } => return,
                AgentAction::SendDraft => "is done with the text",
                AgentAction::CreateCase { .. } => "created a case",
                AgentAction::Attach { .. } => "attached it to a case",
                AgentAction::ChooseUser { .. } => "chose a user",
                AgentAction::LinkUser { .. } => "linked the number",
                AgentAction::EditUser { .. } => "changed the user's data",
                AgentAction::Undo => "undid the decision",
                // Each of them, as it is picked; what becomes of them is told when they are sent.
                AgentAction::PickLabels { .. } => return,
                AgentAction::SendLabels => "is done with the labels",
                AgentAction::Claim => "calls back",
                AgentAction::Release => "does not call back after all",
                AgentAction::Remind { .. } => "is to be reminded",
            };
            tracing::info!(call = %Id(leg), deed, "the agent");
        }
        Input::DialFailed { leg, trouble } => tracing::info!(call = %Id(leg), ?trouble, "could not be placed"),
        Input::Pbx { .. }
        | Input::Resync { .. }
        | Input::Traced { .. }
        | Input::Dial { .. }
        | Input::EditUser { .. }
        | Input::Found { .. }
        | Input::MissedCasesRead { .. }
        | Input::ClaimRead { .. }
        | Input::Reminder { .. }
        | Input::RemindersDue
        | Input::TookText { .. }
        | Input::Done { .. } => {}
    }
}

fn caller(caller: &Caller) -> &'static str {
    match caller {
        Caller::LookingUp => "being looked up",
        Caller::Known { chosen: true, .. } => "a user, chosen",
        Caller::Known { chosen: false, .. } => "a user",
        Caller::Several { .. } => "several users",
        Caller::Unknown => "nobody",
        Caller::Withheld => "hidden",
        Caller::NotLookedUp => "a colleague or no number",
        Caller::Unavailable => "Omnidesk did not answer",
    }
}

/// A call's id for the log. Asterisk's (`1795327323.42`) is told as it is and finds the call in the PBX's own log; whatever
/// else a PBX calls its calls may hold a number or a name, and only its fingerprint is told.
#[derive(Clone, Copy)]
pub(crate) struct Id<'a>(pub &'a LegId);

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.0.as_str();
        if is_asterisks(id) {
            return f.write_str(id);
        }
        // FNV-1a: the same at every start and in every version.
        let print = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |print, byte| {
            (print ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        write!(f, "#{:08x}", print >> 32)
    }
}

/// Seconds since 1970 of this century, and a count.
fn is_asterisks(id: &str) -> bool {
    let digits = |text: &str, most: usize| !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    id.split_once('.')
        .is_some_and(|(seconds, count)| seconds.len() == 10 && seconds.starts_with('1') && digits(seconds, 10) && digits(count, 9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_may_hold_a_person_is_told_by_its_fingerprint() {
        let shown = |id: &str| Id(&LegId::new(id)).to_string();
        assert_eq!(shown("1795327323.42"), "1795327323.42");
        for id in [
            "79161234567",
            "79161234567.1",
            "9161234567.1",
            "1795327323.+79161234567",
            "anna.petrova",
            "1795327323.42\u{202e}",
            "",
            "c2c-101-1795327323.42",
        ] {
            let told = shown(id);
            assert!(told.starts_with('#') && told.len() == 9, "{id}: {told}");
            assert_eq!(told, shown(id), "the same each time");
        }
        assert_ne!(shown("a"), shown("b"));
    }
}
