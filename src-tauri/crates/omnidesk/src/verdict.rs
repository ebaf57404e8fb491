//! What an answer means: the JSON it carries, or the error it tells of.
//!
//! The body's `{"error": …}` is heard whatever the status: Omnidesk may report an error with 200.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

use crate::code::{Code, Measure};
use crate::error::Error;
use crate::transport::Answer;

/// Reads an answer. An empty body of a success is `null`.
pub(crate) fn judge(answer: &Answer, retry_after: Option<Duration>) -> Result<Value, Error> {
    let status = answer.status.as_u16();
    let json = parse(&answer.body);
    let said = json.as_ref().and_then(error_code);
    if answer.status.is_success() && said.is_none() {
        return json.ok_or_else(|| not_json(answer));
    }
    if is_rate_limit(status, said.as_deref(), &answer.body) {
        return Err(Error::RateLimited { retry_after });
    }
    if let Some(error) = said.as_deref().and_then(telling) {
        return Err(error);
    }
    let code = said.as_deref().map(Code::of);
    Err(match status {
        401 => Error::Unauthorized,
        403 => Error::Forbidden { code },
        404 => Error::NotFound { code },
        500.. => Error::Server { status },
        _ if json.is_none() || answer.body.is_empty() => not_json(answer),
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
fn telling(said: &str) -> Option<Error> {
    let code = Code::of(said);
    if said.ends_with("_already_exist") || said.ends_with("_already_exists") {
        return Some(Error::AlreadyExists { code });
    }
    if said.ends_with("_not_found") {
        return Some(Error::NotFound { code: Some(code) });
    }
    if said == "staff_has_not_access" {
        return Some(Error::Forbidden { code: Some(code) });
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

pub(crate) fn not_json(answer: &Answer) -> Error {
    let content_type = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    Error::NotJson {
        status: answer.status.as_u16(),
        content_type: Code::of_media_type(content_type.unwrap_or_default()),
        body: Measure::of(&answer.body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;
    use serde_json::json;

    fn verdict(status: u16, body: &str) -> Result<Value, Error> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "text/html".parse().unwrap());
        let status = StatusCode::from_u16(status).unwrap();
        let answer = Answer {
            status,
            headers,
            body: body.as_bytes().to_vec(),
        };
        judge(&answer, Some(Duration::from_secs(9)))
    }

    fn code(text: &str) -> Option<Code> {
        Some(Code::of(text))
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
            code: Code::of("phone_already_exist"),
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
    fn of_a_page_instead_of_json_the_kind_and_the_length_are_told_and_no_word() {
        for status in [200, 302, 405] {
            let error = verdict(status, "<html>\n<b>k3y</b> Иванов").unwrap_err();
            let told = format!("{error} {error:?}");
            assert!(told.contains("text/html") && told.contains("foreign-30-"), "{told}");
            assert!(!told.contains("k3y") && !told.contains("Иванов"), "{told}");
        }
    }

    #[test]
    fn a_code_that_nobody_knows_keeps_its_meaning_and_loses_its_words() {
        for (body, meaning) in [
            (r#"{"error": "ivanov_not_found"}"#, "NotFound"),
            (r#"{"error": "79161234567_already_exist"}"#, "AlreadyExists"),
            (r#"{"error": "Иванов, 79161234567"}"#, "Rejected"),
            (r#"{"error": {"user": ["Иванов"]}}"#, "Rejected"),
        ] {
            let error = verdict(422, body).unwrap_err();
            let told = format!("{error} {error:?}");
            assert!(told.contains(meaning) && told.contains("foreign-"), "{told}");
            for planted in ["ivanov", "79161234567", "Иванов"] {
                assert!(!told.contains(planted), "{told}");
            }
        }
    }
}
