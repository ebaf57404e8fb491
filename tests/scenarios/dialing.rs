//! Click-to-call: from a case, and without one (S18-S22, S28, S33c).

use crate::desk::{Desk, IVANOV, LONG, colleague};
use engine::DialFormat;
use engine::view::{
    CallCaseView, CallView, CallerView, DirectionView, DispositionView, LinkStateView, NumberKindView, PhaseView, RecordingView, Route,
    TroubleView,
};
use sandbox::omnidesk::{CaseDump, MessageKind};
use sandbox::pbx::{PbxFault, RestRecord, Step};
use std::time::Duration;

/// Longer than the engine waits for a PBX that says nothing of an order.
const VERY_LONG: Duration = Duration::from_secs(120);

/// Somebody of whom this computer's index does not know.
const NEWCOMER: &str = "+79067778899";

/// A desk, a case that waits, and its id as windows spell it.
async fn with_case() -> (Desk, CaseDump, String) {
    let desk = Desk::open().await;
    let talked = desk.talk(IVANOV).await;
    let case = desk.case_of(&talked.id).await;
    let id = case.case_id.to_string();
    (desk, case, id)
}

/// The order as the PBX got it.
fn order(desk: &Desk) -> RestRecord {
    let requests = desk.sandbox.pbx().rest_requests();
    let is_order = |request: &RestRecord| request.method == "POST" && request.path == "channels";
    requests.into_iter().find(is_order).unwrap()
}

fn rule(call: &CallView) -> &str {
    call.outcome.as_ref().map_or("", |outcome| outcome.rule.as_str())
}

async fn ended(desk: &Desk, id: &str) -> CallView {
    let call = desk.call_until(id, "the outcome", |call| call.outcome.is_some()).await;
    desk.settled().await;
    call
}

/// The case is as it was, and nothing was written anywhere.
fn untouched(desk: &Desk, before: &CaseDump) {
    assert_eq!(desk.sandbox.omnidesk().case(&before.case_number).as_ref(), Some(before));
    assert_eq!(desk.writes(), [] as [&str; 0]);
}

#[tokio::test]
async fn s18_s19_dialling_from_a_case_rings_the_softphone_first_and_tells_each_phase() {
    let (desk, earlier, case) = with_case().await;
    let (call, id) = desk.dial("+7 (916) 123-45-67", Some(&case)).await;
    let calling = desk
        .call_until(&id, "the agent's own phone", |call| call.phase == PhaseView::CallingAgent)
        .await;
    assert_eq!((calling.direction, calling.ordered), (DirectionView::Outbound, true));
    assert_eq!(calling.called_from.as_deref(), Some(case.as_str()));
    let linked = CallCaseView::Linked {
        case_id: case.clone(),
        number: earlier.case_number.clone(),
        subject: earlier.subject.clone(),
        attached: true,
    };
    assert_eq!(calling.case, linked);
    assert!(matches!(&calling.caller, CallerView::Known { user, .. } if user.name == "Иванов Иван Сергеевич"));

    let order = order(&desk);
    let told = |name: &str| order.query.get(name).map(String::as_str);
    assert_eq!(
        (told("endpoint"), told("extension"), told("context")),
        (Some("PJSIP/101"), Some(IVANOV), Some(desk.sandbox.context()))
    );
    assert_eq!(
        told("callerId"),
        Some("\"Иванов Иван Сергеевич\" <79161234567>"),
        "as if the dialled number were calling"
    );

    desk.sandbox.pbx().answer(&call).unwrap();
    let dialing = desk
        .call_until(&id, "the client's phone", |call| call.phase == PhaseView::Dialing)
        .await;
    assert_eq!((dialing.answered_at, dialing.case), (None, linked.clone()));
    desk.answer(&call, &id).await;
    let talking = desk.call_until(&id, "the talk", |call| call.phase == PhaseView::Talking).await;
    assert_eq!(talking.case, linked);
    assert_eq!(desk.ids().len(), 2, "the order and what the PBX tells of it are one call");
    assert_eq!(desk.orders(), 1);
}

#[tokio::test]
async fn s20_the_popup_has_a_dialled_call_only_while_the_agent_is_elsewhere() {
    let (desk, _, case) = with_case().await;
    let here = Route::Case {
        case: case.clone(),
        call: None,
    };
    let shows = async |id: &str, wanted: bool| {
        desk.until("the popup to follow", |view| {
            (view.popup.iter().any(|call| call == id) == wanted).then_some(())
        })
        .await;
    };
    desk.engine.looking_at(Some(here.clone())).await;
    let (call, id) = desk.dial(IVANOV, Some(&case)).await;
    desk.call_until(&id, "the call", |call| call.phase == PhaseView::CallingAgent).await;
    shows(&id, false).await;
    for elsewhere in [
        None,
        Some(Route::Calls),
        Some(Route::Case {
            case: "1".into(),
            call: None,
        }),
    ] {
        desk.engine.looking_at(elsewhere).await;
        shows(&id, true).await;
        desk.engine.looking_at(Some(here.clone())).await;
        shows(&id, false).await;
    }
    desk.pick_up_and_answer(&call, &id).await;
    shows(&id, false).await;
    desk.engine.looking_at(None).await;
    shows(&id, true).await;
}

#[tokio::test]
async fn s18_whom_a_call_from_a_case_is_with_is_shown_though_no_page_of_theirs_was_opened() {
    let desk = Desk::open().await;
    // A reminder dials so. One client is in this computer's index, the other in Omnidesk alone.
    desk.newcomer(NEWCOMER).await;
    let text = omnidesk::Content::text("Жду звонка");
    let case = omnidesk::NewCase::new(omnidesk::Contact::Phone(NEWCOMER.into()), "Просит перезвонить", text);
    let theirs = colleague(&desk.sandbox).cases().create(&case).await.unwrap().id.0.to_string();
    let known = desk.earlier_case().case_id.to_string();
    for (number, case) in [(IVANOV, known), (NEWCOMER, theirs)] {
        let (call, id) = desk.dial(number, Some(&case)).await;
        desk.known(&id).await;
        desk.hang_up(&call, &id).await;
    }
}

#[tokio::test]
async fn s21_gist_and_recording_are_exactly_one_message_and_the_case_waits() {
    let desk = Desk::open().await;
    let earlier = desk.earlier_case();
    let case = earlier.case_id.to_string();
    let (call, id) = desk.dial(IVANOV, Some(&case)).await;
    desk.pick_up_and_answer(&call, &id).await;
    for gist in ["Обсудили", "Обсудили условия"] {
        desk.engine.attach(&id, &case, gist.into()).await.unwrap();
    }
    desk.hang_up(&call, &id).await;
    desk.settled().await;
    let now = desk.sandbox.omnidesk().case(&case).unwrap();
    assert_eq!(now.messages.len(), earlier.messages.len() + 1, "{:?}", now.messages);
    let note = now.messages.last().unwrap();
    assert_eq!((note.kind, note.attachments.len()), (MessageKind::Note, 1));
    assert!(note.content.starts_with("Обсудили условия\n\nИсходящий звонок на"), "{note:?}");
    assert_eq!((now.status.as_str(), now.staff_email.as_str()), ("waiting", "anna@support.example"));
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 0);
    let call = desk
        .call_until(&id, "the recording", |call| call.recording == RecordingView::Attached)
        .await;
    assert_eq!(rule(&call), "S21");
}

#[tokio::test]
async fn s22_an_unanswered_attempt_is_recorded_in_the_case_and_leaves_its_status() {
    for end in [Step::TimeOut, Step::Decline { by: None }, Step::Busy { by: None }] {
        let (desk, earlier, case) = with_case().await;
        let (call, id) = desk.dial(IVANOV, Some(&case)).await;
        desk.sandbox.pbx().answer(&call).unwrap();
        desk.call_until(&id, "the client's phone", |call| call.phase == PhaseView::Dialing)
            .await;
        desk.sandbox.pbx().step(&call, &end).unwrap();
        let ended = ended(&desk, &id).await;
        assert_eq!(rule(&ended), "S22", "{end:?}");
        let now = desk.only_case();
        assert_eq!(now.status, earlier.status);
        assert_eq!(now.messages.len(), earlier.messages.len() + 1, "{end:?}: {:?}", now.messages);
        let note = now.messages.last().unwrap();
        let told = match end {
            Step::Busy { .. } => "занято",
            Step::Decline { .. } => "отклонён",
            _ => "не ответили",
        };
        assert!(note.content.ends_with(told), "{end:?}: {note:?}");
        assert_eq!(note.attachments, []);
    }
}

#[tokio::test]
async fn s28_s33c_a_call_from_the_missed_case_makes_it_wait_and_green() {
    let desk = Desk::open().await;
    let missed = desk.missed(IVANOV).await;
    let case = missed.case_id.to_string();
    let (call, id) = desk.dial(IVANOV, Some(&case)).await;
    desk.pick_up_and_answer(&call, &id).await;
    desk.hang_up(&call, &id).await;
    desk.settled().await;
    let now = desk.only_case();
    assert_eq!(
        (now.status.as_str(), now.labels.as_slice()),
        ("waiting", ["Перезвонили".to_owned()].as_slice())
    );
    assert_eq!(now.messages.len(), 2, "{:?}", now.messages);
    assert_eq!(now.messages[1].attachments.len(), 1);
    assert_eq!(rule(&ended(&desk, &id).await), "S33c");
}

#[tokio::test]
async fn s32_an_unanswered_call_from_the_missed_case_leaves_it_open_and_red() {
    let desk = Desk::open().await;
    let missed = desk.missed(IVANOV).await;
    let case = missed.case_id.to_string();
    let (call, id) = desk.dial(IVANOV, Some(&case)).await;
    desk.sandbox.pbx().answer(&call).unwrap();
    desk.call_until(&id, "the client's phone", |call| call.phase == PhaseView::Dialing)
        .await;
    desk.sandbox.pbx().step(&call, &Step::TimeOut).unwrap();
    assert_eq!(rule(&ended(&desk, &id).await), "S32");
    let now = desk.only_case();
    assert_eq!(
        (now.status.as_str(), now.labels.as_slice(), now.messages.len()),
        ("open", ["Пропущенный".to_owned()].as_slice(), 2)
    );
}

#[tokio::test]
async fn s18_an_agent_who_does_not_pick_up_leaves_nothing() {
    for end in [Step::TimeOut, Step::Decline { by: None }] {
        let (desk, earlier, case) = with_case().await;
        desk.sandbox.omnidesk().clear_requests();
        let (call, id) = desk.dial(IVANOV, Some(&case)).await;
        desk.sandbox.pbx().step(&call, &end).unwrap();
        let ended = ended(&desk, &id).await;
        let reason = ended.outcome.map(|outcome| outcome.reason);
        assert_eq!(reason.as_deref(), Some("agentDidNotPickUp"), "{end:?}");
        assert_eq!(ended.case, CallCaseView::None, "it is in no case");
        untouched(&desk, &earlier);
    }
}

#[tokio::test]
async fn s18_a_phone_that_is_off_line_is_said_before_anything_is_ordered() {
    let desk = Desk::open().await;
    desk.sandbox.pbx().set_registered("101", false);
    desk.until("the phone's state", |view| (view.agent.phone_online == Some(false)).then_some(()))
        .await;
    let refused = ringside_tests::order(&desk.engine, IVANOV, None).await.unwrap_err();
    assert_eq!((refused.trouble, desk.orders()), (TroubleView::PhoneOffline, 0));
    assert_eq!(desk.ids(), [] as [&str; 0]);
    desk.sandbox.pbx().set_registered("101", true);
    desk.until("the phone's state", |view| (view.agent.phone_online == Some(true)).then_some(()))
        .await;
    desk.dial(IVANOV, None).await;
}

#[tokio::test]
async fn s18_a_pbx_that_refuses_ends_the_call_with_the_reason_and_writes_nothing() {
    for (status, trouble) in [
        (500, TroubleView::PhoneOffline),
        (403, TroubleView::Forbidden),
        (401, TroubleView::BadCredentials),
        (400, TroubleView::Refused),
    ] {
        let (desk, earlier, case) = with_case().await;
        desk.sandbox.omnidesk().clear_requests();
        desk.sandbox.pbx().fault(&PbxFault::RestStatus {
            status,
            count: 1,
            method: Some("POST".into()),
            path: Some("channels".into()),
        });
        let id = ringside_tests::order(&desk.engine, IVANOV, Some(&case)).await.unwrap();
        let ended = ended(&desk, &id).await;
        assert_eq!(
            (ended.trouble, ended.disposition),
            (Some(trouble), Some(DispositionView::Failed)),
            "{status}"
        );
        assert_eq!(ended.outcome.map(|outcome| outcome.reason).as_deref(), Some("notPlaced"));
        assert_eq!((ended.case, desk.orders()), (CallCaseView::None, 1), "{status}");
        untouched(&desk, &earlier);
        // It is over: the agent may dial again.
        desk.dial(IVANOV, Some(&case)).await;
    }
}

#[tokio::test]
async fn s18_an_order_whose_answer_was_lost_is_placed_once_and_followed_to_the_end() {
    let (desk, earlier, case) = with_case().await;
    desk.sandbox.pbx().fault(&PbxFault::RestLost {
        count: 1,
        method: Some("POST".into()),
    });
    let (call, id) = desk.dial(IVANOV, Some(&case)).await;
    desk.pick_up_and_answer(&call, &id).await;
    desk.hang_up(&call, &id).await;
    assert_eq!(ended(&desk, &id).await.trouble, None);
    assert_eq!(desk.orders(), 1);
    assert_eq!(desk.only_case().messages.len(), earlier.messages.len() + 1);
    assert_eq!(desk.ids().len(), 2);
}

#[tokio::test]
async fn s18_an_order_that_never_reached_the_pbx_ends_and_writes_nothing() {
    let (desk, earlier, case) = with_case().await;
    desk.sandbox.omnidesk().clear_requests();
    // A gateway gave up: nobody can know what became of the order.
    desk.sandbox.pbx().fault(&PbxFault::RestStatus {
        status: 504,
        count: 1,
        method: Some("POST".into()),
        path: Some("channels".into()),
    });
    let id = ringside_tests::order(&desk.engine, IVANOV, Some(&case)).await.unwrap();
    let given_up = |view: &engine::view::DeskView| view.calls.iter().find(|call| call.id == id && call.outcome.is_some()).cloned();
    let ended = desk.desktop.until("the end", VERY_LONG, given_up).await;
    assert_eq!(ended.outcome.map(|outcome| outcome.reason).as_deref(), Some("notPlaced"));
    assert!(ended.trouble.is_some(), "and it says why");
    assert_eq!(desk.orders(), 1, "never ordered again by itself");
    untouched(&desk, &earlier);
}

#[tokio::test]
async fn s18_an_order_that_was_given_up_can_be_cancelled_by_the_agent_at_once() {
    let desk = Desk::open().await;
    desk.sandbox.pbx().fault(&PbxFault::RestStatus {
        status: 504,
        count: 1,
        method: Some("POST".into()),
        path: Some("channels".into()),
    });
    let id = ringside_tests::order(&desk.engine, IVANOV, None).await.unwrap();
    assert!(desk.sandbox.pbx().until(LONG, |_| desk.orders() == 1).await);
    // The PBX knows no such call.
    let gone = desk.engine.hang_up(&id).await.unwrap_err();
    assert_eq!(gone.trouble, TroubleView::Gone);
    let ended = ended(&desk, &id).await;
    assert_eq!(ended.outcome.map(|outcome| outcome.reason).as_deref(), Some("notPlaced"));
    assert_eq!(desk.writes(), [] as [&str; 0]);
}

#[tokio::test]
async fn s18_without_a_line_to_the_pbx_nothing_is_ordered() {
    let desk = Desk::open().await;
    desk.sandbox.pbx().fault(&PbxFault::Refuse { ms: 60_000 });
    desk.until("the outage", |view| (view.pbx.state == LinkStateView::Down).then_some(()))
        .await;
    let refused = ringside_tests::order(&desk.engine, IVANOV, None).await.unwrap_err();
    assert_eq!((refused.trouble, desk.orders()), (TroubleView::Unreachable, 0));
    assert_eq!(desk.ids(), [] as [&str; 0]);
}

#[tokio::test]
async fn s18_a_second_call_is_not_ordered_while_one_is_on_unless_it_is_on_hold() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    for _ in 0..2 {
        let refused = ringside_tests::order(&desk.engine, "79035550143", None).await.unwrap_err();
        assert_eq!((refused.trouble, refused.about.as_deref()), (TroubleView::Refused, Some("inCall")));
        if desk.view().calls[0].answered_at.is_none() {
            desk.answer(&call, &ringing.id).await;
        }
    }
    assert_eq!(desk.orders(), 0);
    desk.sandbox.pbx().step(&call, &Step::Hold).unwrap();
    desk.call_until(&ringing.id, "the hold", |call| call.phase == PhaseView::Held).await;
    let (_, second) = desk.dial("79035550143", None).await;
    let refused = ringside_tests::order(&desk.engine, "79035550143", None).await.unwrap_err();
    assert_eq!(refused.about.as_deref(), Some("inCall"), "a double click orders once");
    assert_eq!(desk.orders(), 1);
    desk.call_until(&second, "the call", |call| call.phase == PhaseView::CallingAgent)
        .await;
}

#[tokio::test]
async fn s18_a_restart_while_it_dials_never_orders_twice_and_the_call_is_followed() {
    let (mut desk, earlier, case) = with_case().await;
    let (call, id) = desk.dial(IVANOV, Some(&case)).await;
    desk.restart().await;
    desk.call_until(&id, "the call", |call| call.phase == PhaseView::CallingAgent).await;
    desk.sandbox.pbx().answer(&call).unwrap();
    desk.call_until(&id, "the client's phone", |call| call.phase == PhaseView::Dialing)
        .await;
    desk.restart().await;
    desk.answer(&call, &id).await;
    desk.hang_up(&call, &id).await;
    let ended = ended(&desk, &id).await;
    assert_eq!((ended.called_from.as_deref(), desk.orders()), (Some(case.as_str()), 1));
    let now = desk.only_case();
    assert_eq!((now.messages.len(), now.status.as_str()), (earlier.messages.len() + 1, "waiting"));
}

#[tokio::test]
async fn s18_an_order_that_was_on_its_way_at_a_restart_is_followed_when_it_rings_after_all() {
    let (mut desk, earlier, case) = with_case().await;
    desk.sandbox.pbx().fault(&PbxFault::RestDelay {
        ms: 4_000,
        count: 1,
        method: Some("POST".into()),
    });
    desk.steps_by_hand();
    let id = ringside_tests::order(&desk.engine, IVANOV, Some(&case)).await.unwrap();
    desk.restart().await;
    let call = desk.clicked().await;
    let live = |call: &CallView| call.phase == PhaseView::CallingAgent && call.outcome.is_none();
    let calling = desk.call_until(&id, "the call", live).await;
    assert_eq!((calling.trouble, calling.called_from.as_deref()), (None, Some(case.as_str())));
    desk.pick_up_and_answer(&call, &id).await;
    desk.hang_up(&call, &id).await;
    ended(&desk, &id).await;
    assert_eq!(desk.orders(), 1);
    assert_eq!(desk.only_case().messages.len(), earlier.messages.len() + 1);
}

#[tokio::test]
async fn s18_what_is_no_number_is_refused_and_read_as_such() {
    let desk = Desk::open().await;
    for text in ["", "  ", "привет", "anonymous", "00000000000000000", "sip:x@y"] {
        let refused = ringside_tests::order(&desk.engine, text, None).await.unwrap_err();
        assert_eq!(
            (refused.trouble, refused.about.as_deref()),
            (TroubleView::BadSetting, Some("number")),
            "{text:?}"
        );
        assert!(desk.engine.read_number(text).await.dial.is_none(), "{text:?}");
    }
    assert_eq!((desk.orders(), desk.ids().len()), (0, 0));
    let read = desk.engine.read_number(" 8 (916) 123-45-67 ").await;
    assert_eq!((read.kind, read.dial.as_deref()), (NumberKindView::External, Some("+79161234567")));
}

#[tokio::test]
async fn s18_of_a_text_with_a_number_in_it_the_number_is_dialled_and_nothing_else() {
    for text in [
        "79161234567;rm",
        "тел. 8 (916) 123-45-67, кв. 12, после 18:00",
        "tel:+7%20916%20123-45-67;phone-context=x&y",
    ] {
        let desk = Desk::open().await;
        assert_eq!(desk.engine.read_number(text).await.pretty, "+7 (916) 123-45-67", "{text}");
        desk.dial(text, None).await;
        assert_eq!(
            order(&desk).query.get("extension").map(String::as_str),
            Some("79161234567"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn s18_a_colleague_can_be_dialled_and_that_is_no_case() {
    let desk = Desk::open().await;
    desk.sandbox.omnidesk().clear_requests();
    let (call, id) = desk.dial("102", None).await;
    let calling = desk.call_until(&id, "the call", |call| call.phase == PhaseView::CallingAgent).await;
    assert_eq!(
        (calling.direction, &calling.caller),
        (DirectionView::Internal, &CallerView::NotLookedUp)
    );
    assert_eq!(order(&desk).query.get("extension").map(String::as_str), Some("102"));
    desk.pick_up_and_answer(&call, &id).await;
    desk.hang_up(&call, &id).await;
    let ended = ended(&desk, &id).await;
    assert_eq!(ended.outcome.map(|outcome| outcome.reason).as_deref(), Some("internal"));
    assert_eq!(desk.sandbox.omnidesk().requests().len(), 0, "Omnidesk was not asked at all");
}

#[tokio::test]
async fn s18_numbers_are_dialled_as_the_dialplan_expects_them() {
    for (format, dialled) in [
        (DialFormat::Digits, "79161234567"),
        (DialFormat::Plus, "+79161234567"),
        (DialFormat::Eight, "89161234567"),
    ] {
        let desk = Desk::open_with(|settings| settings.dial_format = format).await;
        let (call, id) = desk.dial("8 916 123-45-67", None).await;
        assert_eq!(order(&desk).query.get("extension").map(String::as_str), Some(dialled));
        desk.pick_up_and_answer(&call, &id).await;
        let talking = desk.known(&id).await;
        assert_eq!(talking.number.pretty, "+7 (916) 123-45-67", "{format:?}");
        assert!(
            matches!(talking.caller, CallerView::Known { .. }),
            "{format:?}: {:?}",
            talking.caller
        );
        assert_eq!(desk.ids().len(), 1, "{format:?}");
    }
}

#[tokio::test]
async fn s24_s34_a_dialled_call_without_a_case_ends_as_one_from_the_softphone() {
    let desk = Desk::open().await;
    let (call, id) = desk.dial(IVANOV, None).await;
    desk.known(&id).await;
    desk.pick_up_and_answer(&call, &id).await;
    assert!(matches!(desk.opened().await, Route::Profile { .. }));
    desk.hang_up(&call, &id).await;
    assert_eq!(rule(&ended(&desk, &id).await), "S34");
    let case = desk.only_case();
    assert_eq!((case.status.as_str(), case.messages.len()), ("closed", 1));
}

#[tokio::test]
async fn s18_hanging_up_cancels_at_every_stage() {
    let (desk, earlier, case) = with_case().await;
    desk.sandbox.omnidesk().clear_requests();
    let (call, id) = desk.dial(IVANOV, Some(&case)).await;
    desk.engine.hang_up(&id).await.unwrap();
    assert!(desk.sandbox.pbx().ended(&call, LONG).await);
    ended(&desk, &id).await;
    untouched(&desk, &earlier);
    let gone = desk.engine.hang_up(&id).await.unwrap_err();
    assert_eq!(gone.trouble, TroubleView::Gone);

    let (call, id) = desk.dial(IVANOV, Some(&case)).await;
    desk.sandbox.pbx().answer(&call).unwrap();
    desk.call_until(&id, "the client's phone", |call| call.phase == PhaseView::Dialing)
        .await;
    desk.engine.hang_up(&id).await.unwrap();
    assert!(desk.sandbox.pbx().ended(&call, LONG).await, "the client's phone stops ringing, too");
    assert_eq!(rule(&ended(&desk, &id).await), "S22", "the client saw that somebody called");
    assert_eq!(desk.only_case().messages.len(), earlier.messages.len() + 1);

    let (call, id) = desk.dial(IVANOV, Some(&case)).await;
    desk.pick_up_and_answer(&call, &id).await;
    desk.engine.hang_up(&id).await.unwrap();
    assert_eq!(rule(&ended(&desk, &id).await), "S21");
    assert!(desk.sandbox.pbx().ended(&call, LONG).await);
}

crate::desk::also_in_a_fresh_account!(
    s28_s33c_a_call_from_the_missed_case_makes_it_wait_and_green,
    s32_an_unanswered_call_from_the_missed_case_leaves_it_open_and_red,
    s24_s34_a_dialled_call_without_a_case_ends_as_one_from_the_softphone,
);
