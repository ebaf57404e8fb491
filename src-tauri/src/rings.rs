//! The sounds that the agent has chosen for calls; none unless they have.
//!
//! A file is looked at when it is given and again each time it is read: how long it is, and by what it begins with whether it is
//! one of the three kinds that every system's web view plays. A copy lies in the data folder, so that a file which is moved
//! changes nothing. The popup's page plays it, and no other: a call is heard once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// The longest file, bytes: it goes to the page in one piece.
const LONGEST: u64 = 1 << 20;
/// The same as base64.
const LONGEST_TEXT: usize = (LONGEST as usize).div_ceil(3) * 4;
/// What every system's web view plays.
const PLAYED: [&str; 3] = ["audio/wav", "audio/ogg", "audio/mpeg"];

/// When something sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Ring {
    /// As long as a client's call rings in the popup.
    Incoming,
    /// Once, when such a call was missed.
    Missed,
}

impl Ring {
    fn file(self) -> &'static str {
        match self {
            Self::Incoming => "ring-incoming",
            Self::Missed => "ring-missed",
        }
    }
}

/// For which there is a sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RingsView {
    /// See [`Ring::Incoming`].
    pub incoming: bool,
    /// See [`Ring::Missed`].
    pub missed: bool,
}

/// A sound, for a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RingSound {
    /// Its media type.
    pub kind: String,
    /// The file, as base64.
    pub sound: String,
}

/// Why a file was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RingTrouble {
    /// It is longer than a megabyte.
    TooLong,
    /// It is not WAV, OGG or MP3.
    NotSound,
    /// The data folder could not be written.
    NotKept,
}

/// The chosen sounds, in the data folder.
#[derive(Debug, Clone)]
pub struct Rings {
    folder: PathBuf,
}

impl Rings {
    /// Those in this folder.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// For which there is one.
    #[must_use]
    pub fn view(&self) -> RingsView {
        RingsView {
            incoming: self.read(Ring::Incoming).is_some(),
            missed: self.read(Ring::Missed).is_some(),
        }
    }

    /// The sound; none where none was chosen, or what lies there is none.
    #[must_use]
    pub fn read(&self, ring: Ring) -> Option<RingSound> {
        let file = self.folder.join(ring.file());
        // Anything else could be waited for.
        fs::metadata(&file).ok().filter(fs::Metadata::is_file)?;
        let mut bytes = Vec::new();
        File::open(&file).ok()?.take(LONGEST + 1).read_to_end(&mut bytes).ok()?;
        Some(RingSound {
            kind: kind(&bytes).ok()?.to_owned(),
            sound: STANDARD.encode(&bytes),
        })
    }

    /// From now on it is this file, given as base64.
    ///
    /// # Errors
    /// Where it is none that can be played, or cannot be kept; the one before stays.
    pub fn keep(&self, ring: Ring, sound: &str) -> Result<(), RingTrouble> {
        if sound.len() > LONGEST_TEXT {
            return Err(RingTrouble::TooLong);
        }
        let bytes = STANDARD.decode(sound).map_err(|_| RingTrouble::NotSound)?;
        kind(&bytes)?;
        let beside = self.folder.join(format!("{}.part", ring.file()));
        let kept = fs::write(&beside, &bytes).and_then(|()| fs::rename(&beside, self.folder.join(ring.file())));
        kept.map_err(|error| {
            tracing::warn!(kind = ?error.kind(), "a sound for calls could not be kept");
            // It may not even have begun.
            let _ = fs::remove_file(&beside);
            RingTrouble::NotKept
        })
    }

    /// From now on it is quiet.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn forget(&self, ring: Ring) -> Result<(), RingTrouble> {
        match fs::remove_file(self.folder.join(ring.file())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(RingTrouble::NotKept),
            _ => Ok(()),
        }
    }
}

fn kind(bytes: &[u8]) -> Result<&'static str, RingTrouble> {
    if bytes.len() as u64 > LONGEST {
        return Err(RingTrouble::TooLong);
    }
    let kind = pbx::sound_type(bytes).filter(|kind| PLAYED.contains(kind));
    kind.ok_or(RingTrouble::NotSound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(length: usize) -> Vec<u8> {
        let mut bytes = b"RIFF\x24\0\0\0WAVEfmt ".to_vec();
        bytes.resize(length, 0);
        bytes
    }

    #[test]
    fn a_sound_is_kept_replaced_read_as_it_was_given_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let rings = Rings::of(folder.path());
        let view = |incoming, missed| RingsView { incoming, missed };
        assert_eq!((rings.view(), rings.read(Ring::Incoming)), (view(false, false), None));
        for (bytes, kind) in [
            (wav(60), "audio/wav"),
            (b"OggS..".to_vec(), "audio/ogg"),
            (b"ID3...".to_vec(), "audio/mpeg"),
        ] {
            let sound = STANDARD.encode(bytes);
            rings.keep(Ring::Incoming, &sound).unwrap();
            let kind = kind.to_owned();
            assert_eq!(rings.read(Ring::Incoming), Some(RingSound { kind, sound }));
        }
        assert_eq!(rings.view(), view(true, false));
        rings.keep(Ring::Missed, &STANDARD.encode(wav(50))).unwrap();
        rings.forget(Ring::Incoming).unwrap();
        rings.forget(Ring::Incoming).unwrap();
        assert_eq!(rings.view(), view(false, true));
        // Nothing else is left in the folder.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_too_long_no_sound_or_cannot_be_kept_is_refused_and_the_one_before_stays() {
        let folder = tempfile::tempdir().unwrap();
        let rings = Rings::of(folder.path());
        let most = STANDARD.encode(wav(1 << 20));
        rings.keep(Ring::Missed, &most).unwrap();
        let before = rings.read(Ring::Missed);
        for (sound, trouble) in [
            (STANDARD.encode(wav((1 << 20) + 1)), RingTrouble::TooLong),
            (most.repeat(2), RingTrouble::TooLong),
            (String::new(), RingTrouble::NotSound),
            ("not base64, nor a sound".to_owned(), RingTrouble::NotSound),
            (STANDARD.encode("<html>"), RingTrouble::NotSound),
            // A sound that not every web view plays.
            (STANDARD.encode("#!AMR\n"), RingTrouble::NotSound),
        ] {
            assert_eq!(rings.keep(Ring::Missed, &sound), Err(trouble));
        }
        for hostile::Hostile { text, .. } in hostile::texts() {
            assert_eq!(rings.keep(Ring::Missed, &text), Err(RingTrouble::NotSound));
        }
        assert_eq!(rings.read(Ring::Missed), before);
        let nowhere = Rings::of(&folder.path().join("nowhere"));
        assert_eq!(nowhere.keep(Ring::Missed, &STANDARD.encode(wav(50))), Err(RingTrouble::NotKept));
    }

    #[test]
    fn what_was_put_into_the_folder_meanwhile_is_looked_at_as_any_other_file() {
        let folder = tempfile::tempdir().unwrap();
        let rings = Rings::of(folder.path());
        for bytes in [b"<html>".to_vec(), Vec::new(), wav((1 << 20) + 1)] {
            fs::write(folder.path().join("ring-incoming"), bytes).unwrap();
            assert_eq!(rings.read(Ring::Incoming), None);
        }
        fs::create_dir(folder.path().join("ring-missed")).unwrap();
        assert_eq!(rings.read(Ring::Missed), None);
        assert_eq!(rings.forget(Ring::Missed), Err(RingTrouble::NotKept));
    }
}
