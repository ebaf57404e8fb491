//! Calls out that the PBX refuses before anybody is dialled: they failed, and nobody «did not answer» (S18, S22).

use super::desk::Desk;
use super::pbx::RealPbx;
use super::{CLIENT, Test};
use ::pbx::Dials as _;
use calls::{CallEventKind as Kind, Disposition, OrderId};

/// A number that the dialplan does not know.
const NOWHERE: &str = "99999";
/// Q.850: no route to destination.
const NO_ROUTE: u16 = 3;

impl Desk {
    /// Waits for the next end: how, and the cause told with it.
    async fn end_and_cause(&mut self) -> (Disposition, Option<u16>) {
        self.until("an end", |_, kind| match kind {
            Kind::Ended { disposition, cause, .. } => Some((*disposition, *cause)),
            _ => None,
        })
        .await
    }
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s18_an_order_to_a_number_or_a_context_that_is_not_there_failed_and_was_not_unanswered() -> Test {
    for (context, number) in [("from-agents", NOWHERE), ("from-nowhere", CLIENT)] {
        let mut pbx = RealPbx::start().await?;
        pbx.context = context;
        let mut desk = Desk::connected(&pbx, "101").await?;
        let phone = pbx.agent(101, "uas-answer", &[("ring", 500)]).await;
        desk.pbx.originate(OrderId::new("order-1"), number, None).await?;
        let dialing = desk.dialing().await;
        assert_eq!(
            desk.end_and_cause().await,
            (Disposition::Failed, Some(NO_ROUTE)),
            "{context} {number}"
        );
        assert!(
            desk.saw(&dialing.leg, |kind| matches!(kind, Kind::AgentAnswered)),
            "the agent had picked up"
        );
        phone.done().await;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s18_a_line_that_is_not_there_is_a_failure_of_the_pbx_ordered_or_dialled_in_the_softphone() -> Test {
    let pbx = RealPbx::start().await?;
    let mut desk = Desk::connected(&pbx, "101").await?;
    // 112 has no phone: the PBX creates no channel for it, and dials nobody.
    let phone = pbx.agent(101, "uas-answer", &[("ring", 500)]).await;
    desk.pbx.originate(OrderId::new("order-1"), "112", None).await?;
    assert_eq!(desk.end_and_cause().await, (Disposition::Failed, Some(NO_ROUTE)), "ordered");
    phone.done().await;
    let softphone = pbx.softphone(101, "uac-fail", "112", &[]);
    assert_eq!(
        desk.end_and_cause().await,
        (Disposition::Failed, Some(NO_ROUTE)),
        "from the softphone"
    );
    softphone.done().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s22_an_agent_who_hangs_up_before_the_answer_called_in_vain_and_was_not_refused() -> Test {
    let pbx = RealPbx::start().await?;
    let mut desk = Desk::connected(&pbx, "101").await?;
    let client = pbx.world("uas-ring", &[]).await;
    let softphone = pbx.softphone(101, "uac-cancel", CLIENT, &[("patience", 1500)]);
    assert_eq!(desk.end_and_cause().await.0, Disposition::Cancelled);
    softphone.done().await;
    client.done().await;
    Ok(())
}
