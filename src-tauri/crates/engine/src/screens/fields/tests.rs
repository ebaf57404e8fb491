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
    assert_eq!(
        shown(&fields, Some(&catalog(&[])), Region::default()),
        [],
        "nobody has a value for it yet"
    );
    let appeared = catalog(&[(27, " тариф", "select")]);
    assert!(bind(&mut fields, &appeared));
    assert_eq!(fields[0].id, "cf_27");
    assert_eq!(shown(&fields, Some(&appeared), Region::default()).len(), 1);
    assert!(!bind(&mut fields, &appeared), "once");
}

#[test]
fn s02_the_screen_lists_what_is_set_first_and_then_what_else_omnidesk_has() {
    let fields = vec![FieldSetting::built_in("company", true), FieldSetting::built_in("name", false)];
    let listed = view(&fields, Some(&catalog(&[(25, "Тариф", "select")])), None).fields;
    let ids: Vec<&str> = listed.iter().map(|field| field.id.as_str()).collect();
    assert_eq!(ids[..6], ["company", "name", "email", "position", "note", "cf_25"]);
    assert_eq!(ids[6..], COMPUTED, "what this desk knows itself comes last");
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

/// A field of Omnidesk that was set as this, with conditions.
fn set(id: &str, format: FieldFormat) -> FieldSetting {
    FieldSetting {
        format,
        title: "Тариф".into(),
        always: true,
        lines: vec!["Продажи".into(), "8 812 555-01-00".into()],
        ..FieldSetting::built_in(id, true)
    }
}

#[test]
fn s02_a_field_that_is_gone_or_has_another_format_is_said_and_left_out_of_the_popup() {
    let list = catalog(&[(25, "Тариф", "select")]);
    for (setting, catalog, expected, is_shown) in [
        (set("cf_25", FieldFormat::List), Some(&list), FieldState::Bound, true),
        (set("cf_25", FieldFormat::Text), Some(&list), FieldState::Changed, false),
        (set("cf_26", FieldFormat::List), Some(&list), FieldState::Missing, false),
        (set("cf_26", FieldFormat::List), None, FieldState::Bound, true),
        (set("new_1", FieldFormat::List), Some(&list), FieldState::Awaited, false),
        (set("note", FieldFormat::Area), None, FieldState::BuiltIn, true),
    ] {
        let fields = [setting];
        let on_screen = view(&fields, catalog, None).fields.remove(0);
        assert_eq!(on_screen.state, expected, "{}", on_screen.id);
        assert_eq!(on_screen.became.is_some(), expected == FieldState::Changed);
        let popup = shown(&fields, catalog, Region::default());
        assert_eq!(!popup.is_empty(), is_shown, "{}", on_screen.id);
        if let Some(field) = popup.first() {
            assert!(field.always);
            assert_eq!(field.lines, ["Продажи", "+7 (812) 555-01-00"], "as a call names its line");
        }
    }
}

#[test]
fn s02_colours_go_by_omnidesks_keys_and_outlive_a_rename_an_awaited_field_and_a_time_without_omnidesk() {
    let mut fields = vec![FieldSetting {
        colors: [("Первый".to_owned(), FieldColor::Amber)].into(),
        ..FieldSetting::awaited("Тариф", FieldFormat::List)
    }];
    assert_eq!(view(&fields, None, None).fields[0].options[0].color, Some(FieldColor::Amber));
    let appeared = catalog(&[(27, "Тариф", "select")]);
    assert!(bind(&mut fields, &appeared));
    let color = |title: &str| ValueColor {
        value: title.into(),
        color: FieldColor::Amber,
    };
    assert_eq!(shown(&fields, Some(&appeared), Region::default())[0].colors, [color("Первый")]);
    let mut renamed = appeared;
    renamed.fields[0].options = [("1".to_owned(), "Основной".to_owned())].into();
    assert_eq!(shown(&fields, Some(&renamed), Region::default())[0].colors, [color("Основной")]);
    // Saved while nobody knew what the values say.
    let away = crate::settings::fields::settled(&view(&fields, None, None).fields).unwrap();
    assert_eq!(away[0].colors, fields[0].colors);
}

#[test]
fn s02_headings_stand_where_they_were_put_and_head_what_follows() {
    let known = catalog(&[(25, "Тариф", "select")]);
    let mut all = view(&[], Some(&known), None).fields;
    let heading = |number: u32, title: &str| DataField {
        id: format!("section_{number}"),
        title: title.into(),
        state: FieldState::Section,
        ..all[0].clone()
    };
    let (first, second, third) = (heading(1, "Кто"), heading(2, "Договор"), heading(3, "Пусто"));
    all.insert(5, second);
    all.insert(5, third);
    all.insert(0, first);
    let kept = crate::settings::fields::settled(&all).unwrap();
    let ids: Vec<String> = view(&kept, Some(&known), None).fields.into_iter().map(|field| field.id).collect();
    let expected = [
        "name",
        "section_1",
        "email",
        "company",
        "position",
        "note",
        "section_3",
        "section_2",
        "cf_25",
    ];
    assert_eq!(ids[..9], expected, "a field leads");
    let under: Vec<_> = sections(&kept).into_iter().map(|section| (section.title, section.fields)).collect();
    let texts = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
    assert_eq!(
        under,
        [
            ("Кто".to_owned(), texts(&["email", "company", "position", "note"])),
            ("Пусто".to_owned(), Vec::new()),
            ("Договор".to_owned(), texts(&[&["cf_25"][..], &COMPUTED].concat())),
        ]
    );
}

#[test]
fn s02_what_this_desk_knows_itself_is_a_row_like_any_other_and_only_what_is_ticked_is_counted() {
    let mut all = view(&[], Some(&catalog(&[])), None).fields;
    let computed = |all: &mut Vec<DataField>, id: &str| all.iter().position(|field| field.id == id).map(|at| all.remove(at)).unwrap();
    let line = computed(&mut all, "own_line");
    assert_eq!((line.state, line.incoming), (FieldState::Computed, false));
    all.insert(1, DataField { incoming: true, ..line });
    let kept = crate::settings::fields::settled(&all).unwrap();
    assert!(!crate::settings::fields::shows_counted(&kept), "the line is the call's own");
    let ids = |kept: &[FieldSetting]| {
        shown(kept, None, Region::default())
            .into_iter()
            .map(|field| field.field)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&kept), ["own_line"]);
    let calls = computed(&mut all, "own_calls");
    let lines = vec!["8 812 555-01-00".into()];
    all.insert(
        0,
        DataField {
            incoming: true,
            lines,
            ..calls
        },
    );
    let kept = crate::settings::fields::settled(&all).unwrap();
    assert!(crate::settings::fields::shows_counted(&kept));
    assert_eq!(ids(&kept), ["own_calls", "own_line"]);
    let shown = shown(&kept, None, Region::default());
    assert_eq!(
        (shown[0].always, shown[0].lines.as_slice()),
        (true, &["+7 (812) 555-01-00".to_owned()][..])
    );
}
