//! What shells offer at the tab key. What is explained is in the language in which the program speaks there.

use super::super::table::{COMMANDS, Command, FLAGS, Flag, Takes};
use crate::tray::Language;

const MADE: &str = "# Made of the program's table of its command line (src-tauri/src/arguments/table.rs); not to be changed by hand.\n";

/// Commands that have a word.
fn named() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().filter(|command| !command.name.is_empty())
}

/// The flags of a command, or those of the program.
fn flags_of(command: Option<&Command>) -> impl Iterator<Item = &'static Flag> {
    let of = command.map(|command| command.verb);
    FLAGS.iter().filter(move |flag| flag.of == of)
}

fn long(flag: &Flag) -> String {
    format!("--{}", flag.long)
}

fn takes(command: &Command) -> Option<Takes> {
    command.argument.map(|argument| argument.takes)
}

/// For bash.
pub fn bash() -> String {
    let first: Vec<_> = named().map(|command| command.name).collect();
    let own: Vec<_> = flags_of(None).map(long).collect();
    let cases: String = named()
        .filter_map(|command| {
            let words = takes(command).map(Takes::words).unwrap_or_default().join(" ");
            let flags = |instead: bool| {
                let flags = flags_of(Some(command)).filter(|flag| flag.instead == instead);
                flags.map(long).collect::<Vec<_>>().join(" ")
            };
            let file = takes(command) == Some(Takes::File);
            let parts = [
                ("words", words),
                ("flags", flags(false)),
                ("instead", flags(true)),
                ("files", if file { "yes".into() } else { String::new() }),
            ];
            let set: Vec<_> = parts
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| format!("{name}='{value}'"))
                .collect();
            (!set.is_empty()).then(|| format!("        {}) {} ;;\n", command.name, set.join(" ")))
        })
        .collect();
    format!(
        r#"{MADE}
_ringside() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} words= flags= instead= files= command= argument= given= part
    for part in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case $part in
            -?*) given+=" $part " ;;
            *) if [[ -z $command ]]; then command=$part; else argument=$part; fi ;;
        esac
    done
    COMPREPLY=()
    case $command in
        '') words='{first}' flags='{own}' ;;
{cases}    esac
    [[ -z $argument ]] || words= files= instead=
    if [[ $word == -* || -z $words$files ]]; then
        words= files=
        for part in $flags $instead; do
            [[ $given == *" $part "* ]] || words+=" $part"
        done
    fi
    if [[ -n $files ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    fi
}}
complete -F _ringside ringside
"#,
        first = first.join(" "),
        own = own.join(" "),
    )
}

/// For zsh.
pub fn zsh() -> String {
    let texts = |language| {
        let commands: String = named()
            .map(|command| format!("      {}\n", quoted(&format!("{}:{}", command.name, command.what.of(language)))))
            .collect();
        let flags: String = flags_of(None).map(|flag| format!("      {}\n", zsh_flag(flag, language))).collect();
        let cases: String = named().filter_map(|command| zsh_case(command, language)).collect();
        format!("    commands=(\n{commands}    )\n    flags=(\n{flags}    )\n    case $words[1] in\n{cases}    esac\n")
    };
    let (english, russian) = (texts(Language::English), texts(Language::Russian));
    format!(
        r#"#compdef ringside
{MADE}
_ringside() {{
  local -a commands flags behind
  local context state state_descr line
  typeset -A opt_args
  _ringside_texts
  _arguments -C $flags '1: :->command' '*:: :->behind' && return
  case $state in
    command) _describe ringside commands ;;
    behind)
      _ringside_texts
      _arguments $behind
      ;;
  esac
}}

_ringside_texts() {{
  behind=()
  if [[ ${{LC_ALL:-${{LC_MESSAGES:-$LANG}}}} == en* ]]; then
{english}  else
{russian}  fi
}}

_ringside "$@"
"#
    )
}

fn zsh_case(command: &Command, language: Language) -> Option<String> {
    let argument = command.argument.and_then(|argument| {
        let name = argument.name.of(language);
        match argument.takes {
            Takes::Text => None,
            Takes::File => Some(quoted(&format!("1:{name}:_files"))),
            Takes::Page | Takes::Length => Some(quoted(&format!("1:{name}:({})", argument.takes.words().join(" ")))),
        }
    });
    let flags = flags_of(Some(command)).map(|flag| zsh_flag(flag, language));
    let parts: Vec<_> = flags.chain(argument).collect();
    (!parts.is_empty()).then(|| format!("      {}) behind=({}) ;;\n", command.name, parts.join(" ")))
}

/// A flag with what it says; brackets part the two.
fn zsh_flag(flag: &Flag, language: Language) -> String {
    let what = flag.what.of(language);
    match flag.short {
        Some(short) => format!("'(- *)'{{-{short},--{}}}{}", flag.long, quoted(&format!("[{what}]"))),
        None => quoted(&format!("--{}[{what}]", flag.long)),
    }
}

/// For fish.
pub fn fish() -> String {
    let texts = |language: Language| {
        let commands = named().map(|command| {
            let what = quoted(command.what.of(language));
            format!("    complete -c ringside -n __fish_use_subcommand -a {} -d {what}\n", command.name)
        });
        let flags = FLAGS.iter().map(|flag| {
            let of = COMMANDS.iter().find(|command| flag.of == Some(command.verb));
            let place = of.map_or_else(
                || "__fish_use_subcommand".to_owned(),
                |command| quoted(&format!("__fish_seen_subcommand_from {}", command.name)),
            );
            let short = flag.short.map(|short| format!(" -s {short}")).unwrap_or_default();
            let what = quoted(flag.what.of(language));
            format!("    complete -c ringside -n {place}{short} -l {} -d {what}\n", flag.long)
        });
        commands.chain(flags).collect::<String>()
    };
    let arguments: String = named()
        .filter_map(|command| {
            let seen = quoted(&format!("__fish_seen_subcommand_from {}", command.name));
            let takes = takes(command)?;
            match takes {
                Takes::Text => None,
                Takes::File => Some(format!("complete -c ringside -n {seen} -F\n")),
                Takes::Page | Takes::Length => Some(format!("complete -c ringside -n {seen} -a {}\n", quoted(&takes.words().join(" ")))),
            }
        })
        .collect();
    let (english, russian) = (texts(Language::English), texts(Language::Russian));
    format!(
        "{MADE}
complete -c ringside -f
{arguments}
set -l language (string match -v '' -- $LC_ALL $LC_MESSAGES $LANG)
if string match -q 'en*' -- \"$language[1]\"
{english}else
{russian}end
"
    )
}

/// In single quotes, in which a shell changes nothing.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
