//! Reminders to call back and labels: told in the case once, kept beyond their call.

use crate::bench::{Bench, CLIENT, OTHER, attach, case, create, duties, kind, leg, lines, refused};
use calls::{
    AgentAction, CaseTarget, Disposition, DutyKey, DutyKind, DutyResult, Effect, Input, Moment, Promise, Refusal, Reminder, ReminderAct,
};

const TOMORROW: Moment = Moment(90_000_000);

fn remind(due: Moment) -> AgentAction {
    AgentAction::Remind {
        due,
        what: " Счёт\u{202e} ".into(),
        name: "Мария".into(),
    }
}

fn promise(due: Moment) -> Option<Promise> {
    Some(Promise {
        due, what: "Счёт".into()
    })
}

/// What the duty of this name promises.
fn told(effects: &[Effect], what: &str) -> Option<Promise> {
    match kind(effects, what) {
        DutyKind::OpenCase { summary, .. } | DutyKind::AddNote { summary, .. } | DutyKind::AddRecording { summary, .. } => summary.promise,
        other => panic!("{other:?}"),
    }
}

fn act(key: &DutyKey, act: ReminderAct) -> Input {
    Input::Reminder { key: key.clone(), act }
}

fn only(bench: &Bench) -> Reminder {
    let [one] = bench.desk.reminders() else {
        panic!("{:?}", bench.desk.reminders())
    };
    one.clone()
}

#[test]
fn what_is_promised_while_they_talk_goes_along_with_the_message_about_the_call() {
    let mut by_itself = Bench::answered("a");
    assert_eq!(by_itself.act("a", remind(TOMORROW)), []);
    let ended = by_itself.end("a", Disposition::Answered);
    assert_eq!(told(&ended, "/case"), promise(TOMORROW));
    assert_eq!(lines(&ended).len(), 2, "no note of its own: {ended:?}");

    let mut attached = Bench::answered("a");
    attached.act("a", attach(5, "Суть"));
    attached.act("a", remind(TOMORROW));
    assert_eq!(told(&attached.end("a", Disposition::Answered), "/note"), promise(TOMORROW));

    let mut live = Bench::answered("a");
    let opened = live.act("a", create("Счёт", "Суть"));
    assert_eq!(told(&opened, "/case"), None);
    live.act("a", remind(TOMORROW));
    let ended = live.end("a", Disposition::Answered);
    assert_eq!(told(&ended, "/recording"), promise(TOMORROW));
    // The first message, written anew, is what the agent noted.
    let DutyKind::FinishText { summary, .. } = kind(&live.act("a", create("Счёт", "Другая суть")), "/text-1") else {
        panic!()
    };
    assert_eq!(summary.promise, None);
}

#[test]
fn what_is_promised_after_the_call_is_a_note_and_a_second_thought_another() {
    let mut bench = Bench::answered("a");
    bench.end("a", Disposition::Answered);
    let effects = bench.act("a", remind(TOMORROW));
    assert_eq!(lines(&effects), ["a/reminder-1 <- a/case"]);
    assert!(duties(&effects)[0].is_addition(), "it does not tell the call");
    assert_eq!(told(&effects, "/reminder-1"), promise(TOMORROW));
    assert_eq!(bench.act("a", remind(TOMORROW)), [], "the same again");
    let later = TOMORROW.plus_ms(1);
    assert_eq!(lines(&bench.act("a", remind(later))), ["a/reminder-3 <- a/case"]);
    assert_eq!(only(&bench).due, later);
    // The first message, written anew, does not tell what a note tells.
    let DutyKind::FinishText { summary, .. } = kind(&bench.act("a", create("Счёт", "Суть")), "/text-1") else {
        panic!()
    };
    assert_eq!(summary.promise, None);
}

#[test]
fn the_first_message_written_anew_keeps_what_it_promised() {
    let mut bench = Bench::answered("a");
    bench.act("a", remind(TOMORROW));
    bench.end("a", Disposition::Answered);
    let DutyKind::FinishText { summary, .. } = kind(&bench.act("a", create("Счёт", "Суть")), "/text-1") else {
        panic!()
    };
    assert_eq!(summary.promise, promise(TOMORROW));
}

#[test]
fn a_missed_call_is_promised_in_a_note_beside_it_whoever_tells_the_call() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    bench.found("a", CLIENT, &[7]);
    bench.act("a", remind(TOMORROW));
    let ended = bench.end("a", Disposition::Missed);
    assert_eq!(told(&ended, "/case"), None);
    assert_eq!(told(&ended, "/reminder-1"), promise(TOMORROW));
}

#[test]
fn a_promise_about_a_call_that_left_nothing_waits_for_its_case() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    bench.found("a", CLIENT, &[7]);
    bench.end("a", Disposition::AnsweredElsewhere);
    assert_eq!(bench.act("a", remind(TOMORROW)), []);
    assert_eq!(only(&bench).case, None);
    let effects = bench.act("a", create("Счёт", ""));
    assert_eq!(told(&effects, "/case"), promise(TOMORROW));
}

#[test]
fn a_case_that_was_deleted_takes_its_promise_and_labels_along_into_the_next() {
    let mut bench = Bench::answered("a");
    bench.act("a", attach(5, "Суть"));
    bench.act("a", remind(TOMORROW));
    let labels = vec!["Жалоба".to_owned()];
    bench.act("a", AgentAction::PickLabels { labels: labels.clone() });
    bench.end("a", Disposition::Answered);
    let result = DutyResult {
        gone: true,
        ..DutyResult::default()
    };
    let effects = bench.feed(Input::Done {
        key: DutyKey::new(&leg("a"), "status"),
        leg: leg("a"),
        duty: None,
        result,
    });
    assert_eq!(told(&effects, "/case-2"), promise(TOMORROW));
    let DutyKind::PutLabels { put, .. } = kind(&effects, "/labels-2-2") else {
        panic!("{effects:?}")
    };
    assert_eq!(put, labels);
}

#[test]
fn another_computer_told_the_call_and_not_what_was_promised_here() {
    let mut bench = Bench::answered("a");
    bench.act("a", remind(TOMORROW));
    bench.end("a", Disposition::Answered);
    let effects = bench.feed(Input::Done {
        key: DutyKey::new(&leg("a"), "case"),
        leg: leg("a"),
        duty: None,
        result: DutyResult {
            case: Some(case(9)),
            elsewhere: true,
            ..DutyResult::default()
        },
    });
    assert_eq!(told(&effects, "/reminder-1"), promise(TOMORROW));
    let DutyKind::AddNote { case: target, .. } = kind(&effects, "/reminder-1") else {
        panic!()
    };
    assert_eq!(target, CaseTarget::Existing(case(9).id));
}

#[test]
fn what_was_taken_back_before_it_was_told_is_not_told_and_another_time_is_told_as_it_is_now() {
    let mut taken_back = Bench::answered("a");
    taken_back.act("a", remind(TOMORROW));
    let key = only(&taken_back).key;
    taken_back.feed(act(&key, ReminderAct::Done));
    assert_eq!(told(&taken_back.end("a", Disposition::Answered), "/case"), None);

    let mut put_off = Bench::answered("a");
    put_off.act("a", remind(TOMORROW));
    let key = only(&put_off).key;
    let later = Moment(TOMORROW.0 + 3_600_000);
    put_off.feed(act(&key, ReminderAct::Later { due: later }));
    assert_eq!(told(&put_off.end("a", Disposition::Answered), "/case"), promise(later));

    // One that took another's place has no say in what the other promised.
    let mut anew = Bench::answered("a");
    anew.act("a", remind(TOMORROW));
    let first = only(&anew).key;
    anew.act("a", remind(later));
    anew.feed(act(&first, ReminderAct::Done));
    assert_eq!(told(&anew.end("a", Disposition::Answered), "/case"), promise(later));
}

#[test]
fn a_reminder_outlives_its_call_and_knows_its_case() {
    let mut bench = Bench::answered("a");
    bench.act("a", remind(TOMORROW));
    bench.end("a", Disposition::Answered);
    bench.done("a", "case", 9, false);
    for n in 0..250 {
        let name = format!("n{n}");
        bench.ring(&name, OTHER);
        bench.end(&name, Disposition::Answered);
    }
    assert!(bench.desk.call(&leg("a")).is_none(), "forgotten");
    let kept = only(&bench);
    assert_eq!((kept.case, kept.name.as_str()), (Some(case(9)), "Мария"));
    bench.desk.forget_account();
    assert_eq!((only(&bench).case, only(&bench).user), (None, None));
}

#[test]
fn it_rings_once_and_stays_until_it_is_put_off_or_done() {
    let mut bench = Bench::answered("a");
    bench.end("a", Disposition::Answered);
    bench.act("a", remind(Moment(2_000_000)));
    let key = only(&bench).key;
    bench.feed(Input::RemindersDue);
    assert!(only(&bench).is_waiting());
    bench.wait(2_000);
    bench.feed(Input::RemindersDue);
    let rang = only(&bench).rang_at;
    assert!(rang.is_some());
    // The clock is set back.
    bench.wait(-5_000);
    bench.feed(Input::RemindersDue);
    assert_eq!(only(&bench).rang_at, rang);
    let past = ReminderAct::Later { due: Moment(-9_000_000) };
    assert_eq!(
        refused(&bench.feed(Input::Reminder {
            key: key.clone(),
            act: past
        })),
        Some(Refusal::InThePast)
    );
    let later = ReminderAct::Later { due: TOMORROW };
    bench.feed(Input::Reminder {
        key: key.clone(),
        act: later,
    });
    assert!(only(&bench).is_waiting());
    let done = || Input::Reminder {
        key: key.clone(),
        act: ReminderAct::Done,
    };
    bench.feed(done());
    assert!(bench.desk.reminders().is_empty());
    assert_eq!(refused(&bench.feed(done())), Some(Refusal::NoSuchCall));
}

#[test]
fn who_has_called_back_is_reminded_no_more_and_others_still_are() {
    let mut bench = Bench::answered("a");
    bench.end("a", Disposition::Answered);
    bench.act("a", remind(TOMORROW));
    bench.answer("b", OTHER, &[8]);
    bench.end("b", Disposition::Answered);
    bench.act("b", remind(TOMORROW));
    // A client who calls by themselves may want something else.
    bench.answer("c", CLIENT, &[7]);
    bench.end("c", Disposition::Answered);
    assert_eq!(bench.desk.reminders().len(), 2);
    bench.pbx("d", crate::bench::dial(CLIENT, None));
    bench.end("d", Disposition::Missed);
    assert_eq!(bench.desk.reminders().len(), 2, "nobody answered");
    bench.call_out("e", CLIENT, &[7]);
    bench.end("e", Disposition::Answered);
    assert_eq!(only(&bench).leg, leg("b"));
}

#[test]
fn what_cannot_be_promised_is_refused_and_changes_nothing() {
    let mut bench = Bench::answered("a");
    assert_eq!(refused(&bench.act("a", remind(Moment(1)))), Some(Refusal::InThePast));
    assert_eq!(refused(&bench.act("gone", remind(TOMORROW))), Some(Refusal::NoSuchCall));
    bench.ring("h", "anonymous");
    assert_eq!(refused(&bench.act("h", remind(TOMORROW))), Some(Refusal::NobodyToCall));
    for n in 0..200 {
        let name = format!("n{n}");
        bench.ring(&name, OTHER);
        assert_eq!(refused(&bench.act(&name, remind(TOMORROW))), None, "{n}");
    }
    assert_eq!(refused(&bench.act("a", remind(TOMORROW))), Some(Refusal::TooManyReminders));
    assert_eq!(bench.desk.reminders().len(), 200);
}

#[test]
fn labels_are_told_at_the_end_or_when_the_agent_is_done_and_only_what_changed() {
    let pick = |labels: &[&str]| AgentAction::PickLabels {
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
    };
    let mut bench = Bench::answered("a");
    assert_eq!(bench.act("a", pick(&["Счёт", "Жалоба", "Счёт", " "])), []);
    assert_eq!(bench.act("a", AgentAction::SendLabels), [], "the end owes them");
    let ended = bench.end("a", Disposition::Answered);
    let DutyKind::PutLabels { put, taken, .. } = kind(&ended, "/labels-1") else {
        panic!("{ended:?}")
    };
    assert_eq!((put, taken), (vec!["Жалоба".to_owned(), "Счёт".to_owned()], Vec::new()));
    assert_eq!(bench.act("a", AgentAction::SendLabels), []);
    bench.act("a", pick(&["Счёт", "Отказ"]));
    assert!(bench.call("a").has_unsent_labels());
    let effects = bench.act("a", AgentAction::SendLabels);
    assert_eq!(lines(&effects), ["a/labels-2 <- a/case"]);
    let DutyKind::PutLabels { put, taken, .. } = kind(&effects, "/labels-2") else {
        panic!("{effects:?}")
    };
    assert_eq!((put, taken), (vec!["Отказ".to_owned()], vec!["Жалоба".to_owned()]));
    let many: Vec<String> = (0..20).map(|n| n.to_string()).collect();
    bench.act("a", AgentAction::PickLabels { labels: many });
    assert_eq!(bench.call("a").handling.labels.len(), 9);
}
