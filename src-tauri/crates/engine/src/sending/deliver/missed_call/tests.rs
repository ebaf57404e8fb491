//! Where a missed call goes, by what the user's missed-call cases look like.

use super::*;
use crate::sending::deliver::Ties;
use calls::{ConversationId, DutyKind, LegId, Moment};
use serde_json::json;
use std::collections::BTreeSet;

fn case(id: u64, status: &str, more: serde_json::Value) -> Case {
    let mut body = json!({"case_id": id, "case_number": format!("482-{id:06}"), "subject": "", "status": status, "user_id": 7});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(body).unwrap()
}

fn open(id: u64) -> Case {
    case(id, "open", json!({}))
}

/// A missed call, which the desk would note in this case.
fn job(into: Option<u64>) -> Job {
    Job {
        leg: LegId::new("1.5"),
        kind: DutyKind::LinkPhone {
            user: UserId(7),
            phone: calls::Number::read("79161234567", calls::Region::default()).key().unwrap(),
            mistaken: Vec::new(),
        },
        opened: None,
        merged_into: None,
        nobody: false,
        first_text: None,
        known_cases: into.into_iter().collect(),
        known_messages: BTreeSet::new(),
        given: Vec::new(),
        waiting: into.into_iter().collect(),
        withdrawn: false,
        opened_with: None,
        in_place: false,
        gone: false,
        attempted_before: false,
        uncertain: false,
        others_may_have_told: false,
        unwatched: false,
        passed_here: false,
        sibling: None,
        own_messages: BTreeSet::default(),
        superseded: false,
        ties: Ties::default(),
        conversation: None,
        first_tried: Moment(0),
        created: Moment(0),
        now: Moment(0),
    }
}

fn seen(found: &[Case], job: &Job, about: &[u64]) -> Seen {
    let joins = Joins {
        into: job.waiting.first().map(|id| CaseTarget::Existing(calls::CaseId(*id))),
        conversation: Some(ConversationId::new("1.4")),
        turn: 0,
        unseen: false,
    };
    look(found, job, &joins, |case| about.contains(&case.id.0))
}

#[test]
fn s25_the_first_missed_call_has_a_case_of_its_own() {
    assert_eq!(seen(&[], &job(None), &[]), Seen::Nothing);
    for status in ["waiting", "closed"] {
        let dealt_with = case(40, status, json!({}));
        assert_eq!(seen(&[dealt_with], &job(None), &[]), Seen::Nothing, "{status}");
    }
}

#[test]
fn s27_the_next_ones_are_noted_in_it_whichever_desk_opened_it() {
    assert_eq!(seen(&[open(40)], &job(Some(40)), &[]), Seen::Joins(CaseId(40)));
    assert_eq!(
        seen(&[open(41), open(40)], &job(Some(40)), &[]),
        Seen::Joins(CaseId(40)),
        "the remembered one first"
    );
    assert_eq!(
        seen(&[open(41), open(40)], &job(None), &[]),
        Seen::Joins(CaseId(41)),
        "else the latest"
    );
}

#[test]
fn s27_what_a_colleague_has_dealt_with_is_over() {
    for status in ["waiting", "closed"] {
        let over = case(40, status, json!({}));
        assert_eq!(seen(std::slice::from_ref(&over), &job(Some(40)), &[]), Seen::Nothing, "{status}");
        assert_eq!(seen(&[over, open(41)], &job(Some(40)), &[]), Seen::Joins(CaseId(41)), "{status}");
    }
    let ours = Job {
        given: vec![calls::CaseStatus::Waiting],
        ..job(Some(40))
    };
    let waiting = case(40, "waiting", json!({}));
    assert_eq!(
        seen(&[waiting], &ours, &[]),
        Seen::Joins(CaseId(40)),
        "a status of this desk's own says nothing new"
    );
}

#[test]
fn s27_a_case_of_this_desk_that_a_conversation_has_answered_is_not_joined_though_its_status_is_on_the_way() {
    let talked_since = Job {
        known_cases: [40].into(),
        ..job(None)
    };
    assert_eq!(seen(&[open(40)], &talked_since, &[]), Seen::Nothing);
}

#[test]
fn s27_a_call_that_is_told_already_is_not_told_again() {
    assert_eq!(seen(&[open(41), open(40)], &job(None), &[40]), Seen::Told(CaseId(40)));
    assert_eq!(
        seen(&[case(40, "closed", json!({}))], &job(None), &[40]),
        Seen::Told(CaseId(40)),
        "and dealt with"
    );
    let binned = case(40, "open", json!({"deleted": true}));
    assert_eq!(seen(&[binned], &job(None), &[40]), Seen::Nothing, "what was deleted tells nothing");
}

#[test]
fn s27_a_remembered_case_that_is_not_in_the_list_is_looked_for_where_it_is_now() {
    let merged = case(40, "closed", json!({"parent_case_id": 60}));
    assert_eq!(seen(std::slice::from_ref(&merged), &job(Some(40)), &[]), Seen::Perhaps(CaseId(40)));
    assert_eq!(seen(&[], &job(Some(40)), &[]), Seen::Perhaps(CaseId(40)));
    assert_eq!(
        seen(&[merged], &job(None), &[]),
        Seen::Nothing,
        "another desk's that was merged is nobody's"
    );
    let spam = case(40, "open", json!({"spam": true}));
    assert_eq!(seen(&[spam], &job(None), &[]), Seen::Nothing);
}
