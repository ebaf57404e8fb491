//! The main job with real calls: Asterisk and SIPp on one side, the stand-in Omnidesk on the other,
//! the whole engine between them.

use super::pbx::RealPbx;
use super::{CLIENT, DIRECT, Test};
use calls::AgentAction;
use engine::view::{CallCaseView, CallView, CallerView, DeskView, LinkStateView, OutboxStateView, Route};
use engine::{Engine, Settings};
use ringside_tests::fake::{self, FakeDesktop};
use sandbox::{Options, Sandbox};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Longer than any call here.
const PATIENCE: Duration = Duration::from_secs(40);

struct Office {
    omnidesk: Sandbox,
    engine: Engine,
    desktop: Arc<FakeDesktop>,
    _folder: TempDir,
}

impl Office {
    async fn open(pbx: &RealPbx) -> Result<Self, Box<dyn std::error::Error>> {
        let omnidesk = Sandbox::start(Options::default()).await?;
        let folder = tempfile::tempdir()?;
        let settings = Settings {
            pbx_url: pbx.url.into(),
            pbx_user: pbx.user.into(),
            extension: "101".into(),
            context: pbx.context.into(),
            omnidesk_url: omnidesk.omnidesk_url(),
            email: omnidesk.staff_email().into(),
            channel: "cch101".into(),
            ..Settings::default()
        };
        let (engine, desktop) = fake::engine(folder.path(), settings, pbx.password, omnidesk.api_key());
        let office = Self {
            omnidesk,
            engine,
            desktop,
            _folder: folder,
        };
        let up = |view: &DeskView| (view.pbx.state == LinkStateView::Up && view.omnidesk.state == LinkStateView::Up).then_some(());
        office.until("both connections", up).await;
        Ok(office)
    }

    async fn until<T>(&self, what: &str, probe: impl FnMut(&DeskView) -> Option<T>) -> T {
        self.desktop.until(what, PATIENCE, probe).await
    }

    async fn call(&self, what: &str, mut probe: impl FnMut(&CallView) -> bool) -> CallView {
        self.until(what, |view| view.calls.iter().find(|call| probe(call)).cloned()).await
    }

    async fn settled(&self) {
        self.call("the end", |call| call.outcome.is_some()).await;
        self.until("an empty outbox", |view| {
            view.outbox.iter().all(|row| row.state == OutboxStateView::Done).then_some(())
        })
        .await;
    }
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s01_s06_s30_a_real_call_becomes_a_popup_a_profile_and_a_waiting_case_with_its_recording() -> Test {
    let pbx = RealPbx::start().await?;
    let office = Office::open(&pbx).await?;
    let phone = pbx.agent(101, "uas-answer", &[("ring", 1500)]).await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 4000)]);

    let ringing = office.until("the popup", |view| view.popup.first().cloned()).await;
    let known = |call: &CallView| matches!(&call.caller, CallerView::Known { user, .. } if user.name == "Иванов Иван Сергеевич");
    office.call("the user's data", known).await;
    let Route::Profile { call, .. } = office.desktop.opened(PATIENCE).await else {
        return Err("the profile opens".into());
    };
    assert_eq!(call.as_ref(), Some(&ringing));
    let create = AgentAction::CreateCase {
        subject: "Счёт 1187".into(),
        gist: "Нужен новый счёт".into(),
    };
    office.engine.act(&ringing, create).await.map_err(|error| format!("{error:?}"))?;
    office
        .call("the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    let live = office.omnidesk.omnidesk().new_cases();
    assert!(live[0].messages[0].content.starts_with("Звонок в процессе"), "{live:#?}");

    caller.done().await;
    phone.done().await;
    office.settled().await;
    let cases = office.omnidesk.omnidesk().new_cases();
    assert_eq!(cases.len(), 1, "{cases:#?}");
    assert_eq!((cases[0].subject.as_str(), cases[0].status.as_str()), ("Счёт 1187", "waiting"));
    assert!(
        cases[0].messages[0]
            .content
            .starts_with("Нужен новый счёт\n\nВходящий звонок с +7 (916) 123-45-67")
    );
    let files: Vec<_> = cases[0].messages.iter().flat_map(|message| &message.attachments).collect();
    assert_eq!(files.len(), 1, "{cases:#?}");
    // Some four seconds of 16-bit samples at 8 kHz.
    assert!(files[0].file_size > 40_000, "{files:?}");
    office.engine.stop().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_s31_a_real_caller_who_gives_up_becomes_an_open_case() -> Test {
    let pbx = RealPbx::start().await?;
    let office = Office::open(&pbx).await?;
    let phone = pbx.agent(101, "uas-ring", &[]).await;
    let caller = pbx.caller("uac-cancel", "79031112233", DIRECT, &[("patience", 1500)]);
    office.until("the popup", |view| view.popup.first().cloned()).await;
    caller.done().await;
    phone.done().await;
    office.settled().await;
    let cases = office.omnidesk.omnidesk().new_cases();
    assert_eq!(cases.len(), 1, "{cases:#?}");
    assert_eq!(
        (cases[0].subject.as_str(), cases[0].status.as_str()),
        ("Пропущенный звонок с +7 (903) 111-22-33", "open")
    );
    assert_eq!(cases[0].messages.len(), 1);
    office.engine.stop().await;
    Ok(())
}
