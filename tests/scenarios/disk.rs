//! This computer's disk: what it refuses is said, kept in memory and written later; what it damaged or lost is not the
//! end of what was known (D3, D5).

use crate::desk::{Desk, IVANOV, STRANGER};
use engine::view::{PhaseView, TroubleView, TypedSecrets};
use rusqlite::Connection;
use sandbox::omnidesk::{Fault, FaultRule};
use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// From now on the disk refuses these writes, as one without space does.
fn refuse(desk: &Desk, writes: &[&str]) {
    let file = Connection::open(desk.data_file()).unwrap();
    for (number, write) in writes.iter().enumerate() {
        let refusal = format!("CREATE TRIGGER refuse_{number} BEFORE {write} BEGIN SELECT RAISE(ABORT, 'no space left'); END");
        file.execute_batch(&refusal).unwrap();
    }
}

fn allow(desk: &Desk, writes: &[&str]) {
    let file = Connection::open(desk.data_file()).unwrap();
    for number in 0..writes.len() {
        file.execute_batch(&format!("DROP TRIGGER refuse_{number}")).unwrap();
    }
}

fn queued(desk: &Desk) -> u32 {
    let file = Connection::open(desk.data_file()).unwrap();
    file.query_row("SELECT count(*) FROM outbox WHERE state <> 'done'", [], |row| row.get(0))
        .unwrap()
}

/// Destroys the page on which a table begins.
fn spoil(file: &Path, table: &str) {
    let raw = Connection::open(file).unwrap();
    raw.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let size: u32 = raw.pragma_query_value(None, "page_size", |row| row.get(0)).unwrap();
    let place = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let page: u32 = raw.query_row(place, [table], |row| row.get(0)).unwrap();
    drop(raw);
    let mut bytes = fs::File::options().write(true).open(file).unwrap();
    bytes.seek(SeekFrom::Start(u64::from(page - 1) * u64::from(size))).unwrap();
    bytes.write_all(&vec![0xA5; usize::try_from(size).unwrap()]).unwrap();
}

const EVERYTHING: [&str; 5] = [
    "INSERT ON journal",
    "INSERT ON calls",
    "INSERT ON outbox",
    "UPDATE ON outbox",
    "UPDATE ON settings",
];

#[tokio::test]
async fn d3_while_the_disk_refuses_it_is_said_and_nothing_is_sent_and_later_everything_is() {
    let desk = Desk::open().await;
    refuse(&desk, &EVERYTHING);
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.until("word of the disk", |view| view.storage.fault).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.call_until(&ringing.id, "the end", |call| call.phase == PhaseView::Ended).await;
    assert_eq!(desk.writes(), [""; 0], "what is not in the file is not sent");
    assert!(desk.view().omnidesk.trouble.is_none(), "Omnidesk has no part in it");
    allow(&desk, &EVERYTHING);
    desk.until("word that it is over", |view| {
        (view.storage.fault.is_none() && view.storage.mended_at.is_some()).then_some(())
    })
    .await;
    desk.settled().await;
    assert_eq!(desk.only_case().status, "waiting");
}

#[tokio::test]
async fn d3_a_draft_that_the_disk_refuses_is_refused_to_the_agent_and_kept_when_it_takes_writes_again() {
    let mut desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    refuse(&desk, &EVERYTHING);
    let saved = desk.engine.save_draft(&ringing.id, "Тема".into(), "Суть".into()).await;
    assert!(saved.is_err(), "it is not on the disk, so it is not called saved");
    allow(&desk, &EVERYTHING);
    desk.until("word that it is over", |view| view.storage.mended_at).await;
    desk.restart().await;
    let after = desk.call_until(&ringing.id, "the call", |call| !call.draft.gist.is_empty()).await;
    assert_eq!((after.draft.subject.as_str(), after.draft.gist.as_str()), ("Тема", "Суть"));
    desk.hang_up(&call, &ringing.id).await;
}

#[tokio::test]
async fn d5_delivered_that_could_not_be_stored_is_stored_later_and_nothing_is_written_twice() {
    const DONE: [&str; 1] = ["UPDATE ON outbox WHEN NEW.state = 'done'"];
    let mut desk = Desk::open().await;
    refuse(&desk, &DONE);
    desk.talk(IVANOV).await;
    let written = desk.writes();
    assert!(queued(&desk) > 0, "the file says that it is still owed");
    allow(&desk, &DONE);
    desk.until("word that it is over", |view| view.storage.mended_at).await;
    assert_eq!(queued(&desk), 0);
    desk.restart().await;
    desk.settled().await;
    assert_eq!(desk.writes(), written);
    desk.only_case();
}

#[tokio::test]
async fn d5_a_data_file_that_is_removed_under_the_program_is_written_anew_with_all_that_is_known() {
    let mut desk = Desk::open().await;
    let before = desk.talk(IVANOV).await;
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", desk.data_file().display()));
    }
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.restart().await;
    for id in [&before.id, &ringing.id] {
        desk.call_until(id, "the calls of before", |_| true).await;
    }
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
}

#[tokio::test]
async fn d5_a_file_that_is_damaged_inside_is_kept_aside_and_the_start_goes_on_with_the_rest() {
    let mut desk = Desk::open().await;
    let before = desk.talk(IVANOV).await;
    desk.restart_after(|file| spoil(file, "people")).await;
    let aside = desk.until("word of the damage", |view| view.storage.aside.clone()).await;
    assert!(Path::new(&aside).is_file(), "{aside}");
    desk.call_until(&before.id, "the call of before", |_| true).await;
    assert_eq!(desk.talk(IVANOV).await.phase, PhaseView::Ended);
}

#[tokio::test]
async fn d5_rows_that_cannot_be_read_are_counted_and_said() {
    let mut desk = Desk::open().await;
    desk.talk(IVANOV).await;
    desk.restart_after(|file| {
        Connection::open(file)
            .unwrap()
            .execute_batch("UPDATE calls SET body = CAST(x'ff00' AS TEXT); INSERT INTO outbox (key, leg, duty, state, created_at) VALUES ('x', 'x', '?', 'queued', 1)")
            .unwrap();
    })
    .await;
    assert_eq!(desk.until("the count", |view| Some(view.storage.unreadable)).await, 2);
}

#[tokio::test]
async fn d5_settings_that_the_disk_refuses_are_not_called_saved_and_are_written_later() {
    const SETTINGS: [&str; 2] = ["INSERT ON settings", "UPDATE ON settings"];
    let mut desk = Desk::open().await;
    let mut settings = desk.engine.settings().await.unwrap();
    settings.channel = "cch101".into();
    refuse(&desk, &SETTINGS);
    let saved = desk.engine.save_settings(settings, TypedSecrets::default()).await;
    assert_eq!(saved.unwrap_err().trouble, TroubleView::Storage);
    let fields = desk.engine.fields().await.unwrap().fields;
    assert_eq!(desk.engine.save_fields(fields).await.unwrap_err().trouble, TroubleView::Storage);
    allow(&desk, &SETTINGS);
    desk.until("word that it is over", |view| view.storage.mended_at).await;
    desk.restart().await;
    assert_eq!(desk.engine.settings().await.unwrap().channel, "cch101");
}

#[tokio::test]
async fn d5_settings_that_cannot_be_read_are_kept_aside_and_said_and_the_readable_ones_hold() {
    let mut desk = Desk::open().await;
    let mut settings = desk.engine.settings().await.unwrap();
    settings.theme = "dark".into();
    desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
    desk.stored_settings(|stored| stored["several"] = "of a later version".into()).await;
    desk.connected().await;
    desk.until("word of it", |view| (view.storage.unreadable == 1).then_some(())).await;
    let settings = desk.engine.settings().await.unwrap();
    assert_eq!(settings.theme, "dark");
    desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
    desk.restart().await;
    assert_eq!(desk.view().storage.unreadable, 1, "said until a person has it");
    let kept = desk.engine.export_aside().await.unwrap();
    assert!(kept.contains("of a later version") && kept.contains("dark"), "{kept}");
    assert_eq!(desk.until("silence", |view| (view.storage.unreadable == 0).then_some(0)).await, 0);
    desk.restart().await;
    assert_eq!(desk.view().storage.unreadable, 0);
}

#[tokio::test]
async fn d5_notes_that_cannot_be_read_are_kept_aside_before_new_ones_take_their_place() {
    let mut desk = Desk::open().await;
    desk.talk(IVANOV).await;
    desk.restart_after(|file| {
        Connection::open(file)
            .unwrap()
            .execute_batch("INSERT OR REPLACE INTO notes (id, body) VALUES (1, '{\"missed\":\"of a later version\"}')")
            .unwrap();
    })
    .await;
    desk.missed(IVANOV).await;
    assert!(desk.engine.export_aside().await.unwrap().contains("of a later version"));
}

#[tokio::test]
async fn d5_what_is_owed_in_a_state_of_another_version_is_not_sent_and_what_comes_after_it_waits() {
    let mut desk = Desk::open().await;
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Reset).on("POST", "/api/*").times(0));
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.until("what is owed", |view| (!view.outbox.is_empty()).then_some(())).await;
    desk.restart_after(|file| {
        let file = Connection::open(file).unwrap();
        file.execute_batch("UPDATE outbox SET state = 'handed_over' WHERE seq = (SELECT min(seq) FROM outbox)")
            .unwrap();
    })
    .await;
    desk.sandbox.omnidesk().clear_faults();
    assert_eq!(desk.until("word of it", |view| Some(view.storage.unreadable)).await, 1);
    let (call, other) = desk.ring(STRANGER).await;
    desk.known(&other.id).await;
    desk.answer(&call, &other.id).await;
    desk.hang_up(&call, &other.id).await;
    desk.case_of(&other.id).await;
    // Nothing of the first call is sent while what it begins with is not understood.
    desk.only_case();
}
