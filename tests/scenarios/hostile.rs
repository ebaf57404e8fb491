//! Hostile texts from callers, agents and Omnidesk through the whole engine: each call is written, and what is shown and
//! written is one line where one line belongs, without anything hidden.

use crate::desk::{Desk, colleague};
use ::hostile::{is_harmless, texts};
use calls::AgentAction;
use engine::view::{DraftView, PhaseView};
use omnidesk::{Contact, NewUser};
use sandbox::CallSpec;

/// All strings of a view.
fn strings(value: &serde_json::Value, at: &str, found: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::String(text) => found.push((at.to_owned(), text.clone())),
        serde_json::Value::Array(items) => items.iter().for_each(|item| strings(item, at, found)),
        serde_json::Value::Object(map) => map.iter().for_each(|(key, item)| strings(item, &format!("{at}.{key}"), found)),
        _ => {}
    }
}

/// Texts of several lines keep these two.
fn is_seen(c: char) -> bool {
    is_harmless(c) || c == '\n' || c == '\t'
}

fn only_seen(view: impl serde::Serialize, what: &str) {
    let mut found = Vec::new();
    strings(&serde_json::to_value(view).unwrap(), "", &mut found);
    for (at, text) in found {
        assert!(text.chars().all(is_seen), "{what}, {at}: {text:?}");
    }
}

#[tokio::test]
async fn whoever_calls_under_a_hostile_name_and_number_is_answered_and_every_call_is_written() {
    let desk = Desk::open().await;
    let mut written = 0;
    for hostile in texts() {
        let mut spec = CallSpec::incoming(&hostile.text, "101");
        spec.name.clone_from(&hostile.text);
        let (call, ringing) = desk.place(spec).await;
        only_seen(&ringing, &hostile.name);
        desk.answer(&call, &ringing.id).await;
        desk.engine
            .save_draft(&ringing.id, hostile.text.clone(), hostile.text.clone())
            .await
            .unwrap();
        desk.hang_up(&call, &ringing.id).await;
        let mut ended = desk.call_until(&ringing.id, "the outcome", |call| call.outcome.is_some()).await;
        // What the agent types stands in the field as it was typed; it is tidied when it is written.
        ended.draft = DraftView::default();
        only_seen(&ended, &hostile.name);
        assert_eq!(ended.phase, PhaseView::Ended, "{}", hostile.name);
        let reason = ended.outcome.map(|outcome| outcome.reason);
        // A hidden number is nobody's: the desk says so, and writes nothing.
        written += usize::from(reason.as_deref() != Some("nobodyToWriteFor"));
    }
    desk.settled().await;
    let cases = desk.sandbox.omnidesk().new_cases();
    assert_eq!(cases.len(), written, "each call once");
    assert!(written > 40, "{written}");
    for case in cases {
        assert!(
            case.subject.chars().all(is_harmless) && !case.subject.is_empty(),
            "{:?}",
            case.subject
        );
        assert!(
            case.messages.iter().all(|message| message.content.chars().all(is_seen)),
            "{case:#?}"
        );
        let page = desk.engine.case_page(&case.case_id.to_string(), true).await.unwrap();
        only_seen(page, &case.subject);
    }
}

#[tokio::test]
async fn what_others_wrote_into_omnidesk_is_shown_without_anything_hidden_and_can_be_searched_for() {
    let desk = Desk::open().await;
    let client = colleague(&desk.sandbox);
    for (at, hostile) in texts().into_iter().enumerate() {
        let mut user = NewUser::new(Contact::Phone(format!("+790055{at:05}")));
        user.full_name = Some(hostile.text.clone());
        user.note = Some(hostile.text.clone());
        user.company_name = Some(hostile.text.clone());
        let created = client.users().create(&user).await.unwrap();
        let profile = desk.engine.profile(&created.id.0.to_string()).await.unwrap();
        only_seen(&profile, &hostile.name);
        let found = desk.engine.search_users(&hostile.text).await;
        if let Ok(found) = found {
            only_seen(found, &hostile.name);
        }
        // As ids and addresses of pages: refused, and nothing is asked of another place.
        assert!(
            desk.engine.profile(&hostile.text).await.is_err() || hostile.text.chars().all(|c| c.is_ascii_digit()),
            "{}",
            hostile.name
        );
        assert!(
            desk.engine.act(&hostile.text, AgentAction::OpenCompose).await.is_err(),
            "{}",
            hostile.name
        );
    }
}

#[tokio::test]
async fn a_hostile_text_in_the_place_of_an_id_or_a_file_is_refused_and_harms_nothing() {
    let desk = Desk::open().await;
    for hostile in texts() {
        let text = hostile.text.as_str();
        assert!(desk.engine.case_page(text, true).await.is_err(), "{}", hostile.name);
        assert!(desk.engine.sound(text, text).await.is_err(), "{}", hostile.name);
        assert!(desk.engine.hang_up(text).await.is_err(), "{}", hostile.name);
        assert!(desk.engine.undo(text).await.is_err(), "{}", hostile.name);
        assert!(
            desk.engine.retry(text).await.is_err() && desk.engine.give_up(text).await.is_err(),
            "{}",
            hostile.name
        );
        if let Err(error) = desk.engine.import_fields(text).await {
            only_seen(error, &hostile.name);
        }
        only_seen(desk.engine.read_number(text).await, &hostile.name);
    }
    let (call, ringing) = desk.ring("79161234567").await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(desk.only_case().status, "waiting", "and the next call is as ever");
}
