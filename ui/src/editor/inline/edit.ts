/**
 * An edit by the model (Cmd+K): a pure state machine. The text itself is untouched until the edit is accepted; then it
 * changes once, so that one undo takes all of it back.
 */
import { applyHunks, type LineHunk, lineHunks } from "$/lib/line_diff";

export type Choice = "open" | "kept" | "rejected";

export interface EditHunk extends LineHunk {
  choice: Choice;
}

export type EditPhase = "asking" | "streaming" | "reviewing" | "failed";

export interface Edit {
  phase: EditPhase;
  /** Answers of an older generation are dropped: the user refined or stopped meanwhile. */
  generation: number;
  original: string[];
  /** What was asked so far; a refinement builds on the text that the last one made. */
  instructions: string[];
  /** The text that the model has written, line by line. */
  proposed: string[];
  hunks: EditHunk[];
  problem: string | null;
}

export function begun(original: string): Edit {
  const lines = original.split("\n");
  return {
    phase: "asking",
    generation: 0,
    original: lines,
    instructions: [],
    proposed: lines,
    hunks: [],
    problem: null,
  };
}

/** An instruction was given: the first one, or one that refines. */
export function asked(edit: Edit, instruction: string): Edit {
  return {
    ...edit,
    phase: "streaming",
    generation: edit.generation + 1,
    instructions: [...edit.instructions, instruction],
    problem: null,
  };
}

/** More was written: `text` is all of it so far. What is not written yet counts as unchanged. */
export function written(edit: Edit, generation: number, text: string): Edit {
  if (generation !== edit.generation || edit.phase !== "streaming") return edit;
  const done = text.split("\n").slice(0, -1);
  if (done.length === 0) return edit;
  const partial = [...done, ...tail(edit.original, done)];
  return { ...edit, hunks: undecided(lineHunks(edit.original, partial)) };
}

/** The lines of the original that follow the last written line, as far as that can be told. */
function tail(original: string[], done: string[]): string[] {
  const last = done.at(-1);
  for (let at = Math.max(0, done.length - 1); at < original.length; at += 1) {
    if (original[at] === last) return original.slice(at + 1);
  }
  return original.slice(Math.min(done.length, original.length));
}

export function finished(edit: Edit, generation: number, text: string): Edit {
  if (generation !== edit.generation) return edit;
  const proposed = text.split("\n");
  return { ...edit, phase: "reviewing", proposed, hunks: undecided(lineHunks(edit.original, proposed)) };
}

export function failed(edit: Edit, generation: number, problem: string): Edit {
  return generation === edit.generation ? { ...edit, phase: "failed", problem } : edit;
}

/** The user stopped it; what was there before stays. */
export function stopped(edit: Edit): Edit {
  const hunks = undecided(lineHunks(edit.original, edit.proposed));
  return {
    ...edit,
    phase: hunks.length > 0 ? "reviewing" : "asking",
    generation: edit.generation + 1,
    hunks,
  };
}

function undecided(hunks: LineHunk[]): EditHunk[] {
  return hunks.map((hunk) => ({ ...hunk, choice: "open" }));
}

export function decided(edit: Edit, at: number, choice: Choice): Edit {
  return { ...edit, hunks: edit.hunks.map((hunk, index) => (index === at ? { ...hunk, choice } : hunk)) };
}

export function allDecided(edit: Edit): boolean {
  return edit.phase === "reviewing" && edit.hunks.every((hunk) => hunk.choice !== "open");
}

/** The text with everything but what was rejected; `open` hunks count as kept where all is accepted. */
export function result(edit: Edit, openCounts: boolean): string {
  const taken = edit.hunks.filter((hunk) => hunk.choice === "kept" || (openCounts && hunk.choice === "open"));
  return applyHunks(edit.original, taken).join("\n");
}
