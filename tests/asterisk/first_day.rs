//! The first day at a desk (D6): settings as they are typed into the set-up, its tests, and the call that it is tried with.

use super::Test;
use super::office::PATIENCE;
use super::pbx::{RealPbx, desk};
use engine::view::{CallCaseView, CallView, DeskView, LinkStateView, PhaseView, Stage, TestOutcome, TroubleView, TypedSecrets};
use ringside_tests::fake::{self, FakeKeychain};
use sandbox::{Options, Sandbox};
use std::sync::Arc;

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn d6_s16_from_an_empty_computer_to_the_trial_call_which_is_seen_to_its_end_and_makes_no_case() -> Test {
    let pbx = RealPbx::start().await?;
    let omnidesk = Sandbox::start(Options::default()).await?;
    let folder = tempfile::tempdir()?;
    let (engine, desktop) = fake::engine(folder.path(), Default::default(), Arc::new(FakeKeychain::empty()));
    desktop
        .until("the set-up", PATIENCE, |view| (view.stage == Stage::SetUp).then_some(()))
        .await;

    // Four answers and two secrets: nobody is asked for user and context, which are the guide's.
    let mut typed = engine.settings().await.map_err(|error| format!("{error:?}"))?;
    typed.pbx_url = pbx.url.into();
    typed.extension = "101".into();
    typed.omnidesk_url = omnidesk.omnidesk_url();
    typed.email = omnidesk.staff_email().into();
    let secrets = TypedSecrets {
        pbx_password: Some(pbx.password.into()),
        api_key: Some(omnidesk.api_key().into()),
    };
    let channels = engine.channels(typed.clone(), secrets.clone()).await;
    let channels = channels.map_err(|error| format!("{error:?}"))?;
    let calls = channels
        .into_iter()
        .find(|channel| channel.title == "Звонки")
        .ok_or("a channel for calls")?;
    typed.channel = calls.key;

    let phone = pbx.agent(101, "uas-answer", &[("ring", 700)]).await;
    for tested in [
        engine.test_pbx(typed.clone(), secrets.clone()).await,
        engine.test_omnidesk(typed.clone(), secrets.clone()).await,
    ] {
        let lines = tested.map_err(|error| format!("{error:?}"))?;
        let failed = lines.iter().any(|line| line.outcome == TestOutcome::Failed);
        assert!(!failed && !lines.is_empty(), "{lines:#?}");
    }
    // Where the office has others than the guide, the test says which: the step, by which the window opens the field.
    let wrong = |user: &str, context: &str, password: &str| {
        let (mut typed, mut secrets) = (typed.clone(), secrets.clone());
        (typed.pbx_user, typed.context) = (user.into(), context.into());
        secrets.pbx_password = Some(password.into());
        (typed, secrets)
    };
    for ((typed, secrets), step, trouble) in [
        (wrong("", "", "another"), "signIn", TroubleView::BadCredentials),
        (wrong("nobody", "", pbx.password), "signIn", TroubleView::BadCredentials),
        (wrong("", "from-nowhere", pbx.password), "context", TroubleView::Gone),
    ] {
        let lines = engine.test_pbx(typed, secrets).await.map_err(|error| format!("{error:?}"))?;
        let failed: Vec<_> = lines.iter().filter(|line| line.outcome == TestOutcome::Failed).collect();
        let said = failed.iter().map(|line| (line.step.as_str(), line.trouble));
        assert!(said.eq([(step, Some(trouble))]), "{failed:#?}");
    }
    engine.save_settings(typed, secrets).await.map_err(|error| format!("{error:?}"))?;
    let works = |view: &DeskView| {
        let up = view.pbx.state == LinkStateView::Up && view.omnidesk.state == LinkStateView::Up;
        (view.stage == Stage::Ready && up).then_some(())
    };
    desktop.until("both connections", PATIENCE, works).await;

    engine.await_trial(true).await;
    let colleague = pbx.dials(desk(102), "uac-answered", "101", &[("talk", 1000)]);
    let in_popup = |view: &DeskView| view.calls.iter().find(|call| view.popup.contains(&call.id)).cloned();
    let trial = desktop.until("the popup", PATIENCE, in_popup).await;
    let is_it = |call: &&CallView| call.id == trial.id;
    let call = |phase: PhaseView| move |view: &DeskView| view.calls.iter().find(|call| call.phase == phase).cloned();
    let talking = desktop.until("the conversation", PATIENCE, call(PhaseView::Talking)).await;
    assert!(is_it(&&talking) && talking.answered_at.is_some());
    phone.done().await;
    colleague.done().await;
    let decided = |view: &DeskView| view.calls.iter().find(|call| call.outcome.is_some()).cloned();
    let over = desktop.until("the end", PATIENCE, decided).await;
    assert!(is_it(&&over), "{over:#?}");
    assert_eq!(over.outcome.map(|outcome| outcome.reason).as_deref(), Some("internal"));
    assert_eq!(over.case, CallCaseView::None);
    assert!(desktop.view().outbox.is_empty() && omnidesk.omnidesk().new_cases().is_empty());
    engine.stop().await;
    Ok(())
}
