//! The one place that knows which vendors there are: from a name and what was typed into its fields to a link that runs, or
//! to a connection test.

use crate::ari::{self, AriConfig, AriPbx};
use crate::check::{CheckReport, Step};
use crate::feed::{self, FeedConfig, FeedPbx};
use crate::line::Authority;
use crate::port::{Pbx, Told};
use calls::{Extension, Region};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::mpsc;
use url::Url;

/// Longest name that is sent with a secret, in bytes.
const LONGEST: usize = 500;

/// A vendor, as the set-up screen offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vendor {
    /// Its name in settings, by which the windows word it.
    pub name: &'static str,
    /// Its own fields, in order.
    pub fields: &'static [Field],
    /// What its connection test tries, in order.
    pub steps: &'static [Step],
}

/// What a vendor wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its key in settings.
    pub key: &'static str,
    /// What is typed there.
    pub kind: FieldKind,
    /// By which the windows word it.
    pub label: &'static str,
    /// By which they word the line below it; empty: none.
    pub help: &'static str,
    /// What holds where nothing is typed; empty: nothing does.
    pub default: &'static str,
    /// Nothing goes without it.
    pub needed: bool,
}

/// What is typed into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A text.
    Text,
    /// A secret, which goes into the keychain.
    Secret,
    /// The PBX's address.
    Url,
    /// A number, mostly: what is typed is not made one.
    Number,
}

const fn field(key: &'static str, kind: FieldKind, label: &'static str, help: &'static str) -> Field {
    Field {
        key,
        kind,
        label,
        help,
        default: "",
        needed: true,
    }
}

/// Every vendor's address and secret have these keys, as what holds for them is the same for all (plain HTTP takes a yes,
/// a secret goes to no other address).
const ADDRESS: &str = "pbxUrl";
// See above.
const SECRET: &str = "pbxPassword";
const EXTENSION: &str = "extension";
const USER: &str = "pbxUser";
const CONTEXT: &str = "context";
const RECORDINGS: &str = "recordingFolder";

const ARI: Vendor = Vendor {
    name: "ari",
    fields: &[
        field(ADDRESS, FieldKind::Url, "pbxUrl", "pbxUrl"),
        field(EXTENSION, FieldKind::Number, "extension", ""),
        Field {
            default: ari::CONTEXT,
            needed: false,
            ..field(CONTEXT, FieldKind::Text, "context", "context")
        },
        Field {
            default: ari::USER,
            needed: false,
            ..field(USER, FieldKind::Text, "user", "")
        },
        field(SECRET, FieldKind::Secret, "password", ""),
        Field {
            default: ari::RECORDING_FOLDER,
            needed: false,
            ..field(RECORDINGS, FieldKind::Text, "recordingFolder", "recordingFolder")
        },
    ],
    steps: &ari::STEPS,
};

const FEED: Vendor = Vendor {
    name: "feed",
    fields: &[
        field(ADDRESS, FieldKind::Url, "feedUrl", "feedUrl"),
        field(EXTENSION, FieldKind::Number, "extension", ""),
        field(SECRET, FieldKind::Secret, "token", "token"),
    ],
    steps: &feed::STEPS,
};

/// All vendors. The first one is meant where settings name none: versions before knew no other.
pub const VENDORS: [Vendor; 2] = [ARI, FEED];

/// What a person, or an office's file, has set.
pub struct Setup<'a> {
    /// The vendor's name; empty: the first one.
    pub vendor: &'a str,
    /// The PBX's address.
    pub address: Url,
    /// What was typed into its other fields.
    pub fields: BTreeMap<&'a str, &'a str>,
    /// The secret, if there is one for this address.
    pub secret: Option<SecretString>,
    /// The office's own certificates.
    pub authority: Option<Authority>,
    /// Tells this computer from the agent's others.
    pub machine: &'a str,
    /// Country whose habits tell an extension from an outside number.
    pub region: Region,
    /// Outside numbers as the companion would dial them.
    pub outside: Vec<String>,
}

/// A field that is missing or malformed, by its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the setting {0} is missing or malformed")]
pub struct BadField(pub &'static str);

/// Settings with which a link can be made.
#[derive(Debug, Clone)]
pub struct Prepared(Config);

#[derive(Debug, Clone)]
enum Config {
    Ari(Box<AriConfig>),
    Feed(Box<FeedConfig>),
}

/// Reads settings.
///
/// # Errors
/// The first field, in the vendor's order, that is missing or malformed; the secret last.
pub fn prepare(setup: &Setup<'_>) -> Result<Prepared, BadField> {
    match setup.vendor {
        "" | "ari" => ari_config(setup).map(|config| Prepared(Config::Ari(Box::new(config)))),
        "feed" => feed_config(setup).map(|config| Prepared(Config::Feed(Box::new(config)))),
        _ => Err(BadField("pbxVendor")),
    }
}

impl Prepared {
    /// Where it connects.
    #[must_use]
    pub fn address(&self) -> &Url {
        match &self.0 {
            Config::Ari(config) => &config.base_url,
            Config::Feed(config) => &config.url,
        }
    }

    /// The office's own certificates that it trusts.
    #[must_use]
    pub fn authority(&self) -> Option<&Authority> {
        match &self.0 {
            Config::Ari(config) => config.authority.as_ref(),
            Config::Feed(config) => config.authority.as_ref(),
        }
    }

    /// Starts connecting, and keeps at it; everything that happens goes to `events`. While there is no room in it, nothing
    /// more is heard from the PBX. A vendor that resumes goes on at the point up to which an earlier link had told everything
    /// ([`crate::Stats::point`]). Must be called within a tokio runtime. Never fails: what is wrong comes as [`calls::PbxEvent::Link`].
    #[must_use]
    pub fn start(self, events: mpsc::Sender<Told>, since: Option<&str>) -> Arc<dyn Pbx> {
        match self.0 {
            Config::Ari(config) => Arc::new(AriPbx::start(*config, events)),
            Config::Feed(config) => Arc::new(FeedPbx::start(*config, events, since)),
        }
    }

    /// Tests them, without disturbing a connection that runs with them.
    pub async fn check(&self) -> CheckReport {
        match &self.0 {
            Config::Ari(config) => ari::check(config).await,
            Config::Feed(config) => feed::check(config).await,
        }
    }
}

impl Setup<'_> {
    fn text(&self, key: &str) -> &str {
        self.fields.get(key).copied().unwrap_or_default()
    }

    fn present(&self, key: &'static str) -> Result<&str, BadField> {
        Some(self.text(key)).filter(|text| !text.is_empty()).ok_or(BadField(key))
    }

    /// A name that is sent with a secret behind a colon (RFC 7617): with one of its own, it would begin the secret. The usual
    /// one where none is typed.
    fn login<'t>(&'t self, key: &'static str, usual: &'t str) -> Result<&'t str, BadField> {
        let is_plain = |text: &&str| text.len() <= LONGEST && !text.chars().any(|c| c == ':' || c.is_control());
        let typed = Some(self.text(key)).filter(|text| !text.is_empty());
        Some(typed.unwrap_or(usual)).filter(is_plain).ok_or(BadField(key))
    }

    /// It becomes a part of paths: `.` and `..` are places there, no names.
    fn extension(&self) -> Result<Extension, BadField> {
        let extension = self.present(EXTENSION)?;
        let named = extension.chars().any(|c| c.is_ascii_alphanumeric());
        let plain = extension.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if named && plain {
            Ok(Extension::new(extension))
        } else {
            Err(BadField(EXTENSION))
        }
    }

    fn secret(&self) -> Result<SecretString, BadField> {
        self.secret.clone().ok_or(BadField(SECRET))
    }
}

fn ari_config(setup: &Setup<'_>) -> Result<AriConfig, BadField> {
    let user = setup.login(USER, ari::USER)?;
    let extension = setup.extension()?;
    let context = setup.text(CONTEXT);
    // As Asterisk names contexts: it becomes a part of a path and of a channel's name.
    if context.chars().any(|c| !c.is_alphanumeric() && !"-_.".contains(c)) {
        return Err(BadField(CONTEXT));
    }
    let mut config = AriConfig::new(setup.address.clone(), user, setup.secret()?, extension, setup.machine);
    let folder = setup.text(RECORDINGS);
    if !folder.is_empty() {
        config.recording_folder = recording_folder(folder).ok_or(BadField(RECORDINGS))?;
    }
    config.authority.clone_from(&setup.authority);
    config.region = setup.region;
    config.outside.clone_from(&setup.outside);
    if !context.is_empty() {
        config.context = context.to_owned();
    }
    Ok(config)
}

/// A folder as a PBX names its own: a full path, with every name in it a name.
fn recording_folder(text: &str) -> Option<String> {
    let names = text.strip_prefix('/')?.trim_end_matches('/');
    let is_name = |name: &str| !name.is_empty() && name != "." && name != ".." && !name.chars().any(char::is_control);
    (text.len() <= LONGEST && names.split('/').all(is_name)).then(|| format!("/{names}"))
}

fn feed_config(setup: &Setup<'_>) -> Result<FeedConfig, BadField> {
    let extension = setup.extension()?;
    let mut config = FeedConfig::new(setup.address.clone(), setup.secret()?, extension);
    config.authority.clone_from(&setup.authority);
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What every vendor takes.
    fn good() -> BTreeMap<&'static str, &'static str> {
        BTreeMap::from([(EXTENSION, "101"), (CONTEXT, "from-internal"), (USER, "ringside")])
    }

    fn setup<'a>(vendor: &'a str, fields: BTreeMap<&'a str, &'a str>) -> Setup<'a> {
        Setup {
            vendor,
            address: "https://pbx.example:8089".parse().unwrap(),
            fields,
            secret: Some("hush".to_owned().into()),
            authority: None,
            machine: "0a1b",
            region: Region::default(),
            outside: Vec::new(),
        }
    }

    #[test]
    fn every_vendor_is_made_of_its_own_fields_and_misses_each_that_it_needs_by_its_key() {
        for vendor in VENDORS {
            assert!(prepare(&setup(vendor.name, good())).is_ok(), "{}", vendor.name);
            for kind in [FieldKind::Url, FieldKind::Secret] {
                let of_kind = vendor.fields.iter().filter(|field| field.kind == kind);
                assert_eq!(of_kind.count(), 1, "{}: one address, one secret for it", vendor.name);
            }
            for field in vendor.fields.iter().filter(|field| field.kind != FieldKind::Url) {
                let mut lacking = setup(vendor.name, good());
                lacking.fields.remove(field.key);
                if field.kind == FieldKind::Secret {
                    lacking.secret = None;
                }
                let expected = if field.needed { Err(BadField(field.key)) } else { Ok(()) };
                assert_eq!(prepare(&lacking).map(|_| ()), expected, "{} {}", vendor.name, field.key);
            }
        }
    }

    /// What an agent is not asked for is what the guide tells administrators to set up.
    #[test]
    fn what_holds_where_nothing_is_typed_is_what_the_guide_names() {
        let guide = include_str!("../../../../docs/pbx.md");
        let prepared = prepare(&setup("ari", BTreeMap::from([(EXTENSION, "101"), (USER, "")]))).unwrap();
        let Config::Ari(config) = &prepared.0 else { panic!("{prepared:?}") };
        let usual = |key| ARI.fields.iter().find(|field| field.key == key).map(|field| field.default);
        let held = [
            (USER, &config.user),
            (CONTEXT, &config.context),
            (RECORDINGS, &config.recording_folder),
        ];
        for (key, held) in held {
            assert_eq!(usual(key), Some(held.as_str()), "the window shows what holds");
        }
        let [user, section] = [format!("name `{}`", config.user), format!("    [{}]\n", config.user)];
        for named in [&user, &section, &format!("FreePBX `{}`", config.context), &config.recording_folder] {
            assert!(guide.contains(named.as_str()), "{named}");
        }
    }

    #[test]
    fn settings_that_name_no_vendor_are_of_the_only_one_that_versions_before_knew_and_an_unknown_one_is_said() {
        assert!(matches!(prepare(&setup("", good())), Ok(Prepared(Config::Ari(_)))));
        for unknown in ["ARI", "sip", "ari ", "../ari"] {
            assert_eq!(
                prepare(&setup(unknown, good())).map(|_| ()),
                Err(BadField("pbxVendor")),
                "{unknown}"
            );
        }
    }

    fn is_harmless(prepared: &Prepared) -> bool {
        let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
        match &prepared.0 {
            Config::Ari(config) => {
                let folder = &config.recording_folder;
                let contained =
                    folder.starts_with('/') && !folder.contains(char::is_control) && !folder.split('/').any(|name| name == "..");
                contained && !config.user.contains([':', '\r', '\n', '\0']) && plain(config.extension.as_str()) && plain(&config.context)
            }
            Config::Feed(config) => plain(config.extension.as_str()),
        }
    }

    #[test]
    fn any_hostile_text_in_any_field_is_refused_by_its_key_or_harmless() {
        for vendor in VENDORS {
            for field in vendor.fields {
                for hostile in hostile::texts() {
                    let mut fields = good();
                    fields.insert(field.key, &hostile.text);
                    match prepare(&setup(vendor.name, fields)) {
                        Ok(prepared) => assert!(is_harmless(&prepared), "{} {}", field.key, hostile.name),
                        Err(BadField(key)) => assert_eq!(key, field.key, "{}", hostile.name),
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_vendor_stumble(name in ".{0,6}", user in ".{0,40}", extension in ".{0,20}", context in ".{0,20}") {
            for name in ["ari", "feed", &name] {
                let fields = BTreeMap::from([(USER, user.as_str()), (EXTENSION, &extension), (CONTEXT, &context)]);
                if let Ok(prepared) = prepare(&setup(name, fields)) {
                    prop_assert!(is_harmless(&prepared));
                }
            }
        }
    }
}
