//! Custom fields: their definitions, and the values on users and cases.

use std::collections::BTreeMap;

use serde::de::Deserializer;
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ids::FieldId;
use crate::lenient;
use crate::types::wrapped;
use crate::words::words;

/// Values of custom fields by field id. In JSON `{"cf_25": "text", "cf_23": true}`; an empty map also comes as `[]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomFields(BTreeMap<FieldId, Value>);

impl CustomFields {
    /// Without any value.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a value: text, a boolean for a checkbox, the option's key for a select.
    pub fn set(&mut self, field: FieldId, value: impl Into<Value>) {
        self.0.insert(field, value.into());
    }

    /// [`CustomFields::set`] for building in one expression.
    #[must_use]
    pub fn with(mut self, field: FieldId, value: impl Into<Value>) -> Self {
        self.set(field, value);
        self
    }

    /// The value as it came.
    #[must_use]
    pub fn get(&self, field: FieldId) -> Option<&Value> {
        self.0.get(&field)
    }

    /// The value as text; a checkbox reads "true" or "false". `None` when unset, `""` or `"-"`.
    #[must_use]
    pub fn text(&self, field: FieldId) -> Option<String> {
        lenient::set_string(self.get(field)?)
    }

    /// The value as a yes or no.
    #[must_use]
    pub fn flag(&self, field: FieldId) -> Option<bool> {
        lenient::flag(self.get(field)?)
    }

    /// All values, by field id.
    pub fn iter(&self) -> impl Iterator<Item = (FieldId, &Value)> {
        self.0.iter().map(|(field, value)| (*field, value))
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn write(&self, fields: &mut Map<String, Value>) {
        if !self.is_empty() {
            let values = self.iter().map(|(field, value)| (field.key(), value.clone()));
            fields.insert("custom_fields".to_owned(), Value::Object(values.collect()));
        }
    }
}

impl FromIterator<(FieldId, Value)> for CustomFields {
    fn from_iter<I: IntoIterator<Item = (FieldId, Value)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

impl Serialize for CustomFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, value) in &self.0 {
            map.serialize_entry(&field.key(), value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for CustomFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Value::Object(map) = Value::deserialize(deserializer)? else {
            return Ok(Self::default());
        };
        let known = map.into_iter().filter_map(|(key, value)| Some((key.parse().ok()?, value)));
        Ok(known.collect())
    }
}

words! {
    /// What a custom field holds (`field_type`).
    FieldType {
        /// One line of text.
        Text = "text",
        /// Several lines of text.
        Textarea = "textarea",
        /// Yes or no.
        Checkbox = "checkbox",
        /// One of [`CustomField::options`].
        Select = "select",
        /// A date.
        Date = "date",
    }
}

words! {
    /// What a custom field belongs to (`field_level`).
    FieldLevel {
        /// A user.
        User = "user",
        /// A case.
        Case = "case",
        /// A company.
        Company = "company",
    }
}

/// The definition of a custom field. Which forms it stands on, the API does not tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomField {
    /// The field's id; data name it [`FieldId::key`].
    #[serde(rename = "field_id")]
    pub id: FieldId,
    /// The name people see.
    #[serde(default, deserialize_with = "lenient::text")]
    pub title: String,
    /// What it holds.
    #[serde(default)]
    pub field_type: FieldType,
    /// What it belongs to.
    #[serde(default)]
    pub field_level: FieldLevel,
    /// Whether it is in use.
    #[serde(default = "lenient::yes", deserialize_with = "lenient::on")]
    pub active: bool,
    /// Texts of a select's options by option key; empty for other types.
    #[serde(rename = "field_data", default, deserialize_with = "options")]
    pub options: BTreeMap<String, String>,
}

wrapped!(CustomField => "custom_field");

/// A map, or the array that PHP makes of a map with the keys 0, 1, ….
fn options<'de, D: Deserializer<'de>>(source: D) -> Result<BTreeMap<String, String>, D::Error> {
    let pairs: Vec<(String, Value)> = match Value::deserialize(source)? {
        Value::Object(map) => map.into_iter().collect(),
        Value::Array(items) => (0..).map(|index: usize| index.to_string()).zip(items).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    Ok(pairs
        .into_iter()
        .filter_map(|(key, value)| Some((key, lenient::string(&value)?)))
        .collect())
}
