//! Hostile texts in every place where the domain takes text: nothing panics, nothing hidden is shown, nothing is dialled that
//! is not shown.

#![allow(clippy::unwrap_used)]

use calls::{
    AgentAction, CallEvent, CallEventKind, Desk, Direction, Disposition, DutyKind, Effect, HungUpBy, Input, LegId, Moment, Number, Origin,
    Policy, Region, Remote, is_name, name_beside, numbers_in, one_line, tidy_name, visible,
};
use hostile::{is_harmless, texts};

/// Most characters of what a caller is shown by.
const SHOWN: usize = 300;

#[test]
fn a_number_read_from_any_hostile_text_is_shown_and_dialled_safely() {
    for code in ["RU", "US", "DE", "KZ"] {
        let region = Region::from_code(code).unwrap();
        for hostile in texts() {
            let number = Number::read(&hostile.text, region);
            let name = &hostile.name;
            assert!(number.pretty().chars().all(is_harmless), "{name}: {:?}", number.pretty());
            assert!(number.pretty().chars().count() <= SHOWN, "{name}");
            assert!(number.raw().chars().count() <= SHOWN, "{name}");
            if let Some(dial) = number.to_dial() {
                assert!(
                    dial.chars().all(|c| c.is_ascii_digit() || "+*#".contains(c)) && dial.len() <= 32,
                    "{name}: {dial}"
                );
            }
            assert!(number.key().is_none_or(|key| key.as_str().chars().count() <= 64), "{name}");
            assert!(numbers_in(&hostile.text, region).len() <= 100, "{name}");
        }
    }
}

#[test]
fn a_name_made_of_any_hostile_text_is_one_short_line_without_anything_hidden() {
    let number = Number::read("+79161234567", Region::default());
    for hostile in texts() {
        let name = &hostile.name;
        for shown in [
            one_line(&hostile.text),
            tidy_name(&hostile.text),
            visible(&hostile.text).replace(['\n', '\t'], " "),
        ] {
            assert!(shown.chars().all(is_harmless), "{name}: {shown:?}");
        }
        assert!(tidy_name(&hostile.text).chars().count() <= calls::LONGEST_NAME, "{name}");
        let _ = is_name(&hostile.text, Region::default());
        let beside = name_beside(&hostile.text, &number, Region::default());
        assert!(beside.is_none_or(|beside| beside.chars().all(is_harmless)), "{name}");
    }
}

#[test]
fn a_call_whose_every_text_is_hostile_is_a_call_and_its_case_is_one_line() {
    for hostile in texts() {
        let name = &hostile.name;
        let text = &hostile.text;
        let leg = LegId::new(format!("leg-{text}"));
        let mut desk = Desk::new(Policy::default());
        let mut effects = Vec::new();
        let mut at = 0;
        let mut feed = |desk: &mut Desk, input: Input| {
            at += 5_000;
            effects.extend(desk.handle(input, Moment(at)));
        };
        let pbx = |kind| Input::Pbx {
            event: CallEvent {
                leg: leg.clone(),
                at: Moment(1_000),
                kind,
            },
        };
        let offered = CallEventKind::Offered {
            conversation: None,
            direction: Direction::Inbound,
            remote: Remote {
                raw: text.clone(),
                name: Some(text.clone()),
                ..Remote::default()
            },
            line: Some(text.clone()),
            queue: Some(text.clone()),
            origin: Origin::Transfer,
        };
        feed(&mut desk, pbx(offered));
        feed(&mut desk, pbx(CallEventKind::Answered));
        let create = AgentAction::CreateCase {
            subject: text.clone(),
            gist: text.clone(),
        };
        let act = |action| Input::Agent { leg: leg.clone(), action };
        feed(&mut desk, act(AgentAction::LinkUser { user: calls::UserId(7) }));
        feed(&mut desk, act(create));
        let ended = CallEventKind::Ended {
            disposition: Disposition::Answered,
            by: HungUpBy::Remote,
            cause: None,
        };
        feed(&mut desk, pbx(ended));
        let call = desk.call(&leg).unwrap();
        assert!(call.filing.outcome.is_some(), "{name}: the call ended");
        let shown = [Some(call.detail.number.pretty()), call.detail.remote_name.as_deref()];
        assert!(
            shown.into_iter().flatten().all(|text| text.chars().all(is_harmless)),
            "{name}: {shown:?}"
        );
        let cases = effects.iter().filter(|effect| {
            let Effect::Owe(duty) = effect else { return false };
            matches!(duty.kind, DutyKind::OpenCase { .. })
        });
        assert_eq!(cases.count(), 1, "{name}: one case");
    }
}
