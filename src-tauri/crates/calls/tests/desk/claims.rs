//! «Перезваниваю»: one agent calls a missed client back, and the case says who.

use crate::bench::{Bench, CLIENT, OTHER, kind, leg, lines, refused};
use calls::{
    AgentAction, CLAIM_HOLDS, CaseId, CaseTarget, Claim, Claiming, Disposition, DutyKey, DutyKind, DutyResult, Input, Moment, Refusal,
    SeenClaim, StaffId,
};

const BORIS: StaffId = StaffId(23);
const ANNA: StaffId = StaffId(22);

/// A missed call in case 40.
fn missed() -> Bench {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    bench.done("m", "case", 40, false);
    bench
}

fn by(by: StaffId, since: Moment) -> Claim {
    Claim {
        by,
        name: "Имя".into(),
        since,
    }
}

fn since(bench: &Bench) -> Moment {
    match bench.call("m").filing.claiming {
        Claiming::Wanted { since } => since,
        ref other => panic!("{other:?}"),
    }
}

fn told(bench: &mut Bench, n: u32, claim: Option<Claim>, overruled: bool) {
    let effects = bench.feed(Input::Done {
        key: DutyKey::new(&leg("m"), &format!("claim-{n}")),
        leg: leg("m"),
        duty: None,
        result: DutyResult {
            claim,
            overruled,
            ..DutyResult::default()
        },
    });
    assert_eq!(effects, []);
}

fn read(bench: &mut Bench, claim: Option<Claim>) {
    read_as(bench, claim, false);
}

fn read_as(bench: &mut Bench, claim: Option<Claim>, over: bool) {
    let case = CaseId(40);
    let seen = claim.map(|claim| SeenClaim {
        case,
        mine: claim.by == ANNA,
        claim,
    });
    assert_eq!(bench.feed(Input::ClaimRead { case, seen, over }), []);
}

fn seen(bench: &Bench) -> Option<(StaffId, bool)> {
    bench.desk.claim_in(CaseId(40)).map(|seen| (seen.claim.by, seen.mine))
}

fn claiming(bench: &Bench) -> &Claiming {
    &bench.call("m").filing.claiming
}

#[test]
fn a_claim_is_one_duty_however_often_it_is_said() {
    let mut bench = missed();
    let effects = bench.act("m", AgentAction::Claim);
    assert_eq!(lines(&effects), ["m/claim-1"]);
    let DutyKind::SetClaim { case, since: Some(at) } = kind(&effects, "/claim-1") else {
        panic!("{effects:?}")
    };
    assert_eq!((case, at), (CaseTarget::Existing(CaseId(40)), since(&bench)));
    assert_eq!(bench.act("m", AgentAction::Claim), [], "it is on its way");
    told(&mut bench, 1, Some(by(ANNA, at)), false);
    assert_eq!((claiming(&bench), seen(&bench)), (&Claiming::None, Some((ANNA, true))));
    assert_eq!(bench.act("m", AgentAction::Claim), [], "it is there");
}

#[test]
fn a_claim_before_the_case_is_there_waits_for_it() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    let effects = bench.act("m", AgentAction::Claim);
    assert_eq!(lines(&effects), ["m/claim-1 <- m/case"]);
    let DutyKind::SetClaim { case, .. } = kind(&effects, "/claim-1") else {
        panic!()
    };
    assert_eq!(case, CaseTarget::OpenedBy(DutyKey::new(&leg("m"), "case")));
}

#[test]
fn only_a_missed_call_that_goes_into_a_case_can_be_claimed() {
    let mut talked = Bench::answered("m");
    assert_eq!(
        refused(&talked.act("m", AgentAction::Claim)),
        Some(Refusal::NoSuchCall),
        "they talk"
    );
    talked.end("m", Disposition::Answered);
    assert_eq!(refused(&talked.act("m", AgentAction::Claim)), Some(Refusal::NoSuchCall));
    let mut elsewhere = Bench::new();
    elsewhere.ring("m", CLIENT);
    elsewhere.end("m", Disposition::AnsweredElsewhere);
    assert_eq!(refused(&elsewhere.act("m", AgentAction::Claim)), Some(Refusal::NoSuchCall));
    let mut hidden = Bench::new();
    hidden.ring("m", "anonymous");
    hidden.end("m", Disposition::Missed);
    assert_eq!(refused(&hidden.act("m", AgentAction::Claim)), Some(Refusal::NoSuchCall));
}

#[test]
fn who_was_first_stands_in_the_case_and_the_other_is_told() {
    let mut bench = missed();
    bench.act("m", AgentAction::Claim);
    let boris = by(BORIS, since(&bench));
    told(&mut bench, 1, Some(boris.clone()), true);
    assert_eq!(claiming(&bench), &Claiming::Late { to: boris });
    assert_eq!(seen(&bench), Some((BORIS, false)));
    assert_eq!(refused(&bench.act("m", AgentAction::Claim)), Some(Refusal::Claimed));
    // Until he is not believed any more.
    bench.wait(CLAIM_HOLDS / 1_000);
    assert_eq!(lines(&bench.act("m", AgentAction::Claim)), ["m/claim-2"]);
}

#[test]
fn of_two_who_wrote_at_the_same_moment_the_case_names_one_and_the_other_reads_so() {
    let mut bench = missed();
    bench.act("m", AgentAction::Claim);
    let at = since(&bench);
    told(&mut bench, 1, Some(by(ANNA, at)), false);
    read(&mut bench, Some(by(BORIS, at)));
    assert_eq!(
        (claiming(&bench), seen(&bench)),
        (&Claiming::Late { to: by(BORIS, at) }, Some((BORIS, false)))
    );
}

#[test]
fn a_case_that_somebody_has_dealt_with_says_so() {
    let mut bench = missed();
    bench.act("m", AgentAction::Claim);
    told(&mut bench, 1, None, true);
    assert_eq!((claiming(&bench), seen(&bench)), (&Claiming::Over, None));
}

#[test]
fn what_came_too_late_to_be_believed_is_nothing() {
    let mut bench = missed();
    bench.act("m", AgentAction::Claim);
    told(&mut bench, 1, None, false);
    assert_eq!((claiming(&bench), seen(&bench)), (&Claiming::None, None));
}

#[test]
fn colleagues_claims_are_read_and_end_with_what_the_case_says() {
    let mut bench = missed();
    let at = Moment(1_000_000);
    read(&mut bench, Some(by(BORIS, at)));
    assert_eq!((claiming(&bench), seen(&bench)), (&Claiming::None, Some((BORIS, false))));
    assert_eq!(refused(&bench.act("m", AgentAction::Claim)), Some(Refusal::Claimed));
    read(&mut bench, None);
    assert_eq!(seen(&bench), None);
    read(&mut bench, Some(by(BORIS, at.plus_ms(-CLAIM_HOLDS))));
    assert_eq!(seen(&bench), None, "too old");
}

#[test]
fn a_case_that_is_read_as_dealt_with_says_so_until_it_waits_again() {
    let mut bench = missed();
    read_as(&mut bench, None, true);
    assert_eq!(claiming(&bench), &Claiming::Over, "also where nobody had claimed it");
    read(&mut bench, Some(by(BORIS, Moment(1_000_000))));
    assert_eq!(claiming(&bench), &Claiming::None, "it waits again");
    read_as(&mut bench, None, true);
    assert_eq!(
        (claiming(&bench), seen(&bench), bench.desk.is_claim_over(CaseId(40))),
        (&Claiming::Over, None, true)
    );
    read(&mut bench, None);
    assert_eq!(claiming(&bench), &Claiming::None);
}

#[test]
fn a_page_that_was_asked_for_before_the_claim_says_nothing_of_it() {
    let mut bench = missed();
    bench.act("m", AgentAction::Claim);
    let at = since(&bench);
    read(&mut bench, Some(by(BORIS, at)));
    assert_eq!(seen(&bench), None, "it is on its way, and looks itself");
    told(&mut bench, 1, Some(by(ANNA, at)), false);
    read(&mut bench, None);
    assert_eq!(seen(&bench), Some((ANNA, true)));
    bench.wait(60);
    read(&mut bench, None);
    assert_eq!(seen(&bench), None, "somebody has emptied the field");
}

#[test]
fn letting_go_is_one_duty_after_the_claim_and_only_where_there_is_one() {
    let mut bench = missed();
    assert_eq!(bench.act("m", AgentAction::Release), []);
    bench.act("m", AgentAction::Claim);
    let at = since(&bench);
    let effects = bench.act("m", AgentAction::Release);
    assert_eq!(lines(&effects), ["m/claim-2 <- m/claim-1"]);
    assert!(matches!(kind(&effects, "/claim-2"), DutyKind::SetClaim { since: None, .. }));
    assert!(
        !bench.desk.wants_claim(&DutyKey::new(&leg("m"), "claim-1"), &leg("m")),
        "it need not be written"
    );
    // It had been written already.
    told(&mut bench, 1, Some(by(ANNA, at)), false);
    assert_eq!((claiming(&bench), seen(&bench)), (&Claiming::None, None));
    assert_eq!(bench.act("m", AgentAction::Release), []);

    assert_eq!(lines(&bench.act("m", AgentAction::Claim)), ["m/claim-3"]);
    let at = since(&bench);
    told(&mut bench, 3, Some(by(ANNA, at)), false);
    assert_eq!(lines(&bench.act("m", AgentAction::Release)), ["m/claim-4 <- m/claim-3"]);
    assert_eq!(seen(&bench), None, "at once");
}

#[test]
fn a_conversation_ends_every_claim_of_the_case_and_one_with_somebody_else_none() {
    for (number, ends) in [(CLIENT, true), (OTHER, false)] {
        let mut bench = missed();
        read(&mut bench, Some(by(BORIS, Moment(1_000_000))));
        bench.call_out("out", number, &[if ends { 7 } else { 8 }]);
        bench.end("out", Disposition::Answered);
        assert_eq!(seen(&bench).is_none(), ends, "{number}");
    }
    let mut wanted = missed();
    wanted.act("m", AgentAction::Claim);
    wanted.answer("again", CLIENT, &[7]);
    wanted.end("again", Disposition::Answered);
    assert_eq!(claiming(&wanted), &Claiming::None);
    assert!(!wanted.desk.wants_claim(&DutyKey::new(&leg("m"), "claim-1"), &leg("m")));
}

#[test]
fn an_attempt_that_nobody_answered_leaves_the_claim() {
    let mut bench = missed();
    bench.act("m", AgentAction::Claim);
    let at = since(&bench);
    told(&mut bench, 1, Some(by(ANNA, at)), false);
    bench.click("out", CLIENT, Some(40));
    bench.end("out", Disposition::Missed);
    assert_eq!(seen(&bench), Some((ANNA, true)));
}

#[test]
fn another_account_knows_nobodys_claims() {
    let mut bench = missed();
    read(&mut bench, Some(by(BORIS, Moment(1_000_000))));
    bench.desk.forget_account();
    assert_eq!(seen(&bench), None);
}
