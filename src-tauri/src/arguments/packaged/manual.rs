//! The man page.

use super::super::table::{ABOUT, COMMANDS, Command, FLAGS, Flag, STATUSES, VARIABLES};
use crate::tray::Language;

/// The whole page, for `man`.
pub fn page(language: Language) -> String {
    let say = |ru: &'static str, en: &'static str| match language {
        Language::Russian => ru,
        Language::English => en,
    };
    let mut page = String::from("'\\\" -*- coding: UTF-8 -*-\n.TH RINGSIDE 1 \"\" Ringside\n");
    page.push_str(&section(say("ИМЯ", "NAME")));
    page.push_str(&format!("ringside \\- {}\n", plain(ABOUT.of(language))));
    page.push_str(&section(say("ЗАПУСК", "SYNOPSIS")));
    page.push_str(&format!(".B ringside\n[{}]\n.br\n", say("ПАРАМЕТР", "OPTION")));
    page.push_str(&format!(".B ringside\n{}\n", say("КОМАНДА", "COMMAND")));
    page.push_str(&section(say("КОМАНДЫ", "COMMANDS")));
    page.push_str(say(
        "Если Ringside не запущен, они его запустят; если запущен, он их и выполнит.\n",
        "Where Ringside does not run, these start it; where it does, it carries them out.\n",
    ));
    page.push_str(&commands(true, language));
    page.push_str(".PP\n");
    page.push_str(say(
        "Эти спрашивают запущенную программу и ничего не запускают.\n",
        "These ask the running program, and start nothing.\n",
    ));
    page.push_str(&commands(false, language));
    page.push_str(&section(say("ПАРАМЕТРЫ", "OPTIONS")));
    page.extend(FLAGS.iter().map(|flag| row(&flag_named(flag, language), flag.what.of(language))));
    page.push_str(&section(say("КОД ЗАВЕРШЕНИЯ", "EXIT STATUS")));
    page.extend(
        STATUSES
            .iter()
            .map(|(status, what)| row(&bold(&status.to_string()), what.of(language))),
    );
    page.push_str(&section(say("ПЕРЕМЕННЫЕ ОКРУЖЕНИЯ", "ENVIRONMENT")));
    page.extend(VARIABLES.iter().map(|(name, what)| row(&bold(name), what.of(language))));
    page
}

fn commands(starts: bool, language: Language) -> String {
    let commands = COMMANDS.iter().filter(|command| command.starts == starts);
    commands
        .map(|command| row(&named(command, language), &command.told(language)))
        .collect()
}

/// A command as it is written: its own word to be typed as it stands, what follows to be put in its place.
fn named(command: &Command, language: Language) -> String {
    let usage = command.usage(language);
    let behind = usage.strip_prefix(command.name).unwrap_or(&usage).trim_start();
    let parts = [
        (!command.name.is_empty()).then(|| bold(command.name)),
        (!behind.is_empty()).then(|| italic(behind)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// A flag, with the command that it belongs to.
fn flag_named(flag: &Flag, language: Language) -> String {
    let of = COMMANDS.iter().find(|command| flag.of == Some(command.verb));
    let of = of.map(|command| match language {
        Language::Russian => format!(" (для {})", bold(command.name)),
        Language::English => format!(" (of {})", bold(command.name)),
    });
    bold(&flag.usage()) + &of.unwrap_or_default()
}

fn section(title: &str) -> String {
    format!(".SH {title}\n")
}

fn row(name: &str, what: &str) -> String {
    format!(".TP\n{name}\n{}\n", plain(what))
}

fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", plain(text))
}

fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", plain(text))
}

/// As it is read: dashes are what is typed, and nothing is an order to the typesetter.
fn plain(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) {
        format!("\\&{text}")
    } else {
        text
    }
}
