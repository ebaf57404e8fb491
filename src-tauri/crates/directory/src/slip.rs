//! One slip of a finger: a letter too many, one too few, a wrong one, or two that have changed places.
//!
//! All words that a slip may have meant are made and looked for, which are some hundred for a word of ten letters. It is
//! done from the left: as soon as nobody has a word with the same first letters, none of the slips further right needs to
//! be looked for.

/// The shortest word, in letters as they are typed, that is thought to hold a slip. Shorter ones mean too many others.
pub const SHORTEST: usize = 5;

/// Letters that stand in forms of Latin and Cyrillic words.
const LETTERS: &str = "abcdefghiklmnopqrstuvwxz";

/// The words that differ from a form by one slip, of which `is_begun` says that some known word begins with them. At most
/// `most`, those whose slip is furthest right first: people know how a name begins.
pub fn meant<E>(form: &str, most: usize, mut is_begun: impl FnMut(&str) -> Result<bool, E>) -> Result<Vec<String>, E> {
    let signs: Vec<char> = form.chars().collect();
    let mut found: Vec<String> = Vec::new();
    let mut start = String::new();
    for at in 0..=signs.len() {
        if at > 0 {
            start.push(signs[at - 1]);
            if !is_begun(&start)? {
                break;
            }
        }
        for word in at_place(&start, &signs[at..]) {
            if word != form && !found.contains(&word) && is_begun(&word)? {
                found.push(word);
            }
        }
    }
    found.reverse();
    found.truncate(most);
    Ok(found)
}

/// The words that begin with `start`, go on otherwise than `rest` does, and come back to it after one slip.
fn at_place<'a>(start: &'a str, rest: &'a [char]) -> impl Iterator<Item = String> + 'a {
    let join = move |letter: Option<char>, rest: &[char]| start.chars().chain(letter).chain(rest.iter().copied()).collect::<String>();
    let one_too_many = rest.split_first().map(|(_, after)| join(None, after));
    let swapped = match rest {
        [one, other, after @ ..] if one != other => {
            let turned: Vec<char> = [*other, *one].iter().chain(after).copied().collect();
            Some(join(None, &turned))
        }
        _ => None,
    };
    let wrong = rest.split_first().into_iter().flat_map(move |(was, after)| {
        LETTERS
            .chars()
            .filter(move |letter| letter != was)
            .map(move |letter| join(Some(letter), after))
    });
    let one_too_few = LETTERS.chars().map(move |letter| join(Some(letter), rest));
    one_too_many.into_iter().chain(swapped).chain(wrong).chain(one_too_few)
}
