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
    let app = &context.here("serve").await?.app;
    let mut signals = Signals::listen()?;
    // Before the port: two servers on one data folder may well have different ones.
    let _lock = app.lock_for_server(&format!("http://{wanted}"))?;
    app.local_key()?;
    let listener = TcpListener::bind(wanted).await.map_err(|error| {
        Problem::new(ErrorCode::Conflict, format!("{wanted} cannot be listened on: {error}"))
            .with_hint("choose another port with --port; 0 takes any that is free")
    })?;
    let address = listener.local_addr()?;
    let key_file = app.local_key_file().display().to_string();
    match context.json {
        true => context.print_json(&json!({ "url": format!("http://{address}"), "key_file": key_file }))?,
        false => context.print(&[
            Line::from(format!("listening on http://{address}")),
            field("key", &key_file),
            field("docs", &format!("http://{address}/docs")),
        ])?,
    }
    aios_server::serve(listener, app.clone(), options, signals.next()).await?;
    Ok(Exit::Completed)
}
