//! Who calls, and the profile that opens by itself (SPEC A and D).

use crate::bench::{Bench, CLIENT, OTHER, create, key_of, leg, lines, offer, remote, type_in};
use calls::{AgentAction, CallEventKind, Caller, Direction, Disposition, Duty, DutyKind, Effect, Found, Input, NumberKind, Phase, UserId};

fn known(user: u64, chosen: bool) -> Caller {
    Caller::Known {
        user: UserId(user),
        chosen,
    }
}

fn profile(name: &str, user: u64) -> Vec<Effect> {
    vec![Effect::OpenProfile {
        leg: leg(name),
        user: UserId(user),
    }]
}

#[test]
fn s01_s10_whoever_calls_from_outside_is_looked_up_whatever_the_number_looks_like() {
    for (raw, kind, caller) in [
        ("89161234567", NumberKind::External, Caller::LookingUp),
        ("+7 (916) 123-45-67", NumberKind::External, Caller::LookingUp),
        ("101", NumberKind::Extension, Caller::LookingUp),
        ("112", NumberKind::Short, Caller::LookingUp),
        ("*72", NumberKind::Code, Caller::LookingUp),
        ("anonymous", NumberKind::Withheld, Caller::Withheld),
        ("", NumberKind::Withheld, Caller::Withheld),
        ("MTS-Bank", NumberKind::Nonsense, Caller::LookingUp),
        ("989161234567", NumberKind::Nonsense, Caller::LookingUp),
    ] {
        let mut bench = Bench::new();
        let effects = bench.ring("a", raw);
        let looked_up = |key| Effect::LookUp { leg: leg("a"), key };
        let expected: Vec<Effect> = match kind {
            NumberKind::External => vec![looked_up(key_of(CLIENT))],
            NumberKind::Extension | NumberKind::Short | NumberKind::Code | NumberKind::Nonsense => vec![looked_up(key_of(raw))],
            NumberKind::Withheld => Vec::new(),
        };
        let call = bench.call("a");
        assert_eq!(
            (effects, call.detail.number.kind(), &call.caller),
            (expected, kind, &caller),
            "{raw}"
        );
        assert_eq!(call.detail.phase, Phase::Ringing);
    }
}

#[test]
fn s01_a_number_its_caller_hid_is_not_looked_up_even_if_the_pbx_knows_it() {
    let mut bench = Bench::new();
    let mut hidden = offer(CLIENT, Direction::Inbound);
    if let CallEventKind::Offered { remote, .. } = &mut hidden {
        remote.hidden = true;
    }
    assert_eq!(bench.pbx("a", hidden), []);
    assert_eq!(bench.call("a").caller, Caller::Withheld);
}

#[test]
fn s01_a_colleague_is_not_looked_up() {
    for raw in [CLIENT, "101", "anna"] {
        let mut bench = Bench::new();
        assert_eq!(bench.pbx("a", offer(raw, Direction::Internal)), []);
        assert_eq!(bench.call("a").caller, Caller::NotLookedUp);
    }
}

#[test]
fn s10_what_the_pbx_names_a_caller_is_shown_straight_and_nobody_is_no_name() {
    for (name, shown) in [
        ("Иван\u{202e}вонаВИ\u{202c}\u{7}", Some("ИванвонаВИ")),
        ("8 (916) 123-45-67", None),
        ("<Unknown>", None),
        ("Неизвестный", None),
    ] {
        let mut bench = Bench::new();
        let mut offered = offer(CLIENT, Direction::Inbound);
        if let CallEventKind::Offered { remote, .. } = &mut offered {
            remote.name = Some(name.into());
        }
        bench.pbx("a", offered);
        assert_eq!(bench.call("a").detail.remote_name.as_deref(), shown, "{name}");
    }
}

#[test]
fn s01_s10_the_answer_says_who_calls() {
    for (users, caller) in [
        (vec![], Caller::Unknown),
        (vec![7], known(7, false)),
        (
            vec![7, 8],
            Caller::Several {
                users: vec![UserId(7), UserId(8)],
            },
        ),
    ] {
        let mut bench = Bench::new();
        bench.ring("a", CLIENT);
        assert_eq!(bench.found("a", CLIENT, &users), []);
        assert_eq!(bench.call("a").caller, caller);
    }
}

#[test]
fn s01_an_answer_for_another_number_or_call_is_ignored() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    assert_eq!(bench.found("a", OTHER, &[7]), []);
    assert_eq!(bench.found("b", CLIENT, &[7]), []);
    assert_eq!(bench.call("a").caller, Caller::LookingUp);
}

#[test]
fn s01_an_unreachable_help_desk_is_told_apart_from_nobody_and_forgets_no_answer() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    let nothing = || Input::Found {
        leg: leg("a"),
        key: key_of(CLIENT),
        found: Found::Nothing,
    };
    bench.feed(nothing());
    assert_eq!(bench.call("a").caller, Caller::Unavailable);
    bench.found("a", CLIENT, &[7]);
    bench.feed(nothing());
    assert_eq!(bench.call("a").caller, known(7, false), "an answer that came stays");
}

#[test]
fn s03_the_profile_opens_once_when_the_agent_answers() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    assert_eq!(bench.found("a", CLIENT, &[7]), [], "not while it rings");
    assert_eq!(bench.pbx("a", CallEventKind::Answered), profile("a", 7));
    assert_eq!(bench.pbx("a", CallEventKind::Answered), []);
    assert_eq!(bench.found("a", CLIENT, &[7]), []);
    assert_eq!(bench.pbx("a", CallEventKind::Held), []);
    assert_eq!(bench.pbx("a", CallEventKind::Resumed), []);
}

#[test]
fn s03_the_profile_opens_when_the_look_up_comes_after_the_answer() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    assert_eq!(bench.pbx("a", CallEventKind::Answered), []);
    assert_eq!(bench.found("a", CLIENT, &[7]), profile("a", 7));
    assert_eq!(bench.found("a", CLIENT, &[7]), []);
}

#[test]
fn s03_the_profile_opens_when_the_look_up_comes_during_a_hold() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    bench.pbx("a", CallEventKind::Answered);
    bench.pbx("a", CallEventKind::Held);
    assert_eq!(bench.found("a", CLIENT, &[7]), profile("a", 7));
}

#[test]
fn s03_no_profile_opens_for_a_colleague_nor_after_the_end() {
    let mut bench = Bench::new();
    bench.pbx("a", offer("102", Direction::Internal));
    bench.act(
        "a",
        AgentAction::ChooseUser {
            user: UserId(7),
            remember: false,
        },
    );
    assert_eq!(bench.pbx("a", CallEventKind::Answered), []);

    bench.ring("b", CLIENT);
    bench.pbx("b", CallEventKind::Answered);
    bench.end("b", Disposition::Answered);
    assert_eq!(bench.found("b", CLIENT, &[7]), []);
}

#[test]
fn s03_choosing_among_several_opens_the_profile_of_the_chosen() {
    let mut bench = Bench::new();
    bench.answer("a", CLIENT, &[7, 8]);
    let choice = AgentAction::ChooseUser {
        user: UserId(8),
        remember: false,
    };
    assert_eq!(bench.act("a", choice), profile("a", 8));
    bench.found("a", CLIENT, &[7]);
    assert_eq!(bench.call("a").caller, known(8, true), "no later look-up changes a choice");
}

#[test]
fn a_remembered_choice_decides_the_next_call_and_an_unremembered_one_does_not() {
    for remember in [true, false] {
        let mut bench = Bench::new();
        bench.answer("a", CLIENT, &[7, 8]);
        let user = UserId(8);
        bench.act("a", AgentAction::ChooseUser { user, remember });
        bench.end("a", Disposition::Answered);
        bench.answer("b", CLIENT, &[7, 8]);
        assert_eq!(bench.call("b").user(), remember.then_some(user));
    }
}

#[test]
fn a_remembered_choice_is_void_when_the_user_has_the_number_no_more() {
    let mut bench = Bench::new();
    bench.answer("a", CLIENT, &[7, 8]);
    let (user, remember) = (UserId(8), true);
    bench.act("a", AgentAction::ChooseUser { user, remember });
    bench.answer("b", CLIENT, &[7, 9]);
    assert_eq!(bench.call("b").user(), None);
    bench.answer("c", CLIENT, &[7]);
    assert_eq!(bench.call("c").user(), Some(UserId(7)), "one user is no doubt");
}

#[test]
fn of_remembered_choices_the_oldest_goes_first_whatever_its_number_and_also_after_a_restart() {
    let mut bench = Bench::new();
    // The oldest choice has the highest number.
    let number = |n: u32| format!("+7916{:07}", 2_000 - n);
    let choose = |bench: &mut Bench, n: u32, user: u64| {
        bench.ring(&format!("{n}-{user}"), &number(n));
        let (user, remember) = (UserId(user), true);
        bench.act(&format!("{n}-{}", user.0), AgentAction::ChooseUser { user, remember });
    };
    (0..1_000).for_each(|n| choose(&mut bench, n, 7));
    // Who is chosen again is new again.
    choose(&mut bench, 0, 8);
    let stored = serde_json::to_string(bench.desk.notes()).unwrap();
    let notes: calls::Notes = serde_json::from_str(&stored).unwrap();
    assert_eq!(notes, *bench.desk.notes());
    bench.desk = calls::Desk::restore(calls::Policy::default(), Vec::new(), notes);
    (1_000..1_010).for_each(|n| choose(&mut bench, n, 7));
    let remembered = &bench.desk.notes().remembered;
    assert_eq!(remembered.len(), 1_000);
    let kept = |n: u32| remembered.get(&key_of(&number(n)));
    assert_eq!((kept(0), kept(1_009)), (Some(UserId(8)), Some(UserId(7))));
    assert_eq!(
        ((1..=10).find_map(kept), kept(11)),
        (None, Some(UserId(7))),
        "the ten oldest are gone"
    );
}

#[test]
fn choices_and_colleagues_that_the_version_before_has_stored_are_known() {
    let stored = r#"{"missed": [], "remembered": {"+79161234567": 7, "+79160000001": 8}, "colleagues": ["102", "101"]}"#;
    let notes: calls::Notes = serde_json::from_str(stored).unwrap();
    assert_eq!(notes.remembered.get(&key_of(CLIENT)), Some(UserId(7)));
    assert_eq!((notes.remembered.len(), notes.colleagues.len()), (2, 2));
    let again = serde_json::to_value(&notes).unwrap();
    assert_eq!(again["remembered"]["+79160000001"], 8, "and the version before can read it");
}

#[test]
fn s13_linking_owes_the_link_opens_the_profile_and_survives_the_look_up() {
    let mut bench = Bench::new();
    bench.answer("a", CLIENT, &[]);
    let effects = bench.act("a", AgentAction::LinkUser { user: UserId(7) });
    assert_eq!(lines(&effects), ["a/link-7-1"]);
    assert_eq!(effects[1..], profile("a", 7));
    bench.found("a", CLIENT, &[]);
    assert_eq!(bench.call("a").caller, known(7, true));
}

#[test]
fn s13_linking_another_user_on_second_thought_is_owed_too() {
    let mut bench = Bench::new();
    bench.answer("a", CLIENT, &[]);
    bench.act("a", AgentAction::LinkUser { user: UserId(7) });
    let second = bench.act("a", AgentAction::LinkUser { user: UserId(8) });
    assert_eq!(lines(&second), ["a/link-8-2"]);
    let again = bench.act("a", AgentAction::LinkUser { user: UserId(8) });
    assert_eq!(lines(&again), ["a/link-8-3"], "the second try after a refusal");
    let effects = bench.act("a", create("Тема", ""));
    assert_eq!(lines(&effects), ["a/case <- a/link-8-3"], "the latest counts");
}

#[test]
fn s13_whoever_is_chosen_after_a_link_has_the_number_instead() {
    let mut bench = Bench::new();
    bench.answer("a", CLIENT, &[]);
    bench.act("a", AgentAction::LinkUser { user: UserId(7) });
    let choose = |user: u64| AgentAction::ChooseUser {
        user: UserId(user),
        remember: false,
    };
    assert_eq!(bench.act("a", choose(7)), [], "as it is");
    assert_eq!(lines(&bench.act("a", choose(8))), ["a/link-8-2"]);
    assert_eq!(lines(&bench.act("a", create("Тема", ""))), ["a/case <- a/link-8-2"]);
}

#[test]
fn s13_each_correction_of_a_link_names_everybody_who_was_given_the_number_before() {
    let mut bench = Bench::new();
    bench.answer("a", CLIENT, &[]);
    let mut mistaken = |user: u64| {
        let effects = bench.act("a", AgentAction::LinkUser { user: UserId(user) });
        let of_link = |effect: &Effect| match effect {
            Effect::Owe(Duty {
                kind: DutyKind::LinkPhone { mistaken, .. },
                ..
            }) => Some(mistaken.iter().map(|user| user.0).collect::<Vec<_>>()),
            _ => None,
        };
        effects.iter().find_map(of_link).unwrap()
    };
    assert_eq!(mistaken(7), [0; 0]);
    assert_eq!(mistaken(8), [7]);
    assert_eq!(mistaken(9), [7, 8]);
    assert_eq!(mistaken(7), [8, 9], "back to the first one");
    assert_eq!(mistaken(7), [8, 9], "the second try after a refusal");
}

#[test]
fn a_call_whose_other_side_changes_is_looked_up_anew() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    bench.found("a", CLIENT, &[7]);
    bench.act("a", type_in("Тема", ""));
    let changed = || CallEventKind::PartyChanged {
        remote: remote(OTHER),
        direction: Direction::Inbound,
        from: None,
    };
    let asks = Effect::LookUp {
        leg: leg("a"),
        key: key_of(OTHER),
    };
    assert_eq!(bench.pbx("a", changed()), [asks]);
    assert_eq!(bench.pbx("a", changed()), [], "told twice, asked once");
    assert_eq!(bench.found("a", CLIENT, &[7]), [], "the answer for the number before is stale");
    assert_eq!(bench.call("a").caller, Caller::LookingUp);
    assert_eq!(bench.call("a").handling.draft.subject, "Тема", "what was typed stays");
}
