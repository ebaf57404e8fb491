//! The page «Состояние»: what it says is so, and nothing of it tells of a person.

use crate::desk::{Desk, IVANOV, STRANGER};
use engine::view::{
    AbilityView, DeskView, HealthView, LinkSpellView, LinkStateView, OfficeFileView, PauseFor, PurposeView, SecretsView, TroubleView,
    VersionNumbers,
};
use sandbox::CallSpec;
use sandbox::omnidesk::{Fault, FaultRule};
use sandbox::pbx::PbxFault;
use std::time::{Duration, Instant};

async fn health(desk: &Desk) -> HealthView {
    desk.engine.health().await.unwrap()
}

/// The page as soon as it says so.
async fn until(desk: &Desk, what: &str, says: impl Fn(&HealthView) -> bool) -> HealthView {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let view = health(desk).await;
        if says(&view) {
            return view;
        }
        assert!(Instant::now() < end, "{what} never came: {view:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn it_says_what_the_parts_count() {
    let desk = Desk::open().await;
    let before = health(&desk).await;
    desk.talk(IVANOV).await;
    let view = until(&desk, "the delivered case", |view| {
        view.outbox.queued + view.outbox.sending == 0 && view.store.file.as_ref().is_some_and(|file| file.history == 1)
    })
    .await;

    assert_eq!(view.program.version, env!("CARGO_PKG_VERSION"));
    assert!(view.program.started_at > 0.0 && view.program.started_at <= view.now);
    assert_eq!(
        view.program.started_at.total_cmp(&before.program.started_at),
        std::cmp::Ordering::Equal
    );
    assert_eq!((view.program.broken, view.program.restarts), (0, 0));

    let pbx = &view.pbx;
    assert_eq!(pbx.version, VersionNumbers::read("22.10.1"));
    assert_eq!((pbx.vendor.as_deref(), pbx.link.state), (Some("ari"), LinkStateView::Up));
    assert!(pbx.events > before.pbx.events && pbx.connects == 1, "{pbx:?}");
    assert_eq!((pbx.bad, pbx.too_large, pbx.waiting), (0, 0, 0));
    assert!(pbx.abilities.contains(&AbilityView::Dials) && !pbx.abilities.contains(&AbilityView::Resumes));
    assert!(pbx.clock_ahead.is_some_and(|ahead| ahead.abs() < 5_000.0), "{pbx:?}");

    let omnidesk = &view.omnidesk;
    let budget = omnidesk.budget.as_ref().unwrap();
    assert_eq!(omnidesk.link.state, LinkStateView::Up);
    assert!(omnidesk.requests > before.omnidesk.requests, "the case was written");
    assert_eq!((omnidesk.failures, omnidesk.errors.len()), (0, 0));
    assert!(budget.limit.is_some() && budget.used > 0, "{budget:?}");
    assert!(budget.left_for_popup >= budget.left_for_outbox && budget.left_for_outbox >= budget.left_for_index);

    let file = view.store.file.as_ref().unwrap();
    assert!(file.schema > 0);
    assert!(file.bytes > 4_096.0 && file.log_bytes > 0.0, "{file:?}");
    assert_eq!((file.calls, file.journal, file.aside), (1, 0, 0));
    assert!(file.outbox > 0, "what was delivered is kept for a week");
    assert_eq!((view.outbox.wedged, view.outbox.oldest), (0, None));
    assert_eq!(view.keychain.place, SecretsView::Keychain);
    assert_eq!((view.settings.office_file, view.settings.own), (OfficeFileView::Usual, 0));
    assert!(view.settings.office > 5, "{:?}", view.settings);
}

/// Why a link was down, outage by outage; each has begun before it ended.
fn outages(spells: &[LinkSpellView]) -> Vec<Vec<TroubleView>> {
    assert!(spells.iter().all(|spell| spell.until.is_none_or(|until| until >= spell.since)));
    let down = spells.iter().filter(|spell| spell.state == LinkStateView::Down);
    down.map(|spell| spell.reasons.clone()).collect()
}

#[tokio::test]
async fn a_link_that_broke_twice_tells_both_with_their_reasons_after_a_restart_too() {
    let mut desk = Desk::open().await;
    desk.sandbox.pbx().fault(&PbxFault::DropSockets);
    until(&desk, "the first reconnection", |view| view.pbx.connects == 2).await;
    let starting = PbxFault::RestStatus {
        status: 503,
        count: 1,
        method: None,
        path: Some("events".into()),
    };
    desk.sandbox.pbx().fault(&starting);
    desk.sandbox.pbx().fault(&PbxFault::DropSockets);
    let view = until(&desk, "the second reconnection", |view| {
        view.pbx.connects == 3 && view.pbx.spells.last().is_some_and(|last| last.state == LinkStateView::Up)
    })
    .await;
    let reasons = [vec![TroubleView::Closed], vec![TroubleView::Closed, TroubleView::Booting]];
    assert_eq!(outages(&view.pbx.spells), reasons);
    let states: Vec<_> = view.pbx.spells.iter().map(|spell| (spell.state, spell.goes_on)).collect();
    let (up, down) = (LinkStateView::Up, LinkStateView::Down);
    assert_eq!(states, [(up, false), (down, false), (up, false), (down, false), (up, true)]);

    desk.restart().await;
    let anew = health(&desk).await;
    assert_eq!(outages(&anew.pbx.spells), reasons, "kept over a restart");
    let last_before = &anew.pbx.spells[4];
    assert!(
        !last_before.goes_on && last_before.until.is_some(),
        "its end was seen: {last_before:?}"
    );
}

/// Requests of the last hour for this.
fn spent(view: &HealthView, purpose: PurposeView) -> u32 {
    let spent = &view.omnidesk.budget.as_ref().unwrap().spent;
    spent.iter().find(|one| one.purpose == purpose).unwrap().hour
}

#[tokio::test]
async fn each_request_is_counted_for_what_it_was_sent() {
    let desk = Desk::open().await;
    let start = until(&desk, "the list of users", |view| spent(view, PurposeView::Users) > 0).await;
    assert!(spent(&start, PurposeView::Account) > 0);
    assert_eq!((spent(&start, PurposeView::Outbox), spent(&start, PurposeView::Pages)), (0, 0));

    let user = desk.talk(IVANOV).await;
    let after = until(&desk, "the delivered case", |view| {
        view.outbox.queued + view.outbox.sending == 0 && spent(view, PurposeView::Outbox) > 0
    })
    .await;
    assert!(spent(&after, PurposeView::LookUp) > 0, "{user:?}");

    desk.engine.search_users("nobody@nowhere.example").await.unwrap();
    let looked = health(&desk).await;
    assert!(spent(&looked, PurposeView::Pages) > 0);
    let budget = looked.omnidesk.budget.as_ref().unwrap();
    let by_purpose: u32 = budget.spent.iter().map(|one| one.minute).sum();
    assert_eq!(by_purpose, budget.used, "each request is somebody's: {budget:?}");
}

#[tokio::test]
async fn how_soon_the_popup_came_is_told_of_calls_that_it_had_at_once() {
    let mut desk = Desk::open().await;
    let none = health(&desk).await.popup;
    assert_eq!((none.calls, none.half, none.most), (0, None, None));

    let (call, ringing) = desk.ring(IVANOV).await;
    desk.engine.popup_painted("no such call");
    desk.engine.popup_painted(&ringing.id);
    desk.engine.popup_painted(&ringing.id);
    let one = until(&desk, "the frame", |view| view.popup.calls > 0).await.popup;
    assert_eq!((one.calls, one.half, one.most), (1, one.slowest, one.slowest));
    desk.hang_up(&call, &ringing.id).await;

    // One that a pause has kept back is not late.
    desk.engine.pause(PauseFor::UntilSaid).await.unwrap();
    let before = desk.ids();
    desk.sandbox.pbx().place(CallSpec::incoming(STRANGER, "101")).unwrap();
    let is_new = |view: &DeskView| view.calls.iter().find(|call| !before.contains(&call.id)).cloned();
    let kept_back = desk.until("the call that is kept back", is_new).await;
    desk.engine.resume().await.unwrap();
    desk.until("the popup", |view| view.popup.contains(&kept_back.id).then_some(()))
        .await;
    desk.engine.popup_painted(&kept_back.id);
    assert_eq!(health(&desk).await.popup.calls, 1);

    desk.restart().await;
    assert_eq!(health(&desk).await.popup, one, "kept over a restart");
}

#[tokio::test]
async fn it_says_what_goes_wrong() {
    let mut desk = Desk::open().await;
    let broken = Fault::Status {
        status: 502,
        body: None,
        retry_after: None,
    };
    let refused = Fault::Status {
        status: 422,
        body: Some(serde_json::json!({"error": "staff_has_not_access"})),
        retry_after: None,
    };
    let cases = |fault| FaultRule::once(fault).on("POST", "/api/cases.json");
    desk.sandbox.omnidesk().fault(cases(broken));
    desk.sandbox.omnidesk().fault(cases(refused));
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    let view = until(&desk, "the refusal", |view| view.outbox.wedged == 1).await;
    assert!(view.outbox.oldest.is_some_and(|oldest| oldest <= view.now));
    let errors: Vec<_> = view
        .omnidesk
        .errors
        .iter()
        .map(|error| (error.trouble, error.code.as_deref()))
        .collect();
    let expected = [
        (TroubleView::ServerError, Some("502")),
        (TroubleView::Forbidden, Some("staff_has_not_access")),
    ];
    assert_eq!(errors, expected);
    assert_eq!(view.omnidesk.failures, 1);
    let outages = outages(&view.omnidesk.spells);
    assert_eq!(outages, [vec![TroubleView::ServerError]], "{:?}", view.omnidesk.spells);

    desk.sandbox.pbx().fault(&PbxFault::DropSockets);
    let again = until(&desk, "the reconnection", |view| {
        view.pbx.connects == 2 && view.pbx.link.state == LinkStateView::Up
    })
    .await;
    assert_eq!(again.pbx.link.trouble, None);

    desk.restart().await;
    let anew = health(&desk).await;
    assert!(anew.program.started_at > view.program.started_at);
    assert_eq!(
        (anew.outbox.wedged, anew.pbx.connects),
        (1, 1),
        "what is owed outlives a start, counts do not"
    );
}

#[tokio::test]
async fn nothing_of_it_tells_of_a_person_an_address_or_a_secret() {
    let desk = Desk::open().await;
    desk.talk(IVANOV).await;
    desk.sandbox.pbx().fault(&PbxFault::UnknownType);
    desk.sandbox.pbx().fault(&PbxFault::Garbage);
    let view = until(&desk, "the strange frames", |view| view.pbx.unknown > 0 && view.pbx.bad > 0).await;
    let told = serde_json::to_string(&view).unwrap();
    let desk_view = desk.engine.desk().await;
    let settings = desk.engine.settings().await.unwrap();
    let secrets = [desk.sandbox.pbx_password().to_owned(), desk.sandbox.api_key().to_owned()];
    let host = |url: &str| url.split("//").nth(1).unwrap_or_default().to_owned();
    let persons = [
        IVANOV.trim_start_matches('+').to_owned(),
        "9161234567".into(),
        "Иванов".into(),
        "Ivanov".into(),
        desk_view.agent.email,
        desk_view.agent.name.unwrap(),
        settings.pbx_user,
        settings.channel,
        host(&settings.pbx_url),
        host(&settings.omnidesk_url),
        desk.data_file().display().to_string(),
    ];
    for kept in persons.iter().chain(&secrets) {
        assert!(kept.len() > 3, "nothing was looked for: {kept:?}");
        assert!(!told.contains(kept.as_str()), "{kept} in {told}");
    }
    assert!(told.is_ascii(), "codes and numbers: {told}");
}
