use super::*;
use crate::view::FieldFormat;

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

#[test]
fn s02_a_field_defined_here_is_bound_when_it_appears_in_omnidesk_by_name_and_format() {
    let mut fields = vec![FieldSetting::awaited("Тариф", FieldFormat::List)];
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
        ..FieldSetting::awaited("Был", FieldFormat::Text)
    }];
    assert_eq!(view(&fields, Some(&catalog(&[])), None).fields[0].state, FieldState::Missing);
    assert_eq!(view(&fields, None, None).fields[0].state, FieldState::Bound);
}
