/** The second guard between an answer and the page: only these elements, whatever the Markdown became. */
import DOMPurify from "dompurify";

/** No images (an address can carry a secret away), no styles, no forms. */
const ALLOWED = {
  ALLOWED_TAGS:
    "p strong em del code pre ul ol li blockquote h1 h2 h3 h4 table thead tbody tr th td hr br a".split(" "),
  ALLOWED_ATTR: ["href", "align", "start"],
  ALLOWED_URI_REGEXP: /^https?:/i,
};

/** Fills an element. Where cleaning does not work, the text is shown as it is written. */
export function fill(element: HTMLElement, html: string): void {
  if (!DOMPurify.isSupported) {
    element.textContent = html;
    return;
  }
  element.replaceChildren(DOMPurify.sanitize(html, { ...ALLOWED, RETURN_DOM_FRAGMENT: true }));
  for (const link of element.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
}
