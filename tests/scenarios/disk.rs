//! This computer's disk: what it refuses is said, kept in memory and written later; what it damaged or lost is not the
//! end of what was known (D3, D5).

use crate::desk::{Desk, IVANOV};
use engine::view::PhaseView;
use rusqlite::Connection;
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
