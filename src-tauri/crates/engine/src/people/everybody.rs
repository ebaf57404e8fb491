//! All users of the account on this computer: the file of the crate `directory`, with the thread that writes it.
//!
//! 1. **One writer.** A thread owns what is written, a page of users or some of them at a time. Nobody but a reading of the
//!    account waits for it.
//! 2. **Readers beside.** Who rings is looked up over one connection, what somebody types is sought over another; neither
//!    waits for a write. What was handed over and is not written yet is looked at first, so a look-up never knows less than
//!    what was said.
//! 3. **The file is nobody's only copy.** One that is damaged or missing is made anew, and the account is read again; a
//!    disk that refuses it keeps nobody from working: then there are fewer to be found.
//! 4. **Another account's users are not seen from the moment on at which it is left**, however long the file takes.

mod lines;
mod upkeep;

use directory::{Directory, Error, Found, User};
use lines::{Lines, Next, Page};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use upkeep::Upkeep;

/// How long a search waits for what was handed over before it.
const WRITTEN: Duration = Duration::from_secs(1);
/// How long a disk that refuses is left alone.
const REFUSED: Duration = Duration::from_secs(10);

/// A page of users that came, as it is to be kept.
#[derive(Debug)]
pub struct Read {
    /// Who.
    pub users: Vec<User>,
    /// The number of the reading of all users that is under way, or was last.
    pub reading: i64,
    /// How far the reading is when they are kept.
    pub progress: String,
    /// It was the last page of a reading of all users, which is proved to be whole: who was not seen is gone.
    pub whole: bool,
}

/// The file of all users cannot take a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file of users was not written")]
pub struct NotKept;

/// The users of the account, for whoever owns them.
#[derive(Debug)]
pub struct Everybody {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

/// A way to look for users. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Seeker(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// None: in memory, for tests; then readers share the writer's connection.
    path: Option<PathBuf>,
    file: Mutex<Option<Directory>>,
    near: Mutex<Option<Directory>>,
    far: Mutex<Option<Directory>>,
    lines: Mutex<Lines>,
    wake: Condvar,
    written: Condvar,
    /// What the file holds is another account's, and is being taken out.
    hidden: AtomicBool,
    /// The file was made anew, and nobody knows yet.
    lost: AtomicBool,
    /// The number of the reading that users who are told of belong to.
    reading: AtomicI64,
    count: AtomicI64,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Everybody {
    /// The users in this file, which is made if it is missing.
    ///
    /// # Errors
    /// When the system gives no thread. A file that cannot be opened is tried again later.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let shared = Shared {
            path: Some(path.to_owned()),
            ..Shared::default()
        };
        if let Err(error) = shared.make_ready(&mut held(&shared.file)) {
            tracing::warn!(%error, "the file of users cannot be opened");
        }
        Self::start(shared)
    }

    /// Without a file, for tests.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn in_memory() -> std::io::Result<Self> {
        let shared = Shared {
            file: Mutex::new(Directory::in_memory().ok()),
            ..Shared::default()
        };
        Self::start(shared)
    }

    fn start(shared: Shared) -> std::io::Result<Self> {
        let shared = Arc::new(shared);
        let of_thread = shared.clone();
        let writer = std::thread::Builder::new().name("users".into()).spawn(move || work(&of_thread))?;
        Ok(Self {
            shared,
            writer: Some(writer),
        })
    }

    /// A way to search in them.
    #[must_use]
    pub fn seeker(&self) -> Seeker {
        Seeker(self.shared.clone())
    }

    /// Who has this number.
    #[must_use]
    pub fn with_number(&self, key: &str) -> Vec<User> {
        // First those who wait: who is written meanwhile is in the file, too.
        let has = |user: &&User| !user.deleted && user.phones.iter().any(|phone| phone.keys.iter().any(|one| one == key));
        let (waiting, theirs): (BTreeSet<u64>, Vec<User>) = {
            let lines = held(&self.shared.lines);
            let theirs = lines.users.values().filter(has).cloned().collect();
            (lines.users.keys().copied().collect(), theirs)
        };
        let mut users = self.shared.look(&self.shared.near, |file| file.with_number(key));
        users.retain(|user| !waiting.contains(&user.id));
        users.extend(theirs);
        users.sort_by_key(|user| user.id);
        users
    }

    /// One user.
    #[must_use]
    pub fn user(&self, id: u64) -> Option<User> {
        if let Some(user) = held(&self.shared.lines).users.get(&id) {
            return Some(user.clone()).filter(|user| !user.deleted);
        }
        self.shared.look(&self.shared.near, |file| file.user(id))
    }

    /// Whether there is a user; none where that cannot be told.
    #[must_use]
    pub fn has(&self, id: u64) -> Option<bool> {
        if let Some(user) = held(&self.shared.lines).users.get(&id) {
            return Some(!user.deleted);
        }
        if self.shared.lost.load(Ordering::SeqCst) {
            return None;
        }
        self.shared
            .look(&self.shared.near, |file| file.user(id).map(|user| Some(user.is_some())))
    }

    /// How many there are, as of the last page.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.shared.count.load(Ordering::Relaxed)).unwrap_or(0)
    }

    /// How far the reading is that was under way.
    #[must_use]
    pub fn progress(&self) -> Option<String> {
        if self.shared.hidden.load(Ordering::SeqCst) {
            return None;
        }
        let mut file = held(&self.shared.file);
        self.shared.of_file(&mut file, |file| file.progress()).ok().flatten()
    }

    /// Whom Omnidesk told of outside of a reading, or who is gone. Where very many wait they are not kept: they can be asked
    /// for again.
    pub fn later(&self, user: User) {
        if held(&self.shared.lines).add(user) {
            self.shared.wake.notify_one();
        }
    }

    /// This desk has to do with a user now.
    pub fn met(&self, id: u64, at: i64) {
        if held(&self.shared.lines).meet(id, at) {
            self.shared.wake.notify_one();
        }
    }

    /// A page is asked for: what is said of users from now on is newer than it.
    pub fn asks(&self) {
        held(&self.shared.lines).ask();
    }

    /// Of whom something newer was said than the page that was asked for, which is done with.
    #[must_use]
    pub fn told(&self) -> BTreeSet<u64> {
        held(&self.shared.lines).told()
    }

    /// Keeps a page, without those of whom something newer was said; says when it is in the file.
    pub fn keep(&self, read: Read) -> impl Future<Output = Result<(), NotKept>> + Send + use<> {
        let (tell, told) = oneshot::channel();
        self.shared.reading.store(read.reading, Ordering::Relaxed);
        held(&self.shared.lines).wait(Page { read, tell });
        self.shared.wake.notify_one();
        async move { told.await.unwrap_or(Err(NotKept)) }
    }

    /// The reading that is under way has this number.
    pub fn is_read(&self, reading: i64) {
        self.shared.reading.store(reading, Ordering::Relaxed);
    }

    /// Another account: all users go, and are not seen from now on.
    pub fn clear(&self) {
        self.shared.hidden.store(true, Ordering::SeqCst);
        self.shared.count.store(0, Ordering::Relaxed);
        held(&self.shared.lines).clear();
        self.shared.wake.notify_one();
    }

    /// Whether the file was made anew since this was asked last. No page is kept until then: it would be said that those
    /// before it are there.
    pub fn was_lost(&self) -> bool {
        let mut lines = held(&self.shared.lines);
        let was_lost = self.shared.lost.swap(false, Ordering::SeqCst);
        if was_lost {
            lines.page = None;
        }
        was_lost
    }
}

impl Drop for Everybody {
    /// Writes what waits, and closes the file.
    fn drop(&mut self) {
        held(&self.shared.lines).closed = true;
        self.shared.wake.notify_one();
        if let Some(writer) = self.writer.take() {
            // It catches what breaks in it.
            let _ = writer.join();
        }
        for connection in [&self.shared.near, &self.shared.far, &self.shared.file] {
            *held(connection) = None;
        }
    }
}

impl Seeker {
    /// Who is meant by what somebody has typed, with what was handed over before. May take some ms.
    #[must_use]
    pub fn search(&self, typed: &str, most: usize) -> Found {
        self.0.await_written();
        self.search_written(typed, most)
    }

    /// The same among those who are written.
    #[must_use]
    pub fn search_written(&self, typed: &str, most: usize) -> Found {
        self.0.look(&self.0.far, |file| file.search(typed, most))
    }
}

impl Shared {
    /// Reads over a connection; nothing where there is no file, or it cannot be read.
    fn look<T: Default>(&self, connection: &Mutex<Option<Directory>>, look: impl FnOnce(&Directory) -> Result<T, Error>) -> T {
        if self.hidden.load(Ordering::SeqCst) {
            return T::default();
        }
        let looked = {
            let mut own = held(if self.path.is_some() { connection } else { &self.file });
            if own.is_none() {
                *own = self.path.as_deref().and_then(|path| Directory::reader(path).ok());
            }
            let Some(file) = own.as_ref() else { return T::default() };
            look(file)
        };
        looked.unwrap_or_else(|error| {
            tracing::warn!(%error, "the file of users cannot be read");
            if error.is_damage() {
                held(&self.lines).renew = true;
                self.wake.notify_one();
            }
            T::default()
        })
    }

    /// Until all that waits now is written, at most for a moment.
    fn await_written(&self) {
        let lines = held(&self.lines);
        let until = lines.handed;
        let waits = |lines: &mut Lines| lines.written < until && !lines.is_refused();
        // Who waits in vain finds fewer.
        drop(self.written.wait_timeout_while(lines, WRITTEN, waits));
    }

    /// Does something with the file that writes, which is opened for it if need be.
    fn of_file<T>(&self, file: &mut Option<Directory>, act: impl FnOnce(&mut Directory) -> Result<T, Error>) -> Result<T, Error> {
        let done = act(self.make_ready(file)?);
        if done.as_ref().is_err_and(Error::is_damage) {
            self.renew(file)?;
        }
        done
    }

    fn make_ready<'a>(&self, file: &'a mut Option<Directory>) -> Result<&'a mut Directory, Error> {
        let open = || match self.path.as_deref() {
            Some(path) => Directory::open(path),
            None => Directory::in_memory(),
        };
        if file.is_none() {
            let opened = open()?;
            if opened.was_put_aside().is_some() {
                tracing::warn!("the file of users was damaged and is made anew");
                self.lost.store(true, Ordering::SeqCst);
            }
            self.count(&opened);
            *file = Some(opened);
        }
        match file {
            Some(file) => Ok(file),
            None => Err(Error::Aside(std::io::ErrorKind::NotFound.into())),
        }
    }

    /// Another file in place of a damaged one.
    fn renew(&self, file: &mut Option<Directory>) -> Result<(), Error> {
        tracing::warn!("the file of users is damaged and is made anew");
        // Before anything can fail: what was in it is not there any more.
        self.count.store(0, Ordering::Relaxed);
        self.lost.store(true, Ordering::SeqCst);
        let (mut near, mut far) = (held(&self.near), held(&self.far));
        (*near, *far, *file) = (None, None, None);
        *file = Some(match self.path.as_deref() {
            Some(path) => Directory::anew(path)?,
            None => Directory::in_memory()?,
        });
        Ok(())
    }

    fn count(&self, file: &Directory) {
        let counted = file.count().ok().and_then(|count| i64::try_from(count).ok());
        self.count.store(counted.unwrap_or(0), Ordering::Relaxed);
    }

    /// What is to be done next, carried out. What the disk refuses of it waits.
    fn carry_out(&self, next: Next) {
        let mut file = held(&self.file);
        let reading = self.reading.load(Ordering::Relaxed);
        match next {
            Next::Clear => {
                let cleared = self.of_file(&mut file, |file| file.clear().and_then(|()| file.set_progress("")));
                let cleared = cleared.and_then(|()| self.path.as_deref().map_or(Ok(()), Directory::forget_aside));
                match cleared {
                    Ok(()) => self.hidden.store(false, Ordering::SeqCst),
                    Err(error) => {
                        held(&self.lines).clear_again();
                        self.refuse(&error);
                    }
                }
            }
            Next::Renew => {
                if let Err(error) = self.renew(&mut file) {
                    self.refuse(&error);
                }
            }
            Next::Page(Page { tell, .. }) if self.lost.load(Ordering::SeqCst) => drop(tell.send(Err(NotKept))),
            Next::Page(Page { read, tell }) => {
                let kept = self.of_file(&mut file, |file| keep(file, &read));
                let kept = kept.map_err(|error| {
                    tracing::warn!(%error, "a page of users was not kept");
                    NotKept
                });
                if let Some(file) = file.as_ref() {
                    self.count(file);
                }
                // Whoever asked may be gone.
                let _ = tell.send(kept);
            }
            Next::Users(users) => {
                let list: Vec<User> = users.values().cloned().collect();
                match self.of_file(&mut file, |file| file.keep(&list, Some(reading))) {
                    Ok(written) => {
                        if written.new + written.gone > 0
                            && let Some(file) = file.as_ref()
                        {
                            self.count(file);
                        }
                        held(&self.lines).are_written(&users);
                    }
                    Err(error) => self.refuse(&error),
                }
                self.written.notify_all();
            }
            Next::Met(id, at) => {
                if let Err(error) = self.of_file(&mut file, |file| file.met(id, at)) {
                    tracing::debug!(%error, "that a user was met is not kept");
                }
            }
            Next::Idle | Next::Closed => {}
        }
    }

    fn refuse(&self, error: &Error) {
        tracing::warn!(%error, "the file of users was not written");
        held(&self.lines).refused = Some(Instant::now() + REFUSED);
        self.written.notify_all();
    }
}

fn keep(file: &mut Directory, read: &Read) -> Result<(), Error> {
    file.keep(&read.users, Some(read.reading))?;
    while read.whole && file.forget_unseen(read.reading, upkeep::AT_ONCE)? > 0 {}
    // After the page: what is said to be read is in the file.
    file.set_progress(&read.progress)
}

fn work(shared: &Shared) {
    let mut upkeep = Upkeep::default();
    loop {
        let mut lines = held(&shared.lines);
        let next = loop {
            if let Some(next) = lines.next(upkeep.is_due()) {
                break next;
            }
            let (again, waited) = shared
                .wake
                .wait_timeout(lines, upkeep::PAUSE)
                .unwrap_or_else(PoisonError::into_inner);
            lines = again;
            if waited.timed_out() {
                upkeep.pause_is_over();
            }
        };
        drop(lines);
        let worked = catch_unwind(AssertUnwindSafe(|| match next {
            Next::Idle => upkeep.step(shared),
            next => {
                upkeep.disturbed(&next);
                shared.carry_out(next);
            }
        }));
        if worked.is_err() {
            tracing::error!("writing the file of users broke");
            held(&shared.lines).refused = Some(Instant::now() + REFUSED);
        }
        let mut lines = held(&shared.lines);
        if lines.closed && (lines.is_empty() || lines.is_refused()) {
            lines.page = None;
            return;
        }
    }
}

#[cfg(test)]
mod tests;
