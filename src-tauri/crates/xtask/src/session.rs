//! A private desktop: an X server without a screen, window manager, session bus, notifications, keyring
//! and a home of its own. Nothing of the user's desktop is touched, and everything ends with it.

use crate::{
    house::House,
    process::{self, Running, on_path, output_of},
    steps::Steps,
};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Duration,
};

/// The screen's size in pixels.
pub const SCREEN: (u32, u32) = (1280, 800);

/// How long each part of the desktop may take to come up.
const PATIENCE: Duration = Duration::from_secs(15);

/// `cargo xtask session -- COMMAND…`
#[derive(Args)]
pub struct Arguments {
    /// The session's locale.
    #[arg(long, default_value = "C.UTF-8")]
    lang: String,
    /// The command and its arguments.
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// A running desktop; ended when dropped.
pub struct Session {
    // Fields are dropped in this order: what draws goes before what it draws on.
    services: Vec<Running>,
    _bus: Running,
    _screen: Running,
    environment: Vec<(String, OsString)>,
    _home: tempfile::TempDir,
}

impl Session {
    /// Starts a desktop. `lang` is its locale; its logs go to `logs`.
    pub fn start(lang: &str, logs: &Path) -> Result<Self> {
        for program in ["Xvfb", "openbox", "dbus-daemon", "dbus-send", "xprop"] {
            if !on_path(program) {
                bail!("{program} is missing: `cargo xtask doctor` says which packages a private desktop needs");
            }
        }
        let home = tempfile::Builder::new()
            .prefix("ringside-session-")
            .tempdir()
            .context("cannot make a temporary folder")?;
        let (screen, display) = start_screen(logs)?;
        let mut environment = environment(home.path(), &display, lang)?;
        let (bus, address) = start_bus(&environment, logs)?;
        environment.push(("DBUS_SESSION_BUS_ADDRESS".to_owned(), address.into()));
        let mut session = Self {
            services: Vec::new(),
            _bus: bus,
            _screen: screen,
            environment,
            _home: home,
        };
        session.start_window_manager(logs)?;
        session.start_notifications(logs)?;
        session.start_keyring(logs)?;
        Ok(session)
    }

    /// A command that will run inside.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        self.enter(&mut command);
        command
    }

    /// Makes an existing command run inside.
    pub fn enter(&self, command: &mut Command) {
        for name in STRANGERS {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
    }

    /// Writes what the screen shows into a PNG file.
    pub fn screenshot(&self, file: &Path) -> Result<()> {
        let shot = self
            .command("import")
            .args(["-window", "root"])
            .arg(file)
            .output()
            .context("cannot run ImageMagick's `import`")?;
        if !shot.status.success() {
            bail!("`import` failed: {}", String::from_utf8_lossy(&shot.stderr).trim());
        }
        Ok(())
    }

    /// The name of the window with the keyboard focus; empty when nothing has it.
    pub fn focus(&self) -> String {
        output_of(self.command("xdotool").args(["getwindowfocus", "getwindowname"])).unwrap_or_default()
    }

    /// Types as a keyboard does, into whatever has the focus; false when there is no keyboard to be had.
    pub fn type_keys(&self, keys: &[&str]) -> bool {
        output_of(self.command("xdotool").arg("key").args(keys)).is_some()
    }

    /// Closes the app's windows that are at least so wide, as the window manager does.
    pub fn close_windows(&self, width: i64) -> Result<()> {
        let search = ["search", "--onlyvisible", "--name", "^Ringside$"];
        let found = output_of(self.command("xdotool").args(search).args(["getwindowgeometry", "--shell", "%@"]));
        for window in at_least(width, &found.unwrap_or_default()) {
            let closed = self.command("wmctrl").args(["-i", "-c", &window]).status();
            if !closed.context("cannot run wmctrl")?.success() {
                bail!("wmctrl could not close a window");
            }
        }
        Ok(())
    }

    /// Whether a window of the app is on screen where the popup belongs: close to the top right corner.
    pub fn has_window_in_corner(&self) -> bool {
        let found = output_of(self.command("xdotool").args([
            "search",
            "--onlyvisible",
            "--name",
            "^Ringside",
            "getwindowgeometry",
            "--shell",
            "%@",
        ]));
        in_corner(&found.unwrap_or_default())
    }

    fn start_window_manager(&mut self, logs: &Path) -> Result<()> {
        self.serve("openbox", &[], logs)?;
        self.await_output("openbox", "xprop", &["-root", "_NET_SUPPORTING_WM_CHECK"], "window id")?;
        if on_path("picom") {
            // Real transparency around the popup; without it the corners are square.
            self.serve("picom", &["--backend", "xrender", "--config", "/dev/null"], logs)?;
        }
        if on_path("display") {
            // A quiet desktop colour instead of black. Cosmetic, so a failure does not matter.
            let size = format!("{}x{}", SCREEN.0, SCREEN.1);
            let _ = self
                .command("display")
                .args(["-window", "root", "-size", &size, "xc:#d5d9e0"])
                .output();
        }
        Ok(())
    }

    fn start_notifications(&mut self, logs: &Path) -> Result<()> {
        if !on_path("dunst") {
            return Ok(());
        }
        self.serve("dunst", &[], logs)?;
        self.await_name("dunst", "org.freedesktop.Notifications")
    }

    fn start_keyring(&mut self, logs: &Path) -> Result<()> {
        if !on_path("gnome-keyring-daemon") {
            return Ok(());
        }
        let mut keyring = self.command("gnome-keyring-daemon");
        keyring.args(["--foreground", "--unlock", "--components=secrets"]);
        let log = logs.join("session-keyring.log");
        // The password of a keyring that lives as long as this session.
        self.services
            .push(Running::start_with_input("gnome-keyring-daemon", keyring, &log, "ringside")?);
        self.await_name("gnome-keyring-daemon", "org.freedesktop.secrets")
    }

    fn serve(&mut self, program: &str, arguments: &[&str], logs: &Path) -> Result<()> {
        let mut command = self.command(program);
        command.args(arguments);
        let log = logs.join(format!("session-{program}.log"));
        self.services.push(Running::start(program, command, &log, false)?);
        Ok(())
    }

    fn await_name(&self, program: &str, name: &str) -> Result<()> {
        let ask = format!("string:{name}");
        let arguments = [
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.DBus",
            "/",
            "org.freedesktop.DBus.NameHasOwner",
            &ask,
        ];
        self.await_output(program, "dbus-send", &arguments, "boolean true")
    }

    fn await_output(&self, program: &str, probe: &str, arguments: &[&str], sign: &str) -> Result<()> {
        let up = process::wait_for(PATIENCE, || {
            let output = output_of(self.command(probe).args(arguments)).unwrap_or_default();
            Ok(output.contains(sign).then_some(()))
        })?;
        up.with_context(|| format!("{program} did not come up within {} s", PATIENCE.as_secs()))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        while let Some(mut service) = self.services.pop() {
            service.end();
        }
    }
}

/// Variables of the user's own desktop that must not leak in.
const STRANGERS: [&str; 10] = [
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "SESSION_MANAGER",
    "DESKTOP_STARTUP_ID",
    "GNOME_KEYRING_CONTROL",
    "XDG_CURRENT_DESKTOP",
    "XDG_SESSION_TYPE",
    "XDG_CONFIG_DIRS",
    "LANGUAGE",
    "LC_MESSAGES",
];

fn start_screen(logs: &Path) -> Result<(Running, String)> {
    let mut xvfb = Command::new("Xvfb");
    let size = format!("{}x{}x24", SCREEN.0, SCREEN.1);
    // With -displayfd the server takes the first free number and says which. Without -noreset it would begin
    // anew when its only client leaves, a probe of ours, and throw out whoever is just connecting.
    xvfb.args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp", "-noreset"]);
    let mut screen = Running::start("Xvfb", xvfb, &logs.join("session-xvfb.log"), true)?;
    let number = screen.line(PATIENCE).context("the X server did not come up")?;
    Ok((screen, format!(":{}", number.trim())))
}

fn start_bus(environment: &[(String, OsString)], logs: &Path) -> Result<(Running, String)> {
    let mut bus = Command::new("dbus-daemon");
    bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
    for name in STRANGERS {
        bus.env_remove(name);
    }
    bus.envs(environment.iter().map(|(name, value)| (name, value)));
    let mut bus = Running::start("dbus-daemon", bus, &logs.join("session-dbus.log"), true)?;
    let address = bus.line(PATIENCE).context("the session bus did not come up")?;
    Ok((bus, address))
}

fn environment(home: &Path, display: &str, lang: &str) -> Result<Vec<(String, OsString)>> {
    use std::os::unix::fs::PermissionsExt;
    let user = PathBuf::from(std::env::var_os("HOME").unwrap_or_else(|| "/root".into()));
    let kept = |name: &str, folder: &str| std::env::var_os(name).unwrap_or_else(|| user.join(folder).into());
    let mut all: Vec<(String, OsString)> = vec![
        // Rust's own folders stay the user's, so that cargo works in here.
        ("RUSTUP_HOME".to_owned(), kept("RUSTUP_HOME", ".rustup")),
        ("CARGO_HOME".to_owned(), kept("CARGO_HOME", ".cargo")),
        ("HOME".to_owned(), home.into()),
        ("DISPLAY".to_owned(), display.into()),
        ("LANG".to_owned(), lang.into()),
        ("LC_ALL".to_owned(), lang.into()),
        ("GDK_BACKEND".to_owned(), "x11".into()),
        ("NO_AT_BRIDGE".to_owned(), "1".into()),
    ];
    for (name, folder) in [
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_RUNTIME_DIR", "run"),
    ] {
        let dir = home.join(folder);
        std::fs::create_dir(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o700))?;
        all.push((name.to_owned(), dir.into()));
    }
    Ok(all)
}

/// The windows in `xdotool getwindowgeometry --shell`'s output that are at least so wide, as wmctrl names them.
fn at_least(width: i64, geometries: &str) -> Vec<String> {
    let mut window = "";
    let mut found = Vec::new();
    for (key, value) in geometries.lines().filter_map(|line| line.split_once('=')) {
        match key {
            "WINDOW" => window = value,
            "WIDTH" if value.parse::<i64>().is_ok_and(|wide| wide >= width) => found.push(window.to_owned()),
            _ => {}
        }
    }
    found
}

/// Whether one of the windows in `xdotool getwindowgeometry --shell`'s output ends near the top right corner.
fn in_corner(geometries: &str) -> bool {
    let (mut x, mut y) = (0, 0);
    for line in geometries.lines() {
        match line
            .split_once('=')
            .map(|(key, value)| (key, value.parse::<i64>().unwrap_or_default()))
        {
            Some(("X", value)) => x = value,
            Some(("Y", value)) => y = value,
            Some(("WIDTH", width)) => {
                let margin = i64::from(SCREEN.0) - x - width;
                if (0..=40).contains(&margin) && (0..=40).contains(&y) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Runs a command in a private desktop and ends with its status.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let house = House::find()?;
    let mut steps = Steps::new(&house);
    steps.need("system packages", |step| {
        crate::packages::install(step, &[crate::packages::For::Session])
    })?;
    let session = Session::start(&arguments.lang, &house.logs)?;
    let [program, rest @ ..] = arguments.command.as_slice() else {
        bail!("which command?")
    };
    // In our own process group, so that it may read the terminal; Ctrl-C reaches it from there.
    let mut child = session
        .command(program)
        .args(rest)
        .spawn()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if process::interrupted() {
            let _ = child.kill();
            child.wait()?;
            bail!("interrupted");
        }
        std::thread::sleep(process::TICK);
    };
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_window_near_the_top_right_corner_counts_as_the_popup() {
        assert!(in_corner(
            "WINDOW=1\nX=100\nY=40\nWIDTH=1080\nHEIGHT=720\nWINDOW=2\nX=888\nY=12\nWIDTH=380\nHEIGHT=220"
        ));
        assert!(!in_corner("WINDOW=1\nX=100\nY=40\nWIDTH=1080\nHEIGHT=720"));
        assert!(!in_corner("WINDOW=2\nX=-20000\nY=-20000\nWIDTH=380\nHEIGHT=220"));
        assert!(!in_corner(""));
    }

    #[test]
    fn windows_are_told_apart_by_their_width() {
        let both = "WINDOW=11\nX=100\nY=40\nWIDTH=1080\nHEIGHT=720\nWINDOW=12\nX=888\nY=12\nWIDTH=380\nHEIGHT=220";
        assert_eq!(at_least(700, both), ["11"]);
        assert_eq!(at_least(300, both), ["11", "12"]);
        assert!(at_least(300, "").is_empty());
    }
}
