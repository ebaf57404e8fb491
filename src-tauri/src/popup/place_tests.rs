use super::*;
use PopupCorner::{BottomLeft, BottomRight, TopLeft, TopRight};
use proptest::prelude::*;

const CORNERS: [PopupCorner; 4] = [TopLeft, TopRight, BottomLeft, BottomRight];

const fn area(left: i32, top: i32, width: i32, height: i32) -> Area {
    Area { left, top, width, height }
}

fn screen(width: i32, height: i32) -> Screen {
    Screen {
        area: area(0, 0, width, height),
        scale: 1.0,
        zoom: 1.0,
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
        assert_eq!(full_hd.room(TopRight, workspace), room, "{workspace:?}");
    }
    assert_eq!(screen(1280, 800).room(TopRight, Some(area(100, 40, 1080, 720))), Room::Line);
}

#[test]
fn each_corner_has_its_own_and_gives_way_to_the_side_that_is_free() {
    let full_hd = screen(1920, 1080);
    let right = 1920 - 12 - 380;
    let low = 1080 - 12 - 300;
    for (corner, spot) in [
        (TopLeft, (12, 12)),
        (TopRight, (right, 12)),
        (BottomLeft, (12, low)),
        (BottomRight, (right, low)),
    ] {
        assert_eq!(full_hd.spot(corner, Room::Corner, 300.0), spot, "{corner:?}");
        let top = spot.1;
        assert_eq!(full_hd.spot(corner, Room::Aside(448), 300.0), (448, top), "{corner:?} aside");
        assert_eq!(full_hd.spot(corner, Room::Line, 300.0), (spot.0, low), "{corner:?} as a line");
    }
    let on_the_left = Some(area(0, 0, 1080, 1080));
    let on_the_right = Some(area(840, 0, 1080, 1080));
    for corner in [TopLeft, BottomLeft] {
        assert_eq!(full_hd.room(corner, on_the_left), Room::Aside(1080 + 12), "{corner:?}");
        assert_eq!(full_hd.room(corner, on_the_right), Room::Corner, "{corner:?}");
    }
    for corner in [TopRight, BottomRight] {
        assert_eq!(full_hd.room(corner, on_the_right), Room::Aside(840 - 12 - 380), "{corner:?}");
        assert_eq!(full_hd.room(corner, on_the_left), Room::Corner, "{corner:?}");
    }
    // In the upper half of the screen: the lower corners are free.
    let above = Some(area(0, 0, 1920, 500));
    assert_eq!(
        CORNERS.map(|corner| full_hd.room(corner, above)),
        [Room::Line, Room::Line, Room::Corner, Room::Corner]
    );
}

#[test]
fn a_second_screen_and_enlarged_pixels_are_reckoned_with() {
    let second = Screen {
        area: area(1920, 40, 2560, 1400),
        scale: 2.0,
        zoom: 1.0,
    };
    let right = 1920 + 2560 - 24 - 760;
    assert_eq!(second.room(TopRight, Some(area(0, 0, 1920, 1080))), Room::Corner);
    assert_eq!(second.room(TopRight, Some(area(1920, 40, 2560, 1400))), Room::Line);
    assert_eq!(second.spot(TopRight, Room::Corner, 300.0), (right, 40 + 24));
    assert_eq!(second.spot(TopRight, Room::Line, 44.0), (right, 40 + 1400 - 24 - 88));
    assert_eq!(second.spot(TopRight, Room::Aside(2000), 300.0), (2000, 64));
    assert_eq!(second.spot(BottomLeft, Room::Corner, 300.0), (1920 + 24, 40 + 1400 - 24 - 600));
    let quarter = Screen { scale: 1.25, ..second };
    assert_eq!(quarter.spot(TopRight, Room::Corner, 300.0), (1920 + 2560 - 15 - 475, 40 + 15));
    // Left of and above the first one.
    let before = Screen {
        area: area(-2560, -1440, 2560, 1400),
        scale: 1.0,
        zoom: 1.0,
    };
    assert_eq!(before.spot(TopLeft, Room::Corner, 300.0), (-2548, -1428));
    assert_eq!(before.spot(BottomRight, Room::Corner, 300.0), (-392, -40 - 12 - 300));
}

#[test]
fn a_screen_lower_than_the_highest_card_has_columns_all_the_same_and_lowers_the_card() {
    let low = screen(1920, 500);
    assert_eq!(low.room(TopRight, Some(area(840, 0, 1080, 500))), Room::Aside(448));
    assert_eq!(low.highest(), 500.0 - 24.0);
    assert_eq!(screen(1920, 1080).highest(), HEIGHTS.1);
    for corner in CORNERS {
        assert_eq!(low.spot(corner, Room::Corner, low.highest()).1, 12, "{corner:?}");
    }
    let tiny = screen(300, 40);
    assert_eq!(tiny.highest(), HEIGHTS.0, "a line at least");
    assert_eq!(tiny.spot(BottomRight, Room::Corner, HEIGHTS.0), (0, 0), "what begins is seen");
}

prop_compose! {
    /// A screen on which a card fits, anywhere on a desktop.
    fn screens()(
        scale in prop::sample::select(vec![1.0_f64, 1.25, 1.5, 2.0]),
        left in -8_000..8_000_i32, top in -8_000..8_000_i32,
        width in 900..8_000_i32, height in 130..4_400_i32, zoom in prop::sample::select(vec![0.5_f64, 1.0, 1.0, 1.1, 1.5, 2.0]),
    ) -> Screen {
        // One line drawn large needs more.
        let height = if zoom > 1.0 { height + 50 } else { height };
        Screen { area: area(left, top, width, height), scale, zoom }
    }
}

prop_compose! {
    fn workspaces()(left in -9_000..9_000_i32, top in -9_000..9_000_i32, width in 760..4_000_i32, height in 560..3_000_i32) -> Area {
        area(left, top, width, height)
    }
}

/// The popup as it would stand.
fn popup(screen: Screen, corner: PopupCorner, room: Room, height: f64) -> Area {
    let (left, top) = screen.spot(corner, room, height);
    area(left, top, screen.width(), screen.height(height))
}

#[test]
fn drawn_larger_it_grows_with_its_page_as_far_as_the_screen_lets_it() {
    let drawn = |width, height, zoom| Screen {
        zoom,
        ..screen(width, height)
    };
    for (of, page, size, spot) in [
        (drawn(1920, 1080, 1.0), 300.0, (380.0, 300.0), (1920 - 12 - 380, 12)),
        (drawn(1920, 1080, 1.25), 300.0, (475.0, 375.0), (1920 - 12 - 475, 12)),
        (drawn(1920, 1080, 2.0), 300.0, (760.0, 600.0), (1920 - 12 - 760, 12)),
        (drawn(1920, 1080, 0.5), 300.0, (190.0, 150.0), (1920 - 12 - 190, 12)),
        // A narrow screen is filled, and not left.
        (drawn(640, 1080, 2.0), 300.0, (616.0, 600.0), (12, 12)),
    ] {
        assert_eq!(of.size(page), size, "{of:?}");
        assert_eq!(of.spot(TopRight, Room::Corner, page), spot, "{of:?}");
    }
    // What is higher than the screen scrolls.
    assert_eq!(drawn(1920, 1080, 2.0).highest(), (f64::from(1080 - 24) / 2.0).floor());
    assert_eq!(drawn(1920, 1080, 0.5).highest(), HEIGHTS.1);
}

proptest! {
    #[test]
    fn it_stands_within_the_work_area_and_clear_of_the_workspace(
        screen in screens(), workspace in prop::option::of(workspaces()), corner in prop::sample::select(CORNERS.to_vec()),
        height in HEIGHTS.0..HEIGHTS.1,
    ) {
        let room = screen.room(corner, workspace);
        let popup = popup(screen, corner, room, height.min(screen.highest()));
        prop_assert!(screen.area.holds(popup), "{popup:?} in {screen:?}");
        if let Some(workspace) = workspace.filter(|_| room != Room::Line) {
            prop_assert!(!popup.overlaps(workspace), "{popup:?} over {workspace:?}");
        }
    }

    #[test]
    fn it_moves_with_its_screen_and_grows_with_its_pixels(
        screen in screens(), workspace in prop::option::of(workspaces()), corner in prop::sample::select(CORNERS.to_vec()),
        by in (-5_000..5_000_i32, -5_000..5_000_i32),
    ) {
        let moved = |at: Area| Area { left: at.left + by.0, top: at.top + by.1, ..at };
        let elsewhere = Screen { area: moved(screen.area), ..screen };
        let room = screen.room(corner, workspace);
        let there = match room {
            Room::Aside(left) => Room::Aside(left + by.0),
            other => other,
        };
        prop_assert_eq!(elsewhere.room(corner, workspace.map(moved)), there);
        let (left, top) = screen.spot(corner, room, 200.0);
        prop_assert_eq!(elsewhere.spot(corner, there, 200.0), (left + by.0, top + by.1));

        let one = Screen { scale: 1.0, ..screen };
        let twice = |at: Area| area(at.left * 2, at.top * 2, at.width * 2, at.height * 2);
        let finer = Screen { area: twice(one.area), scale: 2.0, ..one };
        let (left, top) = one.spot(corner, Room::Corner, 100.0);
        prop_assert_eq!(finer.spot(corner, Room::Corner, 100.0), (left * 2, top * 2));
    }
}
