//! What an office publishes for all its desks: one document, which an administrator's Ringside writes and every other reads.
//!
//! Whoever may write where it lies (in Omnidesk: whoever may edit companies) speaks to every desk, so it is read as strictly
//! as anything from outside, and holds little: what agents see and are offered, in which channel and fields cases stand, when
//! popups are paused. Where secrets are sent, whose certificates and versions are trusted, at which hosts files may lie, how
//! long calls are kept and how numbers are written for the PBX stand nowhere in it: a document that names one of those is
//! refused whole. Rules for calls out can be made stricter by it, never looser (`guard::stricter`). What a newer version has
//! put in is carried along and does nothing.

use crate::settings::enrolment::is_secret;
use crate::settings::fields::FieldSetting;
use crate::settings::layers::{LOCKED, Layer, of_settings, readable};
use crate::settings::phrases::Phrase;
use crate::settings::{Settings, fields, labels, phrases};
use crate::view::{OfficeFault, OfficeLine, PhraseRow, PublishedView};
use calls::{DialPolicy, Region, one_line, visible};
use jiff::Timestamp;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt;

/// The longest document that is read or written, bytes. Written for a note of Omnidesk it is a third longer, and 60,000
/// characters are what a text column of its kind usually holds.
pub(crate) const LONGEST: usize = 45_000;
/// What a document says it is.
const KIND: &str = "office-settings";
/// The schema that is read and written.
const SCHEMA: u64 = 1;
/// What it may say, in the order of the screens.
pub(crate) const KEYS: [&str; 10] = [
    "fields",
    "phrases",
    "labels",
    "workingHours",
    DIAL_POLICY,
    "channel",
    "callIdField",
    "claimField",
    "several",
    "unansweredOutgoingCases",
];
/// The rules for calls out.
pub(crate) const DIAL_POLICY: &str = "dialPolicy";
/// Longest name of an author, characters, and of a setting, bytes; most settings of other versions.
const LONGEST_AUTHOR: usize = 100;
const LONGEST_NAME: usize = 40;
const MOST_UNKNOWN: usize = 50;

/// One publication.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Document {
    /// Counts up with each.
    pub number: u32,
    /// Who has published it, as they are called in Omnidesk.
    pub author: String,
    /// When, by that computer's clock.
    pub at: Timestamp,
    values: Map<String, Value>,
    locked: BTreeSet<String>,
    /// Settings of another version.
    aside: Map<String, Value>,
}

/// Why there is none, and the setting it is about.
pub(crate) type Wrong = (OfficeFault, Option<String>);

impl Document {
    /// Reads one, strictly: one value that cannot be is the end of it.
    ///
    /// # Errors
    /// Why it is refused, and the setting it is about.
    pub(crate) fn read(text: &str) -> Result<Self, Wrong> {
        let not_one = || (OfficeFault::NotOne, None);
        if text.len() > LONGEST {
            return Err((OfficeFault::TooLong, None));
        }
        let whole: Pairs = serde_json::from_str(text).map_err(|_| not_one())?;
        let part = |name: &str| whole.0.get(name);
        if part("ringside").and_then(Value::as_str) != Some(KIND) {
            return Err(not_one());
        }
        match part("schema").and_then(Value::as_u64) {
            Some(SCHEMA) => {}
            Some(newer) if newer > SCHEMA => return Err((OfficeFault::Newer, None)),
            _ => return Err(not_one()),
        }
        if whole.0.keys().any(|name| !PARTS.contains(&name.as_str()) && is_secret(name)) {
            return Err((OfficeFault::Secret, None));
        }
        let number = part("number").and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
        let author = part("author").and_then(Value::as_str);
        let at = part("at").and_then(Value::as_str).and_then(|text| text.parse().ok());
        let is_name = |author: &&str| author.chars().count() <= LONGEST_AUTHOR && one_line(author) == **author;
        let (Some(number), Some(author), Some(at)) = (number.filter(|number| *number > 0), author.filter(is_name), at) else {
            return Err(not_one());
        };
        // Read again from the text, as what stands twice is seen there alone.
        let of_settings: OfSettings = serde_json::from_str(text).map_err(|_| not_one())?;
        Self::of(number, author.to_owned(), at, of_settings.settings.0, of_settings.locked)
    }

    /// Makes one of values that may come from anywhere.
    ///
    /// # Errors
    /// As [`Document::read`].
    pub(crate) fn of(number: u32, author: String, at: Timestamp, given: Map<String, Value>, locked: Vec<String>) -> Result<Self, Wrong> {
        let mut made = Self {
            number,
            author,
            at,
            values: Map::new(),
            locked: locked.iter().cloned().collect(),
            aside: Map::new(),
        };
        let ours = of_settings(&Settings::default());
        for (key, value) in given {
            if KEYS.contains(&key.as_str()) {
                let value = checked(&key, &value).ok_or_else(|| (OfficeFault::Bad, Some(key.clone())))?;
                made.values.insert(key, value);
                continue;
            }
            let is_name = (1..=LONGEST_NAME).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
            if !is_name || made.aside.len() == MOST_UNKNOWN {
                return Err((OfficeFault::NotOne, None));
            }
            if ours.contains_key(&key) {
                return Err((OfficeFault::NotPublishable, Some(key)));
            }
            if is_secret(&key) {
                return Err((OfficeFault::Secret, None));
            }
            made.aside.insert(key, value);
        }
        match locked
            .iter()
            .find(|key| !made.values.contains_key(*key) && !made.aside.contains_key(*key))
        {
            Some(idle) => {
                let named = KEYS.iter().find(|key| **key == *idle).copied();
                Err((OfficeFault::Bad, Some(named.unwrap_or(LOCKED).to_owned())))
            }
            None if made.text().len() > LONGEST => Err((OfficeFault::TooLong, None)),
            None => Ok(made),
        }
    }

    /// As it is written.
    pub(crate) fn text(&self) -> String {
        let mut settings = self.values.clone();
        settings.extend(self.aside.clone());
        json!({
            "ringside": KIND,
            "schema": SCHEMA,
            "number": self.number,
            "author": self.author,
            "at": self.at.to_string(),
            "settings": settings,
            LOCKED: self.locked,
        })
        .to_string()
    }

    /// As a layer of the settings.
    pub(crate) fn layer(&self) -> Layer {
        let mut layer = self.values.clone();
        let locked: Vec<&String> = self.locked.iter().filter(|key| self.values.contains_key(*key)).collect();
        layer.insert(LOCKED.to_owned(), json!(locked));
        Layer::read(&Value::Object(layer).to_string()).layer
    }

    /// What it says of a setting.
    pub(crate) fn value(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// All that is in it, to be published again.
    pub(crate) fn content(&self) -> (Map<String, Value>, Vec<String>) {
        let mut settings = self.values.clone();
        settings.extend(self.aside.clone());
        (settings, self.locked.iter().cloned().collect())
    }

    /// What another version has put in.
    pub(crate) fn aside(&self) -> &Map<String, Value> {
        &self.aside
    }

    /// For the settings screen.
    pub(crate) fn view(&self) -> PublishedView {
        let named = KEYS.iter().filter(|key| self.values.contains_key(**key));
        PublishedView {
            number: self.number,
            author: self.author.clone(),
            at: crate::time::ms(calls::Moment(self.at.as_millisecond())),
            keys: named.map(|key| (*key).to_owned()).collect(),
            locked: self.locked.iter().cloned().collect(),
            unknown: self.aside.keys().cloned().collect(),
        }
    }
}

/// The parts of a document.
const PARTS: [&str; 7] = ["ringside", "schema", "number", "author", "at", "settings", LOCKED];

/// The part of a document in which nothing may stand twice, either.
#[derive(Deserialize)]
struct OfSettings {
    settings: Pairs,
    #[serde(default)]
    locked: Vec<String>,
}

/// An object of JSON in which nothing stands twice: two readers could take two values for it.
#[derive(Debug)]
struct Pairs(Map<String, Value>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if pairs.insert(name, value).is_some() {
                        return Err(serde::de::Error::custom("a name stands twice"));
                    }
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

/// A value in the one way in which it is kept; nothing where it cannot be that setting's.
fn checked(key: &str, given: &Value) -> Option<Value> {
    let value = readable(key, given)?;
    let fits = match key {
        "channel" => is_numbered(value.as_str()?, "cch"),
        "callIdField" | "claimField" => is_numbered(value.as_str()?, "cf_"),
        "labels" => labels::settled(&of::<Vec<String>>(&value)?).is_ok(),
        "phrases" => {
            let given: Vec<Phrase> = of(&value)?;
            let rows: Vec<PhraseRow> = given.iter().map(row).collect();
            phrases::settled(&rows).is_ok_and(|settled| settled == given)
        }
        "fields" => {
            let given: Vec<FieldSetting> = of(&value)?;
            given.iter().flat_map(texts).all(|text| visible(text) == *text) && fields::checked(given).is_ok()
        }
        DIAL_POLICY => {
            let mut policy: DialPolicy = of(&value)?;
            let are_countries = policy.countries.iter().all(|code| Region::from_code(code).is_some());
            // What is dialled at once is the office's file's word, or the desk's.
            policy.countries.clear();
            return are_countries.then(|| json!(policy));
        }
        _ => true,
    };
    fits.then_some(value)
}

/// All texts of a field that somebody has typed.
fn texts(field: &FieldSetting) -> impl Iterator<Item = &String> {
    let of_field = [&field.id, &field.title].into_iter().chain(&field.options).chain(&field.lines);
    let of_rows = field.then.iter().flat_map(|row| row.lines.iter().chain([&row.id, &row.title]));
    of_field.chain(field.colors.keys()).chain(of_rows)
}

fn row(phrase: &Phrase) -> PhraseRow {
    PhraseRow {
        title: phrase.title.clone(),
        text: phrase.text.clone(),
        unknown: Vec::new(),
    }
}

/// Empty, or these letters and a number.
fn is_numbered(text: &str, letters: &str) -> bool {
    let number = text.strip_prefix(letters);
    text.is_empty() || number.is_some_and(|number| (1..=12).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()))
}

fn of<T: for<'de> Deserialize<'de>>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

/// A setting's value as a document may say it; nothing where it cannot.
pub(crate) fn publishable(settings: &Settings, key: &str) -> Option<Value> {
    checked(key, of_settings(settings).get(key)?)
}

/// A value for people, line by line.
pub(crate) fn lines(key: &str, value: &Value) -> Vec<OfficeLine> {
    let line = |name: &str, text: &str| OfficeLine {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match key {
        "fields" => {
            let fields: Vec<FieldSetting> = of(value).unwrap_or_default();
            fields
                .iter()
                .flat_map(field_lines)
                .map(|(name, text)| OfficeLine { name, text })
                .collect()
        }
        "phrases" => {
            let phrases: Vec<Phrase> = of(value).unwrap_or_default();
            phrases.iter().map(|phrase| line(&phrase.title, &phrase.text)).collect()
        }
        "workingHours" => {
            let days = value.as_array().map(Vec::as_slice).unwrap_or_default();
            days.iter()
                .enumerate()
                .map(|(day, hours)| line(&day.to_string(), &text(hours)))
                .collect()
        }
        DIAL_POLICY => {
            let kinds = ["foreign", "premium", "satellite", "sharedCost"];
            kinds.iter().map(|kind| line(kind, &text(&value[*kind]))).collect()
        }
        "labels" => value.as_array().into_iter().flatten().map(|label| line("", &text(label))).collect(),
        _ => vec![line("", &text(value))],
    }
}

/// A field and what follows it: the name, and a code, behind which a text of the office may stand.
fn field_lines(field: &FieldSetting) -> Vec<(String, String)> {
    let name = if field.title.is_empty() { &field.id } else { &field.title };
    let shown = |incoming: bool| if incoming { "shown" } else { "hidden" }.to_owned();
    let on_line = |line: &String| format!("line {line}");
    let mut says = vec![shown(field.incoming)];
    says.extend(field.always.then(|| "always".to_owned()));
    says.extend(field.lines.iter().map(on_line));
    says.extend(field.colors.iter().map(|(value, color)| {
        // A word of our own: there is nothing that could not be written.
        let color = json!(color);
        format!("{} {value}", color.as_str().unwrap_or_default())
    }));
    let of_field = says.into_iter().map(|text| (name.clone(), text));
    let of_rows = field.then.iter().flat_map(|row| {
        let heading = row.is_section().then(|| (row.title.clone(), "section".to_owned()));
        let computed = row
            .is_computed()
            .then(|| shown(row.incoming))
            .into_iter()
            .chain(row.lines.iter().map(on_line));
        heading.into_iter().chain(computed.map(|says| (row.id.clone(), says)))
    });
    of_field.chain(of_rows).collect()
}

/// What of publications is kept on this computer.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    current: Option<String>,
    before: Option<String>,
    back: bool,
}

/// The last good publication, and the one before it.
#[derive(Debug, Default)]
pub(crate) struct Publication {
    current: Option<Document>,
    before: Option<Document>,
    /// This computer stays with the one before until another comes.
    back: bool,
}

impl Publication {
    /// As an earlier run left it.
    pub(crate) fn restored(kept: Option<&str>) -> Self {
        let kept: Kept = kept.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let read = |text: Option<String>| text.and_then(|text| Document::read(&text).ok());
        let (current, before) = (read(kept.current), read(kept.before));
        Self {
            back: kept.back && before.is_some(),
            current,
            before,
        }
    }

    /// As it is stored.
    pub(crate) fn kept(&self) -> String {
        let kept = Kept {
            current: self.current.as_ref().map(Document::text),
            before: self.before.as_ref().map(Document::text),
            back: self.back,
        };
        // Texts and a yes: there is nothing that could not be written.
        serde_json::to_string(&kept).unwrap_or_default()
    }

    /// A good one was read. Another than before is in force from now on, and this computer stays with none of before.
    pub(crate) fn take(&mut self, read: Document) {
        if self.current.as_ref() != Some(&read) {
            self.before = self.current.replace(read);
            self.back = false;
        }
    }

    /// The one that stands, as far as it was read.
    pub(crate) fn current(&self) -> Option<&Document> {
        self.current.as_ref()
    }

    /// The one before it.
    pub(crate) fn before(&self) -> Option<&Document> {
        self.before.as_ref()
    }

    /// Whether this computer stays with the one before.
    pub(crate) fn is_back(&self) -> bool {
        self.back
    }

    /// This computer goes back by one, or forth again; whether there is one to go to.
    pub(crate) fn go(&mut self, back: bool) -> bool {
        self.back = back && self.before.is_some();
        self.back == back
    }

    /// The one that holds on this computer.
    pub(crate) fn in_force(&self) -> Option<&Document> {
        if self.back { self.before() } else { self.current() }
    }
}

#[cfg(test)]
mod tests;
