use super::*;
use crate::shown::tests as of_shown;
use crate::shown::{for_dial, for_popup, name_only, person_only};
use engine::view::{DoubtView, FieldFormat, FieldValue, GuessView, MatchView, NumberKindView, PlaceView};
use serde_json::Value;

/// Stands in each text that is personal.
const SECRET: &str = "Тайнов";
/// The digits of each number that is.
const NUMBER: &str = "+7 (916) 123-45-67";

fn person() -> UserView {
    UserView {
        id: "501".into(),
        name: format!("Пётр {SECRET}"),
        email: Some(format!("{SECRET}@example.com")),
        phones: vec![NUMBER.into()],
        company: Some(SECRET.into()),
        position: Some(SECRET.into()),
        note: Some(SECRET.into()),
        blocked: false,
        fields: vec![FieldValue {
            field: "cf_1".into(),
            title: "Клиент с".into(),
            format: FieldFormat::Date,
            value: "1999-12-31".into(),
        }],
        linked_unread: false,
    }
}

fn row_of_secret() -> CaseRow {
    let call = of_shown::call("1", NumberKindView::External);
    let CallerView::Known { last_case: Some(row), .. } = call.caller else {
        panic!("a case")
    };
    CaseRow {
        subject: format!("Звонок с {NUMBER}"),
        ..row
    }
}

fn secret_call(id: &str, caller: CallerView) -> CallView {
    let call = of_shown::call(id, NumberKindView::External);
    CallView {
        number: NumberView {
            pretty: NUMBER.into(),
            extension: Some("118".into()),
            ..call.number.clone()
        },
        pbx_name: Some(SECRET.into()),
        transferred_to: Some(NUMBER.into()),
        transferred_from: Some(NUMBER.into()),
        caller,
        among: Some(AmongView {
            user: person(),
            others: vec![person()],
            why: GuessView::Asked,
        }),
        case: CallCaseView::Linked {
            case_id: "77".into(),
            number: "482-113907".into(),
            subject: format!("Звонок с {NUMBER}"),
            attached: false,
        },
        ..call
    }
}

fn whole() -> DeskView {
    let known = CallerView::Known {
        user: person(),
        matched: MatchView::Exact,
        stale_since: None,
        last_case: Some(row_of_secret()),
    };
    let several = CallerView::Several {
        users: vec![person(), person()],
        stale_since: None,
    };
    let first = secret_call("1", known);
    let reminder = ReminderView {
        id: "r".into(),
        call: "1".into(),
        due: 0.0,
        what: SECRET.into(),
        name: SECRET.into(),
        number: first.number.clone(),
        user: None,
        case_id: None,
        is_due: true,
        is_late: false,
        in_popup: true,
    };
    DeskView {
        sample: Some(first.clone()),
        calls: vec![first, secret_call("2", several)],
        popup: vec!["1".into(), "2".into()],
        reminders: vec![reminder],
        ..DeskView::default()
    }
}

/// What of the secrets stands in a text that a window gets. What is dialled is there, and read by nobody.
fn leaks(json: &Value) -> Vec<String> {
    match json {
        Value::Object(parts) => parts
            .iter()
            .filter(|(name, _)| !["e164", "dial"].contains(&name.as_str()))
            .flat_map(|(_, part)| leaks(part))
            .collect(),
        Value::Array(parts) => parts.iter().flat_map(leaks).collect(),
        Value::String(text) => [SECRET, "916", "123-45", "118", "1999"]
            .iter()
            .filter(|secret| text.contains(**secret))
            .map(|_| text.clone())
            .collect(),
        _ => Vec::new(),
    }
}

fn json(view: &impl serde::Serialize) -> Value {
    serde_json::to_value(view).unwrap()
}

#[test]
fn with_personal_data_hidden_no_window_gets_a_name_a_number_or_a_value() {
    let open = whole();
    assert!(leaks(&json(&for_popup(&open))).len() > 20, "else nothing is shown here");
    let private = DeskView { private: true, ..open };
    for (window, told) in [
        ("popup", for_popup(&private)),
        ("dial window", for_dial(&private)),
        ("tray", veiled(private.clone())),
    ] {
        assert_eq!(leaks(&json(&told)), [""; 0], "{window}");
        assert!(told.private, "{window}");
    }
    let found = FoundUser {
        user: person(),
        matched: vec![PlaceView {
            field: "name".into(),
            text: SECRET.into(),
            ranges: vec![[0, 2]],
        }],
        dial: vec![NUMBER.into()],
    };
    let found = veiled_find(person_only(&found));
    assert_eq!((leaks(&json(&found)), found.dial), (Vec::new(), vec![NUMBER.to_owned()]));
    assert_eq!(leaks(&json(&veiled_user(name_only(&person())))), [""; 0]);
    let asked = Caution {
        doubt: DoubtView::Premium,
        never: false,
        number: "+7 (921) 555-01-67".into(),
        country: None,
    };
    assert_eq!(veiled_caution(asked).number, "••• 67");
}

#[test]
fn what_is_hidden_can_be_told_apart_and_is_dialled_and_written_whole() {
    let told = for_popup(&DeskView { private: true, ..whole() });
    let call = &told.calls[0];
    assert_eq!(call.number.pretty, "••• 67");
    assert_eq!(call.number.dial, of_shown::call("1", NumberKindView::External).number.dial);
    assert_eq!(call.draft.gist, "Не пришёл счёт", "it is typed on");
    let CallerView::Known { user, .. } = &call.caller else {
        panic!("known")
    };
    assert_eq!((user.name.as_str(), user.company.as_deref()), ("П•••", Some("•••")));
    assert_eq!((user.fields[0].title.as_str(), user.fields[0].value.as_str()), ("Клиент с", "•••"));
    assert_eq!(told.reminders[0].name, "Т•••");
}

#[test]
fn nothing_is_hidden_unless_somebody_wants_it_and_what_is_empty_stays_so() {
    let open = whole();
    assert_eq!(veiled(open.clone()), open);
    for (text, hidden) in [
        ("", ""),
        ("118", "•••"),
        ("12 34 5", "•••"),
        ("123456", "••• 56"),
        (NUMBER, "••• 67"),
    ] {
        let mut shown = text.to_owned();
        hide_digits(&mut shown);
        assert_eq!(shown, hidden);
    }
    for (text, hidden) in [("", ""), ("123", "•••"), ("مريم", "م•••"), ("-  Ян", "Я•••")] {
        let mut shown = text.to_owned();
        hide_name(&mut shown);
        assert_eq!(shown, hidden);
    }
}

#[test]
fn a_colleague_to_whom_a_call_was_passed_on_is_named_and_a_number_outside_is_not() {
    for (to, shown) in [("102", "102"), ("Борис Ким", "Борис Ким"), (NUMBER, "••• 67")] {
        let mut call = of_shown::call("1", NumberKindView::External);
        call.transferred_to = Some(to.into());
        hide_call(&mut call);
        assert_eq!(call.transferred_to.as_deref(), Some(shown));
    }
}
