//! Messages and notes: bodies, files, and the two spellings of the note route.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use omnidesk::*;
use serde_json::json;
use wiremock::{MockServer, ResponseTemplate};

fn a_message(note: bool) -> serde_json::Value {
    json!({"message": {"message_id": 200_198_234, "user_id": 0, "staff_id": 41094, "content": "", "content_html": "Текст",
        "attachments": [{"file_id": 345, "file_name": "rec.mp3", "file_size": "40863", "mime_type": "audio/mpeg",
            "url": "https://x.omnidesk.ru/some_path/345"}, "broken"],
        "note": note, "sent_via_rule": false, "created_at": "Mon, 15 May 2023 09:28:43 +0300", "sent_at": "-"}})
}

#[tokio::test]
async fn messages_are_listed_posted_edited_and_deleted() {
    let server = MockServer::start().await;
    let list = json!({"0": a_message(false), "1": a_message(true), "total_count": 2});
    mount(&server, "GET", "/api/cases/2000/messages.json", json(200, list)).await;
    mount(&server, "POST", "/api/cases/2000/messages.json", json(201, a_message(false))).await;
    mount(&server, "PUT", "/api/cases/2000/messages/5.json", json(200, a_message(false))).await;
    mount(&server, "DELETE", "/api/cases/2000/messages/5.json", ResponseTemplate::new(200)).await;
    let messages = client(&server).messages(&CaseId(2000).into());
    let page = messages.list(MessageOrder::NewestFirst, PageRequest::first(2)).await.unwrap();
    assert_eq!(page.items[0].author(), Author::Staff(StaffId(41094)));
    assert_eq!(page.items[1].author(), Author::Note(Some(StaffId(41094))));
    assert_eq!(page.items[0].attachments.len(), 1);
    assert_eq!(page.items[0].attachments[0].file_size, Some(40863));
    let new = NewMessage {
        author: PostAs::User(UserId(123)),
        do_not_send_email: true,
        attachment_urls: vec!["https://pbx.company.ru/rec/1.mp3".into()],
        ..NewMessage::new(Content::html("<b>Звонок</b>"))
    };
    messages.create(&new).await.unwrap();
    let with_file = NewMessage {
        author: PostAs::Staff(StaffId(22)),
        attachments: vec![Attachment::new("rec.mp3", "audio/mpeg", &b"ID3"[..])],
        ..NewMessage::new(Content::text("Запись"))
    };
    messages.create(&with_file).await.unwrap();
    messages.edit(MessageId(5), &Content::text("Итог")).await.unwrap();
    messages.delete(MessageId(5)).await.unwrap();
    let seen = requests(&server).await;
    assert_eq!(
        query(&seen[0]),
        [("page", "1"), ("limit", "2"), ("order", "desc")].map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    let expected = json!({"message": {"content_html": "<b>Звонок</b>", "user_id": 123, "do_not_send_email": true,
        "attachment_urls": ["https://pbx.company.ru/rec/1.mp3"]}});
    assert_eq!(body(&seen[1]), expected);
    let form = String::from_utf8_lossy(&seen[2].body).into_owned();
    assert!(form.contains("name=\"message[attachments][0]\"; filename=\"rec.mp3\""), "{form}");
    assert!(form.contains("name=\"message[staff_id]\"\r\n\r\n22\r\n"), "{form}");
    assert_eq!(body(&seen[3]), json!({"message": {"content": "Итог"}}));
}

async fn paths(server: &MockServer) -> Vec<String> {
    requests(server)
        .await
        .iter()
        .map(|request| format!("{} {}", request.method, request.url.path()))
        .collect()
}

#[tokio::test]
async fn notes_use_the_singular_route_where_it_works() {
    let server = serve("POST", "/api/cases/2000/note.json", json(201, a_message(true))).await;
    mount(&server, "PUT", "/api/cases/2000/note/5.json", json(200, a_message(true))).await;
    mount(&server, "DELETE", "/api/cases/2000/note/5.json", ResponseTemplate::new(200)).await;
    let notes = client(&server).notes(&CaseId(2000).into());
    let with_file = NewNote {
        attachments: vec![Attachment::new("rec.mp3", "audio/mpeg", &b"ID3"[..])],
        ..NewNote::new(Content::text("Запись"))
    };
    assert!(notes.create(&with_file).await.unwrap().note);
    notes.edit(MessageId(5), &Content::text("Итог")).await.unwrap();
    notes.delete(MessageId(5)).await.unwrap();
    let seen = requests(&server).await;
    assert!(String::from_utf8_lossy(&seen[0].body).contains("name=\"note[attachments][0]\""));
    assert_eq!(body(&seen[1]), json!({"note": {"content": "Итог"}}));
}

#[tokio::test]
async fn notes_fall_back_to_the_plural_route_once_and_remember_it() {
    let server = serve("POST", "/api/cases/2000/notes.json", json(201, a_message(true))).await;
    mount(&server, "PUT", "/api/cases/2000/notes/5.json", json(200, a_message(true))).await;
    let client = client(&server);
    let notes = client.notes(&CaseId(2000).into());
    notes.create(&NewNote::new(Content::text("Итог"))).await.unwrap();
    client
        .with_priority(Priority::WriteBack)
        .notes(&CaseId(2000).into())
        .create(&NewNote::new(Content::text("2")))
        .await
        .unwrap();
    notes.edit(MessageId(5), &Content::text("3")).await.unwrap();
    let expected = [
        "POST /api/cases/2000/note.json",
        "POST /api/cases/2000/notes.json",
        "POST /api/cases/2000/notes.json",
        "PUT /api/cases/2000/notes/5.json",
    ];
    assert_eq!(paths(&server).await, expected);
}

#[tokio::test]
async fn a_note_for_a_case_that_is_gone_does_not_change_the_route() {
    let server = serve("POST", "/api/cases/1/note.json", json(404, json!({"error": "case_not_found"}))).await;
    let client = client(&server);
    let note = NewNote::new(Content::text("x"));
    let error = client.notes(&CaseId(1).into()).create(&note).await.unwrap_err();
    assert_eq!(error.code().and_then(|code| code.known()), Some("case_not_found"));
    // Neither route exists: the first error counts and nothing is remembered.
    let error = client.notes(&CaseId(2).into()).create(&note).await.unwrap_err();
    assert_eq!(error, Error::NotFound { code: None });
    client.notes(&CaseId(1).into()).create(&note).await.unwrap_err();
    let expected = [
        "POST /api/cases/1/note.json",
        "POST /api/cases/2/note.json",
        "POST /api/cases/2/notes.json",
        "POST /api/cases/1/note.json",
    ];
    assert_eq!(paths(&server).await, expected);
}

#[tokio::test]
async fn a_plural_route_that_fails_is_not_remembered() {
    let server = serve("POST", "/api/cases/2000/notes.json", json(500, json!({}))).await;
    let notes = client(&server).notes(&CaseId(2000).into());
    let note = NewNote::new(Content::text("x"));
    for _ in 0..2 {
        assert_eq!(notes.create(&note).await, Err(Error::Server { status: 500 }));
    }
    let twice = ["POST /api/cases/2000/note.json", "POST /api/cases/2000/notes.json"].repeat(2);
    assert_eq!(paths(&server).await, twice);
}
