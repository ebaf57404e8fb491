//! Users: by which contact a case finds them, and changes of their data, numbers and addresses.
//!
//! A profile has one contact (omnidesk-api section 2). Another one is a profile of its own, tied to the first.

use super::{Delivery, Done, Job, Stop};
use crate::people::card::{Card, CustomContact};
use crate::people::look_up::{self, Spelt};
use calls::{DutyResult, Number, Owner, PhoneKey, UserEdit, UserId};
use omnidesk::{Contact, Error, LinkTarget, NewUser, PageRequest, TextQuery, User, UserFilter};
use std::collections::BTreeSet;

/// At most this many linked profiles are looked at for an address.
const LINKED: usize = 5;

impl Delivery {
    /// By which contact Omnidesk finds the user of a new case. A shared number says nothing, so an
    /// address comes first for a user that was chosen; the number in Omnidesk's own spelling otherwise.
    /// With it comes the user, as far as Omnidesk was asked.
    pub(super) async fn contact(&self, job: &Job, owner: &Owner, number: &Number) -> Result<(Contact, Option<Card>), Stop> {
        let (id, phone) = match owner {
            Owner::Phone { phone } if job.nobody => return Ok((self.new_contact(phone)?, None)),
            Owner::Phone { phone } => return self.contact_of_number(phone, &all_keys(phone, number)).await,
            Owner::User { id, phone } => (*id, phone),
        };
        let card = match self.card.as_ref().filter(|card| card.id == id.0) {
            Some(card) => card.clone(),
            None => look_up::by_id(&self.client, id).await?,
        };
        let own = phone.as_ref().and_then(|key| self.own_contact(&card, &all_keys(key, number)));
        let certain = phone.as_ref().and_then(PhoneKey::e164).map(str::to_owned);
        let contact = match (own, card.email.clone(), certain) {
            (Some(own), ..) => own,
            (None, Some(email), _) => Contact::Email(email),
            (None, None, Some(phone)) => Contact::Phone(phone),
            // A text that is no number would make another user of it: any contact that the user has is better.
            (None, None, None) => self.any_contact(&card).ok_or(Stop::Refused("user_without_contact"))?,
        };
        Ok((contact, Some(card)))
    }

    /// The contact of a person that is this number, as Omnidesk spells it.
    fn own_contact(&self, card: &Card, keys: &[PhoneKey]) -> Option<Contact> {
        let spelt = card.spelling(keys, self.region).map(|spelling| Contact::Phone(spelling.to_owned()));
        let custom = || card.custom.as_ref().filter(|_| card.fit(keys, self.region).is_some());
        spelt.or_else(|| custom().map(|custom| self.custom_contact(custom)))
    }

    fn any_contact(&self, card: &Card) -> Option<Contact> {
        let phone = card.phones.first().cloned().map(Contact::Phone);
        phone.or_else(|| card.custom.as_ref().map(|custom| self.custom_contact(custom)))
    }

    fn custom_contact(&self, custom: &CustomContact) -> Contact {
        let channel = Some(&custom.channel)
            .filter(|channel| !channel.is_empty())
            .unwrap_or(&self.catalog.channel);
        Contact::Custom {
            channel: channel.clone().into(),
            id: custom.id.clone(),
        }
    }

    /// By which contact a new user is made. Omnidesk takes a number as a phone; a text that is none it may refuse for ever
    /// (`wrong_phone`), so that becomes a contact in the channel of calls, which takes any text.
    fn new_contact(&self, phone: &PhoneKey) -> Result<Contact, Stop> {
        match phone.e164() {
            Some(e164) => Ok(Contact::Phone(e164.to_owned())),
            None if self.catalog.channel.is_empty() => Err(Stop::Refused("no_channel")),
            None => Ok(Contact::Custom {
                channel: self.catalog.channel.clone().into(),
                id: phone.as_str().to_owned(),
            }),
        }
    }

    /// Nobody was known during the call; perhaps only because Omnidesk was out. The spelling it has
    /// keeps it from making a second user.
    async fn contact_of_number(&self, phone: &PhoneKey, keys: &[PhoneKey]) -> Result<(Contact, Option<Card>), Stop> {
        let found = look_up::with_phone(&self.client, keys, self.region, Spelt::Anyhow).await?;
        let known = found.into_iter().find_map(|card| Some((self.own_contact(&card, keys)?, card)));
        Ok(match known {
            Some((contact, card)) => (contact, Some(card)),
            None => (self.new_contact(phone)?, None),
        })
    }

    /// S05, S14. Sending the same values twice does no harm.
    pub(super) async fn edit_user(&self, user: UserId, changes: &UserEdit) -> Result<Done, Stop> {
        let id = omnidesk::UserId(user.0);
        let edit = self.descriptive(changes);
        let mut profile = if edit == omnidesk::UserEdit::default() {
            self.client.users().get(id).await?
        } else {
            self.client.users().edit(id, &edit).await?
        };
        if let Some(email) = changes.email.as_deref().filter(|email| !email.is_empty()) {
            profile = self.give_address(profile, email).await?;
        }
        Ok(Done {
            result: DutyResult {
                user: Some(user),
                ..DutyResult::default()
            },
            card: Some(look_up::of_user(&self.client, &profile).await?),
        })
    }

    /// Everything but the address.
    fn descriptive(&self, changes: &UserEdit) -> omnidesk::UserEdit {
        let mut edit = omnidesk::UserEdit {
            full_name: changes.name.clone(),
            company_name: changes.company.clone(),
            company_position: changes.position.clone(),
            note: changes.note.clone(),
            ..omnidesk::UserEdit::default()
        };
        for field in &self.catalog.fields {
            if let Some(value) = changes.fields.get(&field.id.key()) {
                match field.field_type {
                    omnidesk::FieldType::Checkbox => edit.custom_fields.set(field.id, value == "true"),
                    omnidesk::FieldType::Text
                    | omnidesk::FieldType::Textarea
                    | omnidesk::FieldType::Select
                    | omnidesk::FieldType::Date
                    | omnidesk::FieldType::Other(_) => edit.custom_fields.set(field.id, value.as_str()),
                }
            }
        }
        edit
    }

    /// The person's address: changed in the profile that has one, else a profile with it is tied to theirs.
    async fn give_address(&self, profile: User, email: &str) -> Result<User, Stop> {
        let same = |user: &User| user.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email));
        let mut with_address = Some(profile.clone()).filter(|own| own.email.is_some());
        for id in profile.other_profiles().take(LINKED) {
            if with_address.is_some() {
                break;
            }
            let linked = self.client.users().get(id).await?;
            with_address = Some(linked).filter(|linked| linked.email.is_some() && !linked.deleted);
        }
        if with_address.as_ref().is_some_and(same) {
            return Ok(profile);
        }
        let address = omnidesk::UserEdit {
            email: Some(email.to_owned()),
            ..omnidesk::UserEdit::default()
        };
        let given = match &with_address {
            Some(owner) => self.client.users().edit(owner.id, &address).await,
            None => {
                let mut new = NewUser::new(Contact::Email(email.to_owned()));
                new.full_name = Some(profile.full_name.clone()).filter(|name| !name.is_empty());
                self.client.users().create(&new).await
            }
        };
        let tie = match given {
            Ok(changed) if changed.id == profile.id => return Ok(changed),
            Ok(_) if with_address.is_some() => return Ok(profile),
            Ok(made) => LinkTarget::User(made.id),
            Err(Error::AlreadyExists { .. }) => self.made_before(&profile, email).await?,
            Err(error) => return Err(error.into()),
        };
        Ok(self.client.users().link(profile.id, &tie).await?)
    }

    /// A profile with this address is there already. Ours, if an earlier attempt made it and could not tie it:
    /// named like this person and tied to nobody. Anybody else's address is refused: a slip of the pen must
    /// not make two clients one.
    async fn made_before(&self, profile: &User, email: &str) -> Result<LinkTarget, Stop> {
        let filter = UserFilter {
            email: Some(TextQuery::Exact(email.to_owned())),
            ..UserFilter::default()
        };
        let found = self.client.users().list(&filter, PageRequest::first(2)).await?.items;
        let ours = |user: &User| user.full_name == profile.full_name && user.other_profiles().next().is_none();
        match &found[..] {
            [user] if ours(user) => Ok(LinkTarget::User(user.id)),
            _ => Err(Stop::Refused("email_already_exist")),
        }
    }

    /// S13. Finds or makes the number's own profile, then ties it to the user. May be repeated.
    ///
    /// After a second thought exactly the last user has the number: what this call has tied before is untied first. A
    /// number's profile that somebody else has tied to another client is left alone: tying it here would make two clients one.
    pub(super) async fn link(&self, job: &Job, user: UserId, phone: &PhoneKey, mistaken: &[UserId]) -> Result<Done, Stop> {
        if job.superseded && !job.uncertain {
            return Ok(nothing_linked());
        }
        let found = look_up::with_phone(&self.client, std::slice::from_ref(phone), self.region, Spelt::Anyhow).await?;
        let wanted = Some(user.0).filter(|_| !job.superseded);
        let is_wrong = |id: &u64| mistaken.iter().chain(job.superseded.then_some(&user)).any(|wrong| wrong.0 == *id);
        let theirs = found
            .iter()
            .find(|card| wanted.is_some_and(|id| card.id == id || card.linked.contains(&id)));
        let own_was_tied = |card: &Card| card.id == user.0 && card.linked.iter().any(is_wrong) && job.ties.may_include(card.id);
        if let Some(card) = theirs.filter(|card| own_was_tied(card)) {
            // The number is the user's own profile.
            let seen = self.untie(card).await?;
            return Ok(linked(user, None, seen));
        }
        if let Some(card) = theirs {
            // An earlier attempt whose answer was lost may have tied it.
            let tied = (job.uncertain && card.id != user.0).then_some(card.id);
            return Ok(linked(user, tied, Vec::new()));
        }
        let mut seen = Vec::new();
        // One in the bin is found by no search.
        let mut tied_before = Vec::new();
        for id in job.ties.known.iter().filter(|id| found.iter().all(|card| card.id != **id)) {
            tied_before.push(Card::of(&self.client.users().get(omnidesk::UserId(*id)).await?));
        }
        for card in found.iter().chain(&tied_before).filter(|card| !card.linked.is_empty()) {
            if card.linked.iter().any(is_wrong) && (job.uncertain || job.ties.may_include(card.id)) {
                seen.extend(self.untie(card).await?);
            } else if wanted.is_some() {
                return Err(Stop::Refused("phone_already_exist"));
            }
        }
        let Some(wanted) = wanted else {
            return Ok(Done {
                card: with_beside(seen),
                ..nothing_linked()
            });
        };
        let own = match found.first() {
            Some(card) => LinkTarget::User(omnidesk::UserId(card.id)),
            None => self.profile_of_number(phone).await?,
        };
        let before = match &own {
            LinkTarget::User(_) => Vec::new(),
            LinkTarget::Phone(_) | LinkTarget::Email(_) => Card::of(&self.client.users().get(omnidesk::UserId(wanted)).await?).linked,
        };
        let now = Card::of(&self.client.users().link(omnidesk::UserId(wanted), &own).await?);
        let tied = match &own {
            LinkTarget::User(id) => Some(id.0),
            LinkTarget::Phone(_) | LinkTarget::Email(_) => now.linked.iter().copied().find(|id| !before.contains(id)),
        };
        seen.push(now);
        Ok(linked(user, tied, seen))
    }

    /// Takes a number's own profile out of the company that this call has brought it into. Returns what was seen on the way.
    async fn untie(&self, own: &Card) -> Result<Vec<Card>, Stop> {
        let id = omnidesk::UserId(own.id);
        let mut seen = Vec::new();
        let mut left = own.linked.clone();
        for _ in 0..LINKED {
            let Some(other) = left.first().copied() else { break };
            match self.client.users().unlink(omnidesk::UserId(other), id).await {
                Ok(user) => seen.push(Card::of(&user)),
                Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            let now = Card::of(&self.client.users().get(id).await?);
            left = now.linked.iter().copied().filter(|left| *left != other).collect();
        }
        Ok(seen)
    }

    async fn profile_of_number(&self, phone: &PhoneKey) -> Result<LinkTarget, Stop> {
        match (
            self.client.users().create(&NewUser::new(self.new_contact(phone)?)).await,
            phone.e164(),
        ) {
            (Ok(made), _) => Ok(LinkTarget::User(made.id)),
            // Somebody made it in between, or it lies in the bin.
            (Err(Error::AlreadyExists { .. }), Some(number)) => Ok(LinkTarget::Phone(number.to_owned())),
            (Err(error), _) => Err(error.into()),
        }
    }
}

/// The identity that a duty names, then what else the call's number may be.
fn all_keys(phone: &PhoneKey, number: &Number) -> Vec<PhoneKey> {
    let readings = number.readings().iter().filter(|_| number.key().as_ref() == Some(phone));
    std::iter::once(phone).chain(readings).cloned().collect()
}

/// What earlier links of a call's number have tied.
#[derive(Debug, Clone, Default)]
pub struct Ties {
    /// Profiles of the number that were tied.
    pub known: BTreeSet<u64>,
    /// The answer of one of them was lost for good.
    pub unknown: bool,
}

impl Ties {
    fn may_include(&self, profile: u64) -> bool {
        self.unknown || self.known.contains(&profile)
    }
}

fn linked(user: UserId, tied: Option<u64>, seen: Vec<Card>) -> Done {
    Done {
        result: DutyResult {
            user: Some(user),
            tied,
            ..DutyResult::default()
        },
        card: with_beside(seen),
    }
}

fn nothing_linked() -> Done {
    DutyResult {
        overruled: true,
        ..DutyResult::default()
    }
    .into()
}

/// The profiles seen last, as one to be kept with others beside it; of one profile the latest state.
fn with_beside(mut seen: Vec<Card>) -> Option<Card> {
    let mut last = seen.pop()?;
    let mut ids = BTreeSet::from([last.id]);
    seen.reverse();
    seen.retain(|card| ids.insert(card.id));
    last.beside = seen;
    Some(last)
}
