//! «Фразы»: what a gist's field offers, and their editor in the settings.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A phrase, filled in for a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PhraseView {
    /// Its name.
    pub title: String,
    /// Its text, with what is known of the call.
    pub text: String,
    /// The first field of which nothing is known: it stands in the text as it was written, to be typed over.
    pub left: Option<PhraseLeft>,
}

/// Where a field stands in a text, as JavaScript counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PhraseLeft {
    /// What stands before it.
    pub from: u32,
    /// Its end.
    pub to: u32,
}

/// The editor of phrases.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PhrasesView {
    /// All phrases, in order.
    pub phrases: Vec<PhraseRow>,
    /// The fields there are.
    pub fields: Vec<PhraseFieldView>,
    /// The office has the last word: they are not changed here.
    pub locked: bool,
}

/// One phrase in its editor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PhraseRow {
    /// Its name.
    pub title: String,
    /// Its text, with fields such as `{имя}`.
    pub text: String,
    /// The fields in it that stand for nothing: they are left as they are written. Not read when it comes back.
    pub unknown: Vec<String>,
}

/// A field for phrases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PhraseFieldView {
    /// How it is written in Russian, with its braces. Both are read in both languages.
    pub ru: String,
    /// How it is written in English.
    pub en: String,
}
