//! The administrator's data fields beside those that Omnidesk has (S02): what the popup and the screens show of them, and
//! which awaited ones have appeared.

use crate::account::catalog::Catalog;
use crate::people::card::format_of;
use crate::screens::present::line_text;
use crate::settings::fields::{BUILT_IN, COMPUTED, FieldSetting, Row};
use crate::view::{DataField, FieldColor, FieldFormat, FieldOption, FieldState, FieldView, FieldsView, SectionView, ValueColor};
use calls::{Number, NumberKind, Region, tidy_name};
use omnidesk::{CustomField, FieldLevel};
use std::collections::{BTreeMap, BTreeSet};

/// The fields that the popup shows, in order. Those that Omnidesk has no more, or in another format than they were set for,
/// are left out.
#[must_use]
pub fn shown(fields: &[FieldSetting], catalog: Option<&Catalog>, region: Region) -> Vec<FieldView> {
    let of_user = |field: &FieldSetting| {
        let known = catalog.and_then(|catalog| user_field(catalog, &field.id));
        let is_there = matches!(state(field, known, catalog.is_some()), FieldState::BuiltIn | FieldState::Bound);
        (field.incoming && is_there).then(|| FieldView {
            field: field.id.clone(),
            title: known.map_or_else(|| field.title.clone(), |known| known.title.clone()),
            always: field.always,
            lines: as_shown(&field.lines, region),
            colors: known.map(|known| colors(field, known)).unwrap_or_default(),
        })
    };
    let computed = |row: &Row| {
        (row.incoming && row.is_computed()).then(|| FieldView {
            field: row.id.clone(),
            title: String::new(),
            // It has its place from the start, and is filled in there.
            always: true,
            lines: as_shown(&row.lines, region),
            colors: Vec::new(),
        })
    };
    let shown = fields
        .iter()
        .flat_map(|field| of_user(field).into_iter().chain(field.then.iter().filter_map(computed)));
    shown.collect()
}

/// Lines as calls name theirs: a number however it was typed.
fn as_shown(lines: &[String], region: Region) -> Vec<String> {
    let name = |line: &String| {
        let is_number = Number::read(line, region).kind() == NumberKind::External;
        let (queue, number) = if is_number { (None, Some(&**line)) } else { (Some(&**line), None) };
        line_text(queue, number, region).unwrap_or_else(|| tidy_name(line))
    };
    lines.iter().map(name).collect()
}

fn colors(field: &FieldSetting, known: &CustomField) -> Vec<ValueColor> {
    let color = |(key, title): (&String, &String)| {
        Some(ValueColor {
            value: title.clone(),
            color: *field.colors.get(key)?,
        })
    };
    known.options.iter().filter_map(color).collect()
}

/// The headings, with the fields under each.
#[must_use]
pub fn sections(fields: &[FieldSetting]) -> Vec<SectionView> {
    let mut sections: Vec<SectionView> = Vec::new();
    for field in fields {
        if let Some(section) = sections.last_mut() {
            section.fields.push(field.id.clone());
        }
        for row in &field.then {
            if row.is_section() {
                sections.push(SectionView {
                    title: row.title.clone(),
                    fields: Vec::new(),
                });
            } else if let Some(section) = sections.last_mut() {
                section.fields.push(row.id.clone());
            }
        }
    }
    sections
}

/// Binds awaited fields to those that have appeared in Omnidesk. Returns whether any was.
pub fn bind(fields: &mut [FieldSetting], catalog: &Catalog) -> bool {
    let mut taken: BTreeSet<String> = fields.iter().map(|field| field.id.clone()).collect();
    let mut bound = false;
    for field in fields.iter_mut().filter(|field| field.is_awaited()) {
        let same = |known: &&CustomField| {
            known.title.trim().to_lowercase() == field.title.trim().to_lowercase() && format_of(&known.field_type) == field.format
        };
        let appeared = user_fields(catalog).filter(|known| !taken.contains(&known.id.key())).find(same);
        if let Some(known) = appeared {
            field.id = known.id.key();
            field.title.clone_from(&known.title);
            field.options.clear();
            field.colors = by_key(&field.colors, known);
            taken.insert(field.id.clone());
            bound = true;
        }
    }
    bound
}

/// Colours of values by what they say, as colours by Omnidesk's keys.
fn by_key(colors: &BTreeMap<String, FieldColor>, known: &CustomField) -> BTreeMap<String, FieldColor> {
    let same = |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
    let keyed = known.options.iter().filter_map(|(key, title)| {
        let (_, color) = colors.iter().find(|(value, _)| same(value, title))?;
        Some((key.clone(), *color))
    });
    keyed.collect()
}

/// All fields for the screen: as set, then what else there is.
#[must_use]
pub fn view(fields: &[FieldSetting], catalog: Option<&Catalog>, omnidesk_url: Option<String>) -> FieldsView {
    let none = Catalog::default();
    let known = catalog.unwrap_or(&none);
    let mut all: Vec<DataField> = Vec::new();
    for field in fields {
        all.push(set_field(field, known, catalog.is_some()));
        all.extend(field.then.iter().map(row));
    }
    let listed: BTreeSet<String> = all.iter().map(|field| field.id.clone()).collect();
    let built_in = BUILT_IN.iter().filter(|(id, _)| !listed.contains(*id));
    all.extend(built_in.map(|(id, _)| set_field(&FieldSetting::built_in(id, false), known, true)));
    all.extend(
        user_fields(known)
            .filter(|field| !listed.contains(&field.id.key()))
            .map(|field| of_omnidesk(field, false)),
    );
    all.extend(
        COMPUTED
            .iter()
            .filter(|id| !listed.contains(**id))
            .map(|id| row(&Row::computed(id))),
    );
    FieldsView {
        fields: all,
        fresh: catalog.is_some(),
        locked: false,
        omnidesk_url,
    }
}

/// How a field stands, beside what Omnidesk has by its id; `read`: whether Omnidesk was asked.
fn state(field: &FieldSetting, known: Option<&CustomField>, read: bool) -> FieldState {
    match known {
        _ if field.is_built_in() => FieldState::BuiltIn,
        _ if field.is_awaited() => FieldState::Awaited,
        Some(known) if format_of(&known.field_type) != field.format => FieldState::Changed,
        Some(_) => FieldState::Bound,
        None if read => FieldState::Missing,
        // Nobody could ask: it was there when it was ticked.
        None => FieldState::Bound,
    }
}

fn set_field(field: &FieldSetting, catalog: &Catalog, read: bool) -> DataField {
    let known = user_field(catalog, &field.id);
    let state = state(field, known, read);
    let bound = known.map(|known| of_omnidesk(known, field.incoming));
    let option = |key: &str, title: &str, color: Option<&FieldColor>| FieldOption {
        key: key.to_owned(),
        title: title.to_owned(),
        color: color.copied(),
    };
    let options = match &bound {
        Some(bound) => (bound.options.iter())
            .map(|known| option(&known.key, &known.title, field.colors.get(&known.key)))
            .collect(),
        None if field.is_awaited() => (field.options.iter())
            .map(|title| option("", title, field.colors.get(title)))
            .collect(),
        // What its values say, nobody can tell; the colours stay theirs.
        None => field.colors.iter().map(|(key, color)| option(key, "", Some(color))).collect(),
    };
    DataField {
        id: field.id.clone(),
        title: bound.as_ref().map_or_else(|| field.title.clone(), |bound| bound.title.clone()),
        format: field.format,
        options,
        incoming: field.incoming,
        state,
        always: field.always,
        lines: field.lines.clone(),
        became: bound.filter(|_| state == FieldState::Changed).map(|bound| bound.format),
    }
}

fn row(row: &Row) -> DataField {
    DataField {
        id: row.id.clone(),
        title: row.title.clone(),
        format: FieldFormat::Text,
        options: Vec::new(),
        incoming: row.incoming || row.is_section(),
        state: if row.is_section() {
            FieldState::Section
        } else {
            FieldState::Computed
        },
        always: row.is_computed(),
        lines: row.lines.clone(),
        became: None,
    }
}

/// A field of Omnidesk for the screen and for the form over a user.
#[must_use]
pub fn of_omnidesk(field: &CustomField, incoming: bool) -> DataField {
    DataField {
        id: field.id.key(),
        title: field.title.clone(),
        format: format_of(&field.field_type),
        options: field
            .options
            .iter()
            .map(|(key, title)| FieldOption {
                key: key.clone(),
                title: title.clone(),
                color: None,
            })
            .collect(),
        incoming,
        state: FieldState::Bound,
        always: false,
        lines: Vec::new(),
        became: None,
    }
}

/// The custom fields of users.
pub fn user_fields(catalog: &Catalog) -> impl Iterator<Item = &CustomField> {
    catalog.fields.iter().filter(|field| field.field_level == FieldLevel::User)
}

fn user_field<'a>(catalog: &'a Catalog, id: &str) -> Option<&'a CustomField> {
    user_fields(catalog).find(|field| field.id.key() == id)
}

#[cfg(test)]
mod tests;
