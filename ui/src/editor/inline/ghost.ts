/**
 * What Tab offers: a pure state machine. Knows neither the editor nor the model; positions are offsets in the text.
 */

export interface Shown {
  /** Where it would be inserted: the caret. */
  at: number;
  text: string;
}

export interface Ghost {
  /** Grows with everything that makes an answer under way worthless. */
  generation: number;
  shown: Shown | null;
}

export const NOTHING: Ghost = { generation: 0, shown: null };

/** Something was typed at the caret. `ask` tells whether an answer is wanted. */
export function typed(ghost: Ghost, at: number, text: string): { ghost: Ghost; ask: boolean } {
  const { shown } = ghost;
  if (
    shown &&
    at === shown.at &&
    text !== "" &&
    shown.text.startsWith(text) &&
    shown.text.length > text.length
  ) {
    // Typing along: it shrinks, what still streams in goes on, and nobody is asked.
    return {
      ghost: { ...ghost, shown: { at: at + text.length, text: shown.text.slice(text.length) } },
      ask: false,
    };
  }
  return { ghost: { generation: ghost.generation + 1, shown: null }, ask: true };
}

/** The caret moved, something was deleted, or Esc was pressed: nothing is offered until the next letter. */
export function dropped(ghost: Ghost): Ghost {
  return { generation: ghost.generation + 1, shown: null };
}

/**
 * More of an answer arrived: `text` is all of it so far, for the place `asked`; `typedSince` is what was typed along
 * since. An answer of an older generation changes nothing.
 */
export function arrived(
  ghost: Ghost,
  generation: number,
  asked: number,
  typedSince: string,
  text: string,
): Ghost {
  if (generation !== ghost.generation) return ghost;
  if (!text.startsWith(typedSince)) {
    // Not enough of it yet to tell, or it goes another way than the user.
    return typedSince.startsWith(text) ? ghost : dropped(ghost);
  }
  const rest = text.slice(typedSince.length);
  if (rest === "" || rest.trim() === "") return { ...ghost, shown: null };
  return { ...ghost, shown: { at: asked + typedSince.length, text: rest } };
}

export type Amount = "all" | "word" | "line";

/** How much of a suggestion an accept takes. */
export function portion(text: string, amount: Amount): string {
  if (amount === "all") return text;
  if (amount === "line") {
    // A suggestion that begins with a line end gives that and the line after it.
    const end = text.indexOf("\n", text.startsWith("\n") ? 1 : 0);
    return end < 0 ? text : text.slice(0, end);
  }
  const word = /^\s*(?:[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]+)/u.exec(text);
  return word ? word[0] : text;
}

export function accepted(ghost: Ghost, amount: Amount): { ghost: Ghost; insert: string; at: number } | null {
  const { shown } = ghost;
  if (!shown) return null;
  const insert = portion(shown.text, amount);
  const rest = shown.text.slice(insert.length);
  const next = rest === "" ? null : { at: shown.at + insert.length, text: rest };
  return { insert, at: shown.at, ghost: next ? { ...ghost, shown: next } : dropped(ghost) };
}

export interface TabContext {
  popupOpen: boolean;
  /** What stands on the line before the caret. */
  before: string;
  /** Columns that the line should be indented by, as far as the language tells. */
  indent: number | null;
}

/** Whether Tab accepts; otherwise it keeps its ordinary meaning, and Alt+Tab (Alt+L) accepts. */
export function tabAccepts({ popupOpen, before, indent }: TabContext): boolean {
  if (popupOpen) return false;
  const blank = before.trim() === "";
  return !blank || indent === null || before.length >= indent;
}
