/** What the prompt above an edit shows; the editor's side tells it. */
import type { Edit, EditPhase } from "./edit";

export interface PromptActs {
  submit: (instruction: string) => void;
  accept: () => void;
  reject: () => void;
  stop: () => void;
  escalate: (instruction: string) => void;
}

export class PromptState {
  phase = $state<EditPhase>("asking");
  changes = $state(0);
  problem = $state<string | null>(null);
  last = $state("");
  readonly placeholder: string;
  readonly acts: PromptActs;

  constructor(placeholder: string, acts: PromptActs) {
    this.placeholder = placeholder;
    this.acts = acts;
  }

  show(edit: Edit): void {
    this.phase = edit.phase;
    this.changes = edit.hunks.length;
    this.problem = edit.problem;
    this.last = edit.instructions.at(-1) ?? "";
  }
}
