//! Following an organisation, with a reader who sleeps.

use aios_core::{Lease, RunBatch, Scope};
use aios_protocol::RunEvent;
use aios_testkit::store_suite::{at, frame, log, run};
use tempfile::TempDir;

use super::*;
use crate::{App, AppConfig};

struct World {
    _home: TempDir,
    session: Session,
    channel: Arc<Channel>,
}

/// A run that is told by hand.
struct Told {
    lease: Lease,
}

impl World {
    async fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let config = AppConfig {
            home: home.path().into(),
            models_dir: None,
            env: Default::default(),
            exe: "none".into(),
            user_home: None,
        };
        let session = App::open(config).await.unwrap().session();
        let channel = session.app.hub.channel(&session.scope.org);
        Self { _home: home, session, channel }
    }

    fn scope(&self) -> &Scope {
        &self.session.scope
    }

    async fn begin(&self) -> Told {
        let (store, run) = (&self.session.app.store, run("x"));
        store.create(self.scope(), &run).await.unwrap();
        let ttl = Duration::from_secs(3600);
        let lease = RunStore::claim(&**store, self.scope(), run.run_id, "desk", at(0), ttl).await.unwrap();
        self.channel.begin(run.run_id, lease.last_seq);
        Told { lease }
    }

    /// Stores and tells so many events after `from`, with a chunk behind each.
    async fn tell(&self, told: &Told, from: u64, count: u64) {
        let run_id = told.lease.run_id;
        let frames: Vec<EventFrame> =
            (from + 1..=from + count).map(|seq| frame(run_id, seq, log("said"))).collect();
        let batch = RunBatch { frames: frames.clone(), ..RunBatch::default() };
        self.session.app.store.commit(self.scope(), &told.lease, &batch).await.unwrap();
        for stored in frames {
            let agent = "backend".parse().unwrap();
            let chunk = frame(run_id, stored.seq, RunEvent::TokenChunk { agent, chunk: "x".into() });
            self.session.app.hub.publish(&self.channel, stored);
            self.session.app.hub.publish(&self.channel, chunk);
        }
    }
}

/// Reads until each of these runs is as far as told; the places of their stored events.
async fn read<const N: usize>(
    feed: &mut BoxStream<'static, Result<Arc<EventFrame>, Problem>>,
    runs: [(&Told, u64); N],
) -> [Vec<u64>; N] {
    let mut seqs = [const { Vec::new() }; N];
    while runs.iter().zip(&seqs).any(|((_, to), seqs)| seqs.last() != Some(to)) {
        let frame = feed.next().await.unwrap().unwrap();
        let run = runs.iter().position(|(told, _)| told.lease.run_id == frame.run_id);
        if let Some(run) = run.filter(|_| frame.event.is_durable()) {
            seqs[run].push(frame.seq);
        }
    }
    seqs
}

fn counted(from: u64, to: u64) -> Vec<u64> {
    (from..=to).collect()
}

#[tokio::test]
async fn a_reader_who_slept_misses_nothing_and_reads_nothing_twice() {
    let world = World::new().await;
    let old = world.begin().await;
    world.tell(&old, 0, 3).await;
    let mut feed = world.session.feed();
    let new = world.begin().await;
    world.tell(&old, 3, 2_500).await;
    world.tell(&new, 0, 2_500).await;
    let both = read(&mut feed, [(&old, 2_503), (&new, 2_500)]).await;
    assert_eq!(both, [counted(4, 2_503), counted(1, 2_500)]);
    world.tell(&old, 2_503, 2).await;
    assert_eq!(read(&mut feed, [(&old, 2_505)]).await, [[2_504, 2_505]]);
}

#[tokio::test]
async fn a_reader_who_slept_for_too_long_is_told() {
    let world = World::new().await;
    let mut feed = world.session.feed();
    for _ in 0..=ENDED_RUNS {
        let told = RunId::generate();
        world.channel.begin(told, 0);
        for seq in 1..=5 {
            world.session.app.hub.publish(&world.channel, frame(told, seq, log("said")));
        }
        world.channel.end(told);
    }
    let problem = feed.next().await.unwrap().unwrap_err();
    assert!(problem.message.contains("too far behind"), "{problem:?}");
    assert!(feed.next().await.is_none());
}

#[tokio::test]
async fn organisations_follow_their_own_runs() {
    let world = World::new().await;
    let scope = Scope { org: "other".parse().unwrap(), user: "them".parse().unwrap() };
    let mut theirs = Session::new(world.session.app.clone(), scope).feed();
    let told = world.begin().await;
    world.tell(&told, 0, 3).await;
    assert!(futures::FutureExt::now_or_never(theirs.next()).is_none());
}
