//! What the command line says: read before anything else is touched, so that a question is answered in the terminal,
//! without a window, a display or the data folder, and a program that runs already hears nothing of it.

use crate::order::{Order, Page, code};
use crate::tray::Language;
use calls::is_phone_link;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// As much of an argument that is not known is said again, characters.
const SAID: usize = 60;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The program itself, or the one that runs already.
    Program {
        /// Without showing the workspace, as at login.
        hidden: bool,
        /// What it is to do.
        order: Order,
    },
    /// How the program stands that runs, if any.
    Status {
        /// For programs.
        json: bool,
    },
    /// A text on stdout, and nothing else.
    Answer(String),
    /// What cannot be done: a text on stderr, and this status.
    Refused(String, u8),
}

/// Reads the arguments, without the program's own name. The first question decides; whatever is not known, a typing error
/// perhaps, is said and not passed over.
pub fn read(arguments: impl IntoIterator<Item = OsString>, language: Language) -> Asked {
    let (mut hidden, mut json) = (false, false);
    let mut words: Vec<String> = Vec::new();
    for argument in arguments {
        match argument.to_str() {
            Some("--hidden") => hidden = true,
            Some("--json") => json = true,
            Some("--help" | "-h") => return Asked::Answer(help(language)),
            Some("--version" | "-V") => return Asked::Answer(format!("ringside {}\n", env!("CARGO_PKG_VERSION"))),
            // Finder tells its own number of the process so.
            Some(text) if cfg!(target_os = "macos") && text.starts_with("-psn_") => {}
            Some(text) if !text.starts_with('-') => words.push(text.to_owned()),
            Some(_) | None => return unknown(&argument, language),
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let order = match command(&words, language) {
        Ok(Some(order)) => order,
        Ok(None) => return Asked::Status { json },
        Err(refused) => return refused,
    };
    if json {
        return unknown(&"--json".into(), language);
    }
    Asked::Program { hidden, order }
}

/// The order that the words without dashes give; none for the question how the program stands.
fn command(words: &[&str], language: Language) -> Result<Option<Order>, Asked> {
    let order = match words {
        [] | ["show"] => Order::Show(None),
        ["status"] => return Ok(None),
        ["show", page] => match Page::named(page) {
            Some(page) => Order::Show(Some(page)),
            None => return Err(unknown(&page.into(), language)),
        },
        ["dial" | "open-case"] => return Err(without(words[0], language)),
        // A number may come in several words.
        ["dial", number @ ..] => match Order::dial(&number.join(" ")) {
            Order::Dial(None) => return Err(no_number(language)),
            order => order,
        },
        ["open-case", number] => Order::open_case(number).ok_or_else(|| unknown(&number.into(), language))?,
        // Clicked somewhere on the desktop: a window says it where there is no number in it.
        [link] if is_phone_link(link) => Order::dial(link),
        ["show" | "open-case", _, more, ..] | ["status", more, ..] => return Err(unknown(&more.into(), language)),
        [link, more, ..] if is_phone_link(link) => return Err(unknown(&more.into(), language)),
        [other, ..] => return Err(unknown(&other.into(), language)),
    };
    Ok(Some(order))
}

/// Says an answer. Nobody may be reading any more (`| head -1`), which is no failure.
pub fn answer(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    ExitCode::SUCCESS
}

/// Says what cannot be done.
pub fn refuse(text: &str, code: u8) -> ExitCode {
    eprint!("{text}");
    ExitCode::from(code)
}

/// Quoted: nothing that it holds may move the terminal's cursor or colour it.
fn unknown(argument: &OsString, language: Language) -> Asked {
    let quoted = format!("{argument:?}");
    let mut said: String = quoted.chars().take(SAID).collect();
    if said.len() < quoted.len() {
        said.push('…');
    }
    let text = match language {
        Language::Russian => format!("ringside: неизвестный параметр {said}\nСписок параметров: ringside --help\n"),
        Language::English => format!("ringside: unknown argument {said}\nringside --help lists them\n"),
    };
    Asked::Refused(text, code::MISUSED)
}

fn without(command: &str, language: Language) -> Asked {
    let text = match language {
        Language::Russian => format!("ringside: после {command} нужен номер\nСписок параметров: ringside --help\n"),
        Language::English => format!("ringside: {command} needs a number\nringside --help lists them\n"),
    };
    Asked::Refused(text, code::MISUSED)
}

/// What was given stays unsaid: it may be long, and anything.
fn no_number(language: Language) -> Asked {
    let text = match language {
        Language::Russian => "ringside: здесь нет номера, который можно набрать\n",
        Language::English => "ringside: there is no number here that can be dialled\n",
    };
    Asked::Refused(text.to_owned(), code::NO_NUMBER)
}

/// What `status` says where no program runs.
pub fn not_running(json: bool, language: Language) -> ExitCode {
    if json {
        answer("{\"running\":false}\n");
        return ExitCode::from(code::NOT_RUNNING);
    }
    let text = match language {
        Language::Russian => "Ringside не запущен\n",
        Language::English => "Ringside is not running\n",
    };
    refuse(text, code::NOT_RUNNING)
}

/// What is said where the program that runs does not answer.
pub fn no_answer(language: Language) -> ExitCode {
    let text = match language {
        Language::Russian => "ringside: запущенная программа не отвечает\n",
        Language::English => "ringside: the running program does not answer\n",
    };
    refuse(text, code::FAILED)
}

fn help(language: Language) -> String {
    let text = match language {
        Language::Russian => {
            "\
Ringside: помощник оператора при звонках

Запуск: ringside [ПАРАМЕТР]
        ringside КОМАНДА

  --hidden       запустить, не показывая окно (для автозапуска)
  -h, --help     показать эту справку
  -V, --version  показать версию

Команды; если Ringside не запущен, они его запустят:
  dial НОМЕР          открыть окно набора с этим номером; звонит только человек
  ССЫЛКА              то же по ссылке tel:, callto:, sip: или sips:
  show [СТРАНИЦА]     показать окно: calls, search, outbox, fields, settings
  open-case НОМЕР     открыть обращение, например 664-245651
  status [--json]     сказать, как работает запущенная программа (ничего не запускает)

Код завершения:
  0  сделано
  1  не запустилась или не отвечает
  2  неверные параметры
  3  не запущена (status)
  4  нет номера, который можно набрать
  5  нет такого обращения, или Омнидеск не ответил

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
       ringside COMMAND

  --hidden       start without showing the window (at login)
  -h, --help     show this help
  -V, --version  show the version

Commands; where Ringside does not run, they start it:
  dial NUMBER         open the dial window with this number; only a person calls
  LINK                the same by a link: tel:, callto:, sip: or sips:
  show [PAGE]         show the window: calls, search, outbox, fields, settings
  open-case NUMBER    open a case, such as 664-245651
  status [--json]     say how the running program stands (starts nothing)

Exit status:
  0  done
  1  it did not start, or does not answer
  2  the arguments cannot be read
  3  it is not running (status)
  4  there is no number that can be dialled
  5  there is no such case, or Omnidesk did not tell

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

    fn program(order: Order) -> Asked {
        Asked::Program { hidden: false, order }
    }

    #[test]
    fn d1_a_start_is_what_it_was_and_a_question_is_no_start() {
        assert_eq!(asked(""), program(Order::Show(None)));
        let hidden = Asked::Program {
            hidden: true,
            order: Order::Show(None),
        };
        assert_eq!(asked("--hidden"), hidden);
        for question in [
            "--help",
            "-h",
            "--hidden --help",
            "--version",
            "-V",
            "--version --nonsense",
            "dial --help",
        ] {
            assert!(matches!(asked(question), Asked::Answer(_)), "{question}");
        }
        let version = format!("ringside {}\n", env!("CARGO_PKG_VERSION"));
        assert_eq!(asked("--version"), Asked::Answer(version));
    }

    #[test]
    fn d2_commands_and_links_are_orders() {
        let dial = |keys: &str| program(Order::Dial(Some(keys.to_owned())));
        for (line, expected) in [
            ("dial +79161234567", dial("+79161234567")),
            ("dial 8 (916) 123-45-67", dial("89161234567")),
            ("dial tel:+7-495-123-45-67;ext=102", dial("+74951234567#102")),
            ("dial *21*101#", dial("*21*101#")),
            ("tel:+79161234567", dial("+79161234567")),
            ("TEL:%2B79161234567", dial("+79161234567")),
            ("sips:101@pbx.example", dial("101")),
            ("callto:101", dial("101")),
            ("tel:101@context", program(Order::Dial(None))),
            ("show", program(Order::Show(None))),
            ("show settings", program(Order::Show(Some(Page::Settings)))),
            ("open-case 664-245651", program(Order::OpenCase("664-245651".into()))),
            ("status", Asked::Status { json: false }),
            ("--json status", Asked::Status { json: true }),
        ] {
            assert_eq!(asked(line), expected, "{line}");
        }
    }

    #[test]
    fn d2_a_command_that_cannot_be_carried_out_is_refused_in_the_terminal() {
        for (line, status) in [
            ("dial", 2),
            ("dial Local/101@from-internal", 4),
            ("dial 101&102", 4),
            ("dial x", 4),
            ("show nothing", 2),
            ("show calls calls", 2),
            ("open-case", 2),
            ("open-case ../users", 2),
            ("open-case 664-245651 1", 2),
            ("status now", 2),
            ("show --json", 2),
            ("tel:101 tel:102", 2),
            ("mailto:a@b.example", 2),
            ("http://example.com", 2),
        ] {
            for language in [Language::Russian, Language::English] {
                let asked = read(line.split_whitespace().map(OsString::from), language);
                let Asked::Refused(text, code) = asked else {
                    panic!("{line}: {asked:?}")
                };
                assert_eq!(code, status, "{line}");
                assert!(text.starts_with("ringside: ") && text.ends_with('\n'), "{text}");
            }
        }
    }

    #[test]
    fn d1_what_is_not_known_is_said_in_either_language_and_never_moves_the_cursor() {
        let long = "x".repeat(1 << 20);
        for argument in ["--hiden", "-x", "file", "--hidden=1", "--", "-", "", "--HELP", "\u{1b}[2J\n", &long] {
            for language in [Language::Russian, Language::English] {
                let Asked::Refused(text, 2) = read([OsString::from("--hidden"), argument.into()], language) else {
                    panic!("{argument:?} was taken");
                };
                assert!(text.contains("--help") && text.starts_with("ringside: "), "{text}");
                assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
                assert!(text.lines().count() == 2 && text.chars().count() < 200, "{text:?}");
            }
        }
    }

    #[test]
    #[cfg(unix)]
    fn d1_an_argument_that_is_no_text_is_unknown_too() {
        use std::os::unix::ffi::OsStringExt as _;
        let asked = read([OsString::from_vec(vec![b'-', 0xff])], Language::English);
        assert!(matches!(asked, Asked::Refused(_, 2)));
    }

    #[test]
    fn d1_both_languages_name_every_argument_and_variable() {
        for language in [Language::Russian, Language::English] {
            let text = help(language);
            let pages = Page::NAMED.map(|(name, _)| name);
            let names = [
                "--hidden",
                "--help",
                "-h",
                "--version",
                "-V",
                "dial ",
                "tel:",
                "callto:",
                "sip:",
                "sips:",
                "show [",
                "open-case ",
                "status [--json]",
                "RINGSIDE_DATA_DIR",
                "RINGSIDE_SETUP",
                "RINGSIDE_LOG",
            ];
            for name in names.iter().chain(&pages) {
                assert!(text.contains(name), "{name}");
            }
            for code in [0, code::FAILED, code::MISUSED, code::NOT_RUNNING, code::NO_NUMBER, code::NO_CASE] {
                assert!(text.contains(&format!("\n  {code}  ")), "{code}");
            }
        }
    }
}
