use super::*;
use hostile::texts;

fn status() -> Status {
    staged(Stage::Starting)
}

fn staged(stage: Stage) -> Status {
    let view = DeskView {
        stage,
        missed: 3,
        ..DeskView::default()
    };
    Status::of(&view, true)
}

#[test]
fn d2_orders_and_answers_are_read_as_they_were_said() {
    let mut orders: Vec<Order> = Page::NAMED.iter().map(|(_, page)| Order::Show(Some(*page))).collect();
    orders.extend([Order::Show(None), Order::Dial(None), Order::DialSelection, Order::Status]);
    orders.extend([Order::dial("tel:+7-495-123-45-67;ext=102"), Order::dial("tel:*21*101#")]);
    orders.extend(Order::open_case("664-245651"));
    let lengths = [PauseFor::Minutes { minutes: 30 }, PauseFor::Tomorrow, PauseFor::UntilSaid];
    orders.extend(lengths.map(|length| Order::Pause(Pausing::Begin(length))));
    orders.extend([Order::Pause(Pausing::End), Order::Diagnostics]);
    let longest = format!(
        "ringside://setup?v=1&context={}&recordingFolder={}&other=",
        "x".repeat(200),
        "ж".repeat(100)
    );
    orders.extend(
        [
            "ringside://setup?v=1&extension=204&pbxUrl=http://pbx.example:8088&context=%D0%B6 x",
            &longest,
            "ringside://setup?v=1&password=x",
            "ringside://setup?v=1&pbxUrl=ftp://x",
            "ringside:",
        ]
        .map(Order::set_up),
    );
    assert_eq!(orders.iter().filter(|order| matches!(order, Order::SetUp(Ok(_)))).count(), 2);
    for order in orders {
        let line = order.line();
        assert!(line.len() < LONGEST_LINE && !line.contains('\n'), "{line}");
        assert_eq!(Order::of_line(&line), Some(order), "{line}");
    }
    let answers = [
        Answer::Done,
        Answer::NoNumber,
        Answer::NoSetUp,
        Answer::NoCase,
        Answer::CaseUnknown,
        Answer::Refused,
        Answer::Status(Box::new(status())),
        Answer::Paused { until: None },
        Answer::Paused {
            until: Some(1_764_476_096_000),
        },
        Answer::Resumed,
        Answer::NotKept,
        Answer::Diagnostics("== state\n\"quoted\"\n".into()),
    ];
    let unread = Unread::NAMED.map(|(_, unread)| Answer::Unread(unread));
    for answer in answers.into_iter().chain(unread) {
        assert!(answer.line().len() < LONGEST_LINE && !answer.line().contains('\n'));
        assert_eq!(Answer::of_line(&answer.line()), answer);
    }
}

#[test]
fn d2_what_is_no_line_of_this_version_is_no_order() {
    for line in [
        "",
        "show",
        "ringside/1",
        "ringside/1 ",
        "ringside/1  show",
        "ringside/2 show",
        "ringside/10 show",
        "ringside/1 show nothing",
        "ringside/1 show calls calls",
        "ringside/1 dial 101&PJSIP/102",
        "ringside/1 dial Local/101@from-internal",
        "ringside/1 dial 101 102",
        "ringside/1 open-case",
        "ringside/1 open-case -",
        "ringside/1 open-case ../users",
        "ringside/1 open-case 664-24565100000000000",
        "ringside/1 status now",
        "ringside/1 dial-selection 101",
        "ringside/1 pause",
        "ringside/1 pause -1",
        "ringside/1 pause +1",
        "ringside/1 pause 30m",
        "ringside/1 pause 99999999999",
        "ringside/1 diagnostics /etc/passwd",
        "ringside/1 set-up",
        "ringside/1 set-up v=1&extension=204",
        "ringside/1 set-up ringside://setup?v=1&apiKey=x",
        "ringside/1 no-set-up other",
        "ringside/1 quit",
        "RINGSIDE/1 show",
    ] {
        assert_eq!(Order::of_line(line), None, "{line}");
        assert_eq!(Answer::of_line(line), Answer::Refused, "{line}");
    }
    assert_eq!(Order::of_line(&format!("ringside/1 dial {}", "1".repeat(49))), None);
    for hostile in texts() {
        assert_eq!(Order::of_line(&hostile.text), None, "{}", hostile.name);
        let dial = Order::of_line(&format!("ringside/1 dial {}", hostile.text));
        let keys = |keys: &String| keys.bytes().all(|byte| byte.is_ascii_digit() || b"+*#".contains(&byte));
        assert!(
            matches!(&dial, None | Some(Order::Dial(None))) || matches!(&dial, Some(Order::Dial(Some(text))) if keys(text)),
            "{}",
            hostile.name
        );
    }
}

#[test]
fn d2_each_answer_has_words_in_both_languages_and_a_status_of_its_own_kind() {
    let unread = Unread::NAMED.map(|(_, unread)| Answer::Unread(unread));
    let others = [
        Answer::NoNumber,
        Answer::NoSetUp,
        Answer::NoCase,
        Answer::CaseUnknown,
        Answer::NotKept,
        Answer::Refused,
    ];
    for answer in others.into_iter().chain(unread) {
        let (russian, _) = answer.told(Language::Russian);
        let (english, _) = answer.told(Language::English);
        let (russian, english) = (russian.unwrap(), english.unwrap());
        assert!(russian != english && english.is_ascii() && english.ends_with('\n'), "{english}");
    }
    assert_eq!(Answer::Done.told(Language::English).0, None);
}

#[test]
fn d2_the_status_says_states_and_counts_in_both_languages() {
    let said = status().said(Language::English);
    assert!(
        said.contains("PBX not set up\n") && said.contains("Waiting to be called back: 3\n"),
        "{said}"
    );
    let said = status().said(Language::Russian);
    assert!(said.contains("Ждут перезвона: 3\n") && !said.contains("Софтфон"), "{said}");
    let nobody = "Nobody shows the icon of Ringside\n";
    assert!(!status().said(Language::English).contains(nobody));
    let unseen = Status { tray: false, ..status() };
    assert!(unseen.said(Language::English).contains(nobody));
    let json = serde_json::to_value(status()).unwrap();
    let mut names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    let all = [
        "calls",
        "missed",
        "omnidesk",
        "owed",
        "pbx",
        "phoneOnline",
        "stage",
        "tray",
        "undecided",
        "version",
    ];
    assert_eq!(names, all);
}

#[test]
fn d4_the_status_tells_a_locked_keychain_from_none() {
    for (stage, name, said) in [
        (Stage::Starting, "starting", "PBX not set up\n"),
        (Stage::SetUp, "setUp", "PBX not set up\n"),
        (Stage::NoKeychain { locked: false }, "noKeychain", "The keychain does not answer\n"),
        (
            Stage::NoKeychain { locked: true },
            "keychainLocked",
            "The keychain is locked: unlock it\n",
        ),
        (Stage::Ready, "ready", "PBX not set up\n"),
    ] {
        let status = staged(stage);
        assert_eq!(status.stage, name);
        assert!(status.said(Language::English).contains(said), "{name}");
    }
}
