//! The data folder: it holds names, numbers and notes, so nobody else on this computer may read it, and one
//! program at a time works in it.

use crate::StoreError;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Whose lock is held while a program works in the folder. The system lets it go when the program ends,
/// however it ends.
const LOCK: &str = "ringside.lock";

/// The right to work in a data folder; given back when dropped.
#[derive(Debug)]
pub struct Claim {
    _lock: File,
}

/// Makes the folder if it is missing and claims it for this program.
///
/// # Errors
/// [`StoreError::InUse`] while another program works in it; [`StoreError::Folder`] when it cannot be used.
pub fn claim(folder: &Path) -> Result<Claim, StoreError> {
    make(folder)?;
    let lock = private_file()
        .open(folder.join(LOCK))
        .map_err(|error| StoreError::folder(folder, error))?;
    match lock.try_lock() {
        Ok(()) => Ok(Claim { _lock: lock }),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(TryLockError::Error(error)) => Err(StoreError::folder(folder, error)),
    }
}

/// Makes the folder; for its owner alone from the first moment on.
pub(crate) fn make(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| StoreError::folder(folder, error))
}

/// Makes the file if it is missing; for its owner alone from the first moment on.
pub(crate) fn make_file(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(path);
    private_file()
        .open(path)
        .map(drop)
        .map_err(|error| StoreError::folder(folder, error))
}

/// Writes some bytes into the folder, to learn from the system what stands in the way.
pub(crate) fn try_out(folder: &Path) -> io::Result<()> {
    const SOME: usize = 128 * 1024;
    let path = folder.join("ringside.probe");
    let written = private_file().open(&path).and_then(|mut file| {
        file.write_all(&vec![0; SOME])?;
        file.sync_all()
    });
    // What could not be made need not go.
    let _ = fs::remove_file(&path);
    written
}

fn private_file() -> OpenOptions {
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Takes from others the right to read the folder and what lies in it and in its folders. Returns what was open to them.
/// A folder that is everybody's by nature, such as `/tmp`, stays so; the files in it do not.
///
/// # Errors
/// When the folder cannot be read. What belongs to somebody else is left out.
pub fn tighten(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut tightened = Vec::new();
    tighten_one(folder, &mut tightened);
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Ok(meta) = fs::symlink_metadata(&path) else { continue };
        if meta.is_dir() {
            tightened.extend(tighten(&path).unwrap_or_default());
        } else if meta.is_file() {
            tighten_one(&path, &mut tightened);
        }
    }
    Ok(tightened)
}

#[cfg(unix)]
fn tighten_one(path: &Path, tightened: &mut Vec<PathBuf>) {
    use std::os::unix::fs::PermissionsExt as _;
    const OTHERS: u32 = 0o077;
    const STICKY: u32 = 0o1000;
    let Ok(meta) = fs::metadata(path) else { return };
    let mode = meta.permissions().mode();
    if mode & OTHERS == 0 || (meta.is_dir() && mode & STICKY != 0) {
        return;
    }
    if fs::set_permissions(path, fs::Permissions::from_mode(mode & !OTHERS & 0o777)).is_ok() {
        tightened.push(path.to_owned());
    }
}

/// There, an account's folder is its own.
#[cfg(not(unix))]
fn tighten_one(_path: &Path, _tightened: &mut Vec<PathBuf>) {}

/// Whether the folder, or the part of its path that exists, belongs to another user of this computer.
#[cfg(target_os = "linux")]
pub(crate) fn is_foreign(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let owner = |path: &Path| fs::metadata(path).map(|meta| meta.uid());
    let (Ok(me), Ok(theirs)) = (owner(Path::new("/proc/self")), owner(folder)) else {
        return false;
    };
    me != theirs
}

/// Elsewhere nobody is asked: the folder counts as one that cannot be written.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_foreign(_folder: &Path) -> bool {
    false
}
