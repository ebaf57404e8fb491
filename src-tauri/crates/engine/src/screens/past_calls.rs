//! From the history to view: what a line of the list of calls says of a call that this desk has forgotten.

use crate::account::catalog::Catalog;
use crate::people::card::Card;
use crate::screens::present::{disposition_view, line_text, number_view, reason_code, status_view};
use crate::time::ms;
use crate::view::{
    CallCaseView, CallView, CallerView, CallsCount, CallsLine, CallsQuery, CallsSort, DayCount, DirectionView, DraftView, MatchView,
    NumberKindView, OutboxRow, OutboxStateView, OutcomeView, PhaseView, RecordingView, TalkView, UserView, trouble,
};
use calls::{Direction, Moment, Number, Recording, Region, tidy_name};
use store::{CallFilter, CallOrder, CallSort, Days, LaterTalk, ListedCall, PastCall};

/// A text to search for is read so far, in words.
const MOST_WORDS: usize = 8;

/// With what a past call is told.
pub struct Telling<'a> {
    /// The account.
    pub catalog: &'a Catalog,
    /// How numbers are read.
    pub region: Region,
    /// What is owed.
    pub outbox: &'a [OutboxRow],
}

/// What is asked of the file.
#[must_use]
pub fn filter(query: &CallsQuery, extension: &str, ways: Vec<Vec<String>>) -> (CallFilter, CallOrder) {
    let filter = CallFilter {
        direction: query.direction.map(|direction| match direction {
            DirectionView::Inbound => Direction::Inbound,
            DirectionView::Outbound => Direction::Outbound,
            DirectionView::Internal => Direction::Internal,
        }),
        not_called_back: query.not_called_back,
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a moment in whole ms; what is none is the nearest that is one"
        )]
        from: query.from.map(|from| Moment(from as i64)),
        extension: query.mine.then(|| extension.to_owned()),
        without_case: query.without_case,
        line: query.line.clone(),
        ways: ways.into_iter().map(|words| words.into_iter().take(MOST_WORDS).collect()).collect(),
        apart: query.apart,
    };
    let by = match query.sort {
        CallsSort::Time => CallSort::Time,
        CallsSort::Name => CallSort::Name,
        CallsSort::Phone => CallSort::Phone,
        CallsSort::Line => CallSort::Line,
        CallsSort::Talk => CallSort::Talk,
        CallsSort::Case => CallSort::Case,
    };
    let order = CallOrder {
        by,
        ascending: query.ascending,
    };
    (filter, order)
}

/// How many there are.
#[must_use]
pub fn counted(days: Days, region: Region) -> CallsCount {
    let line = |line: String| CallsLine {
        text: line_text(None, Some(&line), region).unwrap_or_else(|| line.clone()),
        line,
    };
    CallsCount {
        days: days
            .days
            .iter()
            .map(|day| DayCount {
                at: ms(day.at),
                calls: day.calls,
            })
            .collect(),
        kept: days.kept,
        lines: days.lines.into_iter().map(line).collect(),
    }
}

/// A call of the history.
#[must_use]
pub fn view(listed: &ListedCall, telling: &Telling<'_>) -> CallView {
    let past = &listed.past;
    let number = number_of(past, telling.region);
    CallView {
        id: past.leg.as_str().to_owned(),
        direction: direction_view(past.direction),
        phase: PhaseView::Ended,
        disposition: past.disposition.map(|disposition| disposition_view(past.direction, disposition)),
        caller: caller(listed, &number, telling),
        facts: None,
        number,
        pbx_name: past.remote_name.as_deref().map(tidy_name).filter(|name| !name.is_empty()),
        line: line_text(past.queue.as_deref(), past.line.as_deref(), telling.region),
        offered_at: ms(past.offered_at),
        answered_at: past.answered_at.map(ms),
        ended_at: Some(ms(past.ended_at)),
        among: None,
        case: case(past, telling.outbox),
        draft: DraftView::default(),
        recording: recording(past, telling.outbox),
        transferred_to: past
            .transferred
            .map(|_| past.transferred_to.as_deref().map(tidy_name).unwrap_or_default()),
        transferred_from: past.transferred_from.as_ref().map(|from| tidy_name(from.as_str())),
        rings_also_at: Vec::new(),
        talked_later: listed.later.map(talk),
        waiting: None,
        outcome: outcome(past),
        unseen: None,
        talk_at_least: past.talk_at_least,
        ordered: false,
        called_from: past.called_from.map(|case| case.0.to_string()),
        trouble: past.dial_trouble.and_then(trouble::of_dial),
        case_gone: false,
        elsewhere: past.elsewhere,
        labels: Vec::new(),
        claim: None,
    }
}

fn direction_view(direction: Direction) -> DirectionView {
    match direction {
        Direction::Inbound => DirectionView::Inbound,
        Direction::Outbound => DirectionView::Outbound,
        Direction::Internal => DirectionView::Internal,
    }
}

/// Rows of before have a client's number alone, and nothing of a hidden or a colleague's.
fn number_of(past: &PastCall, region: Region) -> crate::view::NumberView {
    match (&past.number, &past.client) {
        (Some(number), _) => number_view(number),
        (None, client) => number_view(&Number::read(client.as_ref().map_or("", |client| client.as_str()), region)),
    }
}

/// Why nobody is known was not kept: only that is said which is certain.
fn caller(listed: &ListedCall, number: &crate::view::NumberView, telling: &Telling<'_>) -> CallerView {
    let past = &listed.past;
    let Some(id) = past.user else {
        return match number.kind {
            NumberKindView::Withheld => CallerView::Withheld,
            _ if past.remote_name.is_some() && past.direction != Direction::Internal => CallerView::Unknown,
            _ => CallerView::NotLookedUp,
        };
    };
    let card = listed
        .person
        .as_ref()
        .and_then(|person| serde_json::from_str::<Card>(&person.body).ok());
    let nameless = || UserView {
        id: id.0.to_string(),
        name: String::new(),
        email: None,
        phones: vec![number.pretty.clone()],
        company: None,
        position: None,
        note: None,
        blocked: false,
        fields: Vec::new(),
        linked_unread: false,
    };
    CallerView::Known {
        user: card.map_or_else(nameless, |card| card.view(telling.catalog, telling.region)),
        matched: MatchView::Exact,
        stale_since: None,
        last_case: None,
    }
}

fn talk(later: LaterTalk) -> TalkView {
    TalkView {
        direction: direction_view(later.direction),
        offered_at: ms(later.offered_at),
        answered_at: ms(later.answered_at),
        ended_at: Some(ms(later.ended_at)),
        at_least: later.at_least,
    }
}

/// What is owed for a call and not done.
fn owed<'a>(past: &PastCall, outbox: &'a [OutboxRow], what: &[&str]) -> Option<&'a OutboxRow> {
    outbox
        .iter()
        .find(|row| row.call == past.leg.as_str() && row.state != OutboxStateView::Done && what.contains(&row.what.as_str()))
}

fn case(past: &PastCall, outbox: &[OutboxRow]) -> CallCaseView {
    match &past.case {
        Some(case) => CallCaseView::Linked {
            case_id: case.id.0.to_string(),
            number: case.number.clone(),
            subject: case.subject.clone(),
            attached: past.joined,
        },
        None if owed(past, outbox, &["case"]).is_some() => CallCaseView::Sending { subject: String::new() },
        None => CallCaseView::None,
    }
}

fn recording(past: &PastCall, outbox: &[OutboxRow]) -> RecordingView {
    match &past.recording {
        Recording::None => RecordingView::None,
        Recording::Attached => RecordingView::Attached,
        Recording::Missing => RecordingView::Failed,
        Recording::Expected { .. } => match owed(past, outbox, &["case", "message", "recording"]).map(|row| row.state) {
            None => RecordingView::None,
            Some(OutboxStateView::Wedged) => RecordingView::Failed,
            Some(OutboxStateView::Sending) => RecordingView::Sending,
            Some(OutboxStateView::Queued | OutboxStateView::Blocked | OutboxStateView::Done) => RecordingView::Waiting,
        },
    }
}

fn outcome(past: &PastCall) -> Option<OutcomeView> {
    past.outcome.map(|outcome| OutcomeView {
        rule: outcome.rule.as_str().to_owned(),
        status: outcome.status.filter(|_| !past.undone).map(status_view),
        reason: reason_code(&outcome),
        closed_missed: Vec::new(),
        undo: None,
        undone: past.undone,
        overruled: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ANNA: &str = "+79215550134";

    fn listed(more: serde_json::Value) -> ListedCall {
        let mut past = json!({ "direction": "inbound", "origin": "direct", "offered_at": 1_000, "ended_at": 9_000 });
        past.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ListedCall {
            past: serde_json::from_value(past).unwrap(),
            person: None,
            later: None,
        }
    }

    fn seen(listed: &ListedCall, outbox: &[OutboxRow]) -> CallView {
        let telling = Telling {
            catalog: &Catalog::default(),
            region: Region::default(),
            outbox,
        };
        view(listed, &telling)
    }

    fn owed(what: &str, state: &str) -> OutboxRow {
        serde_json::from_value(json!({
            "id": "1", "call": "", "what": what, "state": state, "attempts": 0, "retryAt": null, "trouble": null, "code": null,
            "recording": null, "canGiveUp": false, "createdAt": 0,
        }))
        .unwrap()
    }

    #[test]
    fn s26_a_call_of_before_has_its_number_case_and_outcome() {
        let past = listed(json!({
            "client": ANNA, "queue": "Продажи", "answered_at": 2_000, "disposition": "answered",
            "case": { "id": 40, "number": "482-40", "subject": "Счёт" },
        }));
        let view = seen(&past, &[]);
        assert_eq!(
            (view.number.e164.as_deref(), view.number.kind),
            (Some(ANNA), NumberKindView::External)
        );
        assert_eq!((view.line.as_deref(), view.phase), (Some("Продажи"), PhaseView::Ended));
        assert!(matches!(view.case, CallCaseView::Linked { number, subject, .. } if number == "482-40" && subject == "Счёт"));
        assert_eq!((view.answered_at, view.ended_at), (Some(2_000.0), Some(9_000.0)));
    }

    #[test]
    fn who_it_was_is_said_only_as_far_as_it_is_known() {
        let number = |text: &str| serde_json::to_value(Number::read(text, Region::default())).unwrap();
        let caller = |more| seen(&listed(more), &[]).caller;
        assert_eq!(caller(json!({ "number": number("") })), CallerView::Withheld);
        assert_eq!(
            caller(json!({ "number": number(ANNA), "remote_name": "Анна" })),
            CallerView::Unknown
        );
        assert_eq!(caller(json!({ "number": number(ANNA) })), CallerView::NotLookedUp);
        // A user of whom this computer has no data any more can still be opened.
        let CallerView::Known { user, .. } = caller(json!({ "number": number(ANNA), "user": 7 })) else {
            panic!("a user")
        };
        assert_eq!((user.id.as_str(), user.name.as_str(), user.phones.len()), ("7", "", 1));
    }

    #[test]
    fn what_is_owed_says_what_becomes_of_case_and_recording() {
        let past = listed(json!({ "recording": { "type": "expected", "name": "talk-1" } }));
        let of = |what: &str, state: &str| {
            let view = seen(&past, &[owed(what, state)]);
            (matches!(view.case, CallCaseView::Sending { .. }), view.recording)
        };
        assert_eq!(of("case", "queued"), (true, RecordingView::Waiting));
        assert_eq!(of("recording", "sending"), (false, RecordingView::Sending));
        assert_eq!(of("recording", "wedged"), (false, RecordingView::Failed));
        assert_eq!(of("recording", "done"), (false, RecordingView::None));
        assert_eq!(of("status", "queued"), (false, RecordingView::None));
    }
}
