//! What the PBX may answer, and who rings too.

use super::*;
use serde_json::json;

fn phone(extension: &str, state: &str, connected: &str) -> Value {
    json!({"id": format!("1.{extension}"), "name": format!("PJSIP/{extension}-0000002d"), "state": state,
        "caller": {"name": "", "number": extension}, "connected": {"name": "", "number": connected}})
}

fn app(name: &str, bridges: &[&str], lines: &[&str]) -> Value {
    json!({"name": name, "channel_ids": [], "bridge_ids": bridges, "endpoint_ids": lines})
}

/// Companions of all these extensions listen.
fn apps(extensions: &[&str]) -> Value {
    extensions
        .iter()
        .map(|extension| {
            app(
                &format!("ringside-{extension}-m1"),
                &[ALL_BRIDGES],
                &[&format!("PJSIP/{extension}")],
            )
        })
        .collect()
}

fn extensions(rung: &[Rung]) -> Vec<&str> {
    rung.iter().map(|rung| rung.extension.as_str()).collect()
}

#[test]
fn phones_that_ring_for_the_same_number_and_have_a_listener_are_candidates() {
    let own = phone("101", "Ringing", "79161234567");
    let client = json!({"id": "1.0", "name": "PJSIP/trunk-0", "state": "Ring", "connected": {"number": "79161234567"}});
    let plumbing = json!({"id": "1.1", "name": "Local/102@ext-local-0;1", "state": "Ringing", "connected": {"number": "79161234567"}});
    let table: [(&str, Value, &[&str]); 7] = [
        ("rings", phone("102", "Ringing", "79161234567"), &["101", "102"]),
        ("was only just made", phone("102", "Down", "79161234567"), &["101", "102"]),
        ("talks", phone("102", "Up", "79161234567"), &["101"]),
        ("rings for somebody else", phone("102", "Ringing", "79031112233"), &["101"]),
        ("no companion", phone("103", "Ringing", "79161234567"), &["101"]),
        ("a trunk", client, &["101"]),
        ("plumbing", plumbing, &["101"]),
    ];
    for (what, other, expected) in table {
        let channels = json!([other, own]);
        let rung = rung("1.101", &channels, &apps(&["101", "102"]), &Agent::pjsip("101")).unwrap();
        assert_eq!(extensions(&rung), expected, "{what}");
        assert_eq!(rung[0].channel, "1.101", "{what}");
    }
}

#[test]
fn a_leg_that_is_gone_or_answered_has_no_peers_any_more() {
    let apps = apps(&["101", "102"]);
    let other = phone("102", "Ringing", "7");
    for channels in [json!([other]), json!([phone("101", "Up", "7"), other])] {
        assert_eq!(rung("1.101", &channels, &apps, &Agent::pjsip("101")), None);
    }
}

#[test]
fn a_second_phone_of_the_same_agent_is_no_other_desk() {
    let mut second = phone("101", "Ringing", "7");
    second["id"] = "1.7".into();
    let channels = json!([phone("101", "Ringing", "7"), second]);
    let rung = rung("1.101", &channels, &apps(&["101"]), &Agent::pjsip("101")).unwrap();
    assert_eq!(rung.len(), 1);
}

#[test]
fn only_an_app_that_hears_of_all_bridges_listens_for_its_own_line() {
    let list = json!([
        app("ringside-101-desk", &[ALL_BRIDGES], &["PJSIP/101"]),
        app("ringside-102-desk", &[], &["PJSIP/102"]),
        app("ringside-201-acme-3f9a", &["some-bridge", ALL_BRIDGES], &["PJSIP/201-acme"]),
        // The user may not subscribe: the name must do.
        app("ringside-202-acme-3f9a", &[ALL_BRIDGES], &[]),
        app("ringside-103-3f9a", &[ALL_BRIDGES], &[]),
        app("ringside-104", &[ALL_BRIDGES], &[]),
        app("wallboard-105-x", &[ALL_BRIDGES], &["PJSIP/105"]),
    ]);
    let listening = listening(&list);
    for (line, expected) in [
        ("PJSIP/101", true),
        ("SIP/101", false),
        ("PJSIP/102", false),
        ("PJSIP/201-acme", true),
        ("PJSIP/201", false),
        ("PJSIP/202-acme", true),
        ("PJSIP/202", false),
        ("PJSIP/103", true),
        ("PJSIP/10", false),
        ("PJSIP/104", false),
        ("PJSIP/105", false),
    ] {
        assert_eq!(listens(&listening, &format!("{line}-00000001")), expected, "{line}");
    }
    assert_eq!(
        desks(&list).into_iter().collect::<Vec<_>>(),
        ["PJSIP/101", "PJSIP/102", "PJSIP/201-acme"],
        "a desk that does not listen just now is a colleague's all the same"
    );
}

#[test]
fn every_desk_comes_to_the_same_order_shorter_numbers_first() {
    let all = ["99", "101", "1000", "102"];
    let channels: Value = all.iter().map(|extension| phone(extension, "Ringing", "7")).collect();
    let mut places = Vec::new();
    for own in all {
        let rung = rung(&format!("1.{own}"), &channels, &apps(&all), &Agent::pjsip(own)).unwrap();
        let with = sharing(&rung, &vec![Some("1.0".into()); rung.len()]);
        assert_eq!(with.len(), 3, "{own}");
        places.push((own, turn(&Extension::new(own), &with)));
    }
    assert_eq!(places, [("99", 0), ("101", 1), ("1000", 3), ("102", 2)]);
}

#[test]
fn only_the_same_conversation_is_shared_and_who_calls_does_not_ring() {
    let rung: Vec<_> = [("1.1", "101"), ("1.2", "102"), ("1.3", "103"), ("1.4", "104"), ("1.0", "105")]
        .map(|(channel, extension)| Rung {
            channel: channel.into(),
            extension: Extension::new(extension),
            linked: None,
        })
        .into();
    let known = |id: &str| Some(id.to_owned());
    let some = [known("1.0"), known("1.0"), known("9.9"), None, known("1.0")];
    let ours_unknown = [None, known("1.0"), None, None, None];
    let found = |conversations: &[Option<String>]| -> Vec<_> { sharing(&rung, conversations).into_iter().map(|with| with.0).collect() };
    assert_eq!(found(&some), ["102"], "one of another, one unknown");
    assert!(found(&ours_unknown).is_empty() && found(&[const { None }; 5]).is_empty());
    assert_eq!(found(&some[..2]), ["102"], "too few answers");
    assert!(sharing(&[], &[]).is_empty());
}

#[test]
fn hostile_answers_do_no_harm() {
    let agent = Agent::pjsip("101");
    let odd = [
        Value::Null,
        json!("x"),
        json!(7),
        json!({}),
        json!({"message": "Access denied"}),
        json!([null, 7, "x", [], {}, {"id": 7, "name": {}}, {"name": "ringside-", "bridge_ids": 7}, {"name": "ringside-\u{1f4de}", "bridge_ids": [7, ALL_BRIDGES]}]),
    ];
    let good = json!([phone("101", "Ringing", "7"), phone("102", "Ringing", "7")]);
    for odd in &odd {
        assert_eq!(rung("1.101", odd, odd, &agent), None, "{odd}");
        assert_eq!(rung("1.101", &good, odd, &agent).unwrap().len(), 1, "{odd}");
    }
    // A crowd is cut, wherever our own leg stands in it.
    let mut crowd: Vec<_> = (0..5000)
        .map(|n| {
            let mut channel = phone("102", "Ringing", "7");
            channel["id"] = json!(format!("2.{n}"));
            channel
        })
        .collect();
    crowd.push(phone("101", "Ringing", "7"));
    let rung = rung("1.101", &Value::Array(crowd), &apps(&["102"]), &agent).unwrap();
    assert_eq!((rung.len(), rung[0].extension.as_str()), (MOST_PEERS + 1, "101"));
}
