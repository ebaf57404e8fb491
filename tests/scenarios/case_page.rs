//! The page of a case that the agent created during the call: what this desk wrote itself is not read in
//! Omnidesk, until the agent asks for it.

use crate::desk::{Desk, IVANOV, STRANGER};
use calls::AgentAction;
use engine::view::{CallCaseView, CallView, CallerView, CasePageView, CaseStatusView, HandsetView, Route, TroubleView};
use sandbox::omnidesk::{ByHand, CaseDump};

/// A person with one profile: no other one has to be read for the address.
const TSOI: &str = "79895550116";

impl Desk {
    /// Rings and is answered; the agent looks at the profile that opens, and creates a case.
    async fn creates(&self, from: &str) -> (String, CallView) {
        let (call, ringing) = self.ring(from).await;
        let known = self.known(&ringing.id).await;
        self.answer(&call, &ringing.id).await;
        if matches!(known.caller, CallerView::Known { .. }) {
            let Route::Profile { user, .. } = self.opened().await else {
                panic!("a profile")
            };
            self.engine.profile(&user).await.unwrap();
        }
        let create = AgentAction::CreateCase {
            subject: "Счёт 1187".into(),
            gist: "Нужен новый".into(),
        };
        self.act(&ringing.id, create).await;
        self.case_of(&ringing.id).await;
        let of_somebody = |call: &CallView| matches!(call.caller, CallerView::Known { .. });
        (call, self.call_until(&ringing.id, "the user", of_somebody).await)
    }

    /// The page as it opens, or refreshes itself.
    async fn page_of(&self, call: &CallView) -> CasePageView {
        self.engine.case_page(&case_of(call), false).await.unwrap()
    }

    /// The page as Omnidesk has it.
    async fn read_page_of(&self, call: &CallView) -> CasePageView {
        self.engine.case_page(&case_of(call), true).await.unwrap()
    }

    fn reads(&self) -> Vec<String> {
        let requests = self.sandbox.omnidesk().requests().into_iter();
        requests
            .filter(|request| request.method == "GET")
            .map(|request| request.kind())
            .collect()
    }

    fn closed_by_a_colleague(&self, case: &CaseDump) {
        self.by_hand(&ByHand::SetStatus {
            case: case.case_id.to_string(),
            status: "closed".into(),
            staff_email: "boris@support.example".into(),
        });
    }
}

fn case_of(call: &CallView) -> String {
    let CallCaseView::Linked { case_id, .. } = &call.case else {
        panic!("linked: {:?}", call.case)
    };
    case_id.clone()
}

fn word(status: &str) -> CaseStatusView {
    match status {
        "open" => CaseStatusView::Open,
        "waiting" => CaseStatusView::Waiting,
        "closed" => CaseStatusView::Closed,
        other => panic!("{other}"),
    }
}

/// What a page says, but for the moments: this computer has its own.
fn said(page: &CasePageView) -> impl PartialEq + std::fmt::Debug + use<> {
    let row = &page.case;
    let messages = page.messages.iter().map(|message| {
        let files: Vec<_> = message
            .attachments
            .iter()
            .map(|file| (file.id.clone(), file.name.clone(), file.size, file.audio))
            .collect();
        (
            message.author,
            message.author_name.clone(),
            message.text.clone(),
            message.note,
            message.call.clone(),
            files,
        )
    });
    (
        (
            row.id.clone(),
            row.number.clone(),
            row.subject.clone(),
            row.status,
            row.handset,
            row.staff.clone(),
            row.is_call,
        ),
        (page.user.clone(), page.labels.clone(), page.url.clone()),
        messages.collect::<Vec<_>>(),
    )
}

#[tokio::test]
async fn s06_the_page_of_a_case_created_during_the_call_opens_without_reading_it() {
    let desk = Desk::open().await;
    let (_, call) = desk.creates(IVANOV).await;
    desk.settled().await;
    desk.sandbox.omnidesk().clear_requests();
    let page = desk.page_of(&call).await;
    assert_eq!(desk.reads(), [""; 0]);
    let case = desk.only_case();
    assert_eq!(
        (page.case.id.as_str(), page.case.number.as_str()),
        (case.case_id.to_string().as_str(), case.case_number.as_str())
    );
    assert_eq!(
        (page.case.subject.as_str(), page.case.status, page.case.handset),
        ("Счёт 1187", word(&case.status), HandsetView::Incoming)
    );
    assert_eq!(page.case.staff.as_deref(), desk.view().agent.name.as_deref());
    assert!(page.case.staff.is_some());
    assert_eq!(page.user.as_ref().map(|user| user.name.as_str()), Some("Иванов Иван Сергеевич"));
    let [message] = &page.messages[..] else {
        panic!("one message: {:#?}", page.messages)
    };
    assert!(
        message.text.starts_with("Нужен новый") && message.text == case.messages[0].content,
        "{message:?}"
    );
    assert_eq!(message.call.as_deref(), Some(call.id.as_str()));
    let read = desk.read_page_of(&call).await;
    assert_eq!(said(&page), said(&read), "as Omnidesk has it");
    assert_eq!(desk.reads(), ["GET cases/*", "GET cases/*/messages"]);
}

#[tokio::test]
async fn s06_after_the_call_the_page_shows_the_recording_without_reading_it_and_plays_it() {
    let desk = Desk::open().await;
    let (ringing, call) = desk.creates(IVANOV).await;
    desk.hang_up(&ringing, &call.id).await;
    desk.settled().await;
    desk.sandbox.omnidesk().clear_requests();
    let page = desk.page_of(&call).await;
    assert_eq!(desk.reads(), [""; 0]);
    assert_eq!(page.case.status, CaseStatusView::Waiting);
    let [message] = &page.messages[..] else {
        panic!("one message about the call: {:#?}", page.messages)
    };
    assert!(
        message.text.starts_with("Нужен новый\n\nВходящий звонок с ") && message.text.contains(", разговор "),
        "{message:?}"
    );
    let [file] = &message.attachments[..] else {
        panic!("one recording: {message:#?}")
    };
    assert!(file.audio && file.size > 44.0, "{file:?}");
    let audio = desk.engine.sound(&page.case.id, &file.id).await.unwrap();
    assert_eq!(audio.kind, "audio/wav");
    assert!(audio.bytes.starts_with(b"RIFF"));
    let read = desk.read_page_of(&call).await;
    assert_eq!(said(&page), said(&read), "as Omnidesk has it");
}

#[tokio::test]
async fn s06_what_the_agent_adds_during_the_call_is_on_the_page() {
    let desk = Desk::open().await;
    let (ringing, call) = desk.creates(TSOI).await;
    let add = AgentAction::CreateCase {
        subject: "Счёт 1187".into(),
        gist: "Нужен новый, до конца дня".into(),
    };
    desk.act(&call.id, add).await;
    desk.hang_up(&ringing, &call.id).await;
    desk.settled().await;
    let page = desk.page_of(&call).await;
    let text = &page.messages[0].text;
    assert!(text.starts_with("Нужен новый, до конца дня\n\nВходящий звонок с "), "{text}");
    assert_eq!(said(&page), said(&desk.read_page_of(&call).await), "as Omnidesk has it");
}

#[tokio::test]
async fn s06_what_a_colleague_changed_is_seen_when_the_agent_asks_for_it_and_from_then_on() {
    let desk = Desk::open().await;
    let (ringing, call) = desk.creates(TSOI).await;
    desk.hang_up(&ringing, &call.id).await;
    desk.settled().await;
    desk.closed_by_a_colleague(&desk.only_case());
    assert_eq!(
        desk.page_of(&call).await.case.status,
        CaseStatusView::Waiting,
        "as this desk wrote it"
    );
    assert_eq!(desk.read_page_of(&call).await.case.status, CaseStatusView::Closed);
    assert_eq!(
        desk.page_of(&call).await.case.status,
        CaseStatusView::Closed,
        "what was seen does not vanish again"
    );
}

#[tokio::test]
async fn s06_a_page_read_during_the_call_is_read_again_when_the_call_has_ended() {
    let desk = Desk::open().await;
    let (ringing, call) = desk.creates(TSOI).await;
    desk.edit_by_hand(&desk.only_case(), "Словами коллеги").await;
    assert_eq!(desk.read_page_of(&call).await.messages[0].text, "Словами коллеги");
    desk.hang_up(&ringing, &call.id).await;
    desk.settled().await;
    let page = desk.page_of(&call).await;
    assert!(page.messages[0].text.starts_with("Словами коллеги"), "{:#?}", page.messages);
    assert!(
        page.messages
            .iter()
            .any(|message| message.attachments.iter().any(|file| file.audio)),
        "{:#?}",
        page.messages
    );
}

#[tokio::test]
async fn s06_where_a_colleague_changed_the_text_meanwhile_the_page_is_read() {
    let desk = Desk::open().await;
    let (_, call) = desk.creates(TSOI).await;
    desk.edit_by_hand(&desk.only_case(), "Словами коллеги").await;
    desk.act(
        &call.id,
        AgentAction::CreateCase {
            subject: "Счёт 1187".into(),
            gist: "Словами агента".into(),
        },
    )
    .await;
    desk.settled().await;
    let page = desk.page_of(&call).await;
    assert_eq!(page.messages[0].text, "Словами коллеги");
    assert!(
        page.messages.iter().any(|message| message.text.starts_with("Словами агента")),
        "{:#?}",
        page.messages
    );
}

#[tokio::test]
async fn s06_a_case_that_another_call_was_attached_to_is_read() {
    let desk = Desk::open().await;
    let (ringing, call) = desk.creates(TSOI).await;
    desk.hang_up(&ringing, &call.id).await;
    desk.settled().await;
    let (again, second) = desk.ring(TSOI).await;
    desk.known(&second.id).await;
    desk.answer(&again, &second.id).await;
    desk.engine.attach(&second.id, &case_of(&call), "И ещё".into()).await.unwrap();
    desk.hang_up(&again, &second.id).await;
    desk.settled().await;
    let page = desk.page_of(&call).await;
    assert!(
        page.messages.iter().any(|message| message.text.starts_with("И ещё")),
        "{:#?}",
        page.messages
    );
}

#[tokio::test]
async fn s06_the_page_is_known_after_a_restart_too() {
    let mut desk = Desk::open().await;
    let (ringing, call) = desk.creates(TSOI).await;
    desk.hang_up(&ringing, &call.id).await;
    desk.settled().await;
    let before = desk.page_of(&call).await;
    desk.restart().await;
    desk.sandbox.omnidesk().clear_requests();
    assert_eq!(desk.page_of(&call).await, before);
    assert_eq!(desk.reads(), [""; 0]);
}

#[tokio::test]
async fn s06_a_case_created_before_is_no_case_of_this_desk() {
    let desk = Desk::open().await;
    let earlier = desk.earlier_case();
    desk.sandbox.omnidesk().clear_requests();
    desk.engine.case_page(&earlier.case_id.to_string(), false).await.unwrap();
    assert_eq!(desk.reads()[..2], ["GET cases/*", "GET cases/*/messages"]);
}

/// The page that opens by itself after «Создать» and refreshes itself at the call's end costs nothing on top.
#[tokio::test]
async fn request_budget_of_a_created_case_with_its_page() {
    let desk = Desk::open().await;
    for from in [TSOI, STRANGER] {
        desk.sandbox.omnidesk().clear_requests();
        let (ringing, call) = desk.creates(from).await;
        desk.page_of(&call).await;
        desk.hang_up(&ringing, &call.id).await;
        desk.settled().await;
        let page = desk.page_of(&call).await;
        assert_eq!(
            page.messages.iter().map(|message| message.attachments.len()).sum::<usize>(),
            1,
            "{from}"
        );
        let (reads, writes) = (desk.reads(), desk.writes());
        assert!(reads.len() <= 2 && writes.len() <= 4, "{from}: {reads:#?} {writes:#?}");
    }
}

#[tokio::test]
async fn d2_a_case_is_found_by_the_number_that_people_know_also_where_it_was_merged() {
    let desk = Desk::open().await;
    let omnidesk = desk.sandbox.omnidesk();
    let cases = omnidesk.cases();
    let (case, parent) = (&cases[0], &cases[1]);
    assert_eq!(
        desk.engine.case_by_number(&case.case_number).await.unwrap(),
        case.case_id.to_string()
    );
    assert!(omnidesk.merge(&case.case_number, &parent.case_number));
    assert_eq!(
        desk.engine.case_by_number(&case.case_number).await.unwrap(),
        parent.case_id.to_string()
    );
    for nobody in ["999-999999", "", "../users", "1?x=1"] {
        assert!(desk.engine.case_by_number(nobody).await.is_err(), "{nobody}");
    }
    let gone = desk.engine.case_by_number("999-999999").await.unwrap_err();
    assert_eq!(gone.trouble, TroubleView::Gone);
}
