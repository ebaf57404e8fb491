//! What an answer means: the JSON it carries, or the error it tells of.
//!
//! The body's `{"error": …}` is heard whatever the status: Omnidesk may report an error with 200.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

use crate::error::Error;
use crate::redact::Redactor;
use crate::transport::Answer;

/// Reads an answer. An empty body of a success is `null`.
pub(crate) fn judge(answer: &Answer, retry_after: Option<Duration>, redactor: &Redactor) -> Result<Value, Error> {
    let status = answer.status.as_u16();
    let json = parse(&answer.body);
    let code = json.as_ref().and_then(error_code).map(|code| redactor.excerpt(&code));
    if answer.status.is_success() && code.is_none() {
        return json.ok_or_else(|| not_json(answer, redactor));
    }
    if is_rate_limit(status, code.as_deref(), &answer.body) {
        return Err(Error::RateLimited { retry_after });
    }
    if let Some(error) = code.as_deref().and_then(telling) {
        return Err(error);
    }
    Err(match status {
        401 => Error::Unauthorized,
        403 => Error::Forbidden { code },
        404 => Error::NotFound { code },
        500.. => Error::Server { status },
        _ if json.is_none() || answer.body.is_empty() => not_json(answer, redactor),
        _ => Error::Rejected { status, code },
    })
}

fn parse(body: &[u8]) -> Option<Value> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if text.trim_ascii().is_empty() {
        return Some(Value::Null);
    }
    serde_json::from_slice(text).ok()
}

fn error_code(json: &Value) -> Option<String> {
    match json.get("error")? {
        Value::Null | Value::Bool(false) => None,
        Value::String(code) => (!code.is_empty()).then(|| code.clone()),
        other => Some(other.to_string()),
    }
}

/// Codes whose meaning is surer than the status they come with.
fn telling(code: &str) -> Option<Error> {
    if code.ends_with("_already_exist") || code.ends_with("_already_exists") {
        return Some(Error::AlreadyExists { code: code.to_owned() });
    }
    if code.ends_with("_not_found") {
        return Some(Error::NotFound {
            code: Some(code.to_owned()),
        });
    }
    if code == "staff_has_not_access" {
        return Some(Error::Forbidden {
            code: Some(code.to_owned()),
        });
    }
    None
}

/// 429, or the 403 with "rate limit exceeded" of older accounts.
fn is_rate_limit(status: u16, code: Option<&str>, body: &[u8]) -> bool {
    // The phrase stands at the beginning; a long page that mentions it is something else.
    const LOOK_AT: usize = 500;
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.contains("rate limit") || text.contains("rate_limit")
    };
    status == 429 || code.is_some_and(says) || (status == 403 && says(&String::from_utf8_lossy(&body[..body.len().min(LOOK_AT)])))
}

pub(crate) fn not_json(answer: &Answer, redactor: &Redactor) -> Error {
    let content_type = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    Error::NotJson {
        status: answer.status.as_u16(),
        content_type: redactor.excerpt(content_type.unwrap_or("no content type")),
        start: redactor.excerpt(&String::from_utf8_lossy(&answer.body)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;
    use serde_json::json;
    use url::Url;

    fn verdict(status: u16, body: &str) -> Result<Value, Error> {
        let config = Config::new(Url::parse("https://x.test").unwrap(), "anna@x.test", "k3y");
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "text/html".parse().unwrap());
        let status = StatusCode::from_u16(status).unwrap();
        let answer = Answer {
            status,
            headers,
            body: body.as_bytes().to_vec(),
        };
        judge(&answer, Some(Duration::from_secs(9)), &Redactor::new(&config))
    }

    fn code(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn successes_are_json_or_nothing() {
        assert_eq!(verdict(201, r#"{"case": {}}"#), Ok(json!({"case": {}})));
        assert_eq!(verdict(200, "\u{feff}[]"), Ok(json!([])));
        assert_eq!(verdict(200, " \n"), Ok(Value::Null));
        assert_eq!(verdict(204, ""), Ok(Value::Null));
        assert_eq!(verdict(200, r#"{"error": false, "x": 1}"#), Ok(json!({"error": false, "x": 1})));
    }

    #[test]
    fn failures_are_told_apart_by_status_and_by_code() {
        let limited = || Error::RateLimited {
            retry_after: Some(Duration::from_secs(9)),
        };
        let exists = || Error::AlreadyExists {
            code: "phone_already_exist".into(),
        };
        let gone = || Error::NotFound {
            code: code("case_not_found"),
        };
        let table = [
            (401, r#"{"error": "wrong_key"}"#, Error::Unauthorized),
            (401, "<html>", Error::Unauthorized),
            (403, r#"{"error": "no_right"}"#, Error::Forbidden { code: code("no_right") }),
            (403, "", Error::Forbidden { code: None }),
            (403, r#"{"error": "Rate limit exceeded"}"#, limited()),
            (403, "Rate Limit Exceeded", limited()),
            (429, "", limited()),
            (429, "<html>slow down</html>", limited()),
            (404, r#"{"error": "case_not_found"}"#, gone()),
            (404, "<html>", Error::NotFound { code: None }),
            (200, r#"{"error": "case_not_found"}"#, gone()),
            (500, r#"{"error": "case_not_found"}"#, gone()),
            (422, r#"{"error": "phone_already_exist"}"#, exists()),
            (200, r#"{"error": "phone_already_exist"}"#, exists()),
            (
                400,
                r#"{"error": "wrong_email"}"#,
                Error::Rejected {
                    status: 400,
                    code: code("wrong_email"),
                },
            ),
            (
                422,
                r#"{"error": "never_heard_of"}"#,
                Error::Rejected {
                    status: 422,
                    code: code("never_heard_of"),
                },
            ),
            (
                422,
                r#"{"error": {"a": [1]}}"#,
                Error::Rejected {
                    status: 422,
                    code: code(r#"{"a":[1]}"#),
                },
            ),
            (422, r#"{"reason": "x"}"#, Error::Rejected { status: 422, code: None }),
            (
                400,
                r#"{"error": "staff_has_not_access"}"#,
                Error::Forbidden {
                    code: code("staff_has_not_access"),
                },
            ),
            (500, r#"{"error": "oops"}"#, Error::Server { status: 500 }),
            (502, "<html>Bad gateway</html>", Error::Server { status: 502 }),
        ];
        for (status, body, expected) in table {
            assert_eq!(verdict(status, body), Err(expected), "{status} {body}");
        }
    }

    #[test]
    fn a_page_instead_of_json_is_quoted_without_credentials() {
        for status in [200, 302, 405] {
            let error = verdict(status, "<html>\n<b>k3y</b> sign in").unwrap_err();
            let expected = Error::NotJson {
                status,
                content_type: "text/html".into(),
                start: "<html> <b>***</b> sign in".into(),
            };
            assert_eq!(error, expected);
        }
    }
}
