/**
 * Every word that the window says, in one typed table. A message is a string or a function of its parts, so a missing
 * word or a wrong part is a type error. Another language is another value of the type `Messages`.
 */
import * as en from "./en";

type Words<T> = T extends (...parts: infer P) => string
  ? (...parts: P) => string
  : T extends string
    ? string
    : { [K in keyof T]: Words<T[K]> };
export type Messages = Words<typeof en>;

export const t: Messages = en;
