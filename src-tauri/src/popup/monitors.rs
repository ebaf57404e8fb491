//! On which screen the popup stands, and where no screen is. Pure.

use super::place::{Area, Screen};

/// The setting's word for the screen with the pointer.
pub const POINTER: &str = "pointer";
/// The setting's word for the primary screen.
pub const PRIMARY: &str = "primary";

/// A screen that is connected.
#[derive(Debug, Clone, PartialEq)]
pub struct Monitor {
    /// What the system calls it.
    pub name: String,
    /// All of it.
    pub whole: Area,
    /// Where windows belong.
    pub screen: Screen,
    /// The system's first one.
    pub is_primary: bool,
}

/// What is known when a screen is chosen.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// [`POINTER`], [`PRIMARY`], or a screen's name.
    pub screen: &'a str,
    /// The screen under the pointer.
    pub pointer: Option<Area>,
    /// The screen on which the popup stands already: it does not follow the pointer.
    pub standing: Option<Area>,
}

/// The screen for the popup. A named one that is gone is stood in for by the one with the pointer, until it is back.
#[must_use]
pub fn choose<'a>(monitors: &'a [Monitor], wish: &Wish<'_>) -> Option<&'a Monitor> {
    let wanted = monitors.iter().find(|monitor| match wish.screen {
        POINTER => false,
        PRIMARY => monitor.is_primary,
        name => !name.is_empty() && monitor.name == name,
    });
    let at = |area: Option<Area>| monitors.iter().find(|monitor| Some(monitor.whole) == area);
    wanted
        .or_else(|| at(wish.standing))
        .or_else(|| at(wish.pointer))
        .or_else(|| monitors.iter().find(|monitor| monitor.is_primary))
        .or_else(|| monitors.first())
}

/// How far from any screen; more than a popup is wide and high.
const BEYOND: i32 = 4_000;

/// A place from which nothing is seen on any of the screens.
#[must_use]
pub fn outside(monitors: &[Monitor]) -> (i32, i32) {
    let least = |edge: fn(&Area) -> i32| monitors.iter().map(|monitor| edge(&monitor.whole)).min().unwrap_or_default().min(0);
    (least(|area| area.left) - BEYOND, least(|area| area.top) - BEYOND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::popup::place::{HEIGHTS, WIDTH};
    use proptest::prelude::*;

    fn monitor(name: &str, left: i32, is_primary: bool) -> Monitor {
        let whole = Area {
            left,
            top: 0,
            width: 1920,
            height: 1080,
        };
        Monitor {
            name: name.into(),
            whole,
            screen: Screen {
                area: whole,
                scale: 1.0,
                zoom: 1.0,
            },
            is_primary,
        }
    }

    fn three() -> [Monitor; 3] {
        [
            monitor("DP-1", -1920, false),
            monitor("eDP-1", 0, true),
            monitor("HDMI-1", 1920, false),
        ]
    }

    fn chosen(monitors: &[Monitor], screen: &str, pointer: Option<i32>, standing: Option<i32>) -> Option<String> {
        let at = |left: i32| monitor("", left, false).whole;
        let wish = Wish {
            screen,
            pointer: pointer.map(at),
            standing: standing.map(at),
        };
        choose(monitors, &wish).map(|monitor| monitor.name.clone())
    }

    #[test]
    fn the_screen_is_the_wished_one_or_the_one_with_the_pointer() {
        let all = three();
        let without_hdmi = &all[..2];
        for (monitors, screen, pointer, standing, is) in [
            (&all[..], POINTER, Some(1920), None, "HDMI-1"),
            (&all[..], PRIMARY, Some(1920), None, "eDP-1"),
            (&all[..], "DP-1", Some(1920), None, "DP-1"),
            // It does not follow the pointer while it stands, but for a named one that is back.
            (&all[..], POINTER, Some(1920), Some(-1920), "DP-1"),
            (&all[..], "HDMI-1", Some(0), Some(-1920), "HDMI-1"),
            // Unplugged: the named one, the one it stood on.
            (without_hdmi, "HDMI-1", Some(-1920), None, "DP-1"),
            (without_hdmi, POINTER, Some(0), Some(1920), "eDP-1"),
            (without_hdmi, POINTER, None, Some(1920), "eDP-1"),
            // A pointer that is nowhere, a system without a primary screen.
            (&all[..], POINTER, None, None, "eDP-1"),
            (&all[2..], PRIMARY, None, None, "HDMI-1"),
            (&all[..], "", Some(1920), None, "HDMI-1"),
        ] {
            assert_eq!(
                chosen(monitors, screen, pointer, standing).as_deref(),
                Some(is),
                "{screen} {pointer:?} {standing:?}"
            );
        }
        assert_eq!(chosen(&[], PRIMARY, Some(0), None), None);
    }

    proptest! {
        #[test]
        fn there_is_a_screen_as_long_as_one_is_connected_and_outside_is_outside(
            places in prop::collection::vec((-9_000..9_000_i32, -9_000..9_000_i32, 320..8_000_i32, 200..5_000_i32), 1..6),
            screen in prop::sample::select(vec![POINTER, PRIMARY, "m0", "m3", "gone"]),
            pointer in prop::option::of(0..8_usize), standing in prop::option::of(0..8_usize),
        ) {
            let monitors: Vec<Monitor> = places.iter().enumerate().map(|(number, &(left, top, width, height))| {
                let whole = Area { left, top, width, height };
                Monitor { name: format!("m{number}"), whole, screen: Screen { area: whole, scale: 1.0, zoom: 1.0 }, is_primary: number == 1 }
            }).collect();
            let at = |number: Option<usize>| number.and_then(|number| monitors.get(number)).map(|monitor| monitor.whole);
            let wish = Wish { screen, pointer: at(pointer), standing: at(standing) };
            prop_assert!(choose(&monitors, &wish).is_some());
            let (left, top) = outside(&monitors);
            #[expect(clippy::cast_possible_truncation, reason = "twice a popup's size")]
            let popup = Area { left, top, width: 2 * WIDTH as i32, height: 2 * HEIGHTS.1 as i32 };
            prop_assert!(monitors.iter().all(|monitor| !monitor.whole.overlaps(popup)));
        }
    }
}
