use super::*;
use crate::settings::layers::Layers;
use crate::settings::layers::Office;

fn document(settings: &Value, locked: &[&str]) -> String {
    json!({"ringside": KIND, "schema": 1, "number": 7, "author": "Анна Соколова", "at": "2026-11-30T10:00:00Z",
        "settings": settings, "locked": locked})
    .to_string()
}

fn read(settings: &Value) -> Result<Document, Wrong> {
    Document::read(&document(settings, &[]))
}

#[test]
fn a_document_comes_back_as_it_was_written_and_says_who_when_and_what() {
    let settings = json!({"labels": ["Жалоба"], "channel": "cch101", "several": "ask", "later": {"a": [1]},
        "workingHours": ["09:00–18:00", "", "", "", "", "", ""]});
    let read = Document::read(&document(&settings, &["channel", "later"])).unwrap();
    assert_eq!(Document::read(&read.text()).as_ref(), Ok(&read));
    let view = read.view();
    assert_eq!(
        (view.number, view.author.as_str(), view.at),
        (7, "Анна Соколова", 1_796_032_800_000.0)
    );
    assert_eq!(view.keys, ["labels", "workingHours", "channel", "several"]);
    assert_eq!(
        (view.locked, view.unknown),
        (vec!["channel".into(), "later".into()], vec!["later".into()])
    );
}

/// A setting that a document may say, each with values that it can have and values that it cannot.
#[test]
fn each_value_is_one_that_the_setting_can_have_or_nothing_is_taken() {
    let field = |id: &str, title: &str| json!({"id": id, "title": title, "format": "text", "incoming": true});
    let many = |n: usize| (0..n).map(|n| field(&format!("cf_{n}"), "Поле")).collect::<Vec<_>>();
    let with = |part: Value| {
        let mut field = field("cf_25", "Тариф");
        field.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        field
    };
    let heading = |title: &str| json!({"id": "section_1", "title": title});
    let hours = |day: &str| json!([day, "", "", "", "", "", ""]);
    let phrase = |title: &str, text: &str| json!([{"title": title, "text": text}]);
    for (key, good, bad) in [
        (
            "fields",
            vec![
                json!([]),
                json!([field("name", ""), field("cf_25", "<b>Тариф</b>")]),
                json!(many(100)),
                json!([with(
                    json!({"always": true, "lines": ["Продажи"], "then": [heading("<b>Договор</b>")], "later": 1})
                )]),
                json!([with(json!({"format": "list", "colors": {"1": "green", "2": "grey"}}))]),
            ],
            vec![
                json!(
                    (0..1_000)
                        .map(|n| json!({"id": format!("cf_{n}"), "format": "text"}))
                        .collect::<Vec<_>>()
                ),
                json!([field("name", ""), field("name", "")]),
                json!([field("cf_25", "Та\u{202e}риф")]),
                json!([field("../cf_1", "Тариф")]),
                json!([{"id": "new_1", "title": "", "format": "text"}]),
                json!([with(json!({"format": "list", "colors": {"1": "#ff0000"}}))]),
                json!([with(json!({"colors": {"1": "green"}}))]),
                json!([with(json!({"format": "list", "colors": {"Ба\u{202e}зовый": "green"}}))]),
                json!([with(json!({"lines": ["Про\u{202e}дажи"]}))]),
                json!([with(json!({"lines": [{"shownIf": "cf_25"}]}))]),
                json!([with(json!({"then": [heading("Дого\u{202e}вор")]}))]),
                json!([with(json!({"then": [heading(&"я".repeat(101))]}))]),
                json!([with(json!({"then": vec![heading("Договор"); 2]}))]),
                json!([with(json!({"then": [{"id": "cf_26", "title": "Договор"}]}))]),
                json!([{"id": "new_1", "title": "Список", "format": "list", "options": []}]),
                json!("name"),
            ],
        ),
        (
            "phrases",
            vec![json!([]), phrase("Счёт", "<img src=x onerror=alert(1)>")],
            vec![
                phrase("", "x"),
                phrase("Счёт", ""),
                phrase("Счёт", "а\u{202e}б"),
                phrase(&"я".repeat(61), "x"),
                json!([{"title": "Счёт"}]),
                json!({}),
            ],
        ),
        (
            "labels",
            vec![json!([]), json!(["Жалоба", "Счёт"])],
            vec![json!(["", "a"]), json!(["a", "a"]), json!(["a\nb"]), json!([1])],
        ),
        (
            "workingHours",
            vec![json!([]), hours("09:00–18:00"), hours("22:00–06:00")],
            vec![hours("25:00–26:00"), json!(["09:00–18:00"]), json!("9-18")],
        ),
        (
            DIAL_POLICY,
            vec![json!({"premium": "never"}), json!({})],
            vec![json!({"premium": "sometimes"}), json!({"countries": ["Казахстан"]}), json!("never")],
        ),
        (
            "channel",
            vec![json!(""), json!("cch101")],
            vec![json!("chh101/../x"), json!("cch"), json!("cch1\n"), json!(101)],
        ),
        (
            "callIdField",
            vec![json!("cf_31"), json!("")],
            vec![json!("31"), json!("cf_"), json!("cf_9999999999999")],
        ),
        ("claimField", vec![json!("cf_32")], vec![json!("cf_x")]),
        ("several", vec![json!("ask")], vec![json!("oldest"), json!(null)]),
        ("unansweredOutgoingCases", vec![json!(false)], vec![json!("no"), json!(0)]),
    ] {
        for value in good {
            let read = read(&json!({ key: value }));
            assert!(read.is_ok_and(|read| read.value(key).is_some()), "{key}: {:.80}", value.to_string());
        }
        for value in bad {
            assert_eq!(
                read(&json!({ key: value })),
                Err((OfficeFault::Bad, Some(key.to_owned()))),
                "{key}: {:.80}",
                value.to_string()
            );
        }
    }
}

/// As somebody who may edit companies in Omnidesk would try it.
#[test]
fn nothing_says_where_passwords_go_whom_to_trust_or_what_is_run() {
    let publishable: BTreeSet<&str> = KEYS.into();
    for (key, value) in of_settings(&Settings::default()) {
        if publishable.contains(key.as_str()) {
            continue;
        }
        assert_eq!(
            read(&json!({"labels": ["Счёт"], key.as_str(): value})),
            Err((OfficeFault::NotPublishable, Some(key.clone()))),
            "{key}"
        );
    }
    for door in [
        "pbxUrl",
        "pbxCa",
        "plainHttp",
        "omnideskUrl",
        "email",
        "fileHosts",
        "updates",
        "officeSettings",
        "historyMonths",
        "linksAsk",
    ] {
        assert!(
            of_settings(&Settings::default()).contains_key(door) && !publishable.contains(door),
            "{door}"
        );
    }
    for secret in ["apiKey", "pbxPassword", "OMNIDESK_TOKEN", "x-auth"] {
        assert_eq!(read(&json!({ secret: "s3cret" })), Err((OfficeFault::Secret, None)), "{secret}");
    }
    let beside = document(&json!({}), &[]).replacen('{', "{\"apiKey\":\"s3cret\",", 1);
    assert_eq!(Document::read(&beside), Err((OfficeFault::Secret, None)));
}

#[test]
fn what_is_no_document_is_refused_for_what_it_is() {
    let good = document(&json!({"labels": ["Счёт"]}), &[]);
    let with = |from: &str, to: &str| {
        let changed = good.replace(from, to);
        assert_ne!(changed, good, "{from}");
        changed
    };
    let twice = good.replace("\"settings\":{", "\"settings\":{\"labels\":[],");
    let deep = document(&json!({}), &[]).replace("{}", &format!("{{\"later\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000)));
    let many = json!((0..60).map(|n| (format!("later{n}"), json!(1))).collect::<Map<_, _>>());
    for (text, fault, key) in [
        (String::new(), OfficeFault::NotOne, None),
        ("[]".into(), OfficeFault::NotOne, None),
        (good[..good.len() - 2].to_owned(), OfficeFault::NotOne, None),
        (with("office-settings", "data-fields"), OfficeFault::NotOne, None),
        (with("\"schema\":1", "\"schema\":2"), OfficeFault::Newer, None),
        (with("\"schema\":1", "\"schema\":\"1\""), OfficeFault::NotOne, None),
        (with("\"number\":7", "\"number\":0"), OfficeFault::NotOne, None),
        (with("\"number\":7", "\"number\":-7"), OfficeFault::NotOne, None),
        (with("\"number\":7", "\"number\":4294967296"), OfficeFault::NotOne, None),
        (with("2026-11-30T", "30.11.2026 "), OfficeFault::NotOne, None),
        (with("Анна Соколова", "А\u{202e}нна"), OfficeFault::NotOne, None),
        (with("Анна Соколова", &"я".repeat(101)), OfficeFault::NotOne, None),
        (with("{\"labels\":[\"Счёт\"]}", "[]"), OfficeFault::NotOne, None),
        (with("{\"labels\":[\"Счёт\"]}", "{\"la\\u0000bels\":[]}"), OfficeFault::NotOne, None),
        (with("\"labels\":[\"Счёт\"]", "\"<script>\":1"), OfficeFault::NotOne, None),
        (twice, OfficeFault::NotOne, None),
        (good.replacen("{", "{\"number\":8,", 1), OfficeFault::NotOne, None),
        (deep, OfficeFault::NotOne, None),
        (document(&many, &[]), OfficeFault::NotOne, None),
        (document(&json!({}), &["phrases"]), OfficeFault::Bad, Some("phrases")),
        (document(&json!({}), &["<b>"]), OfficeFault::Bad, Some("locked")),
        (good.replace("Счёт", &"я".repeat(5_000_000)), OfficeFault::TooLong, None),
    ] {
        assert_eq!(Document::read(&text), Err((fault, key.map(str::to_owned))), "{text:.120}");
    }
    for hostile in hostile::texts() {
        let _ = Document::read(&hostile.text);
        // In each place where a text may stand: refused, or kept as it is seen.
        for settings in [
            json!({"labels": [hostile.text]}),
            json!({"fields": [{"id": "cf_1", "title": hostile.text, "format": "text"}]}),
        ] {
            if let Ok(read) = read(&settings) {
                assert_eq!(visible(&read.text()), read.text(), "{}", hostile.name);
            }
        }
    }
}

#[test]
fn rules_for_calls_out_become_stricter_by_it_and_never_looser() {
    for (here, published, holds) in [
        (
            json!({"premium": "ask"}),
            json!({"premium": "allow", "foreign": "allow", "satellite": "allow", "sharedCost": "allow"}),
            json!({}),
        ),
        (json!({}), json!({"premium": "never"}), json!({"premium": "never"})),
        (
            json!({"sharedCost": "allow"}),
            json!({"sharedCost": "allow"}),
            json!({"sharedCost": "allow"}),
        ),
        (json!({"sharedCost": "allow"}), json!({}), json!({})),
        (
            json!({"satellite": "never"}),
            json!({"satellite": "ask"}),
            json!({"satellite": "never"}),
        ),
        (
            json!({"countries": ["KZ"]}),
            json!({"countries": ["SO", "CU"]}),
            json!({"countries": ["KZ"]}),
        ),
    ] {
        let policy = |value: &Value| -> DialPolicy { serde_json::from_value(value.clone()).unwrap() };
        for by_file in [true, false] {
            let says = json!({ "dialPolicy": here }).to_string();
            let (file, own) = if by_file { (says.as_str(), "{}") } else { ("{}", says.as_str()) };
            let office = Office::read(file, |pem| Ok::<_, ()>(pem.to_owned())).0;
            let mut layers = Layers::new(&office, Layer::default());
            layers.take_own(Layer::read(own));
            let document = read(&json!({ "dialPolicy": published })).unwrap();
            assert!(layers.publish(document.layer()));
            assert_eq!(layers.settings().dial_policy, policy(&holds), "{here} {published}");
            assert!(layers.is_locked("dialPolicy"), "nobody loosens it at a desk");
        }
    }
}

#[test]
fn what_this_computer_says_of_its_own_stands_over_it_unless_the_office_has_the_last_word() {
    let mut layers = Layers::default();
    layers.take_own(Layer::read(r#"{"labels":["Своя"],"several":"ask"}"#));
    let published = json!({"labels": ["Счёт"], "several": "newest", "channel": "cch5"});
    layers.publish(Document::read(&document(&published, &["several"])).unwrap().layer());
    let settings = layers.settings();
    assert_eq!(
        (settings.labels, settings.several, settings.channel.as_str()),
        (vec!["Своя".to_owned()], crate::view::SeveralView::Newest, "cch5")
    );
    // The next start reads the same layer again.
    assert_eq!(
        Layer::read(&layers.published_text()).layer,
        Document::read(&document(&published, &["several"])).unwrap().layer()
    );
}

#[test]
fn the_last_good_one_and_the_one_before_are_kept_and_a_computer_stays_back_until_another_comes() {
    let numbered = |number: u32| {
        let text = document(&json!({"labels": [format!("Метка {number}")]}), &[]).replace("\"number\":7", &format!("\"number\":{number}"));
        Document::read(&text).unwrap()
    };
    let number = |document: Option<&Document>| document.map(|document| document.number);
    let mut publication = Publication::restored(None);
    assert!(!publication.go(true) && publication.in_force().is_none());
    publication.take(numbered(1));
    assert!(!publication.go(true), "there is none before");
    publication.take(numbered(2));
    publication.take(numbered(2));
    assert_eq!((number(publication.current()), number(publication.before())), (Some(2), Some(1)));
    assert!(publication.go(true));
    let mut publication = Publication::restored(Some(&publication.kept()));
    assert_eq!((number(publication.in_force()), publication.is_back()), (Some(1), true));
    publication.take(numbered(2));
    assert_eq!(number(publication.in_force()), Some(1), "the same again is no other one");
    publication.take(numbered(3));
    assert_eq!(
        (number(publication.in_force()), number(publication.before()), publication.is_back()),
        (Some(3), Some(2), false)
    );
    for broken in ["", "[]", "{\"current\":\"{}\",\"back\":true}"] {
        let publication = Publication::restored(Some(broken));
        assert!(publication.in_force().is_none() && !publication.is_back(), "{broken}");
    }
}

#[test]
fn what_is_published_from_here_is_what_could_be_read() {
    let settings = Settings {
        channel: "cch101".into(),
        ..Settings::default()
    };
    let all = KEYS
        .iter()
        .map(|key| ((*key).to_owned(), publishable(&settings, key).unwrap()))
        .collect();
    let made = Document::of(1, "Анна".into(), Timestamp::UNIX_EPOCH, all, vec!["channel".into()]).unwrap();
    assert_eq!(Document::read(&made.text()), Ok(made));
    let long = vec![Phrase {
        title: "Длинная".into(),
        text: "я".repeat(4_000),
    }];
    let phrases = (0..12)
        .flat_map(|n| {
            long.clone().into_iter().map(move |phrase| Phrase {
                title: format!("{n}"),
                ..phrase
            })
        })
        .collect();
    let settings = Settings {
        phrases,
        ..Settings::default()
    };
    let of_phrases = Map::from_iter([("phrases".to_owned(), publishable(&settings, "phrases").unwrap())]);
    let too_long = Document::of(1, "Анна".into(), Timestamp::UNIX_EPOCH, of_phrases, Vec::new());
    assert_eq!(too_long, Err((OfficeFault::TooLong, None)));
    let odd = Settings {
        labels: vec!["a\nb".into()],
        ..Settings::default()
    };
    assert_eq!(publishable(&odd, "labels"), None);
}
