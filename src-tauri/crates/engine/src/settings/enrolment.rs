//! A link that sets up a computer: `ringside://setup?v=1&pbxUrl=https://pbx.example:8089&…`. An administrator sends it,
//! whoever opens it sees what it would set, and nothing is taken before the agent says so.
//!
//! Whoever can send an e-mail can send such a link, so it holds little and is read strictly: settings that are asked at the
//! first start and a few that go with them, each once, each a value that it can have. What an office decides for all
//! (certificates, hosts of files, what is dialled) and the yes to plain HTTP come from a person or the office's file, never
//! from a link. A secret makes it no link at all. A setting that this version does not know is left out, and named.

use crate::settings::reach::{address, bad, login};
use crate::settings::{DialFormat, in_the_open};
use crate::view::{CommandError, EnrolmentFault, EnrolmentFor, EnrolmentLink, EnrolmentView, SettingValue, SettingsView};
use calls::Region;
use std::fmt::Write as _;

/// The scheme of such links.
const SCHEME: &str = "ringside:";
/// What stands before its settings.
const BEGINNING: &str = "ringside://setup?";
/// The key of the version, and the one that is read.
const VERSION: (&str, &str) = ("v", "1");
/// Longer ones are not read, and none longer is made, bytes: it must fit into a QR code that a camera reads, and in one line at
/// the running program's door.
const LONGEST: usize = 900;
/// Longest value, in bytes.
const LONGEST_VALUE: usize = 200;
/// Longest name of a setting, in bytes.
const LONGEST_NAME: usize = 40;
/// A name with one of these in it is a secret's, as is one that ends with «key».
const OF_SECRETS: [&str; 8] = ["pass", "pwd", "secret", "token", "apikey", "api_key", "auth", "credential"];

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// An address of the PBX.
    Pbx,
    /// An address of Omnidesk.
    Omnidesk,
    /// What is sent with a secret behind a colon.
    Login,
    /// The same, an e-mail address.
    Email,
    /// A key of Omnidesk's, such as `cch101`.
    Name,
    /// Any text of one line.
    Text,
    /// A kind of PBX.
    Vendor,
    /// A country.
    Region,
    /// A language of the windows.
    Language,
    /// How numbers are written for the PBX.
    DialFormat,
}

/// What a link may say, in the order of the screens.
const SETTINGS: [(&str, Kind); 14] = [
    ("pbxVendor", Kind::Vendor),
    ("pbxUrl", Kind::Pbx),
    ("extension", Kind::Login),
    ("pbxUser", Kind::Login),
    ("context", Kind::Text),
    ("recordingFolder", Kind::Text),
    ("dialFormat", Kind::DialFormat),
    ("omnideskUrl", Kind::Omnidesk),
    ("email", Kind::Email),
    ("channel", Kind::Name),
    ("callIdField", Kind::Name),
    ("claimField", Kind::Name),
    ("region", Kind::Region),
    ("language", Kind::Language),
];

/// What a link says, each value in the one way in which it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    values: Vec<(&'static str, String)>,
    unknown: Vec<String>,
}

/// Why there is none, and the setting it is about.
pub type Refused = (EnrolmentFault, Option<&'static str>);

impl Enrolment {
    /// Whether a text is meant as such a link, good or bad.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.get(..SCHEME.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
    }

    /// Reads a link.
    ///
    /// # Errors
    /// Why it is refused, and the setting it is about.
    pub fn read(link: &str) -> Result<Self, Refused> {
        if link.len() > LONGEST {
            return Err((EnrolmentFault::TooLong, None));
        }
        let not_one = (EnrolmentFault::NotOne, None);
        let (beginning, settings) = link.split_once('?').ok_or(not_one)?;
        let is_one = format!("{}?", beginning.trim_end_matches('/')).eq_ignore_ascii_case(BEGINNING);
        let mut given = Vec::new();
        for pair in settings.split('&').filter(|_| is_one) {
            let (name, text) = pair.split_once('=').ok_or(not_one)?;
            let is_name =
                (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
            if !is_name {
                return Err(not_one);
            }
            if is_secret(name) {
                return Err((EnrolmentFault::Secret, None));
            }
            given.push((name, decoded(text).ok_or(not_one)?));
        }
        match given.iter().find(|(name, _)| *name == VERSION.0) {
            Some((_, version)) if version == VERSION.1 => {}
            Some(_) => return Err((EnrolmentFault::OtherVersion, None)),
            None => return Err(not_one),
        }
        given_once(&given)?;
        given.retain(|(name, _)| *name != VERSION.0);
        Self::of(given)
    }

    /// What a computer's settings say, for another one.
    ///
    /// # Errors
    /// As [`Enrolment::read`].
    fn of_settings(settings: &SettingsView, agent: &EnrolmentFor) -> Result<Self, Refused> {
        let format = serde_json::to_value(settings.dial_format).ok();
        let format = format.as_ref().and_then(|format| format.as_str()).unwrap_or_default();
        // Without a name it is the first kind, which a computer of another kind must be told.
        let vendor = Some(settings.pbx_vendor.as_str()).filter(|name| !name.is_empty());
        let own = [
            vendor.unwrap_or(pbx::VENDORS[0].name),
            &settings.pbx_url,
            &agent.extension,
            &agent.pbx_user,
            &settings.context,
            &settings.recording_folder,
            format,
            &settings.omnidesk_url,
            &agent.email,
            &settings.channel,
            &settings.call_id_field,
            &settings.claim_field,
            &settings.region,
            &settings.language,
        ];
        let named = SETTINGS.iter().map(|(name, _)| *name).zip(own);
        let said = named.filter(|(_, text)| !text.trim().is_empty());
        Self::of(said.map(|(name, text)| (name, text.trim().to_owned())).collect())
    }

    fn of(given: Vec<(&str, String)>) -> Result<Self, Refused> {
        let mut values = Vec::new();
        for (key, kind) in SETTINGS {
            if let Some((_, text)) = given.iter().find(|(name, _)| *name == key) {
                values.push((key, value(key, kind, text)?));
            }
        }
        if values.is_empty() {
            return Err((EnrolmentFault::Empty, None));
        }
        let unknown = given.iter().filter(|(name, _)| Self::setting(name).is_none());
        let unknown = unknown.map(|(name, _)| (*name).to_owned());
        let read = Self {
            values,
            unknown: unknown.collect(),
        };
        // Written in another way than ours, it may have been shorter.
        match read.link().len() {
            ..=LONGEST => Ok(read),
            _ => Err((EnrolmentFault::TooLong, None)),
        }
    }

    /// The name of a setting that a link may say, if it is one.
    #[must_use]
    pub fn setting(name: &str) -> Option<&'static str> {
        SETTINGS.iter().find(|(key, _)| *key == name).map(|(key, _)| *key)
    }

    /// As a link. What is not known to this version is named in it without a value.
    #[must_use]
    pub fn link(&self) -> String {
        let mut link = format!("{BEGINNING}{}={}", VERSION.0, VERSION.1);
        for (key, text) in &self.values {
            link.extend(["&", key, "=", &encoded(text)]);
        }
        for name in &self.unknown {
            link.extend(["&", name, "="]);
        }
        link
    }

    fn said(&self) -> Vec<SettingValue> {
        let value = |(key, text): &(&str, String)| SettingValue {
            key: (*key).to_owned(),
            text: text.clone(),
        };
        self.values.iter().map(value).collect()
    }
}

impl From<&Result<Enrolment, Refused>> for EnrolmentView {
    /// What the page shows of a link.
    fn from(read: &Result<Enrolment, Refused>) -> Self {
        match read {
            Ok(read) => Self::Read {
                values: read.said(),
                unknown: read.unknown.clone(),
            },
            Err((fault, key)) => Self::Refused {
                fault: *fault,
                key: key.map(str::to_owned),
            },
        }
    }
}

impl SettingsView {
    /// A link that sets up another computer as this one is, without what is an agent's own but for what is given.
    ///
    /// # Errors
    /// `badSetting` about the setting that no link can carry, or about `link` where all of them together are too long.
    pub fn enrolment_link(&self, agent: &EnrolmentFor) -> Result<EnrolmentLink, CommandError> {
        let enrolment = Enrolment::of_settings(self, agent).map_err(|(_, key)| bad(key.unwrap_or("link")))?;
        Ok(EnrolmentLink {
            link: enrolment.link(),
            values: enrolment.said(),
        })
    }
}

/// Whether a setting of this name would hold a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("key") || OF_SECRETS.iter().any(|part| name.contains(part))
}

/// Refuses what is said twice: two readers could take two values for it.
fn given_once(given: &[(&str, String)]) -> Result<(), Refused> {
    for (at, (name, _)) in given.iter().enumerate() {
        if given[..at].iter().any(|(before, _)| before.eq_ignore_ascii_case(name)) {
            return Err((EnrolmentFault::Twice, Enrolment::setting(name)));
        }
    }
    Ok(())
}

/// A value in the one way in which it is written.
fn value(key: &'static str, kind: Kind, text: &str) -> Result<String, Refused> {
    let refused = (EnrolmentFault::Bad, Some(key));
    let is_one_line = calls::visible(text) == text && !text.contains(['\n', '\r', '\t', '\u{2028}', '\u{2029}']) && text.trim() == text;
    if text.is_empty() || text.len() > LONGEST_VALUE || !is_one_line {
        return Err(refused);
    }
    let fits = match kind {
        Kind::Pbx | Kind::Omnidesk => return one_address(key, kind, text),
        Kind::Region => {
            let region = Region::from_code(text).filter(|_| text.len() == 2);
            return region.map(Region::code).ok_or(refused);
        }
        Kind::Login => login(key, text).is_ok(),
        Kind::Email => login(key, text).is_ok() && text.contains('@'),
        Kind::Name => text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)),
        Kind::Text => true,
        Kind::Vendor => pbx::VENDORS.iter().any(|vendor| vendor.name == text),
        Kind::Language => matches!(text, "ru" | "en"),
        Kind::DialFormat => serde_json::from_value::<DialFormat>(text.into()).is_ok(),
    };
    if fits { Ok(text.to_owned()) } else { Err(refused) }
}

/// An address as the net writes it, so that one in foreign letters that looks like another is seen for what it is. What
/// stands behind `?` or `#`, or before `@`, may be a secret.
fn one_address(key: &'static str, kind: Kind, text: &str) -> Result<String, Refused> {
    let refused = (EnrolmentFault::Bad, Some(key));
    let url = address(key, text).map_err(|_| refused)?;
    let is_closed = kind == Kind::Pbx || !in_the_open::is_open(&url);
    if !is_closed || url.query().is_some() || url.fragment().is_some() {
        return Err(refused);
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Percents read once, strictly; a plus is a plus.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        bytes.push(match byte {
            b'%' => u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?,
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
