//! Hand-made histories.

// Each test binary uses its part.
#![allow(dead_code, clippy::unwrap_used)]

use calls::{Act, CaseStatus, Did, Direction, Disposition, Facts, LegId, Moment, Origin, Outcome, Reach, Recording, Side, UserId, decide};
use figures::{Figures, Range, Tally};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::{Agent, PastCall, PastCase};

pub fn agent(extension: &str) -> Agent {
    Agent {
        extension: extension.into(),
        email: format!("{extension}@company.example"),
    }
}

/// A moment as a clock on the wall shows it.
pub fn at(wall: &str, zone: &TimeZone) -> Moment {
    let time: jiff::civil::DateTime = wall.parse().unwrap();
    Moment(time.to_zoned(zone.clone()).unwrap().timestamp().as_millisecond())
}

/// A call that nobody answered and that left nothing.
pub fn call(leg: &str, began: Moment, direction: Direction) -> PastCall {
    let disposition = match direction {
        Direction::Inbound => Disposition::Missed,
        Direction::Outbound | Direction::Internal => Disposition::Cancelled,
    };
    let row = serde_json::json!({
        "direction": direction,
        "origin": Origin::Unknown,
        "client": "+79161234567",
        "offered_at": began,
        "ended_at": began.plus_ms(20_000),
        "disposition": disposition,
    });
    // As the file has it: fields that a history may have beside these are those of an old row.
    let row: PastCall = serde_json::from_value(row).unwrap();
    PastCall {
        leg: LegId::new(leg),
        agent: agent("204"),
        ..row
    }
}

pub trait With: Sized {
    /// They talked so long, ms.
    fn talked(self, ms: i64) -> Self;
    /// What was decided: taken from the decision table, so that the histories are ones that can be.
    fn outcome(self, side: Side, reach: Reach, did: Did) -> Self;
    fn case(self, id: u64) -> Self;
    fn recorded(self) -> Self;
    fn by(self, extension: &str) -> Self;
    fn on_line(self, line: &str) -> Self;
    fn of(self, user: u64) -> Self;
}

impl With for PastCall {
    fn talked(self, ms: i64) -> Self {
        let answered = self.offered_at.plus_ms(5_000);
        Self {
            answered_at: Some(answered),
            ended_at: answered.plus_ms(ms),
            disposition: Some(Disposition::Answered),
            ..self
        }
    }

    fn outcome(self, side: Side, reach: Reach, did: Did) -> Self {
        let outcome = decide(&Facts {
            side,
            reach,
            did,
            transferred: false,
            has_owner: true,
            open_missed: false,
            into_missed: false,
            from_case: false,
            unanswered_outgoing_cases: true,
        });
        Self {
            outcome: Some(outcome),
            ..self
        }
    }

    fn case(self, id: u64) -> Self {
        Self {
            case: Some(past_case(id)),
            ..self
        }
    }

    fn recorded(self) -> Self {
        Self {
            recording: Recording::Attached,
            ..self
        }
    }

    fn by(self, extension: &str) -> Self {
        Self {
            agent: agent(extension),
            ..self
        }
    }

    fn on_line(self, line: &str) -> Self {
        Self {
            line: Some(line.into()),
            ..self
        }
    }

    fn of(self, user: u64) -> Self {
        Self {
            user: Some(UserId(user)),
            ..self
        }
    }
}

pub fn past_case(id: u64) -> PastCase {
    serde_json::from_value(serde_json::json!({ "id": id, "number": format!("482-{id:06}") })).unwrap()
}

/// A client called, the agent answered and did nothing: a case by itself, waiting.
pub fn answered(leg: &str, began: Moment, case: u64) -> PastCall {
    let call = call(leg, began, Direction::Inbound).talked(60_000).case(case);
    call.outcome(Side::Client, Reach::Talked, Did::Nothing)
}

/// The agent called from the softphone, the client answered, nothing was opened: a closed case (S34).
pub fn called(leg: &str, began: Moment, case: u64) -> PastCall {
    let call = call(leg, began, Direction::Outbound).talked(60_000).case(case);
    call.outcome(Side::Agent, Reach::Talked, Did::Nothing)
}

/// Nobody answered a client: a case of its own.
pub fn missed(leg: &str, began: Moment, case: u64) -> PastCall {
    let call = call(leg, began, Direction::Inbound).case(case);
    call.outcome(Side::Client, Reach::NotReached, Did::Nothing)
}

/// A call that was attached to an earlier case, which waits since.
pub fn attached(leg: &str, began: Moment, case: u64) -> PastCall {
    let call = call(leg, began, Direction::Inbound).talked(60_000).case(case);
    call.outcome(Side::Client, Reach::Talked, Did::Attached)
}

/// An outcome that a history can hold, whatever led to it.
pub fn outcome(act: Act, status: Option<CaseStatus>) -> Outcome {
    let some = decide(&Facts {
        side: Side::Client,
        reach: Reach::Talked,
        did: Did::Nothing,
        transferred: false,
        has_owner: true,
        open_missed: false,
        into_missed: false,
        from_case: false,
        unanswered_outgoing_cases: true,
    });
    Outcome { act, status, ..some }
}

pub fn days(first: &str, last: &str) -> Range {
    let date = |text: &str| text.parse::<Date>().unwrap();
    Range::new(date(first), date(last)).unwrap()
}

/// In the history's order, and counted.
pub fn counted(mut history: Vec<PastCall>, range: Range, zone: &TimeZone) -> Figures {
    history.sort_by(|one, other| (other.ended_at, other.leg.as_str()).cmp(&(one.ended_at, one.leg.as_str())));
    let mut tally = Tally::new(range, zone.clone());
    history.iter().for_each(|call| tally.add(call));
    tally.done()
}
