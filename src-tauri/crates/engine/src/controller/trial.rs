//! The real controller without links, for tests.

use crate::controller::{Controller, Parts};
use crate::people::everybody::Everybody;
use crate::settings::hotkeys::Combination;
use crate::settings::layers::Office;
use crate::settings::secret::Secrets;
use crate::shell::{KeychainStands, Mark, SecretStore, SecretTrouble, Shell};
use crate::time::now;
use crate::view::{DeskView, Hotkey, NoticeKinds, PopupPlace, Route, SecretsView};
use calls::{CallEvent, CallEventKind, Direction, Input, LegId, Moment, Origin, Remote};
use std::sync::{Arc, Mutex};
use store::{Disk, Store};
use tokio::sync::{mpsc, watch};

/// A desktop that remembers what it was shown, and a keychain without anything in it.
#[derive(Default)]
pub struct Shown(pub Mutex<Vec<DeskView>>);

impl Shell for Shown {
    fn publish(&self, view: &DeskView) {
        self.0.lock().unwrap().push(view.clone());
    }
    fn open(&self, _: Route) {}
    fn place_popup(&self, _: &PopupPlace) {}
    fn notify_of(&self, _: NoticeKinds) {}
    fn hear_keys(&self, _: Vec<(Hotkey, Combination)>) {}
    fn mark(&self, _: Mark) {}
}

impl SecretStore for Shown {
    fn load(&self) -> Result<Secrets, SecretTrouble> {
        Ok(Secrets::default())
    }
    fn save(&self, _: &Secrets) -> Result<(), SecretTrouble> {
        Ok(())
    }
    fn stands(&self) -> KeychainStands {
        KeychainStands::Open
    }
    fn waits_for_person(&self) -> bool {
        false
    }
    fn kept_in(&self) -> SecretsView {
        SecretsView::Keychain
    }
}

pub fn controller() -> Controller {
    with(Store::in_memory().unwrap()).0
}

pub fn with(store: Store) -> (Controller, Arc<Shown>) {
    let shown = Arc::new(Shown::default());
    let parts = Parts {
        store: Disk::of(store).unwrap(),
        everybody: Everybody::in_memory().unwrap(),
        shell: shown.clone(),
        secrets: shown.clone(),
        office: Office::default(),
        zone: jiff::tz::TimeZone::UTC,
    };
    (Controller::new(parts, mpsc::channel(1).0, watch::channel(None).0), shown)
}

/// A leg begins to ring.
pub fn offered(leg: &str, from: &str, at: Moment) -> CallEvent {
    let remote = Remote {
        raw: from.into(),
        name: None,
        hidden: false,
    };
    CallEvent {
        leg: LegId::new(leg),
        at,
        kind: CallEventKind::Offered {
            conversation: None,
            direction: Direction::Inbound,
            remote,
            line: None,
            queue: None,
            origin: Origin::Direct,
        },
    }
}

/// The leg of a test that has one only.
pub fn leg() -> LegId {
    LegId::new("1.1")
}

/// Something becomes of that leg.
pub fn hear(controller: &mut Controller, kind: CallEventKind) {
    let event = CallEvent {
        leg: leg(),
        at: now(),
        kind,
    };
    controller.feed(Input::Pbx { event }).unwrap();
}
