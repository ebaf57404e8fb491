//! The engine with a desktop and a keychain that only remember: what a whole-product test without a
//! window looks at.

use crate::in_time;
use engine::view::{DeskView, Hotkey, NoticeKinds, PopupPlace, Route, SecretsView};
use engine::{Combination, Engine, Everybody, KeychainStands, Mark, Office, Parts, SecretStore, SecretTrouble, Secrets, Shell};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::{Disk, Store};
use tokio::sync::watch;

/// The desktop: remembers what it was told.
#[derive(Default)]
pub struct FakeDesktop {
    view: watch::Sender<DeskView>,
    routes: watch::Sender<Vec<Route>>,
    place: watch::Sender<PopupPlace>,
    notices: watch::Sender<NoticeKinds>,
    hotkeys: watch::Sender<Vec<(Hotkey, Combination)>>,
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
    fn place_popup(&self, place: &PopupPlace) {
        self.place.send_replace(place.clone());
    }
    fn notify_of(&self, kinds: NoticeKinds) {
        self.notices.send_replace(kinds);
    }
    fn hear_keys(&self, hotkeys: Vec<(Hotkey, Combination)>) {
        self.hotkeys.send_replace(hotkeys);
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

    /// Where the popup stands.
    #[must_use]
    pub fn popup_place(&self) -> PopupPlace {
        self.place.borrow().clone()
    }

    /// Of what notifications tell.
    #[must_use]
    pub fn notices(&self) -> NoticeKinds {
        *self.notices.borrow()
    }

    /// The key combinations that are heard.
    #[must_use]
    pub fn hotkeys(&self) -> Vec<(Hotkey, Combination)> {
        self.hotkeys.borrow().clone()
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

/// What the keychain does with who asks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It answers.
    Open,
    /// It is locked, and whoever asks waits until somebody unlocks it.
    Locked,
    /// It is locked, and nobody unlocks it for who asks.
    Refusing,
    /// It hangs: whoever asks waits, and nobody is asked for anything.
    Hanging,
    /// There is none.
    Absent,
}

/// The keychain: in memory, and as a test wants it.
pub struct FakeKeychain {
    secrets: Mutex<Secrets>,
    mood: Mutex<Mood>,
    changed: Condvar,
    questions: AtomicU32,
}

impl FakeKeychain {
    /// One that holds these and is open.
    #[must_use]
    pub fn new(pbx_password: &str, api_key: &str) -> Self {
        Self::holding(Secrets {
            pbx_password: Some(engine::Secret::anywhere(pbx_password)),
            api_key: Some(engine::Secret::anywhere(api_key)),
        })
    }

    /// One that is open and has nothing of ours yet.
    #[must_use]
    pub fn empty() -> Self {
        Self::holding(Secrets::default())
    }

    fn holding(secrets: Secrets) -> Self {
        Self {
            secrets: Mutex::new(secrets),
            mood: Mutex::new(Mood::Open),
            changed: Condvar::new(),
            questions: AtomicU32::new(0),
        }
    }

    /// From now on it is like this, also for who waits already.
    pub fn becomes(&self, mood: Mood) {
        *held(&self.mood) = mood;
        self.changed.notify_all();
    }

    /// From now on whoever asks waits until it is unlocked.
    pub fn lock(&self) {
        self.becomes(Mood::Locked);
    }

    /// Whoever waits is answered.
    pub fn unlock(&self) {
        self.becomes(Mood::Open);
    }

    /// Somebody takes out what is in it.
    pub fn lose(&self) {
        *held(&self.secrets) = Secrets::default();
    }

    /// How often it was asked.
    #[must_use]
    pub fn questions(&self) -> u32 {
        self.questions.load(Ordering::SeqCst)
    }

    fn answer<T>(&self, answer: impl FnOnce(&mut Secrets) -> T) -> Result<T, SecretTrouble> {
        self.questions.fetch_add(1, Ordering::SeqCst);
        let waits = |mood: &mut Mood| matches!(mood, Mood::Locked | Mood::Hanging);
        let mood = self.changed.wait_while(held(&self.mood), waits);
        match *mood.unwrap_or_else(PoisonError::into_inner) {
            Mood::Open => Ok(answer(&mut held(&self.secrets))),
            Mood::Refusing => Err(SecretTrouble::Refused),
            Mood::Absent | Mood::Locked | Mood::Hanging => Err(SecretTrouble::NoKeychain),
        }
    }
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SecretStore for FakeKeychain {
    fn load(&self) -> Result<Secrets, SecretTrouble> {
        self.answer(|kept| kept.clone())
    }
    fn save(&self, secrets: &Secrets) -> Result<(), SecretTrouble> {
        self.answer(|kept| {
            kept.pbx_password = secrets.pbx_password.clone().or_else(|| kept.pbx_password.take());
            kept.api_key = secrets.api_key.clone().or_else(|| kept.api_key.take());
        })
    }
    fn stands(&self) -> KeychainStands {
        match *held(&self.mood) {
            Mood::Open => KeychainStands::Open,
            Mood::Locked | Mood::Refusing => KeychainStands::Locked,
            Mood::Hanging | Mood::Absent => KeychainStands::Absent,
        }
    }
    fn waits_for_person(&self) -> bool {
        *held(&self.mood) == Mood::Locked
    }
    fn kept_in(&self) -> SecretsView {
        SecretsView::Keychain
    }
}

/// The real engine on the data file in `folder`, in an office that says this, with times in UTC.
///
/// # Panics
/// When the file cannot be opened.
#[must_use]
pub fn engine(folder: &Path, office: Office, keychain: Arc<FakeKeychain>) -> (Engine, Arc<FakeDesktop>) {
    let store = match Store::open(&folder.join("ringside.db")).and_then(Disk::of) {
        Ok(store) => store,
        Err(error) => panic!("{error}"),
    };
    let users = match Everybody::open(&folder.join("users.db")) {
        Ok(users) => users,
        Err(error) => panic!("{error}"),
    };
    let desktop = Arc::new(FakeDesktop::default());
    let engine = Engine::start(Parts {
        store,
        everybody: users,
        shell: desktop.clone(),
        secrets: keychain,
        office,
        zone: jiff::tz::TimeZone::UTC,
    });
    (engine, desktop)
}
