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
        ("dial --selection", program(Order::DialSelection)),
        ("--selection dial", program(Order::DialSelection)),
        ("tel:+79161234567", dial("+79161234567")),
        ("TEL:%2B79161234567", dial("+79161234567")),
        ("sips:101@pbx.example", dial("101")),
        ("callto:101", dial("101")),
        ("tel:101@context", program(Order::Dial(None))),
        (
            "ringside://setup?v=1&extension=204",
            program(Order::set_up("ringside://setup?v=1&extension=204")),
        ),
        ("RINGSIDE:x", program(Order::set_up("ringside:"))),
        ("show", program(Order::Show(None))),
        ("show settings", program(Order::Show(Some(Page::Settings)))),
        ("open-case 664-245651", program(Order::OpenCase("664-245651".into()))),
        ("status", Asked::Question(Question::Status { json: false })),
        ("--json status", Asked::Question(Question::Status { json: true })),
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
        ("--selection", 2),
        ("dial --selection 101", 2),
        ("show --selection", 2),
        ("show calls --selection", 2),
        ("dial --selection --json", 2),
        ("tel:101 --selection", 2),
        ("show calls calls", 2),
        ("open-case", 2),
        ("open-case ../users", 2),
        ("open-case 664-245651 1", 2),
        ("status now", 2),
        ("show --json", 2),
        ("status --hidden", 2),
        ("status --force", 2),
        ("pause --json", 2),
        ("export-diagnostics", 2),
        ("export-diagnostics a b", 2),
        ("export-diagnostics --json a", 2),
        ("dial 101 --force", 2),
        ("tel:101 tel:102", 2),
        ("ringside://setup?v=1 more", 2),
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
fn d1_a_pause_is_as_long_as_was_said_and_nothing_else_is_a_length() {
    let minutes = |minutes| Some(Pausing::Begin(PauseFor::Minutes { minutes }));
    for (said, expected) in [
        ("30m", minutes(30)),
        ("2h", minutes(120)),
        ("1m", minutes(1)),
        ("168h", minutes(10_080)),
        ("10080m", minutes(10_080)),
        ("tomorrow", Some(Pausing::Begin(PauseFor::Tomorrow))),
        ("on", Some(Pausing::Begin(PauseFor::UntilSaid))),
        ("off", Some(Pausing::End)),
    ] {
        assert_eq!(pausing(said), expected, "{said}");
    }
    for said in [
        "",
        "m",
        "h",
        "0m",
        "0h",
        "30",
        "30 m",
        "-5m",
        "+5m",
        "1.5h",
        "30M",
        "2H",
        "1d",
        "90s",
        "1h30m",
        "169h",
        "10081m",
        "4294967296m",
        "99999999999999999999h",
        "Tomorrow",
        "OFF",
        "٣٠m",
        "30m\n",
    ] {
        assert_eq!(pausing(said), None, "{said}");
        for language in [Language::Russian, Language::English] {
            let Asked::Refused(text, 2) = read(["pause".into(), said.into()], language) else {
                panic!("{said:?} was taken");
            };
            let how = if said.starts_with('-') { "--help" } else { "30m" };
            assert!(text.contains(how) && text.lines().count() == 2, "{text}");
        }
    }
    assert_eq!(asked("pause"), asked("pause on"), "without a length it is until somebody says so");
    for hostile in hostile::texts() {
        assert!(
            matches!(read(["pause".into(), hostile.text.into()], Language::English), Asked::Refused(_, 2)),
            "{}",
            hostile.name
        );
    }
}

#[test]
fn d1_diagnostics_go_to_a_file_of_any_name_or_to_the_terminal() {
    let to = |to, force| Asked::Question(Question::Diagnostics { to, force });
    assert_eq!(asked("export-diagnostics a.txt"), to(To::File("a.txt".into()), false));
    assert_eq!(asked("export-diagnostics --force a.txt"), to(To::File("a.txt".into()), true));
    assert_eq!(asked("export-diagnostics -"), to(To::Terminal, false));
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        let name = OsString::from_vec(vec![b'a', 0xff]);
        let asked = read(["export-diagnostics".into(), name.clone()], Language::English);
        assert_eq!(asked, to(To::File(name.into()), false));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn d1_an_answer_that_cannot_be_written_is_no_answer_and_one_that_nobody_reads_on_is() {
    for language in [Language::Russian, Language::English] {
        let mut full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        assert_eq!(answer_to(&mut full, "x\n", language), ExitCode::from(code::NOT_WRITTEN));
        let (reader, mut nobody) = std::io::pipe().unwrap();
        drop(reader);
        assert_eq!(answer_to(&mut nobody, "x\n", language), ExitCode::SUCCESS);
        assert_eq!(answer_to(&mut Vec::new(), "x\n", language), ExitCode::SUCCESS);
    }
}

#[test]
fn d1_both_languages_name_all_that_the_table_has_and_fit_a_terminal() {
    for language in [Language::Russian, Language::English] {
        let text = help::help(language);
        let words = table::COMMANDS
            .iter()
            .filter_map(|command| command.argument)
            .flat_map(|argument| argument.takes.words());
        let names = table::COMMANDS.iter().map(|command| command.usage(language));
        let flags = table::FLAGS.iter().map(|flag| match flag.of {
            Some(_) => format!("--{}", flag.long),
            None => flag.usage(),
        });
        let variables = table::VARIABLES.iter().map(|(name, _)| (*name).to_owned());
        for name in words.map(str::to_owned).chain(names).chain(flags).chain(variables) {
            assert!(text.contains(&name), "{name}");
        }
        for link in ["tel:", "callto:", "sip:", "sips:", "ringside:"] {
            assert!(text.contains(link), "{link}");
        }
        for (status, what) in table::STATUSES {
            assert!(text.contains(&format!("\n  {status}  {}\n", what.of(language))), "{status}");
        }
        for line in text.lines() {
            assert!(line.chars().count() <= 110, "{line}");
        }
    }
}

#[test]
fn d1_each_command_of_the_table_is_read_and_each_flag_belongs_to_something() {
    for command in table::COMMANDS {
        let argument = match command.verb {
            Verb::Dial => "101",
            Verb::Link => "tel:101",
            Verb::OpenCase => "664-245651",
            Verb::ExportDiagnostics => "file",
            Verb::Show | Verb::Pause | Verb::Status => "",
        };
        let read = asked(&format!("{} {argument}", command.name));
        assert_eq!(matches!(read, Asked::Program { .. }), command.starts, "{}: {read:?}", command.name);
        assert!(!matches!(read, Asked::Refused(..)), "{}: {read:?}", command.name);
        for word in command.argument.map(|argument| argument.takes.words()).unwrap_or_default() {
            let line = format!("{} {word}", command.name);
            assert!(!matches!(asked(&line), Asked::Refused(..)), "{line}");
        }
    }
}
