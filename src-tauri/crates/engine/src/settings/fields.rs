//! The administrator's data fields as they are kept, exported and published (S02): which of a user's data the popup shows, in
//! which order, under which headings, and when.
//!
//! Omnidesk's API can neither create a field nor tell on which form it stands (omnidesk-api section 5).
//! So the choice is kept here; a field defined here is awaited until an administrator creates it in
//! Omnidesk, and bound to it by name and format as soon as it appears (`screens/fields.rs`).
//!
//! What earlier versions do not know stands beside what they do, where they pass it over: conditions and colours in a field's
//! own entry, headings and what is computed in the entry of the field that they stand after ([`FieldSetting::then`]). So an office may publish for
//! desks of several versions. A condition names a fact of the call or the field's own value, never another condition: there is
//! nothing that could go in a circle.

use crate::view::{CommandError, DataField, FieldColor, FieldFormat, FieldState, TroubleView};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Data of every user, whatever the account.
pub(crate) const BUILT_IN: [(&str, FieldFormat); 5] = [
    ("name", FieldFormat::Text),
    ("email", FieldFormat::Text),
    ("company", FieldFormat::Text),
    ("position", FieldFormat::Text),
    ("note", FieldFormat::Area),
];
/// What this desk counts or knows of the caller itself, in the order of the screen.
pub(crate) const COMPUTED: [&str; 5] = ["own_line", "own_last_case", "own_open_cases", "own_calls", "own_last_contact"];
/// Those of them for which the history is read.
const COUNTED: [&str; 2] = ["own_calls", "own_last_contact"];
/// Bounds of what an administrator may set: fields with headings, headings, values of a list, lines of a condition, characters
/// of a name.
const FIELDS: usize = 100;
const SECTIONS: usize = 20;
const OPTIONS: usize = 200;
const LINES: usize = 20;
const TITLE: usize = 100;

/// One field as kept in the settings, and in an exported file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldSetting {
    /// `name`, …; `cf_25`; `new_3` while it is awaited.
    pub id: String,
    /// Its name; empty for the built-in ones.
    #[serde(default)]
    pub title: String,
    /// Its format.
    pub format: FieldFormat,
    /// The values of a list.
    #[serde(default)]
    pub options: Vec<String>,
    /// Whether the popup shows it.
    #[serde(default)]
    pub incoming: bool,
    /// Whether the popup shows it with a dash where the user has no value.
    #[serde(default, skip_serializing_if = "is_off")]
    pub always: bool,
    /// The lines for whose calls alone the popup shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// Colours of a list's values, by Omnidesk's key; by what they say while the field is awaited.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub colors: BTreeMap<String, FieldColor>,
    /// What follows it and is no field of Omnidesk.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<Row>,
}

/// A row that is no field of Omnidesk, nor of every user's data: a heading, or what this desk knows of the caller itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// `section_2`; `own_calls`, ….
    pub id: String,
    /// The heading; empty in any other row.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Whether the popup shows it; it always shows headings.
    #[serde(default, skip_serializing_if = "is_off")]
    pub incoming: bool,
    /// The lines for whose calls alone the popup shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

fn is_off(on: &bool) -> bool {
    !on
}

impl Row {
    /// What this desk knows of the caller itself, not ticked.
    pub(crate) fn computed(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            title: String::new(),
            incoming: false,
            lines: Vec::new(),
        }
    }

    /// Whether it is such a row.
    pub(crate) fn is_computed(&self) -> bool {
        COMPUTED.contains(&self.id.as_str())
    }

    /// Whether an administrator may set it so.
    fn is_sound(&self) -> bool {
        match self.is_section() {
            true => is_name(&self.title) && self.lines.is_empty(),
            false => self.is_computed() && self.title.is_empty() && are_lines(&self.lines),
        }
    }

    /// Whether it is a heading.
    pub(crate) fn is_section(&self) -> bool {
        self.id.strip_prefix("section_").is_some_and(|number| number.parse::<u32>().is_ok())
    }
}

impl FieldSetting {
    /// A field that is part of every user's data.
    #[must_use]
    pub fn built_in(id: &str, incoming: bool) -> Self {
        let format = BUILT_IN
            .iter()
            .find(|(known, _)| *known == id)
            .map_or(FieldFormat::Text, |(_, format)| *format);
        Self {
            id: id.into(),
            title: String::new(),
            format,
            options: Vec::new(),
            incoming,
            always: false,
            lines: Vec::new(),
            colors: BTreeMap::new(),
            then: Vec::new(),
        }
    }

    /// For tests: a ticked field that Omnidesk does not have yet.
    #[cfg(test)]
    pub(crate) fn awaited(title: &str, format: FieldFormat) -> Self {
        let values: &[&str] = if format == FieldFormat::List { &["Первый"] } else { &[] };
        Self {
            title: title.into(),
            format,
            options: values.iter().map(|&value| value.into()).collect(),
            ..Self::built_in("new_1", true)
        }
    }

    /// Whether Omnidesk has no such field yet.
    pub(crate) fn is_awaited(&self) -> bool {
        self.id.starts_with("new_")
    }

    /// Whether every user has it, whatever the account.
    pub(crate) fn is_built_in(&self) -> bool {
        BUILT_IN.iter().any(|(id, _)| *id == self.id)
    }
}

/// An exported setting.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    ringside: String,
    version: u32,
    fields: Vec<FieldSetting>,
}

/// What the file says it is.
const KIND: &str = "data-fields";

/// What the screen returned, as kept.
///
/// # Errors
/// `badSetting` naming the field that has no name, a name too long, or a list without values.
pub fn settled(fields: &[DataField]) -> Result<Vec<FieldSetting>, CommandError> {
    let mut kept: Vec<FieldSetting> = Vec::new();
    // A field leads every popup: what stands before the first follows it.
    let mut first: Vec<Row> = Vec::new();
    for field in fields {
        if matches!(field.state, FieldState::Section | FieldState::Computed) {
            kept.last_mut()
                .map_or(&mut first, |before| &mut before.then)
                .push(settled_row(field));
        } else {
            let then = std::mem::take(&mut first);
            kept.push(FieldSetting {
                then,
                ..settled_field(field)
            });
        }
    }
    if !first.is_empty() {
        let then = first;
        kept.push(FieldSetting {
            then,
            ..FieldSetting::built_in("name", true)
        });
    }
    checked(kept)
}

fn settled_row(row: &DataField) -> Row {
    Row {
        id: row.id.clone(),
        title: row.title.trim().to_owned(),
        incoming: row.incoming && row.state == FieldState::Computed,
        lines: settled_lines(row),
    }
}

fn settled_lines(field: &DataField) -> Vec<String> {
    field.lines.iter().map(|line| line.trim().to_owned()).collect()
}

fn settled_field(field: &DataField) -> FieldSetting {
    let is_awaited = field.state == FieldState::Awaited;
    let named = |option: &crate::view::FieldOption| option.title.trim().to_owned();
    let colors = field.options.iter().filter_map(|option| {
        let name = if is_awaited { named(option) } else { option.key.clone() };
        Some((name, option.color?))
    });
    FieldSetting {
        id: field.id.clone(),
        title: field.title.trim().to_owned(),
        format: field.format,
        options: if is_awaited {
            field.options.iter().map(named).collect()
        } else {
            Vec::new()
        },
        incoming: field.incoming,
        always: field.always,
        lines: settled_lines(field),
        colors: colors.collect(),
        then: Vec::new(),
    }
}

/// Those that an administrator may set.
///
/// # Errors
/// As [`settled`].
pub(crate) fn checked(fields: Vec<FieldSetting>) -> Result<Vec<FieldSetting>, CommandError> {
    let bad = |about: &str| CommandError {
        trouble: TroubleView::BadSetting,
        about: Some(about.to_owned()),
    };
    let rows = || fields.iter().flat_map(|field| &field.then);
    if fields.len() + rows().count() > FIELDS || rows().filter(|row| row.is_section()).count() > SECTIONS {
        return Err(bad("fields"));
    }
    let mut ids = BTreeSet::new();
    let mut titles = BTreeSet::new();
    for field in &fields {
        let is_custom = field.id.strip_prefix("cf_").is_some_and(|number| number.parse::<u64>().is_ok());
        let sound = (field.is_built_in() || is_custom || field.is_awaited()) && ids.insert(field.id.as_str());
        let named = !field.is_awaited() || (is_name(&field.title) && titles.insert(field.title.to_lowercase()));
        let listed = !field.is_awaited()
            || field.format != FieldFormat::List
            || (!field.options.is_empty() && field.options.len() <= OPTIONS && field.options.iter().all(|option| is_name(option)));
        if !(sound && named && listed && has_sound_looks(field)) {
            return Err(bad(&field.id));
        }
        let wrong = field.then.iter().find(|row| !(row.is_sound() && ids.insert(row.id.as_str())));
        if let Some(row) = wrong {
            return Err(bad(&row.id));
        }
    }
    Ok(fields)
}

fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= TITLE && !text.chars().any(char::is_control)
}

/// Whether the popup shows anything for which the history is read.
pub(crate) fn shows_counted(fields: &[FieldSetting]) -> bool {
    let rows = fields.iter().flat_map(|field| &field.then);
    rows.filter(|row| row.incoming).any(|row| COUNTED.contains(&row.id.as_str()))
}

fn are_lines(given: &[String]) -> bool {
    let lines: BTreeSet<String> = given.iter().map(|line| line.to_lowercase()).collect();
    lines.len() == given.len() && lines.len() <= LINES && given.iter().all(|line| is_name(line))
}

/// Conditions and colours are such as can be set.
fn has_sound_looks(field: &FieldSetting) -> bool {
    let has_values = field.colors.is_empty() || field.format == FieldFormat::List;
    are_lines(&field.lines) && has_values && field.colors.len() <= OPTIONS && field.colors.keys().all(|value| is_name(value))
}

/// The setting as a file's text.
#[must_use]
pub fn export(fields: &[FieldSetting]) -> String {
    let file = File {
        ringside: KIND.into(),
        version: 1,
        fields: fields.to_vec(),
    };
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

/// A setting out of a file's text.
///
/// # Errors
/// `badSetting` about `file` when it is not such a file, or about the field that is wrong.
pub fn import(text: &str) -> Result<Vec<FieldSetting>, CommandError> {
    let not_ours = || CommandError {
        trouble: TroubleView::BadSetting,
        about: Some("file".into()),
    };
    let file: File = serde_json::from_str(text).map_err(|_| not_ours())?;
    if file.ringside != KIND || file.version != 1 {
        return Err(not_ours());
    }
    checked(file.fields)
}

#[cfg(test)]
mod tests;
