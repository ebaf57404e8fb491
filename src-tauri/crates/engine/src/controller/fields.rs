//! The administrator's data fields (S02): which of a user's data the popup shows, and in which order.
//!
//! Omnidesk's API can neither create a field nor tell on which form it stands (omnidesk-api section 5).
//! So the choice is kept here; a field defined here is awaited until an administrator creates it in
//! Omnidesk, and bound to it by name and format as soon as it appears.

use crate::account::catalog::Catalog;
use crate::controller::Controller;
use crate::people::card::format_of;
use crate::view::{CommandError, DataField, FieldFormat, FieldOption, FieldState, FieldView, FieldsView, TroubleView};
use omnidesk::{CustomField, FieldLevel};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Data of every user, whatever the account.
const BUILT_IN: [(&str, FieldFormat); 5] = [
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

    fn is_awaited(&self) -> bool {
        self.id.starts_with("new_")
    }

    fn is_built_in(&self) -> bool {
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

/// The fields that the popup shows, in order.
#[must_use]
pub fn shown(fields: &[FieldSetting], catalog: &Catalog) -> Vec<FieldView> {
    let ticked = fields.iter().filter(|field| field.incoming && !field.is_awaited());
    ticked
        .map(|field| FieldView {
            field: field.id.clone(),
            title: user_field(catalog, &field.id).map_or_else(|| field.title.clone(), |known| known.title.clone()),
        })
        .collect()
}

/// Binds awaited fields to those that have appeared in Omnidesk. Returns whether any was.
pub fn bind(fields: &mut [FieldSetting], catalog: &Catalog) -> bool {
    let mut taken: BTreeSet<String> = fields.iter().map(|field| field.id.clone()).collect();
    let mut bound = false;
    for field in fields.iter_mut().filter(|field| field.is_awaited()) {
        let same = |known: &&CustomField| {
            known.title.trim().to_lowercase() == field.title.trim().to_lowercase() && format_of(&known.field_type) == field.format
        };
        let appeared = user_fields(catalog).filter(|known| !taken.contains(&known.id.key())).find(same);
        if let Some(known) = appeared {
            field.id = known.id.key();
            field.title.clone_from(&known.title);
            field.options.clear();
            taken.insert(field.id.clone());
            bound = true;
        }
    }
    bound
}

/// All fields for the screen: as set, then what else there is.
#[must_use]
pub fn view(fields: &[FieldSetting], catalog: Option<&Catalog>, omnidesk_url: Option<String>) -> FieldsView {
    let none = Catalog::default();
    let known = catalog.unwrap_or(&none);
    let mut all: Vec<DataField> = fields.iter().map(|field| set_field(field, known, catalog.is_some())).collect();
    let listed: BTreeSet<String> = all.iter().map(|field| field.id.clone()).collect();
    let built_in = BUILT_IN.iter().filter(|(id, _)| !listed.contains(*id));
    all.extend(built_in.map(|(id, _)| set_field(&FieldSetting::built_in(id, false), known, true)));
    all.extend(
        user_fields(known)
            .filter(|field| !listed.contains(&field.id.key()))
            .map(|field| of_omnidesk(field, false)),
    );
    FieldsView {
        fields: all,
        fresh: catalog.is_some(),
        omnidesk_url,
    }
}

fn set_field(field: &FieldSetting, catalog: &Catalog, read: bool) -> DataField {
    if let Some(known) = user_field(catalog, &field.id) {
        return of_omnidesk(known, field.incoming);
    }
    DataField {
        id: field.id.clone(),
        title: field.title.clone(),
        format: field.format,
        options: field
            .options
            .iter()
            .map(|title| FieldOption {
                key: String::new(),
                title: title.clone(),
            })
            .collect(),
        incoming: field.incoming,
        state: match (field.is_built_in(), field.is_awaited(), read) {
            (true, ..) => FieldState::BuiltIn,
            (false, true, _) => FieldState::Awaited,
            (false, false, true) => FieldState::Missing,
            // Nobody could ask: it was there when it was ticked.
            (false, false, false) => FieldState::Bound,
        },
    }
}

/// A field of Omnidesk for the screen and for the form over a user.
#[must_use]
pub fn of_omnidesk(field: &CustomField, incoming: bool) -> DataField {
    DataField {
        id: field.id.key(),
        title: field.title.clone(),
        format: format_of(&field.field_type),
        options: field
            .options
            .iter()
            .map(|(key, title)| FieldOption {
                key: key.clone(),
                title: title.clone(),
            })
            .collect(),
        incoming,
        state: FieldState::Bound,
    }
}

/// The custom fields of users.
pub fn user_fields(catalog: &Catalog) -> impl Iterator<Item = &CustomField> {
    catalog.fields.iter().filter(|field| field.field_level == FieldLevel::User)
}

fn user_field<'a>(catalog: &'a Catalog, id: &str) -> Option<&'a CustomField> {
    user_fields(catalog).find(|field| field.id.key() == id)
}

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

fn checked(fields: Vec<FieldSetting>) -> Result<Vec<FieldSetting>, CommandError> {
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

impl Controller {
    pub(crate) fn fields_view(&self) -> FieldsView {
        let url = self
            .settings
            .omnidesk_base()
            .map(|base| format!("{}/staff/", base.as_str().trim_end_matches('/')));
        view(&self.settings.fields, self.catalog.as_deref(), url)
    }

    /// Omnidesk's fields, read anew: awaited ones may be among them.
    pub(crate) fn take_fields(&mut self, fields: Vec<CustomField>) {
        let Some(catalog) = &self.catalog else { return };
        let catalog = Catalog {
            fields: fields.into_iter().filter(|field| field.active).collect(),
            ..(**catalog).clone()
        };
        self.take_catalog(Arc::new(catalog));
    }

    /// Whether the disk took what that changed.
    pub(crate) fn bind_fields(&mut self) -> bool {
        let Some(catalog) = self.catalog.clone() else { return true };
        self.shown_stale = true;
        !bind(&mut self.settings.fields, &catalog) || self.save_settings()
    }

    pub(crate) fn keep_fields(&mut self, fields: Vec<FieldSetting>) -> Result<FieldsView, CommandError> {
        self.settings.fields = fields;
        let saved = self.save_settings();
        if self.bind_fields() && saved {
            Ok(self.fields_view())
        } else {
            Err(TroubleView::Storage.into())
        }
    }
}

#[cfg(test)]
mod tests;
