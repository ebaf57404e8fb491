//! The whole workflow without a mouse: what an agent does with a call, from its ringing to the reminder that it left.
//!
//! All that is done here is done by keys of a real keyboard; the pages are only read. [`Keyboard`] can do nothing else.

use crate::desk::{Desk, IVANOV, Test, off_screen, on_screen, popup_window};
use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::eventually;
use sandbox::CallSpec;
use sandbox::omnidesk::CaseDump;
use serde_json::json;
use std::time::Duration;

/// Numbers that nobody has in Omnidesk.
const STRANGER: &str = "79031112233";
const OTHER: &str = "79031112255";
/// How long who gives up lets it ring: calling back after a shorter ring would be asked about.
const RING: Duration = Duration::from_millis(3_200);
/// Somebody says something: a recording needs sound.
const SAID: Duration = Duration::from_millis(1_100);
/// A little longer than the popup takes keys for stray ones.
const GUARD: Duration = Duration::from_millis(1_600);
/// So many stops of the Tab key a page has at most, on the way to anything of this workflow.
const STOPS: usize = 60;

/// What has the keyboard in a page, by its role and all that names it; empty where nothing has.
const FOCUSED: &str = "const at = document.activeElement;
    if (at === null || at === document.body) return '';
    const named = (at.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
    const labels = [...(at.labels ?? [])].map((label) => label.textContent);
    return [at.localName, at.getAttribute('aria-label'), ...named, ...labels, at.textContent, at.placeholder].filter(Boolean).join(' · ')";

/// The agent's keyboard, and eyes on what it does.
struct Keyboard<'a>(&'a App);

impl Keyboard<'_> {
    /// Looks at a window and waits until it has the keyboard.
    async fn is_in(&self, page: Page) {
        self.0.look_at(page).await;
        eventually(&format!("the keyboard in {page:?}"), PATIENCE, || async {
            (self.0.run("return document.hasFocus()").await == true).then_some(())
        })
        .await;
    }

    fn press(&self, keys: &[&str]) {
        screen::type_keys(keys);
    }

    /// Types a text of plain letters.
    fn write(&self, text: &str) {
        let keys: Vec<String> = text
            .chars()
            .map(|letter| match letter {
                ' ' => "space".to_owned(),
                '/' => "slash".to_owned(),
                letter => letter.to_string(),
            })
            .collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        screen::type_keys(&keys);
    }

    async fn focused(&self) -> String {
        self.0.run(FOCUSED).await.as_str().map(str::to_owned).unwrap_or_default()
    }

    /// Waits until the keyboard is on something of this name.
    async fn is_on(&self, name: &str) {
        let arrived = tokio::time::timeout(PATIENCE, async {
            while !self.focused().await.contains(name) {
                tokio::time::sleep(ringside_tests::TICK).await;
            }
        });
        if arrived.await.is_err() {
            panic!("the keyboard is not on «{name}» but on «{}»", self.focused().await);
        }
    }

    /// Goes on by Tab until the keyboard is on something of this name.
    async fn tab_to(&self, name: &str) {
        let mut passed = Vec::new();
        while passed.len() < STOPS {
            let at = self.focused().await;
            if at.contains(name) {
                return;
            }
            passed.push(at);
            self.0.run("window.before = document.activeElement").await;
            self.press(&["Tab"]);
            eventually("the next stop of Tab", PATIENCE, || async {
                (self.0.run("return document.activeElement !== window.before").await == true).then_some(())
            })
            .await;
        }
        panic!("no way to «{name}» by Tab; it leads over {passed:#?}");
    }

    /// Presses what has this name, by Tab and Enter.
    async fn choose(&self, name: &str) {
        self.tab_to(name).await;
        self.press(&["Return"]);
    }

    /// From the workspace into the popup's card, which heeds no keys in its first second.
    async fn turn_to_popup(&self) {
        on_screen("the popup", popup_window).await;
        self.is_in(Page::Workspace).await;
        self.press(&["ctrl+shift+o"]);
        self.is_in(Page::Popup).await;
        tokio::time::sleep(GUARD).await;
    }

    /// Puts the popup away by a key, once more where the first was taken for a stray one.
    async fn put_away(&self, key: &str) {
        eventually("the popup to go", PATIENCE, || async {
            self.press(&[key]);
            let gone = tokio::time::timeout(PATIENCE / 8, off_screen("the popup", popup_window));
            gone.await.ok()
        })
        .await;
    }

    /// What stands in the field that has the keyboard.
    async fn holds(&self, text: &str) {
        eventually(&format!("«{text}» in the field"), PATIENCE, || async {
            let value = self.0.run("return document.activeElement.value").await;
            value.as_str()?.contains(text).then_some(())
        })
        .await;
    }
}

/// A desk of an office with a phrase and two labels.
async fn office() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::new().await?;
    let base = desk.sandbox.omnidesk_url().parse()?;
    let colleague = omnidesk::Client::new(omnidesk::Config::new(base, "boris@support.example", desk.sandbox.api_key()))?;
    for label in ["Жалоба", "Счёт"] {
        colleague.labels().create(label).await?;
    }
    let more = json!({
        "labels": ["Жалоба", "Счёт"],
        "phrases": [{ "title": "Invoice", "text": "Просит счёт по почте" }],
    });
    desk.provision_with("light", "ru", more)?;
    Ok(desk)
}

/// Whether something is said in a case's messages.
fn says(case: &CaseDump, text: &str) -> bool {
    case.messages.iter().any(|message| message.content.contains(text))
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn the_whole_workflow_goes_by_keys_alone() -> Test {
    let desk = office().await?;
    let app = desk.start().await?;
    let keys = Keyboard(&app);

    let case = a_stranger_is_linked_and_gets_a_case(&desk, &keys).await?;
    the_minute_after_the_call(&desk, &keys, &case).await?;
    missed_clients_are_called_back(&desk, &keys).await?;
    the_reminder_is_changed_and_ended(&desk, &keys, &case).await?;
    app.close().await;
    Ok(())
}

/// S10-S13, S05, S06: ringing, answered, found, linked, written down, over.
async fn a_stranger_is_linked_and_gets_a_case(desk: &Desk, keys: &Keyboard<'_>) -> Result<CaseDump, Box<dyn std::error::Error>> {
    let app = keys.0;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(STRANGER, "101"))?;
    on_screen("the popup", popup_window).await;
    keys.turn_to_popup().await;
    app.sees("+7 (903) 111-22-33").await;
    desk.sandbox.pbx().answer(&call)?;
    app.find(Role::Button, "Найти пользователя из базы").await;
    keys.choose("Найти пользователя из базы").await;

    keys.is_in(Page::Workspace).await;
    keys.is_on("Поиск пользователей").await;
    keys.write("ivanov");
    app.sees("Иванов Иван Сергеевич").await;
    eventually("the whole answer", PATIENCE, || async {
        (app.run("return document.querySelector('.turn') === null").await == true).then_some(())
    })
    .await;
    keys.press(&["Return"]);
    keys.is_on("Связать").await;
    let knows = |omnidesk: &sandbox::Omnidesk| omnidesk.users().iter().any(|user| user.to_string().contains("9031112233"));
    assert!(!knows(desk.sandbox.omnidesk()), "nobody has it before");
    keys.press(&["Return"]);
    app.find(Role::Heading, "Иванов Иван Сергеевич").await;
    assert!(
        desk.sandbox.omnidesk().until(PATIENCE, knows).await,
        "the number is in the user's data"
    );

    keys.choose("создать новое обращение по звонку").await;
    keys.is_on("Суть звонка").await;
    keys.write("no payment");
    keys.press(&["shift+Tab"]);
    keys.is_on("Тема").await;
    keys.write("Payment");
    keys.holds("Payment").await;
    keys.press(&["ctrl+Return"]);
    app.find(Role::Heading, "Payment").await;
    let case = desk
        .only_case("the case", |case| case.subject == "Payment" && says(case, "no payment"))
        .await;
    tokio::time::sleep(SAID).await;
    desk.sandbox.pbx().hang_up(&call)?;
    let case = desk
        .only_case("its end", |now| {
            now.case_id == case.case_id && now.status == "waiting" && now.messages.len() == 2
        })
        .await;
    app.sees("В ожидании").await;
    Ok(case)
}

/// The card after the call: a phrase, a label, a reminder, done.
async fn the_minute_after_the_call(desk: &Desk, keys: &Keyboard<'_>, case: &CaseDump) -> Test {
    let app = keys.0;
    keys.turn_to_popup().await;
    app.find(Role::Button, "Готово").await;
    keys.write("/inv");
    keys.is_on("Суть звонка").await;
    app.sees("Invoice").await;
    keys.press(&["Return"]);
    keys.holds("Просит счёт по почте").await;
    keys.press(&["Tab"]);
    keys.is_on("Жалоба").await;
    keys.press(&["2"]);
    app.at("[aria-pressed=true]").await;
    keys.choose("Перезвонить…").await;
    keys.is_on("Когда перезвонить").await;
    keys.press(&["1"]);
    app.sees("Изменить").await;
    screen::picture("keyboard-1-after-the-call");
    keys.put_away("Return").await;

    let now = || desk.sandbox.omnidesk().case(&case.case_number);
    let told = |now: &CaseDump| says(now, "Просит счёт по почте") && says(now, "Перезвонить ") && now.labels.contains(&"Счёт".to_owned());
    let came = desk.sandbox.omnidesk().until(PATIENCE, |_| now().as_ref().is_some_and(told)).await;
    assert!(came, "{:#?}", now());
    assert!(
        !now().is_some_and(|now| now.labels.contains(&"Жалоба".to_owned())),
        "one label was picked"
    );
    Ok(())
}

/// The missed inbox: one called back from the list, then the next.
async fn missed_clients_are_called_back(desk: &Desk, keys: &Keyboard<'_>) -> Test {
    let app = keys.0;
    for number in [OTHER, IVANOV] {
        let call = desk.sandbox.pbx().place(CallSpec::incoming(number, "101"))?;
        on_screen("the popup", popup_window).await;
        tokio::time::sleep(RING).await;
        desk.sandbox.pbx().hang_up(&call)?;
        let missed = |case: &CaseDump| case.status == "open" && case.subject.starts_with("Пропущенный");
        let count = |omnidesk: &sandbox::Omnidesk| omnidesk.new_cases().iter().filter(|case| missed(case)).count();
        let wanted = if number == OTHER { 1 } else { 2 };
        assert!(desk.sandbox.omnidesk().until(PATIENCE, |omnidesk| count(omnidesk) == wanted).await);
    }
    keys.turn_to_popup().await;
    app.sees("Пропущенный звонок").await;
    keys.put_away("Escape").await;

    keys.is_in(Page::Workspace).await;
    keys.press(&["ctrl+1"]);
    app.find(Role::Heading, "Звонки").await;
    keys.choose("Пропущенные").await;
    keys.tab_to("Иванов Иван Сергеевич").await;
    desk.steps_by_hand();
    keys.press(&["c"]);
    let (call, order) = desk.ordered().await;
    assert_eq!(order.query.get("extension").map(String::as_str), Some(IVANOV));
    desk.sandbox.pbx().answer(&call)?;
    desk.sandbox.pbx().answer(&call)?;
    tokio::time::sleep(SAID).await;
    desk.sandbox.pbx().hang_up(&call)?;
    let called_back = |omnidesk: &sandbox::Omnidesk| {
        let is = |case: &CaseDump| case.status == "waiting" && case.labels.contains(&"Перезвонили".to_owned());
        omnidesk.new_cases().iter().any(is)
    };
    assert!(
        desk.sandbox.omnidesk().until(PATIENCE, called_back).await,
        "{:#?}",
        desk.sandbox.omnidesk().new_cases()
    );
    keys.turn_to_popup().await;
    app.find(Role::Button, "Готово").await;
    screen::picture("keyboard-2-called-back");
    keys.put_away("Return").await;

    // The next one who waits.
    keys.is_in(Page::Workspace).await;
    keys.press(&["ctrl+1"]);
    app.find(Role::Heading, "Звонки").await;
    keys.choose("Следующий").await;
    keys.is_on("+7 (903) 111-22-55").await;
    screen::picture("keyboard-3-next");
    keys.press(&["Return"]);
    app.find(Role::Heading, "Пропущенный звонок с +7 (903) 111-22-55").await;
    Ok(())
}

/// The list of calls has the reminders that are ahead.
async fn the_reminder_is_changed_and_ended(desk: &Desk, keys: &Keyboard<'_>, case: &CaseDump) -> Test {
    let app = keys.0;
    keys.press(&["ctrl+1"]);
    app.sees("Перезвонить позже").await;
    let before = app.text().await;
    keys.choose("Изменить").await;
    keys.is_on("Когда перезвонить").await;
    keys.press(&["3"]);
    eventually("another time", PATIENCE, || async {
        (app.text().await != before && app.text().await.contains("Изменить")).then_some(())
    })
    .await;
    screen::picture("keyboard-4-reminder");
    keys.choose("Не напоминать").await;
    app.gone(Role::Heading, "Перезвонить позже").await;
    let promised = desk.sandbox.omnidesk().case(&case.case_number).ok_or("the case")?;
    let promises = promised.messages.iter().filter(|message| message.content.contains("Перезвонить "));
    assert_eq!(promises.count(), 1, "told once: {promised:#?}");
    Ok(())
}
