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
