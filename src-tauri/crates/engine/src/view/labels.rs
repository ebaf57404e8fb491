//! Labels of a case as quick outcomes of a call.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Which labels can be picked, for their editor.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LabelsView {
    /// The chosen ones, in the order of their digits.
    pub chosen: Vec<String>,
    /// All labels of the account, but for those that mark calls by themselves.
    pub all: Vec<String>,
    /// The account could be asked.
    pub fresh: bool,
    /// The office has the last word: they are not changed here.
    pub locked: bool,
}
