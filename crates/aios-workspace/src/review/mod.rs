//! What a run changed, and what a person decides about it, by hunk, by file, or all.
//!
//! What was before is kept; what is in the workspace now is compared with it. To keep a change is to make it part of what was
//! before; to reject one is to undo it in the workspace. So nothing else is to be remembered, and what the person edits
//! meanwhile counts as part of what is there.

mod hunks;
mod originals;
mod recorded;

use std::collections::BTreeMap;
use std::path::Path;

use aios_core::{FileError, Workspace, WorkspacePath};
use aios_protocol::{Decision, LineChange, ReviewedFile, RunId, RunReview};
use serde::{Deserialize, Serialize};

use self::hunks::Changes;
use self::originals::{Content, Originals};
pub use self::recorded::RecordedWorkspace;
use crate::disk::DiskWorkspace;

/// The largest content that is shown as text.
const MOST_TEXT: usize = 5 * 1024 * 1024;
/// What the last decision changed.
const UNDO: &str = "undo.json";

/// Why a review cannot be shown, or a decision not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// The place is not there any more.
    #[error("{0} has no such change any more; it was decided or edited meanwhile")]
    Gone(String),
    /// Nothing was decided, or what was decided about was edited since.
    #[error("the last decision cannot be taken back: {0}")]
    NoUndo(&'static str),
    /// A file of the workspace cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// What was before cannot be read or written.
    #[error("what was before the run cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
}

/// The changes of one run.
pub struct Review {
    files: DiskWorkspace,
    originals: Originals,
}

/// A file as a decision found it and left it.
#[derive(Serialize, Deserialize)]
struct Step {
    path: String,
    before: Content,
    was: Content,
    is: Content,
}

impl Review {
    /// The changes in a workspace since what `folder` holds.
    pub fn new(files: DiskWorkspace, folder: &Path) -> Self {
        Self { files, originals: Originals::new(folder) }
    }

    /// What is not decided yet.
    pub async fn changes(&self, run_id: RunId) -> Result<RunReview, ReviewError> {
        let mut files = Vec::new();
        let (mut added, mut removed) = (0, 0);
        for (path, before) in self.originals.all()? {
            let (before, after) = (self.originals.content(&before)?, self.current(&path).await?);
            if before == after {
                continue;
            }
            let file = shown(path, before.as_deref(), after.as_deref());
            for line in file.hunks.iter().flat_map(|hunk| &hunk.lines) {
                added += u64::from(line.change == LineChange::Added);
                removed += u64::from(line.change == LineChange::Removed);
            }
            files.push(file);
        }
        let can_undo = self.originals.note::<Vec<Step>>(UNDO)?.is_some_and(|steps| !steps.is_empty());
        Ok(RunReview { run_id, added, removed, files, can_undo })
    }

    /// Decides about one hunk of a file, a whole file, or all.
    pub async fn decide(
        &self,
        decision: Decision,
        path: Option<&str>,
        hunk: Option<&str>,
    ) -> Result<(), ReviewError> {
        if decision == Decision::Undo {
            return self.undo().await;
        }
        let mut all = self.originals.all()?;
        let paths: Vec<String> = match path {
            Some(path) if all.contains_key(path) => vec![path.to_owned()],
            Some(path) => return Err(ReviewError::Gone(path.to_owned())),
            None => all.keys().cloned().collect(),
        };
        let mut steps = Vec::new();
        for path in paths {
            let kept = all.get(&path).cloned().unwrap_or_default();
            let (before, after) = (self.originals.content(&kept)?, self.current(&path).await?);
            if before == after && hunk.is_none() {
                continue;
            }
            let (base, current) = decided(&path, decision, hunk, before, after.clone())?;
            let stored = |content: &Option<Vec<u8>>| {
                content.as_ref().map(|content| self.originals.store(content)).transpose()
            };
            steps.push(Step {
                path: path.clone(),
                before: kept,
                was: stored(&after)?,
                is: stored(&current)?,
            });
            all.insert(path, stored(&base)?);
        }
        // First what can be taken back, then what is done: a crash in between loses nothing.
        self.originals.put_note(UNDO, &steps)?;
        for step in &steps {
            self.write(&step.path, &step.is).await?;
        }
        Ok(self.originals.replace(&all)?)
    }

    async fn undo(&self) -> Result<(), ReviewError> {
        let steps: Vec<Step> = self.originals.note(UNDO)?.unwrap_or_default();
        if steps.is_empty() {
            return Err(ReviewError::NoUndo("nothing was decided"));
        }
        for step in &steps {
            let now = self.current(&step.path).await?;
            // A crash may have left some undone.
            if now != self.originals.content(&step.is)? && now != self.originals.content(&step.was)? {
                return Err(ReviewError::NoUndo("a file was edited since"));
            }
        }
        let mut all: BTreeMap<String, Content> = self.originals.all()?;
        for step in steps {
            self.write(&step.path, &step.was).await?;
            all.insert(step.path, step.before);
        }
        self.originals.replace(&all)?;
        Ok(self.originals.put_note(UNDO, &Vec::<Step>::new())?)
    }

    /// What is in a file now; nothing where there is none, or one that is not shown to anybody.
    async fn current(&self, path: &str) -> Result<Option<Vec<u8>>, ReviewError> {
        match self.files.read(&parsed(path)?).await {
            Ok(content) => Ok(Some(content)),
            Err(FileError::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn write(&self, path: &str, content: &Content) -> Result<(), ReviewError> {
        let (file, content) = (parsed(path)?, self.originals.content(content)?);
        if content == self.current(path).await? {
            return Ok(());
        }
        match content {
            Some(content) => self.files.write(&file, &content).await.map(|_| ())?,
            None => self.files.remove(&file).await?,
        }
        Ok(())
    }
}

fn parsed(path: &str) -> Result<WorkspacePath, ReviewError> {
    // The list holds what agents wrote, so only one that was tampered with is refused here.
    WorkspacePath::new(path).map_err(|_| ReviewError::Gone(path.to_owned()))
}

type Contents = (Option<Vec<u8>>, Option<Vec<u8>>);

/// What counts as before, and what is in the workspace, once it is decided.
fn decided(
    path: &str,
    decision: Decision,
    hunk: Option<&str>,
    before: Option<Vec<u8>>,
    after: Option<Vec<u8>>,
) -> Result<Contents, ReviewError> {
    let is_kept = decision == Decision::Keep;
    let Some(id) = hunk else {
        return Ok(if is_kept { (after.clone(), after) } else { (before.clone(), before) });
    };
    let (old, new) = (before.as_deref().unwrap_or_default(), after.as_deref().unwrap_or_default());
    let changes = Changes::between(old, new);
    let hunks = changes.hunks();
    let index = hunks.iter().position(|known| known.id == id);
    let index = index.ok_or_else(|| ReviewError::Gone(path.to_owned()))?;
    let spliced = if is_kept { changes.taken(index) } else { changes.undone(index) };
    // The only one is the whole change: a file comes or goes with it.
    match (hunks.len(), is_kept) {
        (1, true) => Ok((after.clone(), after)),
        (1, false) => Ok((before.clone(), before)),
        (_, true) => Ok((spliced, after)),
        (_, false) => Ok((before, spliced)),
    }
}

fn shown(path: String, before: Option<&[u8]>, after: Option<&[u8]>) -> ReviewedFile {
    let is_text = |content: &[u8]| content.len() <= MOST_TEXT && !content.contains(&0);
    let binary = !before.is_none_or(is_text) || !after.is_none_or(is_text);
    let hunks = match binary {
        true => Vec::new(),
        false => Changes::between(before.unwrap_or_default(), after.unwrap_or_default()).hunks(),
    };
    let text = |content: Option<&[u8]>| {
        content.filter(|_| !binary).map(|content| String::from_utf8_lossy(content).into_owned())
    };
    ReviewedFile { path, before: text(before), after: text(after), binary, hunks }
}
