//! What the command line says: read before anything else is touched, so that a question is answered in the terminal,
//! without a window, a display or the data folder, and a program that runs already hears nothing of it.

use crate::tray::Language;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// The status of a command line that cannot be read, as usual on Unix.
const MISUSED: u8 = 2;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The program itself.
    Program {
        /// Without showing the workspace, as at login.
        hidden: bool,
    },
    /// A text on stdout, and nothing else.
    Answer(String),
    /// An argument that there is not: a text on stderr, and nothing else.
    Unknown(String),
}

/// Reads the arguments, without the program's own name. The first question decides; whatever is not known, a typing error
/// perhaps, is said and not passed over.
pub fn read(arguments: impl IntoIterator<Item = OsString>, language: Language) -> Asked {
    let mut hidden = false;
    for argument in arguments {
        match argument.to_str() {
            Some("--hidden") => hidden = true,
            Some("--help" | "-h") => return Asked::Answer(help(language)),
            Some("--version" | "-V") => return Asked::Answer(format!("ringside {}\n", env!("CARGO_PKG_VERSION"))),
            // Finder tells its own number of the process so.
            Some(text) if cfg!(target_os = "macos") && text.starts_with("-psn_") => {}
            // Quoted: nothing that it holds may move the terminal's cursor or colour it.
            Some(_) | None => return Asked::Unknown(unknown(&format!("{argument:?}"), language)),
        }
    }
    Asked::Program { hidden }
}

/// Says an answer. Nobody may be reading any more (`| head -1`), which is no failure.
pub fn answer(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    ExitCode::SUCCESS
}

/// Says that the command line cannot be read.
pub fn refuse(text: &str) -> ExitCode {
    eprint!("{text}");
    ExitCode::from(MISUSED)
}

fn unknown(argument: &str, language: Language) -> String {
    match language {
        Language::Russian => format!("ringside: неизвестный параметр {argument}\nСписок параметров: ringside --help\n"),
        Language::English => format!("ringside: unknown argument {argument}\nringside --help lists them\n"),
    }
}

fn help(language: Language) -> String {
    let text = match language {
        Language::Russian => {
            "\
Ringside: помощник оператора при звонках

Запуск: ringside [ПАРАМЕТР]

  --hidden       запустить, не показывая окно (для автозапуска)
  -h, --help     показать эту справку
  -V, --version  показать версию

Если Ringside уже запущен, без параметров откроется его окно.

Переменные окружения:
  RINGSIDE_DATA_DIR  папка данных и журналов
  RINGSIDE_SETUP     файл настроек организации
  RINGSIDE_LOG       подробность журнала: info (обычно), debug
"
        }
        Language::English => {
            "\
Ringside: the call companion for support agents

Usage: ringside [OPTION]

  --hidden       start without showing the window (at login)
  -h, --help     show this help
  -V, --version  show the version

If Ringside runs already, starting it without options opens its window.

Environment:
  RINGSIDE_DATA_DIR  the folder of data and logs
  RINGSIDE_SETUP     the office's settings file
  RINGSIDE_LOG       how much is logged: info (usual), debug
"
        }
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Asked {
        read(line.split_whitespace().map(OsString::from), Language::English)
    }

    #[test]
    fn d1_a_start_is_what_it_was_and_a_question_is_no_start() {
        assert_eq!(asked(""), Asked::Program { hidden: false });
        assert_eq!(asked("--hidden"), Asked::Program { hidden: true });
        for question in ["--help", "-h", "--hidden --help", "--version", "-V", "--version --nonsense"] {
            assert!(matches!(asked(question), Asked::Answer(_)), "{question}");
        }
        let version = format!("ringside {}\n", env!("CARGO_PKG_VERSION"));
        assert_eq!(asked("--version"), Asked::Answer(version));
    }

    #[test]
    fn d1_what_is_not_known_is_said_in_either_language_and_never_moves_the_cursor() {
        for argument in [
            "--hiden",
            "-x",
            "file",
            "--hidden=1",
            "--",
            "",
            "--HELP",
            "tel:+79161234567",
            "\u{1b}[2J\n",
        ] {
            for language in [Language::Russian, Language::English] {
                let Asked::Unknown(text) = read([OsString::from("--hidden"), argument.into()], language) else {
                    panic!("{argument:?} was taken");
                };
                assert!(text.contains("--help") && text.starts_with("ringside: "), "{text}");
                assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
                assert_eq!(text.lines().count(), 2, "{text:?}");
            }
        }
    }

    #[test]
    #[cfg(unix)]
    fn d1_an_argument_that_is_no_text_is_unknown_too() {
        use std::os::unix::ffi::OsStringExt as _;
        let asked = read([OsString::from_vec(vec![b'-', 0xff])], Language::English);
        assert!(matches!(asked, Asked::Unknown(_)));
    }

    #[test]
    fn d1_both_languages_name_every_argument_and_variable() {
        for language in [Language::Russian, Language::English] {
            let text = help(language);
            for name in [
                "--hidden",
                "--help",
                "-h",
                "--version",
                "-V",
                "RINGSIDE_DATA_DIR",
                "RINGSIDE_SETUP",
                "RINGSIDE_LOG",
            ] {
                assert!(text.contains(name), "{name}");
            }
        }
    }
}
