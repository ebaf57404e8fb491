//! Where an office publishes its settings, as one setting says it.

use crate::settings::Settings;
use crate::settings::reach::bad;
use crate::view::{CommandError, OfficeFrom};
use std::path::{Path, PathBuf};
use url::Url;

/// The setting.
pub(crate) const SETTING: &str = "officeSettings";
/// In Omnidesk itself.
pub(crate) const OMNIDESK: &str = "omnidesk";

/// A place where settings are published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// None: nobody is asked.
    Off,
    /// The note of a company in Omnidesk.
    Omnidesk,
    /// A file at an https address.
    Address(Url),
    /// A file of this computer, or of the office's network.
    File(PathBuf),
}

impl Source {
    /// # Errors
    /// `badSetting` about `officeSettings`: an address without https or with a login, a path that is not full.
    pub(crate) fn of(settings: &Settings) -> Result<Self, CommandError> {
        let text = settings.office_settings.trim();
        if text.is_empty() {
            return Ok(Self::Off);
        }
        if text == OMNIDESK {
            return Ok(Self::Omnidesk);
        }
        // A relative one would be read from wherever the program was started.
        if Path::new(text).is_absolute() {
            return Ok(Self::File(text.into()));
        }
        let url = Url::parse(text).ok().filter(|url| url.scheme() == "https" && url.host().is_some());
        let url = url.filter(|url| url.username().is_empty() && url.password().is_none());
        url.map(Self::Address).ok_or_else(|| bad(SETTING))
    }

    /// For the windows.
    pub(crate) fn view(&self) -> OfficeFrom {
        match self {
            Self::Off => OfficeFrom::Off,
            Self::Omnidesk => OfficeFrom::Omnidesk,
            Self::Address(_) => OfficeFrom::Address,
            Self::File(_) => OfficeFrom::File,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_omnidesk_a_full_path_or_an_https_address_without_a_login() {
        let of = |text: &str| {
            let office_settings = text.to_owned();
            Source::of(&Settings {
                office_settings,
                ..Settings::default()
            })
        };
        let full = std::env::temp_dir().join("office.json");
        assert_eq!(of(" "), Ok(Source::Off));
        assert_eq!(of("omnidesk"), Ok(Source::Omnidesk));
        assert_eq!(of(full.to_str().unwrap()), Ok(Source::File(full)));
        let address = "https://files.example.com/office.json";
        assert_eq!(of(address), Ok(Source::Address(address.parse().unwrap())));
        for none in [
            "http://files.example.com/office.json",
            "https://me:word@files.example.com/x",
            "https://",
            "office.json",
            "../office.json",
            "file:///etc/passwd",
            "Omnidesk",
            "javascript:alert(1)",
        ] {
            assert_eq!(of(none), Err(bad("officeSettings")), "{none}");
        }
    }
}
