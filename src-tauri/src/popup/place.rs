//! Where the popup stands: in its corner, unless the workspace is there and the popup gives way to it. Pure.
//!
//! Reckoned in the desktop's own pixels, in which several screens lie side by side: physical ones on Windows, logical ones
//! elsewhere.

use engine::view::PopupCorner;

/// The popup's width and the bounds of its height, pixels of its page (design section 6); folded it is one line of a call.
pub const WIDTH: f64 = 380.0;
/// The lower bound is a single line.
pub const HEIGHTS: (f64, f64) = (32.0, 560.0);
/// From the edges of the work area, and from the workspace, logical pixels.
const MARGIN: f64 = 12.0;

/// A part of the desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The left edge.
    pub left: i32,
    /// The upper edge.
    pub top: i32,
    /// From the left edge to the right one.
    pub width: i32,
    /// From the upper edge to the lower one.
    pub height: i32,
}

impl Area {
    /// Just beyond the right edge.
    #[must_use]
    pub const fn right(self) -> i32 {
        self.left.saturating_add(self.width)
    }

    /// Just below the lower edge.
    #[must_use]
    pub const fn bottom(self) -> i32 {
        self.top.saturating_add(self.height)
    }

    /// Whether they have a pixel in common.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.left < other.right() && other.left < self.right() && self.top < other.bottom() && other.top < self.bottom()
    }

    const fn holds(self, other: Self) -> bool {
        self.left <= other.left && other.right() <= self.right() && self.top <= other.top && other.bottom() <= self.bottom()
    }
}

/// What the workspace leaves of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Room {
    /// The popup's corner is free.
    #[default]
    Corner,
    /// A column beside the workspace is, with this left edge.
    Aside(i32),
    /// Nothing that holds a card: one line has to do, in the lower corner of that side, as what lies at the upper edge of a
    /// window is pressed most.
    Line,
}

/// A work area, and how large the popup is drawn on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screen {
    /// Without panels and docks.
    pub area: Area,
    /// Of the desktop's pixels in a logical one.
    pub scale: f64,
    /// Of logical pixels in one of the popup's page.
    pub zoom: f64,
}

const fn is_left(corner: PopupCorner) -> bool {
    matches!(corner, PopupCorner::TopLeft | PopupCorner::BottomLeft)
}

const fn is_low(corner: PopupCorner) -> bool {
    matches!(corner, PopupCorner::BottomLeft | PopupCorner::BottomRight)
}

impl Screen {
    #[expect(clippy::cast_possible_truncation, reason = "a screen's coordinates")]
    fn pixels(self, logical: f64) -> i32 {
        (logical * self.scale).round() as i32
    }

    /// How high a popup may be, pixels of its page: a work area can be lower than the highest card.
    #[must_use]
    pub fn highest(self) -> f64 {
        let logical = f64::from(self.area.height) / self.scale - 2.0 * MARGIN;
        (logical / self.zoom).floor().clamp(HEIGHTS.0, HEIGHTS.1)
    }

    /// The size of a window whose page is so high, logical pixels. Where a page drawn large would be wider than the screen, it
    /// has less to draw in.
    #[must_use]
    pub fn size(self, height: f64) -> (f64, f64) {
        let most = (f64::from(self.area.width) / self.scale - 2.0 * MARGIN).floor();
        let width = (WIDTH * self.zoom).ceil();
        (
            if width > WIDTH { width.min(most.max(WIDTH)) } else { width },
            (height * self.zoom).ceil(),
        )
    }

    fn width(self) -> i32 {
        self.pixels(self.size(0.0).0)
    }

    fn height(self, height: f64) -> i32 {
        self.pixels(self.size(height).1)
    }

    /// What a workspace on the screen leaves. The popup is reckoned as high as it gets, so that it does not go to and fro
    /// with what it shows.
    #[must_use]
    pub fn room(self, corner: PopupCorner, workspace: Option<Area>) -> Room {
        let Some(workspace) = workspace else { return Room::Corner };
        let highest = self.highest();
        let column = |left: i32| Area {
            left,
            top: self.top(corner, highest),
            width: self.width(),
            height: self.height(highest),
        };
        if !column(self.left(corner)).overlaps(workspace) {
            return Room::Corner;
        }
        let margin = self.pixels(MARGIN);
        let beside = [workspace.left - margin - self.width(), workspace.right() + margin];
        let free = |left: &i32| self.area.holds(column(*left)) && !column(*left).overlaps(workspace);
        beside.into_iter().find(free).map_or(Room::Line, Room::Aside)
    }

    /// The upper left corner of a popup whose page is so high.
    #[must_use]
    pub fn spot(self, corner: PopupCorner, room: Room, height: f64) -> (i32, i32) {
        match room {
            Room::Corner => (self.left(corner), self.top(corner, height)),
            Room::Aside(left) => (left, self.top(corner, height)),
            Room::Line => (self.left(corner), self.lowest(height)),
        }
    }

    /// On a screen that is too narrow, the left edge is seen: a popup begins there.
    fn left(self, corner: PopupCorner) -> i32 {
        let margin = self.pixels(MARGIN);
        if is_left(corner) {
            return self.area.left + margin;
        }
        (self.area.right() - margin - self.width()).max(self.area.left)
    }

    fn top(self, corner: PopupCorner, height: f64) -> i32 {
        if is_low(corner) {
            self.lowest(height)
        } else {
            self.area.top + self.pixels(MARGIN)
        }
    }

    /// On a screen that is too low, the upper edge is seen: it says what happens.
    fn lowest(self, height: f64) -> i32 {
        (self.area.bottom() - self.pixels(MARGIN) - self.height(height)).max(self.area.top)
    }
}

#[cfg(test)]
#[path = "place_tests.rs"]
mod tests;
