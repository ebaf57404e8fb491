//! Fills the account: made-up users with profiles in mixed spellings, and their earlier cases.
//!
//! Everything is derived from tables and counters, so two sandboxes are alike except for the dates,
//! which count back from now.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{
    seed_people::{BLOCKED, COMPANIES, DELETED, PEOPLE, Person, TOPICS},
    state::{Account, Company, Contact, Message, ids},
};
use crate::{AgentSeed, Setup};

/// Earlier cases in the seed.
const CASES: usize = 60;

/// The account a sandbox starts with.
pub(super) fn account(agents: &[AgentSeed], setup: Setup, with_users: bool) -> Account {
    let mut account = match setup {
        Setup::ForCalls => Account::with_settings(agents),
        Setup::Fresh => Account::fresh(agents),
        Setup::Crowded => Account::crowded(agents),
    };
    if with_users {
        add_users(&mut account);
    }
    account.take_out_what_is_not_set_up();
    account
}

fn add_users(account: &mut Account) {
    for ((name, domains, address), id) in COMPANIES.iter().zip(701..) {
        let company = Company {
            id,
            name: (*name).to_owned(),
            domains: (*domains).to_owned(),
            address: (*address).to_owned(),
            note: String::new(),
        };
        account.companies.insert(id, company);
    }
    let now = Timestamp::now();
    let people: Vec<u64> = PEOPLE
        .iter()
        .zip(0..)
        .map(|(person, index)| add_person(account, person, index, now))
        .collect();
    for index in 0..CASES {
        add_case(account, people[(index * 7) % people.len()], index, now);
    }
}

fn ago(now: Timestamp, hours: usize) -> Timestamp {
    now - SignedDuration::from_hours(i64::try_from(hours).unwrap_or(0))
}

/// Adds a client's profiles and returns the one its cases hang on.
fn add_person(account: &mut Account, person: &Person, index: usize, now: Timestamp) -> u64 {
    let mut contacts: Vec<Contact> = Vec::new();
    if !person.email.is_empty() {
        contacts.push(Contact::Email(person.email.to_owned()));
    }
    contacts.extend(person.phones.iter().map(|phone| Contact::Phone((*phone).to_owned())));
    if index % 9 == 4 {
        contacts.push(Contact::Telegram(format!("client_{index}")));
    }
    let created = ago(now, 24 * (400 - index * 7));
    let profiles: Vec<u64> = contacts.into_iter().map(|contact| account.new_user(contact, created)).collect();
    for profile in &profiles {
        describe(account, *profile, person, ago(now, 24 * (index + 1)));
        account.link(profiles[0], *profile);
    }
    profiles[0]
}

fn describe(account: &mut Account, id: u64, person: &Person, contacted: Timestamp) {
    let company_id = account
        .companies
        .values()
        .find(|company| company.name == person.company)
        .map_or(0, |company| company.id);
    let Some(user) = account.users.get_mut(&id) else { return };
    user.full_name = person.name.to_owned();
    user.company_name = person.company.to_owned();
    user.company_id = company_id;
    user.company_position = person.position.to_owned();
    user.note = person.note.to_owned();
    user.active = person.name != BLOCKED;
    user.deleted = person.name == DELETED;
    user.last_contact_at = Some(contacted);
    user.custom_fields = custom_fields(person);
}

fn custom_fields(person: &Person) -> Map<String, Value> {
    let mut fields = Map::new();
    for (id, text) in [
        (ids::FIELD_TARIFF, person.tariff),
        (ids::FIELD_CONTRACT, person.contract),
        (ids::FIELD_CONTRACT_UNTIL, person.until),
        (ids::FIELD_ADDRESS, person.address),
    ] {
        if !text.is_empty() {
            fields.insert(format!("cf_{id}"), json!(text));
        }
    }
    if person.vip {
        fields.insert(format!("cf_{}", ids::FIELD_VIP), json!(true));
    }
    fields
}

fn add_case(account: &mut Account, user_id: u64, index: usize, now: Timestamp) {
    let (topic, text) = TOPICS[index % TOPICS.len()];
    // A third are calls; the calls hang on the phone profile when there is one.
    let call = index.is_multiple_of(3);
    // The newest case is the first client's, who is rung up most in tests and demos: a call that was answered.
    let missed = call && index.is_multiple_of(12) && index > 0;
    let phone_profile = account.users.get(&user_id).and_then(|user| {
        let is_phone = |id: &u64| matches!(account.users.get(id).map(|user| &user.contact), Some(Contact::Phone(_)));
        account.linked(user).into_iter().find(is_phone)
    });
    let owner = if call { phone_profile.unwrap_or(user_id) } else { user_id };
    let contact = account
        .users
        .get(&owner)
        .map(|user| user.contact.text().to_owned())
        .unwrap_or_default();
    let subject = match (call, missed) {
        (true, true) => format!("Пропущенный звонок с {contact}"),
        (true, false) => format!("Входящий звонок с {contact}"),
        _ => topic.to_owned(),
    };
    let created = ago(now, 9 + index * 11);
    let id = account.new_case(owner, &subject, created);
    let staff: Vec<u64> = account.staff.values().filter(|staff| staff.active).map(|staff| staff.id).collect();
    let staff_id = staff.get(index % staff.len().max(1)).copied().unwrap_or_default();
    let first = account.next_id("message");
    let answer = account.next_id("message");
    let answered = created + SignedDuration::from_mins(25);
    let Some(case) = account.cases.get_mut(&id) else { return };
    case.seeded = true;
    case.channel = if call {
        ids::CALLS_CHANNEL
    } else {
        ["email", "web", "chat"][index % 3]
    }
    .to_owned();
    case.status = if missed || index == 0 {
        "open"
    } else {
        ["closed", "waiting", "closed", "open"][index % 4]
    }
    .to_owned();
    case.closed_at = (case.status == "closed").then_some(answered);
    case.staff_id = if missed { 0 } else { staff_id };
    case.group_id = if index.is_multiple_of(5) {
        ids::GROUP_SALES
    } else {
        ids::GROUP_SUPPORT
    };
    case.priority = if index % 10 == 7 { "high" } else { "normal" }.to_owned();
    case.labels = match (call, missed) {
        (true, true) => vec![ids::LABEL_MISSED],
        (true, false) => vec![ids::LABEL_CALL],
        _ => Vec::new(),
    };
    if call {
        case.custom_fields.insert(format!("cf_{}", ids::FIELD_CALL_PHONE), json!(contact));
        let direction = if missed { "3" } else { "1" };
        case.custom_fields.insert(format!("cf_{}", ids::FIELD_DIRECTION), json!(direction));
    }
    let opening = if call { String::new() } else { text.to_owned() };
    case.messages.push(message(first, owner, 0, &opening, false, created));
    if !missed {
        let text = if call {
            format!("Суть звонка: {}", topic.to_lowercase())
        } else {
            "Здравствуйте! Проверяем, ответим сегодня.".to_owned()
        };
        case.messages.push(message(answer, 0, staff_id, &text, call, answered));
        case.updated_at = answered;
        case.last_response_at = answered;
    }
}

fn message(id: u64, user_id: u64, staff_id: u64, content: &str, note: bool, at: Timestamp) -> Message {
    Message {
        id,
        user_id,
        staff_id,
        content: content.to_owned(),
        content_html: String::new(),
        note,
        do_not_send_email: false,
        attachments: Vec::new(),
        created_at: at,
        edits: 0,
    }
}
