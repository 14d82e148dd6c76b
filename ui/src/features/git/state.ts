/** The sections of the changes view. Pure. */
import type { GitChange, GitFile, GitState } from "$/protocol/protocol";

export interface Change {
  path: string;
  oldPath: string | null;
  change: GitChange;
  section: "conflicts" | "staged" | "unstaged";
}

export function sections(state: GitState): { conflicts: Change[]; staged: Change[]; unstaged: Change[] } {
  const of = (file: GitFile, change: GitChange, section: Change["section"]): Change => ({
    path: file.path,
    oldPath: file.old_path,
    change,
    section,
  });
  const result = { conflicts: [] as Change[], staged: [] as Change[], unstaged: [] as Change[] };
  for (const file of state.files) {
    if (file.conflicted) {
      result.conflicts.push(of(file, file.unstaged ?? file.staged ?? "modified", "conflicts"));
      continue;
    }
    if (file.staged) result.staged.push(of(file, file.staged, "staged"));
    if (file.unstaged) result.unstaged.push(of(file, file.unstaged, "unstaged"));
  }
  return result;
}

/** Whether a commit would hold something, and whether everything has to be staged first. */
export function commitPlan(state: GitState | undefined): "staged" | "all" | "nothing" {
  if (!state?.repository) return "nothing";
  const { conflicts, staged, unstaged } = sections(state);
  if (conflicts.length > 0) return "nothing";
  if (staged.length > 0) return "staged";
  return unstaged.length > 0 ? "all" : "nothing";
}
