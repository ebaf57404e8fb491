//! A form while it is made: what is true of sounds, whichever alphabet they came from.

/// The signs of a form, each with where it ends in the text.
#[derive(Debug, Default)]
pub(super) struct Skeleton {
    signs: Vec<(char, u32)>,
}

impl Skeleton {
    pub(super) fn clear(&mut self) {
        self.signs.clear();
    }

    /// A sign that is what it is.
    pub(super) fn raw(&mut self, sign: char, end: u32) {
        self.signs.push((sign, end));
    }

    /// A sound. `y` is an `i` that may still become something else with what follows.
    pub(super) fn sound(&mut self, sound: char, end: u32) {
        let last = self.signs.last().map(|(sign, _)| *sign);
        let becomes = match (last, sound) {
            // Doubled letters are written or left out as people like.
            (Some(before), _) if before == sound => before,
            (Some('i' | 'y'), 'e') => {
                self.signs.pop();
                return self.sound('e', end);
            }
            (Some('y'), 'o') => {
                self.signs.pop();
                return self.sound('e', end);
            }
            (Some('y'), 'i') => 'i',
            (Some('i'), 'y') => 'y',
            // ё after these is often written о.
            (Some('w' | 'q' | 'x'), 'o') => return self.sound('e', end),
            // сч and шч sound as щ.
            (Some('s' | 'w'), 'q') | (Some('s'), 'w') => 'w',
            // Latin letters do not tell ц from тс.
            (Some('t'), 's') => 'c',
            _ => return self.signs.push((sound, end)),
        };
        if let Some(last) = self.signs.last_mut() {
            *last = (becomes, end);
        }
    }

    pub(super) fn signs(&self) -> impl Iterator<Item = (char, u32)> + '_ {
        self.signs.iter().map(|(sign, end)| (if *sign == 'y' { 'i' } else { *sign }, *end))
    }
}
