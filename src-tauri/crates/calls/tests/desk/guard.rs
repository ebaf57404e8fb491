//! What the calls of a desk tell the guard of a number before it is dialled.

use crate::bench::*;
use calls::{CallEventKind, Direction, Disposition, History, Number, Region};

fn history(bench: &Bench, number: &str) -> History {
    bench.desk.history(&Number::read(number, Region::default()))
}

#[test]
fn a_missed_call_that_rang_for_a_moment_is_known_until_another_call_with_the_number() {
    let mut bench = Bench::new();
    bench.ring("brief", CLIENT);
    assert!(!history(&bench, CLIENT).rang_briefly, "it still rings");
    bench.end("brief", Disposition::Missed);
    assert!(history(&bench, CLIENT).rang_briefly);
    assert!(history(&bench, "8 (916) 123-45-67").rang_briefly, "in any spelling");
    assert!(!history(&bench, OTHER).rang_briefly, "another number");
    bench.call_out("back", CLIENT, &[7]);
    assert!(!history(&bench, CLIENT).rang_briefly, "they talked");
}

#[test]
fn a_ring_of_some_seconds_and_a_call_that_was_answered_or_taken_by_others_are_no_lures() {
    for (seconds, disposition, lure) in [
        (1, Disposition::Missed, true),
        (2, Disposition::Missed, true),
        (3, Disposition::Missed, false),
        (20, Disposition::Missed, false),
        (1, Disposition::AnsweredElsewhere, false),
        (1, Disposition::Declined, false),
        (1, Disposition::Unknown, false),
    ] {
        let mut bench = Bench::new();
        bench.ring("a", CLIENT);
        // Each input comes a second after the last.
        bench.wait(seconds - 1);
        bench.end("a", disposition);
        assert_eq!(history(&bench, CLIENT).rang_briefly, lure, "{seconds} s, {disposition:?}");
    }
}

#[test]
fn a_colleague_is_who_was_seen_within_the_pbx_and_not_who_shows_a_short_number() {
    let mut bench = Bench::new();
    bench.pbx("in", offer("102", Direction::Internal));
    bench.pbx("in", CallEventKind::Answered);
    assert!(history(&bench, "102").colleague && !history(&bench, "102").from_outside);
    assert!(!history(&bench, "103").colleague);

    let mut bench = Bench::new();
    bench.ring("trunk", "102");
    bench.end("trunk", Disposition::Missed);
    let told = history(&bench, "102");
    assert!(!told.colleague && told.from_outside, "{told:?}");
}

#[test]
fn an_order_to_a_short_number_makes_nobody_a_colleague_before_it_was_taken() {
    let mut bench = Bench::new();
    bench.click("order", "102", None);
    assert!(!history(&bench, "102").colleague);
}

#[test]
fn a_colleague_stays_known_when_the_call_that_showed_it_is_forgotten_until_somebody_outside_shows_the_number() {
    let mut bench = Bench::new();
    bench.pbx("in", offer("102", Direction::Internal));
    bench.pbx("in", CallEventKind::Answered);
    bench.end("in", Disposition::Answered);
    let forget_all = |bench: &mut Bench, from: usize| {
        for n in from..from + 201 {
            bench.ring(&format!("c{n}"), CLIENT);
            bench.end(&format!("c{n}"), Disposition::Declined);
        }
    };
    forget_all(&mut bench, 0);
    let known = |bench: &Bench| history(bench, "102");
    assert!(
        bench.desk.calls().all(|call| call.detail.number.pretty() != "102"),
        "the call is forgotten"
    );
    assert!(known(&bench).colleague);
    bench.ring("trunk", "102");
    bench.end("trunk", Disposition::Declined);
    assert!(!known(&bench).colleague, "who has it now came from outside");
    forget_all(&mut bench, 1000);
    assert!(!known(&bench).colleague, "and that stays so");
}

#[test]
fn of_colleagues_whose_calls_are_forgotten_the_one_seen_longest_ago_goes_first() {
    let mut bench = Bench::new();
    let seen = |bench: &mut Bench, leg: &str, number: &str| {
        bench.pbx(leg, offer(number, Direction::Internal));
        bench.pbx(leg, CallEventKind::Answered);
        bench.end(leg, Disposition::Answered);
    };
    seen(&mut bench, "first", "9102");
    seen(&mut bench, "second", "9101");
    (0..999).for_each(|n| seen(&mut bench, &format!("c{n}"), &format!("{}", 1_000 + n)));
    seen(&mut bench, "again", "9102");
    // Calls of clients push all of these out of the list.
    for n in 0..202 {
        bench.ring(&format!("x{n}"), CLIENT);
        bench.end(&format!("x{n}"), Disposition::Declined);
    }
    assert_eq!(bench.desk.notes().colleagues.len(), 1_000);
    assert!(history(&bench, "9102").colleague, "seen again");
    assert!(!history(&bench, "9101").colleague, "the oldest");
    assert!(history(&bench, "1000").colleague && history(&bench, "1998").colleague);
}
