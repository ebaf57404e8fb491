//! Where the popup stands: in the corner, unless the workspace is there and the popup gives way to it. Pure.

/// The popup's width and the bounds of its height, logical pixels (design section 6); folded it is one line of a call.
pub const WIDTH: f64 = 380.0;
/// The lower bound is a single line.
pub const HEIGHTS: (f64, f64) = (32.0, 560.0);
/// From the edges of the work area, and from the workspace, logical pixels.
const MARGIN: f64 = 12.0;

/// A part of the screen, physical pixels.
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
    const fn right(self) -> i32 {
        self.left.saturating_add(self.width)
    }

    const fn bottom(self) -> i32 {
        self.top.saturating_add(self.height)
    }

    const fn overlaps(self, other: Self) -> bool {
        self.left < other.right() && other.left < self.right() && self.top < other.bottom() && other.top < self.bottom()
    }

    const fn holds(self, other: Self) -> bool {
        self.left <= other.left && other.right() <= self.right() && self.top <= other.top && other.bottom() <= self.bottom()
    }
}

/// What the workspace leaves of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Room {
    /// The upper right corner is free.
    #[default]
    Corner,
    /// A column beside the workspace is, with this left edge.
    Aside(i32),
    /// Nothing that holds a card: one line has to do, in the lower right corner, as what lies at the upper edge of a
    /// window is pressed most.
    Line,
}

/// A work area, and how many physical pixels one of its logical ones is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screen {
    /// Without panels.
    pub area: Area,
    /// Physical pixels in a logical one.
    pub scale: f64,
}

impl Screen {
    #[expect(clippy::cast_possible_truncation, reason = "a screen's coordinates")]
    fn pixels(self, logical: f64) -> i32 {
        (logical * self.scale).round() as i32
    }

    /// What a workspace on the screen leaves. The popup is reckoned as high as it gets, so that it does not go to and fro
    /// with what it shows.
    #[must_use]
    pub fn room(self, workspace: Option<Area>) -> Room {
        let Some(workspace) = workspace else { return Room::Corner };
        let (width, margin) = (self.pixels(WIDTH), self.pixels(MARGIN));
        let column = |left: i32| Area {
            left,
            top: self.area.top + margin,
            width,
            height: self.pixels(HEIGHTS.1).min(self.area.height - 2 * margin),
        };
        if !column(self.area.right() - margin - width).overlaps(workspace) {
            return Room::Corner;
        }
        let beside = [workspace.left - margin - width, workspace.right() + margin];
        let free = |left: &i32| self.area.holds(column(*left)) && !column(*left).overlaps(workspace);
        beside.into_iter().find(free).map_or(Room::Line, Room::Aside)
    }

    /// The upper left corner of a popup of this height, logical pixels.
    #[must_use]
    pub fn corner(self, room: Room, height: f64) -> (i32, i32) {
        let margin = self.pixels(MARGIN);
        let right = self.area.right() - margin - self.pixels(WIDTH);
        let top = self.area.top + margin;
        match room {
            Room::Corner => (right, top),
            Room::Aside(left) => (left, top),
            Room::Line => (right, self.area.bottom() - margin - self.pixels(height)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn area(left: i32, top: i32, width: i32, height: i32) -> Area {
        Area { left, top, width, height }
    }

    fn screen(width: i32, height: i32) -> Screen {
        Screen {
            area: area(0, 0, width, height),
            scale: 1.0,
        }
    }

    #[test]
    fn the_popup_keeps_the_corner_unless_the_workspace_lies_in_it() {
        let full_hd = screen(1920, 1080);
        for (workspace, room) in [
            (None, Room::Corner),
            // In the middle, and on the left: the corner is free.
            (Some(area(420, 180, 1080, 720)), Room::Corner),
            (Some(area(0, 0, 1080, 720)), Room::Corner),
            // Below the highest card.
            (Some(area(840, 572, 1080, 500)), Room::Corner),
            // On the right: there is room on its left.
            (Some(area(840, 0, 1080, 720)), Room::Aside(840 - 12 - 380)),
            // Maximised, or as wide as leaves no column.
            (Some(area(0, 0, 1920, 1080)), Room::Line),
            (Some(area(300, 0, 1400, 900)), Room::Line),
            // On another screen.
            (Some(area(1920, 0, 1920, 1080)), Room::Corner),
        ] {
            assert_eq!(full_hd.room(workspace), room, "{workspace:?}");
        }
        assert_eq!(screen(1280, 800).room(Some(area(100, 40, 1080, 720))), Room::Line);
    }

    #[test]
    fn a_second_screen_and_enlarged_pixels_are_reckoned_with() {
        let second = Screen {
            area: area(1920, 40, 2560, 1400),
            scale: 2.0,
        };
        assert_eq!(second.room(Some(area(0, 0, 1920, 1080))), Room::Corner);
        assert_eq!(second.room(Some(area(1920, 40, 2560, 1400))), Room::Line);
        assert_eq!(second.corner(Room::Corner, 300.0), (1920 + 2560 - 24 - 760, 40 + 24));
        assert_eq!(second.corner(Room::Line, 44.0), (1920 + 2560 - 24 - 760, 40 + 1400 - 24 - 88));
        assert_eq!(second.corner(Room::Aside(2000), 300.0), (2000, 64));
    }

    #[test]
    fn a_screen_lower_than_the_highest_card_has_columns_all_the_same() {
        let low = screen(1920, 500);
        assert_eq!(low.room(Some(area(840, 0, 1080, 500))), Room::Aside(448));
    }
}
