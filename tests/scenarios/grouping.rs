//! Missed calls: which share a case, and what becomes of it when people work on it meanwhile (S25-S29).

use crate::desk::{Desk, IVANOV, LONG, STRANGER, is_set_up};
use calls::{AgentAction, UserId};
use engine::view::{CallCaseView, LinkStateView, OutboxStateView};
use sandbox::CallSpec;
use sandbox::omnidesk::{ByHand, CaseDump, Fault, FaultRule};

fn by_hand(desk: &Desk, deed: &ByHand) {
    assert!(desk.sandbox.omnidesk().by_hand(deed).is_some(), "{deed:?}");
}

fn now(desk: &Desk, case: &CaseDump) -> CaseDump {
    desk.sandbox.omnidesk().case(&case.case_number).unwrap()
}

/// A colleague gives the case another status.
fn set_status(desk: &Desk, case: &CaseDump, status: &str) {
    by_hand(
        desk,
        &ByHand::SetStatus {
            case: case.case_number.clone(),
            status: status.into(),
            staff_email: "boris@support.example".into(),
        },
    );
}

#[tokio::test]
async fn s25_s26_a_missed_case_stands_out_and_names_the_number() {
    for (number, e164) in [(IVANOV, "+79161234567"), (STRANGER, "+79031112233")] {
        let desk = Desk::open().await;
        let missed = desk.missed(number).await;
        assert!(missed.subject.starts_with("Пропущенный звонок с +7 (9"), "{}", missed.subject);
        assert_eq!(missed.labels, ["Пропущенный"]);
        let (field, channel) = if is_set_up() { (Some(e164), "cch101") } else { (None, "web") };
        assert_eq!(missed.fields.get("Телефон").and_then(|phone| phone.as_str()), field);
        assert_eq!((missed.status.as_str(), missed.channel.as_str()), ("open", channel));
        assert_eq!(missed.user_contact, e164);
    }
}

#[tokio::test]
async fn s27_missed_calls_of_one_user_share_a_case_until_they_talked() {
    let desk = Desk::open().await;
    let first = desk.missed(IVANOV).await;
    let again = desk.missed(IVANOV).await;
    assert_eq!(
        (again.case_id, again.messages.len(), again.status.as_str()),
        (first.case_id, 2, "open")
    );
    desk.talk(IVANOV).await;
    assert_eq!(now(&desk, &first).status, "closed", "S33a");
    let next = desk.missed(IVANOV).await;
    assert_ne!(next.case_id, first.case_id, "after a conversation a case of its own");
    assert_eq!((next.messages.len(), next.status.as_str()), (1, "open"));
    assert_eq!(now(&desk, &first).messages.len(), 2);
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 3);
}

#[tokio::test]
async fn s27_other_peoples_missed_calls_are_other_cases() {
    let desk = Desk::open().await;
    let first = desk.missed(IVANOV).await;
    let other = desk.missed(STRANGER).await;
    assert_ne!(first.case_id, other.case_id);
    desk.talk(STRANGER).await;
    assert_eq!(now(&desk, &first).status, "open", "a conversation with somebody else");
    assert_eq!(now(&desk, &other).status, "closed");
}

#[tokio::test]
async fn s27_missed_calls_from_two_numbers_of_one_user_share_a_case() {
    let desk = Desk::open().await;
    // The second number becomes IVANOV's (S13).
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let found = desk.engine.search_users("ivanov@romashka").await.unwrap();
    let user = UserId(found[0].user.id.parse().unwrap());
    desk.act(&ringing.id, AgentAction::LinkUser { user }).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;

    let first = desk.missed(IVANOV).await;
    let second = desk.missed(STRANGER).await;
    assert_eq!((second.case_id, second.messages.len()), (first.case_id, 2));
    assert!(
        second.messages[1].content.contains("+7 (903) 111-22-33"),
        "the note says which number: {:?}",
        second.messages
    );
    desk.talk(STRANGER).await;
    assert_eq!(now(&desk, &first).status, "closed", "a conversation from either number");
}

#[tokio::test]
async fn s27_missed_calls_of_a_new_number_share_a_case_before_and_after_it_has_a_user() {
    let desk = Desk::open().await;
    let first = desk.missed(STRANGER).await;
    let second = desk.missed(STRANGER).await;
    assert_eq!((second.case_id, second.messages.len()), (first.case_id, 2));
    let users = desk.sandbox.omnidesk().users();
    let of_number = users
        .iter()
        .filter(|user| user["user_phone"].as_str() == Some("+79031112233"))
        .count();
    assert_eq!(of_number, 1, "one profile");
}

#[tokio::test]
async fn s27_a_missed_case_that_a_colleague_dealt_with_stays_as_it_is_and_the_next_missed_call_has_its_own() {
    for status in ["closed", "waiting"] {
        let desk = Desk::open().await;
        let first = desk.missed(IVANOV).await;
        set_status(&desk, &first, status);
        let next = desk.missed(IVANOV).await;
        assert_ne!(next.case_id, first.case_id, "{status}");
        assert_eq!((next.status.as_str(), next.messages.len()), ("open", 1));
        assert_eq!((now(&desk, &first).status.as_str(), now(&desk, &first).messages.len()), (status, 1));
        let again = desk.missed(IVANOV).await;
        assert_eq!((again.case_id, again.messages.len()), (next.case_id, 2));
    }
}

#[tokio::test]
async fn s27_a_missed_case_that_was_deleted_is_replaced_and_no_call_is_lost() {
    for destroyed in [false, true] {
        let desk = Desk::open().await;
        let first = desk.missed(IVANOV).await;
        let case = first.case_number.clone();
        by_hand(
            &desk,
            &if destroyed {
                ByHand::Destroy { case }
            } else {
                ByHand::Trash { case }
            },
        );
        let (call, ringing) = desk.ring(IVANOV).await;
        desk.known(&ringing.id).await;
        desk.hang_up(&call, &ringing.id).await;
        let elsewhere =
            |call: &engine::view::CallView| matches!(&call.case, CallCaseView::Linked { number, .. } if *number != first.case_number);
        desk.call_until(&ringing.id, "a new case", elsewhere).await;
        desk.settled().await;
        let second = desk.case_of(&ringing.id).await;
        assert_eq!(
            (second.subject.as_str(), second.status.as_str(), second.messages.len()),
            ("Пропущенный звонок с +7 (916) 123-45-67", "open", 1),
            "destroyed: {destroyed}"
        );
        assert_eq!(second.labels, ["Пропущенный"]);
        // From now on that one is the user's missed case.
        let third = desk.missed(IVANOV).await;
        assert_eq!((third.case_id, third.messages.len()), (second.case_id, 2));
    }
}

#[tokio::test]
async fn s27_a_missed_case_that_was_merged_gets_its_notes_where_it_is_now() {
    let desk = Desk::open().await;
    let first = desk.missed(IVANOV).await;
    let parent = desk.earlier_case();
    assert!(desk.sandbox.omnidesk().merge(&first.case_number, &parent.case_number));
    for missed in 1..=2 {
        let (call, ringing) = desk.ring(IVANOV).await;
        desk.known(&ringing.id).await;
        desk.hang_up(&call, &ringing.id).await;
        desk.settled().await;
        let parent_now = now(&desk, &parent);
        assert_eq!(
            parent_now.messages.len(),
            parent.messages.len() + missed,
            "{:?}",
            parent_now.messages
        );
        assert_eq!(parent_now.status, "open");
    }
    assert_eq!(now(&desk, &first).messages.len(), 1);
    desk.talk(IVANOV).await;
    assert_eq!(now(&desk, &parent).status, "closed", "S33a reaches the parent, too");
}

#[tokio::test]
async fn s27_two_calls_missed_while_omnidesk_is_out_are_one_case() {
    for number in [IVANOV, STRANGER] {
        let desk = Desk::open().await;
        desk.sandbox.omnidesk().fault(FaultRule::once(Fault::Reset).times(0));
        for _ in 0..2 {
            let (call, ringing) = desk.ring(number).await;
            desk.hang_up(&call, &ringing.id).await;
        }
        desk.until("a failed attempt", |view| {
            view.outbox.iter().any(|row| row.trouble.is_some()).then_some(())
        })
        .await;
        desk.sandbox.omnidesk().clear_faults();
        desk.engine.reconnect().await;
        desk.settled().await;
        let case = desk.only_case();
        assert_eq!((case.status.as_str(), case.messages.len()), ("open", 2), "{:?}", case.messages);
    }
}

#[tokio::test]
async fn s27_calls_missed_during_an_outage_join_the_case_of_before_even_across_a_restart() {
    let mut desk = Desk::open().await;
    let first = desk.missed(IVANOV).await;
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Reset).on("POST", "/api/*").times(0));
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Reset).on("PUT", "/api/*").times(0));
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.until("what is owed", |view| {
        view.outbox.iter().any(|row| row.state != OutboxStateView::Done).then_some(())
    })
    .await;
    desk.restart_unconnected().await;
    desk.until("the PBX", |view| (view.pbx.state == LinkStateView::Up).then_some(()))
        .await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.sandbox.omnidesk().clear_faults();
    desk.engine.reconnect().await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.case_id, case.messages.len(), case.status.as_str()),
        (first.case_id, 3, "open")
    );
}

#[tokio::test]
async fn s27_a_restart_does_not_forget_which_case_is_the_missed_one() {
    let mut desk = Desk::open().await;
    let first = desk.missed(IVANOV).await;
    desk.restart().await;
    let again = desk.missed(IVANOV).await;
    assert_eq!((again.case_id, again.messages.len()), (first.case_id, 2));
    desk.restart().await;
    desk.talk(IVANOV).await;
    assert_eq!(now(&desk, &first).status, "closed", "S33a after a restart");
}

#[tokio::test]
async fn s33b_a_conversation_attached_to_the_missed_case_keeps_it_and_starts_a_new_group() {
    let desk = Desk::open().await;
    let first = desk.missed(IVANOV).await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.engine
        .attach(&ringing.id, &first.case_id.to_string(), "Дозвонился".into())
        .await
        .unwrap();
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = now(&desk, &first);
    assert_eq!((case.status.as_str(), case.messages.len()), ("waiting", 2));
    assert_eq!(case.labels, ["Пропущенный"], "S28: green is for calling back");
    let next = desk.missed(IVANOV).await;
    assert_ne!(next.case_id, first.case_id);
    assert_eq!(now(&desk, &first).status, "waiting");
}

#[tokio::test]
async fn s29_what_rings_no_agent_of_ours_leaves_nothing() {
    let desk = Desk::open().await;
    // A menu, and a queue whose only member is somebody else.
    for spec in [
        CallSpec::ivr(IVANOV),
        CallSpec::queue(IVANOV, &["102"]),
        CallSpec::group(IVANOV, &["102"]),
    ] {
        let call = desk.sandbox.pbx().place(spec).unwrap();
        desk.sandbox.pbx().hang_up(&call).unwrap();
        assert!(desk.sandbox.pbx().ended(&call, LONG).await);
    }
    let (_, ringing) = desk.ring(STRANGER).await;
    assert_eq!(desk.ids(), [ringing.id], "everything before it was taken in by now");
    assert_eq!(desk.writes(), [] as [&str; 0]);
}

#[tokio::test]
async fn s25_a_queue_call_that_the_client_gives_up_is_missed() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.place(CallSpec::queue(IVANOV, &["101"])).await;
    desk.known(&ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.status.as_str(), case.labels.as_slice()),
        ("open", ["Пропущенный".to_owned()].as_slice())
    );
}

crate::desk::also_in_a_fresh_account!(
    s25_s26_a_missed_case_stands_out_and_names_the_number,
    s27_missed_calls_of_one_user_share_a_case_until_they_talked,
    s27_other_peoples_missed_calls_are_other_cases,
    s27_missed_calls_from_two_numbers_of_one_user_share_a_case,
    s27_missed_calls_of_a_new_number_share_a_case_before_and_after_it_has_a_user,
    s27_a_missed_case_that_a_colleague_dealt_with_stays_as_it_is_and_the_next_missed_call_has_its_own,
    s27_a_missed_case_that_was_deleted_is_replaced_and_no_call_is_lost,
    s27_a_missed_case_that_was_merged_gets_its_notes_where_it_is_now,
    s27_two_calls_missed_while_omnidesk_is_out_are_one_case,
    s27_calls_missed_during_an_outage_join_the_case_of_before_even_across_a_restart,
    s27_a_restart_does_not_forget_which_case_is_the_missed_one,
    s33b_a_conversation_attached_to_the_missed_case_keeps_it_and_starts_a_new_group,
    s29_what_rings_no_agent_of_ours_leaves_nothing,
    s25_a_queue_call_that_the_client_gives_up_is_missed,
);
