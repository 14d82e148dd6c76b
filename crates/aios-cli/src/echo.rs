//! The terminal's echo of what is typed.

/// Turns the echo off until it is dropped: an Enter that the terminal echoes would move a picture's lines away from where
/// they are drawn next. A shell turns it on again itself after a process that was killed.
pub(crate) struct Silence {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
impl Silence {
    pub(crate) fn begin() -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcgetpgrp, tcsetattr};

        let stdin = std::io::stdin();
        // A process in the background would be stopped for changing the terminal.
        let in_front = tcgetpgrp(&stdin).is_ok_and(|group| group == rustix::process::getpgrp());
        let before = tcgetattr(&stdin).ok().filter(|_| in_front);
        if let Some(mut modes) = before.clone() {
            modes.local_modes.remove(LocalModes::ECHO);
            // What cannot be silenced is shown as well as can be.
            let _ = tcsetattr(&stdin, OptionalActions::Now, &modes);
        }
        Self { before }
    }
}

#[cfg(unix)]
impl Drop for Silence {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // The terminal may be gone; there is nobody left to tell.
            let _ =
                rustix::termios::tcsetattr(std::io::stdin(), rustix::termios::OptionalActions::Now, before);
        }
    }
}

#[cfg(not(unix))]
impl Silence {
    pub(crate) fn begin() -> Self {
        Self {}
    }
}
