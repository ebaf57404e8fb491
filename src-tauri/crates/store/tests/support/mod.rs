//! What the store's tests share.

// Each test binary uses its part.
#![allow(dead_code)]

use calls::{
    Call, CallEvent, CallEventKind, CaseStatus, CaseTarget, Changes, Desk, Direction, Duty, DutyKey, DutyKind, Input, LegId, Moment,
    Origin, Policy, Remote,
};
use std::path::PathBuf;
use store::Store;
use tempfile::TempDir;

/// A file that outlives its stores.
pub struct File {
    folder: TempDir,
}

impl File {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("data/desk.db")
    }

    pub fn open(&self) -> Store {
        Store::open(&self.path()).unwrap()
    }

    /// The same file without the store.
    pub fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }
}

pub fn ring(leg: &str) -> Input {
    let event = CallEvent {
        leg: LegId::new(leg),
        at: Moment(1_000),
        kind: CallEventKind::Offered {
            conversation: None,
            direction: Direction::Inbound,
            remote: Remote {
                raw: "+79161234567".into(),
                name: Some("Иван Петров".into()),
                hidden: false,
            },
            line: None,
            queue: None,
            origin: Origin::Direct,
        },
    };
    Input::Pbx { event }
}

/// A ringing call.
pub fn call(leg: &str) -> Call {
    let mut desk = Desk::new(Policy::default());
    desk.handle(ring(leg), Moment(1_000));
    desk.call(&LegId::new(leg)).unwrap().clone()
}

pub fn changed(calls: Vec<Call>) -> Changes {
    Changes {
        calls,
        ..Changes::default()
    }
}

pub fn duty(leg: &str, what: &str) -> Duty {
    let leg = LegId::new(leg);
    Duty {
        key: DutyKey::new(&leg, what),
        after: vec![DutyKey::new(&leg, "case")],
        kind: DutyKind::SetStatus {
            case: CaseTarget::OpenedBy(DutyKey::new(&leg, "case")),
            status: Some(CaseStatus::Waiting),
            handset: None,
            responsible: true,
            since: Moment(0),
            expects: None,
            guards: false,
        },
        leg,
    }
}
