//! What is asked of the program that runs, and said in the terminal. Nothing is started or made for it.

use crate::arguments::{answer, complain, no_answer, quoted, refuse};
use crate::diagnostics;
use crate::order::{Answer, Order, Pausing, code};
use crate::tray::{Language, Words, paused_text};
#[cfg(unix)]
use crate::{instance, start};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::ExitCode;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// How it stands.
    Status {
        /// For programs.
        json: bool,
    },
    /// To pause popups, or not.
    Pause(Pausing),
    /// What who helps wants to know.
    Diagnostics {
        /// Where it goes.
        to: To,
        /// Also over a file that is there.
        force: bool,
    },
}

/// Where a text goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// Standard output.
    Terminal,
    /// A file.
    File(PathBuf),
}

impl Question {
    fn order(&self) -> Order {
        match self {
            Self::Status { .. } => Order::Status,
            Self::Pause(pausing) => Order::Pause(*pausing),
            Self::Diagnostics { .. } => Order::Diagnostics,
        }
    }
}

/// There the system hands orders over, and no answers.
#[cfg(not(unix))]
pub fn ask(_question: &Question, language: Language) -> ExitCode {
    no_answer(language)
}

/// Asks at the running program's door and says what it answers.
#[cfg(unix)]
pub fn ask(question: &Question, language: Language) -> ExitCode {
    match instance::ask(&start::data_dir(), &question.order()) {
        Ok(said) => tell(question, &said, language),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => not_running(question, language),
        Err(_) => no_answer(language),
    }
}

fn tell(question: &Question, said: &Answer, language: Language) -> ExitCode {
    match (question, said) {
        (Question::Status { json: true }, Answer::Status(status)) => answer(&status.json(), language),
        (Question::Status { json: false }, Answer::Status(status)) => answer(&status.said(language), language),
        (Question::Pause(_), Answer::Paused { until }) => {
            let zone = jiff::tz::TimeZone::system();
            let text = paused_text(*until, jiff::Timestamp::now(), &Words::of(language), &zone);
            answer(&format!("{text}\n"), language)
        }
        (Question::Pause(_), Answer::Resumed) => answer(
            match language {
                Language::Russian => "Карточки показываются\n",
                Language::English => "Popups come\n",
            },
            language,
        ),
        (Question::Diagnostics { to: To::Terminal, .. }, Answer::Diagnostics(text)) => answer(text, language),
        (Question::Diagnostics { to: To::File(path), force }, Answer::Diagnostics(text)) => match diagnostics::write(path, text, *force) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => not_written(path, &error, language),
        },
        (_, other) => {
            let (text, code) = other.told(language);
            complain(&text.unwrap_or_default());
            code
        }
    }
}

fn not_running(question: &Question, language: Language) -> ExitCode {
    if *question == (Question::Status { json: true }) {
        let said = answer("{\"running\":false}\n", language);
        return if said == ExitCode::SUCCESS {
            ExitCode::from(code::NOT_RUNNING)
        } else {
            said
        };
    }
    let text = match language {
        Language::Russian => "Ringside не запущен\n",
        Language::English => "Ringside is not running\n",
    };
    refuse(text, code::NOT_RUNNING)
}

/// What stands in the way, and what to do.
fn not_written(path: &PathBuf, error: &std::io::Error, language: Language) -> ExitCode {
    let (ru, en) = match error.kind() {
        ErrorKind::AlreadyExists => (
            "такой файл уже есть: выберите другое имя или добавьте --force",
            "this file is there already: choose another name, or add --force",
        ),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => (
            "сюда нельзя записывать: выберите другую папку, например домашнюю",
            "nothing may be written here: choose another folder, such as your home",
        ),
        ErrorKind::NotFound | ErrorKind::NotADirectory => (
            "такой папки нет: создайте её или выберите другую",
            "there is no such folder: make it or choose another",
        ),
        ErrorKind::InvalidInput => (
            "это не файл, а устройство или канал: выберите другое имя",
            "this is a device or a pipe and no file: choose another name",
        ),
        ErrorKind::IsADirectory => ("это папка: добавьте имя файла", "this is a folder: add a file's name"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => (
            "на диске нет места: освободите его или выберите другую папку",
            "the disk is full: make room, or choose another folder",
        ),
        _ => (
            "файл записать не удалось: выберите другую папку",
            "the file could not be written: choose another folder",
        ),
    };
    let said = quoted(path);
    let text = match language {
        Language::Russian => format!("ringside: {said}: {ru}\n"),
        Language::English => format!("ringside: {said}: {en}\n"),
    };
    refuse(&text, code::NOT_WRITTEN)
}
