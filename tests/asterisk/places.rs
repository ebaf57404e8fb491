//! Rooms, parking slots, calls of three: an agent who ends up with the client has the client's call, and a place is
//! nobody.

use super::floor::{ANNA, BORIS, Floor, Seen};
use super::pbx::desk;
use super::{CLIENT, DIRECT, Test};
use engine::view::DispositionView::{Answered, Missed};
use engine::view::{CallView, DirectionView};

/// A conference room; agents reach it by 8100, its leader by 8110.
const ROOM: &str = "74950000015";

const E164: &str = "+79161234567";
const TALKED: &str = "Входящий звонок с +7 (916) 123-45-67";

fn answered() -> Seen {
    Seen::inbound(E164, Answered)
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_in_a_room_whose_leader_leaves_both_agents_had_the_clients_call() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let caller = floor.pbx.caller("uac-answered", CLIENT, ROOM, &[("talk", 9000)]);
    let leader = floor.pbx.dials(desk(101), "uac-answered", "8110", &[("talk", 3500)]);
    floor.finds_the_client("101").await;
    let colleague = floor.pbx.dials(desk(102), "uac-answered", "8100", &[("talk", 5000)]);
    floor.over([leader, colleague, caller]).await;
    floor.calls("101", &[answered()]).await;
    floor.calls("102", &[answered()]).await;
    floor.cases(&[(TALKED, "waiting", ANNA), (TALKED, "waiting", BORIS)]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_agents_who_wait_in_a_room_for_the_client_get_the_clients_call_when_he_comes() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let leader = floor.pbx.dials(desk(101), "uac-answered", "8110", &[("talk", 5000)]);
    let colleague = floor.pbx.dials(desk(102), "uac-answered", "8100", &[("talk", 7000)]);
    for extension in ["101", "102"] {
        let meets = |call: &CallView| call.direction == DirectionView::Internal;
        floor.desk(extension).call("the call into the room", meets).await;
    }
    let caller = floor.pbx.caller("uac-answered", CLIENT, ROOM, &[("talk", 3500)]);
    floor.finds_the_client("101").await;
    floor.finds_the_client("102").await;
    floor.over([leader, colleague, caller]).await;
    floor.calls("101", &[answered()]).await;
    floor.calls("102", &[answered()]).await;
    floor.cases(&[(TALKED, "waiting", ANNA), (TALKED, "waiting", BORIS)]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_colleagues_who_meet_in_a_room_leave_no_case() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let phones = [
        floor.pbx.dials(desk(101), "uac-answered", "8110", &[("talk", 3000)]),
        floor.pbx.dials(desk(102), "uac-answered", "8100", &[("talk", 2000)]),
    ];
    for extension in ["101", "102"] {
        let over = |call: &CallView| call.outcome.is_some();
        let call = floor.desk(extension).call("the end", over).await;
        assert_eq!(call.direction, DirectionView::Internal, "{call:#?}");
    }
    floor.over(phones).await;
    floor.cases(&[]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_a_client_sent_into_a_room_is_the_call_of_the_agent_who_is_met_there() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let first = floor
        .pbx
        .agent_transferring(101, "uas-answer-refer", &[("ring", 500), ("talk", 1500)], "8100")
        .await;
    let caller = floor.pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 8000)]);
    floor.over([first]).await;
    let second = floor.pbx.dials(desk(102), "uac-answered", "8100", &[("talk", 2000)]);
    floor.over([second, caller]).await;
    floor.calls("101", &[answered()]).await;
    floor.is_with_the_client_by_nobody_but("102", "101").await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_a_parked_client_is_the_call_of_the_agent_who_fetches_him() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let first = floor
        .pbx
        .agent_transferring(101, "uas-answer-refer", &[("ring", 500), ("talk", 1500)], "700")
        .await;
    let caller = floor.pbx.caller("uac-answered-waitbye", CLIENT, DIRECT, &[]);
    floor.over([first]).await;
    let second = floor.pbx.dials(desk(102), "uac-answered", "701", &[("talk", 2000)]);
    floor.over([second, caller]).await;
    floor.calls("101", &[answered()]).await;
    floor.is_with_the_client_by_nobody_but("102", "101").await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_a_client_whom_the_parker_fetches_again_was_passed_on_by_nobody() -> Test {
    let floor = Floor::open(&["101"]).await?;
    let first = floor
        .pbx
        .agent_transferring(101, "uas-answer-refer", &[("ring", 500), ("talk", 1500)], "700")
        .await;
    let caller = floor.pbx.caller("uac-answered-waitbye", CLIENT, DIRECT, &[]);
    floor.over([first]).await;
    let again = floor.pbx.dials(desk(101), "uac-answered", "701", &[("talk", 2000)]);
    floor.over([again, caller]).await;
    floor.calls("101", &[answered(), answered()]).await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_a_parked_client_who_comes_back_to_the_parker_was_passed_on_by_nobody() -> Test {
    // Answered the second time; and not, until the PBX gives up. The client never hangs up: a busy computer brings them back late.
    let answers = ("uas-answer-bye", &[("ring", 1000), ("talk", 1500)][..], Answered);
    for (scenario, set, end) in [answers, ("uas-ring", &[], Missed)] {
        let floor = Floor::open(&["101"]).await?;
        let first = floor
            .pbx
            .agent_transferring(101, "uas-answer-refer", &[("ring", 500), ("talk", 1500)], "750")
            .await;
        let caller = floor.pbx.caller("uac-answered-waitbye", CLIENT, DIRECT, &[]);
        floor.over([first]).await;
        let again = floor.pbx.agent(101, scenario, set).await;
        floor.over([again, caller]).await;
        floor.calls("101", &[answered(), Seen::inbound(E164, end)]).await;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_a_parked_client_who_gives_up_is_nobody_elses_call() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let first = floor
        .pbx
        .agent_transferring(101, "uas-answer-refer", &[("ring", 500), ("talk", 1500)], "700")
        .await;
    let caller = floor.pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 5500)]);
    floor.over([first, caller]).await;
    floor.calls("101", &[answered()]).await;
    floor.calls("102", &[]).await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_whoever_joins_a_call_and_stays_with_the_client_has_the_clients_call() -> Test {
    let floor = Floor::open(&["101", "103"]).await?;
    let first = floor.pbx.agent(101, "uas-answer-bye", &[("ring", 500), ("talk", 4000)]).await;
    let caller = floor.pbx.caller("uac-answered-waitbye", CLIENT, DIRECT, &[]);
    floor.finds_the_client("101").await;
    let talks = |call: &CallView| call.answered_at.is_some();
    floor.desk("101").call("the talk", talks).await;
    let third = floor.pbx.dials(desk(103), "uac-answered", "*91101", &[("talk", 6000)]);
    floor.over([first, third, caller]).await;
    floor.calls("101", &[answered()]).await;
    floor.calls("103", &[answered()]).await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_whoever_only_listens_or_whispers_has_no_client() -> Test {
    for code in ["*90101", "*92101"] {
        let floor = Floor::open(&["101", "103"]).await?;
        let first = floor.pbx.agent(101, "uas-answer", &[("ring", 500)]).await;
        let caller = floor.pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 4500)]);
        let talks = |call: &CallView| call.answered_at.is_some();
        floor.desk("101").call("the talk", talks).await;
        let spy = floor.pbx.dials(desk(103), "uac-answered", code, &[("talk", 1500)]);
        floor.over([spy, first, caller]).await;
        floor.calls("101", &[answered()]).await;
        let over = |call: &CallView| call.outcome.is_some();
        floor.desk("103").call("the end", over).await;
        floor.cases(&[(TALKED, "waiting", ANNA)]);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_of_three_who_talk_the_one_who_stays_has_the_clients_call() -> Test {
    let floor = Floor::open(&["101", "102"]).await?;
    let set = [("ring", 500), ("talk", 1000), ("consult", 2500), ("together", 1500)];
    let phones = [
        floor.pbx.agent(101, "uas-answer-threeway", &set).await,
        floor.pbx.agent(102, "uas-answer", &[("ring", 600)]).await,
        floor.pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 12_000)]),
    ];
    floor.over(phones).await;
    floor.calls("101", &[answered()]).await;
    floor.is_with_the_client_by_nobody_but("102", "101").await;
    Ok(())
}

impl Floor {
    /// The agent's one call is with the client, passed on by that colleague or by nobody, and is a case of theirs.
    async fn is_with_the_client_by_nobody_but(&self, extension: &str, colleague: &str) {
        let over = |call: &CallView| call.outcome.is_some();
        let call = self.desk(extension).call("the end", over).await;
        let from = call.transferred_from.clone();
        let expected = match &from {
            None => answered(),
            Some(from) => {
                assert_eq!(from, colleague);
                answered().from(from)
            }
        };
        self.calls(extension, &[expected]).await;
        let boris: Vec<_> = self.desk(extension).cases();
        let his = boris.iter().filter(|case| case.staff_email == BORIS);
        assert_eq!(his.map(|case| case.subject.as_str()).collect::<Vec<_>>(), [TALKED], "{boris:#?}");
    }
}
