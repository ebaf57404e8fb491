//! The form over a user (S05, S14): what can be edited, whether what was typed is sound, and what is owed for it.

use crate::account::catalog::Catalog;
use crate::controller::Controller;
use crate::people::card::{Card, format_of};
use crate::screens::fields;
use crate::time::now;
use crate::view::{CommandError, FieldChange, FieldFormat, TroubleView, UserChanges, UserForm};
use calls::{AgentAction, DutyKey, Input, LegId, UserEdit, UserId, one_line, visible};
use omnidesk::CustomField;

/// The longest one-line value and the longest text area, characters.
const LINE: usize = 255;
const AREA: usize = 10_000;

impl Controller {
    /// The form over a user, or over the one that a call's case will bring.
    pub(crate) fn user_form(&mut self, user: Option<UserId>, call: Option<LegId>) -> Result<UserForm, CommandError> {
        let call = call.and_then(|leg| self.desk.call(&leg).cloned());
        let user = user.or_else(|| call.as_ref().and_then(calls::Call::user));
        let card = match user {
            Some(user) => {
                self.recall(user);
                Some(self.people.card(user).cloned().ok_or(TroubleView::Gone)?)
            }
            None if call.is_some() => None,
            None => return Err(TroubleView::Gone.into()),
        };
        let mut shown = card.clone().unwrap_or_default();
        if let Some(edit) = call.and_then(|call| call.handling.edit) {
            apply(&mut shown, &edit);
        }
        let catalog = self.omnidesk.catalog_or_none();
        Ok(UserForm {
            user: card.map(|card| card.view(&catalog, self.settings.region())),
            values: values(&shown),
            fields: fields::user_fields(&catalog)
                .map(|field| fields::of_omnidesk(field, false))
                .collect(),
        })
    }

    /// Owes what changed, and shows it at once.
    pub(crate) fn edit_user(&mut self, user: Option<UserId>, call: Option<LegId>, changes: UserChanges) -> Result<(), CommandError> {
        let catalog = self.omnidesk.catalog_or_none();
        let mut edit = sound(changes, &catalog)?;
        let of_call = call.filter(|leg| {
            let caller = self.desk.call(leg).map(calls::Call::user);
            caller.is_some_and(|caller| caller.is_none() || user.is_none() || caller == user)
        });
        let whose = user.or_else(|| of_call.as_ref().and_then(|leg| self.desk.call(leg)).and_then(calls::Call::user));
        if edit.email.as_deref() == Some("") {
            // An address is a profile's contact: another one can take its place, nothing cannot.
            let known = whose.and_then(|user| self.people.get(user));
            if known.is_some_and(|known| known.card.email.is_some()) {
                return Err(bad("email"));
            }
            edit.email = None;
        }
        match (of_call, user) {
            (Some(leg), _) => self.feed(Input::Agent {
                leg,
                action: AgentAction::EditUser { changes: edit.clone() },
            })?,
            (None, Some(user)) => {
                let key = DutyKey::new(&LegId::new(format!("user-{}", user.0)), &format!("edit-{}", now().0));
                self.feed(Input::EditUser {
                    key,
                    user,
                    changes: edit.clone(),
                })?;
            }
            (None, None) => return Err(TroubleView::Gone.into()),
        }
        if let Some(user) = whose {
            self.amend(user, |card| apply(card, &edit));
        }
        Ok(())
    }
}

fn bad(about: &str) -> CommandError {
    CommandError {
        trouble: TroubleView::BadSetting,
        about: Some(about.to_owned()),
    }
}

fn values(card: &Card) -> UserChanges {
    UserChanges {
        name: Some(card.name.clone()),
        email: Some(card.email.clone().unwrap_or_default()),
        company: Some(card.company.clone()),
        position: Some(card.position.clone()),
        note: Some(card.note.clone()),
        fields: card
            .fields
            .iter()
            .map(|(field, value)| FieldChange {
                field: field.clone(),
                value: value.clone(),
            })
            .collect(),
    }
}

/// A person as an edit makes them.
pub(crate) fn apply(card: &mut Card, edit: &UserEdit) {
    let take = |old: &mut String, new: &Option<String>| {
        if let Some(new) = new {
            old.clone_from(new);
        }
    };
    take(&mut card.name, &edit.name);
    take(&mut card.company, &edit.company);
    take(&mut card.position, &edit.position);
    take(&mut card.note, &edit.note);
    if let Some(email) = &edit.email {
        card.email = Some(email.clone()).filter(|email| !email.is_empty());
    }
    for (field, value) in &edit.fields {
        if value.is_empty() {
            card.fields.remove(field);
        } else {
            card.fields.insert(field.clone(), value.clone());
        }
    }
}

/// What was typed, if it is sound.
fn sound(changes: UserChanges, catalog: &Catalog) -> Result<UserEdit, CommandError> {
    let short = |about: &str, text: Option<String>, longest: usize| match text {
        Some(text) if text.chars().count() > longest => Err(bad(about)),
        text => Ok(text),
    };
    let line = |about: &str, text: Option<String>, longest: usize| short(about, text.map(|text| one_line(&text)), longest);
    let email = line("email", changes.email, LINE)?;
    if email.as_ref().is_some_and(|email| !email.is_empty() && !is_address(email)) {
        return Err(bad("email"));
    }
    let mut edit = UserEdit {
        name: line("name", changes.name, LINE)?,
        email,
        company: line("company", changes.company, LINE)?,
        position: line("position", changes.position, LINE)?,
        note: short("note", changes.note.map(|text| visible(&text).trim().to_owned()), AREA)?,
        ..UserEdit::default()
    };
    for change in changes.fields {
        let known = fields::user_fields(catalog).find(|field| field.id.key() == change.field);
        let Some(field) = known.filter(|field| fits(field, &change.value)) else {
            return Err(bad(&change.field));
        };
        edit.fields.insert(field.id.key(), visible(&change.value).trim().to_owned());
    }
    Ok(edit)
}

fn fits(field: &CustomField, value: &str) -> bool {
    let value = value.trim();
    if value.is_empty() {
        return true;
    }
    match format_of(&field.field_type) {
        FieldFormat::Text => value.chars().count() <= LINE && !value.contains('\n'),
        FieldFormat::Area => value.chars().count() <= AREA,
        FieldFormat::Checkbox => matches!(value, "true" | "false"),
        FieldFormat::List => field.options.contains_key(value),
        FieldFormat::Date => value.parse::<jiff::civil::Date>().is_ok(),
    }
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let plain = |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@');
    plain(local) && plain(domain) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        let field = |id: u64, kind: &str, options: serde_json::Value| -> CustomField {
            serde_json::from_value(serde_json::json!({
                "field_id": id, "title": "Поле", "field_type": kind, "field_level": "user", "active": true, "field_data": options,
            }))
            .unwrap()
        };
        Catalog {
            fields: vec![
                field(1, "text", "".into()),
                field(2, "textarea", "".into()),
                field(3, "checkbox", "".into()),
                field(4, "select", serde_json::json!({"7": "Базовый"})),
                field(5, "date", "".into()),
            ],
            ..Catalog::default()
        }
    }

    fn change(field: &str, value: &str) -> UserChanges {
        UserChanges {
            fields: vec![FieldChange {
                field: field.into(),
                value: value.into(),
            }],
            ..UserChanges::default()
        }
    }

    #[test]
    fn s05_each_format_takes_its_own_values_and_names_what_is_wrong() {
        for (field, good, wrong) in [
            ("cf_1", "Одна строка", "две\nстроки"),
            ("cf_3", "true", "да"),
            ("cf_4", "7", "Базовый"),
            ("cf_5", "2027-03-31", "2027-02-30"),
        ] {
            assert!(sound(change(field, good), &catalog()).is_ok(), "{field} {good}");
            assert!(sound(change(field, ""), &catalog()).is_ok(), "{field} can be cleared");
            let error = sound(change(field, wrong), &catalog()).unwrap_err();
            assert_eq!(error.about.as_deref(), Some(field));
        }
        assert!(sound(change("cf_2", "две\nстроки"), &catalog()).is_ok());
        assert_eq!(sound(change("cf_99", "x"), &catalog()).unwrap_err().about.as_deref(), Some("cf_99"));
    }

    #[test]
    fn s05_an_address_must_look_like_one_or_be_empty() {
        let email = |text: &str| UserChanges {
            email: Some(text.into()),
            ..UserChanges::default()
        };
        for good in ["", " ira@romashka.example ", "a.b+c@почта.рф"] {
            assert!(sound(email(good), &catalog()).is_ok(), "{good}");
        }
        for wrong in ["ira", "ira@", "@romashka.example", "ira@romashka", "a b@c.d", "a@@c.d"] {
            assert_eq!(
                sound(email(wrong), &catalog()).unwrap_err().about.as_deref(),
                Some("email"),
                "{wrong}"
            );
        }
    }
}
