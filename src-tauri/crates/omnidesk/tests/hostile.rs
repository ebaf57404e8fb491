//! Hostile texts on the way to Omnidesk and back: no request says more than was meant, and any answer is read or refused.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use hostile::texts;
use omnidesk::*;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer};

/// Every string of a sample, one after the other, is replaced.
fn distorted(sample: &Value, text: &str) -> Vec<Value> {
    fn count(value: &Value) -> usize {
        match value {
            Value::String(_) => 1,
            Value::Array(items) => items.iter().map(count).sum(),
            Value::Object(map) => map.values().map(count).sum(),
            _ => 0,
        }
    }
    fn replace(value: &mut Value, left: &mut usize, text: &str) {
        match value {
            Value::String(old) => {
                if *left == 0 {
                    text.clone_into(old);
                }
                *left = left.wrapping_sub(1);
            }
            Value::Array(items) => items.iter_mut().for_each(|item| replace(item, left, text)),
            Value::Object(map) => map.values_mut().for_each(|item| replace(item, left, text)),
            _ => {}
        }
    }
    (0..count(sample))
        .map(|place| {
            let (mut value, mut left) = (sample.clone(), place);
            replace(&mut value, &mut left, text);
            value
        })
        .collect()
}

#[test]
fn an_entity_with_a_hostile_text_in_any_place_is_read_or_refused() {
    let user = json!({"user_id": "202", "user_full_name": "Иванов", "company_name": "К", "user_phone": "+79161234567",
        "user_email": "i@k.example", "user_note": "н", "type": "phone", "created_at": "Mon, 15 May 2023 09:28:43 +0300",
        "custom_fields": {"cf_1": "x"}, "linked_users": ["203"], "active": "true", "deleted": "false"});
    let case = json!({"case_id": "2000", "case_number": "664-245651", "subject": "Договор", "user_id": "123", "status": "open",
        "priority": "normal", "channel": "cch101", "created_at": "Mon, 15 May 2023 09:28:43 +0300",
        "custom_fields": {"cf_1": "x"}, "labels": ["1"], "parent_case_id": "0"});
    let message = json!({"message_id": "5", "user_id": "0", "staff_id": "1", "content": "Здравствуйте", "content_html": "<p>x</p>",
        "attachments": [{"file_id": "3", "file_name": "a.wav", "file_size": "10", "mime_type": "audio/x-wav", "url": "https://x.example/a"}],
        "note": "true", "created_at": "Mon, 15 May 2023 09:28:43 +0300"});
    let mut read = 0;
    for hostile in texts() {
        for value in distorted(&user, &hostile.text) {
            read += usize::from(serde_json::from_value::<User>(value).is_ok());
        }
        for value in distorted(&case, &hostile.text) {
            read += usize::from(serde_json::from_value::<Case>(value).is_ok());
        }
        for value in distorted(&message, &hostile.text) {
            read += usize::from(serde_json::from_value::<Message>(value).is_ok());
        }
    }
    assert!(read > 1000, "most of it is read all the same: {read}");
}

#[tokio::test]
async fn a_hostile_text_that_is_searched_for_stays_one_value_of_one_request() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(json(200, json!({"total_count": 0})))
        .mount(&server)
        .await;
    let client = client(&server);
    let mut asked = 0;
    for hostile in texts() {
        let filter = CaseFilter {
            user_phones: vec![TextQuery::Contains(hostile.text.clone())],
            ..CaseFilter::default()
        };
        // Refused before it is sent, or sent as what it is.
        if client.cases().list(&filter, PageRequest::default()).await.is_err() {
            continue;
        }
        asked += 1;
        let requests = server.received_requests().await.unwrap();
        let last = requests.last().unwrap();
        assert_eq!(last.url.path(), "/api/cases.json", "{}", hostile.name);
        assert_eq!(last.headers.get_all("authorization").iter().count(), 1, "{}", hostile.name);
        let values: Vec<String> = last
            .url
            .query_pairs()
            .filter(|(key, _)| key.contains("user_phone"))
            .map(|(_, value)| value.into_owned())
            .collect();
        assert!(values.len() <= 1, "{}: {values:?}", hostile.name);
        assert!(
            values
                .iter()
                .all(|value| *value == hostile.text || value.contains(hostile.text.trim())),
            "{}",
            hostile.name
        );
    }
    assert!(asked > 40, "{asked}");
    assert_eq!(server.received_requests().await.unwrap().len(), asked);
}

#[tokio::test]
async fn a_file_and_a_case_with_hostile_names_are_sent_in_as_many_parts_as_were_meant() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(json(200, json!({"case": {"case_id": 1, "case_number": "1-1"}})))
        .mount(&server)
        .await;
    let client = client(&server);
    for hostile in texts() {
        let mut new = NewCase::new(Contact::Phone("+79161234567".into()), hostile.text.clone(), Content::text("Суть"));
        new.attachments = vec![Attachment::new(hostile.text.clone(), "audio/x-wav", b"RIFF".to_vec())];
        client
            .cases()
            .create(&new)
            .await
            .unwrap_or_else(|error| panic!("{}: {error:?}", hostile.name));
        let requests = server.received_requests().await.unwrap();
        let last = requests.last().unwrap();
        let kind = last.headers.get("content-type").unwrap().to_str().unwrap();
        let boundary = kind.split("boundary=").nth(1).unwrap();
        let body = String::from_utf8_lossy(&last.body);
        let parts: Vec<&str> = body
            .split(&format!("--{boundary}"))
            .filter(|part| part.contains("Content-Disposition"))
            .collect();
        let files = parts.iter().filter(|part| part.contains("filename=")).count();
        assert!(files <= 1, "{}", hostile.name);
        let head = |part: &str| part.split("\r\n\r\n").next().unwrap_or_default().to_owned();
        let file = parts
            .iter()
            .find(|part| part.contains("case[attachments][0]"))
            .map(|part| head(part))
            .unwrap();
        assert!(file.contains("filename=\""), "{}", hostile.name);
        // The head of a part has its two lines and none that the name brought along.
        assert!(file.trim().lines().count() <= 2, "{}: {file}", hostile.name);
        let name = file.split("filename=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(
            name.chars().all(hostile::is_harmless) && name.chars().count() <= 200,
            "{}: {name}",
            hostile.name
        );
        assert!(
            !name.contains(['/', '\\']) && !matches!(name, "" | "." | ".."),
            "{}: {name}",
            hostile.name
        );
    }
}
