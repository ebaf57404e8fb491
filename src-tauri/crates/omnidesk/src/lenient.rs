//! Reading single values the way Omnidesk writes them.
//!
//! Numbers come as strings, booleans as 0 and 1, "nothing" as `"-"`, `""`, `0`, `null` or `[]`, dates in RFC 2822 with a
//! wrong weekday. The functions on [`Value`] never fail; those on a `Deserializer` are for `#[serde(deserialize_with)]`
//! and fail only if the text is no JSON at all.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// Largest integer that a JSON number written as a float carries without loss.
const EXACT_FLOAT: f64 = 9_007_199_254_740_992.0;

/// A whole number that is not negative: `7`, `7.0`, `"7"`.
pub(crate) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

// The range is checked, so the cast neither truncates nor loses a sign.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(float: f64) -> Option<u64> {
    (float.fract() == 0.0 && (0.0..=EXACT_FLOAT).contains(&float)).then_some(float as u64)
}

/// A yes or no: `true`, `1`, `"1"`, `"true"` and their opposites; `None` for anything else.
pub(crate) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => Some(number.as_f64()? != 0.0),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Some(true),
            "0" | "false" | "no" | "off" => Some(false),
            _ => None,
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Any scalar as text.
pub(crate) fn string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Text that says something: neither `""` nor `"-"`.
pub(crate) fn set_string(value: &Value) -> Option<String> {
    string(value).filter(|text| !matches!(text.trim(), "" | "-"))
}

/// A moment: RFC 2822 (the weekday is ignored, samples have wrong ones), RFC 3339, or unix seconds.
pub(crate) fn time(value: &Value) -> Option<Timestamp> {
    if let Some(seconds) = number(value) {
        let seconds = i64::try_from(seconds).ok().filter(|s| *s != 0)?;
        return Timestamp::from_second(seconds).ok();
    }
    let Value::String(text) = value else {
        return None;
    };
    let text = text.trim();
    let unnamed = text.split_once(',').map_or(text, |(_, rest)| rest.trim_start());
    rfc2822::DateTimeParser::new()
        .parse_timestamp(unnamed)
        .ok()
        .or_else(|| text.parse().ok())
}

/// The elements of a list written as an array, or as an object with the keys "0", "1", ….
pub(crate) fn elements(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(map) => in_numeric_order(map),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// The values under numeric keys, "10" after "9".
pub(crate) fn in_numeric_order(map: &Map<String, Value>) -> Vec<&Value> {
    let mut numbered: Vec<(u64, &Value)> = map.iter().filter_map(|(key, value)| Some((index(key)?, value))).collect();
    numbered.sort_by_key(|(index, _)| *index);
    numbered.into_iter().map(|(_, value)| value).collect()
}

fn index(key: &str) -> Option<u64> {
    let digits = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| key.parse().ok()).flatten()
}

pub(crate) fn text<'de, D: Deserializer<'de>>(source: D) -> Result<String, D::Error> {
    let value = Value::deserialize(source)?;
    Ok(string(&value).unwrap_or_default())
}

pub(crate) fn optional_text<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    let value = Value::deserialize(source)?;
    Ok(set_string(&value))
}

pub(crate) fn optional_time<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Timestamp>, D::Error> {
    let value = Value::deserialize(source)?;
    Ok(time(&value))
}

pub(crate) fn optional_number<'de, D: Deserializer<'de>>(source: D) -> Result<Option<u64>, D::Error> {
    let value = Value::deserialize(source)?;
    Ok(number(&value))
}

/// A flag that is off unless said otherwise.
pub(crate) fn off<'de, D: Deserializer<'de>>(source: D) -> Result<bool, D::Error> {
    let value = Value::deserialize(source)?;
    Ok(flag(&value).unwrap_or(false))
}

/// A flag that is on unless said otherwise (`active`).
pub(crate) fn on<'de, D: Deserializer<'de>>(source: D) -> Result<bool, D::Error> {
    let value = Value::deserialize(source)?;
    Ok(flag(&value).unwrap_or(true))
}

/// The default of a missing `active`.
pub(crate) fn yes() -> bool {
    true
}

/// An id where 0 stands for "none".
pub(crate) fn optional_id<'de, D: Deserializer<'de>, T: From<u64>>(source: D) -> Result<Option<T>, D::Error> {
    let value = Value::deserialize(source)?;
    Ok(number(&value).filter(|id| *id != 0).map(T::from))
}

/// A list of ids; what is no id is left out.
pub(crate) fn ids<'de, D: Deserializer<'de>, T: From<u64>>(source: D) -> Result<Vec<T>, D::Error> {
    let value = Value::deserialize(source)?;
    let found = elements(&value).into_iter().filter_map(number);
    Ok(found.filter(|id| *id != 0).map(T::from).collect())
}

/// A list of texts, or one text with commas.
pub(crate) fn texts<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<String>, D::Error> {
    let value = Value::deserialize(source)?;
    if let Value::String(joined) = &value {
        let parts = joined.split(',').map(str::trim);
        return Ok(parts.filter(|part| !matches!(*part, "" | "-")).map(str::to_owned).collect());
    }
    Ok(elements(&value).into_iter().filter_map(set_string).collect())
}

/// An open word (status, type, …); none when empty.
pub(crate) fn optional_word<'de, D: Deserializer<'de>, T: From<String>>(source: D) -> Result<Option<T>, D::Error> {
    let value = Value::deserialize(source)?;
    Ok(set_string(&value).map(T::from))
}

/// A list of objects; what does not decode is left out.
pub(crate) fn objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(source: D) -> Result<Vec<T>, D::Error> {
    let value = Value::deserialize(source)?;
    let found = elements(&value).into_iter();
    Ok(found.filter_map(|item| T::deserialize(item).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_from_numbers_and_from_digits() {
        let table = [
            (json!(7), Some(7)),
            (json!("7"), Some(7)),
            (json!(" 7 "), Some(7)),
            (json!(7.0), Some(7)),
            (json!(18_446_744_073_709_551_615_u64), Some(u64::MAX)),
            (json!(-7), None),
            (json!(7.5), None),
            (json!(1e300), None),
            (json!("-"), None),
            (json!(""), None),
            (json!(null), None),
            (json!(true), None),
            (json!([7]), None),
        ];
        for (value, expected) in table {
            assert_eq!(number(&value), expected, "{value}");
        }
    }

    #[test]
    fn flags_are_read_from_every_spelling() {
        let table = [
            (json!(true), Some(true)),
            (json!(1), Some(true)),
            (json!("1"), Some(true)),
            (json!("true"), Some(true)),
            (json!(false), Some(false)),
            (json!(0), Some(false)),
            (json!("0"), Some(false)),
            (json!("False"), Some(false)),
            (json!(""), None),
            (json!("-"), None),
            (json!(null), None),
            (json!([]), None),
        ];
        for (value, expected) in table {
            assert_eq!(flag(&value), expected, "{value}");
        }
    }

    #[test]
    fn dates_are_read_whatever_the_weekday_says() {
        let may = "2014-05-04T21:15:17Z".parse().ok();
        let table = [
            (json!("Mon, 05 May 2014 00:15:17 +0300"), may),
            (json!("Sun, 05 May 2014 00:15:17 +0300"), may),
            (json!("Пн, 05 May 2014 00:15:17 +0300"), may),
            (json!("05 May 2014 00:15:17 +0300"), may),
            (json!("2014-05-04T21:15:17Z"), may),
            (json!(1_399_238_117), may),
            (json!("1399238117"), may),
            (json!("-"), None),
            (json!(""), None),
            (json!(0), None),
            (json!(null), None),
            (json!("Mon, 99 May 2014 00:15:17 +0300"), None),
            (json!(u64::MAX), None),
        ];
        for (value, expected) in table {
            assert_eq!(time(&value), expected, "{value}");
        }
    }

    #[test]
    fn elements_keep_numeric_order() {
        let value = json!({"10": "k", "9": "j", "0": "a", "total_count": 3, "": "no", "1x": "no"});
        assert_eq!(elements(&value), [&json!("a"), &json!("j"), &json!("k")]);
        assert_eq!(elements(&json!(["x"])), [&json!("x")]);
        for empty in [json!([]), json!({}), json!(""), json!(null), json!(3)] {
            assert!(elements(&empty).is_empty(), "{empty}");
        }
    }
}
