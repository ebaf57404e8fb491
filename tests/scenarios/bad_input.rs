//! People change Omnidesk during a call, Omnidesk refuses, agents paste odd things: a clear state, and nothing is lost.

use crate::desk::{Desk, IVANOV, LONG, STRANGER};
use calls::AgentAction;
use engine::view::{CallCaseView, CallView, CallerView, OutboxStateView, RecordingView, Route, TroubleView, UserChanges};
use sandbox::omnidesk::{ByHand, CaseDump, Fault, FaultRule, ListShape, ids};

fn create(subject: &str, gist: &str) -> AgentAction {
    AgentAction::CreateCase {
        subject: subject.into(),
        gist: gist.into(),
    }
}

/// IVANOV talks. Returns the sandbox's id of the call and ours.
async fn talking(desk: &Desk) -> (String, String) {
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    (call, ringing.id)
}

/// As [`talking`], attached to an earlier case.
async fn attached(desk: &Desk, gist: &str) -> (String, String, CaseDump) {
    let earlier = desk.earlier_case();
    let (call, id) = talking(desk).await;
    let case = earlier.case_id.to_string();
    desk.engine.attach(&id, &case, gist.into()).await.unwrap();
    (call, id, earlier)
}

/// As [`talking`], with a case that the agent created.
async fn created(desk: &Desk) -> (String, String, CaseDump) {
    let (call, id) = talking(desk).await;
    desk.act(&id, create("Тема", "Суть")).await;
    let case = desk.case_of(&id).await;
    (call, id, case)
}

fn recordings(case: &CaseDump) -> usize {
    case.messages.iter().map(|message| message.attachments.len()).sum()
}

fn case_now(desk: &Desk, case: &CaseDump) -> CaseDump {
    desk.sandbox.omnidesk().case(&case.case_id.to_string()).unwrap()
}

async fn recorded(desk: &Desk, id: &str) -> CallView {
    desk.call_until(id, "the recording", |call| call.recording == RecordingView::Attached)
        .await
}

// --- The case is deleted or merged meanwhile.

#[tokio::test]
async fn a_case_that_was_deleted_during_the_call_it_was_chosen_for_is_replaced_by_a_new_one() {
    let deletions: [fn(String) -> ByHand; 2] = [|case| ByHand::Trash { case }, |case| ByHand::Destroy { case }];
    for delete in deletions {
        let desk = Desk::open().await;
        let (call, id, earlier) = attached(&desk, "Важная суть").await;
        desk.by_hand(&delete(earlier.case_number.clone()));
        desk.hang_up(&call, &id).await;
        desk.settled().await;
        let ended = recorded(&desk, &id).await;
        assert!(ended.case_gone, "and it is said");
        let case = desk.only_case();
        assert!(case.messages[0].content.starts_with("Важная суть\n\n"), "{:?}", case.messages);
        assert_eq!((recordings(&case), case.status.as_str()), (1, "waiting"));
        assert!(
            matches!(&ended.case, CallCaseView::Linked { number, attached: false, .. } if *number == case.case_number),
            "{:?}",
            ended.case
        );
        if let Some(binned) = desk.sandbox.omnidesk().case(&earlier.case_number) {
            assert_eq!(binned.messages, earlier.messages, "nothing was written where nobody looks");
        }
    }
}

#[tokio::test]
async fn a_case_that_was_created_and_deleted_during_the_call_is_created_again_with_everything() {
    for for_good in [false, true] {
        let desk = Desk::open().await;
        let (call, id, case) = created(&desk).await;
        let key = case.case_number.clone();
        desk.by_hand(&if for_good {
            ByHand::Destroy { case: key }
        } else {
            ByHand::Trash { case: key }
        });
        desk.hang_up(&call, &id).await;
        desk.settled().await;
        recorded(&desk, &id).await;
        let alive: Vec<_> = desk
            .sandbox
            .omnidesk()
            .new_cases()
            .into_iter()
            .filter(|case| !case.deleted)
            .collect();
        assert_eq!(alive.len(), 1, "{alive:#?}");
        assert_eq!((alive[0].subject.as_str(), alive[0].status.as_str()), ("Тема", "waiting"));
        assert!(alive[0].messages[0].content.starts_with("Суть\n\n"));
        assert_eq!(recordings(&alive[0]), 1);
    }
}

#[tokio::test]
async fn a_case_that_appeared_by_itself_and_that_a_person_deleted_stays_deleted() {
    let desk = Desk::open().await;
    let ended = desk.talk(IVANOV).await;
    let case = desk.only_case();
    desk.by_hand(&ByHand::Trash {
        case: case.case_number.clone(),
    });
    desk.engine.undo(&ended.id).await.unwrap();
    desk.settled().await;
    assert!(desk.only_case().deleted);
}

#[tokio::test]
async fn an_attempt_is_not_noted_in_a_case_that_nobody_reads_any_more() {
    // A call that the client does not answer gives the case no status: only a look tells that it is gone.
    let desk = Desk::open().await;
    let earlier = desk.earlier_case();
    let (call, dialing) = desk.call_out(IVANOV).await;
    desk.known(&dialing.id).await;
    desk.engine
        .attach(&dialing.id, &earlier.case_id.to_string(), "Не дозвонился".into())
        .await
        .unwrap();
    desk.by_hand(&ByHand::Trash {
        case: earlier.case_number.clone(),
    });
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    assert_eq!(case_now(&desk, &earlier).messages, earlier.messages);
    let ended = desk.call_until(&dialing.id, "the mark", |call| call.case_gone).await;
    let case = desk.case_of(&ended.id).await;
    assert!(case.messages[0].content.starts_with("Не дозвонился"), "{case:#?}");
}

#[tokio::test]
async fn a_case_that_was_merged_during_the_call_is_followed_to_where_it_is_now() {
    for live in [false, true] {
        let desk = Desk::open().await;
        let parent = desk
            .sandbox
            .omnidesk()
            .cases()
            .into_iter()
            .find(|case| case.channel == "web")
            .unwrap();
        let (call, id, merged) = if live {
            created(&desk).await
        } else {
            attached(&desk, "Суть").await
        };
        assert!(desk.sandbox.omnidesk().merge(&merged.case_number, &parent.case_number));
        desk.hang_up(&call, &id).await;
        desk.settled().await;
        recorded(&desk, &id).await;
        let now = case_now(&desk, &parent);
        assert_eq!(now.messages.len(), parent.messages.len() + 1, "{:#?}", now.messages);
        assert_eq!((recordings(&now), now.status.as_str()), (1, "waiting"));
        assert_eq!(case_now(&desk, &merged).messages, merged.messages);
        assert_eq!(desk.case_of(&id).await.case_number, parent.case_number, "and the call leads there");
    }
}

#[tokio::test]
async fn an_attempt_is_noted_where_its_case_was_merged_to() {
    let desk = Desk::open().await;
    let earlier = desk.earlier_case();
    let parent = desk
        .sandbox
        .omnidesk()
        .cases()
        .into_iter()
        .find(|case| case.channel == "web")
        .unwrap();
    let (call, dialing) = desk.call_out(IVANOV).await;
    desk.known(&dialing.id).await;
    let case = earlier.case_id.to_string();
    desk.engine.attach(&dialing.id, &case, "Не дозвонился".into()).await.unwrap();
    assert!(desk.sandbox.omnidesk().merge(&earlier.case_number, &parent.case_number));
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    let now = case_now(&desk, &parent);
    assert!(now.messages.last().unwrap().content.starts_with("Не дозвонился"));
    assert_eq!(now.status, parent.status, "S22: it keeps its status");
    assert_eq!(desk.case_of(&dialing.id).await.case_number, parent.case_number);
}

#[tokio::test]
async fn a_text_that_is_corrected_goes_where_its_case_was_merged_to() {
    let desk = Desk::open().await;
    let (call, id, merged) = created(&desk).await;
    let parent = desk.earlier_case();
    assert!(desk.sandbox.omnidesk().merge(&merged.case_number, &parent.case_number));
    desk.act(&id, create("Тема", "Суть, дописанная потом")).await;
    desk.hang_up(&call, &id).await;
    desk.settled().await;
    let now = case_now(&desk, &parent);
    assert!(
        now.messages
            .iter()
            .any(|message| message.content.starts_with("Суть, дописанная потом")),
        "{:#?}",
        now.messages
    );
    assert_eq!(case_now(&desk, &merged).messages, merged.messages);
}

// --- Omnidesk refuses.

#[tokio::test]
async fn without_the_right_to_a_case_everything_waits_for_it_and_nothing_is_lost() {
    let desk = Desk::open().await;
    let (call, id, earlier) = attached(&desk, "Важная суть").await;
    let access = |allowed| ByHand::Access {
        staff_email: "anna@support.example".into(),
        case: earlier.case_number.clone(),
        allowed,
    };
    desk.by_hand(&access(false));
    desk.hang_up(&call, &id).await;
    for what in ["status", "message"] {
        let row = desk.wedged(what).await;
        assert_eq!(
            (row.trouble, row.code.as_deref()),
            (Some(TroubleView::Forbidden), Some("staff_has_not_access")),
            "{what}"
        );
    }
    assert_eq!(case_now(&desk, &earlier), earlier);
    desk.by_hand(&access(true));
    for what in ["status", "message"] {
        let row = desk.wedged(what).await;
        desk.engine.retry(&row.id).await.unwrap();
        desk.until("its delivery", |view| {
            let done = |other: &&engine::view::OutboxRow| other.id == row.id && other.state == OutboxStateView::Done;
            view.outbox.iter().any(|row| done(&row)).then_some(())
        })
        .await;
    }
    desk.settled().await;
    let now = case_now(&desk, &earlier);
    assert_eq!((now.status.as_str(), now.messages.len()), ("waiting", earlier.messages.len() + 1));
    assert!(now.messages.last().unwrap().content.starts_with("Важная суть"));
    assert_eq!(recordings(&now), recordings(&earlier) + 1);
}

#[tokio::test]
async fn a_field_that_is_mandatory_on_closing_holds_up_the_status_and_nothing_else() {
    let desk = Desk::open().await;
    let field = ids::FIELD_DIRECTION;
    desk.by_hand(&ByHand::RequireOnClose { field, required: true });
    let (call, dialing) = desk.call_out(STRANGER).await;
    desk.known(&dialing.id).await;
    desk.answer(&call, &dialing.id).await;
    desk.hang_up(&call, &dialing.id).await;
    let row = desk.wedged("status").await;
    assert_eq!(
        (row.trouble, row.code.as_deref()),
        (Some(TroubleView::Refused), Some("required_fields"))
    );
    recorded(&desk, &dialing.id).await;
    let case = desk.only_case();
    assert!(case.messages[0].content.starts_with("Исходящий звонок на +7 (903) 111-22-33"));
    assert_eq!((recordings(&case), case.status.as_str()), (1, "waiting"));
    let fill_in = ByHand::FillIn {
        case: case.case_number.clone(),
        field,
        value: "2".into(),
    };
    desk.by_hand(&fill_in);
    desk.engine.retry(&row.id).await.unwrap();
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.status.as_str(), case.staff_email.as_str()),
        ("closed", "anna@support.example")
    );
}

#[tokio::test]
async fn a_missed_case_that_cannot_be_closed_does_not_hold_up_the_new_one() {
    let desk = Desk::open().await;
    let missed = desk.missed(IVANOV).await;
    let field = ids::FIELD_DIRECTION;
    desk.by_hand(&ByHand::RequireOnClose { field, required: true });
    let (call, id) = talking(&desk).await;
    desk.hang_up(&call, &id).await;
    let row = desk.wedged("status").await;
    let case = desk.case_of(&id).await;
    assert!(
        desk.sandbox
            .omnidesk()
            .until(LONG, |omnidesk| omnidesk.case(&case.case_number).unwrap().status == "waiting")
            .await
    );
    assert_eq!(case_now(&desk, &missed).status, "open");
    desk.engine.give_up(&row.id).await.unwrap();
    desk.settled().await;
    assert_eq!(case_now(&desk, &missed).status, "open", "what a person gave up is not tried again");
}

// --- The user is blocked or deleted meanwhile.

#[tokio::test]
async fn a_user_who_is_blocked_or_deleted_during_the_call_gets_the_case_all_the_same() {
    let changes: [fn(u64) -> ByHand; 2] = [|user| ByHand::BlockUser { user }, |user| ByHand::DeleteUser { user }];
    for change in changes {
        let desk = Desk::open().await;
        let (call, id) = talking(&desk).await;
        let user = desk.profile_with("+79161234567")["user_id"].as_u64().unwrap();
        desk.by_hand(&change(user));
        desk.hang_up(&call, &id).await;
        desk.settled().await;
        let case = desk.only_case();
        assert_eq!((case.status.as_str(), recordings(&case)), ("waiting", 1));
    }
}

#[tokio::test]
async fn a_change_of_a_user_who_is_gone_waits_for_a_decision_and_the_case_does_not_wait_for_it() {
    let desk = Desk::open().await;
    let (call, id) = talking(&desk).await;
    let user = desk.profile_with("+79161234567")["user_id"].to_string();
    let gone = Fault::Status {
        status: 404,
        body: Some(serde_json::json!({"error": "user_not_found"})),
        retry_after: None,
    };
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(gone).on("PUT", "/api/users/*").times(0));
    let changes = UserChanges {
        note: Some("Новая заметка".into()),
        ..UserChanges::default()
    };
    desk.engine.edit_user(Some(&user), Some(&id), changes).await.unwrap();
    let row = desk.wedged("edit").await;
    assert_eq!(row.trouble, Some(TroubleView::Gone));
    desk.hang_up(&call, &id).await;
    recorded(&desk, &id).await;
    assert_eq!(desk.case_of(&id).await.messages.len(), 1);
}

// --- What agents type.

#[tokio::test]
async fn s05_a_gist_of_a_hundred_kilobytes_with_emoji_and_html_arrives_to_the_letter() {
    let desk = Desk::open().await;
    let line = "<b>Жирный</b> & «кавычки» \"'<script>alert(1)</script> 👩‍👩‍👧 🇷🇺 é\u{301} \\n %s\n\tс отступом; ";
    let gist = line.repeat(100 * 1024 / line.len() + 1).trim().to_owned();
    assert!(gist.len() > 100_000);
    let (call, id) = talking(&desk).await;
    desk.act(&id, create("<i>Тема</i> & 👍", &gist)).await;
    let live = desk.case_of(&id).await;
    assert_eq!(live.subject, "<i>Тема</i> & 👍");
    assert!(live.messages[0].content.starts_with(&gist), "to the letter");
    assert_eq!(live.messages[0].content_html, "", "as plain text: nobody's browser runs it");
    desk.hang_up(&call, &id).await;
    desk.settled().await;
    let page = desk.engine.case_page(&live.case_id.to_string(), true).await.unwrap();
    assert!(page.messages[0].text.starts_with(&gist), "and the page shows what was typed");
    assert_eq!(recordings(&desk.only_case()), 1);
}

#[tokio::test]
async fn s05_html_that_somebody_else_wrote_is_shown_as_plain_text() {
    let desk = Desk::open().await;
    let ended = desk.talk(IVANOV).await;
    let case = desk.case_of(&ended.id).await;
    let account = omnidesk::Config::new(
        desk.sandbox.omnidesk_url().parse().unwrap(),
        "boris@support.example",
        desk.sandbox.api_key(),
    );
    let client = omnidesk::Client::new(account).unwrap();
    let html = "<p>Добрый&nbsp;день</p><img src=x onerror=alert(1)><script>alert(2)</script>";
    let note = omnidesk::NewNote::new(omnidesk::Content::html(html));
    let to = omnidesk::CaseRef::Id(omnidesk::CaseId(case.case_id));
    client.notes(&to).create(&note).await.unwrap();
    let page = desk.engine.case_page(&case.case_id.to_string(), false).await.unwrap();
    assert_eq!(page.messages.last().unwrap().text, "Добрый день\nalert(2)");
}

#[tokio::test]
async fn s05_an_empty_subject_becomes_the_calls_own() {
    for subject in ["", "   ", "\n\t "] {
        let desk = Desk::open().await;
        let (call, id) = talking(&desk).await;
        desk.act(&id, create(subject, "Суть")).await;
        desk.hang_up(&call, &id).await;
        desk.settled().await;
        assert_eq!(desk.only_case().subject, "Входящий звонок с +7 (916) 123-45-67", "{subject:?}");
    }
}

#[tokio::test]
async fn s05_control_characters_are_taken_out_and_a_subject_is_one_line() {
    let desk = Desk::open().await;
    let (call, id) = talking(&desk).await;
    desk.act(&id, create("Счёт\n1187\u{0}\t\u{202e}", "Строка\r\nвторая\u{0}\u{7}\u{1b}[31m"))
        .await;
    desk.hang_up(&call, &id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert!(!case.subject.chars().any(char::is_control), "{:?}", case.subject);
    assert!(case.subject.starts_with("Счёт 1187"), "{:?}", case.subject);
    assert_eq!(case.messages[0].content, "Строка\nвторая[31m");
    // Corrected afterwards: the same holds.
    desk.act(&id, create("Счёт\r\n1188", "Суть")).await;
    desk.settled().await;
    assert_eq!(desk.only_case().subject, "Счёт 1188");
}

#[tokio::test]
async fn s15_a_draft_has_a_limit_and_up_to_it_nothing_is_lost() {
    let mut desk = Desk::open().await;
    let (call, id) = talking(&desk).await;
    let long = "щ".repeat(500_000);
    desk.engine.save_draft(&id, "Длинно".into(), long.clone()).await.unwrap();
    let kept = desk
        .call_until(&id, "the draft", |call| !call.draft.gist.is_empty())
        .await
        .draft
        .gist;
    assert_eq!(kept.chars().count(), 120_000);
    assert!(long.starts_with(&kept));
    desk.restart().await;
    let after = desk.call_until(&id, "the call", |_| true).await;
    assert_eq!(after.draft.gist, kept);
    desk.hang_up(&call, &id).await;
    desk.settled().await;
    assert!(desk.only_case().messages[0].content.starts_with(&kept));
}

// --- Omnidesk answers garbage.

#[tokio::test]
async fn odd_lists_of_omnidesk_are_read_or_said_to_be_unreadable_and_the_call_goes_on() {
    for shape in [
        ListShape::PlainArray,
        ListShape::EmptyArray,
        ListShape::EmptyString,
        ListShape::WrappedEmpty,
        ListShape::NoTotal,
        ListShape::NumbersAsText,
        ListShape::StrayKeys,
    ] {
        let desk = Desk::open().await;
        let odd = FaultRule::once(Fault::OddList { shape }).on("GET", "/api/*").times(0);
        desk.sandbox.omnidesk().fault(odd);
        desk.newcomer("+79005550777").await;
        let (call, ringing) = desk.ring("79005550777").await;
        let known = desk.known(&ringing.id).await;
        let hidden = matches!(shape, ListShape::EmptyArray | ListShape::EmptyString | ListShape::WrappedEmpty);
        assert_eq!(
            matches!(known.caller, CallerView::Known { .. }),
            !hidden,
            "{shape:?}: {:?}",
            known.caller
        );
        desk.answer(&call, &ringing.id).await;
        if let CallerView::Known { user, .. } = known.caller {
            desk.engine.profile(&user.id).await.unwrap();
            let profile = desk.engine.profile("25830702").await.unwrap();
            assert!(!profile.cases.is_empty(), "{shape:?}");
        }
        desk.hang_up(&call, &ringing.id).await;
        desk.settled().await;
        let case = desk.only_case();
        assert_eq!(
            (case.user_contact.as_str(), case.status.as_str()),
            ("+79005550777", "waiting"),
            "{shape:?}"
        );
    }
}

#[tokio::test]
async fn pages_and_halves_of_answers_instead_of_json_are_a_clear_state_that_passes() {
    for fault in [Fault::Html { status: 200 }, Fault::Truncated, Fault::Html { status: 403 }] {
        let desk = Desk::open().await;
        let newcomer = desk.newcomer("+79005550777").await.to_string();
        desk.sandbox
            .omnidesk()
            .fault(FaultRule::once(fault.clone()).on("GET", "/api/users*").times(0));
        let (call, ringing) = desk.ring("79005550777").await;
        desk.call_until(&ringing.id, "the failed look-up", |call| {
            matches!(call.caller, CallerView::Unavailable { .. })
        })
        .await;
        desk.answer(&call, &ringing.id).await;
        let page = desk.engine.profile(&newcomer).await.unwrap_err();
        assert_ne!(page.trouble, TroubleView::Other, "{fault:?}");
        desk.sandbox.omnidesk().clear_faults();
        desk.call_until(&ringing.id, "the user", |call| matches!(call.caller, CallerView::Known { .. }))
            .await;
        let Route::Profile { .. } = desk.opened().await else {
            panic!("S03, late but not never")
        };
        desk.hang_up(&call, &ringing.id).await;
        desk.settled().await;
        assert_eq!(desk.only_case().status, "waiting", "{fault:?}");
    }
}
