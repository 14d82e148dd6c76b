/**
 * Cmd+K in the editor: a prompt above the selection, the model's change drawn in place, and choices at each hunk. The
 * text changes once, when the edit is accepted.
 */
import { type Extension, Prec, type Range, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, WidgetType } from "@codemirror/view";
import { mount, unmount } from "svelte";
import { t } from "$/messages";
import { around } from "./context";
import EditPrompt from "./EditPrompt.svelte";
import {
  allDecided,
  asked,
  begun,
  decided,
  type Edit,
  failed,
  finished,
  result,
  stopped,
  written,
} from "./edit";
import { PromptState } from "./prompt.svelte";

export interface EditRequest {
  path: string;
  code: string;
  instruction: string;
  before: string;
  after: string;
}

export interface EditSource {
  path: string;
  ask: (
    request: EditRequest,
    on: { text: (soFar: string) => void; done: (code: string) => void; failed: (why: string) => void },
  ) => () => void;
  /** Goes on in the chat, with what was asked here. */
  escalate: (instruction: string) => void;
}

/** An edit at its place in the text: whole lines. */
interface Placed {
  edit: Edit;
  from: number;
  to: number;
  prompt: PromptState;
}

const setEdit = StateEffect.define<Placed | null>();

const field = StateField.define<Placed | null>({
  create: () => null,
  update(placed, transaction) {
    for (const effect of transaction.effects) if (effect.is(setEdit)) return effect.value;
    if (!placed || !transaction.docChanged) return placed;
    // A change inside of what is being edited ends the edit: it was made for another text.
    const touched = transaction.changes.touchesRange(placed.from, placed.to);
    if (touched) return null;
    return {
      ...placed,
      from: transaction.changes.mapPos(placed.from, 1),
      to: transaction.changes.mapPos(placed.to, -1),
    };
  },
});

export const editing = (view: EditorView): boolean => view.state.field(field, false) != null;

export function editPrompt(source: EditSource): Extension {
  let stop: () => void = () => {};

  const placed = (view: EditorView): Placed | null => view.state.field(field);
  const update = (view: EditorView, change: (edit: Edit) => Edit) => {
    const now = placed(view);
    if (!now) return;
    const edit = change(now.edit);
    now.prompt.show(edit);
    view.dispatch({ effects: setEdit.of({ ...now, edit }) });
  };

  const close = (view: EditorView) => {
    stop();
    view.dispatch({ effects: setEdit.of(null) });
    view.focus();
  };

  const commit = (view: EditorView, openCounts: boolean) => {
    const now = placed(view);
    if (!now) return false;
    const text = result(now.edit, openCounts);
    stop();
    view.dispatch({
      changes: { from: now.from, to: now.to, insert: text },
      selection: { anchor: now.from + text.length },
      effects: setEdit.of(null),
      userEvent: "input.edit",
    });
    view.focus();
    return true;
  };

  const decide = (view: EditorView, at: number, choice: "kept" | "rejected") => {
    update(view, (edit) => decided(edit, at, choice));
    const now = placed(view);
    if (now && allDecided(now.edit)) commit(view, false);
  };

  const submit = (view: EditorView, instruction: string) => {
    const now = placed(view);
    if (!now) return;
    stop();
    update(view, (edit) => asked(edit, instruction));
    const edit = placed(view)?.edit;
    if (!edit) return;
    const { generation } = edit;
    const { doc } = view.state;
    const stream = source.ask(
      {
        path: source.path,
        // A refinement works on what the last one made.
        code: edit.proposed.join("\n"),
        instruction: edit.instructions.join("\n"),
        before: around(doc, now.from).prefix,
        after: around(doc, now.to).suffix,
      },
      {
        text: (soFar) => update(view, (each) => written(each, generation, soFar)),
        done: (code) => update(view, (each) => finished(each, generation, code)),
        failed: (why) => update(view, (each) => failed(each, generation, why)),
      },
    );
    stop = () => {
      stop = () => {};
      stream();
    };
  };

  const open = (view: EditorView) => {
    if (view.state.readOnly) return false;
    const { main } = view.state.selection;
    const first = view.state.doc.lineAt(main.from);
    const endsAtStart = !main.empty && view.state.doc.lineAt(main.to).from === main.to;
    const last = view.state.doc.lineAt(endsAtStart ? main.to - 1 : main.to);
    const original = view.state.sliceDoc(first.from, last.to);
    const prompt = new PromptState(
      original.trim() === "" ? t.editor.inline.generatePlaceholder : t.editor.inline.promptPlaceholder,
      {
        submit: (instruction) => submit(view, instruction),
        accept: () => commit(view, true),
        reject: () => close(view),
        stop: () => {
          stop();
          update(view, stopped);
        },
        escalate: (instruction) => {
          close(view);
          source.escalate(instruction);
        },
      },
    );
    view.dispatch({ effects: setEdit.of({ edit: begun(original), from: first.from, to: last.to, prompt }) });
    return true;
  };

  const marks = EditorView.decorations.compute([field, "doc"], (state) => {
    const now = state.field(field);
    return now ? draw(now, state.doc, decide) : Decoration.none;
  });

  return [
    field,
    marks,
    Prec.high(
      keymap.of([
        { key: "Mod-k", run: open, preventDefault: true },
        { key: "Mod-Enter", run: (view) => (placed(view) ? commit(view, true) : false) },
        {
          key: "Escape",
          run: (view) => {
            if (!placed(view)) return false;
            close(view);
            return true;
          },
        },
      ]),
    ),
  ];
}

function draw(
  now: Placed,
  doc: Text,
  decide: (view: EditorView, at: number, choice: "kept" | "rejected") => void,
): DecorationSet {
  const ranges: Range<Decoration>[] = [
    Decoration.widget({ widget: new Prompt(now.prompt), side: -1, block: true }).range(now.from),
  ];
  const first = doc.lineAt(now.from).number;
  const gone = new Set<number>();
  now.edit.hunks.forEach((hunk, at) => {
    if (hunk.choice === "rejected") return;
    for (let line = hunk.fromOld; line < hunk.toOld; line += 1) gone.add(first + line);
    const empty = now.edit.original.length === 1 && now.edit.original[0] === "";
    const anchor = hunk.toOld > 0 && !empty ? doc.line(first + hunk.toOld - 1).to : now.from;
    const choosing = now.edit.phase === "reviewing" && hunk.choice === "open";
    const widget = new Inserted(hunk.lines.join("\n"), choosing ? at : null, decide);
    ranges.push(
      Decoration.widget({ widget, side: hunk.toOld > 0 && !empty ? 1 : -1, block: true }).range(anchor),
    );
  });
  const last = doc.lineAt(now.to).number;
  for (let line = first; line <= last; line += 1) {
    const name = gone.has(line) ? "cm-edit-gone" : "cm-edit-range";
    ranges.push(Decoration.line({ class: name }).range(doc.line(line).from));
  }
  return Decoration.set(ranges, true);
}

class Prompt extends WidgetType {
  constructor(readonly prompt: PromptState) {
    super();
  }
  override eq(other: Prompt): boolean {
    return other.prompt === this.prompt;
  }
  toDOM(): HTMLElement {
    const host = document.createElement("div");
    const component = mount(EditPrompt, { target: host, props: { prompt: this.prompt } });
    destroyers.set(host, () => void unmount(component));
    return host;
  }
  override destroy(dom: HTMLElement): void {
    destroyers.get(dom)?.();
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

const destroyers = new WeakMap<HTMLElement, () => void>();

class Inserted extends WidgetType {
  constructor(
    readonly text: string,
    readonly choice: number | null,
    readonly decide: (view: EditorView, at: number, choice: "kept" | "rejected") => void,
  ) {
    super();
  }
  override eq(other: Inserted): boolean {
    return other.text === this.text && other.choice === this.choice;
  }
  toDOM(view: EditorView): HTMLElement {
    const box = document.createElement("div");
    const code = document.createElement("div");
    code.className = "cm-edit-new";
    code.textContent = this.text;
    if (this.text !== "") box.append(code);
    if (this.choice !== null) {
      const at = this.choice;
      const choices = document.createElement("div");
      choices.className = "cm-edit-choices";
      const { inline } = t.editor;
      for (const [label, choice] of [
        [inline.rejectHunk, "rejected"],
        [inline.acceptHunk, "kept"],
      ] as const) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = label;
        button.addEventListener("click", () => this.decide(view, at, choice));
        choices.append(button);
      }
      box.append(choices);
    }
    return box;
  }
  override ignoreEvent(): boolean {
    return true;
  }
}
