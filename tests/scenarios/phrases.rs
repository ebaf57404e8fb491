//! «Фразы»: the office's texts for gists, filled in with what is known of a call.

use crate::desk::{Desk, IVANOV};
use engine::Office;
use engine::view::{PhraseLeft, PhraseRow, TroubleView};

fn row(title: &str, text: &str) -> PhraseRow {
    PhraseRow {
        title: title.into(),
        text: text.into(),
        unknown: Vec::new(),
    }
}

#[tokio::test]
async fn d5_phrases_are_kept_on_this_computer_and_say_what_is_known_of_the_call() {
    let mut desk = Desk::open().await;
    let rows = vec![
        row("Счёт", "{имя} ({компания}) просит счёт, {номер}, {line}"),
        row("Договор", "😀 По договору {договор}"),
    ];
    let kept = desk.engine.save_phrases(rows).await.unwrap();
    assert_eq!(kept.phrases[1].unknown, ["{договор}"], "said, and left as written");
    desk.restart().await;
    let (_, rung) = desk.ring(IVANOV).await;
    desk.known(&rung.id).await;
    let offered = desk.engine.phrases_for(&rung.id).await.unwrap();
    let texts: Vec<&str> = offered.iter().map(|phrase| phrase.text.as_str()).collect();
    assert!(texts[0].starts_with("Иванов Иван Сергеевич ("), "{texts:?}");
    assert!(texts[0].contains("просит счёт, +7 (916) 123-45-67, "), "{texts:?}");
    assert_eq!(
        (texts[1], offered[1].left),
        ("😀 По договору {договор}", Some(PhraseLeft { from: 15, to: 24 }))
    );
    // A call that nobody knows leaves its fields open.
    let stranger = desk.engine.phrases_for("no-such-call").await.unwrap();
    assert_eq!(stranger[0].text, "{имя} ({компания}) просит счёт, {номер}, {line}");
    assert_eq!(stranger[0].left, Some(PhraseLeft { from: 0, to: 5 }));
}

#[tokio::test]
async fn d6_the_offices_phrases_reach_every_desk_and_locked_ones_are_not_changed_there() {
    let mut desk = Desk::open().await;
    let (pbx, omnidesk) = (desk.sandbox.pbx_url(), desk.sandbox.omnidesk_url());
    let office = |locked: &[&str]| {
        let text = serde_json::json!({
            "pbxUrl": pbx, "pbxUser": desk.sandbox.pbx_user(), "extension": "101", "context": desk.sandbox.context(),
            "omnideskUrl": omnidesk, "email": desk.sandbox.staff_email(), "channel": "cch101",
            "phrases": [{ "title": "Счёт", "text": "Просит счёт" }], "locked": locked,
        });
        Office::read(&text.to_string(), |pem| Ok::<_, ()>(pem.to_owned())).0
    };
    let (open, locked) = (office(&[]), office(&["phrases"]));
    desk.office = open;
    desk.restart().await;
    let offered = desk.engine.phrases().await.unwrap();
    assert!(!offered.locked && offered.phrases[0].text == "Просит счёт", "{offered:?}");
    // A computer's own stand in place of the office's; the office's again are the office's.
    let own = desk.engine.save_phrases(vec![row("Своя", "Своя")]).await.unwrap();
    assert_eq!(own.phrases.len(), 1);
    desk.engine.save_phrases(offered.phrases.clone()).await.unwrap();
    let origins = desk.engine.settings().await.unwrap().origins;
    let from = origins.iter().find(|origin| origin.key == "phrases").unwrap().from;
    assert_eq!(from, engine::view::LayerView::Office);

    desk.office = locked;
    desk.restart().await;
    let refused = desk.engine.save_phrases(Vec::new()).await.unwrap_err();
    assert_eq!((refused.trouble, refused.about.as_deref()), (TroubleView::Refused, Some("locked")));
    assert!(desk.engine.phrases().await.unwrap().locked);
}
