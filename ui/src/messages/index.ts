/**
 * Every word that the window says, in one typed table. A message is a string or a function of its parts, so a missing
 * word or a wrong part is a type error. Another language is another value of the type `Messages`.
 */
import * as en from "./en";

type Words<T> = { [K in keyof T]: T[K] extends (...parts: infer P) => string ? (...parts: P) => string : string };
export type Messages = { [Area in keyof typeof en]: Words<(typeof en)[Area]> };

export const t: Messages = en;
