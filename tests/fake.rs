//! The engine with a desktop and a keychain that only remember: what a whole-product test without a
//! window looks at.

use crate::in_time;
use engine::view::{DeskView, Route, SecretsView};
use engine::{Engine, Mark, Parts, SecretStore, SecretTrouble, Secrets, Settings, Shell};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use store::Store;
use tokio::sync::watch;

/// The desktop: remembers what it was told.
#[derive(Default)]
pub struct FakeDesktop {
    view: watch::Sender<DeskView>,
    routes: watch::Sender<Vec<Route>>,
    /// How many of the next states break it.
    breaks: AtomicU32,
}

impl Shell for FakeDesktop {
    fn publish(&self, view: &DeskView) {
        let left = |breaks: u32| breaks.checked_sub(1);
        assert!(
            self.breaks.fetch_update(Ordering::SeqCst, Ordering::SeqCst, left).is_err(),
            "made to break"
        );
        self.view.send_replace(view.clone());
    }
    fn open(&self, route: Route) {
        self.routes.send_modify(|routes| routes.push(route));
    }
    fn mark(&self, _: Mark) {}
}

impl FakeDesktop {
    /// Breaks the engine at this many of the states that it shows next.
    pub fn break_at_next(&self, states: u32) {
        self.breaks.store(states, Ordering::SeqCst);
    }

    /// What is shown now.
    #[must_use]
    pub fn view(&self) -> DeskView {
        self.view.borrow().clone()
    }

    /// The pages that opened by themselves, in order.
    #[must_use]
    pub fn routes(&self) -> Vec<Route> {
        self.routes.borrow().clone()
    }

    /// Waits until what is shown gives something.
    ///
    /// # Panics
    /// When it does not within the time; `what` says what was waited for.
    pub async fn until<T>(&self, what: &str, within: Duration, mut probe: impl FnMut(&DeskView) -> Option<T>) -> T {
        let mut views = self.view.subscribe();
        let wait = async {
            loop {
                if let Some(found) = probe(&views.borrow_and_update()) {
                    return found;
                }
                if views.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        in_time(what, within, wait).await
    }

    /// The last page that opened by itself; waits for the first.
    ///
    /// # Panics
    /// When none opens within the time.
    pub async fn opened(&self, within: Duration) -> Route {
        let mut routes = self.routes.subscribe();
        let opened = async {
            routes
                .wait_for(|routes| !routes.is_empty())
                .await
                .ok()
                .and_then(|routes| routes.last().cloned())
        };
        match in_time("a page to open by itself", within, opened).await {
            Some(route) => route,
            None => panic!("the engine is gone"),
        }
    }
}

struct FixedSecrets(Secrets);

impl SecretStore for FixedSecrets {
    fn load(&self) -> Result<Secrets, SecretTrouble> {
        Ok(self.0.clone())
    }
    fn save(&self, _: &Secrets) -> Result<(), SecretTrouble> {
        Ok(())
    }
    fn place(&self) -> SecretsView {
        SecretsView::Keychain
    }
}

/// The real engine on the data file in `folder`, with times in UTC.
///
/// # Panics
/// When the file cannot be opened.
#[must_use]
pub fn engine(folder: &Path, settings: Settings, pbx_password: &str, api_key: &str) -> (Engine, Arc<FakeDesktop>) {
    let store = match Store::open(&folder.join("ringside.db")) {
        Ok(store) => store,
        Err(error) => panic!("{error}"),
    };
    let desktop = Arc::new(FakeDesktop::default());
    let secrets = Secrets {
        pbx_password: Some(engine::Secret::anywhere(pbx_password)),
        api_key: Some(engine::Secret::anywhere(api_key)),
    };
    let engine = Engine::start(Parts {
        store,
        shell: desktop.clone(),
        secrets: Arc::new(FixedSecrets(secrets)),
        provision: Some(settings),
        zone: jiff::tz::TimeZone::UTC,
    });
    (engine, desktop)
}
