//! One agent with the whole engine, on the real PBX and a stand-in Omnidesk that agents can share.

use super::pbx::RealPbx;
use engine::view::{CallView, DeskView, LinkStateView, OutboxStateView};
use engine::{Engine, Settings};
use ringside_tests::fake::{self, FakeDesktop, FakeKeychain};
use sandbox::omnidesk::CaseDump;
use sandbox::{Options, Sandbox};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Longer than any call here.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// An agent at work.
pub struct Office {
    pub omnidesk: Arc<Sandbox>,
    pub engine: Engine,
    pub desktop: Arc<FakeDesktop>,
    _folder: TempDir,
}

impl Office {
    /// Agent 101.
    pub async fn open(pbx: &RealPbx) -> Result<Self, Box<dyn std::error::Error>> {
        let omnidesk = Arc::new(Sandbox::start(Options::default()).await?);
        let email = omnidesk.staff_email().to_owned();
        Self::of(pbx, omnidesk, "101", &email).await
    }

    /// Agent 102, who works with the same Omnidesk.
    pub async fn beside(&self, pbx: &RealPbx) -> Result<Self, Box<dyn std::error::Error>> {
        Self::of(pbx, self.omnidesk.clone(), "102", "boris@support.example").await
    }

    /// Any agent.
    pub async fn of(pbx: &RealPbx, omnidesk: Arc<Sandbox>, extension: &str, email: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let settings = Settings {
            pbx_url: pbx.url.into(),
            pbx_user: pbx.user.into(),
            extension: extension.into(),
            context: pbx.context.into(),
            omnidesk_url: omnidesk.omnidesk_url(),
            email: email.into(),
            channel: "cch101".into(),
            ..Settings::default()
        };
        let (engine, desktop) = fake::engine(
            folder.path(),
            settings.into(),
            Arc::new(FakeKeychain::new(pbx.password, omnidesk.api_key())),
        );
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

    pub async fn until<T>(&self, what: &str, probe: impl FnMut(&DeskView) -> Option<T>) -> T {
        self.desktop.until(what, PATIENCE, probe).await
    }

    pub async fn call(&self, what: &str, mut probe: impl FnMut(&CallView) -> bool) -> CallView {
        self.until(what, |view| view.calls.iter().find(|call| probe(call)).cloned()).await
    }

    /// All calls have ended, and nothing is owed for them any more.
    pub async fn settled(&self) {
        self.until("the end of all calls", |view| {
            let over = !view.calls.is_empty() && view.calls.iter().all(|call| call.outcome.is_some());
            (over && view.outbox.iter().all(|row| row.state == OutboxStateView::Done)).then_some(())
        })
        .await;
    }

    pub fn cases(&self) -> Vec<CaseDump> {
        self.omnidesk.omnidesk().new_cases()
    }
}

impl Drop for Office {
    /// The agent goes home. An engine that went on running would be a second computer of that extension at the next PBX of
    /// the same test, and the first would wait for it to write.
    fn drop(&mut self) {
        let engine = self.engine.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { engine.stop().await });
        }
    }
}
