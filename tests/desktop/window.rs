//! The real app, driven by WebKit's own WebDriver; and the screen around it, looked at from outside.
//!
//! The driver starts the app with the test's environment and ends it with the session. Each window of the
//! app is a WebDriver window, hidden ones too; they are told apart by their page. Elements are found as
//! people and screen readers find them: by role and name. Every wait has a bound.
//!
//! Needs a display; `cargo xtask session` gives a private one.

pub(crate) use crate::screen;
use crate::screen::screen_file;
use fantoccini::{Client, ClientBuilder, Locator, elements::Element, error::CmdError, wd::Capabilities};
use ringside_tests::eventually;
use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// How long anything in the window may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A window of the app, by its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The workspace.
    Workspace,
    /// The popup.
    Popup,
    /// The dial window.
    Dial,
}

impl Page {
    fn is_at(self, path: &str) -> bool {
        let (popup, dial) = (path.contains("popup"), path.contains("dial"));
        match self {
            Self::Workspace => !popup && !dial,
            Self::Popup => popup,
            Self::Dial => dial,
        }
    }
}

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Something to press.
    Button,
    /// A link.
    Link,
    /// A field to write into, of one line or more.
    TextBox,
    /// Something to tick.
    CheckBox,
    /// A heading of any level.
    Heading,
    /// The popup's own frame, or a dialog.
    Dialog,
}

impl Role {
    /// An XPath for elements of this role with a name that contains `name`.
    fn xpath(self, name: &str) -> String {
        let name = quoted(name);
        let own = format!("contains(normalize-space(.), {name}) or contains(@aria-label, {name}) or contains(@title, {name})");
        // `aria-labelledby` may list several ids; one is what our pages use.
        let own = format!("{own} or @aria-labelledby = //*[contains(normalize-space(.), {name})]/@id");
        match self {
            Self::Button => format!("//*[self::button or @role = 'button'][{own}]"),
            Self::Link => format!("//*[self::a or @role = 'link'][{own}]"),
            Self::Heading => format!("//*[self::h1 or self::h2 or self::h3 or self::h4 or @role = 'heading'][{own}]"),
            Self::Dialog => format!("//*[self::dialog or @role = 'dialog'][{own}]"),
            Self::CheckBox => format!("//input[@type = 'checkbox'][@id = //label[contains(normalize-space(.), {name})]/@for]"),
            Self::TextBox => format!(
                "//*[self::textarea or self::input or @role = 'textbox' or @role = 'searchbox' or @role = 'combobox']\
                 [contains(@aria-label, {name}) or contains(@placeholder, {name}) \
                 or ancestor::label[contains(normalize-space(.), {name})] \
                 or @aria-labelledby = //*[contains(normalize-space(.), {name})]/@id \
                 or @id = //label[contains(normalize-space(.), {name})]/@for]"
            ),
        }
    }
}

/// The running app under WebDriver. [`App::close`] ends it in order, dropping it ends it at once.
pub struct App {
    client: Client,
    driver: Driver,
}

/// The driver process with the app below it, in one process group.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(group) = Pid::from_raw(self.0.id().cast_signed()) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.0.wait();
    }
}

impl App {
    /// Starts `program` with these arguments, and environment variables on top of the test's own.
    ///
    /// # Errors
    /// When there is no display, no WebDriver, or the app does not come up.
    pub async fn start(program: &Path, arguments: &[&str], environment: &[(&str, &Path)], log: &Path) -> Result<Self, String> {
        use std::os::unix::process::CommandExt;
        if std::env::var_os("DISPLAY").is_none() {
            return Err("there is no display: run it by `cargo xtask test --only window`".to_owned());
        }
        let port = free_port()?;
        let log = fs::File::create(log).map_err(|error| error.to_string())?;
        let mut driver = Command::new("WebKitWebDriver");
        driver
            .arg(format!("--port={port}"))
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stderr(log.try_clone().map_err(|error| error.to_string())?)
            .stdout(log)
            .process_group(0);
        let driver = Driver(
            driver
                .spawn()
                .map_err(|error| format!("WebKitWebDriver (package webkit2gtk-driver): {error}"))?,
        );
        eventually("WebKitWebDriver to listen", PATIENCE, || async move {
            std::net::TcpStream::connect(("127.0.0.1", port)).ok().map(drop)
        })
        .await;
        let client = connect(port, program, arguments).await?;
        Ok(Self { client, driver })
    }

    /// Turns to a window; waits until it exists.
    pub async fn look_at(&self, page: Page) {
        eventually(&format!("{page:?} to exist"), PATIENCE, || async {
            for window in self.client.windows().await.ok()? {
                self.client.switch_to_window(window).await.ok()?;
                if self.client.current_url().await.is_ok_and(|url| page.is_at(url.path())) {
                    return Some(());
                }
            }
            None
        })
        .await;
    }

    /// Whether a window exists, on the screen or not. Turns to it, or to any other.
    ///
    /// # Panics
    /// When the app does not answer.
    pub async fn has(&self, page: Page) -> bool {
        let windows = match self.client.windows().await {
            Ok(windows) => windows,
            Err(error) => panic!("the app's windows: {error}"),
        };
        for window in windows {
            let turned = self.client.switch_to_window(window).await.is_ok();
            if turned && self.client.current_url().await.is_ok_and(|url| page.is_at(url.path())) {
                return true;
            }
        }
        false
    }

    /// The first visible element of this role whose name contains `name`; waits for it.
    pub async fn find(&self, role: Role, name: &str) -> Element {
        let xpath = role.xpath(name);
        eventually(&format!("{role:?} «{name}»"), PATIENCE, || async {
            self.visible(&xpath).await.ok().flatten()
        })
        .await
    }

    /// Waits until no such element is visible.
    pub async fn gone(&self, role: Role, name: &str) {
        let xpath = role.xpath(name);
        eventually(&format!("{role:?} «{name}» to go"), PATIENCE, || async {
            matches!(self.visible(&xpath).await, Ok(None)).then_some(())
        })
        .await;
    }

    async fn visible(&self, xpath: &str) -> Result<Option<Element>, CmdError> {
        self.visible_of(Locator::XPath(xpath)).await
    }

    /// Whether something is shown is asked of the page: the driver takes a text that is cut by an ellipsis for hidden.
    async fn visible_of(&self, locator: Locator<'_>) -> Result<Option<Element>, CmdError> {
        let script = "return arguments[0].checkVisibility({ visibilityProperty: true }) && arguments[0].getClientRects().length > 0";
        for element in self.client.find_all(locator).await? {
            let Ok(argument) = serde_json::to_value(&element) else { continue };
            if self.client.execute(script, vec![argument]).await? == true {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// Presses a button or follows a link; waits for it.
    pub async fn press(&self, role: Role, name: &str) {
        // Between finding and clicking the page may have drawn the element anew.
        let xpath = role.xpath(name);
        eventually(&format!("to press {role:?} «{name}»"), PATIENCE, || async {
            self.click(self.visible(&xpath).await.ok()??).await
        })
        .await;
    }

    /// Clicks where an element is, once it stays there and nothing lies over it: the driver clicks at a place, and what moves
    /// meanwhile, as a window grows, would not be hit.
    async fn click(&self, element: Element) -> Option<()> {
        let argument = serde_json::to_value(&element).ok()?;
        let rests = self.client.execute_async(include_str!("rests.js"), vec![argument]).await.ok()?;
        if rests != true {
            return None;
        }
        element.click().await.ok()
    }

    /// Writes into a field; waits for it.
    ///
    /// # Panics
    /// When the field takes no text.
    pub async fn write(&self, field: &str, text: &str) {
        let element = self.find(Role::TextBox, field).await;
        if let Err(error) = element.send_keys(text).await {
            panic!("cannot write into «{field}»: {error}");
        }
    }

    /// The first visible element that this CSS names; waits for it.
    pub async fn at(&self, css: &str) -> Element {
        eventually(&format!("`{css}`"), PATIENCE, || async {
            self.visible_of(Locator::Css(css)).await.ok().flatten()
        })
        .await
    }

    /// Presses what this CSS names; waits for it.
    pub async fn press_at(&self, css: &str) {
        eventually(&format!("to press `{css}`"), PATIENCE, || async {
            self.click(self.visible_of(Locator::Css(css)).await.ok()??).await
        })
        .await;
    }

    /// Writes into the field that this CSS names; waits for it.
    ///
    /// # Panics
    /// When the field takes no text.
    pub async fn write_at(&self, css: &str, text: &str) {
        if let Err(error) = self.at(css).await.send_keys(text).await {
            panic!("cannot write into `{css}`: {error}");
        }
    }

    /// Everything the page shows, as text. Asked of the page: the driver leaves out text that is cut by an ellipsis.
    pub async fn text(&self) -> String {
        let shown = self.client.execute("return document.body.innerText", Vec::new()).await;
        shown.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Waits until the page shows this text.
    ///
    /// # Panics
    /// When it does not; the message says what it shows instead.
    pub async fn sees(&self, text: &str) {
        let seen = tokio::time::timeout(PATIENCE, async {
            while !self.text().await.contains(text) {
                tokio::time::sleep(ringside_tests::TICK).await;
            }
        });
        if seen.await.is_err() {
            panic!("«{text}» did not appear; the page shows:\n{}", self.text().await);
        }
    }

    /// Runs a script in the page and gives its result.
    ///
    /// # Panics
    /// When the script fails.
    pub async fn run(&self, script: &str) -> serde_json::Value {
        match self.client.execute(script, Vec::new()).await {
            Ok(value) => value,
            Err(error) => panic!("`{script}`: {error}"),
        }
    }

    /// Calls a command of the app from the page and gives its answer, or the refusal as text.
    ///
    /// # Panics
    /// When the page cannot run scripts.
    pub async fn invoke(&self, command: &str) -> serde_json::Value {
        let script = "const [name, done] = arguments;
            window.__TAURI_INTERNALS__.invoke(name, {}).then((answer) => done(answer), (refusal) => done(String(refusal)))";
        self.ask(script, vec![command.into()]).await
    }

    /// Runs a script that answers through a callback, its last argument.
    ///
    /// # Panics
    /// When it fails or does not answer.
    pub async fn ask(&self, script: &str, arguments: Vec<serde_json::Value>) -> serde_json::Value {
        let given = format!("{arguments:?}");
        match self.client.execute_async(script, arguments).await {
            Ok(value) => value,
            Err(error) => panic!("{given}: {error}"),
        }
    }

    /// Loads a page into the present window. Of a browser; the app's windows know their pages.
    ///
    /// # Panics
    /// When it does not load.
    pub async fn open(&self, address: &str) {
        if let Err(error) = self.client.goto(address).await {
            panic!("cannot open {address}: {error}");
        }
    }

    /// Turns to a new, bare window whose page is exactly this large. Of a browser that may open windows.
    pub async fn new_window(&self, (width, height): (u32, u32)) {
        let known = self.client.windows().await.unwrap_or_default();
        let features = format!("popup, left=0, top=0, width={width}, height={height}");
        self.run(&format!("window.open('about:blank', '_blank', '{features}')")).await;
        eventually("the new window", PATIENCE, || async {
            let windows = self.client.windows().await.ok()?;
            let new = windows.into_iter().find(|window| !known.contains(window))?;
            self.client.switch_to_window(new).await.ok()
        })
        .await;
        let size = serde_json::json!([width, height]);
        eventually("the new window to have its size", PATIENCE, || async {
            (self.run("return [innerWidth, innerHeight]").await == size).then_some(())
        })
        .await;
    }

    /// Saves what the present window shows as `target/screens/<name>.png`.
    pub async fn picture(&self, name: &str) -> PathBuf {
        let file = screen_file(name);
        // The driver waits for the next frame, which a page at rest does not draw: meanwhile a dot pales and comes back.
        const BEAT: &str = "const dot = document.createElement('i');
            dot.ariaHidden = 'true';
            dot.style = 'position:fixed;top:0;left:0;width:1px;height:1px;opacity:.01;background:gray;pointer-events:none';
            document.body.append(dot);
            const beat = setInterval(() => (dot.style.opacity = dot.style.opacity === '0.01' ? '0.02' : '0.01'), 50);
            window.rest = () => (clearInterval(beat), dot.remove())";
        self.run(BEAT).await;
        match self.client.screenshot().await {
            Ok(png) => keep(&file, &png),
            Err(error) => panic!("no screenshot {name}: {error}"),
        }
        self.run("window.rest()").await;
        file
    }

    /// Ends the session, and with it the app.
    pub async fn close(self) {
        // The driver may be gone first; then the app is ended with its group.
        let _ = tokio::time::timeout(PATIENCE, self.client.close()).await;
        drop(self.driver);
    }
}

async fn connect(port: u16, program: &Path, arguments: &[&str]) -> Result<Client, String> {
    let wanted = serde_json::json!({ "webkitgtk:browserOptions": { "binary": program, "args": arguments } });
    let serde_json::Value::Object(wanted) = wanted else {
        return Err("capabilities are an object".to_owned());
    };
    let capabilities: Capabilities = wanted.into_iter().collect();
    let connector = hyper_util::client::legacy::connect::HttpConnector::new();
    let address = format!("http://127.0.0.1:{port}");
    let mut builder = ClientBuilder::new(connector);
    let session = builder.capabilities(capabilities).connect(&address);
    match tokio::time::timeout(PATIENCE, session).await {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(format!("{} did not start under WebDriver: {error}", program.display())),
        Err(_) => Err(format!("{} did not answer WebDriver within {PATIENCE:?}", program.display())),
    }
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener
        .local_addr()
        .map(|address| address.port())
        .map_err(|error| error.to_string())
}

/// An XPath string. XPath knows no escapes: text with both kinds of quotes has to be put together.
fn quoted(text: &str) -> String {
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    let parts: Vec<String> = text.split('\'').map(|part| format!("'{part}'")).collect();
    format!("concat({})", parts.join(", \"'\", "))
}

fn keep(file: &Path, bytes: &[u8]) {
    if let Err(error) = fs::write(file, bytes) {
        panic!("cannot write {}: {error}", file.display());
    }
}

#[test]
fn names_with_quotes_are_put_together_for_xpath() {
    assert_eq!(quoted("Создать"), "'Создать'");
    assert_eq!(quoted("d'Artagnan"), "concat('d', \"'\", 'Artagnan')");
}

#[test]
fn windows_are_told_apart_by_their_page() {
    assert!(Page::Popup.is_at("/popup.html") && !Page::Popup.is_at("/index.html"));
    assert!(Page::Workspace.is_at("/") && !Page::Workspace.is_at("/popup.html"));
    assert!(Page::Dial.is_at("/dial.html") && !Page::Workspace.is_at("/dial.html"));
}
