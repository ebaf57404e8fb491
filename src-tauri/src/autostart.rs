//! Whether Ringside starts when the person logs in (D6): asked once, at the end of the set-up, and set in the settings.
//!
//! On Linux that is a file of one name in the folders that desktops start programs from. The person's own goes before those
//! for everybody, and one that says that it is hidden takes theirs away. Other systems are not asked; nor is a program that was
//! just built, or works in a folder of its own, as what the desktop would start is another one.

use crate::handler;
use crate::start;
use std::io;
use std::path::PathBuf;

/// Its file in each folder.
const FILE: &str = "ringside.desktop";
/// Takes a program away that starts for everybody.
const NOT: &str = "[Desktop Entry]\nType=Application\nName=Ringside\nHidden=true\n";

/// The files by which a desktop starts it.
#[derive(Debug)]
pub struct Autostart {
    /// The person's own.
    own: PathBuf,
    /// Those for everybody, the first that exists counts.
    shared: Vec<PathBuf>,
    /// What is started.
    program: PathBuf,
}

impl Autostart {
    /// Of this session. `None` where it is not to be asked about.
    pub fn of_session() -> Option<Self> {
        if !cfg!(target_os = "linux") || handler::is_under_construction() || start::has_own_folder() {
            return None;
        }
        let shared = std::env::var("XDG_CONFIG_DIRS").ok().filter(|dirs| !dirs.is_empty());
        let shared = shared.unwrap_or_else(|| "/etc/xdg".to_owned());
        let folders = shared.split(':').map(PathBuf::from).filter(|dir| dir.is_absolute());
        Some(Self {
            own: dirs::config_dir()?.join("autostart").join(FILE),
            shared: folders.map(|dir| dir.join("autostart").join(FILE)).collect(),
            program: std::env::current_exe().ok()?,
        })
    }

    /// Whether it starts by itself.
    pub fn is_on(&self) -> bool {
        handler::read(&self.own).map_or_else(|_| self.is_on_for_all(), |text| starts(&text))
    }

    /// Has it start by itself from the next login on, or not.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set(&self, on: bool) -> io::Result<()> {
        if on == self.is_on_for_all() {
            // What holds for everybody holds.
            return handler::removed(&self.own);
        }
        let text = if on { self.entry()? } else { NOT.to_owned() };
        std::fs::create_dir_all(self.own.parent().unwrap_or(&self.own))?;
        std::fs::write(&self.own, text)
    }

    fn is_on_for_all(&self) -> bool {
        let first = self.shared.iter().find_map(|file| handler::read(file).ok());
        first.is_some_and(|text| starts(&text))
    }

    fn entry(&self) -> io::Result<String> {
        let program = handler::exec(&self.program)?;
        Ok(format!(
            "[Desktop Entry]\nType=Application\nName=Ringside\nExec={program} --hidden\nTerminal=false\n"
        ))
    }
}

/// Whether a program with this file is started: desktops turn one off by a line of theirs.
fn starts(text: &str) -> bool {
    let off = |line: &str| matches!(line.trim(), "Hidden=true" | "X-GNOME-Autostart-enabled=false");
    !text.lines().any(off)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> (tempfile::TempDir, Autostart) {
        let folder = tempfile::tempdir().unwrap();
        let autostart = Autostart {
            own: folder.path().join("own/autostart/ringside.desktop"),
            shared: vec![
                folder.path().join("none/ringside.desktop"),
                folder.path().join("shared/ringside.desktop"),
            ],
            program: "/opt/my programs/ringside".into(),
        };
        std::fs::create_dir(folder.path().join("shared")).unwrap();
        (folder, autostart)
    }

    #[test]
    fn d6_it_starts_at_login_where_the_person_wants_it() {
        let (_folder, autostart) = session();
        assert!(!autostart.is_on());
        for _ in 0..2 {
            autostart.set(true).unwrap();
            assert!(autostart.is_on());
            let file = std::fs::read_to_string(&autostart.own).unwrap();
            assert!(file.contains("\nExec=\"/opt/my programs/ringside\" --hidden\n"), "{file}");
        }
        autostart.set(false).unwrap();
        assert!(!autostart.is_on() && !autostart.own.exists());
        // A desktop's own tool turns it off in the file.
        autostart.set(true).unwrap();
        let file = std::fs::read_to_string(&autostart.own).unwrap();
        std::fs::write(&autostart.own, file + "X-GNOME-Autostart-enabled=false\n").unwrap();
        assert!(!autostart.is_on());
        autostart.set(true).unwrap();
        assert!(autostart.is_on());
    }

    #[test]
    fn d6_where_the_office_starts_it_for_everybody_a_person_can_take_it_away_and_give_it_back() {
        let (_folder, autostart) = session();
        std::fs::write(
            &autostart.shared[1],
            "[Desktop Entry]\nType=Application\nExec=/usr/bin/ringside --hidden\n",
        )
        .unwrap();
        assert!(autostart.is_on());
        autostart.set(true).unwrap();
        assert!(!autostart.own.exists(), "it is so already");
        autostart.set(false).unwrap();
        assert!(!autostart.is_on() && autostart.own.exists());
        autostart.set(true).unwrap();
        assert!(autostart.is_on() && !autostart.own.exists());
    }

    #[test]
    fn d6_a_folder_that_cannot_be_written_is_an_error_and_nothing_is_on() {
        let (folder, autostart) = session();
        std::fs::write(folder.path().join("own"), "a file where the folder would be").unwrap();
        autostart.set(true).unwrap_err();
        assert!(!autostart.is_on());
    }
}
