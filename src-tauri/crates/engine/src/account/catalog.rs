//! What changes rarely in an Omnidesk account, read once per connection: fields, labels, staff, groups.

use crate::account::labels::Labels;
use crate::account::texts;
use crate::settings::Settings;
use crate::view::{CaseRow, CaseStatusView, ChannelView, ClaimView, HandsetView};
use calls::{CaseFacts, Handset};
use jiff::Timestamp;
use omnidesk::{
    Case, CaseStatus, Client, CustomChannel, CustomField, Error, FieldId, FieldLevel, FieldType, Group, LabelId, StaffId, StaffMember,
};

/// The account as this agent sees it.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// Custom fields of all levels, active ones only.
    pub fields: Vec<CustomField>,
    /// Labels.
    pub labels: Labels,
    /// Staff.
    pub staff: Vec<StaffMember>,
    /// Groups.
    pub groups: Vec<Group>,
    /// The agent.
    pub me: Option<StaffId>,
    /// The case field for the call's id.
    pub call_id_field: Option<FieldId>,
    /// The case field for the phone number (S26).
    pub phone_field: Option<FieldId>,
    /// The case field that says who calls a missed client back; none where the office does without.
    pub claim_field: Option<FieldId>,
    /// The channel for calls; empty: the account's default.
    pub channel: String,
    /// The account's custom channels; none where they could not be read.
    pub channels: Option<Vec<CustomChannel>>,
}

/// The name of the case field that keeps a call's id.
const CALL_ID_FIELD: &str = "ID звонка";
/// The name of the case field that keeps the phone number (S26).
const PHONE_FIELD: &str = "Телефон";

impl Catalog {
    /// Reads the account. Groups and labels are optional: an agent may have no right to list them.
    ///
    /// # Errors
    /// What the client reports for staff or fields; wrong credentials show here first.
    pub async fn read(client: &Client, settings: &Settings) -> Result<Self, Error> {
        let staff = client.staff().all().await?;
        let mut fields = client.custom_fields().all().await?;
        fields.retain(|field| field.active);
        let labels = Labels::from(if_allowed(client.labels().all().await)?.unwrap_or_default());
        let groups = if_allowed(client.groups().all().await)?.unwrap_or_default();
        let me = staff
            .iter()
            .find(|member| member.has_email(&settings.email))
            .map(|member| member.id);
        let (call_id_field, phone_field) = call_fields(&fields, settings);
        Ok(Self {
            call_id_field,
            phone_field,
            claim_field: claim_field(&fields, settings),
            channel: settings.channel.clone(),
            channels: if_allowed(client.custom_channels().all().await)?,
            fields,
            labels,
            staff,
            groups,
            me,
        })
    }

    /// How the channel for calls stands.
    #[must_use]
    pub fn channel_state(&self) -> ChannelView {
        let there = |channels: &Vec<CustomChannel>| {
            channels
                .iter()
                .any(|channel| channel.key.as_str() == self.channel && channel.active)
        };
        match &self.channels {
            _ if self.channel.is_empty() => ChannelView::Unset,
            None => ChannelView::Unknown,
            Some(channels) if there(channels) => ChannelView::There,
            Some(_) => ChannelView::Gone,
        }
    }

    /// A label's id by its title.
    #[must_use]
    pub fn label(&self, title: &str) -> Option<LabelId> {
        self.labels.id(title)
    }

    /// A member of staff by id.
    #[must_use]
    pub fn staff_name(&self, id: StaffId) -> Option<&str> {
        self.staff
            .iter()
            .find(|member| member.id == id)
            .map(|member| member.full_name.as_str())
    }

    /// The agent's own name.
    #[must_use]
    pub fn my_name(&self) -> Option<&str> {
        self.me.and_then(|id| self.staff_name(id))
    }

    /// The label that stands for a handset's colour; talks have none.
    #[must_use]
    pub fn label_of(handset: Handset) -> Option<&'static str> {
        match handset {
            Handset::Missed => Some(texts::LABEL_MISSED),
            Handset::CalledBack => Some(texts::LABEL_CALLED_BACK),
            Handset::Unknown => Some(texts::LABEL_UNKNOWN),
            Handset::Incoming | Handset::Outgoing => None,
        }
    }

    /// A case as a row of a list.
    #[must_use]
    pub fn row(&self, case: &Case) -> CaseRow {
        let is_call = !self.channel.is_empty() && case.channel.as_str() == self.channel;
        let has = |title| self.label(title).is_some_and(|id| case.labels.contains(&id));
        let handset = if has(texts::LABEL_CALLED_BACK) {
            HandsetView::CalledBack
        } else if has(texts::LABEL_MISSED) {
            HandsetView::Missed
        } else if has(texts::LABEL_UNKNOWN) {
            HandsetView::Unknown
        } else if !is_call {
            HandsetView::None
        } else if case.subject.starts_with("Исходящий звонок") {
            HandsetView::Outgoing
        } else {
            HandsetView::Incoming
        };
        CaseRow {
            id: case.id.0.to_string(),
            number: case.number.as_str().to_owned(),
            subject: calls::one_line(&case.subject),
            status: status_view(&case.status),
            handset,
            staff: case.staff_id.and_then(|id| self.staff_name(id)).map(str::to_owned),
            updated_at: case.updated_at.or(case.created_at).map(ms),
            is_call: is_call || handset != HandsetView::None,
            claim: self
                .claim_in(case)
                .filter(|_| handset == HandsetView::Missed)
                .map(|claim| ClaimView::of(&claim, self.me.is_some_and(|me| me.0 == claim.by.0))),
        }
    }
}

/// A list that this agent may have no right to read: nothing then. One that did not come through is asked for again with
/// the rest, as without it missed calls are not told from others.
fn if_allowed<T>(listed: Result<Vec<T>, Error>) -> Result<Option<Vec<T>>, Error> {
    match listed {
        Ok(items) => Ok(Some(items)),
        Err(error) if error.is_transient() => Err(error),
        Err(_) => Ok(None),
    }
}

/// The case fields for a call's id and its number, among those in use: by the setting, else by name.
#[must_use]
pub fn call_fields(fields: &[CustomField], settings: &Settings) -> (Option<FieldId>, Option<FieldId>) {
    let named = |title: &str| {
        fields
            .iter()
            .filter(|field| keeps_text(field))
            .find(|field| field.title.trim() == title)
            .map(|field| field.id)
    };
    let configured = chosen(fields, &settings.call_id_field);
    (configured.or_else(|| named(CALL_ID_FIELD)), named(PHONE_FIELD))
}

/// The case field that says who calls a missed client back: only one that the office has chosen, and no other's.
#[must_use]
pub fn claim_field(fields: &[CustomField], settings: &Settings) -> Option<FieldId> {
    let (call_id, phone) = call_fields(fields, settings);
    chosen(fields, &settings.claim_field).filter(|field| ![call_id, phone].contains(&Some(*field)))
}

/// The field that a setting names, such as `cf_31`, among those in use.
fn chosen(fields: &[CustomField], setting: &str) -> Option<FieldId> {
    let named = setting.trim().strip_prefix("cf_").and_then(|id| id.parse().ok());
    fields
        .iter()
        .filter(|field| keeps_text(field))
        .map(|field| field.id)
        .find(|id| Some(id.0) == named)
}

fn keeps_text(field: &CustomField) -> bool {
    field.active && field.field_level == FieldLevel::Case && field.field_type == FieldType::Text
}

impl CaseRow {
    /// What the desk keeps of a case that a page showed.
    pub(crate) fn facts(&self, id: u64) -> CaseFacts {
        CaseFacts {
            id: calls::CaseId(id),
            number: self.number.clone(),
            subject: self.subject.clone(),
            status: match self.status {
                CaseStatusView::Open => Some(calls::CaseStatus::Open),
                CaseStatusView::Waiting => Some(calls::CaseStatus::Waiting),
                CaseStatusView::Closed => Some(calls::CaseStatus::Closed),
                CaseStatusView::Other => None,
            },
        }
    }
}

/// A moment for the windows.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit a double exactly")]
pub fn ms(at: Timestamp) -> f64 {
    at.as_millisecond() as f64
}

/// A status for the windows.
#[must_use]
pub fn status_view(status: &CaseStatus) -> CaseStatusView {
    match status {
        CaseStatus::Open => CaseStatusView::Open,
        CaseStatus::Waiting => CaseStatusView::Waiting,
        CaseStatus::Closed => CaseStatusView::Closed,
        CaseStatus::Other(_) => CaseStatusView::Other,
    }
}
