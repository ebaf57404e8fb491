//! The administrator's data fields (S02), the form over a user (S05, S14), and the dial window.

use super::{FieldFormat, NumberKindView, UserView};
use serde::{Deserialize, Serialize};
use specta::Type;

/// The screen «Поля данных» (S02).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldsView {
    /// All fields, in the order of the popup.
    pub fields: Vec<DataField>,
    /// Whether Omnidesk's own fields could be read; if not, those known from before are listed.
    pub fresh: bool,
    /// The office says which: they are not changed here.
    pub locked: bool,
    /// Where in Omnidesk an administrator creates a field.
    pub omnidesk_url: Option<String>,
}

/// One data field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DataField {
    /// `name`, `email`, `company`, `position`, `note`; `cf_25` for a field of Omnidesk; `new_3` for one that is not there yet;
    /// `section_2` for a heading; `own_calls`, … for what this desk knows of the caller itself.
    pub id: String,
    /// Its name; empty for the built-in ones, which the window words.
    pub title: String,
    /// Its format.
    pub format: FieldFormat,
    /// The values of a list.
    pub options: Vec<FieldOption>,
    /// «Входящий звонок»: the popup shows it.
    pub incoming: bool,
    /// Whether Omnidesk has it.
    pub state: FieldState,
    /// Shown with a dash where the user has no value for it; else it is left out there.
    pub always: bool,
    /// Shown for calls that came by one of these lines alone, as the popup names lines; empty: for all calls.
    pub lines: Vec<String>,
    /// The format that Omnidesk has it in by now, where that is another than when it was set here.
    pub became: Option<FieldFormat>,
}

/// One value of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldOption {
    /// Omnidesk's key; empty in a field that is not there yet.
    pub key: String,
    /// What people read; empty while Omnidesk does not tell.
    pub title: String,
    /// Marks the value for the eye; what it says stands in words beside it.
    pub color: Option<FieldColor>,
}

/// The colours of values: those of the design that are told apart in both themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FieldColor {
    /// All is well.
    Green,
    /// Something waits.
    Amber,
    /// Something is wrong.
    Red,
    /// Worth a look.
    Blue,
    /// Over, or of no weight.
    Grey,
}

/// Whether Omnidesk has a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FieldState {
    /// Part of every user's data: name, address, company, position, note.
    BuiltIn,
    /// A custom field of Omnidesk.
    Bound,
    /// Defined here; to be created in Omnidesk by hand, bound when it appears (by name and format).
    Awaited,
    /// Ticked here, but Omnidesk has it no more.
    Missing,
    /// Omnidesk has it in another format than when it was set here: it is left out until somebody has looked.
    Changed,
    /// No field: a heading over those that follow.
    Section,
    /// What this desk knows of the caller itself: the window words it by its id.
    Computed,
}

/// What a person typed into the form over a user; absent ones stay as they are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserChanges {
    /// Full name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Position.
    pub position: Option<String>,
    /// Note.
    pub note: Option<String>,
    /// Custom fields: a list's option key, a date as `2027-03-31`, a checkbox as `true` or `false`.
    pub fields: Vec<FieldChange>,
}

/// A new value of a custom field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// The field, such as `cf_25`.
    pub field: String,
    /// Its value; empty to clear it.
    pub value: String,
}

/// The form over a user: what can be edited, and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserForm {
    /// The user; empty while Omnidesk has yet to make one from the number (S14).
    pub user: Option<UserView>,
    /// How the data stand: built-in ones always all, custom fields with a value.
    pub values: UserChanges,
    /// The custom fields of users, with formats and options.
    pub fields: Vec<DataField>,
}

/// A number as the dial window understands it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DialPreview {
    /// What it is.
    pub kind: NumberKindView,
    /// As shown: `+7 (921) 555-01-34`; empty when nothing was understood.
    pub pretty: String,
    /// The inner number behind it («доб. 118»).
    pub extension: Option<String>,
    /// To be handed to the command that dials, which reads it as this very number; none for what cannot be dialled.
    pub dial: Option<String>,
    /// What will be asked, or stands in the way.
    pub caution: Option<Caution>,
    /// Further numbers in the text, as shown and as they can be dialled.
    pub others: Vec<String>,
    /// Who has it, as far as this computer knows.
    pub user: Option<UserView>,
}

/// What came of an order to dial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum DialAnswer {
    /// It is on its way.
    Placed {
        /// The call's id.
        call: String,
    },
    /// Nothing was dialled: the agent is asked first, or the office does not call such numbers.
    Held {
        /// Why.
        caution: Caution,
    },
}

/// Why a number is not dialled at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Caution {
    /// The gravest reason.
    pub doubt: DoubtView,
    /// The office has decided that such numbers are not called; else who agrees to the reason may dial.
    pub never: bool,
    /// The number as shown, which is what is dialled.
    pub number: String,
    /// Whose country it is: ISO 3166, such as `KZ`; none for numbers of no country.
    pub country: Option<String>,
}

/// A reason to think before dialling; see `calls::Doubt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DoubtView {
    /// Police, fire brigade, ambulance.
    Emergency,
    /// It may redirect calls or switch something.
    ServiceCode,
    /// Paid for by the call.
    Premium,
    /// A satellite phone, or a network of no country.
    Satellite,
    /// A special rate.
    SharedCost,
    /// Who called came from outside; the number leads to a colleague or a service of the PBX.
    NotTheCaller,
    /// It rang for under three seconds.
    OneRing,
    /// Another country.
    Foreign,
}
