//! Files of earlier versions, with everything in flight, and of later ones.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{Caller, CaseFacts, CaseId, Desk, Disposition, DutyResult, Moment, Phase, Policy, Recording, RecordingRef, UserId};
use rusqlite::params;
use store::{EntryState, Fault, Kept, PastCall, Person, Store};
use support::{File, call, duty, ring};

/// The schemas that were released, each with the version that the file says. Never changed; a new schema is added with its
/// text of that day.
const RELEASED: &[(u32, &str)] = &[
    (1, include_str!("schemas/2026-11-22.sql")),
    (4, include_str!("schemas/2026-11-29.sql")),
    (6, include_str!("schemas/2026-11-29-cases.sql")),
    (8, include_str!("schemas/2026-11-30-calls.sql")),
    (9, include_str!("schemas/2026-11-30-people.sql")),
];
/// From which version on numbers of users stand elsewhere.
const WITHOUT_PHONES: u32 = 9;
/// From which version on there is a history.
const WITH_HISTORY: u32 = 4;
/// From which version on there are records of cases, and rows of that day.
const WITH_CASES: u32 = 6;
const ROWS_WITH_CASES: &str = include_str!("schemas/2026-11-29-cases.rows.sql");

fn ended() -> calls::Call {
    let mut call = call("ended");
    call.caller = Caller::Known {
        user: UserId(7),
        chosen: true,
    };
    call.detail.phase = Phase::Ended;
    (call.detail.answered_at, call.detail.ended_at) = (Some(Moment(2_000)), Some(Moment(9_000)));
    call.detail.disposition = Some(Disposition::Answered);
    call.detail.talk_at_least = true;
    call.handling.created_live = true;
    call.filing.case = Some(CaseFacts {
        id: CaseId(40),
        number: "482-113907".into(),
        subject: "Счёт".into(),
        status: None,
    });
    call.filing.recording = Recording::Expected {
        name: RecordingRef::new("talk-1"),
    };
    call
}

/// A desk in the middle of its work, in the schema of its day.
fn of_version(version: u32, schema: &str) -> File {
    let file = File::new();
    std::fs::create_dir_all(file.path().parent().unwrap()).unwrap();
    let raw = file.raw();
    raw.pragma_update(None, "journal_mode", "WAL").unwrap();
    raw.execute_batch(schema).unwrap();
    raw.pragma_update(None, "user_version", version).unwrap();
    for call in [ended(), call("live")] {
        raw.execute(
            "INSERT INTO calls (leg, offered_at, body) VALUES (?1, ?2, ?3)",
            params![call.leg.as_str(), call.detail.offered_at.0, serde_json::to_string(&call).unwrap()],
        )
        .unwrap();
    }
    raw.execute("INSERT INTO calls (leg, offered_at, body) VALUES ('torn', 1, 'torn')", [])
        .unwrap();
    raw.execute(
        "INSERT INTO journal (at, input) VALUES (5, ?1)",
        [serde_json::to_string(&ring("late")).unwrap()],
    )
    .unwrap();
    let result = serde_json::to_string(&DutyResult::default()).unwrap();
    for (what, state, result) in [
        ("case", "done", result.as_str()),
        ("text", "wedged", ""),
        ("status", "queued", ""),
        ("fax", "faxed", ""),
    ] {
        let duty = duty("ended", what);
        raw.execute(
            "INSERT INTO outbox (key, leg, duty, state, attempts, uncertain, created_at, result, done_at) VALUES (?1, ?2, ?3, ?4, 2, 1, 8, ?5, 9)",
            params![duty.key.as_str(), duty.leg.as_str(), serde_json::to_string(&duty).unwrap(), state, result],
        )
        .unwrap();
    }
    raw.execute_batch(
        "INSERT INTO settings (name, value) VALUES ('settings', '{\"extension\":\"101\",\"email\":\"l@company.example\"}');
         INSERT INTO people (id, body, haystack, seen_at) VALUES (7, '{}', 'ivan', 4);",
    )
    .unwrap();
    if version < WITHOUT_PHONES {
        raw.execute_batch("INSERT INTO phones (key, person) VALUES ('+79161234567', 7);")
            .unwrap();
    }
    if version >= WITH_HISTORY {
        let past = PastCall::of(&ended(), &agent()).unwrap();
        raw.execute(
            "INSERT INTO history (leg, ended_at, extension, email, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                past.leg.as_str(),
                past.ended_at.0,
                past.agent.extension,
                past.agent.email,
                serde_json::to_string(&past).unwrap()
            ],
        )
        .unwrap();
    }
    if version >= WITH_CASES {
        raw.execute_batch(ROWS_WITH_CASES).unwrap();
    }
    file
}

fn agent() -> store::Agent {
    store::Agent {
        extension: "101".into(),
        email: "l@company.example".into(),
    }
}

#[test]
fn d5_a_file_of_every_earlier_version_goes_on_with_all_that_was_in_flight() {
    for (version, schema) in RELEASED {
        let file = of_version(*version, schema);
        let mut store = file.open();
        assert!(store.rescued().is_none(), "version {version}");
        let mut restored = store.restore().unwrap();
        restored.calls.sort_by(|one, other| one.leg.cmp(&other.leg));
        assert_eq!(
            (restored.calls, restored.unreadable),
            (vec![ended(), call("live")], 1),
            "version {version}"
        );
        let waiting = store.unhandled().unwrap();
        assert_eq!(
            (&waiting[0].input, waiting[0].at, waiting[0].replays),
            (&ring("late"), Moment(5), 0)
        );
        let states: Vec<_> = store
            .outbox(Moment(0))
            .unwrap()
            .iter()
            .map(|entry| (entry.state, entry.attempts, entry.uncertain))
            .collect();
        assert_eq!(
            states,
            [EntryState::Done, EntryState::Wedged, EntryState::Queued].map(|state| (state, 2, true)),
            "version {version}"
        );
        assert_eq!(store.unreadable_duties().unwrap(), 1, "what no version knows is left alone");
        assert_eq!(store.person(UserId(7)).unwrap().unwrap().seen_at, Moment(4));
        store
            .save_people(&[Kept {
                person: Person {
                    id: UserId(8),
                    body: "{}".into(),
                    seen_at: Moment(6),
                },
                haystack: "petrov".into(),
            }])
            .unwrap();
    }
}

#[test]
fn d5_what_an_earlier_version_delivered_tells_of_its_cases() {
    for (version, schema) in RELEASED.iter().filter(|(version, _)| *version < WITH_CASES) {
        let file = of_version(*version, schema);
        let delivered = duty("ended", "status-case");
        let result = DutyResult {
            message: Some(900),
            ..DutyResult::default()
        };
        file.raw()
            .execute(
                "INSERT INTO outbox (key, leg, duty, state, created_at, result, done_at) VALUES (?1, 'ended', ?2, 'done', 8, ?3, 90)",
                params![
                    delivered.key.as_str(),
                    serde_json::to_string(&delivered).unwrap(),
                    serde_json::to_string(&result).unwrap()
                ],
            )
            .unwrap();
        let mut store = file.open();
        let restored = store.restore().unwrap();
        assert_eq!(restored.cases, [], "version {version} kept none");
        let mut desk = Desk::restore(Policy::default(), restored.calls, restored.notes).with_cases(restored.cases);
        let entries = store.outbox(Moment(0)).unwrap();
        let delivered = entries
            .iter()
            .filter_map(|entry| Some((&entry.duty, entry.result.as_ref()?, entry.done_at?)));
        desk.record_delivered(delivered);
        let record = desk.case(CaseId(40)).expect("the call's case");
        assert_eq!(record.messages().collect::<Vec<_>>(), [900]);
        store.commit(1, &desk.take_changes(), &[], Moment(100)).unwrap();
        drop(store);
        let kept = file.open().restore().unwrap().cases;
        assert_eq!(kept, desk.cases().cloned().collect::<Vec<_>>(), "from then on it is kept");
    }
}

#[test]
fn d5_records_of_cases_notes_and_what_was_put_aside_are_read_as_they_were_written() {
    let raw_cases = |file: &File| -> String {
        file.raw()
            .query_row("SELECT body FROM cases WHERE id = 40", [], |row| row.get(0))
            .unwrap()
    };
    for (version, schema) in RELEASED.iter().filter(|(version, _)| *version >= WITH_CASES) {
        let file = of_version(*version, schema);
        let written = raw_cases(&file);
        let mut store = file.open();
        assert_eq!(store.count_aside().unwrap(), 1, "version {version}");
        let restored = store.restore().unwrap();
        let missed: Vec<_> = restored
            .notes
            .missed
            .iter()
            .map(|missed| (missed.user, missed.opened_by.as_str()))
            .collect();
        assert_eq!(missed, [(Some(UserId(7)), "m/case")], "version {version}");
        assert_eq!(restored.notes.colleagues.len(), 1);
        let mut desk = Desk::restore(Policy::default(), restored.calls, restored.notes).with_cases(restored.cases);
        let record = desk.case(CaseId(40)).expect("the case's record");
        assert_eq!(record.messages().collect::<Vec<_>>(), [900, 901]);
        // Written again, it is the very text: an update and the way back lose nothing.
        let ending = DutyResult {
            message: Some(902),
            ..DutyResult::default()
        };
        let duty = duty("ended", "status");
        desk.record_delivered([(&duty, &ending, Moment(10_000))]);
        store.commit(1, &desk.take_changes(), &[], Moment(10_000)).unwrap();
        drop(store);
        let begins = written.trim_end_matches("]}");
        assert!(raw_cases(&file).starts_with(begins), "version {version}: {}", raw_cases(&file));
    }
}

#[test]
fn the_newest_schema_is_among_the_released_ones() {
    let columns = |db: &rusqlite::Connection| -> Vec<(String, String, String)> {
        let of_table = "SELECT m.name, c.name, c.type || c.\"notnull\" || coalesce(c.dflt_value, '') || c.pk
                        FROM sqlite_schema m, pragma_table_xinfo(m.name) c WHERE m.name NOT LIKE 'sqlite_%' ORDER BY 1, c.cid";
        let mut statement = db.prepare(of_table).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        rows.unwrap().map(Result::unwrap).collect()
    };
    let newest = File::new();
    drop(newest.open());
    let version: u32 = newest.raw().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let (released, schema) = RELEASED.last().unwrap();
    assert_eq!(
        version, *released,
        "a new step is added here with the text of its schema and rows in flight"
    );
    let fixture = rusqlite::Connection::open_in_memory().unwrap();
    fixture.execute_batch(schema).unwrap();
    assert_eq!(columns(&newest.raw()), columns(&fixture));
}

#[test]
fn s35_the_history_begins_with_the_calls_that_an_earlier_version_kept() {
    for (version, schema) in RELEASED {
        let store = of_version(*version, schema).open();
        let page = store.history(Moment(0), Moment(i64::MAX), None, 10).unwrap();
        assert_eq!(
            page.calls,
            [PastCall::of(&ended(), &agent()).unwrap()],
            "version {version}: as this one would write it"
        );
    }
}

#[test]
fn d5_a_file_of_a_later_version_is_refused_and_left_as_it_is() {
    let file = File::new();
    drop(file.open());
    file.raw().pragma_update(None, "user_version", 99).unwrap();
    file.raw().pragma_update(None, "wal_checkpoint", "TRUNCATE").unwrap();
    let before = std::fs::read(file.path()).unwrap();
    let refused = Store::open(&file.path()).unwrap_err();
    assert_eq!(refused.fault(), Fault::Newer);
    assert_eq!(std::fs::read(file.path()).unwrap(), before);
    let beside: Vec<_> = std::fs::read_dir(file.path().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("damaged"))
        .collect();
    assert_eq!(beside, [""; 0], "a file of a later version is not taken for a damaged one");
}
