//! Fetching files: whose host gets the credentials, and what is refused.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use omnidesk::*;
use wiremock::{MockServer, ResponseTemplate};

fn audio() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(&b"ID3-audio"[..], "audio/mpeg")
}

async fn fetch(client: &Client, address: &str) -> Result<Bytes, Error> {
    client.download(&address.parse().unwrap(), 100).await
}

#[tokio::test]
async fn the_own_host_gets_the_credentials() {
    let server = serve("GET", "/some_path/345", audio()).await;
    let file = fetch(&client(&server), &format!("{}/some_path/345", server.uri())).await.unwrap();
    assert_eq!(&file[..], b"ID3-audio");
    assert_eq!(only(&server).await.headers["authorization"], BASIC);
}

#[tokio::test]
async fn another_port_of_the_accounts_machine_is_not_the_account() {
    let own = MockServer::start().await;
    let other = serve("GET", "/345", audio()).await;
    let away = ResponseTemplate::new(302).insert_header("location", format!("{}/345", other.uri()));
    mount(&own, "GET", "/345", away).await;
    for address in [format!("{}/345", other.uri()), format!("{}/345", own.uri())] {
        let error = fetch(&client(&own), &address).await.unwrap_err();
        assert!(matches!(error, Error::FileAddress(_)), "{address}: {error}");
    }
    assert!(requests(&other).await.is_empty());
}

#[tokio::test]
async fn endless_redirects_end() {
    let round = ResponseTemplate::new(302).insert_header("location", "/345");
    let own = serve("GET", "/345", round).await;
    let error = fetch(&client(&own), &format!("{}/345", own.uri())).await.unwrap_err();
    assert!(matches!(error, Error::FileAddress(_)), "{error}");
    assert_eq!(requests(&own).await.len(), 4);
}

#[tokio::test]
async fn addresses_without_tls_or_into_this_machine_are_refused() {
    let inside = serve("GET", "/345", audio()).await;
    let outside = Client::new(config("https://company.omnidesk.ru")).unwrap();
    for address in [
        format!("{}/345", inside.uri()),
        "http://files.example.org/345".into(),
        "file:///etc/hostname".into(),
    ] {
        let error = fetch(&outside, &address).await.unwrap_err();
        assert!(matches!(error, Error::FileAddress(_)), "{address}: {error}");
    }
    assert!(requests(&inside).await.is_empty());
}

#[tokio::test]
async fn files_over_the_bound_and_failures_are_errors() {
    let server = serve("GET", "/long", ResponseTemplate::new(200).set_body_bytes(vec![0; 101])).await;
    mount(&server, "GET", "/empty", ResponseTemplate::new(204)).await;
    let client = client(&server);
    let at = |name: &str| format!("{}/{name}", server.uri());
    assert_eq!(fetch(&client, &at("long")).await, Err(Error::TooLarge { limit: 100 }));
    assert_eq!(fetch(&client, &at("gone")).await, Err(Error::NotFound { code: None }));
    assert!(matches!(
        fetch(&client, &at("empty")).await,
        Err(Error::NotJson { status: 204, .. })
    ));
}
