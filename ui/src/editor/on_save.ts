/** What saving does to the text: `.editorconfig` first, then the settings. */
import type { ChangeSpec } from "@codemirror/state";
import type { FileSettings } from "$/protocol/protocol";
import type { Document } from "./document";

export function onSave(document: Document, settings: FileSettings | undefined): void {
  const trim = document.config.trim_trailing_whitespace ?? settings?.trim_trailing_whitespace ?? false;
  const ending = document.config.insert_final_newline ?? settings?.insert_final_newline ?? false;
  const { doc } = document.state;
  const changes: ChangeSpec[] = [];
  if (trim) {
    let at = 0;
    for (const line of doc.iterLines()) {
      const kept = line.trimEnd().length;
      if (kept < line.length) changes.push({ from: at + kept, to: at + line.length });
      at += line.length + 1;
    }
  }
  if (ending && doc.length > 0 && doc.line(doc.lines).length > 0)
    changes.push({ from: doc.length, insert: "\n" });
  if (changes.length > 0) document.change(changes, "save");
}
