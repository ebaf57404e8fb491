//! What a call costs in requests to Omnidesk: its limit is per minute and shared by the whole office.
//!
//! At most two reads and four writes for an answered call with a case, three requests in all for a missed
//! one, and none by polling. What is counted is what the stand-in Omnidesk was asked, whoever asked it.

use crate::desk::{Desk, IVANOV, LONG, STRANGER};
use calls::AgentAction;
use engine::view::{CallView, CallerView, DeskView, DirectionView, RecordingView, Route};
use sandbox::CallSpec;
use std::time::Duration;

/// Longer than anything that follows from a talk by itself takes to be asked for.
const AFTER_A_TALK: Duration = Duration::from_secs(8);

/// A person with one profile: no other one has to be read for the address.
const TSOI: &str = "79895550116";

impl Desk {
    /// Forgets what was asked so far.
    fn count_from_here(&self) {
        self.sandbox.omnidesk().clear_requests();
    }

    /// What was asked since then, by kind.
    fn asked(&self) -> Vec<String> {
        self.sandbox.omnidesk().requests().iter().map(|request| request.kind()).collect()
    }

    /// Omnidesk was asked who calls: this computer's index may have known them before.
    async fn looked_up(&self) {
        let told = |omnidesk: &sandbox::Omnidesk| {
            let mut requests = omnidesk.requests().into_iter();
            requests.any(|request| request.kind() == "GET users" && request.status.is_some())
        };
        assert!(self.sandbox.omnidesk().until(LONG, told).await, "a look-up");
    }

    fn costs(&self, reads: usize, writes: usize) {
        let asked = self.asked();
        let read = asked.iter().filter(|kind| kind.starts_with("GET ")).count();
        assert!(
            read <= reads && asked.len() - read <= writes,
            "at most {reads} reads and {writes} writes: {asked:#?}"
        );
    }

    /// The profile that opens when the agent answers, as the window reads it.
    async fn profile_opens(&self) {
        let Route::Profile { user, .. } = self.opened().await else {
            panic!("a profile")
        };
        self.engine.profile(&user).await.unwrap();
    }

    /// Time passes after a talk with nobody to write for, which is nothing to ask about.
    async fn nothing_more(&self) {
        let (call, ringing) = self.ring("anonymous").await;
        self.answer(&call, &ringing.id).await;
        self.hang_up(&call, &ringing.id).await;
        tokio::time::sleep(AFTER_A_TALK).await;
    }

    async fn with_recording(&self, id: &str) -> CallView {
        self.call_until(id, "the recording", |call| call.recording == RecordingView::Attached)
            .await
    }
}

#[tokio::test]
async fn request_budget_of_a_ring_is_one_look_up() {
    let desk = Desk::open().await;
    for from in [TSOI, IVANOV, STRANGER] {
        desk.count_from_here();
        let (call, ringing) = desk.ring(from).await;
        desk.known(&ringing.id).await;
        desk.looked_up().await;
        assert_eq!(desk.asked(), ["GET users"], "{from}");
        desk.hang_up(&call, &ringing.id).await;
        desk.settled().await;
    }
}

/// Answered; the profile opens where there is one; the case appears by itself.
async fn answered(desk: &Desk, from: &str) {
    let (call, ringing) = desk.ring(from).await;
    let known = desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    if matches!(known.caller, CallerView::Known { .. }) {
        desk.profile_opens().await;
    }
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    desk.with_recording(&ringing.id).await;
}

#[tokio::test]
async fn request_budget_of_an_answered_call_of_a_known_user_whose_case_appears_by_itself() {
    let desk = Desk::open().await;
    desk.count_from_here();
    answered(&desk, TSOI).await;
    desk.nothing_more().await;
    desk.costs(2, 2);
}

#[tokio::test]
async fn request_budget_of_an_answered_call_of_an_unknown_caller_whose_case_appears_by_itself() {
    let desk = Desk::open().await;
    desk.count_from_here();
    answered(&desk, STRANGER).await;
    desk.nothing_more().await;
    desk.costs(2, 2);
}

/// Answered; the agent creates the case.
async fn created(desk: &Desk, from: &str) {
    let (call, ringing) = desk.ring(from).await;
    let known = desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    if matches!(known.caller, CallerView::Known { .. }) {
        desk.profile_opens().await;
    }
    let create = AgentAction::CreateCase {
        subject: "Счёт".into(),
        gist: "Нужен новый".into(),
    };
    desk.act(&ringing.id, create).await;
    desk.case_of(&ringing.id).await;
    desk.call_until(&ringing.id, "the user", |call| matches!(call.caller, CallerView::Known { .. }))
        .await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    desk.with_recording(&ringing.id).await;
    desk.nothing_more().await;
}

#[tokio::test]
async fn request_budget_of_a_created_case_of_a_known_user() {
    let desk = Desk::open().await;
    desk.count_from_here();
    created(&desk, TSOI).await;
    desk.costs(2, 4);
}

#[tokio::test]
async fn request_budget_of_a_created_case_of_an_unknown_caller() {
    let desk = Desk::open().await;
    desk.count_from_here();
    created(&desk, STRANGER).await;
    desk.costs(2, 4);
}

#[tokio::test]
async fn request_budget_of_a_call_attached_from_the_profile() {
    let desk = Desk::open().await;
    desk.talk(TSOI).await;
    let earlier = desk.only_case();
    desk.count_from_here();
    let (call, ringing) = desk.ring(TSOI).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.profile_opens().await;
    let case = earlier.case_id.to_string();
    desk.engine.attach(&ringing.id, &case, "По тому же".into()).await.unwrap();
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    desk.with_recording(&ringing.id).await;
    desk.nothing_more().await;
    desk.costs(2, 4);
}

#[tokio::test]
async fn request_budget_of_a_call_whose_number_is_linked_to_a_found_user() {
    let desk = Desk::open().await;
    let found = desk.engine.search_users("ivanov@romashka").await.unwrap();
    let user = found[0].user.id.parse().unwrap();
    desk.count_from_here();
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.act(&ringing.id, AgentAction::LinkUser { user: calls::UserId(user) }).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    desk.with_recording(&ringing.id).await;
    // Finding out whose the number is before it is written costs more than an ordinary call: at most these, once.
    let asked = desk.asked();
    let writes: Vec<_> = asked.iter().filter(|kind| !kind.starts_with("GET ")).collect();
    assert_eq!(writes, ["POST users", "PUT users/*/link", "POST cases"]);
}

/// Two missed calls, each counted.
async fn missed_twice(from: &str) {
    let desk = Desk::open().await;
    let mut cases = Vec::new();
    for time in ["first", "second"] {
        desk.count_from_here();
        cases.push(desk.missed(from).await);
        desk.nothing_more().await;
        let asked = desk.asked();
        assert!(asked.len() <= 3, "{time} of {from}: {asked:#?}");
    }
    let [first, second] = &cases[..] else { panic!("two") };
    assert_eq!(
        (second.case_id, second.messages.len()),
        (first.case_id, first.messages.len() + 1),
        "both are there"
    );
}

#[tokio::test]
async fn request_budget_of_missed_calls_of_a_known_user() {
    missed_twice(TSOI).await;
}

#[tokio::test]
async fn request_budget_of_missed_calls_of_an_unknown_caller() {
    missed_twice(STRANGER).await;
}

/// IVANOV's address stands in another profile: this computer's index knows it, nobody reads it at the ring.
#[tokio::test]
async fn request_budget_of_a_person_with_two_profiles() {
    let desk = Desk::open().await;
    desk.count_from_here();
    answered(&desk, IVANOV).await;
    assert_eq!(desk.asked()[..2], ["GET users", "GET cases"]);
    desk.costs(2, 2);
    desk.count_from_here();
    desk.missed(IVANOV).await;
    assert!(desk.asked().len() <= 3, "{:#?}", desk.asked());
    // And the address is shown all the same, from the first ring on.
    let (_, ringing) = desk.ring(IVANOV).await;
    let CallerView::Known { user, .. } = desk.known(&ringing.id).await.caller else {
        panic!("known")
    };
    assert_eq!(user.email.as_deref(), Some("ivanov@romashka.example"));
}

#[tokio::test]
async fn request_budget_of_an_idle_desk_is_nothing() {
    let desk = Desk::open().await;
    answered(&desk, TSOI).await;
    desk.count_from_here();
    // The agent is done with the popup, a colleague calls, a hidden number calls, the agent looks at the lists: no reason to ask.
    desk.engine.close_popup().await;
    desk.until("the popup's end", |view| view.popup.is_empty().then_some(())).await;
    let call = desk.sandbox.pbx().place(CallSpec::internal("102", "101")).unwrap();
    let internal = |view: &DeskView| view.calls.iter().find(|call| call.direction == DirectionView::Internal).cloned();
    let ringing = desk.until("the colleague's call", internal).await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    let (call, ringing) = desk.ring("anonymous").await;
    desk.hang_up(&call, &ringing.id).await;
    assert_eq!(desk.engine.desk().await.calls.len(), 3);
    assert_eq!(desk.asked(), [""; 0], "nothing came between");
    let (_, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    assert_eq!(
        desk.asked(),
        ["GET users"],
        "the next thing that is asked is the next call's look-up"
    );
}
