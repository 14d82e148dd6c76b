/** Who wrote the line of the caret, at its end. Asked for once the caret rests. */
import { type Extension, type Text, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";
import { debounce } from "$/lib/debounce";
import { ago } from "$/lib/format";
import { t } from "$/messages";
import type { Blame, BlameSpan } from "$/protocol/protocol";

const AFTER_MS = 350;

class Author extends WidgetType {
  constructor(readonly text: string) {
    super();
  }
  override eq(other: Author): boolean {
    return other.text === this.text;
  }
  toDOM(): HTMLElement {
    const span = document.createElement("span");
    span.className = "cm-blame";
    span.textContent = this.text;
    return span;
  }
}

const setMark = StateEffect.define<DecorationSet>();

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMark)) return effect.value;
    return transaction.docChanged || transaction.selection ? Decoration.none : marks;
  },
  provide: (from) => EditorView.decorations.from(from),
});

export function spanAt({ spans }: Blame, line: number): BlameSpan | null {
  return spans.find((span) => line >= span.first_line && line < span.first_line + span.lines) ?? null;
}

function wordsOf({ commit, author, at, summary }: BlameSpan): string {
  if (commit === null) return t.editor.notCommitted;
  return [author, at === null ? null : ago(at, Date.now()), summary]
    .filter((part) => part !== null)
    .join(" · ");
}

/** `ask` answers null where nobody knows: no repository, a new file. */
export function blameLine(ask: (text: Text) => Promise<Blame | null>): Extension {
  const plugin = ViewPlugin.fromClass(
    class {
      readonly view: EditorView;
      #known: { doc: Text; blame: Blame | null } | null = null;
      #show = debounce(AFTER_MS, () => void this.show());
      #gone = false;

      constructor(view: EditorView) {
        this.view = view;
        this.#show();
      }

      update(update: ViewUpdate): void {
        if (update.docChanged || update.selectionSet || update.focusChanged) this.#show();
      }

      async show(): Promise<void> {
        const { doc } = this.view.state;
        if (this.#known?.doc !== doc) this.#known = { doc, blame: await ask(doc).catch(() => null) };
        const { state, hasFocus } = this.view;
        if (this.#gone || state.doc !== doc || !this.#known.blame || !hasFocus) return;
        const line = doc.lineAt(state.selection.main.head);
        const span = spanAt(this.#known.blame, line.number);
        if (!span || line.length === 0) return;
        const mark = Decoration.widget({ widget: new Author(wordsOf(span)), side: 3 }).range(line.to);
        this.view.dispatch({ effects: setMark.of(Decoration.set([mark])) });
      }

      destroy(): void {
        this.#gone = true;
        this.#show.cancel();
      }
    },
  );
  return [field, plugin];
}
