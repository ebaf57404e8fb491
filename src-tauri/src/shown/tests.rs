use super::*;
use engine::view::{
    CaseRow, CaseStatusView, ClosedMissed, ClosedMissedState, DispositionView, HandsetView, MatchView, NumberView, OutcomeView, PlaceView,
    RecordingView,
};

pub fn call(id: &str, kind: NumberKindView) -> CallView {
    let user = UserView {
        id: "501".into(),
        name: "Иванов Иван".into(),
        email: None,
        phones: Vec::new(),
        company: None,
        position: None,
        note: Some("Просит не звонить утром".into()),
        blocked: false,
        fields: Vec::new(),
        linked_unread: false,
    };
    CallView {
        id: id.into(),
        direction: DirectionView::Inbound,
        phase: PhaseView::Ringing,
        disposition: None,
        number: NumberView {
            kind,
            pretty: String::new(),
            e164: Some(format!("+7900{id}")),
            dial: Some(format!("+7900{id}")),
            extension: None,
        },
        pbx_name: None,
        line: None,
        offered_at: 0.0,
        answered_at: None,
        ended_at: None,
        caller: CallerView::Known {
            user,
            matched: MatchView::Exact,
            stale_since: None,
            last_case: Some(CaseRow {
                id: "77".into(),
                number: "482-113907".into(),
                subject: "Договор".into(),
                status: CaseStatusView::Open,
                handset: HandsetView::None,
                staff: None,
                updated_at: None,
                is_call: false,
                claim: None,
            }),
        },
        facts: None,
        case: CallCaseView::Sending {
            subject: "Счёт".into()
        },
        draft: DraftView {
            gist: "Не пришёл счёт".into(),
            ..DraftView::default()
        },
        recording: RecordingView::None,
        transferred_to: None,
        transferred_from: None,
        talked_later: None,
        waiting: None,
        outcome: None,
        unseen: None,
        among: None,
        talk_at_least: false,
        ordered: false,
        called_from: Some("482".into()),
        trouble: None,
        case_gone: false,
        rings_also_at: Vec::new(),
        elsewhere: false,
        labels: Vec::new(),
        claim: None,
    }
}

fn desk(popup: &[&str]) -> DeskView {
    DeskView {
        calls: vec![call("a", NumberKindView::External), call("b", NumberKindView::Extension)],
        popup: popup.iter().map(|id| (*id).to_owned()).collect(),
        sample: Some(call("sample", NumberKindView::External)),
        outbox: vec![OutboxRow {
            id: "1".into(),
            call: "a".into(),
            what: "case".into(),
            state: OutboxStateView::Queued,
            attempts: 0,
            retry_at: None,
            trouble: None,
            code: None,
            recording: None,
            can_give_up: false,
            created_at: 0.0,
        }],
        ..DeskView::default()
    }
}

fn ids(view: &DeskView) -> Vec<&str> {
    view.calls.iter().map(|call| call.id.as_str()).collect()
}

#[test]
fn the_popup_is_told_of_its_own_calls_only() {
    let told = for_popup(&desk(&["b"]));
    assert_eq!((ids(&told), told.popup.as_slice()), (vec!["b"], &["b".to_owned()][..]));
    assert_eq!((told.outbox, told.sample), (Vec::new(), None));
}

#[test]
fn s02_the_made_up_call_is_the_popups_while_it_has_no_other() {
    let told = for_popup(&desk(&[]));
    assert_eq!((ids(&told), told.popup.as_slice()), (vec!["sample"], &["sample".to_owned()][..]));
}

#[test]
fn who_is_found_for_the_dial_window_comes_without_what_is_noted_of_them() {
    let CallerView::Known { user, .. } = call("a", NumberKindView::External).caller else {
        panic!("known")
    };
    let found = person_only(&FoundUser {
        user,
        matched: vec![PlaceView {
            field: "note".into(),
            text: "Просит не звонить утром".into(),
            ranges: vec![[0, 6]],
        }],
        dial: Vec::new(),
    });
    assert_eq!(found.user.name, "Иванов Иван");
    assert_eq!((found.user.note, found.matched), (None, Vec::new()));
}

#[test]
fn the_dial_window_is_told_who_was_talked_to_and_not_about_what() {
    let told = for_dial(&desk(&["a"]));
    assert_eq!(ids(&told), ["a"]);
    let text = serde_json::to_string(&told).unwrap();
    assert!(text.contains("Иванов Иван"), "{text}");
    for kept in [
        "Счёт",
        "Не пришёл счёт",
        "Договор",
        "Просит не звонить",
        "482",
        "sample\":{",
        "queued",
    ] {
        assert!(!text.contains(kept), "{kept} in {text}");
    }
}

/// A call that is over, in a case of its own, with a text as long as people write.
fn over(number: usize) -> CallView {
    CallView {
        phase: PhaseView::Ended,
        disposition: Some(DispositionView::Answered),
        offered_at: 1e12 - number as f64 * 1e5,
        case: CallCaseView::Linked {
            case_id: format!("case-{number}"),
            number: format!("482-{number}"),
            subject: "Не пришёл счёт за октябрь".into(),
            attached: false,
        },
        draft: DraftView {
            gist: "Просит выслать счёт ещё раз и перезвонить. ".repeat(8),
            ..DraftView::default()
        },
        called_from: None,
        ..call(&number.to_string(), NumberKindView::External)
    }
}

fn row(call: &str, what: &str, state: OutboxStateView) -> OutboxRow {
    OutboxRow {
        call: call.into(),
        what: what.into(),
        state,
        ..desk(&[]).outbox.remove(0)
    }
}

/// A day with so many calls, all of it delivered; the phone rings.
fn day(calls: usize) -> DeskView {
    let ringing = CallView {
        called_from: None,
        ..call("now", NumberKindView::External)
    };
    let sent = |number: usize| ["case", "status", "recording"].map(|what| row(&number.to_string(), what, OutboxStateView::Done));
    DeskView {
        calls: std::iter::once(ringing).chain((0..calls).map(over)).collect(),
        popup: vec!["now".into()],
        outbox: (0..calls).flat_map(sent).collect(),
        now: 1e13,
        ..DeskView::default()
    }
}

fn bytes(view: &DeskView) -> usize {
    serde_json::to_string(view).unwrap().len()
}

#[test]
fn what_windows_are_told_is_small_and_does_not_grow_with_the_calls_that_are_over() {
    let (short, long) = (day(20), day(200));
    assert!(bytes(&long) > 200_000, "{}: else nothing is shown here", bytes(&long));
    let list = Shows {
        listed: 50,
        ..Shows::default()
    };
    let told = [
        ("popup", for_popup(&short), for_popup(&long), 4_000),
        ("dial window", for_dial(&short), for_dial(&long), 12_000),
        (
            "workspace",
            for_workspace(&short, &Shows::default()),
            for_workspace(&long, &Shows::default()),
            24_000,
        ),
        (
            "a page of the list",
            for_workspace(&long, &list),
            for_workspace(&long, &list),
            90_000,
        ),
    ];
    for (window, short, long, most) in told {
        assert_eq!(bytes(&short), bytes(&long), "{window}");
        assert!(bytes(&long) < most, "{window}: {} bytes", bytes(&long));
    }
}

#[test]
fn a_page_has_the_calls_that_it_shows_however_old_they_are() {
    let mut view = day(200);
    view.calls[100].called_from = Some("case-150".into());
    view.calls[120].outcome = Some(OutcomeView {
        status: None,
        rule: String::new(),
        reason: String::new(),
        closed_missed: vec![ClosedMissed {
            case_id: "case-150".into(),
            number: None,
            state: ClosedMissedState::Closed,
        }],
        undo: None,
        undone: false,
        overruled: false,
    });
    let old = |shows: Shows| -> Vec<String> {
        let told = for_workspace(&view, &shows);
        told.calls.into_iter().skip(LAST).map(|call| call.id).collect()
    };
    let case = Some("case-150".to_owned());
    assert_eq!(old(Shows::default()), [""; 0]);
    assert_eq!(old(Shows { case, ..Shows::default() }), ["99", "119", "150"]);
    let call = Some("180".to_owned());
    assert_eq!(old(Shows { call, ..Shows::default() }), ["180"]);
    let user = Some("501".to_owned());
    assert_eq!(old(Shows { user, ..Shows::default() }).len(), 201 - LAST);
    assert_eq!(
        old(Shows {
            listed: 40,
            ..Shows::default()
        })
        .len(),
        40 - LAST
    );
    let all = for_workspace(
        &view,
        &Shows {
            outbox: true,
            ..Shows::default()
        },
    );
    assert_eq!((all.outbox.len(), all.calls.len()), (600, 201));
}

#[test]
fn a_call_that_is_on_comes_with_the_calls_of_the_case_it_was_dialled_from() {
    let mut view = day(200);
    view.calls[0].called_from = Some("case-150".into());
    let told = for_workspace(&view, &Shows::default());
    assert_eq!(told.calls.last().map(|call| call.id.as_str()), Some("150"));
}

#[test]
fn what_is_owed_is_always_told_and_what_was_sent_only_where_a_page_tells_of_it() {
    let mut view = day(1);
    view.outbox.push(row("0", "message", OutboxStateView::Wedged));
    let edit = |created_at| OutboxRow {
        created_at,
        ..row("0", "edit", OutboxStateView::Done)
    };
    view.outbox.extend([edit(1e13 - 5_000.0), edit(1e12)]);
    let told = for_workspace(&view, &Shows::default()).outbox;
    assert_eq!(told.iter().map(|row| row.what.as_str()).collect::<Vec<_>>(), ["message", "edit"]);
}

#[test]
fn the_dial_window_offers_the_last_numbers_each_with_the_call_before() {
    let mut view = day(30);
    let number = view.calls[1].number.clone();
    for call in &mut view.calls[1..=10] {
        call.number = number.clone();
    }
    assert_eq!(ids(&for_dial(&view)), ["0", "1", "10", "11", "12", "13", "14"]);
}
