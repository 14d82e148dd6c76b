//! The messages of conversations as they were sent, so that a long conversation costs a turn only what is new in it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use aios_core::Message;

/// Conversations that are remembered: those of agents that work at the same time with the same model.
const KEPT: usize = 4;

/// Messages that were encoded before. Belongs to one model, since each provider has its own words.
#[derive(Default)]
pub(crate) struct Sent {
    conversations: Mutex<VecDeque<Conversation>>,
}

#[derive(Default)]
struct Conversation {
    messages: Vec<Message>,
    /// They in JSON, with commas between.
    json: Vec<u8>,
}

impl Sent {
    /// The messages in JSON with commas between; `encode` is asked for those that are new.
    pub(super) fn json(
        &self,
        messages: &[Message],
        encode: impl Fn(&mut Vec<u8>, &Message) -> Result<(), serde_json::Error>,
    ) -> Result<Vec<u8>, serde_json::Error> {
        let mut known = self.conversations.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().position(|sent| sent.begins(messages)).and_then(|place| known.remove(place));
        let mut sent = found.unwrap_or_default();
        for message in messages.get(sent.messages.len()..).unwrap_or_default() {
            if !sent.json.is_empty() {
                sent.json.push(b',');
            }
            encode(&mut sent.json, message)?;
            sent.messages.push(message.clone());
        }
        let json = sent.json.clone();
        known.push_front(sent);
        known.truncate(KEPT);
        Ok(json)
    }
}

impl Conversation {
    fn begins(&self, messages: &[Message]) -> bool {
        let head = messages.get(..self.messages.len());
        head.is_some_and(|head| head.iter().zip(&self.messages).all(|(a, b)| is_same(a, b)))
    }
}

/// Whether two messages are one: whoever goes on with a conversation shares its texts. Looks at no text itself.
fn is_same(a: &Message, b: &Message) -> bool {
    match (a, b) {
        (Message::System { text: a }, Message::System { text: b })
        | (Message::User { text: a }, Message::User { text: b }) => Arc::ptr_eq(a, b),
        (
            Message::Assistant { text: a, tool_calls: calls },
            Message::Assistant { text: b, tool_calls: others },
        ) => Arc::ptr_eq(a, b) && Arc::ptr_eq(calls, others),
        (Message::Tool { call_id: id, content: a, .. }, Message::Tool { call_id: other, content: b, .. }) => {
            Arc::ptr_eq(id, other) && Arc::ptr_eq(a, b)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Sends a conversation; gives what is sent and how many messages had to be encoded for it.
    fn send(sent: &Sent, messages: &[Message]) -> (String, usize) {
        let encoded = Cell::new(0);
        let json = sent.json(messages, |json, message| {
            encoded.set(encoded.get() + 1);
            serde_json::to_writer(json, message)
        });
        (String::from_utf8(json.unwrap()).unwrap(), encoded.get())
    }

    fn whole(messages: &[Message]) -> String {
        messages.iter().map(|message| serde_json::to_string(message).unwrap()).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn only_what_is_new_is_encoded() {
        let sent = Sent::default();
        let mut backend = vec![Message::system("rules"), Message::user("build")];
        let mut frontend = vec![backend[0].clone(), Message::user("draw")];
        assert_eq!(send(&sent, &backend), (whole(&backend), 2));
        assert_eq!(send(&sent, &frontend), (whole(&frontend), 2));
        backend.push(Message::assistant("done"));
        frontend.push(Message::assistant("drawn"));
        assert_eq!(send(&sent, &backend), (whole(&backend), 1));
        assert_eq!(send(&sent, &frontend), (whole(&frontend), 1));
        assert_eq!(send(&sent, &backend), (whole(&backend), 0), "a retry");
    }

    #[test]
    fn a_conversation_that_was_changed_is_encoded_anew() {
        let sent = Sent::default();
        let long = vec![Message::system("rules"), Message::user("build"), Message::assistant("so")];
        send(&sent, &long);
        let compacted = vec![long[0].clone(), Message::user("in short: build"), long[2].clone()];
        assert_eq!(send(&sent, &compacted), (whole(&compacted), 3));
        let cut = &long[..2];
        assert_eq!(send(&sent, cut), (whole(cut), 2));
        // Equal texts may be different ones tomorrow; only the same ones count.
        let equal = vec![Message::system("rules"), Message::user("build")];
        assert_eq!(send(&sent, &equal), (whole(&equal), 2));
    }

    #[test]
    fn few_conversations_are_kept() {
        let sent = Sent::default();
        let all: Vec<_> = (0..=KEPT).map(|number| vec![Message::user(number.to_string())]).collect();
        all.iter().for_each(|conversation| drop(send(&sent, conversation)));
        assert_eq!(send(&sent, &all[1]).1, 0);
        assert_eq!(send(&sent, &all[0]).1, 1);
    }
}
