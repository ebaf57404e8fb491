//! What the PBX still tells about a call whose end nobody saw.
//!
//! ARI has no history. What is left of a call is the other side's channel, as long as it lives (where it is, and whom its
//! variables name: `DIALEDPEERNAME` is set when a phone answers, `BLINDTRANSFER` and `ATTENDEDTRANSFER` name who passed it
//! on), and the recording, whose length is the length of the talk. MixMonitor with option `b` records only while two
//! people are connected: a file that is nothing but its header says that nobody talked.

use super::exchange::Agent;
use super::name::endpoint;
use super::rest::Rest;
use super::wire;
use crate::port::{OutOfSight, Whereabouts};
use calls::{OtherSide, RecordingRef, Traces};
use serde_json::Value;

/// Recordings are not fetched beyond this size only to learn how long they are.
const LARGEST: u64 = 64 << 20;
/// At most so many recordings of one conversation are looked at.
const MOST_RECORDINGS: usize = 4;
/// What names whoever passed a channel on.
const PASSED_ON: [&str; 2] = ["BLINDTRANSFER", "ATTENDEDTRANSFER"];
/// What names the phone that answered a channel.
const ANSWERED: &str = "DIALEDPEERNAME";

impl Rest {
    /// Asks for everything that is left of a call.
    pub async fn traces(&self, call: &OutOfSight<'_>) -> Traces {
        let mut traces = Traces::default();
        if call.conversation.is_some() || !call.caller.is_empty() {
            traces.other = match self.whereabouts(call.conversation, call.caller).await {
                Some(Whereabouts::Gone) => OtherSide::Gone,
                Some(Whereabouts::Waits(_)) => OtherSide::Waits,
                Some(Whereabouts::Talks) => OtherSide::Talks,
                None => OtherSide::NotKnown,
            };
        }
        match traces.other {
            OtherSide::Waits | OtherSide::Talks => {
                if let Some(conversation) = call.conversation {
                    self.who_had_them(conversation, &mut traces).await;
                }
            }
            OtherSide::Gone => self.what_was_recorded(call, &mut traces).await,
            OtherSide::NotKnown => {}
        }
        traces
    }

    async fn was_up_for(&self, age_ms: i64) -> bool {
        let Ok((info, Some(now))) = self.dated(&["asterisk", "info"], &[("only", "status")]).await else {
            return false;
        };
        // By the PBX's own clock, which tells whole seconds here: only what is beyond doubt counts.
        let started = wire::moment(info.pointer("/status/startup_time"));
        started.is_some_and(|started| now.since(started) > age_ms + 1_000)
    }

    async fn who_had_them(&self, channel: &str, traces: &mut Traces) {
        let agent = self.config().agent();
        let ours = async |variable| {
            let name = self.text_of(channel, variable).await;
            name.is_some_and(|name| is_own(&name, &agent))
        };
        for variable in PASSED_ON {
            traces.passed_on |= ours(variable).await;
        }
        traces.talked = traces.passed_on || ours(ANSWERED).await;
    }

    async fn what_was_recorded(&self, call: &OutOfSight<'_>, traces: &mut Traces) {
        let known = call.recording.map(|recording| recording.as_str().to_owned());
        let names = match (known, call.conversation) {
            (Some(name), _) => vec![name],
            (None, Some(conversation)) => match self.get(&["recordings", "stored"], &[]).await {
                Ok(stored) => of_conversation(&stored, conversation),
                Err(_) => return,
            },
            (None, None) => return,
        };
        let mut sounds = Vec::new();
        for name in names.into_iter().take(MOST_RECORDINGS) {
            match self.recording(&RecordingRef::new(name.clone()), LARGEST).await {
                Ok(file) if file.finished => sounds.push((name, length(&file.bytes))),
                // Its length is not known, or it still grows.
                Ok(_) => sounds.push((name, None)),
                Err(crate::RecordingError::NotYet) => sounds.push((name, Some(0))),
                Err(_) => return,
            }
        }
        traces.silence = !sounds.is_empty() && self.was_up_for(call.age_ms).await && sounds.iter().all(|(_, ms)| *ms == Some(0));
        let extension = self.config().extension.as_str();
        let ours = |name: &str| call.recording.is_some() || call.alone || names_extension(name, extension);
        let own = sounds.into_iter().find(|(name, ms)| *ms != Some(0) && ours(name));
        if let Some((name, ms)) = own {
            (traces.recording, traces.recorded_ms, traces.talked) = (Some(RecordingRef::new(name)), ms, true);
        }
    }
}

/// Whether a channel's name, as a variable has it, is this agent's phone or the plumbing that leads to it.
fn is_own(name: &str, agent: &Agent) -> bool {
    let technology = name.split('/').next().unwrap_or_default();
    let named = endpoint(name);
    let dialled = named.split('@').next().and_then(|dialled| dialled.rsplit('-').next());
    let own = agent.extension.as_str();
    (technology == agent.technology && named == own) || (technology == "Local" && dialled == Some(own))
}

/// The stored recordings whose names carry the conversation's id.
fn of_conversation(stored: &Value, conversation: &str) -> Vec<String> {
    let list = stored.as_array().map(Vec::as_slice).unwrap_or_default();
    let names = list.iter().filter_map(|recording| recording.get("name")?.as_str());
    names.filter(|name| carries(name, conversation)).map(Into::into).collect()
}

/// Whether a name holds an id as a whole: `…-1795329167.1` is not about `1795329167.12`.
fn carries(name: &str, id: &str) -> bool {
    let mut at = name.match_indices(id).map(|(at, _)| (&name[..at], &name[at + id.len()..]));
    let digit = |text: Option<char>| text.is_some_and(|c| c.is_ascii_digit());
    !id.is_empty() && at.any(|(before, after)| !digit(before.chars().next_back()) && !digit(after.chars().next()))
}

/// Whether a recording's name has the extension as a part of its own: `external-101-…`, `int-101-…`.
fn names_extension(name: &str, extension: &str) -> bool {
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == extension)
}

/// How long a wav file is, ms, by its own header.
fn length(bytes: &[u8]) -> Option<i64> {
    let word = |at: usize| bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map(u32::from_le_bytes);
    if bytes.get(..4) != Some(b"RIFF") {
        return None;
    }
    let per_second = word(28).filter(|rate| *rate > 0)?;
    let sound = bytes.len().checked_sub(44)? as u64;
    i64::try_from(sound * 1000 / u64::from(per_second)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn s16_a_variable_names_this_agents_phone_or_somebody_elses() {
        let table = [
            ("PJSIP/101-0000002d", true),
            ("Local/101@from-queue-00000001;1", true),
            ("Local/RG-600-101@from-internal-1;1", true),
            ("PJSIP/102-0000002d", false),
            ("PJSIP/1012-0000002d", false),
            ("SIP/101-0000002d", false),
            ("", false),
        ];
        for (name, own) in table {
            assert_eq!(is_own(name, &Agent::pjsip("101")), own, "{name}");
        }
    }

    #[test]
    fn a_conversations_recordings_are_those_that_carry_its_whole_id() {
        let stored = json!([{"name": "in-7-1795329167.1"}, {"name": "in-7-1795329167.12"}, {"name": "2026/11/external-101-1795329167.1"},
            {"name": 7}, "x"]);
        assert_eq!(
            of_conversation(&stored, "1795329167.1"),
            ["in-7-1795329167.1", "2026/11/external-101-1795329167.1"]
        );
        assert!(of_conversation(&stored, "").is_empty());
        assert!(names_extension("2026/11/external-101-1795329167.1", "101"));
        assert!(!names_extension("in-1015-1795329167.1", "101"));
    }

    #[test]
    fn the_length_of_a_recording_is_read_from_its_header() {
        let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0".to_vec();
        assert_eq!(length(&wav), Some(0));
        wav.resize(44 + 16_000 * 3, 0);
        assert_eq!(length(&wav), Some(3_000));
        assert_eq!(length(b"OggS and so on, long enough to be something else"), None);
    }
}
