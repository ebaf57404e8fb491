//! Recordings in the real window: played and sought in, and nobody's but the workspace's.

use crate::desk::{Desk, IVANOV, Test};
use crate::window::{App, PATIENCE, Page, Role};
use omnidesk::{Attachment, CaseId, CaseRef, Content, NewNote};
use ringside_tests::eventually;
use sandbox::CallSpec;
use sandbox::omnidesk::CaseDump;
use serde_json::{Value, json};

/// Longer than one part of a file that the player asks for.
const SECONDS: u32 = 90;

/// Silence, as PBXs record: 8000 samples a second of 16 bits.
fn wav(seconds: u32) -> Vec<u8> {
    let data = seconds * 16_000;
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + data).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(8_000_u32.to_le_bytes());
    file.extend(16_000_u32.to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(data.to_le_bytes());
    file.resize(44 + data as usize, 0);
    file
}

/// Asks for an address from the page.
async fn asked(app: &App, address: &str, method: &str, range: Option<&str>) -> Value {
    let script = "const [address, method, range, done] = arguments;
        fetch(address, { method, headers: range === null ? {} : { Range: range } }).then(
            async (answer) => done([answer.status, answer.headers.get('content-type'), (await answer.arrayBuffer()).byteLength]),
            (error) => done(String(error)))";
    app.ask(script, vec![address.into(), method.into(), range.into()]).await
}

/// A client's case with a note by a colleague and its file; the file's address.
async fn with_file(desk: &Desk, name: &str, bytes: Vec<u8>) -> Result<(CaseDump, String), Box<dyn std::error::Error>> {
    let cases = desk.sandbox.omnidesk().cases();
    let number = cases.into_iter().find(|case| case.user_contact == format!("+{IVANOV}"));
    let number = number.ok_or("a case of his")?.case_number;
    let account = url::Url::parse(&desk.sandbox.omnidesk_url())?;
    let account = omnidesk::Config::new(account, "boris@support.example", desk.sandbox.api_key());
    let case = desk.sandbox.omnidesk().case(&number).ok_or("it is there")?;
    let mut note = NewNote::new(Content::text("Файл"));
    note.attachments.push(Attachment::new(name, "audio/wav", bytes));
    let case_ref = CaseRef::Id(CaseId(case.case_id));
    omnidesk::Client::new(account)?.notes(&case_ref).create(&note).await?;
    let case = desk.sandbox.omnidesk().case(&number).ok_or("it is there still")?;
    let message = case.messages.last().ok_or("its message")?.message_id;
    let address = format!("recording://localhost/{}/{message}-0", case.case_id);
    Ok((case, address))
}

/// He rings, and the agent turns to an earlier case of his.
async fn opened(desk: &Desk, app: &App, case: &CaseDump) -> Test {
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    desk.sandbox.pbx().answer(&call)?;
    app.look_at(Page::Workspace).await;
    app.press(Role::Button, &case.case_number).await;
    app.find(Role::Button, "Слушать").await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s06_a_recording_plays_in_the_window_and_can_be_sought_in() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let (case, address) = with_file(&desk, "talk.wav", wav(SECONDS)).await?;
    opened(&desk, &app, &case).await?;
    desk.sandbox.omnidesk().clear_requests();
    app.press(Role::Button, "Слушать").await;
    let audio = |script: &str| format!("const audio = document.querySelector('audio'); if (audio === null) return null; {script}");
    let plays = audio("return audio.currentTime > 0.2 && !audio.paused");
    eventually("it to play", PATIENCE, || async { (app.run(&plays).await == true).then_some(()) }).await;
    let duration = app.run(&audio("return audio.duration")).await;
    assert_eq!(duration.as_f64().map(f64::round), Some(f64::from(SECONDS)));
    app.sees("01:30").await;
    // As the slider does it.
    app.run(
        "window.sought = [];
         document.querySelector('audio').addEventListener('seeked', (event) => window.sought.push(event.target.currentTime));
         const place = document.querySelector('input[type=range]'); place.value = 75; place.dispatchEvent(new Event('input', { bubbles: true }))",
    )
    .await;
    let there = audio("return window.sought.length > 0 && audio.currentTime > 75.2 && audio.currentTime < 90");
    eventually("it to go on from there", PATIENCE, || async {
        (app.run(&there).await == true).then_some(())
    })
    .await;
    app.press(Role::Button, "Пауза").await;

    // The same address in parts, whole, and wrongly.
    let length = wav(SECONDS).len();
    for (method, range, expected) in [
        ("GET", None, json!([200, "audio/wav", length])),
        ("HEAD", None, json!([200, "audio/wav", 0])),
        ("GET", Some("bytes=0-9"), json!([206, "audio/wav", 10])),
        ("GET", Some("bytes=-4"), json!([206, "audio/wav", 4])),
        ("GET", Some("bytes=99999999-"), json!([416, null, 0])),
        ("POST", None, json!([405, null, 0])),
    ] {
        assert_eq!(asked(&app, &address, method, range).await, expected, "{method} {range:?}");
    }
    let requests = desk.sandbox.omnidesk().requests();
    let looked_for: Vec<_> = requests.iter().filter(|request| request.path.contains("/messages")).collect();
    assert_eq!(looked_for.len(), 1, "it was looked for and read once: {looked_for:#?}");

    // Nobody else's.
    app.look_at(Page::Popup).await;
    assert_eq!(asked(&app, &address, "GET", None).await, json!([403, null, 0]));
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn a_file_that_holds_no_sound_is_not_played_and_the_player_says_why() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let page = b"<!DOCTYPE html><script>alert(1)</script>".to_vec();
    let (case, address) = with_file(&desk, "page.wav", page).await?;
    opened(&desk, &app, &case).await?;
    app.press(Role::Button, "Слушать").await;
    app.sees("Запись не открылась: это не звуковой файл").await;
    let length = |answer: &Value| answer[2].as_u64();
    let answer = asked(&app, &address, "GET", None).await;
    assert_eq!((&answer[0], &answer[1]), (&json!(415), &json!("application/json")), "{answer}");
    assert!(length(&answer).is_some_and(|length| length < 100), "nothing of the file: {answer}");
    app.close().await;
    Ok(())
}
