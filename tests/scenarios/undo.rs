//! What was decided by itself can be undone in one click.
//!
//! That a late status overrules nobody's later decision is shown where time is a number: `deliver/status/tests.rs`.

use crate::desk::{Desk, IVANOV, STRANGER};
use calls::{AgentAction, UserId};
use engine::view::{CallView, CallerView, CaseStatusView, ClosedMissed, ClosedMissedState, OutcomeView, TroubleView};
use sandbox::omnidesk::{ByHand, CaseDump};

fn outcome(call: &CallView) -> &OutcomeView {
    call.outcome.as_ref().unwrap()
}

/// Undoes and waits for what follows. Returns the call as it is then.
async fn undone(desk: &Desk, id: &str) -> CallView {
    desk.engine.undo(id).await.unwrap();
    desk.settled().await;
    desk.call_until(id, "the mark", |call| call.outcome.as_ref().is_some_and(|outcome| outcome.undone))
        .await
}

fn status(desk: &Desk, case: u64) -> String {
    desk.sandbox.omnidesk().case(&case.to_string()).unwrap().status
}

#[tokio::test]
async fn s30_waiting_becomes_open_again_and_that_is_all() {
    let desk = Desk::open().await;
    let ended = desk.talk(IVANOV).await;
    assert_eq!(
        (outcome(&ended).status, outcome(&ended).undo),
        (Some(CaseStatusView::Waiting), Some(CaseStatusView::Open))
    );
    let before = desk.only_case();
    let after = undone(&desk, &ended.id).await;
    assert_eq!((outcome(&after).status, outcome(&after).undo), (Some(CaseStatusView::Open), None));
    let case = desk.only_case();
    assert_eq!(case.status, "open");
    assert_eq!(
        (case.messages, case.staff_id, case.labels),
        (before.messages, before.staff_id, before.labels)
    );
    let again = desk.engine.undo(&ended.id).await.unwrap_err();
    assert_eq!(
        (again.trouble, again.about.as_deref()),
        (TroubleView::Refused, Some("nothingToUndo"))
    );
}

#[tokio::test]
async fn s34_a_case_closed_because_nothing_was_opened_is_open_again() {
    let desk = Desk::open().await;
    let (call, dialing) = desk.call_out(STRANGER).await;
    desk.known(&dialing.id).await;
    desk.answer(&call, &dialing.id).await;
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.status.as_str(), case.staff_email.as_str()),
        ("closed", "anna@support.example")
    );
    let ended = desk.call_until(&dialing.id, "the outcome", |call| call.outcome.is_some()).await;
    assert_eq!(
        (outcome(&ended).rule.as_str(), outcome(&ended).undo),
        ("S34", Some(CaseStatusView::Open))
    );
    undone(&desk, &dialing.id).await;
    assert_eq!(desk.only_case().status, "open");
}

#[tokio::test]
async fn s33a_a_missed_case_that_a_conversation_closed_is_open_again() {
    let desk = Desk::open().await;
    let missed = desk.missed(IVANOV).await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let create = AgentAction::CreateCase {
        subject: "Тема".into(),
        gist: "Суть".into(),
    };
    desk.act(&ringing.id, create).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(status(&desk, missed.case_id), "closed");
    let ended = desk.call_until(&ringing.id, "the outcome", |call| call.outcome.is_some()).await;
    let closed = |state| {
        [ClosedMissed {
            case_id: missed.case_id.to_string(),
            number: Some(missed.case_number.clone()),
            state,
        }]
    };
    assert_eq!(outcome(&ended).rule, "S33a");
    assert_eq!(outcome(&ended).closed_missed, closed(ClosedMissedState::Closed));
    let after = undone(&desk, &ringing.id).await;
    assert_eq!(status(&desk, missed.case_id), "open");
    assert_eq!(desk.case_of(&ringing.id).await.status, "open");
    assert_eq!(outcome(&after).closed_missed, closed(ClosedMissedState::Reopened));
}

/// Undone after a colleague has dealt with some of the cases. Returns the call as it is then.
async fn undone_late(desk: &Desk, id: &str, dealt_with: &[u64]) -> CallView {
    for case in dealt_with {
        for decided in ["open", "waiting"] {
            desk.by_hand(&ByHand::SetStatus {
                case: case.to_string(),
                status: decided.into(),
                staff_email: "boris@support.example".into(),
            });
        }
    }
    desk.engine.undo(id).await.unwrap();
    desk.settled().await;
    desk.call_until(id, "the call", |_| true).await
}

#[tokio::test]
async fn s30_what_a_colleague_decided_meanwhile_stays_and_the_agent_is_told() {
    let mut desk = Desk::open().await;
    let ended = desk.talk(IVANOV).await;
    let case = desk.only_case();
    let after = undone_late(&desk, &ended.id, &[case.case_id]).await;
    let said = |call: &CallView| {
        let outcome = outcome(call);
        (outcome.overruled, outcome.undone, outcome.status, outcome.undo)
    };
    assert_eq!(said(&after), (true, false, None, None));
    assert_eq!(desk.only_case().status, "waiting", "the colleague's");
    desk.restart().await;
    let kept = desk.call_until(&ended.id, "the call", |_| true).await;
    assert_eq!(said(&kept), (true, false, None, None));
}

#[tokio::test]
async fn s33a_each_missed_case_of_a_conversation_is_shown_and_what_undoing_did_to_it() {
    let desk = Desk::open().await;
    let missed = [desk.missed(IVANOV).await, desk.missed(STRANGER).await];
    let ivanov = desk.view().calls.into_iter().find_map(|call| match call.caller {
        CallerView::Known { user, .. } if user.name.starts_with("Иванов") => user.id.parse().ok(),
        _ => None,
    });
    // The same client calls from another telephone.
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let (user, remember) = (UserId(ivanov.unwrap()), false);
    desk.act(&ringing.id, AgentAction::ChooseUser { user, remember }).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let shown = |call: &CallView| {
        let mut closed = outcome(call).closed_missed.clone();
        closed.sort_by_key(|case| case.case_id.parse::<u64>().unwrap());
        closed
    };
    let expected = |states: [ClosedMissedState; 2]| {
        let mut closed = missed.iter().zip(states).collect::<Vec<_>>();
        closed.sort_by_key(|(case, _)| case.case_id);
        let one = |(case, state): (&CaseDump, ClosedMissedState)| ClosedMissed {
            case_id: case.case_id.to_string(),
            number: Some(case.case_number.clone()),
            state,
        };
        closed.into_iter().map(one).collect::<Vec<_>>()
    };
    let ended = desk.call_until(&ringing.id, "the outcome", |call| call.outcome.is_some()).await;
    assert_eq!(shown(&ended), expected([ClosedMissedState::Closed; 2]));
    let after = undone_late(&desk, &ringing.id, &[missed[1].case_id]).await;
    assert!(outcome(&after).undone, "the conversation's own case");
    assert_eq!(shown(&after), expected([ClosedMissedState::Reopened, ClosedMissedState::Overruled]));
    assert_eq!(missed.each_ref().map(|case| status(&desk, case.case_id)), ["open", "waiting"]);
}

#[tokio::test]
async fn s09_an_earlier_case_gets_back_the_status_it_had_when_it_was_chosen() {
    let desk = Desk::open().await;
    let earlier = desk.earlier_case();
    let close = ByHand::SetStatus {
        case: earlier.case_number.clone(),
        status: "closed".into(),
        staff_email: "boris@support.example".into(),
    };
    desk.by_hand(&close);
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.engine
        .attach(&ringing.id, &earlier.case_id.to_string(), "Ещё раз о том же".into())
        .await
        .unwrap();
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(status(&desk, earlier.case_id), "waiting");
    undone(&desk, &ringing.id).await;
    assert_eq!(status(&desk, earlier.case_id), "closed");
    let last = desk.sandbox.omnidesk().case(&earlier.case_number).unwrap().messages.pop().unwrap();
    assert!(last.content.starts_with("Ещё раз о том же"), "the note stays");
}

#[tokio::test]
async fn s31_an_open_missed_case_has_nothing_to_undo() {
    let desk = Desk::open().await;
    let missed = desk.missed(IVANOV).await;
    let call = desk.view().calls[0].clone();
    assert_eq!(outcome(&call).undo, None);
    let refused = desk.engine.undo(&call.id).await.unwrap_err();
    assert_eq!(refused.about.as_deref(), Some("nothingToUndo"));
    assert_eq!(status(&desk, missed.case_id), "open");
}

#[tokio::test]
async fn s34_what_is_undone_before_it_was_delivered_ends_as_undone() {
    let mut desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    use sandbox::omnidesk::{Fault, FaultRule};
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Reset).on("PUT", "/api/*").times(0));
    desk.hang_up(&call, &ringing.id).await;
    desk.case_of(&ringing.id).await;
    desk.engine.undo(&ringing.id).await.unwrap();
    desk.restart_unconnected().await;
    let kept = desk.call_until(&ringing.id, "the call", |_| true).await;
    assert!(outcome(&kept).undone, "a restart forgets no decision");
    desk.sandbox.omnidesk().clear_faults();
    desk.connected().await;
    desk.settled().await;
    assert_eq!(desk.only_case().status, "open", "the last word counts, in order");
}

/// What a later call decided about the same case is not taken back by undoing an earlier one.
#[tokio::test]
async fn a_decision_that_a_later_call_has_replaced_is_not_offered_for_undoing() {
    let desk = Desk::open().await;
    let (call, dialing) = desk.call_out(IVANOV).await;
    desk.known(&dialing.id).await;
    desk.answer(&call, &dialing.id).await;
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    let case = desk.case_of(&dialing.id).await;
    assert_eq!(case.status, "closed");
    let first = desk.call_until(&dialing.id, "the outcome", |call| call.outcome.is_some()).await;
    assert_eq!(outcome(&first).undo, Some(CaseStatusView::Open));

    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.engine
        .attach(&ringing.id, &case.case_id.to_string(), "Ещё раз".into())
        .await
        .unwrap();
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(status(&desk, case.case_id), "waiting");
    let later = desk.call_until(&ringing.id, "the outcome", |call| call.outcome.is_some()).await;
    let first = desk.call_until(&dialing.id, "the earlier call", |_| true).await;
    assert_eq!((outcome(&first).undo, outcome(&first).undone), (None, false));
    let refused = desk.engine.undo(&dialing.id).await.unwrap_err();
    assert_eq!(refused.about.as_deref(), Some("nothingToUndo"));
    assert_eq!(status(&desk, case.case_id), "waiting");

    // The later decision is taken back: then the earlier one holds, and can be.
    assert_eq!(outcome(&later).undo, Some(CaseStatusView::Closed));
    undone(&desk, &ringing.id).await;
    assert_eq!(status(&desk, case.case_id), "closed");
    undone(&desk, &dialing.id).await;
    assert_eq!(status(&desk, case.case_id), "open");
}

crate::desk::also_in_a_fresh_account!(
    s30_waiting_becomes_open_again_and_that_is_all,
    s34_a_case_closed_because_nothing_was_opened_is_open_again,
    s33a_a_missed_case_that_a_conversation_closed_is_open_again,
    s30_what_a_colleague_decided_meanwhile_stays_and_the_agent_is_told,
    s33a_each_missed_case_of_a_conversation_is_shown_and_what_undoing_did_to_it,
    s31_an_open_missed_case_has_nothing_to_undo,
    s34_what_is_undone_before_it_was_delivered_ends_as_undone,
);
