//! What people do in Omnidesk's web interface while a client of the API is at work: they merge and delete
//! cases, block users, add fields, take rights away. None of it goes through the API, so none of it is logged.

use serde::{Deserialize, Serialize};

use super::{
    Omnidesk,
    state::{Account, Case, Company, Field, User, ids},
};

/// One thing that a person does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum ByHand {
    /// A case is merged into another one.
    Merge {
        /// Id or number.
        case: String,
        /// The one that stays.
        into: String,
    },
    /// A case goes into the bin. The API goes on taking messages and edits for it, and only says `deleted` in its answers.
    Trash {
        /// Id or number.
        case: String,
    },
    /// A case is deleted for good: 404 from then on.
    Destroy {
        /// Id or number.
        case: String,
    },
    /// A case loses or gets a status, without an entry of the API's staff member.
    SetStatus {
        /// Id or number.
        case: String,
        /// `open`, `waiting`, `closed`.
        status: String,
        /// Whose name the changelog shows.
        staff_email: String,
    },
    /// Cases of the calls' channel appear that were opened one after another, as from an import or another program.
    Cases {
        /// Whose.
        user: u64,
        /// How many.
        count: u32,
        /// When the first one was opened, s since 1970.
        first: i64,
        /// How long after each other, s.
        apart: i64,
    },
    /// A user is blocked: may call, but what is opened for them is spam.
    BlockUser {
        /// The profile.
        user: u64,
    },
    /// A user goes into the bin.
    DeleteUser {
        /// The profile.
        user: u64,
    },
    /// A user is as before.
    RestoreUser {
        /// The profile.
        user: u64,
    },
    /// A custom field appears.
    AddField {
        /// Its name.
        title: String,
        /// `text`, `textarea`, `checkbox`, `select`, `date`.
        kind: String,
        /// `user` or `case`.
        level: String,
        /// Options of a `select`; their keys count from 1.
        #[serde(default)]
        options: Vec<String>,
    },
    /// A custom field is deleted, with its values.
    RemoveField {
        /// Its id.
        field: u64,
    },
    /// A case field becomes mandatory on closing, or not any more.
    RequireOnClose {
        /// Its id.
        field: u64,
        /// Whether it is.
        required: bool,
    },
    /// A rule of the account gives every new case a status, whatever status is asked for.
    RuleOnNewCases {
        /// `open`, `waiting`, `closed`; none: there is no such rule any more.
        status: Option<String>,
    },
    /// A value is filled in.
    FillIn {
        /// Id or number of the case.
        case: String,
        /// The case field's id.
        field: u64,
        /// What is written.
        value: String,
    },
    /// A company appears, or gets another note.
    Company {
        /// Its name; the first company with it gets the note.
        name: String,
        /// The staff's note.
        note: String,
        /// Another company appears even where there is one of that name.
        another: bool,
    },
    /// A staff member loses or gets the right to make and edit companies.
    CompanyRight {
        /// Who.
        staff_email: String,
        /// Whether they may.
        allowed: bool,
    },
    /// Notes of companies are cut after so many characters from now on.
    CutNotes {
        /// Characters; none: they are kept whole.
        longest: Option<usize>,
    },
    /// A staff member loses or gets the right to a case.
    Access {
        /// Who.
        staff_email: String,
        /// Id or number.
        case: String,
        /// Whether they may see and change it.
        allowed: bool,
    },
}

impl Omnidesk {
    /// A person does something. The id of what was made, or of what it was done to; `None` when there is no such thing.
    pub fn by_hand(&self, deed: &ByHand) -> Option<u64> {
        let done = {
            let mut desk = self.desk();
            let now = desk.now();
            carry_out(&mut desk.account, deed, now)
        };
        self.touch();
        done
    }

    /// Merges a case into another. False when one is unknown.
    pub fn merge(&self, case: &str, into: &str) -> bool {
        let (case, into) = (case.to_owned(), into.to_owned());
        self.by_hand(&ByHand::Merge { case, into }).is_some()
    }
}

fn carry_out(account: &mut Account, deed: &ByHand, at: jiff::Timestamp) -> Option<u64> {
    match deed {
        ByHand::Merge { case, into } => {
            let parent = account.case_id(into)?;
            with_case(account, case, |case| case.parent_case_id = parent)
        }
        ByHand::Trash { case } => with_case(account, case, |case| case.deleted = true),
        ByHand::Destroy { case } => {
            let id = account.case_id(case)?;
            account.cases.remove(&id).map(|case| case.id)
        }
        ByHand::SetStatus { case, status, staff_email } => {
            let staff = staff_id(account, staff_email)?;
            with_case(account, case, |case| case.change_status(status, staff, at))
        }
        ByHand::Cases { user, count, first, apart } => import(account, *user, (0..*count).map(|n| first + i64::from(n) * apart)),
        ByHand::BlockUser { user } => with_user(account, *user, |user| user.active = false),
        ByHand::DeleteUser { user } => with_user(account, *user, |user| user.deleted = true),
        ByHand::RestoreUser { user } => with_user(account, *user, |user| (user.deleted, user.active) = (false, true)),
        ByHand::AddField {
            title,
            kind,
            level,
            options,
        } => {
            let id = account.fields.iter().map(|field| field.id).max().unwrap_or_default() + 1;
            account.fields.push(Field {
                id,
                title: title.clone(),
                kind: kind.clone(),
                level: level.clone(),
                options: options.clone(),
            });
            Some(id)
        }
        ByHand::RemoveField { field } => remove_field(account, *field),
        ByHand::RequireOnClose { field, required } => {
            let known = account.fields.iter().any(|own| own.id == *field && own.level == "case");
            if *required && known {
                account.required_on_close.insert(*field);
            } else {
                account.required_on_close.remove(field);
            }
            known.then_some(*field)
        }
        ByHand::RuleOnNewCases { status } => {
            account.status_of_new_cases.clone_from(status);
            Some(0)
        }
        ByHand::FillIn { case, field, value } => {
            let key = format!("cf_{field}");
            account.field(&key, "case")?;
            let value = serde_json::Value::String(value.clone());
            with_case(account, case, |case| drop(case.custom_fields.insert(key, value)))
        }
        ByHand::Company { name, note, another } => {
            let known = account.companies.values().find(|company| company.name == *name && !another);
            let next = account.companies.keys().max().copied().unwrap_or_default() + 1;
            let company = Company {
                id: known.map_or(next, |company| company.id),
                name: name.clone(),
                domains: String::new(),
                address: String::new(),
                note: note.clone(),
            };
            let id = company.id;
            account.companies.insert(id, company);
            Some(id)
        }
        ByHand::CompanyRight { staff_email, allowed } => {
            let staff = staff_id(account, staff_email)?;
            if *allowed {
                account.without_companies.remove(&staff);
            } else {
                account.without_companies.insert(staff);
            }
            Some(staff)
        }
        ByHand::CutNotes { longest } => {
            account.longest_note = *longest;
            Some(0)
        }
        ByHand::Access {
            staff_email,
            case,
            allowed,
        } => {
            let pair = (staff_id(account, staff_email)?, account.case_id(case)?);
            if *allowed {
                account.barred.remove(&pair);
            } else {
                account.barred.insert(pair);
            }
            Some(pair.1)
        }
    }
}

/// The last of them.
fn import(account: &mut Account, user: u64, opened: impl Iterator<Item = i64>) -> Option<u64> {
    account.users.contains_key(&user).then_some(())?;
    let mut last = None;
    for second in opened {
        let id = account.new_case(user, "Звонок", jiff::Timestamp::from_second(second).ok()?);
        with_case(account, &id.to_string(), |case| case.channel = ids::CALLS_CHANNEL.to_owned());
        last = Some(id);
    }
    last
}

fn with_case(account: &mut Account, key: &str, change: impl FnOnce(&mut Case)) -> Option<u64> {
    let id = account.case_id(key)?;
    account.cases.get_mut(&id).map(change)?;
    Some(id)
}

fn with_user(account: &mut Account, id: u64, change: impl FnOnce(&mut User)) -> Option<u64> {
    let user = account.users.get_mut(&id)?;
    change(user);
    user.updated_at = jiff::Timestamp::now();
    Some(id)
}

fn staff_id(account: &Account, email: &str) -> Option<u64> {
    account.staff.values().find(|staff| staff.email == email).map(|staff| staff.id)
}

fn remove_field(account: &mut Account, field: u64) -> Option<u64> {
    let before = account.fields.len();
    account.fields.retain(|own| own.id != field);
    let key = format!("cf_{field}");
    account.users.values_mut().for_each(|user| drop(user.custom_fields.remove(&key)));
    account.cases.values_mut().for_each(|case| drop(case.custom_fields.remove(&key)));
    account.required_on_close.remove(&field);
    (account.fields.len() < before).then_some(field)
}
