/** How a text is indented: `.editorconfig` first, then the text itself, then the settings. Pure. */
import type { EditorConfig, EditorSettings } from "$/protocol/protocol";

export function indentation(
  config: EditorConfig,
  settings: EditorSettings | undefined,
  text: string,
): { spaces: boolean; size: number } {
  const guess = guessIndent(text);
  const spaces = config.indent_style
    ? config.indent_style === "space"
    : (guess?.spaces ?? settings?.insert_spaces ?? true);
  const size = config.indent_size ?? config.tab_width ?? guess?.size ?? settings?.tab_size ?? 4;
  return { spaces, size };
}

/** How the file itself is indented, by its first lines; null where it tells nothing. */
function guessIndent(text: string): { spaces: boolean; size: number } | null {
  let tabs = 0;
  const steps = new Map<number, number>();
  let last = 0;
  for (const line of text.split("\n")) {
    if (line.startsWith("\t")) tabs += 1;
    const blanks = /^( *)\S/.exec(line)?.[1]?.length;
    if (blanks === undefined) continue;
    const step = Math.abs(blanks - last);
    if (step >= 2 && step <= 8) steps.set(step, (steps.get(step) ?? 0) + 1);
    last = blanks;
  }
  const best = [...steps].sort((a, b) => b[1] - a[1])[0];
  if (tabs > (best?.[1] ?? 0)) return { spaces: false, size: 4 };
  return best ? { spaces: true, size: best[0] } : null;
}
