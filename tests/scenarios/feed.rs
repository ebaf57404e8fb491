//! The whole engine over a feed of normalised events: what a feed tells becomes cases as it does over ARI, a cut loses and
//! doubles nothing, and what a feed cannot do is said.

use crate::desk::{Desk, IVANOV, LONG, STRANGER};
use engine::view::{CallView, DialAnswer, DispositionView, LinkStateView, RecordingView, TestOutcome, TroubleView};
use sandbox::omnidesk::CaseDump;
use serde_json::json;

const AGENT: &str = "101";

/// Rings over the feed; returns the call as soon as the popup shows it.
async fn ring(desk: &Desk, from: &str) -> CallView {
    let before = desk.ids();
    desk.sandbox.feed().ring(AGENT, from);
    desk.new_in_popup(&before).await
}

async fn ended(desk: &Desk, id: &str, disposition: &str) -> CallView {
    desk.sandbox.feed().end(AGENT, id, disposition);
    desk.call_until(id, "the end", |call| call.ended_at.is_some()).await
}

fn of_calls(desk: &Desk) -> Vec<CaseDump> {
    desk.sandbox.omnidesk().new_cases()
}

/// Cuts the line and keeps it cut.
async fn cut(desk: &Desk) {
    desk.sandbox.feed().refuse(Some(503));
    desk.sandbox.feed().cut();
    desk.until("a cut", |view| (view.pbx.state != LinkStateView::Up).then_some(()))
        .await;
}

async fn back(desk: &Desk) {
    desk.sandbox.feed().refuse(None);
    desk.both_up().await;
    assert!(desk.sandbox.feed().listened_by(1, LONG).await);
}

#[tokio::test]
async fn s01_s15_a_call_that_is_answered_over_a_feed_is_a_case_without_a_recording() {
    let desk = Desk::fed().await;
    let call = ring(&desk, IVANOV).await;
    assert_eq!(call.number.pretty, "+7 (916) 123-45-67");
    desk.known(&call.id).await;
    desk.sandbox.feed().answer(AGENT, &call.id);
    desk.opened().await;
    // What nobody could hand out is not waited for.
    let named = json!({"type": "recording", "name": "somewhere/x.wav"});
    desk.sandbox.feed().tell(AGENT, &call.id, &named);
    ended(&desk, &call.id, "answered").await;
    desk.settled().await;
    let case = desk.case_of(&call.id).await;
    assert_eq!(
        (case.user_name.as_str(), case.status.as_str()),
        ("Иванов Иван Сергеевич", "waiting")
    );
    assert!(case.messages.iter().all(|message| message.attachments.is_empty()));
    let call = desk.call_until(&call.id, "the call", |_| true).await;
    assert_eq!(call.recording, RecordingView::None);
    assert_eq!(of_calls(&desk).len(), 1);
}

#[tokio::test]
async fn s25_a_call_that_is_missed_over_a_feed_is_a_case_although_nobody_can_be_asked_where_the_caller_is() {
    let desk = Desk::fed().await;
    let call = ring(&desk, STRANGER).await;
    desk.known(&call.id).await;
    let call = ended(&desk, &call.id, "missed").await;
    assert_eq!(call.disposition, Some(DispositionView::Missed));
    desk.settled().await;
    let case = desk.case_of(&call.id).await;
    assert_eq!(case.status, "open");
    assert_eq!(of_calls(&desk).len(), 1);
}

#[tokio::test]
async fn d3_what_happened_during_a_cut_is_told_again_and_nothing_is_lost_or_doubled() {
    let desk = Desk::fed().await;
    let talks = ring(&desk, IVANOV).await;
    desk.known(&talks.id).await;
    desk.sandbox.feed().answer(AGENT, &talks.id);
    desk.opened().await;
    cut(&desk).await;
    desk.sandbox.feed().end(AGENT, &talks.id, "answered");
    // ARI would never tell of this one: it begins and ends out of sight.
    let unseen = desk.sandbox.feed().ring(AGENT, STRANGER);
    desk.sandbox.feed().end(AGENT, &unseen, "missed");
    back(&desk).await;
    let talked = desk.call_until(&talks.id, "the end", |call| call.ended_at.is_some()).await;
    assert_eq!((talked.disposition, talked.unseen), (Some(DispositionView::Answered), None));
    let missed = desk.call_until(&unseen, "the end", |call| call.ended_at.is_some()).await;
    assert_eq!((missed.disposition, missed.unseen), (Some(DispositionView::Missed), None));
    desk.settled().await;
    desk.case_of(&talks.id).await;
    desk.case_of(&unseen).await;
    assert_eq!(of_calls(&desk).len(), 2);
    let asked = desk.sandbox.feed().asked();
    assert_eq!(asked.first(), Some(&None), "the first time from now on");
    // Offered and answered had been heard; a refusal in between changes nothing.
    assert!(asked[1..].iter().all(|after| *after == Some(2)), "{asked:?}");
    // Once more, with nothing to tell.
    desk.sandbox.feed().cut();
    assert!(desk.sandbox.feed().listened_by(1, LONG).await);
    let next = ring(&desk, IVANOV).await;
    desk.known(&next.id).await;
    ended(&desk, &next.id, "answered_elsewhere").await;
    desk.settled().await;
    assert_eq!(of_calls(&desk).len(), 2);
}

/// The program ends; something happens; it starts again.
async fn meanwhile(desk: &mut Desk, deed: impl FnOnce(&Desk)) {
    desk.engine.stop().await;
    assert!(desk.sandbox.feed().listened_by(0, LONG).await);
    deed(desk);
    desk.restart_unconnected().await;
    desk.both_up().await;
    desk.indexed().await;
}

#[tokio::test]
async fn d3_what_happened_while_the_program_did_not_run_is_told_and_what_is_told_twice_is_one() {
    let mut desk = Desk::fed().await;
    let talks = ring(&desk, IVANOV).await;
    desk.known(&talks.id).await;
    desk.sandbox.feed().answer(AGENT, &talks.id);
    desk.opened().await;
    let mut unseen = String::new();
    meanwhile(&mut desk, |desk| {
        desk.sandbox.feed().end(AGENT, &talks.id, "answered");
        unseen = desk.sandbox.feed().ring(AGENT, STRANGER);
        desk.sandbox.feed().end(AGENT, &unseen, "missed");
    })
    .await;
    let of = async |id: &str| desk.call_until(id, "the end", |call| call.ended_at.is_some()).await.disposition;
    assert_eq!(of(&talks.id).await, Some(DispositionView::Answered));
    assert_eq!(of(&unseen).await, Some(DispositionView::Missed));
    desk.settled().await;
    desk.case_of(&unseen).await;
    assert_eq!(of_calls(&desk).len(), 2);
    // A crash before the point was kept.
    meanwhile(&mut desk, |desk| {
        let store = store::Store::open(&desk.data_file()).unwrap();
        let kept = store.setting("pbx_point").unwrap().unwrap();
        let (line, _): (String, String) = serde_json::from_str(&kept).unwrap();
        store.set_setting("pbx_point", &json!([line, "0 s1"]).to_string()).unwrap();
    })
    .await;
    assert_eq!(desk.sandbox.feed().asked().last(), Some(&Some(0)));
    let next = ring(&desk, IVANOV).await;
    desk.known(&next.id).await;
    ended(&desk, &next.id, "answered_elsewhere").await;
    desk.settled().await;
    assert_eq!(of_calls(&desk).len(), 2, "all of it was told again");
}

#[tokio::test]
async fn d3_where_the_feed_has_forgotten_what_happened_the_outcome_is_unknown_and_said_so() {
    let desk = Desk::fed().await;
    let (ends, lives) = (ring(&desk, IVANOV).await, ring(&desk, STRANGER).await);
    for call in [&ends, &lives] {
        desk.known(&call.id).await;
    }
    cut(&desk).await;
    desk.sandbox.feed().end(AGENT, &ends.id, "answered");
    desk.sandbox.feed().forget();
    back(&desk).await;
    let ends = desk.call_until(&ends.id, "the end", |call| call.ended_at.is_some()).await;
    assert_eq!(ends.disposition, Some(DispositionView::Unknown));
    assert!(ends.unseen.is_some());
    desk.call_until(&lives.id, "life", |call| call.ended_at.is_none()).await;
    ended(&desk, &lives.id, "missed").await;
    desk.settled().await;
    assert_eq!(of_calls(&desk).len(), 2, "one each");
}

#[tokio::test]
async fn s18_what_a_feed_cannot_do_is_said_and_nothing_is_tried() {
    let desk = Desk::fed().await;
    let placed = desk.engine.dial(IVANOV, None, None).await;
    assert_eq!(
        placed
            .map(|answer| matches!(answer, DialAnswer::Placed { .. }))
            .map_err(|error| error.trouble),
        Err(TroubleView::NotOffered)
    );
    assert!(desk.view().only_tells, "the windows' handsets rest");
    let call = ring(&desk, IVANOV).await;
    let hung_up = desk.engine.hang_up(&call.id).await;
    assert_eq!(hung_up.map_err(|error| error.trouble), Err(TroubleView::NotOffered));
    assert!(desk.view().calls.iter().all(|call| !call.ordered), "nothing was ordered");
    assert!(desk.sandbox.pbx().rest_requests().is_empty(), "nobody was asked anything");
}

#[tokio::test]
async fn d6_the_connection_test_has_the_feeds_own_steps_and_tells_what_is_wrong() {
    let desk = Desk::fed().await;
    let settings = desk.engine.settings().await.unwrap();
    let test = async |change: fn(&mut engine::view::SettingsView)| {
        let mut settings = settings.clone();
        change(&mut settings);
        let lines = desk.engine.test_pbx(settings, engine::view::TypedSecrets::default()).await.unwrap();
        let failed = lines.iter().find(|line| line.outcome == TestOutcome::Failed).cloned();
        (
            lines.into_iter().map(|line| line.step).collect::<Vec<_>>(),
            failed.map(|line| (line.step, line.trouble)),
        )
    };
    let steps = ["reach", "signIn", "interface", "extension", "socket"].map(str::to_owned).to_vec();
    assert_eq!(test(|_| {}).await, (steps.clone(), None));
    let nobody = Some(("extension".to_owned(), Some(TroubleView::NoSuchExtension)));
    assert_eq!(test(|settings| settings.extension = "999".into()).await, (steps.clone(), nobody));
    let wrong = Some(("interface".to_owned(), Some(TroubleView::WrongService)));
    assert_eq!(test(|settings| settings.pbx_url.push_str("/elsewhere")).await, (steps, wrong));
    // ARI at the same port, with the same password.
    let ari = desk.sandbox.pbx_url();
    let mut other = settings.clone();
    (other.pbx_vendor, other.pbx_url, other.pbx_user) = ("ari".into(), ari, desk.sandbox.pbx_user().into());
    let lines = desk.engine.test_pbx(other, engine::view::TypedSecrets::default()).await.unwrap();
    assert_eq!(lines.len(), 9);
    let mut unknown = settings.clone();
    unknown.pbx_vendor = "tin can".into();
    let refused = desk.engine.test_pbx(unknown, engine::view::TypedSecrets::default()).await;
    assert_eq!(refused.unwrap_err().about.as_deref(), Some("pbxVendor"));
}

#[tokio::test]
async fn whatever_a_feed_says_the_desk_goes_on_and_the_next_call_is_a_case() {
    let desk = Desk::fed().await;
    for hostile in hostile::texts() {
        desk.sandbox.feed().say(AGENT, &hostile.text);
        let frame = json!({"v": 1, "event": "call", "leg": hostile.text, "at": hostile.text, "kind": {"type": hostile.text}});
        desk.sandbox.feed().say(AGENT, &frame.to_string());
    }
    for (leg, raw) in hostile::texts().iter().map(|hostile| &hostile.text).enumerate().step_by(7) {
        let leg = format!("hostile-{leg}");
        let remote = json!({"raw": raw, "name": raw, "hidden": false});
        let offered = json!({"type": "offered", "conversation": null, "direction": "inbound", "remote": remote, "line": raw,
            "queue": raw, "origin": "queue"});
        desk.sandbox.feed().tell(AGENT, &leg, &offered);
        let elsewhere = json!({"type": "ended", "disposition": "answered_elsewhere", "cause": null, "by": "unknown"});
        desk.sandbox.feed().tell(AGENT, &leg, &elsewhere);
    }
    let later = json!({"v": 1, "seq": 1, "event": "from_a_later_version"});
    desk.sandbox.feed().say(AGENT, &later.to_string());
    let call = ring(&desk, IVANOV).await;
    desk.known(&call.id).await;
    desk.sandbox.feed().answer(AGENT, &call.id);
    desk.opened().await;
    ended(&desk, &call.id, "answered").await;
    desk.case_of(&call.id).await;
}
