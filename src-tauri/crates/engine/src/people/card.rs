//! People: who has a number, put together from Omnidesk's profiles.
//!
//! Omnidesk makes one profile per contact (a phone, an e-mail address) and ties them by linking
//! (omnidesk-api section 2). A person on screen is the profile that matched plus what its linked
//! profiles add: a caller's name and company stand in the phone's profile, the address in another.

use crate::account::catalog::Catalog;
use crate::people::spelling::{Fit, fit, numbers_of, spellings, written};
use crate::view::{CaseRow, FieldFormat, FieldValue, UserView};
use calls::{Number, PhoneKey, Region, UserId, is_name, is_nobody, one_line, tidy_name, visible};
use omnidesk::{Contact, FieldLevel, User};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A person as shown and kept on this computer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// The profile that was found.
    pub id: u64,
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Company.
    pub company: String,
    /// Position.
    pub position: String,
    /// Note.
    pub note: String,
    /// Phones as Omnidesk spells them, the profile's own first. A field is text: it may hold several numbers, labels, names.
    pub phones: Vec<String>,
    /// By what a profile of a custom channel is known there: callers whose number is none have such a one.
    pub custom: Option<CustomContact>,
    /// Blocked in Omnidesk.
    pub blocked: bool,
    /// Values of custom fields by key, such as `cf_25`.
    pub fields: BTreeMap<String, String>,
    /// Linked profiles.
    pub linked: Vec<u64>,
    /// Whether the name is a linked profile's, as this one is named after its number. Put together anew each time.
    #[serde(skip)]
    pub named_by_link: bool,
    /// The person's last case, as far as a page has shown it.
    pub last_case: Option<CaseRow>,
    /// In Omnidesk's bin, or gone from it: known to be nobody any more.
    pub gone: bool,
    /// When the profile was made, ms since 1970.
    pub created: Option<i64>,
    /// When Omnidesk last heard of them, ms since 1970.
    pub last_contact: Option<i64>,
    /// Phones among `phones` that stand in linked profiles.
    pub borrowed: Vec<String>,
    /// Linked profiles that were read along: kept beside this one, so that the next call need not read them.
    #[serde(skip)]
    pub beside: Vec<Card>,
    /// Linked profiles that this computer does not know.
    #[serde(skip)]
    pub unread: Vec<u64>,
}

/// A contact in a custom channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomContact {
    /// The channel's key, such as `cch101`; empty where Omnidesk did not say.
    pub channel: String,
    /// The contact.
    pub id: String,
}

impl Card {
    /// The card of one profile.
    #[must_use]
    pub fn of(user: &User) -> Self {
        let own_name = if user.full_name.trim().is_empty() {
            user.screen_name.clone().unwrap_or_default()
        } else {
            user.full_name.clone()
        };
        Self {
            id: user.id.0,
            name: tidy_name(&own_name),
            email: user.email.as_deref().map(one_line),
            company: tidy_name(&user.company_name),
            position: tidy_name(&user.company_position),
            note: visible(&user.note),
            phones: user.phone.iter().cloned().collect(),
            custom: user.other_contacts.get("user_custom_id").map(|id| CustomContact {
                channel: user.other_contacts.get("user_custom_channel").cloned().unwrap_or_default(),
                id: id.clone(),
            }),
            blocked: !user.active,
            fields: user
                .custom_fields
                .iter()
                .filter_map(|(id, _)| Some((id.key(), visible(&user.custom_fields.text(id)?))))
                .filter(|(_, text)| !text.is_empty())
                .collect(),
            linked: user.other_profiles().map(|id| id.0).collect(),
            gone: user.deleted,
            created: user.created_at.map(|at| at.as_millisecond()),
            last_contact: user.last_contact_at.map(|at| at.as_millisecond()),
            ..Self::default()
        }
    }

    /// The card of a profile that is not there any more.
    #[must_use]
    pub fn gone(id: u64) -> Self {
        Self {
            id,
            gone: true,
            ..Self::default()
        }
    }

    /// The card of a user that Omnidesk has just made for a contact.
    #[must_use]
    pub fn of_contact(id: u64, contact: &Contact) -> Self {
        let mut card = Self { id, ..Self::default() };
        match contact {
            Contact::Phone(phone) => {
                card.name.clone_from(phone);
                card.phones.push(phone.clone());
            }
            Contact::Custom { channel, id } => {
                card.name.clone_from(id);
                card.custom = Some(CustomContact {
                    channel: channel.as_str().to_owned(),
                    id: id.clone(),
                });
            }
            Contact::Email(_) | Contact::Whatsapp(_) | Contact::Other { .. } => {}
        }
        card
    }

    /// Adds what a linked profile knows and this one does not.
    pub fn add(&mut self, other: &Self) {
        let fill = |own: &mut String, theirs: &str| {
            if own.trim().is_empty() {
                theirs.trim().clone_into(own);
            }
        };
        // A profile made from a call is named after its number: a real name is better.
        let same = |contact: &str| contact == self.name || (!digits(contact).is_empty() && digits(contact) == digits(&self.name));
        let custom = self.custom.iter().map(|custom| &custom.id);
        let named_after_number = self.phones.iter().chain(custom).any(|contact| same(contact)) && !self.name.is_empty();
        if named_after_number && !other.name.is_empty() && other.name != self.name {
            self.name.clone_from(&other.name);
            self.named_by_link = true;
        }
        self.named_by_link |= self.name.trim().is_empty() && !other.name.trim().is_empty();
        fill(&mut self.name, &other.name);
        fill(&mut self.company, &other.company);
        fill(&mut self.position, &other.position);
        fill(&mut self.note, &other.note);
        if self.email.is_none() {
            self.email.clone_from(&other.email);
        }
        for phone in &other.phones {
            if !self.phones.contains(phone) {
                self.phones.push(phone.clone());
                self.borrowed.push(phone.clone());
            }
        }
        for (field, value) in &other.fields {
            self.fields.entry(field.clone()).or_insert_with(|| value.clone());
        }
    }

    /// The user's id.
    #[must_use]
    pub fn user(&self) -> UserId {
        UserId(self.id)
    }

    /// All profiles of the person: cases hang on any of them.
    #[must_use]
    pub fn profiles(&self) -> Vec<omnidesk::UserId> {
        std::iter::once(self.id)
            .chain(self.linked.iter().copied())
            .map(omnidesk::UserId)
            .collect()
    }

    /// The spelling of a number in Omnidesk, if the person has it, whichever of these it is.
    #[must_use]
    pub fn spelling(&self, keys: &[PhoneKey], region: Region) -> Option<&str> {
        let phones = self.phones.iter().map(String::as_str);
        phones
            .filter_map(|phone| Some((fit(phone, keys, region)?, phone)))
            .min_by_key(|(fit, _)| *fit)
            .map(|(_, phone)| phone)
    }

    /// How well the person's contacts fit a number that may be any of these; none: not at all.
    #[must_use]
    pub fn fit(&self, keys: &[PhoneKey], region: Region) -> Option<Fit> {
        let custom = self.custom.iter().map(|custom| custom.id.as_str());
        self.phones
            .iter()
            .map(String::as_str)
            .chain(custom)
            .filter_map(|contact| fit(contact, keys, region))
            .min()
    }

    /// Whether who is shown has a number that may be any of these only through a profile that is linked to theirs.
    #[must_use]
    pub fn has_by_link(&self, keys: &[PhoneKey], region: Region) -> bool {
        let own = self.phones.iter().filter(|phone| !self.borrowed.contains(phone));
        let contacts = own.chain(self.custom.iter().map(|custom| &custom.id));
        let fits = |contact: &String| fit(contact, keys, region).is_some();
        self.fit(keys, region).is_some() && (self.named_by_link || !contacts.into_iter().any(fits))
    }

    /// Whether Omnidesk's search by this number cannot find the person, because the number is spelt unusually there.
    #[must_use]
    pub fn is_hidden_from_search(&self, keys: &[PhoneKey], region: Region) -> bool {
        let found_by = |spelling: &str| keys.iter().any(|key| spelling.contains(key.searched()));
        self.spelling(keys, region).is_some_and(|spelling| !found_by(spelling))
    }

    /// Everything a search may find: a list's value by its title, a number in its usual spellings.
    #[must_use]
    pub fn haystack(&self, catalog: &Catalog, region: Region) -> String {
        let mut parts = vec![
            self.name.clone(),
            self.email.clone().unwrap_or_default(),
            self.company.clone(),
            self.position.clone(),
            self.note.clone(),
        ];
        for phone in &self.phones {
            parts.push(phone.clone());
            parts.extend(numbers_of(phone, region).iter().flat_map(spellings));
        }
        parts.extend(self.custom.iter().map(|custom| custom.id.clone()));
        parts.extend(self.searchable(catalog).into_iter().map(|(_, value)| value));
        parts.join("\n")
    }

    /// Custom values that people may look for, by field; a tick says nothing.
    #[must_use]
    pub fn searchable(&self, catalog: &Catalog) -> Vec<(String, String)> {
        let shown = field_values(&self.fields, catalog).into_iter();
        shown
            .filter(|value| value.format != FieldFormat::Checkbox)
            .map(|value| (value.field, value.value))
            .collect()
    }

    /// Omnidesk names a user made from a call after the number: shown as numbers are. Who is named nobody has no name.
    fn shown_name(&self, region: Region) -> String {
        if is_name(&self.name, region) {
            return tidy_name(&self.name);
        }
        let number = Number::read(&self.name, region);
        match number.e164() {
            Some(_) => number.pretty().to_owned(),
            None if is_nobody(&self.name) => String::new(),
            None => tidy_name(&self.name),
        }
    }

    /// For the windows.
    #[must_use]
    pub fn view(&self, catalog: &Catalog, region: Region) -> UserView {
        let some = |text: &str| Some(visible(text).trim().to_owned()).filter(|text| !text.is_empty());
        UserView {
            id: self.id.to_string(),
            name: self.shown_name(region),
            email: self.email.as_deref().and_then(some),
            phones: self
                .phones
                .iter()
                .flat_map(|phone| numbers_of(phone, region))
                .map(|number| written(&number))
                .collect(),
            company: some(&self.company),
            position: some(&self.position),
            note: some(&self.note),
            blocked: self.blocked,
            fields: field_values(&self.fields, catalog),
            linked_unread: !self.unread.is_empty(),
        }
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn field_values(values: &BTreeMap<String, String>, catalog: &Catalog) -> Vec<FieldValue> {
    let of_user = catalog.fields.iter().filter(|field| field.field_level == FieldLevel::User);
    of_user
        .filter_map(|field| {
            let key = field.id.key();
            let value = values.get(&key)?;
            let format = format_of(&field.field_type);
            let value = match format {
                FieldFormat::List => field.options.get(value).cloned().unwrap_or_else(|| value.clone()),
                FieldFormat::Checkbox => matches!(value.as_str(), "1" | "true").to_string(),
                FieldFormat::Text | FieldFormat::Area | FieldFormat::Date => value.clone(),
            };
            Some(FieldValue {
                field: key,
                title: field.title.clone(),
                format,
                value,
            })
        })
        .collect()
}

/// Omnidesk's type of a field as one of the five formats of S02; unknown ones are shown as text.
#[must_use]
pub fn format_of(kind: &omnidesk::FieldType) -> FieldFormat {
    match kind {
        omnidesk::FieldType::Textarea => FieldFormat::Area,
        omnidesk::FieldType::Checkbox => FieldFormat::Checkbox,
        omnidesk::FieldType::Select => FieldFormat::List,
        omnidesk::FieldType::Date => FieldFormat::Date,
        omnidesk::FieldType::Text | omnidesk::FieldType::Other(_) => FieldFormat::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(card: &Card) -> Vec<PhoneKey> {
        let own = card.phones.iter().filter(|phone| !card.borrowed.contains(phone));
        own.flat_map(|phone| Number::read(phone, Region::default()).keys()).collect()
    }

    fn profile(id: u64, phone: &str, email: Option<&str>) -> Card {
        Card {
            id,
            name: "Иван".into(),
            email: email.map(str::to_owned),
            phones: vec![phone.to_owned()],
            ..Card::default()
        }
    }

    #[test]
    fn s01_a_number_of_a_linked_profile_is_shown_and_identifies_that_profile_alone() {
        let mut card = profile(7, "+79161234567", None);
        card.add(&profile(8, "8 (903) 111-22-33", Some("ivan@x.example")));
        assert_eq!(card.phones, ["+79161234567", "8 (903) 111-22-33"]);
        assert_eq!(card.email.as_deref(), Some("ivan@x.example"));
        let own: Vec<_> = keys(&card).iter().map(|key| key.as_str().to_owned()).collect();
        assert_eq!(own, ["+79161234567"]);
        let keys_of = |number| Number::read(number, Region::default()).keys();
        assert!(card.has_by_link(&keys_of("+79031112233"), Region::default()));
        assert!(!card.has_by_link(&keys_of("+79161234567"), Region::default()));
        assert!(!card.has_by_link(&keys_of("+79161234568"), Region::default()), "not theirs at all");
        let kept: Card = serde_json::from_str(&serde_json::to_string(&card).unwrap()).unwrap();
        assert_eq!(keys(&kept), keys(&card), "after a restart, too");
    }

    #[test]
    fn s01_who_is_named_by_a_linked_profile_has_the_number_by_that_link() {
        let mut own = Card {
            name: "79161234567".into(),
            ..profile(7, "+79161234567", None)
        };
        let keys = keys(&own);
        assert!(!own.has_by_link(&keys, Region::default()));
        own.add(&profile(8, "+79031112233", None));
        assert_eq!(own.name, "Иван");
        assert!(own.has_by_link(&keys, Region::default()));
        // A name of its own is not borrowed, whatever the others add.
        let mut named = profile(7, "+79161234567", None);
        named.add(&profile(8, "+79031112233", Some("ivan@x.example")));
        assert!(!named.has_by_link(&keys, Region::default()));
    }
}
