//! What the program is asked from outside (its command line, a link, a second start), what it answers, and how both are
//! said at the door of the one that runs ([`instance`](crate::instance)): a line each, of a version.
//!
//! The line of an order is made of keys and names that this file knows, never of a text that came from elsewhere. Whoever
//! knocks may say anything; what is no line of this form is no order.

use crate::selection::Unread;
use crate::tray::{Language, Words};
use calls::read_phone_link;
use engine::view::{DeskView, EnrolmentFault, LinkStateView, OutboxStateView, PauseFor, PhaseView, Route, Stage};
use engine::{Enrolment, EnrolmentRefused};
use serde::{Deserialize, Serialize};
use std::process::ExitCode;

/// The first word of each line: what it is, and of which version.
const VERSION: &str = "ringside/1";
/// The longest line that is read, bytes, its end included.
pub const LONGEST_LINE: usize = 1_024;
/// The longest answer, bytes, its end included: what who helps wants to know is a text of some length.
pub const LONGEST_ANSWER: usize = 4 << 20;
/// Longer numbers of cases there are not.
const LONGEST_CASE: usize = 20;
/// Most keys that a link asks for, an inner number included.
const MOST_KEYS: usize = 48;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// The workspace, at a page if one is named.
    Show(Option<Page>),
    /// The dial window with these keys in it, which nobody presses but the agent. `None`: the link holds no number, which the
    /// window says.
    Dial(Option<String>),
    /// The dial window with the numbers of what is selected on the desktop, which the running program reads: there it is read by
    /// the office's country, as for the key combination, and no text of others comes through the door.
    DialSelection,
    /// The page of the case with this number.
    OpenCase(String),
    /// What a link would set on this computer, for the agent to take or leave; or why the link cannot be used.
    SetUp(Result<Enrolment, EnrolmentRefused>),
    /// How the program stands.
    Status,
    /// Popups paused, or no more.
    Pause(Pausing),
    /// What who helps wants to know.
    Diagnostics,
}

/// What is to be with popups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pausing {
    /// They are paused for so long, or for so long anew.
    Begin(PauseFor),
    /// They come again.
    End,
}

impl Pausing {
    fn line(self) -> String {
        match self {
            Self::Begin(PauseFor::Minutes { minutes }) => minutes.to_string(),
            Self::Begin(PauseFor::Tomorrow) => "tomorrow".to_owned(),
            Self::Begin(PauseFor::UntilSaid) => "on".to_owned(),
            Self::End => "off".to_owned(),
        }
    }

    fn of_line(text: &str) -> Option<Self> {
        match text {
            "tomorrow" => Some(Self::Begin(PauseFor::Tomorrow)),
            "on" => Some(Self::Begin(PauseFor::UntilSaid)),
            "off" => Some(Self::End),
            minutes if minutes.bytes().all(|byte| byte.is_ascii_digit()) => {
                let minutes = minutes.parse().ok()?;
                Some(Self::Begin(PauseFor::Minutes { minutes }))
            }
            _ => None,
        }
    }
}

/// A page that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The list of calls.
    Calls,
    /// Search of users.
    Search,
    /// Statistics.
    Stats,
    /// What is owed to Omnidesk.
    Outbox,
    /// The popup's data fields.
    Fields,
    /// Settings.
    Settings,
}

impl Page {
    /// All of them, by the names that the command line has for them.
    pub const NAMED: [(&'static str, Self); 6] = [
        ("calls", Self::Calls),
        ("search", Self::Search),
        ("stats", Self::Stats),
        ("outbox", Self::Outbox),
        ("fields", Self::Fields),
        ("settings", Self::Settings),
    ];

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(known, _)| *known == name).map(|(_, page)| *page)
    }

    fn name(self) -> &'static str {
        Self::NAMED
            .iter()
            .find(|(_, page)| *page == self)
            .map_or_else(Default::default, |(name, _)| *name)
    }

    /// Where the workspace goes for it.
    pub fn route(self) -> Route {
        match self {
            Self::Calls => Route::Calls,
            Self::Search => Route::Search { call: None },
            Self::Stats => Route::Stats,
            Self::Outbox => Route::Outbox,
            Self::Fields => Route::Fields,
            Self::Settings => Route::Settings,
        }
    }
}

impl Order {
    /// To dial what a link, or a number in its place, asks for.
    pub fn dial(text: &str) -> Self {
        Self::Dial(read_phone_link(text).ok())
    }

    /// To open a case; none for what is no case's number.
    pub fn open_case(number: &str) -> Option<Self> {
        let fits = (1..=LONGEST_CASE).contains(&number.len());
        let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let any_digit = number.bytes().any(|byte| byte.is_ascii_digit());
        (fits && plain && any_digit).then(|| Self::OpenCase(number.to_owned()))
    }

    /// To set this computer up as a link says.
    pub fn set_up(link: &str) -> Self {
        Self::SetUp(Enrolment::read(link))
    }

    /// As it is said at the door.
    pub fn line(&self) -> String {
        let pausing: String;
        let said = match self {
            Self::SetUp(Ok(link)) => link.link(),
            Self::SetUp(Err((fault, key))) => format!("{} {}", fault_name(*fault), key.unwrap_or_default()),
            _ => String::new(),
        };
        let (name, what) = match self {
            Self::SetUp(Ok(_)) => ("set-up", said.as_str()),
            Self::SetUp(Err(_)) => ("no-set-up", said.as_str()),
            Self::Show(page) => ("show", page.map(Page::name).unwrap_or_default()),
            Self::Dial(keys) => ("dial", keys.as_deref().unwrap_or_default()),
            Self::DialSelection => ("dial-selection", ""),
            Self::OpenCase(number) => ("open-case", number.as_str()),
            Self::Status => ("status", ""),
            Self::Pause(how) => {
                pausing = how.line();
                ("pause", pausing.as_str())
            }
            Self::Diagnostics => ("diagnostics", ""),
        };
        format!("{VERSION} {name} {what}").trim_end().to_owned()
    }

    /// Whether this answers it: a program of another version may say anything.
    pub fn takes(&self, answer: &Answer) -> bool {
        match answer {
            Answer::Refused => true,
            Answer::Done => matches!(
                self,
                Self::Show(_) | Self::Dial(_) | Self::DialSelection | Self::OpenCase(_) | Self::SetUp(_)
            ),
            Answer::NoNumber => matches!(self, Self::Dial(_) | Self::DialSelection),
            Answer::Unread(_) => matches!(self, Self::DialSelection),
            Answer::NoSetUp => matches!(self, Self::SetUp(_)),
            Answer::NoCase | Answer::CaseUnknown => matches!(self, Self::OpenCase(_)),
            Answer::Status(_) => matches!(self, Self::Status),
            Answer::Paused { .. } | Answer::Resumed | Answer::NotKept => matches!(self, Self::Pause(_)),
            Answer::Diagnostics(_) => matches!(self, Self::Diagnostics),
        }
    }

    /// What somebody at the door says; none for what is no order of this version.
    pub fn of_line(line: &str) -> Option<Self> {
        let (name, what) = words(line)?;
        match (name, what) {
            ("show", "") => Some(Self::Show(None)),
            ("show", page) => Page::named(page).map(|page| Self::Show(Some(page))),
            ("dial", "") => Some(Self::Dial(None)),
            ("dial", keys) => are_keys(keys).then(|| Self::Dial(Some(keys.to_owned()))),
            ("dial-selection", "") => Some(Self::DialSelection),
            ("open-case", number) => Self::open_case(number),
            ("set-up", link) => Enrolment::read(link).ok().map(|link| Self::SetUp(Ok(link))),
            ("no-set-up", why) => {
                let (fault, key) = why.split_once(' ').unwrap_or((why, ""));
                let fault = serde_json::from_value(fault.into()).ok()?;
                let key = Enrolment::setting(key);
                Some(Self::SetUp(Err((fault, key))))
            }
            ("status", "") => Some(Self::Status),
            ("pause", how) => Pausing::of_line(how).map(Self::Pause),
            ("diagnostics", "") => Some(Self::Diagnostics),
            _ => None,
        }
    }
}

fn fault_name(fault: EnrolmentFault) -> String {
    let name = serde_json::to_value(fault).ok();
    name.as_ref().and_then(|name| name.as_str()).unwrap_or_default().to_owned()
}

fn are_keys(text: &str) -> bool {
    text.len() <= MOST_KEYS && text.bytes().all(|byte| byte.is_ascii_digit() || b"+*#".contains(&byte))
}

/// A line's name and what follows it, where it is one of this version.
fn words(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix(VERSION)?.strip_prefix(' ')?;
    Some(rest.split_once(' ').unwrap_or((rest, "")))
}

/// What the running program answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is done: the window is shown.
    Done,
    /// The dial window says that there is no number.
    NoNumber,
    /// The workspace says why the link sets nothing.
    NoSetUp,
    /// The dial window says that there is no selected text.
    Unread(Unread),
    /// Omnidesk has no case of this number.
    NoCase,
    /// Omnidesk could not be asked for it.
    CaseUnknown,
    /// How the program stands.
    Status(Box<Status>),
    /// Popups are paused now.
    Paused {
        /// Until when, ms since 1970; none: until somebody resumes them.
        until: Option<i64>,
    },
    /// Popups come.
    Resumed,
    /// It is done, and will be forgotten with the program's end: the disk refuses it.
    NotKept,
    /// What who helps wants to know.
    Diagnostics(String),
    /// It does not know this order, or this version of it.
    Refused,
}

impl Answer {
    /// As it is said at the door.
    pub fn line(&self) -> String {
        let status = |status: &Status| serde_json::to_string(status).unwrap_or_default();
        match self {
            Self::Done => format!("{VERSION} done"),
            Self::NoNumber => format!("{VERSION} no-number"),
            Self::NoSetUp => format!("{VERSION} no-set-up"),
            Self::Unread(unread) => format!("{VERSION} {}", unread.name()),
            Self::NoCase => format!("{VERSION} no-case"),
            Self::CaseUnknown => format!("{VERSION} case-unknown"),
            Self::Status(of) => format!("{VERSION} status {}", status(of)),
            Self::Paused { until: None } => format!("{VERSION} paused"),
            Self::Paused { until: Some(until) } => format!("{VERSION} paused {until}"),
            Self::Resumed => format!("{VERSION} resumed"),
            Self::NotKept => format!("{VERSION} not-kept"),
            // On one line, as a text in JSON is.
            Self::Diagnostics(text) => format!("{VERSION} diagnostics {}", serde_json::json!(text)),
            Self::Refused => format!("{VERSION} refused"),
        }
    }

    /// What the program at the door says; of another version, it knows no order of this one.
    pub fn of_line(line: &str) -> Self {
        match words(line) {
            Some(("done", "")) => Self::Done,
            Some(("no-number", "")) => Self::NoNumber,
            Some(("no-set-up", "")) => Self::NoSetUp,
            Some(("no-case", "")) => Self::NoCase,
            Some(("case-unknown", "")) => Self::CaseUnknown,
            Some(("status", status)) => serde_json::from_str(status).map_or(Self::Refused, |status| Self::Status(Box::new(status))),
            Some(("paused", "")) => Self::Paused { until: None },
            Some(("paused", until)) => until.parse().map_or(Self::Refused, |until| Self::Paused { until: Some(until) }),
            Some(("resumed", "")) => Self::Resumed,
            Some(("not-kept", "")) => Self::NotKept,
            Some(("diagnostics", text)) => serde_json::from_str(text).map_or(Self::Refused, Self::Diagnostics),
            Some((name, "")) => Unread::NAMED
                .iter()
                .find(|(known, _)| *known == name)
                .map_or(Self::Refused, |(_, unread)| Self::Unread(*unread)),
            _ => Self::Refused,
        }
    }
}

/// How the program stands: states and counts, nothing of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The program's version.
    pub version: String,
    /// `starting`, `setUp`, `noKeychain`, `keychainLocked`, `ready`.
    pub stage: String,
    /// The line to the PBX.
    pub pbx: LinkStateView,
    /// The line to Omnidesk.
    pub omnidesk: LinkStateView,
    /// Whether somebody shows the tray's icon.
    pub tray: bool,
    /// Whether the softphone is registered, where the PBX tells.
    pub phone_online: Option<bool>,
    /// Calls that are on.
    pub calls: u32,
    /// Missed calls that wait.
    pub missed: u32,
    /// What is not in Omnidesk yet.
    pub owed: u32,
    /// How much of it needs a decision.
    pub undecided: u32,
}

impl Status {
    /// Of the state as it is shown, `tray` by somebody or not.
    pub fn of(view: &DeskView, tray: bool) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let rows = |is: fn(OutboxStateView) -> bool| count(view.outbox.iter().filter(|row| is(row.state)).count());
        let stage = match view.stage {
            Stage::Starting => "starting",
            Stage::SetUp => "setUp",
            Stage::NoKeychain { locked: false } => "noKeychain",
            Stage::NoKeychain { locked: true } => "keychainLocked",
            Stage::Ready => "ready",
        };
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            stage: stage.to_owned(),
            pbx: view.pbx.state,
            omnidesk: view.omnidesk.state,
            tray,
            phone_online: view.agent.phone_online,
            calls: count(view.calls.iter().filter(|call| call.phase != PhaseView::Ended).count()),
            missed: view.missed,
            owed: rows(|state| state != OutboxStateView::Done),
            undecided: rows(|state| state == OutboxStateView::Wedged),
        }
    }

    /// For programs, on one line.
    pub fn json(&self) -> String {
        let mut said = serde_json::json!({"running": true});
        if let (Some(said), Ok(serde_json::Value::Object(status))) = (said.as_object_mut(), serde_json::to_value(self)) {
            said.extend(status);
        }
        format!("{said}\n")
    }

    /// For people, a line each.
    pub fn said(&self, language: Language) -> String {
        let words = Words::of(language);
        let russian = language == Language::Russian;
        let [pbx, omnidesk] = match self.stage.as_str() {
            "noKeychain" => words.keychain(false),
            "keychainLocked" => words.keychain(true),
            _ => [words.pbx(self.pbx), words.omnidesk(self.omnidesk)],
        };
        let mut lines = vec![
            if russian {
                format!("Ringside {} запущен", self.version)
            } else {
                format!("Ringside {} is running", self.version)
            },
            pbx.to_owned(),
            omnidesk.to_owned(),
        ];
        let phone = self.phone_online.map(|online| match (online, russian) {
            (true, true) => "Софтфон на связи",
            (true, false) => "Softphone online",
            (false, true) => "Софтфон не подключён",
            (false, false) => "Softphone offline",
        });
        lines.extend(phone.map(str::to_owned));
        if !self.tray {
            let nobody = if russian {
                "Значок Ringside никто не показывает"
            } else {
                "Nobody shows the icon of Ringside"
            };
            lines.push(nobody.to_owned());
        }
        for (number, ru, en) in [
            (self.calls, "Звонков сейчас", "Calls now"),
            (self.missed, "Ждут перезвона", "Waiting to be called back"),
            (self.owed, "Ещё не в Омнидеске", "Not in Omnidesk yet"),
            (self.undecided, "Из них ждут решения", "Of these, need a decision"),
        ] {
            lines.push(format!("{}: {number}", if russian { ru } else { en }));
        }
        lines.join("\n") + "\n"
    }
}

/// How an order ended, as the program's status: documented in docs/command-line.md.
pub mod code {
    /// The program did not start, does not answer, or the disk did not keep what it did.
    pub const FAILED: u8 = 1;
    /// The command line cannot be read.
    pub const MISUSED: u8 = 2;
    /// No program runs that could be asked.
    pub const NOT_RUNNING: u8 = 3;
    /// There is no number in the link, or in what is selected.
    pub const NO_NUMBER: u8 = 4;
    /// There is no such case, or Omnidesk could not be asked.
    pub const NO_CASE: u8 = 5;
    /// The file could not be written, or is there already; or the answer could not be written.
    pub const NOT_WRITTEN: u8 = 6;
    /// The link that was to set this computer up cannot be used.
    pub const NO_SET_UP: u8 = 7;
}

impl Answer {
    /// What is said in the terminal beside the status, where something is to be said.
    pub fn told(&self, language: Language) -> (Option<String>, ExitCode) {
        let russian = language == Language::Russian;
        let (ru, en, code) = match self {
            Self::Done | Self::Status(_) | Self::Paused { .. } | Self::Resumed | Self::Diagnostics(_) => {
                return (None, ExitCode::SUCCESS);
            }
            Self::NotKept => (
                "сделано, но диск это не записал: после перезапуска будет по-прежнему",
                "done, but the disk did not take it: a restart will undo it",
                code::FAILED,
            ),
            Self::NoNumber => (
                "здесь нет номера, который можно набрать",
                "there is no number here that can be dialled",
                code::NO_NUMBER,
            ),
            Self::NoSetUp => (
                "эта ссылка не может настроить Ringside, почему, сказано в его окне",
                "this link cannot set up Ringside, its window says why",
                code::NO_SET_UP,
            ),
            Self::Unread(Unread::Nothing) => ("ничего не выделено", "nothing is selected", code::NO_NUMBER),
            Self::Unread(Unread::Silent) => (
                "программа, в которой выделен текст, не отвечает",
                "the program with the selected text does not answer",
                code::NO_NUMBER,
            ),
            Self::Unread(Unread::NotHere) => (
                "этот рабочий стол не сообщает, что выделено: скопируйте номер и вставьте его в окно набора",
                "this desktop does not tell what is selected: copy the number and paste it into the dial window",
                code::NO_NUMBER,
            ),
            Self::NoCase => (
                "в Омнидеске нет обращения с таким номером",
                "Omnidesk has no case of this number",
                code::NO_CASE,
            ),
            Self::CaseUnknown => (
                "Омнидеск не ответил, есть ли такое обращение",
                "Omnidesk did not tell whether there is such a case",
                code::NO_CASE,
            ),
            Self::Refused => (
                "запущена другая версия программы: выйдите из неё и запустите снова",
                "another version of the program is running: quit it and open it again",
                code::FAILED,
            ),
        };
        let text = format!("ringside: {}\n", if russian { ru } else { en });
        (Some(text), ExitCode::from(code))
    }
}

#[cfg(test)]
mod tests;
