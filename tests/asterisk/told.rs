//! «Answered elsewhere», as the PBX says it, is a hint: a colleague who was seen talking decides.
//!
//! `Dial(…,c)` and `Queue(…,C)` tell every phone that stops ringing that somebody else took the call, even
//! where nobody did; a phone that forwards leaves without a word about who answers. Each of these situations
//! runs through the whole engine to the case, or to none.

use super::floor::{BORIS, Floor, NOBODY, Seen};
use super::{CLIENT, Test};
use engine::view::DispositionView::{Answered, AnsweredElsewhere, Missed};

/// Rings at 101 and 102 for 8 s; whoever stops ringing is told «answered elsewhere».
const TOLD: &str = "74950000011";
/// The same by a queue, 3 s at a time.
const TOLD_QUEUE: &str = "74950000012";
/// The same by a queue, one phone after the other.
const TOLD_HUNT: &str = "74950000026";
/// Rings at 101, whose phone may forward.
const FORWARDING: &str = "74950000013";
/// Rings at 101, whose phone may forward, and at 102.
const FORWARDING_GROUP: &str = "74950000014";
/// 101's mobile.
const MOBILE: &str = "79031112233";

const E164: &str = "+79161234567";
const MISSED: (&str, &str, &str) = ("Пропущенный звонок с +7 (916) 123-45-67", "open", NOBODY);
const TALKED: &str = "Входящий звонок с +7 (916) 123-45-67";

fn missed() -> Seen {
    Seen::inbound(E164, Missed)
}

fn elsewhere() -> Seen {
    Seen::inbound(E164, AnsweredElsewhere)
}

fn answered() -> Seen {
    Seen::inbound(E164, Answered)
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_s31_a_group_that_is_told_answered_elsewhere_and_where_nobody_answered_is_one_missed_call() -> Test {
    // The caller gives up, the dialplan gives up.
    for (scenario, set) in [("uac-cancel", &[("patience", 2500)][..]), ("uac-fail", &[])] {
        let floor = Floor::open(&["101", "102"]).await?;
        let phones = [
            floor.pbx.agent(101, "uas-ring", &[]).await,
            floor.pbx.agent(102, "uas-ring", &[]).await,
            floor.pbx.caller(scenario, CLIENT, TOLD, set),
        ];
        floor.over(phones).await;
        floor.calls("101", &[missed()]).await;
        floor.calls("102", &[missed()]).await;
        floor.cases(&[MISSED]);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_a_group_that_is_told_answered_elsewhere_and_where_a_colleague_answered_is_her_call_alone() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let phones = [
        floor.pbx.agent(101, "uas-ring", &[]).await,
        floor.pbx.agent(102, "uas-answer", &[("ring", 1500)]).await,
        floor.pbx.caller("uac-answered", CLIENT, TOLD, &[("talk", 2000)]),
    ];
    floor.over(phones).await;
    floor.calls("101", &[elsewhere()]).await;
    floor.calls("102", &[answered()]).await;
    floor.cases(&[(TALKED, "waiting", BORIS)]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_s31_a_queue_that_tells_answered_elsewhere_and_that_the_caller_leaves_is_one_missed_call() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let phones = [
        floor.pbx.agent(101, "uas-ring", &[]).await,
        floor.pbx.agent(102, "uas-ring", &[]).await,
        floor.pbx.caller("uac-answered", CLIENT, TOLD_QUEUE, &[("talk", 2000)]),
    ];
    floor.over(phones).await;
    floor.calls("101", &[missed()]).await;
    floor.calls("102", &[missed()]).await;
    floor.cases(&[MISSED]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_s31_a_queue_that_rings_in_vain_twice_and_gives_up_is_one_missed_call_at_each_desk() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let first = [
        floor.pbx.agent(101, "uas-ring", &[]).await,
        floor.pbx.agent(102, "uas-ring", &[]).await,
    ];
    let caller = floor.pbx.caller("uac-answered-waitbye", CLIENT, TOLD_QUEUE, &[]);
    floor.over(first).await;
    let again = [
        floor.pbx.agent(101, "uas-ring", &[]).await,
        floor.pbx.agent(102, "uas-ring", &[]).await,
        caller,
    ];
    floor.over(again).await;
    floor.calls("101", &[missed()]).await;
    floor.calls("102", &[missed()]).await;
    floor.cases(&[MISSED]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_a_queue_whose_next_agent_answers_leaves_no_missed_call_for_the_one_before() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let phones = [
        floor.pbx.agent(101, "uas-ring", &[]).await,
        floor.pbx.agent(102, "uas-answer", &[("ring", 1000)]).await,
        floor.pbx.caller("uac-answered", CLIENT, TOLD_HUNT, &[("talk", 8000)]),
    ];
    floor.over(phones).await;
    floor.calls("101", &[elsewhere()]).await;
    floor.calls("102", &[answered()]).await;
    floor.cases(&[(TALKED, "waiting", BORIS)]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_s31_a_queue_that_goes_from_phone_to_phone_until_the_caller_leaves_is_one_missed_call() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let phones = [
        floor.pbx.agent(101, "uas-ring", &[]).await,
        floor.pbx.agent(102, "uas-ring", &[]).await,
        floor.pbx.caller("uac-answered", CLIENT, TOLD_HUNT, &[("talk", 6000)]),
    ];
    floor.over(phones).await;
    floor.calls("101", &[missed()]).await;
    floor.calls("102", &[missed()]).await;
    floor.cases(&[MISSED]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_a_phone_that_forwards_to_a_mobile_which_answers_leaves_no_case() -> Test {
    let floor = Floor::open(&["101"]).await?;
    let phones = [
        floor.pbx.agent_transferring(101, "uas-forward", &[("ring", 500)], MOBILE).await,
        floor.pbx.world("uas-answer", &[("ring", 1500)]).await,
        floor.pbx.caller("uac-answered", CLIENT, FORWARDING, &[("talk", 3000)]),
    ];
    floor.over(phones).await;
    floor.calls("101", &[elsewhere()]).await;
    floor.cases(&[]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_s31_a_phone_that_forwards_to_a_mobile_which_nobody_answers_missed_the_call() -> Test {
    // The mobile rings until the caller gives up; it is busy.
    let cases = [
        ("uas-ring", &[][..], "uac-cancel", &[("patience", 4000)][..]),
        ("uas-busy", &[("ring", 500)], "uac-fail", &[]),
    ];
    for (mobile, rings, caller, patience) in cases {
        let floor = Floor::open(&["101"]).await?;
        let phones = [
            floor.pbx.agent_transferring(101, "uas-forward", &[("ring", 500)], MOBILE).await,
            floor.pbx.world(mobile, rings).await,
            floor.pbx.caller(caller, CLIENT, FORWARDING, patience),
        ];
        floor.over(phones).await;
        floor.calls("101", &[missed()]).await;
        floor.cases(&[MISSED]);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_a_phone_that_forwards_to_a_colleague_who_answers_makes_it_his_call() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let phones = [
        floor.pbx.agent_transferring(101, "uas-forward", &[("ring", 500)], "102").await,
        floor.pbx.agent(102, "uas-answer", &[("ring", 1500)]).await,
        floor.pbx.caller("uac-answered", CLIENT, FORWARDING, &[("talk", 3500)]),
    ];
    floor.over(phones).await;
    floor.calls("101", &[elsewhere()]).await;
    floor.calls("102", &[answered()]).await;
    floor.cases(&[(TALKED, "waiting", BORIS)]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_s31_a_phone_that_forwards_to_a_colleague_who_does_not_answer_is_one_missed_call() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let phones = [
        floor.pbx.agent_transferring(101, "uas-forward", &[("ring", 500)], "102").await,
        floor.pbx.agent(102, "uas-ring", &[]).await,
        floor.pbx.caller("uac-cancel", CLIENT, FORWARDING, &[("patience", 3500)]),
    ];
    floor.over(phones).await;
    floor.calls("101", &[missed()]).await;
    floor.calls("102", &[missed()]).await;
    floor.cases(&[MISSED]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_in_a_group_with_a_forwarding_phone_it_is_answered_where_somebody_talks() -> Test {
    // The mobile answers; the colleague does.
    let answers_in = |scenario, ring: &'static [(&'static str, u32)]| (scenario, ring);
    let rings = answers_in("uas-ring", &[]);
    for (mobile, colleague) in [
        (answers_in("uas-answer", &[("ring", 1500)]), rings),
        (rings, answers_in("uas-answer", &[("ring", 2500)])),
    ] {
        let floor = Floor::open(&["101", "102"]).await?;
        let phones = [
            floor.pbx.agent_transferring(101, "uas-forward", &[("ring", 500)], MOBILE).await,
            floor.pbx.agent(102, colleague.0, colleague.1).await,
            floor.pbx.world(mobile.0, mobile.1).await,
            floor.pbx.caller("uac-answered", CLIENT, FORWARDING_GROUP, &[("talk", 3000)]),
        ];
        floor.over(phones).await;
        floor.calls("101", &[elsewhere()]).await;
        if mobile == rings {
            floor.calls("102", &[answered()]).await;
            floor.cases(&[(TALKED, "waiting", BORIS)]);
        } else {
            floor.calls("102", &[elsewhere()]).await;
            floor.cases(&[]);
        }
    }
    Ok(())
}
