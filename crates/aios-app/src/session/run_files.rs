//! The files of a run's workspace, for whoever takes them all along.

use std::path::PathBuf;

use aios_core::RunStore;
use aios_protocol::{ErrorCode, Problem, RunId};
use aios_workspace::DiskWorkspace;

use super::Session;
use crate::problem;

/// The files of one run, without what is ignored, generated or secret. Links are not followed.
pub struct RunFiles {
    workspace: DiskWorkspace,
}

impl RunFiles {
    /// Hands each file to `each`: its path, its size and its content. Blocks; ends early with the first error of `each`.
    pub fn each<E>(
        &self,
        mut each: impl FnMut(&str, u64, &mut dyn std::io::Read) -> Result<(), E>,
    ) -> Result<(), E> {
        self.workspace.export(|path, bytes, content| each(path.as_str(), bytes, content))
    }
}

impl Session {
    /// Opens the workspace of a run, to take its files along.
    pub async fn run_files(&self, run_id: RunId) -> Result<RunFiles, Problem> {
        let run = RunStore::get(&*self.app.store, &self.scope, run_id).await;
        let folder = PathBuf::from(run.map_err(|error| problem::store(&error))?.dir);
        let opened = tokio::task::spawn_blocking(move || DiskWorkspace::open(&folder)).await;
        let opened = opened.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
        let workspace = opened.map_err(|error| {
            Problem::new(ErrorCode::NotFound, format!("the files of run {run_id} cannot be opened: {error}"))
        })?;
        Ok(RunFiles { workspace })
    }
}
