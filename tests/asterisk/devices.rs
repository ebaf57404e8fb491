//! One agent with several phones, one phone rung again and again, calls that come over Local channels, and calls taken
//! from a colleague's phone.

use super::floor::{ANNA, BORIS, Floor, NOBODY, Seen};
use super::pbx::desk;
use super::{CLIENT, DIRECT, Test};
use engine::view::DispositionView::{Answered, AnsweredElsewhere, Missed};
use engine::view::{CallView, DirectionView};

/// Rings at both devices of 120, for 8 s.
const TWO_DEVICES: &str = "74950000021";
/// A queue that rings only 101, for 3 s at a time.
const TWICE: &str = "74950000022";
/// A queue of 101 and 102 over Local channels named as FreePBX names them.
const FROM_QUEUE: &str = "74950000023";
/// 101's phone and her mobile.
const FOLLOW_ME: &str = "74950000024";
/// 101 and 102 over Local channels, told «answered elsewhere».
const LOCAL_GROUP: &str = "74950000025";
/// 101 and 102, told «answered elsewhere».
const GROUP: &str = "74950000011";

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
async fn s25_two_devices_that_ring_in_vain_are_one_missed_call() -> Test {
    let floor = Floor::open(&["120"]).await?;
    let phones = [
        floor.pbx.agent(120, "uas-ring", &[]).await,
        floor.pbx.agent(220, "uas-ring", &[]).await,
        floor.pbx.caller("uac-cancel", CLIENT, TWO_DEVICES, &[("patience", 2500)]),
    ];
    floor.desk("120").until("the popup", |view| view.popup.first().cloned()).await;
    floor.over(phones).await;
    floor.calls("120", &[missed()]).await;
    floor.cases(&[MISSED]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s30_a_call_taken_at_either_device_is_one_answered_call() -> Test {
    for (first, second) in [(120, 220), (220, 120)] {
        let floor = Floor::open(&["120"]).await?;
        let phones = [
            floor.pbx.agent(first, "uas-ring", &[]).await,
            floor.pbx.agent(second, "uas-answer", &[("ring", 1500)]).await,
            floor.pbx.caller("uac-answered", CLIENT, TWO_DEVICES, &[("talk", 2000)]),
        ];
        floor.over(phones).await;
        floor.calls("120", &[answered()]).await;
        floor.cases(&[(TALKED, "waiting", ANNA)]);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s30_a_call_refused_at_one_device_and_taken_at_the_other_is_answered() -> Test {
    let floor = Floor::open(&["120"]).await?;
    let phones = [
        floor.pbx.agent(120, "uas-decline", &[("ring", 700)]).await,
        floor.pbx.agent(220, "uas-answer", &[("ring", 2000)]).await,
        floor.pbx.caller("uac-answered", CLIENT, TWO_DEVICES, &[("talk", 2000)]),
    ];
    floor.over(phones).await;
    floor.calls("120", &[answered()]).await;
    floor.cases(&[(TALKED, "waiting", ANNA)]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_s30_one_phone_that_a_queue_rings_twice_is_one_call() -> Test {
    // Missed twice; answered the second time.
    let table = [
        ("uas-ring", &[][..], 6500, missed(), MISSED),
        ("uas-answer", &[("ring", 700)], 8500, answered(), (TALKED, "waiting", ANNA)),
    ];
    for (second, set, stays, call, case) in table {
        let floor = Floor::open(&["101"]).await?;
        let first = floor.pbx.agent(101, "uas-ring", &[]).await;
        let caller = floor.pbx.caller("uac-answered", CLIENT, TWICE, &[("talk", stays)]);
        floor.over([first]).await;
        let again = floor.pbx.agent(101, second, set).await;
        floor.over([again, caller]).await;
        floor.calls("101", &[call]).await;
        floor.cases(&[case]);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_a_queue_over_local_channels_is_answered_where_somebody_talks_and_missed_where_nobody_does() -> Test {
    for answers in [true, false] {
        let floor = Floor::open(&["101", "102"]).await?;
        let first = floor.pbx.agent(101, "uas-ring", &[]).await;
        let (second, caller) = if answers {
            let second = floor.pbx.agent(102, "uas-answer", &[("ring", 1500)]).await;
            (second, floor.pbx.caller("uac-answered", CLIENT, FROM_QUEUE, &[("talk", 4500)]))
        } else {
            let second = floor.pbx.agent(102, "uas-ring", &[]).await;
            (second, floor.pbx.caller("uac-answered", CLIENT, FROM_QUEUE, &[("talk", 3000)]))
        };
        floor.over([first, second, caller]).await;
        if answers {
            floor.calls("101", &[elsewhere()]).await;
            floor.calls("102", &[answered()]).await;
            floor.cases(&[(TALKED, "waiting", BORIS)]);
        } else {
            floor.calls("101", &[missed()]).await;
            floor.calls("102", &[missed()]).await;
            floor.cases(&[MISSED]);
        }
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_s31_a_group_over_local_channels_that_nobody_answers_is_one_missed_call() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let phones = [
        floor.pbx.agent(101, "uas-ring", &[]).await,
        floor.pbx.agent(102, "uas-ring", &[]).await,
        floor.pbx.caller("uac-cancel", CLIENT, LOCAL_GROUP, &[("patience", 2500)]),
    ];
    floor.over(phones).await;
    floor.calls("101", &[missed()]).await;
    floor.calls("102", &[missed()]).await;
    floor.cases(&[MISSED]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_follow_me_is_answered_where_somebody_talks_and_missed_where_nobody_does() -> Test {
    let rings = ("uas-ring", &[][..]);
    let answers = ("uas-answer", &[("ring", 1500)][..]);
    let table = [
        (rings, answers, ("uac-answered", ("talk", 2500)), elsewhere(), None),
        (rings, rings, ("uac-cancel", ("patience", 3000)), missed(), Some(MISSED)),
        (
            answers,
            rings,
            ("uac-answered", ("talk", 2500)),
            answered(),
            Some((TALKED, "waiting", ANNA)),
        ),
    ];
    for (phone, mobile, caller, call, case) in table {
        let floor = Floor::open(&["101"]).await?;
        let phones = [
            floor.pbx.agent(101, phone.0, phone.1).await,
            floor.pbx.world(mobile.0, mobile.1).await,
            floor.pbx.caller(caller.0, CLIENT, FOLLOW_ME, &[caller.1]),
        ];
        floor.over(phones).await;
        floor.calls("101", &[call]).await;
        floor.cases(case.as_slice());
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_a_call_taken_from_a_colleagues_phone_is_the_call_of_who_took_it() -> Test {
    // By the colleague's number, by the group's code, from one phone of a group.
    for (number, code) in [(DIRECT, "*8101"), (DIRECT, "*8"), (GROUP, "*8101")] {
        let floor = Floor::open(&["101", "103"]).await?;
        let mut phones = vec![floor.pbx.agent(101, "uas-ring", &[]).await];
        if number == GROUP {
            phones.push(floor.pbx.agent(102, "uas-ring", &[]).await);
        }
        phones.push(floor.pbx.caller("uac-answered", CLIENT, number, &[("talk", 3500)]));
        floor.finds_the_client("101").await;
        phones.push(floor.pbx.dials(desk(103), "uac-answered-waitbye", code, &[]));
        floor.over(phones).await;
        floor.calls("101", &[elsewhere()]).await;
        floor.calls("103", &[answered()]).await;
        floor.cases(&[(TALKED, "waiting", BORIS)]);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_a_colleagues_call_that_another_takes_stays_among_colleagues() -> Test {
    let floor = Floor::open(&["101", "102", "103"]).await?;
    let first = floor.pbx.agent(101, "uas-ring", &[]).await;
    let caller = floor.pbx.dials(desk(102), "uac-answered", "101", &[("talk", 3500)]);
    floor.desk("101").until("the popup", |view| view.calls.first().cloned()).await;
    let third = floor.pbx.dials(desk(103), "uac-answered-waitbye", "*8101", &[]);
    floor.over([first, caller, third]).await;
    for extension in ["101", "102", "103"] {
        let over = |call: &CallView| call.outcome.is_some();
        let call = floor.desk(extension).call("the end", over).await;
        assert_eq!(call.direction, DirectionView::Internal, "{extension}: {call:#?}");
    }
    floor.cases(&[]);
    Ok(())
}
