//! What the agent writes during a call, and what the end makes of it (SPEC B, C, D, I).

use crate::bench::{Bench, CLIENT, attach, case, create, duties, key_of, kind, leg, lines, recorded, refused, type_in};
use calls::{
    AgentAction, CallEventKind, CaseStatus, CaseTarget, Disposition, DutyKey, DutyKind, Effect, Handset, Owner, Recording, RecordingRef,
    Refusal, Subject, Summary, UserId,
};

fn opened(effects: &[Effect]) -> (Owner, Subject, Summary, Handset) {
    match kind(effects, "/case") {
        DutyKind::OpenCase {
            owner,
            subject,
            summary,
            handset,
            ..
        } => (owner, subject, summary, handset),
        other => panic!("{other:?}"),
    }
}

fn status(effects: &[Effect]) -> CaseStatus {
    match kind(effects, "/status") {
        DutyKind::SetStatus { status: Some(status), .. } => status,
        other => panic!("{other:?}"),
    }
}

/// The message about the end of a call whose case was created while it lasted.
fn ending(effects: &[Effect]) -> (CaseTarget, Summary, Option<RecordingRef>) {
    match kind(effects, "/recording") {
        DutyKind::AddRecording {
            case,
            recording,
            summary,
            tells_end: true,
        } => (case, summary, recording),
        other => panic!("{other:?}"),
    }
}

#[test]
fn s05_s06_the_case_is_owed_at_once_and_says_that_the_call_goes_on() {
    let mut bench = Bench::answered("a");
    bench.pbx("a", recorded("r1"));
    let effects = bench.act("a", create(" Счёт ", " Просит счёт\n"));
    assert_eq!(lines(&effects), ["a/case"]);
    let (owner, subject, summary, handset) = opened(&effects);
    let user = Owner::User {
        id: UserId(7),
        phone: Some(key_of(CLIENT)),
    };
    assert_eq!((owner, subject, handset), (user, Subject::Typed("Счёт".into()), Handset::Incoming));
    assert_eq!(
        (summary.gist.as_str(), summary.talk_ms, summary.disposition),
        ("Просит счёт", None, None)
    );
    let DutyKind::OpenCase { recording, .. } = kind(&effects, "/case") else {
        panic!("{effects:?}")
    };
    assert_eq!(recording, None, "S06: no recording while the conversation goes on");
}

#[test]
fn s06_at_the_end_follow_the_status_and_a_message_with_the_recording_and_the_first_one_stays() {
    let mut bench = Bench::answered("a");
    bench.pbx("a", recorded("r1"));
    bench.act("a", create("Счёт", "Просит счёт"));
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!(lines(&effects), ["a/status <- a/case", "a/recording <- a/case"]);
    let (case, summary, recording) = ending(&effects);
    assert_eq!(case, CaseTarget::OpenedBy(DutyKey::new(&leg("a"), "case")));
    assert_eq!(
        (summary.gist.as_str(), summary.disposition),
        ("", Some(Disposition::Answered)),
        "the gist stands in the first message"
    );
    assert!(summary.talk_ms.is_some_and(|ms| ms > 0));
    assert_eq!(recording.unwrap().as_str(), "r1");
    assert_eq!((status(&effects), bench.rule("a")), (CaseStatus::Waiting, "S30"));
}

#[test]
fn s06_without_a_recording_the_message_says_how_the_call_ended() {
    let mut bench = Bench::answered("a");
    bench.act("a", create("Счёт", ""));
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!(lines(&effects), ["a/status <- a/case", "a/recording <- a/case"]);
    assert_eq!(ending(&effects).2, None);
    bench.done("a", "recording", 50, false);
    assert_eq!(bench.call("a").filing.recording, Recording::None, "what never was is not lost");
}

#[test]
fn s06_what_was_typed_after_the_case_was_created_goes_into_the_message_about_the_end() {
    let mut bench = Bench::answered("a");
    bench.act("a", create("Счёт", "Просит счёт"));
    bench.act("a", type_in("Счёт", "Просит счёт "));
    bench.act("a", type_in("Счёт", "Просит счёт и акт"));
    assert_eq!(ending(&bench.end("a", Disposition::Answered)).1.gist, "Просит счёт и акт");

    let mut bench = Bench::answered("b");
    bench.act("b", create("Счёт", "Просит счёт"));
    bench.act("b", type_in("Счёт", "Просит акт"));
    bench.act("b", create("Счёт", "Просит акт"));
    assert_eq!(
        ending(&bench.end("b", Disposition::Answered)).1.gist,
        "",
        "the first message was corrected"
    );
}

#[test]
fn s05_a_subject_left_empty_becomes_the_incoming_one() {
    let mut bench = Bench::answered("a");
    assert_eq!(opened(&bench.act("a", create("  ", ""))).1, Subject::Incoming);
}

#[test]
fn s07_an_abandoned_empty_compose_page_leaves_an_open_case_with_the_recording() {
    let mut bench = Bench::answered("a");
    bench.pbx("a", recorded("r1"));
    assert_eq!(bench.act("a", AgentAction::OpenCompose), []);
    assert_eq!(bench.act("a", type_in(" ", "\n")), [], "blanks are nothing");
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!(lines(&effects), ["a/case", "a/status <- a/case"]);
    let (_, subject, summary, _) = opened(&effects);
    assert_eq!((subject, summary.gist.as_str()), (Subject::Incoming, ""));
    let DutyKind::OpenCase { recording, .. } = kind(&effects, "/case") else {
        panic!("{effects:?}")
    };
    assert_eq!(recording.unwrap().as_str(), "r1", "the first message carries the player");
    assert_eq!((status(&effects), bench.rule("a")), (CaseStatus::Open, "S07"));
}

#[test]
fn s15_the_case_that_appears_by_itself_has_what_had_been_typed() {
    for (subject, gist, expected) in [
        ("Договор", "Спросил", Subject::Typed("Договор".into())),
        ("", "Спросил", Subject::Incoming),
    ] {
        let mut bench = Bench::answered("a");
        bench.act("a", AgentAction::OpenCompose);
        bench.act("a", type_in(subject, gist));
        let effects = bench.end("a", Disposition::Answered);
        let (_, subject, summary, _) = opened(&effects);
        assert_eq!((subject, summary.gist.as_str()), (expected, "Спросил"));
        assert_eq!((status(&effects), bench.rule("a")), (CaseStatus::Waiting, "S15"));
    }
}

#[test]
fn s15_an_untouched_answered_call_gets_a_case_that_waits() {
    let mut bench = Bench::answered("a");
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!((status(&effects), bench.rule("a")), (CaseStatus::Waiting, "S15"));
}

#[test]
fn s14_a_case_for_an_unknown_number_is_opened_by_the_number() {
    let mut bench = Bench::new();
    bench.answer("a", CLIENT, &[]);
    let phone = key_of(CLIENT);
    assert_eq!(opened(&bench.act("a", create("Тема", ""))).0, Owner::Phone { phone });
}

#[test]
fn s14_whoever_came_from_outside_gets_a_case_whatever_the_number_looks_like() {
    for raw in ["101", "112", "70001", "MTS-Bank", "989161234567"] {
        let mut bench = Bench::new();
        bench.answer("a", raw, &[]);
        let phone = key_of(raw);
        assert_eq!(opened(&bench.act("a", create("Тема", ""))).0, Owner::Phone { phone }, "{raw}");
    }
}

#[test]
fn s14_nobody_is_made_from_a_hidden_number() {
    for raw in ["anonymous", "", "Неизвестный номер"] {
        let mut bench = Bench::new();
        bench.ring("a", raw);
        bench.pbx("a", CallEventKind::Answered);
        assert_eq!(
            refused(&bench.act("a", create("Тема", "Суть"))),
            Some(Refusal::NobodyToWriteFor),
            "{raw}"
        );
        assert_eq!(bench.call("a").handling.draft.gist, "Суть", "what was typed is kept");
        assert_eq!(bench.end("a", Disposition::Answered), []);
        assert_eq!(bench.rule("a"), "S14");
    }
}

#[test]
fn s14_a_user_found_after_the_end_gets_the_case_that_could_not_be_opened() {
    let mut bench = Bench::new();
    bench.ring("a", "anonymous");
    bench.pbx("a", CallEventKind::Answered);
    bench.pbx("a", recorded("r1"));
    bench.act("a", type_in("Тема", "Суть"));
    assert_eq!(bench.end("a", Disposition::Answered), []);
    let effects = bench.act("a", AgentAction::LinkUser { user: UserId(7) });
    assert_eq!(
        lines(&effects),
        ["a/case", "a/status <- a/case"],
        "a hidden number is linked to nobody"
    );
    let owner = Owner::User {
        id: UserId(7),
        phone: None,
    };
    assert_eq!(opened(&effects).0, owner);
    assert_eq!(bench.act("a", AgentAction::LinkUser { user: UserId(8) }), [], "only once");
}

#[test]
fn s13_a_case_waits_for_the_link_of_its_number() {
    let mut bench = Bench::new();
    bench.answer("a", CLIENT, &[]);
    let link = bench.act("a", AgentAction::LinkUser { user: UserId(7) });
    let effects = bench.act("a", create("Тема", ""));
    assert_eq!(duties(&effects)[0].after, [duties(&link)[0].key.clone()]);
}

#[test]
fn s08_s09_the_attached_call_is_one_message_with_the_last_gist() {
    let mut bench = Bench::answered("a");
    bench.pbx("a", recorded("r1"));
    assert_eq!(bench.act("a", attach(5, "Первое")), [], "nothing is written before the end");
    assert_eq!(bench.act("a", attach(5, "Второе")), []);
    assert_eq!(bench.call("a").filing.case, Some(case(5)));
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!(lines(&effects), ["a/status", "a/note"]);
    let DutyKind::AddNote { case, summary, recording } = kind(&effects, "/note") else {
        panic!("{effects:?}")
    };
    assert_eq!(
        (case, summary.gist.as_str()),
        (CaseTarget::Existing(crate::bench::case(5).id), "Второе")
    );
    assert_eq!(recording.unwrap().as_str(), "r1");
    assert_eq!((status(&effects), bench.rule("a")), (CaseStatus::Waiting, "S30"));
}

#[test]
fn s08_attaching_keeps_the_subject_that_was_typed_for_a_new_case() {
    let mut bench = Bench::answered("a");
    bench.act("a", type_in("Тема", "Черновик"));
    bench.act("a", attach(5, "Суть"));
    assert_eq!(
        (
            bench.call("a").handling.draft.subject.as_str(),
            bench.call("a").handling.draft.gist.as_str()
        ),
        ("Тема", "Суть")
    );
}

#[test]
fn s08_a_call_with_a_case_is_not_attached_to_another() {
    let mut attached = Bench::answered("a");
    attached.act("a", attach(5, "Суть"));
    let mut created = Bench::answered("a");
    created.act("a", create("Тема", "Суть"));
    let mut over = Bench::answered("a");
    over.act("a", type_in("", "Суть"));
    over.end("a", Disposition::Answered);
    for mut bench in [attached, created, over] {
        assert_eq!(refused(&bench.act("a", attach(6, "Другая"))), Some(Refusal::HasCase));
        assert_eq!(bench.call("a").handling.draft.gist, "Суть", "a refused action changes no text");
    }
}

#[test]
fn s05_an_attached_call_gets_no_new_case() {
    let mut bench = Bench::answered("a");
    bench.act("a", attach(5, ""));
    assert_eq!(refused(&bench.act("a", create("Тема", ""))), Some(Refusal::HasCase));
    assert_eq!(lines(&bench.end("a", Disposition::Answered)), ["a/status", "a/note"]);
}

#[test]
fn s09_a_call_that_left_no_case_can_be_attached_after_its_end() {
    let mut bench = Bench::new();
    bench.ring("a", "anonymous");
    bench.pbx("a", CallEventKind::Answered);
    bench.end("a", Disposition::Answered);
    assert_eq!(lines(&bench.act("a", attach(5, "Суть"))), ["a/status", "a/note"]);
    assert_eq!(refused(&bench.act("a", attach(5, "Ещё"))), Some(Refusal::HasCase), "it is written");
}

#[test]
fn s05_creating_after_the_end_of_a_call_that_left_no_case_opens_it_whole() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    assert_eq!(bench.end("a", Disposition::AnsweredElsewhere), []);
    let effects = bench.act("a", create("Тема", "Суть"));
    assert_eq!(lines(&effects), ["a/case", "a/status <- a/case"]);
    assert_eq!(opened(&effects).2.disposition, Some(Disposition::AnsweredElsewhere));
}

#[test]
fn s15_what_is_finished_after_the_end_corrects_the_case_each_time_under_its_own_key() {
    let mut bench = Bench::answered("a");
    bench.end("a", Disposition::Answered);
    let first = bench.act("a", create("Итог", "Раз"));
    let second = bench.act("a", create("", "Два"));
    assert_eq!(
        (lines(&first), lines(&second)),
        (vec!["a/text-1 <- a/case".into()], vec!["a/text-2 <- a/case".into()])
    );
    let DutyKind::FinishText { subject, summary, .. } = kind(&first, "/text-1") else {
        panic!("{first:?}")
    };
    assert_eq!((subject.as_deref(), summary.gist.as_str()), (Some("Итог"), "Раз"));
    let DutyKind::FinishText { subject, .. } = kind(&second, "/text-2") else {
        panic!("{second:?}")
    };
    assert_eq!(subject, None, "an empty subject replaces nothing");
}

/// What «Сохранить» does to the subject: the new one, and the one that we wrote before.
fn resubject(effects: &[Effect], what: &str) -> (Option<String>, Option<Subject>) {
    match kind(effects, what) {
        DutyKind::FinishText { subject, was, .. } => (subject, was),
        other => panic!("{other:?}"),
    }
}

#[test]
fn s15_the_subject_is_written_again_only_when_the_agent_changed_it() {
    let typed = |text: &str| Subject::Typed(text.into());
    let mut live = Bench::answered("a");
    live.act("a", create("Тема", "Раз"));
    assert_eq!(resubject(&live.act("a", create(" Тема ", "Два")), "/text-1").0, None);
    let changed = live.act("a", create("Другая", "Два"));
    assert_eq!(resubject(&changed, "/text-2"), (Some("Другая".into()), Some(typed("Тема"))));
    assert_eq!(resubject(&live.act("a", create("Другая", "Три")), "/text-3").0, None);
    let mut by_itself = Bench::answered("a");
    by_itself.end("a", Disposition::Answered);
    let changed = by_itself.act("a", create("Итог", ""));
    assert_eq!(resubject(&changed, "/text-1"), (Some("Итог".into()), Some(Subject::Incoming)));
}

#[test]
fn s05_creating_twice_corrects_the_first_case_instead_of_opening_another() {
    let mut bench = Bench::answered("a");
    bench.act("a", create("Тема", "Раз"));
    assert_eq!(lines(&bench.act("a", create("Тема", "Два"))), ["a/text-1 <- a/case"]);
}

#[test]
fn s27_a_call_noted_in_the_missed_case_has_no_text_of_its_own_to_correct() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.miss("n", CLIENT, &[7]);
    assert_eq!(refused(&bench.act("n", create("Тема", "Суть"))), Some(Refusal::HasCase));
}

#[test]
fn what_was_ordered_while_it_rang_waits_for_nobody_when_nobody_answered() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.done("m", "case", 40, false);
    for (name, action, expected, state) in [
        (
            "a",
            create("Тема", ""),
            vec!["a/status <- a/case", "a/recording <- a/case"],
            Some(CaseStatus::Open),
        ),
        (
            "b",
            attach(40, ""),
            vec!["b/status <- m/case m/status", "b/note <- m/case"],
            Some(CaseStatus::Open),
        ),
        ("c", attach(5, ""), vec!["c/note"], None),
    ] {
        bench.ring(name, CLIENT);
        bench.found(name, CLIENT, &[7]);
        bench.act(name, action);
        let effects = bench.end(name, Disposition::Missed);
        assert_eq!(lines(&effects), expected);
        assert_eq!(state, (effects.len() > 1).then(|| status(&effects)));
    }
    assert_eq!(bench.desk.notes().missed.len(), 1, "S27: it still waits for a conversation");
}

#[test]
fn an_action_for_a_call_that_is_no_more_is_refused() {
    let user = UserId(7);
    for action in [
        AgentAction::OpenCompose,
        type_in("a", "b"),
        create("a", "b"),
        attach(5, "b"),
        AgentAction::ChooseUser { user, remember: true },
        AgentAction::LinkUser { user },
    ] {
        assert_eq!(refused(&Bench::new().act("gone", action)), Some(Refusal::NoSuchCall));
    }
}

#[test]
fn typed_text_is_bounded_and_free_of_control_characters() {
    let mut bench = Bench::answered("a");
    bench.act("a", type_in("Те\u{0}ма\u{1b}", &"я\n".repeat(100_000)));
    let draft = &bench.call("a").handling.draft;
    assert_eq!((draft.subject.as_str(), draft.gist.chars().count()), ("Тема", 120_000));
}
