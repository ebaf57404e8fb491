//! What holds for every sequence of inputs, whatever their order.

use crate::bench::{CLIENT, OTHER, attach, case, create, dial, duties, ended, key_of, leg, offer, recorded, remote, type_in};
use calls::{
    AgentAction, CallEvent, CallEventKind, ConversationId, Desk, DialTrouble, Direction, Disposition, Duty, DutyKey, DutyKind, DutyName,
    DutyResult, Effect, Extension, Found, Input, LegId, Moment, Order, OrderId, OtherSide, Policy, RecordingRef, Traces, TransferKind,
    UserEdit, UserId,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const LEGS: [&str; 4] = ["a", "b", "c", "d"];
const NUMBERS: [&str; 5] = [CLIENT, OTHER, "anonymous", "101", "привет"];

fn direction() -> impl Strategy<Value = Direction> {
    prop_oneof![4 => Just(Direction::Inbound), 1 => Just(Direction::Outbound), 1 => Just(Direction::Internal)]
}

fn number() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just(CLIENT), 2 => Just(OTHER), 2 => proptest::sample::select(&NUMBERS[..])]
}

fn user() -> impl Strategy<Value = UserId> {
    (7_u64..9).prop_map(UserId)
}

fn event() -> impl Strategy<Value = CallEventKind> {
    use Disposition::{Answered, AnsweredElsewhere, Busy, Cancelled, Declined, Failed, Missed};
    let ends = proptest::sample::select(vec![
        Answered,
        Answered,
        Missed,
        AnsweredElsewhere,
        Declined,
        Busy,
        Cancelled,
        Failed,
    ]);
    prop_oneof![
        4 => (number(), direction()).prop_map(|(raw, direction)| offer(raw, direction)),
        2 => (number(), proptest::option::of(Just("order"))).prop_map(|(raw, order)| dial(raw, order)),
        1 => Just(CallEventKind::AgentAnswered),
        4 => Just(CallEventKind::Answered),
        1 => Just(CallEventKind::Held),
        1 => Just(CallEventKind::Resumed),
        1 => Just(CallEventKind::Identified { conversation: ConversationId::new("c") }),
        2 => (number(), direction(), any::<bool>()).prop_map(|(raw, direction, passed)| CallEventKind::PartyChanged {
            remote: remote(raw),
            direction,
            from: passed.then(|| Extension::new("101")),
        }),
        1 => Just(CallEventKind::Transferred { kind: TransferKind::Attended, to: Some("102".into()) }),
        2 => (0..2_u8).prop_map(|n| recorded(&format!("r{n}"))),
        4 => ends.prop_map(ended),
    ]
}

fn action() -> impl Strategy<Value = AgentAction> {
    let text = || proptest::sample::select(vec!["", " ", "Тема", "Суть звонка"]);
    prop_oneof![
        Just(AgentAction::OpenCompose),
        (text(), text()).prop_map(|(subject, gist)| type_in(subject, gist)),
        (text(), text()).prop_map(|(subject, gist)| create(subject, gist)),
        (40..43_u64, text()).prop_map(|(id, gist)| attach(id, gist)),
        (user(), any::<bool>()).prop_map(|(user, remember)| AgentAction::ChooseUser { user, remember }),
        user().prop_map(|user| AgentAction::LinkUser { user }),
        text().prop_map(|name| AgentAction::EditUser {
            changes: UserEdit {
                name: Some(name.into()),
                ..UserEdit::default()
            }
        }),
        Just(AgentAction::Undo),
    ]
}

fn traces() -> impl Strategy<Value = Traces> {
    let other = proptest::sample::select(vec![OtherSide::NotKnown, OtherSide::Gone, OtherSide::Waits, OtherSide::Talks]);
    let recorded = proptest::option::of(0..100_000_i64);
    (other, any::<bool>(), any::<bool>(), recorded).prop_map(|(other, talked, silence, recorded_ms)| Traces {
        other,
        talked,
        passed_on: false,
        recording: recorded_ms.map(|_| RecordingRef::new("r")),
        recorded_ms,
        silence,
    })
}

fn input() -> impl Strategy<Value = Input> {
    let name = || proptest::sample::select(&LEGS[..]).prop_map(leg);
    let found = prop_oneof![
        4 => proptest::collection::vec(user(), 0..3).prop_map(Found::Users),
        1 => Just(Found::Nothing),
    ];
    let whats = proptest::sample::select(vec![
        "case",
        "note",
        "recording",
        "recording-late",
        "text-1",
        "status",
        "status-2",
        "note-2",
        "case-2",
        "missed-closed",
    ]);
    let some_case = || proptest::option::of((40..43_u64).prop_map(case));
    let fate = prop_oneof![6 => Just((false, None)), 1 => Just((true, None)), 1 => some_case().prop_map(|moved| (false, moved))];
    let result =
        (some_case(), proptest::option::of(user()), any::<bool>(), fate).prop_map(|(case, user, recording, (gone, moved))| DutyResult {
            case: case.filter(|_| !gone),
            user,
            recording,
            gone,
            moved,
            ..DutyResult::default()
        });
    let order = (number(), proptest::option::of(user()), some_case()).prop_map(|(number, user, case)| Order {
        id: OrderId::new("order"),
        number: number.into(),
        user,
        case,
    });
    let trouble = proptest::sample::select(vec![DialTrouble::Unanswered, DialTrouble::Refused, DialTrouble::Cancelled]);
    prop_oneof![
        12 => (name(), event()).prop_map(|(leg, kind)| Input::Pbx { event: CallEvent { leg, at: Moment(0), kind } }),
        5 => (name(), action()).prop_map(|(leg, action)| Input::Agent { leg, action }),
        3 => (name(), proptest::sample::select(vec![CLIENT, OTHER]), found)
            .prop_map(|(leg, raw, found)| Input::Found { leg, key: key_of(raw), found }),
        3 => (name(), whats, result).prop_map(|(leg, what, result)| Input::Done { key: DutyKey::new(&leg, what), leg, duty: None, result }),
        1 => proptest::collection::vec(name(), 0..4).prop_map(|live| Input::Resync { live, gap: None }),
        1 => (name(), traces()).prop_map(|(leg, traces)| Input::Traced { leg, traces }),
        1 => (name(), order).prop_map(|(leg, order)| Input::Dial { leg, order }),
        1 => (name(), trouble).prop_map(|(leg, trouble)| Input::DialFailed { leg, trouble }),
    ]
}

/// A sequence of inputs at growing times; the PBX's events carry theirs.
fn story() -> impl Strategy<Value = Vec<(Input, Moment)>> {
    proptest::collection::vec(input(), 0..60).prop_map(|inputs| {
        let timed = |(n, mut input): (usize, Input)| {
            let now = Moment(i64::try_from(n).unwrap() * 1_000);
            if let Input::Pbx { event } = &mut input {
                event.at = now;
            }
            (input, now)
        };
        inputs.into_iter().enumerate().map(timed).collect()
    })
}

fn run(desk: &mut Desk, story: &[(Input, Moment)]) -> Vec<Effect> {
    story.iter().flat_map(|(input, now)| desk.handle(input.clone(), *now)).collect()
}

fn tell(story: &[(Input, Moment)]) -> Vec<Duty> {
    duties(&run(&mut Desk::new(Policy::default()), story))
}

/// Stores the desk as the store does, and reads it back.
fn restarted(desk: &Desk) -> Desk {
    let stored: Vec<String> = desk.calls().map(|call| serde_json::to_string(call).unwrap()).collect();
    let notes = serde_json::to_string(desk.notes()).unwrap();
    let calls = stored.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    Desk::restore(Policy::default(), calls, serde_json::from_str(&notes).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_key_names_one_duty(story in story()) {
        let mut known: BTreeSet<DutyKey> = BTreeSet::new();
        for duty in tell(&story) {
            let prefix = format!("{}/", duty.leg);
            prop_assert!(duty.key.as_str().starts_with(&prefix));
            prop_assert!(known.insert(duty.key.clone()), "owed twice: {duty:?}");
            prop_assert!(!duty.key.as_str().contains("+7"), "keys are logged");
        }
    }

    #[test]
    fn a_duty_waits_only_for_duties_owed_before_it(story in story()) {
        let mut owed = BTreeSet::new();
        for duty in tell(&story) {
            for key in &duty.after {
                prop_assert!(owed.contains(key), "{duty:?} waits for what nobody owes");
            }
            owed.insert(duty.key);
        }
    }

    #[test]
    fn a_duty_writes_only_to_a_case_that_another_one_opens_or_that_exists(story in story()) {
        let all = tell(&story);
        for duty in &all {
            let (DutyKind::FinishText { case, .. } | DutyKind::AddNote { case, .. } | DutyKind::AddRecording { case, .. } | DutyKind::SetStatus { case, .. }) = &duty.kind
            else {
                continue;
            };
            if let calls::CaseTarget::OpenedBy(key) = case {
                let opens = all.iter().any(|other| other.key == *key && matches!(other.kind, DutyKind::OpenCase { .. }));
                prop_assert!(opens, "{duty:?}");
            }
        }
    }

    #[test]
    fn a_call_is_in_one_case_at_most_unless_that_one_was_deleted(story in story()) {
        let mut desk = Desk::new(Policy::default());
        let mut places: BTreeMap<LegId, u32> = BTreeMap::new();
        for duty in duties(&run(&mut desk, &story)) {
            match duty.kind {
                DutyKind::OpenCase { .. } | DutyKind::AddNote { .. } => *places.entry(duty.leg).or_default() += 1,
                DutyKind::LinkPhone { .. }
                | DutyKind::FinishText { .. }
                | DutyKind::EditUser { .. }
                | DutyKind::MoveCase { .. }
                | DutyKind::PutLabels { .. }
                | DutyKind::SetClaim { .. }
                | DutyKind::AddRecording { .. }
                | DutyKind::SetStatus { .. } => {}
            }
        }
        for (leg, places) in places {
            let call = desk.call_of(&leg).unwrap();
            // What was owed before the phone rang again is withdrawn, and a moved case goes.
            prop_assert!(places <= 1 + call.filing.replaced + call.filing.rung_again, "{leg} is in its own case or noted in another, never both");
        }
    }

    #[test]
    fn every_case_ordered_while_the_call_lasted_is_finished_when_it_ends(story in story()) {
        let mut desk = Desk::new(Policy::default());
        let owed = duties(&run(&mut desk, &story));
        for call in desk.calls().filter(|call| !call.is_live()) {
            let taken_back = call.filing.outcome.is_some_and(|outcome| outcome.reason == calls::Reason::AnsweredByColleague);
            let opened = owed
                .iter()
                .any(|duty| duty.leg == call.leg && !taken_back && matches!(duty.kind, DutyKind::OpenCase { .. }));
            let settled = owed.iter().any(|duty| duty.key == call.key(DutyName::Status));
            prop_assert_eq!(opened && !settled, false, "{:?}", call);
        }
    }

    #[test]
    fn a_restart_in_the_middle_changes_nothing(story in story(), cut in any::<prop::sample::Index>()) {
        let (before, after) = story.split_at(cut.index(story.len() + 1));
        let mut through = Desk::new(Policy::default());
        run(&mut through, before);
        let mut again = restarted(&through);
        prop_assert_eq!(run(&mut through, after), run(&mut again, after));
        prop_assert!(through.calls().eq(again.calls()));
        prop_assert_eq!(through.notes(), again.notes());
    }

    #[test]
    fn what_is_stored_after_each_input_is_the_desk(story in story()) {
        let mut desk = Desk::new(Policy::default());
        let (mut rows, mut notes) = (BTreeMap::new(), calls::Notes::default());
        for (input, now) in story {
            desk.handle(input, now);
            let changes = desk.take_changes();
            rows.extend(changes.calls.into_iter().map(|call| (call.leg.clone(), call)));
            // A leg that turns out to be part of another call has no row of its own any more.
            rows.retain(|leg, _| !changes.forgotten.contains(leg) && !changes.absorbed.contains(leg));
            notes = changes.notes.unwrap_or(notes);
        }
        prop_assert!(desk.calls().eq(rows.values()));
        prop_assert_eq!(desk.notes(), &notes);
    }

    #[test]
    fn a_pbx_that_says_everything_twice_is_owed_the_same(story in story()) {
        let twice: Vec<_> = story
            .iter()
            .flat_map(|input| std::iter::repeat_n(input.clone(), if matches!(input.0, Input::Pbx { .. }) { 2 } else { 1 }))
            .collect();
        prop_assert_eq!(tell(&twice), tell(&story));
    }
}
