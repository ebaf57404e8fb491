//! One request and its answer: the address, the body, the bounded reading, and what the budget is told.

use std::error::Error as _;
use std::io;
use std::time::SystemTime;

use reqwest::header::{ACCEPT, DATE, HeaderMap};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use url::Url;

use crate::budget::RateHeaders;
use crate::budget::gate::Permit;
use crate::client::Client;
use crate::error::{ConnectKind, Error};
use crate::query::Query;
use crate::types::attachment::{Attachment, check_sizes};
use crate::verdict;

/// What a request carries.
#[derive(Debug, Clone, Default)]
pub(crate) enum Body {
    #[default]
    Empty,
    Json(Value),
    /// `case[subject]=…`, `case[attachments][0]` = file.
    Multipart {
        wrapper: &'static str,
        fields: Map<String, Value>,
        files: Vec<Attachment>,
    },
}

impl Body {
    /// `{"case": {…}}`; multipart as soon as there are files, for only then does Omnidesk take them.
    pub(crate) fn wrapped(wrapper: &'static str, fields: Map<String, Value>, files: &[Attachment]) -> Result<Self, Error> {
        if files.is_empty() {
            let whole = Map::from_iter([(wrapper.to_owned(), Value::Object(fields))]);
            return Ok(Self::Json(Value::Object(whole)));
        }
        check_sizes(files)?;
        Ok(Self::Multipart {
            wrapper,
            fields,
            files: files.to_vec(),
        })
    }

    fn attach(self, request: RequestBuilder) -> Result<RequestBuilder, Error> {
        Ok(match self {
            Self::Empty => request,
            Self::Json(value) => request.json(&value),
            Self::Multipart { wrapper, fields, files } => request.multipart(form(wrapper, fields, files)?),
        })
    }
}

fn form(wrapper: &str, fields: Map<String, Value>, files: Vec<Attachment>) -> Result<Form, Error> {
    let mut pairs = Vec::new();
    flatten(wrapper, &Value::Object(fields), &mut pairs);
    // Brackets and Cyrillic must arrive as they are: PHP knows neither `name*=` nor percent signs here.
    let mut form = Form::new().percent_encode_noop();
    for (name, text) in pairs {
        form = form.text(name, text);
    }
    for (index, file) in files.into_iter().enumerate() {
        let length = file.bytes.len() as u64;
        let part = Part::stream_with_length(file.bytes.clone(), length)
            .file_name(file.safe_name())
            .mime_str(&file.mime)
            .map_err(|_| Error::InvalidRequest("the MIME type of a file is malformed".to_owned()))?;
        form = form.part(format!("{wrapper}[attachments][{index}]"), part);
    }
    Ok(form)
}

/// Writes nested values as PHP reads them: `case[custom_fields][cf_25]`, `case[labels][0]`, a yes as `1`.
fn flatten(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => pairs.push((name.to_owned(), u8::from(*flag).to_string())),
        Value::Number(number) => pairs.push((name.to_owned(), number.to_string())),
        Value::String(text) => pairs.push((name.to_owned(), text.clone())),
        Value::Array(items) => {
            let named = items.iter().enumerate();
            named.for_each(|(index, item)| flatten(&format!("{name}[{index}]"), item, pairs));
        }
        Value::Object(map) => map.iter().for_each(|(key, item)| flatten(&format!("{name}[{key}]"), item, pairs)),
    }
}

/// A request before it is sent: `cases/7.json` is `["cases", "7"]`.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) path: &'a [&'a str],
    pub(crate) query: Query,
    pub(crate) body: Body,
}

impl<'a> Call<'a> {
    pub(crate) fn get(path: &'a [&'a str], query: Query) -> Self {
        Self::new(Method::GET, path, query, Body::Empty)
    }

    pub(crate) fn post(path: &'a [&'a str], body: Body) -> Self {
        Self::new(Method::POST, path, Query::default(), body)
    }

    pub(crate) fn put(path: &'a [&'a str], body: Body) -> Self {
        Self::new(Method::PUT, path, Query::default(), body)
    }

    pub(crate) fn delete(path: &'a [&'a str]) -> Self {
        Self::new(Method::DELETE, path, Query::default(), Body::Empty)
    }

    fn new(method: Method, path: &'a [&'a str], query: Query, body: Body) -> Self {
        Self { method, path, query, body }
    }
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// Waits for the budget, sends, reads, judges.
    pub(crate) async fn send(&self, call: Call<'_>) -> Result<Value, Error> {
        let method = call.method.clone();
        let path = call.path.join("/");
        let request = self.request(call)?;
        let permit = self.shared.gate.enter(self.priority, self.purpose).await?;
        let outcome = self.exchange(request, permit, &method, &path).await;
        self.shared.tally.count(&outcome);
        outcome
    }

    async fn exchange(&self, request: RequestBuilder, permit: Permit<'_>, method: &Method, path: &str) -> Result<Value, Error> {
        let response = request.send().await.map_err(|error| broken(&error))?;
        let rate = RateHeaders::read(|name| response.headers().get(name)?.to_str().ok());
        let status = response.status();
        let came = SystemTime::now();
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok()).map(str::to_owned);
        tracing::debug!(%method, path, status = status.as_u16(), "omnidesk answered");
        let outcome = match read(response, self.shared.config.limits.answer_bytes).await {
            Ok(answer) => verdict::judge(&answer, rate.resets_in),
            Err(error) => Err(error),
        };
        let refused = status == StatusCode::TOO_MANY_REQUESTS || matches!(outcome, Err(Error::RateLimited { .. }));
        permit.answered(rate, refused);
        // Only Omnidesk's own answers: an error page may be somebody else's, with another clock.
        if let (Ok(_), Some(date)) = (&outcome, date) {
            self.shared.clock.heard(&date, came);
        }
        outcome
    }

    fn request(&self, call: Call<'_>) -> Result<RequestBuilder, Error> {
        let timeouts = self.shared.config.timeouts;
        let timeout = match call.body {
            Body::Empty | Body::Json(_) => timeouts.request,
            Body::Multipart { .. } => timeouts.transfer,
        };
        let url = self.address(call.path, &call.query)?;
        let request = self.authorised(self.shared.http.request(call.method, url)).timeout(timeout);
        call.body.attach(request.header(ACCEPT, "application/json"))
    }

    fn address(&self, path: &[&str], query: &Query) -> Result<Url, Error> {
        let mut url = self.shared.api_root.clone();
        let (last, folders) = path.split_last().unwrap_or((&"", &[]));
        url.path_segments_mut()
            .map_err(|()| Error::Config("the address cannot have a path".to_owned()))?
            .extend(folders)
            .push(&format!("{last}.json"));
        query.apply(&mut url);
        Ok(url)
    }

    /// Adds the credentials; reqwest marks the header as sensitive.
    pub(crate) fn authorised(&self, request: RequestBuilder) -> RequestBuilder {
        let config = &self.shared.config;
        request.basic_auth(config.staff_email.trim(), Some(config.api_key.expose_secret()))
    }
}

/// Reads an answer, at most `limit` bytes of it.
pub(crate) async fn read(mut response: Response, limit: u64) -> Result<Answer, Error> {
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(Error::TooLarge { limit });
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken_answer(&error))? {
        if body.len() as u64 + chunk.len() as u64 > limit {
            return Err(Error::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body,
    })
}

fn broken_answer(error: &reqwest::Error) -> Error {
    if error.is_timeout() {
        return Error::Timeout { sent: true };
    }
    Error::Connect { kind: ConnectKind::Lost }
}

/// Why no answer came. The error itself holds the address with its query and is dropped.
pub(crate) fn broken(error: &reqwest::Error) -> Error {
    if error.is_builder() {
        return Error::InvalidRequest("it cannot be written as HTTP".to_owned());
    }
    let connecting = error.is_connect() || error.is_dns();
    if error.is_timeout() {
        return Error::Timeout { sent: !connecting };
    }
    let kind = match (connecting, error.is_dns()) {
        (false, _) => ConnectKind::Lost,
        (true, true) => ConnectKind::Dns,
        (true, false) => connect_kind(error),
    };
    Error::Connect { kind }
}

fn connect_kind(error: &reqwest::Error) -> ConnectKind {
    let mut cause = error.source();
    while let Some(inner) = cause {
        let Some(io) = inner.downcast_ref::<io::Error>() else {
            cause = inner.source();
            continue;
        };
        match io.kind() {
            io::ErrorKind::ConnectionRefused => return ConnectKind::Refused,
            // rustls reports a bad certificate, and an answer that is no TLS, as invalid data.
            io::ErrorKind::InvalidData if is_no_tls(io) => return ConnectKind::NoTls,
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => return ConnectKind::Tls,
            _ => {}
        }
        // An I/O error around another one hides it from `source`.
        cause = match io.get_ref() {
            Some(wrapped) => Some(wrapped),
            None => io.source(),
        };
    }
    ConnectKind::Other
}

/// Whether what came back is not TLS at all, as when a port of plain HTTP answers the greeting with a page.
fn is_no_tls(error: &io::Error) -> bool {
    let told = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(told, Some(rustls::Error::InvalidMessage(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_values_are_flattened_as_php_reads_them() {
        let value = json!({"subject": "Звонок", "labels": [101, 102], "custom_fields": {"cf_25": "x", "cf_23": true},
                           "note": null, "flag": false});
        let mut pairs = Vec::new();
        flatten("case", &value, &mut pairs);
        pairs.sort();
        let expected = [
            ("case[custom_fields][cf_23]", "1"),
            ("case[custom_fields][cf_25]", "x"),
            ("case[flag]", "0"),
            ("case[labels][0]", "101"),
            ("case[labels][1]", "102"),
            ("case[subject]", "Звонок"),
        ];
        let expected: Vec<_> = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(pairs, expected);
    }

    /// A resolver that knows no name.
    struct Nowhere;

    impl reqwest::dns::Resolve for Nowhere {
        fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
            Box::pin(async { Err("no such name".into()) })
        }
    }

    #[tokio::test]
    async fn a_name_that_does_not_resolve_is_told_apart() {
        let http = reqwest::Client::builder()
            .no_proxy()
            .dns_resolver(std::sync::Arc::new(Nowhere))
            .build()
            .unwrap();
        let error = http.get("https://company.omnidesk.test/").send().await.unwrap_err();
        assert_eq!(broken(&error), Error::Connect { kind: ConnectKind::Dns });
    }

    #[tokio::test]
    async fn a_port_of_plain_http_is_not_taken_for_a_bad_certificate() {
        let plain = wiremock::MockServer::start().await;
        let address = plain.uri().replace("http://", "https://");
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let error = http.get(address).send().await.unwrap_err();
        assert_eq!(broken(&error), Error::Connect { kind: ConnectKind::NoTls });
    }

    #[tokio::test]
    async fn a_connection_not_made_in_time_was_not_sent() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://{}/", silent.local_addr().unwrap());
        // The listener never takes part in the TLS handshake, so connecting lasts until the bound.
        let patience = std::time::Duration::from_millis(50);
        let http = reqwest::Client::builder().no_proxy().connect_timeout(patience).build().unwrap();
        let error = http.get(address).send().await.unwrap_err();
        assert_eq!(broken(&error), Error::Timeout { sent: false });
    }
}
