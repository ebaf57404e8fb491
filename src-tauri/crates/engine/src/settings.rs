//! Settings of this desk: everything but secrets.

pub(crate) mod enrolment;
pub(crate) mod fields;
pub(crate) mod guard;
pub(crate) mod hotkeys;
pub(crate) mod in_the_open;
pub(crate) mod kept;
pub(crate) mod labels;
pub(crate) mod layers;
pub(crate) mod office_ca;
pub(crate) mod phrases;
pub(crate) mod published;
mod reach;
pub(crate) mod secret;
pub(crate) mod source;
pub(crate) mod vendors;

use crate::settings::fields::FieldSetting;
use crate::settings::phrases::Phrase;
use crate::settings::secret::{Secret, Secrets};
use crate::time::now;
use crate::view::{
    DialFormat, LinksAsk, NoticeKinds, PopupCorner, PopupPlace, PopupStay, SecretsView, SettingsView, SeveralView, TypedSecrets,
};
use calls::{DialPolicy, Region, WorkingHours};
use reach::address;
pub use reach::address_without_scheme;
use serde::{Deserialize, Serialize};
use url::Url;

/// The settings in force, as the layers make them up ([`layers`]). Also the form of the file that an office puts beside
/// the program (docs/install.md): all keys optional, unknown ones ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The PBX's vendor (`pbx::VENDORS`); empty: the one that versions before knew alone.
    pub pbx_vendor: String,
    /// The PBX's address, such as `https://pbx.example:8089`.
    pub pbx_url: String,
    /// The address (scheme, host, port) for which somebody said yes to plain HTTP; empty: none.
    pub plain_http: String,
    /// The office's own certificates for the PBX, PEM; empty: none.
    #[serde(serialize_with = "office_ca::keep")]
    pub pbx_ca: String,
    /// Its user.
    pub pbx_user: String,
    /// The agent's extension.
    pub extension: String,
    /// The dialplan context for outgoing calls.
    pub context: String,
    /// Where the PBX's recording folder lies, as the PBX spells it; empty: where it usually lies.
    pub recording_folder: String,
    /// Omnidesk's address, such as `https://company.omnidesk.ru`.
    pub omnidesk_url: String,
    /// The agent's e-mail address in Omnidesk.
    pub email: String,
    /// The custom channel for calls, such as `cch101`; empty: the account's default.
    pub channel: String,
    /// The case field that keeps a call's id, such as `cf_31`; empty: the one named «ID звонка», if there is one.
    pub call_id_field: String,
    /// The case field in which agents say that they call a missed client back, such as `cf_32`; empty: they do not.
    pub claim_field: String,
    /// Country whose habits apply to numbers.
    pub region: String,
    /// `ru`, `en`, or empty for the system's.
    pub language: String,
    /// `light`, `dark`, or empty for the system's.
    pub theme: String,
    /// Distinguishes this computer's connection on the PBX; made once.
    pub machine: String,
    /// The data fields in order, with those that the popup shows (S02).
    pub fields: Vec<FieldSetting>,
    /// «Фразы»: texts for gists.
    pub phrases: Vec<Phrase>,
    /// The labels that agents pick as a call's outcome, in the order of their digits.
    pub labels: Vec<String>,
    /// How the PBX's dialplan expects numbers.
    pub dial_format: DialFormat,
    /// Whose case it is where several users have the number and the agent chose none.
    pub several: SeveralView,
    /// Which numbers are dialled at once, asked about, or not called.
    pub dial_policy: DialPolicy,
    /// Whether unanswered outgoing calls get a case.
    pub unanswered_outgoing_cases: bool,
    /// How many users are kept on this computer, and how fresh.
    pub users: UsersKept,
    /// How many months ended calls are kept for statistics; the list of calls is shorter.
    pub history_months: u32,
    /// When the agent works: at other times popups are paused. None: always.
    pub working_hours: WorkingHours,
    /// At which hosts files may lie besides Omnidesk's: `files.example.com`, or `*.files.example.com` for all below it.
    pub file_hosts: Vec<String>,
    /// The corner in which the popup stands.
    pub popup_corner: PopupCorner,
    /// The screen on which it does: `pointer` for the one with the pointer, `primary`, or a screen's name.
    pub popup_screen: String,
    /// How long it stays after a call.
    pub popup_stay: PopupStay,
    /// Whether a notification tells of calls that were missed while nobody looked.
    pub notify_missed: bool,
    /// Whether one tells of a call that rings while popups are paused.
    pub notify_paused: bool,
    /// Whether one tells that something owed needs a decision.
    pub notify_decisions: bool,
    /// Whether one tells what the popup has, where windows cannot be placed.
    pub notify_instead: bool,
    /// When a link to a number waits for a yes.
    pub links_ask: LinksAsk,
    /// The key combination that dials what is selected anywhere, such as `Ctrl+Alt+C`; empty: none.
    pub hotkey_dial: String,
    /// The one that brings the keyboard to the popup.
    pub hotkey_popup: String,
    /// The one that hides what is personal, and shows it again.
    pub hotkey_private: String,
    /// Where the office publishes settings for all its desks: `omnidesk`, an https address, a file's full path; empty: nobody asks.
    pub office_settings: String,
    /// Where newer versions of the program lie.
    pub updates: Updates,
}

/// Where newer versions lie, and who has signed them. Only an office says that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Updates {
    /// The address of the list of versions, https; empty: nobody asks.
    pub url: String,
    /// The public key of who signs them, as `tauri signer generate` prints it.
    pub key: String,
}

/// Which links are made anew by new settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Touches {
    /// The PBX's.
    pub pbx: bool,
    /// Omnidesk's, with what was read of the account.
    pub omnidesk: bool,
}

/// The index of users on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UsersKept {
    /// What changed since is read after this many hours.
    pub hours: u32,
}

impl Default for UsersKept {
    fn default() -> Self {
        Self { hours: 12 }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pbx_vendor: String::new(),
            pbx_url: String::new(),
            plain_http: String::new(),
            pbx_ca: String::new(),
            pbx_user: String::new(),
            extension: String::new(),
            context: "from-internal".into(),
            recording_folder: String::new(),
            omnidesk_url: String::new(),
            email: String::new(),
            channel: String::new(),
            call_id_field: String::new(),
            claim_field: String::new(),
            region: "RU".into(),
            language: String::new(),
            theme: String::new(),
            machine: String::new(),
            fields: ["name", "email", "company"].map(|id| FieldSetting::built_in(id, true)).to_vec(),
            phrases: Vec::new(),
            labels: Vec::new(),
            dial_format: DialFormat::default(),
            several: SeveralView::default(),
            dial_policy: DialPolicy::default(),
            unanswered_outgoing_cases: true,
            users: UsersKept::default(),
            history_months: kept::MONTHS,
            working_hours: WorkingHours::default(),
            file_hosts: Vec::new(),
            popup_corner: PopupCorner::default(),
            popup_screen: "pointer".into(),
            popup_stay: PopupStay::default(),
            notify_missed: true,
            // Paused is quiet.
            notify_paused: false,
            notify_decisions: true,
            notify_instead: true,
            links_ask: LinksAsk::default(),
            hotkey_dial: "Ctrl+Alt+C".into(),
            hotkey_popup: "Ctrl+Alt+O".into(),
            hotkey_private: "Ctrl+Alt+H".into(),
            office_settings: source::OMNIDESK.into(),
            updates: Updates::default(),
        }
    }
}

/// Longest text of a setting, in bytes.
const LONGEST: usize = 500;

impl Settings {
    /// How long ended calls are kept, ms: whole months, the longest there are.
    pub(crate) fn kept_history(&self) -> i64 {
        i64::from(kept::sensible_months(self.history_months)) * 31 * 24 * 3_600_000
    }

    /// Takes over what the settings screen returned; the rest stays.
    #[must_use]
    pub fn with(&self, view: &SettingsView) -> Self {
        let trimmed = |text: &str| text.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect::<String>();
        let pbx_url = trimmed(&view.pbx_url);
        let said_yes = address("pbxUrl", &pbx_url)
            .ok()
            .filter(|url| view.plain_http && in_the_open::is_open(url));
        Self {
            pbx_vendor: trimmed(&view.pbx_vendor),
            pbx_url,
            plain_http: said_yes.map(|url| in_the_open::yes(&url)).unwrap_or_default(),
            pbx_ca: office_ca::tidied(&view.pbx_ca),
            pbx_user: trimmed(&view.pbx_user),
            extension: trimmed(&view.extension),
            context: trimmed(&view.context),
            recording_folder: trimmed(&view.recording_folder),
            omnidesk_url: trimmed(&view.omnidesk_url),
            email: trimmed(&view.email),
            channel: trimmed(&view.channel),
            call_id_field: trimmed(&view.call_id_field),
            claim_field: trimmed(&view.claim_field),
            region: trimmed(&view.region),
            language: trimmed(&view.language),
            theme: trimmed(&view.theme),
            several: view.several,
            dial_policy: guard::changed(&self.dial_policy, &view.dial_policy),
            dial_format: view.dial_format,
            unanswered_outgoing_cases: view.unanswered_outgoing_cases,
            users: kept::users(self.users, view),
            history_months: kept::months(self.history_months, view.history_months),
            // Hours that nobody can read are refused before (`saving`).
            working_hours: WorkingHours::read(&view.working_hours).unwrap_or(self.working_hours),
            file_hosts: kept::file_hosts(&self.file_hosts, &view.file_hosts),
            popup_corner: view.popup_corner,
            popup_screen: trimmed(&view.popup_screen),
            popup_stay: view.popup_stay,
            notify_missed: view.notify_missed,
            notify_paused: view.notify_paused,
            notify_decisions: view.notify_decisions,
            notify_instead: view.notify_instead,
            links_ask: view.links_ask,
            hotkey_dial: trimmed(&view.hotkey_dial),
            hotkey_popup: trimmed(&view.hotkey_popup),
            hotkey_private: trimmed(&view.hotkey_private),
            office_settings: trimmed(&view.office_settings),
            ..self.clone()
        }
    }

    /// For the settings screen; whose word each of them is, the layers tell ([`layers`]).
    #[must_use]
    pub fn view(&self, secrets: &Secrets, place: SecretsView) -> SettingsView {
        let has = |secret: &Option<Secret>, address: Option<Url>| {
            let sent = secret.as_ref().zip(address).and_then(|(secret, address)| secret.sent_to(&address));
            sent.is_some()
        };
        SettingsView {
            pbx_vendor: self.pbx_vendor.clone(),
            pbx_vendors: vendors::view(),
            pbx_url: self.pbx_url.clone(),
            plain_http: self.is_open(),
            pbx_ca: self.pbx_ca.clone(),
            pbx_certificates: office_ca::view(&self.pbx_ca, now()),
            pbx_user: self.pbx_user.clone(),
            extension: self.extension.clone(),
            context: self.context.clone(),
            recording_folder: self.recording_folder.clone(),
            omnidesk_url: self.omnidesk_url.clone(),
            email: self.email.clone(),
            channel: self.channel.clone(),
            call_id_field: self.call_id_field.clone(),
            claim_field: self.claim_field.clone(),
            region: self.region.clone(),
            language: self.language.clone(),
            theme: self.theme.clone(),
            several: self.several,
            dial_policy: guard::policy_view(&self.dial_policy, false),
            dial_format: self.dial_format,
            unanswered_outgoing_cases: self.unanswered_outgoing_cases,
            users_hours: self.users.hours,
            history_months: self.history_months,
            working_hours: self.working_hours.texts(),
            file_hosts: self.file_hosts.clone(),
            popup_corner: self.popup_corner,
            popup_screen: self.popup_screen.clone(),
            popup_stay: self.popup_stay,
            notify_missed: self.notify_missed,
            notify_paused: self.notify_paused,
            notify_decisions: self.notify_decisions,
            notify_instead: self.notify_instead,
            links_ask: self.links_ask,
            hotkey_dial: self.hotkey_dial.clone(),
            hotkey_popup: self.hotkey_popup.clone(),
            hotkey_private: self.hotkey_private.clone(),
            office_settings: self.office_settings.clone(),
            origins: Vec::new(),
            has_pbx_password: has(&secrets.pbx_password, self.pbx_base()),
            has_api_key: has(&secrets.api_key, self.omnidesk_base()),
            secrets: place,
        }
    }

    /// Where the popup stands.
    pub(crate) fn popup_place(&self) -> PopupPlace {
        PopupPlace {
            corner: self.popup_corner,
            screen: self.popup_screen.clone(),
        }
    }

    /// Of what notifications tell.
    pub(crate) fn notices(&self) -> NoticeKinds {
        NoticeKinds {
            missed: self.notify_missed,
            paused: self.notify_paused,
            decisions: self.notify_decisions,
            instead: self.notify_instead,
        }
    }

    /// The country for reading numbers; Russia when the setting names no country.
    #[must_use]
    pub fn region(&self) -> Region {
        Region::from_code(&self.region).unwrap_or_default()
    }

    /// Which line of which PBX it is: what was heard of one says nothing of another.
    pub(crate) fn pbx_line(&self) -> String {
        format!("{} {} {}", self.pbx_vendor, self.pbx_url, self.extension)
    }

    /// The PBX's address.
    pub(crate) fn pbx_base(&self) -> Option<Url> {
        address("pbxUrl", &self.pbx_url).ok()
    }

    /// Whether the PBX is reached by plain HTTP over a network, with somebody's yes.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.pbx_base()
            .is_some_and(|base| in_the_open::is_open(&base) && in_the_open::is_allowed(&base, &self.plain_http))
    }

    /// The secrets as typed beside these settings; what was not typed is as it was kept.
    #[must_use]
    pub fn typed(&self, kept: &Secrets, typed: TypedSecrets) -> Secrets {
        let given = |text: Option<String>, address: Option<Url>| {
            let text = text.filter(|text| !text.is_empty())?;
            Some(Secret::for_address(text.into(), &address?))
        };
        Secrets {
            pbx_password: given(typed.pbx_password, self.pbx_base()).or_else(|| kept.pbx_password.clone()),
            api_key: given(typed.api_key, self.omnidesk_base()).or_else(|| kept.api_key.clone()),
        }
    }

    /// What an earlier version kept without an address was used with those that this computer's own settings have.
    pub(crate) fn settle(&self, secrets: &mut Secrets, is_own: impl Fn(&str) -> bool) {
        if let Some(password) = secrets.pbx_password.as_mut().filter(|_| is_own("pbxUrl")) {
            password.settle(self.pbx_base().as_ref());
        }
        if let Some(key) = secrets.api_key.as_mut().filter(|_| is_own("omnideskUrl")) {
            key.settle(self.omnidesk_base().as_ref());
        }
    }

    /// Omnidesk's address, for links into it.
    #[must_use]
    pub fn omnidesk_base(&self) -> Option<Url> {
        address("omnideskUrl", &self.omnidesk_url).ok()
    }

    /// Whether these settings name another Omnidesk account. Each account has an address of its own; who works with it,
    /// and by which key, makes no difference. Where none was named before, there is nothing to leave.
    #[must_use]
    pub fn leaves_account(&self, for_new: &Self) -> bool {
        self.account().is_some_and(|old| for_new.account().is_none_or(|new| new != old))
    }

    /// Whether new settings differ from these, and not in how the PBX is reached.
    pub(crate) fn changes_elsewhere(&self, new: &Self) -> bool {
        let same_pbx = Self {
            pbx_vendor: self.pbx_vendor.clone(),
            pbx_url: self.pbx_url.clone(),
            pbx_user: self.pbx_user.clone(),
            extension: self.extension.clone(),
            context: self.context.clone(),
            recording_folder: self.recording_folder.clone(),
            pbx_ca: self.pbx_ca.clone(),
            plain_http: self.plain_http.clone(),
            ..new.clone()
        };
        *new == same_pbx && new != self
    }

    /// What new settings reach in another way than these.
    pub(crate) fn touches(&self, new: &Self) -> Touches {
        let numbers = |settings: &Self| (settings.region.clone(), settings.dial_format);
        let pbx = |settings: &Self| {
            let place = [&settings.pbx_vendor, &settings.pbx_url, &settings.plain_http, &settings.pbx_ca];
            let whose = [
                &settings.pbx_user,
                &settings.extension,
                &settings.context,
                &settings.recording_folder,
                &settings.machine,
            ];
            (place.map(String::clone), whose.map(String::clone), numbers(settings))
        };
        let omnidesk = |settings: &Self| {
            let fields = [&settings.call_id_field, &settings.claim_field];
            let account = [&settings.omnidesk_url, &settings.email, &settings.channel, fields[0], fields[1]];
            (account.map(String::clone), settings.file_hosts.clone(), settings.region.clone())
        };
        Touches {
            pbx: pbx(self) != pbx(new),
            omnidesk: omnidesk(self) != omnidesk(new),
        }
    }

    /// Which Omnidesk account it is: host and port.
    #[must_use]
    pub fn account(&self) -> Option<String> {
        let base = self.omnidesk_base()?;
        let host = base.host_str()?.trim_end_matches('.');
        Some(format!("{host}:{}", base.port_or_known_default()?))
    }
}

#[cfg(test)]
mod doors_tests;

#[cfg(test)]
mod hostile_tests;

#[cfg(test)]
mod tests;
