//! What panels keep of each screen under X11, where the window manager does not tell by screen: then GTK knows the panels of the
//! primary one alone. Each panel says itself how far it reaches in from an edge of the whole desktop, and along which part of it
//! (`_NET_WM_STRUT_PARTIAL`). Panels are programs like any other: they say anything, and vanish while they are read.

use super::place::Area;

/// An edge of the desktop, all screens together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The left one.
    Left,
    /// The right one.
    Right,
    /// The upper one.
    Top,
    /// The lower one.
    Bottom,
}

/// What a panel keeps to itself, pixels of the desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strut {
    edge: Edge,
    /// How far it reaches in.
    depth: i32,
    /// Where along the edge it begins, and its last pixel.
    from: i32,
    to: i32,
}

/// In the order in which panels say them.
const EDGES: [Edge; 4] = [Edge::Left, Edge::Right, Edge::Top, Edge::Bottom];

/// What a panel says: how far it reaches in from each edge, then from where to where, unless it is all of the edge.
#[must_use]
pub fn read(said: &[u32]) -> Vec<Strut> {
    let number = |place: usize| said.get(place).map(|said| i32::try_from(*said));
    let struts = EDGES.into_iter().enumerate().filter_map(|(place, edge)| {
        let depth = number(place)?.ok().filter(|depth| *depth > 0)?;
        let along = 4 + 2 * place;
        let (from, to) = match (number(along), number(along + 1)) {
            (Some(from), Some(to)) => (from.ok()?, to.ok()?),
            _ => (0, i32::MAX),
        };
        (from <= to).then_some(Strut { edge, depth, from, to })
    });
    struts.collect()
}

/// What the panels leave of a screen on a desktop of this width and height. One that would take more than half of it is none of
/// this screen: it is measured through another one, or lies.
#[must_use]
pub fn clear(whole: Area, desktop: (i32, i32), struts: &[Strut]) -> Area {
    let (mut left, mut right, mut top, mut bottom) = (0, 0, 0, 0);
    for strut in struts {
        let (along, size) = match strut.edge {
            Edge::Left | Edge::Right => ((whole.top, whole.bottom()), whole.width),
            Edge::Top | Edge::Bottom => ((whole.left, whole.right()), whole.height),
        };
        if strut.to < along.0 || strut.from >= along.1 {
            continue;
        }
        let (kept, taken) = match strut.edge {
            Edge::Left => (&mut left, strut.depth.saturating_sub(whole.left)),
            Edge::Right => (&mut right, whole.right().saturating_sub(desktop.0.saturating_sub(strut.depth))),
            Edge::Top => (&mut top, strut.depth.saturating_sub(whole.top)),
            Edge::Bottom => (&mut bottom, whole.bottom().saturating_sub(desktop.1.saturating_sub(strut.depth))),
        };
        if taken <= size / 2 {
            *kept = taken.max(*kept);
        }
    }
    Area {
        left: whole.left + left,
        top: whole.top + top,
        width: whole.width - left - right,
        height: whole.height - top - bottom,
    }
}

/// The X server's desktop, as panels divide it.
#[cfg(target_os = "linux")]
pub mod desktop {
    use super::{Strut, read};
    use std::sync::OnceLock;
    use x11rb::connection::Connection as _;
    use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, Window};
    use x11rb::rust_connection::RustConnection;

    x11rb::atom_manager! {
        Atoms: AtomsCookie {
            _GTK_WORKAREAS_D0,
            _NET_CLIENT_LIST,
            _NET_WM_STRUT,
            _NET_WM_STRUT_PARTIAL,
        }
    }

    /// More windows are not asked whether they are panels.
    const MOST: u32 = 500;

    struct Display {
        conn: RustConnection,
        root: Window,
        atoms: Atoms,
    }

    /// Its width and height, and what the panels keep. None where the window manager tells by screen, and where nothing is told.
    pub fn kept() -> Option<((i32, i32), Vec<Strut>)> {
        static DISPLAY: OnceLock<Option<Display>> = OnceLock::new();
        DISPLAY.get_or_init(connect).as_ref()?.kept()
    }

    fn connect() -> Option<Display> {
        let (conn, screen) = RustConnection::connect(None).ok()?;
        let root = conn.setup().roots.get(screen)?.root;
        let atoms = Atoms::new(&conn).ok()?.reply().ok()?;
        Some(Display { conn, root, atoms })
    }

    impl Display {
        fn kept(&self) -> Option<((i32, i32), Vec<Strut>)> {
            if !self.numbers(self.root, self.atoms._GTK_WORKAREAS_D0, AtomEnum::CARDINAL, 4)?().is_empty() {
                return None;
            }
            let size = self.conn.get_geometry(self.root).ok()?;
            let windows = self.numbers(self.root, self.atoms._NET_CLIENT_LIST, AtomEnum::WINDOW, MOST)?();
            // All are asked before the first answer is waited for.
            let asked: Vec<_> = windows
                .into_iter()
                .map(|window| {
                    let said = |property, length| self.numbers(window, property, AtomEnum::CARDINAL, length);
                    (said(self.atoms._NET_WM_STRUT_PARTIAL, 12), said(self.atoms._NET_WM_STRUT, 4))
                })
                .collect();
            let size = size.reply().ok()?;
            let struts = asked.into_iter().flat_map(|(partly, wholly)| {
                let (partly, wholly) = (partly.map(|answer| answer()), wholly.map(|answer| answer()));
                let said = partly.filter(|said| said.len() == 12).or(wholly).unwrap_or_default();
                read(&said)
            });
            Some(((size.width.into(), size.height.into()), struts.collect()))
        }

        /// Asks for so many numbers of a window's property; the answer is empty where it has none, or is gone.
        fn numbers(&self, of: Window, property: u32, kind: AtomEnum, most: u32) -> Option<impl FnOnce() -> Vec<u32>> {
            let asked = self.conn.get_property(false, of, property, kind, 0, most).ok()?;
            Some(move || {
                let answer = asked.reply().ok();
                answer.and_then(|answer| Some(answer.value32()?.collect())).unwrap_or_default()
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn area(left: i32, top: i32, width: i32, height: i32) -> Area {
        Area { left, top, width, height }
    }

    #[test]
    fn s01_of_each_screen_its_own_panels_take_their_part() {
        // Two side by side, the second one lower; and one beneath the other.
        let (first, second) = (area(0, 0, 1280, 800), area(1280, 0, 1024, 600));
        let beside = (2304, 800);
        let (upper, lower) = (area(0, 0, 1280, 800), area(0, 800, 1280, 800));
        let stacked = (1280, 1600);
        let whole = u32::MAX;
        for (what, desktop, screen, said, left) in [
            ("nothing", beside, second, vec![], second),
            (
                "a panel above the second",
                beside,
                second,
                vec![0, 0, 40, 0, 0, 0, 0, 0, 1280, 2303, 0, 0],
                area(1280, 40, 1024, 560),
            ),
            (
                "not of the first",
                beside,
                first,
                vec![0, 0, 40, 0, 0, 0, 0, 0, 1280, 2303, 0, 0],
                first,
            ),
            (
                "a dock below the second, through what is below it",
                beside,
                second,
                vec![0, 0, 0, 248, 0, 0, 0, 0, 0, 0, 1400, 2000],
                area(1280, 0, 1024, 552),
            ),
            (
                "at its right",
                beside,
                second,
                vec![0, 64, 0, 0, 0, 0, 0, 599, 0, 0, 0, 0],
                area(1280, 0, 960, 600),
            ),
            (
                "between the two, through the first",
                beside,
                second,
                vec![1330, 0, 0, 0, 0, 599, 0, 0, 0, 0, 0, 0],
                area(1330, 0, 974, 600),
            ),
            (
                "which does not take the first",
                beside,
                first,
                vec![1330, 0, 0, 0, 0, 599, 0, 0, 0, 0, 0, 0],
                first,
            ),
            ("of the whole edge", beside, first, vec![0, 0, 0, 30], area(0, 0, 1280, 770)),
            ("which ends above the second", beside, second, vec![0, 0, 0, 30], second),
            (
                "above the lower one",
                stacked,
                lower,
                vec![0, 0, 830, 0, 0, 0, 0, 0, 0, 1279, 0, 0],
                area(0, 830, 1280, 770),
            ),
            (
                "which does not take the upper",
                stacked,
                upper,
                vec![0, 0, 830, 0, 0, 0, 0, 0, 0, 1279, 0, 0],
                upper,
            ),
            ("all of it", beside, first, vec![0, 0, 800, 0, 0, 0, 0, 0, 0, 2303, 0, 0], first),
            ("beyond all", beside, first, vec![whole, whole, whole, whole], first),
            (
                "beyond all, from somewhere",
                beside,
                first,
                vec![0, 0, 0x7fff_ffff, 30, 0, 0, 0, 0, 0, whole, 5, 2],
                first,
            ),
            ("cut off", beside, first, vec![0, 0], first),
        ] {
            assert_eq!(clear(screen, desktop, &read(&said)), left, "{what}");
        }
        // Several: the one that reaches farthest counts at each edge.
        let said = [[0, 0, 24, 0], [0, 0, 40, 60], [50, 0, 0, 0]];
        let struts: Vec<Strut> = said.iter().flat_map(|said| read(said)).collect();
        assert_eq!(clear(first, beside, &struts), area(50, 40, 1230, 700));
    }

    proptest! {
        #[test]
        fn whatever_panels_say_half_of_a_screen_is_left_in_each_direction_and_it_lies_within(
            left in -4_000..9_000_i32, top in -4_000..9_000_i32, width in 1..8_000_i32, height in 1..5_000_i32,
            desktop in (1..20_000_i32, 1..20_000_i32),
            said in prop::collection::vec(prop::collection::vec(prop::num::u32::ANY, 0..14), 0..4),
            near in prop::collection::vec(prop::collection::vec(0..9_000_u32, 0..14), 0..4),
        ) {
            let whole = area(left, top, width, height);
            let struts: Vec<Strut> = said.iter().chain(&near).flat_map(|said| read(said)).collect();
            let clear = clear(whole, desktop, &struts);
            prop_assert!(clear.left >= whole.left && clear.right() <= whole.right());
            prop_assert!(clear.top >= whole.top && clear.bottom() <= whole.bottom());
            prop_assert!(clear.width >= 0 && clear.height >= 0);
        }
    }
}
