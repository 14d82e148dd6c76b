/** What servers find wrong, as marks in the text and as rows of the list. Pure. */
import type { Diagnostic as Mark } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { Diagnostic } from "vscode-languageserver-protocol";
import { rangeOf } from "./places";

export type Severity = "error" | "warning" | "info" | "hint";

export interface Found {
  path: string;
  line: number;
  column: number;
  severity: Severity;
  message: string;
  source: string;
}

const SEVERITIES: Severity[] = ["error", "warning", "info", "hint"];

const severityOf = ({ severity }: Diagnostic): Severity => SEVERITIES[(severity ?? 1) - 1] ?? "error";

const textOf = ({ message }: Diagnostic): string => (typeof message === "string" ? message : message.value);

export function marksOf(doc: Text, diagnostics: readonly Diagnostic[]): Mark[] {
  return diagnostics.map((each) => ({
    ...rangeOf(doc, each.range),
    severity: severityOf(each),
    message: textOf(each),
    ...(each.source ? { source: each.source } : {}),
  }));
}

/** Hints stay in the text: they are no problems. Worst first within a file. */
export function foundIn(path: string, diagnostics: readonly Diagnostic[]): Found[] {
  return diagnostics
    .map((each) => ({
      path,
      line: each.range.start.line + 1,
      column: each.range.start.character + 1,
      severity: severityOf(each),
      message: textOf(each),
      source: [each.source, each.code].filter((part) => part !== undefined && part !== "").join(" "),
    }))
    .filter((each) => each.severity !== "hint")
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.line - b.line);
}

export function counts(all: readonly Found[]): { errors: number; warnings: number } {
  return {
    errors: all.filter((each) => each.severity === "error").length,
    warnings: all.filter((each) => each.severity === "warning").length,
  };
}
