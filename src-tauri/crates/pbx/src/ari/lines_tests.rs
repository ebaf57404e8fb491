use super::*;
use crate::ari::wire::Party;

fn channel(name: &str, state: State, number: &str) -> Channel {
    Channel {
        id: "1.1".into(),
        name: name.into(),
        state,
        caller: Party {
            number: number.into(),
            name: String::new(),
        },
        connected: Party::default(),
        context: String::new(),
        exten: String::new(),
        app: String::new(),
        app_data: String::new(),
        created: None,
        linked: None,
    }
}

/// A call into the PBX: its channel's name, the caller's number, what was dialled.
fn calls(lines: &Lines, name: &str, number: &str, dialled: &str) -> Judged {
    let channel = channel(name, State::Ring, number);
    let evidence = Evidence {
        channel: &channel,
        target: None,
        came_in: true,
        dialled: Some(dialled).filter(|dialled| !dialled.is_empty()),
    };
    lines.judge(evidence, Region::default())
}

fn outside() -> Judged {
    Judged {
        side: Side::Outside,
        sure: true,
    }
}

fn colleague(extension: &str) -> Judged {
    Judged {
        side: Side::Colleague(Extension::new(extension)),
        sure: true,
    }
}

#[test]
fn what_was_dialled_tells_a_phone_from_a_trunk_however_they_are_called() {
    let number = |number: &str| Some(Target::Number(number.into()));
    let phone = Some(Target::Phone);
    let table = [
        ("101", "PJSIP/101-00000001", phone.clone()),
        ("201-acme", "PJSIP/201-acme-00000001", phone.clone()),
        ("trunk-east", "PJSIP/trunk-east-00000001", phone.clone()),
        ("PJSIP/102", "PJSIP/102-00000001", phone.clone()),
        ("101/sip:101@127.0.1.101:5060", "PJSIP/101-00000001", phone.clone()),
        ("101/sip:4f3k2@10.0.0.7:5060;transport=ws", "PJSIP/101-00000001", phone.clone()),
        ("205/sip:205@10.0.0.7", "PJSIP/205-00000001", phone.clone()),
        ("201-acme/sip:201@10.0.0.7", "PJSIP/201-acme-00000001", phone.clone()),
        ("anna/sip:anna@10.0.0.7", "PJSIP/anna-00000001", phone.clone()),
        ("1", "DAHDI/1-1", phone.clone()),
        ("102@102", "PJSIP/102-00000001", phone),
        ("79161234567@trunk", "PJSIP/trunk-00000001", number("79161234567")),
        ("79161234567@74951234567", "PJSIP/74951234567-00000001", number("79161234567")),
        ("345@2001", "PJSIP/2001-00000001", number("345")),
        ("00#89161234567@my-trunk", "PJSIP/my-trunk-00000001", number("00#89161234567")),
        (
            "trunk/sip:79161234567@sip.provider.ru",
            "PJSIP/trunk-00000001",
            number("79161234567"),
        ),
        (
            "trunk/sip:+79161234567;user=phone@host",
            "PJSIP/trunk-00000001",
            number("+79161234567"),
        ),
        ("trunk/79161234567", "SIP/trunk-00000001", number("79161234567")),
        ("SIP/trunk/79161234567", "SIP/trunk-00000001", number("79161234567")),
        ("g1/79161234567", "DAHDI/i1/79161234567-1", number("79161234567")),
        (
            "79161234567@from-agents",
            "Local/79161234567@from-agents-0;1",
            Some(Target::Place("79161234567".into())),
        ),
        ("101@ext-local/n", "Local/101@ext-local-0;1", Some(Target::Place("101".into()))),
        ("i1/79161234567", "DAHDI/i1/79161234567-1", number("79161234567")),
        // Digits in a contact may be a short number that a trunk carries, or a phone's user.
        ("trunk/sip:112@sip.provider.ru", "PJSIP/trunk-00000001", None),
        ("trunk/sip:0900@sip.provider.ru:5060", "PJSIP/trunk-00000001", None),
        ("trunk/sip:2345678@sip.provider.ru", "PJSIP/trunk-00000001", None),
        ("trunk/sip:sip.provider.ru", "PJSIP/trunk-00000001", None),
        ("anna/sip:205@10.0.0.7", "PJSIP/anna-00000001", None),
        // Name and password of a trunk are no number.
        ("ringside:s3cret@10.0.0.9/112", "IAX2/10.0.0.9-1234", number("112")),
        ("ringside:s3cret@10.0.0.9:4569/112", "IAX2/10.0.0.9:4569-1234", number("112")),
        (
            "IAX2/ringside:4471@10.0.0.9/89161234567@in/a",
            "IAX2/10.0.0.9-1234",
            number("89161234567"),
        ),
        ("ringside:4471@10.0.0.9", "IAX2/10.0.0.9-1234", None),
        ("ringside:4471@provider", "IAX2/10.0.0.9-1234", None),
        ("provider/112@in", "IAX2/provider-1234", number("112")),
        (
            "ringside:4471@provider.ru/79161234567",
            "SIP/provider.ru-1234",
            number("79161234567"),
        ),
        ("sip:112@provider", "PJSIP/provider-00000001", None),
        ("", "PJSIP/101-00000001", None),
        ("101", "nonsense", None),
    ];
    for (text, name, expected) in table {
        assert_eq!(Target::read(text, name, Region::default()), expected, "{text} {name}");
    }
}

#[test]
fn a_number_is_an_endpoints_own_as_a_whole_word_of_its_name() {
    for (number, endpoint, own) in [
        ("101", "101", true),
        ("201", "201-acme", true),
        ("201", "acme_201", true),
        ("201", "acme201", true),
        ("1234567", "1234567", true),
        ("20", "201-acme", false),
        ("101", "1010", false),
        ("345", "2001", false),
        ("", "", false),
        ("", "trunk", false),
    ] {
        assert_eq!(is_number_of(number, endpoint), own, "{number} {endpoint}");
    }
}

#[test]
fn lines_in_the_agents_own_context_are_colleagues_and_others_bring_clients() {
    let mut lines = Lines::of("PJSIP/101".into());
    for (name, context) in [
        ("PJSIP/101-1", "agents"),
        ("PJSIP/201-acme-1", "agents"),
        ("PJSIP/trunk-east-1", "agents"),
        ("PJSIP/1234567-1", "agents"),
        ("PJSIP/305-1", "managers"),
        ("PJSIP/74951234567-1", "from-trunk"),
        ("PJSIP/2001-1", "from-gateway"),
        ("PJSIP/105-1", "from-trunk"),
    ] {
        lines.entered(name, context);
    }
    let table = [
        ("PJSIP/201-acme-2", "201", "202", colleague("201-acme")),
        ("PJSIP/trunk-east-2", "130", "101", colleague("trunk-east")),
        ("PJSIP/1234567-2", "1234567", "101", colleague("1234567")),
        // A colleague in a context of his own calls short numbers under his own.
        ("PJSIP/305-2", "305", "101", colleague("305")),
        ("PJSIP/74951234567-2", "79161234567", "74950000002", outside()),
        ("PJSIP/2001-2", "345", "101", outside()),
        ("PJSIP/2001-2", "102", "301", outside()),
        ("PJSIP/105-2", "79161234567", "74950000002", outside()),
        // A trunk that is called like an extension, and sends its own number for none.
        ("PJSIP/105-2", "105", "74950000002", outside()),
        ("PJSIP/105-2", "MTS-Bank", "74950000002", outside()),
        ("PJSIP/105-2", "", "", outside()),
    ];
    for (name, number, dialled, expected) in table {
        assert_eq!(calls(&lines, name, number, dialled), expected, "{name} {number} → {dialled}");
    }
}

#[test]
fn in_an_office_with_one_context_for_all_did_and_number_decide() {
    let mut lines = Lines::of("PJSIP/101".into());
    for name in ["PJSIP/101-1", "PJSIP/202-1", "PJSIP/anna-1", "PJSIP/2001-1"] {
        lines.entered(name, "default");
    }
    let given = |number: &str| Settings {
        context: "default".into(),
        number: Some(number.into()),
    };
    assert_eq!(calls(&lines, "PJSIP/202-2", "202", "101"), colleague("202"));
    assert_eq!(calls(&lines, "PJSIP/2001-2", "79161234567", "74950000002"), outside(), "by a DID");
    assert_eq!(
        calls(&lines, "PJSIP/2001-2", "79161234567", "101"),
        outside(),
        "under a client's number"
    );
    assert_eq!(calls(&lines, "PJSIP/2001-2", "345", ""), outside(), "dialled nothing");
    lines.learn("PJSIP/anna-1", given("205"));
    lines.learn("PJSIP/2001-1", given(""));
    assert_eq!(
        calls(&lines, "PJSIP/anna-2", "205", "101"),
        colleague("anna"),
        "the number that the PBX gives her"
    );
    assert_eq!(
        calls(&lines, "PJSIP/2001-2", "345", "101"),
        outside(),
        "the PBX gives it no number: its own side did"
    );
    lines.learn("PJSIP/202-1", given("74951112233"));
    assert_eq!(
        calls(&lines, "PJSIP/202-2", "74951112233", "101"),
        colleague("202"),
        "a colleague who shows the office's number"
    );
}

#[test]
fn a_short_number_over_a_trunk_does_not_make_it_a_phone() {
    for text in [
        "trunk/sip:112@sip.provider.ru",
        "trunk/sip:0900@sip.provider.ru",
        "trunk/sip:2345678@sip.provider.ru",
    ] {
        let mut lines = Lines::of("PJSIP/101".into());
        lines.entered("PJSIP/101-1", "agents");
        lines.entered("PJSIP/trunk-1", "from-trunk");
        if let Some(target) = Target::read(text, "PJSIP/trunk-1", Region::default()) {
            lines.dialled("PJSIP/trunk-1", &target);
        }
        assert_eq!(calls(&lines, "PJSIP/trunk-2", "79161234567", "74950000002"), outside(), "{text}");
    }
}

#[test]
fn a_colleague_who_calls_a_client_remains_one() {
    let mut lines = Lines::of("PJSIP/101".into());
    for name in [
        "PJSIP/101-1",
        "PJSIP/102-1",
        "PJSIP/201-acme-1",
        "PJSIP/anna-1",
        "PJSIP/74951234567-1",
    ] {
        lines.entered(name, "agents");
    }
    for dialled in ["89161234567", "989161234567", "84950000002", "112", ""] {
        assert_eq!(calls(&lines, "PJSIP/102-2", "102", dialled), colleague("102"), "{dialled}");
        assert_eq!(
            calls(&lines, "PJSIP/201-acme-2", "201", dialled),
            colleague("201-acme"),
            "{dialled}"
        );
    }
    let settings = Settings {
        context: "agents".into(),
        number: Some("74951112233".into()),
    };
    lines.learn("PJSIP/anna-1", settings);
    assert_eq!(calls(&lines, "PJSIP/anna-2", "74951112233", "89161234567"), colleague("anna"));
    assert_eq!(calls(&lines, "PJSIP/anna-2", "79161234567", "84950000002"), outside());
    assert_eq!(
        calls(&lines, "PJSIP/74951234567-2", "74951234567", "74950000002"),
        outside(),
        "a trunk whose calls come under its own number"
    );
}

#[test]
fn how_a_line_was_dialled_is_remembered_and_beats_the_context() {
    let mut lines = Lines::of("PJSIP/101".into());
    lines.entered("PJSIP/101-1", "agents");
    lines.entered("PJSIP/305-1", "managers");
    lines.entered("PJSIP/2001-1", "agents");
    lines.dialled("PJSIP/305-1", &Target::Phone);
    lines.dialled("PJSIP/2001-1", &Target::Number("345".into()));
    assert_eq!(calls(&lines, "PJSIP/305-2", "74951112233", "101"), colleague("305"));
    assert_eq!(calls(&lines, "PJSIP/2001-2", "2001", "101"), outside());
    lines.clear();
    assert!(!calls(&lines, "PJSIP/305-2", "305", "101").sure, "another PBX, perhaps");
}

#[test]
fn a_companion_is_a_phones() {
    let mut lines = Lines::of("PJSIP/101".into());
    lines.desks(["PJSIP/trunk-east".to_owned()].into());
    assert_eq!(
        calls(&lines, "PJSIP/trunk-east-2", "79161234567", "74950000002"),
        colleague("trunk-east")
    );
}

#[test]
fn without_evidence_the_look_is_a_guess() {
    let lines = Lines::of("PJSIP/101".into());
    let table = [
        ("PJSIP/102-1", "102", true),
        ("PJSIP/201-acme-1", "201", true),
        ("PJSIP/1234567-1", "1234567", true),
        ("PJSIP/trunk-1", "79161234567", false),
        ("PJSIP/2001-1", "345", false),
        ("PJSIP/2001-1", "79161234567", false),
        ("PJSIP/74951234567-1", "74951234567", false),
        ("PJSIP/trunk-1", "", false),
        ("PJSIP/102-1", "", true),
    ];
    for (name, number, inside) in table {
        let judged = calls(&lines, name, number, "101");
        assert_eq!((judged.side == Side::Outside, judged.sure), (!inside, false), "{name} {number}");
    }
}

#[test]
fn plumbing_and_machines_are_told_apart_and_memory_is_bounded() {
    let mut lines = Lines::of("PJSIP/101".into());
    assert_eq!(calls(&lines, "Local/101@x-1;1", "101", "101").side, Side::Local);
    for machine in [
        "Snoop/1.1-2",
        "MulticastRTP/239.0.0.1:5004-0x7f2b",
        "UnicastRTP/10.0.0.9:4000-0x7f2b",
    ] {
        assert_eq!(calls(&lines, machine, "", "").side, Side::Machine, "{machine}");
    }
    lines.entered("PJSIP/101-1", "agents");
    for n in 0..3_000 {
        lines.entered(&format!("PJSIP/x{n}-1"), "agents");
    }
    assert!(lines.known.len() <= MOST_LINES);
    assert!(lines.known.contains_key("PJSIP/101"));
}
