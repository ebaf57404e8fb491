//! What stands around the engine: the desktop that shows things, and the keychain that keeps secrets.
//!
//! Both are traits, so that the real engine runs in tests with fakes that only remember.

use crate::settings::hotkeys::Combination;
use crate::settings::secret::Secrets;
use crate::view::{DeskView, Hotkey, NoticeKinds, PopupPlace, Route, SecretsView};
use calls::LegId;

/// The desktop: popup, workspace, tray. Every method returns at once and never fails the engine.
pub trait Shell: Send + Sync + 'static {
    /// Shows the new state. The popup is visible exactly while [`DeskView::popup`] names calls, a reminder is in it, or it says what was
    /// missed while popups were paused.
    fn publish(&self, view: &DeskView);

    /// Opens a page of the workspace (S03) without taking the keyboard focus from where it is.
    fn open(&self, route: Route);

    /// From now on the popup stands there.
    fn place_popup(&self, place: &PopupPlace);

    /// From now on notifications tell of these.
    fn notify_of(&self, kinds: NoticeKinds);

    /// From now on these combinations are heard, and no others.
    fn hear_keys(&self, hotkeys: Vec<(Hotkey, Combination)>);

    /// A milestone passed, for measuring. Carries no personal data.
    fn mark(&self, mark: Mark);
}

/// A milestone on the way of a call; `bench` and `demo` read them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// The link to the PBX is up.
    PbxUp,
    /// Omnidesk answered.
    OmnideskUp,
    /// The PBX's event reached us: the phone rings.
    Offered {
        /// The call.
        leg: LegId,
    },
    /// The agent and the other side talk.
    Answered {
        /// The call.
        leg: LegId,
    },
    /// The profile was opened (S03).
    ProfileOpened {
        /// The call.
        leg: LegId,
    },
    /// The call is over.
    Ended {
        /// The call.
        leg: LegId,
    },
    /// Its case exists.
    CaseCreated {
        /// The call.
        leg: LegId,
        /// The case's number.
        number: String,
    },
    /// The case has its final status.
    Status {
        /// The call.
        leg: LegId,
        /// Omnidesk's word for it.
        status: &'static str,
    },
    /// The recording is in the case.
    RecordingAttached {
        /// The call.
        leg: LegId,
    },
    /// Nothing is owed any more.
    OutboxEmpty,
}

/// Why secrets cannot be had or kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretTrouble {
    /// No keychain answers on this computer, or one broke off.
    #[error("no keychain answers")]
    NoKeychain,
    /// The keychain is locked, and nobody unlocked it when they were asked to.
    #[error("the keychain refused")]
    Refused,
}

/// How a keychain stands, as far as that is seen without asking a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeychainStands {
    /// None is there, or it does not answer.
    Absent,
    /// What is ours is behind a lock that somebody must open.
    Locked,
    /// It gives secrets to who asks.
    Open,
}

/// Where secrets are kept. Methods may block for as long as they like: the engine calls them on a thread of their own, one at
/// a time.
pub trait SecretStore: Send + Sync + 'static {
    /// All secrets; absent ones are `None`.
    ///
    /// # Errors
    /// [`SecretTrouble`] when the keychain does not answer or refuses.
    fn load(&self) -> Result<Secrets, SecretTrouble>;

    /// Keeps the given ones; `None` leaves a secret as it is.
    ///
    /// # Errors
    /// [`SecretTrouble`] when the keychain does not answer or refuses.
    fn save(&self, secrets: &Secrets) -> Result<(), SecretTrouble>;

    /// How it stands, found out without showing anything to anybody.
    fn stands(&self) -> KeychainStands;

    /// Whether the question that it is being asked waits for a person. Asked from anywhere at any time, so it does not block.
    fn waits_for_person(&self) -> bool;

    /// Which kind of place it is, for the settings screen. Does not block.
    fn kept_in(&self) -> SecretsView;
}
