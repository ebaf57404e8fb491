//! Combinations under X11: passive grabs on the root window, of which one program can have each.
//!
//! A key is meant by its place on the keyboard, so it is grabbed by its code, which is the kernel's plus 8 wherever X reads the
//! keyboard by evdev. Caps Lock and Num Lock count as modifiers there, so each is grabbed with and without them.

use engine::Combination;
use engine::view::Hotkey;
use std::sync::{Arc, Mutex, PoisonError};
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xkb::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{ConnectionExt as _, GrabMode, KeyButMask, ModMask, Window};
use x11rb::rust_connection::RustConnection;

/// The kernel's codes of keys (`input-event-codes.h`) by their names; letters by rows, each beginning at its code.
const ROWS: [(u8, &str); 4] = [(2, "1234567890"), (16, "QWERTYUIOP"), (30, "ASDFGHJKL"), (44, "ZXCVBNM")];
const NAMED: [(&str, u8); 20] = [
    ("Comma", 51),
    ("Period", 52),
    ("Space", 57),
    ("F1", 59),
    ("F2", 60),
    ("F3", 61),
    ("F4", 62),
    ("F5", 63),
    ("F6", 64),
    ("F7", 65),
    ("F8", 66),
    ("F9", 67),
    ("F10", 68),
    ("F11", 87),
    ("F12", 88),
    ("Home", 102),
    ("PageUp", 104),
    ("End", 107),
    ("PageDown", 109),
    ("Insert", 110),
];
/// From the kernel's codes to X's.
const APART: u8 = 8;
/// A held key is repeated sooner than this, ms; after a longer pause it was pressed again.
const REPEATS: u32 = 1_500;

/// What is grabbed: the key's code, what is pressed with it, and what for.
type Grabs = Vec<(u8, ModMask, Hotkey)>;

/// A connection of its own, with a thread that waits for keys.
pub struct Keys {
    conn: Arc<RustConnection>,
    root: Window,
    grabs: Arc<Mutex<Grabs>>,
}

impl Keys {
    /// None without an X server.
    pub fn new(pressed: impl Fn(Hotkey) + Send + 'static) -> Option<Self> {
        let (conn, screen) = RustConnection::connect(None).ok()?;
        let root = conn.setup().roots.get(screen)?.root;
        tell_repeats(&conn);
        let (conn, grabs) = (Arc::new(conn), Arc::new(Mutex::new(Grabs::new())));
        let of_thread = (conn.clone(), grabs.clone());
        // It ends with the connection, as the program does.
        std::thread::spawn(move || listen(&of_thread.0, &of_thread.1, pressed));
        Some(Self { conn, root, grabs })
    }

    /// Grabs these and lets go of all others; returns those that somebody else has.
    pub fn hear(&self, keys: &[(Hotkey, Combination)]) -> Vec<Hotkey> {
        let mut grabs = self.grabs.lock().unwrap_or_else(PoisonError::into_inner);
        for (code, modifiers, _) in grabs.drain(..) {
            self.let_go(code, modifiers);
        }
        let mut taken = Vec::new();
        for (hotkey, combination) in keys {
            let modifiers = modifiers(combination);
            match code(&combination.key) {
                Some(code) if self.grab(code, modifiers) => grabs.push((code, modifiers, *hotkey)),
                _ => taken.push(*hotkey),
            }
        }
        // What is said is on its way before the caller goes on; a server that is gone takes the program along.
        let _ = self.conn.flush();
        taken
    }

    /// Whether it could be grabbed, with each of the locks.
    fn grab(&self, code: u8, modifiers: ModMask) -> bool {
        let grabbed = locks().into_iter().all(|lock| {
            let asked = self
                .conn
                .grab_key(false, self.root, modifiers | lock, code, GrabMode::ASYNC, GrabMode::ASYNC);
            asked.is_ok_and(|asked| asked.check().is_ok())
        });
        if !grabbed {
            self.let_go(code, modifiers);
        }
        grabbed
    }

    fn let_go(&self, code: u8, modifiers: ModMask) {
        for lock in locks() {
            if let Ok(asked) = self.conn.ungrab_key(code, self.root, modifiers | lock) {
                asked.ignore_error();
            }
        }
    }
}

/// A key that is held is then told as pressed again and again, without having been let go of.
fn tell_repeats(conn: &RustConnection) {
    let flag = xkb::PerClientFlag::DETECTABLE_AUTO_REPEAT;
    let nothing = xkb::BoolCtrl::default();
    let asked = conn.xkb_use_extension(1, 0).ok().and_then(|asked| asked.reply().ok());
    if asked.is_some_and(|extension| extension.supported)
        && let Ok(asked) = conn.xkb_per_client_flags(xkb::ID::USE_CORE_KBD.into(), flag, flag, nothing, nothing, nothing)
    {
        // Without it, a held key counts more than once.
        let _ = asked.reply();
    }
}

fn listen(conn: &RustConnection, grabs: &Mutex<Grabs>, pressed: impl Fn(Hotkey)) {
    // The key that is down, and when it was last told.
    let mut down: Option<(u8, u32)> = None;
    loop {
        match conn.wait_for_event() {
            Ok(Event::KeyPress(key)) => {
                let repeats = down.is_some_and(|(code, at)| code == key.detail && key.time.wrapping_sub(at) < REPEATS);
                down = Some((key.detail, key.time));
                let modifiers = ModMask::from((key.state & all_modifiers()).bits());
                let grabs = grabs.lock().unwrap_or_else(PoisonError::into_inner);
                let meant = grabs.iter().find(|(code, with, _)| *code == key.detail && *with == modifiers);
                let hotkey = meant.map(|(_, _, hotkey)| *hotkey);
                drop(grabs);
                if let Some(hotkey) = hotkey.filter(|_| !repeats) {
                    pressed(hotkey);
                }
            }
            Ok(Event::KeyRelease(_)) => down = None,
            Ok(_) => {}
            Err(_) => return,
        }
    }
}

fn code(key: &str) -> Option<u8> {
    let named = NAMED.iter().find(|(name, _)| *name == key).map(|(_, code)| *code);
    let in_rows = || {
        ROWS.iter()
            .find_map(|(first, row)| Some(first + u8::try_from(row.find(key)?).ok()?))
    };
    named.or_else(in_rows).map(|code| code + APART)
}

fn modifiers(combination: &Combination) -> ModMask {
    let mut mask = ModMask::default();
    for (is_down, modifier) in [
        (combination.ctrl, ModMask::CONTROL),
        (combination.alt, ModMask::M1),
        (combination.shift, ModMask::SHIFT),
        (combination.logo, ModMask::M4),
    ] {
        if is_down {
            mask |= modifier;
        }
    }
    mask
}

/// Those that count.
fn all_modifiers() -> KeyButMask {
    KeyButMask::CONTROL | KeyButMask::MOD1 | KeyButMask::SHIFT | KeyButMask::MOD4
}

/// With nothing, Num Lock, Caps Lock and both.
fn locks() -> [ModMask; 4] {
    [ModMask::default(), ModMask::M2, ModMask::LOCK, ModMask::M2 | ModMask::LOCK]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d2_every_key_that_can_be_set_has_a_code_of_its_own() {
        let letters = ('A'..='Z').chain('0'..='9').map(String::from);
        let functions = (1..=12).map(|number| format!("F{number}"));
        let others = ["Space", "Insert", "Home", "End", "PageUp", "PageDown", "Comma", "Period"].map(String::from);
        let mut codes = Vec::new();
        for key in letters.chain(functions).chain(others) {
            assert!(Combination::read(&format!("Ctrl+Alt+{key}")).is_some(), "{key} cannot be set");
            codes.push(code(&key).unwrap_or_else(|| panic!("{key} has no code")));
        }
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
        // As xmodmap -pke names them.
        assert_eq!(
            ["C", "0", "1", "M", "F12"].map(code),
            [Some(54), Some(19), Some(10), Some(58), Some(96)]
        );
    }
}
