use super::*;
use omnidesk::Code;
use serde_json::json;

fn week() -> Range {
    Range::new(jiff::civil::date(2026, 11, 18), jiff::civil::date(2026, 11, 24)).unwrap()
}

fn catalog() -> Catalog {
    let staff = json!([{"staff_id": 330, "staff_full_name": "Анна\u{202e}", "staff_email": "a@b.example"}]);
    Catalog {
        channel: "cch101".to_owned(),
        staff: serde_json::from_value(staff).unwrap(),
        me: Some(StaffId(330)),
        ..Catalog::default()
    }
}

fn case(id: u64, status: &str, updated: u32) -> Case {
    let at = |second: u32| format!("Fri, 20 Nov 2026 12:00:{second:02} +0300");
    let whole = json!({"case_id": id, "channel": "cch101", "status": status, "staff_id": 330,
                       "created_at": at(0), "updated_at": at(updated)});
    serde_json::from_value(whole).unwrap()
}

/// A list that is one page.
fn list(team: &mut Team, anew: bool, cases: Vec<Case>) {
    let (question, _) = team.question(1, "cch101", week(), anew).unwrap();
    let Question::Page(asked, ..) = question else {
        panic!("{question:?}")
    };
    let total = cases.len() as u64;
    let page = Page {
        items: cases,
        total,
        skipped: 0,
    };
    answer(team, Ok(Answer::Page(asked, page)));
}

fn answer(team: &mut Team, came: Result<Answer, Error>) {
    team.took(1, "cch101", week(), came, Timestamp::UNIX_EPOCH);
}

/// How many there were before, which is asked for after the list.
fn before(team: &mut Team, cases: Vec<Case>, total: u64) {
    let (question, _) = team.question(1, "cch101", week(), false).unwrap();
    assert!(matches!(question, Question::Before(_)), "{question:?}");
    let page = Page {
        items: cases,
        total,
        skipped: 0,
    };
    answer(team, Ok(Answer::Before(page)));
}

fn into(team: &mut Team) -> Option<u64> {
    match team.question(1, "cch101", week(), false)?.0 {
        Question::Look(case) => Some(case),
        other => panic!("{other:?}"),
    }
}

fn view(team: &Team) -> TeamView {
    team.view(1, week(), &catalog())
}

#[test]
fn s35_s36_s38_the_list_then_the_days_before_then_each_closed_case() {
    let mut team = Team::default();
    assert_eq!(view(&team).stage, TeamStage::Nothing);
    list(
        &mut team,
        false,
        vec![case(1, "closed", 1), case(2, "open", 1), case(3, "closed", 1)],
    );
    let told = view(&team);
    assert_eq!((told.stage, told.done, told.of, told.received), (TeamStage::Closed, 0, Some(2), 3));
    assert_eq!((told.received_before, told.unlooked, told.recorded), (None, 2, 0));
    before(&mut team, vec![case(9, "open", 1)], 40);
    assert_eq!(view(&team).received_before, Some(40));

    assert_eq!(into(&mut team), Some(1));
    let recording = json!({"message_id": 1, "staff_id": 330, "note": true, "attachments": [{"file_name": "a.wav"}]});
    answer(
        &mut team,
        Ok(Answer::Told(1, vec![], vec![serde_json::from_value(recording).unwrap()])),
    );
    assert_eq!(into(&mut team), Some(3));
    answer(&mut team, Ok(Answer::Barred(3)));
    assert_eq!(into(&mut team), None);
    let told = view(&team);
    assert_eq!((told.stage, told.recorded, told.barred), (TeamStage::Done, 1, 1));
    let best = &told.best[0];
    assert_eq!((best.name.as_deref(), best.you, best.closed), (Some("Анна"), true, 1));
}

#[test]
fn anew_only_what_has_changed_is_looked_into_again() {
    let mut team = Team::default();
    list(&mut team, false, vec![case(1, "closed", 1), case(2, "closed", 1)]);
    before(&mut team, vec![], 0);
    for expected in [1, 2] {
        assert_eq!(into(&mut team), Some(expected));
        answer(&mut team, Ok(Answer::Told(expected, vec![], vec![])));
    }
    list(&mut team, true, vec![case(1, "closed", 1), case(2, "closed", 2)]);
    before(&mut team, vec![], 0);
    assert_eq!(into(&mut team), Some(2));
    assert_eq!(view(&team).unlooked, 1);
}

#[test]
fn a_case_that_is_gone_or_open_again_when_it_is_looked_into_counts_as_that() {
    let mut team = Team::default();
    list(&mut team, false, vec![case(1, "closed", 1), case(2, "closed", 1)]);
    before(&mut team, vec![], 0);
    into(&mut team);
    answer(&mut team, Ok(Answer::Gone(1)));
    into(&mut team);
    let opened = json!({"event": "status", "done_by": "staff_330", "value": "open"});
    answer(
        &mut team,
        Ok(Answer::Told(2, vec![serde_json::from_value(opened).unwrap()], vec![])),
    );
    let told = view(&team);
    assert_eq!((told.stage, told.received, told.closed), (TeamStage::Done, 1, 0));
}

#[test]
fn a_trouble_that_may_pass_is_passed_over_twice_and_a_refusal_is_said_at_once() {
    let mut team = Team::default();
    for failure in 1..=3 {
        let (_, pause) = team.question(1, "cch101", week(), false).unwrap();
        assert_eq!(failure == 3, pause >= Duration::from_secs(1), "{failure}: {pause:?}");
        answer(&mut team, Err(Error::Server { status: 500 }));
        assert_eq!(view(&team).trouble.is_some(), failure == 3, "{failure}");
    }
    // Who goes on is not met with the old trouble.
    team.question(1, "cch101", week(), false).unwrap();
    assert_eq!(view(&team).trouble, None);
    answer(&mut team, Err(Error::RateLimited { retry_after: None }));
    assert_eq!(view(&team).trouble, None, "the budget has the next one wait");
    let code: Option<Code> = None;
    answer(&mut team, Err(Error::Forbidden { code }));
    assert_eq!(view(&team).trouble.map(|trouble| trouble.trouble), Some(TroubleView::Forbidden));
}

#[test]
fn another_connection_knows_nothing_of_the_one_before() {
    let mut team = Team::default();
    list(&mut team, false, vec![case(1, "closed", 1)]);
    assert_eq!(team.view(2, week(), &catalog()).stage, TeamStage::Nothing);
    assert!(matches!(
        team.question(2, "cch101", week(), false),
        Some((Question::Page(0, ..), _))
    ));
    // What was asked over the one before and comes now is not taken.
    team.took(1, "cch101", week(), Ok(Answer::Gone(1)), Timestamp::UNIX_EPOCH);
    assert_eq!(team.view(2, week(), &catalog()).stage, TeamStage::Nothing);
    // Nor what was asked of the channel of before.
    team.took(2, "cch102", week(), Err(Error::NotFound { code: None }), Timestamp::UNIX_EPOCH);
    assert_eq!(team.view(2, week(), &catalog()).trouble, None);
    let elsewhere = Catalog {
        channel: "cch102".to_owned(),
        ..catalog()
    };
    assert_eq!(
        team.view(2, week(), &elsewhere).stage,
        TeamStage::Nothing,
        "another channel has other cases"
    );
}

#[test]
fn a_list_that_shows_another_channel_tells_nothing_of_the_days_before() {
    let mut team = Team::default();
    list(&mut team, false, vec![]);
    let other = Case {
        channel: ChannelKey::from("web"),
        ..case(9, "open", 1)
    };
    before(&mut team, vec![other], 900);
    let told = view(&team);
    assert_eq!((told.received_before, told.stage), (None, TeamStage::Done));
}

#[test]
fn the_seconds_of_a_range_are_those_of_its_days_also_where_the_clocks_change() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let day = jiff::civil::date(2026, 10, 25);
    let (from, to) = seconds(Range::new(day, day).unwrap(), &zone);
    assert_eq!(to - from + 1, 25 * 3_600);
}
