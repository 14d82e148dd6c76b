//! Streams that are cut, split and mutated at random: the same result or a defined error, never a call from an unfinished turn.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::ask::{CHAT, MESSAGES, Outcome, SHORT, ask, model_with, request};
use crate::server::{Server, pieces};

const STREAMS: [(&str, &str); 4] = [
    (CHAT, include_str!("fixtures/chat_text.sse")),
    (CHAT, include_str!("fixtures/chat_tools.sse")),
    (MESSAGES, include_str!("fixtures/messages_text.sse")),
    (MESSAGES, include_str!("fixtures/messages_tools.sse")),
];

/// What happens to the bytes on their way.
#[derive(Debug, Clone)]
enum Mutation {
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, Index),
    Repeat(Index, Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, bits)| Mutation::Flip(at, bits)),
        (any::<Index>(), vec(any::<u8>(), 1..20)).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        any::<(Index, Index)>().prop_map(|(from, to)| Mutation::Remove(from, to)),
        any::<(Index, Index)>().prop_map(|(from, to)| Mutation::Repeat(from, to)),
    ]
}

impl Mutation {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let range = |from: &Index, to: &Index, length: usize| {
            let (from, to) = (from.index(length + 1), to.index(length + 1));
            from.min(to)..from.max(to)
        };
        match self {
            Self::Flip(at, bits) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] ^= bits;
            }
            Self::Flip(..) => {}
            Self::Insert(at, inserted) => {
                let at = at.index(bytes.len() + 1);
                bytes.splice(at..at, inserted.iter().copied());
            }
            Self::Remove(from, to) => {
                bytes.drain(range(from, to, bytes.len()));
            }
            Self::Repeat(from, to) => {
                let range = range(from, to, bytes.len());
                let repeated = bytes[range.clone()].to_vec();
                bytes.splice(range.end..range.end, repeated);
            }
        }
    }
}

/// The bytes in pieces, cut at the given places.
fn split<'a>(bytes: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]).collect()
}

struct Bench {
    runtime: tokio::runtime::Runtime,
    server: Server,
    /// What each stream means when nothing happens to it.
    good: Vec<Outcome>,
}

impl Bench {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let server = runtime.block_on(Server::start([]));
        let mut bench = Self { runtime, server, good: Vec::new() };
        bench.good =
            (0..STREAMS.len()).map(|which| bench.run(which, &[STREAMS[which].1.as_bytes()])).collect();
        assert!(bench.good.iter().all(|outcome| outcome.done.is_some()));
        bench
    }

    fn run(&self, which: usize, body: &[&[u8]]) -> Outcome {
        self.server.push(pieces(body.iter().copied()));
        let model = model_with(STREAMS[which].0, &self.server.url(), SHORT);
        self.runtime.block_on(ask(&model, request()))
    }
}

#[test]
fn splitting_changes_nothing() {
    let bench = Bench::new();
    let endings = ["\n", "\r\n", "\r"];
    proptest!(ProptestConfig::with_cases(200), |(
        which in 0..STREAMS.len(), ending in 0..3usize, mark in any::<bool>(), cuts in vec(any::<Index>(), 0..40)
    )| {
        let mark = if mark { "\u{feff}" } else { "" };
        let body = format!("{mark}{}", STREAMS[which].1.replace('\n', endings[ending]));
        prop_assert_eq!(&bench.run(which, &split(body.as_bytes(), &cuts)), &bench.good[which]);
    });
}

#[test]
fn a_truncated_stream_is_the_whole_one_or_an_error() {
    let bench = Bench::new();
    proptest!(ProptestConfig::with_cases(200), |(which in 0..STREAMS.len(), end in any::<Index>())| {
        let body = STREAMS[which].1.as_bytes();
        let outcome = bench.run(which, &[&body[..end.index(body.len())]]);
        let good = &bench.good[which];
        if outcome.done.is_some() {
            // Only what comes after the end of the turn may be missing: the usage.
            prop_assert_eq!((&outcome.text, &outcome.calls), (&good.text, &good.calls));
        } else {
            prop_assert!(good.text.starts_with(&outcome.text) && outcome.calls.is_empty());
        }
    });
}

#[test]
fn a_mutated_stream_has_one_defined_end() {
    let bench = Bench::new();
    proptest!(ProptestConfig::with_cases(600), |(
        which in 0..STREAMS.len(), mutations in vec(mutation(), 1..5), cuts in vec(any::<Index>(), 0..5)
    )| {
        let mut body = STREAMS[which].1.as_bytes().to_vec();
        for mutation in &mutations {
            mutation.apply(&mut body);
        }
        // `ask` checks what must hold.
        let outcome = bench.run(which, &split(&body, &cuts));
        let ids: std::collections::HashSet<_> = outcome.calls.iter().map(|call| &call.id).collect();
        prop_assert_eq!(ids.len(), outcome.calls.len());
        prop_assert!(outcome.calls.iter().all(|call| !call.name.is_empty()));
    });
}
