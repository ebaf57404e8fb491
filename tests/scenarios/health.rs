//! The page «Состояние»: what it says is so, and nothing of it tells of a person.

use crate::desk::{Desk, IVANOV, STRANGER};
use engine::view::{AbilityView, HealthView, LinkStateView, OfficeFileView, SecretsView, TroubleView};
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
    assert!(file.bytes > 4_096.0 && file.log_bytes > 0.0, "{file:?}");
    assert_eq!((file.calls, file.journal, file.aside), (1, 0, 0));
    assert!(file.outbox > 0, "what was delivered is kept for a week");
    assert_eq!((view.outbox.wedged, view.outbox.oldest), (0, None));
    assert_eq!(view.keychain.place, SecretsView::Keychain);
    assert_eq!((view.settings.office_file, view.settings.own), (OfficeFileView::Usual, 0));
    assert!(view.settings.office > 5, "{:?}", view.settings);
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
