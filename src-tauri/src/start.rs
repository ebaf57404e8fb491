//! What the environment says at the start.

use crate::workspace::REST;
use engine::{Authority, Office};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Provisioning for all desks of an office on this computer.
///
/// A full path on every system: a relative one would be read from wherever the program was started, by anybody's hand.
fn office_file(system: &str, variable: impl Fn(&str) -> Option<String>) -> PathBuf {
    match system {
        "windows" => {
            let has_drive = |path: &String| path.as_bytes().get(1..3) == Some(br":\".as_slice());
            let base = variable("ProgramData").filter(has_drive);
            PathBuf::from(format!(r"{}\Ringside\setup.json", base.as_deref().unwrap_or(r"C:\ProgramData")))
        }
        "macos" => "/Library/Application Support/Ringside/setup.json".into(),
        _ => "/etc/ringside/setup.json".into(),
    }
}

/// How the app was started.
#[derive(Debug)]
pub struct Options {
    /// Where the data file and the logs lie (`RINGSIDE_DATA_DIR`, else the system's place for app data).
    pub data_dir: PathBuf,
    /// Where milestones are written (`RINGSIDE_TIMELINE`), for measuring.
    pub timeline: Option<PathBuf>,
    /// Each write to the disk takes so much longer (`RINGSIDE_SLOW_DISK`, ms), for measuring: only while milestones are written.
    pub slow_disk: Option<Duration>,
    /// What the office says (`RINGSIDE_SETUP`, else a file in the system's configuration folder).
    pub office: Office,
    /// Secrets come from environment variables (`RINGSIDE_SECRETS=environment`): for tests only.
    pub secrets_from_environment: bool,
    /// Start without showing the workspace (`--hidden`, at login).
    pub hidden: bool,
    /// How long a hidden workspace is kept (`RINGSIDE_WORKSPACE_REST_MS`: for tests and measuring only).
    pub rest: Duration,
}

impl Options {
    /// Reads the environment; `hidden` is what the command line says.
    #[must_use]
    pub fn from_environment(hidden: bool) -> Self {
        let path = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let office = match path("RINGSIDE_SETUP") {
            Some(named) => office(&named).elsewhere(),
            None => office(&office_file(std::env::consts::OS, |name| std::env::var(name).ok())),
        };
        Self {
            data_dir: data_dir(),
            slow_disk: path("RINGSIDE_TIMELINE").and_then(|_| slow_disk(&std::env::var("RINGSIDE_SLOW_DISK").ok()?)),
            timeline: path("RINGSIDE_TIMELINE"),
            office,
            secrets_from_environment: std::env::var("RINGSIDE_SECRETS").is_ok_and(|place| place == "environment"),
            hidden,
            rest: std::env::var("RINGSIDE_WORKSPACE_REST_MS")
                .ok()
                .and_then(|ms| ms.parse().ok())
                .map_or(REST, Duration::from_millis),
        }
    }
}

/// Where the data file and the logs lie.
pub fn data_dir() -> PathBuf {
    named_data_dir().unwrap_or_else(system_data_dir)
}

/// Whether the environment names another data folder than the person's usual one.
pub fn has_own_folder() -> bool {
    named_data_dir().is_some()
}

fn named_data_dir() -> Option<PathBuf> {
    std::env::var_os("RINGSIDE_DATA_DIR")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

fn slow_disk(ms: &str) -> Option<Duration> {
    ms.parse().ok().filter(|ms| *ms > 0).map(Duration::from_millis)
}

fn office(file: &Path) -> Office {
    let text = match std::fs::read(file) {
        Ok(bytes) => String::from_utf8(bytes).unwrap_or_default(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Office::default(),
        Err(error) => {
            eprintln!("ringside: {} cannot be read ({error}); ignored", file.display());
            return Office::unreadable();
        }
    };
    let (office, refused) = Office::read(&text, |pbx_ca| certificates(pbx_ca, file));
    if let Some(error) = refused {
        eprintln!("ringside: pbxCa in {}: {error}; ignored", file.display());
    } else if !office.idle_locks.is_empty() {
        let names = office.idle_locks.join(", ");
        eprintln!("ringside: {} locks what it gives no value for: {names}; ignored", file.display());
    } else if office.unread {
        eprintln!("ringside: not all of {} can be read; that part is ignored", file.display());
    }
    office
}

/// The certificates of `pbxCa`: their text, or a file that holds it, beside the set-up file where it has no full path.
fn certificates(setting: &str, beside: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let setting = setting.trim();
    if setting.is_empty() {
        return Ok(String::new());
    }
    if setting.contains("-----BEGIN") {
        return Ok(Authority::read(setting)?.pem());
    }
    let path = beside.parent().unwrap_or(beside).join(setting);
    // A pipe or a device would keep the start waiting.
    if !std::fs::metadata(&path)?.is_file() {
        return Err("not a file".into());
    }
    let mut text = String::new();
    std::fs::File::open(&path)?.take(LONGEST_CERTIFICATES).read_to_string(&mut text)?;
    Ok(Authority::read(&text)?.pem())
}

/// More than any authority's text is, in bytes: what goes on behind that is refused for its length.
const LONGEST_CERTIFICATES: u64 = 1 << 20;

/// `~/.local/share/ringside`, `%APPDATA%\ringside`, `~/Library/Application Support/ringside`.
fn system_data_dir() -> PathBuf {
    // A relative home would be another one wherever the program is started.
    let base = dirs::data_dir().filter(|path| path.is_absolute());
    base.unwrap_or_else(std::env::temp_dir).join("ringside")
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::view::OfficeFileView;

    // Made for this test; its key was never kept. Valid from 2026 to 2126.
    const PEM: &str = include_str!("office-ca.test.pem");

    fn provided(folder: &Path, pbx_ca: &str) -> String {
        let file = folder.join("setup.json");
        let text = serde_json::json!({"pbxUrl": "https://pbx.example", "pbxCa": pbx_ca}).to_string();
        std::fs::write(&file, text).unwrap();
        let office = office(&file);
        assert_eq!(office.text("pbxUrl"), Some("https://pbx.example"), "the rest holds all the same");
        office.text("pbxCa").unwrap_or_default().to_owned()
    }

    #[test]
    fn a_set_up_file_that_cannot_be_read_says_so_and_what_can_be_read_of_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("setup.json");
        assert_eq!(office(&file), Office::default(), "there is none");
        for (bytes, extension, unread) in [
            (r#"{"extension":"101","more":1}"#.as_bytes(), "101", false),
            (r#"{"extension":"101","several":"oldest"}"#.as_bytes(), "101", true),
            (br#"{"extension":"101","pbxCa":"missing.pem"}"#, "101", true),
            (br#"{"extension":"101","locked":["extension"]}"#, "101", false),
            (br#"{"extension":"101","locked":["extention"]}"#, "101", true),
            (br#"{"extension":"101","locked":"extension"}"#, "101", true),
            (br#"{"extension":"101""#, "", true),
            (b"{\"extension\":\"\xff\"}", "", true),
        ] {
            std::fs::write(&file, bytes).unwrap();
            let office = office(&file);
            let found = (office.text("extension").unwrap_or_default(), office.unread);
            assert_eq!(found, (extension, unread), "{}", String::from_utf8_lossy(bytes));
        }
        let (given, none) = (office(&file), Office::default());
        assert_eq!((given.file, none.file), (OfficeFileView::Usual, OfficeFileView::None));
        assert_eq!(
            (given.elsewhere().file, none.elsewhere().file),
            (OfficeFileView::Named, OfficeFileView::None),
            "the environment may name one that is not there"
        );
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
        assert!(office(&file).unread, "something is there that nobody can read");
    }

    #[test]
    fn the_offices_file_has_a_full_path_on_every_system() {
        let at = |system: &str, value: Option<&str>| {
            let file = office_file(system, |_| value.map(str::to_owned));
            file.to_str().unwrap().to_owned()
        };
        assert_eq!(at("linux", None), "/etc/ringside/setup.json");
        assert_eq!(at("macos", None), "/Library/Application Support/Ringside/setup.json");
        assert_eq!(at("windows", Some(r"D:\Data")), r"D:\Data\Ringside\setup.json");
        for none in [None, Some(""), Some("Data"), Some(r"\Data")] {
            assert_eq!(at("windows", none), r"C:\ProgramData\Ringside\setup.json");
        }
        assert!(system_data_dir().is_absolute());
        // The pages for administrators say the same.
        for page in ["docs/install.md", "docs/ru/install.md"] {
            let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
            for file in [at("linux", None), at("macos", None), r"%ProgramData%\Ringside\setup.json".into()] {
                assert!(text.contains(&format!("`{file}`")), "{page} does not name {file}");
            }
        }
    }

    #[test]
    fn an_office_gives_its_certificates_as_text_or_as_a_file_and_nothing_else_comes_in_with_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        std::fs::write(&path, format!("comment\n{PEM}")).unwrap();
        std::fs::write(folder.path().join("key.pem"), format!("{PEM}{key}")).unwrap();
        std::fs::write(folder.path().join("endless.pem"), "A".repeat(2 << 20)).unwrap();
        for given in [PEM, "ca.pem", "./ca.pem", path.to_str().unwrap()] {
            assert_eq!(provided(folder.path(), given), PEM, "{given}");
        }
        let with_key = format!("{PEM}{key}");
        for nothing in [
            "",
            " ",
            "missing.pem",
            "key.pem",
            "endless.pem",
            ".",
            "/dev/zero",
            "/",
            &with_key,
            "a\0b",
        ] {
            assert_eq!(provided(folder.path(), nothing), "", "{nothing}");
        }
    }
}
