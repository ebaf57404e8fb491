//! Who is outside is not told by how an endpoint or a number looks: trunks named by digits and like colleagues,
//! agents named by letters and like trunks, short callers over a gateway.

use super::floor::{ANNA, BORIS, Floor, NOBODY, Seen};
use super::pbx::desk;
use super::{CLIENT, DIRECT, Test};
use engine::view::DispositionView::{Answered, AnsweredElsewhere, Missed};
use engine::view::{CallView, DirectionView};
use std::net::Ipv4Addr;

/// Far ends of `conf/pjsip-names.conf`: the trunks 74951234567 and 105, the gateway 2001.
const DIGITS: Ipv4Addr = Ipv4Addr::new(127, 0, 2, 2);
const GATEWAY: Ipv4Addr = Ipv4Addr::new(127, 0, 2, 3);
const LIKE_A_COLLEAGUE: Ipv4Addr = Ipv4Addr::new(127, 0, 2, 4);

const E164: &str = "+79161234567";
const CALLED_IN: &str = "Входящий звонок с +7 (916) 123-45-67";
const CALLED_OUT: &str = "Исходящий звонок на +7 (916) 123-45-67";

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s30_a_client_over_a_trunk_named_by_digits_is_a_client_to_the_end() -> Test {
    for trunk in [DIGITS, LIKE_A_COLLEAGUE] {
        let floor = Floor::open(&["101", "102"]).await?;
        let phones = [
            floor
                .pbx
                .agent_transferring(101, "uas-answer-refer", &[("ring", 500), ("talk", 1500)], "102")
                .await,
            floor.pbx.agent(102, "uas-answer", &[("ring", 1000)]).await,
            floor.pbx.caller_over(trunk, "uac-answered", CLIENT, DIRECT, &[("talk", 6000)]),
        ];
        floor.over(phones).await;
        floor.calls("101", &[Seen::inbound(E164, Answered)]).await;
        floor.calls("102", &[Seen::inbound(E164, Answered).from("101")]).await;
        floor.cases(&[(CALLED_IN, "closed", ANNA), (CALLED_IN, "waiting", BORIS)]);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s34_a_call_out_over_a_trunk_named_by_digits_is_with_the_client() -> Test {
    for (trunk, dialled) in [
        (DIGITS, "279161234567"),
        (GATEWAY, "479161234567"),
        (LIKE_A_COLLEAGUE, "679161234567"),
    ] {
        let floor = Floor::open(&["101"]).await?;
        let phones = [
            floor.pbx.phone(trunk, "uas-answer", &[("ring", 800)]).await,
            floor.pbx.dials(desk(101), "uac-answered", dialled, &[("talk", 1500)]),
        ];
        floor.finds_the_client("101").await;
        floor.over(phones).await;
        floor.calls("101", &[Seen::outbound(E164, Answered)]).await;
        floor.cases(&[(CALLED_OUT, "closed", ANNA)]);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s31_a_short_number_over_a_gateway_is_a_client_and_gets_its_case() -> Test {
    // 102 is a colleague's number, too: what came over the gateway is outside all the same.
    for number in ["345", "102"] {
        let floor = Floor::open(&["101"]).await?;
        let phones = [
            floor.pbx.agent(101, "uas-ring", &[]).await,
            floor.pbx.caller_over(GATEWAY, "uac-cancel", number, "300", &[("patience", 2500)]),
        ];
        floor.over(phones).await;
        floor.calls("101", &[Seen::inbound(number, Missed)]).await;
        floor.cases(&[(&format!("Пропущенный звонок с {number}"), "open", NOBODY)]);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s30_s34_calls_with_a_short_number_behind_a_gateway_are_calls_with_a_client() -> Test {
    let floor = Floor::open(&["101"]).await?;
    let phones = [
        floor.pbx.agent(101, "uas-answer", &[("ring", 800)]).await,
        floor.pbx.caller_over(GATEWAY, "uac-answered", "345", "300", &[("talk", 1500)]),
    ];
    floor.over(phones).await;
    let phones = [
        floor.pbx.phone(GATEWAY, "uas-answer", &[("ring", 800)]).await,
        floor.pbx.dials(desk(101), "uac-answered", "4345", &[("talk", 1500)]),
    ];
    floor.over(phones).await;
    floor
        .calls("101", &[Seen::inbound("345", Answered), Seen::outbound("345", Answered)])
        .await;
    floor.cases(&[
        ("Входящий звонок с 345", "waiting", ANNA),
        ("Исходящий звонок на 345", "closed", ANNA),
    ]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s31_whoever_calls_over_a_trunk_is_a_client_whatever_the_number_looks_like() -> Test {
    for number in ["sip.user", "70000000000", "112"] {
        let floor = Floor::open(&["101"]).await?;
        let phones = [
            floor.pbx.agent(101, "uas-ring", &[]).await,
            floor.pbx.caller("uac-cancel", number, DIRECT, &[("patience", 2500)]),
        ];
        floor.over(phones).await;
        let over = |call: &CallView| call.outcome.is_some();
        let call = floor.desk("101").call("the end", over).await;
        assert_eq!(
            (call.direction, call.disposition),
            (DirectionView::Inbound, Some(Missed)),
            "{number}"
        );
        floor.desk("101").settled().await;
        let cases = floor.desk("101").cases();
        let [case] = cases.as_slice() else { panic!("{number}: {cases:#?}") };
        assert!(
            case.status == "open" && case.subject.starts_with("Пропущенный звонок с "),
            "{number}: {case:#?}"
        );
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_agents_of_one_tenant_are_colleagues_whatever_their_endpoints_are_called() -> Test {
    let floor = Floor::open(&["201-acme", "202-acme"]).await?;
    let phones = [
        floor.pbx.agent(201, "uas-ring", &[]).await,
        floor.pbx.agent(202, "uas-answer", &[("ring", 1200)]).await,
        floor.pbx.caller("uac-answered", CLIENT, "74950000017", &[("talk", 1500)]),
    ];
    floor.over(phones).await;
    floor.calls("201-acme", &[Seen::inbound(E164, AnsweredElsewhere)]).await;
    floor.calls("202-acme", &[Seen::inbound(E164, Answered)]).await;
    floor.cases(&[(CALLED_IN, "waiting", BORIS)]);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_colleagues_among_themselves_leave_nothing_whatever_their_endpoints_are_called() -> Test {
    // Who calls whom by which number, and where the phones stand.
    let table = [
        ("201-acme", 201, "202-acme", 202, "202"),
        ("1234567", 67, "12", 12, "12"),
        ("trunk-east", 130, "101", 101, "101"),
    ];
    for (caller, from, called, at, number) in table {
        let floor = Floor::open(&[caller, called]).await?;
        let phones = [
            floor.pbx.agent(at, "uas-answer", &[("ring", 800)]).await,
            floor.pbx.dials(desk(from), "uac-answered", number, &[("talk", 1500)]),
        ];
        floor.over(phones).await;
        for extension in [caller, called] {
            let over = |call: &CallView| call.outcome.is_some();
            let call = floor.desk(extension).call("the end", over).await;
            assert_eq!(
                (call.direction, call.disposition),
                (DirectionView::Internal, Some(Answered)),
                "{caller} to {called}, at {extension}: {call:#?}"
            );
        }
        floor.cases(&[]);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s30_s34_an_agent_with_any_name_has_calls_with_clients() -> Test {
    // Two and seven digits; letters; named like a trunk, over a trunk named like a colleague.
    let table = [
        ("12", 12, "74950000018", "79161234567", DIGITS, false),
        ("1234567", 67, "74950000019", "79161234567", DIGITS, false),
        ("201-acme", 201, "74950000016", "79161234567", DIGITS, false),
        ("trunk-east", 130, "74950000020", "679161234567", LIKE_A_COLLEAGUE, true),
    ];
    for (extension, at, did, dialled, trunk, out_by_it) in table {
        let floor = Floor::open(&[extension]).await?;
        let phones = [
            floor.pbx.agent(at, "uas-answer", &[("ring", 800)]).await,
            floor.pbx.caller_over(trunk, "uac-answered", CLIENT, did, &[("talk", 1500)]),
        ];
        floor.over(phones).await;
        let client = if out_by_it {
            floor.pbx.phone(trunk, "uas-answer", &[("ring", 800)]).await
        } else {
            floor.pbx.world("uas-answer", &[("ring", 800)]).await
        };
        let phone = floor.pbx.dials(desk(at), "uac-answered", dialled, &[("talk", 1500)]);
        floor.over([client, phone]).await;
        floor
            .calls(extension, &[Seen::inbound(E164, Answered), Seen::outbound(E164, Answered)])
            .await;
        floor.cases(&[(CALLED_IN, "waiting", ANNA), (CALLED_OUT, "closed", ANNA)]);
    }
    Ok(())
}
