//! Omnidesk's text filters: substrings, `^exact^`, `^starts with`, `ends with^`, with a minimum length.

/// A parsed filter text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    Contains(String),
    Exact(String),
    Starts(String),
    Ends(String),
}

/// The filter has fewer characters than the API accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooShort;

impl Text {
    /// Reads a filter; `min` is the number of characters it needs, the `^` not counted.
    pub(crate) fn parse(text: &str, min: usize) -> Result<Self, TooShort> {
        let starts = text.starts_with('^');
        let ends = text.len() > 1 && text.ends_with('^');
        let inner = text.trim_matches('^').to_lowercase();
        if inner.chars().count() < min {
            return Err(TooShort);
        }
        Ok(match (starts, ends) {
            (true, true) => Self::Exact(inner),
            (true, false) => Self::Starts(inner),
            (false, true) => Self::Ends(inner),
            (false, false) => Self::Contains(inner),
        })
    }

    /// Whether a value passes; letter case does not matter.
    pub(crate) fn matches(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        match self {
            Self::Contains(text) => value.contains(text),
            Self::Exact(text) => value == *text,
            Self::Starts(text) => value.starts_with(text),
            Self::Ends(text) => value.ends_with(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_mark_exact_start_and_end() {
        let matches = |filter: &str, value: &str| Text::parse(filter, 3).unwrap().matches(value);
        assert!(matches("9261234567", "+79261234567"));
        assert!(matches("^+79261234567^", "+79261234567"));
        assert!(!matches("^9261234567^", "+79261234567"));
        assert!(matches("^+7926", "+79261234567"));
        assert!(matches("4567^", "+79261234567"));
        assert!(!matches("^4567", "+79261234567"));
        assert!(matches("ИВАН", "Петров Иван"));
    }

    #[test]
    fn short_filters_are_refused() {
        assert_eq!(Text::parse("^ab^", 3), Err(TooShort));
        assert!(Text::parse("abc", 3).is_ok());
    }
}
