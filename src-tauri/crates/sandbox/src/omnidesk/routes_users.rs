//! `/users`: profiles, one per contact, and the links between them.

use serde_json::{Map, Value, json};

use super::{
    search::Text,
    state::{Account, Contact, User},
    wire::{self, ApiRequest, Reply},
};

/// Characters a text filter on users needs.
const MIN_FILTER: usize = 3;

/// Answers a request below `/users`; `None` when there is no such route.
pub(crate) fn answer(account: &mut Account, request: &ApiRequest) -> Option<Reply> {
    let path: Vec<&str> = request.path.iter().skip(1).map(String::as_str).collect();
    let reply = match (request.method.as_str(), path.as_slice()) {
        ("GET", []) => list(account, request),
        ("POST", []) => create(account, request),
        ("POST", ["identification"]) => Reply::ok(json!({ "code": "o_37BD49_uv" })),
        ("GET", [id]) => with_user(account, id, |account, id| show(account, id)),
        ("PUT", [id]) => with_user(account, id, |account, id| edit(account, id, request)),
        ("DELETE", [id]) => with_user(account, id, |account, id| {
            account.users.remove(&id);
            Reply::ok(json!({}))
        }),
        ("PUT", [id, "link"]) => with_user(account, id, |account, id| link(account, id, request)),
        ("PUT", [id, "unlink"]) => with_user(account, id, |account, id| unlink(account, id, request)),
        ("PUT", [id, what @ ("disable" | "block" | "restore")]) => with_user(account, id, |account, id| switch(account, id, what, request)),
        _ => return None,
    };
    Some(reply)
}

fn with_user(account: &mut Account, id: &str, act: impl FnOnce(&mut Account, u64) -> Reply) -> Reply {
    match id.parse() {
        Ok(id) if account.users.contains_key(&id) => act(account, id),
        _ => Reply::error(404, "user_not_found"),
    }
}

fn show(account: &Account, id: u64) -> Reply {
    account.users.get(&id).map_or_else(
        || Reply::error(404, "user_not_found"),
        |user| Reply::ok(json!({ "user": wire::user(account, user) })),
    )
}

fn list(account: &Account, request: &ApiRequest) -> Reply {
    let text = |name: &str| request.param(name).map(|text| Text::parse(text, MIN_FILTER)).transpose();
    let (Ok(email), Ok(phone), Ok(custom_id)) = (text("user_email"), text("user_phone"), text("user_custom_id")) else {
        return Reply::error(422, "filter_too_short");
    };
    let by_kind = |user: &User, kind: &str, filter: &Option<Text>| {
        filter
            .as_ref()
            .is_none_or(|text| user.contact.kind() == kind && text.matches(user.contact.text()))
    };
    let found = account.users.values().filter(|user| {
        by_kind(user, "email", &email)
            && by_kind(user, "phone", &phone)
            && by_kind(user, "custom", &custom_id)
            && passes(account, user, request)
    });
    let with_cases = request.param("amount_of_cases") == Some("true");
    let told = |user: &User| {
        let mut item = wire::user(account, user);
        if with_cases {
            let amount = account.cases.values().filter(|case| case.user_id == user.id).count();
            item["amount_of_cases"] = json!(amount);
        }
        item
    };
    wire::list_of(request, "user", "total_count", found.collect(), told)
}

fn passes(account: &Account, user: &User, request: &ApiRequest) -> bool {
    let ids = |name: &str, id: u64| {
        let wanted = request.params(name);
        wanted.is_empty() || wanted.iter().any(|text| text.parse() == Ok(id))
    };
    let within = |prefix: &str, at: Option<jiff::Timestamp>| {
        let bound = |edge: &str| request.param(&format!("{edge}{prefix}")).and_then(wire::parse_date);
        let (from, to) = (bound("from_"), bound("to_"));
        let after = from.is_none_or(|from| at.is_some_and(|at| at >= from));
        after && to.is_none_or(|to| at.is_some_and(|at| at <= to))
    };
    let channel = request
        .param("user_custom_channel")
        .is_none_or(|wanted| matches!(&user.contact, Contact::Custom { channel, .. } if channel == wanted));
    channel
        && ids("company_id", user.company_id)
        && ids("language_id", user.language_id)
        && within("time", Some(user.created_at))
        && within("updated_time", Some(user.updated_at))
        && within("last_contact_time", user.last_contact_at)
        && request
            .map_params("custom_fields")
            .iter()
            .all(|(field, wanted)| custom_field_matches(account, &user.custom_fields, "user", field, wanted))
}

/// Text = substring, checkbox = flag, select = key.
pub(crate) fn custom_field_matches(account: &Account, values: &Map<String, Value>, level: &str, field: &str, wanted: &str) -> bool {
    let Some(definition) = account.field(field, level) else {
        return false;
    };
    let value = values.get(field);
    match definition.kind.as_str() {
        "checkbox" => {
            let set = value.and_then(Value::as_bool).unwrap_or(false);
            set == matches!(wanted, "1" | "true")
        }
        "select" | "date" => value.and_then(Value::as_str).is_some_and(|key| key == wanted),
        _ => value
            .and_then(Value::as_str)
            .is_some_and(|text| Text::parse(wanted, 1).is_ok_and(|filter| filter.matches(text))),
    }
}

/// The contact fields of a create request, in the order the API looks at them.
pub(crate) fn contact_of(fields: &Map<String, Value>) -> Result<Contact, Reply> {
    let text = |name: &str| {
        fields
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    if let Some(email) = text("user_email") {
        let well_formed = email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        return if well_formed {
            Ok(Contact::Email(email))
        } else {
            Err(Reply::error(422, "wrong_email"))
        };
    }
    if let Some(phone) = text("user_phone") {
        let well_formed = super::state::digits(&phone).len() >= 5;
        return if well_formed {
            Ok(Contact::Phone(phone))
        } else {
            Err(Reply::error(422, "wrong_phone"))
        };
    }
    if let Some(phone) = text("user_whatsapp_phone") {
        return Ok(Contact::WhatsApp(phone));
    }
    if let Some(name) = text("user_telegram").or_else(|| text("user_telegram_data")) {
        return Ok(Contact::Telegram(name));
    }
    match (text("user_custom_id"), text("user_custom_channel")) {
        (Some(id), Some(channel)) => Ok(Contact::Custom { channel, id }),
        _ => Err(Reply::error(422, "contact_required")),
    }
}

/// Makes a user of the fields of a request that creates one; without a contact nobody.
pub(super) fn add(account: &mut Account, fields: &Map<String, Value>, now: jiff::Timestamp) {
    if let Ok(contact) = contact_of(fields) {
        let id = account.new_user(contact, now);
        apply(account, id, fields);
    }
}

fn create(account: &mut Account, request: &ApiRequest) -> Reply {
    let fields = request.wrapped("user");
    let contact = match contact_of(&fields) {
        Ok(contact) => contact,
        Err(refusal) => return refusal,
    };
    if account.user_by_contact(&contact).is_some() {
        return Reply::error(422, &format!("{}_already_exist", contact.kind()));
    }
    let id = account.new_user(contact, request.now);
    apply(account, id, &fields);
    let Some(user) = account.users.get(&id) else {
        return Reply::error(500, "server_error");
    };
    let mut body = wire::user(account, user);
    body["password"] = json!("");
    Reply::created(json!({ "user": body }))
}

fn edit(account: &mut Account, id: u64, request: &ApiRequest) -> Reply {
    let fields = request.wrapped("user");
    for (name, kind) in [("user_phone", "phone"), ("user_email", "email")] {
        let Some(text) = fields.get(name).and_then(Value::as_str) else {
            continue;
        };
        let contact = if kind == "phone" {
            Contact::Phone(text.to_owned())
        } else {
            Contact::Email(text.to_owned())
        };
        if account.user_by_contact(&contact).is_some_and(|other| other.id != id) {
            return Reply::error(422, &format!("{kind}_already_exist"));
        }
        let Some(user) = account.users.get_mut(&id) else { continue };
        // What the live API does here is not documented; refusing shows who relies on it.
        if user.contact.kind() != kind {
            return Reply::error(422, &format!("{name}_not_editable"));
        }
        if text.trim().is_empty() {
            return Reply::error(422, &format!("wrong_{kind}"));
        }
        user.contact = contact;
    }
    apply(account, id, &fields);
    if let Some(user) = account.users.get_mut(&id) {
        user.updated_at = request.now;
    }
    show(account, id)
}

/// Takes over the descriptive fields of a create or edit request.
fn apply(account: &mut Account, id: u64, fields: &Map<String, Value>) {
    let known = known_values(account, fields, "user");
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let company = text("company_name");
    let company_id = company
        .as_ref()
        .and_then(|name| account.companies.values().find(|company| company.name == *name))
        .map_or(0, |company| company.id);
    let Some(user) = account.users.get_mut(&id) else { return };
    if let Some(name) = text("user_full_name") {
        user.full_name = name;
    }
    if let Some(name) = company {
        user.company_name = name;
        user.company_id = company_id;
    }
    if let Some(position) = text("company_position") {
        user.company_position = position;
    }
    if let Some(note) = text("user_note") {
        user.note = note;
    }
    if let Some(language) = fields.get("language_id").and_then(Value::as_u64) {
        user.language_id = language;
    }
    user.custom_fields.extend(known);
}

/// The custom values of a request whose fields exist on this level; others are ignored.
pub(crate) fn known_values(account: &Account, fields: &Map<String, Value>, level: &str) -> Map<String, Value> {
    let Some(values) = fields.get("custom_fields").and_then(Value::as_object) else {
        return Map::new();
    };
    values
        .iter()
        .filter(|(name, _)| account.field(name, level).is_some())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn link(account: &mut Account, id: u64, request: &ApiRequest) -> Reply {
    let other = if let Some(other) = request.body.get("user_id").and_then(Value::as_u64) {
        account.users.get(&other).map(|user| user.id)
    } else {
        let Some(fields) = request.body.as_object() else {
            return Reply::error(422, "contact_required");
        };
        match contact_of(fields) {
            // Whether the live API makes a missing profile here is not documented: we do not.
            Ok(contact) => account.user_by_contact(&contact).map(|user| user.id),
            Err(refusal) => return refusal,
        }
    };
    let Some(other) = other else {
        return Reply::error(404, "user_not_found");
    };
    account.link(id, other);
    show(account, id)
}

fn unlink(account: &mut Account, id: u64, request: &ApiRequest) -> Reply {
    let other = request.body.get("user_id").and_then(Value::as_u64);
    let fresh = account.next_id("group");
    let group = account.users.get(&id).map(|user| user.link_group);
    let Some(other) = other.and_then(|other| account.users.get_mut(&other)) else {
        return Reply::error(404, "user_not_found");
    };
    if Some(other.link_group) == group && other.id != id {
        other.link_group = fresh;
    }
    show(account, id)
}

fn switch(account: &mut Account, id: u64, what: &str, request: &ApiRequest) -> Reply {
    if let Some(user) = account.users.get_mut(&id) {
        user.updated_at = request.now;
        match what {
            "disable" => user.deleted = true,
            "block" => user.active = false,
            _ => (user.deleted, user.active) = (false, true),
        }
    }
    show(account, id)
}
