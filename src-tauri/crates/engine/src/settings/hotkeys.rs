//! Key combinations that work whichever program has the keyboard: what may be one, and which are set.
//!
//! A combination is kept as a text such as `Ctrl+Alt+C`, as people read it. A key is named by its place on the keyboard, so it
//! is the same one in any layout.

use crate::settings::Settings;
use crate::settings::reach::bad;
use crate::view::{CommandError, Hotkey};

/// What takes a key: at least so many of Ctrl, Alt, Shift and Super. With one, it would be taken from every program.
const LEAST_MODIFIERS: usize = 2;
/// Keys beside letters, digits and F1 to F12.
const NAMED: [&str; 8] = ["Space", "Insert", "Home", "End", "PageUp", "PageDown", "Comma", "Period"];

/// Keys pressed together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of its own")]
pub struct Combination {
    /// Control.
    pub ctrl: bool,
    /// Alt; Option on a Mac.
    pub alt: bool,
    /// Shift.
    pub shift: bool,
    /// Super: the Windows key, Command on a Mac.
    pub logo: bool,
    /// The key that is pressed with these: `A` to `Z`, `0` to `9`, `F1` to `F12`, `Space` and the like.
    pub key: String,
}

impl Combination {
    /// Reads one; none for what is none, or would take a key that programs need.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut read = Self {
            ctrl: false,
            alt: false,
            shift: false,
            logo: false,
            key: String::new(),
        };
        let (modifiers, key) = text.rsplit_once('+')?;
        for modifier in modifiers.split('+') {
            let is_down = match modifier {
                "Ctrl" => &mut read.ctrl,
                "Alt" => &mut read.alt,
                "Shift" => &mut read.shift,
                "Super" => &mut read.logo,
                _ => return None,
            };
            if std::mem::replace(is_down, true) {
                return None;
            }
        }
        let down = [read.ctrl, read.alt, read.shift, read.logo]
            .into_iter()
            .filter(|down| *down)
            .count();
        key.clone_into(&mut read.key);
        (down >= LEAST_MODIFIERS && is_key(key)).then_some(read)
    }
}

/// In one order, whichever they were written in.
impl std::fmt::Display for Combination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (down, name) in [(self.ctrl, "Ctrl"), (self.alt, "Alt"), (self.shift, "Shift"), (self.logo, "Super")] {
            if down {
                write!(f, "{name}+")?;
            }
        }
        f.write_str(&self.key)
    }
}

fn is_key(name: &str) -> bool {
    let letter_or_digit = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let function = || (1..=12).any(|number| name == format!("F{number}"));
    matches!(name.as_bytes(), [byte] if letter_or_digit(*byte)) || NAMED.contains(&name) || function()
}

impl Settings {
    /// What is set for each, as it is written; empty: it is off.
    fn hotkey_texts(&self) -> [(Hotkey, &str); 3] {
        [
            (Hotkey::Dial, &self.hotkey_dial),
            (Hotkey::Popup, &self.hotkey_popup),
            (Hotkey::Private, &self.hotkey_private),
        ]
    }

    /// The combinations that can be read; of two that are the same, the first.
    #[must_use]
    pub fn hotkeys(&self) -> Vec<(Hotkey, Combination)> {
        let mut hotkeys: Vec<(Hotkey, Combination)> = Vec::new();
        for (hotkey, text) in self.hotkey_texts() {
            if let Some(combination) = Combination::read(text)
                && hotkeys.iter().all(|(_, other)| *other != combination)
            {
                hotkeys.push((hotkey, combination));
            }
        }
        hotkeys
    }

    /// Whether what a person changed of them can be kept.
    ///
    /// # Errors
    /// `badSetting` about the one that is no combination, such as `hotkeyDial`, or about `hotkeySame` where two are the same.
    pub(crate) fn check_hotkeys(&self, before: &Self) -> Result<(), CommandError> {
        let texts = self.hotkey_texts();
        if texts == before.hotkey_texts() {
            return Ok(());
        }
        let mut read = Vec::new();
        for (hotkey, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            let combination = Combination::read(text).ok_or_else(|| bad(hotkey.setting()))?;
            if read.contains(&combination) {
                return Err(bad("hotkeySame"));
            }
            read.push(combination);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::TroubleView;
    use hostile::texts;

    fn with(dial: &str, popup: &str, private: &str) -> Settings {
        Settings {
            hotkey_dial: dial.into(),
            hotkey_popup: popup.into(),
            hotkey_private: private.into(),
            ..Settings::default()
        }
    }

    #[test]
    fn d2_a_combination_is_two_modifiers_and_a_key_and_is_written_in_one_order() {
        for (text, written) in [
            ("Ctrl+Alt+C", Some("Ctrl+Alt+C")),
            ("Alt+Ctrl+C", Some("Ctrl+Alt+C")),
            ("Super+Shift+F12", Some("Shift+Super+F12")),
            ("Ctrl+Alt+Shift+Super+9", Some("Ctrl+Alt+Shift+Super+9")),
            ("Ctrl+Shift+Space", Some("Ctrl+Shift+Space")),
            ("Ctrl+C", None),
            ("Shift+A", None),
            ("F5", None),
            ("Ctrl+Ctrl+C", None),
            ("Ctrl+Alt+", None),
            ("Ctrl+Alt", None),
            ("Ctrl+Alt+c", None),
            ("Ctrl+Alt+Delete", None),
            ("Ctrl+Alt+F13", None),
            ("Ctrl+Alt+F01", None),
            ("Ctrl+Alt+С", None), // a Cyrillic letter
            ("Ctrl+Meta+C", None),
            (" Ctrl+Alt+C", None),
            ("", None),
        ] {
            let read = Combination::read(text).map(|combination| combination.to_string());
            assert_eq!(read.as_deref(), written, "{text}");
        }
        for hostile in texts() {
            assert_eq!(Combination::read(&hostile.text), None, "{}", hostile.name);
        }
    }

    #[test]
    fn d2_what_is_built_in_can_be_read_and_each_is_another_one() {
        assert_eq!(Settings::default().hotkeys().len(), 3);
    }

    #[test]
    fn d2_no_combination_and_two_that_are_the_same_are_refused_and_empty_is_off() {
        let before = Settings::default();
        let about = |settings: Settings| {
            let error = settings.check_hotkeys(&before).err()?;
            assert_eq!(error.trouble, TroubleView::BadSetting);
            error.about
        };
        assert_eq!(about(with("", "", "")), None);
        assert_eq!(about(with("Ctrl+Alt+D", "Super+Alt+O", "")), None);
        assert_eq!(about(with("Ctrl+D", "", "")).as_deref(), Some("hotkeyDial"));
        assert_eq!(about(with("", "x", "")).as_deref(), Some("hotkeyPopup"));
        assert_eq!(about(with("", "", "Enter")).as_deref(), Some("hotkeyPrivate"));
        assert_eq!(about(with("Ctrl+Alt+D", "Alt+Ctrl+D", "")).as_deref(), Some("hotkeySame"));
    }

    #[test]
    fn d2_what_an_office_has_spelt_wrongly_is_off_and_keeps_nobody_from_saving_something_else() {
        let office = with("Strg+Alt+D", "Ctrl+Alt+O", "Alt+Ctrl+O");
        let heard: Vec<Hotkey> = office.hotkeys().into_iter().map(|(hotkey, _)| hotkey).collect();
        assert_eq!(heard, [Hotkey::Popup]);
        let changed = Settings {
            theme: "dark".into(),
            ..office.clone()
        };
        assert_eq!(changed.check_hotkeys(&office), Ok(()));
    }
}
