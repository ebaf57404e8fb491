//! ARI's REST side: questions and commands, one request each, nothing repeated by itself.
//!
//! The login travels in a header marked as sensitive, never in an address; errors keep the status
//! and drop the address, which may hold a number.

use super::config::AriConfig;
use super::exchange::Variable;
use super::exchange::{Answer, LineAnswer, Question};
use super::leg::ORDER_PREFIX;
use super::name::endpoint;
use super::request::Failure;
use super::{companions, peers, whereabouts, wire};
use crate::cause::Cause;
use crate::companions::{Companions, Stage};
use crate::failure::{CommandError, OriginateError, RecordingError, RecordingFile};
use crate::line::client_config;
use crate::port::Whereabouts;
use crate::sound::sound_type;
use calls::{ConversationId, Extension, LegId, Moment, OrderId, RecordingRef};
use futures_util::future::join_all;
use reqwest::header::{AUTHORIZATION, DATE, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

/// Larger JSON answers are not read: a snapshot of a thousand channels has half a megabyte.
const LARGEST_ANSWER: u64 = 8 << 20;
/// A wav file without sound is its header.
const WAV_HEADER: usize = 44;
const LONGEST_NAME: usize = 60;

/// The REST client of one PBX.
#[derive(Clone)]
pub struct Rest {
    http: Client,
    root: Url,
    login: HeaderValue,
    config: AriConfig,
}

impl Rest {
    /// Whose PBX it is.
    pub(super) fn config(&self) -> &AriConfig {
        &self.config
    }

    /// A client; fails only for a certificate authority that cannot be read.
    pub fn new(config: &AriConfig) -> Result<Self, Cause> {
        let tls = (*client_config(config.authority.as_ref())?).clone();
        let http = Client::builder()
            .tls_backend_preconfigured(tls)
            // The socket uses no proxy either: what the set-up test says must hold for both.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            // Nothing may grow when it is unpacked, whatever another part of the program asks reqwest to be built with.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .connect_timeout(config.timings.connect_timeout)
            .build()
            .map_err(|_| Cause::Tls)?;
        Ok(Self {
            http,
            root: config.root(),
            login: config.login()?,
            config: config.clone(),
        })
    }

    /// An address below the root; segments are quoted, a slash inside one becomes `%2F`.
    fn address(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.root.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    fn request(&self, method: Method, segments: &[&str], query: &[(&str, &str)]) -> RequestBuilder {
        self.http
            .request(method, self.address(segments, query))
            .header(AUTHORIZATION, self.login.clone())
            .timeout(self.config.timings.request_timeout)
    }

    async fn send(request: RequestBuilder) -> Result<Response, Failure> {
        let response = request.send().await.map_err(|error| {
            if error.is_connect() {
                Failure::NotSent
            } else {
                Failure::Unanswered
            }
        })?;
        if response.status().is_success() {
            return Ok(response);
        }
        let code = response.status().as_u16();
        let text = body(response, 4096).await.unwrap_or_default();
        let acl = String::from_utf8_lossy(&text).contains("ACL");
        Err(Failure::Status { code, acl })
    }

    async fn json(request: RequestBuilder) -> Result<Value, Failure> {
        let bytes = body(Self::send(request).await?, LARGEST_ANSWER)
            .await
            .map_err(|_| Failure::Unanswered)?;
        if bytes.is_empty() {
            Ok(Value::Null)
        } else {
            serde_json::from_slice(&bytes).map_err(|_| Failure::Unanswered)
        }
    }

    /// `GET` of a JSON resource.
    pub async fn get(&self, segments: &[&str], query: &[(&str, &str)]) -> Result<Value, Failure> {
        Self::json(self.request(Method::GET, segments, query)).await
    }

    /// The same, and what the PBX's clock showed, to the second.
    pub async fn dated(&self, segments: &[&str], query: &[(&str, &str)]) -> Result<(Value, Option<Moment>), Failure> {
        let response = Self::send(self.request(Method::GET, segments, query)).await?;
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
        let bytes = body(response, LARGEST_ANSWER).await.map_err(|_| Failure::Unanswered)?;
        let value = serde_json::from_slice(&bytes).map_err(|_| Failure::Unanswered)?;
        Ok((value, date.map(|date| Moment(date.timestamp().as_millisecond()))))
    }

    /// Subscribes the app to an event source, or ends a subscription.
    pub async fn subscription(&self, method: Method, app: &str, source: &str) -> Result<Value, Failure> {
        Self::json(self.request(method, &["applications", app, "subscription"], &[("eventSource", source)])).await
    }

    /// Sets which types of events are not sent.
    pub async fn disallow(&self, app: &str, kinds: &[&str]) -> Result<Value, Failure> {
        let kinds: Vec<_> = kinds.iter().map(|kind| json!({ "type": kind })).collect();
        let request = self.request(Method::PUT, &["applications", app, "eventFilter"], &[]);
        Self::json(request.json(&json!({ "disallowed": kinds }))).await
    }

    /// Asks what the translator wants to know.
    pub async fn ask(&self, question: &Question) -> Answer {
        let channel = question.channel.as_str();
        let answer = match question.variable {
            Variable::Line => self.line(channel).await.map(|line| Answer::Line(Box::new(line))),
            Variable::Peers => self.peers(channel).await.map(Answer::Peers),
            variable @ (Variable::Conversation | Variable::Presentation | Variable::Recording) => self
                .variable(channel, variable)
                .await
                .map(|value| Answer::Value(Value::String(value))),
        };
        answer.unwrap_or(Answer::Nothing)
    }

    async fn variable(&self, channel: &str, variable: Variable) -> Option<String> {
        self.text_of(channel, variable.name()?).await
    }

    /// A variable of a channel by its name.
    pub(super) async fn text_of(&self, channel: &str, variable: &str) -> Option<String> {
        let value = self.get(&["channels", channel, "variable"], &[("variable", variable)]).await;
        value.ok().as_ref().and_then(wire::variable)
    }

    /// A channel and its line: where the line's calls enter the dialplan, and the number that they are given.
    async fn line(&self, channel: &str) -> Option<LineAnswer> {
        let found = self.get(&["channels", channel], &[]).await.ok()?;
        let name = found.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let (technology, endpoint) = (name.split('/').next().unwrap_or_default(), endpoint(&name));
        let own = self.config.extension.as_str();
        // Functions of the dialplan are read on a channel, whichever it is; asked for by themselves they are always empty
        // (tried on Asterisk 22).
        let setting = async |technology: &str, endpoint: &str, field: &str| {
            let function = line_setting(technology, endpoint, field)?;
            self.text_of(channel, &function).await
        };
        let (dialled_by, context, number, own_context) = tokio::join!(
            self.text_of(channel, "DIALEDPEERNUMBER"),
            setting(technology, endpoint, "context"),
            setting(
                technology,
                endpoint,
                if technology == "PJSIP" { "callerid" } else { "callerid_num" }
            ),
            setting(&self.config.technology, own, "context"),
        );
        // A PBX that tells the context tells the number as well; no answer is none.
        let number = context.as_ref().map(|_| number_of(number.as_deref().unwrap_or_default()));
        Some(LineAnswer {
            channel: found,
            dialled_by,
            context,
            number,
            own_context,
        })
    }

    /// Who else rings for the same call as this leg, and has a companion that listens.
    async fn peers(&self, leg: &str) -> Option<Vec<Extension>> {
        let (channels, applications) = tokio::join!(self.get(&["channels"], &[]), self.get(&["applications"], &[]));
        let rung = peers::rung(leg, &channels.ok()?, &applications.ok()?, &self.config.agent())?;
        if rung.len() < 2 {
            return Some(Vec::new());
        }
        let conversation = async |rung: &peers::Rung| match &rung.linked {
            Some(linked) => Some(linked.clone()),
            None => self.variable(&rung.channel, Variable::Conversation).await,
        };
        let conversations = join_all(rung.iter().map(conversation)).await;
        Some(peers::sharing(&rung, &conversations))
    }

    /// The other companions of the extension; `None` when the PBX cannot be asked.
    pub async fn companions(&self) -> Option<Companions> {
        let applications = self.get(&["applications"], &[]).await.ok()?;
        Some(companions::read(&applications, &self.config.app_prefix(), &self.config.app()))
    }

    /// Says to them how far this one is with a call, or takes it back.
    pub async fn say(&self, leg: &LegId, stage: &Stage, says: bool) -> bool {
        let method = if says { Method::POST } else { Method::DELETE };
        let source = companions::source(stage, leg);
        self.subscription(method, &self.config.app(), &source).await.is_ok()
    }

    /// Where a caller is; `None` when the PBX cannot be asked. The list of all channels, which is long in a large office,
    /// is read only where it is needed.
    pub async fn whereabouts(&self, conversation: Option<&str>, number: &str) -> Option<Whereabouts> {
        if let Some(id) = conversation {
            if !self.is_there(id).await? {
                return Some(Whereabouts::Gone);
            }
            let bridges = self.get(&["bridges"], &[]).await.ok()?;
            if !whereabouts::shares_a_bridge(&bridges, id) {
                return Some(Whereabouts::Waits(ConversationId::new(id)));
            }
        }
        let (channels, bridges) = tokio::join!(self.get(&["channels"], &[]), self.get(&["bridges"], &[]));
        let (channels, bridges) = (channels.ok()?, bridges.ok()?);
        Some(whereabouts::find(&channels, &bridges, conversation, number, &self.config.agent()))
    }

    /// Whether a channel is there; `None` when the PBX cannot be asked.
    pub async fn is_there(&self, channel: &str) -> Option<bool> {
        // Such a path would mean something else.
        if matches!(channel, "" | "." | "..") {
            return None;
        }
        match self.get(&["channels", channel], &[]).await {
            Ok(_) => Some(true),
            Err(Failure::Status { code: 404, .. }) => Some(false),
            Err(Failure::NotSent | Failure::Unanswered | Failure::Status { .. }) => None,
        }
    }

    /// Whether the context for calls out has a rule for a number; `None` when the PBX does not say. A Local channel that
    /// leads there has a device state, and none where it leads nowhere: nothing is dialled for this.
    pub async fn is_dialable(&self, number: &str) -> Option<bool> {
        let device = format!("Local/{number}@{}", self.config.context);
        let state = self.get(&["deviceStates", &device], &[]).await.ok()?;
        Some(state.get("state")?.as_str()? != "INVALID")
    }

    /// Click-to-call (reference 2.6): the agent's phone first, then `number` by the dialplan.
    pub async fn originate(&self, order: &OrderId, number: &str, caller_name: Option<&str>) -> Result<(), OriginateError> {
        if number.is_empty() || number.len() > 32 || !number.chars().all(|c| c.is_ascii_digit() || "+*#".contains(c)) {
            return Err(OriginateError::BadNumber);
        }
        let id = format!("{ORDER_PREFIX}{order}");
        let ring = self.config.timings.ring_timeout.as_secs().to_string();
        let query = [
            ("endpoint", self.config.endpoint()),
            ("extension", number.into()),
            ("context", self.config.context.clone()),
            ("priority", "1".into()),
            ("callerId", caller_id(caller_name, number)),
            ("timeout", ring),
            ("channelId", id),
        ];
        let query: Vec<_> = query.iter().map(|(key, value)| (*key, value.as_str())).collect();
        // No body: what stands in one goes before the query, so a proxy that lets one pass cannot say what is dialled.
        match Self::send(self.request(Method::POST, &["channels"], &query)).await {
            // In use means that this very order was placed before and its answer was lost.
            Ok(_) | Err(Failure::Status { code: 409, .. }) => Ok(()),
            Err(Failure::NotSent) => Err(OriginateError::OutOfReach),
            Err(Failure::Unanswered) => Err(OriginateError::Unknown),
            Err(Failure::Status { code: 401, .. }) => Err(OriginateError::BadCredentials),
            Err(Failure::Status { code: 403, .. }) => Err(OriginateError::Forbidden),
            // «Allocation failed»: not registered, or no such phone (REPORT, click-to-call errors).
            Err(Failure::Status { code: 500, .. }) => Err(OriginateError::PhoneUnavailable),
            // A gateway gave up waiting; the PBX behind it may have rung.
            Err(Failure::Status { code: 502 | 504, .. }) => Err(OriginateError::Unknown),
            Err(Failure::Status { code, .. }) => Err(OriginateError::Refused { status: code }),
        }
    }

    /// Hangs a leg up.
    pub async fn hang_up(&self, leg: &LegId) -> Result<(), CommandError> {
        match Self::send(self.request(Method::DELETE, &["channels", leg.as_str()], &[("reason", "normal")])).await {
            Ok(_) => Ok(()),
            Err(Failure::NotSent | Failure::Unanswered) => Err(CommandError::OutOfReach),
            Err(Failure::Status { code: 404, .. }) => Err(CommandError::Gone),
            Err(Failure::Status { code: 401, .. }) => Err(CommandError::BadCredentials),
            Err(Failure::Status { code: 403, .. }) => Err(CommandError::Forbidden),
            Err(Failure::Status { code, .. }) => Err(CommandError::Refused { status: code }),
        }
    }

    /// Fetches a recording, up to `limit` bytes.
    pub async fn recording(&self, recording: &RecordingRef, limit: u64) -> Result<RecordingFile, RecordingError> {
        let (name, file_name) = stored_name(recording.as_str(), &self.config.recording_folder).ok_or(RecordingError::OutOfReach)?;
        let request = self.request(Method::GET, &["recordings", "stored", &name, "file"], &[]);
        let response = match Self::send(request.timeout(self.config.timings.recording_timeout)).await {
            Ok(response) => response,
            Err(Failure::NotSent | Failure::Unanswered) => return Err(RecordingError::Transport),
            Err(Failure::Status { code: 404, .. }) => return Err(RecordingError::Gone),
            Err(Failure::Status { code: 401, .. }) => return Err(RecordingError::BadCredentials),
            Err(Failure::Status { code: 403, .. }) => return Err(RecordingError::Forbidden),
            Err(Failure::Status { code, .. }) => return Err(RecordingError::Refused { status: code }),
        };
        if response.status() != StatusCode::OK {
            return Err(RecordingError::Refused {
                status: response.status().as_u16(),
            });
        }
        let bytes = body(response, limit).await.map_err(|error| match error {
            BodyError::TooLarge => RecordingError::TooLarge { limit },
            BodyError::Broken => RecordingError::Transport,
        })?;
        if bytes.len() <= WAV_HEADER {
            return Err(RecordingError::NotYet);
        }
        let mime = sound_type(&bytes).ok_or(RecordingError::NotSound)?;
        Ok(RecordingFile {
            file_name,
            mime,
            finished: is_finished(&bytes),
            bytes,
        })
    }
}

/// The number in a line's caller id, such as `"Anna" <101>`; empty where there is none, which Asterisk writes as `<unknown>`.
fn number_of(caller_id: &str) -> String {
    let number = caller_id
        .rsplit_once('<')
        .map_or(caller_id, |(_, number)| number.trim_end_matches('>'));
    let number = number.trim();
    if number == "unknown" { String::new() } else { number.into() }
}

/// The dialplan function that reads a setting of a line. Endpoints whose names would end the function's arguments are not
/// asked for.
fn line_setting(technology: &str, endpoint: &str, field: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.+".contains(c);
    let function = match technology {
        "PJSIP" => "PJSIP_ENDPOINT",
        "SIP" => "SIPPEER",
        "IAX2" => "IAXPEER",
        _ => return None,
    };
    (!endpoint.is_empty() && endpoint.chars().all(is_plain)).then(|| format!("{function}({endpoint},{field})"))
}

enum BodyError {
    TooLarge,
    /// The connection broke before all of it came.
    Broken,
}

async fn body(mut response: Response, limit: u64) -> Result<Vec<u8>, BodyError> {
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(BodyError::TooLarge);
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| BodyError::Broken)? {
        if (bytes.len() + chunk.len()) as u64 > limit {
            return Err(BodyError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// `"Name" <number>`; the name loses whatever could end it early.
fn caller_id(name: Option<&str>, number: &str) -> String {
    let clean = |name: &str| {
        name.chars()
            .filter(|c| !c.is_control() && !"\"<>\\".contains(*c))
            .take(LONGEST_NAME)
            .collect::<String>()
    };
    match name.map(clean).filter(|name| !name.trim().is_empty()) {
        Some(name) => format!("\"{}\" <{number}>", name.trim()),
        None => number.into(),
    }
}

/// From the path of `MIXMONITOR_FILENAME` to the name that ARI serves it by (without ending), and
/// the bare file name. `None` when it lies outside the recording folder, which ARI does not serve.
pub(super) fn stored_name(path: &str, folder: &str) -> Option<(String, String)> {
    let folder = folder.trim_end_matches('/');
    let inside = match path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) {
        Some(inside) => inside,
        None if !path.starts_with('/') => path,
        None => return None,
    };
    if inside.len() > 512 || inside.split('/').any(|part| part.is_empty() || part == "." || part == "..") {
        return None;
    }
    let file_name = inside.rsplit('/').next()?.to_owned();
    // A name may hold dots itself (`…-1795329167.0.wav`): only a real ending is cut.
    let name = match inside.rsplit_once('.') {
        Some((name, ending)) if ending.starts_with(|c: char| c.is_ascii_alphabetic()) && ending.len() <= 5 && !name.is_empty() => name,
        _ => inside,
    };
    Some((name.to_owned(), file_name))
}

/// Asterisk writes the sizes into a wav's header when it closes the file; until then they say
/// less than there is.
fn is_finished(bytes: &[u8]) -> bool {
    let (Some(b"RIFF"), Some(size)) = (bytes.get(..4), bytes.get(4..8).and_then(|size| size.try_into().ok())) else {
        return true;
    };
    u64::from(u32::from_le_bytes(size)) + 8 >= bytes.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recordings_path_becomes_the_name_it_is_served_by() {
        let folder = "/var/spool/asterisk/recording";
        let table = [
            (
                "/var/spool/asterisk/recording/in-7-1795329167.0.wav",
                Some(("in-7-1795329167.0", "in-7-1795329167.0.wav")),
            ),
            ("/var/spool/asterisk/recording/2026/11/in.wav", Some(("2026/11/in", "in.wav"))),
            ("in-7-1795329167.0.wav", Some(("in-7-1795329167.0", "in-7-1795329167.0.wav"))),
            ("in-7-1795329167.0", Some(("in-7-1795329167.0", "in-7-1795329167.0"))),
            ("/var/spool/asterisk/monitor/in.wav", None),
            ("/var/spool/asterisk/recordings/in.wav", None),
            ("/var/spool/asterisk/recording/../monitor/in.wav", None),
            ("/var/spool/asterisk/recording/", None),
            ("", None),
        ];
        for (path, expected) in table {
            let expected = expected.map(|(name, file)| (name.to_owned(), file.to_owned()));
            assert_eq!(stored_name(path, folder), expected, "{path}");
        }
    }

    #[test]
    fn a_lines_number_is_what_stands_in_its_caller_id() {
        for (caller_id, number) in [
            ("\"Anna Agent\" <101>", "101"),
            ("<74951112233>", "74951112233"),
            ("101", "101"),
            ("<unknown>", ""),
            ("unknown", ""),
            ("", ""),
        ] {
            assert_eq!(number_of(caller_id), number, "{caller_id}");
        }
    }

    #[test]
    fn a_callers_name_cannot_break_out_of_its_quotes() {
        assert_eq!(
            caller_id(Some("Иван \"X\" <666>\r\n"), "79161234567"),
            "\"Иван X 666\" <79161234567>"
        );
        assert_eq!(caller_id(Some(" \" "), "79161234567"), "79161234567");
        assert_eq!(caller_id(None, "79161234567"), "79161234567");
    }

    #[test]
    fn a_wav_whose_header_says_less_than_there_is_still_grows() {
        let mut wav = b"RIFF\x24\0\0\0WAVEfmt ".to_vec();
        wav.resize(100, 0);
        assert!(!is_finished(&wav));
        wav[4] = 92;
        assert!(is_finished(&wav));
        assert!(is_finished(b"OggS and so on"));
    }
}
