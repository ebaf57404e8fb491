//! The channel that cases of calls go to: chosen from a list, and never written to when it is gone (D6).

use crate::desk::{Desk, IVANOV};
use engine::view::{ChannelView, OutboxStateView, TestOutcome, TroubleView, TypedSecrets};

async fn line(desk: &Desk, step: &str) -> (TestOutcome, Option<TroubleView>) {
    let settings = desk.engine.settings().await.unwrap();
    let lines = desk.engine.test_omnidesk(settings, TypedSecrets::default()).await.unwrap();
    let line = lines.into_iter().find(|line| line.step == step).unwrap();
    (line.outcome, line.trouble)
}

#[tokio::test]
async fn d6_a_channel_that_is_gone_is_said_at_once_and_cases_wait_until_another_one_is_chosen() {
    let desk = Desk::open_with(|settings| settings.channel = "cch999".into()).await;
    desk.until("the missing channel", |view| (view.channel == ChannelView::Gone).then_some(()))
        .await;
    assert_eq!(line(&desk, "channel").await, (TestOutcome::Failed, Some(TroubleView::Gone)));
    let (call, talked) = desk.ring(IVANOV).await;
    desk.answer(&call, &talked.id).await;
    desk.hang_up(&call, &talked.id).await;
    desk.until("the case to wait", |view| {
        let row = view.outbox.iter().find(|row| row.call == talked.id && row.what == "case")?;
        (row.state == OutboxStateView::Queued).then_some(())
    })
    .await;
    assert_eq!(
        desk.sandbox.omnidesk().new_cases(),
        [],
        "nothing is written to a channel that is not there"
    );

    let mut settings = desk.engine.settings().await.unwrap();
    let channels = desk.engine.channels(settings.clone(), TypedSecrets::default()).await.unwrap();
    let calls = channels.into_iter().find(|channel| channel.title == "Звонки").unwrap();
    settings.channel = calls.key;
    desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
    desk.until("the channel", |view| (view.channel == ChannelView::There).then_some(()))
        .await;
    desk.settled().await;
    assert_eq!(desk.only_case().channel, "cch101");
}

#[tokio::test]
async fn d6_without_a_channel_the_test_does_not_pass_and_the_fields_are_looked_for() {
    let unset = Desk::open_with(|settings| settings.channel = String::new()).await;
    unset
        .until("the missing choice", |view| (view.channel == ChannelView::Unset).then_some(()))
        .await;
    assert_eq!(line(&unset, "channel").await, (TestOutcome::Failed, Some(TroubleView::BadSetting)));
    for field in ["callIdField", "phoneField"] {
        assert_eq!(line(&unset, field).await, (TestOutcome::Passed, None), "{field}");
    }
}
