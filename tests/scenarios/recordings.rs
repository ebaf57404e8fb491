//! Recordings: whose talk they hold, and one that cannot be had: the call's own message tells everything else, and
//! nothing is written twice.

use crate::desk::{Desk, IVANOV, colleague};
use calls::AgentAction;
use engine::view::{CallCaseView, RecordingView, RowRecordingView, TroubleView};
use omnidesk::{Attachment, CaseId, CaseRef, Content, NewMessage};
use sandbox::omnidesk::CaseDump;
use sandbox::pbx::{PbxFault, Step};

fn refuse_recordings(desk: &Desk) {
    desk.sandbox.pbx().fault(&PbxFault::RestStatus {
        status: 400,
        count: 0,
        method: Some("GET".into()),
        path: Some("recordings".into()),
    });
}

#[tokio::test]
async fn s15_a_recording_that_cannot_be_had_leaves_the_one_message_alone() {
    let desk = Desk::open().await;
    refuse_recordings(&desk);
    let ended = desk.talk(IVANOV).await;
    desk.until("a row that says so", |view| {
        view.outbox
            .iter()
            .any(|row| row.recording == Some(RowRecordingView::Never))
            .then_some(())
    })
    .await;
    desk.call_until(&ended.id, "word that there is none", |call| call.recording == RecordingView::Failed)
        .await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(case.messages.len(), 1, "{:?}", case.messages);
    assert!(case.messages[0].attachments.is_empty());
}

#[tokio::test]
async fn s06_how_a_call_ended_is_told_without_its_recording_too() {
    let desk = Desk::open().await;
    refuse_recordings(&desk);
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let create = AgentAction::CreateCase {
        subject: "Тема".into(),
        gist: "Суть".into(),
    };
    desk.act(&ringing.id, create).await;
    desk.call_until(&ringing.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(case.messages.len(), 2, "{:?}", case.messages);
    assert!(case.messages[1].content.starts_with("Звонок завершён: "), "{:?}", case.messages[1]);
}

#[tokio::test]
async fn s06_a_page_that_comes_instead_of_a_recording_is_not_sent_and_the_recording_is_when_it_comes() {
    let desk = Desk::open().await;
    let page = PbxFault::RestPage {
        count: 3,
        path: Some("recordings".into()),
    };
    desk.sandbox.pbx().fault(&page);
    let ended = desk.talk(IVANOV).await;
    desk.call_until(&ended.id, "the recording", |call| call.recording == RecordingView::Attached)
        .await;
    desk.settled().await;
    let case = desk.only_case();
    let files: Vec<_> = case.messages.iter().flat_map(|message| &message.attachments).collect();
    assert_eq!(files.len(), 1, "{case:#?}");
    assert_eq!(files[0].mime_type, "audio/wav");
    assert!(desk.sandbox.omnidesk().file(files[0].file_id).unwrap().starts_with(b"RIFF"));
}

#[tokio::test]
async fn s06_a_file_that_is_no_sound_or_lies_where_nobody_listed_is_not_played_and_it_is_said_why() {
    let desk = Desk::open().await;
    let case = desk.earlier_case().case_id;
    let elsewhere = [
        "https://files.elsewhere.example/a.wav",
        "http://127.0.0.1:9/a.wav",
        "https://10.0.0.5/a.wav",
        "file:///etc/passwd.wav",
    ];
    let mut sent = NewMessage::new(Content::text("Файлы"));
    sent.attachments = vec![Attachment::new(
        "page.wav",
        "audio/wav",
        &b"<!DOCTYPE html><script>alert(1)</script>"[..],
    )];
    let mut named = NewMessage::new(Content::text("Файлы"));
    named.attachment_urls = elsewhere.map(str::to_owned).into();
    let colleague = colleague(&desk.sandbox);
    for message in [sent, named] {
        colleague.messages(&CaseRef::Id(CaseId(case))).create(&message).await.unwrap();
    }
    let page = desk.engine.case_page(&case.to_string(), false).await.unwrap();
    let told = page.messages.iter().filter(|message| message.text == "Файлы");
    let files: Vec<_> = told.flat_map(|message| &message.attachments).collect();
    let mut refused = Vec::new();
    for file in files {
        let error = desk.engine.sound(&page.case.id, &file.id).await.unwrap_err();
        refused.push((error.trouble, error.about));
    }
    let inside = (TroubleView::FileAddress, None);
    let expected = [
        (TroubleView::NotSound, None),
        (TroubleView::ForeignHost, Some("files.elsewhere.example".to_owned())),
        inside.clone(),
        inside.clone(),
        inside,
    ];
    assert_eq!(refused, expected);
}

/// The client, with whom agent 101 talks, is passed on to Boris, who talks to him and lets him hang up.
/// The case of his call.
async fn passed_on_to(boris: &Desk, call: &str) -> CaseDump {
    boris.sandbox.pbx().step(call, &Step::Transfer { to: "102".into() }).unwrap();
    let second = boris.new_in_popup(&[]).await;
    boris.known(&second.id).await;
    boris.answer(call, &second.id).await;
    boris.hang_up(call, &second.id).await;
    boris.settled().await;
    boris.case_of(&second.id).await
}

/// What was sent to a case, in bytes; nothing else than one recording.
fn only_file(desk: &Desk, case: &CaseDump) -> Vec<u8> {
    let files: Vec<_> = case.messages.iter().flat_map(|message| &message.attachments).collect();
    assert_eq!(files.len(), 1, "{case:#?}");
    desk.sandbox.omnidesk().file(files[0].file_id).unwrap()
}

/// The PBX recorded the client twice: into a file of the call out, and into one of the call that was passed on.
/// The first is in the first case, the second in the second.
fn either_has_their_own(desk: &Desk, call: &str, first: &CaseDump, second: &CaseDump) {
    let pbx = desk.sandbox.pbx();
    let recorded = pbx.call(call).unwrap().recordings;
    let named = |start: &str| recorded.iter().find(|name| name.starts_with(start)).unwrap();
    for (case, start) in [(first, "out-"), (second, "int-102-")] {
        let name = named(start);
        assert_eq!(Some(only_file(desk, case)), pbx.recording(name), "{name}");
        let fetches = |request: &&sandbox::pbx::RestRecord| request.path.contains(name.as_str()) && request.status == 200;
        assert!(pbx.rest_requests().iter().any(|request| fetches(&request)), "{name}");
    }
}

#[tokio::test]
async fn s16_s34_a_call_out_that_is_passed_on_has_a_recording_with_either_agent() {
    let anna = Desk::open().await;
    let boris = anna.beside("102", "boris@support.example").await;
    let (call, dialing) = anna.call_out(IVANOV).await;
    anna.known(&dialing.id).await;
    anna.answer(&call, &dialing.id).await;
    let second = passed_on_to(&boris, &call).await;
    anna.settled().await;
    let first = anna.case_of(&dialing.id).await;
    assert_eq!((first.status.as_str(), second.status.as_str()), ("closed", "waiting"));
    either_has_their_own(&anna, &call, &first, &second);
}

#[tokio::test]
async fn s16_s21_an_ordered_call_that_is_passed_on_has_a_recording_with_either_agent() {
    let anna = Desk::open().await;
    let boris = anna.beside("102", "boris@support.example").await;
    let (call, ordered) = anna.dial(IVANOV, None).await;
    anna.pick_up_and_answer(&call, &ordered).await;
    let second = passed_on_to(&boris, &call).await;
    anna.settled().await;
    either_has_their_own(&anna, &call, &anna.case_of(&ordered).await, &second);
}

#[tokio::test]
async fn s16_a_desk_that_starts_after_the_transfer_finds_the_recording_too() {
    let anna = Desk::open().await;
    let mut boris = anna.beside("102", "boris@support.example").await;
    let (call, dialing) = anna.call_out(IVANOV).await;
    anna.known(&dialing.id).await;
    anna.answer(&call, &dialing.id).await;
    anna.sandbox.pbx().step(&call, &Step::Transfer { to: "102".into() }).unwrap();
    let second = boris.new_in_popup(&[]).await;
    boris.engine.stop().await;
    boris.sandbox.pbx().answer(&call).unwrap();
    boris.restart().await;
    boris
        .call_until(&second.id, "a recorded conversation", |call| {
            call.answered_at.is_some() && call.recording == RecordingView::Expected
        })
        .await;
    boris.hang_up(&call, &second.id).await;
    boris.settled().await;
    anna.settled().await;
    either_has_their_own(&anna, &call, &anna.case_of(&dialing.id).await, &boris.case_of(&second.id).await);
}

#[tokio::test]
async fn s06_what_is_typed_after_creating_the_case_stands_in_the_message_about_the_call() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let (subject, gist) = (String::from("Счёт"), String::from("Нужен новый"));
    desk.act(
        &ringing.id,
        AgentAction::CreateCase {
            subject: subject.clone(),
            gist,
        },
    )
    .await;
    desk.case_of(&ringing.id).await;
    let gist = "Нужен новый. Перезвонить в среду".to_owned();
    desk.act(&ringing.id, AgentAction::SaveDraft { subject, gist }).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    let texts: Vec<&str> = case.messages.iter().map(|message| message.content.as_str()).collect();
    assert_eq!((texts.len(), texts[0]), (2, "Нужен новый"));
    assert!(
        texts[1].starts_with("Запись разговора: Входящий звонок с +7 (916) 123-45-67"),
        "{texts:?}"
    );
    assert!(texts[1].ends_with("\n\nНужен новый. Перезвонить в среду"), "{texts:?}");
    let page = desk.engine.case_page(&case.case_id.to_string(), true).await.unwrap();
    assert_eq!(page.messages.len(), 1, "on screen the two are one: {:?}", page.messages);
    assert!(page.messages[0].attachments.iter().any(|file| file.audio));
}
