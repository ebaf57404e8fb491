//! Accounts that differ from the usual one: nobody has set them up for calls, or they are so full that no list of theirs
//! fits on a page.

use crate::desk::{Desk, IVANOV, STRANGER, colleague, in_a_fresh_account};
use calls::AgentAction;
use engine::view::{CallCaseView, HandsetView, TestOutcome, TypedSecrets};
use sandbox::omnidesk::CaseDump;
use sandbox::{CallSpec, Options, Sandbox, Setup};

const RED: &str = "Пропущенный";
const GREEN: &str = "Перезвонили";

impl Desk {
    fn asked_for(&self, kind: &str) -> usize {
        self.sandbox.omnidesk().counts().get(kind).copied().unwrap_or_default()
    }
}

fn now(desk: &Desk, case: &CaseDump) -> CaseDump {
    desk.sandbox.omnidesk().case(&case.case_number).unwrap()
}

#[test]
fn s25_the_label_that_the_first_missed_call_makes_is_known_from_then_on() {
    in_a_fresh_account(first_missed_calls);
}

#[tokio::main(flavor = "current_thread")]
async fn first_missed_calls() {
    let desk = Desk::open().await;
    assert_eq!(desk.asked_for("GET labels"), 1, "with the account");
    assert_eq!(desk.missed(IVANOV).await.labels, [RED]);
    assert_eq!((desk.asked_for("GET labels"), desk.asked_for("POST labels")), (2, 1));
    desk.sandbox.omnidesk().clear_requests();
    desk.engine.close_popup().await;
    assert_eq!(desk.missed(STRANGER).await.labels, [RED]);
    assert_eq!(desk.asked_for("GET labels") + desk.asked_for("POST labels"), 0);
}

#[test]
fn s28_s33d_a_label_that_another_desk_made_since_is_taken_off_and_its_missed_call_is_recognised() {
    in_a_fresh_account(made_at_another_desk);
}

#[tokio::main(flavor = "current_thread")]
async fn made_at_another_desk() {
    let anna = Desk::open().await;
    let boris = anna.beside("102", "boris@support.example").await;
    let (call, ringing) = boris.place(CallSpec::incoming(IVANOV, "102")).await;
    boris.known(&ringing.id).await;
    boris.identified(&ringing.id).await;
    boris.hang_up(&call, &ringing.id).await;
    boris.settled().await;
    let missed = boris.case_of(&ringing.id).await;
    assert_eq!(missed.labels, [RED]);
    // The profile tells: it is a missed call, though this desk has read the account before there was such a label.
    let profile = anna.engine.profile(&missed.user_id.to_string()).await.unwrap();
    let row = profile.cases.iter().find(|row| row.number == missed.case_number).unwrap();
    assert_eq!(row.handset, HandsetView::Missed);
    let (call, dialing) = anna.call_out(IVANOV).await;
    anna.known(&dialing.id).await;
    anna.answer(&call, &dialing.id).await;
    anna.act(
        &dialing.id,
        AgentAction::CreateCase {
            subject: "Перезвонили".into(),
            gist: String::new(),
        },
    )
    .await;
    anna.call_until(&dialing.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    anna.hang_up(&call, &dialing.id).await;
    anna.settled().await;
    let missed = now(&anna, &missed);
    assert_eq!((missed.status.as_str(), missed.labels), ("closed", vec![GREEN.to_owned()]));
}

#[test]
fn s25_an_agent_who_may_not_make_labels_is_refused_once_and_not_at_every_call() {
    in_a_fresh_account(may_not_make_labels);
}

#[tokio::main(flavor = "current_thread")]
async fn may_not_make_labels() {
    use sandbox::omnidesk::{Fault, FaultRule};
    let desk = Desk::open().await;
    let refused = Fault::Status {
        status: 403,
        body: None,
        retry_after: None,
    };
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(refused).on("POST", "/api/labels.json").times(0));
    assert_eq!(desk.missed(IVANOV).await.labels, [""; 0], "the case is written all the same");
    desk.sandbox.omnidesk().clear_requests();
    desk.engine.close_popup().await;
    desk.missed(STRANGER).await;
    assert_eq!(desk.asked_for("GET labels") + desk.asked_for("POST labels"), 0);
}

/// A desk in an office with more than a hundred of everything, its own staff last.
async fn crowded() -> Desk {
    let options = Options {
        setup: Setup::Crowded,
        ..Options::default()
    };
    Desk::open_in(Sandbox::start(options).await.unwrap(), |_| {}).await
}

#[tokio::test]
async fn d6_what_stands_on_later_pages_of_the_accounts_lists_is_found_by_the_test_and_by_the_work() {
    let desk = crowded().await;
    assert_eq!(desk.view().agent.name.as_deref(), Some("Анна Литвинова"), "of more than 120");
    let settings = desk.engine.settings().await.unwrap();
    let lines = desk.engine.test_omnidesk(settings, TypedSecrets::default()).await.unwrap();
    let failed: Vec<_> = lines.iter().filter(|line| line.outcome != TestOutcome::Passed).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let missed = desk.missed(IVANOV).await;
    assert_eq!(
        (missed.labels.as_slice(), missed.channel.as_str()),
        ([RED.to_owned()].as_slice(), "cch101")
    );
    assert!(
        missed.fields.contains_key("ID звонка") && missed.fields.contains_key("Телефон"),
        "{:?}",
        missed.fields
    );
    assert_eq!(desk.asked_for("POST labels"), 0, "it is there, on the second page");
}

#[tokio::test]
async fn s06_a_recording_in_a_case_with_hundreds_of_messages_is_played_from_either_end() {
    let desk = Desk::open().await;
    let call = desk.talk(IVANOV).await;
    let case = desk.case_of(&call.id).await;
    let id = case.case_id.to_string();
    let page = desk.engine.case_page(&id, true).await.unwrap();
    let early = page.messages[0].attachments[0].id.clone();
    let client = colleague(&desk.sandbox);
    desk.sandbox.omnidesk().set_rate_limit(0);
    let of_case = omnidesk::CaseRef::Id(omnidesk::CaseId(case.case_id));
    for n in 0..230 {
        let mut note = omnidesk::NewNote::new(omnidesk::Content::text(format!("Заметка {n}")));
        if n == 229 {
            note.attachments.push(omnidesk::Attachment::new("late.wav", "audio/wav", sound()));
        }
        client.notes(&of_case).create(&note).await.unwrap();
    }
    let page = desk.engine.case_page(&id, true).await.unwrap();
    let late = page.messages.last().unwrap().attachments[0].id.clone();
    for attachment in [&late, &early] {
        let sound = desk.engine.sound(&id, attachment).await.unwrap();
        assert!(sound.kind.starts_with("audio/"), "{attachment}");
    }
    assert!(desk.engine.sound(&id, "1-0").await.is_err(), "and what is not there is not there");
}

/// A moment of silence.
fn sound() -> Vec<u8> {
    let mut bytes =
        b"RIFF\x2c\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x08\x00\x00\x00"
            .to_vec();
    bytes.extend([0; 8]);
    bytes
}
