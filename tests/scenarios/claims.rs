//! «Перезваниваю»: colleagues see in the case who calls a missed client back. One write at most, whatever happens between.

use crate::desk::{Desk, IVANOV, STRANGER};
use crate::missed_office::Office;
use engine::Settings;
use engine::view::{CallView, CallerView, ClaimStateView, TroubleView, TypedSecrets};
use sandbox::omnidesk::{ByHand, CaseDump, Fault, FaultRule, ids};

/// The case field of the office.
const FIELD: u64 = ids::FIELD_CALLS_BACK;
const TITLE: &str = "Перезванивает";

fn claims(settings: &mut Settings) {
    settings.claim_field = format!("cf_{FIELD}");
}

async fn desk() -> Desk {
    Desk::open_with(claims).await
}

/// Two desks of such an office.
async fn office() -> Office {
    let anna = desk().await;
    let boris = anna.beside_with("102", "boris@support.example", claims).await;
    Office { anna, boris }
}

impl Desk {
    /// A call of IVANOV that was missed, and its case.
    async fn missed_call(&self) -> (CallView, CaseDump) {
        let before = self.ids();
        let case = self.missed(IVANOV).await;
        let new = self.view().calls.into_iter().find(|call| !before.contains(&call.id)).unwrap();
        (new, case)
    }

    /// The row says so.
    async fn says(&self, call: &CallView, state: ClaimStateView) -> CallView {
        self.call_until(&call.id, &format!("{state:?}"), |call| {
            call.claim.as_ref().is_some_and(|claim| claim.state == state)
        })
        .await
    }

    async fn says_nothing(&self, call: &CallView) {
        self.call_until(&call.id, "no claim", |call| call.claim.is_none()).await;
    }

    /// The agent opens the profile of who called, which lists their cases.
    async fn looks_at_profile(&self, call: &CallView) {
        let CallerView::Known { user, .. } = self.known(&call.id).await.caller else {
            panic!("{call:?}")
        };
        self.engine.profile(&user.id).await.unwrap();
    }

    fn field_of(&self, case: &CaseDump) -> String {
        let case = self.sandbox.omnidesk().case(&case.case_id.to_string()).unwrap();
        case.fields
            .get(TITLE)
            .and_then(|value| value.as_str())
            .unwrap_or_default()
            .to_owned()
    }

    /// How often a case was changed since the start.
    fn changes(&self) -> usize {
        self.writes().iter().filter(|kind| *kind == "PUT cases/*").count()
    }

    fn fault(&self, rule: FaultRule) {
        self.sandbox.omnidesk().fault(rule);
    }
}

#[tokio::test]
async fn a_claim_costs_a_look_and_a_write_and_stands_in_the_case_for_people_too() {
    let desk = desk().await;
    let (call, case) = desk.missed_call().await;
    desk.sandbox.omnidesk().clear_requests();
    desk.engine.claim(&call.id, true).await.unwrap();
    desk.engine.claim(&call.id, true).await.unwrap();
    let mine = desk.says(&call, ClaimStateView::Mine).await.claim.unwrap();
    desk.settled().await;
    let asked: Vec<String> = desk.sandbox.omnidesk().requests().iter().map(|request| request.kind()).collect();
    assert_eq!(asked, ["GET cases/*", "PUT cases/*"]);
    let text = desk.field_of(&case);
    assert!(text.starts_with(&format!("{}, 20", mine.name)) && text.ends_with(", #22"), "{text}");

    desk.engine.claim(&call.id, false).await.unwrap();
    desk.says_nothing(&call).await;
    desk.settled().await;
    assert_eq!((desk.field_of(&case), desk.changes()), (String::new(), 2));
    // There is nothing to let go of.
    desk.engine.claim(&call.id, false).await.unwrap();
    desk.settled().await;
    assert_eq!(desk.changes(), 2);
}

#[tokio::test]
async fn d5_a_claim_whose_answer_is_lost_is_written_once_also_over_a_restart() {
    let mut desk = desk().await;
    let (call, case) = desk.missed_call().await;
    let before = desk.changes();
    desk.fault(FaultRule::once(Fault::Lost { ms: 0 }).on("PUT", "/api/cases/*"));
    desk.engine.claim(&call.id, true).await.unwrap();
    desk.until("an attempt", |view| {
        view.outbox.iter().any(|row| row.what == "claim" && row.attempts > 0).then_some(())
    })
    .await;
    desk.restart().await;
    desk.says(&call, ClaimStateView::Mine).await;
    desk.settled().await;
    assert_eq!(desk.changes(), before + 1);
    assert!(desk.field_of(&case).ends_with("#22"));
}

#[tokio::test]
async fn d5_a_claim_waits_for_omnidesk_and_for_its_case() {
    let mut desk = desk().await;
    let down = || FaultRule::once(Fault::Reset).times(0).on("POST", "/api/cases.json");
    desk.fault(down());
    let (ringing, rung) = desk.ring(IVANOV).await;
    desk.known(&rung.id).await;
    desk.identified(&rung.id).await;
    desk.hang_up(&ringing, &rung.id).await;
    desk.until("the case in vain", |view| {
        view.outbox.iter().any(|row| row.what == "case" && row.attempts > 0).then_some(())
    })
    .await;
    desk.engine.claim(&rung.id, true).await.unwrap();
    desk.says(&rung, ClaimStateView::Sending).await;
    desk.restart().await;
    desk.says(&rung, ClaimStateView::Sending).await;
    desk.sandbox.omnidesk().clear_faults();
    desk.engine.reconnect().await;
    desk.says(&rung, ClaimStateView::Mine).await;
    let case = desk.only_case();
    assert!(desk.field_of(&case).ends_with("#22"));
}

#[tokio::test]
async fn a_claim_that_was_let_go_of_before_it_was_written_is_not_written() {
    let desk = desk().await;
    let (call, case) = desk.missed_call().await;
    let before = desk.changes();
    desk.fault(FaultRule::once(Fault::Reset).times(0).on("GET", "/api/cases/*"));
    desk.engine.claim(&call.id, true).await.unwrap();
    desk.until("a look in vain", |view| {
        view.outbox.iter().any(|row| row.what == "claim" && row.attempts > 0).then_some(())
    })
    .await;
    desk.engine.claim(&call.id, false).await.unwrap();
    desk.says_nothing(&call).await;
    desk.sandbox.omnidesk().clear_faults();
    desk.engine.reconnect().await;
    desk.settled().await;
    assert_eq!((desk.changes(), desk.field_of(&case)), (before, String::new()));
}

#[tokio::test]
async fn colleagues_see_a_claim_with_what_they_read_anyway_and_write_none_over_it() {
    let office = office().await;
    let (anna, boris) = office.missed_by_both(IVANOV).await;
    office.anna.engine.claim(&anna.id, true).await.unwrap();
    office.anna.says(&anna, ClaimStateView::Mine).await;
    office.boris.looks_at_profile(&boris).await;
    let seen = office.boris.says(&boris, ClaimStateView::Colleague).await.claim.unwrap();
    assert!(!seen.name.is_empty() && seen.since.is_some(), "{seen:?}");
    let before = office.anna.changes();
    let refused = office.boris.engine.claim(&boris.id, true).await.unwrap_err();
    assert_eq!((refused.trouble, refused.about.as_deref()), (TroubleView::Refused, Some("claimed")));
    assert_eq!(office.anna.changes(), before);

    // Anna has called back.
    let case = office.anna.only_case();
    let status = |status: &str| ByHand::SetStatus {
        case: case.case_number.clone(),
        status: status.into(),
        staff_email: "anna@support.example".into(),
    };
    office.anna.by_hand(&status("waiting"));
    office.boris.looks_at_profile(&boris).await;
    office.boris.says(&boris, ClaimStateView::Over).await;
    office.anna.by_hand(&status("open"));
    office.boris.looks_at_profile(&boris).await;
    office.boris.says(&boris, ClaimStateView::Colleague).await;

    // It ends for colleagues as they see it ended.
    office.anna.engine.claim(&anna.id, false).await.unwrap();
    office.anna.settled().await;
    office.boris.looks_at_profile(&boris).await;
    office.boris.says_nothing(&boris).await;
}

#[tokio::test]
async fn who_did_not_know_of_a_colleagues_claim_reads_it_before_writing_and_is_told() {
    let office = office().await;
    let (anna, boris) = office.missed_by_both(IVANOV).await;
    office.anna.engine.claim(&anna.id, true).await.unwrap();
    office.anna.settled().await;
    let before = office.anna.changes();
    office.boris.engine.claim(&boris.id, true).await.unwrap();
    office.boris.says(&boris, ClaimStateView::Late).await;
    office.boris.settled().await;
    assert_eq!(office.anna.changes(), before, "nothing is written over it");
    assert!(office.anna.field_of(&office.anna.only_case()).ends_with("#22"));
}

#[tokio::test]
async fn of_two_at_the_same_moment_the_case_names_one_and_the_other_is_told_when_they_call() {
    let office = office().await;
    let (anna, boris) = office.missed_by_both(IVANOV).await;
    let omnidesk = office.anna.sandbox.omnidesk();
    // Both have looked before either write comes through.
    omnidesk.fault(FaultRule::once(Fault::Delay { ms: 3_000 }).times(2).on("PUT", "/api/cases/*"));
    let (at_anna, at_boris) = tokio::join!(office.anna.engine.claim(&anna.id, true), office.boris.engine.claim(&boris.id, true));
    at_anna.unwrap();
    at_boris.unwrap();
    office.anna.says(&anna, ClaimStateView::Mine).await;
    office.boris.says(&boris, ClaimStateView::Mine).await;
    let case = office.anna.only_case();
    let names = office.anna.field_of(&case);
    let desks = [("#22", &office.anna, &anna), ("#23", &office.boris, &boris)];
    let [(_, loser, its)] = desks.into_iter().filter(|(who, ..)| !names.ends_with(who)).collect::<Vec<_>>()[..] else {
        panic!("{names}")
    };
    // Whoever calls from a case reads it.
    loser.dial(IVANOV, Some(&case.case_id.to_string())).await;
    let late = loser.says(its, ClaimStateView::Late).await.claim.unwrap();
    assert!(names.starts_with(&late.name) && !late.name.is_empty(), "{late:?} in {names}");
    assert_eq!(loser.field_of(&case), names, "nothing is written over it");
}

#[tokio::test]
async fn a_client_who_waits_no_more_is_claimed_by_nobody() {
    let desk = desk().await;
    let (call, case) = desk.missed_call().await;
    desk.by_hand(&ByHand::SetStatus {
        case: case.case_number.clone(),
        status: "closed".into(),
        staff_email: "boris@support.example".into(),
    });
    let before = desk.changes();
    desk.engine.claim(&call.id, true).await.unwrap();
    desk.says(&call, ClaimStateView::Over).await;
    desk.settled().await;
    assert_eq!((desk.changes(), desk.field_of(&case)), (before, String::new()));
}

/// A missed call's client is dealt with in Omnidesk's own interface; this agent looks at the missed calls then.
async fn dealt_with_by_hand(desk: &Desk, from: &str) {
    let before = desk.ids();
    let case = desk.missed(from).await;
    let new = desk.view().calls.into_iter().find(|call| !before.contains(&call.id)).unwrap();
    desk.call_until(&new.id, "a client who waits", |call| call.waiting.is_some()).await;
    desk.until("the badge", |view| (view.missed == 1).then_some(())).await;
    desk.by_hand(&ByHand::SetStatus {
        case: case.case_number.clone(),
        status: "closed".into(),
        staff_email: "boris@support.example".into(),
    });
    // Whoever was a stranger is read once Omnidesk has made a user of the number.
    desk.known(&new.id).await;
    desk.sandbox.omnidesk().clear_requests();
    desk.engine.look_at_missed().await;
    desk.call_until(&new.id, "a client who waits no more", |call| call.waiting.is_none())
        .await;
    desk.until("no badge", |view| (view.missed == 0).then_some(())).await;
    // Looked at again, nobody is asked.
    desk.engine.look_at_missed().await;
    let asked: Vec<String> = desk.sandbox.omnidesk().requests().iter().map(|request| request.kind()).collect();
    assert_eq!(asked, ["GET cases"]);
}

#[tokio::test]
async fn whom_a_colleague_has_dealt_with_leaves_the_missed_calls_when_they_are_looked_at() {
    dealt_with_by_hand(&desk().await, IVANOV).await;
}

#[tokio::test]
async fn a_stranger_whom_a_colleague_has_dealt_with_leaves_the_missed_calls_also_where_nobody_claims() {
    dealt_with_by_hand(&Desk::open().await, STRANGER).await;
}

#[tokio::test]
async fn s25_a_missed_call_noted_in_a_case_that_was_closed_before_waits_all_the_same() {
    let desk = desk().await;
    let case = desk.earlier_case();
    desk.by_hand(&ByHand::SetStatus {
        case: case.case_number.clone(),
        status: "closed".into(),
        staff_email: "boris@support.example".into(),
    });
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.looks_at_profile(&ringing).await;
    desk.engine
        .attach(&ringing.id, &case.case_id.to_string(), String::new())
        .await
        .unwrap();
    desk.hang_up(&call, &ringing.id).await;
    desk.case_of(&ringing.id).await;
    desk.settled().await;
    // The case is read, and closed as it was.
    desk.engine.case_page(&case.case_id.to_string(), true).await.unwrap();
    desk.looks_at_profile(&ringing).await;
    desk.call_until(&ringing.id, "a client who waits", |call| call.waiting.is_some())
        .await;
    assert_eq!(desk.view().missed, 1);
}

#[tokio::test]
async fn who_calls_again_after_a_colleague_has_dealt_with_them_waits_again() {
    let desk = desk().await;
    dealt_with_by_hand(&desk, IVANOV).await;
    let (again, _) = desk.missed_call().await;
    desk.call_until(&again.id, "a client who waits", |call| call.waiting.is_some())
        .await;
    assert_eq!(desk.view().missed, 1);
}

#[tokio::test]
async fn an_old_claim_and_what_a_person_typed_there_are_nobodys() {
    let desk = desk().await;
    let (call, case) = desk.missed_call().await;
    for text in ["Борис Ким, 2020-01-01 10:00:00+03:00, #23", "Борис"] {
        desk.by_hand(&ByHand::FillIn {
            case: case.case_number.clone(),
            field: FIELD,
            value: text.into(),
        });
        desk.looks_at_profile(&call).await;
        desk.says_nothing(&call).await;
    }
    desk.engine.claim(&call.id, true).await.unwrap();
    desk.says(&call, ClaimStateView::Mine).await;
    assert!(desk.field_of(&case).ends_with("#22"));
}

#[tokio::test]
async fn a_case_that_was_merged_is_claimed_where_it_is_and_one_that_is_gone_not_at_all() {
    let desk = desk().await;
    let (call, case) = desk.missed_call().await;
    let into = desk.earlier_case();
    desk.by_hand(&ByHand::SetStatus {
        case: into.case_number.clone(),
        status: "open".into(),
        staff_email: "boris@support.example".into(),
    });
    desk.by_hand(&ByHand::Merge {
        case: case.case_number.clone(),
        into: into.case_number.clone(),
    });
    desk.engine.claim(&call.id, true).await.unwrap();
    desk.settled().await;
    assert!(desk.field_of(&into).ends_with("#22"), "{}", desk.field_of(&into));
    assert_eq!(desk.field_of(&case), "");

    desk.by_hand(&ByHand::Trash {
        case: into.case_number.clone(),
    });
    let (again, gone) = desk.missed_call().await;
    desk.by_hand(&ByHand::Trash { case: gone.case_number });
    desk.engine.claim(&again.id, true).await.unwrap();
    desk.says(&again, ClaimStateView::Over).await;
    desk.settled().await;
}

#[tokio::test]
async fn an_office_that_has_chosen_no_field_or_a_wrong_one_offers_nothing() {
    let desk = Desk::open().await;
    let (call, _) = desk.missed_call().await;
    assert!(!desk.view().claims);
    assert_eq!(
        desk.engine.claim(&call.id, true).await.unwrap_err().trouble,
        TroubleView::NotOffered
    );
    let choose = async |field: u64| {
        let mut settings = desk.engine.settings().await.unwrap();
        settings.claim_field = format!("cf_{field}");
        desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
        desk.both_up().await;
    };
    choose(FIELD).await;
    desk.until("the offer", |view| view.claims.then_some(())).await;
    // A list, another's level, one that keeps the call's id, and one that is not there.
    for wrong in [ids::FIELD_DIRECTION, ids::FIELD_CONTRACT, ids::FIELD_CALL_ID, 999] {
        choose(wrong).await;
        desk.until("no offer", |view| (!view.claims).then_some(())).await;
        choose(FIELD).await;
        desk.until("the offer", |view| view.claims.then_some(())).await;
    }
}
