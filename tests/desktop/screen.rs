//! The desktop as a person in front of it sees it, through X11.

use crate::window::App;
use ringside_tests::screens;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The name of the window that has the keyboard focus.
pub fn focused_window() -> String {
    xdotool(&["getwindowfocus", "getwindowname"])
}

/// Ids of the windows on screen whose title matches this pattern.
pub fn visible_windows(title: &str) -> Vec<String> {
    xdotool(&["search", "--onlyvisible", "--name", title])
        .lines()
        .map(str::to_owned)
        .collect()
}

/// Left, top, width and height of a window, in pixels.
pub fn place(window: &str) -> Option<[i32; 4]> {
    let shell = xdotool(&["getwindowgeometry", "--shell", window]);
    let value = |key: &str| {
        shell
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('=')?.parse().ok())
    };
    Some([value("X")?, value("Y")?, value("WIDTH")?, value("HEIGHT")?])
}

/// Asks a window to close, as its window manager does.
pub fn close(window: &str) {
    output("wmctrl", &["-i", "-c", window]);
}

/// Brings a window to the front, as a taskbar does.
pub fn activate(window: &str) {
    xdotool(&["windowactivate", "--sync", window]);
}

/// Puts a window's upper left corner there.
pub fn place_at(window: &str, left: i32, top: i32) {
    xdotool(&["windowmove", "--sync", window, &left.to_string(), &top.to_string()]);
}

/// The colour that most of this part of the screen has, as `#RRGGBB`.
pub fn main_colour([left, top, width, height]: [i32; 4]) -> String {
    let part = format!("{width}x{height}+{left}+{top}");
    let counts = output(
        "import",
        &[
            "-window",
            "root",
            "-crop",
            &part,
            "-depth",
            "8",
            "-format",
            "%c",
            "histogram:info:-",
        ],
    );
    // `  1234: (25,26,30) #191A1E srgb(25,26,30)`
    let counted = counts.lines().filter_map(|line| {
        let (count, colour) = line.split_once(':')?;
        let colour = colour.split_whitespace().find(|word| word.starts_with('#'))?;
        Some((count.trim().parse::<u64>().ok()?, colour.get(..7)?.to_owned()))
    });
    counted.max().map(|(_, colour)| colour).unwrap_or_default()
}

/// X properties of a window, as `xprop` prints them.
pub fn properties(window: &str) -> String {
    output("xprop", &["-id", window])
}

/// Types as a keyboard does, into whatever has the focus.
pub fn type_keys(keys: &[&str]) {
    let mut arguments = vec!["key"];
    arguments.extend(keys);
    xdotool(&arguments);
}

/// Clicks with a button of the mouse, as X counts them, at a point of the screen.
pub fn click(button: u8, x: i64, y: i64) {
    xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", &button.to_string()]);
}

/// Left and top of what a window draws itself: [`place`] counts its frame in.
fn corner(window: &str) -> Option<[i32; 2]> {
    let told = output("xwininfo", &["-id", window]);
    let value = |key: &str| told.lines().find_map(|line| line.trim().strip_prefix(key)?.trim().parse().ok());
    Some([value("Absolute upper-left X:")?, value("Absolute upper-left Y:")?])
}

/// Moves the mouse to a point of the screen.
pub fn point(x: i64, y: i64) {
    xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
}

/// Where what this CSS names in the workspace is on the screen; the screen has one pixel for each of the page's.
///
/// # Errors
/// When there is no workspace on the screen.
pub async fn spot(app: &App, css: &str) -> Result<(i64, i64), Box<dyn std::error::Error>> {
    app.at(css).await;
    let script = format!(
        "const box = document.querySelector({css:?}).getBoundingClientRect();
        return [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)]"
    );
    let at = app.run(&script).await;
    let windows = visible_windows("^Ringside$");
    let widest = windows.into_iter().max_by_key(|window| place(window).map(|place| place[2]));
    let [left, top] = corner(&widest.ok_or("the workspace")?).ok_or("its place")?;
    let (x, y) = (at[0].as_i64().ok_or("x")?, at[1].as_i64().ok_or("y")?);
    Ok((i64::from(left) + x, i64::from(top) + y))
}

/// Saves the whole screen as `target/screens/<name>.png`.
///
/// # Panics
/// When the screen cannot be read.
pub fn picture(name: &str) -> PathBuf {
    let file = screen_file(name);
    let done = Command::new("import").args(["-window", "root"]).arg(&file).status();
    assert!(
        done.is_ok_and(|status| status.success()),
        "ImageMagick's import cannot read the screen"
    );
    file
}

fn xdotool(arguments: &[&str]) -> String {
    output("xdotool", arguments)
}

/// xdotool says by its status that it found nothing, so the status is no error here.
fn output(program: &str, arguments: &[&str]) -> String {
    match Command::new(program).args(arguments).output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(error) => panic!("cannot run {program}: {error}"),
    }
}

/// Where a picture of this name is kept.
///
/// # Panics
/// When its folder cannot be made.
pub fn screen_file(name: &str) -> PathBuf {
    let dir = screens();
    if let Err(error) = fs::create_dir_all(&dir) {
        panic!("cannot make {}: {error}", dir.display());
    }
    dir.join(format!("{name}.png"))
}
