use super::*;
use std::fs;

/// A desktop with its `xdg-mime`: a script that keeps each type's program in a file of its own.
struct Desktop {
    folder: tempfile::TempDir,
    programs: Programs,
}

impl Desktop {
    fn new() -> Self {
        let kept = "case $1 in query) cat \"$kept/${3#*/}\" 2>/dev/null;; default) shift; what=$1; shift; for type; do \
                    echo \"$what\" >\"$kept/${type#*/}\"; done;; esac; exit 0";
        Self::with_tool(kept)
    }

    fn with_tool(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("kept");
        fs::create_dir(&kept).unwrap();
        let tool = folder.path().join("xdg-mime");
        fs::write(&tool, format!("kept='{}'\n{script}\n", kept.display())).unwrap();
        let programs = Programs {
            // Run by name, a file that was written a moment ago may be busy.
            tool: vec!["/bin/sh".into(), tool],
            folders: vec![folder.path().join("own/applications"), folder.path().join("shared/applications")],
            own: "/usr/local/bin/ringside".into(),
        };
        Self { folder, programs }
    }

    fn has(&self, scheme: &str, file: &str) {
        fs::write(self.folder.path().join("kept").join(scheme), format!("{file}\n")).unwrap();
    }

    /// A program is installed, for this person (`own`) or for everybody (`shared`).
    fn is_there(&self, whose: &str, file: &str) {
        let applications = self.folder.path().join(whose).join("applications");
        fs::create_dir_all(&applications).unwrap();
        fs::write(applications.join(file), "[Desktop Entry]\nName=Other\n").unwrap();
    }

    fn holder_of(&self, scheme: &str) -> Option<String> {
        self.programs.holder_of(scheme).unwrap()
    }

    fn own_file(&self) -> PathBuf {
        self.programs.own_file().unwrap()
    }
}

#[test]
fn d2_links_are_taken_and_given_back_to_who_had_them() {
    let desktop = Desktop::new();
    assert_eq!(desktop.programs.holder(), LinksHolder::Nobody);
    let shared = desktop.folder.path().join("shared/applications");
    fs::create_dir_all(&shared).unwrap();
    fs::write(
        shared.join("phone.desktop"),
        "[Desktop Entry]\nName[ru]=Телефон\nName=Phone\u{202e} app\n",
    )
    .unwrap();
    desktop.has("tel", "phone.desktop");
    desktop.has("sip", "linphone.desktop");
    assert_eq!(desktop.programs.holder(), LinksHolder::Other { name: "Phone app".into() });

    // Twice: whom it was taken from is not forgotten.
    for _ in 0..2 {
        desktop.programs.take().unwrap();
        assert_eq!(desktop.programs.holder(), LinksHolder::Here { taken: true });
    }
    let file = fs::read_to_string(desktop.own_file()).unwrap();
    assert!(file.contains("\nExec=/usr/local/bin/ringside %u\n"), "{file}");
    assert!(file.contains("x-scheme-handler/tel;x-scheme-handler/callto;x-scheme-handler/sip;x-scheme-handler/sips;\n"));
    for scheme in SCHEMES {
        assert_eq!(desktop.holder_of(scheme).as_deref(), Some(OWN), "{scheme}");
    }

    // What another program has taken since stays with it.
    desktop.has("sip", "other.desktop");
    desktop.programs.give_back().unwrap();
    assert_eq!(desktop.holder_of("tel").as_deref(), Some("phone.desktop"));
    assert_eq!(desktop.holder_of("sip").as_deref(), Some("other.desktop"));
    assert!(!desktop.own_file().exists());
    desktop.programs.give_back().unwrap();
}

#[test]
fn d2_what_the_systems_package_has_open_here_is_ours_and_nothing_to_give_back() {
    let desktop = Desktop::new();
    let shared = desktop.folder.path().join("shared/applications");
    fs::create_dir_all(&shared).unwrap();
    for (started, here) in [
        ("ringside %u", true),
        ("/usr/local/bin/ringside %u", true),
        ("\"/opt/my programs/ringside\" %u", true),
        ("/usr/bin/ringside-old %u", false),
        ("\"/opt/ringside tools/dial\" %u", false),
        ("sh -c ringside", false),
        ("", false),
    ] {
        fs::write(
            shared.join("Ringside.desktop"),
            format!("[Desktop Entry]\nName=Ringside\nExec={started}\n"),
        )
        .unwrap();
        desktop.has("tel", "Ringside.desktop");
        let expected = if here {
            LinksHolder::Here { taken: false }
        } else {
            LinksHolder::Other { name: "Ringside".into() }
        };
        assert_eq!(desktop.programs.holder(), expected, "{started}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn d2_the_desktop_knows_the_program_by_a_file_of_the_package_or_else_by_its_own() {
    let desktop = Desktop::new();
    let name = "applications/app.ringside.desktop.desktop";
    let (own, packaged) = (
        desktop.programs.folders[0].join("app.ringside.desktop.desktop"),
        desktop.folder.path().join("shared").join(name),
    );
    desktop.programs.be_known().unwrap();
    let said = fs::read_to_string(&own).unwrap();
    assert!(
        said.contains("Name=Ringside\n") && said.contains("Exec=") && !said.contains("MimeType"),
        "{said}"
    );
    fs::create_dir_all(packaged.parent().unwrap()).unwrap();
    fs::write(&packaged, "[Desktop Entry]\n").unwrap();
    desktop.programs.be_known().unwrap();
    assert!(!own.exists(), "the package's is the one that counts");
}

#[test]
fn d2_a_desktop_that_does_not_tell_is_said_to_be_unknown_and_nothing_is_changed() {
    let missing = Programs {
        tool: vec!["/nowhere/xdg-mime".into()],
        ..Desktop::new().programs
    };
    assert_eq!(missing.holder(), LinksHolder::Unknown);
    for script in [
        "exit 3",
        "echo '../../evil.desktop'",
        "echo 'rm -rf; x.desktop'",
        "echo '-x.desktop'",
        "printf '\\377.desktop'",
    ] {
        let desktop = Desktop::with_tool(script);
        assert_eq!(desktop.programs.holder(), LinksHolder::Unknown, "{script}");
        assert!(desktop.programs.take().is_err(), "{script}");
        assert!(!desktop.own_file().exists(), "{script}");
    }
}

#[test]
fn d2_a_file_that_somebody_else_wrote_gives_the_links_to_nobody_else() {
    for said in [
        "tel=../x.desktop;",
        "mailto=x.desktop;",
        "tel=-x.desktop",
        "tel=x",
        "tel=ringside-links.desktop;",
        ";;=;",
    ] {
        assert!(before(&format!("[Desktop Entry]\n{BEFORE}{said}\n")).is_empty(), "{said}");
    }
}

#[test]
fn d2_a_programs_path_is_written_as_such_files_have_it() {
    for (path, written) in [
        ("/usr/local/bin/ringside", "/usr/local/bin/ringside"),
        ("/home/Иван/ringside", "/home/Иван/ringside"),
        ("/opt/100%/ringside", "/opt/100%%/ringside"),
        ("/home/my programs/ringside", "\"/home/my programs/ringside\""),
        ("/a\"$`\\b", "\"/a\\\\\"\\\\$\\\\`\\\\\\\\b\""),
    ] {
        assert_eq!(exec(Path::new(path)).unwrap(), written);
    }
    assert!(exec(Path::new("/a\nb")).is_err());
}

#[test]
fn d6_links_that_set_a_computer_up_open_here_from_the_first_start_on() {
    let desktop = Desktop::new();
    let own = desktop.programs.file(SET_UP.1).unwrap();
    for _ in 0..2 {
        desktop.programs.open_own_links().unwrap();
        let file = fs::read_to_string(&own).unwrap();
        assert!(file.contains("\nExec=/usr/local/bin/ringside %u\n"), "{file}");
        assert!(file.ends_with("\nMimeType=x-scheme-handler/ringside;\n"), "{file}");
        assert_eq!(desktop.holder_of("ringside").as_deref(), Some(SET_UP.1));
    }
    // A program that moved is found again.
    fs::write(&own, "[Desktop Entry]\nExec=/old/ringside %u\n").unwrap();
    desktop.programs.open_own_links().unwrap();
    assert!(fs::read_to_string(&own).unwrap().contains("\nExec=/usr/local/bin/ringside %u\n"));
    assert_eq!(desktop.holder_of("ringside").as_deref(), Some(SET_UP.1));
    // What a person has chosen since stays, also when this program has moved.
    desktop.is_there("own", "other.desktop");
    desktop.has("ringside", "other.desktop");
    fs::write(&own, "[Desktop Entry]\nExec=/old/ringside %u\n").unwrap();
    desktop.programs.open_own_links().unwrap();
    assert_eq!(desktop.holder_of("ringside").as_deref(), Some("other.desktop"));
    // One that is gone opens nothing.
    fs::remove_file(own.with_file_name("other.desktop")).unwrap();
    desktop.programs.open_own_links().unwrap();
    assert_eq!(desktop.holder_of("ringside").as_deref(), Some(SET_UP.1));
    // Links to numbers are another matter.
    assert_eq!(desktop.programs.holder(), LinksHolder::Nobody);
}

#[test]
fn d6_an_installed_program_that_opens_them_is_left_alone_and_a_system_that_refuses_leaves_nothing_behind() {
    let desktop = Desktop::new();
    // A copy of before that one person had, and whose file would go first.
    desktop.programs.open_own_links().unwrap();
    assert!(desktop.programs.file(SET_UP.1).unwrap().exists());
    let shared = desktop.folder.path().join("shared/applications");
    fs::create_dir_all(&shared).unwrap();
    fs::write(
        shared.join(OPENERS),
        "[MIME Cache]\nx-scheme-handler/ringside=ringside-office.desktop;\n",
    )
    .unwrap();
    for _ in 0..2 {
        desktop.programs.open_own_links().unwrap();
        assert!(!desktop.programs.file(SET_UP.1).unwrap().exists());
    }

    let refusing = Desktop::with_tool("exit 3");
    refusing.programs.open_own_links().unwrap_err();
    assert!(!refusing.programs.file(SET_UP.1).unwrap().exists());
    let in_the_way = Desktop::new();
    fs::write(in_the_way.folder.path().join("own"), "a file where the folder would be").unwrap();
    in_the_way.programs.open_own_links().unwrap_err();
}
