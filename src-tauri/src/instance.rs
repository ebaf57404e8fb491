//! One Ringside at a time works in a data folder.
//!
//! The folder's lock is the truth: the system gives it back when a program ends, however it ends. Who does not get it
//! knocks at the running program's door, a socket in the folder, says what it was started for ([`Order`]), and has done its
//! work when the answer says so. A program that is ending, or only just starting, answers nothing: then both are tried again,
//! for a while.
//!
//! Whoever may write in the folder may knock, and say anything, or nothing: a visitor has one line, of bounded length, and
//! little time for it; few are heard at once, and none keeps another one waiting.

use crate::order::{Answer, LONGEST_ANSWER, LONGEST_LINE, Order};
use crate::outside::CASE_PATIENCE;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::StoreError;
use store::folder::{self, Claim};

/// How long a running program that does not answer is waited for.
const PATIENCE: Duration = Duration::from_secs(12);
/// How long one knock waits for its answer.
const ANSWER: Duration = Duration::from_secs(3);
/// How long a visitor may take to say what it wants.
const LISTENING: Duration = Duration::from_secs(1);
/// Most visitors that are heard at once.
const MOST_VISITORS: usize = 16;
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// The right to work in the data folder, and the door at which others knock.
#[derive(Debug)]
pub struct Place {
    _claim: Claim,
    door: Option<UnixListener>,
}

/// Whose the folder is.
#[derive(Debug)]
pub enum Taken {
    /// This program's.
    Here(Place),
    /// Another one's, which answered.
    Elsewhere(Answer),
}

/// Takes the folder, or has the program that has it carry the order out.
///
/// # Errors
/// [`StoreError`] when the folder cannot be used, or the program that has it does not answer.
pub fn take(data_dir: &Path, order: &Order) -> Result<Taken, StoreError> {
    take_within(data_dir, order, PATIENCE)
}

fn take_within(data_dir: &Path, order: &Order, patience: Duration) -> Result<Taken, StoreError> {
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
                return Ok(Taken::Here(Place { _claim: claim, door }));
            }
            Err(StoreError::InUse) => {}
            Err(error) => return Err(error),
        }
        if let Ok(answer) = ask(data_dir, order) {
            return Ok(Taken::Elsewhere(answer));
        }
        if Instant::now() >= until {
            return Err(StoreError::InUse);
        }
        std::thread::sleep(PAUSE);
    }
}

impl Place {
    /// Answers those who knock, for as long as the program lives. `carry_out` answers once an order is carried out, and nothing
    /// where it could not be.
    pub fn answer(&mut self, carry_out: impl Fn(Order) -> Option<Answer> + Send + Sync + 'static) {
        let Some(door) = self.door.take() else { return };
        let carry_out = Arc::new(carry_out);
        std::thread::spawn(move || {
            for visitor in door.incoming().flatten() {
                // One for the closure, one for each visitor. Whoever finds no place tries again.
                if Arc::strong_count(&carry_out) > MOST_VISITORS {
                    continue;
                }
                let carry_out = carry_out.clone();
                std::thread::spawn(move || {
                    // Whoever goes away again has nothing answered to it, and tries again.
                    let _ = let_in(visitor, &*carry_out);
                });
            }
        });
    }
}

fn let_in(mut visitor: UnixStream, carry_out: &impl Fn(Order) -> Option<Answer>) -> io::Result<()> {
    let said = line(&mut visitor, Instant::now() + LISTENING, LONGEST_LINE)?;
    if has_left(&mut visitor)? {
        return Ok(());
    }
    let answer = match Order::of_line(&said) {
        Some(order) => carry_out(order),
        None => Some(Answer::Refused),
    };
    visitor.set_write_timeout(Some(ANSWER))?;
    match answer {
        Some(answer) => visitor.write_all(format!("{}\n", answer.line()).as_bytes()),
        None => Ok(()),
    }
}

/// Whether a visitor has gone: an order that waited too long at the door has been given up, or said again.
fn has_left(visitor: &mut UnixStream) -> io::Result<bool> {
    visitor.set_nonblocking(true)?;
    let left = match visitor.read(&mut [0]) {
        Ok(read) => read == 0,
        Err(error) => error.kind() != io::ErrorKind::WouldBlock,
    };
    visitor.set_nonblocking(false)?;
    Ok(left)
}

/// Says an order at the door of the program that runs.
///
/// # Errors
/// `NotFound` and `ConnectionRefused` when none runs; else when it does not answer.
pub fn ask(data_dir: &Path, order: &Order) -> io::Result<Answer> {
    let address = Address::of(data_dir)?;
    let mut door = UnixStream::connect(&address.path)?;
    door.set_write_timeout(Some(ANSWER))?;
    door.write_all(format!("{}\n", order.line()).as_bytes())?;
    let patience = match order {
        // Who runs asks Omnidesk first, or reads its log.
        Order::OpenCase(_) | Order::Diagnostics => CASE_PATIENCE + ANSWER,
        Order::Show(_) | Order::Dial(_) | Order::DialSelection | Order::SetUp(_) | Order::Status | Order::Pause(_) => ANSWER,
    };
    let longest = if *order == Order::Diagnostics {
        LONGEST_ANSWER
    } else {
        LONGEST_LINE
    };
    let answer = line(&mut door, Instant::now() + patience, longest)?;
    let answer = Answer::of_line(&answer);
    Ok(if order.takes(&answer) { answer } else { Answer::Refused })
}

/// Reads one line, which must have come to its end by then, be shorter than that many bytes and have nothing behind it.
fn line(stream: &mut UnixStream, until: Instant, longest: usize) -> io::Result<String> {
    let mut said = Vec::new();
    let mut part = [0; 4_096];
    loop {
        let left = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero());
        stream.set_read_timeout(Some(left.ok_or(io::ErrorKind::TimedOut)?))?;
        let read = stream.read(&mut part)?;
        let before = said.len();
        said.extend_from_slice(&part[..read]);
        match part[..read].iter().position(|byte| *byte == b'\n').map(|end| before + end) {
            Some(end) if end + 1 == said.len() && end < longest => {
                said.truncate(end);
                return String::from_utf8(said).map_err(|_| io::ErrorKind::InvalidData.into());
            }
            Some(_) => return Err(io::ErrorKind::InvalidData.into()),
            None if read == 0 || said.len() >= longest => return Err(io::ErrorKind::InvalidData.into()),
            None => {}
        }
    }
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
    use std::sync::Mutex;

    const SHORT: Duration = Duration::from_millis(300);
    const SHOW: Order = Order::Show(None);

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        (place, data)
    }

    fn first(data: &Path) -> Place {
        match take_within(data, &SHOW, SHORT).unwrap() {
            Taken::Here(place) => place,
            Taken::Elsewhere(answer) => panic!("somebody else has it: {answer:?}"),
        }
    }

    /// What somebody else's program answers.
    fn second(data: &Path, order: &Order) -> Result<Answer, StoreError> {
        match take_within(data, order, SHORT)? {
            Taken::Here(_) => panic!("nobody had it"),
            Taken::Elsewhere(answer) => Ok(answer),
        }
    }

    #[test]
    fn d1_d2_a_second_start_is_done_when_the_first_has_carried_out_what_it_was_started_for() {
        let orders = [SHOW, Order::dial("tel:+7-916-123-45-67"), Order::dial("tel:x")];
        for depth in ["data", &"deep/".repeat(30)] {
            let place = tempfile::tempdir().unwrap();
            let data = place.path().join(depth);
            let mut first = first(&data);
            let carried_out = Arc::new(Mutex::new(Vec::new()));
            let kept = carried_out.clone();
            first.answer(move |order| {
                kept.lock().unwrap().push(order);
                Some(Answer::Done)
            });
            for order in &orders {
                assert_eq!(second(&data, order).unwrap(), Answer::Done);
            }
            assert_eq!(*carried_out.lock().unwrap(), orders);
        }
    }

    #[test]
    fn d1_a_long_answer_comes_whole_and_only_to_who_asked_for_one() {
        let (_place, data) = folder();
        let mut first = first(&data);
        let text = "a line of the log\n".repeat(30_000);
        let told = text.clone();
        first.answer(move |_| Some(Answer::Diagnostics(told.clone())));
        assert_eq!(ask(&data, &Order::Diagnostics).unwrap(), Answer::Diagnostics(text));
        assert!(ask(&data, &Order::Status).is_err());
    }

    #[test]
    fn d1_an_answer_to_another_question_is_none_to_this_one() {
        let (_place, data) = folder();
        let mut first = first(&data);
        let answers = Arc::new(Mutex::new(Vec::new()));
        let said = answers.clone();
        first.answer(move |_| said.lock().unwrap().pop());
        for (order, answer) in [
            (Order::Diagnostics, Answer::Done),
            (Order::Status, Answer::Done),
            (Order::Pause(crate::order::Pausing::End), Answer::Done),
            (SHOW, Answer::Resumed),
            (Order::dial("tel:101"), Answer::NoCase),
            (Order::OpenCase("664-245651".into()), Answer::NoNumber),
            (Order::Status, Answer::Diagnostics("short".into())),
        ] {
            answers.lock().unwrap().push(answer);
            assert_eq!(ask(&data, &order).unwrap(), Answer::Refused, "{order:?}");
        }
    }

    #[test]
    fn d1_a_program_that_does_not_show_its_window_is_not_taken_for_one_that_did() {
        let (_place, data) = folder();
        let mut first = first(&data);
        assert!(matches!(second(&data, &SHOW), Err(StoreError::InUse)), "nobody answers yet");
        first.answer(|_| None);
        assert!(
            matches!(second(&data, &SHOW), Err(StoreError::InUse)),
            "its windows are gone already"
        );
    }

    #[test]
    fn d1_a_start_waits_for_the_end_of_a_program_that_is_ending_and_then_starts() {
        let (_place, data) = folder();
        let first = first(&data);
        let next = std::thread::spawn({
            let data = data.clone();
            move || matches!(take_within(&data, &SHOW, PATIENCE).unwrap(), Taken::Here(_))
        });
        drop(first);
        assert!(next.join().unwrap());
    }

    #[test]
    fn d1_what_a_killed_program_left_in_the_folder_is_in_nobodys_way() {
        let (_place, data) = folder();
        drop(first(&data));
        assert!(data.join("ringside.sock").exists() && data.join("ringside.lock").exists());
        drop(first(&data));
    }

    #[test]
    fn d2_whether_a_program_runs_is_asked_without_starting_one() {
        let (_place, data) = folder();
        let nobody = |data: &Path| {
            let error = ask(data, &Order::Status).unwrap_err().kind();
            assert!(
                matches!(error, io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused),
                "{error:?}"
            );
        };
        nobody(&data);
        assert!(!data.exists(), "it made a folder");
        drop(first(&data));
        nobody(&data);
    }

    #[test]
    fn d2_whoever_says_anything_else_at_the_door_has_nothing_done_and_keeps_nobody_waiting() {
        let (_place, data) = folder();
        let mut first = first(&data);
        let carried_out = Arc::new(Mutex::new(Vec::new()));
        let kept = carried_out.clone();
        first.answer(move |order| {
            kept.lock().unwrap().push(order);
            Some(Answer::Done)
        });
        let door = || UnixStream::connect(data.join("ringside.sock")).unwrap();
        // Some say nothing, for as long as they may, and some go at once.
        let silent: Vec<UnixStream> = (0..MOST_VISITORS / 2).map(|_| door()).collect();
        drop(door());
        for said in [
            "show\n".to_owned(),
            "ringside/1 dial Local/101@from-internal\n".to_owned(),
            "ringside/1 show\nringside/1 show\n".to_owned(),
            "ringside/1 show".to_owned(),
            "\u{0}\n".to_owned(),
            "ringside/1 dial ".to_owned() + &"1".repeat(1 << 20),
        ] {
            let mut visitor = door();
            // One that is refused may be closed before it has said all.
            let _ = visitor.write_all(said.as_bytes());
            let _ = visitor.shutdown(std::net::Shutdown::Write);
            let mut answer = Vec::new();
            let _ = visitor.read_to_end(&mut answer);
            let answer = String::from_utf8(answer).unwrap();
            assert!(answer.is_empty() || answer == "ringside/1 refused\n", "{answer}");
        }
        assert!(carried_out.lock().unwrap().is_empty());
        assert_eq!(ask(&data, &SHOW).unwrap(), Answer::Done);
        assert_eq!(*carried_out.lock().unwrap(), [SHOW]);
        drop(silent);
    }
}
