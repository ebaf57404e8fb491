//! One agent at several computers: each call is written once, by the computer at which the agent acted; the others show
//! it. In the usual case of one computer that costs nothing (`budget.rs`).

use crate::desk::{Desk, IVANOV, LONG, STRANGER};
use calls::AgentAction;
use engine::view::{CallCaseView, CallView};
use sandbox::CallSpec;
use sandbox::omnidesk::{CaseDump, Fault, FaultRule, MessageKind};
use sandbox::pbx::PbxFault;

const CASES: &str = "/api/cases.json";

/// Two computers of agent 101. To tell what each asks Omnidesk, the second one has a key of its own.
struct Two {
    office: Desk,
    home: Desk,
}

impl Two {
    async fn open() -> Self {
        let office = Desk::open().await;
        let home = office.beside("101", "boris@support.example").await;
        Self { office, home }
    }

    fn each(&self) -> [&Desk; 2] {
        [&self.office, &self.home]
    }

    /// One call that rings; both show it, under the same id.
    async fn ring(&self, spec: CallSpec) -> (String, CallView) {
        let before = self.home.ids();
        let (call, ringing) = self.office.place(spec).await;
        let at_home = self.home.new_in_popup(&before).await;
        assert_eq!(at_home.id, ringing.id);
        for desk in self.each() {
            desk.known(&ringing.id).await;
        }
        (call, ringing)
    }

    async fn answer(&self, call: &str, id: &str) {
        self.office.answer(call, id).await;
        let recorded = |call: &CallView| call.recording == engine::view::RecordingView::Expected;
        self.home.call_until(id, "the recording", recorded).await;
    }

    async fn hang_up(&self, call: &str, id: &str) {
        self.office.hang_up(call, id).await;
        self.home.call_until(id, "the end", |call| call.ended_at.is_some()).await;
    }

    async fn settled(&self) {
        self.office.settled().await;
        self.home.settled().await;
    }

    /// Both show the same case; exactly one of them says that the other one wrote it.
    async fn both_show(&self, id: &str, case: &CaseDump) {
        let mut elsewhere = 0;
        for desk in self.each() {
            let linked = |call: &CallView| matches!(call.case, CallCaseView::Linked { .. });
            let call = desk.call_until(id, "its case", linked).await;
            let CallCaseView::Linked { case_id, number, .. } = call.case else {
                panic!("linked")
            };
            assert_eq!((case_id, number), (case.case_id.to_string(), case.case_number.clone()));
            elsewhere += usize::from(call.elsewhere);
        }
        assert_eq!(elsewhere, 1, "one writes, the other shows");
    }

    fn asked_by(&self, email: &str) -> Vec<String> {
        let requests = self.office.sandbox.omnidesk().requests().into_iter();
        requests
            .filter(|request| request.staff_email == email)
            .map(|request| request.kind())
            .collect()
    }

    fn files(case: &CaseDump) -> usize {
        case.messages.iter().map(|message| message.attachments.len()).sum()
    }
}

#[tokio::test]
async fn d5_a_call_at_two_computers_is_written_once_and_costs_the_other_one_nothing() {
    for from in [IVANOV, STRANGER] {
        let two = Two::open().await;
        let (call, ringing) = two.ring(CallSpec::incoming(from, "101")).await;
        two.answer(&call, &ringing.id).await;
        two.office.sandbox.omnidesk().clear_requests();
        two.hang_up(&call, &ringing.id).await;
        two.settled().await;
        let case = two.office.only_case();
        assert_eq!((case.status.as_str(), case.messages.len(), Two::files(&case)), ("waiting", 1, 1));
        two.both_show(&ringing.id, &case).await;
        let mut asked = [two.asked_by("anna@support.example"), two.asked_by("boris@support.example")];
        asked.sort_by_key(Vec::len);
        assert_eq!(asked[0], [""; 0], "{asked:?}");
        assert!(asked[1].len() <= 2, "{asked:?}");
    }
}

#[tokio::test]
async fn s25_a_missed_call_at_two_computers_is_written_once_and_the_next_one_is_one_note() {
    let two = Two::open().await;
    for messages in 1..=2 {
        let (call, ringing) = two.ring(CallSpec::incoming(IVANOV, "101")).await;
        two.hang_up(&call, &ringing.id).await;
        two.settled().await;
        let case = two.office.only_case();
        assert_eq!(
            (case.status.as_str(), case.messages.len()),
            ("open", messages),
            "{:?}",
            case.messages
        );
        two.both_show(&ringing.id, &case).await;
    }
}

#[tokio::test]
async fn s24_a_call_out_at_two_computers_is_written_once() {
    let two = Two::open().await;
    let (call, ringing) = two.ring(CallSpec::outgoing("101", IVANOV)).await;
    two.answer(&call, &ringing.id).await;
    two.hang_up(&call, &ringing.id).await;
    two.settled().await;
    let case = two.office.only_case();
    assert_eq!((case.status.as_str(), case.messages.len(), Two::files(&case)), ("closed", 1, 1));
    two.both_show(&ringing.id, &case).await;
}

/// At which of the two the agent acts must make no difference.
async fn at_each(act: impl AsyncFn(&Two, &Desk, &str, &str)) {
    for at_home in [false, true] {
        let two = Two::open().await;
        let (call, ringing) = two.ring(CallSpec::incoming(IVANOV, "101")).await;
        two.answer(&call, &ringing.id).await;
        let desk = if at_home { &two.home } else { &two.office };
        act(&two, desk, &call, &ringing.id).await;
        let other = if at_home { &two.office } else { &two.home };
        let shown = other
            .call_until(&ringing.id, "that it is written there", |call| call.elsewhere)
            .await;
        assert!(matches!(shown.case, CallCaseView::Linked { .. }), "{:?}", shown.case);
        assert!(!desk.call_until(&ringing.id, "the call", |_| true).await.elsewhere);
    }
}

#[tokio::test]
async fn d5_the_computer_at_which_the_agent_created_the_case_writes_all_of_it() {
    at_each(async |two, desk, call, id| {
        let (subject, gist) = ("Счёт".into(), "Нужен новый".into());
        desk.act(id, AgentAction::CreateCase { subject, gist }).await;
        desk.case_of(id).await;
        two.hang_up(call, id).await;
        two.settled().await;
        let case = desk.only_case();
        assert_eq!((case.subject.as_str(), case.status.as_str()), ("Счёт", "waiting"));
        assert_eq!((case.messages.len(), Two::files(&case)), (2, 1), "{:?}", case.messages);
    })
    .await;
}

#[tokio::test]
async fn d5_the_computer_at_which_the_agent_attached_the_call_writes_and_no_case_appears() {
    at_each(async |two, desk, call, id| {
        let earlier = desk.earlier_case();
        desk.engine
            .attach(id, &earlier.case_id.to_string(), "По тому же".into())
            .await
            .unwrap();
        two.hang_up(call, id).await;
        two.settled().await;
        assert_eq!(desk.sandbox.omnidesk().new_cases(), []);
        let case = desk.sandbox.omnidesk().case(&earlier.case_number).unwrap();
        assert_eq!(case.messages.len(), earlier.messages.len() + 1);
        assert_eq!(case.messages.last().unwrap().kind, MessageKind::Note);
    })
    .await;
}

#[tokio::test]
async fn s15_the_computer_at_which_the_agent_typed_writes() {
    at_each(async |two, desk, call, id| {
        let (subject, gist) = ("Тема".into(), "Набрано здесь".into());
        desk.act(id, AgentAction::SaveDraft { subject, gist }).await;
        two.hang_up(call, id).await;
        two.settled().await;
        let case = desk.only_case();
        assert_eq!((case.subject.as_str(), case.messages.len()), ("Тема", 1));
        assert!(case.messages[0].content.contains("Набрано здесь"));
    })
    .await;
}

#[tokio::test]
async fn s15_what_was_typed_at_both_computers_is_in_the_one_case() {
    let two = Two::open().await;
    let (call, ringing) = two.ring(CallSpec::incoming(IVANOV, "101")).await;
    two.answer(&call, &ringing.id).await;
    for (desk, gist) in [(&two.office, "В офисе"), (&two.home, "Дома")] {
        let (subject, gist) = (String::new(), gist.into());
        desk.act(&ringing.id, AgentAction::SaveDraft { subject, gist }).await;
    }
    two.hang_up(&call, &ringing.id).await;
    two.settled().await;
    let case = two.office.only_case();
    two.both_show(&ringing.id, &case).await;
    two.settled().await;
    let case = two.office.only_case();
    let all: String = case.messages.iter().map(|message| message.content.clone()).collect();
    assert_eq!(
        (case.messages.len(), all.matches("В офисе").count(), all.matches("Дома").count()),
        (2, 1, 1),
        "{all}"
    );
}

/// The one that writes dies; the other stands in.
async fn writer_dies(fault: Fault) -> (Desk, String) {
    let mut two = Two::open().await;
    let (call, ringing) = two.ring(CallSpec::incoming(IVANOV, "101")).await;
    two.answer(&call, &ringing.id).await;
    two.office.act(&ringing.id, AgentAction::OpenCompose).await;
    two.office
        .sandbox
        .omnidesk()
        .fault(FaultRule::once(fault).on("POST", CASES).times(0));
    two.hang_up(&call, &ringing.id).await;
    let tried = |omnidesk: &sandbox::Omnidesk| omnidesk.counts().contains_key("POST cases");
    assert!(two.office.sandbox.omnidesk().until(LONG, tried).await, "an attempt");
    two.home
        .call_until(&ringing.id, "that the office writes", |call| call.elsewhere)
        .await;
    two.office.engine.stop().await;
    two.office.sandbox.omnidesk().clear_faults();
    two.home.settled().await;
    two.home.only_case();
    // And who comes back finds it written.
    two.office.restart().await;
    two.office.settled().await;
    two.office.case_of(&ringing.id).await;
    (two.home, ringing.id)
}

#[tokio::test]
async fn d5_when_the_writer_dies_before_the_write_the_other_one_writes() {
    let refused = Fault::Status {
        status: 503,
        body: None,
        retry_after: None,
    };
    let (desk, id) = writer_dies(refused).await;
    assert_eq!(desk.only_case().case_id, desk.case_of(&id).await.case_id);
}

#[tokio::test]
async fn d5_when_the_writer_dies_after_the_write_the_other_one_finds_it() {
    let (desk, id) = writer_dies(Fault::Lost { ms: 0 }).await;
    assert_eq!(desk.only_case().case_id, desk.case_of(&id).await.case_id);
    assert_eq!(desk.only_case().messages.len(), 1);
}

/// Neither can tell the other anything: each takes its turn and looks.
async fn silent(fault: PbxFault) {
    let two = Two::open().await;
    let (call, ringing) = two.ring(CallSpec::incoming(IVANOV, "101")).await;
    two.answer(&call, &ringing.id).await;
    two.office.sandbox.pbx().fault(&fault);
    two.hang_up(&call, &ringing.id).await;
    two.settled().await;
    let case = two.office.only_case();
    assert_eq!((case.messages.len(), case.status.as_str()), (1, "waiting"), "{:?}", case.messages);
    for desk in two.each() {
        assert_eq!(desk.case_of(&ringing.id).await.case_id, case.case_id);
    }
}

#[tokio::test]
async fn d5_where_the_pbx_lets_nobody_say_anything_each_looks_in_its_turn() {
    let (method, path) = (Some("POST".into()), Some("applications".into()));
    let (status, count) = (403, 0);
    silent(PbxFault::RestStatus {
        status,
        count,
        method,
        path,
    })
    .await;
}

#[tokio::test]
async fn d5_where_the_pbx_does_not_tell_who_listens_each_looks_in_its_turn() {
    let (method, path) = (Some("GET".into()), Some("applications".into()));
    let (status, count) = (500, 0);
    silent(PbxFault::RestStatus {
        status,
        count,
        method,
        path,
    })
    .await;
}

#[tokio::test]
async fn d5_a_machine_set_up_anew_does_not_write_again_what_the_earlier_one_wrote() {
    let before = Desk::open().await;
    let (call, ringing) = before.ring(IVANOV).await;
    before.known(&ringing.id).await;
    before.answer(&call, &ringing.id).await;
    let (subject, gist) = ("Счёт".into(), "Нужен новый".into());
    before.act(&ringing.id, AgentAction::CreateCase { subject, gist }).await;
    before.case_of(&ringing.id).await;
    before.settled().await;
    before.engine.stop().await;
    // An empty file: it sees the call by the snapshot alone.
    let anew = before.beside("101", "anna@support.example").await;
    anew.call_until(&ringing.id, "the live call", |call| call.answered_at.is_some())
        .await;
    anew.hang_up(&call, &ringing.id).await;
    anew.settled().await;
    let case = anew.only_case();
    assert_eq!((case.subject.as_str(), case.status.as_str()), ("Счёт", "waiting"));
    assert_eq!(anew.case_of(&ringing.id).await.case_id, case.case_id);
}

#[tokio::test]
async fn d5_a_desk_that_comes_back_late_finds_what_another_computer_wrote_and_left() {
    let mut two = Two::open().await;
    let (call, ringing) = two.ring(CallSpec::incoming(IVANOV, "101")).await;
    two.answer(&call, &ringing.id).await;
    two.office.engine.stop().await;
    two.home.hang_up(&call, &ringing.id).await;
    two.home.settled().await;
    let case = two.home.only_case();
    two.home.engine.stop().await;
    two.office.restart().await;
    two.office.settled().await;
    assert_eq!(two.office.only_case().messages, case.messages);
    assert_eq!(two.office.case_of(&ringing.id).await.case_id, case.case_id);
}

#[tokio::test]
async fn d5_a_desk_that_comes_back_late_finds_what_another_computer_attached_and_left() {
    let mut two = Two::open().await;
    let (call, ringing) = two.ring(CallSpec::incoming(IVANOV, "101")).await;
    two.answer(&call, &ringing.id).await;
    two.office.engine.stop().await;
    let earlier = two.home.earlier_case();
    two.home
        .engine
        .attach(&ringing.id, &earlier.case_id.to_string(), "По тому же".into())
        .await
        .unwrap();
    two.home.hang_up(&call, &ringing.id).await;
    two.home.settled().await;
    two.home.engine.stop().await;
    two.office.restart().await;
    two.office.settled().await;
    assert_eq!(two.office.sandbox.omnidesk().new_cases(), []);
    assert_eq!(two.office.case_of(&ringing.id).await.case_id, earlier.case_id);
}

crate::desk::also_in_a_fresh_account!(s25_a_missed_call_at_two_computers_is_written_once_and_the_next_one_is_one_note,);
