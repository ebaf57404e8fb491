//! Several users have the number and the agent chose none: whose case it is, and how it moves.

use crate::bench::{Bench, CLIENT, case, kind, lines, recorded};
use calls::{AgentAction, CallEventKind, Caller, Disposition, DutyKind, Guess, Guessed, Input, Owner, Policy, Several, UserId};

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
    bench.feed(Input::MissedSeen { user, open, over });
    bench.ring("a", CLIENT);
    bench.found("a", CLIENT, &[7, 8, 9]);
    bench.pbx("a", CallEventKind::Answered);
    let effects = bench.end("a", Disposition::Answered);
    let (owner, guessed) = owner(&effects, "/case");
    assert!(matches!(owner, Owner::User { id: UserId(9), .. }), "{owner:?}");
    assert_eq!(guessed.map(|guessed| guessed.why), Some(Guess::Missed));
}

#[test]
fn where_the_office_asks_the_case_is_the_numbers_until_somebody_chooses() {
    let mut bench = Bench::with(Policy {
        several: Several::Ask,
        ..Policy::default()
    });
    let effects = ended(&mut bench, true);
    let (owner, guessed) = owner(&effects, "/case");
    assert!(matches!(owner, Owner::Phone { .. }), "{owner:?}");
    assert_eq!(guessed, None);
}

#[test]
fn choosing_another_one_afterwards_moves_the_case_once() {
    let mut bench = Bench::new();
    ended(&mut bench, true);
    bench.done("a", "case", 50, true);
    let effects = bench.act("a", choose(8));
    assert_eq!(
        lines(&effects),
        ["a/case-2", "a/status-2 <- a/case-2", "a/dropped-1-2 <- a/case a/case-2"]
    );
    let (owner, guessed) = owner(&effects, "/case-2");
    assert!(matches!(owner, Owner::User { id: UserId(8), .. }), "{owner:?}");
    assert_eq!(guessed, None);
    let DutyKind::OpenCase { recording, .. } = kind(&effects, "/case-2") else {
        panic!("a case")
    };
    assert!(recording.is_some(), "its recording goes along");
    assert_eq!(bench.act("a", choose(8)), [], "once");
}

#[test]
fn choosing_the_guessed_one_moves_nothing() {
    let mut bench = Bench::new();
    ended(&mut bench, true);
    bench.done("a", "case", 50, true);
    assert_eq!(bench.act("a", choose(7)), []);
}
