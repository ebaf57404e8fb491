//! The main job with real calls: Asterisk and SIPp on one side, the stand-in Omnidesk on the other,
//! the whole engine between them.

use super::office::{Office, PATIENCE};
use super::pbx::RealPbx;
use super::{CLIENT, DIRECT, GROUP, Test};
use calls::AgentAction;
use engine::view::{CallCaseView, CallView, CallerView, DispositionView, PhaseView, Route};

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s01_s06_s30_a_real_call_becomes_a_popup_a_profile_and_a_waiting_case_with_its_recording() -> Test {
    let pbx = RealPbx::start().await?;
    let office = Office::open(&pbx).await?;
    let phone = pbx.agent(101, "uas-answer", &[("ring", 1500)]).await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 6000)]);

    let ringing = office.until("the popup", |view| view.popup.first().cloned()).await;
    let known = |call: &CallView| matches!(&call.caller, CallerView::Known { user, .. } if user.name == "Иванов Иван Сергеевич");
    office.call("the user's data", known).await;
    let Route::Profile { call, .. } = office.desktop.opened(PATIENCE).await else {
        return Err("the profile opens".into());
    };
    assert_eq!(call.as_ref(), Some(&ringing));
    let create = AgentAction::CreateCase {
        subject: "Счёт 1187".into(),
        gist: "Нужен новый счёт".into(),
    };
    office.engine.act(&ringing, create).await.map_err(|error| format!("{error:?}"))?;
    office
        .call("the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    let live = office.cases();
    assert!(
        live[0].messages[0].attachments.is_empty(),
        "no recording while they talk: {live:#?}"
    );

    caller.done().await;
    phone.done().await;
    office.settled().await;
    let cases = office.cases();
    assert_eq!(cases.len(), 1, "{cases:#?}");
    assert_eq!((cases[0].subject.as_str(), cases[0].status.as_str()), ("Счёт 1187", "waiting"));
    let texts: Vec<&str> = cases[0].messages.iter().map(|message| message.content.as_str()).collect();
    assert!(
        texts.len() == 2 && texts[0] == "Нужен новый счёт" && texts[1].contains("Входящий звонок с +7 (916) 123-45-67"),
        "{texts:?}"
    );
    let files: Vec<_> = cases[0].messages.iter().flat_map(|message| &message.attachments).collect();
    assert_eq!(files.len(), 1, "{cases:#?}");
    // Some four seconds of 16-bit samples at 8 kHz; a busy machine sends less than they talked.
    assert!(files[0].file_size > 40_000, "{files:?}");
    office.engine.stop().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s25_s31_a_real_caller_who_gives_up_becomes_an_open_case() -> Test {
    let pbx = RealPbx::start().await?;
    let office = Office::open(&pbx).await?;
    let phone = pbx.agent(101, "uas-ring", &[]).await;
    let caller = pbx.caller("uac-cancel", "79031112233", DIRECT, &[("patience", 1500)]);
    office.until("the popup", |view| view.popup.first().cloned()).await;
    caller.done().await;
    phone.done().await;
    office.settled().await;
    let cases = office.cases();
    assert_eq!(cases.len(), 1, "{cases:#?}");
    assert_eq!(
        (cases[0].subject.as_str(), cases[0].status.as_str()),
        ("Пропущенный звонок с +7 (903) 111-22-33", "open")
    );
    assert_eq!(cases[0].messages.len(), 1);
    office.engine.stop().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_s17_a_blind_transfer_is_two_calls_with_a_case_each() -> Test {
    let pbx = RealPbx::start().await?;
    let anna = Office::open(&pbx).await?;
    let boris = anna.beside(&pbx).await?;
    let first = pbx
        .agent_transferring(101, "uas-answer-refer", &[("ring", 700), ("talk", 1500)], "102")
        .await;
    let second = pbx.agent(102, "uas-answer", &[("ring", 1500)]).await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 6000)]);
    two_calls(&anna, &boris).await;
    let ended = anna.call("the transfer", |call| call.transferred_to.is_some()).await;
    assert_eq!(ended.transferred_to.as_deref(), Some("102"));
    for phone in [caller, first, second] {
        phone.done().await;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_s17_an_attended_transfer_is_two_calls_and_the_consultation_none() -> Test {
    let pbx = RealPbx::start().await?;
    let anna = Office::open(&pbx).await?;
    let boris = anna.beside(&pbx).await?;
    let first = pbx
        .agent_transferring(
            101,
            "uas-answer-attended",
            &[("ring", 700), ("talk", 1000), ("consult", 1500)],
            "102",
        )
        .await;
    let second = pbx.agent(102, "uas-answer", &[("ring", 800)]).await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 8000)]);
    two_calls(&anna, &boris).await;
    for phone in [caller, first, second] {
        phone.done().await;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s16_s34_a_call_out_that_is_passed_on_leaves_either_agent_the_recording_of_their_own_talk() -> Test {
    let pbx = RealPbx::start().await?;
    let anna = Office::open(&pbx).await?;
    let boris = anna.beside(&pbx).await?;
    let client = pbx.world("uas-answer-bye", &[("ring", 700), ("talk", 7000)]).await;
    let second = pbx.agent(102, "uas-answer", &[("ring", 1000)]).await;
    let first = pbx.softphone_transferring(101, "uac-answered-refer", CLIENT, &[("talk", 2000)], 102);
    let passed_on = boris.call("Boris's talk", |call| call.answered_at.is_some()).await;
    assert_eq!(passed_on.number.pretty, "+7 (916) 123-45-67");
    for phone in [client, first, second] {
        phone.done().await;
    }
    anna.settled().await;
    boris.settled().await;
    let mut cases = anna.cases();
    cases.sort_by(|a, b| a.staff_email.cmp(&b.staff_email));
    let [hers, his] = cases.as_slice() else { panic!("{cases:#?}") };
    assert_eq!(
        (hers.staff_email.as_str(), hers.status.as_str()),
        ("anna@support.example", "closed")
    );
    assert_eq!(
        (his.staff_email.as_str(), his.status.as_str()),
        ("boris@support.example", "waiting")
    );
    // The dialplan records her channel until it is gone, and then the client's.
    for (case, start) in [(hers, "out-"), (his, "int-102-")] {
        let files: Vec<_> = case.messages.iter().flat_map(|message| &message.attachments).collect();
        assert_eq!(files.len(), 1, "{case:#?}");
        let sent = anna.omnidesk.omnidesk().file(files[0].file_id).ok_or("its bytes")?;
        assert!(sent == pbx.recorded(start)?, "{start}: {} bytes", sent.len());
        let heard = loud_tenths(&sent);
        assert!(
            (5..60).contains(&heard),
            "{start}: {heard} tenths of a second, of a talk of seven seconds in all"
        );
    }
    Ok(())
}

/// In how many tenths of a second of a recording somebody is heard.
fn loud_tenths(wav: &[u8]) -> usize {
    // Behind the header: 16-bit samples, 8000 a second.
    let tenths = wav.get(44..).unwrap_or_default().chunks(1600);
    let is_loud = |tenth: &&[u8]| {
        tenth
            .chunks_exact(2)
            .any(|pair| i16::from_le_bytes([pair[0], pair[1]]).unsigned_abs() > 500)
    };
    tenths.filter(is_loud).count()
}

/// Anna passes the call on untouched, Boris creates nothing: her case is closed (S17), his waits (S15, S30).
async fn two_calls(anna: &Office, boris: &Office) {
    let with_client = |call: &CallView| matches!(&call.caller, CallerView::Known { user, .. } if user.name == "Иванов Иван Сергеевич");
    boris.call("the client at Boris's desk", with_client).await;
    let passed_on = boris.call("who passed it on", |call| call.transferred_from.is_some()).await;
    assert_eq!(passed_on.transferred_from.as_deref(), Some("101"));
    anna.settled().await;
    boris.settled().await;
    let mut cases = anna.cases();
    cases.sort_by(|a, b| a.staff_email.cmp(&b.staff_email));
    let seen: Vec<_> = cases
        .iter()
        .map(|case| (case.subject.as_str(), case.status.as_str(), case.staff_email.as_str()))
        .collect();
    let subject = "Входящий звонок с +7 (916) 123-45-67";
    assert_eq!(
        seen,
        [
            (subject, "closed", "anna@support.example"),
            (subject, "waiting", "boris@support.example")
        ],
        "{cases:#?}"
    );
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn a_group_call_that_a_colleague_takes_leaves_one_case_and_it_is_hers() -> Test {
    let pbx = RealPbx::start().await?;
    let anna = Office::open(&pbx).await?;
    let boris = anna.beside(&pbx).await?;
    let phones = [
        pbx.agent(101, "uas-ring", &[]).await,
        pbx.agent(102, "uas-answer", &[("ring", 1500)]).await,
        pbx.agent(103, "uas-ring", &[]).await,
    ];
    let caller = pbx.caller("uac-answered", CLIENT, GROUP, &[("talk", 1500)]);
    anna.until("the popup", |view| view.popup.first().cloned()).await;
    // Her phone may fall silent before the colleague is seen talking: missed, for the time being.
    let elsewhere = |call: &CallView| call.disposition == Some(DispositionView::AnsweredElsewhere);
    anna.call("word that a colleague took it", elsewhere).await;
    anna.settled().await;
    boris.settled().await;
    let cases = boris.cases();
    assert_eq!(cases.len(), 1, "{cases:#?}");
    assert_eq!(cases[0].staff_email, "boris@support.example");
    caller.done().await;
    for phone in phones {
        phone.done().await;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn a_call_on_hold_is_one_conversation() -> Test {
    let pbx = RealPbx::start().await?;
    let office = Office::open(&pbx).await?;
    let phone = pbx
        .agent(101, "uas-answer-hold", &[("ring", 500), ("talk", 1000), ("hold", 1500)])
        .await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 5000)]);
    let held = office.call("the hold", |call| call.phase == PhaseView::Held).await;
    office
        .call("the talk again", |call| call.id == held.id && call.phase == PhaseView::Talking)
        .await;
    caller.done().await;
    phone.done().await;
    office.settled().await;
    let cases = office.cases();
    assert_eq!(cases.len(), 1, "{cases:#?}");
    assert_eq!((cases[0].status.as_str(), cases[0].messages[0].attachments.len()), ("waiting", 1));
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s18_s21_s33c_a_call_from_the_missed_case_rings_the_agent_first_and_ends_in_that_case() -> Test {
    let pbx = RealPbx::start().await?;
    let office = Office::open(&pbx).await?;
    let phone = pbx.agent(101, "uas-ring", &[]).await;
    pbx.caller("uac-cancel", CLIENT, DIRECT, &[("patience", 1500)]).done().await;
    phone.done().await;
    office.settled().await;
    let missed = office.cases().remove(0);
    assert_eq!(missed.status, "open");

    let phone = pbx.agent(101, "uas-answer", &[("ring", 1000)]).await;
    let client = pbx.world("uas-answer-bye", &[("ring", 1200), ("talk", 2500)]).await;
    let case = missed.case_id.to_string();
    let call = ringside_tests::order(&office.engine, CLIENT, Some(&case))
        .await
        .map_err(|error| format!("{error:?}"))?;
    for phase in [PhaseView::CallingAgent, PhaseView::Dialing, PhaseView::Talking] {
        let seen = office
            .call(&format!("{phase:?}"), |known| known.id == call && known.phase == phase)
            .await;
        assert_eq!(seen.called_from.as_deref(), Some(case.as_str()));
    }
    let gist = "Перезвонили, всё решено".to_owned();
    office
        .engine
        .attach(&call, &case, gist.clone())
        .await
        .map_err(|error| format!("{error:?}"))?;
    client.done().await;
    phone.done().await;
    office.settled().await;
    let cases = office.cases();
    assert_eq!(cases.len(), 1, "{cases:#?}");
    assert_eq!(
        (cases[0].status.as_str(), cases[0].labels.as_slice()),
        ("waiting", &["Перезвонили".to_owned()][..])
    );
    assert_eq!(cases[0].messages.len(), 2, "one message per call: {cases:#?}");
    let told = &cases[0].messages[1];
    assert!(told.content.starts_with(&gist), "{told:?}");
    assert_eq!(told.attachments.len(), 1, "with its recording: {told:?}");
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s22_a_call_from_a_case_that_the_client_does_not_take_is_noted_there() -> Test {
    let pbx = RealPbx::start().await?;
    let office = Office::open(&pbx).await?;
    let phone = pbx.agent(101, "uas-answer", &[("ring", 700)]).await;
    let client = pbx.world("uas-busy", &[("ring", 700)]).await;
    let all = office.omnidesk.omnidesk().cases();
    let before = all
        .iter()
        .find(|case| case.user_name == "Иванов Иван Сергеевич")
        .cloned()
        .ok_or("a seeded case")?;
    let call = ringside_tests::order(&office.engine, CLIENT, Some(&before.case_id.to_string()))
        .await
        .map_err(|error| format!("{error:?}"))?;
    office.call("the end", |known| known.id == call && known.ended_at.is_some()).await;
    client.done().await;
    phone.done().await;
    office.settled().await;
    let after = office.omnidesk.omnidesk().case(&before.case_number).ok_or("the case")?;
    assert_eq!(
        (after.status.as_str(), after.messages.len()),
        (before.status.as_str(), before.messages.len() + 1)
    );
    assert_eq!(office.cases().len(), 0);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s24_s34_a_call_from_the_softphone_left_untouched_is_a_closed_case_of_the_agent() -> Test {
    let pbx = RealPbx::start().await?;
    let office = Office::open(&pbx).await?;
    let client = pbx.world("uas-answer", &[("ring", 700)]).await;
    let phone = pbx.softphone(101, "uac-answered", CLIENT, &[("talk", 1500)]);
    office.until("the popup", |view| view.popup.first().cloned()).await;
    phone.done().await;
    client.done().await;
    office.settled().await;
    let cases = office.cases();
    assert_eq!(cases.len(), 1, "{cases:#?}");
    assert_eq!(
        (cases[0].subject.as_str(), cases[0].status.as_str(), cases[0].staff_email.as_str()),
        ("Исходящий звонок на +7 (916) 123-45-67", "closed", "anna@support.example")
    );
    Ok(())
}
