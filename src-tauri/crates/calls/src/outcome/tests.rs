use super::*;

const TALKED: Facts = Facts {
    side: Side::Client,
    reach: Reach::Talked,
    did: Did::Nothing,
    transferred: false,
    has_owner: true,
    open_missed: false,
    into_missed: false,
    from_case: false,
    unanswered_outgoing_cases: true,
};
const MISSED: Facts = Facts {
    reach: Reach::NotReached,
    ..TALKED
};
const CALLED: Facts = Facts {
    side: Side::Agent,
    ..TALKED
};

fn check(facts: Facts, act: Act, status: Option<CaseStatus>, rule: &str) {
    let outcome = decide(&facts);
    assert_eq!(
        (outcome.act, outcome.status, outcome.rule.as_str()),
        (act, status, rule),
        "{facts:?}"
    );
}

#[test]
fn s07_abandoned_empty_compose_page_opens_a_case() {
    check(
        Facts {
            did: Did::OpenedCompose,
            ..TALKED
        },
        Act::OpenCase,
        Some(CaseStatus::Open),
        "S07",
    );
}

#[test]
fn s15_an_answered_call_without_a_case_gets_one_that_waits() {
    check(TALKED, Act::OpenCase, Some(CaseStatus::Waiting), "S15");
    check(Facts { did: Did::Typed, ..TALKED }, Act::OpenCase, Some(CaseStatus::Waiting), "S15");
}

#[test]
fn s17_a_call_passed_on_untouched_is_closed() {
    check(
        Facts {
            transferred: true,
            ..TALKED
        },
        Act::OpenCase,
        Some(CaseStatus::Closed),
        "S17",
    );
    check(
        Facts {
            transferred: true,
            did: Did::Typed,
            ..TALKED
        },
        Act::OpenCase,
        Some(CaseStatus::Waiting),
        "S15",
    );
}

#[test]
fn s22_and_s32_an_unanswered_call_back_is_noted_and_the_missed_case_stays_open() {
    let attempt = Facts {
        reach: Reach::NotReached,
        ..CALLED
    };
    check(
        Facts {
            did: Did::Attached,
            ..attempt
        },
        Act::NoteInCase,
        None,
        "S22",
    );
    check(
        Facts {
            did: Did::Attached,
            open_missed: true,
            into_missed: true,
            ..attempt
        },
        Act::NoteInCase,
        Some(CaseStatus::Open),
        "S32",
    );
    check(
        Facts {
            open_missed: true,
            ..attempt
        },
        Act::NoteInMissed,
        Some(CaseStatus::Open),
        "S32",
    );
    check(attempt, Act::OpenCase, Some(CaseStatus::Closed), "S34");
    check(
        Facts {
            unanswered_outgoing_cases: false,
            ..attempt
        },
        Act::NoCase,
        None,
        "S34",
    );
}

#[test]
fn s25_s27_s31_a_missed_call_opens_a_case_or_joins_the_open_one() {
    check(MISSED, Act::OpenCase, Some(CaseStatus::Open), "S31");
    check(
        Facts {
            open_missed: true,
            ..MISSED
        },
        Act::NoteInMissed,
        Some(CaseStatus::Open),
        "S27",
    );
    check(
        Facts {
            reach: Reach::Colleague,
            ..MISSED
        },
        Act::NoCase,
        None,
        "S25",
    );
}

#[test]
fn s30_an_answered_call_with_a_case_waits() {
    check(
        Facts {
            did: Did::Created,
            ..TALKED
        },
        Act::FinishCase,
        Some(CaseStatus::Waiting),
        "S30",
    );
    check(
        Facts {
            did: Did::Attached,
            ..TALKED
        },
        Act::NoteInCase,
        Some(CaseStatus::Waiting),
        "S30",
    );
}

#[test]
fn s33_the_missed_case_is_closed_by_a_case_of_its_own_and_waits_when_attached() {
    for (facts, rule, closes) in [
        (
            Facts {
                did: Did::Created,
                open_missed: true,
                ..TALKED
            },
            "S33a",
            true,
        ),
        (
            Facts {
                did: Did::Attached,
                open_missed: true,
                into_missed: true,
                ..TALKED
            },
            "S33b",
            false,
        ),
        (
            Facts {
                did: Did::Created,
                open_missed: true,
                ..CALLED
            },
            "S33d",
            true,
        ),
        (
            Facts {
                did: Did::Attached,
                open_missed: true,
                into_missed: true,
                ..CALLED
            },
            "S33e",
            false,
        ),
    ] {
        let outcome = decide(&facts);
        assert_eq!(
            (outcome.status, outcome.rule.as_str(), outcome.closes_missed),
            (Some(CaseStatus::Waiting), rule, closes)
        );
    }
}

#[test]
fn s34_a_softphone_call_left_untouched_is_closed_and_the_agent_responsible() {
    let outcome = decide(&CALLED);
    assert_eq!(
        (outcome.status, outcome.rule.as_str(), outcome.responsible),
        (Some(CaseStatus::Closed), "S34", true)
    );
}

#[test]
fn s14_no_case_appears_by_itself_for_a_hidden_number() {
    for facts in [TALKED, MISSED, CALLED] {
        check(Facts { has_owner: false, ..facts }, Act::NoCase, None, "S14");
    }
}

/// Everything a decision can depend on.
fn every_combination() -> impl Iterator<Item = Facts> {
    let sides = [Side::Client, Side::Agent, Side::Colleague];
    let reaches = [
        Reach::Talked,
        Reach::NotReached,
        Reach::Colleague,
        Reach::AgentAbsent,
        Reach::NotPlaced,
        Reach::Unknown,
    ];
    let dids = [Did::Nothing, Did::OpenedCompose, Did::Typed, Did::Created, Did::Attached];
    sides.into_iter().flat_map(move |side| {
        reaches.into_iter().flat_map(move |reach| {
            dids.into_iter().flat_map(move |did| {
                (0..64).map(move |bits| Facts {
                    side,
                    reach,
                    did,
                    transferred: bits & 1 > 0,
                    has_owner: bits & 2 > 0,
                    open_missed: bits & 4 > 0,
                    into_missed: bits & 8 > 0,
                    from_case: bits & 16 > 0,
                    unanswered_outgoing_cases: bits & 32 > 0,
                })
            })
        })
    })
}

#[test]
fn every_combination_is_decided_and_its_rule_survives_storage() {
    for facts in every_combination() {
        let fitting = OUTCOMES.iter().filter(|row| row.fits(&facts)).count();
        assert!(fitting > 0, "no row for {facts:?}");
        let outcome = decide(&facts);
        assert!(!(outcome.act == Act::NoCase && outcome.status.is_some()), "{facts:?}");
        let stored = serde_json::to_string(&outcome).unwrap();
        assert_eq!(serde_json::from_str::<Outcome>(&stored).unwrap(), outcome);
    }
}

#[test]
fn s14_where_nobody_can_be_written_for_no_case_appears_by_itself() {
    let nobody = |facts: &Facts| !facts.has_owner && !matches!(facts.did, Did::Created | Did::Attached);
    for facts in every_combination().filter(nobody) {
        assert_eq!(decide(&facts).act, Act::NoCase, "{facts:?}");
    }
}

#[test]
fn every_row_decides_something() {
    for (number, row) in OUTCOMES.iter().enumerate() {
        let first = |facts: &Facts| OUTCOMES.iter().position(|row| row.fits(facts)) == Some(number);
        assert!(
            every_combination().any(|facts| first(&facts)),
            "row {number} never decides: {row:?}"
        );
    }
}

#[test]
fn s33c_a_call_from_the_missed_case_that_the_client_answers_makes_it_wait() {
    let from_missed = Facts {
        did: Did::Attached,
        open_missed: true,
        into_missed: true,
        from_case: true,
        ..CALLED
    };
    check(from_missed, Act::NoteInCase, Some(CaseStatus::Waiting), "S33c");
    check(
        Facts {
            into_missed: false,
            ..from_missed
        },
        Act::NoteInCase,
        Some(CaseStatus::Waiting),
        "S21",
    );
}

#[test]
fn s33a_a_conversation_noted_in_another_case_closes_the_missed_one() {
    let elsewhere = Facts {
        did: Did::Attached,
        open_missed: true,
        ..TALKED
    };
    assert!(decide(&elsewhere).closes_missed);
    assert!(
        !decide(&Facts {
            into_missed: true,
            ..elsewhere
        })
        .closes_missed
    );
    assert!(
        !decide(&Facts {
            reach: Reach::NotReached,
            ..elsewhere
        })
        .closes_missed,
        "no conversation took place"
    );
}

#[test]
fn s18_a_call_that_was_never_placed_or_not_picked_up_by_the_agent_leaves_nothing() {
    for reach in [Reach::AgentAbsent, Reach::NotPlaced] {
        check(
            Facts {
                reach,
                did: Did::Attached,
                from_case: true,
                ..CALLED
            },
            Act::NoCase,
            None,
            "S18",
        );
    }
}
