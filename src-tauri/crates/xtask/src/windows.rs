//! The app's windows under the agent's hand: WebKit's own WebDriver finds, presses and fills in what is on screen.
//!
//! The driver starts the app with its own environment, and the app ends with it. Each window is told by its page,
//! hidden ones too. What is pressed is named by CSS, for the words differ with the language. Every wait has a bound.

use crate::process::{self, Running};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::{
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
    time::Duration,
};
use ureq::Agent;

/// How long anything in a window may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How long the driver and the app may take to come up.
const START: Duration = Duration::from_secs(60);

/// Under this key the protocol gives an element's name.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The first element for a CSS that a person can see. The driver's own idea of it leaves out texts cut by an ellipsis.
const VISIBLE: &str = "return [...document.querySelectorAll(arguments[0])].find((element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0) ?? null";

/// Answers when the window, which must be on the screen, has drawn what the page holds.
const DRAWN: &str = "requestAnimationFrame(() => requestAnimationFrame(() => arguments[0](true)))";

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
    fn is_at(self, address: &str) -> bool {
        let is = |page: &str| address.contains(page);
        match self {
            Self::Workspace => !is("popup.html") && !is("dial.html"),
            Self::Popup => is("popup.html"),
            Self::Dial => is("dial.html"),
        }
    }
}

/// The running app in the driver's hand; both are ended when dropped.
pub struct Windows {
    agent: Agent,
    /// The session's address.
    session: String,
    driver: Running,
}

impl Windows {
    /// Starts `program` by the driver. What `driver` says of environment and folder is the app's too.
    pub fn start(mut driver: Command, program: &Path, log: &Path) -> Result<Self> {
        let port = free_port()?;
        driver
            .arg(format!("--port={port}"))
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = Running::start("WebKitWebDriver", driver, log, false)?;
        let listens = process::wait_for(PATIENCE, || Ok(TcpStream::connect(("127.0.0.1", port)).ok()))?;
        listens.context("WebKitWebDriver does not listen")?;
        let config = Agent::config_builder().http_status_as_error(false);
        let agent: Agent = config.timeout_global(Some(START)).build().into();
        let options = json!({"webkitgtk:browserOptions": {"binary": program, "args": []}});
        let base = format!("http://127.0.0.1:{port}/session");
        let started = ask(&agent, &base, Some(&json!({"capabilities": {"alwaysMatch": options}})))?;
        let id = started["sessionId"].as_str().context("WebKitWebDriver gave its session no name")?;
        Ok(Self {
            session: format!("{base}/{id}"),
            agent,
            driver,
        })
    }

    /// The driver's process; the app is below it.
    pub fn id(&self) -> u32 {
        self.driver.id()
    }

    /// Whether the app still answers.
    pub fn live(&self) -> bool {
        self.get("window/handles").is_ok()
    }

    /// Turns to a window; false when there is no such window in time.
    pub fn look_at(&self, page: Page) -> Result<bool> {
        let turned = process::wait_for(PATIENCE, || {
            let windows = self.get("window/handles")?;
            for window in windows.as_array().into_iter().flatten() {
                // A window may be gone by now.
                let turned = self.post("window", &json!({"handle": window}));
                let address = turned.and_then(|_| self.get("url")).unwrap_or_default();
                if address.as_str().is_some_and(|address| page.is_at(address)) {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })?;
        Ok(turned.is_some())
    }

    /// Waits until this can be seen in the present window; false when it does not come.
    pub fn sees(&self, css: &str) -> Result<bool> {
        Ok(process::wait_for(PATIENCE, || self.visible(css))?.is_some())
    }

    /// Presses this as soon as it can be pressed; false when it cannot.
    pub fn press(&self, css: &str) -> Result<bool> {
        self.with(css, "click", &json!({}))
    }

    /// Writes into this field; false when there is none.
    pub fn write(&self, css: &str, text: &str) -> Result<bool> {
        self.with(css, "value", &json!({"text": text}))
    }

    /// Waits until what the page of the present window holds is on the screen; false for a window that is not.
    pub fn is_drawn(&self) -> bool {
        let drawn = self.post("execute/async", &json!({"script": DRAWN, "args": []}));
        drawn.is_ok_and(|drawn| drawn == true)
    }

    /// Between finding and touching the page may have drawn the element anew, so both are tried again.
    fn with(&self, css: &str, what: &str, body: &Value) -> Result<bool> {
        let done = process::wait_for(PATIENCE, || {
            let Some(element) = self.visible(css)? else { return Ok(None) };
            Ok(self.post(&format!("element/{element}/{what}"), body).ok())
        })?;
        Ok(done.is_some())
    }

    fn visible(&self, css: &str) -> Result<Option<String>> {
        let found = self.post("execute/sync", &json!({"script": VISIBLE, "args": [css]}))?;
        Ok(found[ELEMENT].as_str().map(str::to_owned))
    }

    fn get(&self, path: &str) -> Result<Value> {
        ask(&self.agent, &format!("{}/{path}", self.session), None)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        ask(&self.agent, &format!("{}/{path}", self.session), Some(body))
    }
}

impl Drop for Windows {
    fn drop(&mut self) {
        // The app ends in order this way; one that does not is ended with the driver's process group.
        let _ = self.agent.delete(&self.session).call();
    }
}

/// A command of the protocol: with a body it is told, without one it is asked. Gives the answer's value.
fn ask(agent: &Agent, url: &str, body: Option<&Value>) -> Result<Value> {
    let answer = match body {
        Some(body) => agent.post(url).send_json(body),
        None => agent.get(url).call(),
    };
    let mut answer = answer.context("WebKitWebDriver does not answer")?;
    let text = answer.body_mut().read_to_string()?;
    let mut answer: Value = serde_json::from_str(&text).with_context(|| format!("WebKitWebDriver does not answer in JSON: {text}"))?;
    let value = answer["value"].take();
    match value["error"].as_str() {
        None => Ok(value),
        Some(error) => bail!("the app's windows: {error}: {}", value["message"].as_str().unwrap_or_default()),
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};

    #[test]
    fn windows_are_told_apart_by_their_page() {
        let of = |address: &str| [Page::Workspace, Page::Popup, Page::Dial].map(|page| page.is_at(address));
        assert_eq!(of("tauri://localhost"), [true, false, false]);
        assert_eq!(of("tauri://localhost/popup.html"), [false, true, false]);
        assert_eq!(of("tauri://localhost/dial.html"), [false, false, true]);
    }

    /// A driver that gives every request the same answer.
    fn driver(answer: &'static str) -> Result<String> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}/session/1", listener.local_addr()?);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", answer.len());
                let _ = stream.write_all(format!("{head}{answer}").as_bytes());
            }
        });
        Ok(address)
    }

    #[test]
    fn the_drivers_refusals_and_rubbish_are_errors() -> Result<()> {
        let agent = Agent::new_with_defaults();
        let said = |answer| -> Result<String> {
            Ok(format!(
                "{:?}",
                ask(&agent, &driver(answer)?, None).map_err(|error| error.to_string())
            ))
        };
        assert_eq!(said(r#"{"value":"tauri://localhost"}"#)?, r#"Ok(String("tauri://localhost"))"#);
        let refused = said(r#"{"value":{"error":"no such window","message":"gone"}}"#)?;
        assert_eq!(refused, r#"Err("the app's windows: no such window: gone")"#);
        assert!(said("<html>")?.contains("does not answer in JSON"));
        Ok(())
    }
}
