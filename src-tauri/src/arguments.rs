//! What the command line says: read before anything else is touched, so that a question is answered in the terminal,
//! without a window, a display or the data folder, and a program that runs already hears nothing of it. What there is to say
//! stands in one [`table`].

mod help;
mod table;

use crate::asking::{Question, To};
use crate::order::{Order, Page, Pausing, code};
use crate::tray::Language;
use calls::is_phone_link;
use engine::Enrolment;
use engine::view::PauseFor;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use table::{Command, Flag, LENGTHS, Say, Verb};

/// As much of an argument that is not known is said again, characters.
const SAID: usize = 60;
/// The longest pause that can be said, minutes: a week, as everywhere.
const LONGEST_PAUSE: u32 = 7 * 24 * 60;

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
    /// Something of the program that runs; nothing is started for it.
    Question(Question),
    /// A text on stdout, and nothing else.
    Answer(String),
    /// What cannot be done: a text on stderr, and this status.
    Refused(String, u8),
}

/// Reads the arguments, without the program's own name. The first question decides; whatever is not known, a typing error
/// perhaps, is said and not passed over.
pub fn read(arguments: impl IntoIterator<Item = OsString>, language: Language) -> Asked {
    let mut flags: Vec<&Flag> = Vec::new();
    let mut words: Vec<OsString> = Vec::new();
    for argument in arguments {
        let text = argument.to_string_lossy();
        // Finder tells its own number of the process so.
        if cfg!(target_os = "macos") && text.starts_with("-psn_") {
            continue;
        }
        match Flag::named(&text) {
            Some(flag) if flag.say == Say::Help => return Asked::Answer(help::help(language)),
            Some(flag) if flag.say == Say::Version => {
                return Asked::Answer(format!("ringside {}\n", env!("CARGO_PKG_VERSION")));
            }
            Some(flag) => flags.push(flag),
            // A dash alone may stand for the terminal.
            None if text.starts_with('-') && text != "-" => return unknown(&argument, language),
            None => words.push(argument),
        }
    }
    match command(&words, &flags, language) {
        Ok(asked) | Err(asked) => asked,
    }
}

/// What the words without dashes ask for, where the flags fit them.
fn command(words: &[OsString], flags: &[&Flag], language: Language) -> Result<Asked, Asked> {
    let text = |word: &OsString| word.to_string_lossy().into_owned();
    let said = |say: Say| flags.iter().any(|flag| flag.say == say);
    let program = |order| Asked::Program {
        hidden: said(Say::Hidden),
        order,
    };
    let Some(first) = words.first() else {
        fit(flags, None, language)?;
        return Ok(program(Order::Show(None)));
    };
    // Clicked somewhere on the desktop: a window says it where there is no number in it.
    if let Some(order) = of_link(&text(first)) {
        fit(flags, Some(Verb::Link), language)?;
        let more = words.get(1);
        return more.map_or_else(|| Ok(program(order)), |more| Err(unknown(more, language)));
    }
    let command = Command::named(&text(first)).ok_or_else(|| unknown(first, language))?;
    let argument = words.get(1);
    let has_flag_instead = flags.iter().any(|flag| flag.instead);
    let most = match command.argument {
        Some(argument) if !has_flag_instead => {
            if argument.several {
                usize::MAX
            } else {
                2
            }
        }
        Some(_) | None => 1,
    };
    if let Some(more) = words.get(most) {
        return Err(unknown(more, language));
    }
    if argument.is_none() && !has_flag_instead && command.argument.is_some_and(|argument| argument.needed) {
        return Err(without(command, language));
    }
    fit(flags, Some(command.verb), language)?;
    let said_too = argument.map(text);
    Ok(match command.verb {
        Verb::Dial if said(Say::Selection) => program(Order::DialSelection),
        // A number may come in several words.
        Verb::Dial | Verb::Link => match Order::dial(&words[1..].iter().map(text).collect::<Vec<_>>().join(" ")) {
            Order::Dial(None) => return Err(no_number(language)),
            order => program(order),
        },
        Verb::Show => match said_too.as_deref().map(Page::named) {
            None => program(Order::Show(None)),
            Some(Some(page)) => program(Order::Show(Some(page))),
            Some(None) => return Err(unknown(&words[1], language)),
        },
        Verb::OpenCase => program(Order::open_case(&said_too.unwrap_or_default()).ok_or_else(|| unknown(&words[1], language))?),
        Verb::Pause => {
            let length = said_too.as_deref().unwrap_or("on");
            Asked::Question(Question::Pause(pausing(length).ok_or_else(|| no_length(length, language))?))
        }
        Verb::Status => Asked::Question(Question::Status { json: said(Say::Json) }),
        Verb::ExportDiagnostics => Asked::Question(Question::Diagnostics {
            to: match argument {
                Some(file) if file != "-" => To::File(file.into()),
                _ => To::Terminal,
            },
            force: said(Say::Force),
        }),
    })
}

/// What a link asks for, where a word is one.
fn of_link(word: &str) -> Option<Order> {
    match word {
        link if is_phone_link(link) => Some(Order::dial(link)),
        link if Enrolment::is_meant(link) => Some(Order::set_up(link)),
        _ => None,
    }
}

/// Whether each flag may stand beside this command.
fn fit(flags: &[&Flag], verb: Option<Verb>, language: Language) -> Result<(), Asked> {
    let starts = |verb: Verb| table::COMMANDS.iter().any(|command| command.verb == verb && command.starts);
    let fits = |flag: &&&Flag| match flag.of {
        Some(of) => verb == Some(of),
        None => verb.is_none_or(starts),
    };
    match flags.iter().find(|flag| !fits(flag)) {
        None => Ok(()),
        Some(flag) => Err(unknown(&format!("--{}", flag.long).into(), language)),
    }
}

/// How long, as it is said: whole minutes or hours, a week at most, and the words.
fn pausing(length: &str) -> Option<Pausing> {
    match length {
        "on" => return Some(Pausing::Begin(PauseFor::UntilSaid)),
        "off" => return Some(Pausing::End),
        "tomorrow" => return Some(Pausing::Begin(PauseFor::Tomorrow)),
        _ => {}
    }
    let (count, minutes) = match (length.strip_suffix('m'), length.strip_suffix('h')) {
        (Some(count), _) => (count, 1),
        (None, Some(count)) => (count, 60),
        (None, None) => return None,
    };
    // `+5` would be read, too.
    let plain = count.bytes().all(|byte| byte.is_ascii_digit());
    let count: u32 = count.parse().ok().filter(|_| plain)?;
    let minutes = count.checked_mul(minutes)?;
    (1..=LONGEST_PAUSE)
        .contains(&minutes)
        .then_some(Pausing::Begin(PauseFor::Minutes { minutes }))
}

/// Says an answer.
pub fn answer(text: &str, language: Language) -> ExitCode {
    answer_to(&mut std::io::stdout().lock(), text, language)
}

/// Nobody may be reading any more (`| head -1`), which is no failure; a full disk is one.
fn answer_to(out: &mut impl Write, text: &str, language: Language) -> ExitCode {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => refuse(
            match language {
                Language::Russian => "ringside: ответ записать не удалось: проверьте, есть ли место на диске\n",
                Language::English => "ringside: the answer could not be written: look whether the disk is full\n",
            },
            code::NOT_WRITTEN,
        ),
        Ok(()) | Err(_) => ExitCode::SUCCESS,
    }
}

/// Says what cannot be done.
pub fn refuse(text: &str, code: u8) -> ExitCode {
    complain(text);
    ExitCode::from(code)
}

/// Says something on stderr. Where that cannot be written, there is nobody to say it to.
pub fn complain(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// As it was said, short and quoted: nothing that it holds may move the terminal's cursor or colour it.
pub fn quoted(argument: &impl std::fmt::Debug) -> String {
    let quoted = format!("{argument:?}");
    let mut said: String = quoted.chars().take(SAID).collect();
    if said.len() < quoted.len() {
        said.push('…');
    }
    said
}

fn unknown(argument: &OsString, language: Language) -> Asked {
    let said = quoted(argument);
    let text = match language {
        Language::Russian => format!("ringside: неизвестный параметр {said}\nСписок параметров: ringside --help\n"),
        Language::English => format!("ringside: unknown argument {said}\nringside --help lists them\n"),
    };
    Asked::Refused(text, code::MISUSED)
}

fn without(command: &Command, language: Language) -> Asked {
    let (name, usage) = (command.name, command.usage(language));
    let text = match language {
        Language::Russian => format!("ringside: после {name} чего-то не хватает: ringside {usage}\nСписок параметров: ringside --help\n"),
        Language::English => format!("ringside: {name} needs more: ringside {usage}\nringside --help lists them\n"),
    };
    Asked::Refused(text, code::MISUSED)
}

fn no_length(length: &str, language: Language) -> Asked {
    let (said, words) = (quoted(&length), LENGTHS.join(", "));
    let text = match language {
        Language::Russian => format!("ringside: непонятно, на сколько: {said}\nМожно так: {words}; не дольше недели\n"),
        Language::English => format!("ringside: for how long is not clear: {said}\nSay {words}; a week at most\n"),
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

/// What is said where the program that runs does not answer.
pub fn no_answer(language: Language) -> ExitCode {
    let text = match language {
        Language::Russian => "ringside: запущенная программа не отвечает\n",
        Language::English => "ringside: the running program does not answer\n",
    };
    refuse(text, code::FAILED)
}

#[cfg(test)]
mod packaged;
#[cfg(test)]
mod tests;
