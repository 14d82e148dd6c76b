/** An answer in pieces: prose as HTML, code by itself. What a model writes is never trusted; `clean.ts` looks again. */
import { Marked } from "marked";
import remend from "remend";

export type Part = { kind: "prose"; html: string } | { kind: "code"; language: string; text: string };

const escaped = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[letter] ?? letter,
  );

/** The first guard: HTML in an answer is shown as it is written, an image as its words, and only web links are links. */
const marked = new Marked({
  gfm: true,
  breaks: false,
  renderer: {
    html: ({ text }) => escaped(text),
    image: ({ text }) => escaped(text),
    link({ href, tokens }) {
      const words = this.parser.parseInline(tokens);
      return /^https?:\/\//i.test(href) ? `<a href="${escaped(href)}">${words}</a>` : words;
    },
  },
});

/** Half-open marks of a text that still streams are closed, so that it does not jump. */
export function parts(markdown: string, streaming: boolean): Part[] {
  const tokens = marked.lexer(streaming ? remend(markdown) : markdown);
  const result: Part[] = [];
  let prose: typeof tokens = [] as unknown as typeof tokens;
  const flush = () => {
    if (prose.length === 0) return;
    const html = marked.parser(prose);
    if (html.trim() !== "") result.push({ kind: "prose", html });
    prose = [] as unknown as typeof tokens;
  };
  for (const token of tokens) {
    if (token.type === "code") {
      flush();
      const { text, lang } = token as { text: string; lang?: string };
      result.push({ kind: "code", text, language: (lang ?? "").split(/\s/)[0] ?? "" });
    } else prose.push(token);
  }
  flush();
  return result;
}
