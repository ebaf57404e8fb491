use super::*;
use calls::Disposition;

fn channel(id: &str, state: State) -> Channel {
    Channel {
        id: id.into(),
        name: "PJSIP/101-00000001".into(),
        state,
        caller: Party::default(),
        connected: Party {
            number: "79161234567".into(),
            name: "Ivan".into(),
        },
        context: String::new(),
        exten: String::new(),
        app: "AppDial".into(),
        app_data: String::new(),
        created: None,
        linked: None,
    }
}

fn leg(role: Role) -> Leg {
    let mut leg = Leg::new(&channel("1.1", State::Other), Moment(0), Moment(0), 0);
    leg.role = role;
    leg.remote.raw = "79161234567".into();
    leg
}

fn end(cause: u16) -> End {
    End {
        at: Moment(10),
        cause: Some(cause),
        sip: None,
    }
}

#[test]
fn an_incoming_leg_that_nobody_took_ends_as_the_report_says() {
    use Disposition::{Busy, Declined, Missed};
    // Last `Dial` where the stream has one, Q.850 cause, expected: REPORT rule 6.
    let table = [
        // «Answered elsewhere» and «redirected» are what the PBX says, not what anybody saw.
        (Some(DialStatus::Cancel), 26, Missed),
        (Some(DialStatus::Cancel), 127, Missed),
        (Some(DialStatus::Cancel), 0, Missed),
        (Some(DialStatus::Cancel), 16, Missed),
        (Some(DialStatus::NoAnswer), 0, Missed),
        (Some(DialStatus::NoAnswer), 19, Missed),
        (Some(DialStatus::Busy), 17, Busy),
        (Some(DialStatus::Busy), 0, Busy),
        (Some(DialStatus::NoAnswer), 21, Declined),
        (Some(DialStatus::Cancel), 23, Missed),
        (Some(DialStatus::Failed), 20, Missed),
        (None, 26, Missed),
        (None, 21, Declined),
        (None, 17, Busy),
        (None, 127, Missed),
        (None, 0, Missed),
    ];
    for (status, cause, expected) in table {
        let mut leg = leg(Role::Incoming);
        leg.rung_status = status;
        assert_eq!(leg.disposition(end(cause)), expected, "{status:?} {cause}");
    }
}

#[test]
fn another_phones_answer_means_answered_elsewhere_whatever_the_cause_and_a_forward_does_not() {
    for cause in [0, 16, 17, 21, 26] {
        let mut outrun = leg(Role::Incoming);
        outrun.outrun = true;
        assert_eq!(outrun.disposition(end(cause)), Disposition::AnsweredElsewhere, "{cause}");
    }
    let mut forwarded = leg(Role::Incoming);
    forwarded.forwarded = Some("102".into());
    assert_eq!(forwarded.disposition(end(0)), Disposition::Missed);
}

#[test]
fn a_sip_status_alone_tells_declined_and_busy_on_newer_versions() {
    for (sip, expected) in [
        (603, Disposition::Declined),
        (486, Disposition::Busy),
        (487, Disposition::Missed),
        (302, Disposition::Missed),
    ] {
        let end = End {
            at: Moment(1),
            cause: None,
            sip: Some(sip),
        };
        assert_eq!(leg(Role::Incoming).disposition(end), expected, "{sip}");
    }
}

#[test]
fn an_outgoing_leg_that_nobody_took_ends_as_the_report_says() {
    use Disposition::{Busy, Cancelled, Declined, Failed};
    let table = [
        (Some(DialStatus::Cancel), 127, Cancelled),
        (Some(DialStatus::Cancel), 21, Cancelled),
        (Some(DialStatus::NoAnswer), 16, Cancelled),
        (Some(DialStatus::NoAnswer), 21, Declined),
        (None, 21, Cancelled),
        (Some(DialStatus::Busy), 17, Busy),
        (Some(DialStatus::Failed), 17, Busy),
        (Some(DialStatus::Failed), 34, Failed),
        (Some(DialStatus::Ringing), 127, Cancelled),
        (None, 17, Busy),
        (None, 1, Failed),
        (None, 3, Failed),
        (None, 16, Cancelled),
    ];
    for (status, cause, expected) in table {
        let mut leg = leg(Role::Outgoing);
        leg.dial_status = status;
        assert_eq!(leg.disposition(end(cause)), expected, "{status:?} {cause}");
    }
}

#[test]
fn an_order_that_the_agents_own_phone_did_not_take_ends_by_the_phones_cause() {
    let table = [
        (21, Disposition::Declined),
        (17, Disposition::Busy),
        (19, Disposition::Cancelled),
        (0, Disposition::Cancelled),
        (20, Disposition::Failed),
    ];
    for (cause, expected) in table {
        assert_eq!(leg(Role::Click).disposition(end(cause)), expected, "{cause}");
    }
}

#[test]
fn whoever_talked_was_answered_whatever_came_last() {
    for cause in [0, 16, 17, 21, 26, 127] {
        let mut leg = leg(Role::Incoming);
        leg.talking = Some(Moment(5));
        leg.outrun = true;
        assert_eq!(leg.disposition(end(cause)), Disposition::Answered, "{cause}");
    }
}

#[test]
fn news_come_once_and_in_one_order_whatever_the_order_of_the_facts() {
    let mut leg = leg(Role::Incoming);
    leg.end = Some(end(16));
    leg.talking = Some(Moment(5));
    leg.transfer = Some((TransferKind::Blind, Some("102".into())));
    leg.recording = Some(RecordingRef::new("a.wav"));
    leg.rang = Some(Moment(1));
    leg.from = Some(Extension::new("103"));
    let names: Vec<_> = leg
        .news()
        .into_iter()
        .map(|(at, kind)| (at.0, serde_json::to_value(kind).unwrap()["type"].clone()))
        .collect();
    let expected = [
        (1, "offered"),
        (0, "party_changed"),
        (5, "answered"),
        (0, "recording"),
        (0, "transferred"),
        (10, "ended"),
    ];
    assert_eq!(names, expected.map(|(at, name)| (at, name.into())));
    assert!(leg.news().is_empty());
    leg.held = Some(Moment(20));
    assert!(leg.news().is_empty(), "a leg that is over stays over");
}

#[test]
fn nothing_is_told_before_the_phone_rings() {
    let mut leg = Leg::new(&channel("1.1", State::Other), Moment(0), Moment(0), 0);
    let agent = Agent::pjsip("101");
    leg.see(&channel("1.1", State::Other), &agent, Shown::ByLook, Moment(1));
    assert_eq!(leg.role, Role::Incoming);
    assert!(leg.news().is_empty());
    leg.see(&channel("1.1", State::Ringing), &agent, Shown::ByLook, Moment(2));
    assert_eq!(leg.news().len(), 1);
}

#[test]
fn a_consultation_does_not_turn_a_clients_call_into_an_internal_one() {
    let mut leg = leg(Role::Incoming);
    leg.rang = Some(Moment(1));
    leg.talking = Some(Moment(2));
    leg.news();
    leg.hear(
        &Party {
            number: "102".into(),
            name: "Boris".into(),
        },
        Shown::ByLook,
        Region::default(),
    );
    assert!(leg.news().is_empty());
    assert_eq!(leg.remote.raw, "79161234567");
}

#[test]
fn codes_of_the_pbx_and_extensions_are_inside_and_nothing_else_is() {
    for (number, inside) in [
        ("102", true),
        ("*8101", true),
        ("##", true),
        ("79161234567", false),
        ("112", false),
        ("anonymous", false),
        ("", false),
    ] {
        assert_eq!(is_inside(number, Region::default()), inside, "{number}");
    }
}
