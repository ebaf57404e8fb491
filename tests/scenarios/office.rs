//! One setting for the whole office: two companions of one account. One publishes, the other has it; what is forged or broken
//! is refused and said.

use crate::desk::Desk;
use engine::view::{
    CommandError, DataField, FieldColor, FieldState, FieldView, OfficeFault, OfficeMay, OfficeView, OfficeWish, SectionView, TroubleView,
    TypedSecrets, ValueColor,
};
use sandbox::omnidesk::{ByHand, Fault, FaultRule};
use serde_json::json;

const NAME: &str = "Не изменять: настройки Ringside";

async fn colleague(desk: &Desk) -> Desk {
    desk.beside("102", "boris@support.example").await
}

/// Publishes these settings as they hold at the desk.
async fn publish(desk: &Desk, seen: Option<u32>, keys: &[&str]) -> Result<OfficeView, CommandError> {
    let keys = keys.iter().map(|key| (*key).to_owned()).collect();
    let locked = Vec::new();
    desk.engine.publish_office(OfficeWish { seen, keys, locked }).await
}

fn refusal(refused: Result<OfficeView, CommandError>) -> (TroubleView, Option<String>) {
    let error = refused.unwrap_err();
    (error.trouble, error.about)
}

fn number(view: &OfficeView) -> Option<u32> {
    view.stands.as_ref().map(|stands| stands.number)
}

/// Somebody writes this into the record's note, in Omnidesk itself.
fn write_by_hand(desk: &Desk, note: &str, another: bool) {
    let (name, note) = (NAME.into(), note.into());
    desk.sandbox.omnidesk().by_hand(&ByHand::Company { name, note, another }).unwrap();
}

/// A document as the note has it; whoever forges one knows how.
fn note(settings: &serde_json::Value) -> String {
    use base64::Engine as _;
    let document = json!({"ringside": "office-settings", "schema": 1, "number": 90, "author": "Анна Соколова",
        "at": "2026-11-30T10:00:00Z", "settings": settings});
    let letters = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(document.to_string());
    format!("[ringside {}:{letters}]", letters.len())
}

#[tokio::test]
async fn what_one_companion_publishes_the_other_has_and_what_is_forged_is_refused_and_said() {
    let anna = Desk::open().await;
    let boris = colleague(&anna).await;
    assert_eq!(boris.engine.office_settings(true).await.unwrap().stands, None);
    anna.engine.save_labels(vec!["Счёт".into(), "Жалоба".into()]).await.unwrap();
    let mut settings = anna.engine.settings().await.unwrap();
    settings.working_hours = ["00:00–23:59"; 7].map(str::to_owned).to_vec();
    anna.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
    let published = publish(&anna, None, &["labels", "workingHours"]).await.unwrap();
    assert_eq!((number(&published), published.may), (Some(1), OfficeMay::Try));
    assert!(published.rows.iter().all(|row| !row.own), "who publishes follows it, too");

    let view = boris.engine.office_settings(true).await.unwrap();
    let stands = view.stands.clone().unwrap();
    assert_eq!((stands.number, stands.keys), (1, vec!["labels".to_owned(), "workingHours".into()]));
    assert!(!stands.author.is_empty() && view.read_at.is_some());
    assert_eq!(boris.engine.labels().await.unwrap().chosen, ["Счёт", "Жалоба"]);
    boris
        .until("the published labels", |view| (view.labels == ["Счёт", "Жалоба"]).then_some(()))
        .await;

    // Whoever may edit companies, and wants more than that.
    for (forged, fault, key) in [
        (
            note(&json!({"omnideskUrl": "https://evil.example"})),
            OfficeFault::NotPublishable,
            Some("omnideskUrl"),
        ),
        (
            note(&json!({"updates": {"url": "https://evil.example", "key": "x"}})),
            OfficeFault::NotPublishable,
            Some("updates"),
        ),
        (note(&json!({"labels": ["a\nb"]})), OfficeFault::Bad, Some("labels")),
        (note(&json!({"apiKey": "x"})), OfficeFault::Secret, None),
        ("Позвонить Ивану".to_owned(), OfficeFault::NotOne, None),
        ("я".repeat(5_000_000), OfficeFault::TooLong, None),
    ] {
        write_by_hand(&anna, &forged, false);
        let view = boris.engine.office_settings(true).await.unwrap();
        let wrong = view.wrong.clone().unwrap();
        let is_said = wrong.fault == fault && wrong.key.as_deref() == key;
        assert!(is_said, "{forged:.60}: {wrong:?}");
        assert_eq!(number(&view), Some(1), "the last good one stays");
        assert_eq!(boris.engine.labels().await.unwrap().chosen, ["Счёт", "Жалоба"]);
    }
    let refused = publish(&anna, Some(1), &["labels"]).await;
    assert_eq!(refusal(refused), (TroubleView::Refused, Some("tooLarge".into())));
    // A stranger's second record of that name takes nothing over, either.
    write_by_hand(&anna, "", false);
    write_by_hand(&anna, &note(&json!({"labels": []})), true);
    let view = boris.engine.office_settings(true).await.unwrap();
    assert_eq!(view.wrong.map(|wrong| wrong.fault), Some(OfficeFault::Records));
    assert_eq!(boris.engine.labels().await.unwrap().chosen, ["Счёт", "Жалоба"]);
    let refused = publish(&anna, Some(1), &["labels"]).await;
    assert_eq!(refusal(refused), (TroubleView::Refused, Some("records".into())));
}

#[tokio::test]
async fn who_publishes_over_a_colleagues_publication_is_told_and_who_may_not_edit_companies_is_refused() {
    let mut anna = Desk::open().await;
    let boris = colleague(&anna).await;
    anna.engine.save_labels(vec!["Счёт".into()]).await.unwrap();
    boris.engine.save_labels(vec!["Жалоба".into()]).await.unwrap();
    publish(&anna, None, &["labels"]).await.unwrap();
    // Boris has looked before that.
    let refused = publish(&boris, None, &["labels"]).await;
    assert_eq!(refusal(refused), (TroubleView::Refused, Some("published".into())));
    let view = boris.engine.office_settings(false).await.unwrap();
    let row = view.rows.iter().find(|row| row.key == "labels").unwrap();
    assert!(row.own && number(&view) == Some(1), "Anna's is shown beside his own: {row:?}");
    let both = publish(&boris, Some(1), &["labels", "several"]).await.unwrap();
    assert_eq!((number(&both), both.before.map(|before| before.number)), (Some(2), Some(1)));

    let view = anna.engine.office_settings(true).await.unwrap();
    assert_eq!(number(&view), Some(2));
    assert_eq!(anna.engine.labels().await.unwrap().chosen, ["Жалоба"]);
    // Back on this computer, over a restart; then for the whole office.
    anna.engine.go_back_office(true).await.unwrap();
    anna.restart().await;
    let view = anna.engine.office_settings(true).await.unwrap();
    assert!(view.back, "the same is read again, and nobody has published another");
    assert_eq!(anna.engine.labels().await.unwrap().chosen, ["Счёт"]);
    anna.sandbox.omnidesk().by_hand(&ByHand::CompanyRight {
        staff_email: "boris@support.example".into(),
        allowed: false,
    });
    let refused = boris.engine.publish_office_before(2).await;
    assert_eq!(refusal(refused).0, TroubleView::Forbidden);
    assert_eq!(boris.engine.office_settings(true).await.unwrap().may, OfficeMay::Refused);
    let again = anna.engine.publish_office_before(2).await.unwrap();
    assert_eq!((number(&again), again.back), (Some(3), false));
    boris.engine.office_settings(true).await.unwrap();
    assert_eq!(boris.engine.labels().await.unwrap().chosen, ["Счёт"]);
}

#[tokio::test]
async fn a_note_that_omnidesk_cuts_and_an_answer_that_is_lost_leave_a_whole_publication() {
    let anna = Desk::open().await;
    anna.engine.save_labels(vec!["Счёт".into()]).await.unwrap();
    // The record is made, and nobody hears of it.
    let lost = FaultRule::once(Fault::Lost { ms: 0 }).on("POST", "/api/companies.json");
    anna.sandbox.omnidesk().fault(lost);
    let view = publish(&anna, None, &["labels"]).await.unwrap();
    assert_eq!(number(&view), Some(1));
    assert_eq!(anna.sandbox.omnidesk().counts()["POST companies"], 1);
    anna.sandbox.omnidesk().by_hand(&ByHand::CutNotes { longest: Some(900) });
    let phrases = |text: &str| {
        vec![engine::view::PhraseRow {
            title: "Счёт".into(),
            text: text.into(),
            unknown: Vec::new(),
        }]
    };
    anna.engine.save_phrases(phrases(&"Просит счёт. ".repeat(100))).await.unwrap();
    let refused = publish(&anna, Some(1), &["labels", "phrases"]).await;
    assert_eq!(refusal(refused), (TroubleView::Refused, Some("cut".into())));
    let view = anna.engine.office_settings(true).await.unwrap();
    assert_eq!((number(&view), view.wrong), (Some(1), None), "what stood before stands again");
}

#[tokio::test]
async fn a_file_of_the_office_is_read_without_omnidesk_and_nothing_is_written_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("office.json");
    let text = json!({"ringside": "office-settings", "schema": 1, "number": 4, "author": "IT", "at": "2026-11-30T10:00:00Z",
        "settings": {"labels": ["Счёт"]}, "locked": ["labels"]});
    std::fs::write(&file, text.to_string()).unwrap();
    let desk = Desk::open().await;
    let mut settings = desk.engine.settings().await.unwrap();
    settings.office_settings = "office.json".into();
    let refused = desk
        .engine
        .save_settings(settings.clone(), TypedSecrets::default())
        .await
        .unwrap_err();
    assert_eq!(refused.about.as_deref(), Some("officeSettings"));
    settings.office_settings = file.to_str().unwrap().into();
    desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
    desk.until("the file's labels", |view| (view.labels == ["Счёт"]).then_some(()))
        .await;
    assert!(desk.engine.labels().await.unwrap().locked);
    let refused = publish(&desk, Some(4), &["labels"]).await;
    assert_eq!(refusal(refused).0, TroubleView::NotOffered);
    // Gone, or another's: what was good stays, and it is said.
    for (bytes, fault) in [("{", OfficeFault::NotOne), (&"x".repeat(10_000_000), OfficeFault::TooLong)] {
        std::fs::write(&file, bytes).unwrap();
        let view = desk.engine.office_settings(true).await.unwrap();
        assert_eq!((number(&view), view.wrong.map(|wrong| wrong.fault)), (Some(4), Some(fault)));
    }
    std::fs::remove_file(&file).unwrap();
    assert_eq!(
        desk.engine.office_settings(true).await.unwrap().wrong.unwrap().fault,
        OfficeFault::Gone
    );
    std::fs::create_dir(&file).unwrap();
    assert_eq!(
        desk.engine.office_settings(true).await.unwrap().wrong.unwrap().fault,
        OfficeFault::Unread
    );
}

/// The field of Omnidesk's list «Тариф», under a heading, for one line, with a colour for a value.
async fn arrange_fields(desk: &Desk) {
    let mut fields = desk.engine.fields().await.unwrap().fields;
    let at = fields.iter().position(|field| field.id == "cf_20").unwrap();
    let field = &mut fields[at];
    (field.incoming, field.always, field.lines) = (true, true, vec!["Продажи".into(), "8 812 555-01-00".into()]);
    let option = field.options.iter_mut().find(|option| option.title == "Профессиональный").unwrap();
    option.color = Some(FieldColor::Green);
    let heading = DataField {
        id: "section_1".into(),
        title: "Договор".into(),
        state: FieldState::Section,
        ..fields[0].clone()
    };
    fields.insert(at, heading);
    let computed = fields.iter_mut().find(|field| field.id == "own_calls").unwrap();
    computed.incoming = true;
    desk.engine.save_fields(fields).await.unwrap();
}

#[tokio::test]
async fn s02_headings_conditions_and_colours_go_to_the_office_and_a_forged_one_is_refused_and_said() {
    let anna = Desk::open().await;
    let boris = colleague(&anna).await;
    arrange_fields(&anna).await;
    let published = publish(&anna, None, &["fields"]).await.unwrap();
    let row = published.rows.iter().find(|row| row.key == "fields").unwrap();
    let said: Vec<_> = row.published.iter().flatten().map(|line| line.text.as_str()).collect();
    for expected in ["section", "line Продажи", "always"] {
        assert!(said.contains(&expected), "{expected}: {said:?}");
    }
    boris.engine.office_settings(true).await.unwrap();
    let shows = |view: &engine::view::DeskView| {
        let tariff = FieldView {
            field: "cf_20".into(),
            title: "Тариф".into(),
            always: true,
            lines: vec!["Продажи".into(), "+7 (812) 555-01-00".into()],
            colors: vec![ValueColor {
                value: "Профессиональный".into(),
                color: FieldColor::Green,
            }],
        };
        let is_headed = |section: &SectionView| section.title == "Договор" && section.fields.first().is_some_and(|first| first == "cf_20");
        let is_computed = |field: &FieldView| field.field == "own_calls";
        let is_whole = view.fields.contains(&tariff) && view.fields.iter().any(is_computed);
        (is_whole && view.sections.iter().any(is_headed)).then_some(())
    };
    boris.until("the published fields", shows).await;

    let field = |part: serde_json::Value| {
        let mut field = json!({"id": "cf_20", "title": "Тариф", "format": "list", "incoming": true});
        field.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        json!({ "fields": [field] })
    };
    let headings = |count: usize| {
        let heading = |n: usize| json!({"id": format!("section_{n}"), "title": "<img src=x onerror=alert(1)>"});
        (0..count).map(heading).collect::<Vec<_>>()
    };
    for forged in [
        field(json!({"colors": {"1": "url(https://evil.example)"}})),
        field(json!({"lines": [{"shownIf": {"field": "cf_20"}}]})),
        field(json!({"lines": vec!["Продажи"; 1_000]})),
        field(json!({"then": headings(500)})),
        field(json!({"then": [{"id": "section_1", "title": "Дого\u{202e}вор"}]})),
        field(json!({"then": [{"id": "new_1", "title": "Договор"}]})),
        field(json!({"then": [{"id": "own_passwords", "incoming": true}]})),
    ] {
        write_by_hand(&anna, &note(&forged), false);
        let view = boris.engine.office_settings(true).await.unwrap();
        let wrong = view.wrong.clone().unwrap();
        assert_eq!(
            (wrong.fault, wrong.key.as_deref()),
            (OfficeFault::Bad, Some("fields")),
            "{:.120}",
            forged.to_string()
        );
        assert_eq!(number(&view), Some(1), "the last good one stays");
        assert!(shows(&boris.view()).is_some());
    }
    // HTML is a text like any other, and is shown as one.
    write_by_hand(&anna, &note(&field(json!({"then": headings(1)}))), false);
    let view = boris.engine.office_settings(true).await.unwrap();
    assert_eq!((view.wrong, view.stands.map(|stands| stands.number)), (None, Some(90)));
    boris
        .until("the heading", |view| {
            let heads = |section: &SectionView| section.title == "<img src=x onerror=alert(1)>";
            view.sections.iter().any(heads).then_some(())
        })
        .await;
}
