use super::fetch::{self, Fetched};
#[cfg(target_os = "linux")]
use super::package::install_deb;
use super::package::trouble;
use super::source::{Source, is_safe};
use super::{LONGEST_NOTES, UpdateTrouble, lines};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;
use tauri::Url;
use tauri_plugin_updater::Error;

/// The line of a public key: two letters, its number, 32 bytes.
fn key_line(letters: &[u8; 2]) -> String {
    let mut key = letters.to_vec();
    key.extend([7; 40]);
    BASE64_STANDARD.encode(key)
}

fn read(url: &str, key: &str) -> Result<Option<Source>, UpdateTrouble> {
    let (url, key) = (url.to_owned(), key.to_owned());
    Source::read(&engine::Updates { url, key })
}

#[test]
fn without_an_address_nobody_is_asked_whatever_else_the_office_says() {
    for url in ["", "  ", "\n"] {
        assert_eq!(read(url, ""), Ok(None));
        assert_eq!(read(url, &key_line(b"Ed")), Ok(None));
    }
}

#[test]
fn a_key_is_taken_as_the_line_as_minisigns_file_and_as_the_signer_prints_it() -> Result<(), UpdateTrouble> {
    let line = key_line(b"Ed");
    let file = format!("untrusted comment: minisign public key: 8D\n{line}\n");
    let windows = file.replace('\n', "\r\n");
    let whole = BASE64_STANDARD.encode(&file);
    for given in [&line, &file, &windows, &whole, &format!("  {whole}\n")] {
        let source = read("https://updates.example/list.json", given)?.ok_or(UpdateTrouble::Other)?;
        let kept = BASE64_STANDARD.decode(&source.key).map_err(|_| UpdateTrouble::Other)?;
        assert_eq!(kept, format!("untrusted comment: minisign public key\n{line}\n").as_bytes());
    }
    Ok(())
}

#[test]
fn a_place_without_a_key_that_proves_anything_is_none() {
    let short = BASE64_STANDARD.encode(b"Ed too short");
    for key in [
        "",
        "key",
        &short,
        &key_line(b"ED"),
        "untrusted comment: minisign public key",
        "=",
        "\u{0}",
    ] {
        let read = read("https://updates.example/list.json", key);
        assert_eq!(read, Err(UpdateTrouble::Source), "{key}");
    }
}

#[test]
fn only_https_is_asked_and_nobody_with_a_password_in_the_address() {
    for (url, safe) in [
        ("https://updates.example/list.json", true),
        ("https://updates.example:8443/a/b?c=d", true),
        ("https://10.0.0.7/list.json", true),
        ("http://updates.example/list.json", false),
        ("http://10.0.0.7/list.json", false),
        ("http://localhost/list.json", false),
        ("http://127.0.0.1.example/list.json", false),
        ("https://anna@updates.example/list.json", false),
        ("https://anna:secret@updates.example/list.json", false),
        ("file:///etc/passwd", false),
        ("ftp://updates.example/list.json", false),
        ("javascript:alert(1)", false),
        ("data:text/plain,x", false),
    ] {
        assert_eq!(Url::parse(url).is_ok_and(|url| is_safe(&url)), safe, "{url}");
        if !safe {
            assert_eq!(read(url, &key_line(b"Ed")), Err(UpdateTrouble::Source), "{url}");
        }
    }
    assert_eq!(read("updates.example/list.json", &key_line(b"Ed")), Err(UpdateTrouble::Source));
}

#[test]
fn notes_of_others_are_bounded_and_hold_nothing_unseen() {
    assert_eq!(lines("  First\u{202e}\u{7}\r\n\n second \n"), "First\n\nsecond");
    assert_eq!(lines(&"я".repeat(LONGEST_NOTES + 7)).chars().count(), LONGEST_NOTES);
    assert_eq!(lines("\n \u{0}\n"), "");
}

#[test]
fn what_a_signature_is_refused_for_is_said_as_that() {
    assert_eq!(trouble(&Error::MissingSignedVersion), UpdateTrouble::Signature);
    assert_eq!(trouble(&Error::InvalidUpdaterFormat), UpdateTrouble::Package);
    assert_eq!(trouble(&Error::TargetNotFound("linux-x86_64".into())), UpdateTrouble::NotForUs);
    let denied = Error::Io(std::io::ErrorKind::PermissionDenied.into());
    assert_eq!(trouble(&denied), UpdateTrouble::NotAllowed);
    let full = Error::Io(std::io::ErrorKind::StorageFull.into());
    assert_eq!(trouble(&full), UpdateTrouble::Other);
}

/// One answer to whoever asks, from this very computer.
fn answering(answer: Vec<u8>) -> std::io::Result<Url> {
    let door = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/list.json", door.local_addr()?);
    std::thread::spawn(move || {
        let (mut visitor, _) = door.accept()?;
        let _ = visitor.read(&mut [0; 4_096])?;
        // Whoever has read enough goes away.
        let _ = visitor.write_all(&answer);
        std::io::Result::Ok(())
    });
    url.parse().map_err(std::io::Error::other)
}

#[tokio::test]
async fn a_file_is_read_to_its_bound_and_no_farther() -> std::io::Result<()> {
    const MOST: usize = 64;
    let found = async |head: &str, length: usize| {
        let mut answer = format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n").into_bytes();
        answer.extend(vec![b'x'; length]);
        let url = answering(answer)?;
        std::io::Result::Ok(fetch::read(&url, MOST, Duration::from_secs(20), |_| {}).await)
    };
    assert_eq!(found("200 OK", MOST).await?, Ok(Fetched::File(vec![b'x'; MOST])));
    assert_eq!(found("200 OK", MOST + 1).await?, Ok(Fetched::TooLarge));
    assert_eq!(found("200 OK", 3_000_000).await?, Ok(Fetched::TooLarge));
    // What says that it is too large is not read at all; less than was promised is not a file.
    let promised = |length: usize| format!("200 OK\r\ncontent-length: {length}");
    assert_eq!(found(&promised(MOST + 1), 0).await?, Ok(Fetched::TooLarge));
    assert_eq!(found(&promised(MOST), MOST - 1).await?, Err(UpdateTrouble::Unreachable));
    for head in ["404 Not Found", "403 Forbidden", "410 Gone"] {
        assert_eq!(found(head, 0).await?, Ok(Fetched::NotThere), "{head}");
    }
    let elsewhere = "302 Found\r\nlocation: http://127.0.0.1:1/other";
    for head in ["500 Oops", "206 Partial Content", elsewhere, "204 No Content"] {
        assert_eq!(found(head, 0).await?, Err(UpdateTrouble::Unreachable), "{head}");
    }
    Ok(())
}

#[tokio::test]
async fn how_much_of_a_file_came_is_told_once_for_each_per_cent() -> std::io::Result<()> {
    const LENGTH: usize = 300_000;
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {LENGTH}\r\n\r\n").into_bytes();
    answer.extend(vec![b'x'; LENGTH]);
    let (url, told) = (answering(answer)?, std::sync::Mutex::new(Vec::new()));
    let tell = |percent| told.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(percent);
    let found = fetch::read(&url, LENGTH, Duration::from_secs(20), tell).await;
    assert!(matches!(found, Ok(Fetched::File(content)) if content.len() == LENGTH));
    let told = told.into_inner().unwrap_or_default();
    assert!(told.is_sorted_by(|before, after| before < after), "{told:?}");
    assert_eq!(told.last(), Some(&100));
    Ok(())
}

/// What stands in for the system's installer: it keeps what it is given, and ends with this status.
#[cfg(target_os = "linux")]
fn installer(folder: &std::path::Path, status: i32) -> std::process::Command {
    let script = format!("echo \"$1 $2\" >asked && cat \"$3\" >package; exit {status}");
    let mut shell = std::process::Command::new("sh");
    shell.current_dir(folder).args(["-c", &script, "pkexec"]);
    shell
}

#[cfg(target_os = "linux")]
#[test]
fn a_package_goes_to_the_systems_installer_once_and_its_end_is_told() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    let package = b"!<arch>\ndebian-binary   1796000000  0     0     100644  4         `\n2.0\n";
    let ends = [
        (0, Ok(())),
        (126, Err(UpdateTrouble::NotAllowed)),
        (127, Err(UpdateTrouble::NotAllowed)),
        // Of `dpkg` itself: the files may lie there already.
        (1, Err(UpdateTrouble::Unfinished)),
    ];
    for (status, end) in ends {
        assert_eq!(install_deb(package, installer(folder.path(), status)), end, "{status}");
        assert_eq!(std::fs::read_to_string(folder.path().join("asked"))?, "dpkg --install\n");
        assert_eq!(std::fs::read(folder.path().join("package"))?, package);
    }
    std::fs::remove_file(folder.path().join("asked"))?;
    let nobody = std::process::Command::new(folder.path().join("nobody"));
    assert_eq!(install_deb(package, nobody), Err(UpdateTrouble::NotAllowed));
    let installer = installer(folder.path(), 0);
    assert_eq!(install_deb(b"\x7fELF no package", installer), Err(UpdateTrouble::Package));
    assert!(!folder.path().join("asked").exists());
    Ok(())
}
