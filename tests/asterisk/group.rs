//! Calls that ring at several desks, at once or one after the other, on the real PBX.

use super::desk::Desk;
use super::office::Office;
use super::pbx::RealPbx;
use super::{CLIENT, DIRECT, GROUP, Test};
use calls::{CallEventKind as Kind, Disposition, Extension, LegId};
use pbx::{Finds as _, Pbx as _, Whereabouts};

/// Rings at 101, 102 and 103 over Local channels, as FreePBX builds it.
const GROUP_OVER_LOCAL: &str = "74950000007";
/// Rings at 101 for 3 s, then at 102: by the dialplan, and by a queue over Local channels.
const HUNTS: [&str; 2] = ["74950000009", "74950000010"];

impl Desk {
    /// Waits until the desk is told who else rings: these, and which place among them it has.
    async fn shared(&mut self, on: &LegId, others: &[&str], place: u32) {
        let expected: Vec<_> = others.iter().map(|other| Extension::new(*other)).collect();
        // A group's phones may begin to ring one after the other: the first word need not be the last.
        self.until(&format!("to share the call with {others:?}"), |leg, kind| {
            let Kind::Shared { with, turn: told } = kind else { return None };
            (leg == on && *with == expected).then(|| assert_eq!(*told, place, "place beside {others:?}"))
        })
        .await;
    }

    fn was_taken_elsewhere(&self, on: &LegId) -> bool {
        self.saw(on, |kind| matches!(kind, Kind::TakenElsewhere))
    }
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_the_desks_of_a_ring_group_agree_on_an_order() -> Test {
    for number in [GROUP, GROUP_OVER_LOCAL] {
        let pbx = RealPbx::start().await?;
        let mut anna = Desk::connected(&pbx, "101").await?;
        let mut boris = Desk::connected(&pbx, "102").await?;
        // She went home: her phone rings, but nobody listens for it any more.
        Desk::connected(&pbx, "103").await?.pbx.shutdown().await;
        let phones = [
            pbx.agent(101, "uas-ring", &[]).await,
            pbx.agent(102, "uas-ring", &[]).await,
            pbx.agent(103, "uas-ring", &[]).await,
        ];
        let caller = pbx.caller("uac-cancel", CLIENT, number, &[("patience", 4000)]);
        let (to_anna, to_boris) = (anna.offered().await, boris.offered().await);
        anna.shared(&to_anna.leg, &["102"], 0).await;
        boris.shared(&to_boris.leg, &["101"], 1).await;
        for (desk, call) in [(&mut anna, &to_anna), (&mut boris, &to_boris)] {
            assert_eq!(desk.ended(&call.leg).await.0, Disposition::Missed, "{number}");
            let told = |kind: &Kind| matches!(kind, Kind::Shared { with, .. } if with.len() != 1);
            assert!(!desk.saw(&call.leg, told), "{number}: nobody but the two");
        }
        caller.done().await;
        for phone in phones {
            phone.done().await;
        }
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn a_call_to_one_desk_is_shared_with_nobody() -> Test {
    let pbx = RealPbx::start().await?;
    let mut anna = Desk::connected(&pbx, "101").await?;
    let _boris = Desk::connected(&pbx, "102").await?;
    let phone = pbx.agent(101, "uas-ring", &[]).await;
    let caller = pbx.caller("uac-cancel", CLIENT, DIRECT, &[("patience", 3000)]);
    let offered = anna.offered().await;
    assert_eq!(anna.ended(&offered.leg).await.0, Disposition::Missed);
    assert!(!anna.saw(&offered.leg, |kind| matches!(kind, Kind::Shared { .. })));
    caller.done().await;
    phone.done().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_a_caller_who_is_passed_on_and_answered_by_the_second_was_taken_elsewhere() -> Test {
    for number in HUNTS {
        let pbx = RealPbx::start().await?;
        let mut anna = Desk::connected(&pbx, "101").await?;
        let mut boris = Desk::connected(&pbx, "102").await?;
        let phones = [
            pbx.agent(101, "uas-ring", &[]).await,
            pbx.agent(102, "uas-answer", &[("ring", 1000)]).await,
        ];
        // The queue answers at once: its caller talks to the music first.
        let caller = pbx.caller("uac-answered", CLIENT, number, &[("talk", 9000)]);
        let to_anna = anna.offered().await;
        assert_eq!(anna.ended(&to_anna.leg).await.0, Disposition::Missed, "{number}");
        let to_boris = boris.offered().await;
        boris.answered(&to_boris.leg).await;
        anna.until("word that somebody else took it", |leg, kind| {
            (*leg == to_anna.leg && matches!(kind, Kind::TakenElsewhere)).then_some(())
        })
        .await;
        let conversation = anna.conversation(&to_anna.leg).ok_or("a conversation")?;
        assert_eq!(Some(&conversation), boris.conversation(&to_boris.leg).as_ref(), "{number}");
        let whereabouts = async || anna.pbx.whereabouts(Some(&conversation), "").await;
        assert_eq!(whereabouts().await, Some(Whereabouts::Talks), "{number}");
        let by_number = anna.pbx.whereabouts(None, CLIENT).await;
        assert_eq!(by_number, Some(Whereabouts::Talks), "{number}");
        assert_eq!(boris.ended(&to_boris.leg).await.0, Disposition::Answered, "{number}");
        caller.done().await;
        for phone in phones {
            phone.done().await;
        }
        assert_eq!(whereabouts().await, Some(Whereabouts::Gone), "{number}");
        pbx.crash().await?;
        assert_eq!(whereabouts().await, None, "{number}");
        assert!(!boris.was_taken_elsewhere(&to_boris.leg), "{number}");
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_a_caller_who_is_passed_on_and_gives_up_was_missed() -> Test {
    let pbx = RealPbx::start().await?;
    let mut anna = Desk::connected(&pbx, "101").await?;
    let mut boris = Desk::connected(&pbx, "102").await?;
    let phones = [pbx.agent(101, "uas-ring", &[]).await, pbx.agent(102, "uas-ring", &[]).await];
    let caller = pbx.caller("uac-answered", CLIENT, HUNTS[1], &[("talk", 6000)]);
    let (to_anna, to_boris) = (anna.offered().await, boris.offered().await);
    assert_eq!(anna.ended(&to_anna.leg).await.0, Disposition::Missed);
    assert_eq!(boris.ended(&to_boris.leg).await.0, Disposition::Missed);
    caller.done().await;
    for phone in phones {
        phone.done().await;
    }
    // The next call is the fence behind which nothing of the first can come any more.
    let phone = pbx.agent(101, "uas-answer", &[("ring", 500)]).await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 1000)]);
    let next = anna.offered().await;
    assert_eq!(anna.ended(&next.leg).await.0, Disposition::Answered);
    assert!(!anna.was_taken_elsewhere(&to_anna.leg));
    caller.done().await;
    phone.done().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_a_ring_group_that_nobody_answers_is_one_case_whichever_desk_writes_it() -> Test {
    let pbx = RealPbx::start().await?;
    let anna = Office::open(&pbx).await?;
    let boris = anna.beside(&pbx).await?;
    let phones = [
        pbx.agent(101, "uas-ring", &[]).await,
        pbx.agent(102, "uas-ring", &[]).await,
        pbx.agent(103, "uas-ring", &[]).await,
    ];
    // Nobody knows this number: there is no earlier missed call to note it in.
    let caller = pbx.caller("uac-cancel", "79031112233", GROUP, &[("patience", 4000)]);
    caller.done().await;
    for phone in phones {
        phone.done().await;
    }
    anna.settled().await;
    boris.settled().await;
    let cases = anna.cases();
    assert_eq!(cases.len(), 1, "{cases:#?}");
    assert_eq!((cases[0].status.as_str(), cases[0].messages.len()), ("open", 1), "{cases:#?}");
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_a_caller_whom_the_second_desk_answers_leaves_no_missed_call() -> Test {
    for number in HUNTS {
        let pbx = RealPbx::start().await?;
        let anna = Office::open(&pbx).await?;
        let boris = anna.beside(&pbx).await?;
        let phones = [
            pbx.agent(101, "uas-ring", &[]).await,
            pbx.agent(102, "uas-answer", &[("ring", 1000)]).await,
        ];
        let caller = pbx.caller("uac-answered", CLIENT, number, &[("talk", 9000)]);
        caller.done().await;
        for phone in phones {
            phone.done().await;
        }
        anna.settled().await;
        boris.settled().await;
        let cases = anna.cases();
        let subjects: Vec<_> = cases.iter().map(|case| case.subject.as_str()).collect();
        assert_eq!(subjects, ["Входящий звонок с +7 (916) 123-45-67"], "{number}: {cases:#?}");
    }
    Ok(())
}
