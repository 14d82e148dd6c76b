/** Types and names of parameters, drawn into the lines that are seen. */
import type { LSPClient } from "@codemirror/lsp-client";
import { type Extension, type Range, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";
import type { InlayHint, InlayHintParams } from "vscode-languageserver-protocol";
import { debounce } from "$/lib/debounce";
import { offsetOf, positionOf } from "./places";

const ASK_AFTER_MS = 400;

class Hint extends WidgetType {
  constructor(readonly text: string) {
    super();
  }
  override eq(other: Hint): boolean {
    return other.text === this.text;
  }
  toDOM(): HTMLElement {
    const span = document.createElement("span");
    span.className = "cm-inlay";
    span.textContent = this.text;
    // Said twice it would only disturb: what it says is not in the text.
    span.setAttribute("aria-hidden", "true");
    return span;
  }
}

const setHints = StateEffect.define<DecorationSet>();

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(hints, transaction) {
    for (const effect of transaction.effects) if (effect.is(setHints)) return effect.value;
    return hints.map(transaction.changes);
  },
  provide: (from) => EditorView.decorations.from(from),
});

function labelOf({ label, paddingLeft, paddingRight }: InlayHint): string {
  const text = typeof label === "string" ? label : label.map((part) => part.value).join("");
  return `${paddingLeft ? " " : ""}${text}${paddingRight ? " " : ""}`;
}

export function inlayHints(client: LSPClient, uri: string): Extension {
  const plugin = ViewPlugin.fromClass(
    class {
      readonly view: EditorView;
      #ask = debounce(ASK_AFTER_MS, () => void this.ask());
      #gone = false;

      constructor(view: EditorView) {
        this.view = view;
        this.#ask();
      }

      update(update: ViewUpdate): void {
        if (update.docChanged || update.viewportChanged) this.#ask();
      }

      async ask(): Promise<void> {
        if (!client.serverCapabilities?.inlayHintProvider) return;
        const { state, viewport } = this.view;
        client.sync();
        const range = {
          start: positionOf(state.doc, viewport.from),
          end: positionOf(state.doc, viewport.to),
        };
        const params: InlayHintParams = { textDocument: { uri }, range };
        const hints = await client
          .request<InlayHintParams, InlayHint[] | null>("textDocument/inlayHint", params)
          .then((found) => found ?? [])
          .catch(() => []);
        if (this.#gone || this.view.state.doc !== state.doc) return;
        if (hints.length === 0 && this.view.state.field(field).size === 0) return;
        const marks: Range<Decoration>[] = hints.map((hint) =>
          Decoration.widget({ widget: new Hint(labelOf(hint)), side: 1 }).range(
            offsetOf(state.doc, hint.position),
          ),
        );
        this.view.dispatch({ effects: setHints.of(Decoration.set(marks, true)) });
      }

      destroy(): void {
        this.#gone = true;
        this.#ask.cancel();
      }
    },
  );
  return [field, plugin];
}
