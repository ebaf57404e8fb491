//! Labels of a case as quick outcomes of a call: one write more, once the agent is done picking.

use crate::desk::{Desk, IVANOV};
use engine::view::TroubleView;
use sandbox::omnidesk::{CaseDump, Fault, FaultRule};

const OFFERED: [&str; 2] = ["Счёт", "Жалоба"];

async fn desk() -> Desk {
    let desk = Desk::open_with(|settings| settings.labels = OFFERED.map(Into::into).to_vec()).await;
    let client = crate::desk::colleague(&desk.sandbox);
    for title in OFFERED {
        client.labels().create(title).await.unwrap();
    }
    desk
}

fn titles(case: &CaseDump) -> Vec<String> {
    let mut titles = case.labels.clone();
    titles.sort();
    titles
}

fn picks(labels: &[&str]) -> Vec<String> {
    labels.iter().map(|label| (*label).to_owned()).collect()
}

#[tokio::test]
async fn picks_after_the_call_are_one_write_also_where_the_program_ends_or_the_answer_is_lost() {
    let mut desk = desk().await;
    let talked = desk.talk(IVANOV).await;
    let before = desk.writes().len();
    desk.engine.pick_labels(&talked.id, picks(&["Счёт"])).await.unwrap();
    desk.engine.pick_labels(&talked.id, picks(&["Счёт", "Жалоба"])).await.unwrap();
    assert_eq!(desk.writes().len(), before, "the agent may be picking on");
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Lost { ms: 0 }).on("PUT", "/api/cases/*"));
    desk.restart().await;
    desk.until("the labels", |view| {
        view.outbox.iter().any(|row| row.what == "labels").then_some(())
    })
    .await;
    desk.settled().await;
    assert_eq!(titles(&desk.only_case()), ["Жалоба", "Счёт"]);
    let kept = desk.call_until(&talked.id, "the picks", |call| call.labels.len() == 2).await;
    assert_eq!(kept.labels, ["Жалоба", "Счёт"]);

    // A second thought takes back what was put on, and nothing else.
    desk.engine.pick_labels(&talked.id, picks(&["Жалоба"])).await.unwrap();
    desk.engine.act(&talked.id, calls::AgentAction::SendDraft).await.unwrap();
    desk.until("the second thought", |view| {
        let labels = view.outbox.iter().filter(|row| row.what == "labels");
        (labels.count() == 2).then_some(())
    })
    .await;
    desk.settled().await;
    assert_eq!(titles(&desk.only_case()), ["Жалоба"]);
}

#[tokio::test]
async fn picks_during_the_call_are_one_write_more_at_its_end() {
    let desk = desk().await;
    let before = desk.writes().len();
    desk.talk(IVANOV).await;
    let usual = desk.writes().len() - before;
    let (call, rung) = desk.ring(IVANOV).await;
    desk.known(&rung.id).await;
    desk.answer(&call, &rung.id).await;
    desk.engine.pick_labels(&rung.id, picks(&["Жалоба"])).await.unwrap();
    desk.hang_up(&call, &rung.id).await;
    desk.settled().await;
    assert_eq!(desk.writes().len(), before + 2 * usual + 1);
    assert_eq!(titles(&desk.case_of(&rung.id).await), ["Жалоба"]);
}

#[tokio::test]
async fn picks_put_on_and_taken_off_again_cost_nothing() {
    let desk = desk().await;
    let talked = desk.talk(IVANOV).await;
    let before = desk.writes().len();
    desk.engine.pick_labels(&talked.id, picks(&["Счёт"])).await.unwrap();
    desk.engine.pick_labels(&talked.id, Vec::new()).await.unwrap();
    desk.engine.act(&talked.id, calls::AgentAction::SendDraft).await.unwrap();
    desk.settled().await;
    assert_eq!(desk.writes().len(), before);
}

#[tokio::test]
async fn the_administrator_chooses_among_the_accounts_labels_and_no_others_are_picked() {
    let desk = desk().await;
    let talked = desk.talk(IVANOV).await;
    let refused = desk.engine.pick_labels(&talked.id, picks(&["Чужая"])).await.unwrap_err();
    assert_eq!((refused.trouble, refused.about.as_deref()), (TroubleView::Refused, Some("label")));
    let labels = desk.engine.labels().await.unwrap();
    assert!(labels.fresh && labels.all.contains(&"Жалоба".to_owned()), "{labels:?}");
    assert!(!labels.all.contains(&"Пропущенный".to_owned()), "those that mark calls are ours");
    desk.engine.save_labels(picks(&["Жалоба"])).await.unwrap();
    desk.until("the choice", |view| (view.labels == ["Жалоба"]).then_some(())).await;
    let eleven: Vec<String> = (0..11).map(|n| n.to_string()).collect();
    assert_eq!(desk.engine.save_labels(eleven).await.unwrap_err().about.as_deref(), Some("labels"));
}
