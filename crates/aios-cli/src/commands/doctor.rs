//! `aios doctor`: what works on this machine, what is missing, what to do.

use aios_app::{Check, CheckState};
use serde_json::{Value, json};

use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::text::{Line, Tone};

pub(super) async fn doctor(context: &Context) -> Result<Exit, Failure> {
    let checks = context.here("doctor").await?.app.doctor().await;
    let failed = checks.iter().any(|check| check.state == CheckState::Fail);
    if context.json {
        context.print_json(&checks.iter().map(object).collect::<Vec<_>>())?;
    } else {
        let column = 4 + checks.iter().map(|check| Line::from(check.name).width()).max().unwrap_or(0);
        for check in &checks {
            let (tone, sign) = match check.state {
                CheckState::Ok => (Tone::Good, "✓"),
                CheckState::Warn => (Tone::Warn, "!"),
                CheckState::Fail => (Tone::Bad, "✗"),
            };
            let mut lines = vec![
                Line::new().add(tone, sign).plain(" ").plain(check.name).pad(column).plain(&check.detail),
            ];
            lines.extend(check.hint.iter().map(|hint| Line::new().pad(column).dim("hint: ").plain(hint)));
            context.print(&lines)?;
        }
    }
    Ok(if failed { Exit::Failed } else { Exit::Completed })
}

fn object(check: &Check) -> Value {
    let state = match check.state {
        CheckState::Ok => "ok",
        CheckState::Warn => "warn",
        CheckState::Fail => "fail",
    };
    json!({ "name": check.name, "state": state, "detail": check.detail, "hint": check.hint })
}
