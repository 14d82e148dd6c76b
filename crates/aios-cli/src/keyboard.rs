//! Lines that the human types.

use std::io::{self, BufRead};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Reads lines from stdin on a thread of its own, because a read of a terminal cannot be called off. Opened only when
/// there is a question: a process in the background would be stopped for reading.
pub(crate) struct Keyboard {
    lines: UnboundedReceiver<String>,
}

impl Keyboard {
    pub(crate) fn open() -> Self {
        let (send, lines) = unbounded_channel();
        std::thread::spawn(move || {
            for line in io::stdin().lock().lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Self { lines }
    }

    /// Forgets what was typed before the question could be read, so that no stray Enter approves anything.
    pub(crate) fn forget(&mut self) {
        #[cfg(unix)]
        {
            // Where stdin is no terminal after all, nothing was typed.
            _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush);
        }
        while self.lines.try_recv().is_ok() {}
    }

    /// The next line; nothing once the human has closed the input with Ctrl-D.
    pub(crate) async fn line(&mut self) -> Option<String> {
        self.lines.recv().await
    }
}
