//! Real calls through a real Asterisk: what the ARI adapter reports for one agent.
//!
//! Each test is a row of the table in `README.md`. They are ignored by a plain `cargo test`, because they
//! need root, Asterisk and SIPp: `cargo xtask test --only asterisk` provides all three, and says so loudly
//! where it cannot.
#![cfg(target_os = "linux")]

mod computers;
mod desk;
mod devices;
mod documented;
mod doors;
mod first_day;
mod floor;
mod flow;
mod group;
mod names;
mod numbers;
mod office;
mod pbx;
mod places;
mod proxy;
mod refused;
mod restarts;
mod spellings;
mod told;

use ::pbx::{Dials as _, Pbx as _, Records as _};
use calls::{CallEventKind as Kind, Direction, Disposition, HungUpBy, LinkState, LinkTrouble, OrderId, PbxEvent, TransferKind};
use desk::Desk;
use pbx::RealPbx;
use std::time::Duration;

type Test = Result<(), Box<dyn std::error::Error>>;

/// A client in the outside world.
const CLIENT: &str = "79161234567";
/// Rings at 101 for 8 s.
const DIRECT: &str = "74950000002";
/// Rings at 101, 102 and 103 together.
const GROUP: &str = "74950000001";
/// An answering machine; no agent is ever rung.
const MACHINE: &str = "74950000004";

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn an_answered_call_is_offered_answered_recorded_and_ended() -> Test {
    let pbx = RealPbx::start().await?;
    let mut desk = Desk::connected(&pbx, "101").await?;
    let phone = pbx.agent(101, "uas-answer", &[("ring", 800)]).await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 5000)]);

    let offered = desk.offered().await;
    assert_eq!(
        (offered.direction, offered.raw.as_str(), offered.line.as_deref()),
        (Direction::Inbound, CLIENT, Some(DIRECT))
    );
    desk.answered(&offered.leg).await;
    let recording = desk.recording(&offered.leg).await;
    assert_eq!(desk.ended(&offered.leg).await, (Disposition::Answered, HungUpBy::Remote));
    caller.done().await;
    phone.done().await;

    let file = desk.pbx.fetch_recording(&recording, 10 << 20).await?;
    // More than two seconds of 16-bit samples at 8 kHz; they talk twice as long, as a busy machine sends less.
    assert!(file.bytes.starts_with(b"RIFF") && file.bytes.len() > 32_000, "{file:?}");
    desk.pbx.shutdown().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_a_caller_who_gives_up_is_missed() -> Test {
    let pbx = RealPbx::start().await?;
    let mut desk = Desk::connected(&pbx, "101").await?;
    let phone = pbx.agent(101, "uas-ring", &[]).await;
    let caller = pbx.caller("uac-cancel", CLIENT, DIRECT, &[("patience", 1500)]);

    let offered = desk.offered().await;
    let (disposition, _) = desk.ended(&offered.leg).await;
    assert_eq!(disposition, Disposition::Missed);
    assert!(!desk.saw(&offered.leg, |kind| matches!(kind, Kind::Answered)));
    caller.done().await;
    phone.done().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_a_call_that_nobody_takes_in_time_is_missed() -> Test {
    let pbx = RealPbx::start().await?;
    let mut desk = Desk::connected(&pbx, "101").await?;
    let phone = pbx.agent(101, "uas-ring", &[]).await;
    let caller = pbx.caller("uac-fail", CLIENT, DIRECT, &[]);

    let offered = desk.offered().await;
    assert_eq!(desk.ended(&offered.leg).await.0, Disposition::Missed);
    caller.done().await;
    phone.done().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn a_refused_call_and_a_busy_phone_are_told_apart() -> Test {
    for (scenario, ring, expected) in [("uas-decline", 800, Disposition::Declined), ("uas-busy", 300, Disposition::Busy)] {
        let pbx = RealPbx::start().await?;
        let mut desk = Desk::connected(&pbx, "101").await?;
        let phone = pbx.agent(101, scenario, &[("ring", ring)]).await;
        let caller = pbx.caller("uac-fail", CLIENT, DIRECT, &[]);
        assert_eq!(desk.any_end().await, expected, "{scenario}");
        caller.done().await;
        phone.done().await;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn a_group_call_that_a_colleague_takes_is_answered_elsewhere_not_missed() -> Test {
    let pbx = RealPbx::start().await?;
    let mut anna = Desk::connected(&pbx, "101").await?;
    let mut boris = Desk::connected(&pbx, "102").await?;
    let phones = [
        pbx.agent(101, "uas-ring", &[]).await,
        pbx.agent(102, "uas-answer", &[("ring", 1500)]).await,
        pbx.agent(103, "uas-ring", &[]).await,
    ];
    let caller = pbx.caller("uac-answered", CLIENT, GROUP, &[("talk", 1500)]);

    let to_anna = anna.offered().await;
    let to_boris = boris.offered().await;
    // Told at the end where the answer was seen by then, and a moment later where the other phones fell silent first.
    anna.until("word that a colleague took it", |leg, kind| {
        let elsewhere = Disposition::AnsweredElsewhere;
        let taken = matches!(kind, Kind::TakenElsewhere) || matches!(kind, Kind::Ended { disposition, .. } if *disposition == elsewhere);
        (*leg == to_anna.leg && taken).then_some(())
    })
    .await;
    boris.answered(&to_boris.leg).await;
    assert_eq!(boris.ended(&to_boris.leg).await.0, Disposition::Answered);
    assert_eq!(
        anna.conversation(&to_anna.leg),
        boris.conversation(&to_boris.leg),
        "one conversation for both"
    );
    caller.done().await;
    for phone in phones {
        phone.done().await;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_a_blind_transfer_makes_a_call_of_its_own_for_each_agent() -> Test {
    let pbx = RealPbx::start().await?;
    let mut anna = Desk::connected(&pbx, "101").await?;
    let mut boris = Desk::connected(&pbx, "102").await?;
    let first = pbx
        .agent_transferring(101, "uas-answer-refer", &[("ring", 700), ("talk", 1500)], "102")
        .await;
    let second = pbx.agent(102, "uas-answer", &[("ring", 1000)]).await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 6000)]);

    let to_anna = anna.offered().await;
    anna.answered(&to_anna.leg).await;
    assert_eq!(anna.transferred(&to_anna.leg).await, (TransferKind::Blind, Some("102".to_owned())));
    assert_eq!(anna.ended(&to_anna.leg).await.0, Disposition::Answered);

    let to_boris = boris.offered().await;
    assert_eq!((to_boris.direction, to_boris.raw.as_str()), (Direction::Inbound, CLIENT));
    boris.answered(&to_boris.leg).await;
    assert_eq!(boris.ended(&to_boris.leg).await.0, Disposition::Answered);
    caller.done().await;
    first.done().await;
    second.done().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_after_an_attended_transfer_the_colleague_talks_to_the_client() -> Test {
    let pbx = RealPbx::start().await?;
    let mut anna = Desk::connected(&pbx, "101").await?;
    let mut boris = Desk::connected(&pbx, "102").await?;
    let first = pbx
        .agent_transferring(
            101,
            "uas-answer-attended",
            &[("ring", 700), ("talk", 1000), ("consult", 1500)],
            "102",
        )
        .await;
    let second = pbx.agent(102, "uas-answer", &[("ring", 800)]).await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 8000)]);

    let to_anna = anna.offered().await;
    anna.answered(&to_anna.leg).await;
    let consultation = boris.offered().await;
    assert_eq!(consultation.direction, Direction::Internal);
    assert_eq!(anna.transferred(&to_anna.leg).await.0, TransferKind::Attended);
    let (remote, direction) = boris.party_changed(&consultation.leg).await;
    assert_eq!((remote.as_str(), direction), (CLIENT, Direction::Inbound));
    assert_eq!(anna.ended(&to_anna.leg).await.0, Disposition::Answered);
    assert_eq!(boris.ended(&consultation.leg).await.0, Disposition::Answered);
    caller.done().await;
    first.done().await;
    second.done().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s18_click_to_call_rings_the_softphone_first_and_carries_our_order() -> Test {
    let pbx = RealPbx::start().await?;
    let mut desk = Desk::connected(&pbx, "101").await?;
    let phone = pbx.agent(101, "uas-answer", &[("ring", 800)]).await;
    let client = pbx.world("uas-answer-bye", &[("ring", 800), ("talk", 2000)]).await;
    let order = OrderId::new("order-1");
    desk.pbx.originate(order.clone(), CLIENT, None).await?;

    let dialing = desk.dialing().await;
    assert_eq!(
        (dialing.order, dialing.direction, dialing.raw.as_str()),
        (Some(order), Direction::Outbound, CLIENT)
    );
    desk.until("the agent picks up", |leg, kind| {
        (*leg == dialing.leg && matches!(kind, Kind::AgentAnswered)).then_some(())
    })
    .await;
    desk.answered(&dialing.leg).await;
    assert_eq!(desk.ended(&dialing.leg).await.0, Disposition::Answered);
    client.done().await;
    phone.done().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s23_a_call_dialled_in_the_softphone_is_seen_answered_or_not() -> Test {
    let pbx = RealPbx::start().await?;
    let mut desk = Desk::connected(&pbx, "101").await?;
    let client = pbx.world("uas-answer", &[("ring", 700)]).await;
    let phone = pbx.softphone(101, "uac-answered", CLIENT, &[("talk", 1500)]);
    let dialing = desk.dialing().await;
    assert_eq!(
        (dialing.order, dialing.direction, dialing.raw.as_str()),
        (None, Direction::Outbound, CLIENT)
    );
    desk.answered(&dialing.leg).await;
    assert_eq!(desk.ended(&dialing.leg).await, (Disposition::Answered, HungUpBy::Agent));
    phone.done().await;
    client.done().await;

    let client = pbx.world("uas-ring", &[]).await;
    let phone = pbx.softphone(101, "uac-cancel", CLIENT, &[("patience", 1500)]);
    let dialing = desk.dialing().await;
    assert_eq!(desk.ended(&dialing.leg).await.0, Disposition::Cancelled);
    assert!(!desk.saw(&dialing.leg, |kind| matches!(kind, Kind::Answered)));
    phone.done().await;
    client.done().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s22_s23_a_client_who_declines_or_is_busy_is_told_apart_from_one_who_does_not_answer() -> Test {
    for (scenario, ring, expected) in [("uas-decline", 800, Disposition::Declined), ("uas-busy", 300, Disposition::Busy)] {
        let pbx = RealPbx::start().await?;
        let mut desk = Desk::connected(&pbx, "101").await?;
        let client = pbx.world(scenario, &[("ring", ring)]).await;
        let softphone = pbx.softphone(101, "uac-fail", CLIENT, &[]);
        assert_eq!(desk.any_end().await, expected, "{scenario}, from the softphone");
        softphone.done().await;
        client.done().await;

        let phone = pbx.agent(101, "uas-answer", &[("ring", 500)]).await;
        let client = pbx.world(scenario, &[("ring", ring)]).await;
        desk.pbx.originate(OrderId::new("order-1"), CLIENT, None).await?;
        assert_eq!(desk.any_end().await, expected, "{scenario}, ordered");
        client.done().await;
        phone.done().await;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn a_withheld_number_stays_withheld_even_where_the_operator_passes_it_on() -> Test {
    for scenario in ["uac-answered-anonymous", "uac-answered-anonymous-pai"] {
        let pbx = RealPbx::start().await?;
        let mut desk = Desk::connected(&pbx, "101").await?;
        let phone = pbx.agent(101, "uas-answer", &[("ring", 700)]).await;
        let caller = pbx.caller(scenario, CLIENT, DIRECT, &[("talk", 1500)]);
        let offered = desk.offered().await;
        if !(offered.hidden || offered.raw == "anonymous" || offered.raw.is_empty()) {
            // The events show the real number; that it is hidden has to be asked for, and comes a moment later.
            desk.until("word that the number is hidden", |leg, kind| {
                let Kind::PartyChanged { remote, .. } = kind else { return None };
                (*leg == offered.leg && remote.hidden).then_some(())
            })
            .await;
        }
        desk.ended(&offered.leg).await;
        caller.done().await;
        phone.done().await;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s29_a_call_that_only_reaches_a_machine_is_no_call_of_the_agent() -> Test {
    let pbx = RealPbx::start().await?;
    let mut desk = Desk::connected(&pbx, "101").await?;
    pbx.caller("uac-answered", "79160000001", MACHINE, &[("talk", 2000)]).done().await;

    // The next call of the agent is the fence behind which nothing of the first can come any more.
    let phone = pbx.agent(101, "uas-answer", &[("ring", 500)]).await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 1000)]);
    let offered = desk.offered().await;
    desk.ended(&offered.leg).await;
    assert_eq!(offered.raw, CLIENT);
    assert_eq!(desk.legs(), [offered.leg]);
    caller.done().await;
    phone.done().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn hold_and_resume_are_seen() -> Test {
    let pbx = RealPbx::start().await?;
    let mut desk = Desk::connected(&pbx, "101").await?;
    let phone = pbx
        .agent(101, "uas-answer-hold", &[("ring", 500), ("talk", 1000), ("hold", 1000)])
        .await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 4000)]);
    let offered = desk.offered().await;
    desk.until("the hold", |_, kind| matches!(kind, Kind::Held).then_some(())).await;
    desk.until("its end", |_, kind| matches!(kind, Kind::Resumed).then_some(())).await;
    assert_eq!(desk.ended(&offered.leg).await.0, Disposition::Answered);
    caller.done().await;
    phone.done().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn d3_after_a_crash_of_the_pbx_its_calls_are_known_to_be_over_and_new_ones_arrive() -> Test {
    let pbx = RealPbx::start().await?;
    let mut desk = Desk::connected(&pbx, "101").await?;
    {
        let _phone = pbx.agent(101, "uas-answer", &[("ring", 500)]).await;
        let _caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 20_000)]);
        let offered = desk.offered().await;
        desk.answered(&offered.leg).await;
        pbx.crash().await?;
        desk.link(|state| matches!(state, LinkState::Down { .. })).await;
    }
    pbx.restart().await?;
    desk.link(|state| matches!(state, LinkState::Up)).await;
    let (live, restarted) = desk.resync().await;
    assert!(live.is_empty() && restarted, "{live:?}, restarted: {restarted}");

    let phone = pbx.agent(101, "uas-answer", &[("ring", 500)]).await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 1000)]);
    let offered = desk.offered().await;
    assert_eq!(desk.ended(&offered.leg).await.0, Disposition::Answered);
    caller.done().await;
    phone.done().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn a_wrong_password_and_an_unknown_extension_are_named() -> Test {
    let pbx = RealPbx::start().await?;
    for (password, extension, expected) in [
        ("wrong", "101", LinkTrouble::BadCredentials),
        (pbx.password, "999", LinkTrouble::NoSuchExtension),
    ] {
        let mut desk = Desk::starting(&pbx, extension, password)?;
        let trouble = desk
            .next_within(Duration::from_secs(15), "the trouble", |event| match event {
                PbxEvent::Link {
                    state: LinkState::Down { trouble, .. },
                } => Some(trouble.clone()),
                PbxEvent::Link {
                    state: LinkState::Connecting | LinkState::Up,
                }
                | PbxEvent::Call(_)
                | PbxEvent::Phone { .. }
                | PbxEvent::Resync { .. } => None,
            })
            .await;
        assert_eq!(trouble, expected);
        desk.pbx.shutdown().await;
    }
    Ok(())
}
