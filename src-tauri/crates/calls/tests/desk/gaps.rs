//! Calls that ended while the desk could not look: asked after, and never guessed.

use crate::bench::{Bench, CLIENT, attach, create, dial, duties, kind, leg, lines};
use calls::{
    CallEventKind, CaseStatus, Disposition, DutyKey, DutyKind, DutyResult, Effect, Gap, Handset, Input, Moment, OtherSide, Reason, Record,
    RecordingRef, Subject, Traces,
};

fn traces(other: OtherSide) -> Traces {
    Traces {
        other,
        ..Traces::default()
    }
}

/// A call that rang and then went out of sight, with what could be found out.
fn rang(traces: &Traces) -> (Bench, Vec<Effect>) {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    bench.found("a", CLIENT, &[7]);
    let effects = bench.gap(&[], traces);
    (bench, effects)
}

fn told(bench: &mut Bench, record: Option<Record>, case: Option<u64>) {
    bench.feed(Input::Done {
        key: DutyKey::new(&leg("a"), "case"),
        leg: leg("a"),
        duty: None,
        result: DutyResult {
            case: case.map(crate::bench::case),
            joined: record.is_some() && case.is_some(),
            record,
            ..DutyResult::default()
        },
    });
}

#[test]
fn d3_of_a_ring_whose_end_nobody_saw_the_outcome_is_what_can_be_found_out() {
    let recorded = |ms| Traces {
        talked: true,
        recording: Some(RecordingRef::new("r")),
        recorded_ms: ms,
        ..traces(OtherSide::Gone)
    };
    let silent = Traces {
        silence: true,
        ..traces(OtherSide::Gone)
    };
    let passed_on = |other| Traces {
        talked: true,
        passed_on: true,
        ..traces(other)
    };
    let table = [
        (traces(OtherSide::NotKnown), Disposition::Unknown, "D3"),
        (traces(OtherSide::Gone), Disposition::Unknown, "D3"),
        (silent, Disposition::Missed, "S31"),
        (traces(OtherSide::Waits), Disposition::Missed, "S31"),
        (traces(OtherSide::Talks), Disposition::AnsweredElsewhere, "S25"),
        (recorded(Some(60_000)), Disposition::Answered, "S15"),
        (recorded(None), Disposition::Answered, "S15"),
        (passed_on(OtherSide::Talks), Disposition::Answered, "S17"),
        (passed_on(OtherSide::Waits), Disposition::Answered, "S17"),
    ];
    for (traces, disposition, rule) in table {
        let (bench, _) = rang(&traces);
        assert_eq!(
            (bench.call("a").detail.disposition, bench.rule("a")),
            (Some(disposition), rule),
            "{traces:?}"
        );
    }
}

#[test]
fn d3_an_unknown_outcome_is_an_open_case_with_a_mark_of_its_own_and_no_missed_call() {
    let (mut bench, effects) = rang(&Traces::default());
    let DutyKind::OpenCase {
        subject,
        handset,
        status,
        responsible,
        joins: Some(joins),
        summary,
        ..
    } = kind(&effects, "/case")
    else {
        panic!("{effects:?}")
    };
    assert_eq!(
        (subject, handset, status),
        (Subject::Incoming, Handset::Unknown, Some(CaseStatus::Open))
    );
    assert!(joins.unseen && joins.into.is_none() && !responsible);
    assert!(summary.unseen.is_some_and(|gap| gap.to.since(gap.from) == 120_000));
    told(&mut bench, None, Some(40));
    assert!(bench.desk.notes().missed.is_empty(), "no later call is grouped with it");
    assert_eq!(lines(&bench.miss("b", CLIENT, &[7])), ["b/case", "b/status <- b/case"]);
    assert_eq!(bench.rule("b"), "S31");
}

#[test]
fn d3_what_another_desk_has_recorded_is_believed() {
    let (mut bench, _) = rang(&Traces::default());
    told(&mut bench, Some(Record::Conversation), None);
    let call = bench.call("a");
    assert_eq!(
        (call.detail.disposition, &call.filing.case),
        (Some(Disposition::AnsweredElsewhere), &None)
    );
    assert_eq!(bench.rule("a"), "S25");

    let (mut bench, _) = rang(&Traces::default());
    told(&mut bench, Some(Record::Missed), Some(40));
    assert_eq!(
        (bench.call("a").detail.disposition, bench.rule("a")),
        (Some(Disposition::Missed), "S27")
    );
    assert_eq!(bench.call("a").filing.case, Some(crate::bench::case(40)));
    bench.answer("b", CLIENT, &[7]);
    let closed = bench.end("b", Disposition::Answered);
    assert!(lines(&closed).iter().any(|line| line.starts_with("b/missed-closed")), "{closed:?}");

    let (mut bench, _) = rang(&Traces::default());
    told(&mut bench, Some(Record::Unknown), Some(40));
    assert_eq!(bench.call("a").detail.disposition, Some(Disposition::Unknown));
    assert_eq!(bench.call("a").filing.case, Some(crate::bench::case(40)));
    bench.pbx("a", CallEventKind::TakenElsewhere);
    assert_eq!(
        bench.call("a").detail.disposition,
        Some(Disposition::Unknown),
        "it stands in the help desk"
    );
}

#[test]
fn d3_a_missed_call_that_a_colleague_turns_out_to_have_answered_is_none() {
    let mut bench = Bench::new();
    bench.miss("a", CLIENT, &[7]);
    told(&mut bench, Some(Record::Conversation), None);
    assert_eq!(bench.call("a").detail.disposition, Some(Disposition::AnsweredElsewhere));
    assert!(bench.desk.notes().missed.is_empty());
}

#[test]
fn d3_a_call_out_is_taken_by_nobody_else() {
    let mut bench = Bench::new();
    bench.pbx("a", dial(CLIENT, None));
    bench.gap(&[], &Traces::default());
    let before = bench.call("a").clone();
    bench.pbx("a", CallEventKind::TakenElsewhere);
    assert_eq!(bench.call("a"), &before);
}

#[test]
fn s17_an_answered_call_whose_client_talks_to_somebody_else_by_now_was_passed_on() {
    for (other, rule) in [(OtherSide::Talks, "S17"), (OtherSide::Gone, "S15"), (OtherSide::NotKnown, "S15")] {
        let mut bench = Bench::answered("a");
        bench.gap(&[], &traces(other));
        assert_eq!(bench.rule("a"), rule, "{other:?}");
    }
    let mut bench = Bench::answered("a");
    bench.act("a", create("Тема", "Суть"));
    bench.gap(&[], &traces(OtherSide::Talks));
    assert_eq!(bench.rule("a"), "S30", "who made a case keeps it");
}

#[test]
fn d5_a_talk_is_as_long_as_its_recording_and_at_least_as_long_as_it_was_heard() {
    let table = [(Some(60_000), 60_000, false), (Some(500_000), 121_000, false), (None, 1_000, true)];
    for (recorded_ms, talk, at_least) in table {
        let mut bench = Bench::answered("a");
        // Something is heard a second later.
        bench.ring("later", "+79031112244");
        bench.gap(
            &["later"],
            &Traces {
                recorded_ms,
                ..traces(OtherSide::Gone)
            },
        );
        let call = bench.call("a");
        assert_eq!(
            (call.talk_ms(), call.detail.talk_at_least),
            (Some(talk), at_least),
            "{recorded_ms:?}"
        );
    }
    let mut bench = Bench::answered("a");
    let with_colleague = Traces {
        recorded_ms: Some(90_000),
        ..traces(OtherSide::Talks)
    };
    bench.gap(&[], &with_colleague);
    assert!(
        bench.call("a").detail.talk_at_least,
        "what is recorded after the transfer is the colleague's"
    );
}

#[test]
fn d3_two_gaps_before_the_answer_are_one() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    for (from, to) in [(10, 20), (30, 40)] {
        let gap = Some(Gap {
            from: Moment(from),
            to: Moment(to),
        });
        let effects = bench.feed(Input::Resync { live: Vec::new(), gap });
        assert_eq!(effects, [Effect::Inquire { leg: leg("a") }]);
    }
    let (from, to) = (Moment(10), Moment(40));
    assert_eq!(bench.call("a").detail.unseen, Some(Gap { from, to }));
    let once = bench.feed(Input::Traced {
        leg: leg("a"),
        traces: Traces::default(),
    });
    assert_eq!(duties(&once).len(), 2);
    let again = bench.feed(Input::Traced {
        leg: leg("a"),
        traces: traces(OtherSide::Talks),
    });
    assert_eq!(again, [], "what was decided stands");
}

#[test]
fn d3_a_call_whose_end_was_told_before_the_answer_ended_so() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    bench.feed(Input::Resync {
        live: Vec::new(),
        gap: None,
    });
    bench.end("a", Disposition::Missed);
    let traces = traces(OtherSide::Talks);
    assert_eq!(bench.feed(Input::Traced { leg: leg("a"), traces }), []);
    assert_eq!(bench.rule("a"), "S31");
}

#[test]
fn d3_what_the_agent_did_with_a_call_counts_whatever_became_of_it() {
    let mut created = Bench::new();
    created.ring("a", CLIENT);
    created.act("a", create("Тема", "Суть"));
    let effects = created.gap(&[], &Traces::default());
    let DutyKind::SetStatus { status, handset, .. } = kind(&effects, "/status") else {
        panic!("{effects:?}")
    };
    assert_eq!((status, handset), (Some(CaseStatus::Open), Some(Handset::Unknown)));
    let mut attached = Bench::new();
    attached.ring("a", CLIENT);
    attached.act("a", attach(5, "Суть"));
    assert_eq!(lines(&attached.gap(&[], &Traces::default())), ["a/note"]);
    let mut back = Bench::new();
    back.miss("m", CLIENT, &[7]);
    back.pbx("a", dial(CLIENT, None));
    back.found("a", CLIENT, &[7]);
    assert_eq!(lines(&back.gap(&[], &Traces::default())), ["a/note <- m/case"]);
    let reason = back.call("a").filing.outcome.unwrap().reason;
    assert_eq!(
        (reason, back.desk.notes().missed.len()),
        (Reason::OutcomeUnknown, 1),
        "the client still waits"
    );
}

#[test]
fn what_an_earlier_version_stored_is_read() {
    let mut bench = Bench::answered("a");
    bench.end("a", Disposition::Answered);
    let mut stored = serde_json::to_value(bench.call("a")).unwrap();
    for new in ["unseen", "talk_at_least"] {
        stored.as_object_mut().unwrap().remove(new).unwrap();
    }
    assert_eq!(&serde_json::from_value::<calls::Call>(stored).unwrap(), bench.call("a"));
    let old: Input = serde_json::from_str(r#"{"input": "resync", "live": ["a"]}"#).unwrap();
    assert_eq!(
        old,
        Input::Resync {
            live: vec![leg("a")],
            gap: None
        }
    );
}
