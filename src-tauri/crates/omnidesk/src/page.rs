//! Lists: one page, and the lazy walk over many.
//!
//! Omnidesk writes a list as an object with the keys "0", "1", … beside `total_count` (or `count`), sometimes as an array,
//! and an empty one in half a dozen ways. All of them become a [`Page`]. An element that does not decode is skipped and
//! counted, so that one odd case never hides the other ninety-nine.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::lenient;

/// Highest page that Omnidesk serves.
const LAST_PAGE: u32 = 500;
/// Most elements on one page, and Omnidesk's own default.
const LARGEST_PAGE: u32 = 100;
/// So many pages of a hundred are read at most where a whole list is wanted: a longer one is cut, and said in the log.
pub(crate) const WHOLE_LIST: u32 = 20;

/// A thing that Omnidesk wraps in its name: `{"case": {…}}`. Implemented by the entity types of this crate only.
pub trait Entity: DeserializeOwned + sealed::Wrapped {}

impl<T: DeserializeOwned + sealed::Wrapped> Entity for T {}

pub(crate) mod sealed {
    use serde_json::{Map, Value};

    pub trait Wrapped {
        /// The wrapper keys, the usual one first.
        const KEYS: &'static [&'static str];

        /// Brings old field names to the present ones.
        fn modernise(_fields: &mut Map<String, Value>) {}
    }
}

/// Which part of a list to fetch: page 1–500 of 1–100 elements each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    page: u32,
    limit: u32,
}

impl PageRequest {
    /// The given page (from 1) of `limit` elements; both are brought into Omnidesk's bounds.
    #[must_use]
    pub fn new(page: u32, limit: u32) -> Self {
        Self {
            page: page.clamp(1, LAST_PAGE),
            limit: limit.clamp(1, LARGEST_PAGE),
        }
    }

    /// The first `limit` elements.
    #[must_use]
    pub fn first(limit: u32) -> Self {
        Self::new(1, limit)
    }

    /// The page number, from 1.
    #[must_use]
    pub fn page(self) -> u32 {
        self.page
    }

    /// Elements per page.
    #[must_use]
    pub fn limit(self) -> u32 {
        self.limit
    }

    /// The page after this one; none after the last that Omnidesk serves.
    #[must_use]
    pub fn following(self) -> Option<Self> {
        (self.page < LAST_PAGE).then(|| Self::new(self.page + 1, self.limit))
    }
}

impl Default for PageRequest {
    /// The first hundred.
    fn default() -> Self {
        Self::first(LARGEST_PAGE)
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// The elements, in Omnidesk's order.
    pub items: Vec<T>,
    /// Elements of the whole list as Omnidesk counts them; the number of elements here where it does not tell.
    pub total: u64,
    /// Elements that were there and could not be read.
    pub skipped: usize,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            total: 0,
            skipped: 0,
        }
    }
}

impl<T: Entity> Page<T> {
    /// Reads a list of any of the known shapes.
    pub(crate) fn read(value: &Value) -> Result<Self, Error> {
        let found = match value {
            Value::Null => Vec::new(),
            Value::String(text) if text.trim().is_empty() => Vec::new(),
            Value::Array(items) => items.iter().collect(),
            Value::Object(map) => in_object::<T>(map)?,
            Value::String(_) | Value::Bool(_) | Value::Number(_) => return Err(unexpected::<T>("not a list")),
        };
        let mut page = Self::default();
        for element in &found {
            match read_fields(element) {
                Ok(item) => page.items.push(item),
                Err(_) => page.skipped += 1,
            }
        }
        page.total = told_total(value).unwrap_or(found.len() as u64);
        Ok(page)
    }
}

fn in_object<T: Entity>(map: &Map<String, Value>) -> Result<Vec<&Value>, Error> {
    let numbered = lenient::in_numeric_order(map);
    if !numbered.is_empty() {
        return Ok(numbered);
    }
    // {"case": []} and its full sister {"case": [{…}]}.
    if let Some(inner) = T::KEYS.iter().find_map(|key| map.get(*key)) {
        return Ok(match inner {
            Value::Object(fields) if lenient::in_numeric_order(fields).is_empty() && !fields.is_empty() => vec![inner],
            other => lenient::elements(other),
        });
    }
    if map.is_empty() || map.contains_key("total_count") || map.contains_key("count") {
        return Ok(Vec::new());
    }
    Err(unexpected::<T>("an object without elements and without a count"))
}

fn told_total(value: &Value) -> Option<u64> {
    ["total_count", "count"].iter().find_map(|key| lenient::number(value.get(key)?))
}

fn unexpected<T: Entity>(detail: &'static str) -> Error {
    Error::Decode { what: name::<T>(), detail }
}

fn name<T: Entity>() -> &'static str {
    T::KEYS.first().copied().unwrap_or("object")
}

/// Reads `{"case": {…}}`, or the bare fields.
pub(crate) fn read_one<T: Entity>(value: &Value) -> Result<T, Error> {
    read_fields(value).map_err(unexpected::<T>)
}

fn read_fields<T: Entity>(value: &Value) -> Result<T, &'static str> {
    let inner = T::KEYS.iter().find_map(|key| value.get(key)).unwrap_or(value);
    let Value::Object(fields) = inner else {
        return Err("not an object");
    };
    let mut fields = fields.clone();
    T::modernise(&mut fields);
    // serde's own words may quote the answer ("invalid value: string …"), which holds personal data.
    serde_json::from_value(Value::Object(fields)).map_err(|_| "its id is missing or malformed")
}

type Fetch<T> = dyn Fn(PageRequest) -> Pin<Box<dyn Future<Output = Result<Page<T>, Error>> + Send>> + Send + Sync;

/// A lazy walk over the pages of a list: nothing is fetched before [`Pages::next`] asks.
///
/// The walk ends with the list or after the number of pages it was given. A page that failed is asked for again by
/// the next call. Omnidesk's lists shift when something is added meanwhile, so an element may come twice.
#[derive(Clone)]
pub struct Pages<T> {
    fetch: Arc<Fetch<T>>,
    next: Option<PageRequest>,
    pages_left: u32,
    read: u64,
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("next", &self.next)
            .field("pages_left", &self.pages_left)
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}

impl<T> Pages<T> {
    pub(crate) fn new<F, Answer>(max_pages: u32, fetch: F) -> Self
    where
        F: Fn(PageRequest) -> Answer + Send + Sync + 'static,
        Answer: Future<Output = Result<Page<T>, Error>> + Send + 'static,
    {
        Self {
            fetch: Arc::new(move |request| Box::pin(fetch(request))),
            next: Some(PageRequest::default()),
            pages_left: max_pages,
            read: 0,
        }
    }

    /// The next page; `None` when the list or the bound is reached.
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        let request = self.next.filter(|_| self.pages_left > 0)?;
        let page = match (self.fetch)(request).await {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        let here = page.items.len() + page.skipped;
        self.read += here as u64;
        self.pages_left -= 1;
        let ended = here == 0 || self.read >= page.total;
        self.next = if ended { None } else { request.following() };
        Some(Ok(page))
    }

    /// Whether the walk stopped at its bound with more of the list to come.
    #[must_use]
    pub fn cut_short(&self) -> bool {
        self.pages_left == 0 && self.next.is_some()
    }

    /// Walks until an element fits; none where the list or the bound ends before.
    ///
    /// # Errors
    /// The first page that fails ends the walk.
    pub async fn find(mut self, mut fits: impl FnMut(&T) -> bool) -> Result<Option<T>, Error> {
        while let Some(page) = self.next().await {
            let found = page?.items.into_iter().find(&mut fits);
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Everything up to the bound as one page; `total` is what Omnidesk told last.
    ///
    /// # Errors
    /// The first page that fails ends the walk.
    pub async fn collect(mut self) -> Result<Page<T>, Error> {
        let mut all = Page::default();
        while let Some(page) = self.next().await {
            let mut page = page?;
            all.items.append(&mut page.items);
            all.skipped += page.skipped;
            all.total = page.total;
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Case, CustomField, Label, StaffStatus, User};
    use proptest::prelude::*;
    use serde_json::json;

    fn case_ids(value: &Value) -> (Vec<u64>, u64, usize) {
        let page = Page::<Case>::read(value).unwrap();
        (page.items.iter().map(|case| case.id.0).collect(), page.total, page.skipped)
    }

    #[test]
    fn every_list_shape_becomes_a_page() {
        let entry = |id: u64| json!({"case": {"case_id": id, "subject": "s", "status": "open"}});
        // shape, ids, total, skipped
        let table = [
            (json!({"0": entry(5), "1": entry(6), "total_count": 37}), vec![5, 6], 37, 0),
            (
                json!({"9": entry(9), "10": entry(10), "0": entry(1), "total_count": "11"}),
                vec![1, 9, 10],
                11,
                0,
            ),
            (json!({"0": entry(5), "count": 1}), vec![5], 1, 0),
            (json!({"0": entry(5), "1": entry(6)}), vec![5, 6], 2, 0),
            (json!([entry(5), entry(6)]), vec![5, 6], 2, 0),
            (json!([{"case_id": 5}]), vec![5], 1, 0),
            (json!({"case": [{"case_id": 5}]}), vec![5], 1, 0),
            (json!({"case": {"case_id": 5}}), vec![5], 1, 0),
            (
                json!({"0": entry(5), "1": {"case": "broken"}, "2": {"other": {}}, "total_count": 3}),
                vec![5],
                3,
                2,
            ),
            (json!({"0": {"case": {"case_id": {"a": 1}}}, "total_count": 1}), vec![], 1, 1),
            (json!({"case": []}), vec![], 0, 0),
            (json!({"case": {}}), vec![], 0, 0),
            (json!({"total_count": 0}), vec![], 0, 0),
            (json!({}), vec![], 0, 0),
            (json!([]), vec![], 0, 0),
            (json!(""), vec![], 0, 0),
            (json!(null), vec![], 0, 0),
        ];
        for (value, ids, total, skipped) in table {
            assert_eq!(case_ids(&value), (ids, total, skipped), "{value}");
        }
    }

    #[test]
    fn what_is_no_list_is_an_error_and_not_an_empty_page() {
        for value in [json!(5), json!(true), json!("maintenance"), json!({"hello": "world"})] {
            let error = Page::<Case>::read(&value).unwrap_err();
            assert!(matches!(error, Error::Decode { what: "case", .. }), "{value}: {error}");
        }
    }

    #[test]
    fn staff_statuses_use_the_plural_wrapper_and_count() {
        let value = json!({"0": {"staff_statuses": {"status_id": 1, "status": "Онлайн", "active": true}},
                           "1": {"staff_statuses": {"status_id": 113_808, "status": "Обучение", "active": false}}, "count": 5});
        let page = Page::<StaffStatus>::read(&value).unwrap();
        assert_eq!(page.total, 5);
        assert_eq!(page.items[1].title, "Обучение");
        assert!(!page.items[1].active);
    }

    #[test]
    fn page_requests_stay_within_the_documented_bounds() {
        assert_eq!(PageRequest::new(0, 0), PageRequest { page: 1, limit: 1 });
        assert_eq!(PageRequest::new(9999, 9999), PageRequest { page: 500, limit: 100 });
        assert_eq!(PageRequest::new(500, 10).following(), None);
        assert_eq!(PageRequest::first(10).following(), Some(PageRequest::new(2, 10)));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let key = prop_oneof![
            Just("0".to_owned()),
            Just("10".to_owned()),
            Just("case".to_owned()),
            Just("user".to_owned()),
            Just("label".to_owned()),
            Just("total_count".to_owned()),
            Just("case_id".to_owned()),
            Just("user_id".to_owned()),
            Just("custom_fields".to_owned()),
            Just("created_at".to_owned()),
            Just("labels".to_owned()),
            Just("linked_users".to_owned()),
            Just("field_data".to_owned()),
            Just("recipient_cc".to_owned()),
            ".{0,6}",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
            Just(json!("-")),
            Just(json!("7")),
            Just(json!("Mon, 05 May 2014 00:15:17 +0300")),
        ];
        leaf.prop_recursive(5, 64, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((key.clone(), inner), 0..6).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn decoding_arbitrary_json_never_panics_and_loses_no_element(value in any_json()) {
            if let Ok(page) = Page::<Case>::read(&value)
                && let Value::Array(items) = &value
            {
                prop_assert_eq!(page.items.len() + page.skipped, items.len());
            }
            let _ = Page::<User>::read(&value);
            let _ = Page::<Label>::read(&value);
            let _ = Page::<CustomField>::read(&value);
            let _ = read_one::<crate::Message>(&value);
            let _ = read_one::<crate::Company>(&value);
        }

        #[test]
        fn what_was_decoded_survives_a_trip_through_json(value in any_json()) {
            if let Ok(case) = read_one::<Case>(&value) {
                let again: Case = serde_json::from_str(&serde_json::to_string(&case).unwrap()).unwrap();
                prop_assert_eq!(again, case);
            }
            if let Ok(user) = read_one::<User>(&value) {
                let again: User = serde_json::from_str(&serde_json::to_string(&user).unwrap()).unwrap();
                prop_assert_eq!(again, user);
            }
        }
    }
}
