//! One agent with two computers at the real PBX: each call is written once, whichever computer writes it.

use super::office::Office;
use super::pbx::RealPbx;
use super::{CLIENT, DIRECT, Test};
use calls::AgentAction;
use engine::view::{CallCaseView, CallView, PhaseView};

/// Two computers of agent 101.
async fn two(pbx: &RealPbx) -> Result<[Office; 2], Box<dyn std::error::Error>> {
    let first = Office::open(pbx).await?;
    let email = first.omnidesk.staff_email().to_owned();
    let second = Office::of(pbx, first.omnidesk.clone(), "101", &email).await?;
    Ok([first, second])
}

/// Both computers know the case of their only call, and it is the same.
async fn both_show(computers: &[Office; 2]) -> String {
    let mut shown = Vec::new();
    for computer in computers {
        let linked = |call: &CallView| matches!(call.case, CallCaseView::Linked { .. });
        let call = computer.call("the case", linked).await;
        let CallCaseView::Linked { number, .. } = call.case else { continue };
        shown.push(number);
    }
    assert!(shown.len() == 2 && shown[0] == shown[1], "{shown:?}");
    shown.remove(0)
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn d3_what_two_computers_of_an_agent_hear_is_written_once_answered_or_missed() -> Test {
    for (phone, rings, caller, set, status) in [
        ("uas-answer", &[("ring", 1500)][..], "uac-answered", ("talk", 2000), "waiting"),
        ("uas-ring", &[], "uac-cancel", ("patience", 2500), "open"),
    ] {
        let pbx = RealPbx::start().await?;
        let computers = two(&pbx).await?;
        let phone = pbx.agent(101, phone, rings).await;
        let caller = pbx.caller(caller, CLIENT, DIRECT, &[set]);
        for computer in &computers {
            computer.until("the popup", |view| view.popup.first().cloned()).await;
        }
        caller.done().await;
        phone.done().await;
        let number = both_show(&computers).await;
        for computer in &computers {
            computer.settled().await;
        }
        let cases = computers[0].cases();
        assert_eq!(cases.len(), 1, "{cases:#?}");
        assert_eq!((cases[0].case_number.as_str(), cases[0].status.as_str()), (number.as_str(), status));
        let messages = cases[0].messages.len();
        assert_eq!(messages, 1, "told once: {cases:#?}");
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn d3_the_computer_at_which_the_agent_works_writes_the_call() -> Test {
    let pbx = RealPbx::start().await?;
    let computers = two(&pbx).await?;
    let phone = pbx.agent(101, "uas-answer", &[("ring", 1000)]).await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 6000)]);
    let talks = |call: &CallView| call.phase == PhaseView::Talking;
    let call = computers[1].call("the talk", talks).await;
    let create = AgentAction::CreateCase {
        subject: "Счёт 1187".into(),
        gist: "Нужен новый счёт".into(),
    };
    computers[1]
        .engine
        .act(&call.id, create)
        .await
        .map_err(|error| format!("{error:?}"))?;
    caller.done().await;
    phone.done().await;
    both_show(&computers).await;
    for computer in &computers {
        computer.settled().await;
    }
    let cases = computers[0].cases();
    assert_eq!(cases.len(), 1, "{cases:#?}");
    assert_eq!((cases[0].subject.as_str(), cases[0].status.as_str()), ("Счёт 1187", "waiting"));
    let files: usize = cases[0].messages.iter().map(|message| message.attachments.len()).sum();
    assert_eq!(files, 1, "its recording, once: {cases:#?}");
    Ok(())
}
