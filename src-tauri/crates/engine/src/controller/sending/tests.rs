//! An attempt and its mark in the file. The controller is the real one; Omnidesk is a door at which somebody knocks or not.

use super::*;
use crate::controller::message::Message;
use crate::controller::trial::{hear, leg, offered, with};
use calls::{AgentAction, CallEventKind, Disposition, HungUpBy, Moment};
use std::sync::Arc;
use std::time::Duration;
use store::{EntryState, Store};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

const REFUSE: &str = "CREATE TRIGGER refuse BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'no space left'); END";

struct Bench {
    controller: Controller,
    omnidesk: TcpListener,
    file: rusqlite::Connection,
    _folder: tempfile::TempDir,
}

/// A call was answered and is over: its case is owed and may be sent.
async fn owing() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ringside.db");
    let (mut controller, _) = with(Store::open(&path).unwrap());
    let omnidesk = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", omnidesk.local_addr().unwrap()).parse().unwrap();
    let client = omnidesk::Client::new(omnidesk::Config::new(address, "a@b.example", "key")).unwrap();
    let event = offered(leg().as_str(), "79161234567", now());
    controller.feed(Input::Pbx { event }).unwrap();
    hear(&mut controller, CallEventKind::Answered);
    hear(
        &mut controller,
        CallEventKind::Ended {
            disposition: Disposition::Answered,
            cause: None,
            by: HungUpBy::Remote,
        },
    );
    // Nobody was asked who called.
    controller.omnidesk.connect(Some(client), now());
    controller.omnidesk.take_catalog(Arc::default());
    controller.outbox.open(&leg());
    controller.outbox.hurry(now());
    Bench {
        controller,
        omnidesk,
        file: rusqlite::Connection::open(&path).unwrap(),
        _folder: folder,
    }
}

impl Bench {
    fn in_file(&self) -> Vec<Entry> {
        self.controller.store.now(|store| store.outbox(Moment(0))).unwrap()
    }

    async fn types(&mut self, gist: &str) {
        let (reply, told) = oneshot::channel();
        let action = AgentAction::SaveDraft {
            subject: String::new(),
            gist: gist.into(),
        };
        let message = Message::Act { leg: leg(), action, reply };
        assert!(self.controller.on_message(message).await.is_continue());
        told.await.unwrap().unwrap();
        self.controller.outbox.hurry(now());
    }
}

#[tokio::test]
async fn an_attempt_begins_when_its_mark_is_in_the_file_and_nobody_else_waits_for_that() {
    let mut bench = owing().await;
    let (release, held) = std::sync::mpsc::channel::<()>();
    drop(bench.controller.store.soon(move |_| held.recv()));
    // It comes back although the file is held up.
    bench.controller.pump_outbox();
    let seq = bench.controller.outbox.entries().next().unwrap().seq;
    assert!(bench.controller.tasks.is_on(&Work::Attempt(seq)));
    let knocked = tokio::time::timeout(Duration::from_millis(200), bench.omnidesk.accept()).await;
    assert!(knocked.is_err(), "nothing is sent without the mark");
    drop(release);
    let (work, ended) = bench.controller.tasks.next().await;
    bench.controller.on_news(work, ended);
    let (mut sent, _) = bench.omnidesk.accept().await.unwrap();
    assert!(
        bench.in_file()[0].uncertain,
        "a crash from now on is one in the middle of an attempt"
    );
    tokio::io::AsyncWriteExt::shutdown(&mut sent).await.unwrap();
}

#[tokio::test]
async fn an_attempt_does_not_begin_where_omnidesk_went_while_its_mark_was_written() {
    let mut bench = owing().await;
    bench.controller.pump_outbox();
    let (work, ended) = bench.controller.tasks.next().await;
    assert!(matches!(ended, Ok(News::Marked(_))));
    bench.controller.omnidesk.connect(None, now());
    bench.controller.on_news(work, ended);
    assert!(!bench.controller.tasks.are_outward());
    let entry = bench.controller.outbox.entries().next().unwrap();
    assert_eq!((entry.attempts, entry.uncertain), (0, false));
    // Written when the writer has nothing better to do.
    let told = tokio::time::timeout(Duration::from_secs(10), async {
        while bench.in_file()[0].uncertain {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(told.await.is_ok(), "nor does the file say so any more");
}

#[tokio::test]
async fn an_attempt_whose_mark_the_disk_refuses_never_began() {
    let mut bench = owing().await;
    bench.file.execute_batch(REFUSE).unwrap();
    bench.controller.pump_outbox();
    let (work, ended) = bench.controller.tasks.next().await;
    assert!(matches!(ended, Ok(News::NotMarked(_))));
    bench.controller.on_news(work, ended);
    assert!(bench.controller.storage.refuses());
    let entry = bench.controller.outbox.entries().next().unwrap();
    assert_eq!((entry.state, entry.attempts, entry.uncertain), (EntryState::Queued, 0, false));
    assert!(entry.next_at > now(), "it is tried again in a moment");
    let knocked = tokio::time::timeout(Duration::from_millis(50), bench.omnidesk.accept()).await;
    assert!(knocked.is_err());
}

#[tokio::test]
async fn a_message_takes_the_text_along_in_one_transaction_and_is_not_begun_without() {
    let mut bench = owing().await;
    bench.types("Просит счёт").await;
    bench.file.execute_batch(REFUSE).unwrap();
    bench.controller.pump_outbox();
    assert!(!bench.controller.tasks.are_outward());
    assert!(
        bench.controller.outbox.wake_at().is_some_and(|at| at > now()),
        "it is tried again in a moment"
    );
    let restored = bench.controller.store.now(|store| store.restore()).unwrap();
    assert!(restored.calls[0].has_unsent_text(), "a start now would send it by itself");
    bench.controller.outbox.hurry(now());
    bench.controller.pump_outbox();
    assert!(!bench.controller.tasks.are_outward(), "first what is older");
    bench.file.execute_batch("DROP TRIGGER refuse").unwrap();
    assert!(bench.controller.write_what_waits());
    let restored = bench.controller.store.now(|store| store.restore()).unwrap();
    assert!(!restored.calls[0].has_unsent_text());
    let told = serde_json::to_string(&bench.in_file()[0].duty).unwrap();
    assert!(told.contains("Просит счёт"), "{told}");
    assert!(!bench.in_file()[0].uncertain);
    bench.controller.pump_outbox();
    assert!(bench.controller.tasks.are_outward());
}
