//! The administrator's data fields as they are kept and exported (S02): which of a user's data the popup shows, and in
//! which order.
//!
//! Omnidesk's API can neither create a field nor tell on which form it stands (omnidesk-api section 5).
//! So the choice is kept here; a field defined here is awaited until an administrator creates it in
//! Omnidesk, and bound to it by name and format as soon as it appears (`screens/fields.rs`).

use crate::view::{CommandError, DataField, FieldFormat, FieldState, TroubleView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Data of every user, whatever the account.
pub(crate) const BUILT_IN: [(&str, FieldFormat); 5] = [
    ("name", FieldFormat::Text),
    ("email", FieldFormat::Text),
    ("company", FieldFormat::Text),
    ("position", FieldFormat::Text),
    ("note", FieldFormat::Area),
];
/// Bounds of what an administrator may set: fields, values of a list, characters of a name.
const FIELDS: usize = 100;
const OPTIONS: usize = 200;
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
        }
    }

    /// For tests: a ticked field that Omnidesk does not have yet.
    #[cfg(test)]
    pub(crate) fn awaited(title: &str, format: FieldFormat) -> Self {
        let values: &[&str] = if format == FieldFormat::List { &["Первый"] } else { &[] };
        Self {
            id: "new_1".into(),
            title: title.into(),
            format,
            options: values.iter().map(|&value| value.into()).collect(),
            incoming: true,
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
    let kept = fields.iter().map(|field| FieldSetting {
        id: field.id.clone(),
        title: field.title.trim().to_owned(),
        format: field.format,
        options: match field.state {
            FieldState::Awaited => field.options.iter().map(|option| option.title.trim().to_owned()).collect(),
            FieldState::BuiltIn | FieldState::Bound | FieldState::Missing => Vec::new(),
        },
        incoming: field.incoming,
    });
    checked(kept.collect())
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
    if fields.len() > FIELDS {
        return Err(bad("fields"));
    }
    let mut ids = BTreeSet::new();
    let mut titles = BTreeSet::new();
    for field in &fields {
        let is_custom = field.id.strip_prefix("cf_").is_some_and(|number| number.parse::<u64>().is_ok());
        let readable = |text: &str| !text.trim().is_empty() && text.chars().count() <= TITLE && !text.chars().any(char::is_control);
        let sound = (field.is_built_in() || is_custom || field.is_awaited()) && ids.insert(field.id.as_str());
        let named = !field.is_awaited() || (readable(&field.title) && titles.insert(field.title.to_lowercase()));
        let listed = !field.is_awaited()
            || field.format != FieldFormat::List
            || (!field.options.is_empty() && field.options.len() <= OPTIONS && field.options.iter().all(|option| readable(option)));
        if !(sound && named && listed) {
            return Err(bad(&field.id));
        }
    }
    Ok(fields)
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
