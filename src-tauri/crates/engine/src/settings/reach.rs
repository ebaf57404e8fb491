//! How the two others are reached with these settings, or which of them is missing or malformed.

use crate::settings::secret::Secrets;
use crate::settings::{LONGEST, Settings, in_the_open, office_ca};
use crate::view::{CommandError, TroubleView};
use pbx::{Prepared, Setup};
use url::Url;

impl Settings {
    /// How to reach the PBX.
    ///
    /// # Errors
    /// [`CommandError`] naming the setting that is missing or malformed.
    pub fn pbx(&self, secrets: &Secrets) -> Result<Prepared, CommandError> {
        let address = address("pbxUrl", &self.pbx_url)?;
        let authority = office_ca::read(&self.pbx_ca);
        let typed = [
            ("extension", &self.extension),
            ("context", &self.context),
            ("recordingFolder", &self.recording_folder),
            ("pbxUser", &self.pbx_user),
        ];
        let prepared = pbx::prepare(&Setup {
            vendor: &self.pbx_vendor,
            address: address.clone(),
            fields: typed.into_iter().map(|(key, text)| (key, text.as_str())).collect(),
            secret: secrets.pbx_password.as_ref().and_then(|password| password.sent_to(&address)),
            authority: authority.clone().unwrap_or_default(),
            machine: &self.machine,
            region: self.region(),
            outside: self.region().examples().iter().map(|e164| self.dial_format.apply(e164)).collect(),
        })
        .map_err(|pbx::BadField(key)| bad(key))?;
        authority?;
        // Last: who lacks nothing but the yes is told so, and goes on with everything else.
        if !in_the_open::is_allowed(&address, &self.plain_http) {
            return Err(CommandError {
                trouble: TroubleView::PlainHttp,
                about: Some("plainHttp".into()),
            });
        }
        Ok(prepared)
    }

    /// How to reach Omnidesk.
    ///
    /// # Errors
    /// [`CommandError`] naming the setting that is missing or malformed.
    pub fn omnidesk(&self, secrets: &Secrets) -> Result<omnidesk::Client, CommandError> {
        let base = address("omnideskUrl", &self.omnidesk_url)?;
        let email = login("email", &self.email)?;
        if !email.contains('@') {
            return Err(bad("email"));
        }
        let kept = secrets.api_key.as_ref().and_then(|key| key.sent_to(&base));
        let key = kept.ok_or_else(|| bad("apiKey"))?;
        let mut config = omnidesk::Config::new(base, email, key);
        config.file_hosts = self.listed_hosts();
        omnidesk::Client::new(config).map_err(|_| bad("omnideskUrl"))
    }

    /// The hosts for files. One that cannot be read is left out and said in the log: its files are refused by name, and
    /// everything else goes on.
    pub(super) fn listed_hosts(&self) -> Vec<omnidesk::FileHost> {
        let mut hosts = Vec::new();
        for (index, text) in self.file_hosts.iter().enumerate() {
            match text.parse() {
                Ok(host) => hosts.push(host),
                Err(error) => tracing::warn!(entry = index + 1, %error, "fileHosts in the office's file"),
            }
        }
        hosts
    }
}

pub(super) fn bad(about: &str) -> CommandError {
    CommandError {
        trouble: TroubleView::BadSetting,
        about: Some(about.into()),
    }
}

pub(super) fn present<'a>(name: &str, value: &'a str) -> Result<&'a str, CommandError> {
    if value.is_empty() { Err(bad(name)) } else { Ok(value) }
}

/// A name that is sent with a secret behind a colon (RFC 7617): with one of its own, it would begin the secret.
pub(super) fn login<'a>(name: &str, value: &'a str) -> Result<&'a str, CommandError> {
    let value = present(name, value)?;
    if value.len() > LONGEST || value.chars().any(|c| c == ':' || c.is_control()) {
        return Err(bad(name));
    }
    Ok(value)
}

/// An address with or without a scheme; `https` unless it says otherwise.
pub(super) fn address(name: &str, text: &str) -> Result<Url, CommandError> {
    let text = present(name, text)?;
    let full = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&full).map_err(|_| bad(name))?;
    let usable = matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.username().is_empty() && url.password().is_none();
    if usable { Ok(url) } else { Err(bad(name)) }
}

/// The address in a text that names no scheme, as if it were of `https`; none where it names one, or is no address.
#[must_use]
pub fn address_without_scheme(text: &str) -> Option<Url> {
    let text = text.trim();
    if text.contains("://") {
        return None;
    }
    address("pbxUrl", text).ok()
}
