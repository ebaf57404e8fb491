//! A call whose case was created while it lasted, through the real desk and the real line of what is owed.

use super::*;
use crate::sending::outbox::Attempt;
use calls::{
    AgentAction, CallEvent, CallEventKind, CaseId, Direction, Disposition, DutyResult, Effect, Found, HungUpBy, Input, LegId, Number,
    Origin, Policy, RecordingRef, Remote,
};
use store::Entry;

const CASE: u64 = 50;
const LEG: &str = "a";
const LINE: &str = "Входящий звонок с +7 (916) 123-45-67, 22.11.2026 14:05";

struct Bench {
    desk: Desk,
    outbox: Outbox,
    now: Moment,
}

impl Bench {
    /// Talking with a known user; «Создать» was pressed, and Omnidesk has the case.
    fn created() -> Self {
        let mut bench = Self {
            desk: Desk::new(Policy::default()),
            outbox: Outbox::default(),
            now: Moment(1_000),
        };
        bench.rings(LEG);
        bench.hear(LEG, CallEventKind::Answered);
        bench.hear(
            LEG,
            CallEventKind::Recording {
                name: RecordingRef::new("r"),
            },
        );
        bench.act(LEG, create("Суть"));
        bench.deliver(DutyResult {
            case: Some(facts(CASE)),
            user: Some(UserId(7)),
            text: Some("Суть".into()),
            ..DutyResult::default()
        });
        bench
    }

    /// As [`Bench::created`], and told completely.
    fn told() -> Self {
        let mut bench = Self::created();
        bench.ends(LEG);
        bench.deliver(DutyResult::default());
        bench.deliver(note());
        bench
    }

    fn take(&mut self, input: Input) {
        for effect in self.desk.handle(input, self.now) {
            let Effect::Owe(duty) = effect else { continue };
            let seq = self.outbox.entries().count();
            self.outbox.add(Entry {
                seq: i64::try_from(seq).unwrap(),
                duty,
                state: EntryState::Queued,
                attempts: 0,
                uncertain: false,
                next_at: Moment(0),
                trouble: String::new(),
                code: String::new(),
                result: None,
                created_at: self.now,
                first_tried_at: None,
                done_at: None,
            });
        }
    }

    fn hear(&mut self, leg: &str, kind: CallEventKind) {
        let (leg, at) = (LegId::new(leg), self.now);
        self.take(Input::Pbx {
            event: CallEvent { leg, at, kind },
        });
    }

    fn act(&mut self, leg: &str, action: AgentAction) {
        let leg = LegId::new(leg);
        self.take(Input::Agent { leg, action });
    }

    fn rings(&mut self, leg: &str) {
        let raw = "79161234567";
        let remote = Remote {
            raw: raw.into(),
            name: None,
            hidden: false,
        };
        self.hear(
            leg,
            CallEventKind::Offered {
                conversation: None,
                direction: Direction::Inbound,
                remote,
                line: None,
                queue: None,
                origin: Origin::Direct,
            },
        );
        self.take(Input::Found {
            leg: LegId::new(leg),
            key: Number::read(raw, Region::default()).key().unwrap(),
            found: Found::Users(vec![UserId(7)]),
        });
    }

    fn ends(&mut self, leg: &str) {
        self.hear(
            leg,
            CallEventKind::Ended {
                disposition: Disposition::Answered,
                cause: None,
                by: HungUpBy::Unknown,
            },
        );
    }

    /// The next thing owed is in Omnidesk.
    fn deliver(&mut self, result: DutyResult) {
        let entry = self.outbox.start_next(self.now).expect("something owed");
        self.outbox.finish(entry.seq, Attempt::Delivered(result.clone()), self.now, 0.0);
        let calls::Duty { key, leg, kind, .. } = entry.duty;
        let duty = Some(Box::new(kind));
        self.take(Input::Done { key, leg, duty, result });
    }

    fn find(&self, case: u64) -> Option<OwnCase> {
        OwnCase::find(&self.desk, &self.outbox, case, self.now)
    }

    fn page(&self) -> Option<CasePageView> {
        let staff = serde_json::json!({ "staff_id": 3, "staff_email": "anna@support.example", "staff_full_name": "Анна Смирнова" });
        let catalog = Catalog {
            staff: vec![serde_json::from_value(staff).unwrap()],
            me: Some(omnidesk::StaffId(3)),
            channel: "cch101".into(),
            ..Catalog::default()
        };
        let card = Card {
            id: 7,
            name: "Иванов".into(),
            ..Card::default()
        };
        let base = "https://company.omnidesk.example/".parse().unwrap();
        Some(self.find(CASE)?.page(Some(&card), &catalog, Region::default(), &base))
    }
}

fn create(gist: &str) -> AgentAction {
    AgentAction::CreateCase {
        subject: "Счёт".into(),
        gist: gist.into(),
    }
}

fn facts(id: u64) -> CaseFacts {
    CaseFacts {
        id: CaseId(id),
        number: "482-113907".into(),
        subject: "Счёт".into(),
        status: Some(CaseStatus::Open),
    }
}

/// The note at the call's end, with the recording.
fn note() -> DutyResult {
    DutyResult {
        message: Some(900),
        recording: true,
        text: Some(format!("Запись разговора: {LINE}, разговор 02:31")),
        file: Some(FileFacts {
            name: "zvonok.wav".into(),
            size: 2_048,
        }),
        ..DutyResult::default()
    }
}

#[test]
fn s06_during_the_call_the_page_is_what_was_written_when_the_case_was_created() {
    let page = Bench::created().page().unwrap();
    let row = &page.case;
    assert_eq!(
        (row.id.as_str(), row.number.as_str(), row.subject.as_str()),
        ("50", "482-113907", "Счёт")
    );
    assert_eq!(
        (row.status, row.handset, row.is_call),
        (CaseStatusView::Open, HandsetView::Incoming, true)
    );
    assert_eq!(row.staff.as_deref(), Some("Анна Смирнова"));
    assert_eq!(page.user.map(|user| user.name).as_deref(), Some("Иванов"));
    assert_eq!((page.group, page.labels), (None, vec![]));
    assert_eq!(
        page.url.as_deref(),
        Some("https://company.omnidesk.example/staff/cases/record/482-113907/")
    );
    let [message] = &page.messages[..] else {
        panic!("{:?}", page.messages)
    };
    assert_eq!((message.author, message.author_name.as_deref()), (AuthorView::User, Some("Иванов")));
    assert_eq!((message.text.as_str(), message.note), ("Суть", false));
    assert_eq!(message.call.as_deref(), Some(LEG));
}

#[test]
fn s06_after_the_call_its_status_and_its_recording_are_there() {
    let page = Bench::told().page().unwrap();
    assert_eq!(page.case.status, CaseStatusView::Waiting);
    let [message] = &page.messages[..] else {
        panic!("one message: {:?}", page.messages)
    };
    assert_eq!(message.text, format!("Суть\n\n{LINE}, разговор 02:31"));
    let [file] = &message.attachments[..] else {
        panic!("one file: {message:?}")
    };
    assert_eq!(
        (file.id.as_str(), file.name.as_str(), file.size, file.audio),
        ("900-0", "zvonok.wav", 2_048.0, true)
    );
}

#[test]
fn s06_a_call_whose_recording_could_not_be_had_is_told_all_the_same() {
    let mut bench = Bench::created();
    bench.ends(LEG);
    bench.deliver(DutyResult::default());
    bench.deliver(DutyResult {
        message: Some(900),
        text: Some(format!("Звонок завершён: {LINE}, разговор 02:31")),
        ..DutyResult::default()
    });
    let page = bench.page().unwrap();
    assert_eq!(page.messages.len(), 1);
    assert_eq!(page.messages[0].text, format!("Суть\n\n{LINE}, разговор 02:31"));
    assert_eq!(page.messages[0].attachments, []);
}

/// Each row: what happened to the case, and whether its page is still known here.
#[test]
fn s06_a_page_that_this_desk_may_not_know_is_read() {
    type Row = (&'static str, fn() -> Bench, bool);
    let table: [Row; 15] = [
        ("created", Bench::created, true),
        ("told", Bench::told, true),
        ("the last minute", || later(Bench::told(), KNOWN_GOOD - 1), true),
        ("too long ago", || later(Bench::told(), KNOWN_GOOD), false),
        ("a call that lasts", || later(Bench::created(), 10 * KNOWN_GOOD), true),
        ("still owed", || later(with_status(None), 10 * KNOWN_GOOD), true),
        ("the status set", || with_status(Some(DutyResult::default())), true),
        (
            "a colleague had decided otherwise",
            || {
                with_status(Some(DutyResult {
                    overruled: true,
                    ..DutyResult::default()
                }))
            },
            false,
        ),
        (
            "merged into another case",
            || {
                with_status(Some(DutyResult {
                    moved: Some(facts(51)),
                    ..DutyResult::default()
                }))
            },
            false,
        ),
        (
            "deleted",
            || {
                with_status(Some(DutyResult {
                    gone: true,
                    ..DutyResult::default()
                }))
            },
            false,
        ),
        (
            "a recording nobody knows the file of",
            || with_note(DutyResult { file: None, ..note() }),
            false,
        ),
        (
            "a note nobody knows the text of",
            || with_note(DutyResult { text: None, ..note() }),
            false,
        ),
        ("more is to be written", added, true),
        (
            "more was written, or beside what a colleague had made of it",
            || delivered(added()),
            false,
        ),
        ("another call was noted in it", noted_in_it, false),
    ];
    for (what, bench, known) in table {
        let bench = bench();
        assert_eq!(bench.find(CASE).is_some(), known, "{what}");
        assert_eq!(bench.find(51), None, "{what}");
    }
}

fn later(mut bench: Bench, ms: i64) -> Bench {
    bench.now = bench.now.plus_ms(ms);
    bench
}

/// The call has ended; its status came to this, or is still owed.
fn with_status(result: Option<DutyResult>) -> Bench {
    let mut bench = Bench::created();
    bench.ends(LEG);
    result.into_iter().for_each(|result| bench.deliver(result));
    bench
}

fn with_note(result: DutyResult) -> Bench {
    let mut bench = with_status(Some(DutyResult::default()));
    bench.deliver(result);
    bench
}

/// The agent has added to the first message.
fn added() -> Bench {
    let mut bench = Bench::created();
    bench.act(LEG, create("Суть подробно"));
    bench
}

fn delivered(mut bench: Bench) -> Bench {
    bench.deliver(DutyResult {
        message: Some(800),
        text: Some("Суть подробно".into()),
        ..DutyResult::default()
    });
    bench
}

fn noted_in_it() -> Bench {
    let mut bench = Bench::told();
    bench.rings("b");
    bench.hear("b", CallEventKind::Answered);
    let (case, gist) = (facts(CASE), String::new());
    bench.act("b", AgentAction::Attach { case, gist });
    assert!(bench.find(CASE).is_some(), "nothing is written before the end");
    bench.ends("b");
    bench
}

#[test]
fn s06_a_case_that_came_by_itself_is_read() {
    let mut bench = Bench {
        desk: Desk::new(Policy::default()),
        outbox: Outbox::default(),
        now: Moment(1_000),
    };
    bench.rings(LEG);
    bench.hear(LEG, CallEventKind::Answered);
    bench.ends(LEG);
    bench.deliver(DutyResult {
        case: Some(facts(CASE)),
        text: Some(LINE.into()),
        ..DutyResult::default()
    });
    assert_eq!(bench.find(CASE), None);
}
