//! The guard before a call out: what is asked about is not dialled before the agent agrees to that very reason.

use crate::desk::{Desk, IVANOV, LONG};
use calls::{DialPolicy, Permit};
use engine::view::{Caution, DialAnswer, DoubtView, LinksAsk, TroubleView, TypedSecrets};
use sandbox::omnidesk::{Fault, FaultRule};
use sandbox::pbx::{CallSpec, RestRecord};

const PREMIUM: &str = "8 809 123-45-67";

/// What was told instead of dialling.
async fn held(desk: &Desk, number: &str, agreed: Option<DoubtView>) -> Caution {
    let before = desk.orders();
    let answer = desk.engine.dial(number, None, agreed).await.unwrap();
    let DialAnswer::Held { caution } = answer else {
        panic!("{number} was dialled")
    };
    assert_eq!(desk.orders(), before, "{number}: the PBX was asked");
    caution
}

/// What the PBX was asked to dial, once it was asked.
async fn dialled(desk: &Desk) -> String {
    let is_order = |request: &RestRecord| request.method == "POST" && request.path == "channels";
    let asked = async || {
        let requests = desk.sandbox.pbx().rest_requests();
        requests.into_iter().find(is_order)?.query.get("extension").cloned()
    };
    ringside_tests::eventually("the order", LONG, asked).await
}

#[tokio::test]
async fn s18_what_is_asked_about_is_dialled_when_the_agent_has_agreed_to_this_very_reason() {
    for (number, doubt, country, digits) in [
        (PREMIUM, DoubtView::Premium, Some("RU"), "78091234567"),
        ("+881612345678", DoubtView::Satellite, None, "881612345678"),
        ("+18765551234", DoubtView::Foreign, Some("JM"), "18765551234"),
        ("*72", DoubtView::ServiceCode, None, "*72"),
        ("112", DoubtView::Emergency, None, "112"),
    ] {
        let desk = Desk::open().await;
        let told = held(&desk, number, None).await;
        assert_eq!(
            (told.doubt, told.never, told.country.as_deref()),
            (doubt, false, country),
            "{number}"
        );
        assert_eq!(
            held(&desk, number, Some(DoubtView::OneRing)).await,
            told,
            "{number}: agreed to something else"
        );
        let read = desk.engine.read_number(number).await;
        assert_eq!(read.caution, Some(told), "{number}: the dial window says it before");
        let answer = desk.engine.dial(&read.dial.unwrap(), None, Some(doubt)).await.unwrap();
        assert!(matches!(answer, DialAnswer::Placed { .. }), "{number}");
        assert_eq!(dialled(&desk).await, digits, "{number}");
    }
}

#[tokio::test]
async fn s18_what_the_office_never_calls_is_not_dialled_whoever_agrees_and_an_emergency_number_is() {
    let never = DialPolicy {
        countries: vec!["KZ".into()],
        foreign: Permit::Never,
        premium: Permit::Never,
        satellite: Permit::Never,
        shared_cost: Permit::Never,
    };
    let desk = Desk::open_with(|settings| settings.dial_policy = never).await;
    for (number, doubt) in [(PREMIUM, DoubtView::Premium), ("+18765551234", DoubtView::Foreign)] {
        let told = held(&desk, number, Some(doubt)).await;
        assert!(told.never && told.doubt == doubt, "{number}: {told:?}");
    }
    let answer = desk.engine.dial("112", None, Some(DoubtView::Emergency)).await.unwrap();
    assert!(matches!(answer, DialAnswer::Placed { .. }));
    assert_eq!(dialled(&desk).await, "112");
}

#[tokio::test]
async fn s18_a_country_that_the_office_calls_is_not_asked_about() {
    let desk = Desk::open_with(|settings| settings.dial_policy.countries = vec!["KZ".into()]).await;
    let answer = desk.engine.dial("8 701 123-45-67", None, None).await.unwrap();
    assert!(matches!(answer, DialAnswer::Placed { .. }));
}

#[tokio::test]
async fn s18_a_number_that_rang_for_a_moment_is_asked_about_wherever_it_is_called_back_from() {
    let desk = Desk::open().await;
    let case = desk.missed(IVANOV).await.case_id.to_string();
    let told = held(&desk, IVANOV, None).await;
    assert_eq!((told.doubt, told.number.as_str()), (DoubtView::OneRing, "+7 (916) 123-45-67"));
    let from_case = desk.engine.dial(IVANOV, Some(&case), None).await.unwrap();
    assert_eq!(from_case, DialAnswer::Held { caution: told });
}

#[tokio::test]
async fn s18_who_showed_a_short_number_from_outside_is_not_taken_for_the_colleague_who_has_it() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring("4021").await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    assert_eq!(held(&desk, "4021", None).await.doubt, DoubtView::NotTheCaller);
    assert_eq!(
        desk.engine.read_number("4022").await.caution,
        None,
        "an extension that nobody showed"
    );
}

#[tokio::test]
async fn s18_a_colleague_whose_number_is_an_emergency_number_too_is_asked_about_until_they_have_talked() {
    let desk = Desk::open().await;
    assert_eq!(held(&desk, "102", None).await.doubt, DoubtView::Emergency);
    let (call, id) = desk.dial("102", None).await;
    desk.pick_up_and_answer(&call, &id).await;
    desk.hang_up(&call, &id).await;
    assert_eq!(desk.engine.read_number("102").await.caution, None);
}

#[tokio::test]
async fn s18_help_is_called_while_another_call_rings_and_without_an_answer_of_omnidesk() {
    let desk = Desk::open().await;
    let case = desk.earlier_case().case_id.to_string();
    let out = Fault::Status {
        status: 503,
        body: None,
        retry_after: None,
    };
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(out).on("GET", "/api/cases/*").times(0));
    desk.ring(IVANOV).await;
    let refused = desk.engine.dial("79035550143", None, None).await.unwrap_err();
    assert_eq!(refused.about.as_deref(), Some("inCall"), "anybody else waits");
    let answer = desk.engine.dial("112", Some(&case), Some(DoubtView::Emergency)).await.unwrap();
    assert!(matches!(answer, DialAnswer::Placed { .. }));
    assert_eq!(dialled(&desk).await, "112");
}

#[tokio::test]
async fn s18_nobody_is_asked_about_what_could_not_be_dialled_anyway() {
    let desk = Desk::open().await;
    desk.sandbox.pbx().set_registered("101", false);
    desk.until("the phone's state", |view| (view.agent.phone_online == Some(false)).then_some(()))
        .await;
    let refused = desk.engine.dial(PREMIUM, None, None).await.unwrap_err();
    assert_eq!(refused.trouble, TroubleView::PhoneOffline);
}

#[tokio::test]
async fn s18_a_caller_whose_address_hides_a_number_is_called_back_at_what_is_shown_or_not_at_all() {
    let hidden = [
        "sip:81%400190255555@pbx.example",
        "101@89161234567",
        "10.0.0.5",
        "81;phone-context=0190255555",
        "<sip:4021@evil.example>",
    ];
    for from in hidden {
        let desk = Desk::open().await;
        let (call, ringing) = desk.place(CallSpec::incoming(from, "101")).await;
        desk.answer(&call, &ringing.id).await;
        desk.hang_up(&call, &ringing.id).await;
        let Some(dial) = ringing.number.dial else { continue };
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        assert_eq!(digits(&dial), digits(&ringing.number.pretty), "{from}");
        ringside_tests::order(&desk.engine, &dial, None).await.unwrap();
        let asked = dialled(&desk).await;
        assert_eq!(digits(&asked), digits(&ringing.number.pretty), "{from}");
    }
}

#[tokio::test]
async fn d2_a_link_dials_at_once_only_who_was_called_before_and_only_where_the_agent_has_set_so() {
    let desk = Desk::open_with(|settings| settings.dial_policy.premium = Permit::Allow).await;
    desk.steps_by_hand();
    for number in [IVANOV, PREMIUM, "4021"] {
        let (call, ringing) = desk.call_out(number).await;
        desk.hang_up(&call, &ringing.id).await;
    }
    assert!(!desk.engine.dial_link(IVANOV).await, "nobody has said that it may");
    let mut settings = desk.engine.settings().await.unwrap();
    settings.links_ask = LinksAsk::NotCalledBefore;
    desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
    for number in ["+79215550134", PREMIUM, "4021", "*21*101#", "112", "", "Local/101@from-internal"] {
        assert!(!desk.engine.dial_link(number).await, "{number}: it is asked about");
    }
    assert_eq!(desk.orders(), 0, "nobody was dialled so far");

    // Of ten at once one is dialled.
    let mut dialled = 0;
    for _ in 0..10 {
        dialled += usize::from(desk.engine.dial_link(IVANOV).await);
    }
    assert_eq!(dialled, 1);
    desk.clicked().await;
    assert_eq!(desk.orders(), 1);
}
