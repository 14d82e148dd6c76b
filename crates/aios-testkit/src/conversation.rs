//! The order of a conversation, whatever its wire: who may speak after whom, and that every call is answered once.

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// Instructions.
    System,
    /// By the user.
    User,
    /// By the model, with the ids of its tool calls.
    Assistant { calls: Vec<String>, is_empty: bool },
    /// The answer to the call of this id.
    Result { call: String },
}

/// Adds a complaint for everything that is out of order.
pub(crate) fn check(conversation: &[Said], wrong: &mut Vec<String>) {
    let mut open: Vec<&str> = Vec::new();
    let mut started = false;
    for (index, said) in conversation.iter().enumerate() {
        let place = format!("message {index}");
        if !matches!(said, Said::Result { .. }) && !open.is_empty() {
            wrong.push(format!("{place} comes before the calls {} are answered", open.join(", ")));
            open.clear();
        }
        match said {
            Said::System if started => {
                wrong.push(format!("{place}: instructions in the middle of the conversation"))
            }
            Said::System => {}
            Said::User => started = true,
            Said::Assistant { .. } if !started => {
                wrong.push(format!("{place}: the model spoke before the user"))
            }
            Said::Assistant { is_empty: true, calls } if calls.is_empty() => {
                wrong.push(format!("{place}: the model said nothing and called nothing"));
            }
            Said::Assistant { calls, .. } => {
                for call in calls {
                    if open.contains(&call.as_str()) {
                        wrong.push(format!("{place}: the call id {call} is used twice"));
                    }
                    open.push(call);
                }
            }
            Said::Result { call } => match open.iter().position(|id| id == call) {
                Some(position) => {
                    open.swap_remove(position);
                }
                None => wrong.push(format!("{place} answers {call:?}, which the turn before did not call")),
            },
        }
    }
    if !open.is_empty() {
        wrong.push(format!("the calls {} are not answered", open.join(", ")));
    }
    match conversation.last() {
        Some(Said::User | Said::Result { .. }) => {}
        Some(Said::Assistant { .. }) => wrong.push("the conversation ends with the model's own words".into()),
        Some(Said::System) | None => wrong.push("nobody said anything".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `s`, `u`, `a` are spoken words; `a:1,2` calls; `r:1` answers; `e` is an empty reply.
    fn check_order(script: &str, expect: &str) {
        let said: Vec<Said> = script
            .split_whitespace()
            .map(|word| match word.split_once(':').unwrap_or((word, "")) {
                ("s", _) => Said::System,
                ("u", _) => Said::User,
                ("r", call) => Said::Result { call: call.into() },
                (who, "") => Said::Assistant { calls: Vec::new(), is_empty: who == "e" },
                (_, calls) => {
                    Said::Assistant { calls: calls.split(',').map(String::from).collect(), is_empty: true }
                }
            })
            .collect();
        let mut wrong = Vec::new();
        check(&said, &mut wrong);
        assert_eq!(wrong.join("; "), expect, "{script}");
    }

    #[test]
    fn legal_conversations() {
        for script in [
            "u",
            "s u",
            "s s u",
            "u u",
            "s u a u",
            "s u a:1 r:1",
            "s u a:1,2 r:2 r:1 a u",
            "u a:1 r:1 a:1 r:1",
        ] {
            check_order(script, "");
        }
    }

    #[test]
    fn illegal_conversations() {
        check_order("", "nobody said anything");
        check_order("s", "nobody said anything");
        check_order("s a u", "message 1: the model spoke before the user");
        check_order("u s u", "message 1: instructions in the middle of the conversation");
        check_order("u a", "the conversation ends with the model's own words");
        check_order("u e u", "message 1: the model said nothing and called nothing");
        check_order("u r:1", "message 1 answers \"1\", which the turn before did not call");
        check_order("u a:1 r:1 r:1", "message 3 answers \"1\", which the turn before did not call");
        check_order("u a:1 u", "message 2 comes before the calls 1 are answered");
        check_order("u a:1,2 r:1", "the calls 2 are not answered");
        check_order("u a:1,1 r:1 r:1", "message 1: the call id 1 is used twice");
    }
}
