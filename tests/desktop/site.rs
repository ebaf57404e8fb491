//! The built interface on a web server of the test's own, with axe-core beside it.

use crate::window::PATIENCE;
use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use ringside_tests::{in_time, repository};
use std::path::{Component, Path, PathBuf};

/// Serves until the test ends. Gives the address.
///
/// # Errors
/// When the interface or axe-core is not there.
pub async fn serve() -> Result<String, Box<dyn std::error::Error>> {
    let ui = repository().join("ui");
    let dist = std::env::var_os("RINGSIDE_UI").map_or_else(|| ui.join("dist"), PathBuf::from);
    if !dist.join("index.html").is_file() {
        return Err(format!("{} holds no built interface: cd ui && npm run build", dist.display()).into());
    }
    let axe = ui.join("node_modules/axe-core/axe.min.js");
    if !axe.is_file() {
        return Err("axe-core is not installed: cd ui && npm ci".into());
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new().fallback(file).with_state((dist, axe));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let site = format!("http://{address}");
    in_time("the interface to be served", PATIENCE, tokio::net::TcpStream::connect(address)).await?;
    Ok(site)
}

async fn file(State((dist, axe)): State<(PathBuf, PathBuf)>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let file = if path == "axe.js" { Some(axe) } else { below(&dist, path) };
    let kind = Path::new(path).extension().and_then(|kind| media_type(kind.to_str()?));
    let (Some(file), Some(kind)) = (file, kind) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match tokio::fs::read(file).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=3600")], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file below this folder, and never beside it.
fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    path.components()
        .all(|part| matches!(part, Component::Normal(_)))
        .then(|| folder.join(path))
}

fn media_type(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

#[test]
fn only_files_of_the_interface_are_served() {
    let dist = Path::new("/dist");
    assert_eq!(below(dist, "assets/main.js"), Some(PathBuf::from("/dist/assets/main.js")));
    assert_eq!(below(dist, "../package.json"), None);
    assert_eq!(below(dist, "/etc/passwd"), None);
    assert_eq!(media_type("key"), None);
}
