//! How this copy of the program came to the computer: that decides how a newer one takes its place.
//!
//! The packager writes it into the program. That `APPIMAGE` is set proves nothing: whatever an AppImage starts inherits it, and
//! a browser is often one.

use super::UpdateTrouble;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tauri::AppHandle;
use tauri_plugin_updater::{Error, Update};

/// What this copy was installed from, where it can be replaced by a newer one. A system where that was not tried has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Package {
    /// One file, at this place.
    #[cfg(target_os = "linux")]
    AppImage(PathBuf),
    /// A package of Debian's kind.
    #[cfg(target_os = "linux")]
    Deb,
}

impl Package {
    /// None: somebody has built this copy, and it may be what they work on.
    #[cfg(target_os = "linux")]
    pub(super) fn of(app: &AppHandle) -> Option<Self> {
        use tauri::Manager as _;
        use tauri::utils::config::BundleType;
        use tauri::utils::platform::bundle_type;
        match bundle_type()? {
            BundleType::AppImage => app.env().appimage.map(|file| Self::AppImage(file.into())),
            BundleType::Deb => Some(Self::Deb),
            _ => None,
        }
    }

    /// None: nobody has tried it there.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn of(_app: &AppHandle) -> Option<Self> {
        None
    }

    /// What is started to start this program anew.
    ///
    /// # Errors
    /// The system does not say where this program lies.
    pub(super) fn program(this: Option<&Self>) -> std::io::Result<PathBuf> {
        match this {
            #[cfg(target_os = "linux")]
            Some(Self::AppImage(file)) => Ok(file.clone()),
            _ => tauri::utils::platform::current_exe(),
        }
    }

    /// Proves whose the content is and puts it into this one's place. Takes as long as the system asks for a password.
    ///
    /// # Errors
    /// What stood in the way.
    pub(super) fn replace(&self, update: &Update, content: &[u8]) -> Result<(), UpdateTrouble> {
        match *self {
            #[cfg(target_os = "linux")]
            Self::AppImage(_) => update.install(content).map_err(|error| trouble(&error)),
            #[cfg(target_os = "linux")]
            Self::Deb => {
                update.verify(content).map_err(|error| trouble(&error))?;
                install_deb(content, Command::new("pkexec"))
            }
        }
    }
}

/// Hands a package to the system's installer, which asks once for a password, in a window of its own. The plugin would go on to
/// ask in windows of ours, and at the terminal that the program was started from.
#[cfg(target_os = "linux")]
pub(super) fn install_deb(content: &[u8], mut pkexec: Command) -> Result<(), UpdateTrouble> {
    const MAGIC: &[u8] = b"!<arch>\ndebian-binary";
    /// Nobody gave the password, or nobody may.
    const NOT_GIVEN: [i32; 2] = [126, 127];
    if !content.starts_with(MAGIC) {
        return Err(UpdateTrouble::Package);
    }
    let mut file = tempfile::Builder::new()
        .suffix(".deb")
        .tempfile()
        .map_err(|_| UpdateTrouble::Other)?;
    file.write_all(content).map_err(|_| UpdateTrouble::Other)?;
    pkexec.args(["dpkg", "--install"]).arg(file.path());
    let ended = pkexec.stdin(Stdio::null()).status();
    match ended.map(|status| status.code()) {
        Ok(Some(0)) => Ok(()),
        Ok(Some(code)) if NOT_GIVEN.contains(&code) => Err(UpdateTrouble::NotAllowed),
        // There is nobody who asks for passwords.
        Err(_) => Err(UpdateTrouble::NotAllowed),
        Ok(_) => Err(UpdateTrouble::Unfinished),
    }
}

/// What the plugin's error means for a person.
pub(super) fn trouble(error: &Error) -> UpdateTrouble {
    match error {
        Error::Serialization(_) | Error::Semver(_) | Error::UrlParse(_) | Error::ReleaseNotFound => UpdateTrouble::List,
        Error::TargetNotFound(_) | Error::TargetsNotFound(_) | Error::UnsupportedArch | Error::UnsupportedOs => UpdateTrouble::NotForUs,
        Error::Minisign(_)
        | Error::Base64(_)
        | Error::SignatureUtf8(_)
        | Error::SignedVersionMismatch { .. }
        | Error::MissingSignedVersion => UpdateTrouble::Signature,
        Error::InvalidUpdaterFormat | Error::BinaryNotFoundInArchive => UpdateTrouble::Package,
        Error::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied => UpdateTrouble::NotAllowed,
        _ => UpdateTrouble::Other,
    }
}
