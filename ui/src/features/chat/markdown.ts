/** An answer in pieces: prose as clean HTML, code by itself. What a model writes is never trusted. */
import DOMPurify from "dompurify";
import { Marked } from "marked";
import remend from "remend";

export type Part = { kind: "prose"; html: string } | { kind: "code"; language: string; text: string };

const marked = new Marked({ gfm: true, breaks: false });

/** No images (an address can carry a secret away), no styles, no forms; links open outside. */
const CLEAN = {
  ALLOWED_TAGS: ["p", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "hr", "br", "a", "span"],
  ALLOWED_ATTR: ["href", "title", "align", "start"],
  ALLOWED_URI_REGEXP: /^https?:/i,
};

/** Half-open marks of a text that still streams are closed, so that it does not jump. */
export function parts(markdown: string, streaming: boolean): Part[] {
  const tokens = marked.lexer(streaming ? remend(markdown) : markdown);
  const result: Part[] = [];
  let prose: typeof tokens = [] as unknown as typeof tokens;
  const flush = () => {
    if (prose.length === 0) return;
    const html = DOMPurify.sanitize(marked.parser(prose), CLEAN);
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
