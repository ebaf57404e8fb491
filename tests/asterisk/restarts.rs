//! The PBX crashes in the middle of a call and comes back: what nobody saw is said to be unknown, and nothing is lost.

use super::office::{Office, PATIENCE};
use super::pbx::RealPbx;
use super::{CLIENT, DIRECT, Test};
use engine::view::{CallView, DeskView, DispositionView, OutboxStateView, PhaseView};

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn d3_a_pbx_that_crashes_while_it_rings_or_while_they_talk_leaves_one_case_that_is_true() -> Test {
    for (phone, phase, status, ended) in [
        ("uas-ring", PhaseView::Ringing, "open", DispositionView::Unknown),
        ("uas-answer", PhaseView::Talking, "waiting", DispositionView::Answered),
    ] {
        let pbx = RealPbx::start().await?;
        let office = Office::open(&pbx).await?;
        // They end with the PBX, not in order.
        let _phone = pbx.agent(101, phone, &[]).await;
        let _caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 20_000)]);
        office.call("the call", |call: &CallView| call.phase == phase).await;
        // It goes on for a moment.
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        pbx.crash().await?;
        pbx.restart().await?;
        // A desk that could not look leaves the others the first turns.
        let patience = PATIENCE * 2;
        let over = |view: &DeskView| {
            let ended = view.calls.iter().all(|call| call.outcome.is_some());
            // A recording that was cut off is waited for longer: it may still be written.
            let owed = view.outbox.iter().filter(|row| row.what != "recording");
            (ended && !view.outbox.is_empty() && owed.map(|row| row.state).all(|state| state == OutboxStateView::Done)).then_some(())
        };
        office.desktop.until("the end of all calls", patience, over).await;
        let call = office.call("its end", |call: &CallView| call.phase == PhaseView::Ended).await;
        assert_eq!(call.disposition, Some(ended));
        let cases = office.cases();
        assert_eq!(cases.len(), 1, "{cases:#?}");
        assert_eq!(cases[0].status, status, "{cases:#?}");
        let told = &cases[0].messages[0].content;
        // How long they talked is known at most to the last word that the PBX said.
        let honest = match ended {
            DispositionView::Unknown => told.contains("исход неизвестен"),
            _ => told.contains("не менее") || told.contains("длительность неизвестна"),
        };
        assert!(honest, "{told}");
        office.engine.stop().await;
    }
    Ok(())
}
