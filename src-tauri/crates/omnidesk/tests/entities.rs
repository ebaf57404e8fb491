//! Entities in the shapes that were met, and their way through a cache of JSON.
#![allow(clippy::unwrap_used)]

use omnidesk::*;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

fn at(text: &str) -> Option<jiff::Timestamp> {
    text.parse().ok()
}

fn phone_profile() -> Value {
    json!({"user_id": 202, "user_full_name": "Иванов Иван", "company_name": "", "company_position": "", "thumbnail": "",
        "confirmed": true, "active": true, "deleted": false, "created_at": "Thu, 20 Jul 2023 09:15:00 +0300",
        "updated_at": "-", "last_contact_at": "Wed, 20 Jul 2023 09:15:00 +0300", "type": "phone", "user_phone": "+79269876543",
        "user_note": "VIP", "language_id": 1, "custom_fields": {"cf_20": "x", "cf_23": true}, "linked_users": [123, 456]})
}

#[test]
fn a_phone_profile_is_read_in_full() {
    let user: User = read(&phone_profile());
    assert_eq!(
        (user.id, user.full_name.as_str(), user.note.as_str()),
        (UserId(202), "Иванов Иван", "VIP")
    );
    assert_eq!(
        (user.kind, user.phone.as_deref(), user.email),
        (ContactKind::Phone, Some("+79269876543"), None)
    );
    assert_eq!((user.created_at, user.updated_at), (at("2023-07-20T06:15:00Z"), None));
    assert_eq!(user.last_contact_at, user.created_at, "a wrong weekday changes nothing");
    assert_eq!(user.custom_fields.text(FieldId(20)).as_deref(), Some("x"));
    assert_eq!(user.custom_fields.flag(FieldId(23)), Some(true));
    assert_eq!((user.thumbnail, user.language_id), (None, Some(LanguageId(1))));
    assert_eq!(user.linked_users, [UserId(123), UserId(456)]);
}

#[test]
fn a_profile_of_strings_and_empty_shapes_is_read_too() {
    let user: User = read(
        &json!({"user_id": "202", "confirmed": "0", "active": 1, "deleted": "false", "type": "telegram",
        "telegram_id": 777, "user_whatsapp_phone": "-", "custom_fields": [], "linked_users": "", "language_id": "0",
        "amount_of_cases": "12", "password": "s3cret", "something_new": {"a": [1]}}),
    );
    assert_eq!(
        (user.id, user.confirmed, user.active, user.deleted),
        (UserId(202), false, true, false)
    );
    assert_eq!(
        user.other_contacts.into_iter().collect::<Vec<_>>(),
        [("telegram_id".to_owned(), "777".to_owned())]
    );
    assert!(user.custom_fields.is_empty() && user.linked_users.is_empty());
    assert_eq!(
        (user.language_id, user.amount_of_cases, user.kind),
        (None, Some(12), ContactKind::Telegram)
    );
    let blocked: User = read(&json!({"user_id": 1, "active": false, "type": "pager"}));
    assert_eq!((blocked.active, blocked.kind), (false, ContactKind::Other("pager".into())));
    let bare: User = read(&json!({"user_id": 1}));
    assert!(bare.active, "active unless said otherwise");
}

fn case_in_full() -> Value {
    json!({"case_id": 2000, "case_number": "664-245651", "subject": "Договор и счёт", "user_id": 123, "staff_id": 0,
        "group_id": "444", "status": "waiting", "priority": "critical", "channel": "cch21", "recipient": "-",
        "cc_emails": "a@b.ru, c@d.ru", "bcc_emails": [], "deleted": 0, "spam": "0",
        "created_at": "Mon, 05 May 2014 00:15:17 +0300", "closed_at": "-", "updated_at": "Tue, 23 Dec 2014 10:55:23 +0200",
        "last_response_at": "", "closing_speed": "-", "first_response_speed": "15", "parent_case_id": 0, "language_id": 2,
        "custom_fields": {"cf_25": "pbx-call-id-42", "cf_9": "3", "junk": 1}, "labels": [101, "102", null],
        "locked_labels": "", "rating": "high", "rating_comment": "", "rated_staff_id": 189,
        "attachments": {"0": {"file_id": 345, "file_name": "rec.mp3", "file_size": 40863, "mime_type": "audio/mpeg", "url": "https://x/345"}}})
}

#[test]
fn a_case_is_read_in_full() {
    let case: Case = read(&case_in_full());
    assert_eq!((case.id, case.number.as_str()), (CaseId(2000), "664-245651"));
    assert_eq!(
        (case.user_id, case.staff_id, case.group_id),
        (Some(UserId(123)), None, Some(GroupId(444)))
    );
    assert_eq!((case.status, case.priority), (CaseStatus::Waiting, Some(CasePriority::Critical)));
    assert_eq!(
        (case.recipient, case.cc_emails),
        (None, vec!["a@b.ru".to_owned(), "c@d.ru".to_owned()])
    );
    assert_eq!((case.created_at, case.closed_at), (at("2014-05-04T21:15:17Z"), None));
    assert_eq!(
        (case.closing_speed, case.first_response_speed, case.parent_case_id),
        (None, Some(15), None)
    );
    assert_eq!(case.labels, [LabelId(101), LabelId(102)]);
    assert_eq!(case.custom_fields.iter().count(), 2);
    assert_eq!((case.rating.as_deref(), case.rating_comment), (Some("high"), None));
    assert_eq!(case.attachments[0].file_name, "rec.mp3");
}

#[test]
fn a_case_of_the_id_alone_and_unknown_words_are_kept() {
    let case: Case = read(&json!({"case_id": 1, "status": "frozen", "priority": "urgent"}));
    assert_eq!(case.status, CaseStatus::Other("frozen".into()));
    assert_eq!(case.priority, Some(CasePriority::Other("urgent".into())));
    assert_eq!(case.number.as_str(), "");
    assert!(
        serde_json::from_value::<Case>(json!({"subject": "x"})).is_err(),
        "without an id it is no case"
    );
}

#[test]
fn select_options_are_a_map_an_array_or_nothing() {
    let options = |data: Value| {
        let field: CustomField = read(&json!({"field_id": 9, "field_type": "select", "field_level": "galaxy", "field_data": data}));
        assert_eq!(field.field_level, FieldLevel::Other("galaxy".into()));
        field.options.into_iter().collect::<Vec<_>>()
    };
    let pair = |key: &str, text: &str| (key.to_owned(), text.to_owned());
    assert_eq!(options(json!({"1": "First", "2": 2})), [pair("1", "First"), pair("2", "2")]);
    assert_eq!(options(json!(["First"])), [pair("0", "First")]);
    assert_eq!(options(json!("")), []);
    assert_eq!(options(json!(null)), []);
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!("-")),
        Just(json!("")),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[0-9]{1,12}".prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("Mon, 15 May 2023 09:28:43 +0300")),
        Just(json!({"cf_1": "x", "cf_x": 1, "0": {"file_id": 3}})),
        Just(json!([1, "2", null, {"file_name": "a"}])),
    ]
}

/// The fields of a sample with other values, some taken away.
fn distorted(sample: Value, id: &'static str) -> impl Strategy<Value = Value> {
    let names: Vec<String> = sample.as_object().unwrap().keys().filter(|name| *name != id).cloned().collect();
    let values = prop::collection::vec(prop::option::of(any_value()), names.len());
    (1_u64.., values).prop_map(move |(number, values)| {
        let mut fields = Map::from_iter([(id.to_owned(), json!(number))]);
        let pairs = names.iter().cloned().zip(values);
        fields.extend(pairs.filter_map(|(name, value)| Some((name, value?))));
        Value::Object(fields)
    })
}

fn survives_a_cache<T>(value: &Value) -> Result<(), TestCaseError>
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let first: T = serde_json::from_value(value.clone()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let cached = serde_json::to_string(&first).unwrap();
    let again: T = serde_json::from_str(&cached).unwrap();
    prop_assert_eq!(again, first);
    Ok(())
}

proptest! {
    #[test]
    fn with_an_id_any_values_decode_and_survive_a_cache(
        user in distorted(phone_profile(), "user_id"),
        case in distorted(case_in_full(), "case_id"),
        field in distorted(json!({"field_id": 9, "title": "", "field_type": "", "field_level": "", "active": true, "field_data": ""}), "field_id"),
        message in distorted(json!({"message_id": 1, "user_id": 0, "staff_id": 0, "content": "", "content_html": "", "attachments": [],
            "note": false, "sent_via_rule": false, "created_at": "", "sent_at": ""}), "message_id"),
        staff in distorted(json!({"staff_id": 1, "staff_email": "", "staff_full_name": "", "thumbnail": "", "active": true, "status_id": 1,
            "created_at": "", "updated_at": ""}), "staff_id"),
        company in distorted(json!({"company_id": 1, "company_name": "", "company_domains": "", "company_default_group": 0, "active": 1,
            "deleted": 0, "amount_of_users": 1}), "company_id"),
    ) {
        survives_a_cache::<User>(&user)?;
        survives_a_cache::<Case>(&case)?;
        survives_a_cache::<CustomField>(&field)?;
        survives_a_cache::<Message>(&message)?;
        survives_a_cache::<StaffMember>(&staff)?;
        survives_a_cache::<Company>(&company)?;
    }
}
