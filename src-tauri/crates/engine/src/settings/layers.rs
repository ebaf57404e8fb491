//! Where each setting comes from. Four layers, the lower ones first: what the program has built in, the office's file, what
//! the office has published for all desks, and what was saved on this computer. The highest that names a key decides,
//! unless a lower one has locked it. So a computer keeps only what a person changed on it, and what an office decides later
//! reaches every desk that decided nothing else.
//!
//! A layer is JSON with the keys of [`Settings`]; an office's may have `"locked": ["pbxUrl", …]` besides. What it names of
//! its doors ([`DOORS`]) is locked without saying so.

use crate::settings::published::DIAL_POLICY;
use crate::settings::{Settings, Updates, guard, in_the_open};
use crate::view::{CommandError, LayerView, OfficeFileView, OriginView, SettingsHealth, TroubleView};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What an office says of whom its desks call, whose certificates they trust, where files may lie and where newer versions come
/// from, no desk changes.
const DOORS: [&str; 4] = ["dialPolicy", "pbxCa", "fileHosts", "updates"];
/// Which computer it is; kept apart, in no layer. Earlier versions wrote it among all the others.
const MACHINE: &str = "machine";
/// Kept on this computer also where the office says the same: what an earlier version keeps in the keychain without an
/// address was entered for these.
const ADDRESSES: [&str; 2] = ["pbxUrl", "omnideskUrl"];
/// The key of a layer that names others.
pub(crate) const LOCKED: &str = "locked";

/// One layer: what it says, and which of it holds whatever the layers above say.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Layer {
    values: Map<String, Value>,
    locked: BTreeSet<String>,
}

/// A layer as a text gives it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ReadLayer {
    /// Everything that can be read.
    pub layer: Layer,
    /// Something cannot be read.
    pub unreadable: bool,
    /// Something is of another version.
    pub unknown: bool,
    /// Names in `locked` that the text gives no value for: they lock nothing.
    pub idle_locks: Vec<String>,
    /// The text of an earlier version, with every setting whether or not anybody chose it.
    pub is_whole: bool,
}

impl Layer {
    /// Key by key: one that cannot be read costs no other.
    pub(crate) fn read(text: &str) -> ReadLayer {
        let Ok(Value::Object(given)) = serde_json::from_str(text) else {
            return ReadLayer {
                unreadable: true,
                ..ReadLayer::default()
            };
        };
        let ours = of_settings(&Settings::default());
        let mut read = ReadLayer {
            is_whole: given.contains_key(MACHINE),
            ..ReadLayer::default()
        };
        for (key, value) in &given {
            match readable(key, value) {
                _ if key == MACHINE || key == LOCKED => {}
                _ if !ours.contains_key(key) => read.unknown = true,
                Some(value) => {
                    read.layer.values.insert(key.clone(), value);
                }
                None => read.unreadable = true,
            }
        }
        match given.get(LOCKED).map(|names| serde_json::from_value::<Vec<String>>(names.clone())) {
            None => {}
            Some(Err(_)) => read.unreadable = true,
            Some(Ok(names)) => {
                let (held, idle): (Vec<_>, Vec<_>) = names
                    .into_iter()
                    .partition(|name| read.layer.values.contains_key(name) || given.contains_key(name) && !ours.contains_key(name));
                read.layer.locked.extend(held);
                read.idle_locks = idle;
            }
        }
        let values = &read.layer.values;
        read.layer
            .locked
            .extend(DOORS.map(str::to_owned).into_iter().filter(|door| values.contains_key(door)));
        read
    }

    /// What differs from what the program has built in.
    fn of(settings: &Settings) -> Self {
        let mut layer = Self::default();
        let built_in = of_settings(&Settings::default());
        layer.values = of_settings(settings);
        layer.values.retain(|key, value| built_in.get(key) != Some(value));
        let doors = DOORS.into_iter().filter(|door| layer.values.contains_key(*door));
        layer.locked = doors.map(str::to_owned).collect();
        layer
    }
}

/// What an office's file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Office {
    layer: Layer,
    /// Some of it cannot be read, or locks what it gives no value for: that does not hold.
    pub unread: bool,
    /// The names that it locks without giving a value for them.
    pub idle_locks: Vec<String>,
    /// Where it lies.
    pub file: OfficeFileView,
}

impl Office {
    /// What can be read of the file's text. `certificates` gives the text for what the file says of them, such as a path.
    pub fn read<E>(text: &str, certificates: impl FnOnce(&str) -> Result<String, E>) -> (Self, Option<E>) {
        let mut refused = None;
        let mut given = serde_json::from_str(text).unwrap_or(Value::Null);
        if let Some(Value::String(ca)) = given.get("pbxCa").cloned() {
            match certificates(&ca) {
                Ok(pem) if !pem.is_empty() => given["pbxCa"] = pem.into(),
                Ok(_) => drop_key(&mut given, "pbxCa"),
                Err(error) => {
                    refused = Some(error);
                    drop_key(&mut given, "pbxCa");
                }
            }
        }
        let read = Layer::read(&given.to_string());
        let office = Self {
            layer: read.layer,
            unread: read.unreadable || refused.is_some() || !read.idle_locks.is_empty(),
            idle_locks: read.idle_locks,
            file: OfficeFileView::Usual,
        };
        (office, refused)
    }

    /// Where newer versions lie; empty where it does not say.
    #[must_use]
    pub fn updates(&self) -> Updates {
        let given = self.layer.values.get("updates").cloned();
        given.and_then(|given| serde_json::from_value(given).ok()).unwrap_or_default()
    }

    /// A setting of it that is a text, such as `pbxUrl`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.layer.values.get(key)?.as_str()
    }

    /// A file that could not be opened.
    #[must_use]
    pub fn unreadable() -> Self {
        Self {
            unread: true,
            file: OfficeFileView::Usual,
            ..Self::default()
        }
    }

    /// It was read from a place that the environment names.
    #[must_use]
    pub fn elsewhere(mut self) -> Self {
        if self.file == OfficeFileView::Usual {
            self.file = OfficeFileView::Named;
        }
        self
    }

    /// With these keys locked.
    #[must_use]
    pub fn locking(mut self, keys: &[&str]) -> Self {
        self.layer.locked.extend(keys.iter().map(|key| (*key).to_owned()));
        self
    }
}

impl From<Settings> for Office {
    /// As a file would say it, that names what differs from the built-in.
    fn from(settings: Settings) -> Self {
        Self {
            layer: Layer::of(&settings),
            file: OfficeFileView::Usual,
            ..Self::default()
        }
    }
}

fn drop_key(given: &mut Value, key: &str) {
    if let Value::Object(given) = given {
        given.remove(key);
    }
}

/// All layers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Layers {
    office: Layer,
    published: Layer,
    own: Layer,
    /// The account's address of before, as long as something is owed there: the office names another one.
    stays: Option<String>,
}

impl Layers {
    pub(crate) fn new(office: &Office, published: Layer) -> Self {
        Self {
            office: office.layer.clone(),
            published,
            own: Layer::default(),
            stays: None,
        }
    }

    /// The office names another account, and something is owed to the one of before: this start stays with it.
    pub(crate) fn stay_with(&mut self, omnidesk_url: &str) {
        self.stays = Some(omnidesk_url.to_owned());
    }

    /// What the office has published from now on; whether that is another than before.
    pub(crate) fn publish(&mut self, published: Layer) -> bool {
        let is_new = self.published != published;
        self.published = published;
        is_new
    }

    /// What this computer says alike is the office's from now on: who publishes follows it, too.
    pub(crate) fn follow_published(&mut self) {
        let beneath = Self {
            own: Layer::default(),
            ..self.clone()
        };
        let published = &self.published.values;
        self.own
            .values
            .retain(|key, value| !published.contains_key(key) || beneath.value(key).1 != *value);
    }

    /// Whether the office's file has the last word on this key.
    pub(crate) fn is_fixed(&self, key: &str) -> bool {
        self.office.locked.contains(key)
    }

    /// The published layer, as it is stored.
    pub(crate) fn published_text(&self) -> String {
        let mut text = self.published.values.clone();
        text.insert(LOCKED.to_owned(), serde_json::json!(self.published.locked));
        Value::Object(text).to_string()
    }

    /// Takes what was stored on this computer. Of a text of an earlier version, which holds everything, what the layers
    /// below say alike was chosen by nobody, or by the office: it goes on following them. Everything else is this
    /// computer's own, so that what is in force stays in force.
    pub(crate) fn take_own(&mut self, read: ReadLayer) {
        self.own = Layer {
            values: read.layer.values,
            locked: BTreeSet::new(),
        };
        if read.is_whole {
            let beneath = Self {
                own: Layer::default(),
                ..self.clone()
            };
            let follows = |key: &str, value: &Value| !ADDRESSES.contains(&key) && beneath.value(key).1 == *value;
            self.own.values.retain(|key, value| !follows(key, value));
        }
    }

    /// Whether this key was saved on this computer.
    pub(crate) fn is_own(&self, key: &str) -> bool {
        self.own.values.contains_key(key)
    }

    /// This computer's layer, as it is stored.
    pub(crate) fn own_text(&self) -> String {
        Value::Object(self.own.values.clone()).to_string()
    }

    fn upwards(&self) -> [(LayerView, &Layer); 3] {
        [
            (LayerView::Office, &self.office),
            (LayerView::Published, &self.published),
            (LayerView::Computer, &self.own),
        ]
    }

    /// What holds of a key, and whose word it is.
    fn value(&self, key: &str) -> (LayerView, Value) {
        let mut holds = (LayerView::BuiltIn, None);
        for (layer, says) in self.upwards() {
            // What is published makes the rules for calls out stricter, and takes no other's place.
            if key == DIAL_POLICY && layer == LayerView::Published {
                continue;
            }
            if let Some(value) = says.values.get(key) {
                holds = (layer, Some(value.clone()));
            }
            if says.locked.contains(key) {
                break;
            }
        }
        let built_in = || of_settings(&Settings::default()).remove(key).unwrap_or_default();
        let value = holds.1.unwrap_or_else(built_in);
        match self.published.values.get(key).filter(|_| key == DIAL_POLICY) {
            Some(rules) => match guard::stricter(&value, rules) {
                stricter if stricter == value => (holds.0, value),
                stricter => (LayerView::Published, stricter),
            },
            None => (holds.0, value),
        }
    }

    /// Whether a lower layer than this computer's has the last word.
    pub(crate) fn is_locked(&self, key: &str) -> bool {
        self.office.locked.contains(key) || self.published.locked.contains(key)
    }

    /// The settings in force, but for what is kept apart.
    pub(crate) fn settings(&self) -> Settings {
        let keys = of_settings(&Settings::default());
        let values = keys.keys().map(|key| (key.clone(), self.value(key).1)).collect();
        let mut settings: Settings = serde_json::from_value(Value::Object(values)).unwrap_or_default();
        if let Some(address) = &self.stays {
            settings.omnidesk_url.clone_from(address);
        }
        // An office's yes is for the address that it names, whoever else said yes to another one.
        for layer in [&self.published, &self.office] {
            if let Some(Value::String(yes)) = layer.values.get("plainHttp")
                && let Some(address) = settings.pbx_base()
                && !in_the_open::is_allowed(&address, &settings.plain_http)
                && in_the_open::is_allowed(&address, yes)
            {
                settings.plain_http.clone_from(yes);
            }
        }
        settings
    }

    /// With what a person changed: a key that says again what the layers below say is theirs again.
    ///
    /// # Errors
    /// `refused` about `locked` when the office has the last word on one of them.
    pub(crate) fn changed(&self, before: &Settings, after: &Settings) -> Result<Self, CommandError> {
        let (before, after) = (of_settings(before), of_settings(after));
        let mut changed = self.clone();
        let beneath = Self {
            own: Layer::default(),
            ..self.clone()
        };
        for (key, value) in after.into_iter().filter(|(key, value)| before.get(key) != Some(value)) {
            if self.is_locked(&key) {
                return Err(CommandError {
                    trouble: TroubleView::Refused,
                    about: Some(LOCKED.into()),
                });
            }
            if key == "omnideskUrl" {
                changed.stays = None;
            }
            if beneath.value(&key).1 == value {
                changed.own.values.remove(&key);
            } else {
                changed.own.values.insert(key, value);
            }
        }
        Ok(changed)
    }

    /// How many keys each layer names, and how many a computer may not change.
    pub(crate) fn counted(&self) -> SettingsHealth {
        let count = |layer: &Layer| u32::try_from(layer.values.len()).unwrap_or(u32::MAX);
        let locked: BTreeSet<&String> = self.office.locked.union(&self.published.locked).collect();
        SettingsHealth {
            office: count(&self.office),
            published: count(&self.published),
            own: count(&self.own),
            locked: u32::try_from(locked.len()).unwrap_or(u32::MAX),
            ..SettingsHealth::default()
        }
    }

    /// For the settings screens: where each value comes from, as far as it is not the program's own.
    pub(crate) fn origins(&self) -> Vec<OriginView> {
        let beneath = Self {
            own: Layer::default(),
            ..self.clone()
        };
        let keys = of_settings(&Settings::default());
        let origins = keys.keys().map(|key| {
            let ((from, value), (usually, usual)) = (self.value(key), beneath.value(key));
            let differs = usually != LayerView::BuiltIn && usual != value;
            OriginView {
                key: key.clone(),
                from,
                locked: self.is_locked(key),
                office: differs.then(|| usual.as_str().map(str::to_owned)).flatten(),
            }
        });
        origins.filter(|origin| origin.from != LayerView::BuiltIn).collect()
    }
}

/// What a value alone makes of a setting; nothing where it cannot be read.
pub(crate) fn readable(key: &str, value: &Value) -> Option<Value> {
    let alone = Value::Object(Map::from_iter([(key.to_owned(), value.clone())]));
    let settings: Settings = serde_json::from_value(alone).ok()?;
    of_settings(&settings).remove(key)
}

pub(crate) fn of_settings(settings: &Settings) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(mut values)) => {
            values.remove(MACHINE);
            values
        }
        // Texts, numbers and lists of them: there is nothing that could not be written.
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests;
