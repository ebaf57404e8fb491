//! Recordings on their way from the PBX to Omnidesk: how long they are waited for, and when they are given up.

use super::{Delivery, Job, Stop};
use crate::account::texts;
use calls::{RecordingRef, Summary};
use omnidesk::Attachment;
use pbx::RecordingError;

/// The longest recording that is sent; Omnidesk takes 25 MB a file (omnidesk-api section 3).
const LONGEST_RECORDING: u64 = 25 * 1024 * 1024;
/// How long a message with text waits for its recording before it goes without, ms; people look for the case.
const SHORT_PATIENCE: i64 = 12_000;
/// How long a recording that has a message of its own is waited for, ms.
const LONG_PATIENCE: i64 = 600_000;

impl Delivery {
    /// The recording for a message with text: people look for the case, so after a while it goes without,
    /// and the recording follows as a duty of its own.
    pub(super) async fn recording_for_text(
        &self,
        job: &Job,
        name: Option<&RecordingRef>,
        summary: &Summary,
    ) -> Result<Vec<Attachment>, Stop> {
        let Some(name) = name.filter(|name| !is_headless(name)) else {
            return Ok(Vec::new());
        };
        let impatient = job.now.since(job.created) > SHORT_PATIENCE;
        match self.fetch(job, name, summary).await {
            Ok((file, true)) => Ok(vec![file]),
            Ok((_, false)) if !impatient => Err(Stop::NotYet),
            Err(error) if error.is_passing() && !impatient => Err(Stop::NotYet),
            Ok(_) | Err(_) => Ok(Vec::new()),
        }
    }

    /// The recording for a message of its own. Waits as long as the PBX is out; gives up only what is not there.
    pub(super) async fn recording_alone(&self, job: &Job, name: &RecordingRef, summary: &Summary) -> Result<Option<Attachment>, Stop> {
        if is_headless(name) {
            tracing::warn!("a recording is in a format without a header: nobody could tell what it is");
            return Ok(None);
        }
        let impatient = job.now.since(job.created) > LONG_PATIENCE;
        match self.fetch(job, name, summary).await {
            Ok((_, false)) | Err(RecordingError::NotYet | RecordingError::NotSound) if !impatient => Err(Stop::NotYet),
            Ok((file, _)) => Ok(Some(file)),
            Err(RecordingError::Transport) => Err(Stop::PbxOut),
            Err(RecordingError::Refused { status }) if status >= 500 => Err(Stop::PbxOut),
            Err(RecordingError::BadCredentials | RecordingError::Forbidden) => Err(Stop::Refused("recording_forbidden")),
            Err(RecordingError::TooLarge { .. }) => Err(Stop::Refused("recording_too_large")),
            Err(
                error @ (RecordingError::NotYet
                | RecordingError::NotSound
                | RecordingError::Gone
                | RecordingError::OutOfReach
                | RecordingError::Refused { .. }),
            ) => {
                tracing::warn!(%error, "a recording could not be had");
                Ok(None)
            }
        }
    }

    /// The file under the name it has in Omnidesk, and whether the PBX has finished it.
    async fn fetch(&self, job: &Job, name: &RecordingRef, summary: &Summary) -> Result<(Attachment, bool), RecordingError> {
        let Some(pbx) = &self.pbx else {
            return Err(RecordingError::Transport);
        };
        // Named by another PBX, before this one was set up: here nobody can hand it out.
        let records = pbx.records().ok_or(RecordingError::Gone)?;
        let file = records.fetch_recording(name, LONGEST_RECORDING).await?;
        let name = texts::recording_file(summary, job.leg.as_str(), &file.file_name, &self.zone);
        Ok((Attachment::new(name, file.mime, file.bytes), file.finished))
    }
}

/// Whether a recording is raw sound without a header, by its name: what is in such a file shows nowhere,
/// so it is never taken for sound, and fetching it again and again finds nothing else.
fn is_headless(name: &RecordingRef) -> bool {
    const RAW: [&str; 14] = [
        "ulaw", "alaw", "ul", "al", "mu", "pcm", "sln", "sln16", "sln48", "raw", "g722", "g729", "g723", "ilbc",
    ];
    let ending = name.as_str().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| RAW.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_sound_is_known_by_its_name_and_nothing_else_is_given_up_for_it() {
        for (name, raw) in [
            ("a.ulaw", true),
            ("x/a.SLN16", true),
            ("a.g722", true),
            ("a.wav", false),
            ("a", false),
            ("ulaw", false),
            ("a.gsm", false),
        ] {
            assert_eq!(is_headless(&RecordingRef::new(name)), raw, "{name}");
        }
    }
}
