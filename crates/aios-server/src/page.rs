//! The page of the product, where it is built in: its files as they were built, for everybody. What they may see then is decided
//! by the key that they have.

use aios_protocol::ErrorCode;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::failure::Failure;

/// Scripts and connections of this server alone; styles that an editor makes as it draws.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// The names of these files change with what is in them.
const LASTING: &str = "assets/";

/// The built page: `npm --prefix ui run build` makes it.
#[cfg(feature = "ui")]
#[derive(rust_embed::Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../../ui/dist"]
struct Built;

/// Whether there is a page.
pub const IS_BUILT_IN: bool = cfg!(feature = "ui");

/// A file of the page; everything else is not there.
pub(crate) async fn show(request: Request) -> Result<Response, Failure> {
    let wanted = match request.uri().path().trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let Some(content) = reads.then(|| file(wanted)).flatten() else { return Err(nothing(request.uri())) };
    let lasting =
        if wanted.starts_with(LASTING) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind(wanted))),
        (header::CACHE_CONTROL, HeaderValue::from_static(lasting)),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    Ok((headers, content).into_response())
}

#[cfg(feature = "ui")]
fn file(path: &str) -> Option<Vec<u8>> {
    Built::get(path).map(|file| file.data.into_owned())
}

#[cfg(not(feature = "ui"))]
fn file(_path: &str) -> Option<Vec<u8>> {
    None
}

fn nothing(uri: &Uri) -> Failure {
    let failure = Failure::new(ErrorCode::NotFound, "there is no such path");
    match uri.path() {
        "/" => failure.with_hint("this server was built without the page; GET /docs shows the API"),
        _ => failure.with_hint("GET /docs shows all paths, GET /openapi.json tells them to programs"),
    }
}

/// What a file is, by its name.
fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}
