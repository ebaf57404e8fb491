use super::*;
use engine::view::{MeanwhileView, NumberKindView, PauseView, PausedView};

const ALL: NoticeKinds = NoticeKinds {
    missed: true,
    paused: true,
    decisions: true,
    instead: true,
};

fn call(id: &str, phase: PhaseView) -> CallView {
    let mut call = crate::shown::tests::call(id, NumberKindView::External);
    call.phase = phase;
    call.number.pretty = format!("+7 (900) {id}");
    call.called_from = None;
    call
}

fn missed_call(id: &str) -> CallView {
    CallView {
        disposition: Some(DispositionView::Missed),
        waiting: Some(id.into()),
        ended_at: Some(10.0),
        ..call(id, PhaseView::Ended)
    }
}

#[test]
fn d1_that_the_program_is_in_the_tray_is_told_beside_all_else_and_whatever_notices_are_wanted() {
    let mut desk = Desk::after(&[]);
    desk.known.kinds = NoticeKinds::default();
    assert_eq!(desk.keys(), []);
    desk.known.tells_of_tray = true;
    assert_eq!(desk.keys(), [Key::InTray]);
    assert_eq!(desk.notices()[0].title, "Ringside остался в трее");
}

/// A desk that is looked at since its calls ended.
struct Desk {
    view: DeskView,
    known: Known,
}

impl Desk {
    fn after(calls: &[CallView]) -> Self {
        let known = Known {
            kinds: ALL,
            is_placed: true,
            since: Some(5.0),
            ..Known::default()
        };
        let view = DeskView {
            calls: calls.to_vec(),
            ..DeskView::default()
        };
        Self { view, known }
    }

    fn notices(&self) -> Vec<Notice> {
        let situation = Situation {
            view: &self.view,
            known: &self.known,
        };
        situation.notices(Language::Russian)
    }

    fn keys(&self) -> Vec<Key> {
        self.notices().into_iter().map(|notice| notice.key).collect()
    }

    fn pause(&mut self, paused: bool) {
        self.view.pause = PauseView {
            paused: paused.then_some(PausedView {
                by_hours: false,
                until: None,
            }),
            meanwhile: None,
        };
    }
}

#[test]
fn missed_calls_are_one_notice_that_names_people_once_and_calls_back_where_there_is_one() {
    let one = Desk::after(&[missed_call("5")]).notices().remove(0);
    assert_eq!(
        (one.title.as_str(), one.text.as_str()),
        ("Пропущенный звонок", "Иванов Иван · +7 (900) 5")
    );
    let back = Deed::CallBack {
        number: "+79005".into(),
        case: None,
    };
    assert_eq!(one.actions, [(Deed::Missed, "Список".into()), (back, "Перезвонить".into())]);

    let mut calls: Vec<CallView> = ["5", "4", "3", "2", "1"].into_iter().map(missed_call).collect();
    calls[1].waiting = Some("5".into());
    let many = Desk::after(&calls).notices();
    assert_eq!(many.len(), 1);
    assert_eq!(many[0].title, "Пропущенные звонки: 5");
    assert_eq!(
        many[0].text,
        "Иванов Иван · +7 (900) 5\nИванов Иван · +7 (900) 3\nИванов Иван · +7 (900) 2\nи ещё 1"
    );
    assert_eq!(many[0].actions, [(Deed::Missed, "Список".into())]);
}

#[test]
fn what_was_seen_dealt_with_is_in_the_popup_yet_or_of_before_the_start_is_not_told() {
    let mut desk = Desk::after(&[missed_call("5")]);
    assert_eq!(desk.keys(), [Key::Missed]);
    desk.view.popup = vec!["5".into()];
    assert_eq!(desk.keys(), [], "the popup tells");
    desk.view.popup.clear();
    desk.view.calls[0].waiting = None;
    assert_eq!(desk.keys(), [], "called back");
    desk.view.calls[0].waiting = Some("5".into());
    desk.view.calls[0].ended_at = Some(4.0);
    assert_eq!(desk.keys(), [], "of before the start");

    // Looked at, and turned away again; and from the popup.
    let learns: [fn(&mut Known); 3] = [
        |known| known.is_in_view = true,
        |known| known.learns.extend(["5".to_owned()]),
        |known| known.learns_all = true,
    ];
    for learn in learns {
        let mut desk = Desk::after(&[missed_call("5")]);
        learn(&mut desk.known);
        desk.known.follow(&desk.view);
        desk.known.is_in_view = false;
        desk.known.follow(&desk.view);
        assert_eq!(desk.keys(), []);
        // The next one is news.
        desk.view.calls.insert(0, call("6", PhaseView::Ringing));
        desk.known.follow(&desk.view);
        desk.view.calls[0] = missed_call("6");
        desk.known.follow(&desk.view);
        assert_eq!(desk.notices()[0].about, BTreeSet::from(["6".to_owned()]));
    }
}

#[test]
fn a_card_that_is_put_away_makes_no_other_missed_call_known() {
    let mut desk = Desk::after(&[missed_call("6"), missed_call("5")]);
    desk.known.learns.extend(["5".to_owned(), "7".to_owned()]);
    desk.known.follow(&desk.view);
    assert_eq!(desk.notices()[0].about, BTreeSet::from(["6".to_owned()]));
}

#[test]
fn a_pause_is_quiet_and_what_was_missed_in_it_is_told_once_it_is_over_where_the_popup_cannot() {
    let mut desk = Desk::after(&[call("6", PhaseView::Ringing), missed_call("5")]);
    desk.pause(true);
    assert_eq!(desk.keys(), [Key::Call("6".into())], "who wants that is told who rings");
    desk.known.kinds.paused = false;
    assert_eq!(desk.keys(), []);
    desk.pause(false);
    desk.view.pause.meanwhile = Some(MeanwhileView { missed: 1 });
    assert_eq!(desk.keys(), [], "the popup says so");
    desk.known.is_placed = false;
    assert_eq!(desk.keys(), [Key::Missed]);
    desk.known.is_placed = true;
    desk.view.pause.meanwhile = None;
    assert_eq!(desk.keys(), [Key::Missed]);
}

#[test]
fn s20_where_windows_cannot_be_placed_what_the_popup_has_is_told_with_the_way_back() {
    let mut dialled = call("7", PhaseView::Dialing);
    dialled.called_from = Some("482".into());
    let mut desk = Desk::after(&[call("8", PhaseView::Ringing), dialled, call("9", PhaseView::Talking)]);
    desk.view.popup = vec!["8".into(), "7".into(), "9".into()];
    assert_eq!(desk.keys(), [], "the popup stands where it belongs");
    desk.known.is_placed = false;
    let told = desk.notices();
    assert_eq!(desk.keys(), [Key::Call("8".into()), Key::Call("7".into())]);
    let page = |place: usize| told[place].actions[0].clone();
    let profile = Route::Profile {
        user: "501".into(),
        call: Some("8".into()),
    };
    assert_eq!(page(0), (Deed::Open(profile), "Открыть профиль".into()));
    let case = Route::Case {
        case: "482".into(),
        call: Some("7".into()),
    };
    assert_eq!(page(1), (Deed::Open(case), "Вернуться к обращению".into()));
    desk.view.calls[1].phase = PhaseView::Talking;
    assert_eq!(desk.notices()[1].title, "Идёт разговор");
    desk.known.kinds.instead = false;
    assert_eq!(desk.keys(), []);
}

#[test]
fn what_needs_a_decision_is_told_once_and_not_to_who_has_seen_it() {
    let row = |id: &str, state| OutboxRow {
        id: id.into(),
        call: "1".into(),
        what: "case".into(),
        state,
        attempts: 1,
        retry_at: None,
        trouble: None,
        code: None,
        recording: None,
        can_give_up: true,
        created_at: 0.0,
    };
    let mut desk = Desk::after(&[]);
    desk.view.outbox = vec![row("1", OutboxStateView::Queued)];
    assert_eq!(desk.keys(), []);
    desk.view.outbox.push(row("2", OutboxStateView::Wedged));
    let told = desk.notices().remove(0);
    assert_eq!(told.actions, [(Deed::Open(Route::Outbox), "Показать".into())]);
    desk.known.is_in_view = true;
    desk.known.follow(&desk.view);
    assert_eq!(desk.keys(), []);
    desk.known.is_in_view = false;
    assert_eq!(desk.keys(), [], "seen");
    desk.view.outbox.push(row("3", OutboxStateView::Wedged));
    assert_eq!(desk.notices()[0].about, BTreeSet::from(["3".to_owned()]));
}

#[test]
fn texts_of_others_are_one_short_line_that_turns_nothing_but_itself() {
    for hostile::Hostile { text: name, .. } in hostile::texts() {
        let mut call = missed_call("5");
        if let CallerView::Known { user, .. } = &mut call.caller {
            user.name = name.to_string();
        }
        call.number.pretty = name.to_string();
        let notice = Desk::after(&[call]).notices().remove(0);
        assert!(notice.text.chars().count() <= 2 * LONGEST_NAME + 20, "{name:?}");
        assert!(!notice.text.chars().any(char::is_control) && !notice.text.is_empty(), "{name:?}");
    }
    let mut call = missed_call("5");
    if let CallerView::Known { user, .. } = &mut call.caller {
        user.name = "שרה".into();
    }
    assert_eq!(Desk::after(&[call]).notices()[0].text, "\u{2068}שרה\u{2069} · +7 (900) 5");
    let mut call = missed_call("5");
    call.caller = CallerView::Withheld;
    call.number.pretty.clear();
    call.number.dial = None;
    let notice = Desk::after(&[call]).notices().remove(0);
    assert_eq!((notice.text.as_str(), notice.actions.len()), ("Номер скрыт", 1));
}

#[test]
fn what_is_personal_is_hidden_where_the_agent_wants_that() {
    let mut desk = Desk::after(&[missed_call("5")]);
    desk.view.calls[0].number.pretty = "+7 (916) 123-45-67".into();
    desk.view.private = true;
    desk.view = crate::shown::veiled(desk.view.clone());
    assert_eq!(desk.notices()[0].text, "И••• · ••• 67");
}
