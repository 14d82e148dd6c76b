//! A world behind a server's socket.

use std::net::SocketAddr;
use std::time::Duration;

use aios_server::{Options, Rate, serve};
use aios_testkit::http::{Answer, Ask};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::World;

/// A world that can be reached over a socket.
pub struct Served {
    /// What is behind it.
    pub world: World,
    /// Where it listens.
    pub address: SocketAddr,
    /// The key of the machine's user.
    pub key: String,
    stop: CancellationToken,
    task: JoinHandle<Result<(), aios_protocol::Problem>>,
}

/// Options that let a test ask as fast as it can.
pub fn options() -> Options {
    let fast = Rate { burst: 1e6, per_second: 1e6 };
    Options { key_rate: fast, address_rate: fast, ..Options::default() }
}

impl Served {
    /// Serves a world.
    pub async fn over(mut world: World, options: Options) -> Self {
        let app = world.app().await;
        let key = app.local_key().unwrap().expose().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let task = tokio::spawn(serve(listener, app, options, stop.clone().cancelled_owned()));
        Self { world, address, key, stop, task }
    }

    /// Asks with the machine's key; answers status and body.
    pub async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Vec<u8>) {
        let answer = self.ask_as(&self.key, method, path, body).await;
        (answer.status, answer.body)
    }

    /// Asks with this key; an empty one is none.
    pub async fn ask_as(&self, key: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut ask = Ask::new(self.address, method, path);
        if !key.is_empty() {
            ask = ask.header("x-api-key", key);
        }
        match body {
            Some(body) => ask.json(body),
            None => ask,
        }
        .send()
        .await
    }

    /// Asks with the machine's key; panics unless it is answered well.
    pub async fn json(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let (status, body) = self.ask(method, path, body).await;
        let value: Value = serde_json::from_slice(&body).unwrap();
        assert!(status < 300, "{method} {path}: {status} {value:#}");
        value
    }

    /// Ends the server as a signal does; the data folder stays.
    pub async fn stop(self) -> World {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_secs(25), self.task).await.unwrap().unwrap().unwrap();
        self.world
    }
}
