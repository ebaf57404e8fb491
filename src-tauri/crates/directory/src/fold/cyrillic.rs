//! Cyrillic letters as sounds: Russian ones, and those of the neighbours that stand in names.

use super::Reading;
use super::letters::Letter;
use super::skeleton::Skeleton;

pub(super) fn read(letters: &[Letter], reading: Reading, into: &mut Skeleton) {
    for (at, letter) in letters.iter().enumerate() {
        let before_o = || letters.get(at + 1).is_some_and(|next| next.sign_in(reading) == 'о');
        let sounds = match letter.sign_in(reading) {
            // бульон is written bulyon.
            'ь' | 'ъ' => {
                if before_o() {
                    "y"
                } else {
                    ""
                }
            }
            sign => sounds(sign),
        };
        if sounds == "?" {
            into.raw(letter.sign, letter.end);
        } else {
            sounds.chars().for_each(|sound| into.sound(sound, letter.end));
        }
    }
}

fn sounds(letter: char) -> &'static str {
    match letter {
        'а' | 'ә' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ғ' | 'ѓ' => "g",
        'д' => "d",
        'е' | 'ё' | 'э' | 'є' | 'ѐ' => "e",
        'ж' | 'җ' => "x",
        'з' | 'ѕ' => "z",
        'и' | 'ы' | 'і' | 'ї' | 'ѝ' => "i",
        'й' | 'ј' => "y",
        'к' | 'қ' | 'ќ' => "k",
        'л' => "l",
        'м' => "m",
        'н' | 'ң' => "n",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ү' | 'ұ' | 'ў' => "u",
        'ф' => "f",
        'х' | 'һ' | 'ҳ' => "h",
        'ц' => "c",
        'ч' | 'ҷ' => "q",
        'ш' | 'щ' => "w",
        'ю' => "yu",
        'я' => "ya",
        'љ' => "l",
        'њ' => "n",
        'ћ' => "q",
        'ђ' | 'џ' => "x",
        _ => "?",
    }
}
