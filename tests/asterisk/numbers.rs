//! A call out is with whom the PBX really called: what is put before the number on the way, or taken off, is not the
//! client's.

use super::floor::{ANNA, Floor, Seen};
use super::pbx::desk;
use super::{CLIENT, Test};
use engine::view::CallView;
use engine::view::DispositionView::{Answered, Failed, NoAnswer};

const E164: &str = "+79161234567";
const CALLED_OUT: &str = "Исходящий звонок на +7 (916) 123-45-67";

async fn dialled(number: &str) -> Test {
    let floor = Floor::open(&["101"]).await?;
    let phones = [
        floor.pbx.world("uas-answer", &[("ring", 1000)]).await,
        floor.pbx.dials(desk(101), "uac-answered", number, &[("talk", 1500)]),
    ];
    floor.finds_the_client("101").await;
    floor.over(phones).await;
    floor.calls("101", &[Seen::outbound(E164, Answered)]).await;
    floor.cases(&[(CALLED_OUT, "closed", ANNA)]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s34_a_prefix_for_an_outside_line_is_no_part_of_the_number() -> Test {
    // 9, 0; 9 before the national form; the number withheld. In a SIP address «#» is written %23.
    for number in ["979161234567", "079161234567", "989161234567", "%2331%2379161234567"] {
        dialled(number).await?;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s34_digits_that_the_dialplan_puts_before_the_number_are_no_part_of_it() -> Test {
    // Least cost routing; the trunk's own prefix; one prefix taken off and another put on.
    for number in ["89161234567", "+79161234567", "579161234567"] {
        dialled(number).await?;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s34_a_prefix_is_no_part_of_the_number_of_a_client_who_does_not_answer() -> Test {
    for number in ["979161234567", "579161234567"] {
        let floor = Floor::open(&["101"]).await?;
        let phones = [
            floor.pbx.world("uas-ring", &[]).await,
            floor.pbx.dials(desk(101), "uac-cancel", number, &[("patience", 2000)]),
        ];
        floor.finds_the_client("101").await;
        floor.over(phones).await;
        floor.calls("101", &[Seen::outbound(E164, NoAnswer)]).await;
        floor.cases(&[(CALLED_OUT, "closed", ANNA)]);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s18_an_order_whose_context_adds_a_prefix_is_with_the_number_that_was_ordered() -> Test {
    for context in ["click-trunk", "click-nine", "click-local"] {
        let floor = Floor::with_context(&["101"], context).await?;
        let phones = [
            floor.pbx.agent(101, "uas-answer", &[("ring", 600)]).await,
            floor.pbx.world("uas-answer-bye", &[("ring", 800), ("talk", 1500)]).await,
        ];
        let order = ringside_tests::order(&floor.desk("101").engine, CLIENT, None).await;
        order.map_err(|error| format!("{error:?}"))?;
        floor.finds_the_client("101").await;
        floor.over(phones).await;
        floor.calls("101", &[Seen::outbound(E164, Answered)]).await;
        floor.cases(&[(CALLED_OUT, "closed", ANNA)]);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s18_an_order_that_the_dialplan_cannot_place_failed_and_leaves_no_case() -> Test {
    // A context that does not exist; one that knows no such number.
    for context in ["no-such-context", "click-internal"] {
        let floor = Floor::with_context(&["101"], context).await?;
        let phone = floor.pbx.agent(101, "uas-answer", &[("ring", 600)]).await;
        let order = ringside_tests::order(&floor.desk("101").engine, CLIENT, None).await;
        let call = order.map_err(|error| format!("{error:?}"))?;
        let over = |known: &CallView| known.id == call && known.outcome.is_some();
        let call = floor.desk("101").call("the end", over).await;
        assert_eq!(call.disposition, Some(Failed), "{context}: {call:#?}");
        floor.over([phone]).await;
        floor.cases(&[]);
    }
    Ok(())
}
