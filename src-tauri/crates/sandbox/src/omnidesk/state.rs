//! What the stand-in Omnidesk knows: users, cases, messages and the account's settings.
//!
//! Plain data behind one lock; requests are answered by pure functions over it (`routes_*.rs`).
//! Ids are given out in order, so the newest thing has the highest id.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::AgentSeed;

/// The contact a profile was made from. One profile has exactly one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Contact {
    Email(String),
    Phone(String),
    WhatsApp(String),
    Telegram(String),
    Custom { channel: String, id: String },
}

impl Contact {
    /// The word in the profile's `type`.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Contact::Email(_) => "email",
            Contact::Phone(_) => "phone",
            Contact::WhatsApp(_) => "whatsapp",
            Contact::Telegram(_) => "telegram",
            Contact::Custom { .. } => "custom",
        }
    }

    /// The contact as users know it.
    pub(crate) fn text(&self) -> &str {
        match self {
            Contact::Email(text)
            | Contact::Phone(text)
            | Contact::WhatsApp(text)
            | Contact::Telegram(text)
            | Contact::Custom { id: text, .. } => text,
        }
    }

    /// Whether two profiles would have the same contact: phones by their digits, mail without case.
    pub(crate) fn same(&self, other: &Contact) -> bool {
        match (self, other) {
            (Contact::Phone(a), Contact::Phone(b)) | (Contact::WhatsApp(a), Contact::WhatsApp(b)) => digits(a) == digits(b),
            (Contact::Email(a), Contact::Email(b)) | (Contact::Telegram(a), Contact::Telegram(b)) => a.to_lowercase() == b.to_lowercase(),
            (a, b) => a == b,
        }
    }
}

/// The digits of a number, nothing else.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[derive(Clone, Debug)]
pub(crate) struct User {
    pub id: u64,
    pub contact: Contact,
    pub full_name: String,
    pub company_id: u64,
    pub company_name: String,
    pub company_position: String,
    pub note: String,
    pub language_id: u64,
    pub active: bool,
    pub deleted: bool,
    pub custom_fields: Map<String, Value>,
    /// Profiles with the same group are linked.
    pub link_group: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_contact_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub id: u64,
    pub number: String,
    pub subject: String,
    pub user_id: u64,
    pub staff_id: u64,
    pub group_id: u64,
    pub status: String,
    pub priority: String,
    pub channel: String,
    pub recipient: String,
    pub deleted: bool,
    pub spam: bool,
    pub parent_case_id: u64,
    pub language_id: u64,
    pub custom_fields: Map<String, Value>,
    pub labels: Vec<u64>,
    pub rating: String,
    pub rating_comment: String,
    pub rated_staff_id: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub last_response_at: Timestamp,
    pub messages: Vec<Message>,
    pub changelog: Vec<Change>,
    /// Made before the sandbox was handed out, not through the API.
    pub seeded: bool,
}

impl Case {
    /// Sets the status, with a line in the changelog.
    pub(crate) fn change_status(&mut self, status: &str, staff_id: u64, at: Timestamp) {
        let old = std::mem::replace(&mut self.status, status.to_owned());
        self.closed_at = (status == "closed").then(|| self.closed_at.unwrap_or(at));
        self.updated_at = at;
        self.changelog.push(Change {
            at,
            event: "status",
            done_by: format!("staff_{staff_id}"),
            old: Some(old),
            new: status.to_owned(),
        });
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub id: u64,
    pub user_id: u64,
    pub staff_id: u64,
    pub content: String,
    pub content_html: String,
    pub note: bool,
    pub do_not_send_email: bool,
    pub attachments: Vec<Attachment>,
    pub created_at: Timestamp,
    /// How often the text was edited after it was posted.
    pub edits: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    pub id: u64,
    pub file_name: String,
    pub mime_type: String,
    pub size: usize,
    /// Where it came from when it was given as `attachment_urls`.
    pub external_url: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub at: Timestamp,
    pub event: &'static str,
    pub done_by: String,
    pub old: Option<String>,
    pub new: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Staff {
    pub id: u64,
    pub email: String,
    pub full_name: String,
    pub active: bool,
    pub status_id: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub id: u64,
    pub title: String,
    pub kind: String,
    pub level: String,
    pub options: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Company {
    pub id: u64,
    pub name: String,
    pub domains: String,
    pub address: String,
    pub note: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub id: u64,
    pub key: String,
    pub title: String,
    pub kind: &'static str,
    pub icon: &'static str,
    pub active: bool,
}

/// The whole account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub users: BTreeMap<u64, User>,
    pub cases: BTreeMap<u64, Case>,
    pub staff: BTreeMap<u64, Staff>,
    pub groups: BTreeMap<u64, String>,
    pub labels: BTreeMap<u64, String>,
    pub companies: BTreeMap<u64, Company>,
    pub fields: Vec<Field>,
    pub channels: Vec<Channel>,
    /// Bytes of uploaded files by file id.
    pub files: BTreeMap<u64, Vec<u8>>,
    /// Case fields without which no case can be closed.
    pub required_on_close: BTreeSet<u64>,
    /// A rule gives every new case this status.
    pub status_of_new_cases: Option<String>,
    /// Staff members and the cases they may neither see nor change.
    pub barred: BTreeSet<(u64, u64)>,
    /// Staff without the right to make and edit companies.
    pub without_companies: BTreeSet<u64>,
    /// Notes of companies are cut after so many characters.
    pub longest_note: Option<usize>,
    next: BTreeMap<&'static str, u64>,
}

/// Ids of the account's settings, as the seed gives them out.
pub mod ids {
    /// The key of the custom channel «Звонки».
    pub const CALLS_CHANNEL: &str = "cch101";
    /// The group «Поддержка».
    pub const GROUP_SUPPORT: u64 = 44;
    /// The group «Продажи».
    pub const GROUP_SALES: u64 = 45;
    /// The label «Пропущенный».
    pub const LABEL_MISSED: u64 = 101;
    /// The label «Перезвонили».
    pub const LABEL_CALLED_BACK: u64 = 102;
    /// The label «Звонок».
    pub const LABEL_CALL: u64 = 103;
    /// User field «Тариф», a list.
    pub const FIELD_TARIFF: u64 = 20;
    /// User field «Номер договора», text.
    pub const FIELD_CONTRACT: u64 = 21;
    /// User field «Договор до», a date.
    pub const FIELD_CONTRACT_UNTIL: u64 = 22;
    /// User field «VIP», a checkbox.
    pub const FIELD_VIP: u64 = 23;
    /// User field «Адрес», a text area.
    pub const FIELD_ADDRESS: u64 = 24;
    /// Case field «ID звонка», text.
    pub const FIELD_CALL_ID: u64 = 25;
    /// Case field «Телефон», text.
    pub const FIELD_CALL_PHONE: u64 = 26;
    /// Case field «Направление», a list: 1 = Входящий, 2 = Исходящий, 3 = Пропущенный.
    pub const FIELD_DIRECTION: u64 = 27;
    /// Case field «Перезванивает», text.
    pub const FIELD_CALLS_BACK: u64 = 29;
}

impl Account {
    /// The account's settings, without users and cases.
    pub(crate) fn with_settings(agents: &[AgentSeed]) -> Self {
        let mut account = Account::default();
        for (seed, id) in agents.iter().zip(22..) {
            account.add_staff(id, &seed.staff_email, &seed.staff_name, true);
        }
        account.add_staff(90, "lead@support.example", "Галина Орлова", true);
        account.add_staff(91, "former@support.example", "Денис Уваров", false);
        account.groups.insert(ids::GROUP_SUPPORT, "Поддержка".to_owned());
        account.groups.insert(ids::GROUP_SALES, "Продажи".to_owned());
        for (id, title) in [
            (ids::LABEL_MISSED, "Пропущенный"),
            (ids::LABEL_CALLED_BACK, "Перезвонили"),
            (ids::LABEL_CALL, "Звонок"),
            (104, "Срочно"),
        ] {
            account.labels.insert(id, title.to_owned());
        }
        account.fields = fields();
        account.channels = channels();
        account
    }

    /// As [`Account::with_settings`], without everything that somebody has to make first: no labels, fields, channels.
    pub(crate) fn fresh(agents: &[AgentSeed]) -> Self {
        let mut account = Self::with_settings(agents);
        account.labels.clear();
        account.fields.clear();
        account.channels.clear();
        account
    }

    /// As [`Account::with_settings`], behind so many others that no list fits on a page.
    pub(crate) fn crowded(agents: &[AgentSeed]) -> Self {
        const OTHERS: u64 = 120;
        let mut account = Self::with_settings(agents);
        let own = std::mem::take(&mut account.staff).into_values();
        // Lists come in the order of ids.
        let own: Vec<Staff> = own
            .map(|staff| Staff {
                id: staff.id + 1_000,
                ..staff
            })
            .collect();
        for n in 1..=OTHERS {
            account.add_staff(n, &format!("staff{n}@support.example"), &format!("Сотрудник {n}"), true);
            account.groups.insert(900 + n, format!("Группа {n}"));
        }
        account.staff.extend(own.into_iter().map(|staff| (staff.id, staff)));
        account.labels = (1..=100).map(|n| (n, format!("Метка {n}"))).chain(account.labels).collect();
        let others = (1..=OTHERS).map(|n| Field {
            id: 1_000 + n,
            title: format!("Поле {n}"),
            kind: "text".to_owned(),
            level: "user".to_owned(),
            options: Vec::new(),
        });
        account.fields = others.chain(account.fields).collect();
        let others = (1..=OTHERS).map(|n| Channel {
            id: 1_000 + n,
            key: format!("cch{}", 1_000 + n),
            title: format!("Канал {n}"),
            kind: "async",
            icon: "phone",
            active: true,
        });
        account.channels = others.chain(account.channels).collect();
        account
    }

    /// Labels, fields and channels that the account does not have stand at none of its users and cases.
    pub(crate) fn take_out_what_is_not_set_up(&mut self) {
        let fields: BTreeSet<String> = self.fields.iter().map(|field| format!("cf_{}", field.id)).collect();
        let custom: BTreeSet<&String> = self.channels.iter().map(|channel| &channel.key).collect();
        for user in self.users.values_mut() {
            user.custom_fields.retain(|field, _| fields.contains(field));
        }
        for case in self.cases.values_mut() {
            case.custom_fields.retain(|field, _| fields.contains(field));
            case.labels.retain(|label| self.labels.contains_key(label));
            if case.channel.starts_with("cch") && !custom.contains(&case.channel) {
                case.channel = "web".to_owned();
            }
        }
    }

    fn add_staff(&mut self, id: u64, email: &str, full_name: &str, active: bool) {
        let staff = Staff {
            id,
            email: email.to_owned(),
            full_name: full_name.to_owned(),
            active,
            status_id: 1,
        };
        self.staff.insert(id, staff);
    }

    /// The next id of a kind: `user`, `case`, `message`, `file`, `group`.
    pub(crate) fn next_id(&mut self, kind: &'static str) -> u64 {
        let first = match kind {
            "user" => 25_830_700,
            "case" => 200_100,
            "message" => 2_001_980,
            "file" => 340,
            _ => 1,
        };
        let next = self.next.entry(kind).or_insert(first);
        *next += 1;
        *next
    }

    /// The case with this id or number (`664-245651`).
    pub(crate) fn case(&self, key: &str) -> Option<&Case> {
        let id = self.case_id(key)?;
        self.cases.get(&id)
    }

    pub(crate) fn case_id(&self, key: &str) -> Option<u64> {
        if key.contains('-') {
            return self.cases.values().find(|case| case.number == key).map(|case| case.id);
        }
        key.parse().ok().filter(|id| self.cases.contains_key(id))
    }

    /// The profile with this contact.
    pub(crate) fn user_by_contact(&self, contact: &Contact) -> Option<&User> {
        self.users.values().find(|user| user.contact.same(contact))
    }

    /// Ids of the profiles linked with this one, itself not included.
    pub(crate) fn linked(&self, user: &User) -> Vec<u64> {
        let same_group = |other: &&User| other.link_group == user.link_group && other.id != user.id;
        self.users.values().filter(same_group).map(|other| other.id).collect()
    }

    /// Makes a profile with nothing but its contact.
    pub(crate) fn new_user(&mut self, contact: Contact, now: Timestamp) -> u64 {
        let id = self.next_id("user");
        let link_group = self.next_id("group");
        let full_name = contact.text().to_owned();
        let user = User {
            id,
            contact,
            full_name,
            company_id: 0,
            company_name: String::new(),
            company_position: String::new(),
            note: String::new(),
            language_id: 1,
            active: true,
            deleted: false,
            custom_fields: Map::new(),
            link_group,
            created_at: now,
            updated_at: now,
            last_contact_at: None,
        };
        self.users.insert(id, user);
        id
    }

    /// Joins two profiles' groups.
    pub(crate) fn link(&mut self, one: u64, other: u64) {
        let (Some(a), Some(b)) = (self.users.get(&one), self.users.get(&other)) else {
            return;
        };
        let (keep, join) = (a.link_group, b.link_group);
        for user in self.users.values_mut().filter(|user| user.link_group == join) {
            user.link_group = keep;
        }
    }

    /// Makes a case without messages, in the state a case made over the API has: `waiting`.
    pub(crate) fn new_case(&mut self, user_id: u64, subject: &str, now: Timestamp) -> u64 {
        let id = self.next_id("case");
        let number = format!("{:03}-{:06}", 100 + id % 900, (id * 7919) % 1_000_000);
        let case = Case {
            id,
            number,
            subject: subject.to_owned(),
            user_id,
            staff_id: 0,
            group_id: ids::GROUP_SUPPORT,
            status: "waiting".to_owned(),
            priority: "normal".to_owned(),
            channel: "web".to_owned(),
            recipient: String::new(),
            deleted: false,
            spam: false,
            parent_case_id: 0,
            language_id: 1,
            custom_fields: Map::new(),
            labels: Vec::new(),
            rating: String::new(),
            rating_comment: String::new(),
            rated_staff_id: 0,
            created_at: now,
            updated_at: now,
            closed_at: None,
            last_response_at: now,
            messages: Vec::new(),
            changelog: Vec::new(),
            seeded: false,
        };
        self.cases.insert(id, case);
        id
    }

    /// The field with this reference (`cf_25`) on this level.
    pub(crate) fn field(&self, reference: &str, level: &str) -> Option<&Field> {
        let id: u64 = reference.strip_prefix("cf_")?.parse().ok()?;
        self.fields.iter().find(|field| field.id == id && field.level == level)
    }
}

fn fields() -> Vec<Field> {
    let list = |id, title: &str, kind: &str, level: &str, options: &[&str]| Field {
        id,
        title: title.to_owned(),
        kind: kind.to_owned(),
        level: level.to_owned(),
        options: options.iter().map(|option| (*option).to_owned()).collect(),
    };
    let field = |id, title, kind, level| list(id, title, kind, level, &[]);
    let tariffs = ["Базовый", "Стандартный", "Профессиональный", "Корпоративный"];
    let directions = ["Входящий", "Исходящий", "Пропущенный"];
    vec![
        list(ids::FIELD_TARIFF, "Тариф", "select", "user", &tariffs),
        field(ids::FIELD_CONTRACT, "Номер договора", "text", "user"),
        field(ids::FIELD_CONTRACT_UNTIL, "Договор до", "date", "user"),
        field(ids::FIELD_VIP, "VIP", "checkbox", "user"),
        field(ids::FIELD_ADDRESS, "Адрес", "textarea", "user"),
        field(ids::FIELD_CALL_ID, "ID звонка", "text", "case"),
        field(ids::FIELD_CALL_PHONE, "Телефон", "text", "case"),
        list(ids::FIELD_DIRECTION, "Направление", "select", "case", &directions),
        field(ids::FIELD_CALLS_BACK, "Перезванивает", "text", "case"),
        // A level our client has no use for; the product has it, so lists contain it.
        field(28, "ИНН", "text", "company"),
    ]
}

fn channels() -> Vec<Channel> {
    let channel = |id, key: &str, title: &str, kind, icon, active| Channel {
        id,
        key: key.to_owned(),
        title: title.to_owned(),
        kind,
        icon,
        active,
    };
    vec![
        channel(101, ids::CALLS_CHANNEL, "Звонки", "async", "fa-phone", true),
        channel(102, "cch102", "Мобильное приложение", "sync", "fa-mobile", true),
        channel(103, "cch103", "Старый портал", "async", "fa-globe", false),
    ]
}

/// A select's options as the API lists them: `{"1": "First", ...}`; `""` for other kinds.
pub(crate) fn field_data(field: &Field) -> Value {
    if field.kind != "select" {
        return json!("");
    }
    let numbered = field.options.iter().zip(1..).map(|(title, key)| (key.to_string(), json!(title)));
    Value::Object(numbered.collect())
}
