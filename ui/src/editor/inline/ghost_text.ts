/** Tab in the editor: draws what the state machine offers, asks when it wants an answer, and takes accepts. */
import { completionStatus } from "@codemirror/autocomplete";
import { getIndentation } from "@codemirror/language";
import { type EditorState, type Extension, Prec, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";
import { CompletionCache } from "./cache";
import { around } from "./context";
import { type Amount, accepted, arrived, dropped, type Ghost, NOTHING, tabAccepts, typed } from "./ghost";

export interface Asking {
  path: string;
  prefix: string;
  suffix: string;
}

/** What Tab needs from outside. */
export interface GhostSource {
  path: string;
  mode: () => "eager" | "subtle" | "off";
  debounceMs: () => number;
  /** Asks for a completion; `onText` gets all of it so far, each time. Answers how to stop. */
  ask: (asking: Asking, onText: (text: string, last: boolean) => void) => () => void;
  measured: (ms: number) => void;
}

const setGhost = StateEffect.define<Ghost>();

const field = StateField.define<Ghost>({
  create: () => NOTHING,
  update(ghost, transaction) {
    for (const effect of transaction.effects) if (effect.is(setGhost)) return effect.value;
    return ghost;
  },
  provide: (from) => EditorView.decorations.from(from, decorations),
});

class Inline extends WidgetType {
  constructor(readonly text: string) {
    super();
  }
  override eq(other: Inline): boolean {
    return other.text === this.text;
  }
  toDOM(): HTMLElement {
    const span = document.createElement("span");
    span.className = "cm-ghost";
    span.textContent = this.text;
    return span;
  }
}

class Below extends WidgetType {
  constructor(readonly text: string) {
    super();
  }
  override eq(other: Below): boolean {
    return other.text === this.text;
  }
  toDOM(): HTMLElement {
    const div = document.createElement("div");
    div.className = "cm-ghost cm-ghost-block";
    div.textContent = this.text;
    return div;
  }
  override get estimatedHeight(): number {
    return this.text.split("\n").length * 20;
  }
}

function decorations({ shown }: Ghost): DecorationSet {
  if (!shown) return Decoration.none;
  const cut = shown.text.indexOf("\n");
  const first = cut < 0 ? shown.text : shown.text.slice(0, cut);
  const marks = [Decoration.widget({ widget: new Inline(first), side: 1 }).range(shown.at)];
  if (cut >= 0) {
    const below = new Below(shown.text.slice(cut + 1));
    marks.push(Decoration.widget({ widget: below, side: 2, block: true }).range(shown.at));
  }
  return Decoration.set(marks, true);
}

/** What is offered now; for tests and for whoever draws a hint. */
export const offered = (state: EditorState): string | null => state.field(field, false)?.shown?.text ?? null;

export function ghostText(source: GhostSource): Extension {
  const cache = new CompletionCache();

  const plugin = ViewPlugin.fromClass(
    class {
      #stop: () => void = () => {};
      #timer: ReturnType<typeof setTimeout> | undefined;
      readonly view: EditorView;

      constructor(view: EditorView) {
        this.view = view;
      }

      update(update: ViewUpdate): void {
        if (update.transactions.some((each) => each.isUserEvent("input.complete.ghost"))) return;
        const ghost = update.state.field(field);
        if (update.docChanged) {
          const input = update.transactions.some((each) => each.isUserEvent("input.type"));
          const one = single(update);
          const step =
            input && one ? typed(ghost, one.from, one.text) : { ghost: dropped(ghost), ask: input };
          if (step.ghost.generation !== ghost.generation) this.quiet();
          this.set(step.ghost);
          if (step.ask) queueMicrotask(() => this.wanted("eager"));
        } else if (update.selectionSet || (update.focusChanged && !this.view.hasFocus)) {
          if (ghost.shown || this.#timer) {
            this.quiet();
            this.set(dropped(ghost));
          }
        }
      }

      /** Decorations may not change within an update. */
      set(ghost: Ghost): void {
        queueMicrotask(() => this.view.dispatch({ effects: setGhost.of(ghost) }));
      }

      quiet(): void {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#stop();
        this.#stop = () => {};
      }

      /** An answer is wanted: the cache is asked at once, the model once the keys rest. */
      wanted(because: "eager" | "subtle"): void {
        const { state } = this.view;
        const { main } = state.selection;
        const mode = source.mode();
        if (mode === "off" || (mode === "subtle" && because === "eager")) return;
        if (!main.empty || state.selection.ranges.length > 1 || state.readOnly) return;
        const begun = performance.now();
        const place = around(state.doc, main.head);
        const known = cache.get(source.path, place.prefix, place.suffix);
        const { generation } = state.field(field);
        if (known !== null) {
          this.set(arrived(state.field(field), generation, main.head, "", known));
          source.measured(performance.now() - begun);
          return;
        }
        this.quiet();
        this.#timer = setTimeout(
          () => this.ask(generation, main.head, place, begun),
          because === "subtle" ? 0 : source.debounceMs(),
        );
      }

      ask(generation: number, at: number, place: { prefix: string; suffix: string }, begun: number): void {
        this.#timer = undefined;
        let first = true;
        this.#stop = source.ask({ path: source.path, ...place }, (text, last) => {
          if (first && text !== "") {
            first = false;
            source.measured(performance.now() - begun);
          }
          if (last) cache.put(source.path, place.prefix, place.suffix, text);
          const ghost = this.view.state.field(field);
          const { head } = this.view.state.selection.main;
          if (generation !== ghost.generation || head < at) return;
          const since = this.view.state.sliceDoc(at, head);
          this.view.dispatch({ effects: setGhost.of(arrived(ghost, generation, at, since, text)) });
        });
      }

      destroy(): void {
        this.quiet();
      }
    },
  );

  const accept = (amount: Amount) => (view: EditorView) => {
    const step = accepted(view.state.field(field), amount);
    if (!step) return false;
    const end = step.at + step.insert.length;
    view.dispatch({
      changes: { from: step.at, insert: step.insert },
      selection: { anchor: end },
      effects: setGhost.of(step.ghost),
      userEvent: "input.complete.ghost",
      scrollIntoView: true,
    });
    // All of it was taken: the next one is fetched before it is asked for.
    if (!step.ghost.shown) view.plugin(plugin)?.wanted("eager");
    return true;
  };

  const dismiss = (view: EditorView) => {
    const ghost = view.state.field(field);
    if (!ghost.shown) return false;
    view.plugin(plugin)?.quiet();
    view.dispatch({ effects: setGhost.of(dropped(ghost)) });
    return true;
  };

  const tab = (view: EditorView) => {
    const { state } = view;
    const line = state.doc.lineAt(state.selection.main.head);
    const before = state.sliceDoc(line.from, state.selection.main.head);
    const indent = getIndentation(state, line.from);
    if (!tabAccepts({ popupOpen: completionStatus(state) === "active", before, indent })) return false;
    return accept("all")(view);
  };

  return [
    field,
    plugin,
    Prec.highest(
      keymap.of([
        { key: "Tab", run: tab },
        { key: "Alt-Tab", run: accept("all") },
        { key: "Alt-l", run: accept("all") },
        { key: "Escape", run: dismiss },
        { key: "Mod-ArrowRight", run: accept("word") },
        { key: "Mod-Shift-ArrowRight", run: accept("line") },
      ]),
    ),
    EditorView.domEventHandlers({
      keydown: (event, view) => {
        if (event.key === "Alt" && source.mode() === "subtle") view.plugin(plugin)?.wanted("subtle");
        return false;
      },
    }),
  ];
}

/** What was typed, where it was one insertion at one place. */
function single(update: ViewUpdate): { from: number; text: string } | null {
  let found: { from: number; text: string } | null = null;
  let many = false;
  update.changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    if (found || toA !== fromA) many = true;
    found = { from: fromA, text: inserted.toString() };
  });
  return many ? null : found;
}
