//! What is asked of the keychain, and what goes on with its answer. The controller never waits for it: popups, calls and
//! the journal go on while a keychain is locked.

use crate::controller::Controller;
use crate::controller::message::Reply;
use crate::controller::tasks::{News, Work};
use crate::retry;
use crate::settings::secret::Secrets;
use crate::shell::{KeychainStands, SecretTrouble};
use crate::time::now;
use crate::view::{CommandError, KeychainView, SettingsView, Stage, TroubleView};
use calls::Moment;

/// A keychain that is open answers long before, ms; then it is said that it does not.
const SLOW: i64 = 5_000;
/// Between attempts where no keychain answers, ms: at login it may come up a moment later.
const ABSENT: (i64, i64) = (1_000, 60_000);
/// Between attempts where it refused, ms: each may open a window of the system over the agent's work.
const REFUSED: (i64, i64) = (30_000, 600_000);
/// Between looks at a keychain that gave nothing, ms: whoever unlocks it need not press anything here, and one that is locked
/// is told from one that is not there.
const LOOK: i64 = 2_000;
/// How many windows may wait for the same answer.
const WINDOWS: usize = 16;

/// The questions to the keychain that go on.
#[derive(Default)]
pub(crate) struct Asking {
    /// Since when the secrets are asked for.
    since: Option<Moment>,
    /// What came, until it is looked at.
    came: Option<Result<Secrets, SecretTrouble>>,
    /// When they are asked for again.
    again: Option<Moment>,
    /// So often in a row they could not be had.
    failures: u32,
    /// When it is looked how the keychain stands.
    look: Option<Moment>,
    /// How it stood when they could not be had, or at the last look since.
    stood: Option<KeychainStands>,
    /// How it stands now, until that is followed.
    stands: Option<Result<KeychainStands, SecretTrouble>>,
    /// Windows that wait for the settings.
    windows: Vec<Reply<SettingsView>>,
    /// What is being kept, with the settings that belong to it.
    keeping: Option<Keeping>,
    /// What came of that, until it is looked at.
    kept: Option<Result<(), SecretTrouble>>,
    /// What is shown of it.
    shown: KeychainView,
}

/// New secrets on their way into the keychain.
struct Keeping {
    since: Moment,
    wish: Wish,
    /// The window that saved, until it was told something.
    reply: Option<Reply<Result<SettingsView, CommandError>>>,
}

/// What a person saved.
pub(crate) struct Wish {
    /// The settings as the screen returned them.
    pub view: SettingsView,
    /// The secrets that go with them.
    pub secrets: Secrets,
    /// A password was typed.
    pub password: bool,
    /// A key was typed.
    pub key: bool,
}

impl Asking {
    /// What is shown of it.
    pub(crate) fn shown(&self) -> KeychainView {
        self.shown
    }

    /// When something is to be done.
    pub(crate) fn wake_at(&self) -> Option<Moment> {
        let slow = |since: Moment| since.plus_ms(SLOW);
        let told = self.keeping.as_ref().filter(|keeping| keeping.reply.is_some());
        let (read, kept) = (self.since.map(slow), told.map(|keeping| slow(keeping.since)));
        [self.again, self.look, read, kept].into_iter().flatten().min()
    }

    /// The clock was set back by so much, ms.
    pub(crate) fn clock_set_back(&mut self, by: i64) {
        let kept = self.keeping.as_mut().map(|keeping| &mut keeping.since);
        let own = [&mut self.again, &mut self.look, &mut self.since].map(Option::as_mut);
        for at in own.into_iter().chain([kept]).flatten() {
            *at = at.plus_ms(-by);
        }
    }

    /// The secrets came, or not.
    pub(crate) fn secrets_came(&mut self, secrets: Result<Secrets, SecretTrouble>) {
        self.came = Some(secrets);
    }

    /// They were kept, or not.
    pub(crate) fn secrets_kept(&mut self, kept: Result<(), SecretTrouble>) {
        self.kept = Some(kept);
    }

    /// Somebody looked how the keychain stands.
    pub(crate) fn looked(&mut self, stands: Result<KeychainStands, SecretTrouble>) {
        self.stands = Some(stands);
    }

    /// Settings that were saved since go along with secrets that still wait for the keychain.
    pub(crate) fn saved_meanwhile(&mut self, view: &SettingsView) {
        match &mut self.keeping {
            Some(keeping) => keeping.wish.view = view.clone(),
            // Who saves has seen what became of what was to be kept before.
            None => self.shown = KeychainView::Answers,
        }
    }
}

impl Controller {
    /// Asks the keychain for the secrets, unless it is being asked; all that needs them begins with its answer.
    pub(crate) fn ask_for_secrets(&mut self) {
        self.asking.again = None;
        if self.tasks.is_on(&Work::ReadSecrets) {
            return;
        }
        self.asking.since = Some(now());
        let answer = self.keychain.load();
        self.tasks.begin(Work::ReadSecrets, async { News::Secrets(answer.await) });
    }

    /// The settings for a window: with the secrets that are there, so it waits a moment for a keychain that is being asked.
    pub(crate) fn settings_asked(&mut self, reply: Reply<SettingsView>) {
        // The keychain may have come up since: asking again is the way out of that screen.
        if matches!(self.windows.stage(), Stage::NoKeychain { .. }) {
            self.ask_for_secrets();
        }
        if self.asking.since.is_some() && self.asking.windows.len() < WINDOWS {
            self.asking.windows.push(reply);
        } else {
            // A window that is gone needs no answer.
            let _ = reply.send(self.settings_view());
        }
    }

    /// Keeps secrets first; the settings hold once they are kept.
    pub(crate) fn keep_first(&mut self, wish: Wish, reply: Reply<Result<SettingsView, CommandError>>) {
        self.asking.shown = KeychainView::Answers;
        self.windows.stale();
        self.keep_secrets(wish.secrets.clone());
        let (since, reply) = (now(), Some(reply));
        let earlier = self.asking.keeping.replace(Keeping { since, wish, reply });
        if let Some(reply) = earlier.and_then(|earlier| earlier.reply) {
            let _ = reply.send(Err(TroubleView::KeychainLocked.into()));
        }
    }

    /// Gives the keychain secrets to keep. What was given before and waits is not waited for any more.
    pub(crate) fn keep_secrets(&mut self, secrets: Secrets) {
        let answer = self.keychain.save(secrets);
        self.tasks.begin(Work::KeepSecrets, async { News::SecretsKept(answer.await) });
    }

    /// What the keychain answered is followed, and what it does not answer is said.
    pub(crate) async fn follow_keychain(&mut self) {
        if let Some(secrets) = self.asking.came.take() {
            self.take_secrets(secrets).await;
        }
        if let Some(kept) = self.asking.kept.take() {
            self.after_keeping(kept).await;
        }
        if let Some(stands) = self.asking.stands.take() {
            self.follow_look(stands);
        }
        let at = now();
        if self.asking.look.is_some_and(|look| look <= at) {
            self.look_at_keychain();
        }
        if self.asking.again.is_some_and(|again| again <= at) {
            self.ask_for_secrets();
        }
        if self.asking.since.is_some_and(|since| since.plus_ms(SLOW) <= at) {
            self.asking.since = None;
            self.asking.look = Some(at.plus_ms(LOOK));
            self.without_secrets(self.keychain.waits_for_person());
        }
        let locked = |keeping: &mut Keeping| keeping.reply.take_if(|_| keeping.since.plus_ms(SLOW) <= at);
        if let Some(reply) = self.asking.keeping.as_mut().and_then(locked) {
            self.asking.shown = KeychainView::Locked;
            self.windows.stale();
            let _ = reply.send(Err(TroubleView::KeychainLocked.into()));
        }
    }

    async fn take_secrets(&mut self, secrets: Result<Secrets, SecretTrouble>) {
        self.asking.since = None;
        match secrets {
            Ok(mut secrets) => {
                self.asking.failures = 0;
                (self.asking.look, self.asking.stood) = (None, None);
                self.settings.settle(&mut secrets, |key| self.layers.is_own(key));
                self.connect_with(secrets).await;
                self.answer_windows();
            }
            Err(trouble) => {
                self.asking.failures = self.asking.failures.saturating_add(1);
                // Who refuses a window of the system is not shown the next one at once.
                let (bounds, failures, stood) = match trouble {
                    SecretTrouble::NoKeychain => (ABSENT, self.asking.failures, KeychainStands::Absent),
                    SecretTrouble::Refused => (REFUSED, self.asking.failures.saturating_add(1), KeychainStands::Locked),
                };
                // One that looks open and gives nothing is not asked again for looking open.
                if self.asking.stood != Some(KeychainStands::Open) {
                    self.asking.stood = Some(stood);
                }
                self.asking.look = Some(now().plus_ms(LOOK));
                self.asking.again = Some(now().plus_ms(retry::delay(bounds, failures, fastrand::f64())));
                self.without_secrets(trouble == SecretTrouble::Refused);
            }
        }
    }

    fn without_secrets(&mut self, locked: bool) {
        let stage = Stage::NoKeychain { locked };
        if *self.windows.stage() != stage {
            self.windows.set_stage(stage);
            self.windows.stale();
        }
        self.answer_windows();
    }

    /// Looks how the keychain stands. Of one that is being asked it is known whether it waits for somebody.
    fn look_at_keychain(&mut self) {
        if self.tasks.is_on(&Work::ReadSecrets) {
            self.asking.look = Some(now().plus_ms(LOOK));
            if self.asking.since.is_none() {
                self.without_secrets(self.keychain.waits_for_person());
            }
            return;
        }
        self.asking.look = None;
        let answer = self.keychain.stands();
        self.tasks.begin(Work::LookAtKeychain, async { News::KeychainStands(answer.await) });
    }

    /// What a look has found: only a change is followed, as asking a keychain that is locked shows a window of the system.
    fn follow_look(&mut self, stands: Result<KeychainStands, SecretTrouble>) {
        let Stage::NoKeychain { locked } = *self.windows.stage() else {
            return;
        };
        self.asking.look = Some(now().plus_ms(LOOK));
        let Ok(stands) = stands else { return };
        if self.tasks.is_on(&Work::ReadSecrets) || self.asking.stood.replace(stands) == Some(stands) {
            return;
        }
        match stands {
            KeychainStands::Open => self.ask_for_secrets(),
            KeychainStands::Locked if !locked => self.ask_for_secrets(),
            KeychainStands::Locked => {}
            KeychainStands::Absent => self.without_secrets(false),
        }
    }

    fn answer_windows(&mut self) {
        for reply in std::mem::take(&mut self.asking.windows) {
            let _ = reply.send(self.settings_view());
        }
    }

    /// Settings whose secrets are kept hold from now on; those whose are not do not.
    async fn after_keeping(&mut self, kept: Result<(), SecretTrouble>) {
        self.windows.stale();
        let Some(Keeping { wish, reply, .. }) = self.asking.keeping.take() else {
            if kept.is_err() {
                tracing::warn!("the keychain did not take the secrets of before back");
            }
            return;
        };
        let done = match kept {
            Ok(()) => self.carry_out(wish).await,
            Err(_) => Err(TroubleView::NoKeychain.into()),
        };
        // Whoever was told already that it waits sees what became of it on every page.
        let said = reply.is_some_and(|reply| reply.send(done.clone()).is_ok());
        self.asking.shown = if done.is_ok() || said {
            KeychainView::Answers
        } else {
            KeychainView::NotKept
        };
    }
}
