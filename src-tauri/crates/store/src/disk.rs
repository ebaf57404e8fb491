//! The file on a thread of its own: what the engine has of the store.
//!
//! 1. **One writer.** A thread owns the connection that writes. What must be in the file before anything follows from it is
//!    waited for ([`Disk::now`], [`Disk::soon`]), the mark before an attempt by the attempt alone ([`Disk::mark`]); the rest
//!    is handed over and not waited for ([`Disk::later`]).
//! 2. **What is waited for goes first**, then marks. A commit waits for the one transaction that is being written, at most;
//!    as commits come in rows, nothing else is begun in the moment after one.
//! 3. **The rest keeps its order**, and of two writes of the same thing the newer one holds. It is in the file soon, at the
//!    latest when the disk is closed in order. A kill of the program may lose it, and nothing else: it is what can be
//!    asked for again, or is told anew by what was waited for.
//! 4. **What the disk refuses is not lost.** It stays in its place, [`Disk::refused`] says so, and it is written with
//!    [`Disk::flush`]. Nothing of the rest passes it.
//! 5. **Readers beside.** Look-ups have a connection of their own and never wait for a write; they see what is still to be
//!    written. Searches have another ([`Disk::reader`]) and see what the file holds.

mod queue;
mod write;
mod writer;

pub use write::Write;

use crate::outbox::Entry;
use crate::people::Person;
use crate::rescue::{self, Rescue};
use crate::{Fault, Store, StoreError, error};
use calls::UserId;
use queue::Queue;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::oneshot;
use write::Key;

/// The database of one agent's desk, with its writer and its readers. See the module's header for what it promises.
#[derive(Debug)]
pub struct Disk {
    queue: Arc<Queue>,
    writer: Option<JoinHandle<()>>,
    near: Reader,
    far: Reader,
    path: Option<PathBuf>,
    identity: Option<u64>,
    rescued: Option<Rescue>,
}

impl Disk {
    /// Gives the store its thread.
    ///
    /// # Errors
    /// [`StoreError::Thread`] when the system gives none.
    pub fn of(store: Store) -> Result<Self, StoreError> {
        Self::start(store, None)
    }

    /// As [`Disk::of`], on a disk that takes so long for each write: for measuring.
    ///
    /// # Errors
    /// As [`Disk::of`].
    pub fn slowed(store: Store, by: Duration) -> Result<Self, StoreError> {
        Self::start(store, Some(by))
    }

    fn start(store: Store, slowed: Option<Duration>) -> Result<Self, StoreError> {
        let queue = Arc::new(Queue::default());
        let (path, identity, rescued) = (store.path.clone(), store.identity, store.rescued.clone());
        let of_thread = queue.clone();
        let writer = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || writer::work(&of_thread, store, slowed))
            .map_err(StoreError::Thread)?;
        Ok(Self {
            near: Reader::beside(path.as_deref(), &queue),
            far: Reader::beside(path.as_deref(), &queue),
            writer: Some(writer),
            queue,
            path,
            identity,
            rescued,
        })
    }

    /// Has the writer do something, before all that is not waited for, and waits for it.
    ///
    /// # Errors
    /// What the job says; [`StoreError::Broke`] when it panicked.
    pub fn now<T: Send + 'static>(&self, job: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
        self.queue.now(job)
    }

    /// As [`Disk::now`], in line with the others, for a task that waits for the answer. Without one, the writer broke.
    pub fn soon<T: Send + 'static>(&self, job: impl FnOnce(&mut Store) -> T + Send + 'static) -> oneshot::Receiver<T> {
        let (tell, told) = oneshot::channel();
        self.queue.push(Box::new(move |store| {
            // Whoever does not wait any more has reasons.
            let _ = tell.send(job(store));
        }));
        told
    }

    /// Writes that an attempt at an entry is about to begin; says when that is in the file. Marks that come together are one
    /// transaction. Without an answer, the writer broke.
    pub fn mark(&self, entry: &Entry) -> oneshot::Receiver<Result<(), StoreError>> {
        self.queue.mark(entry.clone())
    }

    /// Writes how an entry stands, and waits for it.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn save_entry(&self, entry: &Entry) -> Result<(), StoreError> {
        self.queue.supersede(&Key::Entry(entry.seq));
        let entry = entry.clone();
        self.now(move |store| store.save_entry(&entry))
    }

    /// Keeps a setting, and waits for it. Never a secret.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn save_setting(&self, name: &'static str, value: String) -> Result<(), StoreError> {
        self.queue.supersede(&Key::Setting(name));
        self.now(move |store| store.set_setting(name, &value))
    }

    /// Writes something when its turn comes. Whether it was taken: where very much waits, users are not, as they can be
    /// asked for again.
    pub fn later(&self, write: Write) -> bool {
        self.queue.later(write)
    }

    /// Writes everything that waits, what was refused first, and sees whether the disk takes one more write.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses: the rest still waits.
    pub fn flush(&self) -> Result<(), StoreError> {
        let queue = self.queue.clone();
        self.now(move |store| {
            queue.allow();
            while let Some(batch) = queue.batch() {
                writer::write(&queue, store, &batch).inspect_err(|_| queue.hold())?;
            }
            store.probe()
        })
    }

    /// Comes when the disk has refused something that nobody waits for.
    pub async fn refused(&self) -> StoreError {
        self.queue.refused().await
    }

    /// Whether something that was refused still waits.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.queue.is_refused()
    }

    /// Comes when all that waits now is written, or the disk refuses some of it.
    pub fn written(&self) -> impl Future<Output = ()> + Send + use<> {
        let told = self.queue.written();
        async move {
            // A writer that is gone writes no more.
            let _ = told.await;
        }
    }

    /// A setting by its name, as it will be when all is written.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn setting(&self, name: &'static str) -> Result<Option<String>, StoreError> {
        match self.queue.waiting(&Key::Setting(name)).as_deref() {
            Some(Write::Setting { value, .. }) => Ok(Some(value.clone())),
            _ => self.near.look(move |store| store.setting(name)),
        }
    }

    /// One user as last seen.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn person(&self, id: UserId) -> Result<Option<Person>, StoreError> {
        match self.queue.waiting(&Key::Person(id)).as_deref() {
            Some(Write::Person(kept)) => Ok(Some(kept.person.clone())),
            _ => self.near.look(move |store| store.person(id)),
        }
    }

    /// Forgets users, as [`Store::forget_people_except`], also those that wait to be written.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn forget_people_except(&self, named: Vec<UserId>) -> Result<(), StoreError> {
        // In order with the users that wait: what is kept of the named ones stays.
        self.flush()?;
        self.now(move |store| store.forget_people_except(&named))
    }

    /// Another account, as [`Store::change_account`]; what waits to be written of the old one is dropped with it.
    ///
    /// # Errors
    /// As [`Store::change_account`].
    pub fn change_account(&self, changes: calls::Changes, settings: String) -> Result<(), StoreError> {
        self.flush()?;
        self.now(move |store| store.change_account(&changes, ("settings", &settings)))
    }

    /// A reader for what takes long: a search, a page of the history.
    #[must_use]
    pub fn reader(&self) -> Reader {
        self.far.clone()
    }

    /// What is wrong, in kinds that a person can be told; where SQLite does not say, the disk is asked.
    #[must_use]
    pub fn fault_of(&self, error: &StoreError) -> Fault {
        error::fault_at(self.path.as_deref(), error)
    }

    /// What became of a damaged file that stood here.
    #[must_use]
    pub fn rescued(&self) -> Option<&Rescue> {
        self.rescued.as_ref()
    }

    /// Whether the file that is written to is still the one that a next start would read.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        self.path.as_deref().is_none_or(|path| rescue::identity(path) == self.identity)
    }

    /// As [`Store::mend`]: from now on the file is a new one, with what can be read of the old one.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses; until it does not, every write is refused.
    pub fn mend(&mut self) -> Result<(), StoreError> {
        // Whoever reads the file closes it first: SQLite's locks are the program's, not the connection's.
        self.near.close();
        self.far.close();
        let mended = self.now(|store| {
            let mended = store.mend();
            Ok((mended, store.identity, store.rescued.clone()))
        });
        let (mended, identity, rescued) = mended?;
        (self.identity, self.rescued) = (identity, rescued);
        self.near.open(self.path.as_deref());
        self.far.open(self.path.as_deref());
        mended
    }
}

impl Drop for Disk {
    /// Writes what waits, and closes the file.
    fn drop(&mut self) {
        // Others may hold readers; and SQLite puts its log away with the last connection, if that one may write.
        self.near.close();
        self.far.close();
        self.queue.close();
        if let Some(writer) = self.writer.take() {
            // It catches what breaks in it.
            let _ = writer.join();
        }
    }
}

/// A connection of its own that only reads. Cheap to clone; clones take turns.
#[derive(Debug, Clone)]
pub struct Reader {
    own: Arc<Mutex<Option<Store>>>,
    queue: Arc<Queue>,
}

impl Reader {
    fn beside(path: Option<&Path>, queue: &Arc<Queue>) -> Self {
        let reader = Self {
            own: Arc::default(),
            queue: queue.clone(),
        };
        reader.open(path);
        reader
    }

    fn open(&self, path: Option<&Path>) {
        *self.own.lock().unwrap_or_else(PoisonError::into_inner) = path.and_then(|path| Store::beside(path).ok());
    }

    fn close(&self) {
        *self.own.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// When the writer last had nothing more to put in order; none since the start.
    #[must_use]
    pub fn kept_at(&self) -> Option<SystemTime> {
        self.queue.kept_at()
    }

    /// Reads. May wait for others who read, never for a write. A store without a file, or one that cannot be opened twice,
    /// has only its writer to ask.
    ///
    /// # Errors
    /// What `look` says.
    pub fn look<T: Send + 'static>(&self, look: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
        {
            let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(store) = own.as_ref() {
                return look(store);
            }
        }
        self.queue.now(move |store| look(store))
    }
}

impl Queue {
    /// See [`Disk::now`].
    fn now<T: Send + 'static>(&self, job: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
        let (tell, told) = mpsc::sync_channel(1);
        self.push(Box::new(move |store| {
            // Whoever asked waits below.
            let _ = tell.send(job(store));
        }));
        waiting(|| told.recv()).unwrap_or(Err(StoreError::Broke))
    }
}

/// Waits. What else this thread of the runtime was to do next is given to another one meanwhile.
fn waiting<T>(wait: impl FnOnce() -> T) -> T {
    let several = |handle: Handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread;
    if Handle::try_current().is_ok_and(several) {
        tokio::task::block_in_place(wait)
    } else {
        wait()
    }
}
