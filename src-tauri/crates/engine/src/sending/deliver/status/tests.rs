//! What a late status meets, against the stand-in Omnidesk: time is a number here, nobody waits for it.

use super::*;
use crate::account::catalog::Catalog;
use crate::sending::outbox::Attempt;
use calls::{DutyKind, LegId, Moment, Region, Subject};
use omnidesk::{Client, Config, Contact, Content, NewCase};
use sandbox::omnidesk::ByHand;
use sandbox::{Options, Sandbox};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Half an hour, ms.
const AGO: i64 = 1_800_000;
const ME: &str = "anna@support.example";
const COLLEAGUE: &str = "boris@support.example";

struct Bench {
    sandbox: Sandbox,
    delivery: Delivery,
    case: CaseId,
}

impl Bench {
    async fn new() -> Self {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let config = Config::new(sandbox.omnidesk_url().parse().unwrap(), ME, sandbox.api_key());
        let client = Client::new(config).unwrap();
        let new = NewCase::new(Contact::Phone("+79990001122".into()), "Тема", Content::text("Текст"));
        let case = client.cases().create(&new).await.unwrap().id;
        let settings = crate::Settings {
            email: ME.into(),
            ..crate::Settings::default()
        };
        let catalog = Catalog::read(&client, &settings).await.unwrap();
        assert!(catalog.me.is_some());
        let delivery = Delivery {
            client,
            pbx: None,
            catalog: Arc::new(catalog),
            zone: jiff::tz::TimeZone::UTC,
            region: Region::default(),
            card: None,
        };
        Self { sandbox, delivery, case }
    }

    /// A status that became owed half an hour ago is delivered now.
    fn late(&self, status: CaseStatus) -> Job {
        let now = Moment(jiff::Timestamp::now().as_millisecond());
        Job {
            leg: LegId::new("a"),
            kind: DutyKind::SetStatus {
                case: CaseTarget::Existing(calls::CaseId(self.case.0)),
                status: Some(status),
                handset: None,
                responsible: false,
                since: Moment(0),
                expects: None,
                guards: false,
            },
            opened: None,
            merged_into: None,
            nobody: false,
            first_text: None,
            known_cases: BTreeSet::new(),
            known_messages: BTreeSet::new(),
            given: Vec::new(),
            waiting: BTreeSet::new(),
            withdrawn: false,
            opened_with: None,
            others_may_have_told: false,
            unwatched: false,
            passed_here: false,
            sibling: None,
            own_messages: BTreeSet::default(),
            superseded: false,
            ties: crate::sending::deliver::Ties::default(),
            conversation: None,
            in_place: false,
            gone: false,
            attempted_before: false,
            uncertain: false,
            first_tried: now,
            created: now.plus_ms(-AGO),
            now,
        }
    }

    /// The agent undoes a status that this desk gave a moment ago.
    fn undo(&self, status: CaseStatus, given: CaseStatus) -> Job {
        let mut job = self.late(status);
        job.created = job.now;
        if let DutyKind::SetStatus { expects, .. } = &mut job.kind {
            *expects = Some(given);
        }
        job
    }

    /// A mark that becomes owed.
    fn mark(&self, handset: Handset) -> Job {
        let mut job = self.late(CaseStatus::Open);
        if let DutyKind::SetStatus { status, handset: mark, .. } = &mut job.kind {
            (*status, *mark) = (None, Some(handset));
        }
        job
    }

    /// The agent presses «Сохранить» with a new subject.
    fn resubject(&self, subject: &str, was: Option<Subject>) -> Job {
        Job {
            kind: DutyKind::FinishText {
                case: CaseTarget::Existing(calls::CaseId(self.case.0)),
                subject: Some(subject.into()),
                was,
                summary: summary(),
            },
            ..self.late(CaseStatus::Open)
        }
    }

    async fn subject(&self) -> String {
        self.delivery.client.cases().get(&CaseRef::Id(self.case)).await.unwrap().subject
    }

    async fn labels(&self) -> Vec<String> {
        let client = &self.delivery.client;
        let case = client.cases().get(&CaseRef::Id(self.case)).await.unwrap();
        let all = client.labels().list(omnidesk::PageRequest::first(100)).await.unwrap().items;
        let of_case = all.into_iter().filter(|label| case.labels.contains(&label.id));
        of_case.map(|label| label.title).collect()
    }

    async fn deliver(&self, job: &Job) -> String {
        let tried = self.delivery.attempt(job).await;
        assert!(matches!(tried.attempt, Attempt::Delivered(_)), "{:?}", tried.attempt);
        self.status()
    }

    fn status(&self) -> String {
        self.sandbox.omnidesk().case(&self.case.to_string()).unwrap().status
    }

    /// A person decides `at` by the true clock; Omnidesk has it, and this computer's is `behind` milliseconds.
    fn set_by_hand_at(&self, at: Moment, behind: i64) {
        let omnidesk = self.sandbox.omnidesk();
        omnidesk.set_clock(at.0 - jiff::Timestamp::now().as_millisecond());
        self.set_by_hand(COLLEAGUE, "closed");
        omnidesk.set_clock(behind);
    }

    /// Omnidesk answers something, and with it says what time it is.
    async fn hears_the_time(&self) {
        self.subject().await;
    }

    fn set_by_hand(&self, staff_email: &str, status: &str) {
        let deed = ByHand::SetStatus {
            case: self.case.to_string(),
            status: status.into(),
            staff_email: staff_email.into(),
        };
        self.sandbox.omnidesk().by_hand(&deed).unwrap();
    }
}

fn summary() -> calls::Summary {
    calls::Summary {
        direction: calls::Direction::Inbound,
        number: calls::Number::read("+79990001122", Region::default()),
        started: Moment(0),
        talk_ms: None,
        disposition: None,
        gist: "Суть".into(),
        at_least: false,
        unseen: None,
        transferred_to: None,
        guessed: None,
        promise: None,
    }
}

#[tokio::test]
async fn s17_s34_undoing_takes_back_what_this_desk_set_and_nothing_that_a_person_decided_since() {
    let bench = Bench::new().await;
    assert_eq!(bench.deliver(&bench.late(CaseStatus::Closed)).await, "closed");
    assert_eq!(bench.deliver(&bench.undo(CaseStatus::Open, CaseStatus::Closed)).await, "open");
    for decided in ["waiting", "closed"] {
        let bench = Bench::new().await;
        assert_eq!(bench.deliver(&bench.late(CaseStatus::Closed)).await, "closed");
        bench.set_by_hand(COLLEAGUE, "open");
        bench.set_by_hand(COLLEAGUE, decided);
        assert_eq!(bench.deliver(&bench.undo(CaseStatus::Open, CaseStatus::Closed)).await, decided);
    }
}

#[tokio::test]
async fn s28_a_mark_alone_leaves_status_and_responsible_and_asks_nothing() {
    let bench = Bench::new().await;
    bench.set_by_hand(COLLEAGUE, "closed");
    bench.sandbox.omnidesk().clear_requests();
    assert_eq!(bench.deliver(&bench.mark(Handset::CalledBack)).await, "closed");
    assert_eq!(bench.sandbox.omnidesk().requests().len(), 1);
    assert_eq!(bench.labels().await, [texts::LABEL_CALLED_BACK]);
    bench.deliver(&bench.mark(Handset::Missed)).await;
    assert_eq!(bench.labels().await, [texts::LABEL_MISSED]);
}

#[tokio::test]
async fn s17_lateness_counts_from_the_end_of_the_call_however_late_the_duty_came() {
    let bench = Bench::new().await;
    bench.set_by_hand(COLLEAGUE, "closed");
    let mut job = bench.late(CaseStatus::Waiting);
    job.created = job.now;
    if let DutyKind::SetStatus { since, .. } = &mut job.kind {
        *since = job.now.plus_ms(-AGO);
    }
    assert_eq!(bench.deliver(&job).await, "closed");
}

#[tokio::test]
async fn s15_a_subject_that_a_person_changed_stays() {
    let bench = Bench::new().await;
    let was = |text: &str| Some(Subject::Typed(text.into()));
    bench.deliver(&bench.resubject("Вторая", was("Тема"))).await;
    assert_eq!(bench.subject().await, "Вторая");
    bench.deliver(&bench.resubject("Третья", was("Тема"))).await;
    assert_eq!(bench.subject().await, "Вторая", "somebody else has written it meanwhile");
    bench.deliver(&bench.resubject("Четвёртая", None)).await;
    assert_eq!(bench.subject().await, "Четвёртая", "owed by an earlier version, which did not say");
}

#[tokio::test]
async fn a_late_status_is_set_when_nobody_decided_anything_since() {
    let bench = Bench::new().await;
    assert_eq!(bench.deliver(&bench.late(CaseStatus::Closed)).await, "closed");
}

#[tokio::test]
async fn a_late_status_overrules_nobody() {
    for who in [COLLEAGUE, ME] {
        let bench = Bench::new().await;
        bench.set_by_hand(who, "closed");
        assert_eq!(bench.deliver(&bench.late(CaseStatus::Waiting)).await, "closed", "{who}");
    }
}

/// The computer's clock is ten minutes off, and the PBX's is right, or off just as much.
#[tokio::test]
async fn a_clock_that_is_off_neither_overrules_a_colleague_nor_drops_our_own_status() {
    const OFF: i64 = 600_000;
    const MINUTES: i64 = 60_000;
    for behind in [OFF, -OFF, 0] {
        for pbx_is_right in [true, false] {
            for (decided, expected) in [(-3 * MINUTES, "waiting"), (3 * MINUTES, "closed")] {
                let bench = Bench::new().await;
                let mut job = bench.late(CaseStatus::Waiting);
                let end = job.created;
                if let DutyKind::SetStatus { since, .. } = &mut job.kind {
                    *since = if pbx_is_right { end.plus_ms(behind) } else { end };
                }
                bench.set_by_hand_at(end.plus_ms(behind + decided), behind);
                bench.hears_the_time().await;
                assert_eq!(bench.deliver(&job).await, expected, "{behind} {pbx_is_right} {decided}");
            }
        }
    }
}

/// An outage of four minutes is one, whatever this computer's clock says.
#[tokio::test]
async fn a_clock_that_is_off_makes_nothing_late_and_nothing_timely() {
    for behind in [300_000, -300_000, 0] {
        for (ago, expected) in [(240_000, "closed"), (30_000, "waiting")] {
            let bench = Bench::new().await;
            let mut job = bench.late(CaseStatus::Waiting);
            job.created = job.now.plus_ms(-ago);
            if let DutyKind::SetStatus { since, .. } = &mut job.kind {
                *since = job.created.plus_ms(behind);
            }
            bench.set_by_hand_at(job.now.plus_ms(behind - 10_000), behind);
            bench.hears_the_time().await;
            assert_eq!(bench.deliver(&job).await, expected, "{behind} {ago}");
        }
    }
}

#[test]
fn when_it_was_decided_is_read_by_omnidesks_clock() {
    const MINUTE: i64 = 60_000;
    const END: i64 = 1_800_000_000_000;
    // The moment by the clock it was dated by, when it became owed by ours, how far Omnidesk is ahead of us.
    let at = |since: i64, owed: i64, ahead: i64| (decided(Moment(since), Moment(owed), ahead).0 - END) / MINUTE;
    for ahead in [0, 5 * MINUTE, -5 * MINUTE] {
        let ours = END - ahead;
        assert_eq!(at(END, ours, ahead), 0, "dated by a PBX that is right");
        assert_eq!(at(ours, ours + 100, ahead), 0, "dated by this computer");
        assert_eq!(at(0, ours, ahead), 0, "dated by nobody");
        let late = at(END, ours + 60 * MINUTE, ahead);
        assert!((-5..=0).contains(&late), "owed an hour later, dated by the PBX: {late}");
        let late = at(ours, ours + 60 * MINUTE, ahead);
        assert!((-5..=0).contains(&late), "owed an hour later, dated by this computer: {late}");
    }
    assert_eq!(at(END + 10 * MINUTE, END, 0), 0, "nothing is decided after it was owed");
}

#[tokio::test]
async fn a_status_in_time_does_what_the_rule_says_and_asks_nothing() {
    let bench = Bench::new().await;
    bench.set_by_hand(COLLEAGUE, "closed");
    bench.sandbox.omnidesk().clear_requests();
    let late = bench.late(CaseStatus::Waiting);
    let in_time = Job { created: late.now, ..late };
    assert_eq!(bench.deliver(&in_time).await, "waiting");
    assert_eq!(bench.sandbox.omnidesk().requests().len(), 1);
}

/// After an outage everything owed comes at once: what this desk did a moment ago is no decision of a person.
#[tokio::test]
async fn a_late_status_is_not_held_up_by_what_this_desk_itself_set() {
    let bench = Bench::new().await;
    assert_eq!(bench.deliver(&bench.late(CaseStatus::Closed)).await, "closed");
    let undo = Job {
        given: vec![CaseStatus::Closed],
        ..bench.late(CaseStatus::Open)
    };
    assert_eq!(bench.deliver(&undo).await, "open");
}

#[tokio::test]
async fn a_lost_answer_of_ours_is_no_decision_either_but_a_colleagues_later_one_is() {
    let bench = Bench::new().await;
    let again = Job {
        given: vec![CaseStatus::Closed],
        uncertain: true,
        ..bench.late(CaseStatus::Closed)
    };
    bench.set_by_hand(ME, "closed");
    assert_eq!(bench.deliver(&again).await, "closed");
    bench.set_by_hand(COLLEAGUE, "open");
    assert_eq!(bench.deliver(&again).await, "open");
}
