use super::*;

fn catalog(fields: &[(u64, &str, &str)]) -> Catalog {
    let fields = fields.iter().map(|(id, title, kind)| {
        serde_json::from_value(serde_json::json!({
            "field_id": id, "title": title, "field_type": kind, "field_level": "user", "active": true, "field_data": {"1": "Первый"},
        }))
        .unwrap()
    });
    Catalog {
        fields: fields.collect(),
        ..Catalog::default()
    }
}

fn awaited(title: &str, format: FieldFormat) -> FieldSetting {
    FieldSetting {
        id: "new_1".into(),
        title: title.into(),
        format,
        options: if format == FieldFormat::List {
            vec!["Первый".into()]
        } else {
            Vec::new()
        },
        incoming: true,
    }
}

#[test]
fn s02_a_field_defined_here_is_bound_when_it_appears_in_omnidesk_by_name_and_format() {
    let mut fields = vec![awaited("Тариф", FieldFormat::List)];
    assert!(!bind(&mut fields, &catalog(&[(25, "Тариф", "text"), (26, "Договор", "select")])));
    assert_eq!(view(&fields, Some(&catalog(&[])), None).fields[0].state, FieldState::Awaited);
    assert_eq!(shown(&fields, &catalog(&[])), [], "nobody has a value for it yet");
    let appeared = catalog(&[(27, " тариф", "select")]);
    assert!(bind(&mut fields, &appeared));
    assert_eq!(fields[0].id, "cf_27");
    assert_eq!(shown(&fields, &appeared).len(), 1);
    assert!(!bind(&mut fields, &appeared), "once");
}

#[test]
fn s02_the_screen_lists_what_is_set_first_and_then_what_else_omnidesk_has() {
    let fields = vec![FieldSetting::built_in("company", true), FieldSetting::built_in("name", false)];
    let listed = view(&fields, Some(&catalog(&[(25, "Тариф", "select")])), None).fields;
    let ids: Vec<&str> = listed.iter().map(|field| field.id.as_str()).collect();
    assert_eq!(ids, ["company", "name", "email", "position", "note", "cf_25"]);
    assert!(!listed[5].incoming);
}

#[test]
fn s02_a_ticked_field_that_omnidesk_lost_is_missing_but_only_when_omnidesk_was_asked() {
    let fields = [FieldSetting {
        id: "cf_9".into(),
        ..awaited("Был", FieldFormat::Text)
    }];
    assert_eq!(view(&fields, Some(&catalog(&[])), None).fields[0].state, FieldState::Missing);
    assert_eq!(view(&fields, None, None).fields[0].state, FieldState::Bound);
}

#[test]
fn s02_an_exported_setting_comes_back_the_same_and_other_files_are_refused() {
    let fields = vec![FieldSetting::built_in("name", true), awaited("Тариф", FieldFormat::List)];
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
    let nameless = awaited(" ", FieldFormat::Text);
    let empty = FieldSetting {
        options: Vec::new(),
        ..awaited("Тариф", FieldFormat::List)
    };
    let stranger = FieldSetting {
        id: "../x".into(),
        ..awaited("Тариф", FieldFormat::Text)
    };
    let long = awaited(&"я".repeat(TITLE + 1), FieldFormat::Text);
    for wrong in [nameless, empty, stranger, long] {
        let text = export(std::slice::from_ref(&wrong));
        assert_eq!(import(&text).unwrap_err().about, Some(wrong.id));
    }
    let twice = export(&[awaited("Тариф", FieldFormat::Text), awaited("тариф", FieldFormat::Text)]);
    assert!(import(&twice).is_err());
}
