//! The protocol as TypeScript: every type that a command, a stream or an event reaches, and the maps of both.

use std::collections::BTreeMap;

use ts_rs::{Config, TS, TypeVisitor};

use crate::{COMMANDS, CREDIT, EventFrame, FromStreams, Problem, Tag, ToStreams, commands, streams};

/// The text of `bindings/protocol.ts`.
pub fn typescript() -> String {
    // Counters and sizes stay far below the 2^53 that a JavaScript number holds exactly.
    let config = Config::new().with_large_int("number");
    let mut declarations =
        Declarations { config, types: BTreeMap::new(), commands: String::new(), streams: String::new() };
    commands::declare(&mut declarations);
    streams::declare(&mut declarations);
    declarations.add::<EventFrame>();
    declarations.add::<Problem>();
    declarations.add::<Tag>();
    declarations.add::<ToStreams>();
    declarations.add::<FromStreams>();
    let types: Vec<String> = declarations.types.into_values().collect();
    format!(
        "// Generated from the crate aios-protocol; `cargo xtask codegen` writes it anew.\n\n{}\n\
         /** Every command with its request and answer. */\nexport interface Commands {{\n{}}}\n\n\
         /** Every stream with its request and items. */\nexport interface Streams {{\n{}}}\n\n\
         /** Items of a stream that may be on their way before the window says that it took some. */\n\
         export const STREAM_CREDIT = {CREDIT};\n\n{}",
        types.join("\n"),
        declarations.commands,
        declarations.streams,
        tags(),
    )
}

/// Collects declarations by name, each once.
pub(crate) struct Declarations {
    config: Config,
    types: BTreeMap<String, String>,
    commands: String,
    streams: String,
}

impl Declarations {
    /// Adds a row of the table and the types that it reaches.
    pub(crate) fn command<Request: TS + 'static, Answer: TS + 'static>(&mut self, name: &str) {
        let (request, answer) = (Request::name(&self.config), Answer::name(&self.config));
        self.commands.push_str(&format!("  {name}: {{ request: {request}; answer: {answer} }};\n"));
        self.add::<Request>();
        self.add::<Answer>();
    }

    /// Adds a row of the table of streams and the types that it reaches.
    pub(crate) fn stream<Request: TS + 'static, Item: TS + 'static>(&mut self, name: &str) {
        let (request, item) = (Request::name(&self.config), Item::name(&self.config));
        self.streams.push_str(&format!("  {name}: {{ request: {request}; item: {item} }};\n"));
        self.add::<Request>();
        self.add::<Item>();
    }

    fn add<T: TS + 'static + ?Sized>(&mut self) {
        // Text, numbers and containers are written in place; what has a name of its own has a place to be exported to.
        if T::output_path().is_none() {
            return;
        }
        let name = T::ident(&self.config);
        if self.types.contains_key(&name) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        self.types.insert(name, format!("{docs}export {}\n", indented(&T::decl(&self.config))));
        T::visit_dependencies(self);
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}

/// A declaration as people indent it.
fn indented(declaration: &str) -> String {
    declaration.lines().map(str::trim_end).collect::<Vec<_>>().join("\n  ")
}

/// What each command reads and makes stale, for the client's cache.
fn tags() -> String {
    let names = |tags: &[Tag]| serde_json::to_string(tags).unwrap_or_default();
    let rows = COMMANDS.iter().map(|row| {
        format!(
            "  {}: {{ provides: {}, invalidates: {} }},\n",
            row.name,
            names(row.provides),
            names(row.invalidates)
        )
    });
    format!(
        "/** What each command's answer is made of, and what the command makes stale. */\n\
         export const COMMANDS: {{ [name in keyof Commands]: {{ provides: Tag[]; invalidates: Tag[] }} }} = {{\n{}}};\n",
        rows.collect::<String>()
    )
}
