//! What a late status meets, against the stand-in Omnidesk: time is a number here, nobody waits for it.

use super::*;
use crate::catalog::Catalog;
use crate::outbox::Attempt;
use calls::{DutyKind, LegId, Moment, Region};
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
                status,
                handset: None,
                responsible: false,
            },
            opened: None,
            moved: None,
            nobody: false,
            written: None,
            known_cases: BTreeSet::new(),
            known_messages: BTreeSet::new(),
            ours: Vec::new(),
            seen: false,
            lost: false,
            uncertain: false,
            first_tried: now,
            created: now.plus_ms(-AGO),
            now,
        }
    }

    async fn deliver(&self, job: &Job) -> String {
        let tried = self.delivery.attempt(job).await;
        assert!(matches!(tried.attempt, Attempt::Delivered(_)), "{:?}", tried.attempt);
        self.status()
    }

    fn status(&self) -> String {
        self.sandbox.omnidesk().case(&self.case.to_string()).unwrap().status
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
        ours: vec![CaseStatus::Closed],
        ..bench.late(CaseStatus::Open)
    };
    assert_eq!(bench.deliver(&undo).await, "open");
}

#[tokio::test]
async fn a_lost_answer_of_ours_is_no_decision_either_but_a_colleagues_later_one_is() {
    let bench = Bench::new().await;
    let again = Job {
        ours: vec![CaseStatus::Closed],
        uncertain: true,
        ..bench.late(CaseStatus::Closed)
    };
    bench.set_by_hand(ME, "closed");
    assert_eq!(bench.deliver(&again).await, "closed");
    bench.set_by_hand(COLLEAGUE, "open");
    assert_eq!(bench.deliver(&again).await, "open");
}
