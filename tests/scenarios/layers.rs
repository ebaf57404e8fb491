//! What the office says and what a computer says: who decides, and what is kept.

use crate::desk::{Desk, IVANOV};
use engine::Office;
use engine::view::{CommandError, LayerView, OriginView, OutboxStateView, SettingsView, TroubleView, TypedSecrets};
use sandbox::omnidesk::{Fault, FaultRule};

fn office(text: &serde_json::Value) -> Office {
    Office::read(&text.to_string(), |pem| Ok::<_, ()>(pem.to_owned())).0
}

async fn save(desk: &Desk, change: impl FnOnce(&mut SettingsView)) -> Result<SettingsView, CommandError> {
    let mut settings = desk.engine.settings().await.unwrap();
    change(&mut settings);
    desk.engine.save_settings(settings, TypedSecrets::default()).await
}

fn origin(settings: &SettingsView, key: &str) -> OriginView {
    settings.origins.iter().find(|origin| origin.key == key).cloned().unwrap()
}

fn stored(desk: &Desk, name: &str) -> Option<serde_json::Value> {
    let store = store::Store::open(&desk.data_file()).unwrap();
    store.setting(name).unwrap().map(|text| serde_json::from_str(&text).unwrap())
}

#[tokio::test]
async fn d6_a_desk_keeps_only_what_was_changed_there_and_follows_the_office_in_the_rest() {
    let mut desk = Desk::open().await;
    let saved = save(&desk, |settings| settings.theme = "dark".into()).await.unwrap();
    assert_eq!(origin(&saved, "theme").from, LayerView::Computer);
    assert_eq!(origin(&saved, "pbxUrl").from, LayerView::Office);
    desk.engine.stop().await;
    assert_eq!(stored(&desk, "settings").unwrap(), serde_json::json!({ "theme": "dark" }));
    let (pbx, omnidesk) = (desk.sandbox.pbx_url(), desk.sandbox.omnidesk_url());
    desk.office = office(&serde_json::json!({
        "pbxUrl": pbx, "pbxUser": desk.sandbox.pbx_user(), "extension": "102", "context": desk.sandbox.context(),
        "omnideskUrl": omnidesk, "email": "boris@support.example", "channel": "cch101",
        "theme": "light", "several": "ask", "locked": ["several", "extension"],
    }));
    desk.restart_unconnected().await;
    desk.both_up().await;
    let settings = desk.engine.settings().await.unwrap();
    assert_eq!((settings.extension.as_str(), settings.theme.as_str()), ("102", "dark"));
    assert_eq!(origin(&settings, "theme").office.as_deref(), Some("light"));
    let several = origin(&settings, "several");
    assert!(several.locked && several.from == LayerView::Office);

    // A locked one is refused, and nothing that was sent with it is kept.
    let refused = save(&desk, |settings| {
        settings.extension = "103".into();
        settings.language = "en".into();
    })
    .await;
    let refused = refused.unwrap_err();
    assert_eq!((refused.trouble, refused.about.as_deref()), (TroubleView::Refused, Some("locked")));
    let settings = desk.engine.settings().await.unwrap();
    assert_eq!((settings.extension.as_str(), settings.language.as_str()), ("102", ""));

    // Back to the office's.
    let back = save(&desk, |settings| settings.theme = "light".into()).await.unwrap();
    assert_eq!(origin(&back, "theme").from, LayerView::Office);
    desk.engine.stop().await;
    assert_eq!(stored(&desk, "settings").unwrap(), serde_json::json!({}));
}

#[tokio::test]
async fn d6_what_the_office_has_published_stands_between_its_file_and_this_computer() {
    let mut desk = Desk::open().await;
    save(&desk, |settings| settings.region = "BY".into()).await.unwrap();
    desk.restart_after(|file| {
        let store = store::Store::open(file).unwrap();
        let text = r#"{"theme":"dark","region":"KZ","language":"en","locked":["region"]}"#;
        store.set_setting("published", text).unwrap();
    })
    .await;
    let settings = desk.engine.settings().await.unwrap();
    let values = (settings.theme.as_str(), settings.region.as_str(), settings.language.as_str());
    assert_eq!(values, ("dark", "KZ", "en"));
    let region = origin(&settings, "region");
    assert_eq!((region.from, region.locked), (LayerView::Published, true));
    assert!(save(&desk, |settings| settings.region = "RU".into()).await.is_err());
    let own = save(&desk, |settings| settings.language = "ru".into()).await.unwrap();
    assert_eq!(origin(&own, "language").office.as_deref(), Some("en"));
}

#[tokio::test]
async fn d6_locked_data_fields_are_shown_and_not_changed() {
    let mut desk = Desk::open().await;
    desk.office = desk.office.clone().locking(&["fields"]);
    desk.restart().await;
    let view = desk.engine.fields().await.unwrap();
    assert!(view.locked);
    let refused = desk.engine.save_fields(view.fields.clone().into_iter().rev().collect()).await;
    assert_eq!(refused.map_err(|error| error.trouble).err(), Some(TroubleView::Refused));
    assert_eq!(desk.engine.fields().await.unwrap().fields, view.fields);
}

#[tokio::test]
async fn d5_what_is_owed_to_an_account_is_never_sent_to_another_one_that_the_office_names() {
    let mut desk = Desk::open().await;
    let down = Fault::Status {
        status: 503,
        body: None,
        retry_after: None,
    };
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(down).on("POST", "/api/cases.json").times(0));
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    // The same server by another name is another account.
    let (old, new) = (
        desk.sandbox.omnidesk_url(),
        desk.sandbox.omnidesk_url().replace("127.0.0.1", "localhost"),
    );
    assert_ne!(old, new);
    desk.office = office(&serde_json::json!({
        "pbxUrl": desk.sandbox.pbx_url(), "pbxUser": desk.sandbox.pbx_user(), "extension": "101", "context": desk.sandbox.context(),
        "omnideskUrl": new, "email": desk.sandbox.staff_email(), "channel": "cch101", "locked": ["omnideskUrl"],
    }));
    desk.restart_unconnected().await;
    desk.both_up().await;
    assert_eq!(desk.engine.settings().await.unwrap().omnidesk_url, old);
    assert!(desk.view().outbox.iter().any(|row| row.state != OutboxStateView::Done));
    desk.sandbox.omnidesk().clear_faults();
    desk.engine.reconnect().await;
    desk.settled().await;
    desk.restart_unconnected().await;
    desk.both_up().await;
    assert_eq!(desk.engine.settings().await.unwrap().omnidesk_url, new);
    assert!(desk.view().outbox.is_empty(), "what was of the old account is forgotten");
}
