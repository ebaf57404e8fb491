//! Which display the windows are on, where a Linux desktop has two.
//!
//! A Wayland client cannot say where its window stands, that it stays above others, or that it takes no keyboard: all that the
//! popup needs (S01). Under XWayland it can, as far as the compositor plays along, so that comes first where it is there. Who has
//! chosen (`GDK_BACKEND`) is heard. Without XWayland the popup is a window like any other, and notifications tell of
//! calls ([`notices`](crate::notices)).

use std::sync::atomic::{AtomicBool, Ordering};

/// GTK's own variable: in which order displays are tried.
const BACKENDS: &str = "GDK_BACKEND";
/// It was set here.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// Has windows made where they can be placed. To be called before anything else runs, as it changes the environment, where GTK
/// looks once.
#[cfg(target_os = "linux")]
pub fn prefer_placed() {
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if let Some(order) = order(has) {
        // Refused, the popup stands where the compositor puts it.
        let _ = webkit2gtk::glib::setenv(BACKENDS, order, true);
        IS_OURS.store(true, Ordering::Relaxed);
    }
}

#[cfg(not(target_os = "linux"))]
pub fn prefer_placed() {}

/// What another program finds in its environment is what this one found: its windows are its own affair.
pub fn as_before(program: &mut std::process::Command) {
    if IS_OURS.load(Ordering::Relaxed) {
        program.env_remove(BACKENDS);
    }
}

/// The order to be set, by what the environment has; none where there is nothing to choose, or somebody has.
#[cfg(any(target_os = "linux", test))]
fn order(has: impl Fn(&str) -> bool) -> Option<&'static str> {
    // An X server that is named and does not answer is no display.
    (has("WAYLAND_DISPLAY") && has("DISPLAY") && !has(BACKENDS)).then_some("x11,wayland")
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn s01_xwayland_comes_first_where_it_is_there_and_nobody_has_chosen() {
        let order = |names: &[&str]| order(|name| names.contains(&name));
        assert_eq!(order(&["WAYLAND_DISPLAY", "DISPLAY"]), Some("x11,wayland"));
        assert_eq!(order(&["WAYLAND_DISPLAY", "DISPLAY", "GDK_BACKEND"]), None);
        assert_eq!(order(&["WAYLAND_DISPLAY"]), None);
        assert_eq!(order(&["DISPLAY"]), None);
        assert_eq!(order(&[]), None);
    }
}
