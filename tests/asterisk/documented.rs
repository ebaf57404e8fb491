//! What `docs/pbx.md` gives administrators to paste, pasted: the certificate's commands, the files, and the commands that
//! check each step. Plain Asterisk as it stands there; FreePBX and MikoPBX as far as the files go that they write.

use super::pbx::{RealPbx, root};
use super::{CLIENT, Test};
use calls::Extension;
use pbx::{AriConfig, Authority, CheckReport, Outcome, Step};
use ringside_tests::repository;
use std::{fs, os::unix::fs::PermissionsExt, process::Command};

type Maybe<T> = Result<T, Box<dyn std::error::Error>>;

/// The password that the test gives its user.
const PASSWORD: &str = "a long password of the office";
/// What FreePBX writes into `ari.conf`, which is its own: everything else stands in files that it includes.
const FREEPBX_ARI: &str = "#include ari_general_additional.conf\n#include ari_additional.conf\n#include ari_additional_custom.conf\n";
const FREEPBX_GENERAL: &str = "[general]\nenabled=yes\npretty=no\nwebsocket_write_timeout=1000\n";

/// The page with the names of the examples made those of the test.
struct Page(String);

impl Page {
    fn read() -> Maybe<Self> {
        let text = fs::read_to_string(repository().join("docs/pbx.md"))?;
        let text = text.replace("pbx.example", "localhost").replace("10.0.0.5", "127.0.0.1");
        Ok(Self(text.replace("10.0.0.0/255.255.255.0", "127.0.0.0/255.0.0.0")))
    }

    /// The first indented block after these words.
    fn block(&self, after: &str) -> Maybe<String> {
        let rest = self
            .0
            .split_once(after)
            .ok_or_else(|| format!("docs/pbx.md says nothing of {after}"))?
            .1;
        let from = rest.lines().skip_while(|line| !line.starts_with("    "));
        let width = from.clone().next().map_or(0, |line| line.len() - line.trim_start().len());
        let lines = from.take_while(|line| line.is_empty() || line.starts_with("    "));
        Ok(lines.map(|line| format!("{}\n", line.get(width..).unwrap_or_default())).collect())
    }
}

/// The test PBX with pasted files in place of its own.
struct Pasted {
    _pbx: RealPbx,
    page: Page,
    /// Where the office's certificates are made.
    office: tempfile::TempDir,
}

impl Pasted {
    async fn new() -> Maybe<Self> {
        let pasted = Self {
            _pbx: RealPbx::start().await?,
            page: Page::read()?,
            office: tempfile::tempdir()?,
        };
        for (after, what) in [("Keep `office-ca.key`", "the office's certificate"), ("For the PBX. ", "the PBX's")] {
            let mut shell = Command::new("bash");
            shell.args(["-euc", &pasted.page.block(after)?]).current_dir(&pasted.office);
            run(&mut shell).map_err(|error| format!("{what}: {error}"))?;
        }
        fs::create_dir_all(root().join("etc/asterisk/keys"))?;
        for name in ["ringside.crt", "ringside.key"] {
            let there = root().join("etc/asterisk/keys").join(name);
            fs::copy(pasted.office.path().join(name), &there)?;
            // `install -o asterisk` of the page: the PBX is not root, and who made the file is.
            fs::set_permissions(there, fs::Permissions::from_mode(0o644))?;
        }
        Ok(pasted)
    }

    fn write(&self, name: &str, text: &str) -> Maybe<()> {
        Ok(fs::write(root().join("etc/asterisk").join(name), text)?)
    }

    /// The password's line as `ari mkpasswd` gives it.
    fn secret(&self) -> Maybe<String> {
        let said = cli(&format!("ari mkpasswd \"{PASSWORD}\""))?;
        let line = said.lines().find(|line| line.trim_start().starts_with("password = $6$"));
        Ok(line.ok_or_else(|| format!("ari mkpasswd: {said}"))?.trim().to_owned())
    }

    fn reload(&self) -> Maybe<()> {
        let commands = self.page.block("Then:\n")?;
        let commands: Vec<&str> = commands.split('\'').skip(1).step_by(2).collect();
        assert_eq!(commands, ["module reload http", "module reload res_ari"]);
        commands.into_iter().try_for_each(|command| cli(command).map(drop))
    }

    /// The commands of «Checking each step», and what the page says they must show.
    fn shows(&self, prefix: &str, read_only: bool, acl: bool) -> Test {
        let status = cli("http show status")?;
        assert!(status.contains("HTTPS Server Enabled and Bound to 0.0.0.0:8089"), "{status}");
        assert!(status.contains(&format!("{prefix}/ari/...")), "{status}");
        let status = cli("ari show status")?;
        assert!(
            status.lines().any(|line| line.starts_with("Enabled:") && line.ends_with("Yes")),
            "{status}"
        );
        let users = cli("ari show users")?;
        let user = users.lines().find(|line| line.ends_with("ringside")).ok_or("no user ringside")?;
        let words: Vec<&str> = user.split_whitespace().collect();
        let yes = |is: bool| if is { "Yes" } else { "No" };
        assert_eq!(words, [yes(read_only), yes(acl), "ringside"], "{users}");
        Ok(())
    }

    /// `curl` as the page has it: the body, or what it says of the failure.
    fn curl(&self, password: &str, url: &str) -> Maybe<String> {
        self.asks("GET", password, url)
    }

    fn asks(&self, method: &str, password: &str, url: &str) -> Maybe<String> {
        let user = format!("ringside:{password}");
        let mut curl = Command::new("curl");
        curl.args(["-sS", "-m", "10", "--cacert", "office-ca.pem", "-X", method, "-u", &user, url]);
        run(curl.current_dir(&self.office))
    }

    /// «Проверить» with the office's certificate.
    async fn checked(&self, url: &str) -> Maybe<CheckReport> {
        let mut config = AriConfig::new(url.parse()?, "ringside", PASSWORD.to_owned().into(), Extension::new("101"), "test");
        config.context = "from-agents".to_owned();
        config.outside = vec![CLIENT.to_owned()];
        config.authority = Some(Authority::read(&fs::read_to_string(self.office.path().join("office-ca.pem"))?)?);
        Ok(pbx::check(&config).await)
    }
}

/// Everything passes but what wants a softphone, and a proxy.
fn assert_passes(report: &CheckReport) {
    for step in &report.steps {
        let wanted = matches!(step.step, Step::PhoneRegistered | Step::KeepsSecrets);
        assert!(wanted || matches!(step.outcome, Outcome::Passed { .. }), "{report:?}");
    }
    assert!(report.works(), "{report:?}");
}

fn cli(command: &str) -> Maybe<String> {
    let mut asterisk = Command::new("chroot");
    asterisk
        .arg(root())
        .args(["/usr/sbin/asterisk", "-C", "/etc/asterisk/asterisk.conf", "-rx", command]);
    run(&mut asterisk)
}

fn run(command: &mut Command) -> Maybe<String> {
    let done = command.output()?;
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    if done.status.success() {
        Ok(said)
    } else {
        Err(format!("{command:?}: {}: {said}{}", done.status, String::from_utf8_lossy(&done.stderr)).into())
    }
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn what_the_docs_give_to_paste_works_on_plain_asterisk() -> Test {
    let pasted = Pasted::new().await?;
    pasted.write("http.conf", &pasted.page.block("`/etc/asterisk/http.conf`")?)?;
    let ari = pasted
        .page
        .block("`/etc/asterisk/ari.conf`")?
        .replace("password = $6$…", &pasted.secret()?);
    pasted.write("ari.conf", &ari)?;
    pasted.reload()?;
    pasted.shows("", false, true)?;
    let url = "https://localhost:8089/ari/asterisk/info?only=status";
    assert!(pasted.curl(PASSWORD, url)?.starts_with("{\"status\":{"));
    assert!(pasted.curl("wrong", url)?.contains("Authentication required"));
    let subscription = "applications/nobody/subscription?eventSource=endpoint:PJSIP/101";
    assert!(pasted.page.0.contains(subscription), "what is asked here is what the page asks");
    let said = pasted.asks("POST", PASSWORD, &format!("https://localhost:8089/ari/{subscription}"))?;
    assert!(said.contains("Application not found"), "{said}");
    for (target, answer) in [
        ("endpoints/PJSIP/101", "\"state\":"),
        ("deviceStates/Local%2F79161234567@from-agents", "NOT_INUSE"),
        ("deviceStates/Local%2F79161234567@nowhere", "INVALID"),
        ("recordings/stored", "["),
    ] {
        let said = pasted.curl(PASSWORD, &format!("https://localhost:8089/ari/{target}"))?;
        assert!(said.contains(answer), "{target}: {said}");
    }
    // By an address, which stands in the certificate as well, and by a name that does not.
    assert_passes(&pasted.checked("https://localhost:8089").await?);
    assert_passes(&pasted.checked("https://127.0.0.1:8089").await?);
    let refused = pasted
        .curl(PASSWORD, "https://127.0.0.2:8089/ari/asterisk/info")
        .map_err(|error| error.to_string());
    assert!(refused.as_ref().is_err_and(|said| said.contains("(60)")), "{refused:?}");
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn a_list_of_addresses_is_added_to_the_user_that_freepbx_writes() -> Test {
    let pasted = Pasted::new().await?;
    let own = pasted.page.block("`/etc/asterisk/ari_additional_custom.conf`")?;
    let user = format!("[ringside]\ntype=user\n{}\npassword_format=crypt\nread_only=no\n", pasted.secret()?);
    pasted.write("http.conf", &pasted.page.block("`/etc/asterisk/http.conf`")?)?;
    pasted.write("ari.conf", FREEPBX_ARI)?;
    pasted.write("ari_general_additional.conf", FREEPBX_GENERAL)?;
    pasted.write("ari_additional.conf", &user)?;
    pasted.write("ari_additional_custom.conf", &own)?;
    pasted.reload()?;
    pasted.shows("", false, true)?;
    assert_passes(&pasted.checked("https://localhost:8089").await?);
    pasted.write("ari_additional.conf", &user.replace("read_only=no", "read_only=yes"))?;
    cli("module reload res_ari")?;
    pasted.shows("", true, true)?;
    let subscription = "https://localhost:8089/ari/applications/nobody/subscription?eventSource=endpoint:PJSIP/101";
    assert!(pasted.asks("POST", PASSWORD, subscription)?.contains("Write access denied"));
    assert!(
        pasted.checked("https://localhost:8089").await?.works(),
        "a user who only reads is enough"
    );
    // Another office's addresses: this computer stays outside.
    pasted.write(
        "ari_additional_custom.conf",
        &own.replace("127.0.0.0/255.0.0.0", "192.0.2.0/255.255.255.0"),
    )?;
    cli("module reload res_ari")?;
    assert!(
        pasted
            .curl(PASSWORD, "https://localhost:8089/ari/asterisk/info?only=status")?
            .contains("ACL")
    );
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn mikopbx_puts_a_prefix_before_everything_and_the_address_names_it() -> Test {
    let pasted = Pasted::new().await?;
    let http = pasted.page.block("`/etc/asterisk/http.conf`")?;
    pasted.write("http.conf", &http.replace("[general]", "[general]\nprefix=asterisk"))?;
    let user = format!("[ringside]\ntype=user\nread_only=no\npassword_format=plain\npassword={PASSWORD}\n");
    pasted.write("ari.conf", &format!("[general]\nenabled=yes\n{user}"))?;
    pasted.reload()?;
    pasted.shows("/asterisk", false, false)?;
    assert_passes(&pasted.checked("https://localhost:8089/asterisk").await?);
    let bare = pasted.checked("https://localhost:8089").await?;
    assert!(!bare.works(), "{bare:?}");
    Ok(())
}
