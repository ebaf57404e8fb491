//! Several users have the number and the agent chose none: whose case it is, and how it moves.

use crate::bench::{Bench, CLIENT, case, kind, lines, recorded};
use calls::{AgentAction, CallEventKind, Caller, CaseStatus, Disposition, DutyKind, Guess, Guessed, Input, Owner, Policy, Several, UserId};

fn ended(bench: &mut Bench, answered: bool) -> Vec<calls::Effect> {
    bench.ring("a", CLIENT);
    bench.found("a", CLIENT, &[7, 8, 9]);
    if answered {
        bench.pbx("a", CallEventKind::Answered);
        bench.pbx("a", recorded("r"));
    }
    let disposition = if answered { Disposition::Answered } else { Disposition::Missed };
    bench.end("a", disposition)
}

fn owner(effects: &[calls::Effect], what: &str) -> (Owner, Option<Guessed>) {
    let DutyKind::OpenCase { owner, summary, .. } = kind(effects, what) else {
        panic!("a case")
    };
    (owner, summary.guessed)
}

fn choose(user: u64) -> AgentAction {
    AgentAction::ChooseUser {
        user: UserId(user),
        remember: false,
    }
}

#[test]
fn whom_the_help_desk_heard_last_gets_the_case_and_the_case_says_so() {
    for answered in [true, false] {
        let mut bench = Bench::new();
        let effects = ended(&mut bench, answered);
        let (owner, guessed) = owner(&effects, "/case");
        assert!(matches!(owner, Owner::User { id: UserId(7), .. }), "{owner:?}");
        let (user, of, why) = (UserId(7), 3, Guess::Newest);
        assert_eq!(guessed, Some(Guessed { user, of, why }));
        assert!(matches!(bench.call("a").caller, Caller::Several { .. }), "nobody chose");
    }
}

#[test]
fn s33_whose_missed_call_waits_gets_the_case() {
    let mut bench = Bench::new();
    let (user, open, over) = (UserId(9), vec![case(40)], Vec::new());
    bench.feed(Input::MissedCasesRead { user, open, over });
    bench.ring("a", CLIENT);
    bench.found("a", CLIENT, &[7, 8, 9]);
    bench.pbx("a", CallEventKind::Answered);
    let effects = bench.end("a", Disposition::Answered);
    let (owner, guessed) = owner(&effects, "/case");
    assert!(matches!(owner, Owner::User { id: UserId(9), .. }), "{owner:?}");
    assert_eq!(guessed.map(|guessed| guessed.why), Some(Guess::Missed));
}

#[test]
fn where_the_office_asks_the_case_waits_for_no_answer_and_the_agent_is_asked() {
    let mut bench = Bench::with(Policy {
        several: Several::Ask,
        ..Policy::default()
    });
    let effects = ended(&mut bench, true);
    let (owner, guessed) = owner(&effects, "/case");
    assert!(matches!(owner, Owner::User { id: UserId(7), .. }), "{owner:?}");
    assert_eq!(guessed.map(|guessed| guessed.why), Some(Guess::Asked));
    assert!(bench.call("a").asks_who());
    bench.act("a", choose(7));
    assert!(!bench.call("a").asks_who());
}

/// To whom a move of the call's case goes, and whether the recording goes along.
fn moved(effects: &[calls::Effect], what: &str) -> (Owner, bool) {
    let DutyKind::MoveCase {
        owner, summary, recording, ..
    } = kind(effects, what)
    else {
        panic!("a move")
    };
    assert_eq!(summary.guessed, None, "somebody chose");
    (owner, recording.is_some())
}

#[test]
fn choosing_another_one_afterwards_moves_the_case_once_and_back_again() {
    let mut bench = Bench::new();
    ended(&mut bench, true);
    bench.done("a", "case", 50, true);
    for (times, user) in [(1, 8), (2, 7), (3, 9)] {
        let effects = bench.act("a", choose(user));
        assert_eq!(lines(&effects), [format!("a/move-{times} <- a/case")]);
        let (owner, recorded) = moved(&effects, &format!("/move-{times}"));
        assert!(matches!(owner, Owner::User { id, .. } if id == UserId(user)), "{owner:?}");
        assert!(recorded, "its recording goes along");
        assert_eq!(bench.act("a", choose(user)), [], "once");
    }
}

#[test]
fn a_case_that_was_created_during_the_call_moves_when_the_agent_says_who_it_is() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    bench.found("a", CLIENT, &[7, 8, 9]);
    bench.pbx("a", CallEventKind::Answered);
    bench.act(
        "a",
        AgentAction::CreateCase {
            subject: String::new(),
            gist: "Просит счёт".into(),
        },
    );
    let effects = bench.act("a", choose(8));
    assert_eq!(lines(&effects), ["a/move-1 <- a/case"]);
    let end = bench.end("a", Disposition::Answered);
    assert!(
        lines(&end).iter().all(|line| line.ends_with("<- a/case")),
        "what follows finds it: {end:?}"
    );
}

#[test]
fn what_the_agent_attaches_is_nobodys_guess() {
    let mut bench = Bench::new();
    let (user, open, over) = (UserId(9), vec![case(40)], Vec::new());
    bench.feed(Input::MissedCasesRead { user, open, over });
    bench.ring("a", CLIENT);
    bench.found("a", CLIENT, &[7, 8, 9]);
    bench.pbx("a", CallEventKind::Answered);
    bench.act(
        "a",
        AgentAction::Attach {
            case: case(77),
            gist: String::new(),
        },
    );
    let effects = bench.end("a", Disposition::Answered);
    assert!(lines(&effects).iter().all(|line| !line.contains("missed-closed")), "{effects:?}");
    assert_eq!(bench.call("a").filing.among, None);
}

#[test]
fn s33_what_a_guess_has_closed_waits_again() {
    let mut bench = Bench::new();
    let (user, open, over) = (UserId(9), vec![case(40)], Vec::new());
    bench.feed(Input::MissedCasesRead { user, open, over });
    let effects = ended(&mut bench, true);
    assert!(
        lines(&effects).iter().any(|line| line.starts_with("a/missed-closed")),
        "{effects:?}"
    );
    bench.done("a", "case", 50, true);
    let effects = bench.act("a", choose(8));
    let DutyKind::SetStatus { status, expects, .. } = kind(&effects, "/waits-again-1-0") else {
        panic!("{effects:?}")
    };
    assert_eq!((status, expects), (Some(CaseStatus::Open), Some(CaseStatus::Closed)));
    assert!(bench.call("a").filing.closed_missed.is_empty());
    bench.act("a", choose(9));
    bench.ring("b", "79030000000");
    bench.found("b", "79030000000", &[9]);
    bench.pbx("b", CallEventKind::Answered);
    let effects = bench.end("b", Disposition::Answered);
    assert!(
        lines(&effects).iter().any(|line| line.starts_with("b/missed-closed")),
        "it is remembered: {effects:?}"
    );
}

#[test]
fn choosing_the_guessed_one_moves_nothing() {
    let mut bench = Bench::new();
    ended(&mut bench, true);
    bench.done("a", "case", 50, true);
    assert_eq!(bench.act("a", choose(7)), []);
}
