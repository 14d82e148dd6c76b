import { StyleModule } from "style-mod";
import { codeColours } from "../theme";

/** Puts the rules of the code's colours on the page, once: an editor would do it itself, and there may be none. */
export function mountColours(): void {
  if (codeColours.module) StyleModule.mount(document, codeColours.module);
}
