//! What the line promises, by cases and by chance.

use super::*;
use calls::{CaseId, CaseStatus, CaseTarget};
use proptest::prelude::*;

fn entry(seq: i64, leg: &str, what: &str, after: &[&str]) -> Entry {
    let leg = LegId::new(leg);
    let after = after.iter().map(|key| DutyKey::from_text(key)).collect();
    let kind = DutyKind::SetStatus {
        case: CaseTarget::Existing(CaseId(1)),
        status: Some(CaseStatus::Open),
        handset: None,
        responsible: false,
        since: Moment(0),
        expects: None,
        guards: false,
    };
    Entry {
        seq,
        duty: Duty {
            key: DutyKey::new(&leg, what),
            leg,
            after,
            kind,
        },
        state: EntryState::Queued,
        attempts: 0,
        uncertain: false,
        next_at: Moment(0),
        trouble: String::new(),
        code: String::new(),
        result: None,
        created_at: Moment(0),
        first_tried_at: None,
        done_at: None,
    }
}

fn summary() -> calls::Summary {
    calls::Summary {
        direction: calls::Direction::Inbound,
        number: calls::Number::read("79161234567", calls::Region::default()),
        started: Moment(0),
        talk_ms: None,
        disposition: None,
        gist: String::new(),
        at_least: false,
        unseen: None,
        transferred_to: None,
        guessed: None,
        promise: None,
    }
}

fn passing() -> Attempt {
    Attempt::Passing {
        trouble: "timeout".into(),
        after_ms: None,
        uncertain: true,
    }
}

#[test]
fn a_duty_waits_for_what_it_needs_and_for_what_is_missing_waits_not() {
    let mut outbox = Outbox::restore(vec![entry(1, "a", "case", &["a/link"]), entry(2, "b", "status", &["a/case"])]);
    assert_eq!(outbox.start_next(Moment(0)).unwrap().seq, 1);
    assert_eq!(outbox.start_next(Moment(0)), None, "b waits for a's case");
    outbox.finish(1, Attempt::Delivered(DutyResult::default()), Moment(5), 1.0);
    assert_eq!(outbox.start_next(Moment(5)).unwrap().seq, 2);
}

#[test]
fn writes_of_one_call_never_overtake_each_other() {
    let mut outbox = Outbox::restore(vec![entry(1, "a", "case", &[]), entry(2, "a", "note", &[])]);
    outbox.start_next(Moment(0)).unwrap();
    assert_eq!(outbox.start_next(Moment(0)), None);
    outbox.finish(1, passing(), Moment(0), 1.0);
    assert_eq!(
        outbox.start_next(Moment(1)),
        None,
        "the first is due later, the second does not slip past it"
    );
    assert_eq!(outbox.wake_at(), Some(Moment(FIRST_DELAY)));
}

#[test]
fn an_attempt_is_counted_and_uncertain_before_it_begins() {
    let mut outbox = Outbox::restore(vec![entry(1, "a", "case", &[])]);
    let told = outbox.start_next(Moment(0)).unwrap();
    let kept = outbox.entry(1).unwrap();
    assert_eq!((told.attempts, told.uncertain), (1, false));
    assert_eq!((kept.attempts, kept.uncertain), (1, true));
    // A crash here: the stored entry is restored, and the next attempt is told to look first.
    let mut after_crash = Outbox::restore(vec![kept.clone()]);
    assert!(after_crash.start_next(Moment(0)).unwrap().uncertain);
}

#[test]
fn an_unknown_fate_stays_unknown_when_the_next_attempt_fails_before_it_could_look() {
    let mut outbox = Outbox::restore(vec![entry(1, "a", "case", &[])]);
    outbox.start_next(Moment(0)).unwrap();
    outbox.finish(1, passing(), Moment(0), 1.0);
    assert!(outbox.start_next(Moment(10_000)).unwrap().uncertain);
    let refused = Attempt::Passing {
        trouble: "unreachable".into(),
        after_ms: None,
        uncertain: false,
    };
    outbox.finish(1, refused, Moment(10_000), 1.0);
    assert!(
        outbox.start_next(Moment(100_000)).unwrap().uncertain,
        "the first answer is still missing"
    );
    outbox.finish(1, Attempt::NotYet, Moment(100_000), 1.0);
    assert!(outbox.start_next(Moment(200_000)).unwrap().uncertain);
}

#[test]
fn a_start_that_could_not_be_marked_is_undone() {
    let mut outbox = Outbox::restore(vec![entry(1, "a", "case", &[])]);
    outbox.start_next(Moment(0)).unwrap();
    outbox.undo_start(1, Moment(0));
    let again = outbox.start_next(Moment(FIRST_DELAY)).unwrap();
    assert_eq!((again.attempts, again.uncertain), (1, false));
}

#[test]
fn a_refused_status_holds_nothing_up() {
    let mut outbox = Outbox::restore(vec![entry(1, "a", "status", &[]), entry(2, "b", "status", &["a/status"])]);
    outbox.start_next(Moment(0)).unwrap();
    let refused = Attempt::Refused {
        trouble: String::new(),
        code: String::new(),
    };
    outbox.finish(1, refused, Moment(0), 1.0);
    assert_eq!(outbox.start_next(Moment(0)).unwrap().seq, 2);
}

#[test]
fn a_wedged_duty_holds_up_only_what_needs_it() {
    let text = Entry {
        duty: Duty {
            kind: DutyKind::FinishText {
                case: CaseTarget::Existing(CaseId(1)),
                subject: None,
                was: None,
                summary: summary(),
            },
            ..entry(1, "a", "text", &[]).duty
        },
        ..entry(1, "a", "text", &[])
    };
    let mut outbox = Outbox::restore(vec![text, entry(2, "a", "recording", &[]), entry(3, "a", "status", &["a/text"])]);
    outbox.start_next(Moment(0)).unwrap();
    outbox.finish(
        1,
        Attempt::Refused {
            trouble: String::new(),
            code: String::new(),
        },
        Moment(0),
        1.0,
    );
    assert_eq!(outbox.start_next(Moment(0)).unwrap().seq, 2);
    outbox.finish(2, Attempt::Delivered(DutyResult::default()), Moment(0), 1.0);
    assert_eq!(outbox.start_next(Moment(0)), None, "the status needs the text");
}

#[test]
fn a_refusal_wedges_until_a_person_retries() {
    let mut outbox = Outbox::restore(vec![entry(1, "a", "case", &[])]);
    outbox.start_next(Moment(0)).unwrap();
    outbox.finish(
        1,
        Attempt::Refused {
            trouble: "refused".into(),
            code: "staff_not_active".into(),
        },
        Moment(0),
        1.0,
    );
    assert_eq!((outbox.start_next(Moment(999_999)), outbox.wake_at()), (None, None));
    outbox.retry(1, Moment(1_000_000));
    assert_eq!(outbox.start_next(Moment(1_000_000)).unwrap().attempts, 2);
}

#[test]
fn what_a_person_gives_up_takes_along_what_depends_on_it_and_nothing_else() {
    let mut outbox = Outbox::restore(vec![
        entry(1, "a", "case", &[]),
        entry(2, "a", "status", &["a/case"]),
        entry(3, "a", "recording", &["a/status"]),
        entry(4, "b", "case", &[]),
    ]);
    assert_eq!(outbox.give_up(1, Moment(5)), [], "it is not refused");
    outbox.start_next(Moment(0)).unwrap();
    let refused = Attempt::Refused {
        trouble: "refused".into(),
        code: String::new(),
    };
    outbox.finish(1, refused, Moment(0), 1.0);
    let given_up: Vec<i64> = outbox.give_up(1, Moment(5)).iter().map(|entry| entry.seq).collect();
    assert_eq!(given_up, [1, 2, 3]);
    assert_eq!(outbox.start_next(Moment(9)).unwrap().seq, 4);
}

#[test]
fn what_was_tried_in_vain_can_be_given_up_but_not_while_it_is_being_tried() {
    let mut outbox = Outbox::restore(vec![entry(1, "a", "case", &[])]);
    outbox.start_next(Moment(0)).unwrap();
    outbox.finish(1, passing(), Moment(0), 1.0);
    assert_eq!(outbox.give_up(1, Moment(5)), [], "nobody knows whether it is there");
    let mut outbox = Outbox::restore(vec![entry(1, "a", "case", &[])]);
    let refused_for_now = || Attempt::Passing {
        trouble: "badCredentials".into(),
        after_ms: None,
        uncertain: false,
    };
    outbox.start_next(Moment(0)).unwrap();
    outbox.finish(1, refused_for_now(), Moment(0), 1.0);
    outbox.start_next(Moment(60_000)).unwrap();
    assert_eq!(outbox.give_up(1, Moment(60_001)), [], "it may be on its way");
    outbox.finish(1, refused_for_now(), Moment(60_002), 1.0);
    assert_eq!(outbox.give_up(1, Moment(60_003)).len(), 1);
    assert!(outbox.is_idle());
}

/// A missed call at the desk with this place among those where it rang.
fn missed(seq: i64, leg: &str, turn: u32) -> Entry {
    let mut entry = entry(seq, leg, "case", &[]);
    entry.duty.kind = DutyKind::OpenCase {
        owner: calls::Owner::User {
            id: calls::UserId(7),
            phone: None,
        },
        subject: calls::Subject::Missed,
        summary: summary(),
        recording: None,
        handset: calls::Handset::Missed,
        responsible: false,
        status: Some(CaseStatus::Open),
        joins: Some(calls::Joins {
            turn,
            ..calls::Joins::default()
        }),
    };
    entry
}

#[test]
fn s25_a_missed_call_is_held_back_until_its_caller_is_gone() {
    let mut outbox = Outbox::restore(vec![missed(1, "a", 0), entry(2, "b", "case", &[])]);
    assert_eq!(outbox.held().map(|entry| entry.seq).collect::<Vec<_>>(), [1]);
    assert_eq!(outbox.start_next(Moment(0)).unwrap().seq, 2, "others go on");
    assert_eq!(outbox.start_next(Moment(1_000_000)), None);
    outbox.release(1, Moment(10), 0, true);
    assert_eq!(outbox.start_next(Moment(10)).unwrap().seq, 1);
    assert!(outbox.has_waited(1));
    assert!(outbox.held().next().is_none());
}

#[test]
fn s27_desks_at_which_the_same_call_was_missed_write_one_after_the_other_also_after_an_outage() {
    for turn in [0, 5_000, 10_000] {
        let mut outbox = Outbox::restore(vec![missed(1, "a", 0)]);
        outbox.release(1, Moment(0), turn, false);
        assert_eq!(outbox.wake_at(), Some(Moment(turn)));
        outbox.start_next(Moment(turn)).unwrap();
        let out = Attempt::Passing {
            trouble: "rateLimited".into(),
            after_ms: Some(300_000),
            uncertain: false,
        };
        outbox.finish(1, out, Moment(turn), 1.0);
        // Omnidesk answers again, to all of them at the same time.
        outbox.hurry(Moment(60_000));
        assert_eq!(outbox.wake_at(), Some(Moment(60_000 + turn)));
    }
}

#[test]
fn s27_one_missed_call_is_written_at_a_time() {
    let mut outbox = Outbox::restore(vec![missed(1, "a", 0), missed(2, "b", 0)]);
    outbox.release(1, Moment(0), 0, false);
    outbox.release(2, Moment(0), 0, false);
    assert_eq!(outbox.start_next(Moment(0)).unwrap().seq, 1);
    assert_eq!(outbox.start_next(Moment(0)), None, "it may be the same call");
    outbox.finish(1, Attempt::Delivered(DutyResult::default()), Moment(1), 1.0);
    assert_eq!(outbox.start_next(Moment(1)).unwrap().seq, 2);
}

#[test]
fn the_wish_of_the_help_desk_is_respected() {
    let mut outbox = Outbox::restore(vec![entry(1, "a", "case", &[])]);
    outbox.start_next(Moment(0)).unwrap();
    outbox.finish(
        1,
        Attempt::Passing {
            trouble: "rateLimited".into(),
            after_ms: Some(40_000),
            uncertain: false,
        },
        Moment(0),
        0.5,
    );
    assert_eq!(outbox.wake_at(), Some(Moment(40_000)));
}

proptest! {
    /// Whatever fails and in whatever order: everything is delivered in the end, once, and in order per call.
    #[test]
    fn everything_is_delivered_once_and_in_order(fates in proptest::collection::vec(0u8..4, 1..200), legs in proptest::collection::vec(0u8..4, 1..20)) {
        let entries = legs.iter().enumerate().map(|(at, leg)| entry(at as i64 + 1, &leg.to_string(), &at.to_string(), &[])).collect();
        let mut outbox = Outbox::restore(entries);
        let (mut now, mut fates, mut running, mut delivered) = (0, fates.into_iter(), Vec::new(), Vec::new());
        while !outbox.is_idle() {
            while let Some(entry) = outbox.start_next(Moment(now)) {
                prop_assert!(running.len() < AT_ONCE);
                running.push(entry.seq);
            }
            if let Some(seq) = running.pop() {
                match fates.next() {
                    Some(0) => { outbox.finish(seq, passing(), Moment(now), 0.3); }
                    Some(1) => { outbox.finish(seq, Attempt::NotYet, Moment(now), 0.9); }
                    Some(2) => { outbox.finish(seq, Attempt::Refused { trouble: String::new(), code: String::new() }, Moment(now), 0.1); outbox.retry(seq, Moment(now)); }
                    _ => { outbox.finish(seq, Attempt::Delivered(DutyResult::default()), Moment(now), 1.0); delivered.push(seq); }
                }
            } else if let Some(at) = outbox.wake_at() {
                now = at.0.max(now);
            }
        }
        prop_assert_eq!(delivered.len(), legs.len());
        for leg in 0u8..4 {
            let of_leg: Vec<_> = delivered.iter().filter(|seq| legs[**seq as usize - 1] == leg).collect();
            prop_assert!(of_leg.is_sorted());
        }
    }
}

#[test]
fn nobody_waits_for_a_clock_that_was_set_back() {
    const HOUR: i64 = 3_600_000;
    let mut outbox = Outbox::restore(vec![entry(1, "a", "open", &[])]);
    let began = Moment(10 * HOUR);
    assert!(outbox.start_next(began).is_some());
    outbox.finish(1, passing(), began, 0.5);
    let wait = outbox.wake_at().unwrap_or_default().since(began);
    assert!(wait > 0);
    // It runs.
    outbox.clock_set_back(HOUR);
    assert_eq!(outbox.wake_at(), Some(Moment(9 * HOUR + wait)));
    // It was off meanwhile.
    let mut entries: Vec<Entry> = outbox.entries().cloned().collect();
    soon_enough(&mut entries, Moment(2 * HOUR));
    assert_eq!(entries[0].next_at, Moment(2 * HOUR + LONGEST_DELAY));
    soon_enough(&mut entries, Moment(3 * HOUR));
    assert_eq!(entries[0].next_at, Moment(2 * HOUR + LONGEST_DELAY), "and what is due is due");
}

#[test]
fn d5_a_clock_that_is_set_back_does_not_make_a_recording_waited_for_as_long_as_the_jump() {
    const HOUR: i64 = 3_600_000;
    let owed = Entry {
        created_at: Moment(10 * HOUR),
        ..entry(1, "a", "note", &[])
    };
    let mut outbox = Outbox::restore(vec![owed.clone()]);
    outbox.clock_set_back(HOUR);
    assert_eq!(
        outbox.entry(1).map(|entry| entry.created_at),
        Some(Moment(9 * HOUR)),
        "as old as before"
    );
    let mut entries = vec![owed];
    soon_enough(&mut entries, Moment(2 * HOUR));
    assert_eq!(entries[0].created_at, Moment(2 * HOUR), "set back while the program was off");
}

#[test]
fn d5_what_comes_after_something_that_is_not_understood_waits_and_the_rest_does_not() {
    let mut outbox = Outbox::restore(vec![
        entry(2, "a", "status", &["a/case"]),
        entry(3, "a", "note", &[]),
        entry(4, "b", "status", &[]),
    ]);
    outbox.leave_alone(std::iter::once(DutyKey::from_text("a/case")));
    let started: Vec<i64> = std::iter::from_fn(|| outbox.start_next(Moment(0))).map(|entry| entry.seq).collect();
    assert_eq!(started, [4], "per call strictly in order: the note waits behind the status");
    assert!(outbox.is_blocked(&entry(2, "a", "status", &["a/case"]).duty));
}
