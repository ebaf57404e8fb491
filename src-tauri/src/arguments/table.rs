//! The command line, described once: it is read by this table, and `--help`, the man page and the shells' completions are
//! made of it, so none of them knows what another does not.

use crate::order::{Page, code};
use crate::tray::Language;

/// A text in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Both {
    ru: &'static str,
    en: &'static str,
}

impl Both {
    /// In this one.
    pub fn of(self, language: Language) -> &'static str {
        match language {
            Language::Russian => self.ru,
            Language::English => self.en,
        }
    }
}

const fn both(ru: &'static str, en: &'static str) -> Both {
    Both { ru, en }
}

/// What the program is.
pub const ABOUT: Both = both("помощник оператора при звонках", "the call companion for support agents");

/// What a command does; each is one row of [`COMMANDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// A number into the dial window.
    Dial,
    /// The same by a link, which stands for itself.
    Link,
    /// A page of the workspace.
    Show,
    /// A case by its number.
    OpenCase,
    /// Popups paused, or no more.
    Pause,
    /// How the program stands.
    Status,
    /// What who helps wants to know.
    ExportDiagnostics,
}

/// What stands behind a command.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// As it is written in lists.
    pub name: Both,
    /// It may not be left out.
    pub needed: bool,
    /// More words are part of it.
    pub several: bool,
    /// What it is.
    pub takes: Takes,
}

/// What an argument is, for those who complete it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Anything that nobody can guess.
    Text,
    /// A page's name.
    Page,
    /// How long popups are paused.
    Length,
    /// A file's path.
    File,
}

impl Takes {
    /// The words that it may be, or some of them.
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::Page => Page::NAMED.map(|(name, _)| name).to_vec(),
            Self::Length => LENGTHS.to_vec(),
            Self::Text | Self::File => Vec::new(),
        }
    }
}

/// Examples of how long popups are paused, and the words for it.
pub const LENGTHS: [&str; 5] = ["30m", "2h", "tomorrow", "on", "off"];

/// A command.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// What it does.
    pub verb: Verb,
    /// Its word; empty where the argument stands alone.
    pub name: &'static str,
    /// What follows.
    pub argument: Option<Argument>,
    /// In a few words.
    pub what: Both,
    /// It starts the program where none runs; else it asks the one that does.
    pub starts: bool,
}

impl Command {
    /// By its word.
    pub fn named(name: &str) -> Option<&'static Self> {
        COMMANDS.iter().find(|command| !name.is_empty() && command.name == name)
    }

    /// As it is written, with what follows it.
    pub fn usage(&self, language: Language) -> String {
        let argument = self.argument.map(|argument| {
            let name = argument.name.of(language);
            if argument.needed { name.to_owned() } else { format!("[{name}]") }
        });
        let flags = |instead: bool| {
            FLAGS
                .iter()
                .filter(move |flag| flag.of == Some(self.verb) && flag.instead == instead)
        };
        let argument = argument.map(|argument| flags(true).fold(argument, |said, flag| format!("{said}|--{}", flag.long)));
        let flags = flags(false).map(|flag| format!("[--{}]", flag.long));
        let parts = [self.name.to_owned()].into_iter().chain(argument).chain(flags);
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// What it does, with the words that its argument may be.
    pub fn told(&self, language: Language) -> String {
        let what = self.what.of(language);
        match self.argument.map(|argument| argument.takes.words()) {
            Some(words) if !words.is_empty() => format!("{what}: {}", words.join(", ")),
            _ => what.to_owned(),
        }
    }
}

/// All commands, in the order of the lists.
pub const COMMANDS: [Command; 7] = [
    Command {
        verb: Verb::Dial,
        name: "dial",
        argument: Some(Argument {
            name: both("НОМЕР", "NUMBER"),
            needed: true,
            several: true,
            takes: Takes::Text,
        }),
        what: both(
            "открыть окно набора с этим номером или с выделенным; звонит только человек",
            "open the dial window with this number, or with the selected one; only a person calls",
        ),
        starts: true,
    },
    Command {
        verb: Verb::Link,
        name: "",
        argument: Some(Argument {
            name: both("ССЫЛКА", "LINK"),
            needed: true,
            several: false,
            takes: Takes::Text,
        }),
        what: both(
            "то же по ссылке tel:, callto:, sip:, sips:; ringside: показывает настройки из ссылки",
            "the same by a link: tel:, callto:, sip:, sips:; ringside: shows what it would set",
        ),
        starts: true,
    },
    Command {
        verb: Verb::Show,
        name: "show",
        argument: Some(Argument {
            name: both("СТРАНИЦА", "PAGE"),
            needed: false,
            several: false,
            takes: Takes::Page,
        }),
        what: both("показать окно", "show the window"),
        starts: true,
    },
    Command {
        verb: Verb::OpenCase,
        name: "open-case",
        argument: Some(Argument {
            name: both("НОМЕР", "NUMBER"),
            needed: true,
            several: false,
            takes: Takes::Text,
        }),
        what: both("открыть обращение, например 664-245651", "open a case, such as 664-245651"),
        starts: true,
    },
    Command {
        verb: Verb::Pause,
        name: "pause",
        argument: Some(Argument {
            name: both("СРОК", "LENGTH"),
            needed: false,
            several: false,
            takes: Takes::Length,
        }),
        what: both(
            "не показывать карточки; без срока — пока не включите",
            "pause popups; without a length until you resume them",
        ),
        starts: false,
    },
    Command {
        verb: Verb::Status,
        name: "status",
        argument: None,
        what: both("сказать, как работает запущенная программа", "say how the running program stands"),
        starts: false,
    },
    Command {
        verb: Verb::ExportDiagnostics,
        name: "export-diagnostics",
        argument: Some(Argument {
            name: both("ФАЙЛ", "FILE"),
            needed: true,
            several: false,
            takes: Takes::File,
        }),
        what: both(
            "записать для поддержки состояние и журнал, без личных данных; - значит: на экран",
            "write state and log for who helps, without personal data; - prints it",
        ),
        starts: false,
    },
];

/// What a flag says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    /// Start unseen.
    Hidden,
    /// The answer for programs.
    Json,
    /// Write over what is there.
    Force,
    /// What is selected on the desktop.
    Selection,
    /// What there is.
    Help,
    /// Which version.
    Version,
}

/// A flag.
#[derive(Debug, Clone, Copy)]
pub struct Flag {
    /// What it says.
    pub say: Say,
    /// Its long name, without dashes.
    pub long: &'static str,
    /// Its short one.
    pub short: Option<char>,
    /// The one command that takes it; none: the program does.
    pub of: Option<Verb>,
    /// It stands where that command has its argument otherwise.
    pub instead: bool,
    /// In a few words.
    pub what: Both,
}

impl Flag {
    /// By either name, with its dashes.
    pub fn named(text: &str) -> Option<&'static Self> {
        FLAGS.iter().find(|flag| {
            let short = text.strip_prefix('-').map(str::chars);
            text.strip_prefix("--") == Some(flag.long)
                || short.is_some_and(|mut short| short.next().is_some_and(|c| flag.short == Some(c)) && short.next().is_none())
        })
    }

    /// As it is written.
    pub fn usage(&self) -> String {
        match self.short {
            Some(short) => format!("-{short}, --{}", self.long),
            None => format!("--{}", self.long),
        }
    }
}

/// All flags, in the order of the lists.
pub const FLAGS: [Flag; 6] = [
    Flag {
        say: Say::Hidden,
        long: "hidden",
        short: None,
        of: None,
        instead: false,
        what: both(
            "запустить, не показывая окно (для автозапуска)",
            "start without showing the window (at login)",
        ),
    },
    Flag {
        say: Say::Help,
        long: "help",
        short: Some('h'),
        of: None,
        instead: false,
        what: both("показать эту справку", "show this help"),
    },
    Flag {
        say: Say::Version,
        long: "version",
        short: Some('V'),
        of: None,
        instead: false,
        what: both("показать версию", "show the version"),
    },
    Flag {
        say: Say::Selection,
        long: "selection",
        short: None,
        of: Some(Verb::Dial),
        instead: true,
        what: both("номер из выделенного текста", "the number in the selected text"),
    },
    Flag {
        say: Say::Json,
        long: "json",
        short: None,
        of: Some(Verb::Status),
        instead: false,
        what: both("ответ одной строкой для программ", "the answer on one line, for programs"),
    },
    Flag {
        say: Say::Force,
        long: "force",
        short: None,
        of: Some(Verb::ExportDiagnostics),
        instead: false,
        what: both("записать поверх файла, если он есть", "write over the file if there is one"),
    },
];

/// The statuses that the program ends with.
pub const STATUSES: [(u8, Both); 8] = [
    (0, both("сделано", "done")),
    (
        code::FAILED,
        both(
            "не запустилась, не отвечает или пауза не сохранена на диске",
            "it did not start, does not answer, or the disk did not keep the pause",
        ),
    ),
    (code::MISUSED, both("неверные параметры", "the arguments cannot be read")),
    (
        code::NOT_RUNNING,
        both(
            "не запущена (status, pause, export-diagnostics)",
            "it is not running (status, pause, export-diagnostics)",
        ),
    ),
    (
        code::NO_NUMBER,
        both("нет номера, который можно набрать", "there is no number that can be dialled"),
    ),
    (
        code::NO_CASE,
        both(
            "нет такого обращения, или Омнидеск не ответил",
            "there is no such case, or Omnidesk did not tell",
        ),
    ),
    (
        code::NOT_WRITTEN,
        both("файл или ответ не записан", "the file, or the answer, was not written"),
    ),
    (
        code::NO_SET_UP,
        both(
            "ссылка ringside: не может настроить программу",
            "the ringside: link cannot set the program up",
        ),
    ),
];

/// What the environment says.
pub const VARIABLES: [(&str, Both); 3] = [
    ("RINGSIDE_DATA_DIR", both("папка данных и журналов", "the folder of data and logs")),
    ("RINGSIDE_SETUP", both("файл настроек организации", "the office's settings file")),
    (
        "RINGSIDE_LOG",
        both(
            "подробность журнала: info (обычно), debug",
            "how much is logged: info (usual), debug",
        ),
    ),
];
