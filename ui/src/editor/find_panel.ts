/** Find and replace in the window's own style. Plain elements: it lives in the editor, not in Svelte. */
import {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  replaceAll,
  replaceNext,
  SearchQuery,
  selectMatches,
  setSearchQuery,
} from "@codemirror/search";
import type { EditorView, Panel, ViewUpdate } from "@codemirror/view";
import { t } from "$/messages";
import "./find_panel.css";

/** Past this many nobody waits for the exact number. */
const COUNT_MOST = 1_000;

const words = t.editor.find;
type Toggle = "caseSensitive" | "wholeWord" | "regexp";

export class FindPanel implements Panel {
  readonly dom = document.createElement("div");
  readonly top = true;
  #view: EditorView;
  #find: HTMLInputElement;
  #replace: HTMLInputElement;
  #count = document.createElement("span");
  #toggles: Record<Toggle, HTMLButtonElement>;
  #second = document.createElement("div");

  constructor(view: EditorView) {
    this.#view = view;
    const query = getSearchQuery(view.state);
    this.#find = input(words.find, query.search);
    this.#find.setAttribute("main-field", "true");
    this.#replace = input(words.replace, query.replace);
    this.#toggles = {
      caseSensitive: button("Aa", words.matchCase, () => this.#toggle("caseSensitive")),
      wholeWord: button("W", words.wholeWord, () => this.#toggle("wholeWord")),
      regexp: button(".*", words.regexp, () => this.#toggle("regexp")),
    };
    for (const name of ["caseSensitive", "wholeWord", "regexp"] as const) {
      this.#toggles[name].setAttribute("aria-pressed", String(query[name]));
    }
    const more = button("›", words.toggleReplace, () => {
      this.#second.hidden = !this.#second.hidden;
      more.setAttribute("aria-expanded", String(!this.#second.hidden));
      (this.#second.hidden ? this.#find : this.#replace).focus();
    });
    more.className = "more";
    more.setAttribute("aria-expanded", "false");
    this.#count.className = "count";
    this.#count.setAttribute("role", "status");
    const first = row(
      more,
      box(this.#find, ...Object.values(this.#toggles)),
      this.#count,
      button("↑", words.previous, () => findPrevious(view)),
      button("↓", words.next, () => findNext(view)),
      button("≡", words.all, () => selectMatches(view)),
      button("✕", words.close, () => closeSearchPanel(view)),
    );
    this.#second.className = "row";
    this.#second.hidden = true;
    this.#second.append(
      box(this.#replace),
      textButton(words.replaceNext, () => replaceNext(view)),
      textButton(words.replaceAll, () => replaceAll(view)),
    );
    this.dom.className = "find-panel";
    this.dom.setAttribute("role", "search");
    this.dom.append(first, this.#second);
    this.dom.addEventListener("keydown", (event) => this.#keydown(event));
    for (const each of [this.#find, this.#replace]) each.addEventListener("input", () => this.#commit());
  }

  mount(): void {
    this.#find.select();
    this.#tellCount();
  }

  /** Opens the second row; the command for replacing calls it. */
  showReplace(): void {
    this.#second.hidden = false;
    this.#replace.focus();
  }

  update(update: ViewUpdate): void {
    const changed = update.transactions.some((each) =>
      each.effects.some((effect) => effect.is(setSearchQuery)),
    );
    const query = getSearchQuery(update.state);
    if (changed && query.search !== this.#find.value) this.#find.value = query.search;
    if (changed || update.docChanged || update.selectionSet) this.#tellCount();
  }

  #toggle(name: Toggle): void {
    const pressed = this.#toggles[name].getAttribute("aria-pressed") === "true";
    this.#toggles[name].setAttribute("aria-pressed", String(!pressed));
    this.#commit();
  }

  #commit(): void {
    const on = (name: Toggle) => this.#toggles[name].getAttribute("aria-pressed") === "true";
    const query = new SearchQuery({
      search: this.#find.value,
      replace: this.#replace.value,
      caseSensitive: on("caseSensitive"),
      wholeWord: on("wholeWord"),
      regexp: on("regexp"),
    });
    if (!query.eq(getSearchQuery(this.#view.state)))
      this.#view.dispatch({ effects: setSearchQuery.of(query) });
  }

  #tellCount(): void {
    const query = getSearchQuery(this.#view.state);
    let total = 0;
    let at = 0;
    if (query.valid && query.search !== "") {
      const { from } = this.#view.state.selection.main;
      const cursor = query.getCursor(this.#view.state);
      for (let next = cursor.next(); !next.done && total < COUNT_MOST; next = cursor.next()) {
        total += 1;
        if (next.value.from <= from) at = total;
      }
    }
    this.#find.toggleAttribute("aria-invalid", query.search !== "" && !query.valid);
    const shown = total === COUNT_MOST ? `${COUNT_MOST}+` : `${total}`;
    this.#count.textContent =
      query.search === ""
        ? ""
        : total === 0
          ? words.none
          : at === 0
            ? words.total(shown)
            : words.of(at, shown);
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      closeSearchPanel(this.#view);
      this.#view.focus();
    } else if (event.key === "Enter" && event.target === this.#find) {
      (event.shiftKey ? findPrevious : findNext)(this.#view);
    } else if (event.key === "Enter" && event.target === this.#replace) {
      replaceNext(this.#view);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function input(label: string, value: string): HTMLInputElement {
  const field = document.createElement("input");
  field.value = value;
  field.placeholder = label;
  field.setAttribute("aria-label", label);
  field.spellcheck = false;
  field.autocomplete = "off";
  return field;
}

function button(text: string, label: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  const sign = document.createElement("span");
  sign.ariaHidden = "true";
  sign.textContent = text;
  made.append(sign);
  made.title = label;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

function textButton(text: string, act: () => void): HTMLButtonElement {
  const made = button(text, text, act);
  made.className = "words";
  return made;
}

function box(...children: HTMLElement[]): HTMLElement {
  const made = document.createElement("div");
  made.className = "box";
  made.append(...children);
  return made;
}

function row(...children: HTMLElement[]): HTMLElement {
  const made = document.createElement("div");
  made.className = "row";
  made.append(...children);
  return made;
}
