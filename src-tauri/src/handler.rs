//! Which program of this desktop opens links to numbers (`tel:` and its like), and how Ringside becomes it and ceases to be it.
//! Its own links (`ringside:`, which set a computer up) nobody else opens: for these it is there from its first start.
//!
//! On Linux that is a file in the person's applications and an entry that `xdg-mime` writes. Which programs had the links
//! before stands in our own file, so that they get them back. Other systems are not asked.

use calls::visible;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What the desktop knows this program as: its package brings a file of this name, and portals know nobody without one.
#[cfg(target_os = "linux")]
pub const NAME_ON_DESKTOP: &str = "app.ringside.desktop";
/// Our file in the applications.
const OWN: &str = "ringside-links.desktop";
/// The schemes of links, the one that is shown first.
const SCHEMES: [&str; 4] = ["tel", "callto", "sip", "sips"];
/// Our own scheme, and the file that has it opened here.
const SET_UP: (&str, &str) = ("ringside", "ringside-setup.desktop");
/// The system's list of who opens what, in each folder of applications.
const OPENERS: &str = "mimeinfo.cache";
/// In our file: who had the links before, as `scheme=file;…`.
const BEFORE: &str = "X-Ringside-Before=";
/// How long the system's program may take for one question.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two looks whether it is through.
const PAUSE: Duration = Duration::from_millis(10);
/// Longer answers and files are not read, bytes.
const LONGEST: u64 = 64 * 1024;
/// Longer names of programs are cut, characters.
const LONGEST_NAME: usize = 60;

/// Who opens links to numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum LinksHolder {
    /// This program.
    Here {
        /// It took them from others, or from nobody, and can give them back; else the system's package has it open them.
        taken: bool,
    },
    /// Another one.
    Other {
        /// As the desktop calls it.
        name: String,
    },
    /// None.
    Nobody,
    /// The system does not tell: it has no `xdg-mime`, or that does not answer.
    Unknown,
}

/// Where the desktop keeps its programs, and what is asked about them.
#[derive(Debug)]
pub struct Programs {
    /// `xdg-mime`, and what comes before each question.
    tool: Vec<PathBuf>,
    /// Folders of applications, the person's own first.
    folders: Vec<PathBuf>,
    /// What our file starts.
    own: PathBuf,
}

impl Programs {
    /// Of this session. `None` where the system has no such ways.
    pub fn of_session() -> Option<Self> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let shared = std::env::var("XDG_DATA_DIRS").ok().filter(|dirs| !dirs.is_empty());
        let shared = shared.unwrap_or_else(|| "/usr/local/share:/usr/share".to_owned());
        let own = dirs::data_dir().into_iter();
        let folders = own.chain(shared.split(':').map(PathBuf::from)).filter(|dir| dir.is_absolute());
        Some(Self {
            tool: vec!["xdg-mime".into()],
            folders: folders.map(|dir| dir.join("applications")).collect(),
            own: std::env::current_exe().ok()?,
        })
    }

    /// Who opens the links now.
    pub fn holder(&self) -> LinksHolder {
        match self.holder_of(SCHEMES[0]) {
            Ok(Some(file)) if file == OWN => LinksHolder::Here { taken: true },
            Ok(Some(file)) if self.starts_us(&file) => LinksHolder::Here { taken: false },
            Ok(Some(file)) => LinksHolder::Other { name: self.name_of(&file) },
            Ok(None) => LinksHolder::Nobody,
            Err(error) => {
                tracing::info!(kind = ?error.kind(), "who opens links to numbers is not known");
                LinksHolder::Unknown
            }
        }
    }

    /// Has the links open here from now on.
    ///
    /// # Errors
    /// When the system does not take it.
    pub fn take(&self) -> io::Result<()> {
        let own = self.own_file()?;
        let kept = before(&read(&own).unwrap_or_default());
        let mut had: Vec<(String, String)> = Vec::new();
        for scheme in SCHEMES {
            match self.holder_of(scheme)? {
                // Taken already: who had it then stands in the file.
                Some(file) if file == OWN => had.extend(kept.iter().find(|(of, _)| of == scheme).cloned()),
                Some(file) => had.push((scheme.to_owned(), file)),
                None => {}
            }
        }
        std::fs::create_dir_all(own.parent().unwrap_or(&own))?;
        std::fs::write(&own, desktop_file(&self.own, &had)?)?;
        let types = SCHEMES.map(mime);
        let mut arguments = vec!["default", OWN];
        arguments.extend(types.iter().map(String::as_str));
        let taken = self.ask(&arguments).map(|_| ());
        if taken.is_err() && kept.is_empty() {
            // Nothing came of it; the error is what counts.
            let _ = std::fs::remove_file(&own);
        }
        taken
    }

    /// Gives each link back to who had it before.
    ///
    /// # Errors
    /// When the system does not take it.
    pub fn give_back(&self) -> io::Result<()> {
        let own = self.own_file()?;
        for (scheme, file) in before(&read(&own).unwrap_or_default()) {
            if self.holder_of(&scheme)?.as_deref() == Some(OWN) {
                self.ask(&["default", &file, &mime(&scheme)])?;
            }
        }
        // Where nobody had it, the entry leads to a file that is gone, which the system passes over.
        removed(&own)
    }

    /// Has our own links open here, unless another program has them: an installed one, which may be for everybody, or one that a
    /// person has chosen.
    ///
    /// # Errors
    /// When the system does not take it.
    pub fn open_own_links(&self) -> io::Result<()> {
        let (scheme, name) = SET_UP;
        let own = self.file(name)?;
        if self.is_opened_for_all(scheme) {
            // A file of before would stand in its way, and lead to a program that may be gone.
            return removed(&own);
        }
        let holder = self.holder_of(scheme)?;
        let is_theirs = |file: &String| file != name && self.folders.iter().any(|folder| folder.join(file).exists());
        if holder.as_ref().is_some_and(is_theirs) {
            return Ok(());
        }
        let wanted = application(&self.own, &[scheme], "")?;
        write_if_other(&own, &wanted)?;
        if holder.as_deref() == Some(name) {
            return Ok(());
        }
        let taken = self.ask(&["default", name, &mime(scheme)]).map(|_| ());
        if taken.is_err() {
            // The next start tries again; the error is what counts.
            let _ = std::fs::remove_file(&own);
        }
        taken
    }

    /// Has the desktop know this program by its name, where no package has seen to that.
    ///
    /// # Errors
    /// When the file cannot be written.
    #[cfg(target_os = "linux")]
    fn be_known(&self) -> io::Result<()> {
        let name = format!("{NAME_ON_DESKTOP}.desktop");
        if self.folders.iter().skip(1).any(|folder| folder.join(&name).exists()) {
            // A file of before would stand in its way, and lead to a program that may be gone.
            return removed(&self.file(&name)?);
        }
        write_if_other(&self.file(&name)?, &application(&self.own, &[], "")?)
    }

    /// Whether an installed program says that it opens a scheme's links.
    fn is_opened_for_all(&self, scheme: &str) -> bool {
        let opens = format!("{}=", mime(scheme));
        let mut lists = self
            .folders
            .iter()
            .skip(1)
            .map(|folder| read(&folder.join(OPENERS)).unwrap_or_default());
        lists.any(|list| list.lines().any(|line| line.starts_with(&opens)))
    }

    fn own_file(&self) -> io::Result<PathBuf> {
        self.file(OWN)
    }

    fn file(&self, name: &str) -> io::Result<PathBuf> {
        let folder = self.folders.first().ok_or(io::ErrorKind::NotFound)?;
        Ok(folder.join(name))
    }

    /// The file of the program that has a scheme's links.
    fn holder_of(&self, scheme: &str) -> io::Result<Option<String>> {
        let said = self.ask(&["query", "default", &mime(scheme)])?;
        let file = said.lines().next().unwrap_or_default().trim();
        if file.is_empty() {
            return Ok(None);
        }
        is_desktop_file(file)
            .then(|| Some(file.to_owned()))
            .ok_or(io::ErrorKind::InvalidData.into())
    }

    /// Whether an installed file starts this program, as that of its package or of an office does.
    fn starts_us(&self, file: &str) -> bool {
        let text = self
            .folders
            .iter()
            .find_map(|folder| read(&folder.join(file)).ok())
            .unwrap_or_default();
        let started = text.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap_or_default();
        let quoted = started.strip_prefix('"').and_then(|rest| rest.split('"').next());
        let program = quoted.or_else(|| started.split(' ').next()).unwrap_or_default();
        !program.is_empty() && Path::new(program).file_name() == self.own.file_name()
    }

    /// A program's name as its file says it.
    fn name_of(&self, file: &str) -> String {
        let text = self.folders.iter().find_map(|folder| read(&folder.join(file)).ok());
        let named = text
            .as_deref()
            .unwrap_or_default()
            .lines()
            .find_map(|line| line.strip_prefix("Name="));
        let name = visible(named.unwrap_or_else(|| file.trim_end_matches(".desktop")));
        name.trim().chars().take(LONGEST_NAME).collect()
    }

    /// Runs the system's program, which may hang as well as anything.
    fn ask(&self, arguments: &[&str]) -> io::Result<String> {
        let (tool, before) = self.tool.split_first().ok_or(io::ErrorKind::NotFound)?;
        let mut child = Command::new(tool)
            .args(before)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let until = Instant::now() + PATIENCE;
        let status = loop {
            match child.try_wait()? {
                Some(status) => break status,
                None if Instant::now() >= until => {
                    // One that has just ended by itself needs no end.
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(io::ErrorKind::TimedOut.into());
                }
                None => std::thread::sleep(PAUSE),
            }
        };
        // A pipe holds as much as is read of it: what says more than that is no answer, and hangs until its time is over.
        let mut said = String::new();
        if let Some(out) = child.stdout.take() {
            out.take(LONGEST).read_to_string(&mut said)?;
        }
        status.success().then_some(said).ok_or(io::ErrorKind::Other.into())
    }
}

fn write_if_other(file: &Path, wanted: &str) -> io::Result<()> {
    if read(file).is_ok_and(|text| text == wanted) {
        return Ok(());
    }
    std::fs::create_dir_all(file.parent().unwrap_or(file))?;
    std::fs::write(file, wanted)
}

/// Removes a file that may be gone already.
pub(crate) fn removed(file: &Path) -> io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn mime(scheme: &str) -> String {
    format!("x-scheme-handler/{scheme}")
}

fn is_desktop_file(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+@".contains(c);
    name.ends_with(".desktop") && name.len() <= 200 && !name.starts_with('-') && name.chars().all(plain)
}

/// Reads a file of this desktop's, up to a length that none of them has.
pub(crate) fn read(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(file)?.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

/// Who had the links before, as our file says it.
fn before(text: &str) -> Vec<(String, String)> {
    let said = text.lines().find_map(|line| line.strip_prefix(BEFORE)).unwrap_or_default();
    let pairs = said.split(';').filter_map(|pair| pair.split_once('='));
    pairs
        .filter(|(scheme, file)| SCHEMES.contains(scheme) && is_desktop_file(file) && *file != OWN)
        .map(|(scheme, file)| (scheme.to_owned(), file.to_owned()))
        .collect()
}

fn desktop_file(program: &Path, had: &[(String, String)]) -> io::Result<String> {
    let had: String = had.iter().map(|(scheme, file)| format!("{scheme}={file};")).collect();
    application(program, &SCHEMES, &format!("{BEFORE}{had}\n"))
}

/// All schemes whose links are opened here, our own last.
#[cfg(test)]
pub fn all_schemes() -> impl Iterator<Item = &'static str> {
    SCHEMES.into_iter().chain([SET_UP.0])
}

/// A program's file, by which it opens these schemes.
fn application(program: &Path, schemes: &[&str], more: &str) -> io::Result<String> {
    let types: String = schemes.iter().map(|scheme| mime(scheme) + ";").collect();
    let (link, types) = if schemes.is_empty() {
        ("", String::new())
    } else {
        (" %u", format!("MimeType={types}\n"))
    };
    Ok(format!(
        "[Desktop Entry]\nType=Application\nName=Ringside\nExec={}{link}\nTerminal=false\nNoDisplay=true\n{types}{more}",
        exec(program)?
    ))
}

/// A program's path as such files have it. In quotes only where it must be: not all that read them know quotes.
pub(crate) fn exec(program: &Path) -> io::Result<String> {
    let path = program.to_str().filter(|path| !path.contains(char::is_control));
    let path = path.ok_or(io::ErrorKind::InvalidInput)?.replace('%', "%%");
    if path.chars().all(|c| c.is_alphanumeric() || "/._-+%".contains(c)) {
        return Ok(path);
    }
    let mut quoted = String::from("\"");
    for c in path.chars() {
        match c {
            '\\' => quoted.push_str("\\\\\\\\"),
            '"' | '`' | '$' => quoted.extend(["\\\\", &c.to_string()]),
            c => quoted.push(c),
        }
    }
    Ok(quoted + "\"")
}

/// Where a build puts its programs lies this file, too.
const OF_BUILDS: &str = ".cargo-lock";

/// Whether this is a program that somebody has just built, which is not what their desktop is to start. A test of what an
/// installed one does says so (`RINGSIDE_INSTALLED`).
pub(crate) fn is_under_construction() -> bool {
    let built = std::env::current_exe().is_ok_and(|program| program.with_file_name(OF_BUILDS).exists());
    built && std::env::var_os("RINGSIDE_INSTALLED").is_none()
}

/// Has our own links open here from this start on, beside everything else.
pub fn open_own_links() {
    if is_under_construction() {
        return;
    }
    std::thread::spawn(|| {
        let Some(programs) = Programs::of_session() else { return };
        if let Err(error) = programs.open_own_links() {
            tracing::info!(kind = ?error.kind(), "links that set this computer up open elsewhere, or nowhere");
        }
    });
}

/// Has the desktop know this program by its name. Not what works in a folder of its own, or was just built: it is not the
/// program that the desktop would start.
#[cfg(target_os = "linux")]
pub fn be_known() {
    if crate::start::has_own_folder() || is_under_construction() {
        return;
    }
    let Some(programs) = Programs::of_session() else { return };
    if let Err(error) = programs.be_known() {
        tracing::info!(kind = ?error.kind(), "the desktop does not know this program by its name");
    }
}

#[cfg(test)]
mod tests;
