//! The bodies of requests as they were sent, so that a long conversation costs a turn only what is new in it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use aios_core::Message;
use bytes::{BufMut, Bytes, BytesMut};

/// Conversations that are remembered: those of agents that work at the same time with the same model.
const KEPT: usize = 4;
/// What closes the messages and the body.
const END: &[u8] = b"]}";

/// Bodies that were encoded before. Belongs to one model, since each provider has its own words.
#[derive(Default)]
pub(crate) struct Sent {
    conversations: Mutex<VecDeque<Conversation>>,
}

struct Conversation {
    /// Bytes of the body before its messages.
    head: usize,
    messages: Vec<Message>,
    body: Bytes,
}

impl Sent {
    /// `head`, the messages with commas between, and the end; `encode` is asked for the messages that are new.
    pub(super) fn body(
        &self,
        head: &[u8],
        messages: &[Message],
        encode: impl Fn(bytes::buf::Writer<&mut BytesMut>, &Message) -> Result<(), serde_json::Error>,
    ) -> Result<Bytes, serde_json::Error> {
        let mut known = self.conversations.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().position(|sent| sent.begins(head, messages));
        let mut sent = found.and_then(|place| known.remove(place)).unwrap_or_else(|| Conversation::new(head));
        // Usually nobody else holds the body any more, since the request that it went with is over: nothing is copied.
        let mut body = sent.body.try_into_mut().unwrap_or_else(|held| BytesMut::from(&held[..]));
        body.truncate(body.len() - END.len());
        for message in messages.get(sent.messages.len()..).unwrap_or_default() {
            if !sent.messages.is_empty() {
                body.put_u8(b',');
            }
            encode((&mut body).writer(), message)?;
            sent.messages.push(message.clone());
        }
        body.put_slice(END);
        sent.body = body.freeze();
        let body = sent.body.clone();
        known.push_front(sent);
        known.truncate(KEPT);
        Ok(body)
    }
}

impl Conversation {
    fn new(head: &[u8]) -> Self {
        Self { head: head.len(), messages: Vec::new(), body: [head, END].concat().into() }
    }

    fn begins(&self, head: &[u8], messages: &[Message]) -> bool {
        let same_head = self.body.get(..self.head) == Some(head);
        let known = messages.get(..self.messages.len());
        same_head && known.is_some_and(|known| known.iter().zip(&self.messages).all(|(a, b)| is_same(a, b)))
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

    const HEAD: &[u8] = b"{\"messages\":[";

    /// Sends a conversation; gives what is sent and how many messages had to be encoded for it.
    fn send(sent: &Sent, messages: &[Message]) -> (String, usize) {
        let encoded = Cell::new(0);
        let body = sent.body(HEAD, messages, |json, message| {
            encoded.set(encoded.get() + 1);
            serde_json::to_writer(json, message)
        });
        (String::from_utf8(body.unwrap().to_vec()).unwrap(), encoded.get())
    }

    fn whole(messages: &[Message]) -> String {
        format!("{{\"messages\":{}}}", serde_json::to_string(messages).unwrap())
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
    fn a_body_that_is_still_held_stays_as_it_is() {
        let sent = Sent::default();
        let body = |head, messages: &[Message]| {
            sent.body(head, messages, |json, message| serde_json::to_writer(json, message)).unwrap()
        };
        let mut talk = vec![Message::user("build")];
        let first = body(HEAD, &talk);
        talk.push(Message::assistant("done"));
        let second = body(HEAD, &talk);
        assert_eq!((&first[..], &second[..]), (whole(&talk[..1]).as_bytes(), whole(&talk).as_bytes()));
        let other = body(b"{\"stream\":true,\"messages\":[", &talk);
        assert_eq!(other, whole(&talk).replacen('{', "{\"stream\":true,", 1));
        assert_eq!(body(HEAD, &[]), "{\"messages\":[]}");
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
