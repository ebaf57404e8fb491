use super::*;
use crate::controller::trial::{controller, with};
use crate::view::LayerView;
use serde_json::{Value, json};

fn document(number: u32, settings: &Value) -> Document {
    let text = json!({"ringside": "office-settings", "schema": 1, "number": number, "author": "Анна", "at": "2026-11-30T10:00:00Z",
        "settings": settings});
    Document::read(&text.to_string()).unwrap()
}

fn found(number: u32, settings: &Value) -> Option<Found> {
    Some(Ok(Some(document(number, settings))))
}

#[tokio::test]
async fn it_is_looked_for_each_quarter_of_an_hour_and_no_sooner() {
    let mut controller = controller();
    controller.restore_office();
    let begins = |controller: &mut Controller, at: Moment| {
        let before = controller.office_watch.wake_at();
        controller.follow_office(at);
        controller.office_watch.wake_at() != before
    };
    let first = controller.office_watch.wake_at().unwrap();
    assert!(first.since(now()) > EVERY - 60_000, "in Omnidesk it is read with the account");
    assert!(!begins(&mut controller, first.plus_ms(-1)));
    assert!(!controller.tasks.is_on(&Work::ReadOffice));
    assert!(begins(&mut controller, first) && controller.tasks.is_on(&Work::ReadOffice));
    assert!(!begins(&mut controller, first.plus_ms(EVERY - 1)));
    assert!(begins(&mut controller, first.plus_ms(EVERY)));
    // A look at the page, or a reading of the account, is one, too.
    controller.office_wanted();
    let next = controller.office_watch.wake_at().unwrap();
    assert!(next.since(now()) > EVERY - 60_000);
    controller.office_watch.clock_set_back(3_600_000);
    assert_eq!(controller.office_watch.wake_at(), Some(next.plus_ms(-3_600_000)));
}

#[tokio::test]
async fn a_bad_one_changes_nothing_and_the_page_says_which_setting_is_wrong_over_a_restart_too() {
    let mut controller = controller();
    controller.restore_office();
    controller.office_read(found(1, &json!({"labels": ["Счёт"], "several": "ask"})));
    let good = controller.settings.clone();
    assert_eq!(good.labels, ["Счёт"]);
    for (fault, key) in [
        (OfficeFault::Bad, Some("labels")),
        (OfficeFault::Records, None),
        (OfficeFault::Unread, None),
    ] {
        let key = key.map(str::to_owned);
        let trouble = OfficeTrouble { fault, key, trouble: None };
        controller.office_read(Some(Err(trouble.clone())));
        let view = controller.office_view();
        assert_eq!((view.wrong, view.stands.unwrap().number), (Some(trouble), 1));
        assert_eq!(controller.settings, good);
    }
    controller.office_read(Some(Ok(None)));
    assert_eq!(controller.office_view().wrong.unwrap().fault, OfficeFault::Gone);
    assert_eq!(controller.settings, good);
    controller.office_read(None);
    assert_eq!(
        controller.office_view().wrong.unwrap().fault,
        OfficeFault::Gone,
        "nobody could be asked"
    );
    controller.office_read(found(2, &json!({"several": "ask"})));
    let view = controller.office_view();
    assert_eq!((view.wrong, view.before.unwrap().number), (None, 1));
    assert_eq!(
        controller.settings.labels,
        Vec::<String>::new(),
        "what is taken out of it is the desks' again"
    );
}

#[tokio::test]
async fn the_publication_is_in_force_at_the_next_start_before_anybody_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let store = || store::Store::open(&folder.path().join("ringside.db")).unwrap();
    let (mut first, _) = with(store());
    first.restore();
    first.office_read(found(4, &json!({"labels": ["Счёт"]})));
    assert!(first.office_go(true).is_err(), "there is none before");
    first.office_read(found(5, &json!({"labels": ["Жалоба"], "channel": "cch9"})));
    first.office_go(true).unwrap();
    first.store.now(|_| Ok(())).unwrap();
    drop(first);
    let (mut next, _) = with(store());
    next.restore();
    assert_eq!(next.settings.labels, ["Счёт"]);
    let view = next.office_view();
    assert_eq!((view.back, view.stands.map(|stands| stands.number)), (true, Some(5)));
    let labels = next.layers.origins().into_iter().find(|origin| origin.key == "labels").unwrap();
    assert_eq!(labels.from, LayerView::Published);
    next.office_go(false).unwrap();
    assert_eq!(
        (next.settings.labels.as_slice(), next.settings.channel.as_str()),
        (["Жалоба".to_owned()].as_slice(), "cch9")
    );
}

#[tokio::test]
async fn another_place_or_account_is_another_office_and_an_office_may_hold_its_place() {
    let mut controller = controller();
    controller.settings.omnidesk_url = "https://one.omnidesk.ru".into();
    controller.office_read(found(1, &json!({"channel": "cch1"})));
    let before = controller.settings.clone();
    controller.office_follows(&before);
    assert_eq!(controller.settings.channel, "cch1", "nothing of that has changed");
    let left = Settings {
        omnidesk_url: "https://other.omnidesk.ru".into(),
        ..before
    };
    controller.office_follows(&left);
    assert_eq!((controller.settings.channel.as_str(), controller.office_view().stands), ("", None));

    let office = crate::settings::layers::Office::default().locking(&["officeSettings"]);
    controller.layers = crate::settings::layers::Layers::new(&office, Layer::default());
    controller.office_read(found(1, &json!({})));
    controller.office_read(found(2, &json!({})));
    assert_eq!(controller.office_go(true).unwrap_err().about.as_deref(), Some("locked"));
    assert!(controller.office_view().fixed);
}
