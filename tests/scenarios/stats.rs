//! Statistics of calls that really went through the engine (S35-S38).

use crate::desk::{Desk, IVANOV, LONG, STRANGER};
use engine::view::{BestView, CountsView, FiguresRange, FiguresView, RecordingView, TroubleView};
use std::time::Instant;

/// The last seven days: whatever o'clock the test runs, its calls are in them.
async fn week(desk: &Desk) -> FiguresView {
    desk.engine.figures(&FiguresRange::Week).await.unwrap()
}

/// The figures as soon as they say so.
async fn until(desk: &Desk, what: &str, says: impl Fn(&FiguresView) -> bool) -> FiguresView {
    let end = Instant::now() + LONG;
    loop {
        let view = week(desk).await;
        if says(&view) {
            return view;
        }
        assert!(Instant::now() < end, "{what} never came: {view:#?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn s35_s36_s38_calls_of_known_outcome_give_the_figures_of_the_rules() {
    let mut desk = Desk::open().await;
    let nothing = week(&desk).await;
    assert_eq!((nothing.now.received, nothing.kept_since, nothing.days.len()), (0, None, 7));

    // Missed twice: one case. Then the client is called, and the agent does nothing: a closed case (S34).
    desk.missed(STRANGER).await;
    desk.missed(STRANGER).await;
    let waiting = week(&desk).await.now;
    assert_eq!((waiting.calls.missed, waiting.waiting, waiting.received), (2, 2, 1));
    let (call, dialing) = desk.call_out(STRANGER).await;
    desk.known(&dialing.id).await;
    desk.answer(&call, &dialing.id).await;
    desk.hang_up(&call, &dialing.id).await;
    desk.call_until(&dialing.id, "the recording", |call| call.recording == RecordingView::Attached)
        .await;
    // Another client calls and is answered: a case that waits (S15).
    desk.talk(IVANOV).await;
    desk.settled().await;

    let view = until(&desk, "the closed case", |view| view.now.closed == 1).await;
    assert_eq!((view.now.received, view.now.first_reply), (3, 1), "S35");
    let calls = CountsView {
        incoming: 1,
        outgoing: 1,
        missed: 2,
    };
    assert_eq!((view.now.calls, view.now.talked_since, view.now.waiting), (calls, 2, 0));
    assert!(view.now.talk_ms > 0.0 && !view.now.talk_at_least);
    let me = BestView {
        agent: "anna@support.example".into(),
        you: true,
        closed: 1,
    };
    assert_eq!(view.best, [me], "S38");
    assert_eq!(view.hours.iter().map(|hour| hour.incoming).sum::<u32>(), 1);
    assert_eq!(view.before.received, 0);

    // The agent thinks better of the call that closed its case: it is not closed any more.
    desk.engine.undo(&dialing.id).await.unwrap();
    let undone = until(&desk, "the case that is not closed", |view| view.now.closed == 0).await;
    assert_eq!((undone.now.received, undone.best.len()), (3, 0));

    desk.restart().await;
    assert_eq!(week(&desk).await.now, undone.now, "a start later the same");
}

#[tokio::test]
async fn days_that_are_no_range_are_refused_by_name() {
    let desk = Desk::unconnected(sandbox::Options::default()).await;
    let days = |first: &str, last: &str| FiguresRange::Days {
        first: first.into(),
        last: last.into(),
    };
    for (range, about) in [
        (days("yesterday", "2026-11-18"), "first"),
        (days("2026-11-18", "2026-11-17"), "order"),
        (days("2020-01-01", "2026-11-17"), "length"),
    ] {
        let refused = desk.engine.figures(&range).await.unwrap_err();
        assert_eq!((refused.trouble, refused.about.as_deref()), (TroubleView::BadSetting, Some(about)));
    }
}
