//! The web processes behind the windows: how they draw, what they keep, and what becomes of a window whose process breaks.
//!
//! On Linux pages are drawn by the processor, without WebKit's compositor: our pages have nothing to compose, and without it
//! the first popup is as fast as the others, the start takes half the time, each process is smaller, and no graphics driver
//! can leave a window blank. `cargo xtask bench popup` shows the difference.
//!
//! Each window has a process of its own. When one breaks (a fault in the renderer, no memory left) its window would stay
//! blank for good, and the popup with it: so its page is loaded anew, which shows what the engine has then. Where it breaks
//! again and again that waits a minute, and the desktop is told. WebKit on Linux alone says that a process broke.

#[cfg(any(target_os = "linux", test))]
use std::time::{Duration, Instant};

/// WebKit's own variable: pages without its compositor.
#[cfg(target_os = "linux")]
const COMPOSITOR_OFF: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// So many in [`SPAN`] are too many.
#[cfg(any(target_os = "linux", test))]
const TOO_MANY: usize = 3;
/// Within which crashes are counted, and for how long a page waits that broke too often.
#[cfg(any(target_os = "linux", test))]
const SPAN: Duration = Duration::from_secs(60);

/// Has pages drawn by the processor. To be called before anything else runs, as it changes the environment, where WebKit
/// looks once; who sets [`COMPOSITOR_OFF`] to 0 there gets the compositor back.
#[cfg(target_os = "linux")]
pub fn draw_by_processor() {
    // Refused, it is only slower.
    let _ = webkit2gtk::glib::setenv(COMPOSITOR_OFF, "1", false);
}

#[cfg(not(target_os = "linux"))]
pub fn draw_by_processor() {}

/// When the process of one window broke lately.
#[cfg(any(target_os = "linux", test))]
#[derive(Debug, Default)]
struct Crashes(Vec<Instant>);

#[cfg(any(target_os = "linux", test))]
impl Crashes {
    /// It broke; how long its page waits before it is loaded anew.
    fn add(&mut self, now: Instant) -> Duration {
        self.0.retain(|before| now.duration_since(*before) < SPAN);
        self.0.push(now);
        if self.0.len() < TOO_MANY { Duration::ZERO } else { SPAN }
    }
}

/// Has WebKit keep nothing of pages that are gone, as the app has one page a window and loads each from the program;
/// and loads the page anew when its process breaks.
#[cfg(target_os = "linux")]
pub fn look_after(window: &tauri::WebviewWindow) {
    use tauri::Manager as _;
    use webkit2gtk::{CacheModel, SettingsExt as _, WebContextExt as _, WebProcessTerminationReason, WebViewExt as _};

    let (app, label) = (window.app_handle().clone(), window.label().to_owned());
    let done = window.with_webview(move |view| {
        let view = view.inner();
        if let Some(settings) = view.settings() {
            settings.set_enable_page_cache(false);
        }
        if let Some(context) = view.context() {
            context.set_cache_model(CacheModel::DocumentViewer);
        }
        let crashes = std::cell::RefCell::new(Crashes::default());
        view.connect_web_process_terminated(move |view, reason| {
            if reason == WebProcessTerminationReason::TerminatedByApi {
                return;
            }
            let wait = crashes.borrow_mut().add(Instant::now());
            tracing::error!(
                window = label,
                ?reason,
                wait_s = wait.as_secs(),
                "a web process broke; its page is loaded anew"
            );
            if wait.is_zero() {
                load_anew(view);
            } else {
                crate::refusal::tell_of_crashes();
                reload_later(app.clone(), label.clone(), wait);
            }
        });
    });
    if let Err(error) = done {
        tracing::warn!(%error, "a window is not looked after");
    }
}

#[cfg(not(target_os = "linux"))]
pub fn look_after(_: &tauri::WebviewWindow) {}

/// By its address: one that broke before it stood has nothing to reload.
#[cfg(target_os = "linux")]
fn load_anew(view: &webkit2gtk::WebView) {
    use webkit2gtk::WebViewExt as _;
    match view.uri() {
        Some(address) => view.load_uri(&address),
        None => view.reload(),
    }
}

#[cfg(target_os = "linux")]
fn reload_later(app: tauri::AppHandle, label: String, wait: Duration) {
    use tauri::Manager as _;

    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(wait).await;
        let Some(window) = app.get_webview_window(&label) else { return };
        if let Err(error) = window.with_webview(|view| load_anew(&view.inner())) {
            tracing::warn!(%error, "a page could not be loaded anew");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_loaded_anew_at_once_until_it_breaks_too_often() {
        let start = Instant::now();
        let mut crashes = Crashes::default();
        let mut waits = |seconds| crashes.add(start + Duration::from_secs(seconds));
        assert_eq!(waits(0), Duration::ZERO);
        assert_eq!(waits(30), Duration::ZERO);
        assert_eq!(waits(59), SPAN, "the third within a minute");
        assert_eq!(waits(119), Duration::ZERO, "the minute is over");
        assert_eq!(waits(120), Duration::ZERO);
        assert_eq!(waits(121), SPAN);
    }
}
