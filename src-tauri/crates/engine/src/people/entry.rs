//! A person's card as an entry of the file of all users, and back.
//!
//! What people look for is kept as they read it: of a list the value's title. A tick says nothing to a search, so it is kept
//! as a sign without letters. A contact of a custom channel, by which callers without a number are known, is a number like
//! any other, and its channel is the profile's kind.

use crate::account::catalog::Catalog;
use crate::people::card::{Card, CustomContact, format_of};
use crate::people::spelling::numbers_of;
use crate::view::FieldFormat;
use calls::Region;
use directory::{Phone, User};
use omnidesk::{CustomField, FieldLevel};

/// The kind of a custom channel's profile whose channel Omnidesk did not say.
const CUSTOM: &str = "custom";
const TICKED: &str = "✓";
const NOT_TICKED: &str = "✗";

/// What of a profile is kept: its own, without what linked ones add.
#[must_use]
pub fn of(card: &Card, catalog: &Catalog, region: Region) -> User {
    let phone = |text: &str| Phone {
        text: text.to_owned(),
        keys: numbers_of(text, region)
            .iter()
            .flat_map(calls::Number::keys)
            .map(|key| key.as_str().to_owned())
            .collect(),
    };
    let own = card.phones.iter().filter(|phone| !card.borrowed.contains(phone));
    let custom = card.custom.as_ref();
    let fields = card.fields.iter();
    User {
        id: card.id,
        kind: custom.map(kind).unwrap_or_default().to_owned(),
        name: card.name.clone(),
        screen_name: String::new(),
        email: card.email.clone().or_else(|| Some(custom?.id.clone())).unwrap_or_default(),
        company: card.company.clone(),
        position: card.position.clone(),
        note: card.note.clone(),
        phones: own.chain(custom.map(|custom| &custom.id)).map(|text| phone(text)).collect(),
        fields: fields.map(|(key, value)| (key.clone(), told(catalog, key, value))).collect(),
        linked: card.linked.clone(),
        blocked: card.blocked,
        deleted: card.gone,
        created: card.created,
        updated: None,
        last_contact: card.last_contact,
    }
}

/// The card of a profile as it was kept.
#[must_use]
pub fn card(user: User, catalog: &Catalog) -> Card {
    let is_contact = is_contact(&user);
    let mut phones: Vec<String> = user.phones.into_iter().map(|phone| phone.text).collect();
    let contact = (!user.kind.is_empty()).then(|| phones.pop()).flatten();
    let custom = contact.map(|id| CustomContact {
        channel: if user.kind == CUSTOM { String::new() } else { user.kind },
        id,
    });
    let fields = user.fields.into_iter();
    Card {
        id: user.id,
        name: user.name,
        email: Some(user.email).filter(|email| !email.is_empty() && !is_contact),
        company: user.company,
        position: user.position,
        note: user.note,
        phones,
        custom,
        blocked: user.blocked,
        fields: fields
            .map(|(key, value)| {
                let value = value_of(catalog, &key, value);
                (key, value)
            })
            .collect(),
        linked: user.linked,
        gone: user.deleted,
        created: user.created,
        last_contact: user.last_contact,
        ..Card::default()
    }
}

/// Whether what stands in the place of the address is a contact of a custom channel: it is found by its letters there.
#[must_use]
pub fn is_contact(user: &User) -> bool {
    !user.kind.is_empty() && user.phones.last().is_some_and(|phone| phone.text == user.email)
}

fn kind(custom: &CustomContact) -> &str {
    if custom.channel.is_empty() { CUSTOM } else { &custom.channel }
}

fn field<'a>(catalog: &'a Catalog, key: &str) -> Option<&'a CustomField> {
    let of_user = |field: &&CustomField| field.field_level == FieldLevel::User && field.id.key() == key;
    catalog.fields.iter().find(of_user)
}

/// A value as people read it.
fn told(catalog: &Catalog, key: &str, value: &str) -> String {
    let Some(field) = field(catalog, key) else {
        return value.to_owned();
    };
    match format_of(&field.field_type) {
        FieldFormat::List => field.options.get(value).map_or(value, String::as_str).to_owned(),
        FieldFormat::Checkbox if matches!(value, "1" | "true") => TICKED.to_owned(),
        FieldFormat::Checkbox => NOT_TICKED.to_owned(),
        FieldFormat::Text | FieldFormat::Area | FieldFormat::Date => value.to_owned(),
    }
}

/// And as Omnidesk has it.
fn value_of(catalog: &Catalog, key: &str, told: String) -> String {
    match told.as_str() {
        TICKED => return "true".to_owned(),
        NOT_TICKED => return "false".to_owned(),
        _ => {}
    }
    let options = field(catalog, key).map(|field| &field.options);
    let option = options.and_then(|options| options.iter().find(|(_, title)| **title == told));
    option.map_or(told, |(value, _)| value.clone())
}

/// How the users of an account are read into the file: read otherwise, all of them are to be read again.
#[must_use]
pub fn manner(catalog: &Catalog, region: Region) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    format!("{region:?}").hash(&mut hasher);
    for field in catalog.fields.iter().filter(|field| field.field_level == FieldLevel::User) {
        (field.id.key(), format!("{:?}", field.field_type)).hash(&mut hasher);
        field.options.iter().for_each(|option| option.hash(&mut hasher));
    }
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests;
