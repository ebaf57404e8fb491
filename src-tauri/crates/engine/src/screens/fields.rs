//! The administrator's data fields beside those that Omnidesk has (S02): what the popup and the screens show of them, and
//! which awaited ones have appeared.

use crate::account::catalog::Catalog;
use crate::people::card::format_of;
use crate::settings::fields::{BUILT_IN, FieldSetting};
use crate::view::{DataField, FieldOption, FieldState, FieldView, FieldsView};
use omnidesk::{CustomField, FieldLevel};
use std::collections::BTreeSet;

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
        locked: false,
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

#[cfg(test)]
mod tests;
