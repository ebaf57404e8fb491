//! Recordings: names in the PBX's recording folder, and WAV files made up on demand.
//!
//! As with MixMonitor's option `b`, a file exists from the moment recording is asked for (44 bytes, the
//! header) and grows only while the channel is in a bridge; while it grows it is served in steps of 32 KB.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// Where MixMonitor writes, on the PBX.
pub(crate) const FOLDER: &str = "/var/spool/asterisk/recording";
/// Bytes per second of 16-bit mono at 8 kHz.
const BYTES_PER_SECOND: u128 = 16_000;
/// A growing file shows this many bytes at a time.
const STEP: usize = 32 * 1024;
/// Longest file made, in bytes of sound: ten minutes.
const MAX_SOUND: usize = 600 * 16_000;

#[derive(Clone, Debug)]
struct Recording {
    done: Duration,
    since: Option<Instant>,
    open: bool,
}

/// All recordings.
pub(crate) struct Recordings {
    files: BTreeMap<String, Recording>,
    speed: f32,
}

impl Recordings {
    pub(crate) fn new(speed: f32) -> Self {
        Self {
            files: BTreeMap::new(),
            speed,
        }
    }

    /// Starts a file; `name` without folder and `.wav`.
    pub(crate) fn open(&mut self, name: &str) {
        self.files.insert(
            name.to_owned(),
            Recording {
                done: Duration::ZERO,
                since: None,
                open: true,
            },
        );
    }

    /// Its channel entered a bridge: sound from now on.
    pub(crate) fn resume(&mut self, name: &str) {
        if let Some(file) = self.files.get_mut(name).filter(|file| file.open) {
            file.since.get_or_insert_with(Instant::now);
        }
    }

    /// Its channel left the bridge.
    pub(crate) fn pause(&mut self, name: &str) {
        if let Some(file) = self.files.get_mut(name)
            && let Some(since) = file.since.take()
        {
            file.done += since.elapsed();
        }
    }

    /// Its channel is gone: the file is complete.
    pub(crate) fn close(&mut self, name: &str) {
        self.pause(name);
        if let Some(file) = self.files.get_mut(name) {
            file.open = false;
        }
    }

    /// The PBX died: files under way are bare headers.
    pub(crate) fn abandon(&mut self) {
        for file in self.files.values_mut().filter(|file| file.open) {
            *file = Recording {
                done: Duration::ZERO,
                since: None,
                open: false,
            };
        }
    }

    /// Forgets all files.
    pub(crate) fn clear(&mut self) {
        self.files.clear();
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    pub(crate) fn delete(&mut self, name: &str) -> bool {
        self.files.remove(name).is_some()
    }

    /// The file as it is now; `None` when there is none.
    pub(crate) fn wav(&self, name: &str) -> Option<Vec<u8>> {
        let file = self.files.get(name)?;
        let lasted = (file.done + file.since.map_or(Duration::ZERO, |since| since.elapsed())).mul_f32(self.speed);
        let sound = usize::try_from(lasted.as_millis() * BYTES_PER_SECOND / 1000)
            .unwrap_or(MAX_SOUND)
            .min(MAX_SOUND)
            & !1;
        if !file.open {
            return Some(wav(sound));
        }
        let visible = (sound + 44) / STEP * STEP;
        let mut bytes = wav(sound);
        bytes.truncate(visible.max(44));
        Some(bytes)
    }
}

/// A WAV file with a quiet tone: 8 kHz, 16 bit, mono.
fn wav(sound: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(sound + 44);
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes();
    bytes.extend(b"RIFF");
    bytes.extend(length(sound + 36));
    bytes.extend(b"WAVEfmt ");
    bytes.extend([16, 0, 0, 0, 1, 0, 1, 0]);
    bytes.extend(8000_u32.to_le_bytes());
    bytes.extend(16_000_u32.to_le_bytes());
    bytes.extend([2, 0, 16, 0]);
    bytes.extend(b"data");
    bytes.extend(length(sound));
    // Twenty samples a period: 400 Hz.
    let period: Vec<[u8; 2]> = (0..20_u8)
        .map(|step| {
            let angle = f32::from(step) * std::f32::consts::TAU / 20.0;
            #[expect(clippy::cast_possible_truncation, reason = "at most 4000")]
            let sample = (angle.sin() * 4000.0) as i16;
            sample.to_le_bytes()
        })
        .collect();
    bytes.extend(period.iter().cycle().take(sound / 2).flatten());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_without_talk_is_a_bare_header() {
        let mut recordings = Recordings::new(1.0);
        recordings.open("in-1");
        recordings.close("in-1");
        assert_eq!(recordings.wav("in-1").map(|bytes| bytes.len()), Some(44));
        assert_eq!(recordings.wav("in-2"), None);
    }

    #[test]
    fn a_growing_file_shows_whole_steps_and_the_closed_one_is_complete() {
        let mut recordings = Recordings::new(1.0);
        recordings.open("in-1");
        if let Some(file) = recordings.files.get_mut("in-1") {
            file.done = Duration::from_secs(5);
        }
        let growing = recordings.wav("in-1").unwrap();
        assert_eq!(growing.len(), 2 * STEP);
        recordings.close("in-1");
        let complete = recordings.wav("in-1").unwrap();
        assert_eq!(complete.len(), 44 + 80_000);
        assert_eq!(&complete[..4], b"RIFF");
        assert_eq!(complete[40..44], 80_000_u32.to_le_bytes());
    }
}
