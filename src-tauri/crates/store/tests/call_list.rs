//! The list of calls: what it filters, sorts and finds, and that it never disagrees with the history.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{Call, Caller, CaseFacts, CaseId, Changes, Direction, Disposition, LegId, Moment, Number, Phase, Region, UserId};
use store::{Agent, CallFilter, CallOrder, CallSort, Kept, ListedCall, Person, Store};
use support::{File, call, changed};

/// Noon in UTC of a day in 2026: the same day everywhere between UTC-11 and UTC+11, and days apart everywhere.
const NOON: i64 = 1_794_916_800_000;
const DAY: i64 = 86_400_000;

/// A call that ended: its id, when it began, the other side, and how it went.
struct Past(Call);

impl Past {
    fn new(leg: &str, at: i64, number: &str) -> Self {
        let mut call = call(leg);
        call.detail.phase = Phase::Ended;
        (call.detail.offered_at, call.detail.ended_at) = (Moment(at), Some(Moment(at + 20_000)));
        call.detail.number = Number::read(number, Region::default());
        call.detail.remote_name = None;
        call.detail.disposition = Some(Disposition::Missed);
        Self(call)
    }

    fn talked(mut self, talk: i64) -> Self {
        let begun = self.0.detail.offered_at.0 + 5_000;
        (self.0.detail.answered_at, self.0.detail.ended_at) = (Some(Moment(begun)), Some(Moment(begun + talk)));
        self.0.detail.disposition = Some(Disposition::Answered);
        self
    }

    fn out(mut self) -> Self {
        self.0.detail.direction = Direction::Outbound;
        self
    }

    fn line(mut self, line: &str) -> Self {
        self.0.detail.queue = Some(line.into());
        self
    }

    fn named(mut self, name: &str) -> Self {
        self.0.detail.remote_name = Some(name.into());
        self
    }

    fn of(mut self, user: u64) -> Self {
        self.0.caller = Caller::Known {
            user: UserId(user),
            chosen: false,
        };
        self
    }

    fn case(mut self, id: u64, number: &str, subject: &str) -> Self {
        self.0.filing.case = Some(CaseFacts {
            id: CaseId(id),
            number: number.into(),
            subject: subject.into(),
            status: None,
        });
        self
    }
}

fn keep(store: &mut Store, calls: impl IntoIterator<Item = Past>) {
    let calls = calls.into_iter().map(|past| past.0).collect();
    store.commit(1, &changed(calls), &[], Moment(1)).unwrap();
}

fn legs_by(store: &Store, filter: &CallFilter, order: CallOrder) -> Vec<String> {
    let rows = store.calls_at(filter, order, 0, 100).unwrap();
    let days = store.days_of_calls(filter, order).unwrap().days;
    let counted: u32 = days.iter().map(|day| day.calls).sum();
    assert_eq!(counted as usize, rows.len(), "as many as are counted");
    rows.iter().map(|row| names(row)).collect()
}

/// The calls of a row.
fn names(row: &[ListedCall]) -> String {
    let legs: Vec<&str> = row.iter().map(|call| call.past.leg.as_str()).collect();
    legs.join("+")
}

fn legs(store: &Store, filter: &CallFilter) -> Vec<String> {
    legs_by(store, filter, CallOrder::default())
}

fn all() -> CallFilter {
    CallFilter::default()
}

fn searched(ways: &[&[&str]]) -> CallFilter {
    let words = |way: &&[&str]| way.iter().map(|word| (*word).to_owned()).collect();
    CallFilter {
        ways: ways.iter().map(words).collect(),
        ..all()
    }
}

const A: &str = "+79215550134";
const B: &str = "+79165550115";

/// Eight calls of all kinds, the latest first in the list: h, g, … a.
fn some() -> Store {
    let mut store = Store::in_memory().unwrap();
    let agent = |extension: &str| Agent {
        extension: extension.into(),
        email: String::new(),
    };
    store.set_agent(agent("101"));
    keep(
        &mut store,
        [
            Past::new("a", NOON - DAY, A).line("Продажи"),
            Past::new("b", NOON - DAY + 1_000, B)
                .talked(60_000)
                .case(50, "482-50", "Счёт за ёлку"),
            Past::new("c", NOON, A).case(40, "482-40", "Пропущенный звонок"),
            Past::new("d", NOON + 1_000, A)
                .case(40, "482-40", "Пропущенный звонок")
                .line("Продажи"),
            Past::new("e", NOON + 2_000, "").line("Поддержка"),
        ],
    );
    store.set_agent(agent("102"));
    keep(
        &mut store,
        [
            Past::new("f", NOON + 3_000, A)
                .out()
                .talked(30_000)
                .case(60, "482-60", "Пропущенный звонок"),
            Past::new("g", NOON + 4_000, B).of(7),
            Past::new("h", NOON + 5_000, "доб. бухгалтерия").named("Ёжиков <b>"),
        ],
    );
    store
}

#[test]
fn s25_each_filter_names_its_calls() {
    let store = some();
    let only = |part: CallFilter| legs(&store, &part).concat();
    assert_eq!(only(all()), "hgfed+cba");
    let direction = |direction| CallFilter {
        direction: Some(direction),
        ..all()
    };
    assert_eq!(only(direction(Direction::Inbound)), "hged+cba");
    assert_eq!(only(direction(Direction::Outbound)), "f");
    assert_eq!(only(direction(Direction::Internal)), "");
    let waiting = CallFilter {
        not_called_back: true,
        ..all()
    };
    assert_eq!(only(waiting.clone()), "hge", "with A they talked later, with B before");
    let from = |at| CallFilter {
        from: Some(Moment(at)),
        ..all()
    };
    assert_eq!(only(from(NOON)), "hgfed+c");
    let mine = CallFilter {
        extension: Some("101".into()),
        ..all()
    };
    assert_eq!(only(mine.clone()), "ed+cba");
    let without = CallFilter {
        without_case: true,
        ..all()
    };
    assert_eq!(only(without), "hgea");
    let line = CallFilter {
        line: Some("Продажи".into()),
        ..all()
    };
    assert_eq!(only(line), "d+ca");
    let together = CallFilter {
        from: Some(Moment(NOON)),
        extension: Some("101".into()),
        ..waiting
    };
    assert_eq!(only(together), "e");
    assert_eq!(
        store.days_of_calls(&mine, CallOrder::default()).unwrap().lines,
        ["Поддержка", "Продажи"]
    );
}

#[test]
fn s25_a_search_finds_names_numbers_of_any_spelling_cases_and_subjects() {
    let mut store = some();
    store
        .save_people(&[Kept {
            person: Person {
                id: UserId(7),
                body: "{}".into(),
                seen_at: Moment(1),
            },
            haystack: "Анна Литвинова ООО «Ромашка»".into(),
        }])
        .unwrap();
    for (ways, found) in [
        (&[&["литвинова"][..]][..], "g"),
        (&[&["АННА", "ромашка"]], "g"),
        (&[&["анна", "482"]], ""),
        (&[&["+79215550134"]], "fd+ca"),
        (&[&["нет такого"], &["9215550134"]], "fd+ca"),
        (&[&["555-01-15"]], "gb"),
        (&[&["482-40"]], "d+c"),
        (&[&["счет", "елку"]], "b"),
        (&[&["ежиков"]], "h"),
        (&[&["бухгалтерия"]], "h"),
        (&[&["звонок\nпропущенный"]], ""),
        (&[&["%"]], ""),
        (&[&["<b>"]], "h"),
        (&[&[]], "hgfed+cba"),
    ] {
        assert_eq!(legs(&store, &searched(ways)).concat(), found, "{ways:?}");
    }
}

#[test]
fn s25_by_name_those_who_have_one_come_first_and_a_new_name_moves_their_calls() {
    let file = File::new();
    let mut store = file.open();
    keep(
        &mut store,
        [
            Past::new("a", NOON, "+79215550101").of(1),
            Past::new("b", NOON + 1, "+79215550102").of(2),
            Past::new("c", NOON + 2, "+79215550103").of(3),
            Past::new("d", NOON + 3, "+79215550104").named("Абрамов"),
            Past::new("e", NOON + 4, "+79215550101").of(1),
            Past::new("f", NOON + 5, "+79215550105").of(5),
        ],
    );
    let named = |id: u64, found: &str| {
        let sql = "INSERT OR REPLACE INTO people (id, body, haystack, seen_at) VALUES (?1, '{}', ?2, 1)";
        file.raw().execute(sql, (id.cast_signed(), found)).unwrap();
    };
    named(1, "ёлкин пётр\nelkin@severtech.example");
    named(2, "жуков");
    named(3, "+7 921 555-01-03\n");
    named(5, "");
    let sorted = |ascending| {
        let by = CallSort::Name;
        legs_by(&store, &all(), CallOrder { by, ascending }).concat()
    };
    assert_eq!((sorted(true).as_str(), sorted(false).as_str()), ("eabfdc", "beafdc"));
    let ascending = CallOrder {
        by: CallSort::Name,
        ascending: true,
    };
    assert_eq!(
        legs_by(&store, &searched(&[&["555"]]), ascending).concat(),
        "eabfdc",
        "of what a search finds, too"
    );
    named(1, "яковлев пётр\nelkin@severtech.example");
    assert_eq!((sorted(true).as_str(), sorted(false).as_str()), ("beafdc", "eabfdc"));
}

#[test]
fn s25_it_is_sorted_by_what_is_asked_for_and_then_by_time() {
    let store = some();
    let sorted = |by, ascending| legs_by(&store, &all(), CallOrder { by, ascending }).concat();
    assert_eq!(sorted(CallSort::Time, true), "abd+cefgh");
    assert_eq!(sorted(CallSort::Talk, false), "bfhged+ca");
    assert_eq!(sorted(CallSort::Talk, true), "hged+cafb");
    assert_eq!(sorted(CallSort::Case, false), "fbd+chgea");
    assert_eq!(sorted(CallSort::Line, true), "hgfbed+ca");
    assert!(sorted(CallSort::Phone, true).ends_with("h"), "letters come after digits");
}

#[test]
fn s25_days_are_counted_apart_where_it_is_sorted_by_time() {
    let store = some();
    let days = |by, ascending| {
        let days = store.days_of_calls(&all(), CallOrder { by, ascending }).unwrap();
        assert_eq!(days.kept, 8);
        days.days.iter().map(|day| (day.at, day.calls)).collect::<Vec<_>>()
    };
    let (today, before) = ((Moment(NOON + 5_000), 5), (Moment(NOON - DAY + 1_000), 2));
    assert_eq!(days(CallSort::Time, false), [today, before]);
    assert_eq!(days(CallSort::Time, true), [before, today]);
    assert_eq!(days(CallSort::Talk, false), [(today.0, 7)]);
    let nothing = searched(&[&["нет такого"]]);
    assert_eq!(store.days_of_calls(&nothing, CallOrder::default()).unwrap().days, []);
}

#[test]
fn s28_a_missed_call_tells_of_the_talk_after_it_and_how_often_they_called() {
    let store = some();
    let apart = CallFilter { apart: true, ..all() };
    assert_eq!(legs(&store, &apart).concat(), "hgfedcba");
    let rows = store.calls_at(&apart, CallOrder::default(), 0, 100).unwrap();
    let of = |leg: &str| rows.iter().flatten().find(|call| call.past.leg.as_str() == leg).unwrap();
    let later = of("a").later.unwrap();
    assert_eq!((later.direction, later.offered_at), (Direction::Outbound, Moment(NOON + 3_000)));
    assert_eq!((later.answered_at, later.ended_at), (Moment(NOON + 8_000), Moment(NOON + 38_000)));
    assert_eq!((of("g").later, of("b").later), (None, None));
    assert_eq!(of("f").past.agent.extension, "102");
}

#[test]
fn s27_missed_calls_of_one_case_in_a_row_and_on_one_day_are_one_row() {
    let mut store = Store::in_memory().unwrap();
    let missed = |leg: &str, at: i64| Past::new(leg, at, A).case(40, "482-40", "");
    keep(
        &mut store,
        [
            missed("a", NOON - DAY),
            missed("b", NOON),
            missed("c", NOON + 1_000),
            Past::new("d", NOON + 3_000, A).case(41, "482-41", ""),
            missed("e", NOON + 4_000),
        ],
    );
    let rows = |store: &Store| legs(store, &all()).join(" ");
    assert_eq!(rows(&store), "e d c+b a", "another day and another case");
    // One comes between, which is known late; and it goes again.
    keep(&mut store, [Past::new("between", NOON + 500, B).talked(100)]);
    assert_eq!(rows(&store), "e d c between b a");
    store
        .commit(
            2,
            &Changes {
                absorbed: vec![LegId::new("between")],
                ..Changes::default()
            },
            &[],
            Moment(2),
        )
        .unwrap();
    keep(&mut store, [missed("d", NOON + 3_000)]);
    assert_eq!(rows(&store), "e+d+c+b a", "its case turned out to be the same");
    keep(&mut store, [missed("c", NOON + 1_000).talked(5_000)]);
    assert_eq!(rows(&store), "e+d c b a");
}

#[test]
fn s28_a_user_is_called_back_at_another_number() {
    let mut store = Store::in_memory().unwrap();
    keep(
        &mut store,
        [
            Past::new("a", NOON, A).of(7),
            Past::new("b", NOON + 1_000, B).of(7).out().talked(1_000),
        ],
    );
    let waiting = CallFilter {
        not_called_back: true,
        ..all()
    };
    assert_eq!(legs(&store, &waiting), [""; 0]);
    let rows = store.calls_at(&all(), CallOrder::default(), 1, 1).unwrap();
    assert_eq!(rows[0][0].later.unwrap().offered_at, Moment(NOON + 1_000));
}

#[test]
fn s35_it_follows_every_change_of_the_history() {
    let mut store = some();
    // A case is known later, a call rings on, another was a part of one.
    let changes = Changes {
        calls: vec![Past::new("g", NOON + 4_000, B).case(70, "482-70", "").0, call("h")],
        absorbed: vec![LegId::new("e")],
        ..Changes::default()
    };
    store.commit(2, &changes, &[], Moment(2)).unwrap();
    assert_eq!(legs(&store, &all()).concat(), "gfd+cba");
    let without = CallFilter {
        without_case: true,
        ..all()
    };
    assert_eq!(legs(&store, &without).concat(), "a");
    // Time goes by.
    store.forget_history(Moment(NOON)).unwrap();
    assert_eq!(legs(&store, &all()).concat(), "gfd+c");
    // Another account has other users and cases.
    store.change_account(&Changes::default(), ("settings", "{}")).unwrap();
    assert_eq!(legs(&store, &without).concat(), "gfdc");
    assert_eq!(legs(&store, &searched(&[&["482"]])), [""; 0], "nothing finds the cases of before");
    assert_eq!(legs(&store, &searched(&[&["5550115"]])).concat(), "g");
}

#[test]
fn d5_what_is_missing_of_it_is_made_when_the_file_is_opened() {
    let file = File::new();
    let mut store = file.open();
    keep(
        &mut store,
        [Past::new("a", NOON, A).case(40, "482-40", "Счёт"), Past::new("b", NOON + 1, B)],
    );
    drop(store);
    file.raw()
        .execute_batch(
            "DELETE FROM call_list;
             INSERT INTO history (leg, ended_at, extension, email, body) VALUES ('torn', 5, '', '', 'torn')",
        )
        .unwrap();
    let store = file.open();
    assert_eq!(legs(&store, &all()).concat(), "ba", "what cannot be read is not listed");
    assert_eq!(legs(&store, &searched(&[&["счет"]])).concat(), "a");
}

#[test]
fn d5_rows_of_a_version_that_kept_less_are_listed_by_what_they_have() {
    let file = File::new();
    drop(file.open());
    let body = format!(
        r#"{{"direction":"inbound","origin":"direct","client":"{A}","offered_at":{NOON},"ended_at":{NOON},"case":{{"id":40,"number":"482-40"}}}}"#
    );
    file.raw()
        .execute(
            "INSERT INTO history (leg, ended_at, extension, email, body) VALUES ('old', 5, '101', '', ?1)",
            [body],
        )
        .unwrap();
    let store = file.open();
    assert_eq!(legs(&store, &searched(&[&["921555"], &["482-40"]])), ["old"]);
    let rows = store.calls_at(&all(), CallOrder::default(), 0, 1).unwrap();
    assert_eq!(rows[0][0].past.client, Number::read(A, Region::default()).key());
    assert_eq!(rows[0][0].past.number, None);
}

#[test]
fn hostile_texts_are_kept_found_and_bounded() {
    let mut store = Store::in_memory().unwrap();
    let long = "щ\"'%_;--".repeat(1_300);
    keep(
        &mut store,
        [
            Past::new("a", NOON, "не номер \u{202e}'; DROP TABLE history; --").named(&long),
            Past::new("b", NOON, "+7").line("'; DROP TABLE call_list; --").named("שרה 👩‍👩‍👧‍👦"),
        ],
    );
    let found = |word: &str| legs(&store, &searched(&[&[word]])).concat();
    assert_eq!(found("שרה"), "b");
    assert_eq!(found("drop table history"), "a");
    assert_eq!(found("щ\"'%_;--щ"), "a");
    let line = CallFilter {
        line: Some("'; DROP TABLE call_list; --".into()),
        ..all()
    };
    assert_eq!(legs(&store, &line), ["b"]);
    let rows = store.calls_at(&all(), CallOrder::default(), 0, 100).unwrap();
    assert!(
        rows.iter()
            .flatten()
            .all(|call| call.past.remote_name.as_ref().unwrap().chars().count() <= 200)
    );
}

#[test]
fn a_hundred_thousand_calls_are_listed_a_window_at_a_time() {
    const CALLS: i64 = 100_000;
    let file = File::new();
    drop(file.open());
    // Call n began n minutes after noon; every tenth was missed, every third is on another line. The missed ones are of 4,000
    // users, of whom half have names.
    file.raw()
        .execute_batch(&format!(
            "BEGIN;
             CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {CALLS} - 1) SELECT i FROM n;
             INSERT INTO history (leg, ended_at, extension, email, body)
               SELECT printf('%06d', i), {NOON} + i * 60000, '101', '', json_object('direction', 'inbound', 'origin', 'direct',
                 'offered_at', {NOON} + i * 60000, 'ended_at', {NOON} + i * 60000, 'disposition', iif(i % 10, 'answered', 'missed'))
               FROM n;
             INSERT INTO call_list (leg, at, extension, direction, line, who, user, case_id, talk, missed, find, folded)
               SELECT printf('%06d', i), {NOON} + i * 60000, '101', 'inbound', iif(i % 3, '', 'Продажи'), '+7' || i, iif(i % 10, 0, i / 10 % 4000), 0,
                 iif(i % 10, i, -1), iif(i % 10, 0, 1), '+7' || i || 'ы', 0 FROM n;
             INSERT INTO people (id, body, haystack, seen_at)
               SELECT i, '{{}}', 'имя ' || (9000 - i) || char(10) || 'x@y', 1 FROM n WHERE i BETWEEN 1 AND 2000;
             COMMIT;"
        ))
        .unwrap();
    let store = file.open();
    let name = |i: i64| format!("{i:06}");
    let window = |filter: &CallFilter, order, from, count| -> Vec<String> {
        let rows = store.calls_at(filter, order, from, count).unwrap();
        rows.iter().map(|row| names(row)).collect()
    };
    let down = CallOrder::default();
    assert_eq!(window(&all(), down, 0, 2), [name(CALLS - 1), name(CALLS - 2)]);
    assert_eq!(window(&all(), down, 54_321, 2), [name(CALLS - 54_322), name(CALLS - 54_323)]);
    assert_eq!(window(&all(), down, 99_999, 10), [name(0)]);
    assert_eq!(window(&all(), down, 100_000, 10), [""; 0]);
    assert_eq!(window(&all(), down, 0, u32::MAX).len(), 500, "nobody gets all at once");
    let waiting = CallFilter {
        not_called_back: true,
        ..all()
    };
    assert_eq!(window(&waiting, down, 9_999, 10), [name(0)]);
    let found = searched(&[&["+77777Ы"]]);
    assert_eq!(window(&found, down, 0, 10), [name(7_777)]);
    let line = CallFilter {
        line: Some("Продажи".into()),
        ..all()
    };
    let by_talk = CallOrder {
        by: CallSort::Talk,
        ascending: false,
    };
    assert_eq!(window(&line, by_talk, 0, 2), [name(99_999), name(99_996)]);
    let by_name = CallOrder {
        by: CallSort::Name,
        ascending: true,
    };
    assert_eq!(
        window(&all(), by_name, 0, 2),
        [name(60_000), name(20_000)],
        "the last user has the first name"
    );
    assert_eq!(
        window(&all(), by_name, 5_998, 2),
        [name(10), name(99_999)],
        "then those without any"
    );
    let days = store.days_of_calls(&all(), down).unwrap();
    assert_eq!(days.days.iter().map(|day| i64::from(day.calls)).sum::<i64>(), CALLS);
    assert!((69..=71).contains(&days.days.len()), "a day has 1,440 minutes: {}", days.days.len());
}

#[test]
fn what_was_before_a_call_is_counted_by_number_and_by_user_and_talks_alone_are_contacts() {
    let (first, second) = ("+7 916 123-45-67", "+7 903 111-22-33");
    let past = [
        Past::new("a", NOON - 5 * DAY, first).talked(60_000).of(501),
        Past::new("b", NOON - 4 * DAY, second).of(501),
        Past::new("c", NOON - 3 * DAY, second).talked(60_000).out(),
        Past::new("d", NOON - 2 * DAY, first),
        Past::new("e", NOON, first).talked(60_000).of(501),
        Past::new("f", NOON - DAY, "").talked(60_000),
    ];
    let mut store = Store::in_memory().unwrap();
    keep(&mut store, past);
    let key = |number: &str| Number::read(number, Region::default()).keys().remove(0);
    for (number, user, at, calls, talked) in [
        (first, None, NOON, 2, Some(5)),
        (first, Some(501), NOON, 3, Some(5)),
        (second, Some(501), NOON, 3, Some(3)),
        (second, None, NOON, 2, Some(3)),
        (second, Some(502), NOON, 2, Some(3)),
        (first, Some(501), NOON - 5 * DAY, 0, None),
        ("+7 495 555-01-20", None, NOON, 0, None),
    ] {
        let before = store.calls_before(&key(number), user.map(UserId), Moment(at)).unwrap();
        let expected = talked.map(|days: i64| Moment(NOON - days * DAY));
        assert_eq!((before.calls, before.talked), (calls, expected), "{number} {user:?}");
    }
}
