//! Who has a number, and who somebody is, asked of Omnidesk.
//!
//! Omnidesk searches phones as text, so what is asked for is a piece that every spelling has, and what comes back is compared
//! as numbers by us.

use crate::people::card::Card;
use calls::{PhoneKey, Region, UserId};
use omnidesk::{Client, Error, PageRequest, TextQuery, User, UserFilter};

/// At most this many linked profiles are read for one person before something is written for them.
const LINKED_READ: usize = 3;
/// At most this many are read when an agent asks for them.
const LINKED_ASKED: usize = 10;
/// At most this many profiles of one number are looked at.
const PROFILES: u32 = 20;
/// Shortest text that Omnidesk searches users by, characters.
const SHORTEST: usize = 3;

/// How a number that is looked for may be spelt in Omnidesk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelt {
    /// With its last ten digits in one piece: one request.
    Plainly,
    /// With hyphens, as people write Russian numbers: one request.
    Oddly,
    /// First one, then the other: two requests for a number that nobody has.
    Anyhow,
}

/// Asks Omnidesk who has a number, which may be any of these: the very number first. What comes back is compared by us;
/// who has the number itself is meant before those who have what it may be.
///
/// Profiles that are linked to each other are one person. Deleted profiles are left out. Other linked profiles are not
/// read: what they add, this computer's index knows.
///
/// # Errors
/// What the client reports.
pub async fn with_phone(client: &Client, keys: &[PhoneKey], region: Region, spelt: Spelt) -> Result<Vec<Card>, Error> {
    let mut found = match spelt {
        Spelt::Plainly | Spelt::Anyhow => {
            profiles_with(client, searches(keys, |key| Some(key.searched().to_owned())), keys, region).await?
        }
        Spelt::Oddly => Vec::new(),
    };
    if found.is_empty() && spelt != Spelt::Plainly {
        found = profiles_with(client, searches(keys, hyphened), keys, region).await?;
    }
    let mut cards: Vec<Card> = Vec::new();
    for own in found {
        match cards.iter_mut().find(|card| card.linked.contains(&own.id)) {
            Some(card) => card.add(&own),
            None => cards.push(own),
        }
    }
    Ok(best(cards, keys, region))
}

/// Those whose contacts fit best.
#[must_use]
pub fn best(cards: Vec<Card>, keys: &[PhoneKey], region: Region) -> Vec<Card> {
    let Some(best) = cards.iter().filter_map(|card| card.fit(keys, region)).min() else {
        return cards;
    };
    cards.into_iter().filter(|card| card.fit(keys, region) == Some(best)).collect()
}

/// `555-01-34` of `+79215550134`: how people write the end of a Russian number.
fn hyphened(key: &PhoneKey) -> Option<String> {
    let last = key.e164()?.strip_prefix("+7").filter(|rest| rest.len() == 10 && rest.is_ascii())?;
    Some(format!("{}-{}-{}", &last[3..6], &last[6..8], &last[8..]))
}

/// What to search phones for, each text once; what is too short to be searched for is left out.
fn searches(keys: &[PhoneKey], text: impl Fn(&PhoneKey) -> Option<String>) -> Vec<UserFilter> {
    let mut texts: Vec<String> = Vec::new();
    for text in keys.iter().filter_map(text) {
        if text.chars().count() >= SHORTEST && !texts.contains(&text) {
            texts.push(text);
        }
    }
    let by_phone = |text| UserFilter {
        phone: Some(TextQuery::Contains(text)),
        ..UserFilter::default()
    };
    texts.into_iter().map(by_phone).collect()
}

/// A text that is no certain number is a contact in the channel of calls.
fn by_custom_id(keys: &[PhoneKey]) -> Option<UserFilter> {
    let text = keys.first().filter(|key| key.e164().is_none())?.as_str();
    (text.chars().count() >= SHORTEST).then(|| UserFilter {
        custom_id: Some(TextQuery::Exact(text.to_owned())),
        ..UserFilter::default()
    })
}

async fn profiles_with(client: &Client, searches: Vec<UserFilter>, keys: &[PhoneKey], region: Region) -> Result<Vec<Card>, Error> {
    let mut found: Vec<Card> = Vec::new();
    for filter in searches.into_iter().chain(by_custom_id(keys)) {
        let page = client.users().list(&filter, PageRequest::first(PROFILES)).await?;
        for user in page.items.iter().filter(|user| !user.deleted) {
            let card = Card::of(user);
            if card.fit(keys, region).is_some() && !found.iter().any(|known| known.id == card.id) {
                found.push(card);
            }
        }
    }
    Ok(found)
}

/// One person by id, with linked profiles: for writing, where a missing address would make a second user.
///
/// # Errors
/// What the client reports; [`Error::NotFound`] when there is no such user.
pub async fn by_id(client: &Client, id: UserId) -> Result<Card, Error> {
    of_user(client, &client.users().get(omnidesk::UserId(id.0)).await?).await
}

/// The person of a profile, with linked profiles, while something that the popup shows by default is missing.
///
/// # Errors
/// What the client reports.
pub async fn of_user(client: &Client, user: &User) -> Result<Card, Error> {
    let mut card = Card::of(user);
    for id in card.linked.clone().into_iter().take(LINKED_READ) {
        if card.email.is_some() && !card.name.is_empty() && !card.company.is_empty() {
            break;
        }
        let linked = one_linked(client, id).await?;
        card.add(&linked);
        card.beside.push(linked);
    }
    Ok(card)
}

/// One profile by id; what linked ones add, this computer's index knows.
///
/// # Errors
/// What the client reports; [`Error::NotFound`] when there is no such user.
pub async fn profile(client: &Client, id: UserId) -> Result<Card, Error> {
    Ok(Card::of(&client.users().get(omnidesk::UserId(id.0)).await?))
}

/// The linked profiles of a person that this computer does not know, because an agent asked for them.
///
/// # Errors
/// What the client reports.
pub async fn unread(client: &Client, card: &Card) -> Result<Vec<Card>, Error> {
    let mut read = Vec::new();
    for id in card.unread.iter().take(LINKED_ASKED) {
        read.push(one_linked(client, *id).await?);
    }
    Ok(read)
}

async fn one_linked(client: &Client, id: u64) -> Result<Card, Error> {
    match client.users().get(omnidesk::UserId(id)).await {
        Ok(user) if !user.deleted => Ok(Card::of(&user)),
        Ok(_) | Err(Error::NotFound { .. }) => Ok(Card::gone(id)),
        Err(error) => Err(error),
    }
}
