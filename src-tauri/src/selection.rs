//! The text that is selected somewhere on the desktop, and the dial window with the numbers in it.
//!
//! It is read only when somebody asks: by a key combination, or by `ringside dial --selection`. On Linux it is what X11 calls
//! the primary selection; the clipboard is something else, which nobody offered here, and is left alone. Whoever holds the
//! selection is another program: it may be slow, dead, or offer anything of any length, so what is read has an end in time and
//! in bytes. Of the text nothing is kept or shown but numbers.

#[cfg(target_os = "linux")]
mod wayland;
#[cfg(target_os = "linux")]
mod x11;

use crate::commands::{DialFrom, DialStart};
use crate::windows;
use engine::Engine;
use engine::view::{CommandError, TroubleView};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tauri::{AppHandle, Manager as _};

/// How long the program that has the selection is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// How much is looked through of a text, bytes: about a page, whose numbers are found at once whatever it is.
const LONGEST: usize = 2_000;
/// Between two numbers in the dial window's field.
const BETWEEN: &str = ", ";

/// Why there is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// Nothing is selected, or no text.
    Nothing,
    /// The program that has it does not give it.
    Silent,
    /// This desktop does not tell what is selected.
    NotHere,
}

impl Unread {
    /// All of them, by the names that the door and the windows have for them.
    pub const NAMED: [(&'static str, Self); 3] = [
        ("nothing-selected", Self::Nothing),
        ("selection-silent", Self::Silent),
        ("selection-hidden", Self::NotHere),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMED
            .iter()
            .find(|(_, of)| *of == self)
            .map_or_else(Default::default, |(name, _)| *name)
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The dial window has a number.
    Number,
    /// There is text, and no number in it, which the window says.
    NoNumber,
    /// There is no text, which the window says.
    Unread(Unread),
}

/// One at a time: a program that does not answer is not asked by many at once.
static IS_READING: AtomicBool = AtomicBool::new(false);

/// Opens the dial window with the numbers of what is selected, or with the reason why there are none. Not to be called on the
/// main thread. `None` while another one is at it.
pub fn open(app: &AppHandle) -> Option<Found> {
    if IS_READING.swap(true, Ordering::AcqRel) {
        return None;
    }
    let text = read_in_time();
    let (numbers, found) = match text {
        Ok(text) => {
            let engine = app.state::<Engine>().inner().clone();
            let numbers = tauri::async_runtime::block_on(engine.numbers_of(&text));
            let found = if numbers.is_empty() { Found::NoNumber } else { Found::Number };
            (numbers, found)
        }
        Err(unread) => (Vec::new(), Found::Unread(unread)),
    };
    let about = match found {
        Found::Number => None,
        Found::NoNumber => Some("selection"),
        Found::Unread(unread) => Some(unread.name()),
    };
    let start = DialStart {
        text: numbers.join(BETWEEN),
        trouble: about.map(|about| CommandError {
            trouble: TroubleView::BadSetting,
            about: Some(about.into()),
        }),
        caution: None,
        from: DialFrom::Selection,
    };
    windows::show_dial(app, start);
    Some(found)
}

/// Whoever gives the selection may never answer: then the next one is read once it has gone.
fn read_in_time() -> Result<String, Unread> {
    /// Also where reading broke.
    struct Turn;
    impl Drop for Turn {
        fn drop(&mut self) {
            IS_READING.store(false, Ordering::Release);
        }
    }
    let (said, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let _turn = Turn;
        // Who has waited long enough has gone.
        let _ = said.send(read(Instant::now() + PATIENCE));
    });
    // A little longer than the reader, which knows better what stood in its way.
    heard.recv_timeout(PATIENCE * 2).unwrap_or(Err(Unread::Silent))
}

/// The selected text, as far as it is looked through.
#[cfg(target_os = "linux")]
fn read(until: Instant) -> Result<String, Unread> {
    let read = if crate::hotkeys::is_wayland() {
        // Programs of X11 run there too, and what is selected in them may be told by X11 alone.
        wayland::read(until).or_else(|unread| match unread {
            Unread::NotHere => x11::read(until),
            Unread::Nothing | Unread::Silent => Err(unread),
        })
    } else {
        x11::read(until)
    };
    let text = read?;
    if text.trim().is_empty() { Err(Unread::Nothing) } else { Ok(text) }
}

/// Other systems have no such selection, and what is in the clipboard is not taken unasked.
#[cfg(not(target_os = "linux"))]
fn read(_until: Instant) -> Result<String, Unread> {
    Err(Unread::NotHere)
}

/// As many bytes as are looked through, as this form of text says them; of a longer one, up to the last letter or line: a number
/// that stands at its end may have gone on, and would be another one.
#[cfg(any(target_os = "linux", test))]
fn text_of(bytes: &[u8], form: impl Fn(&[u8]) -> String) -> String {
    if bytes.len() < LONGEST {
        return form(bytes);
    }
    let mut text = form(&bytes[..LONGEST]);
    let whole = text.char_indices().rfind(|(_, c)| c.is_alphabetic() || *c == '\n');
    text.truncate(whole.map_or(0, |(at, c)| at + c.len_utf8()));
    text
}

/// UTF-8; what is none shows as such and is no number.
#[cfg(any(target_os = "linux", test))]
fn utf8(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Waits until there is something to read; whether there is before that moment.
#[cfg(target_os = "linux")]
fn is_ready(from: &impl std::os::fd::AsFd, until: Instant) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) else {
        return false;
    };
    let left = Timespec {
        tv_sec: i64::try_from(left.as_secs()).unwrap_or_default(),
        tv_nsec: left.subsec_nanos().into(),
    };
    // What woke it up is read again by the caller, an end included.
    match poll(&mut [PollFd::new(from, PollFlags::IN)], Some(&left)) {
        Ok(ready) => ready > 0,
        Err(rustix::io::Errno::INTR) => is_ready(from, until),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d2_a_number_that_a_long_text_is_cut_in_is_not_taken_for_a_shorter_one() {
        let first = "8 916 123-45-67\n";
        let number = "+441234567890";
        for before in [LONGEST - 5, LONGEST - number.len(), LONGEST - 1] {
            let blanks = " ".repeat(before - first.len());
            let text = text_of(format!("{first}{blanks}{number}").as_bytes(), utf8);
            assert_eq!(text, first, "{before}");
        }
        // Half a letter at the end is none; a text of one part is left as it is.
        let words = "ж".repeat(LONGEST);
        assert_eq!(
            text_of(&words.as_bytes()[1..], utf8).trim_start_matches('\u{fffd}'),
            "ж".repeat(LONGEST / 2 - 1)
        );
        assert_eq!(text_of(number.as_bytes(), utf8), number);
        assert_eq!(text_of(&b"9".repeat(LONGEST), utf8), "");
    }
}
