//! The account's settings: staff, groups, labels, companies, fields, channels, languages, filters.

use serde_json::{Value, json};

use super::{
    search::Text,
    state::{Account, Company, field_data},
    wire::{self, ApiRequest, Reply},
};

/// Answers a request for one of the settings; `None` when there is no such route.
pub(crate) fn answer(account: &mut Account, request: &ApiRequest) -> Option<Reply> {
    let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
    if request.method != "GET" {
        return write(account, request, &path);
    }
    let total = |wrapper: &str, items: Vec<Value>| wire::list(request, wrapper, "total_count", items);
    let counted = |wrapper: &str, items: Vec<Value>| wire::list(request, wrapper, "count", items);
    let one = |wrapper: &str, items: Vec<Value>, key: &str, id: &str| {
        let wanted = |item: &Value| item[key].as_u64().is_some_and(|own| own.to_string() == id);
        match items.into_iter().find(wanted) {
            Some(item) => Reply::ok(json!({ wrapper: item })),
            None => Reply::error(404, &format!("{wrapper}_not_found")),
        }
    };
    Some(match path.as_slice() {
        ["staff"] => total("staff", staff(account)),
        ["staff", id] => one("staff", staff(account), "staff_id", id),
        ["staff_statuses"] => counted("staff_statuses", statuses()),
        ["staff_roles"] => counted(
            "staff_roles",
            vec![
                json!({"role_id": 1, "role": "Администратор"}),
                json!({"role_id": 2, "role": "Сотрудник"}),
            ],
        ),
        ["groups"] => total("group", groups(account)),
        ["groups", id] => one("group", groups(account), "group_id", id),
        ["labels"] => total("label", labels(account)),
        ["labels", id] => one("label", labels(account), "label_id", id),
        ["companies"] => return Some(companies_found(account, request)),
        ["companies", id] => one("company", companies(account), "company_id", id),
        ["custom_fields"] => total("custom_field", fields(account)),
        ["custom_channels"] => total("custom_channel", channels(account)),
        ["filters"] => total(
            "filter",
            vec![
                json!({"filter_id": "my", "filter_name": "Мои обращения", "isSelected": true, "isCustom": false}),
                json!({"filter_id": "17", "filter_name": "Пропущенные звонки", "isSelected": false, "isCustom": true}),
            ],
        ),
        ["languages"] => total(
            "language",
            vec![
                json!({"language_id": 1, "code": "ru", "title": "Русский", "active": true}),
                json!({"language_id": 2, "code": "en", "title": "English", "active": true}),
            ],
        ),
        ["client_emails"] => total(
            "client_emails",
            vec![json!({"email_id": 1, "email": "help@support.example", "active": true})],
        ),
        ["macros"] => Reply::ok(json!({"common": {"Общие": {"1": {"title": "Закрыть"}}}, "personal": []})),
        _ => return None,
    })
}

fn write(account: &mut Account, request: &ApiRequest, path: &[&str]) -> Option<Reply> {
    let text = |wrapper: &str, key: &str| {
        request
            .wrapped(wrapper)
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    Some(match (request.method.as_str(), path) {
        ("POST", ["labels"]) => {
            let Some(title) = text("label", "label_title") else {
                return Some(Reply::error(422, "title_required"));
            };
            let id = account.labels.keys().max().copied().unwrap_or_default() + 1;
            account.labels.insert(id, title.clone());
            Reply::created(json!({"label": {"label_id": id, "label_title": title}}))
        }
        ("PUT", ["labels", id]) => {
            let (Ok(id), Some(title)) = (id.parse::<u64>(), text("label", "label_title")) else {
                return Some(Reply::error(422, "title_required"));
            };
            if !account.labels.contains_key(&id) {
                return Some(Reply::error(404, "label_not_found"));
            }
            account.labels.insert(id, title.clone());
            Reply::ok(json!({"label": {"label_id": id, "label_title": title}}))
        }
        ("DELETE", ["labels", id]) => match id.parse().ok().and_then(|id: u64| account.labels.remove(&id)) {
            Some(_) => Reply::ok(json!({})),
            None => Reply::error(404, "label_not_found"),
        },
        ("POST" | "PUT", ["companies", ..]) if account.without_companies.contains(&request.staff_id) => Reply::error(403, "access_denied"),
        ("PUT", ["companies", id]) => {
            let fields = request.wrapped("company");
            let longest = account.longest_note.unwrap_or(usize::MAX);
            let Some(company) = id.parse().ok().and_then(|id: u64| account.companies.get_mut(&id)) else {
                return Some(Reply::error(404, "company_not_found"));
            };
            for (key, place) in [
                ("company_name", &mut company.name),
                ("company_domains", &mut company.domains),
                ("company_address", &mut company.address),
                ("company_note", &mut company.note),
            ] {
                if let Some(text) = fields.get(key).and_then(Value::as_str) {
                    *place = text.chars().take(longest).collect();
                }
            }
            let id = company.id;
            let changed = companies(account).into_iter().find(|item| item["company_id"] == id);
            Reply::ok(json!({ "company": changed }))
        }
        ("POST", ["companies"]) => {
            let Some(name) = text("company", "company_name") else {
                return Some(Reply::error(422, "name_required"));
            };
            let id = account.companies.keys().max().copied().unwrap_or_default() + 1;
            let or_empty = |key| text("company", key).unwrap_or_default();
            account.companies.insert(
                id,
                Company {
                    id,
                    name,
                    domains: or_empty("company_domains"),
                    address: or_empty("company_address"),
                    note: or_empty("company_note")
                        .chars()
                        .take(account.longest_note.unwrap_or(usize::MAX))
                        .collect(),
                },
            );
            Reply::created(json!({ "company": companies(account).pop() }))
        }
        _ => return None,
    })
}

fn staff(account: &Account) -> Vec<Value> {
    let created = wire::date(jiff::Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(460_000));
    let item = |staff: &super::state::Staff| {
        json!({
            "staff_id": staff.id,
            "staff_email": staff.email,
            "staff_full_name": staff.full_name,
            "staff_signature": "",
            "staff_signature_chat": "",
            "thumbnail": "",
            "active": staff.active,
            "status": if staff.status_id == 1 { "online" } else { "offline" },
            "status_id": staff.status_id,
            "created_at": created,
            "updated_at": created,
        })
    };
    account.staff.values().map(item).collect()
}

fn statuses() -> Vec<Value> {
    let titles = [(1, "Онлайн"), (2, "Офлайн"), (3, "Без чатов")];
    titles.iter().map(|(id, title)| json!({"status_id": id, "status": title})).collect()
}

fn groups(account: &Account) -> Vec<Value> {
    let item = |(id, title): (&u64, &String)| {
        json!({
            "group_id": id,
            "group_title": title,
            "group_from_name": title,
            "group_signature": "",
            "active": true,
            "created_at": "-",
            "updated_at": "-",
        })
    };
    account.groups.iter().map(item).collect()
}

fn labels(account: &Account) -> Vec<Value> {
    account
        .labels
        .iter()
        .map(|(id, title)| json!({"label_id": id, "label_title": title}))
        .collect()
}

fn companies(account: &Account) -> Vec<Value> {
    let item = |company: &Company| {
        let users = account.users.values().filter(|user| user.company_id == company.id).count();
        json!({
            "company_id": company.id,
            "company_name": company.name,
            "company_domains": company.domains,
            "company_default_group": 0,
            "company_address": company.address,
            "company_note": company.note,
            "active": true,
            "deleted": false,
            "amount_of_users": users,
        })
    };
    account.companies.values().map(item).collect()
}

fn companies_found(account: &Account, request: &ApiRequest) -> Reply {
    let mut items = companies(account);
    for key in ["company_name", "company_domains", "company_address", "company_note"] {
        let Some(text) = request.param(key) else { continue };
        let Ok(filter) = Text::parse(text, 3) else {
            return Reply::error(422, "filter_too_short");
        };
        items.retain(|item| item[key].as_str().is_some_and(|value| filter.matches(value)));
    }
    wire::list(request, "company", "total_count", items)
}

fn fields(account: &Account) -> Vec<Value> {
    let item = |field: &super::state::Field| {
        json!({
            "field_id": field.id,
            "title": field.title,
            "field_type": field.kind,
            "field_level": field.level,
            "active": true,
            "field_data": field_data(field),
        })
    };
    account.fields.iter().map(item).collect()
}

fn channels(account: &Account) -> Vec<Value> {
    let item = |channel: &super::state::Channel| {
        json!({
            "channel_id": channel.id,
            "channel_api_key": channel.key,
            "title": channel.title,
            "channel_type": channel.kind,
            "icon": channel.icon,
            "webhook_url": "",
            "active": channel.active,
        })
    };
    account.channels.iter().map(item).collect()
}
