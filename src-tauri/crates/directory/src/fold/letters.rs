//! The letters of a text, word by word: in lower case, without accents, with where each ends in the text.

use super::{LONGEST_WORD, Reading};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What a letter is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Cyrillic,
    Digit,
    Other,
}

/// A letter or digit of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    /// In lower case.
    pub sign: char,
    /// Whether it stood there as a capital.
    pub capital: bool,
    /// Where it ends in the text, in UTF-16 units.
    pub end: u32,
}

impl Letter {
    pub(super) fn script(self) -> Script {
        match self.sign {
            'a'..='z' | 'ß' | 'æ' | 'œ' | 'ø' | 'ł' | 'đ' | 'ı' | 'þ' | 'ð' => Script::Latin,
            '\u{0400}'..='\u{052f}' => Script::Cyrillic,
            sign if sign.is_numeric() => Script::Digit,
            _ => Script::Other,
        }
    }

    /// Whose it is in a reading.
    pub(super) fn script_in(self, reading: Reading) -> Script {
        match (reading, self.script(), self.twin()) {
            (Reading::AsCyrillic, Script::Latin, Some(_)) => Script::Cyrillic,
            (Reading::AsLatin, Script::Cyrillic, Some(_)) => Script::Latin,
            (_, script, _) => script,
        }
    }

    /// What it is in a reading.
    pub(super) fn sign_in(self, reading: Reading) -> char {
        let twin = self.twin().filter(|_| self.script() != self.script_in(reading));
        twin.unwrap_or(self.sign)
    }

    /// The letter of the other script, Latin or Cyrillic, that looks the same.
    pub(super) fn twin(self) -> Option<char> {
        Some(match self.sign {
            'a' => 'а',
            'c' => 'с',
            'e' => 'е',
            'o' => 'о',
            'p' => 'р',
            'x' => 'х',
            'y' => 'у',
            'а' => 'a',
            'с' => 'c',
            'е' => 'e',
            'о' => 'o',
            'р' => 'p',
            'х' => 'x',
            'у' => 'y',
            'і' => 'i',
            'ј' => 'j',
            'ѕ' => 's',
            // The others look the same only as capitals.
            _ if !self.capital => return None,
            'k' => 'к',
            'm' => 'м',
            't' => 'т',
            'b' => 'в',
            'h' => 'н',
            'к' => 'k',
            'м' => 'm',
            'т' => 't',
            'в' => 'b',
            'н' => 'h',
            _ => return None,
        })
    }
}

/// Reads a text word by word.
pub(super) struct Reader<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
    /// How far it is, in UTF-16 units.
    at: u32,
}

/// What a sign does to words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    Stands,
    /// A digit.
    Counts,
    /// It is a word by itself.
    StandsAlone,
    /// Nothing: a word goes on over it.
    Nothing,
    /// A word goes on over it if a letter follows.
    Joins,
    Parts,
}

fn does(sign: char) -> Does {
    match sign {
        'a'..='z' | 'A'..='Z' | 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' => Does::Stands,
        '0'..='9' => Does::Counts,
        ' '..='&' | '('..='_' | '{'..='~' => Does::Parts,
        '\'' | '`' | '’' | 'ʼ' | 'ʹ' => Does::Joins,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => Does::Nothing,
        '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Does::StandsAlone,
        sign if is_combining_mark(sign) => Does::Nothing,
        sign if sign.is_numeric() => Does::Counts,
        sign if sign.is_alphabetic() => Does::Stands,
        _ => Does::Parts,
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            chars: text.chars().peekable(),
            at: 0,
        }
    }

    #[allow(clippy::cast_possible_truncation, reason = "one or two")]
    fn step(&mut self) -> Option<char> {
        let sign = self.chars.next()?;
        self.at = self.at.saturating_add(sign.len_utf16() as u32);
        Some(sign)
    }

    /// Puts the next word into `letters`; where it begins and ends.
    pub(super) fn word(&mut self, letters: &mut Vec<Letter>) -> Option<(u32, u32)> {
        letters.clear();
        let mut begun: Option<(u32, Does)> = None;
        let mut end = 0;
        while let Some(sign) = self.chars.peek().copied() {
            let does = does(sign);
            match (does, begun) {
                (Does::Nothing | Does::Joins, _) | (Does::Parts, None) => {
                    self.step();
                    let goes_on = self.chars.peek().is_some_and(|next| self::does(*next) == Does::Stands);
                    if does == Does::Joins && begun.is_some() && !goes_on {
                        break;
                    }
                    continue;
                }
                (Does::Parts, Some(_)) => break,
                (_, Some((_, kind))) if kind != does || kind == Does::StandsAlone => break,
                _ => {}
            }
            let start = self.at;
            self.step();
            end = self.at;
            begun = begun.or(Some((start, does)));
            take(sign, end, letters);
        }
        match begun {
            // A word whose signs are none without their accents is none.
            Some((start, _)) if !letters.is_empty() => Some((start, end)),
            Some(_) => self.word(letters),
            None => None,
        }
    }
}

/// Takes a sign of a text; it may be several letters, as `ﬁ` is.
fn take(sign: char, end: u32, letters: &mut Vec<Letter>) {
    let mut put = |sign, capital| {
        if letters.len() < LONGEST_WORD {
            letters.push(Letter { sign, capital, end });
        }
    };
    match sign {
        'a'..='z' | '0'..='9' | 'а'..='я' | 'ё' => put(sign, false),
        'A'..='Z' => put(sign.to_ascii_lowercase(), true),
        'č' | 'Č' => "ch".chars().for_each(|part| put(part, false)),
        'š' | 'Š' => "sh".chars().for_each(|part| put(part, false)),
        'ž' | 'Ž' => "zh".chars().for_each(|part| put(part, false)),
        'А'..='Я' | '\u{0400}'..='\u{052f}' => {
            let small = sign.to_lowercase().next().unwrap_or(sign);
            put(small, small != sign);
        }
        _ => {
            for small in sign
                .to_lowercase()
                .nfkd()
                .filter(|part| !is_combining_mark(*part) && part.is_alphanumeric())
            {
                put(small.to_lowercase().next().unwrap_or(small), sign.is_uppercase());
            }
        }
    }
}
