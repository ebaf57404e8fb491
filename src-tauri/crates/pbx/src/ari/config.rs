//! How to reach one agent's Asterisk, and how its addresses and names are made.

use super::exchange::Agent;
use super::peers;
use crate::cause::Cause;
use crate::line::{Authority, Door, Rhythm};
use base64::Engine;
use calls::{Extension, Region};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use url::Url;

/// The user's name that the guide for administrators gives (docs/pbx.md).
pub const USER: &str = "ringside";

/// The usual dialplan context for calls out (FreePBX).
pub const CONTEXT: &str = "from-internal";

/// Where Asterisk's recording folder usually lies.
pub const RECORDING_FOLDER: &str = "/var/spool/asterisk/recording";

/// How to reach one agent's PBX over ARI.
#[derive(Clone)]
pub struct AriConfig {
    /// `http` or `https`, host, port, and the path prefix of `http.conf` where there is one; the
    /// trailing `/ari` may be left out.
    pub base_url: Url,
    /// The user of `ari.conf`.
    pub user: String,
    /// Its password; never printed.
    pub password: SecretString,
    /// The agent's extension, which is the endpoint's name.
    pub extension: Extension,
    /// The channel technology of the agent's phone.
    pub technology: String,
    /// The dialplan context in which click-to-call numbers are dialled (FreePBX: `from-internal`).
    pub context: String,
    /// Outside numbers as the companion would dial them: the connection test asks whether the context knows a way to such.
    pub outside: Vec<String>,
    /// Makes the app name unique: one per machine. The app is `ringside-<ext>-<suffix>`.
    pub app_suffix: String,
    /// Where Asterisk's recording folder lies, as `MIXMONITOR_FILENAME` spells it.
    pub recording_folder: String,
    /// The office's own certificates, beside the public and the machine's authorities.
    pub authority: Option<Authority>,
    /// Country whose habits tell an extension from an outside number.
    pub region: Region,
    /// Periods and limits.
    pub timings: Timings,
}

/// Periods and limits of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timings {
    /// Time between our pings; Asterisk sends none itself.
    pub ping_every: Duration,
    /// Hearing nothing for this long (not even an answer to a ping) means the line is dead.
    pub silence_limit: Duration,
    /// Limit for reaching the PBX: TCP, TLS and handshake together.
    pub connect_timeout: Duration,
    /// Limit for one REST request, except for a recording.
    pub request_timeout: Duration,
    /// Limit for fetching a recording.
    pub recording_timeout: Duration,
    /// How long the agent's phone rings on click-to-call.
    pub ring_timeout: Duration,
    /// Longest first delay of the reconnect schedule.
    pub retry_first: Duration,
    /// Longest delay of the reconnect schedule.
    pub retry_longest: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        let rhythm = Rhythm::default();
        Self {
            ping_every: rhythm.ping_every,
            silence_limit: rhythm.silence_limit,
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(10),
            recording_timeout: Duration::from_secs(120),
            ring_timeout: Duration::from_secs(30),
            retry_first: rhythm.retry_first,
            retry_longest: rhythm.retry_longest,
        }
    }
}

impl std::fmt::Debug for AriConfig {
    /// Without the password, and without what somebody may have pasted into the address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AriConfig")
            .field("root", &self.root().as_str())
            .field("user", &self.user)
            .field("extension", &self.extension.as_str())
            .field("technology", &self.technology)
            .field("context", &self.context)
            .field("app", &self.app())
            .field("recording_folder", &self.recording_folder)
            .field("authority", &self.authority.is_some())
            .field("timings", &self.timings)
            .finish_non_exhaustive()
    }
}

impl AriConfig {
    /// A configuration with the usual values for everything else.
    #[must_use]
    pub fn new(base_url: Url, user: &str, password: SecretString, extension: Extension, app_suffix: &str) -> Self {
        Self {
            base_url,
            user: user.into(),
            password,
            extension,
            technology: "PJSIP".into(),
            context: CONTEXT.into(),
            outside: Vec::new(),
            app_suffix: app_suffix.into(),
            recording_folder: RECORDING_FOLDER.into(),
            authority: None,
            region: Region::default(),
            timings: Timings::default(),
        }
    }

    /// Whether password and calls cross the network unencrypted: worth a warning on screen.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.base_url.scheme() != "https"
    }

    /// The name under which this desktop registers: one socket per name (reference 2.1).
    #[must_use]
    pub fn app(&self) -> String {
        format!("{}{}", self.app_prefix(), peers::plain(&self.app_suffix).replace('-', ""))
    }

    /// How the names of all companions of this extension begin.
    pub(crate) fn app_prefix(&self) -> String {
        format!("ringside-{}-", peers::plain(self.extension.as_str()))
    }

    /// The endpoint, such as `PJSIP/101`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("{}/{}", self.technology, self.extension)
    }

    /// The root of all REST paths, ending in `/ari/`; without any user information.
    pub(crate) fn root(&self) -> Url {
        let mut root = self.base_url.clone();
        root.set_query(None);
        root.set_fragment(None);
        // Both only fail for addresses that cannot have them, and then there is nothing to remove.
        let _ = root.set_username("");
        let _ = root.set_password(None);
        let mut path = root.path().trim_end_matches('/').to_owned();
        if path != "/ari" && !path.ends_with("/ari") {
            path.push_str("/ari");
        }
        path.push('/');
        root.set_path(&path);
        root
    }

    /// The value of the login header.
    pub(crate) fn login(&self) -> Result<HeaderValue, Cause> {
        let pair = format!("{}:{}", self.user, self.password.expose_secret());
        let text = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair));
        let mut value = HeaderValue::from_str(&text).map_err(|_| Cause::BadCredentials)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Where the socket of an app is. `whole` asks for all events of the PBX.
    pub(crate) fn door(&self, app: &str, whole: bool) -> Result<Door, Cause> {
        let mut url = self.root().join("events").map_err(|_| Cause::UnknownHost)?;
        url.query_pairs_mut()
            .append_pair("app", app)
            .append_pair("subscribeAll", if whole { "true" } else { "false" });
        Ok(Door {
            url,
            login: self.login()?,
            protocol: "ari",
            authority: self.authority.clone(),
            within: self.timings.connect_timeout,
        })
    }

    /// The line's periods.
    pub(crate) fn rhythm(&self) -> Rhythm {
        Rhythm {
            ping_every: self.timings.ping_every,
            silence_limit: self.timings.silence_limit,
            retry_first: self.timings.retry_first,
            retry_longest: self.timings.retry_longest,
        }
    }

    /// The agent, as the translator needs it.
    pub(crate) fn agent(&self) -> Agent {
        Agent {
            extension: self.extension.clone(),
            technology: self.technology.clone(),
            region: self.region,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(url: &str) -> AriConfig {
        AriConfig::new(
            url.parse().unwrap(),
            "ringside",
            "hush-hush".to_owned().into(),
            Extension::new("101"),
            "ma/chi ne",
        )
    }

    #[test]
    fn the_ari_path_is_added_once_and_a_prefix_is_kept() {
        let table = [
            ("http://pbx:8088", "http://pbx:8088/ari/"),
            ("http://pbx:8088/", "http://pbx:8088/ari/"),
            ("https://pbx/ari", "https://pbx/ari/"),
            ("https://pbx/asterisk/", "https://pbx/asterisk/ari/"),
            ("https://pbx/asterisk/ari/?api_key=user:word#x", "https://pbx/asterisk/ari/"),
            ("https://user:word@pbx/ari/", "https://pbx/ari/"),
        ];
        for (given, root) in table {
            assert_eq!(config(given).root().as_str(), root, "{given}");
        }
    }

    #[test]
    fn the_password_is_never_printed() {
        let config = config("http://someone:hush-hush@pbx:8088/?api_key=a:hush-hush");
        assert!(!format!("{config:?}").contains("hush-hush"));
    }

    #[test]
    fn the_app_name_holds_extension_and_machine_and_nothing_that_needs_quoting() {
        assert_eq!(config("http://pbx:8088").app(), "ringside-101-machine");
        assert!(config("http://pbx:8088").is_plain());
        assert!(!config("https://pbx:8089").is_plain());
    }
}
