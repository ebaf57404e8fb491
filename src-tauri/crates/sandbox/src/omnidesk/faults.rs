//! Faults of the stand-in Omnidesk: which requests they hit and what they do to them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// What happens to a request that a [`FaultRule`] hits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// Nothing is done; this status is answered.
    Status {
        /// 401, 403, 404, 422, 429, 500, …
        status: u16,
        /// The body; without one `{"error": "…"}` with a code that fits the status.
        #[serde(default)]
        body: Option<Value>,
        /// Seconds for a `retry_after` header.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// Nothing is done; an HTML page comes instead of JSON.
    Html {
        /// The page's status, e.g. 502 or 200.
        status: u16,
    },
    /// Nothing is done and nothing is answered; the connection is reset after this time.
    Hang {
        /// Milliseconds until the reset.
        ms: u64,
    },
    /// The request is served, only later.
    Delay {
        /// Milliseconds before it is looked at.
        ms: u64,
    },
    /// The connection is reset before anything is done.
    Reset,
    /// The request is carried out, then the connection is reset: the client cannot know.
    Lost {
        /// Milliseconds between the deed and the reset.
        #[serde(default)]
        ms: u64,
    },
    /// The request is carried out; the answer is the first half of the JSON.
    Truncated,
    /// The request is carried out; a list comes in one of the odd shapes seen in the wild.
    OddList {
        /// Which shape.
        shape: ListShape,
    },
}

/// Odd but real shapes of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListShape {
    /// `[{"user": …}, …]`
    PlainArray,
    /// `[]`, whatever there is.
    EmptyArray,
    /// `""`
    EmptyString,
    /// `{"case": []}`
    WrappedEmpty,
    /// The keys stay, `total_count` is missing.
    NoTotal,
    /// `total_count` and all ids come as text.
    NumbersAsText,
    /// Entries under keys that are no numbers lie between the others.
    StrayKeys,
}

/// A fault and the requests it hits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaultRule {
    /// Only this method; without one, any.
    #[serde(default)]
    pub method: Option<String>,
    /// Only paths that fit; `*` stands for anything, e.g. `/api/cases/*/messages.json`. Without one, any.
    #[serde(default)]
    pub path: Option<String>,
    /// Fitting requests to let pass first.
    #[serde(default)]
    pub skip: u32,
    /// How many requests to hit; 0 = until cleared.
    #[serde(default = "once")]
    pub count: u32,
    /// What to do to them.
    #[serde(flatten)]
    pub fault: Fault,
}

fn once() -> u32 {
    1
}

impl FaultRule {
    /// Hits every kind of request, once.
    pub fn once(fault: Fault) -> Self {
        Self {
            method: None,
            path: None,
            skip: 0,
            count: 1,
            fault,
        }
    }

    /// Narrows the rule to a method and a path pattern.
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.method = Some(method.to_owned());
        self.path = Some(path.to_owned());
        self
    }

    /// Hits this many requests; 0 = until cleared.
    pub fn times(mut self, count: u32) -> Self {
        self.count = count;
        self
    }
}

/// The rules in force.
#[derive(Default)]
pub(crate) struct Faults {
    rules: Vec<FaultRule>,
}

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    pub(crate) fn rules(&self) -> Vec<FaultRule> {
        self.rules.clone()
    }

    /// The fault for this request, used up by one.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<Fault> {
        let fits = |rule: &FaultRule| {
            rule.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && rule.path.as_deref().is_none_or(|pattern| glob(pattern, path))
        };
        let at = self.rules.iter().position(fits)?;
        let rule = &mut self.rules[at];
        if rule.skip > 0 {
            rule.skip -= 1;
            return None;
        }
        let fault = rule.fault.clone();
        if rule.count == 1 {
            self.rules.remove(at);
        } else if rule.count > 1 {
            rule.count -= 1;
        }
        Some(fault)
    }
}

/// Whether a path fits a pattern in which `*` stands for any text.
pub(crate) fn glob(pattern: &str, path: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == path;
    };
    let Some(tail) = path.strip_prefix(head) else { return false };
    (0..=tail.len())
        .filter(|at| tail.is_char_boundary(*at))
        .any(|at| glob(rest, &tail[at..]))
}

/// The code that goes with a status when a fault names no body.
pub(crate) fn default_code(status: u16) -> &'static str {
    match status {
        401 => "wrong_api_key",
        403 => "staff_has_not_access",
        404 => "not_found",
        422 => "validation_failed",
        429 => "rate_limit_exceeded",
        _ => "server_error",
    }
}

/// A page as a proxy in front of a sick server shows it.
pub(crate) fn html_page(status: u16) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>{status}</title></head><body><center><h1>{status} Сервис временно \
         недоступен</h1></center><hr><center>nginx</center></body></html>"
    )
}

/// Puts a list answer into an odd shape; answers that are no lists stay as they are.
pub(crate) fn reshape(body: Value, shape: ListShape) -> Value {
    let Value::Object(map) = &body else { return body };
    let is_list = map.contains_key("total_count") || map.contains_key("count");
    if !is_list {
        return body;
    }
    let mut entries: Vec<(u64, Value)> = map
        .iter()
        .filter_map(|(key, value)| Some((key.parse().ok()?, value.clone())))
        .collect();
    entries.sort_by_key(|(key, _)| *key);
    let wrapper = entries.first().and_then(|(_, value)| value.as_object()?.keys().next().cloned());
    match shape {
        ListShape::PlainArray => Value::Array(entries.into_iter().map(|(_, value)| value).collect()),
        ListShape::EmptyArray => json!([]),
        ListShape::EmptyString => json!(""),
        ListShape::WrappedEmpty => json!({ wrapper.unwrap_or_else(|| "case".to_owned()): [] }),
        ListShape::NoTotal => {
            let mut map = map.clone();
            map.remove("total_count");
            map.remove("count");
            Value::Object(map)
        }
        ListShape::NumbersAsText => numbers_as_text(body),
        ListShape::StrayKeys => {
            let mut map = map.clone();
            map.insert("meta".to_owned(), json!({"page": 1}));
            map.insert("9999x".to_owned(), json!("x"));
            Value::Object(map)
        }
    }
}

fn numbers_as_text(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Array(items) => Value::Array(items.into_iter().map(numbers_as_text).collect()),
        Value::Object(map) => {
            let entries: Map<String, Value> = map.into_iter().map(|(key, value)| (key, numbers_as_text(value))).collect();
            Value::Object(entries)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(glob("/api/cases/*/messages.json", "/api/cases/200101/messages.json"));
        assert!(!glob("/api/cases/*/messages.json", "/api/cases/200101/note.json"));
        assert!(glob("*", "/api/users.json"));
        assert!(glob("/api/cases*", "/api/cases.json"));
        assert!(!glob("/api/cases.json", "/api/cases.json2"));
    }

    #[test]
    fn a_rule_skips_counts_and_ends() {
        let mut faults = Faults::default();
        let mut rule = FaultRule::once(Fault::Reset).on("post", "/api/cases.json").times(2);
        rule.skip = 1;
        faults.add(rule);
        let hits = |faults: &mut Faults| faults.take("POST", "/api/cases.json").is_some();
        assert_eq!(faults.take("GET", "/api/cases.json"), None);
        assert_eq!(
            [hits(&mut faults), hits(&mut faults), hits(&mut faults), hits(&mut faults)],
            [false, true, true, false]
        );
    }

    #[test]
    fn rules_read_from_json_with_defaults() {
        let rule: FaultRule = serde_json::from_str(r#"{"fault":"lost","path":"/api/cases.json"}"#).unwrap();
        assert_eq!(
            rule,
            FaultRule {
                method: None,
                path: Some("/api/cases.json".to_owned()),
                skip: 0,
                count: 1,
                fault: Fault::Lost { ms: 0 }
            }
        );
    }
}
