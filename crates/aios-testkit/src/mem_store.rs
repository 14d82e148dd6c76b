//! The store ports in memory, for tests that are not about storing. It passes the same suite as the real one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aios_core::{
    Checkpoint, EventStore, Lease, ProjectStore, RunBatch, RunDirectory, RunFile, RunOp, RunOps, RunQuery,
    RunSlice, RunStore, Scope, StoreError, put_files, take_files,
};
use aios_protocol::{
    EventFrame, OrgId, ProjectId, ProjectState, RunDetail, RunEvent, RunId, RunStatus, Timestamp,
};
use async_trait::async_trait;

/// Runs, events, mail and projects, gone when it is dropped.
#[derive(Debug, Default)]
pub struct MemStore {
    tables: Mutex<Tables>,
}

#[derive(Debug, Default)]
struct Tables {
    runs: BTreeMap<RunId, Run>,
    projects: BTreeMap<(OrgId, ProjectId), (Timestamp, ProjectState)>,
}

#[derive(Debug)]
struct Run {
    org: OrgId,
    /// Without its lists of files.
    detail: RunDetail,
    files: BTreeSet<RunFile>,
    events: Vec<EventFrame>,
    checkpoint: Option<Checkpoint>,
    holder: Option<String>,
    expires_at: Timestamp,
    generation: u64,
    ops: Vec<RunOp>,
    by_server: bool,
}

impl MemStore {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_run<T>(
        &self,
        scope: &Scope,
        run_id: RunId,
        work: impl FnOnce(&mut Run) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.tables().runs.get_mut(&run_id).filter(|run| run.org == scope.org) {
            Some(run) => work(run),
            None => Err(StoreError::NotFound { what: "run", id: run_id.to_string() }),
        }
    }

    fn with_lease<T>(
        &self,
        scope: &Scope,
        lease: &Lease,
        work: impl FnOnce(&mut Run) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.with_run(scope, lease.run_id, |run| {
            if run.holder.as_ref() == Some(&lease.holder) && run.generation == lease.generation {
                return work(run);
            }
            Err(StoreError::LeaseLost { run_id: lease.run_id })
        })
    }
}

#[async_trait]
impl RunStore for MemStore {
    async fn create(&self, scope: &Scope, run: &RunDetail) -> Result<(), StoreError> {
        let runs = &mut self.tables().runs;
        if runs.contains_key(&run.run_id) {
            return Err(StoreError::Exists { what: "run", id: run.run_id.to_string() });
        }
        let mut detail = run.clone();
        let stored = Run {
            org: scope.org.clone(),
            files: take_files(&mut detail).into_iter().collect(),
            detail,
            events: Vec::new(),
            checkpoint: None,
            holder: None,
            expires_at: Timestamp::from_micros(0),
            generation: 0,
            ops: Vec::new(),
            by_server: false,
        };
        runs.insert(run.run_id, stored);
        Ok(())
    }

    async fn get(&self, scope: &Scope, run_id: RunId) -> Result<RunDetail, StoreError> {
        self.with_run(scope, run_id, |run| Ok(run.detail()))
    }

    async fn list(&self, scope: &Scope, query: &RunQuery) -> Result<RunSlice, StoreError> {
        let tables = self.tables();
        let mut found = tables.runs.values().rev().filter(|run| run.org == scope.org && run.answers(query));
        let runs = found.by_ref().take(query.limit).map(Run::detail).collect();
        Ok(RunSlice { runs, more: found.next().is_some() })
    }

    async fn claim(
        &self,
        scope: &Scope,
        run_id: RunId,
        holder: &str,
        now: Timestamp,
        ttl: Duration,
    ) -> Result<Lease, StoreError> {
        self.with_run(scope, run_id, |run| {
            if let Some(other) = run.holder_at(now).filter(|other| other != holder) {
                return Err(StoreError::Held { run_id, holder: other });
            }
            run.holder = Some(holder.to_owned());
            run.expires_at = now.plus(ttl);
            run.generation += 1;
            Ok(Lease {
                run_id,
                holder: holder.to_owned(),
                generation: run.generation,
                last_seq: run.last_seq(),
            })
        })
    }

    async fn renew(
        &self,
        scope: &Scope,
        lease: &Lease,
        now: Timestamp,
        ttl: Duration,
    ) -> Result<(), StoreError> {
        self.with_lease(scope, lease, |run| {
            run.expires_at = now.plus(ttl);
            Ok(())
        })
    }

    async fn release(&self, scope: &Scope, lease: &Lease) -> Result<(), StoreError> {
        self.with_lease(scope, lease, |run| {
            run.holder = None;
            Ok(())
        })
    }

    async fn evict(&self, scope: &Scope, run_id: RunId, holder: &str) -> Result<(), StoreError> {
        self.with_run(scope, run_id, |run| {
            run.holder.take_if(|other| other == holder);
            Ok(())
        })
    }

    async fn attend(&self, scope: &Scope, run_id: RunId, by_server: bool) -> Result<(), StoreError> {
        self.with_run(scope, run_id, |run| {
            run.by_server = by_server;
            Ok(())
        })
    }

    async fn holder(
        &self,
        scope: &Scope,
        run_id: RunId,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        self.with_run(scope, run_id, |run| Ok(run.holder_at(now)))
    }

    async fn commit(&self, scope: &Scope, lease: &Lease, batch: &RunBatch) -> Result<(), StoreError> {
        self.with_lease(scope, lease, |run| {
            check_batch(lease.run_id, run.last_seq(), batch)?;
            run.events.extend(batch.frames.iter().cloned());
            run.files.extend(batch.files.iter().cloned());
            if let Some(detail) = &batch.run {
                run.detail = detail.clone();
            }
            run.checkpoint = batch.checkpoint.clone().or_else(|| run.checkpoint.take());
            Ok(())
        })
    }

    async fn checkpoint(&self, scope: &Scope, run_id: RunId) -> Result<Option<Checkpoint>, StoreError> {
        self.with_run(scope, run_id, |run| Ok(run.checkpoint.clone()))
    }
}

#[async_trait]
impl RunDirectory for MemStore {
    async fn unfinished(&self) -> Result<Vec<(OrgId, RunId)>, StoreError> {
        let tables = self.tables();
        let goes_on = |run: &&Run| {
            run.by_server && !run.detail.status.is_over() && run.detail.status != RunStatus::Paused
        };
        let left = tables.runs.values().filter(goes_on);
        Ok(left.map(|run| (run.org.clone(), run.detail.run_id)).collect())
    }

    async fn counts(&self) -> Result<Vec<(RunStatus, u64)>, StoreError> {
        let mut counts: Vec<(RunStatus, u64)> = Vec::new();
        for run in self.tables().runs.values() {
            match counts.iter_mut().find(|(status, _)| *status == run.detail.status) {
                Some((_, count)) => *count += 1,
                None => counts.push((run.detail.status, 1)),
            }
        }
        Ok(counts)
    }
}

#[async_trait]
impl EventStore for MemStore {
    async fn after(
        &self,
        scope: &Scope,
        run_id: RunId,
        seq: u64,
        limit: usize,
    ) -> Result<Vec<EventFrame>, StoreError> {
        self.with_run(scope, run_id, |run| {
            Ok(run.events.iter().filter(|frame| frame.seq > seq).take(limit).cloned().collect())
        })
    }
}

#[async_trait]
impl RunOps for MemStore {
    async fn post(&self, scope: &Scope, run_id: RunId, op: &RunOp, _at: Timestamp) -> Result<(), StoreError> {
        self.with_run(scope, run_id, |run| {
            run.ops.push(op.clone());
            Ok(())
        })
    }

    async fn take(&self, scope: &Scope, run_id: RunId) -> Result<Vec<RunOp>, StoreError> {
        self.with_run(scope, run_id, |run| Ok(std::mem::take(&mut run.ops)))
    }
}

#[async_trait]
impl ProjectStore for MemStore {
    async fn get(&self, scope: &Scope, project_id: &ProjectId) -> Result<Option<ProjectState>, StoreError> {
        let key = (scope.org.clone(), project_id.clone());
        Ok(self.tables().projects.get(&key).map(|(_, state)| state.clone()))
    }

    async fn list(&self, scope: &Scope) -> Result<Vec<ProjectState>, StoreError> {
        let tables = self.tables();
        let mut found: Vec<_> = tables
            .projects
            .iter()
            .filter(|((org, _), _)| *org == scope.org)
            .map(|(_, stored)| stored)
            .collect();
        found.sort_by_key(|(used_at, _)| std::cmp::Reverse(*used_at));
        Ok(found.into_iter().map(|(_, state)| state.clone()).collect())
    }

    async fn put(&self, scope: &Scope, state: &ProjectState, at: Timestamp) -> Result<(), StoreError> {
        let key = (scope.org.clone(), state.project_id.clone());
        self.tables().projects.insert(key, (at, state.clone()));
        Ok(())
    }
}

impl Run {
    fn detail(&self) -> RunDetail {
        let mut detail = self.detail.clone();
        put_files(&mut detail, self.files.iter().cloned());
        detail
    }

    fn holder_at(&self, now: Timestamp) -> Option<String> {
        self.holder.clone().filter(|_| self.expires_at > now)
    }

    fn last_seq(&self) -> u64 {
        self.events.last().map_or(0, |frame| frame.seq)
    }

    fn answers(&self, query: &RunQuery) -> bool {
        query.status.is_none_or(|status| status == self.detail.status)
            && (query.project_id.is_none() || query.project_id == self.detail.project_id)
            && query.before.is_none_or(|before| self.detail.run_id < before)
            && query.search.as_ref().is_none_or(|search| self.mentions(search))
    }

    /// Whether each word of the search stands in one of the run's texts, the last as the beginning of a word.
    fn mentions(&self, search: &str) -> bool {
        let texts: Vec<Vec<String>> = std::iter::once(self.detail.objective.as_str())
            .chain(self.events.iter().filter_map(|frame| text_of(&frame.event)))
            .map(tokens)
            .collect();
        let words: Vec<Vec<String>> =
            search.split_whitespace().map(tokens).filter(|tokens| !tokens.is_empty()).collect();
        words.iter().enumerate().all(|(at, word)| {
            let open_ended = at + 1 == words.len();
            texts.iter().any(|text| text.windows(word.len()).any(|part| stands_for(part, word, open_ended)))
        })
    }
}

fn stands_for(part: &[String], word: &[String], open_ended: bool) -> bool {
    let Some(((part_last, part), (word_last, word))) = part.split_last().zip(word.split_last()) else {
        return false;
    };
    part == word && (part_last == word_last || open_ended && part_last.starts_with(word_last.as_str()))
}

fn tokens(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn text_of(event: &RunEvent) -> Option<&str> {
    match event {
        RunEvent::Log { message: text, .. }
        | RunEvent::NodeCompleted { summary: text, .. }
        | RunEvent::NodeFailed { reason: text, .. }
        | RunEvent::RunFailed { reason: text, .. } => Some(text),
        _ => None,
    }
}

fn check_batch(run_id: RunId, last_seq: u64, batch: &RunBatch) -> Result<(), StoreError> {
    for (expected, frame) in (last_seq + 1..).zip(&batch.frames) {
        if frame.run_id != run_id || frame.seq != expected || !frame.event.is_durable() {
            let detail = format!("run {run_id}: event {} came where {expected} is next", frame.seq);
            return Err(StoreError::Corrupt { what: "event", detail });
        }
    }
    match &batch.run {
        Some(run) if run.run_id != run_id => Err(StoreError::Corrupt {
            what: "run",
            detail: format!("run {} came with the lease of run {run_id}", run.run_id),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
crate::store_conformance!(Box::new(MemStore::default()));
