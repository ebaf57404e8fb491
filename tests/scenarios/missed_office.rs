//! Missed calls in an office of several desks: one case per user, not one per agent (S25, S27, S33).

use crate::desk::{Desk, IVANOV, LONG, STRANGER, is_set_up};
use calls::AgentAction;
use engine::view::{CallCaseView, CallView, DeskView, Route};
use sandbox::CallSpec;
use sandbox::omnidesk::{ByHand, CaseDump};
use sandbox::pbx::Step;
use std::time::Duration;

/// Two desks at which one call rings.
pub struct Office {
    pub anna: Desk,
    pub boris: Desk,
}

impl Office {
    async fn open() -> Self {
        let anna = Desk::open().await;
        let boris = anna.beside("102", "boris@support.example").await;
        Self { anna, boris }
    }

    fn cases(&self) -> Vec<CaseDump> {
        self.anna.sandbox.omnidesk().new_cases()
    }

    /// The first desk has asked so often that it knows: the call goes on elsewhere.
    async fn asks_where_the_caller_is(&self) {
        let pbx = self.anna.sandbox.pbx();
        let of_channel = |path: &str| path.strip_prefix("channels/").is_some_and(|rest| !rest.contains('/'));
        let asked = |pbx: &sandbox::Pbx| pbx.rest_requests().iter().filter(|request| of_channel(&request.path)).count();
        let before = asked(pbx);
        assert!(pbx.until(LONG, |pbx| asked(pbx) > before + 4).await, "the PBX is asked");
    }

    /// A call that both see in their popups. Returns the sandbox's id of it and the two views.
    async fn ring_both(&self, spec: CallSpec) -> (String, CallView, CallView) {
        let (at_anna, at_boris) = (self.anna.ids(), self.boris.ids());
        let call = self.anna.sandbox.pbx().place(spec).unwrap();
        let anna = self.anna.new_in_popup(&at_anna).await;
        let boris = self.boris.new_in_popup(&at_boris).await;
        self.anna.known(&anna.id).await;
        self.boris.known(&boris.id).await;
        (call, anna, boris)
    }

    /// A group call that nobody answers, as far as it is written.
    pub async fn missed_by_both(&self, from: &str) -> (CallView, CallView) {
        let (call, anna, boris) = self.ring_both(CallSpec::group(from, &["101", "102"])).await;
        // The desks have found out whose turn it is.
        for (desk, call, other) in [(&self.anna, &anna, "102"), (&self.boris, &boris, "101")] {
            desk.call_until(&call.id, "the other desk", |call| call.rings_also_at == [other])
                .await;
        }
        self.anna.sandbox.pbx().hang_up(&call).unwrap();
        let ended = |call: &CallView| call.ended_at.is_some();
        self.anna.call_until(&anna.id, "the end", ended).await;
        self.boris.call_until(&boris.id, "the end", ended).await;
        self.anna.settled().await;
        self.boris.settled().await;
        (anna, boris)
    }
}

fn only(mut cases: Vec<CaseDump>) -> CaseDump {
    assert_eq!(cases.len(), 1, "exactly one case: {cases:#?}");
    cases.remove(0)
}

fn number_of(desk: &Desk, id: &str) -> String {
    let of_call = |view: DeskView| view.calls.into_iter().find(|call| call.id == id).unwrap();
    let CallCaseView::Linked { number, .. } = of_call(desk.view()).case else {
        panic!("no case")
    };
    number
}

#[tokio::test]
async fn s25_s27_a_group_call_that_nobody_answers_is_one_missed_case_and_every_desk_shows_it() {
    for from in [IVANOV, STRANGER] {
        let office = Office::open().await;
        let (anna, boris) = office.missed_by_both(from).await;
        let case = only(office.cases());
        assert_eq!((case.status.as_str(), case.messages.len()), ("open", 1), "{:?}", case.messages);
        assert_eq!(case.labels, ["Пропущенный"]);
        assert_eq!(number_of(&office.anna, &anna.id), case.case_number);
        assert_eq!(number_of(&office.boris, &boris.id), case.case_number);

        let (anna, boris) = office.missed_by_both(from).await;
        let case = only(office.cases());
        assert_eq!(
            (case.status.as_str(), case.messages.len()),
            ("open", 2),
            "one note: {:?}",
            case.messages
        );
        assert_eq!(number_of(&office.anna, &anna.id), case.case_number);
        assert_eq!(number_of(&office.boris, &boris.id), case.case_number);
    }
}

#[tokio::test]
async fn request_budget_of_a_group_call_that_nobody_answers() {
    let office = Office::open().await;
    let omnidesk = office.anna.sandbox.omnidesk();
    for round in 1..=2 {
        omnidesk.clear_requests();
        office.missed_by_both(IVANOV).await;
        let of = |email: &str| {
            let requests = omnidesk.requests();
            requests
                .iter()
                .filter(|request| request.staff_email == email)
                .map(|request| request.kind())
                .collect::<Vec<_>>()
        };
        let (anna, boris) = (of("anna@support.example"), of("boris@support.example"));
        assert_eq!(anna.len(), 3, "round {round}: {anna:?}");
        assert!(
            boris.len() <= 3 && boris.iter().all(|kind| kind.starts_with("GET ")),
            "round {round}: {boris:?}"
        );
    }
}

#[tokio::test]
async fn s25_when_the_first_desk_is_gone_the_next_one_writes() {
    let mut office = Office::open().await;
    let (call, anna, boris) = office.ring_both(CallSpec::group(IVANOV, &["101", "102"])).await;
    office
        .boris
        .call_until(&boris.id, "the other desk", |call| call.rings_also_at == ["101"])
        .await;
    office.anna.engine.stop().await;
    office.anna.sandbox.pbx().hang_up(&call).unwrap();
    office.boris.call_until(&boris.id, "the end", |call| call.ended_at.is_some()).await;
    office.boris.settled().await;
    let case = only(office.cases());
    assert_eq!(number_of(&office.boris, &boris.id), case.case_number);
    // And who comes back finds it written.
    office.anna.restart().await;
    office
        .anna
        .call_until(&anna.id, "its case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    assert_eq!(number_of(&office.anna, &anna.id), only(office.cases()).case_number);
}

#[tokio::test]
async fn s27_calls_missed_at_different_desks_share_the_users_case() {
    for from in [IVANOV, STRANGER] {
        let office = Office::open().await;
        let first = office.anna.missed(from).await;
        if !is_set_up() {
            // Without a field for the call's id only the time tells two calls apart, and Omnidesk tells whole seconds.
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        let (call, ringing) = office.boris.place(CallSpec::incoming(from, "102")).await;
        office.boris.known(&ringing.id).await;
        office.boris.hang_up(&call, &ringing.id).await;
        office.boris.settled().await;
        let case = only(office.cases());
        assert_eq!(
            (case.case_id, case.messages.len(), case.status.as_str()),
            (first.case_id, 2, "open")
        );
        assert_eq!(number_of(&office.boris, &ringing.id), case.case_number);
        let outcome = office
            .boris
            .view()
            .calls
            .into_iter()
            .find(|call| call.id == ringing.id)
            .unwrap()
            .outcome
            .unwrap();
        assert_eq!(outcome.rule, "S27", "what the agent reads is what was written");
    }
}

/// The client reaches Boris, whose profile page opens; Boris does as the test says.
async fn talks_to_boris(office: &Office, act: impl AsyncFnOnce(&str)) {
    let boris = &office.boris;
    let (call, ringing) = boris.place(CallSpec::incoming(IVANOV, "102")).await;
    boris.known(&ringing.id).await;
    boris.answer(&call, &ringing.id).await;
    let Route::Profile { user, .. } = boris.opened().await else {
        panic!("a profile")
    };
    boris.engine.profile(&user).await.unwrap();
    act(&ringing.id).await;
    boris.hang_up(&call, &ringing.id).await;
    boris.settled().await;
}

#[tokio::test]
async fn s33a_a_conversation_at_another_desk_closes_the_missed_case_and_begins_a_new_group() {
    let office = Office::open().await;
    let missed = office.anna.missed(IVANOV).await;
    talks_to_boris(&office, async |call| {
        let (subject, gist) = ("Счёт".into(), "Нужен новый".into());
        office.boris.act(call, AgentAction::CreateCase { subject, gist }).await;
    })
    .await;
    let now = || office.anna.sandbox.omnidesk().case(&missed.case_number).unwrap();
    assert_eq!(now().status, "closed");
    // Anna's desk has heard nothing of that conversation.
    let next = office.anna.missed(IVANOV).await;
    assert_ne!(next.case_id, missed.case_id, "after a conversation a case of its own");
    assert_eq!((next.status.as_str(), next.messages.len(), now().messages.len()), ("open", 1, 1));
    assert_eq!(now().status, "closed");
    let again = office.anna.missed(IVANOV).await;
    assert_eq!((again.case_id, again.messages.len()), (next.case_id, 2));
}

#[tokio::test]
async fn s33b_a_conversation_attached_to_another_desks_missed_case_keeps_it_waiting() {
    let office = Office::open().await;
    let missed = office.anna.missed(IVANOV).await;
    talks_to_boris(&office, async |call| {
        let case = missed.case_id.to_string();
        office.boris.engine.attach(call, &case, "Дозвонился".into()).await.unwrap();
    })
    .await;
    let now = office.anna.sandbox.omnidesk().case(&missed.case_number).unwrap();
    assert_eq!((now.status.as_str(), now.messages.len()), ("waiting", 2));
    // Anna answers the next call and knows nothing of it but what the list of cases says.
    let (call, ringing) = office.anna.ring(IVANOV).await;
    office.anna.answer(&call, &ringing.id).await;
    let Route::Profile { user, .. } = office.anna.opened().await else {
        panic!("a profile")
    };
    office.anna.engine.profile(&user).await.unwrap();
    office.anna.hang_up(&call, &ringing.id).await;
    office.anna.settled().await;
    let now = office.anna.sandbox.omnidesk().case(&missed.case_number).unwrap();
    assert_eq!(now.status, "waiting", "the colleague's decision stands");
}

#[tokio::test]
async fn s31_a_rule_of_the_account_that_gives_new_cases_another_status_is_corrected() {
    let desk = Desk::open().await;
    desk.by_hand(&ByHand::RuleOnNewCases {
        status: Some("closed".into()),
    });
    let missed = desk.missed(IVANOV).await;
    assert_eq!(missed.status, "open");
    desk.by_hand(&ByHand::RuleOnNewCases { status: None });
    desk.sandbox.omnidesk().clear_requests();
    let next = desk.missed(STRANGER).await;
    assert_eq!(next.status, "open");
    assert_eq!(desk.writes(), ["POST cases"], "a status that was taken over is not set again");
}

#[tokio::test]
async fn s25_a_caller_who_is_passed_on_to_a_colleague_who_answers_was_not_missed() {
    let office = Office::open().await;
    let before = (office.anna.ids(), office.boris.ids());
    let call = office.anna.sandbox.pbx().place(CallSpec::hunting(IVANOV, &["101", "102"])).unwrap();
    let anna = office.anna.new_in_popup(&before.0).await;
    office.anna.known(&anna.id).await;
    office.anna.sandbox.pbx().step(&call, &Step::TimeOut).unwrap();
    let boris = office.boris.new_in_popup(&before.1).await;
    office.anna.call_until(&anna.id, "the end", |call| call.ended_at.is_some()).await;
    office.boris.known(&boris.id).await;
    office.boris.answer(&call, &boris.id).await;
    let taken = |call: &CallView| call.disposition == Some(engine::view::DispositionView::AnsweredElsewhere);
    office.anna.call_until(&anna.id, "the colleague's answer", taken).await;
    office.anna.settled().await;
    assert_eq!(office.cases(), [], "they talk, and nobody was missed");
    office.boris.hang_up(&call, &boris.id).await;
    office.boris.settled().await;
    assert_eq!(only(office.cases()).subject, "Входящий звонок с +7 (916) 123-45-67");
    assert!(office.anna.sandbox.pbx().ended(&call, LONG).await);
}

#[tokio::test]
async fn s25_a_caller_who_gives_up_while_passed_on_is_missed_once_by_all() {
    let office = Office::open().await;
    let before = (office.anna.ids(), office.boris.ids());
    let call = office.anna.sandbox.pbx().place(CallSpec::hunting(IVANOV, &["101", "102"])).unwrap();
    let anna = office.anna.new_in_popup(&before.0).await;
    office.anna.known(&anna.id).await;
    office.anna.sandbox.pbx().step(&call, &Step::TimeOut).unwrap();
    let boris = office.boris.new_in_popup(&before.1).await;
    office.boris.known(&boris.id).await;
    office.asks_where_the_caller_is().await;
    office.anna.sandbox.pbx().hang_up(&call).unwrap();
    office.boris.call_until(&boris.id, "the end", |call| call.ended_at.is_some()).await;
    office.boris.settled().await;
    office.anna.settled().await;
    let case = only(office.cases());
    assert_eq!((case.status.as_str(), case.messages.len()), ("open", 1), "{:?}", case.messages);
    assert_eq!(number_of(&office.anna, &anna.id), case.case_number);
    assert_eq!(number_of(&office.boris, &boris.id), case.case_number);
}

#[tokio::test]
async fn s25_a_queue_that_rings_the_agents_own_phone_again_leaves_no_missed_call() {
    let desk = Desk::open().await;
    let (call, first) = desk.place(CallSpec::hunting(IVANOV, &["101", "101"])).await;
    desk.known(&first.id).await;
    let before = desk.ids();
    desk.sandbox.pbx().step(&call, &Step::TimeOut).unwrap();
    desk.call_until(&first.id, "the end", |call| call.ended_at.is_some()).await;
    let again = desk.new_in_popup(&before).await;
    desk.answer(&call, &again.id).await;
    let taken = |call: &CallView| call.outcome.as_ref().is_some_and(|outcome| outcome.rule == "S25");
    desk.hang_up(&call, &again.id).await;
    desk.call_until(&first.id, "that it was answered after all", taken).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.subject.as_str(), case.status.as_str()),
        ("Входящий звонок с +7 (916) 123-45-67", "waiting")
    );
}

crate::desk::also_in_a_fresh_account!(
    s25_s27_a_group_call_that_nobody_answers_is_one_missed_case_and_every_desk_shows_it,
    s25_when_the_first_desk_is_gone_the_next_one_writes,
    s27_calls_missed_at_different_desks_share_the_users_case,
    s33a_a_conversation_at_another_desk_closes_the_missed_case_and_begins_a_new_group,
    s33b_a_conversation_attached_to_another_desks_missed_case_keeps_it_waiting,
    s31_a_rule_of_the_account_that_gives_new_cases_another_status_is_corrected,
    s25_a_caller_who_is_passed_on_to_a_colleague_who_answers_was_not_missed,
    s25_a_caller_who_gives_up_while_passed_on_is_missed_once_by_all,
    s25_a_queue_that_rings_the_agents_own_phone_again_leaves_no_missed_call,
);
