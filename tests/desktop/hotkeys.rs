//! Key combinations that work in any program, and what is selected there (D2): pressed and selected in other X clients.

use crate::desk::{Desk, OtherWindow, Test, dial_window, off_screen, on_screen, workspace_window};
use crate::links::{filled, orders, run};
use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::eventually;
use std::sync::{Arc, Mutex, PoisonError};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, GrabMode, ModMask, PropMode, SELECTION_NOTIFY_EVENT, SelectionNotifyEvent,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_DEPTH_FROM_PARENT, CURRENT_TIME};

/// The code of the key O where X reads the keyboard by evdev.
const KEY_O: u8 = 32;

/// Another program: it has text selected, or grabs keys. What it had is free when it ends.
pub(crate) struct Other {
    conn: Arc<RustConnection>,
    /// What it answers who asks for its selection; none: nothing.
    text: Arc<Mutex<Option<String>>>,
}

impl Other {
    pub(crate) fn start() -> Result<Self, Box<dyn std::error::Error>> {
        let (conn, _) = RustConnection::connect(None)?;
        Ok(Self {
            conn: Arc::new(conn),
            text: Arc::default(),
        })
    }

    fn root(&self) -> u32 {
        self.conn.setup().roots[0].root
    }

    /// Selects a text there; none is a program that does not answer.
    pub(crate) fn select(&self, text: Option<&str>) -> Test {
        *self.text.lock().unwrap_or_else(PoisonError::into_inner) = text.map(str::to_owned);
        let (conn, window) = (&self.conn, self.conn.generate_id()?);
        let nothing = CreateWindowAux::new().event_mask(EventMask::NO_EVENT);
        let class = WindowClass::INPUT_ONLY;
        conn.create_window(COPY_DEPTH_FROM_PARENT, window, self.root(), 0, 0, 1, 1, 0, class, 0, &nothing)?;
        conn.set_selection_owner(window, AtomEnum::PRIMARY.into(), CURRENT_TIME)?.check()?;
        let (conn, text) = (self.conn.clone(), self.text.clone());
        std::thread::spawn(move || {
            while let Ok(event) = conn.wait_for_event() {
                let Event::SelectionRequest(asked) = event else { continue };
                let text = text.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let Some(text) = text else { continue };
                let told = SelectionNotifyEvent {
                    response_type: SELECTION_NOTIFY_EVENT,
                    sequence: 0,
                    time: asked.time,
                    requestor: asked.requestor,
                    selection: asked.selection,
                    target: asked.target,
                    property: asked.property,
                };
                let _ = conn.change_property8(PropMode::REPLACE, asked.requestor, asked.property, asked.target, text.as_bytes());
                let _ = conn.send_event(false, asked.requestor, EventMask::NO_EVENT, told);
                let _ = conn.flush();
            }
        });
        Ok(())
    }

    /// Takes a key with Ctrl and Alt.
    fn grab(&self, key: u8) -> Test {
        let keys = ModMask::CONTROL | ModMask::M1;
        let asked = self
            .conn
            .grab_key(false, self.root(), keys, key, GrabMode::ASYNC, GrabMode::ASYNC)?;
        Ok(asked.check()?)
    }

    fn let_go(&self, key: u8) -> Test {
        Ok(self.conn.ungrab_key(key, self.root(), ModMask::CONTROL | ModMask::M1)?.check()?)
    }
}

/// Opens the settings where the combinations stand.
pub(crate) async fn open_settings(app: &App) {
    app.look_at(Page::Workspace).await;
    app.press(Role::Button, "Настройки").await;
    app.press_at(".frame nav [data-section=general]").await;
}

pub(crate) async fn put_away() {
    screen::type_keys(&["Escape"]);
    off_screen("the dial window", dial_window).await;
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d2_a_key_pressed_anywhere_opens_the_dial_window_with_the_number_that_is_selected_there() -> Test {
    let other = Other::start()?;
    other.grab(KEY_O)?;
    let (desk, app) = Desk::at_work().await?;
    // Who came second is told so.
    open_settings(&app).await;
    app.sees("Не работает: это сочетание занято").await;
    app.picture("hotkeys-taken").await;

    let letter = OtherWindow::focused().await?;
    other.select(Some("Добрый день! Перезвоните: 8 (916) 123-45-67, спасибо\0\u{1b}[2J"))?;
    screen::type_keys(&["ctrl+alt+c"]);
    on_screen("the dial window", dial_window).await;
    filled(&app, "+7 (916) 123-45-67").await;
    app.sees("Иванов Иван Сергеевич").await;
    app.sees("Номер из выделенного текста").await;
    app.picture("hotkeys-dial").await;
    put_away().await;

    // A megabyte has an end, and several numbers are offered.
    let long = format!("8 (495) 765-43-21 доб. 12 или 8 921 555-01-34 {}", "слово ".repeat(1 << 17));
    other.select(Some(&long))?;
    run(&desk, &["dial", "--selection"], 0).await?;
    filled(&app, "+7 (495) 765-43-21 #12, +7 (921) 555-01-34").await;
    app.sees("Другие номера в тексте").await;
    // One that has no number in it, one whose program hangs, and one whose program has ended.
    other.select(Some("заказ 4471 от 12.11"))?;
    let said = run(&desk, &["dial", "--selection"], 4).await?;
    assert!(String::from_utf8(said.stderr)?.contains("no number"));
    app.sees("В выделенном тексте нет номера").await;
    other.select(None)?;
    let said = run(&desk, &["dial", "--selection"], 4).await?;
    assert!(String::from_utf8(said.stderr)?.contains("does not answer"));
    app.sees("Программа, в которой выделен текст, не отвечает").await;
    put_away().await;

    // What was taken is free, and the settings have it again.
    other.let_go(KEY_O)?;
    open_settings(&app).await;
    app.press_at(".frame nav [data-section=cases]").await;
    app.press_at(".frame nav [data-section=general]").await;
    eventually("the combination to be ours", PATIENCE, || async {
        let heard = app.invoke("hotkeys").await;
        (heard["taken"] == serde_json::json!([])).then_some(())
    })
    .await;
    screen::close(&on_screen("the workspace", workspace_window).await);
    off_screen("the workspace", workspace_window).await;
    screen::type_keys(&["ctrl+alt+o"]);
    on_screen("the workspace", workspace_window).await;
    screen::type_keys(&["ctrl+alt+h"]);
    app.look_at(Page::Workspace).await;
    app.sees("Личное скрыто.").await;
    assert_eq!(orders(&desk), 0, "nobody was dialled");
    drop(letter);
    app.close().await;
    Ok(())
}
