//! `/cases`: creating, finding and changing cases.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    routes_messages::{self, Author},
    routes_users::{contact_of, custom_field_matches, known_values},
    search::Text,
    state::{Account, Case, Change, Contact},
    wire::{self, ApiRequest, Reply},
};

/// Characters the text filters on cases need.
const MIN_FILTER: usize = 4;
/// Most cases one bulk request may name.
const MAX_BULK: usize = 10;

/// Answers a request below `/cases`; `None` when there is no such route.
pub(crate) fn answer(account: &mut Account, request: &ApiRequest) -> Option<Reply> {
    let path: Vec<&str> = request.path.iter().skip(1).map(String::as_str).collect();
    let barred = |key: &&str| {
        account
            .case_id(key)
            .is_some_and(|id| account.barred.contains(&(request.staff_id, id)))
    };
    if path.first().is_some_and(barred) {
        return Some(Reply::error(403, "staff_has_not_access"));
    }
    let reply = match (request.method.as_str(), path.as_slice()) {
        ("GET", []) => list(account, request),
        ("POST", []) => create(account, request),
        ("GET", [key]) => with_case(account, key, |account, id| show(account, id)),
        ("PUT", [key]) => with_case(account, key, |account, id| edit(account, id, request)),
        ("DELETE", [keys]) => bulk(account, keys, request, "delete"),
        ("PUT", [keys, what @ ("spam" | "trash" | "restore")]) => bulk(account, keys, request, what),
        ("PUT", [key, "rate"]) => with_case(account, key, |account, id| rate(account, id, request)),
        ("GET", [key, "changelog"]) => with_case(account, key, |account, id| changelog(account, id, request)),
        (_, [key, rest @ ..]) => {
            let Some(id) = account.case_id(key) else {
                return Some(Reply::error(404, "case_not_found"));
            };
            return routes_messages::answer(account, request, id, rest);
        }
        _ => return None,
    };
    Some(reply)
}

fn with_case(account: &mut Account, key: &str, act: impl FnOnce(&mut Account, u64) -> Reply) -> Reply {
    match account.case_id(key) {
        Some(id) => act(account, id),
        None => Reply::error(404, "case_not_found"),
    }
}

fn show(account: &Account, id: u64) -> Reply {
    let Some(case) = account.cases.get(&id) else {
        return Reply::error(404, "case_not_found");
    };
    let mut body = wire::case(case);
    body["first_response_speed"] = wire::first_response_speed(case);
    Reply::ok(json!({ "case": body }))
}

fn create(account: &mut Account, request: &ApiRequest) -> Reply {
    let mut fields = request.wrapped("case");
    // A case names the custom channel of its user as its own.
    if let (true, Some(channel)) = (fields.contains_key("user_custom_id"), fields.get("channel").cloned()) {
        fields.entry("user_custom_channel").or_insert(channel);
    }
    let contact = match contact_of(&fields) {
        Ok(contact) => contact,
        Err(_) if !names_a_contact(&fields) => return Reply::error(422, "user_required"),
        Err(refusal) => return refusal,
    };
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let channel = match text("channel") {
        "" => "web".to_owned(),
        key => match account.channels.iter().find(|channel| channel.key == key && channel.active) {
            Some(channel) => channel.key.clone(),
            None => return Reply::error(422, "wrong_channel"),
        },
    };
    if let Some(refusal) = refused_staff(account, &fields) {
        return refusal;
    }
    let post = match routes_messages::read_post(&fields, "case", request) {
        Ok(post) => post,
        Err(refusal) => return refusal,
    };
    let user_id = match account.user_by_contact(&contact).map(|user| user.id) {
        Some(id) => id,
        None => {
            let id = account.new_user(contact.clone(), request.now);
            let name = text("user_full_name");
            if let Some(user) = account.users.get_mut(&id).filter(|_| !name.is_empty()) {
                user.full_name = name.to_owned();
            }
            id
        }
    };
    let subject = text("subject").to_owned();
    let id = account.new_case(user_id, &subject, request.now);
    let blocked = account.users.get(&user_id).is_some_and(|user| !user.active);
    let known = known_values(account, &fields, "case");
    let labels = known_labels(account, fields.get("labels"));
    if let Some(user) = account.users.get_mut(&user_id) {
        user.last_contact_at = Some(request.now);
    }
    if let Some(case) = account.cases.get_mut(&id) {
        case.channel = channel;
        case.recipient = if let Contact::Email(email) = &contact {
            email.clone()
        } else {
            String::new()
        };
        case.spam = blocked;
        case.custom_fields = known;
        case.labels = labels;
        set_numbers(case, &fields);
    }
    take_status(account, id, text("status"));
    let attachments = routes_messages::add(account, id, Author::User, post, request);
    let Some(case) = account.cases.get(&id) else {
        return Reply::error(500, "server_error");
    };
    let mut body = wire::case(case);
    body["attachments"] = wire::attachments(&attachments, &request.base);
    Reply::created(json!({ "case": body }))
}

/// The status of a new case: the one that was asked for, as a live client relies on, unless a rule of the account decides.
fn take_status(account: &mut Account, id: u64, asked: &str) {
    let barred = asked == "closed" && lacks_required(account, id, &Map::new());
    let status = match &account.status_of_new_cases {
        Some(rule) => rule.clone(),
        None if matches!(asked, "open" | "waiting" | "closed") && !barred => asked.to_owned(),
        None => return,
    };
    if let Some(case) = account.cases.get_mut(&id) {
        case.closed_at = (status == "closed").then_some(case.created_at);
        case.status = status;
    }
}

fn names_a_contact(fields: &Map<String, Value>) -> bool {
    ["user_email", "user_phone", "user_whatsapp_phone", "user_custom_id"]
        .iter()
        .any(|name| fields.contains_key(*name))
}

/// A number that may come as a number or, from multipart, as text.
fn number(value: Option<&Value>) -> Option<u64> {
    let value = value?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn refused_staff(account: &Account, fields: &Map<String, Value>) -> Option<Reply> {
    let id = number(fields.get("staff_id")).filter(|id| *id != 0)?;
    match account.staff.get(&id) {
        Some(staff) if staff.active => None,
        Some(_) => Some(Reply::error(422, "staff_not_active")),
        None => Some(Reply::error(422, "staff_not_found")),
    }
}

fn set_numbers(case: &mut Case, fields: &Map<String, Value>) {
    if let Some(id) = number(fields.get("staff_id")) {
        case.staff_id = id;
    }
    if let Some(id) = number(fields.get("group_id")) {
        case.group_id = id;
    }
    if let Some(id) = number(fields.get("language_id")) {
        case.language_id = id;
    }
    if let Some(priority @ ("low" | "normal" | "high" | "critical")) = fields.get("priority").and_then(Value::as_str) {
        case.priority = priority.to_owned();
    }
}

/// The ids of a labels list that exist.
fn known_labels(account: &Account, labels: Option<&Value>) -> Vec<u64> {
    let many = match labels {
        Some(Value::Array(items)) => items.iter().filter_map(|item| number(Some(item))).collect(),
        Some(Value::Object(items)) => items.values().filter_map(|item| number(Some(item))).collect(),
        other => number(other).into_iter().collect::<Vec<_>>(),
    };
    many.into_iter().filter(|id| account.labels.contains_key(id)).collect()
}

fn edit(account: &mut Account, id: u64, request: &ApiRequest) -> Reply {
    let fields = request.wrapped("case");
    if let Some(refusal) = refused_staff(account, &fields) {
        return refusal;
    }
    let status = fields.get("status").and_then(Value::as_str);
    if status.is_some_and(|status| !matches!(status, "open" | "waiting" | "closed")) {
        return Reply::error(422, "wrong_status");
    }
    let known = known_values(account, &fields, "case");
    if status == Some("closed") && lacks_required(account, id, &known) {
        return Reply::error(422, "required_fields");
    }
    let added = known_labels(account, fields.get("add_labels"));
    let removed = known_labels(account, fields.get("delete_labels"));
    let Some(case) = account.cases.get_mut(&id) else {
        return Reply::error(404, "case_not_found");
    };
    let before = case.clone();
    if let Some(subject) = fields.get("subject").and_then(Value::as_str) {
        case.subject = subject.to_owned();
    }
    if let Some(status) = status {
        case.status = status.to_owned();
        case.closed_at = (status == "closed").then(|| before.closed_at.unwrap_or(request.now));
    }
    set_numbers(case, &fields);
    case.custom_fields.extend(known);
    case.labels.retain(|label| !removed.contains(label));
    for label in added {
        if !case.labels.contains(&label) {
            case.labels.push(label);
        }
    }
    case.updated_at = request.now;
    note_changes(case, &before, request.staff_id, request.now);
    show(account, id)
}

/// Whether a field that is mandatory on closing would be empty. Nothing documents that the API looks at it; refusing
/// shows who relies on the contrary.
fn lacks_required(account: &Account, id: u64, sent: &Map<String, Value>) -> bool {
    let Some(case) = account.cases.get(&id) else { return false };
    account.required_on_close.iter().any(|field| {
        let key = format!("cf_{field}");
        let value = sent.get(&key).or_else(|| case.custom_fields.get(&key));
        value.is_none_or(|value| matches!(value, Value::Null) || value.as_str().is_some_and(|text| text.trim().is_empty()))
    })
}

fn note_changes(case: &mut Case, before: &Case, staff_id: u64, at: Timestamp) {
    let labels = |case: &Case| case.labels.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
    let fields = |case: &Case| Value::Object(case.custom_fields.clone()).to_string();
    let changes = [
        ("subject", before.subject.clone(), case.subject.clone()),
        ("status", before.status.clone(), case.status.clone()),
        ("staff", before.staff_id.to_string(), case.staff_id.to_string()),
        ("group", before.group_id.to_string(), case.group_id.to_string()),
        ("priority", before.priority.clone(), case.priority.clone()),
        ("labels", labels(before), labels(case)),
        ("custom_fields", fields(before), fields(case)),
    ];
    for (event, old, new) in changes {
        if old != new {
            case.changelog.push(Change {
                at,
                event,
                done_by: format!("staff_{staff_id}"),
                old: Some(old),
                new,
            });
        }
    }
}

fn rate(account: &mut Account, id: u64, request: &ApiRequest) -> Reply {
    let fields = request.wrapped("rate");
    if let Some(case) = account.cases.get_mut(&id) {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        case.rating = text("rating");
        case.rating_comment = text("rating_comment");
        case.rated_staff_id = number(fields.get("rated_staff_id")).unwrap_or(case.staff_id);
    }
    show(account, id)
}

fn changelog(account: &Account, id: u64, request: &ApiRequest) -> Reply {
    let Some(case) = account.cases.get(&id) else {
        return Reply::error(404, "case_not_found");
    };
    let asked = |change: &Change| request.query.is_empty() || request.param(change.event).is_some();
    let lines: Vec<Value> = case.changelog.iter().filter(|change| asked(change)).map(wire::change).collect();
    Reply::ok(json!({ "changelog": lines }))
}

fn bulk(account: &mut Account, keys: &str, request: &ApiRequest, what: &str) -> Reply {
    let keys: Vec<&str> = keys.split(',').collect();
    if keys.len() > MAX_BULK {
        return Reply::error(422, "too_many_cases");
    }
    let ids: Vec<u64> = keys.iter().filter_map(|key| account.case_id(key)).collect();
    if keys.len() == 1 && ids.is_empty() {
        return Reply::error(404, "case_not_found");
    }
    for id in &ids {
        if what == "delete" {
            account.cases.remove(id);
            continue;
        }
        let Some(case) = account.cases.get_mut(id) else { continue };
        match what {
            "spam" => case.spam = true,
            "trash" => case.deleted = true,
            _ => (case.spam, case.deleted) = (false, false),
        }
        case.updated_at = request.now;
    }
    Reply::ok(json!({ "case_success_id": ids }))
}

fn list(account: &Account, request: &ApiRequest) -> Reply {
    let texts = |name: &str| -> Result<Vec<Text>, ()> {
        let all = request.params(name).into_iter().map(|text| Text::parse(text, MIN_FILTER));
        all.collect::<Result<_, _>>().map_err(|_| ())
    };
    let (Ok(subjects), Ok(emails), Ok(phones)) = (texts("subject"), texts("user_email"), texts("user_phone")) else {
        return Reply::error(422, "filter_too_short");
    };
    let any = |filters: &[Text], value: &str| filters.is_empty() || filters.iter().any(|text| text.matches(value));
    let of_user = |case: &Case, filters: &[Text], kind: &str| {
        filters.is_empty()
            || account
                .users
                .get(&case.user_id)
                .is_some_and(|user| user.contact.kind() == kind && any(filters, user.contact.text()))
    };
    let mut found: Vec<&Case> = account
        .cases
        .values()
        .filter(|case| !case.deleted && !case.spam && !account.barred.contains(&(request.staff_id, case.id)))
        .filter(|case| any(&subjects, &case.subject))
        .filter(|case| of_user(case, &emails, "email") && of_user(case, &phones, "phone"))
        .filter(|case| passes(account, case, request))
        .collect();
    sort(&mut found, request.param("sort").unwrap_or("updated_at_desc"));
    let with_speed = request.param("show_first_response_time").is_some();
    let items = found
        .into_iter()
        .map(|case| {
            let mut item = wire::case(case);
            if with_speed {
                item["first_response_speed"] = wire::first_response_speed(case);
            }
            item
        })
        .collect();
    wire::list(request, "case", "total_count", items)
}

fn passes(account: &Account, case: &Case, request: &ApiRequest) -> bool {
    let ids = |name: &str, has: &dyn Fn(u64) -> bool| {
        let wanted = request.params(name);
        wanted.is_empty() || wanted.iter().filter_map(|text| text.parse().ok()).any(has)
    };
    let words = |name: &str, value: &str| {
        let wanted = request.params(name);
        wanted.is_empty() || wanted.contains(&value)
    };
    let bound = |name: &str| request.param(name).and_then(wire::parse_date);
    let user = account.users.get(&case.user_id);
    let fields = request.map_params("custom_fields");
    ids("user_id", &|id| id == case.user_id)
        && ids("staff_id", &|id| id == case.staff_id)
        && ids("group_id", &|id| id == case.group_id)
        && ids("labels", &|id| case.labels.contains(&id))
        && words("channel", &case.channel)
        && words("priority", &case.priority)
        && words("status", &case.status)
        && request
            .param("user_custom_id")
            .is_none_or(|wanted| user.is_some_and(|user| user.contact.kind() == "custom" && user.contact.text() == wanted))
        && (case.parent_case_id == 0 || request.param("show_merged_cases").is_some())
        && bound("from_time").is_none_or(|from| case.created_at >= from)
        && bound("to_time").is_none_or(|to| case.created_at <= to)
        && fields.iter().all(|(field, wanted)| {
            custom_field_matches(account, &case.custom_fields, "case", field, wanted)
                || user.is_some_and(|user| custom_field_matches(account, &user.custom_fields, "user", field, wanted))
        })
}

fn sort(cases: &mut [&Case], order: &str) {
    let priority = |case: &Case| ["low", "normal", "high", "critical"].iter().position(|name| *name == case.priority);
    match order.trim_end_matches("_asc").trim_end_matches("_desc") {
        "created_at" => cases.sort_by_key(|case| (case.created_at, case.id)),
        "response" => cases.sort_by_key(|case| (case.last_response_at, case.id)),
        "priority" => cases.sort_by_key(|case| (priority(case), case.id)),
        "status" => cases.sort_by_key(|case| (case.status.clone(), case.id)),
        _ => cases.sort_by_key(|case| (case.updated_at, case.id)),
    }
    if !order.ends_with("_asc") {
        cases.reverse();
    }
}
