//! What the tests of the stand-in PBX share: a websocket that collects events.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses its part; helpers of tests may panic"
)]

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use sandbox::{Sandbox, pbx::PbxFault};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

/// Longest wait for anything that should happen.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A client's websocket.
pub struct Listener {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Listener {
    /// Connects with `?app=…` and more query text.
    pub async fn connect(sandbox: &Sandbox, query: &str) -> Result<Self, Error> {
        let url = format!("{}/events?{query}", sandbox.pbx_url().replace("http://", "ws://"));
        let mut request = url.into_client_request()?;
        let login = reqwest::Client::new()
            .get("http://localhost/")
            .basic_auth(sandbox.pbx_user(), Some(sandbox.pbx_password()))
            .build()
            .unwrap()
            .headers()["authorization"]
            .clone();
        request.headers_mut().insert("authorization", login);
        request.headers_mut().insert("sec-websocket-protocol", "ari".parse().unwrap());
        let (socket, _) = connect_async(request).await?;
        let listener = Self { socket };
        Ok(listener)
    }

    /// A client that hears everything.
    pub async fn to_everything(sandbox: &Sandbox) -> Self {
        let listener = Self::connect(sandbox, "app=companion&subscribeAll=true").await.unwrap();
        assert!(sandbox.pbx().until(PATIENCE, |pbx| pbx.is_watched("101")).await);
        listener
    }

    /// A client that hears one agent's calls and the bridges.
    pub async fn to_agent(sandbox: &Sandbox, extension: &str) -> Self {
        Self::to_sources(sandbox, &[format!("endpoint:PJSIP/{extension}"), "bridge:".to_owned()]).await
    }

    /// A client that hears certain event sources.
    pub async fn to_sources(sandbox: &Sandbox, sources: &[String]) -> Self {
        let listener = Self::connect(sandbox, "app=agent").await.unwrap();
        assert!(sandbox.pbx().until(PATIENCE, |pbx| pbx.sockets() > 0).await);
        for source in sources {
            let path = format!("applications/agent/subscription?eventSource={source}");
            let answer = ari(sandbox, reqwest::Method::POST, &path).await;
            assert_eq!(answer.status(), 200, "{path}");
        }
        listener
    }

    /// The next frame; `None` when the connection ended.
    pub async fn next(&mut self) -> Option<Message> {
        tokio::time::timeout(PATIENCE, self.socket.next()).await.unwrap()?.ok()
    }

    pub async fn send(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    /// The next event.
    pub async fn event(&mut self) -> Value {
        loop {
            let frame = self.next().await.unwrap();
            if let Message::Text(text) = frame {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    /// Everything sent so far: a garbage frame marks the end.
    pub async fn drain(&mut self, sandbox: &Sandbox) -> Vec<Value> {
        sandbox.pbx().fault(&PbxFault::Garbage);
        let mut events = Vec::new();
        while let Some(frame) = self.next().await {
            let Message::Text(text) = frame else { continue };
            match serde_json::from_str(&text) {
                Ok(event) => events.push(event),
                Err(_) => return events,
            }
        }
        events
    }
}

/// A request to ARI.
pub async fn ari(sandbox: &Sandbox, method: reqwest::Method, path: &str) -> reqwest::Response {
    let url = format!("{}/{path}", sandbox.pbx_url());
    let request = reqwest::Client::new().request(method, url);
    request
        .basic_auth(sandbox.pbx_user(), Some(sandbox.pbx_password()))
        .send()
        .await
        .unwrap()
}
