//! From state to view: what the windows are told. Nothing is decided here.

use crate::account::catalog::Catalog;
use crate::people::known::{Known, People};
use crate::screens::caller_facts::CallerFacts;
use crate::screens::cases_shown::CasesShown;
use crate::screens::missed_waiting::{note_talks, note_waiting};
use crate::sending::outbox::Outbox;
use crate::time::ms;
use crate::view::trouble;
use crate::view::{
    AmongView, CallCaseView, CallView, CallerFactsView, CallerView, CaseStatusView, ClaimView, ClosedMissed, ClosedMissedState,
    DirectionView, DispositionView, DraftView, GapView, GuessView, MatchView, NumberKindView, NumberView, OutboxRow, OutboxStateView,
    OutcomeView, PhaseView, RecordingView, RowRecordingView,
};
use calls::{
    Act, Among, Call, Caller, CaseId, CaseStatus, CaseTarget, Choice, Claiming, Desk, Direction, Disposition, DutyKind, Guess, LegId,
    Moment, Number, NumberKind, Outcome, Phase, Recording, Region, UserId, tidy_name,
};
use std::collections::BTreeSet;
use store::{Entry, EntryState};

/// At most this many calls are shown, and this many rows of the outbox; clients who wait to be called back come on top.
const SHOWN_CALLS: usize = 200;

/// What a call's view is made from.
pub struct Sources<'a> {
    /// People in memory.
    pub people: &'a People,
    /// The account.
    pub catalog: &'a Catalog,
    /// How numbers are read.
    pub region: Region,
    /// Look-ups under way.
    pub pending: BTreeSet<&'a LegId>,
    /// What is owed.
    pub outbox: &'a Outbox,
    /// All calls.
    pub desk: &'a Desk,
    /// Cases that pages have shown.
    pub cases: &'a CasesShown,
    /// What this desk knows of callers by itself.
    pub facts: &'a CallerFacts,
    /// Whether Omnidesk answers.
    pub omnidesk_up: bool,
    /// Calls that another of the agent's computers writes.
    pub elsewhere: BTreeSet<&'a LegId>,
}

/// Live calls first, then the ended ones, newest first.
pub fn calls<'a>(all: impl Iterator<Item = &'a Call>, sources: &Sources<'_>) -> Vec<CallView> {
    let mut calls: Vec<&Call> = all.collect();
    calls.sort_by_key(|call| (!call.is_live(), std::cmp::Reverse(call.detail.offered_at), call.leg.clone()));
    let mut views: Vec<CallView> = calls.into_iter().map(|call| call_view(call, sources)).collect();
    note_talks(&mut views);
    note_waiting(&mut views);
    // Nobody who waits is pushed out by newer calls.
    let mut place = 0;
    views.retain(|call| {
        place += 1;
        place <= SHOWN_CALLS || call.waiting.is_some()
    });
    views
}

fn call_view(call: &Call, sources: &Sources<'_>) -> CallView {
    CallView {
        id: call.leg.as_str().to_owned(),
        direction: match call.detail.direction {
            Direction::Inbound => DirectionView::Inbound,
            Direction::Outbound => DirectionView::Outbound,
            Direction::Internal => DirectionView::Internal,
        },
        phase: match call.detail.phase {
            Phase::Ringing => PhaseView::Ringing,
            Phase::CallingAgent => PhaseView::CallingAgent,
            Phase::Dialing => PhaseView::Dialing,
            Phase::Talking => PhaseView::Talking,
            Phase::Held => PhaseView::Held,
            Phase::Ended => PhaseView::Ended,
        },
        disposition: call
            .detail
            .disposition
            .map(|disposition| disposition_view(call.detail.direction, disposition)),
        number: number_view(&call.detail.number),
        pbx_name: call.detail.remote_name.as_deref().map(tidy_name).filter(|name| !name.is_empty()),
        line: line_text(call.detail.queue.as_deref(), call.detail.line.as_deref(), sources.region),
        offered_at: ms(call.detail.offered_at),
        answered_at: call.detail.answered_at.map(ms),
        ended_at: call.detail.ended_at.map(ms),
        caller: caller_view(call, sources),
        facts: facts_view(call, sources),
        among: call.movable().and_then(|among| among_view(call, among, sources)),
        case: case_view(call, sources.outbox),
        draft: DraftView {
            subject: call.handling.draft.subject.clone(),
            gist: call.handling.draft.gist.clone(),
            saved_at: call.handling.draft.saved_at.map(ms),
            unsent: call.has_unsent_text() || (comes_to_nothing(call) && !call.handling.draft.is_empty()),
        },
        recording: recording_view(call, sources.outbox),
        transferred_to: call
            .detail
            .transferred
            .as_ref()
            .map(|transferred| transferred.to.as_deref().map(tidy_name).unwrap_or_default()),
        transferred_from: call.detail.transferred_from.as_ref().map(|from| tidy_name(from.as_str())),
        rings_also_at: call.detail.shared_with.iter().map(|desk| desk.as_str().to_owned()).collect(),
        unseen: call.detail.unseen.map(|gap| GapView {
            from: ms(gap.from),
            to: ms(gap.to),
        }),
        talk_at_least: call.detail.talk_at_least,
        talked_later: None,
        waiting: None,
        outcome: call.filing.outcome.as_ref().map(|outcome| outcome_view(call, outcome, sources)),
        ordered: call.detail.order.is_some(),
        called_from: call.handling.called_from.as_ref().map(|case| case.id.0.to_string()),
        trouble: call.detail.dial_trouble.and_then(trouble::of_dial),
        case_gone: call.filing.replaced > 0,
        labels: call.handling.labels.clone(),
        claim: claim_view(call, sources),
        elsewhere: call.filing.elsewhere || sources.elsewhere.contains(&call.leg),
    }
}

fn facts_view(call: &Call, sources: &Sources<'_>) -> Option<CallerFactsView> {
    let card = call.user().and_then(|user| sources.people.card(user));
    let facts = sources.facts.view(call, card.and_then(|card| card.last_contact).map(Moment));
    (facts != CallerFactsView::default()).then_some(facts)
}

/// Who calls back: what the agent has just said goes before what the case said last.
fn claim_view(call: &Call, sources: &Sources<'_>) -> Option<ClaimView> {
    if !call.can_be_claimed() {
        return None;
    }
    let seen = call.filing.case.as_ref().and_then(|case| sources.desk.claim_in(case.id));
    match (&call.filing.claiming, seen) {
        (Claiming::Wanted { since }, _) => Some(ClaimView::sending(sources.catalog.my_name().unwrap_or_default(), *since)),
        (Claiming::Late { to }, Some(seen)) if seen.claim.by == to.by => Some(ClaimView::late(to)),
        (_, Some(seen)) => Some(ClaimView::of(&seen.claim, seen.mine)),
        (Claiming::Late { to }, None) => Some(ClaimView::late(to)),
        (Claiming::Over, None) => Some(ClaimView::over()),
        (Claiming::None, None) => None,
    }
}

/// The call is over and leaves nothing in Omnidesk.
fn comes_to_nothing(call: &Call) -> bool {
    !call.is_live() && call.filing.outcome.is_some_and(|outcome| outcome.act == Act::NoCase)
}

/// By which queue, group or number it came.
pub(crate) fn line_text(queue: Option<&str>, line: Option<&str>, region: Region) -> Option<String> {
    let dialled = || line.map(|line| Number::read(line, region).pretty().to_owned());
    queue.map(tidy_name).or_else(dialled).filter(|line| !line.is_empty())
}

pub(crate) fn disposition_view(direction: Direction, disposition: Disposition) -> DispositionView {
    match disposition {
        Disposition::Answered => DispositionView::Answered,
        Disposition::AnsweredElsewhere => DispositionView::AnsweredElsewhere,
        Disposition::Declined => DispositionView::Declined,
        Disposition::Busy => DispositionView::Busy,
        Disposition::Failed => DispositionView::Failed,
        Disposition::Unknown => DispositionView::Unknown,
        Disposition::Missed | Disposition::Cancelled if direction == Direction::Outbound => DispositionView::NoAnswer,
        Disposition::Missed | Disposition::Cancelled => DispositionView::Missed,
    }
}

pub fn number_view(number: &Number) -> NumberView {
    NumberView {
        kind: match number.kind() {
            NumberKind::External => NumberKindView::External,
            NumberKind::Extension => NumberKindView::Extension,
            NumberKind::Short => NumberKindView::Short,
            NumberKind::Code => NumberKindView::Code,
            NumberKind::Withheld => NumberKindView::Withheld,
            NumberKind::Nonsense => NumberKindView::Nonsense,
        },
        pretty: number.pretty().to_owned(),
        e164: number.e164().map(str::to_owned),
        dial: number.handed_over(),
        extension: number.extension().map(str::to_owned),
    }
}

fn caller_view(call: &Call, sources: &Sources<'_>) -> CallerView {
    let pending = sources.pending.contains(&call.leg);
    // What was read before this start is good as long as nothing speaks against it.
    let stale = |known: &Known| (!known.fresh && !pending && !sources.omnidesk_up).then(|| ms(known.seen_at));
    match &call.caller {
        Caller::LookingUp => CallerView::LookingUp,
        Caller::Known { user, chosen } => match sources.people.get(*user) {
            None => CallerView::LookingUp,
            Some(known) => CallerView::Known {
                user: known.card.view(sources.catalog, sources.region),
                matched: match (chosen, known.card.has_by_link(&call.detail.number.keys(), sources.region)) {
                    (true, _) => MatchView::Chosen,
                    (false, true) => MatchView::Linked,
                    (false, false) => MatchView::Exact,
                },
                stale_since: stale(known),
                last_case: known.card.last_case.clone(),
            },
        },
        Caller::Several { users } => {
            let known: Vec<&Known> = users.iter().filter_map(|user| sources.people.get(*user)).collect();
            CallerView::Several {
                users: known.iter().map(|known| known.card.view(sources.catalog, sources.region)).collect(),
                stale_since: known.iter().find_map(|known| stale(known)),
            }
        }
        Caller::Unknown => CallerView::Unknown,
        Caller::Withheld => CallerView::Withheld,
        Caller::NotLookedUp => CallerView::NotLookedUp,
        Caller::Unavailable => CallerView::Unavailable {
            trouble: crate::view::TroubleView::Unreachable,
        },
    }
}

fn among_view(call: &Call, among: &Among, sources: &Sources<'_>) -> Option<AmongView> {
    let view = |user: &UserId| Some(sources.people.get(*user)?.card.view(sources.catalog, sources.region));
    Some(AmongView {
        user: view(&among.written_for)?,
        others: among
            .users
            .iter()
            .filter(|user| **user != among.written_for)
            .filter_map(view)
            .collect(),
        why: match among.guessed.why {
            _ if call.user().is_some() => GuessView::Chosen,
            Guess::Missed => GuessView::Missed,
            Guess::Newest => GuessView::Newest,
            Guess::Asked => GuessView::Asked,
        },
    })
}

fn case_view(call: &Call, outbox: &Outbox) -> CallCaseView {
    if let Some(facts) = &call.filing.case {
        return CallCaseView::Linked {
            case_id: facts.id.0.to_string(),
            number: facts.number.clone(),
            subject: facts.subject.clone(),
            attached: matches!(call.handling.choice, Choice::Attach { .. })
                || call.filing.outcome.is_some_and(|outcome| outcome.act == Act::NoteInMissed),
        };
    }
    // Withdrawn or given up: no case comes of it any more.
    let came_to_nothing =
        |entry: &Entry| entry.state == EntryState::Done && entry.result.as_ref().is_none_or(|result| result.case.is_none());
    let opening = outbox.entries().find_map(|entry| match &entry.duty.kind {
        DutyKind::OpenCase { subject, summary, .. } if entry.duty.leg == call.leg && !came_to_nothing(entry) => {
            Some(crate::account::texts::subject(subject, &summary.number))
        }
        _ => None,
    });
    match opening {
        Some(subject) => CallCaseView::Sending { subject },
        None if !call.handling.draft.is_empty() || call.handling.compose == calls::Compose::Opened => CallCaseView::Draft,
        None => CallCaseView::None,
    }
}

fn recording_view(call: &Call, outbox: &Outbox) -> RecordingView {
    let carries = |entry: &&Entry| {
        entry.duty.leg == call.leg
            && match &entry.duty.kind {
                DutyKind::OpenCase { recording, .. } | DutyKind::AddNote { recording, .. } => recording.is_some(),
                DutyKind::AddRecording { recording, .. } => recording.is_some(),
                DutyKind::LinkPhone { .. }
                | DutyKind::FinishText { .. }
                | DutyKind::SetStatus { .. }
                | DutyKind::MoveCase { .. }
                | DutyKind::PutLabels { .. }
                | DutyKind::SetClaim { .. }
                | DutyKind::EditUser { .. } => false,
            }
    };
    match &call.filing.recording {
        Recording::None => RecordingView::None,
        Recording::Attached => RecordingView::Attached,
        Recording::Missing => RecordingView::Failed,
        Recording::Expected { .. } if call.is_live() => RecordingView::Expected,
        Recording::Expected { .. } => match outbox.entries().filter(carries).last() {
            None => RecordingView::None,
            Some(entry) => match entry.state {
                EntryState::Wedged => RecordingView::Failed,
                EntryState::Done => RecordingView::Failed,
                EntryState::Queued if outbox.is_running(entry.seq) => RecordingView::Sending,
                EntryState::Queued => RecordingView::Waiting,
            },
        },
    }
}

fn outcome_view(call: &Call, outcome: &Outcome, sources: &Sources<'_>) -> OutcomeView {
    let overruled = call.is_overruled();
    let status = match (overruled, call.handling.undone) {
        // What a colleague decided is not known here.
        (true, _) => None,
        (false, true) => undone_status(call),
        (false, false) => outcome.status,
    };
    OutcomeView {
        rule: outcome.rule.as_str().to_owned(),
        status: status.map(status_view),
        reason: reason_code(outcome),
        closed_missed: call
            .filing
            .closed_missed
            .iter()
            .filter_map(|case| closed_missed(call, case, sources))
            .collect(),
        undo: call.undo_status().filter(|_| !sources.desk.is_superseded(call)).map(status_view),
        undone: call.handling.undone && !overruled,
        overruled,
    }
}

/// The reason, as a code.
pub(crate) fn reason_code(outcome: &Outcome) -> String {
    let reason = serde_json::to_value(outcome.reason).ok();
    reason.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The status after undoing.
fn undone_status(call: &Call) -> Option<CaseStatus> {
    let mut before = call.clone();
    before.handling.undone = false;
    before.undo_status()
}

pub(crate) fn status_view(status: CaseStatus) -> CaseStatusView {
    match status {
        CaseStatus::Open => CaseStatusView::Open,
        CaseStatus::Waiting => CaseStatusView::Waiting,
        CaseStatus::Closed => CaseStatusView::Closed,
    }
}

/// A missed-call case that a call closed; none while it is not in Omnidesk yet.
fn closed_missed(call: &Call, case: &CaseTarget, sources: &Sources<'_>) -> Option<ClosedMissed> {
    let id = match case {
        CaseTarget::Existing(id) => *id,
        CaseTarget::OpenedBy(key) => sources.outbox.result(key)?.case.as_ref()?.id,
    };
    Some(ClosedMissed {
        case_id: id.0.to_string(),
        number: number_of(id, sources),
        state: match (call.undoing_of(case), call.handling.undone) {
            (Some(undoing), _) if undoing.overruled => ClosedMissedState::Overruled,
            (Some(_), _) | (None, true) => ClosedMissedState::Reopened,
            (None, false) => ClosedMissedState::Closed,
        },
    })
}

/// A case's number, as far as a call in the list is about it or a page has shown it.
fn number_of(case: CaseId, sources: &Sources<'_>) -> Option<String> {
    let of_calls = || {
        sources
            .desk
            .calls()
            .flat_map(|call| [&call.filing.case, &call.handling.called_from])
            .flatten()
    };
    let shown = || sources.cases.last(case.0);
    let facts = of_calls().find(|facts| facts.id == case).or_else(shown)?;
    Some(facts.number.clone()).filter(|number| !number.is_empty())
}

/// The outbox for the windows: what needs a decision first, then what waits, then what was sent.
pub fn outbox_rows(outbox: &Outbox) -> Vec<OutboxRow> {
    let mut rows: Vec<(u8, i64, OutboxRow)> = outbox
        .entries()
        .filter(|entry| entry.code != crate::sending::outbox::GIVEN_UP)
        .map(|entry| {
            let state = match entry.state {
                EntryState::Wedged => OutboxStateView::Wedged,
                EntryState::Done => OutboxStateView::Done,
                EntryState::Queued if outbox.is_running(entry.seq) => OutboxStateView::Sending,
                EntryState::Queued if outbox.is_blocked(&entry.duty) => OutboxStateView::Blocked,
                EntryState::Queued => OutboxStateView::Queued,
            };
            let (rank, order) = match state {
                OutboxStateView::Wedged => (0, entry.seq),
                OutboxStateView::Sending => (1, entry.seq),
                OutboxStateView::Queued | OutboxStateView::Blocked => (2, entry.seq),
                OutboxStateView::Done => (3, -entry.seq),
            };
            (rank, order, row(entry, state))
        })
        .collect();
    rows.sort_by_key(|(rank, order, _)| (*rank, *order));
    rows.into_iter().map(|(_, _, row)| row).take(SHOWN_CALLS).collect()
}

/// What a duty does, as a code.
pub fn what(kind: &DutyKind) -> &'static str {
    match kind {
        DutyKind::LinkPhone { .. } => "link",
        DutyKind::OpenCase { .. } => "case",
        DutyKind::FinishText { .. } | DutyKind::AddNote { .. } => "message",
        DutyKind::AddRecording { .. } => "recording",
        DutyKind::SetStatus { .. } => "status",
        DutyKind::MoveCase { .. } => "move",
        DutyKind::PutLabels { .. } => "labels",
        DutyKind::SetClaim { .. } => "claim",
        DutyKind::EditUser { .. } => "edit",
    }
}

fn row(entry: &Entry, state: OutboxStateView) -> OutboxRow {
    let what = what(&entry.duty.kind);
    let waits = matches!(state, OutboxStateView::Queued) && entry.attempts > 0;
    let can_give_up = match state {
        OutboxStateView::Wedged => true,
        // What may be in Omnidesk already cannot be called off.
        OutboxStateView::Queued => !entry.trouble.is_empty() && !entry.uncertain,
        OutboxStateView::Blocked | OutboxStateView::Sending | OutboxStateView::Done => false,
    };
    OutboxRow {
        id: entry.seq.to_string(),
        call: entry.duty.leg.as_str().to_owned(),
        what: what.into(),
        state,
        attempts: entry.attempts,
        retry_at: waits.then(|| ms(entry.next_at)),
        trouble: trouble::from_name(&entry.trouble),
        code: (!entry.code.is_empty()).then(|| entry.code.clone()),
        recording: row_recording(entry),
        can_give_up,
        created_at: ms(entry.created_at),
    }
}

/// What became of the recording of a row that is about one.
fn row_recording(entry: &Entry) -> Option<RowRecordingView> {
    let DutyKind::AddRecording { recording, .. } = &entry.duty.kind else {
        return None;
    };
    let attached = entry.result.as_ref().is_some_and(|result| result.recording);
    match entry.state {
        EntryState::Done if attached => Some(RowRecordingView::Attached),
        // The case is gone, or a person gave it up: that is what is said.
        EntryState::Done if entry.result.as_ref().is_none_or(|result| result.gone) => None,
        EntryState::Done => Some(RowRecordingView::Never),
        EntryState::Wedged => None,
        EntryState::Queued if recording.is_none() => Some(RowRecordingView::Never),
        EntryState::Queued => Some(RowRecordingView::Awaited),
    }
}
