/** Code in its colours outside of an editor: in reviews, chats and diffs. */
import { highlightCode } from "@lezer/highlight";
import { grammar, languageNamed, languageOf } from "../languages";
import { codeColours } from "../theme";

export interface Piece {
  text: string;
  /** Classes of the editor's own colours; empty for plain text. */
  classes: string;
}

/** Past this much, colours are not worth the wait. */
const MOST = 300_000;

export const plainLines = (text: string): Piece[][] =>
  text.split("\n").map((line) => [{ text: line, classes: "" }]);

/** The lines of a text in coloured pieces. `language` is a path, or the name after a fence. */
export async function colouredLines(
  text: string,
  language: { path?: string; name?: string },
): Promise<Piece[][]> {
  const description = language.name ? languageNamed(language.name) : languageOf(language.path ?? "");
  if (!description || text.length > MOST) return plainLines(text);
  const { language: grammarOf } = await grammar(description);
  const lines: Piece[][] = [[]];
  highlightCode(
    text,
    grammarOf.parser.parse(text),
    codeColours,
    (piece, classes) => lines.at(-1)?.push({ text: piece, classes }),
    () => lines.push([]),
  );
  return lines;
}
