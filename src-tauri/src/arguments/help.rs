//! `--help`, made of the table.

use super::table::{ABOUT, COMMANDS, FLAGS, STATUSES, VARIABLES};
use crate::tray::Language;

/// The whole text.
pub fn help(language: Language) -> String {
    let say = |ru: &'static str, en: &'static str| match language {
        Language::Russian => ru,
        Language::English => en,
    };
    let flags: Vec<_> = FLAGS
        .iter()
        .filter(|flag| flag.of.is_none())
        .map(|flag| (flag.usage(), flag.what.of(language).to_owned()))
        .collect();
    let commands = |starts: bool| -> Vec<_> {
        let commands = COMMANDS.iter().filter(|command| command.starts == starts);
        commands.map(|command| (command.usage(language), command.told(language))).collect()
    };
    let statuses: Vec<_> = STATUSES
        .iter()
        .map(|(status, what)| (status.to_string(), what.of(language).to_owned()))
        .collect();
    let variables: Vec<_> = VARIABLES
        .iter()
        .map(|(name, what)| ((*name).to_owned(), what.of(language).to_owned()))
        .collect();
    let usage = say(
        "Запуск: ringside [ПАРАМЕТР]\n        ringside КОМАНДА\n",
        "Usage: ringside [OPTION]\n       ringside COMMAND\n",
    );
    let parts = [
        format!("Ringside: {}\n", ABOUT.of(language)),
        format!("{usage}\n{}", rows(&flags)),
        format!(
            "{}\n{}",
            say(
                "Команды; если Ringside не запущен, они его запустят:",
                "Commands; where Ringside does not run, they start it:"
            ),
            rows(&commands(true))
        ),
        format!(
            "{}\n{}",
            say("Команды запущенной программе:", "Commands to the running program:"),
            rows(&commands(false))
        ),
        format!("{}\n{}", say("Код завершения:", "Exit status:"), rows(&statuses)),
        say(
            "Если Ringside уже запущен, без параметров откроется его окно.\n",
            "If Ringside runs already, starting it without options opens its window.\n",
        )
        .to_owned(),
        format!("{}\n{}", say("Переменные окружения:", "Environment:"), rows(&variables)),
    ];
    parts.join("\n")
}

/// One below the other, what they mean in a column; behind a long one, on a line of its own.
fn rows(rows: &[(String, String)]) -> String {
    const WIDEST: usize = 20;
    let width = |text: &String| text.chars().count();
    let widest = rows.iter().map(|(name, _)| width(name)).filter(|width| *width <= WIDEST).max();
    let widest = widest.unwrap_or(WIDEST);
    let row = |(name, what): &(String, String)| match width(name) > widest {
        true => format!("  {name}\n  {:widest$}  {what}\n", ""),
        false => format!("  {name:widest$}  {what}\n"),
    };
    rows.iter().map(row).collect()
}
