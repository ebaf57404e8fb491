//! An agent's desk for tests: engine, sandbox, and a desktop that only remembers.

use calls::AgentAction;
use engine::view::{CallView, CallerView, DeskView, LinkStateView, RecordingView, Route};
use engine::{Engine, Settings};
use ringside_tests::fake::{self, FakeDesktop};
use sandbox::omnidesk::CaseDump;
use sandbox::{CallSpec, Options, Sandbox};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Longer than anything here takes on a busy machine; a bound, not a timing.
pub const LONG: Duration = Duration::from_secs(30);
/// A number of a seeded user with e-mail address and company.
pub const IVANOV: &str = "79161234567";
/// A number nobody has.
pub const STRANGER: &str = "79031112233";

/// One agent's desk.
pub struct Desk {
    pub sandbox: Sandbox,
    pub engine: Engine,
    pub desktop: Arc<FakeDesktop>,
    folder: TempDir,
}

impl Desk {
    /// A desk of agent 101, connected to both stand-ins.
    pub async fn open() -> Self {
        let desk = Self::unconnected(Options::default()).await;
        desk.connected().await;
        desk
    }

    /// As [`Desk::open`], without waiting for the connections.
    pub async fn unconnected(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (engine, desktop) = start(&sandbox, &folder, sandbox.api_key());
        Self {
            sandbox,
            engine,
            desktop,
            folder,
        }
    }

    /// Ends the engine and starts another one on the same file.
    pub async fn restart(&mut self) {
        self.restart_unconnected().await;
        self.connected().await;
    }

    /// As [`Desk::restart`], without waiting for the connections.
    pub async fn restart_unconnected(&mut self) {
        self.engine.stop().await;
        (self.engine, self.desktop) = start(&self.sandbox, &self.folder, self.sandbox.api_key());
    }

    /// A desk whose Omnidesk key is wrong.
    pub async fn with_wrong_key() -> Self {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (engine, desktop) = start(&sandbox, &folder, "wrong");
        Self {
            sandbox,
            engine,
            desktop,
            folder,
        }
    }

    pub async fn connected(&self) {
        self.until("both connections", |view| {
            (view.pbx.state == LinkStateView::Up && view.omnidesk.state == LinkStateView::Up).then_some(())
        })
        .await;
        let watched = self.sandbox.pbx().until(LONG, |pbx| pbx.is_watched("101")).await;
        assert!(watched, "the PBX is watched");
    }

    /// Waits until the published state gives something.
    pub async fn until<T>(&self, what: &str, probe: impl FnMut(&DeskView) -> Option<T>) -> T {
        self.desktop.until(what, LONG, probe).await
    }

    pub fn view(&self) -> DeskView {
        self.desktop.view()
    }

    pub fn routes(&self) -> Vec<Route> {
        self.desktop.routes()
    }

    /// A page opened by itself.
    pub async fn opened(&self) -> Route {
        self.desktop.opened(LONG).await
    }

    /// A call from outside rings at 101. Returns the sandbox's id of it and the view.
    pub async fn ring(&self, from: &str) -> (String, CallView) {
        let before: Vec<String> = self.view().calls.into_iter().map(|call| call.id).collect();
        let call = self.sandbox.pbx().place(CallSpec::incoming(from, "101")).unwrap();
        let new = |view: &DeskView| {
            view.calls
                .iter()
                .find(|call| view.popup.contains(&call.id) && !before.contains(&call.id))
                .cloned()
        };
        let view = self.until("the popup", new).await;
        (call, view)
    }

    /// The view of a call as soon as it satisfies.
    pub async fn call_until(&self, id: &str, what: &str, mut probe: impl FnMut(&CallView) -> bool) -> CallView {
        self.until(what, |view| {
            view.calls.iter().find(|call| call.id == id).filter(|call| probe(call)).cloned()
        })
        .await
    }

    /// The caller is not being looked up any more.
    pub async fn known(&self, id: &str) -> CallView {
        self.call_until(id, "the look-up's end", |call| call.caller != CallerView::LookingUp)
            .await
    }

    pub async fn act(&self, call: &str, action: AgentAction) {
        self.engine.act(call, action).await.unwrap();
    }

    /// 101 answers; the PBX begins to record.
    pub async fn answer(&self, call: &str, id: &str) {
        self.sandbox.pbx().answer(call).unwrap();
        let recorded = |call: &CallView| call.answered_at.is_some() && call.recording == RecordingView::Expected;
        self.call_until(id, "a recorded conversation", recorded).await;
    }

    pub async fn hang_up(&self, call: &str, id: &str) {
        self.sandbox.pbx().hang_up(call).unwrap();
        self.call_until(id, "the end", |call| call.ended_at.is_some()).await;
    }

    /// Rings, is answered, ends; returns the call as it is then.
    pub async fn talk(&self, from: &str) -> CallView {
        let (call, view) = self.ring(from).await;
        self.known(&view.id).await;
        self.answer(&call, &view.id).await;
        self.hang_up(&call, &view.id).await;
        self.settled().await;
        self.call_until(&view.id, "the call", |_| true).await
    }

    /// Nothing is owed any more.
    pub async fn settled(&self) {
        use engine::view::OutboxStateView::Done;
        self.until("an empty outbox", |view| {
            view.outbox.iter().all(|row| row.state == Done).then_some(())
        })
        .await;
    }

    /// A colleague edits the first message of a case in Omnidesk itself.
    pub async fn edit_by_hand(&self, case: &CaseDump, text: &str) {
        let account = omnidesk::Config::new(
            self.sandbox.omnidesk_url().parse().unwrap(),
            "boris@support.example",
            self.sandbox.api_key(),
        );
        let client = omnidesk::Client::new(account).unwrap();
        let message = omnidesk::MessageId(case.messages[0].message_id);
        let case = omnidesk::CaseRef::Id(omnidesk::CaseId(case.case_id));
        client.messages(&case).edit(message, &omnidesk::Content::text(text)).await.unwrap();
    }

    /// The only case made since the start.
    pub fn only_case(&self) -> CaseDump {
        let mut cases = self.sandbox.omnidesk().new_cases();
        assert_eq!(cases.len(), 1, "exactly one case: {cases:#?}");
        cases.remove(0)
    }
}

fn start(sandbox: &Sandbox, folder: &TempDir, key: &str) -> (Engine, Arc<FakeDesktop>) {
    let settings = Settings {
        pbx_url: sandbox.pbx_url(),
        pbx_user: sandbox.pbx_user().into(),
        extension: sandbox.extension().into(),
        context: sandbox.context().into(),
        omnidesk_url: sandbox.omnidesk_url(),
        email: sandbox.staff_email().into(),
        channel: "cch101".into(),
        ..Settings::default()
    };
    fake::engine(folder.path(), settings, sandbox.pbx_password(), key)
}
