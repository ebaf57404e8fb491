//! Where the popup stands: in each corner, on each of two screens, clear of panels.

use crate::desk::{Desk, IVANOV, Test, dial_window, on_screen, popup_window, window_of_width, workspace_window};
use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::eventually;
use sandbox::CallSpec;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The private screen.
const SCREEN: [i32; 2] = [1280, 800];
const MARGIN: i32 = 12;
/// At 125 %.
const POPUP_LARGER: i32 = 475;
const DIAL_LARGER: i32 = 500;
/// Higher than a line and lower than any card.
const LINE: i32 = 60;
/// Each corner as the settings call it: whether it is at the left, and whether at the bottom.
const CORNERS: [(&str, bool, bool); 4] = [
    ("topLeft", true, false),
    ("bottomLeft", true, true),
    ("bottomRight", false, true),
    ("topRight", false, false),
];

/// Chooses in the workspace's settings, and waits until it is kept.
async fn choose(app: &App, list: &str, value: &str) {
    let css = format!("select[aria-label='{list}']");
    app.at(&css).await;
    app.run(&format!(
        "const list = document.querySelector(\"{css}\"); list.value = '{value}'; list.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ))
    .await;
}

async fn open_settings(app: &App) {
    app.look_at(Page::Workspace).await;
    app.press(Role::Button, "Настройки").await;
    app.press(Role::Button, "Общие").await;
}

/// Whether something of this place and size is in that corner of a screen.
fn is_in_corner([left, top, width, height]: [i32; 4], (is_left, is_low): (bool, bool), [from, until]: [i32; 2]) -> bool {
    let across = if is_left {
        left == from + MARGIN
    } else {
        left + width == until - MARGIN
    };
    let down = if is_low {
        top + height == SCREEN[1] - MARGIN
    } else {
        top == MARGIN
    };
    across && down
}

/// Waits until the popup stands so; a failure says where it stands instead.
async fn stands(what: &str, place: impl Fn() -> Option<[i32; 4]>, is: impl Fn([i32; 4]) -> bool) {
    let stood = tokio::time::timeout(PATIENCE, async {
        while !place().is_some_and(&is) {
            tokio::time::sleep(ringside_tests::TICK).await;
        }
    });
    assert!(stood.await.is_ok(), "waited in vain for {what}; the popup is at {:?}", place());
}

/// Waits until the popup stands where it does unless somebody has chosen otherwise.
pub async fn is_in_its_corner() {
    let is_there = |at| is_in_corner(at, (false, false), [0, SCREEN[0]]);
    stands("a card in its corner", place, is_there).await;
}

fn place() -> Option<[i32; 4]> {
    screen::place(&popup_window()?)
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s01_the_popup_stands_in_the_corner_that_is_chosen_and_gives_way_to_the_workspace_from_each() -> Test {
    let (desk, app) = Desk::at_work().await?;
    open_settings(&app).await;
    choose_sound(&app).await;
    hear(&app).await;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    on_screen("the popup", popup_window).await;
    app.look_at(Page::Popup).await;
    is_heard(&app, "playing").await;
    app.look_at(Page::Workspace).await;
    for (corner, is_left, is_low) in CORNERS {
        choose(&app, "Угол для карточки звонка", corner).await;
        let is_there = |at: [i32; 4]| at[3] > LINE && is_in_corner(at, (is_left, is_low), [0, SCREEN[0]]);
        stands(&format!("a card at {corner}"), place, is_there).await;
        screen::picture(&format!("place-{corner}"));
    }
    all_windows_are_drawn_as_large(&app).await;
    // The workspace lies over all of them: a line in the lower corner of each side.
    desk.sandbox.pbx().answer(&call)?;
    app.look_at(Page::Popup).await;
    is_heard(&app, "ended").await;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Иванов Иван Сергеевич").await;
    let workspace = eventually("the workspace", PATIENCE, || async { workspace_window() }).await;
    screen::place_at(&workspace, 100, 40);
    open_settings(&app).await;
    for (corner, is_left, _) in CORNERS {
        choose(&app, "Угол для карточки звонка", corner).await;
        let is_there = |at: [i32; 4]| at[3] < LINE && is_in_corner(at, (is_left, true), [0, SCREEN[0]]);
        stands(&format!("a line for {corner}"), place, is_there).await;
    }
    app.close().await;
    Ok(())
}

/// Gives the settings a file for calls that ring: two seconds of silence.
async fn choose_sound(app: &App) {
    app.run(
        "const head = atob('UklGRqQ+AABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YYA+AAA=');
         const bytes = new Uint8Array(head.length + 16000).fill(128);
         bytes.set(Uint8Array.from(head, letter => letter.charCodeAt(0)));
         const files = new DataTransfer();
         files.items.add(new File([bytes], 'ring.wav'));
         const input = document.querySelector('input[data-ring=incoming]');
         input.files = files.files;
         input.dispatchEvent(new Event('change', { bubbles: true }));",
    )
    .await;
    app.find(Role::Button, "Послушать: Входящий звонок").await;
}

/// Has the popup's page note what it plays; whether this computer has anything to be heard by does not matter.
async fn hear(app: &App) {
    app.look_at(Page::Popup).await;
    app.run(
        "window.heard = [];
         HTMLMediaElement.prototype.play = async function () { window.heard.push([this, 'playing']) };
         HTMLMediaElement.prototype.pause = function () { window.heard.find(([one]) => one === this)[1] = 'ended' };",
    )
    .await;
}

/// Waits until one sound was begun, and it stands so with it.
async fn is_heard(app: &App, how: &str) {
    eventually(&format!("a sound that is {how}"), PATIENCE, || async {
        let heard = app
            .run("return window.heard.map(([one, how]) => `${how} ${one.src.split(':')[0]}`).join()")
            .await;
        (heard.as_str()? == format!("{how} blob")).then_some(())
    })
    .await;
}

/// A key in one window draws all of them larger: each grows with its page, the popup, which has no keyboard, within its corner.
async fn all_windows_are_drawn_as_large(app: &App) {
    let card = place().map(|[.., height]| height).unwrap_or_default();
    let popup = || screen::place(&window_of_width(POPUP_LARGER)?);
    app.look_at(Page::Workspace).await;
    // Twice: a page that takes in 110 % and 125 %.
    screen::type_keys(&["ctrl+equal"]);
    screen::type_keys(&["ctrl+equal"]);
    let grown = |at: [i32; 4]| at[3] > card && is_in_corner(at, (false, false), [0, SCREEN[0]]);
    stands("a card drawn larger", popup, grown).await;
    // Its page has as much to draw in as before.
    app.look_at(Page::Popup).await;
    eventually("the card's page drawn larger", PATIENCE, || async {
        (app.run("return [innerWidth, document.hasFocus()]").await == serde_json::json!([380, false])).then_some(())
    })
    .await;
    screen::picture("place-larger");
    app.look_at(Page::Workspace).await;
    screen::type_keys(&["ctrl+d"]);
    on_screen("the dial window drawn larger", || window_of_width(DIAL_LARGER)).await;
    app.look_at(Page::Dial).await;
    eventually("the keyboard in the dial window", PATIENCE, || async {
        (app.run("return document.hasFocus()").await == true).then_some(())
    })
    .await;
    // Its own key is for all of them, too.
    screen::type_keys(&["ctrl+0"]);
    on_screen("the dial window as usual", dial_window).await;
    let usual = |at: [i32; 4]| at[3] == card && is_in_corner(at, (false, false), [0, SCREEN[0]]);
    stands("the card as usual", place, usual).await;
    screen::type_keys(&["Escape"]);
    eventually("no dial window", PATIENCE, || async { dial_window().is_none().then_some(()) }).await;
    app.look_at(Page::Workspace).await;
}

/// A desktop of two screens side by side, each of 1280 by 800 pixels, with a window manager of its own.
struct TwoScreens {
    children: Vec<Child>,
    display: String,
    _folder: TempDir,
}

/// The screens' names, as the server's driver has them.
const FIRST: &str = "DUMMY0";
const SECOND: &str = "DUMMY1";
/// A mode of that size; the driver's clock is nobody's.
const MODE: [&str; 10] = ["ours", "83.5", "1280", "1352", "1480", "1680", "800", "803", "809", "831"];
const CONFIGURATION: &str = r#"
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
EndSection
Section "Device"
  Identifier "dummy"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Screen"
  Identifier "screen"
  Device "dummy"
  DefaultDepth 24
EndSection
"#;

impl TwoScreens {
    async fn start() -> Result<Self, Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let (configuration, log) = (folder.path().join("xorg.conf"), folder.path().join("xorg.log"));
        std::fs::write(&configuration, CONFIGURATION)?;
        // Beside it, Debian's script of that name may stand, which asks for a console.
        let own = Path::new("/usr/lib/xorg/Xorg");
        let mut server = Command::new(if own.is_file() { own } else { Path::new("Xorg") })
            .args([
                "-displayfd",
                "1",
                "-noreset",
                "-nolisten",
                "tcp",
                "-novtswitch",
                "-sharevts",
                "-config",
            ])
            .arg(&configuration)
            .arg("-logfile")
            .arg(&log)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = server.stdout.take().ok_or("its output")?;
        let mut desktop = Self {
            children: vec![server],
            display: String::new(),
            _folder: folder,
        };
        let said = tokio::task::spawn_blocking(move || {
            let mut number = String::new();
            BufReader::new(output).read_line(&mut number).map(|_| number)
        });
        let number = tokio::time::timeout(PATIENCE, said).await???;
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        assert!(
            !number.trim().is_empty(),
            "the X server of two screens did not come up:\n{}",
            said()
        );
        desktop.display = format!(":{}", number.trim());
        let manager = Command::new("openbox")
            .env("DISPLAY", &desktop.display)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        desktop.children.push(manager);
        eventually("the window manager", PATIENCE, || async {
            let told = desktop.tool("xprop", &["-root", "_NET_SUPPORTING_WM_CHECK"]);
            told.contains("window id").then_some(())
        })
        .await;
        let mut mode = vec!["--newmode"];
        mode.extend(MODE);
        desktop.tool("xrandr", &mode);
        for output in [FIRST, SECOND] {
            desktop.tool("xrandr", &["--addmode", output, MODE[0]]);
        }
        desktop.tool("xrandr", &["--output", FIRST, "--mode", MODE[0], "--pos", "0x0", "--primary"]);
        desktop.plug(true);
        let monitors = desktop.tool("xrandr", &["--listmonitors"]);
        assert!(monitors.contains("Monitors: 2"), "{monitors}");
        Ok(desktop)
    }

    /// What a program on it writes.
    fn tool(&self, program: &str, arguments: &[&str]) -> String {
        match Command::new(program).args(arguments).env("DISPLAY", &self.display).output() {
            Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
            Err(error) => panic!("cannot run {program}: {error}"),
        }
    }

    /// Plugs the second screen in, or out.
    fn plug(&self, is_in: bool) {
        let how: &[&str] = if is_in {
            &["--mode", MODE[0], "--right-of", FIRST]
        } else {
            &["--off"]
        };
        let mut arguments = vec!["--output", SECOND];
        arguments.extend(how);
        self.tool("xrandr", &arguments);
    }

    fn point_at(&self, x: i32) {
        self.tool("xdotool", &["mousemove", &x.to_string(), "400"]);
    }

    /// Where the popup is, if it is on the screen. A logical pixel of the app is so many of the screen's.
    fn popup(&self, scale: i32) -> Option<[i32; 4]> {
        let found = self.tool("xdotool", &["search", "--onlyvisible", "--name", "^Ringside$"]);
        found.lines().find_map(|window| {
            let shell = self.tool("xdotool", &["getwindowgeometry", "--shell", window]);
            let value = |key: &str| {
                let mut lines = shell.lines();
                lines.find_map(|line| line.strip_prefix(key)?.strip_prefix('=')?.parse::<i32>().ok())
            };
            let at = [value("X")?, value("Y")?, value("WIDTH")?, value("HEIGHT")?];
            (at[2] == 380 * scale && at[0] > -1_000).then_some(at)
        })
    }

    /// Starts the app there, hidden.
    async fn start_app(&self, desk: &Desk, scale: &str) -> Result<App, Box<dyn std::error::Error>> {
        let more: [(&str, &Path); 2] = [("DISPLAY", self.display.as_ref()), ("GDK_SCALE", scale.as_ref())];
        desk.start_with(&["--hidden"], &more).await
    }
}

impl Drop for TwoScreens {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            // What is gone already needs no end. The server takes its socket away when it is asked to end.
            let _ = Command::new("kill").arg(child.id().to_string()).status();
            let _ = child.wait();
        }
    }
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn the_popup_stands_on_the_screen_with_the_pointer_or_the_named_one_and_is_not_lost_with_it() -> Test {
    let both = TwoScreens::start().await?;
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let app = both.start_app(&desk, "1").await?;
    let (first, second) = ([0, SCREEN[0]], [SCREEN[0], 2 * SCREEN[0]]);
    let place = || both.popup(1);
    let upper_right = |screen: [i32; 2]| move |at: [i32; 4]| is_in_corner(at, (false, false), screen);

    // Where the pointer is when it begins to ring; it does not run after it.
    both.point_at(1_900);
    let ring = || desk.sandbox.pbx().place(CallSpec::group(IVANOV, &["101", "102"]));
    let call = ring()?;
    stands("a card on the second screen", place, upper_right(second)).await;
    both.point_at(600);
    let next = desk.sandbox.pbx().place(CallSpec::incoming("79031112244", "101"))?;
    app.look_at(Page::Popup).await;
    app.sees("+7 (903) 111-22-44").await;
    stands("both cards where the first was", place, upper_right(second)).await;
    // Unplugged, it is where the agent is.
    both.plug(false);
    stands("the card on the screen that is left", place, upper_right(first)).await;
    both.plug(true);
    desk.sandbox.pbx().answer_by(&call, "102")?;
    desk.sandbox.pbx().hang_up(&next)?;
    // Put away before its end is known, it would come back with that.
    app.sees("Пропущенный звонок").await;
    app.press(Role::Button, "Скрыть карточку").await;
    stands_nowhere(&both).await;

    // The next one: below a panel of this screen.
    let panel = both.panel(first[0], false, 40).await?;
    let call = ring()?;
    stands("a card clear of the panel", place, |at| {
        at[0] + at[2] == first[1] - MARGIN && at[1] == 40 + MARGIN
    })
    .await;
    drop(panel);
    stands("a card where the panel was", place, upper_right(first)).await;
    desk.sandbox.pbx().answer_by(&call, "102")?;
    stands_nowhere(&both).await;
    app.close().await;

    // A named screen: the pointer is elsewhere. While it is gone, the other one does; it is remembered.
    desk.provision_with(
        "light",
        "ru",
        serde_json::json!({ "popupScreen": SECOND, "popupCorner": "bottomLeft" }),
    )?;
    let app = both.start_app(&desk, "1").await?;
    let lower_left = |screen: [i32; 2]| move |at: [i32; 4]| is_in_corner(at, (true, true), screen);
    ring()?;
    stands("a card on the named screen", place, lower_left(second)).await;
    // Above a panel of this screen, of which the window manager tells nothing.
    let panel = both.panel(second[0], true, 40).await?;
    stands("a card clear of the second screen's panel", place, |at| {
        at[0] == second[0] + MARGIN && at[1] + at[3] == SCREEN[1] - 40 - MARGIN
    })
    .await;
    drop(panel);
    stands("a card where the panel was", place, lower_left(second)).await;
    both.plug(false);
    stands("a card on the screen that is left", place, lower_left(first)).await;
    both.plug(true);
    stands("a card on the named screen again", place, lower_left(second)).await;
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn on_a_screen_lower_than_a_card_the_card_is_as_high_as_fits_and_scrolls() -> Test {
    let both = TwoScreens::start().await?;
    let desk = Desk::new().await?;
    desk.provision_with("light", "ru", serde_json::json!({ "popupScreen": SECOND }))?;
    // Pixels twice as large: 400 of them from top to bottom.
    let app = both.start_app(&desk, "2").await?;
    let margin = 2 * MARGIN;
    for from in [IVANOV, "79031112244", "79031112255"] {
        desk.sandbox.pbx().place(CallSpec::incoming(from, "101"))?;
        app.look_at(Page::Popup).await;
        app.find(Role::Dialog, "").await;
    }
    eventually("three calls in the popup", PATIENCE, || async {
        (app.run("return document.querySelectorAll('.popup > section').length").await == 3).then_some(())
    })
    .await;
    let is_there = |[left, top, width, height]: [i32; 4]| {
        left + width == 4 * SCREEN[0] / 2 - margin && top == margin && top + height <= SCREEN[1] - margin
    };
    stands("a card that fits on the second screen", || both.popup(2), is_there).await;
    // Everything can be reached.
    let reached = "const popup = document.querySelector('.popup'); popup.scrollTop = popup.scrollHeight;
        return Math.round(popup.lastElementChild.getBoundingClientRect().bottom) <= innerHeight";
    eventually("the end of what it shows in view", PATIENCE, || async {
        (app.run(reached).await == true).then_some(())
    })
    .await;
    app.close().await;
    Ok(())
}

/// Waits until there is no popup.
async fn stands_nowhere(both: &TwoScreens) {
    eventually("no popup", PATIENCE, || async { both.popup(1).is_none().then_some(()) }).await;
}

/// A window that keeps an edge of a screen to itself, as panels do.
struct Panel(Child);

impl Drop for Panel {
    fn drop(&mut self) {
        // What is gone already needs no end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl TwoScreens {
    /// A panel so high at the upper or the lower edge of the screen that begins there.
    async fn panel(&self, left: i32, is_low: bool, height: i32) -> Result<Panel, Box<dyn std::error::Error>> {
        let mut window = Command::new("xev");
        let top = if is_low { SCREEN[1] - height } else { 0 };
        window.args(["-name", "Panel", "-geometry", &format!("{}x{height}+{left}+{top}", SCREEN[0])]);
        let panel = Panel(window.env("DISPLAY", &self.display).stdout(Stdio::null()).spawn()?);
        let id = eventually("the panel", PATIENCE, || async {
            let found = self.tool("xdotool", &["search", "--onlyvisible", "--name", "^Panel$"]);
            found.lines().next().map(str::to_owned)
        })
        .await;
        let right = left + SCREEN[0] - 1;
        let strut = if is_low {
            format!("0, 0, 0, {height}, 0, 0, 0, 0, 0, 0, {left}, {right}")
        } else {
            format!("0, 0, {height}, 0, 0, 0, 0, 0, {left}, {right}, 0, 0")
        };
        self.tool(
            "xprop",
            &[
                "-id",
                &id,
                "-f",
                "_NET_WM_STRUT_PARTIAL",
                "32c",
                "-set",
                "_NET_WM_STRUT_PARTIAL",
                &strut,
            ],
        );
        Ok(panel)
    }
}
