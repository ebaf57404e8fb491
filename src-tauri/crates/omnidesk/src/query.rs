//! Query strings as Omnidesk reads them: one value as a scalar, many as `name[]=`, maps as `name[key]=`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use url::Url;

use crate::error::Error;
use crate::ids::FieldId;
use crate::page::PageRequest;

/// A text to search for. Omnidesk itself searches substrings; carets bind the text to its ends.
///
/// Matching is exact about signs: Omnidesk does not document any normalisation of phones, so search `+79261234567`
/// first and the last ten digits next.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TextQuery {
    /// The whole value: `^text^`.
    Exact(String),
    /// The beginning: `^text`.
    StartsWith(String),
    /// The end: `text^`.
    EndsWith(String),
    /// Anywhere.
    Contains(String),
}

/// A phone to search for; the number as it should be written, `+` included.
pub type PhoneQuery = TextQuery;

impl TextQuery {
    fn text(&self) -> &str {
        let (Self::Exact(text) | Self::StartsWith(text) | Self::EndsWith(text) | Self::Contains(text)) = self;
        // A caret of the text's own would change what is searched for.
        text.trim().trim_matches('^')
    }

    /// The filter's value. Omnidesk ignores or refuses texts that are too short; ignoring would answer with everybody.
    fn encode(&self, name: &str, min_chars: usize) -> Result<String, Error> {
        let text = self.text();
        if text.chars().count() < min_chars {
            let reason = format!("the filter {name} needs at least {min_chars} characters");
            return Err(Error::InvalidRequest(reason));
        }
        Ok(match self {
            Self::Exact(_) => format!("^{text}^"),
            Self::StartsWith(_) => format!("^{text}"),
            Self::EndsWith(_) => format!("{text}^"),
            Self::Contains(_) => text.to_owned(),
        })
    }
}

/// A span of time; either end may be open. Sent as unix seconds, which need no time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Up to this moment.
    pub to: Option<Timestamp>,
}

/// Collects the pairs of a query string.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    pub(crate) fn page(request: PageRequest) -> Self {
        let mut query = Self::default();
        query.push("page", request.page());
        query.push("limit", request.limit());
        query
    }

    pub(crate) fn push(&mut self, name: &str, value: impl ToString) {
        self.pairs.push((name.to_owned(), value.to_string()));
    }

    pub(crate) fn maybe(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    /// A switch: sent only when it is on.
    pub(crate) fn switch(&mut self, name: &str, on: bool) {
        if on {
            self.push(name, true);
        }
    }

    pub(crate) fn text(&mut self, name: &str, query: Option<&TextQuery>, min_chars: usize) -> Result<(), Error> {
        if let Some(query) = query {
            self.push(name, query.encode(name, min_chars)?);
        }
        Ok(())
    }

    pub(crate) fn texts(&mut self, name: &str, queries: &[TextQuery], min_chars: usize) -> Result<(), Error> {
        let encoded: Result<Vec<_>, _> = queries.iter().map(|query| query.encode(name, min_chars)).collect();
        self.list(name, &encoded?);
        Ok(())
    }

    pub(crate) fn list<T: ToString>(&mut self, name: &str, values: &[T]) {
        match values {
            [] => {}
            [one] => self.push(name, one.to_string()),
            many => {
                let name = format!("{name}[]");
                many.iter().for_each(|value| self.push(&name, value.to_string()));
            }
        }
    }

    pub(crate) fn custom_fields(&mut self, fields: &BTreeMap<FieldId, String>) {
        for (field, value) in fields {
            self.push(&format!("custom_fields[{}]", field.key()), value);
        }
    }

    pub(crate) fn span(&mut self, infix: &str, range: TimeRange) {
        self.maybe(&format!("from_{infix}time"), range.from.map(Timestamp::as_second));
        self.maybe(&format!("to_{infix}time"), range.to.map(Timestamp::as_second));
    }

    /// Writes the pairs into the address, `+` as `%2B`.
    pub(crate) fn apply(&self, url: &mut Url) {
        if !self.pairs.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.pairs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(fill: impl FnOnce(&mut Query)) -> String {
        let mut query = Query::default();
        fill(&mut query);
        let mut url = Url::parse("https://x.test/").unwrap();
        query.apply(&mut url);
        url.query().unwrap_or_default().to_owned()
    }

    #[test]
    fn phones_are_searched_exactly_or_by_their_tail() {
        let exact = PhoneQuery::Exact("+79261234567".into());
        let tail = PhoneQuery::EndsWith("9261234567".into());
        assert_eq!(
            written(|q| q.text("user_phone", Some(&exact), 3).unwrap()),
            "user_phone=%5E%2B79261234567%5E"
        );
        assert_eq!(
            written(|q| q.text("user_phone", Some(&tail), 3).unwrap()),
            "user_phone=9261234567%5E"
        );
    }

    #[test]
    fn one_value_is_a_scalar_and_many_are_an_array() {
        assert_eq!(written(|q| q.list::<u64>("status", &[])), "");
        assert_eq!(written(|q| q.list("status", &["open"])), "status=open");
        assert_eq!(
            written(|q| q.list("status", &["open", "waiting"])),
            "status%5B%5D=open&status%5B%5D=waiting"
        );
    }

    #[test]
    fn maps_and_times_have_their_own_spelling() {
        let fields = BTreeMap::from([(FieldId(20), "a b".to_owned())]);
        assert_eq!(written(|q| q.custom_fields(&fields)), "custom_fields%5Bcf_20%5D=a+b");
        let range = TimeRange {
            from: Timestamp::from_second(5).ok(),
            to: Timestamp::from_second(9).ok(),
        };
        assert_eq!(written(|q| q.span("updated_", range)), "from_updated_time=5&to_updated_time=9");
        assert_eq!(written(|q| q.span("", range)), "from_time=5&to_time=9");
    }

    #[test]
    fn a_text_too_short_is_refused_before_it_matches_everybody() {
        for text in ["", "^^", "12", " 1 "] {
            let error = TextQuery::Contains(text.into()).encode("user_phone", 3).unwrap_err();
            assert!(matches!(error, Error::InvalidRequest(_)), "{text:?}");
        }
        assert_eq!(TextQuery::Contains("^abc^".into()).encode("x", 3).unwrap(), "abc");
    }
}
