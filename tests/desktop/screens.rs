//! Every screen, as the product's own engine draws it: each scene of the interface's stand-in back end, in
//! both languages and both themes (English in the dark one alone unless `RINGSIDE_EVERY_LOOK` is set), gone
//! through by axe-core and by eyes of our own (`inspect.js`).
//!
//! The built interface opens in WebKit's small browser as it does in the app, save that without the app it
//! takes its back end from the scene named in the address. One page per kind of window, at that window's
//! size, is used for all its scenes. Each screen is kept as `target/screens/<scene>.<language>.<theme>.png`;
//! states that show only after a click (`deeds.rs`) are `<scene>+<state>`, the narrow workspace is `<scene>-760`.
//!
//! `RINGSIDE_UI` names another folder than `ui/dist`; `RINGSIDE_SCENES=popup-,ws-case` looks only at scenes
//! whose names begin so. `RINGSIDE_PART=1/2` looks at every second scene from the first on, so that two browsers share the way.

use crate::{
    deeds::{self, State, reach},
    mini_browser, site,
    window::App,
};
use ringside_tests::repository;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

type Test<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// A language, and the themes it is looked at in, each with what is looked for: the first as it is opened, and what it is
/// turned to then.
type Looks = (&'static str, &'static [(&'static str, Look)]);

/// Colours do not depend on the language, nor roles and names of what is there on either: what does is looked for in each.
const LOOKS: [Looks; 2] = [
    ("ru", &[("light", Look::Whole), ("dark", Look::Colours)]),
    ("en", &[("dark", Look::Words)]),
];
/// With `RINGSIDE_EVERY_LOOK`, as long again: everything in each language, and a picture of each theme.
const EVERY_LOOK: [Looks; 2] = [
    ("ru", &[("light", Look::Whole), ("dark", Look::Colours)]),
    ("en", &[("dark", Look::Whole), ("light", Look::Colours)]),
];

fn looks() -> &'static [Looks] {
    match std::env::var_os("RINGSIDE_EVERY_LOOK") {
        Some(_) => &EVERY_LOOK,
        None => &LOOKS,
    }
}

/// A window of the app: what its scenes begin with, its page and its size.
struct Window {
    scenes: &'static str,
    page: &'static str,
    size: (u32, u32),
}

/// The workspace comes last: it takes every scene that is nobody else's.
const WINDOWS: [Window; 4] = [
    Window {
        scenes: "popup-",
        page: "popup.html",
        size: (380, 560),
    },
    Window {
        scenes: "dial-",
        page: "dial.html",
        size: (400, 560),
    },
    Window {
        scenes: "start-",
        page: "start.html",
        size: (560, 420),
    },
    WORKSPACE,
];
const WORKSPACE: Window = Window {
    scenes: "",
    page: "index.html",
    size: (1080, 720),
};
/// As narrow as the workspace's window gets.
const NARROW: (u32, u32) = (760, 560);

/// What is wrong with a screen: the rule it breaks, and how; and where on the page.
struct Finding {
    fault: (String, String),
    target: String,
}

impl Finding {
    fn new(rule: &str, target: &str, summary: &str) -> Self {
        Self {
            fault: (rule.to_owned(), summary.to_owned()),
            target: target.to_owned(),
        }
    }
}

/// The same fault in many places and on many screens is one entry: the places, the screens.
type Findings = BTreeMap<(String, String), (BTreeSet<String>, BTreeSet<String>)>;

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only screens"]
async fn every_screen_reads_well_in_both_languages_and_themes() -> Test {
    let mut tour = Tour::start().await?;
    let scenes = tour.scenes().await?;
    let strangers: Vec<&str> = deeds::scenes().filter(|name| !scenes.iter().any(|scene| scene == name)).collect();
    assert!(strangers.is_empty(), "deeds.rs names scenes that do not exist: {strangers:?}");
    let scenes = chosen(scenes);
    assert!(!scenes.is_empty(), "no scene is chosen");
    for (place, window) in WINDOWS.iter().enumerate() {
        let mine: Vec<&str> = of_window(&scenes, place).collect();
        if !mine.is_empty() {
            tour.whole(window, &mine).await?;
        }
    }
    tour.narrow(of_window(&scenes, WINDOWS.len() - 1)).await?;
    tour.app.close().await;
    println!("{} screens of {} scenes", tour.seen, scenes.len());
    assert!(tour.findings.is_empty(), "{}", report(&tour.findings));
    Ok(())
}

/// A scene in one language.
struct Screen<'a> {
    page: &'a str,
    scene: &'a str,
    language: &'a str,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Everything.
    Whole,
    /// Only what depends on the theme.
    Colours,
    /// Only what depends on the language: words and edges.
    Words,
    /// Only what depends on the width.
    Edges,
}

impl Look {
    /// As the page's script calls it.
    const fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Colours => "colours",
            Self::Words => "words",
            Self::Edges => "edges",
        }
    }
}

/// The browser on its way through the screens.
struct Tour {
    app: App,
    site: String,
    keys: Vec<String>,
    findings: Findings,
    seen: usize,
    _home: tempfile::TempDir,
}

impl Tour {
    async fn start() -> Test<Self> {
        let home = tempfile::tempdir()?;
        Ok(Self {
            app: browser(home.path()).await?,
            site: site::serve().await?,
            keys: message_keys()?,
            findings: Findings::new(),
            seen: 0,
            _home: home,
        })
    }

    /// The names of all scenes. The page itself tells them when it is asked for one that does not exist.
    async fn scenes(&self) -> Test<Vec<String>> {
        self.app.open(&format!("{}/index.html?fake=-", self.site)).await;
        // The first run's refusal is gone; under another address the same program runs, and refuses, again.
        let script = "const done = arguments[0]
            const program = document.querySelector('script[type=module]').src
            import(program + '?again').then(() => done(''), (refusal) => done(String(refusal?.message)))";
        let answer = self.app.ask(script, Vec::new()).await;
        let refusal = answer.as_str().unwrap_or_default();
        let names = refusal.strip_prefix("no such scene; there are: ");
        let names = names.ok_or_else(|| format!("the page does not tell its scenes: {answer}"))?;
        Ok(names.split(", ").map(str::to_owned).collect())
    }

    /// All scenes of one window, with their states.
    async fn whole(&mut self, window: &Window, scenes: &[&str]) -> Test {
        let page = window.page;
        self.app.new_window(window.size).await;
        for scene in scenes {
            for (language, themes) in looks() {
                let screen = Screen { page, scene, language };
                self.visit(&screen, themes, None).await?;
                for state in deeds::states(scene) {
                    self.visit(&screen, themes, Some(state)).await?;
                }
            }
        }
        Ok(())
    }

    /// The workspace at its narrowest. Colours and roles do not change with the width; edges do.
    async fn narrow(&mut self, scenes: impl Iterator<Item = &str>) -> Test {
        let page = WORKSPACE.page;
        self.app.new_window(NARROW).await;
        for scene in scenes {
            let name = format!("{scene}-{}", NARROW.0);
            for (language, themes) in looks() {
                let (theme, _) = themes[0];
                self.open(&Screen { page, scene, language }, theme).await;
                self.look(&name, language, theme, Look::Edges).await?;
            }
        }
        Ok(())
    }

    /// Looks at a scene, or a state of it, in these themes.
    async fn visit(&mut self, screen: &Screen<'_>, themes: &[(&str, Look)], state: Option<&State>) -> Test {
        self.open(screen, themes[0].0).await;
        let mut name = screen.scene.to_owned();
        if let Some(state) = state {
            let _ = write!(name, "+{}", state.name);
        }
        if let Err(deed) = reach(&self.app, screen.scene, state).await {
            self.note(&format!("{name} {}", screen.language), Finding::new("unreachable", &name, &deed));
        }
        for (place, (theme, look)) in themes.iter().enumerate() {
            // What is there stays the same, and an attribute says which colours it has: no need to load it again.
            if place > 0 {
                self.app.run(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
            }
            self.look(&name, screen.language, theme, *look).await?;
        }
        Ok(())
    }

    async fn open(&self, screen: &Screen<'_>, theme: &str) {
        let Screen { page, scene, language } = screen;
        let address = format!("{}/{page}?fake={scene}&lang={language}&theme={theme}", self.site);
        self.app.open(&address).await;
    }

    async fn look(&mut self, name: &str, language: &str, theme: &str, look: Look) -> Test {
        for finding in self.inspect(language, theme, look).await? {
            self.note(&format!("{name} {language} {theme}"), finding);
        }
        self.app.picture(&format!("{name}.{language}.{theme}")).await;
        self.seen += 1;
        Ok(())
    }

    fn note(&mut self, screen: &str, finding: Finding) {
        let (targets, screens) = self.findings.entry(finding.fault).or_default();
        targets.insert(finding.target);
        screens.insert(screen.to_owned());
    }

    /// What is wrong with the screen that is open.
    async fn inspect(&self, language: &str, theme: &str, look: Look) -> Test<Vec<Finding>> {
        let arguments = vec![json!(language), json!(theme), json!(self.keys), json!(look.name())];
        let answer = self.app.ask(include_str!("inspect.js"), arguments).await;
        let found = answer.as_array().ok_or_else(|| format!("no list of findings: {answer}"))?;
        let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let finding = |one| Finding::new(&text(one, "rule"), &text(one, "target"), &text(one, "summary"));
        Ok(found.iter().map(finding).collect())
    }

    /// The rules that the open screen breaks.
    async fn broken(&self, language: &str, theme: &str) -> Test<Vec<String>> {
        let findings = self.inspect(language, theme, Look::Whole).await?;
        Ok(findings.into_iter().map(|finding| finding.fault.0).collect())
    }
}

/// A screen that is spoilt on purpose, fault by fault: the same eyes must see every one.
#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only screens"]
async fn faults_put_into_a_screen_are_found() -> Test {
    let tour = Tour::start().await?;
    tour.app.new_window(WORKSPACE.size).await;
    let faults = [
        ("color-contrast (serious)", "<p style='color: #ccc; background: #fff'>Бледно</p>"),
        ("button-name (critical)", "<button></button>"),
        (
            "scrolls-sideways",
            "<div style='overflow-x: auto'><p style='width: 3000px'>Да</p></div>",
        ),
        ("raw-text", "<p>common_retry</p>"),
        ("raw-text", "<img alt='{name}'>"),
        ("native-tooltip", "<p title='Кто'>Кто</p>"),
        ("clipped-text", "<p style='width: 9px; overflow: hidden'>Обрезано</p>"),
        ("clipped-text", "<p style='position: fixed; left: 1070px'>Обрезано</p>"),
    ];
    let screen = Screen {
        page: WORKSPACE.page,
        scene: "ws-empty",
        language: "ru",
    };
    for (rule, html) in faults {
        tour.open(&screen, "light").await;
        assert_eq!(tour.broken("ru", "light").await?, [""; 0]);
        let spoil = format!("document.querySelector('h1').insertAdjacentHTML('afterend', `{html}`)");
        tour.app.run(&spoil).await;
        assert_eq!(tour.broken("ru", "light").await?, [rule], "{html}");
    }
    tour.open(&screen, "light").await;
    assert_eq!(tour.broken("en", "dark").await?, ["language", "theme"]);
    tour.app.open("about:blank").await;
    assert_eq!(tour.broken("ru", "light").await?, ["error"]);
    tour.app.close().await;
    Ok(())
}

fn of_window(scenes: &[String], place: usize) -> impl Iterator<Item = &str> {
    scenes.iter().map(String::as_str).filter(move |scene| window_of(scene) == place)
}

fn window_of(scene: &str) -> usize {
    WINDOWS.iter().take_while(|window| !scene.starts_with(window.scenes)).count()
}

/// WebKit's small browser, which lets the test open windows and draws without animations.
async fn browser(home: &Path) -> Test<App> {
    let program = mini_browser().ok_or("MiniBrowser comes with libwebkit2gtk-4.1-0 and is not there")?;
    fs::create_dir_all(home.join("gtk-3.0"))?;
    fs::write(home.join("gtk-3.0/settings.ini"), "[Settings]\ngtk-enable-animations=0\n")?;
    let arguments = ["--automation", "--javascript-can-open-windows-automatically=true"];
    let environment = [("HOME", home), ("XDG_CONFIG_HOME", home)];
    Ok(App::start(&program, &arguments, &environment, &home.join("driver.log")).await?)
}

fn chosen(mut scenes: Vec<String>) -> Vec<String> {
    if let Ok(wanted) = std::env::var("RINGSIDE_SCENES") {
        scenes.retain(|scene| wanted.split(',').any(|start| scene.starts_with(start)));
    }
    match std::env::var("RINGSIDE_PART") {
        Ok(part) => part_of(scenes, &part),
        Err(_) => scenes,
    }
}

/// The scenes of one part of several ("2/3"), dealt out one by one, as neighbours are alike and take equally long.
fn part_of(scenes: Vec<String>, part: &str) -> Vec<String> {
    let numbers = part
        .split_once('/')
        .and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
    match numbers {
        Some((part, parts)) if (1..=parts).contains(&part) => scenes.into_iter().skip(part - 1).step_by(parts).collect(),
        _ => panic!("RINGSIDE_PART is a part of so many, as 1/2, and not {part}"),
    }
}

/// The keys of all messages; none of them is a text.
fn message_keys() -> Test<Vec<String>> {
    let mut keys = Vec::new();
    for file in fs::read_dir(repository().join("ui/messages/ru"))? {
        let messages: serde_json::Map<String, Value> = serde_json::from_slice(&fs::read(file?.path())?)?;
        keys.extend(messages.into_iter().map(|(key, _)| key));
    }
    Ok(keys)
}

fn report(findings: &Findings) -> String {
    let mut text = format!("{} findings:\n", findings.len());
    for ((rule, summary), (targets, screens)) in findings {
        let _ = writeln!(text, "\n{rule}");
        for line in summary.lines() {
            let _ = writeln!(text, "    {}", line.trim());
        }
        let _ = writeln!(text, "    at: {}", some_of(targets));
        let _ = writeln!(text, "    on: {}", some_of(screens));
    }
    text
}

/// Enough of them to begin with.
fn some_of(names: &BTreeSet<String>) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    let more = names.len() - shown.len();
    let end = if more == 0 {
        String::new()
    } else {
        format!(" … and {more} more")
    };
    shown.join(", ") + &end
}

#[test]
fn scenes_go_to_the_window_they_are_named_after() {
    let page = |scene| WINDOWS[window_of(scene)].page;
    assert_eq!(page("popup-missed"), "popup.html");
    assert_eq!(page("dial-number"), "dial.html");
    assert_eq!(page("start-newer"), "start.html");
    assert_eq!(page("ws-profile"), "index.html");
}

#[test]
fn the_parts_have_each_scene_once() {
    let scenes: Vec<String> = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
    assert_eq!(part_of(scenes.clone(), "1/2"), ["a", "c", "e"]);
    assert_eq!(part_of(scenes.clone(), "2/2"), ["b", "d"]);
    assert_eq!(part_of(scenes.clone(), "1/1"), scenes);
    for nonsense in ["0/2", "3/2", "1/0", "1", "a/b", ""] {
        assert!(std::panic::catch_unwind(|| part_of(Vec::new(), nonsense)).is_err(), "{nonsense}");
    }
}

#[test]
fn one_fault_of_many_screens_is_told_once_with_the_first_of_them() {
    let fault = ("color-contrast (serious)".to_owned(), "Fix any:\n  2.9 instead of 4.5".to_owned());
    let screens = (1..=8).map(|number| format!("ws-calls-{number} ru light")).collect();
    let targets = BTreeSet::from([".hint".to_owned()]);
    let text = report(&Findings::from([(fault, (targets, screens))]));
    assert!(text.contains("color-contrast (serious)\n    Fix any:\n    2.9 instead of 4.5\n    at: .hint\n"));
    assert!(text.contains("    on: ws-calls-1 ru light, ws-calls-2 ru light"), "{text}");
    assert!(text.ends_with("ws-calls-6 ru light … and 2 more\n"), "{text}");
}
