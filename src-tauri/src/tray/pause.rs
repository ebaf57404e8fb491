//! Pausing popups from the tray.

use super::words::Words;
use engine::Engine;
use engine::view::{DeskView, PauseFor};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tauri::menu::{Menu, MenuItem, Submenu};
use tauri::{AppHandle, Manager as _, Wry};

/// What is offered, by the ids of the entries.
const LENGTHS: [(&str, PauseFor); 3] = [
    ("pause-half-hour", PauseFor::Minutes { minutes: 30 }),
    ("pause-tomorrow", PauseFor::Tomorrow),
    ("pause-until-said", PauseFor::UntilSaid),
];
const RESUME: &str = "resume";

/// That popups do not come, and until when; none while they do.
pub(super) fn paused(view: &DeskView, words: &Words, zone: &TimeZone) -> Option<String> {
    let paused = view.pause.paused?;
    #[expect(clippy::cast_possible_truncation, reason = "ms since 1970")]
    let now = Timestamp::from_millisecond(view.now as i64).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "ms since 1970")]
    let until = paused.until.map(|until| until as i64);
    Some(text(until, now, words, zone))
}

/// That they are paused until then (ms since 1970), or until somebody resumes them.
pub fn text(until: Option<i64>, now: Timestamp, words: &Words, zone: &TimeZone) -> String {
    let until = until.and_then(|until| Timestamp::from_millisecond(until).ok());
    let Some(until) = until.map(|until| until.to_zoned(zone.clone())) else {
        return words.paused.to_owned();
    };
    let today = now.to_zoned(zone.clone()).date();
    let format = if until.date() == today { "%H:%M" } else { words.day_and_time };
    format!("{} {}", words.paused_until, until.strftime(format))
}

/// What the menu offers: to pause them, or that they are paused and the way back.
pub(super) fn append(app: &AppHandle, menu: &Menu<Wry>, words: &Words, paused: Option<&String>) -> tauri::Result<()> {
    let item = |id: &str, text: &str, enabled: bool| MenuItem::with_id(app, id, text, enabled, None::<&str>);
    if let Some(paused) = paused {
        return menu.append_items(&[&item("paused", paused, false)?, &item(RESUME, words.resume, true)?]);
    }
    let lengths = Submenu::new(app, words.pause, true)?;
    for ((id, _), text) in LENGTHS.iter().zip(words.pause_lengths) {
        lengths.append(&item(id, text, true)?)?;
    }
    menu.append(&lengths)
}

/// Does what an entry says; whether it is one of these.
pub(super) fn chosen(app: &AppHandle, id: &str) -> bool {
    let length = LENGTHS.iter().find(|(name, _)| *name == id).map(|(_, length)| *length);
    if length.is_none() && id != RESUME {
        return false;
    }
    let engine = app.state::<Engine>().inner().clone();
    tauri::async_runtime::spawn(async move {
        // A disk that refuses is told of by the workspace; it holds all the same.
        let _ = match length {
            Some(length) => engine.pause(length).await,
            None => engine.resume().await,
        };
    });
    true
}

#[cfg(test)]
mod tests {
    use super::super::words::Language;
    use super::*;
    use engine::view::{PauseView, PausedView};

    #[test]
    fn d1_the_menu_says_that_popups_are_paused_and_until_when() {
        let day = 86_400_000.0;
        let said = |language, until| {
            let paused = PausedView { by_hours: false, until };
            let view = DeskView {
                now: 10.0 * day,
                pause: PauseView {
                    paused: Some(paused),
                    meanwhile: None,
                },
                ..DeskView::default()
            };
            paused_in(&view, language)
        };
        assert_eq!(paused_in(&DeskView::default(), Language::Russian), None);
        assert_eq!(said(Language::Russian, None).unwrap(), "Карточки на паузе");
        assert_eq!(said(Language::Russian, Some(10.5 * day)).unwrap(), "Карточки на паузе до 12:00");
        assert_eq!(
            said(Language::English, Some(11.5 * day)).unwrap(),
            "Popups paused until 12 Jan 12:00"
        );
    }

    fn paused_in(view: &DeskView, language: Language) -> Option<String> {
        paused(view, &Words::of(language), &TimeZone::UTC)
    }
}
