//! The system's packages: which ones each command needs, which are missing, and installing them on
//! Debian and Ubuntu. Elsewhere they are only named.

use crate::{
    house::House,
    process::{self, on_path, output_of},
    steps::{Outcome, Step},
};
use anyhow::{Context, Result};
use std::{
    collections::BTreeSet,
    path::Path,
    process::Command,
    time::{Duration, SystemTime},
};

/// What a set of packages is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Compiling the app.
    Build,
    /// Running the app.
    Run,
    /// A private desktop.
    Session,
    /// Driving the app's window in tests.
    Window,
    /// A real PBX and its phones.
    Pbx,
    /// Reverse proxies before it. Servers, of which the tests run the programs only: no service comes with them.
    Proxies,
    /// A folder with a compiler for Windows. No test needs it.
    Windows,
    /// Another search to measure ours against. No test needs it.
    Peer,
}

impl For {
    /// Everything that tests need.
    pub const ALL: [Self; 6] = [Self::Build, Self::Run, Self::Session, Self::Window, Self::Pbx, Self::Proxies];

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Build => "building the app",
            Self::Run => "running the app",
            Self::Session => "a private desktop (demo without a display, bench, window test)",
            Self::Window => "the window test and the scripted demo",
            Self::Pbx => "the tests with a real PBX",
            Self::Proxies => "reverse proxies before the real PBX",
            Self::Windows => "a compiler for Windows (`check windows`)",
            Self::Peer => "PostgreSQL, to measure the search against (`bench index`)",
        }
    }

    /// Debian's names, which are Ubuntu's too.
    pub const fn debian(self) -> &'static [&'static str] {
        match self {
            Self::Build => &[
                "build-essential",
                "pkg-config",
                "libwebkit2gtk-4.1-dev",
                "libayatana-appindicator3-dev",
            ],
            // The tray's library is loaded while running, so the linker does not ask for it.
            Self::Run => &[
                "libayatana-appindicator3-1",
                "xdg-utils",
                "desktop-file-utils",
                "fonts-dejavu-core",
                "fonts-noto-core",
            ],
            Self::Session => &[
                "xvfb",
                "xauth",
                "x11-utils",
                "x11-xserver-utils",
                "openbox",
                "dbus",
                "dbus-x11",
                "dunst",
                "gnome-keyring",
                "libnotify-bin",
                "libsecret-tools",
                "imagemagick",
                "xdotool",
                "wmctrl",
            ],
            // A second screen is what Xvfb does not have; weston is a Wayland compositor that needs no screen at all.
            Self::Window => &["webkit2gtk-driver", "xserver-xorg-core", "xserver-xorg-video-dummy", "weston"],
            Self::Pbx => &["mmdebstrap", "sip-tester", "curl", "iproute2"],
            Self::Proxies => &["nginx", "libnginx-mod-stream-js", "haproxy"],
            Self::Windows => &["mmdebstrap"],
            // With pg_trgm, which was a package of its own once.
            Self::Peer => &["postgresql"],
        }
    }

    /// What to look for where there is no apt.
    const fn elsewhere(self) -> &'static str {
        match self {
            Self::Build => {
                "a C compiler, pkg-config, WebKitGTK 4.1 and Ayatana AppIndicator 3 with headers (Fedora: gcc pkgconf webkit2gtk4.1-devel libayatana-appindicator-gtk3-devel; Arch: base-devel webkit2gtk-4.1 libayatana-appindicator)"
            }
            Self::Run => "libayatana-appindicator3, xdg-utils, desktop-file-utils, fonts with Cyrillic letters (DejaVu, Noto)",
            Self::Session => "Xvfb, openbox, dbus-daemon, dunst, gnome-keyring-daemon, xprop, xset, xdotool, wmctrl, ImageMagick's import",
            Self::Window => "WebKitWebDriver (part of WebKitGTK), Xorg with its dummy driver, xrandr, weston",
            Self::Pbx => "mmdebstrap, sipp, curl, ip, and root: this part works on Debian and Ubuntu only",
            Self::Proxies => "nginx with its module stream-js, haproxy with Lua and PCRE2",
            Self::Windows => "mmdebstrap and root: this part works on Debian only",
            Self::Peer => "PostgreSQL with pg_trgm, its programs under /usr/lib/postgresql",
        }
    }
}

/// Node's oldest version that the user interface's tools run on.
const NODE: (u32, u32) = (20, 19);

/// Which of the packages are not installed. `None` on a system without dpkg.
pub fn missing(wanted: &[For]) -> Option<Vec<&'static str>> {
    if !on_path("dpkg-query") || !on_path("apt-get") {
        return None;
    }
    let list = output_of(Command::new("dpkg-query").args(["-W", "-f=${db:Status-Abbrev} ${Package} ${Provides}\n"]))?;
    let installed = installed(&list);
    Some(
        wanted
            .iter()
            .flat_map(|what| what.debian())
            .copied()
            .filter(|name| !installed.contains(*name))
            .collect(),
    )
}

/// Names in dpkg's list that are installed, or provided by something installed.
fn installed(list: &str) -> BTreeSet<&str> {
    list.lines()
        .filter_map(|line| line.strip_prefix("ii "))
        .flat_map(|line| line.split([' ', ',']))
        .map(|name| name.split(':').next().unwrap_or(name))
        .filter(|name| !name.is_empty() && !name.starts_with('('))
        .collect()
}

/// Installs what is missing, with a notice. Failed, with the names, where that is not possible.
pub fn install(step: &mut Step<'_>, wanted: &[For]) -> Result<Outcome> {
    let Some(missing) = missing(wanted) else {
        eprintln!("  This is not Debian or Ubuntu; nothing is installed. Needed:");
        for what in wanted {
            eprintln!("    for {}: {}", what.words(), what.elsewhere());
        }
        return Ok(Outcome::Skipped(
            "not Debian or Ubuntu: look yourself whether the above is there".to_owned(),
        ));
    };
    if missing.is_empty() {
        return Ok(Outcome::Passed("all there".to_owned()));
    }
    let Some(root) = AsRoot::find() else {
        return Ok(Outcome::Failed(format!(
            "not root, and sudo asks for a password\n    what to do:   sudo apt-get install --no-install-recommends {}",
            missing.join(" ")
        )));
    };
    eprintln!("  These system packages are missing and are installed now: {}", missing.join(" "));
    let (idle, others): (Vec<_>, Vec<_>) = missing.iter().partition(|name| For::Proxies.debian().contains(name));
    let mut last = Outcome::Passed(String::new());
    for (names, services) in [(others, Services::Start), (idle, Services::StayOff)] {
        if names.is_empty() {
            continue;
        }
        // A second try: another apt client may have emptied the list or the cache in between.
        for _ in 0..2 {
            last = install_once(step, root, &names, services)?;
            if matches!(last, Outcome::Passed(_)) {
                break;
            }
        }
        if !matches!(last, Outcome::Passed(_)) {
            return Ok(last);
        }
    }
    Ok(match last {
        Outcome::Passed(_) => Outcome::Passed(format!("{} installed", missing.len())),
        other @ (Outcome::Failed(_) | Outcome::Skipped(_)) => other,
    })
}

/// What becomes of the services that come with packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Services {
    /// What the system does with them.
    Start,
    /// They are neither started nor to be started with the system: a machine for tests is no web server.
    StayOff,
}

/// By which Debian's packages start their services and say that they start with the system.
const STARTERS: [&str; 4] = ["invoke-rc.d", "update-rc.d", "deb-systemd-invoke", "deb-systemd-helper"];

/// A folder with programs that stand in for those and do nothing. First in the path of packages' scripts, it keeps their
/// services off without a trace on the system, which a `policy-rc.d` or a masked unit would be.
fn no_starters() -> Result<tempfile::TempDir> {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::Builder::new().prefix("ringside-apt-").tempdir_in("/var/tmp")?;
    let all = || std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path(), all())?;
    for name in STARTERS {
        let program = folder.path().join(name);
        std::fs::write(&program, "#!/bin/sh\nexit 0\n")?;
        std::fs::set_permissions(program, all())?;
    }
    Ok(folder)
}

fn install_once(step: &mut Step<'_>, root: AsRoot, missing: &[&str], services: Services) -> Result<Outcome> {
    // An archive folder of our own: on container images a hook empties the shared one after every run
    // of apt, also under the hands of another.
    let archives = tempfile::Builder::new()
        .prefix("ringside-apt-")
        .tempdir_in("/var/tmp")
        .context("cannot make a folder in /var/tmp")?;
    std::fs::create_dir(archives.path().join("partial"))?;
    readable_by_all(archives.path())?;
    let advice = "read the end of the output; often `apt-get update` needs a working mirror, or another apt is stuck";
    let mut update = root.command("apt-get");
    update.args(["-o", "DPkg::Lock::Timeout=300", "update", "-q"]);
    if let failed @ Outcome::Failed(_) = step.try_command(update, advice)? {
        return Ok(failed);
    }
    let starters = if services == Services::StayOff {
        Some(no_starters()?)
    } else {
        None
    };
    let mut install = root.command("env");
    install
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300", "-o"])
        .arg(format!("Dir::Cache::archives={}", archives.path().display()))
        .args(starters.as_ref().map(|folder| {
            // apt's own value, with the folder before it.
            let path = "/usr/sbin:/usr/bin:/sbin:/bin";
            format!("--option=DPkg::Path={}:{path}", folder.path().display())
        }))
        .args(["install", "-y", "-q", "--no-install-recommends"])
        .args(missing);
    let outcome = step.try_command(install, advice)?;
    // What root downloaded there, root has to remove.
    let _ = root.command("rm").arg("-rf").arg(archives.path()).status();
    Ok(match outcome {
        Outcome::Passed(_) => Outcome::Passed(format!("{} installed", missing.len())),
        other @ (Outcome::Failed(_) | Outcome::Skipped(_)) => other,
    })
}

fn readable_by_all(dir: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    for dir in [dir.to_owned(), dir.join("partial")] {
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// How commands become root's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsRoot {
    /// We are root.
    Already,
    /// `sudo` that asks for no password.
    Sudo,
}

impl AsRoot {
    /// Finds a way; `None` when there is none without asking for a password.
    pub fn find() -> Option<Self> {
        if rustix::process::geteuid().is_root() {
            return Some(Self::Already);
        }
        output_of(Command::new("sudo").args(["-n", "true"])).map(|_| Self::Sudo)
    }

    /// A command run by root.
    pub fn command(self, program: &str) -> Command {
        match self {
            Self::Already => Command::new(program),
            Self::Sudo => {
                let mut command = Command::new("sudo");
                command.args(["-n", program]);
                command
            }
        }
    }

    /// A command run by root that keeps these variables of our environment.
    pub fn keeping(self, variables: &[&str], program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = self.command("env");
        for name in variables {
            if let Some(value) = std::env::var_os(name) {
                let mut pair = std::ffi::OsString::from(format!("{name}="));
                pair.push(value);
                command.arg(pair);
            }
        }
        command.arg(program);
        command
    }
}

/// Node and npm for the user interface: fine, or what to do about it.
pub fn node() -> Result<String, String> {
    let advice = format!(
        "install Node.js {}.{} or newer with npm: https://nodejs.org/en/download",
        NODE.0, NODE.1
    );
    let found = output_of(Command::new("node").arg("--version")).ok_or_else(|| format!("Node.js is missing; {advice}"))?;
    if !new_enough(&found) {
        return Err(format!("Node.js {found} is too old; {advice}"));
    }
    if !on_path("npm") {
        return Err(format!("npm is missing; {advice}"));
    }
    Ok(found)
}

fn new_enough(version: &str) -> bool {
    let mut parts = version
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= NODE
}

/// Checks Node, installing the system's own where that is new enough.
pub fn install_node(step: &mut Step<'_>) -> Result<Outcome> {
    let why = match node() {
        Ok(version) => return Ok(Outcome::Passed(version)),
        Err(why) => why,
    };
    let offered = output_of(Command::new("apt-cache").args(["show", "--no-all-versions", "nodejs"])).unwrap_or_default();
    let offered = offered.lines().find_map(|line| line.strip_prefix("Version: ")).unwrap_or_default();
    let (true, Some(root)) = (new_enough(offered), AsRoot::find()) else {
        return Ok(Outcome::Failed(why));
    };
    eprintln!("  {why}: installing the system's packages nodejs and npm ({offered})");
    install_once(step, root, &["nodejs", "npm"], Services::Start)
}

/// Installs the user interface's packages by their lock file, when they are missing or older than it.
pub fn install_npm(step: &mut Step<'_>) -> Result<Outcome> {
    let ui = step.house.ui();
    let lock = ui.join("package-lock.json");
    if !lock.is_file() {
        return Ok(Outcome::Failed(format!("{} is missing", lock.display())));
    }
    // npm writes this file at the end of every installation.
    let mark = ui.join("node_modules/.package-lock.json");
    if changed(&mark).is_some_and(|installed| changed(&lock).is_some_and(|lock| installed >= lock)) {
        return Ok(Outcome::Passed("up to date".to_owned()));
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&ui);
    let outcome = step.try_command(npm, "check the network and the npm registry, then run `npm ci` in ui/")?;
    process::pause(Duration::ZERO)?;
    Ok(outcome)
}

/// What the built interface is made of, in `ui/`.
const INTERFACE: [&str; 8] = [
    "src",
    "messages",
    "project.inlang/settings.json",
    "index.html",
    "popup.html",
    "dial.html",
    "vite.config.ts",
    "package-lock.json",
];

/// Whether `ui/dist` is missing or older than what it is made of.
pub fn interface_is_stale(house: &House) -> bool {
    let ui = house.ui();
    let built = changed(&ui.join("dist/index.html"));
    built.is_none() || INTERFACE.iter().any(|source| newest(&ui.join(source)) > built)
}

fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

/// When the last file at or below this path changed. The messages' compiled form is no source: the build writes it.
fn newest(path: &Path) -> Option<SystemTime> {
    if path.ends_with("src/lib/paraglide") {
        return None;
    }
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().filter_map(|entry| newest(&entry.path())).max(),
        Err(_) => changed(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_installed_packages_and_what_they_provide_count_as_there() {
        let list = "ii xvfb xserver\nrc openbox x-window-manager\nii libfoo:amd64 libbar (= 1.0), libbaz\nii  dunst notification-daemon";
        let there = installed(list);
        for name in ["xvfb", "xserver", "libfoo", "libbar", "libbaz", "dunst"] {
            assert!(there.contains(name), "{name} in {there:?}");
        }
        for name in ["openbox", "x-window-manager"] {
            assert!(!there.contains(name), "{name} in {there:?}");
        }
    }

    #[test]
    fn node_is_new_enough_from_20_19_on() {
        for (version, fine) in [
            ("v20.20.2", true),
            ("v20.18.9", false),
            ("22.1.0~dfsg", true),
            ("v18.20.4", false),
            ("", false),
        ] {
            assert_eq!(new_enough(version), fine, "{version}");
        }
    }

    #[test]
    fn the_interface_is_built_again_when_a_source_is_newer_but_not_for_what_the_build_writes() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let house = House {
            root: folder.path().to_owned(),
            target: folder.path().join("target"),
            logs: folder.path().join("logs"),
        };
        let write = |path: &str, seconds: u64| -> Result<()> {
            let file = house.ui().join(path);
            std::fs::create_dir_all(file.parent().context("a file lies in a folder")?)?;
            std::fs::write(&file, "")?;
            Ok(std::fs::File::open(&file)?.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))?)
        };
        write("src/main.ts", 10)?;
        assert!(interface_is_stale(&house), "never built");
        write("dist/index.html", 20)?;
        write("src/lib/paraglide/messages.js", 30)?;
        assert!(!interface_is_stale(&house), "built after every source");
        write("messages/en/popup.json", 40)?;
        assert!(interface_is_stale(&house), "a message is newer");
        Ok(())
    }

    #[test]
    fn servers_that_only_tests_run_are_installed_without_their_services() -> Result<()> {
        let folder = no_starters()?;
        for name in STARTERS {
            let done = Command::new(folder.path().join(name)).arg("start").status()?;
            assert!(done.success(), "{name}");
        }
        for what in For::ALL {
            let shared = what.debian().iter().any(|name| For::Proxies.debian().contains(name));
            assert_eq!(shared, what == For::Proxies, "{what:?}");
        }
        Ok(())
    }

    #[test]
    fn the_demo_needs_fewer_packages_than_the_tests() {
        let names = |wanted: &[For]| wanted.iter().flat_map(|what| what.debian()).count();
        assert!(names(&[For::Build, For::Run, For::Session]) < names(&For::ALL));
    }
}
