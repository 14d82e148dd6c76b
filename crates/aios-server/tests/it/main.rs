//! The real server over real sockets, on a real data folder.

#![expect(clippy::unwrap_used, reason = "tests may fail")]

mod bad_input;
mod contract;
mod entry;
mod examples;
mod lifetime;
mod limits;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aios_app::{App, AppConfig};
use aios_protocol::Problem;
use aios_server::{Options, Rate, serve};
use aios_testkit::http::Ask;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A server with a data folder of its own.
struct Served {
    home: TempDir,
    /// Plays a provider that never answers.
    _silent: std::net::TcpListener,
    app: Arc<App>,
    address: SocketAddr,
    key: String,
    stop: CancellationToken,
    task: JoinHandle<Result<(), Problem>>,
}

/// Options that let a test ask as fast as it can.
fn options() -> Options {
    let fast = Rate { burst: 1e6, per_second: 1e6 };
    Options { key_rate: fast, address_rate: fast, ..Options::default() }
}

impl Served {
    async fn start() -> Self {
        Self::with(options()).await
    }

    async fn with(options: Options) -> Self {
        let home = tempfile::tempdir().unwrap();
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let provider = format!("http://{}/v1", silent.local_addr().unwrap());
        let env = [("OPENAI_API_KEY", "sk-test"), ("OPENAI_BASE_URL", &provider), ("AIOS_KEYRING", "off")];
        let config = AppConfig {
            home: home.path().join("data"),
            models_dir: Some(home.path().join("models")),
            env: env.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            exe: PathBuf::from("none"),
            user_home: None,
        };
        let app = App::open(config).await.unwrap();
        let key = app.local_key().unwrap().expose().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let task = tokio::spawn(serve(listener, app.clone(), options, stop.clone().cancelled_owned()));
        Self { home, _silent: silent, app, address, key, stop, task }
    }

    /// A request that shows the key.
    fn ask(&self, method: &str, path: &str) -> Ask {
        Ask::new(self.address, method, path).header("x-api-key", &self.key)
    }

    /// A request of a stranger.
    fn stranger(&self, method: &str, path: &str) -> Ask {
        Ask::new(self.address, method, path)
    }

    /// Ends it as a signal does.
    async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_secs(25), self.task).await.unwrap().unwrap().unwrap();
    }
}
