//! One Ringside at a time works in a data folder.
//!
//! The folder's lock is the truth: the system gives it back when a program ends, however it ends. Who does not get it
//! knocks at the running program's door, a socket in the folder, and has done its work when that says that its window is
//! shown. A program that is ending, or only just starting, answers nothing: then both are tried again, for a while.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use store::StoreError;
use store::folder::{self, Claim};

/// How long a running program that does not answer is waited for.
const PATIENCE: Duration = Duration::from_secs(12);
/// How long one knock waits for its answer.
const ANSWER: Duration = Duration::from_secs(3);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);
const KNOCK: &[u8] = b"show\n";
const SHOWN: &[u8] = b"shown\n";

/// The right to work in the data folder, and the door at which others knock.
#[derive(Debug)]
pub struct Place {
    _claim: Claim,
    door: Option<UnixListener>,
}

/// Takes the folder. `None`: the program that has it shows its window now.
///
/// # Errors
/// [`StoreError`] when the folder cannot be used, or the program that has it does not answer.
pub fn take(data_dir: &Path) -> Result<Option<Place>, StoreError> {
    take_within(data_dir, PATIENCE)
}

fn take_within(data_dir: &Path, patience: Duration) -> Result<Option<Place>, StoreError> {
    let until = Instant::now() + patience;
    loop {
        match folder::claim(data_dir) {
            Ok(claim) => {
                let door = open_door(data_dir);
                if let Err(error) = &door {
                    // The lock alone keeps a second program out; it only cannot be shown the first one's window.
                    eprintln!("ringside: a second start will not be answered: {error}");
                }
                let door = door.ok();
                return Ok(Some(Place { _claim: claim, door }));
            }
            Err(StoreError::InUse) => {}
            Err(error) => return Err(error),
        }
        if knock(data_dir).is_ok_and(|shown| shown) {
            return Ok(None);
        }
        if Instant::now() >= until {
            return Err(StoreError::InUse);
        }
        std::thread::sleep(PAUSE);
    }
}

impl Place {
    /// Answers those who knock, for as long as the program lives. `show` returns whether the window is shown.
    pub fn answer(&mut self, show: impl Fn() -> bool + Send + 'static) {
        let Some(door) = self.door.take() else { return };
        std::thread::spawn(move || {
            for visitor in door.incoming().flatten() {
                // Whoever goes away again has no window shown to it, and tries again.
                let _ = let_in(visitor, &show);
            }
        });
    }
}

fn let_in(mut visitor: UnixStream, show: &impl Fn() -> bool) -> io::Result<()> {
    visitor.set_read_timeout(Some(ANSWER))?;
    visitor.set_write_timeout(Some(ANSWER))?;
    let mut said = [0; KNOCK.len()];
    visitor.read_exact(&mut said)?;
    if said == KNOCK && show() {
        visitor.write_all(SHOWN)?;
    }
    Ok(())
}

fn knock(data_dir: &Path) -> io::Result<bool> {
    let address = Address::of(data_dir)?;
    let mut door = UnixStream::connect(&address.path)?;
    door.set_read_timeout(Some(ANSWER))?;
    door.set_write_timeout(Some(ANSWER))?;
    door.write_all(KNOCK)?;
    let mut answer = Vec::new();
    door.take(64).read_to_end(&mut answer)?;
    Ok(answer == SHOWN)
}

fn open_door(data_dir: &Path) -> io::Result<UnixListener> {
    let address = Address::of(data_dir)?;
    match std::fs::remove_file(&address.path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let door = UnixListener::bind(&address.path)?;
    std::fs::set_permissions(&address.path, std::fs::Permissions::from_mode(0o600))?;
    Ok(door)
}

/// Where the door is. A socket's path is short by nature: from a long folder's, the system is shown the opened folder.
struct Address {
    path: PathBuf,
    _folder: Option<File>,
}

impl Address {
    fn of(data_dir: &Path) -> io::Result<Self> {
        const NAME: &str = "ringside.sock";
        const LONGEST: usize = 100;
        let path = data_dir.join(NAME);
        if path.as_os_str().len() <= LONGEST || !cfg!(target_os = "linux") {
            return Ok(Self { path, _folder: None });
        }
        let folder = File::open(data_dir)?;
        let number = std::os::fd::AsRawFd::as_raw_fd(&folder);
        Ok(Self {
            path: PathBuf::from(format!("/proc/self/fd/{number}/{NAME}")),
            _folder: Some(folder),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    const SHORT: Duration = Duration::from_millis(300);

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        (place, data)
    }

    #[test]
    fn d1_a_second_start_is_done_when_the_first_has_shown_its_window() {
        for depth in ["data", &"deep/".repeat(30)] {
            let place = tempfile::tempdir().unwrap();
            let data = place.path().join(depth);
            let mut first = take_within(&data, SHORT).unwrap().unwrap();
            let shown = Arc::new(AtomicU32::new(0));
            let count = shown.clone();
            first.answer(move || count.fetch_add(1, Ordering::SeqCst) < 9);
            for times in 1..=2 {
                assert!(take_within(&data, SHORT).unwrap().is_none());
                assert_eq!(shown.load(Ordering::SeqCst), times);
            }
        }
    }

    #[test]
    fn d1_a_program_that_does_not_show_its_window_is_not_taken_for_one_that_did() {
        let (_place, data) = folder();
        let mut first = take_within(&data, SHORT).unwrap().unwrap();
        assert!(matches!(take_within(&data, SHORT), Err(StoreError::InUse)), "nobody answers yet");
        first.answer(|| false);
        assert!(
            matches!(take_within(&data, SHORT), Err(StoreError::InUse)),
            "its windows are gone already"
        );
    }

    #[test]
    fn d1_a_start_waits_for_the_end_of_a_program_that_is_ending_and_then_starts() {
        let (_place, data) = folder();
        let first = take_within(&data, SHORT).unwrap().unwrap();
        let next = std::thread::spawn({
            let data = data.clone();
            move || take_within(&data, PATIENCE).unwrap().is_some()
        });
        drop(first);
        assert!(next.join().unwrap());
    }

    #[test]
    fn d1_what_a_killed_program_left_in_the_folder_is_in_nobodys_way() {
        let (_place, data) = folder();
        let first = take_within(&data, SHORT).unwrap().unwrap();
        drop(first);
        assert!(data.join("ringside.sock").exists() && data.join("ringside.lock").exists());
        assert!(take_within(&data, SHORT).unwrap().is_some());
    }
}
