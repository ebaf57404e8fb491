//! A text as a picture for a camera: a QR code, as the path of a drawing that a page puts into its own colours.

use qrcode::{Color, EcLevel, QrCode};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::fmt::Write as _;

/// A code as squares of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct QrView {
    /// How many squares a side has; around it four more must stay light.
    pub size: u32,
    /// The dark squares, as an SVG path's data.
    pub path: String,
}

/// The code of a text; none where it is too long for one.
pub fn of(text: &str) -> Option<QrView> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let size = code.width();
    let mut path = String::new();
    for (row, squares) in code.to_colors().chunks(size).enumerate() {
        let mut column = 0;
        while column < size {
            let dark = squares[column..].iter().take_while(|square| **square == Color::Dark).count();
            if dark > 0 {
                // Writing to a text cannot fail.
                let _ = write!(path, "M{column} {row}h{dark}v1h-{dark}z");
            }
            column += dark.max(1);
        }
    }
    let size = u32::try_from(size).ok()?;
    Some(QrView { size, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The squares that a path of rectangles of one row each fills.
    fn filled(view: &QrView) -> Vec<(usize, usize)> {
        let mut squares = Vec::new();
        for rectangle in view.path.split('z').filter(|rectangle| !rectangle.is_empty()) {
            let (place, rest) = rectangle.trim_start_matches('M').split_once('h').unwrap();
            let (column, row) = place.split_once(' ').unwrap();
            let (width, back) = rest.split_once("v1h-").unwrap();
            assert_eq!(width, back, "{rectangle}");
            let (column, row, width): (usize, usize, usize) = (column.parse().unwrap(), row.parse().unwrap(), width.parse().unwrap());
            squares.extend((column..column + width).map(|column| (column, row)));
        }
        squares
    }

    #[test]
    fn the_drawing_has_every_dark_square_once_and_no_other() {
        for text in ["ringside://setup?v=1&extension=204", "x", &"x".repeat(900)] {
            let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
            let view = of(text).unwrap();
            let size = code.width();
            assert_eq!(view.size as usize, size);
            let places = (0..size * size).map(|at| (at % size, at / size));
            let dark: Vec<_> = places
                .zip(code.to_colors())
                .filter(|(_, color)| *color == Color::Dark)
                .map(|(at, _)| at)
                .collect();
            assert_eq!(filled(&view), dark, "{}", text.len());
            // The three corners by which a camera finds it.
            for (column, row) in [(0, 0), (size - 7, 0), (0, size - 7)] {
                assert!((0..7).all(|along| dark.contains(&(column + along, row)) && dark.contains(&(column, row + along))));
            }
        }
        assert_eq!(of(&"x".repeat(5_000)), None);
    }
}
