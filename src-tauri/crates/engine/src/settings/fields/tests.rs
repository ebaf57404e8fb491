use super::*;

#[test]
fn s02_an_exported_setting_comes_back_the_same_and_other_files_are_refused() {
    let fields = vec![
        FieldSetting::built_in("name", true),
        FieldSetting::awaited("Тариф", FieldFormat::List),
    ];
    assert_eq!(import(&export(&fields)).unwrap(), fields);
    for text in [
        "",
        "{}",
        "[]",
        r#"{"ringside": "other", "version": 1, "fields": []}"#,
        r#"{"ringside": "data-fields", "version": 2, "fields": []}"#,
    ] {
        assert_eq!(import(text).unwrap_err().about.as_deref(), Some("file"), "{text}");
    }
}

#[test]
fn s02_a_field_needs_a_name_and_a_list_needs_values() {
    let nameless = FieldSetting::awaited(" ", FieldFormat::Text);
    let empty = FieldSetting {
        options: Vec::new(),
        ..FieldSetting::awaited("Тариф", FieldFormat::List)
    };
    let stranger = FieldSetting {
        id: "../x".into(),
        ..FieldSetting::awaited("Тариф", FieldFormat::Text)
    };
    let long = FieldSetting::awaited(&"я".repeat(TITLE + 1), FieldFormat::Text);
    for wrong in [nameless, empty, stranger, long] {
        let text = export(std::slice::from_ref(&wrong));
        assert_eq!(import(&text).unwrap_err().about, Some(wrong.id));
    }
    let twice = export(&[
        FieldSetting::awaited("Тариф", FieldFormat::Text),
        FieldSetting::awaited("тариф", FieldFormat::Text),
    ]);
    assert!(import(&twice).is_err());
}

/// A field whose entry is as it could stand in a file, and what is wrong with it.
#[test]
fn s02_conditions_colours_and_headings_are_bounded_and_what_is_wrong_is_named() {
    let entry = |part: serde_json::Value| {
        let mut entry = serde_json::json!({"id": "cf_25", "title": "Тариф", "format": "list", "incoming": true});
        entry.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        serde_json::json!({"ringside": KIND, "version": 1, "fields": [entry]}).to_string()
    };
    let many = |n: usize| (0..n).map(|n| format!("Линия {n}")).collect::<Vec<_>>();
    let headings = |n: usize| {
        (0..n)
            .map(|n| serde_json::json!({"id": format!("section_{n}"), "title": "Договор"}))
            .collect::<Vec<_>>()
    };
    for (part, wrong) in [
        (
            serde_json::json!({"always": true, "lines": ["Продажи"], "colors": {"1": "red"}}),
            None,
        ),
        (serde_json::json!({"lines": many(LINES)}), None),
        (serde_json::json!({"then": headings(SECTIONS)}), None),
        // Of a version to come: passed over.
        (serde_json::json!({"later": {"if": "cf_25"}}), None),
        (serde_json::json!({"lines": many(LINES + 1)}), Some("cf_25")),
        (serde_json::json!({"lines": ["Продажи", "продажи"]}), Some("cf_25")),
        (serde_json::json!({"lines": [" "]}), Some("cf_25")),
        (serde_json::json!({"lines": ["a\nb"]}), Some("cf_25")),
        (serde_json::json!({"lines": [{"if": "cf_26"}]}), Some("file")),
        (serde_json::json!({"colors": {"1": "url(x)"}}), Some("file")),
        (serde_json::json!({"colors": {"": "red"}}), Some("cf_25")),
        (serde_json::json!({"format": "text", "colors": {"1": "red"}}), Some("cf_25")),
        (serde_json::json!({"then": headings(SECTIONS + 1)}), Some("fields")),
        (serde_json::json!({"then": headings(1_000)}), Some("fields")),
        (serde_json::json!({"then": [{"id": "section_1", "title": " "}]}), Some("section_1")),
        (
            serde_json::json!({"then": [{"id": "section_x", "title": "Договор"}]}),
            Some("section_x"),
        ),
        (serde_json::json!({"then": [{"id": "cf_26", "title": "Договор"}]}), Some("cf_26")),
        (serde_json::json!({"then": [headings(1)[0], headings(1)[0]]}), Some("section_0")),
        (
            serde_json::json!({"then": [{"id": "own_calls", "incoming": true, "lines": ["Продажи"]}]}),
            None,
        ),
        (
            serde_json::json!({"then": [{"id": "own_calls"}, {"id": "own_calls"}]}),
            Some("own_calls"),
        ),
        (serde_json::json!({"then": [{"id": "own_secrets"}]}), Some("own_secrets")),
        (
            serde_json::json!({"then": [{"id": "own_calls", "title": "Вчера"}]}),
            Some("own_calls"),
        ),
        (
            serde_json::json!({"then": [{"id": "own_calls", "lines": many(LINES + 1)}]}),
            Some("own_calls"),
        ),
        (
            serde_json::json!({"then": [{"id": "section_1", "title": "Договор", "lines": ["Продажи"]}]}),
            Some("section_1"),
        ),
    ] {
        let read = import(&entry(part.clone()));
        let about = read.as_ref().err().map(|error| error.about.clone().unwrap());
        assert_eq!(about.as_deref(), wrong, "{:.120}", part.to_string());
        if let Ok(fields) = read {
            assert_eq!(import(&export(&fields)).unwrap(), fields);
        }
    }
}

#[test]
fn s02_what_an_earlier_version_does_not_know_stands_where_it_passes_it_over() {
    /// A field as the version before this one reads it.
    #[derive(Deserialize)]
    struct Before {
        id: String,
        incoming: bool,
    }
    let section = Row {
        id: "section_1".into(),
        title: "Договор".into(),
        incoming: false,
        lines: Vec::new(),
    };
    let fields = [
        FieldSetting {
            then: vec![section],
            ..FieldSetting::built_in("name", true)
        },
        FieldSetting {
            lines: vec!["Продажи".into()],
            colors: [("1".to_owned(), FieldColor::Red)].into(),
            ..FieldSetting::awaited("Тариф", FieldFormat::List)
        },
    ];
    let read: Vec<Before> = serde_json::from_value(serde_json::json!(fields)).unwrap();
    let read: Vec<_> = read.into_iter().map(|field| (field.id, field.incoming)).collect();
    assert_eq!(read, [("name".to_owned(), true), ("new_1".to_owned(), true)]);
    // And what nobody has set looks as it did.
    let plain = serde_json::json!(FieldSetting::built_in("name", true));
    assert_eq!(
        plain,
        serde_json::json!({"id": "name", "title": "", "format": "text", "options": [], "incoming": true})
    );
}
