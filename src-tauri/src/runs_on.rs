//! What the program runs on: the system and what draws its pages, by names of our own list and by numbers, as this goes to
//! whoever helps.

use engine::Engine;
use engine::view::{CommandError, HealthView, OsHealth, OsView, VersionNumbers};
use std::io::Read as _;

/// Where a Linux says what it is.
const OS_RELEASE: &str = "/etc/os-release";
/// So much of it is read, bytes.
const MOST: u64 = 16 * 1024;

/// What is known of the program's own state, and what it runs on.
///
/// # Errors
/// As [`Engine::health`].
pub async fn health(engine: &Engine) -> Result<HealthView, CommandError> {
    let mut view = engine.health().await?;
    view.program.web_view = tauri::webview_version().ok().and_then(|version| VersionNumbers::read(&version));
    view.program.os = tauri::async_runtime::spawn_blocking(os).await.ok().flatten();
    Ok(view)
}

fn os() -> Option<OsHealth> {
    let mut text = Vec::new();
    std::fs::File::open(OS_RELEASE).ok()?.take(MOST).read_to_end(&mut text).ok()?;
    Some(read_os(&String::from_utf8_lossy(&text)))
}

/// What `os-release` says: an identifier and a version, each maybe in quotes.
fn read_os(text: &str) -> OsHealth {
    let value = |key: &str| {
        let mut lines = text.lines();
        let value = lines.find_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='))?;
        Some(value.trim().trim_matches(['"', '\'']))
    };
    let name = match value("ID").unwrap_or_default() {
        "altlinux" => OsView::Alt,
        "arch" => OsView::Arch,
        "astra" => OsView::Astra,
        "debian" => OsView::Debian,
        "fedora" => OsView::Fedora,
        "linuxmint" => OsView::Mint,
        id if id.starts_with("opensuse") => OsView::Opensuse,
        "redos" => OsView::Redos,
        "ubuntu" => OsView::Ubuntu,
        _ => OsView::Other,
    };
    OsHealth {
        name,
        version: value("VERSION_ID").and_then(VersionNumbers::read),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_told_by_a_name_of_the_list_and_by_numbers() {
        let table = [
            ("NAME=x\nVERSION_ID=\"12\"\nID=debian\n", OsView::Debian, Some("12")),
            ("ID=ubuntu\nID_LIKE=debian\nVERSION_ID='24.04'", OsView::Ubuntu, Some("24.04")),
            ("ID=\"opensuse-leap\"\nVERSION_ID=\"15.6\"", OsView::Opensuse, Some("15.6")),
            ("ID=arch\nBUILD_ID=rolling", OsView::Arch, None),
            ("ID=ivanov-pc\nVERSION_ID=\"Ivanov\"", OsView::Other, None),
            ("ID=astra\nVERSION_ID=79161234567", OsView::Astra, None),
            ("", OsView::Other, None),
        ];
        for (text, name, version) in table {
            let version = version.and_then(VersionNumbers::read);
            assert_eq!(read_os(text), OsHealth { name, version }, "{text}");
        }
        for hostile in hostile::texts() {
            let told = serde_json::to_string(&read_os(&format!("ID={0}\nVERSION_ID={0}", hostile.text))).unwrap();
            assert!(told.is_ascii() && told.len() < 80, "{}: {told}", hostile.name);
        }
    }
}
