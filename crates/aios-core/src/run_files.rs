//! The files of a run as stores keep them: one by one beside the run, since a run grows by one file at a time.

use aios_protocol::{AgentName, RunDetail};

/// A file that an agent of a run wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunFile {
    /// The agent, one of the run's nodes.
    pub agent: AgentName,
    /// The file, relative to the workspace.
    pub path: String,
}

/// Takes the lists of files out of a run, its own and those of its nodes.
pub fn take_files(run: &mut RunDetail) -> Vec<RunFile> {
    run.files.clear();
    let of_node = |node: &mut aios_protocol::NodeView| {
        let (agent, paths) = (node.agent.clone(), std::mem::take(&mut node.files));
        paths.into_iter().map(move |path| RunFile { agent: agent.clone(), path })
    };
    run.nodes.iter_mut().flat_map(of_node).collect()
}

/// Makes the lists of files of a run from these, each of which comes once: sorted, and a file of two agents once in the run's
/// own list.
pub fn put_files(run: &mut RunDetail, files: impl IntoIterator<Item = RunFile>) {
    run.files.clear();
    run.nodes.iter_mut().for_each(|node| node.files.clear());
    for RunFile { agent, path } in files {
        if let Some(node) = run.nodes.iter_mut().find(|node| node.agent == agent) {
            node.files.push(path.clone());
        }
        run.files.push(path);
    }
    run.nodes.iter_mut().for_each(|node| node.files.sort_unstable());
    run.files.sort_unstable();
    run.files.dedup();
}
