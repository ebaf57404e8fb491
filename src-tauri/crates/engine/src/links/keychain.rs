//! The way to the keychain: one thread of its own, which is asked one thing at a time.
//!
//! A keychain that is locked answers when somebody unlocks it, which may be never, and no question to it can be taken
//! back. So only this thread waits for it. What is asked meanwhile waits in a short queue; what nobody waits for any more
//! when its turn comes is not asked.

use crate::settings::secret::Secrets;
use crate::shell::{KeychainStands, SecretStore, SecretTrouble};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tokio::sync::oneshot;

/// How many questions may wait behind the one that is being asked.
const QUEUE: usize = 4;

type Question = Box<dyn FnOnce(&dyn SecretStore) + Send>;

/// The keychain as the controller asks it.
pub(crate) struct Keychain {
    store: Arc<dyn SecretStore>,
    /// Made with the first question.
    questions: Option<SyncSender<Question>>,
}

impl Keychain {
    pub(crate) fn new(store: Arc<dyn SecretStore>) -> Self {
        Self { store, questions: None }
    }

    /// Which kind of place it is, and nothing that blocks.
    pub(crate) fn kept_in(&self) -> crate::view::SecretsView {
        self.store.kept_in()
    }

    /// For a controller that takes this one's place.
    pub(crate) fn store(&self) -> Arc<dyn SecretStore> {
        self.store.clone()
    }

    /// All secrets. The question is asked by the call itself, the future only waits.
    pub(crate) fn load(&mut self) -> impl Future<Output = Result<Secrets, SecretTrouble>> + Send + use<> {
        self.ask(SecretStore::load)
    }

    /// Keeps secrets; as [`Keychain::load`].
    pub(crate) fn save(&mut self, secrets: Secrets) -> impl Future<Output = Result<(), SecretTrouble>> + Send + use<> {
        self.ask(move |store| store.save(&secrets))
    }

    /// How it stands, without asking anybody for anything; as [`Keychain::load`].
    pub(crate) fn stands(&mut self) -> impl Future<Output = Result<KeychainStands, SecretTrouble>> + Send + use<> {
        self.ask(|store| Ok(store.stands()))
    }

    /// Whether what it is being asked waits for a person. Does not block.
    pub(crate) fn waits_for_person(&self) -> bool {
        self.store.waits_for_person()
    }

    fn ask<T, Q>(&mut self, question: Q) -> impl Future<Output = Result<T, SecretTrouble>> + Send + use<T, Q>
    where
        T: Send + 'static,
        Q: FnOnce(&dyn SecretStore) -> Result<T, SecretTrouble> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let asked: Question = Box::new(move |store| {
            if !reply.is_closed() {
                // Who asked may have gone meanwhile.
                let _ = reply.send(question(store));
            }
        });
        if self.questions.is_none() {
            self.questions = thread(self.store.clone());
        }
        if let Some(questions) = &self.questions {
            // One that finds no room is dropped, and with it the way for its answer.
            let _ = questions.try_send(asked);
        }
        async { answer.await.unwrap_or(Err(SecretTrouble::NoKeychain)) }
    }
}

fn thread(store: Arc<dyn SecretStore>) -> Option<SyncSender<Question>> {
    let (sender, questions) = sync_channel(QUEUE);
    let thread = std::thread::Builder::new().name("keychain".into());
    match thread.spawn(move || answer_all(&*store, &questions)) {
        Ok(_) => Some(sender),
        Err(error) => {
            tracing::error!(%error, "no thread for the keychain");
            None
        }
    }
}

/// Until nobody can ask any more.
fn answer_all(store: &dyn SecretStore, questions: &Receiver<Question>) {
    while let Ok(question) = questions.recv() {
        // Its answer does not come then, which is one, too.
        if catch_unwind(AssertUnwindSafe(|| question(store))).is_err() {
            tracing::error!("the keychain's library broke");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::SecretsView;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::mpsc::{Sender, channel};

    /// Answers once it is unlocked, and breaks when it is to keep a password.
    struct Locked {
        lock: Mutex<Receiver<()>>,
        asked: AtomicU32,
    }

    fn locked() -> (Arc<Locked>, Sender<()>) {
        let (unlock, lock) = channel();
        let (lock, asked) = (Mutex::new(lock), AtomicU32::new(0));
        (Arc::new(Locked { lock, asked }), unlock)
    }

    impl SecretStore for Locked {
        fn load(&self) -> Result<Secrets, SecretTrouble> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            let _ = self.lock.lock().unwrap().recv();
            Ok(Secrets::default())
        }
        fn save(&self, secrets: &Secrets) -> Result<(), SecretTrouble> {
            assert!(secrets.pbx_password.is_none(), "the test's own failure");
            Ok(())
        }
        fn stands(&self) -> KeychainStands {
            KeychainStands::Locked
        }
        fn waits_for_person(&self) -> bool {
            true
        }
        fn kept_in(&self) -> SecretsView {
            SecretsView::Keychain
        }
    }

    #[tokio::test]
    async fn however_often_it_is_asked_one_question_waits_at_the_keychain_and_a_few_behind_it() {
        let (store, unlock) = locked();
        let mut keychain = Keychain::new(store.clone());
        let first = keychain.load();
        while store.asked.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..QUEUE - 1 {
            drop(keychain.load());
        }
        let last = keychain.load();
        assert_eq!(keychain.load().await.err(), Some(SecretTrouble::NoKeychain), "no room");
        assert_eq!(store.asked.load(Ordering::SeqCst), 1);
        drop(unlock);
        assert!(first.await.is_ok() && last.await.is_ok());
        assert_eq!(store.asked.load(Ordering::SeqCst), 2, "nobody waited for the others");
    }

    #[tokio::test]
    async fn a_library_that_breaks_is_a_keychain_that_does_not_answer_and_the_thread_goes_on() {
        let mut keychain = Keychain::new(locked().0);
        let breaking = Secrets {
            pbx_password: Some(crate::Secret::anywhere("p")),
            api_key: None,
        };
        assert_eq!(keychain.save(breaking).await, Err(SecretTrouble::NoKeychain));
        assert_eq!(keychain.save(Secrets::default()).await, Ok(()));
    }
}
