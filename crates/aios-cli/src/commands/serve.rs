//! `aios serve`: the REST and WebSocket API, until a signal ends it.

use std::net::SocketAddr;

use aios_protocol::{ErrorCode, Problem};
use aios_server::Options;
use serde_json::json;
use tokio::net::TcpListener;

use crate::args::Serve;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::signals::Signals;
use crate::text::Line;
use crate::view::field;

pub(super) async fn serve(context: &Context, arguments: Serve) -> Result<Exit, Failure> {
    let wanted = SocketAddr::new(arguments.host, arguments.port);
    let options = Options {
        allowed_hosts: arguments.allow_host,
        behind_proxy: arguments.behind_proxy,
        ..Options::default()
    };
    options.check(wanted)?;
    if arguments.link && !aios_server::HAS_PAGE {
        return Err(Problem::new(ErrorCode::InvalidRequest, "this build has no page that a link could open")
            .with_hint("leave --link away, or build with the feature `ui`")
            .into());
    }
    let app = &context.here("serve").await?.app;
    let mut signals = Signals::listen()?;
    // Before the port: two servers on one data folder may well have different ones.
    let _lock = app.lock_for_server(&format!("http://{wanted}"))?;
    let key = app.local_key()?;
    let listener = TcpListener::bind(wanted).await.map_err(|error| {
        Problem::new(ErrorCode::Conflict, format!("{wanted} cannot be listened on: {error}"))
            .with_hint("choose another port with --port; 0 takes any that is free")
    })?;
    let address = listener.local_addr()?;
    let key_file = app.local_key_file().display().to_string();
    match context.json {
        true => context.print_json(&json!({ "url": format!("http://{address}"), "key_file": key_file }))?,
        false => {
            let mut lines = vec![
                Line::from(format!("listening on http://{address}")),
                field("key", &key_file),
                field("docs", &format!("http://{address}/docs")),
            ];
            if arguments.link {
                // The part behind # never leaves the browser.
                lines.push(field("page", &format!("http://{address}/#key={}", key.expose())));
            }
            context.print(&lines)?;
        }
    }
    aios_server::serve(listener, app.clone(), options, signals.next()).await?;
    Ok(Exit::Completed)
}
