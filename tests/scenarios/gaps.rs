//! What happened while a desk could not look: {dead, cut off, frozen} × {rings, talking, transferred, ended, given up}
//! × {one desk, group} (section L, D3, D5, S16, S17, S25).
//!
//! Whatever the kind of gap, Omnidesk must look as if there had been none, as far as it can be known at all.

use crate::desk::{Apart, Desk, IVANOV, LONG};
use engine::view::{CallView, DispositionView, LinkStateView, PhaseView};
use futures_util::future::join_all;
use sandbox::CallSpec;
use sandbox::omnidesk::{CaseDump, Fault, FaultRule, MessageDump};
use sandbox::pbx::{PbxFault, Step};
use std::time::Duration;

/// Longer than the desk needs to notice that it was not let run.
const FROZEN: Duration = Duration::from_secs(11);
/// Long enough for a recording with sound.
const TALK: Duration = Duration::from_millis(1_500);

/// Why a desk cannot look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blind {
    Dead,
    CutOff,
    Frozen,
}

/// What happens meanwhile to a call that was seen to ring at 101.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meanwhile {
    /// Nothing; after the gap the caller gives up.
    Rings,
    /// It is answered, at 101 or, in a group, by the colleague; they talk until after the gap.
    Talking,
    /// 101 had answered and passes the caller on to 102, who talks until after the gap.
    Transferred,
    /// It is answered and over.
    Ended,
    /// The caller gives up.
    GivenUp,
}

/// A new case: how its subject begins, its status.
type Expected = (&'static str, &'static str);
const MISSED: Expected = ("Пропущенный звонок", "open");
const TALKED: Expected = ("Входящий звонок", "waiting");
const PASSED_ON: Expected = ("Входящий звонок", "closed");

fn expected(meanwhile: Meanwhile, group: bool) -> Vec<Expected> {
    match (meanwhile, group) {
        (Meanwhile::Rings | Meanwhile::GivenUp, _) => vec![MISSED],
        (Meanwhile::Talking | Meanwhile::Ended, _) => vec![TALKED],
        (Meanwhile::Transferred, false) => vec![PASSED_ON],
        (Meanwhile::Transferred, true) => vec![PASSED_ON, TALKED],
    }
}

struct Office {
    anna: Desk,
    apart: Option<Apart>,
    boris: Option<Desk>,
}

impl Office {
    async fn open(blind: Blind, group: bool) -> Self {
        let (anna, apart) = if blind == Blind::Frozen {
            let (anna, apart) = Desk::apart().await;
            (anna, Some(apart))
        } else {
            (Desk::open().await, None)
        };
        let boris = if group {
            Some(anna.beside("102", "boris@support.example").await)
        } else {
            None
        };
        Self { anna, apart, boris }
    }

    async fn goes_blind(&self, blind: Blind) {
        match blind {
            Blind::Dead => self.anna.engine.stop().await,
            Blind::CutOff => {
                let app = "ringside-101-".into();
                self.anna.sandbox.pbx().fault(&PbxFault::CutOff { app });
                self.anna
                    .until("the cut", |view| (view.pbx.state != LinkStateView::Up).then_some(()))
                    .await;
            }
            Blind::Frozen => {
                self.apart.as_ref().unwrap().freeze(FROZEN);
                // What follows must not reach it any more.
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }

    async fn sees_again(&mut self, blind: Blind) {
        match blind {
            Blind::Dead => self.anna.restart().await,
            Blind::CutOff => {
                self.anna.sandbox.pbx().clear_faults();
                self.anna.connected().await;
            }
            Blind::Frozen => tokio::time::sleep(FROZEN).await,
        }
    }

    /// All that is owed at both desks is written.
    async fn settled(&self, call: &str) {
        self.anna.call_until(call, "the end at the desk that was blind", has_ended).await;
        self.anna.settled().await;
        if let Some(boris) = &self.boris {
            boris
                .until("the colleague's calls to end", |view| {
                    view.calls.iter().all(has_ended).then_some(())
                })
                .await;
            boris.settled().await;
        }
        self.anna.settled().await;
    }

    fn cases(&self) -> Vec<CaseDump> {
        self.anna.sandbox.omnidesk().new_cases()
    }
}

fn has_ended(call: &CallView) -> bool {
    call.phase == PhaseView::Ended
}

async fn live_through(blind: Blind, meanwhile: Meanwhile, group: bool) {
    let mut office = Office::open(blind, group).await;
    let pbx = office.anna.sandbox.pbx().clone();
    // The PBX tells in whole seconds since when it runs.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let spec = if group {
        CallSpec::group(IVANOV, &["101", "102"])
    } else {
        CallSpec::incoming(IVANOV, "101")
    };
    let (call, ringing) = office.anna.place(spec).await;
    office.anna.known(&ringing.id).await;
    office.anna.identified(&ringing.id).await;
    if group {
        office
            .anna
            .call_until(&ringing.id, "the other desk", |call| !call.rings_also_at.is_empty())
            .await;
    }
    if meanwhile == Meanwhile::Transferred {
        pbx.answer_by(&call, "101").unwrap();
        let talks = |call: &CallView| call.phase == PhaseView::Talking;
        office.anna.call_until(&ringing.id, "the talk", talks).await;
    }
    office.goes_blind(blind).await;
    match meanwhile {
        Meanwhile::Rings => {}
        Meanwhile::Talking | Meanwhile::Ended => {
            pbx.answer_by(&call, if group { "102" } else { "101" }).unwrap();
            tokio::time::sleep(TALK).await;
        }
        Meanwhile::Transferred => {
            pbx.step(&call, &Step::Transfer { to: "102".into() }).unwrap();
            pbx.answer_by(&call, "102").unwrap();
        }
        Meanwhile::GivenUp => {}
    }
    if matches!(meanwhile, Meanwhile::Ended | Meanwhile::GivenUp) {
        pbx.hang_up(&call).unwrap();
    }
    office.sees_again(blind).await;
    if meanwhile == Meanwhile::Transferred {
        office.anna.call_until(&ringing.id, "the transfer", has_ended).await;
    }
    if !matches!(meanwhile, Meanwhile::Ended | Meanwhile::GivenUp) {
        // The desk has seen what there is before it is over.
        let seen = |call: &CallView| {
            let talks_here = meanwhile == Meanwhile::Talking && !group;
            !talks_here || call.phase == PhaseView::Talking
        };
        office.anna.call_until(&ringing.id, "what the PBX says", seen).await;
        pbx.hang_up(&call).unwrap();
    }
    office.settled(&ringing.id).await;
    let mut cases: Vec<(String, String)> = office.cases().into_iter().map(|case| (case.subject, case.status)).collect();
    cases.sort_by(|one, other| one.1.cmp(&other.1));
    let expected = expected(meanwhile, group);
    let fits = cases.len() == expected.len()
        && cases
            .iter()
            .zip(&expected)
            .all(|((subject, status), (begins, wanted))| subject.starts_with(begins) && status == wanted);
    assert!(
        fits,
        "{blind:?}, {meanwhile:?}, group: {group}: {cases:?}, expected {expected:?}; the call: {:?}",
        office.anna.view().calls.iter().find(|call| call.id == ringing.id)
    );
    // A recording may follow on its own.
    let tells = |message: &&MessageDump| !message.content.starts_with("Запись разговора");
    let cases = office.cases();
    let messages = cases.iter().flat_map(|case| &case.messages).filter(tells).count();
    assert_eq!(messages, expected.len(), "{blind:?}, {meanwhile:?}, group: {group}: each told once");
}

async fn every_situation(blind: Blind, group: bool) {
    let all = [
        Meanwhile::Rings,
        Meanwhile::Talking,
        Meanwhile::Transferred,
        Meanwhile::Ended,
        Meanwhile::GivenUp,
    ];
    join_all(all.map(|meanwhile| live_through(blind, meanwhile, group))).await;
}

#[tokio::test]
async fn d3_d5_what_happened_while_the_desk_was_dead() {
    every_situation(Blind::Dead, false).await;
}

#[tokio::test]
async fn d3_d5_what_happened_in_a_group_while_one_desk_was_dead() {
    every_situation(Blind::Dead, true).await;
}

#[tokio::test]
async fn d3_what_happened_while_the_desk_was_cut_off() {
    every_situation(Blind::CutOff, false).await;
}

#[tokio::test]
async fn d3_what_happened_in_a_group_while_one_desk_was_cut_off() {
    every_situation(Blind::CutOff, true).await;
}

#[tokio::test]
async fn d3_what_happened_while_the_desk_was_frozen() {
    every_situation(Blind::Frozen, false).await;
}

#[tokio::test]
async fn d3_what_happened_in_a_group_while_one_desk_was_frozen() {
    every_situation(Blind::Frozen, true).await;
}

#[tokio::test]
async fn d3_where_nothing_can_be_learnt_the_outcome_is_unknown_and_the_case_says_so() {
    // The PBX dies with the call: its recordings are unfinished, and nobody is there to be asked about.
    let mut desk = Desk::open().await;
    let (_, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.engine.stop().await;
    desk.sandbox.pbx().fault(&PbxFault::Restart { ms: 300 });
    desk.restart().await;
    let ended = desk.call_until(&ringing.id, "the end", has_ended).await;
    assert_eq!(ended.disposition, Some(DispositionView::Unknown));
    assert!(ended.unseen.is_some());
    let case = desk.case_of(&ringing.id).await;
    desk.settled().await;
    assert_eq!(
        (case.status.as_str(), case.labels.as_slice()),
        ("open", ["Исход неизвестен".to_owned()].as_slice())
    );
    assert!(case.subject.starts_with("Входящий звонок"), "{}", case.subject);
    let text = &case.messages[0].content;
    assert!(text.contains("исход неизвестен: Ringside не был на связи с "), "{text}");
    // A missed call after it is no «again».
    let missed = desk.missed(IVANOV).await;
    assert_ne!(missed.case_id, case.case_id);
}

#[tokio::test]
async fn d3_a_pbx_that_restarts_in_any_situation_leaves_one_record_and_no_false_one() {
    for talking in [false, true] {
        let desk = Desk::open().await;
        let (call, ringing) = desk.ring(IVANOV).await;
        desk.known(&ringing.id).await;
        if talking {
            desk.answer(&call, &ringing.id).await;
        }
        desk.sandbox.pbx().fault(&PbxFault::Restart { ms: 300 });
        desk.call_until(&ringing.id, "the end", has_ended).await;
        let case = desk.case_of(&ringing.id).await;
        let told = if talking {
            "разговор"
        } else {
            "исход неизвестен"
        };
        assert!(case.messages[0].content.contains(told), "{:?}", case.messages);
        assert_eq!(desk.only_case().status, if talking { "waiting" } else { "open" });
    }
    let desk = Desk::open().await;
    let (_, dialled) = desk.call_out(IVANOV).await;
    desk.known(&dialled.id).await;
    desk.sandbox.pbx().fault(&PbxFault::Restart { ms: 300 });
    desk.call_until(&dialled.id, "the end", has_ended).await;
    let case = desk.case_of(&dialled.id).await;
    assert!(case.subject.starts_with("Исходящий звонок"), "{}", case.subject);
    assert!(case.messages[0].content.contains("исход неизвестен"), "{:?}", case.messages);
    assert_eq!(case.status, "open");
}

#[tokio::test]
async fn s25_a_colleague_who_attached_the_call_to_an_earlier_case_is_found_by_the_words() {
    let mut office = Office::open(Blind::Dead, true).await;
    let boris = office.boris.take().unwrap();
    let earlier = office.anna.earlier_case();
    let before = boris.ids();
    let (call, ringing) = office.anna.place(CallSpec::group(IVANOV, &["101", "102"])).await;
    let at_boris = boris.new_in_popup(&before).await;
    boris.known(&at_boris.id).await;
    office.anna.identified(&ringing.id).await;
    office
        .anna
        .call_until(&ringing.id, "the other desk", |call| !call.rings_also_at.is_empty())
        .await;
    office.goes_blind(Blind::Dead).await;
    office.anna.sandbox.pbx().answer_by(&call, "102").unwrap();
    boris
        .call_until(&at_boris.id, "the talk", |call| call.phase == PhaseView::Talking)
        .await;
    boris.engine.profile(&earlier.user_id.to_string()).await.unwrap();
    boris
        .engine
        .attach(&at_boris.id, &earlier.case_id.to_string(), "Помог".into())
        .await
        .unwrap();
    boris.hang_up(&call, &at_boris.id).await;
    boris.settled().await;
    office.anna.restart().await;
    let ended = office.anna.call_until(&ringing.id, "the end", has_ended).await;
    office.anna.settled().await;
    let elsewhere = |call: &CallView| call.disposition == Some(DispositionView::AnsweredElsewhere);
    office.anna.call_until(&ended.id, "the colleague's record", elsewhere).await;
    assert_eq!(office.cases(), [], "neither a false missed call nor a second record");
}

#[tokio::test]
async fn d5_a_missed_call_owed_over_a_crash_is_not_written_when_a_colleague_answered_meanwhile() {
    let mut office = Office::open(Blind::Dead, true).await;
    let pbx = office.anna.sandbox.pbx().clone();
    let (call, ringing) = office.anna.place(CallSpec::hunting(IVANOV, &["101", "102"])).await;
    office.anna.known(&ringing.id).await;
    pbx.step(&call, &Step::TimeOut).unwrap();
    office.anna.call_until(&ringing.id, "the end here", has_ended).await;
    office.goes_blind(Blind::Dead).await;
    pbx.answer_by(&call, "102").unwrap();
    tokio::time::sleep(TALK).await;
    pbx.hang_up(&call).unwrap();
    let boris = office.boris.as_ref().unwrap();
    boris
        .until("the colleague's case", |view| {
            view.calls.iter().any(|call| call.outcome.is_some()).then_some(())
        })
        .await;
    office.anna.restart().await;
    office.settled(&ringing.id).await;
    let cases = office.cases();
    assert_eq!(cases.len(), 1, "the colleague's alone: {cases:?}");
    assert_eq!(cases[0].status, "waiting");
}

#[tokio::test]
async fn s27_a_call_missed_again_by_a_frozen_desk_and_its_colleague_is_noted_once() {
    let office = Office::open(Blind::Frozen, true).await;
    let (anna, boris) = (&office.anna, office.boris.as_ref().unwrap());
    let first = anna.missed(IVANOV).await;
    // Omnidesk tells whole seconds: the calls lie further apart.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = (anna.ids(), boris.ids());
    office.goes_blind(Blind::Frozen).await;
    let pbx = anna.sandbox.pbx();
    let call = pbx.place(CallSpec::group(IVANOV, &["101", "102"])).unwrap();
    let at_boris = boris.new_in_popup(&before.1).await;
    boris.known(&at_boris.id).await;
    pbx.hang_up(&call).unwrap();
    boris.call_until(&at_boris.id, "the end", has_ended).await;
    // The frozen desk hears of the call when it is over.
    let new = |call: &CallView| !before.0.contains(&call.id) && has_ended(call);
    anna.until("the late events", |view| view.calls.iter().any(new).then_some(())).await;
    boris.settled().await;
    anna.settled().await;
    let case = anna.sandbox.omnidesk().case(&first.case_number).unwrap();
    assert_eq!(case.messages.len(), 2, "the first call and one note: {:?}", case.messages);
    assert_eq!(office.cases().len(), 1);
}

#[tokio::test]
async fn d5_the_colleague_who_could_not_write_yet_is_not_contradicted_by_a_missed_call() {
    let mut office = Office::open(Blind::Dead, true).await;
    let pbx = office.anna.sandbox.pbx().clone();
    let (call, ringing) = office.anna.place(CallSpec::group(IVANOV, &["101", "102"])).await;
    office.anna.known(&ringing.id).await;
    office.goes_blind(Blind::Dead).await;
    let out = FaultRule::once(Fault::Reset).on("POST", "/api/*").times(0);
    office.anna.sandbox.omnidesk().fault(out);
    pbx.answer_by(&call, "102").unwrap();
    tokio::time::sleep(TALK).await;
    pbx.hang_up(&call).unwrap();
    office.anna.restart().await;
    office.anna.call_until(&ringing.id, "the end", has_ended).await;
    office.anna.sandbox.omnidesk().clear_faults();
    office.settled(&ringing.id).await;
    let cases = office.cases();
    let missed = cases.iter().filter(|case| case.subject.starts_with("Пропущенный")).count();
    let told = cases.iter().filter(|case| case.status == "waiting").count();
    assert_eq!((missed, told), (0, 1), "{cases:?}");
    assert!(pbx.ended(&call, LONG).await);
}

crate::desk::also_in_a_fresh_account!(
    s25_a_colleague_who_attached_the_call_to_an_earlier_case_is_found_by_the_words,
    s27_a_call_missed_again_by_a_frozen_desk_and_its_colleague_is_noted_once,
);
