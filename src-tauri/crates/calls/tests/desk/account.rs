//! Another account of the help desk: calls stay, what the old account called people and cases does not.

use crate::bench::{Bench, CLIENT, attach, create, lines, recorded, refused, type_in};
use calls::{AgentAction, Caller, Desk, Disposition, Owner, Policy, Refusal, UserId};

/// A missed call whose case is 40, a conversation with user 7 that closed it and has case 41, and one attached to case 5.
fn told() -> Bench {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.done("m", "case", 40, false);
    bench.answer("a", CLIENT, &[7, 8]);
    let (user, remember) = (UserId(7), true);
    bench.act("a", AgentAction::ChooseUser { user, remember });
    bench.act("a", create("Тема", "Суть"));
    bench.done("a", "case", 41, false);
    bench.end("a", Disposition::Answered);
    bench.answer("b", CLIENT, &[7]);
    bench.act("b", attach(5, "Ещё"));
    bench.end("b", Disposition::Answered);
    bench.miss("n", CLIENT, &[7]);
    bench.desk.take_changes();
    bench
}

#[test]
fn no_id_of_the_old_account_is_left_and_the_calls_are() {
    let mut bench = told();
    let before: Vec<_> = bench.desk.calls().cloned().collect();
    assert!(!bench.desk.notes().missed.is_empty() && !bench.desk.notes().remembered.is_empty());
    bench.desk.forget_account();
    for old in before {
        let call = bench.call(old.leg.as_str());
        assert_eq!(
            (&call.detail.number, call.detail.offered_at, call.detail.answered_at),
            (&old.detail.number, old.detail.offered_at, old.detail.answered_at)
        );
        assert_eq!((call.caller.clone(), call.filing.case.clone()), (Caller::NotLookedUp, None));
        assert_eq!(
            (call.handling.draft.is_empty(), call.filing.outcome, call.undo_status()),
            (true, None, None)
        );
    }
    assert_eq!((bench.desk.notes().missed.len(), bench.desk.notes().remembered.len()), (0, 0));
    // What is stored is what is in memory.
    let changes = bench.desk.take_changes();
    assert_eq!(changes.calls.len(), 4);
    let restored = Desk::restore(Policy::default(), changes.calls, changes.notes.unwrap());
    assert!(restored.calls().eq(bench.desk.calls()));
}

#[test]
fn nothing_is_written_to_a_case_of_the_old_account_any_more() {
    let mut bench = told();
    bench.desk.forget_account();
    for name in ["a", "b", "m"] {
        assert_eq!(refused(&bench.act(name, AgentAction::Undo)), Some(Refusal::NothingToUndo));
        assert_eq!(lines(&bench.pbx(name, recorded("r"))), [] as [&str; 0], "{name}");
    }
    assert_eq!(
        lines(&bench.miss("o", CLIENT, &[9])),
        ["o/case", "o/status <- o/case"],
        "S25: a case of its own"
    );
    bench.ring("p", CLIENT);
    bench.found("p", CLIENT, &[7, 8]);
    assert!(
        matches!(bench.call("p").caller, Caller::Several { .. }),
        "who was chosen was somebody of there"
    );
}

#[test]
fn s15_an_earlier_call_can_have_a_case_in_the_new_account() {
    let mut bench = told();
    bench.desk.forget_account();
    let effects = bench.act("a", create("Заново", ""));
    assert_eq!(lines(&effects), ["a/case", "a/status <- a/case"]);
    let calls::DutyKind::OpenCase { owner, .. } = crate::bench::kind(&effects, "/case") else {
        panic!("{effects:?}")
    };
    let phone = crate::bench::key_of(CLIENT);
    assert_eq!(owner, Owner::Phone { phone }, "nobody of the old account");
    bench.done("a", "case", 3, false);
    assert_eq!(bench.call("a").filing.case, Some(crate::bench::case(3)));
}

#[test]
fn s15_what_could_be_written_nowhere_stays_typed_and_says_why() {
    let mut bench = Bench::new();
    bench.ring("a", "anonymous");
    bench.act("a", type_in("Тема", "Суть"));
    bench.end("a", Disposition::Missed);
    let why = bench.call("a").filing.outcome;
    bench.desk.forget_account();
    let call = bench.call("a");
    assert_eq!(
        (call.handling.draft.gist.as_str(), call.filing.outcome, call.caller.clone()),
        ("Суть", why, Caller::Withheld)
    );
}
