use super::*;

fn read(text: &str) -> Number {
    Number::read(text, Region::default())
}

fn judged(text: &str) -> Verdict {
    DialPolicy::default().judge(&read(text), Region::default(), History::default())
}

const DOUBTS: [(&str, Doubt); 30] = [
    ("112", Doubt::Emergency),
    ("1-1-2", Doubt::Emergency),
    ("tel:112", Doubt::Emergency),
    ("１１２", Doubt::Emergency),
    ("9112", Doubt::Emergency),
    ("0112", Doubt::Emergency),
    ("911", Doubt::Emergency),
    ("9911", Doubt::Emergency),
    ("03", Doubt::Emergency),
    ("102", Doubt::Emergency),
    ("9-101", Doubt::Emergency),
    ("*72", Doubt::ServiceCode),
    ("##002#", Doubt::ServiceCode),
    ("*21*89161234567#", Doubt::ServiceCode),
    ("tel:%2A72", Doubt::ServiceCode),
    ("sip:*8@pbx.example", Doubt::ServiceCode),
    ("8 809 123-45-67", Doubt::Premium),
    ("+19005551234", Doubt::Premium),
    ("+979123456789", Doubt::Premium),
    ("+881612345678", Doubt::Satellite),
    ("810881612345678", Doubt::Satellite),
    ("+870773111632", Doubt::Satellite),
    ("+491805123456", Doubt::SharedCost),
    ("+447012345678", Doubt::SharedCost),
    ("+18765551234", Doubt::Foreign),
    ("810375291234567", Doubt::Foreign),
    ("00375291234567", Doubt::Foreign),
    ("87011234567", Doubt::Foreign),
    ("+18005551234", Doubt::Foreign),
    ("989161234567", Doubt::Foreign),
];

#[test]
fn what_costs_more_or_reaches_somebody_else_is_asked_about() {
    for (text, doubt) in DOUBTS {
        assert_eq!(judged(text), Verdict::Ask(doubt), "{text}");
    }
}

#[test]
fn the_usual_numbers_of_the_office_are_dialled_at_once() {
    for text in [
        "+79161234567",
        "8 800 555-35-35",
        "8 (495) 123-45-67 доб. 112",
        "201",
        "4021",
        "0611",
        "+80012345678",
    ] {
        assert_eq!(judged(text), Verdict::Dial, "{text}");
    }
    let minsk = Region::from_code("BY").unwrap();
    let number = Number::read("+375291234567", minsk);
    assert_eq!(DialPolicy::default().judge(&number, minsk, History::default()), Verdict::Dial);
}

#[test]
fn an_office_allows_asks_or_never_calls_by_the_kind_of_number() {
    let policy = DialPolicy {
        countries: vec!["KZ".into(), "by".into(), "GB".into(), "nonsense".into()],
        foreign: Permit::Never,
        premium: Permit::Never,
        satellite: Permit::Ask,
        shared_cost: Permit::Allow,
    };
    for (text, verdict) in [
        ("87011234567", Verdict::Dial),
        ("+375291234567", Verdict::Dial),
        ("+18765551234", Verdict::Never(Doubt::Foreign)),
        ("8 809 123-45-67", Verdict::Never(Doubt::Premium)),
        // A country that is allowed does not make its services cheap.
        ("+442079460018", Verdict::Dial),
        ("+449098790000", Verdict::Never(Doubt::Premium)),
        ("+881612345678", Verdict::Ask(Doubt::Satellite)),
        // What it costs is allowed, but not where it is.
        ("+491805123456", Verdict::Never(Doubt::Foreign)),
        ("+447012345678", Verdict::Dial),
        // It may be Iran's: what cannot be told apart is not called.
        ("989161234567", Verdict::Never(Doubt::Foreign)),
    ] {
        assert_eq!(judged_by(&policy, text), verdict, "{text}");
    }
}

fn judged_by(policy: &DialPolicy, text: &str) -> Verdict {
    policy.judge(&read(text), Region::default(), History::default())
}

#[test]
fn an_emergency_number_is_never_refused_and_never_dialled_unasked() {
    let never = DialPolicy {
        countries: Vec::new(),
        foreign: Permit::Never,
        premium: Permit::Never,
        satellite: Permit::Never,
        shared_cost: Permit::Never,
    };
    let allow = DialPolicy {
        countries: vec!["RU".into()],
        foreign: Permit::Allow,
        premium: Permit::Allow,
        satellite: Permit::Allow,
        shared_cost: Permit::Allow,
    };
    for code in ["RU", "DE", "GB", "US", "AU", "IL", "AE", "TR", "IN", "JP", "BR"] {
        let region = Region::from_code(code).unwrap();
        let own = BY_COUNTRY.iter().find(|(countries, _)| countries.contains(&code));
        let numbers = EVERYWHERE.iter().chain(own.map_or(&[][..], |(_, numbers)| numbers));
        for digits in numbers.copied() {
            for policy in [&never, &allow] {
                let verdict = policy.judge(&Number::read(digits, region), region, History::default());
                assert_eq!(verdict, Verdict::Ask(Doubt::Emergency), "{code} {digits}");
            }
        }
    }
}

#[test]
fn emergency_numbers_of_other_countries_are_known_there() {
    for (code, digits) in [
        ("PL", "997"),
        ("BR", "190"),
        ("CZ", "158"),
        ("ES", "091"),
        ("EG", "122"),
        ("TH", "191"),
        ("FR", "119"),
        ("BE", "101"),
        ("JP", "118"),
        // Not in the list: whatever is one anywhere.
        ("NO", "110"),
        ("FI", "999"),
    ] {
        let region = Region::from_code(code).unwrap();
        let verdict = DialPolicy::default().judge(&Number::read(digits, region), region, History::default());
        assert_eq!(verdict, Verdict::Ask(Doubt::Emergency), "{code} {digits}");
    }
}

#[test]
fn an_offices_own_free_number_is_dialled_at_once_where_countries_share_a_code() {
    for (code, text) in [("KZ", "8 800 080 00 00"), ("RU", "8 800 555-35-35"), ("CA", "1 800 555 1234")] {
        let region = Region::from_code(code).unwrap();
        let number = Number::read(text, region);
        assert_eq!(
            DialPolicy::default().judge(&number, region, History::default()),
            Verdict::Dial,
            "{code} {text}"
        );
    }
}

#[test]
fn a_colleague_is_known_by_calls_within_the_pbx_and_not_by_digits() {
    let policy = DialPolicy::default();
    let known = History {
        colleague: true,
        ..History::default()
    };
    for extension in ["102", "9112", "9101"] {
        assert_eq!(
            policy.judge(&read(extension), Region::default(), known),
            Verdict::Dial,
            "{extension}"
        );
    }
    assert_eq!(
        policy.judge(&read("112"), Region::default(), known),
        Verdict::Ask(Doubt::Emergency),
        "no extension may look like it"
    );
    let outside = History {
        from_outside: true,
        ..History::default()
    };
    assert_eq!(
        policy.judge(&read("4021"), Region::default(), outside),
        Verdict::Ask(Doubt::NotTheCaller)
    );
    assert_eq!(policy.judge(&read("+79161234567"), Region::default(), outside), Verdict::Dial);
}

#[test]
fn of_several_doubts_the_gravest_is_told_and_a_refusal_goes_before_a_question() {
    let brief = History {
        rang_briefly: true,
        ..History::default()
    };
    let policy = DialPolicy::default();
    let judge = |policy: &DialPolicy, text: &str| policy.judge(&read(text), Region::default(), brief);
    assert_eq!(judge(&policy, "+79161234567"), Verdict::Ask(Doubt::OneRing));
    assert_eq!(judge(&policy, "+18765551234"), Verdict::Ask(Doubt::OneRing));
    assert_eq!(judge(&policy, "8 809 123-45-67"), Verdict::Ask(Doubt::Premium));
    let home = DialPolicy {
        foreign: Permit::Never,
        ..policy
    };
    assert_eq!(judge(&home, "+18765551234"), Verdict::Never(Doubt::Foreign));
}

#[test]
fn a_policy_is_read_from_a_settings_file_with_any_part_of_it_left_out() {
    let policy: DialPolicy = serde_json::from_str(r#"{"countries":["KZ"],"premium":"never"}"#).unwrap();
    assert_eq!((policy.premium, policy.foreign), (Permit::Never, Permit::Ask));
    assert_eq!(serde_json::from_str::<DialPolicy>("{}").unwrap(), DialPolicy::default());
}

#[test]
fn d2_only_a_usual_number_that_was_called_before_goes_unseen_whatever_the_office_allows() {
    let before = History {
        dialled: true,
        ..History::default()
    };
    let lax = DialPolicy {
        countries: vec!["JM".into()],
        foreign: Permit::Allow,
        premium: Permit::Allow,
        satellite: Permit::Allow,
        shared_cost: Permit::Allow,
    };
    let goes = |text: &str, history: History| lax.goes_unseen(&read(text), Region::default(), history);
    for text in ["+79161234567", "8 800 555-35-35", "+18765551234"] {
        assert!(goes(text, before), "{text}");
        assert!(!goes(text, History::default()), "{text}: it was never called");
        let lure = History {
            rang_briefly: true,
            ..before
        };
        assert!(!goes(text, lure), "{text}: it rang for a moment");
    }
    for text in [
        "201",
        "0611",
        "103",
        "112",
        "*72",
        "*21*89161234567#",
        "8 809 123-45-67",
        "+881612345678",
        "+491805123456",
        "989161234567",
        "",
    ] {
        assert!(!goes(text, before), "{text}");
    }
    assert!(
        !DialPolicy::default().goes_unseen(&read("+18765551234"), Region::default(), before),
        "a country that is asked about"
    );
}
