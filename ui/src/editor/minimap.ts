/** The whole text small beside itself; fetched when a user wants it. */
import type { Extension } from "@codemirror/state";

export async function minimap(shown: boolean): Promise<Extension> {
  if (!shown) return [];
  const { showMinimap } = await import("@replit/codemirror-minimap");
  const create = () => {
    const dom = document.createElement("div");
    dom.setAttribute("aria-hidden", "true");
    return { dom };
  };
  return showMinimap.of({ create, displayText: "blocks", showOverlay: "always" });
}
