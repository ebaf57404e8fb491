//! Links and commands through a real second process (D2).

use crate::desk::{Desk, IVANOV, Test, dial_window, off_screen, on_screen, popup_window};
use crate::window::{App, PATIENCE, Page, Role};
use ringside_tests::{eventually, program};
use sandbox::CallSpec;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// The number as a link has it, as the field shows it, and as people see it.
const LINK: &str = "tel:+7-916-123-45-67;ext=12";
const KEYS: &str = "+79161234567#12";
const SHOWN: &str = "+7 (916) 123-45-67";

/// The button that calls, once it may be pressed: a window that a link has just opened waits a moment.
const CALL: &str = ".preview .positive:not(:disabled)";

/// Sooner than this after a call no link dials another by itself.
const APART: Duration = Duration::from_secs(2);

/// A second process of this desk's agent.
fn begun(desk: &Desk, arguments: &[&str]) -> Result<Child, Box<dyn std::error::Error>> {
    begun_with(desk, arguments, &[])
}

/// The same with more environment.
fn begun_with(desk: &Desk, arguments: &[&str], more: &[(&str, &Path)]) -> Result<Child, Box<dyn std::error::Error>> {
    let child = Command::new(program("ringside")?)
        .args(arguments)
        .envs(desk.environment())
        .envs(more.iter().copied())
        .env("LC_ALL", "en_US.UTF-8")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    Ok(child)
}

/// Waits for its end.
async fn ended(mut child: Child) -> Result<Output, Box<dyn std::error::Error>> {
    eventually("the second process to end", PATIENCE, || {
        let ended = child.try_wait();
        async move { ended.ok().flatten() }
    })
    .await;
    Ok(child.wait_with_output()?)
}

/// Runs one to its end, which has this status.
pub async fn run(desk: &Desk, arguments: &[&str], status: i32) -> Result<Output, Box<dyn std::error::Error>> {
    let output = ended(begun(desk, arguments)?).await?;
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {output:?}");
    Ok(output)
}

/// Waits until this stands in the dial window's field.
pub async fn filled(app: &App, keys: &str) {
    app.look_at(Page::Dial).await;
    let value = "return document.querySelector('[role=combobox]')?.value";
    eventually(&format!("{keys} in the field"), PATIENCE, || async {
        (app.run(value).await == keys).then_some(())
    })
    .await;
}

/// How many calls the PBX was asked for.
pub fn orders(desk: &Desk) -> usize {
    let requests = desk.sandbox.pbx().rest_requests();
    let is_order = |path: &str, method: &str| path == "channels" && method == "POST";
    requests.iter().filter(|request| is_order(&request.path, &request.method)).count()
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d2_a_link_fills_the_dial_window_of_the_running_program_and_the_agent_calls() -> Test {
    let desk = Desk::new().await?;
    desk.provision_with("light", "ru", serde_json::json!({ "linksAsk": "notCalledBefore" }))?;
    let app = desk.start().await?;
    desk.steps_by_hand();
    run(&desk, &[LINK], 0).await?;
    on_screen("the dial window", dial_window).await;
    filled(&app, KEYS).await;
    app.sees(SHOWN).await;
    app.sees("Иванов Иван Сергеевич").await;
    app.sees("Номер из ссылки или другой программы").await;
    app.picture("link-1").await;

    // Ten at once are one window, with one of them in it.
    let numbers: Vec<String> = (0..10).map(|last| format!("tel:+7921555013{last}")).collect();
    let children: Vec<Child> = numbers.iter().map(|link| begun(&desk, &[link])).collect::<Result<_, _>>()?;
    for child in children {
        assert_eq!(ended(child).await?.status.code(), Some(0));
    }
    app.sees("+7 (921) 555-01-3").await;
    on_screen("the dial window", dial_window).await;

    // What a code does is asked about as ever, and what is no number is said.
    run(&desk, &["tel:*21*101%23"], 0).await?;
    filled(&app, "*21*101#").await;
    app.press_at(CALL).await;
    app.find(Role::Button, "Всё равно позвонить").await;
    let bad = run(&desk, &["tel:101&PJSIP/102"], 4).await?;
    assert!(String::from_utf8(bad.stderr)?.contains("no number"));
    app.sees("В этой ссылке нет номера").await;
    assert_eq!(orders(&desk), 0, "nobody was dialled so far");

    run(&desk, &["dial", "8", "(916)", "123-45-67"], 0).await?;
    filled(&app, "89161234567").await;
    app.sees(SHOWN).await;
    app.press_at(CALL).await;
    let (call, order) = desk.ordered().await;
    assert_eq!(order.query.get("extension").map(String::as_str), Some(IVANOV));
    off_screen("the dial window", dial_window).await;
    who_was_called_before_needs_no_press(&desk, &app, &call).await?;
    app.close().await;
    Ok(())
}

/// The agent's choice `notCalledBefore`, once `call` to [`IVANOV`] is over: his link dials, another one is asked about.
async fn who_was_called_before_needs_no_press(desk: &Desk, app: &App, call: &str) -> Test {
    let pbx = desk.sandbox.pbx();
    for _ in ["the agent", "the client"] {
        pbx.answer(call)?;
    }
    pbx.hang_up(call)?;
    eventually("no call", PATIENCE, || async {
        let said = run(desk, &["status", "--json"], 0).await.ok()?.stdout;
        let said: serde_json::Value = serde_json::from_slice(&said).ok()?;
        (said["calls"] == 0).then_some(())
    })
    .await;
    run(desk, &["tel:+7-921-555-01-40"], 0).await?;
    on_screen("the dial window", dial_window).await;
    filled(app, "+79215550140").await;
    assert_eq!(orders(desk), 1);

    // So much lies between two calls at least; how fast this machine is should not decide that.
    tokio::time::sleep(APART).await;
    run(desk, &["tel:+7-916-123-45-67"], 0).await?;
    assert!(pbx.until(PATIENCE, |_| orders(desk) == 2).await, "dialled without a press");
    let dialled = pbx
        .rest_requests()
        .into_iter()
        .rfind(|request| request.method == "POST" && request.path == "channels");
    let dialled = dialled.and_then(|order| order.query.get("extension").cloned());
    assert_eq!(dialled.as_deref(), Some(IVANOV));
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d2_a_second_process_asks_how_the_program_stands_and_opens_its_pages() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let said = run(&desk, &["status", "--json"], 0).await?.stdout;
    let said: serde_json::Value = serde_json::from_slice(&said)?;
    assert_eq!(
        (&said["running"], &said["stage"], &said["pbx"]),
        (&true.into(), &"ready".into(), &"up".into())
    );
    let said = String::from_utf8(run(&desk, &["status"], 0).await?.stdout)?;
    assert!(said.contains("is running") && said.contains("PBX connected"), "{said}");

    app.look_at(Page::Workspace).await;
    run(&desk, &["show", "settings"], 0).await?;
    app.find(Role::Heading, "Настройки").await;
    let cases = desk.sandbox.omnidesk().cases();
    let case = cases.iter().find(|case| !case.subject.is_empty()).ok_or("no case")?;
    run(&desk, &["open-case", &case.case_number], 0).await?;
    app.find(Role::Heading, &case.subject).await;
    let said = run(&desk, &["open-case", "999-999999"], 5).await?;
    assert!(String::from_utf8(said.stderr)?.contains("no case"));
    popups_are_paused_and_come_again(&desk, &app).await?;
    diagnostics_are_written_without_persons(&desk).await?;
    app.close().await;
    Ok(())
}

/// `pause`, in its forms; the workspace shows it.
async fn popups_are_paused_and_come_again(desk: &Desk, app: &App) -> Test {
    let paused = run(desk, &["pause", "30m"], 0).await?;
    let said = String::from_utf8(paused.stdout)?;
    assert!(said.starts_with("Popups paused until ") && said.lines().count() == 1, "{said}");
    app.sees("Карточки звонков на паузе до").await;
    let paused = run(desk, &["pause"], 0).await?;
    assert_eq!(String::from_utf8(paused.stdout)?, "Popups paused\n");
    app.sees("Карточки звонков на паузе.").await;
    let wrong = run(desk, &["pause", "1w"], 2).await?;
    assert!(String::from_utf8(wrong.stderr)?.contains("30m, 2h"));
    let resumed = run(desk, &["pause", "off"], 0).await?;
    assert_eq!(String::from_utf8(resumed.stdout)?, "Popups come\n");
    eventually("no pause in the window", PATIENCE, || async {
        (!app.text().await.contains("на паузе")).then_some(())
    })
    .await;
    Ok(())
}

/// `export-diagnostics`, after a call and with names, numbers and secrets in everything.
async fn diagnostics_are_written_without_persons(desk: &Desk) -> Test {
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    on_screen("the popup", popup_window).await;
    desk.sandbox.pbx().hang_up(&call)?;
    let file = desk.file("state.txt");
    let path = file.to_str().ok_or("a path")?;
    run(desk, &["export-diagnostics", path], 0).await?;
    assert_eq!(std::fs::metadata(&file)?.permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&file)?;
    for part in ["== state\n", "\"pbx\"", "== settings\n", "\"origins\"", "== log\n", " INFO engine"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let provided = std::fs::read_to_string(desk.file("setup.json"))?;
    let provided: serde_json::Value = serde_json::from_str(&provided)?;
    let host = |key: &str| {
        provided[key]
            .as_str()
            .and_then(|url| url.split("//").nth(1))
            .unwrap_or_default()
            .to_owned()
    };
    let secrets = [desk.sandbox.pbx_password(), desk.sandbox.api_key()].map(str::to_owned);
    let persons = ["9161234567", "Иванов", "Ivanov", "support.example"].map(str::to_owned);
    let addresses = [host("pbxUrl"), host("omnideskUrl"), desk.file("data").display().to_string()];
    for kept in secrets.iter().chain(&persons).chain(&addresses) {
        assert!(kept.len() > 3, "nothing was looked for: {kept:?}");
        assert!(!text.contains(kept.as_str()), "{kept} in {text}");
    }

    // What is there stays, unless it is said; a pipe gets the same text.
    let refused = run(desk, &["export-diagnostics", path], 6).await?;
    assert!(String::from_utf8(refused.stderr)?.contains("--force"));
    assert_eq!(std::fs::read_to_string(&file)?, text);
    run(desk, &["export-diagnostics", "--force", path], 0).await?;
    let piped = run(desk, &["export-diagnostics", "-"], 0).await?;
    assert!(String::from_utf8(piped.stdout)?.contains("== settings\n"));
    // Who tests as root may write everywhere but where no file can be.
    let refused = run(desk, &["export-diagnostics", "/proc/state.txt"], 6).await?;
    let said = String::from_utf8(refused.stderr)?;
    assert!(said.starts_with("ringside: \"/proc/state.txt\": "), "{said}");
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d2_where_no_program_runs_a_link_starts_it_and_a_question_does_not() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let said = run(&desk, &["status"], 3).await?;
    assert!(String::from_utf8(said.stderr)?.contains("not running"));
    let said = run(&desk, &["status", "--json"], 3).await?;
    assert_eq!(said.stdout, b"{\"running\":false}\n");
    run(&desk, &["pause", "30m"], 3).await?;
    let file = desk.file("state.txt");
    run(&desk, &["export-diagnostics", file.to_str().ok_or("a path")?], 3).await?;
    assert!(!file.exists() && !desk.file("data").exists(), "a question made a data folder");

    let app = desk.start_with(&[LINK], &[]).await?;
    filled(&app, KEYS).await;
    on_screen("the dial window", dial_window).await;
    app.sees("Иванов Иван Сергеевич").await;
    assert_eq!(orders(&desk), 0);
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d2_links_are_taken_in_the_settings_opened_by_the_desktop_and_given_back() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let home = Home::of(&desk)?;
    let own = home.environment();
    let data = &home.share;
    let app = desk.start_with(&[], &own).await?;
    app.look_at(Page::Workspace).await;
    app.press(Role::Button, "Настройки").await;
    app.press_at(".frame nav [data-section=dialling]").await;
    app.press(Role::Button, "Открывать в Ringside").await;
    app.sees("открывает Ringside").await;
    app.picture("links-taken").await;

    let opener = Command::new("xdg-open")
        .arg(LINK)
        .envs(desk.environment())
        .envs(own.clone())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let opened = ended(opener).await?;
    assert!(opened.status.success(), "{opened:?}");
    filled(&app, KEYS).await;
    on_screen("the dial window", dial_window).await;
    assert_eq!(orders(&desk), 0);

    app.look_at(Page::Workspace).await;
    app.press(Role::Button, "Вернуть как было").await;
    app.find(Role::Button, "Открывать в Ringside").await;
    assert!(!data.join("applications/ringside-links.desktop").exists());
    app.close().await;
    Ok(())
}

/// A person's own folders and a system without other programs: nothing of the desktop that the tests run on is changed or looked at.
struct Home {
    config: PathBuf,
    cache: PathBuf,
    share: PathBuf,
    system: PathBuf,
}

impl Home {
    fn of(desk: &Desk) -> Result<Self, Box<dyn std::error::Error>> {
        let [config, cache, share, system] = ["config", "cache", "share", "system"].map(|name| desk.file(name));
        std::fs::create_dir(&config)?;
        std::fs::create_dir(&system)?;
        // What windows are drawn with; which programs there are is not taken along.
        for part in ["glib-2.0", "icons", "mime", "themes"] {
            let there = Path::new("/usr/share").join(part);
            if there.exists() {
                std::os::unix::fs::symlink(there, system.join(part))?;
            }
        }
        Ok(Self {
            config,
            cache,
            share,
            system,
        })
    }

    /// For the app and for the desktop's own programs, which are to take the desktop for none that they know.
    fn environment(&self) -> Vec<(&'static str, &Path)> {
        let none = [
            "XDG_CURRENT_DESKTOP",
            "DESKTOP_SESSION",
            "KDE_FULL_SESSION",
            "GNOME_DESKTOP_SESSION_ID",
        ];
        let mut environment = vec![
            ("XDG_CONFIG_HOME", self.config.as_path()),
            ("XDG_CACHE_HOME", self.cache.as_path()),
            ("XDG_DATA_HOME", self.share.as_path()),
            ("XDG_DATA_DIRS", self.system.as_path()),
        ];
        environment.extend(none.map(|name| (name, Path::new(""))));
        environment
    }
}

/// A link that sets a computer up as this desk's stand-ins want it.
fn enrolment(desk: &Desk) -> String {
    let sandbox = &desk.sandbox;
    let [pbx_url, pbx_user, context] = [sandbox.pbx_url(), sandbox.pbx_user().to_owned(), sandbox.context().to_owned()];
    let (omnidesk, email) = (sandbox.omnidesk_url(), sandbox.staff_email());
    format!(
        "ringside://setup?v=1&pbxUrl={pbx_url}&pbxUser={pbx_user}&extension=101&context={context}&omnideskUrl={omnidesk}\
         &email={email}&channel=cch101&language=ru"
    )
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d6_from_an_empty_computer_a_link_leads_to_the_first_call_and_later_changes_only_what_the_agent_agrees_to() -> Test {
    let desk = Desk::new().await?;
    let home = Home::of(&desk)?;
    let share = &home.share;
    let mut own = home.environment();
    // As it is installed: in the usual data folder, and known to the desktop.
    own.extend([("RINGSIDE_DATA_DIR", Path::new("")), ("RINGSIDE_INSTALLED", Path::new("1"))]);
    let app = desk.start_empty(&own).await?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Подключение к АТС").await;
    let file = share.join("applications/ringside-setup.desktop");
    eventually("its links to open here", PATIENCE, || async {
        let opened = Command::new("xdg-mime")
            .args(["query", "default", "x-scheme-handler/ringside"])
            .envs(own.clone())
            .output();
        let opened = opened.is_ok_and(|opened| opened.stdout.starts_with(b"ringside-setup.desktop"));
        (opened && file.exists()).then_some(())
    })
    .await;

    let opener = Command::new("xdg-open")
        .arg(enrolment(&desk))
        .envs(desk.environment())
        .envs(own.clone())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let opened = ended(opener).await?;
    assert!(opened.status.success(), "{opened:?}");
    app.find(Role::Heading, "Настройка по ссылке").await;
    app.sees("не задано").await;
    app.picture("enrol-1-empty").await;
    // The tests' secrets are of the environment, which takes a yes.
    app.press_at("form input[type=checkbox]").await;
    app.press_at("form [type=submit]:not(:disabled)").await;
    app.find(Role::Heading, "Подключение к АТС").await;
    app.press_at("form [type=submit]").await;
    app.find(Role::Heading, "Подключение к Омнидеску").await;
    app.press_at("form [type=submit]").await;
    app.find(Role::Heading, "Позвоните себе").await;
    desk.is_watched().await;
    desk.trial_call_is_followed(&app).await?;
    app.picture("enrol-2-trial").await;
    desk.trial_is_left(&app).await;
    desk.answered(&app).await?;

    // Now it works: what a link says is shown, and changes nothing by itself.
    let again = |link: &str, status| {
        let link = link.to_owned();
        let (desk, own) = (&desk, &own);
        async move {
            let child = begun_with(desk, &[&link], own)?;
            let output = ended(child).await?;
            assert_eq!(output.status.code(), Some(status), "{link}: {output:?}");
            Ok::<_, Box<dyn std::error::Error>>(output)
        }
    };
    let refused = again("ringside://setup?v=1&region=KZ&pbxPassword=x", 7).await?;
    assert!(String::from_utf8(refused.stderr)?.contains("cannot set up"));
    app.sees("В ссылке есть пароль или ключ").await;
    again("ringside://setup?v=1&region=KZ&extension=101", 0).await?;
    app.sees("Казахстан").await;
    app.picture("enrol-3-offer").await;
    app.press(Role::Button, "Не менять").await;
    again("ringside://setup?v=1&region=KZ", 0).await?;
    app.press_at("form [type=submit]:not(:disabled)").await;
    app.find(Role::Heading, "Настройки").await;
    again("ringside://setup?v=1&region=KZ", 0).await?;
    app.sees("всё уже настроено").await;
    app.press(Role::Button, "Закрыть").await;

    app.press(Role::Button, "Настройки").await;
    app.press(Role::Button, "Создать ссылку").await;
    app.sees("region=KZ").await;
    app.sees("Пароля и ключа здесь нет").await;
    app.picture("enrol-4-made").await;
    app.close().await;
    Ok(())
}
